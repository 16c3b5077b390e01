//! The tenant file: its form, its mistakes, its way there and back.
use super::*;

/// The example of the format, with every key that it shows.
fn shown() -> Value {
    json!({"signet": 1, "id": "0193", "name": "Contoso", "on_failure": "pass",
        "microsoft_tenant_id": "bf24ff3e-0000-4000-8000-000000000001",
        "domains": ["contoso.example"],
        "peer": {"proof": "microsoft", "next_hop": {"host": "contoso.mail.protection.outlook.com", "port": 25,
            "name": "mail.protection.outlook.com"}},
        "groups": [{"id": "sales", "name": "Sales", "members": ["ada"], "groups": []}],
        "people": [{"id": "ada", "addresses": ["ada@contoso.example"],
            "attributes": {"displayName": "Ada Vance", "jobTitle": "Engineer"}}],
        "images": [{"id": "logo", "type": "image/png", "base64": PNG}],
        "signatures": [{"id": "standard", "name": "Standard", "enabled": true, "place": "reply", "images": "hosted",
            "then_continue": false,
            "applies": {"senders": {"groups": ["sales"]}, "recipients": "external", "except": {}, "schedule": null},
            "design": {"version": 1, "blocks": [{"type": "text",
                "lines": [[{"field": "displayName"}], ["T ", {"field": "telephoneNumber"}]]}]}}]})
}

#[test]
fn export_after_import_is_the_same_document() {
    for document in [shown(), contoso()] {
        let imported = file(document.clone());
        let exported: Value = serde_json::from_str(&imported.to_json()).unwrap();
        assert_eq!(exported["peer"], document["peer"]);
        assert_eq!(TenantFile::parse(imported.to_json().as_bytes()).unwrap(), imported);
        assert_eq!(file(exported).to_json(), imported.to_json());
    }
    let exported: Value = serde_json::from_str(&file(shown()).to_json()).unwrap();
    assert_eq!(exported, shown());
}

#[test]
fn a_signed_message_is_chosen_and_stamped() {
    let snapshot = snapshot(contoso());
    let stamp = stamp(&snapshot, "Ada@Contoso.example");
    assert_eq!(stamp.pieces.len(), 1);
    let html = &stamp.pieces[0].html;
    assert!(html.starts_with("<div class=\"signet-") && html.ends_with("</table></div>"), "{html}");
    assert!(html.contains(">Ada Vance<br>standard</td>"), "{html}");
    assert_eq!(stamp.pieces[0].plain, "Ada Vance\nstandard\n");
    assert!(snapshot.largest_stamp_bytes() > html.len() as u64);
}
