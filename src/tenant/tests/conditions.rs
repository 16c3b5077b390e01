//! Conditions that need more than a plain message: how the sender writes, what the directory says about it, who else
//! gets the message, and what only headers and the announcement of the size tell.
use super::*;

/// A message and what it needs to be asked about.
struct Mail<'a> {
    mail_from: &'a str,
    head: &'a str,
    to: &'a [&'a str],
    octets: Option<u64>,
    body: BodyFacts,
}

fn mail() -> Mail<'static> {
    Mail {
        mail_from: "ada@contoso.example",
        head: "From: ada@contoso.example\nSubject: Hello",
        to: &["x@fabrikam.example"],
        octets: None,
        body: body(Kind::First),
    }
}

/// A tenant with a shared mailbox for which Ada may write, and one signature under these conditions.
fn tenant(applies: &Value) -> Snapshot {
    let mut tenant = with_signatures(vec![signature("s", applies.clone())]);
    let people = tenant["people"].as_array_mut().unwrap();
    people.push(json!({"id": "info", "kind": "shared", "addresses": ["info@contoso.example"]}));
    people.push(json!({"id": "lab", "kind": "room", "addresses": ["lab@contoso.example"]}));
    people.push(json!({"id": "carol", "addresses": ["carol@contoso.example", "c@contoso.example"]}));
    tenant["groups"].as_array_mut().unwrap().push(json!({"id": "board", "members": ["carol"]}));
    tenant["send_as"] = json!([
        {"people": ["ada"], "addresses": ["info@contoso.example"]},
        {"people": ["ada"], "addresses": ["bob@contoso.example"], "signature_of": "sender"}
    ]);
    snapshot(tenant)
}

/// What each recipient gets under these conditions.
fn given(applies: &Value, mail: &Mail<'_>) -> Vec<bool> {
    let recipients: Vec<String> = mail.to.iter().map(|to| (*to).to_owned()).collect();
    let envelope = Envelope { sender: Some(mail.mail_from), recipients: &recipients, octets: mail.octets };
    let snapshot = tenant(applies);
    match snapshot.candidates(&envelope, &headers(mail.head), noon()) {
        Ok(candidates) => candidates.choose(&snapshot, &mail.body).iter().map(|choice| ids(choice) == "s").collect(),
        Err(Reason::NoSignature) => vec![false; recipients.len()],
        Err(reason) => panic!("{}", reason.word()),
    }
}

/// The same as a condition, and the other way round as an exception.
fn table(key: &str, rows: &[(Value, Mail<'_>, bool)]) {
    for (condition, mail, expected) in rows {
        let told = format!("{condition} {} {:?}", mail.head, mail.octets);
        assert_eq!(given(&json!({key: condition}), mail), [*expected], "{told}");
        assert_eq!(given(&json!({"except": {key: condition}}), mail), [!*expected], "except {told}");
    }
}

#[test]
fn attributes_end_and_match() {
    let attribute =
        |is: &str, field: &str, value: &str| json!({"attributes": [{"is": is, "field": field, "value": value}]});
    table(
        "senders",
        &[
            (attribute("ends_with", "jobTitle", "NEER"), mail(), true),
            (attribute("ends_with", "jobTitle", "engine"), mail(), false),
            (attribute("ends_with", "city", "x"), mail(), false),
            (attribute("matches", "jobTitle", "^(engineer|architect)$"), mail(), true),
            (attribute("matches", "jobTitle", "gin"), mail(), true),
            (attribute("matches", "jobTitle", "^gin"), mail(), false),
            // What is empty is an empty text.
            (attribute("matches", "city", "^$"), mail(), true),
            (attribute("matches", "city", "."), mail(), false),
        ],
    );
}

#[test]
fn facts_of_the_organisation_and_of_the_manager_are_asked() {
    let has = |field: &str, is: &str, value: &str| json!({"senders": {"attributes": [{"is": is, "field": field, "value": value}]}});
    let asked = |change: &dyn Fn(&mut Value), applies: Value| {
        let mut tenant = with_signatures(vec![signature("s", applies)]);
        tenant["people"][0]["custom"] = json!({"region": "North"});
        tenant["people"][0]["manager"] = json!("bob");
        tenant["people"][1]["attributes"] = json!({"department": "Board"});
        tenant["people"][1]["custom"] = json!({"region": "South"});
        change(&mut tenant);
        choose(&snapshot(tenant), &["x@fabrikam.example"], &body(Kind::First)) == ["s"]
    };
    let unchanged = |_: &mut Value| {};
    for (field, is, value, expected) in [
        ("custom.region", "equals", "north", true),
        ("custom.region", "equals", "south", false),
        ("custom.other", "contains", "north", false),
        ("manager.department", "equals", "BOARD", true),
        ("manager.department", "matches", "^sales$", false),
        ("manager.custom.region", "starts_with", "sou", true),
        ("manager.custom.region", "ends_with", "north", false),
    ] {
        assert_eq!(asked(&unchanged, has(field, is, value)), expected, "{field} {is} {value}");
        let except = json!({"except": has(field, is, value)});
        assert_eq!(asked(&unchanged, except), !expected, "except {field} {is} {value}");
    }
    // What is overridden is told from what the directory says no longer; whoever has no manager has nothing of it.
    let overridden = |tenant: &mut Value| {
        tenant["people"][0]["overrides"] = json!({"custom.region": "East", "jobTitle": ""});
    };
    assert!(asked(&overridden, has("custom.region", "equals", "east")));
    let empty = |field: &str| json!({"senders": {"attributes": [{"is": "empty", "field": field}]}});
    assert!(asked(&overridden, empty("jobTitle")) && !asked(&unchanged, empty("jobTitle")));
    let alone = |tenant: &mut Value| tenant["people"][0]["manager"] = Value::Null;
    assert!(asked(&alone, empty("manager.department")) && !asked(&unchanged, empty("manager.department")));
}

#[test]
fn an_exception_that_names_nobody_excepts_nobody() {
    for recipients in [json!({}), json!("any"), json!({"judged": "any"}), json!({"audience": "any", "judged": "all"})] {
        assert_eq!(given(&json!({"except": {"recipients": recipients}}), &mail()), [true], "{recipients}");
    }
    assert_eq!(given(&json!({"except": {"recipients": "external"}}), &mail()), [false]);
}

#[test]
fn patterns_that_nothing_is_like_are_refused() {
    for (key, pattern) in [
        ("domains", "@partner.example"),
        ("domains", "partner.example "),
        ("domains", "https://partner.example"),
        ("addresses", "partner.example"),
        ("addresses", " x@partner.example"),
    ] {
        for (section, applies) in [
            ("recipients", json!({"recipients": {key: [pattern]}})),
            ("senders", json!({"senders": {key: [pattern]}})),
            ("except/recipients", json!({"except": {"recipients": {key: [pattern]}}})),
        ] {
            let file = with_signatures(vec![signature("s", applies)]).to_string();
            let problems = TenantFile::parse(file.as_bytes()).unwrap_err();
            assert_eq!(problems[0].place, format!("/signatures/0/applies/{section}/{key}/0"), "{pattern}");
        }
    }
}

#[test]
fn kinds_of_mailboxes() {
    let of = |address: &'static str, head: &'static str| Mail { mail_from: address, head, ..mail() };
    let info = || of("info@contoso.example", "From: info@contoso.example");
    let lab = || of("lab@contoso.example", "From: lab@contoso.example");
    table(
        "senders",
        &[
            (json!({"kinds": ["user"]}), mail(), true),
            (json!({"kinds": ["shared"]}), mail(), false),
            (json!({"kinds": ["shared"]}), info(), true),
            (json!({"kinds": ["user", "room"]}), info(), false),
            (json!({"kinds": ["user", "room"]}), lab(), true),
            // A list of people does not do without the kind.
            (json!({"kinds": ["shared"], "people": ["ada"]}), mail(), false),
            (json!({"kinds": ["shared"], "people": ["ada", "info"]}), info(), true),
        ],
    );
}

#[test]
fn ways_to_write() {
    let from = |head: &'static str| Mail { head, ..mail() };
    let primary = || from("From: Ada <ADA@contoso.example>");
    let alias = || from("From: ada.vance@contoso.onmicrosoft.example");
    let send_as = || from("From: info@contoso.example");
    let send_as_herself = || from("From: bob@contoso.example");
    let on_behalf = || from("From: info@contoso.example\nSender: Ada <Ada@contoso.example>");
    // Exchange puts the owner's address into the envelope, too.
    let by_the_owner =
        || Mail { mail_from: "bob@contoso.example", ..from("From: bob@contoso.example\nSender: ada@contoso.example") };
    let own_sender = || from("From: ada@contoso.example\nSender: ada.vance@contoso.onmicrosoft.example");
    let way = |way: &str| json!({"writes_as": [way]});
    table(
        "senders",
        &[
            (way("primary"), primary(), true),
            (way("primary"), alias(), false),
            (way("primary"), send_as(), false),
            (way("primary"), own_sender(), true),
            (way("alias"), alias(), true),
            (way("alias"), primary(), false),
            (way("alias"), send_as(), false),
            (way("send_as"), send_as(), true),
            (way("send_as"), send_as_herself(), true),
            (way("send_as"), on_behalf(), false),
            (way("send_as"), primary(), false),
            (way("on_behalf"), on_behalf(), true),
            (way("on_behalf"), by_the_owner(), true),
            (way("on_behalf"), send_as(), false),
            (way("on_behalf"), own_sender(), false),
            (json!({"writes_as": ["alias", "on_behalf"]}), alias(), true),
        ],
    );
}

#[test]
fn recipients_of_the_tenant_by_name_and_group() {
    let to = |to: &'static [&'static str]| Mail { to, ..mail() };
    table(
        "recipients",
        &[
            (json!({"people": ["carol"]}), to(&["CAROL@contoso.example"]), true),
            (json!({"people": ["carol"]}), to(&["c@contoso.example"]), true),
            (json!({"people": ["carol"]}), to(&["bob@contoso.example"]), false),
            (json!({"people": ["carol"]}), to(&["carol@fabrikam.example"]), false),
            (json!({"groups": ["board"]}), to(&["c@contoso.example"]), true),
            (json!({"groups": ["sales"]}), to(&["c@contoso.example"]), false),
            (json!({"groups": ["all"]}), to(&["ada@contoso.example"]), true),
            (json!({"groups": ["sales"], "domains": ["contoso.example"]}), to(&["c@contoso.example"]), true),
            (json!({"audience": "external", "groups": ["board"]}), to(&["c@contoso.example"]), false),
        ],
    );
}

#[test]
fn recipients_are_judged_together_where_that_is_asked() {
    let mixed = || Mail { to: &["x@fabrikam.example", "carol@contoso.example"], ..mail() };
    let outside = || Mail { to: &["x@fabrikam.example", "y@fabrikam.example"], ..mail() };
    let external = |judged: &str| json!({"audience": "external", "judged": judged});
    for (condition, mail, expected) in [
        (external("each"), mixed(), [true, false]),
        (external("any"), mixed(), [true, true]),
        (external("all"), mixed(), [false, false]),
        (external("any"), outside(), [true, true]),
        (external("all"), outside(), [true, true]),
        (json!({"addresses": ["y@*"], "judged": "any"}), outside(), [true, true]),
        (json!({"addresses": ["y@*"], "judged": "all"}), outside(), [false, false]),
        (json!({"addresses": ["z@*"], "judged": "any"}), outside(), [false, false]),
    ] {
        assert_eq!(given(&json!({"recipients": condition}), &mail), expected, "{condition}");
        let except = given(&json!({"except": {"recipients": condition}}), &mail);
        assert_eq!(except, expected.map(|holds| !holds), "except {condition}");
    }
    // "Never where anybody outside reads along" beside a condition on each.
    let inward = json!({"recipients": "internal", "except": {"recipients": external("any")}});
    assert_eq!(given(&inward, &mixed()), [false, false]);
    assert_eq!(given(&inward, &Mail { to: &["carol@contoso.example"], ..mail() }), [true]);
}

#[test]
fn importance_size_and_labels() {
    let head = |head: &'static str| Mail { head, ..mail() };
    let sized = |octets: u64| Mail { octets: Some(octets), ..mail() };
    let label = "From: ada@contoso.example\nmsip_labels: MSIP_Label_2096F6A2-D2F7-48BE-B329-B73AAA526E5D_Enabled=true;\n \
                 MSIP_Label_2096f6a2-d2f7-48be-b329-b73aaa526e5d_Name=Highly Confidential;\n \
                 MSIP_Label_1111f6a2-d2f7-48be-b329-b73aaa526e5d_Enabled=false;MSIP_Label_1111f6a2-d2f7-48be-b329-b73aaa526e5d_Name=Public";
    let importance = |word: &str| json!({"importance": [word]});
    let labels = |word: &str| json!({"sensitivity_labels": [word]});
    table(
        "message",
        &[
            (importance("high"), head("From: ada@contoso.example\nImportance: High"), true),
            (importance("high"), head("From: ada@contoso.example\nX-Priority: 1 (Highest)"), true),
            (importance("high"), head("From: ada@contoso.example\nImportance: low\nX-Priority: 1"), false),
            (importance("low"), head("From: ada@contoso.example\nImportance: low\nX-Priority: 1"), true),
            (importance("low"), head("From: ada@contoso.example\nX-Priority: 5"), true),
            (importance("normal"), head("From: ada@contoso.example\nX-Priority: 3"), true),
            (importance("normal"), mail(), true),
            (json!({"importance": ["low", "high"]}), mail(), false),
            (json!({"larger_than_bytes": 1000}), sized(1001), true),
            (json!({"larger_than_bytes": 1000}), sized(1000), false),
            (json!({"larger_than_bytes": 1000}), mail(), false),
            (json!({"smaller_than_bytes": 1000}), sized(999), true),
            (json!({"smaller_than_bytes": 1000}), sized(1000), false),
            (json!({"smaller_than_bytes": 1000}), mail(), false),
            (json!({"larger_than_bytes": 10, "smaller_than_bytes": 12}), sized(11), true),
            (labels("highly confidential"), head(label), true),
            (labels("2096f6a2-d2f7-48be-b329-b73aaa526e5d"), head(label), true),
            (labels("confidential"), head(label), false),
            (labels("Public"), head(label), false),
            (labels("Public"), mail(), false),
            (json!({"sensitivity_labels": ["x", "Highly Confidential"], "importance": ["normal"]}), head(label), true),
            (json!({"sensitivity_labels": ["Highly Confidential"], "importance": ["high"]}), head(label), false),
        ],
    );
}

#[test]
fn rich_text_is_neither_html_nor_plain() {
    let mail = |html, plain, rich| Mail { body: BodyFacts { html, plain, rich, ..body(Kind::First) }, ..mail() };
    // In Microsoft's encapsulation any of them may stand beside the rich text.
    let (rich, html, plain) = (|| mail(false, true, true), || mail(true, true, false), || mail(false, true, false));
    let format = |word: &str| json!({"formats": [word]});
    table(
        "message",
        &[
            (format("rtf"), rich(), true),
            (format("rtf"), html(), false),
            (format("rtf"), plain(), false),
            (format("html"), rich(), false),
            (format("html"), html(), true),
            (format("plain"), rich(), false),
            (format("plain"), plain(), true),
        ],
    );
}

#[test]
fn an_exception_wins_over_every_condition_that_holds() {
    let conditions = json!({
        "senders": {"people": ["ada"]}, "recipients": "external", "message": {"kinds": ["first"]},
    });
    for (except, expected) in [
        (json!({}), true),
        (json!({"senders": {"groups": ["sales"]}}), false),
        (json!({"senders": {"attributes": [{"is": "not_empty", "field": "department"}]}}), false),
        (json!({"senders": {"writes_as": ["alias"]}}), true),
        (json!({"recipients": {"domains": ["fabrikam.example"]}}), false),
        (json!({"message": {"kinds": ["first"], "subject_contains": ["hello"]}}), false),
        (json!({"message": {"kinds": ["reply"], "subject_contains": ["hello"]}}), true),
        (json!({"message": {"kinds": ["first"], "subject_contains": ["bye"]}}), true),
        // Any section is enough.
        (json!({"senders": {"people": ["bob"]}, "message": {"kinds": ["first"]}}), false),
    ] {
        let mut applies = conditions.clone();
        applies["except"] = except.clone();
        assert_eq!(given(&applies, &mail()), [expected], "{except}");
    }
}
