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

/// The places and messages of a file with one thing changed.
fn wrong(change: impl FnOnce(&mut Value)) -> Vec<String> {
    let mut tenant = contoso();
    change(&mut tenant);
    match TenantFile::parse(tenant.to_string().as_bytes()) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    }
}

/// A file whose value at `pointer` is replaced, or added.
fn with(pointer: &str, value: Value) -> Vec<String> {
    wrong(|tenant| {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        match tenant.pointer_mut(parent).unwrap() {
            Value::Array(list) => list[key.parse::<usize>().unwrap()] = value,
            object => object[key] = value,
        }
    })
}

/// Each change, and the place at which it is said to be wrong.
fn refused(table: &[(&str, Value, &str)]) {
    for (pointer, value, place) in table {
        let said = with(pointer, value.clone());
        // What refers to it may be wrong now, too.
        assert!(said.iter().any(|said| said.starts_with(&format!("{place}: "))), "{pointer} {value}: {said:?}");
    }
}

#[test]
fn mistakes_about_the_organisation_are_said_with_their_place() {
    refused(&[
        ("/signet", json!(2), "/signet"),
        ("/name", json!(" "), "/name"),
        ("/domains/0", json!("not a domain"), "/domains/0"),
        ("/domains/1", json!("CONTOSO.example"), "/domains/1"),
        ("/microsoft_tenant_id", json!("x"), "/microsoft_tenant_id"),
        ("/microsoft_tenant_id", Value::Null, "/microsoft_tenant_id"),
        ("/image_base", json!("http://a.example"), "/image_base"),
        ("/image_base", json!("https://a.example/\"x"), "/image_base"),
        ("/peer/next_hop/host", json!("a b"), "/peer/next_hop/host"),
        ("/peer/next_hop/port", json!(0), "/peer/next_hop/port"),
        ("/peer/next_hop/name", json!("*"), "/peer/next_hop/name"),
        ("/peer/next_hop/plaintext", json!(true), "/peer/next_hop/plaintext"),
        ("/peer", json!({"proof": "certificate", "name": "", "next_hop": {"host": "a.example"}}), "/peer/name"),
        ("/peer", json!({"proof": "network", "networks": [], "next_hop": {"host": "a.example"}}), "/peer/networks"),
        (
            "/peer",
            json!({"proof": "network", "networks": ["0.0.0.0/0"], "next_hop": {"host": "a.example"}}),
            "/peer/networks/0",
        ),
        (
            "/peer",
            json!({"proof": "network", "networks": ["10.0.0.0/8", "::ffff:10.0.0.0/104"], "next_hop": {"host": "a.example"}}),
            "/peer/networks/1",
        ),
        (
            "/peer",
            json!({"proof": "certificate", "name": "Mail.Protection.outlook.com", "next_hop": {"host": "a.example"}}),
            "/peer/name",
        ),
        (
            "/peer",
            json!({"proof": "network", "networks": ["::1/128"], "next_hop": {"host": "192.0.2.1", "plaintext": true}}),
            "/peer/next_hop/plaintext",
        ),
        ("/people/0/id", json!("a b"), "/people/0/id"),
        ("/people/1/id", json!("ada"), "/people/1/id"),
        ("/people/0/addresses", json!([]), "/people/0/addresses"),
        ("/people/0/addresses/0", json!("ada"), "/people/0/addresses/0"),
        ("/people/0/addresses/0", json!("ada@fabrikam.example"), "/people/0/addresses/0"),
        ("/people/1/addresses/0", json!("ADA@contoso.example"), "/people/1/addresses/0"),
        ("/people/0/attributes/city", json!("x".repeat(5000)), "/people/0/attributes/city"),
        ("/people/0/photo", json!("none"), "/people/0/photo"),
        ("/groups/0/members/0", json!("nobody"), "/groups/0/members/0"),
        ("/groups/1/groups/0", json!("none"), "/groups/1/groups/0"),
        ("/groups/1/id", json!("sales"), "/groups/1/id"),
        ("/send_as", json!([{"addresses": ["bob@contoso.example"]}]), "/send_as/0"),
        ("/send_as", json!([{"people": ["ada"], "addresses": []}]), "/send_as/0/addresses"),
        ("/send_as", json!([{"people": ["ada"], "addresses": ["x@fabrikam.example"]}]), "/send_as/0/addresses/0"),
        ("/send_as", json!([{"people": ["ada"], "addresses": ["press@contoso.example"]}]), "/send_as/0/addresses/0"),
        ("/images/0/base64", json!("%"), "/images/0/base64"),
        ("/images/0/base64", json!("AAAA"), "/images/0/base64"),
        ("/images/0/type", json!("image/gif"), "/images/0/base64"),
        ("/mode", json!({"pilot": {}}), "/mode/pilot"),
        ("/mode", json!({"pilot": {"people": ["x"]}}), "/mode/pilot/people/0"),
        ("/mode", json!({"pilot": {"marker": " x"}}), "/mode/pilot/marker"),
        ("/mode_ends", json!({"at": "2026-12-01", "then": "live"}), "/mode_ends/at"),
        ("/mode_ends", json!({"at": "2026-12-01T09:00:00Z", "then": {"pilot": {}}}), "/mode_ends/then/pilot"),
    ]);
}

#[test]
fn mistakes_about_signatures_are_said_with_their_place() {
    let block = "/signatures/0/design/blocks/0";
    let deep =
        (0..9).fold(json!({"type": "spacer", "height": 1}), |inner, _| json!({"type": "rows", "blocks": [inner]}));
    let at_depth = format!("{block}{}", "/blocks/0".repeat(7)) + "/blocks";
    refused(&[
        ("/signatures/0/applies", json!({"senders": {"people": ["x"]}}), "/signatures/0/applies/senders/people/0"),
        (
            "/signatures/0/applies",
            json!({"except": {"senders": {"groups": ["x"]}}}),
            "/signatures/0/applies/except/senders/groups/0",
        ),
        (
            "/signatures/0/applies",
            json!({"senders": {"attributes": [{"is": "contains", "field": "city", "value": ""}]}}),
            "/signatures/0/applies/senders/attributes/0/value",
        ),
        (
            "/signatures/0/applies",
            json!({"recipients": {"domains": [""]}}),
            "/signatures/0/applies/recipients/domains/0",
        ),
        (
            "/signatures/0/applies",
            json!({"message": {"subject_contains": [" "]}}),
            "/signatures/0/applies/message/subject_contains/0",
        ),
        ("/signatures/0/applies", json!({"schedule": {"zone": "X/Y"}}), "/signatures/0/applies/schedule/zone"),
        (
            "/signatures/0/applies",
            json!({"schedule": {"zone": "UTC", "from": "2026-11-23", "until": "2026-11-25", "days": ["sunday"]}}),
            "/signatures/0/applies/schedule/days",
        ),
        (
            "/signatures/0/applies",
            json!({"except": {"senders": {"attributes": [{"is": "matches", "field": "city", "value": "("}]}}}),
            "/signatures/0/applies/except/senders/attributes/0/value",
        ),
        (
            "/signatures/0/applies",
            json!({"senders": {"attributes": vec![json!({"is": "matches", "field": "city", "value": "x"}); 51]}}),
            "/signatures",
        ),
        (
            "/signatures/0/applies",
            json!({"recipients": {"people": ["x"]}}),
            "/signatures/0/applies/recipients/people/0",
        ),
        (
            "/signatures/0/applies",
            json!({"recipients": {"groups": ["x"]}}),
            "/signatures/0/applies/recipients/groups/0",
        ),
        (
            "/signatures/0/applies",
            json!({"message": {"sensitivity_labels": [""]}}),
            "/signatures/0/applies/message/sensitivity_labels/0",
        ),
        (
            "/signatures/0/applies",
            json!({"message": {"larger_than_bytes": 10, "smaller_than_bytes": 11}}),
            "/signatures/0/applies/message/smaller_than_bytes",
        ),
        ("/signatures/0/folder", json!("x"), "/signatures/0/folder"),
        ("/signatures/0/trial", json!({}), "/signatures/0/trial"),
        ("/signatures/0/trial", json!({"people": ["x"]}), "/signatures/0/trial/people/0"),
        ("/signatures/0/trial", json!({"groups": ["x"]}), "/signatures/0/trial/groups/0"),
        ("/signatures/0/trial", json!({"marker": ""}), "/signatures/0/trial/marker"),
        ("/folders", json!([{"id": "a b"}]), "/folders/0/id"),
        ("/folders", json!([{"id": "a"}, {"id": "a"}]), "/folders/1/id"),
        ("/signatures/0/design/version", json!(2), "/signatures/0/design/version"),
        ("/signatures/0/design/style", json!({"font": "a;b"}), "/signatures/0/design/style/font"),
        ("/signatures/0/design/style", json!({"size": 5}), "/signatures/0/design/style/size"),
        ("/signatures/0/design/style", json!({"colour": "red"}), "/signatures/0/design/style/colour"),
        (block, json!({"type": "logo", "image": "none", "width": 1}), "/signatures/0/design/blocks/0/image"),
        (block, json!({"type": "logo", "image": "logo", "width": 0}), "/signatures/0/design/blocks/0/width"),
        (
            block,
            json!({"type": "logo", "image": "logo", "width": 1, "link": "javascript:x"}),
            "/signatures/0/design/blocks/0/link",
        ),
        (
            block,
            json!({"type": "text", "lines": [[{"text": "x", "link": ["x:", {"field": "city"}]}]]}),
            "/signatures/0/design/blocks/0/lines/0/0/link",
        ),
        (block, json!({"type": "social", "size": 10, "icons": []}), "/signatures/0/design/blocks/0/size"),
        (block, json!({"type": "divider", "thickness": 11}), "/signatures/0/design/blocks/0/thickness"),
        (
            block,
            json!({"type": "columns", "columns": [{"blocks": [], "rule": "x"}]}),
            "/signatures/0/design/blocks/0/columns/0/rule",
        ),
        (block, deep, &at_depth),
    ]);
}

#[test]
fn all_mistakes_are_said_at_once() {
    let both = wrong(|tenant| {
        tenant["signet"] = json!(0);
        tenant["domains"] = json!([]);
        tenant["people"] = json!([]);
    });
    let places: Vec<&str> = both.iter().filter_map(|said| said.split(": ").next()).collect();
    assert_eq!(places, ["/signet", "/domains", "/groups/0/members/0", "/groups/1/members/0"]);
}

#[test]
fn unknown_keys_and_words_are_refused_wherever_they_stand() {
    for pointer in [
        "/x",
        "/peer/x",
        "/peer/next_hop/x",
        "/groups/0/x",
        "/people/0/x",
        "/people/0/attributes/shoeSize",
        "/images/0/x",
        "/signatures/0/x",
        "/signatures/0/applies/x",
        "/signatures/0/design/x",
        "/signatures/0/design/blocks/0/x",
    ] {
        let said = with(pointer, json!("x"));
        assert!(said.len() == 1 && said[0].contains("unknown"), "{pointer}: {said:?}");
    }
    for (pointer, value) in [
        ("/mode", json!("on")),
        ("/on_failure", json!("drop")),
        ("/peer/proof", json!("trust")),
        ("/id", json!("a/b")),
        ("/images/0/type", json!("image/svg+xml")),
        ("/signatures/0/place", json!("left")),
        ("/signatures/0/applies", json!({"recipients": "everyone"})),
        ("/signatures/0/applies", json!({"recipients": {"audience": "any", "x": 1}})),
        ("/signatures/0/applies", json!({"recipients": {"judged": "some"}})),
        ("/signatures/0/applies", json!({"senders": {"writes_as": ["boss"]}})),
        ("/signatures/0/applies", json!({"senders": {"kinds": ["robot"]}})),
        ("/signatures/0/applies", json!({"message": {"importance": ["urgent"]}})),
        ("/signatures/0/layer", json!("footer")),
        ("/signatures/0/trial", json!({"x": 1})),
        ("/people/0/kind", json!("robot")),
        ("/folders", json!([{"id": "a", "x": 1}])),
        ("/mode_ends", json!({"at": "2026-12-01T09:00:00Z"})),
        ("/signatures/0/applies", json!({"senders": {"attributes": [{"is": "like", "field": "city"}]}})),
        ("/signatures/0/design/blocks/0", json!({"type": "markup", "html": "<b>"})),
        ("/signatures/0/design/blocks/0", json!({"type": "text", "lines": [[{"field": "shoeSize"}]]})),
        ("/signatures/0/design/blocks/0", json!({"type": "text", "lines": [[{"text": "x", "x": 1}]]})),
    ] {
        assert_eq!(with(pointer, value.clone()).len(), 1, "{pointer} {value}");
    }
}

#[test]
fn secrets_are_needed_and_never_shown() {
    let none = Secrets { stamp_keys: Vec::new(), loop_word: String::new(), trace_key: [0; 32] };
    assert!(Snapshot::compile(file(contoso()), none, Revision(1)).is_err());
    let mut unfit = secrets();
    unfit.loop_word = "a; b".to_owned();
    assert!(Snapshot::compile(file(contoso()), unfit, Revision(1)).is_err());
    assert_eq!(format!("{:?}", secrets()), "Secrets(1 stamp keys)");
    let snapshot = snapshot(contoso());
    assert_eq!(
        format!("{snapshot:?} {:?}", snapshot.person("ada@contoso.example").unwrap()),
        "Snapshot(contoso, revision 1) Person(ada)"
    );
}

mod way_there_and_back {
    use proptest::prelude::*;

    use super::*;

    fn word() -> impl Strategy<Value = String> {
        prop_oneof!["[a-z]{1,8}", "\\PC{0,12}", any::<String>()]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// Whatever texts a file holds, and whichever keys it leaves out, the export reads back as the same file.
        #[test]
        fn export_then_import_is_identical(
            name in word(), city in word(), text in word(), before in word(), enabled: bool, then_continue: bool,
            size in prop::option::of(6u8..72), reply: bool, days in prop::sample::subsequence(vec!["monday", "friday"], 0..3),
        ) {
            let mut tenant = contoso();
            tenant["name"] = json!(format!("n{}", name.replace(char::is_control, "")));
            tenant["people"][0]["attributes"]["city"] = json!(city);
            let entry = &mut tenant["signatures"][0];
            entry["enabled"] = json!(enabled);
            entry["then_continue"] = json!(then_continue);
            entry["place"] = json!(if reply { "reply" } else { "bottom" });
            entry["applies"] = json!({"schedule": {"zone": "UTC", "days": days}});
            entry["design"]["blocks"][0]["lines"] = json!([[text, {"field": "city", "before": before}]]);
            if let Some(size) = size {
                entry["design"]["style"] = json!({"size": size});
            }
            let imported = file(tenant);
            let exported = imported.to_json();
            let again = TenantFile::parse(exported.as_bytes()).unwrap();
            prop_assert_eq!(&again, &imported);
            prop_assert_eq!(again.to_json(), exported);
        }
    }
}
