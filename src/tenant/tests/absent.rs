//! Whom a tenant names may go at any time: a directory forgets a person, a CSV file a row. What is left compiles, and
//! the name is nobody's.

use super::*;

/// No rule applies.
const NONE: &str = "no_signature";

/// Dora and the group `night`, of which she is; both are named by whatever `change` writes.
fn tenant(change: impl FnOnce(&mut Value)) -> TenantFile {
    let mut tenant = contoso();
    tenant["people"].as_array_mut().unwrap().push(json!({"id": "dora", "addresses": ["dora@contoso.example"]}));
    tenant["groups"].as_array_mut().unwrap().push(json!({"id": "night", "members": ["dora", "ada"]}));
    change(&mut tenant);
    file(tenant)
}

/// What is left when both are gone, and nothing else was looked at.
fn without_them(mut file: TenantFile) -> TenantFile {
    file.people.retain(|person| person.id != "dora");
    file.groups.retain(|group| group.id != "night");
    file
}

/// As the edge makes it of its parts, and as everybody else does.
fn both_ways(file: TenantFile) -> [Snapshot; 2] {
    let edition = Edition::of(Revision(1));
    let people = People::compile(file.people.clone(), &file.groups, edition);
    let of_parts =
        Snapshot::of_parts(file.clone(), std::sync::Arc::new(people), std::sync::Arc::default(), secrets(), edition);
    [of_parts, Snapshot::compile(file, secrets(), Revision(1)).unwrap()]
}

/// What Ada's message to Bob and to outside gets when both are gone.
fn chosen(change: impl FnOnce(&mut Value)) -> Vec<String> {
    let [edge, others] = both_ways(without_them(tenant(change))).map(|snapshot| {
        let to = ["bob@contoso.example", "x@fabrikam.example"];
        assert_eq!(snapshot.person("dora@contoso.example").map(Person::id), None);
        choose(&snapshot, &to, &body(Kind::First))
    });
    assert_eq!(edge, others);
    edge
}

#[test]
fn a_rule_that_names_somebody_who_is_gone_compiles_and_matches_nobody() {
    for (section, [to_bob, out]) in [
        (json!({"senders": {"people": ["dora"]}}), [NONE, NONE]),
        (json!({"senders": {"groups": ["night"]}}), [NONE, NONE]),
        (json!({"recipients": {"people": ["dora"]}}), [NONE, NONE]),
        (json!({"recipients": {"groups": ["night"]}}), [NONE, NONE]),
        (json!({"recipients": {"audience": "external", "groups": ["night"], "people": ["dora"]}}), [NONE, NONE]),
        // Others who are named go on matching.
        (json!({"senders": {"people": ["dora", "ada"]}}), ["s", "s"]),
        (json!({"senders": {"groups": ["night", "sales"]}}), ["s", "s"]),
        (json!({"recipients": {"people": ["dora", "bob"], "groups": ["night"]}}), ["s", NONE]),
    ] {
        let rule = |tenant: &mut Value| tenant["signatures"] = json!([signature("s", section.clone())]);
        assert_eq!(chosen(rule), [to_bob, out], "{section}");
    }
}

#[test]
fn an_exception_or_a_trial_for_somebody_who_is_gone_is_for_nobody() {
    for except in [
        json!({"senders": {"people": ["dora"], "groups": ["night"]}}),
        json!({"recipients": {"people": ["dora"], "groups": ["night"]}}),
    ] {
        let rule = |tenant: &mut Value| tenant["signatures"] = json!([signature("s", json!({"except": except}))]);
        assert_eq!(chosen(rule), ["s", "s"], "{except}");
    }
    let trial = |tenant: &mut Value| {
        tenant["signatures"][0]["trial"] = json!({"people": ["dora"], "groups": ["night"]});
    };
    assert_eq!(chosen(trial), [NONE, NONE]);
}

#[test]
fn a_pilot_of_somebody_who_is_gone_is_for_nobody() {
    let pilot = json!({"pilot": {"people": ["dora"], "groups": ["night"]}});
    assert_eq!(chosen(|tenant| tenant["mode"] = pilot.clone()), ["not_in_pilot", "not_in_pilot"]);
    let later = |tenant: &mut Value| tenant["mode_ends"] = json!({"at": "2026-11-01T00:00:00Z", "then": pilot});
    assert_eq!(chosen(later), ["not_in_pilot", "not_in_pilot"]);
}

#[test]
fn who_may_send_as_another_may_be_gone_and_so_may_the_other() {
    for (people, groups) in [(json!(["dora"]), json!([])), (json!([]), json!(["night"]))] {
        let entry = json!({"addresses": ["bob@contoso.example"], "people": people, "groups": groups,
            "signature_of": "sender"});
        let file = without_them(tenant(|tenant| tenant["send_as"] = json!([entry])));
        for snapshot in both_ways(file) {
            assert_eq!(written_as(&snapshot, "bob@contoso.example"), "foreign_from");
        }
    }
    // From the address of somebody who is gone, with that person's signature.
    let entry = json!({"addresses": ["dora@contoso.example"], "people": ["ada"], "signature_of": "from"});
    for snapshot in both_ways(without_them(tenant(|tenant| tenant["send_as"] = json!([entry])))) {
        assert_eq!(written_as(&snapshot, "dora@contoso.example"), "foreign_from");
    }
}

/// What a message that Ada sends from this address gets.
fn written_as(snapshot: &Snapshot, from: &str) -> String {
    let recipients = ["x@fabrikam.example".to_owned()];
    let envelope = Envelope { sender: Some("ada@contoso.example"), recipients: &recipients, octets: None };
    match snapshot.candidates(&envelope, &headers(&format!("From: {from}")), noon()) {
        Ok(candidates) => ids(&candidates.choose(snapshot, &body(Kind::First)).remove(0)),
        Err(reason) => reason.word().to_owned(),
    }
}

#[test]
fn members_who_are_gone_leave_a_group_that_stands() {
    let nested = |tenant: &mut Value| {
        tenant["groups"][1]["groups"] = json!(["sales", "night"]);
        tenant["groups"][0]["members"] = json!(["dora", "ada"]);
        tenant["signatures"] = json!([signature("s", json!({"senders": {"groups": ["all"]}}))]);
    };
    assert_eq!(chosen(nested), ["s", "s"]);
}

#[test]
fn what_is_taken_names_nobody_who_is_not_there() {
    let named =
        tenant(|tenant| tenant["signatures"] = json!([signature("s", json!({"senders": {"people": ["dora"]}}))]));
    let said: Vec<String> = without_them(named).problems().iter().map(ToString::to_string).collect();
    assert_eq!(said, ["/signatures/0/applies/senders/people/0: there is no person `dora`"]);
}
