//! Which signature each recipient gets: a table for each condition, order, exceptions, stacks.
use super::*;

const OUT: &str = "x@fabrikam.example";
const IN: &str = "carol@contoso.example";

/// Whether a signature with these conditions applies to a first message of Ada's to one recipient.
fn applies(conditions: &Value, to: &str, body: &BodyFacts) -> bool {
    choose(&snapshot(with_signatures(vec![signature("s", conditions.clone())])), &[to], body) == ["s"]
}

#[test]
fn senders() {
    let table = [
        (json!({}), true),
        (json!({"people": ["ada"]}), true),
        (json!({"people": ["bob"]}), false),
        (json!({"groups": ["sales"]}), true),
        (json!({"groups": ["all"]}), true),
        (json!({"people": ["bob"], "groups": ["sales"]}), true),
        (json!({"domains": ["contoso.example"]}), true),
        (json!({"domains": ["CONTOSO.*"]}), true),
        (json!({"domains": ["contoso.onmicrosoft.example"]}), false),
        (json!({"addresses": ["ADA@contoso.example"]}), true),
        (json!({"addresses": ["a*@*"]}), true),
        (json!({"addresses": ["b*@*"]}), false),
        (json!({"attributes": [{"is": "equals", "field": "department", "value": " sales "}]}), true),
        (json!({"attributes": [{"is": "equals", "field": "department", "value": "Sale"}]}), false),
        (json!({"attributes": [{"is": "contains", "field": "jobTitle", "value": "GINE"}]}), true),
        (json!({"attributes": [{"is": "contains", "field": "jobTitle", "value": "x"}]}), false),
        (json!({"attributes": [{"is": "starts_with", "field": "jobTitle", "value": "eng"}]}), true),
        (json!({"attributes": [{"is": "starts_with", "field": "jobTitle", "value": "ngi"}]}), false),
        (json!({"attributes": [{"is": "empty", "field": "city"}]}), true),
        (json!({"attributes": [{"is": "empty", "field": "jobTitle"}]}), false),
        (json!({"attributes": [{"is": "not_empty", "field": "jobTitle"}]}), true),
        (json!({"attributes": [{"is": "not_empty", "field": "city"}]}), false),
        (
            json!({"attributes": [{"is": "not_empty", "field": "jobTitle"}, {"is": "not_empty", "field": "city"}]}),
            false,
        ),
        (json!({"people": ["bob"], "attributes": [{"is": "not_empty", "field": "jobTitle"}]}), false),
    ];
    for (senders, expected) in table {
        let first = body(Kind::First);
        assert_eq!(applies(&json!({"senders": senders}), OUT, &first), expected, "{senders}");
        // The same as an exception, save that an empty one excepts nobody.
        let excepted = expected && senders != json!({});
        assert_eq!(applies(&json!({"except": {"senders": senders}}), OUT, &first), !excepted, "except {senders}");
    }
}

#[test]
fn every_attribute_can_be_asked() {
    for attribute in Attribute::ALL {
        let mut tenant = with_signatures(vec![signature(
            "s",
            json!({"senders": {"attributes": [{"is": "equals", "field": attribute.word(), "value": "wanted"}]}}),
        )]);
        assert_eq!(choose(&snapshot(tenant.clone()), &[OUT], &body(Kind::First)), ["no_signature"]);
        tenant["people"][0]["attributes"][attribute.word()] = json!("Wanted");
        assert_eq!(choose(&snapshot(tenant), &[OUT], &body(Kind::First)), ["s"], "{}", attribute.word());
    }
}

#[test]
fn recipients() {
    let table = [
        (json!("any"), OUT, true),
        (json!("any"), IN, true),
        (json!("external"), OUT, true),
        (json!("external"), IN, false),
        (json!("external"), "CAROL@Contoso.Example", false),
        (json!("external"), "x@sub.contoso.example", true),
        (json!("external"), "x@evilcontoso.example", true),
        (json!("internal"), OUT, false),
        (json!("internal"), IN, true),
        (json!({"addresses": ["x@fabrikam.example"]}), OUT, true),
        (json!({"addresses": ["*@FABRIKAM.example"]}), OUT, true),
        (json!({"addresses": ["y@fabrikam.example"]}), OUT, false),
        (json!({"domains": ["fabrikam.example"]}), OUT, true),
        (json!({"domains": ["fabrikam.*"]}), OUT, true),
        (json!({"domains": ["*.fabrikam.example"]}), OUT, false),
        (json!({"domains": ["*.fabrikam.example"]}), "x@de.fabrikam.example", true),
        (json!({"domains": ["a.example"], "addresses": ["x@*"]}), OUT, true),
        // A list cannot widen the audience.
        (json!({"audience": "external", "addresses": ["carol@*"]}), IN, false),
        (json!({"audience": "internal", "domains": ["*"]}), IN, true),
    ];
    for (recipients, to, expected) in table {
        let first = body(Kind::First);
        assert_eq!(applies(&json!({"recipients": recipients}), to, &first), expected, "{recipients} {to}");
        // An exception for nobody in particular is none.
        let excepted = expected && recipients != "any";
        let except = json!({"except": {"recipients": recipients}});
        assert_eq!(applies(&except, to, &first), !excepted, "except {recipients} {to}");
    }
}

#[test]
fn messages() {
    let facts =
        |kind, html| BodyFacts { kind, html, plain: true, rich: false, signature_words: Vec::new(), seen: None };
    let table = [
        (json!({"kinds": ["first"]}), facts(Kind::First, true), true),
        (json!({"kinds": ["first"]}), facts(Kind::Reply, true), false),
        (json!({"kinds": ["reply", "forward"]}), facts(Kind::Forward, true), true),
        (json!({"kinds": ["reply", "forward"]}), facts(Kind::First, true), false),
        (json!({"formats": ["html"]}), facts(Kind::First, true), true),
        (json!({"formats": ["html"]}), facts(Kind::First, false), false),
        (json!({"formats": ["plain"]}), facts(Kind::First, true), false),
        (json!({"formats": ["plain"], "kinds": ["first"]}), facts(Kind::First, false), true),
        (json!({"formats": ["plain"], "kinds": ["reply"]}), facts(Kind::First, false), false),
        (json!({"subject_contains": ["HELL"]}), facts(Kind::First, true), true),
        (json!({"subject_contains": ["x", "hello"]}), facts(Kind::First, true), true),
        (json!({"subject_contains": ["bye"]}), facts(Kind::First, true), false),
        (json!({"subject_contains": ["hello"], "kinds": ["reply"]}), facts(Kind::First, true), false),
        (json!({"has_attachment": false}), facts(Kind::First, true), true),
        (json!({"has_attachment": true}), facts(Kind::First, true), false),
    ];
    for (message, body, expected) in table {
        assert_eq!(applies(&json!({"message": message}), OUT, &body), expected, "{message}");
        assert_eq!(applies(&json!({"except": {"message": message}}), OUT, &body), !expected, "except {message}");
    }
}

#[test]
fn attachments_are_seen_in_the_headers() {
    let snapshot = snapshot(with_signatures(vec![signature("s", json!({"message": {"has_attachment": true}}))]));
    let recipients = [OUT.to_owned()];
    for (head, expected) in [
        ("Content-Type: multipart/mixed; boundary=x", true),
        ("Content-Type: Multipart/Mixed;\n boundary=x", true),
        ("Content-Type: multipart/alternative; x=\"multipart/mixed\"", false),
        ("X-MS-Has-Attach: yes\nContent-Type: text/plain", true),
        ("X-MS-Has-Attach:\nContent-Type: multipart/mixed; boundary=x", false),
        ("Subject: none", false),
    ] {
        let envelope = Envelope { sender: Some("ada@contoso.example"), recipients: &recipients, octets: None };
        let head = headers(&format!("From: ada@contoso.example\n{head}"));
        assert_eq!(snapshot.candidates(&envelope, &head, noon()).is_ok(), expected, "{head:?}");
    }
}

#[test]
fn a_schedule_counts_at_the_time_of_the_message() {
    let within = |from: &str, until: &str| json!({"schedule": {"zone": "UTC", "from": from, "until": until}});
    let first = body(Kind::First);
    assert!(applies(&within("2026-11-18T12:00", "2026-11-18T12:01"), OUT, &first));
    assert!(!applies(&within("2026-11-18T12:01", "2026-11-18T12:02"), OUT, &first));
    assert!(!applies(&within("2026-11-17", "2026-11-18"), OUT, &first));
}

#[test]
fn the_first_that_applies_is_used_and_those_after_it_while_it_says_so() {
    let entry = |id: &str, applies: Value, then_continue: bool| {
        let mut entry = signature(id, applies);
        entry["then_continue"] = json!(then_continue);
        entry
    };
    let external = || json!({"recipients": "external"});
    let reply = || json!({"message": {"kinds": ["reply"]}});
    let table = [
        (vec![entry("a", json!({}), false), entry("b", json!({}), false)], "a"),
        (vec![entry("a", json!({"recipients": "internal"}), false), entry("b", external(), false)], "b"),
        (vec![entry("a", json!({}), true), entry("b", json!({}), false), entry("c", json!({}), false)], "a+b"),
        (vec![entry("a", json!({}), true), entry("b", reply(), true), entry("c", json!({}), false)], "a+c"),
        (vec![entry("a", reply(), true), entry("b", reply(), true)], "no_signature"),
        (vec![entry("a", json!({}), true)], "a"),
        (vec![], "no_signature"),
    ];
    for (signatures, expected) in table {
        assert_eq!(choose(&snapshot(with_signatures(signatures)), &[OUT], &body(Kind::First)), [expected]);
    }
    let many: Vec<Value> = (0..12).map(|at| entry(&format!("s{at}"), json!({}), true)).collect();
    let chosen = choose(&snapshot(with_signatures(many)), &[OUT], &body(Kind::First));
    assert_eq!(chosen[0].split('+').count(), 8);
}

#[test]
fn a_signature_that_is_switched_off_is_never_used_and_a_new_one_is_off() {
    let mut off = signature("off", json!({}));
    off["enabled"] = json!(false);
    let mut new = signature("new", json!({}));
    new.as_object_mut().unwrap().remove("enabled");
    let tenant = with_signatures(vec![off, new, signature("on", json!({}))]);
    assert_eq!(choose(&snapshot(tenant), &[OUT], &body(Kind::First)), ["on"]);
}

#[test]
fn recipients_are_judged_by_the_envelope_each_for_itself() {
    let tenant = with_signatures(vec![
        signature("out", json!({"recipients": "external", "except": {"recipients": {"domains": ["quiet.example"]}}})),
        signature("in", json!({"recipients": "internal"})),
    ]);
    let snapshot = snapshot(tenant);
    let chosen = choose(&snapshot, &[OUT, IN, "y@quiet.example", "z@fabrikam.example"], &body(Kind::First));
    assert_eq!(chosen, ["out", "in", "no_signature", "out"]);
    let candidates = ask(&snapshot, "ada@contoso.example", &[OUT, IN, "z@fabrikam.example"]).unwrap();
    let choices = candidates.choose(&snapshot, &body(Kind::First));
    assert!(choices[0] == choices[2] && choices[0] != choices[1]);
    assert_eq!(ask(&snapshot, "ada@contoso.example", &["y@quiet.example"]).unwrap_err(), Reason::NoSignature);
    assert_eq!(ask(&snapshot, "ada@contoso.example", &[]).unwrap_err(), Reason::NoSignature);
}

#[test]
fn a_text_that_is_signed_is_left_unless_the_signature_says_otherwise() {
    let word = |snapshot: &Snapshot, from: &str| {
        let html = stamp(snapshot, from).pieces[0].html.clone();
        html.strip_prefix("<div class=\"").unwrap()[.."signet-".len() + 13].to_owned()
    };
    let plain = snapshot(contoso());
    let (ada, bob) = (word(&plain, "ada@contoso.example"), word(&plain, "bob@contoso.example"));
    assert!(ada != bob && ada["signet-".len()..].chars().all(|c| matches!(c, 'a'..='z' | '2'..='7')), "{ada}");
    let with = |word: &str| BodyFacts { signature_words: vec![word.to_owned()], ..body(Kind::Reply) };
    let policy = |word: &str| json!({"already_signed": word});
    for (conditions, words, expected) in [
        (json!({}), with(&ada), "already_signed"),
        (json!({}), with(&ada.to_uppercase()), "already_signed"),
        // A colleague's signature in the text is no reason.
        (json!({}), with(&bob), "s"),
        (json!({}), with("aaaaaaaaaaaaa"), "s"),
        (policy("sign"), with(&ada), "s"),
        (policy("sign"), body(Kind::Reply), "s"),
        (policy("only"), with(&ada), "s"),
        (policy("only"), body(Kind::Reply), "no_signature"),
    ] {
        let snapshot = snapshot(with_signatures(vec![signature("s", conditions.clone())]));
        assert_eq!(choose(&snapshot, &[OUT], &words), [expected], "{conditions}");
    }
    // The one that is there already has had its turn; the next is not its stand-in.
    let two = snapshot(with_signatures(vec![signature("a", json!({})), signature("b", policy("sign"))]));
    assert_eq!(choose(&two, &[OUT], &with(&ada)), ["already_signed"]);
    let mut first = signature("a", json!({}));
    first["then_continue"] = json!(true);
    let stacked = snapshot(with_signatures(vec![first, signature("b", policy("sign"))]));
    assert_eq!(choose(&stacked, &[OUT], &with(&ada)), ["b"]);
}

#[test]
fn nested_groups_and_circles_of_groups_are_resolved() {
    let mut tenant = with_signatures(vec![signature("s", json!({"senders": {"groups": ["a"]}}))]);
    tenant["groups"] = json!([
        {"id": "a", "groups": ["b"]}, {"id": "b", "groups": ["c", "b"]}, {"id": "c", "members": ["ada"], "groups": ["a"]}
    ]);
    assert_eq!(choose(&snapshot(tenant), &[OUT], &body(Kind::First)), ["s"]);
}
