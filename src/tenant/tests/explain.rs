//! What is said about each signature, in words: a sentence for every way to hold and not to hold.
use super::*;

const OUT: &str = "x@fabrikam.example";

/// A plain message of Ada's, explained.
fn explain_under(tenant: Value, head: &str, octets: Option<u64>, body: &BodyFacts, to: &[&str]) -> Explanation {
    let recipients: Vec<String> = to.iter().map(|to| (*to).to_owned()).collect();
    let envelope = Envelope { sender: Some("ada@contoso.example"), recipients: &recipients, octets };
    snapshot(tenant).explain(&Question { envelope, headers: &headers(head), body, recipient: 0, now: noon() })
}

fn explain(tenant: Value) -> Explanation {
    explain_under(tenant, "From: ada@contoso.example\nSubject: Hello", None, &body(Kind::First), &[OUT])
}

/// The decisive note about a signature under these conditions, and whether it is used.
fn why(applies: &Value) -> (bool, String) {
    let explanation = explain(with_signatures(vec![signature("s", applies.clone())]));
    let rule = &explanation.rules[0];
    // Of one that is used, what the conditions said: what all end with is left out.
    let decisive = if rule.used { rule.notes.len() - 3 } else { rule.notes.len() - 1 };
    (rule.used, rule.notes[decisive].why.clone())
}

#[test]
fn what_does_not_hold_is_said() {
    let attribute =
        |is: &str, value: &str| json!({"senders": {"attributes": [{"is": is, "field": "jobTitle", "value": value}]}});
    let schedule = |key: &str, value: Value| json!({"schedule": {"zone": "UTC", key: value}});
    for (applies, expected) in [
        (
            json!({"senders": {"people": ["bob"]}}),
            "the sender is none of the people, groups, domains and addresses named",
        ),
        (json!({"senders": {"kinds": ["shared"]}}), "the sender is a user"),
        (json!({"senders": {"writes_as": ["alias"]}}), "the sender writes from the first of its addresses"),
        (attribute("equals", "Chef"), "jobTitle is `Engineer`, not `Chef`"),
        (
            json!({"senders": {"attributes": [{"is": "equals", "field": "manager.custom.region", "value": "EU"}]}}),
            "manager.custom.region is empty, not `EU`",
        ),
        (attribute("contains", "x"), "jobTitle is `Engineer`, without `x` in it"),
        (attribute("starts_with", "x"), "jobTitle is `Engineer`, which does not begin with `x`"),
        (attribute("ends_with", "x"), "jobTitle is `Engineer`, which does not end with `x`"),
        (attribute("matches", "^x"), "jobTitle is `Engineer`, which does not match `^x`"),
        (
            json!({"senders": {"attributes": [{"is": "empty", "field": "jobTitle"}]}}),
            "jobTitle is `Engineer`, and should be empty",
        ),
        (
            json!({"senders": {"attributes": [{"is": "not_empty", "field": "city"}]}}),
            "city is empty, and should not be",
        ),
        (schedule("from", json!("2026-11-19")), "the schedule has not begun"),
        (schedule("until", json!("2026-11-18")), "the schedule is over"),
        (schedule("days", json!(["monday"])), "the schedule leaves this day of the week out"),
        (schedule("hours", json!({"from": "13:00", "until": "14:00"})), "the schedule leaves this time of day out"),
        (json!({"message": {"subject_contains": ["x"]}}), "none of the words asked for stands in the subject"),
        (json!({"message": {"has_attachment": true}}), "the message has, or lacks, attachments against what is asked"),
        (json!({"message": {"importance": ["high"]}}), "the importance is normal"),
        (json!({"message": {"larger_than_bytes": 9}}), "the size of the message was not announced"),
        (json!({"message": {"sensitivity_labels": ["x"]}}), "the message has none of the sensitivity labels asked for"),
        (json!({"recipients": "internal"}), "the recipient is external"),
        (
            json!({"recipients": {"domains": ["x"]}}),
            "the recipient is none of the addresses, domains, people and groups listed",
        ),
        (json!({"recipients": {"domains": ["x"], "judged": "any"}}), "none of the recipients of the message is such"),
        (json!({"recipients": {"domains": ["x"], "judged": "all"}}), "not all recipients of the message are such"),
        (json!({"message": {"kinds": ["reply"]}}), "the message is the first of a conversation"),
        (json!({"message": {"formats": ["plain"]}}), "the message is written as HTML"),
        (json!({"except": {"senders": {"groups": ["all"]}}}), "an exception holds: belongs to the group `all`"),
        (json!({"except": {"recipients": {"addresses": ["x@*"]}}}), "an exception holds: the address matches `x@*`"),
        (json!({"except": {"message": {"kinds": ["first"]}}}), "an exception holds: the message is as asked"),
        (json!({"already_signed": "only"}), "only for a text that carries a signature of the sender already"),
    ] {
        assert_eq!(why(&applies), (false, expected.to_owned()), "{applies}");
    }
}

#[test]
fn what_holds_is_said() {
    for (applies, expected) in [
        (json!({}), "for every recipient"),
        (json!({"recipients": "external"}), "the recipient is external"),
        (json!({"recipients": {"addresses": ["X@*"]}}), "the address matches `x@*`"),
        (json!({"recipients": {"domains": ["fab*"], "judged": "all"}}), "all recipients of the message are such"),
        (json!({"except": {"recipients": "internal"}}), "no exception holds"),
    ] {
        assert_eq!(why(&applies), (true, expected.to_owned()), "{applies}");
    }
}

#[test]
fn sizes_are_said_with_their_bound() {
    let tenant = with_signatures(vec![signature("s", json!({"message": {"larger_than_bytes": 1000}}))]);
    let head = "From: ada@contoso.example";
    let told = explain_under(tenant, head, Some(900), &body(Kind::First), &[OUT]);
    assert_eq!(told.rules[0].notes[1].why, "the message has 900 octets, not more than 1000");
}

#[test]
fn every_signature_has_its_line_in_the_order_in_which_they_are_tried() {
    let entry = |id: &str, changes: Value| {
        let mut entry = signature(id, json!({}));
        changes.as_object().unwrap().iter().for_each(|(key, value)| entry[key] = value.clone());
        entry
    };
    let mut tenant = with_signatures(vec![
        entry("free", json!({})),
        entry("off", json!({"enabled": false, "folder": "a"})),
        entry("first", json!({"folder": "a"})),
        entry("second", json!({"folder": "a"})),
        entry("shut", json!({"folder": "shut"})),
        entry("trial", json!({"trial": {"people": ["bob"]}})),
        entry("banner", json!({"layer": "banner"})),
    ]);
    tenant["folders"] = json!([{"id": "shut", "enabled": false}, {"id": "a"}]);
    let explanation = explain(tenant);
    let told: Vec<(&str, bool, &str)> = explanation
        .rules
        .iter()
        .map(|rule| (rule.id.as_str(), rule.used, rule.notes.last().unwrap().why.as_str()))
        .collect();
    let (used, later) = (
        "the new text carries no signature of the sender yet",
        "`first`, which comes before it in the same layer, has had its turn",
    );
    assert_eq!(
        told,
        [
            ("shut", false, "its folder is switched off"),
            ("off", false, "switched off"),
            ("first", true, used),
            ("second", false, later),
            ("free", false, later),
            ("trial", false, "on trial, and this message takes no part in it"),
            ("banner", true, used),
        ]
    );
    assert_eq!(explanation.signatures, ["first", "banner"]);
    assert_eq!(explanation.person.as_deref(), Some("ada"));
    let text = explanation.to_string();
    assert!(
        text.starts_with("x@fabrikam.example: Signed for `ada` with first, banner.\n  no  shut/shut (signature)\n"),
        "{text}"
    );
}

#[test]
fn what_a_mode_keeps_back_is_explained_all_the_same() {
    for (mode, left, sentence) in [
        (json!("observe"), "observe", "the mode is observe"),
        (json!("bypass"), "bypass", "the mode is bypass"),
        (
            json!({"pilot": {"people": ["bob"]}}),
            "not_in_pilot",
            "the mode is pilot, and this message takes no part in it",
        ),
    ] {
        let mut tenant = contoso();
        tenant["mode"] = mode;
        let explanation = explain(tenant);
        assert_eq!(explanation.left, Some(left));
        assert!(explanation.signatures.is_empty());
        assert_eq!(explanation.would_be, ["standard"], "{left}");
        assert!(explanation.rules[0].used, "{left}");
        let text = explanation.to_string();
        assert!(
            text.contains(&format!(
                "Left as it came: {sentence}.\n  Without the mode it would be signed with standard."
            )),
            "{text}"
        );
    }
}

#[test]
fn a_message_of_nobody_is_left_before_any_rule() {
    let to = [OUT];
    for (head, left) in [
        ("From: eve@fabrikam.example", "foreign_from"),
        ("From: ada@contoso.example\nX-MS-Exchange-CrossTenant-AuthAs: Anonymous", "not_internal"),
        ("From: ada@contoso.example\nX-MS-Journal-Report:", "report"),
    ] {
        let explanation = explain_under(contoso(), head, None, &body(Kind::First), &to);
        assert_eq!((explanation.left, explanation.rules.len()), (Some(left), 0));
        assert!(explanation.summary.starts_with("Left as it came: ") && explanation.would_be.is_empty());
    }
}

/// Only the recipient that is asked about is told of.
#[test]
fn each_recipient_has_its_own_trail() {
    let tenant = with_signatures(vec![
        signature("in", json!({"recipients": "internal"})),
        signature("out", json!({"recipients": "external"})),
    ]);
    let snapshot = snapshot(tenant);
    let recipients = [OUT.to_owned(), "carol@contoso.example".to_owned()];
    let envelope = Envelope { sender: Some("ada@contoso.example"), recipients: &recipients, octets: None };
    let head = headers("From: ada@contoso.example");
    let ask = |recipient| {
        let facts = body(Kind::First);
        snapshot.explain(&Question { envelope, headers: &head, body: &facts, recipient, now: noon() })
    };
    for (which, used, not) in [(0, "out", "in"), (1, "in", "out")] {
        let explanation = ask(which);
        assert_eq!(
            (explanation.recipient.as_str(), explanation.signatures.as_slice()),
            (recipients[which].as_str(), [used.to_owned()].as_slice())
        );
        let other = explanation.rules.iter().find(|rule| rule.id == not).unwrap();
        assert_eq!(other.notes.iter().filter(|note| note.section == Section::Recipients).count(), 1, "{explanation}");
    }
    // One that the envelope does not have gets nothing.
    assert_eq!(ask(2).left, Some("no_signature"));
}
