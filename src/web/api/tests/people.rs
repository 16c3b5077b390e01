//! People, previews and explanations: found by a text and by pages, and told as the whole tenant would tell it.

use super::*;
use crate::tenant::{Description, Envelope, Format, Inquiry, MessageKind, Snapshot};
use crate::tenant::{Expectation, TestCase, TestMessage};

const CONTOSO: &str = "/api/v1/tenants/contoso";

fn ids(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect()
}

async fn people_are_found_by_text_and_by_pages(world: World) {
    let people = |query: &str| world.asks("GET", &format!("{CONTOSO}/people{query}"), None).done();
    for (query, found) in [
        ("", vec!["ada", "bob"]),
        ("?search=A.VANCE%40", vec!["ada"]),
        ("?search=%C3%98deg%C3%85rd", vec!["bob"]),
        ("?search=engin", vec!["ada"]),
        ("?search=displayName", vec![]),
        ("?after=ada", vec!["bob"]),
    ] {
        assert_eq!(ids(&people(query)["people"]), found, "{query}");
    }
    let first = people("?limit=1");
    assert_eq!((ids(&first["people"]), &first["next"]), (vec!["ada"], &json!("ada")));
    assert_eq!(world.asks("GET", &format!("{CONTOSO}/people/ada"), None).done()["manager"], "bob");
    assert_eq!(world.asks("GET", &format!("{CONTOSO}/people/zoe"), None).refused().0, 404);
    assert_eq!(world.asks("GET", &format!("{CONTOSO}/people?limit=1001"), None).refused().2, "?limit");
    let groups = world.asks("GET", &format!("{CONTOSO}/groups?search=SAL"), None).done();
    assert_eq!(groups, json!({"groups": [{"id": "sales", "name": "Sales"}]}));
    let members = world.asks("GET", &format!("{CONTOSO}/groups/sales/members"), None).done();
    assert_eq!(members, json!({"people": ["ada"]}));
    assert_eq!(world.asks("GET", &format!("{CONTOSO}/groups/none/members"), None).refused().0, 404);
}

/// A tenant in which a question touches more than the people it names.
fn rich() -> Value {
    let mut file = file("contoso", "contoso.example");
    let person = |id: &str| {
        let address = format!("{id}@contoso.example");
        json!({"id": id, "addresses": [address], "attributes": {"displayName": id}, "manager": "ada"})
    };
    file["people"].as_array_mut().unwrap().extend((0..40).map(|number| person(&format!("p{number}"))));
    file["people"]
        .as_array_mut()
        .unwrap()
        .push(json!({"id": "desk", "kind": "shared", "addresses": ["desk@contoso.example"]}));
    file["groups"] = json!([
        {"id": "sales", "members": ["ada", "p1", "p2"], "groups": []},
        {"id": "all", "members": ["p3"], "groups": ["sales", "circle"]},
        {"id": "circle", "members": ["p4"], "groups": ["all"]}]);
    file["send_as"] = json!([{"groups": ["circle"], "addresses": ["desk@contoso.example"], "signature_of": "from"}]);
    let mut all = signature("nested", "All");
    all["applies"] = json!({"senders": {"groups": ["all"]}, "except": {"senders": {"people": ["p2"]}}});
    all["then_continue"] = json!(true);
    let mut to_group = signature("to-circle", "Circle");
    to_group["applies"] = json!({"recipients": {"audience": "internal", "groups": ["circle"]}});
    let mut manager = signature("manager", "Boss");
    manager["layer"] = json!("disclaimer");
    manager["applies"] = json!({});
    manager["design"]["blocks"][0]["lines"] = json!([[{"field": "manager.displayName"}]]);
    file["signatures"] = json!([to_group, all, manager, signature("standard", "Kind regards")]);
    file
}

async fn an_explanation_is_that_of_the_whole_tenant(world: World) {
    world.store.import(&parse(&rich())).await.unwrap();
    let stored = world.store.load(&id("contoso")).await.unwrap().unwrap();
    let whole = Snapshot::compile(stored.file, stored.secrets, stored.revision).unwrap();
    let to = ["x@elsewhere.example", "p4@contoso.example", "p9@contoso.example"];
    let mut signed = 0;
    for from in [
        "ada@contoso.example",
        "P1@contoso.example",
        "p2@contoso.example",
        "p4@contoso.example",
        "p20@contoso.example",
        "desk@contoso.example",
        "zoe@contoso.example",
    ] {
        let asked = json!({"from": from, "to": to, "subject": "Offer", "kind": "reply", "at": "2026-11-22T12:00:00Z"});
        let mut answered = world.asks("POST", &format!("{CONTOSO}/explain"), Some(asked)).done();
        let kept = answered.as_object_mut().unwrap().remove("message").unwrap();
        let description = Description {
            from: from.to_owned(),
            subject: "Offer".to_owned(),
            kind: MessageKind::Reply,
            format: Format::Html,
            importance: None,
            label: None,
            attachment: false,
        };
        let to: Vec<String> = to.iter().map(|one| (*one).to_owned()).collect();
        let envelope = Envelope { sender: Some(from), recipients: &to, octets: None };
        let at = "2026-11-22T12:00:00Z".parse().unwrap();
        let wanted = Inquiry::described(&description).unwrap().explain(&whole, envelope, at);
        assert_eq!(answered, serde_json::to_value(&wanted).unwrap(), "{from}");
        // A test case of it is decided as it is.
        let expect = |one: &crate::tenant::Explanation| Expectation {
            recipient: one.recipient.clone(),
            signatures: one.signatures.clone(),
        };
        let expected: Vec<Expectation> = wanted.explanations.iter().map(expect).collect();
        let message: TestMessage = serde_json::from_value(kept).unwrap();
        let mut case = TestCase { name: from.to_owned(), message, expected };
        assert_eq!((case.problems(), case.deviations(&whole, at)), (vec![], vec![]));
        case.expected.iter_mut().for_each(|one| one.signatures.push("other".to_owned()));
        assert_eq!(case.deviations(&whole, at).len(), to.len());
        signed += wanted.explanations.iter().filter(|one| one.signatures.len() > 1).count();
    }
    assert!(signed > 5, "{signed}: the question has no point");
    let message = "From: Ada <ada@contoso.example>\r\nTo: p4@contoso.example\r\nSubject: Figures\r\nMIME-Version: 1.0\r\n\
        Content-Type: text/plain\r\n\r\nHello.\r\n";
    let path = format!("{CONTOSO}/explain-message?to=p4%40contoso.example,x%40elsewhere.example");
    let put = |kind: &str| world.client().token(&world.contoso).send("POST", &path, Some((kind, message.as_bytes())));
    let answered = put("message/rfc822").done();
    assert_eq!(answered["explanations"][0]["signatures"][0], "to-circle");
    assert_eq!((&answered["recipients_differ"], &answered["left"]), (&json!(true), &json!(null)));
    let rich = json!({"from": "ada@contoso.example", "to": ["x@elsewhere.example"], "format": "rtf"});
    let answered = world.asks("POST", &format!("{CONTOSO}/explain"), Some(rich)).done();
    assert_eq!((&answered["left"], &answered["explanations"][0]["signatures"][0]), (&json!(null), &json!("nested")));
    assert!(!answered.to_string().contains("Hello"), "{answered}");
    assert_eq!(put("text/plain").refused().0, 415);
    for (asked, place) in [
        (json!({"from": "ada@contoso.example", "to": []}), "/to"),
        (json!({"from": "a\r\nb", "to": ["x@y.example"]}), "/from"),
        (json!({"from": "a", "to": ["x@y.example"], "at": "now"}), "/at"),
        (json!({"from": "a", "to": ["x@y.example"], "kind": "spam"}), "/kind"),
    ] {
        assert_eq!(world.asks("POST", &format!("{CONTOSO}/explain"), Some(asked)).refused().2, place);
    }
}

async fn a_preview_is_what_mail_carries(world: World) {
    world.store.import(&parse(&rich())).await.unwrap();
    let stored = world.store.load(&id("contoso")).await.unwrap().unwrap();
    let whole = Snapshot::compile(stored.file, stored.secrets, stored.revision).unwrap();
    for (signature, person) in
        [("standard", "ada"), ("manager", "ada"), ("nested", "p7"), ("manager", "a.vance@contoso.example")]
    {
        let path = format!("{CONTOSO}/signatures/{signature}/preview?person={person}");
        let answered = world.asks("GET", &path, None).done();
        let address = if person == "p7" { "p7@contoso.example" } else { "ada@contoso.example" };
        let wanted = whole.preview(signature, whole.person(address).unwrap(), None).unwrap();
        assert_eq!(
            (&answered["html"], &answered["plain"], &answered["rtf"]),
            (&json!(wanted.html), &json!(wanted.plain), &json!(wanted.rtf))
        );
    }
    let mut draft = signature("new", "Cheers");
    draft["design"]["blocks"].as_array_mut().unwrap().push(json!({"type": "logo", "image": "logo", "width": 80}));
    let preview = |draft: &Value, person: &str| {
        world.asks("POST", &format!("{CONTOSO}/preview"), Some(json!({"person": person, "signature": draft})))
    };
    let drawn = preview(&draft, "ada").done();
    assert!(drawn["plain"].as_str().unwrap().contains("Cheers Ada Vance"), "{drawn}");
    assert!(drawn["rtf"].as_str().unwrap().starts_with("{\\rtf"), "{drawn}");
    assert_eq!(drawn["images"][0]["id"], "logo");
    draft["design"]["blocks"][1]["image"] = json!("none");
    assert_eq!(preview(&draft, "ada").refused().2, "/design/blocks/1/image");
    let empty = json!({"id": "none", "design": {"version": 1, "blocks": [{"type": "text", "lines": [[{"field": "faxNumber"}]]}]}});
    assert_eq!(preview(&empty, "ada").done()["empty"], true);
}

on_both! {
    people_are_found_by_text_and_by_pages,
    an_explanation_is_that_of_the_whole_tenant,
    a_preview_is_what_mail_carries,
}
