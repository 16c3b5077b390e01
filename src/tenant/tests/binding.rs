//! Whether a message is signed, and as whose: every way in which envelope and From can differ.
use super::*;

const INTERNAL: &str = "X-MS-Exchange-CrossTenant-AuthAs: Internal";

/// Ada may write as info@ (a person of its own) and as bob@ under her own name; Bob may write as nobody.
fn tenant() -> Snapshot {
    let mut tenant = contoso();
    tenant["people"].as_array_mut().unwrap().push(json!({"id": "info", "addresses": ["info@contoso.example"]}));
    tenant["send_as"] = json!([
        {"people": ["ada"], "addresses": ["Info@contoso.example"]},
        {"groups": ["sales"], "addresses": ["bob@contoso.example", "press@contoso.example"], "signature_of": "sender"}
    ]);
    snapshot(tenant)
}

/// The person it is signed as, or the word of the reason.
fn bound(mail_from: Option<&str>, head: &str) -> String {
    let recipients = ["x@fabrikam.example".to_owned()];
    let envelope = Envelope { sender: mail_from, recipients: &recipients, octets: None };
    match tenant().candidates(&envelope, &headers(head), noon()) {
        Ok(candidates) => candidates.person().id().to_owned(),
        Err(reason) => reason.word().to_owned(),
    }
}

fn bind(table: &[(&str, Option<&str>, &str, &str)]) {
    for (name, mail_from, head, expected) in table {
        assert_eq!(bound(*mail_from, head), *expected, "{name}");
    }
}

const ADA: Option<&str> = Some("ada@contoso.example");

#[test]
fn the_sender_is_the_person_of_the_envelope_else_of_from() {
    let ada = ADA;
    bind(&[
        ("plain", ada, "From: Ada <ada@contoso.example>", "ada"),
        ("case", Some("ADA@Contoso.Example"), "From: <Ada@CONTOSO.example>", "ada"),
        ("alias in the envelope", Some("ada.vance@contoso.onmicrosoft.example"), "From: ada@contoso.example", "ada"),
        ("alias in From", ada, "From: ada.vance@contoso.onmicrosoft.example", "ada"),
        ("said to be internal", ada, &format!("From: ada@contoso.example\n{INTERNAL}"), "ada"),
        ("null sender", None, "From: ada@contoso.example", "ada"),
        ("null sender from outside", None, "From: postmaster@fabrikam.example", "unknown_sender"),
        ("SRS sender of ours", Some("bounces+SRS=4x=IX@contoso.example"), "From: ada@contoso.example", "ada"),
        (
            "SRS sender, from outside",
            Some("bounces+SRS=4x=IX@contoso.example"),
            "From: eve@fabrikam.example",
            "unknown_sender",
        ),
        ("unknown sender of ours", Some("robot@contoso.example"), "From: robot@contoso.example", "unknown_sender"),
        (
            "connector validation",
            Some("O365ConnectorValidation@contoso.example"),
            "From: O365ConnectorValidation@contoso.example",
            "unknown_sender",
        ),
    ]);
}

#[test]
fn from_must_be_the_senders_own_or_permitted() {
    let ada = ADA;
    bind(&[
        ("inbox rule redirects", ada, "From: Eve <eve@fabrikam.example>", "foreign_from"),
        (
            "forwarded meeting of a colleague without leave",
            Some("bob@contoso.example"),
            "From: ada@contoso.example",
            "foreign_from",
        ),
        ("send as, their signature", ada, "From: info@contoso.example", "info"),
        ("send as, own signature", ada, "From: bob@contoso.example", "ada"),
        ("send as an address that is nobody's", ada, "From: press@contoso.example", "ada"),
        ("send as without leave", Some("bob@contoso.example"), "From: info@contoso.example", "foreign_from"),
        (
            "on behalf, envelope of the owner",
            Some("info@contoso.example"),
            "From: info@contoso.example\nSender: ada@contoso.example",
            "info",
        ),
        (
            "on behalf, signing for oneself",
            Some("bob@contoso.example"),
            "From: bob@contoso.example\nSender: ada@contoso.example",
            "ada",
        ),
        ("Sender without leave", ada, "From: ada@contoso.example\nSender: bob@contoso.example", "ada"),
        ("anonymous", ada, "From: ada@contoso.example\nX-MS-Exchange-CrossTenant-AuthAs: Anonymous", "not_internal"),
        (
            "both",
            ada,
            &format!("From: ada@contoso.example\n{INTERNAL}\nX-MS-Exchange-CrossTenant-AuthAs: Anonymous"),
            "not_internal",
        ),
        ("no From", ada, "Subject: none", "foreign_from"),
        ("no From, null sender", None, "Subject: none", "unknown_sender"),
        ("two From fields", ada, "From: ada@contoso.example\nFrom: eve@fabrikam.example", "foreign_from"),
        ("two authors", ada, "From: ada@contoso.example, eve@fabrikam.example", "foreign_from"),
        ("address as a name", ada, "From: \"ada@contoso.example\" <eve@fabrikam.example>", "foreign_from"),
        (
            "encoded name with an address",
            ada,
            "From: =?utf-8?q?ada=40contoso.example?= <eve@fabrikam.example>",
            "foreign_from",
        ),
        ("journal report", ada, "From: ada@contoso.example\nX-MS-Journal-Report:", "report"),
    ]);
}

#[test]
fn modes_decide_before_anything_is_signed() {
    let mut tenant = contoso();
    let mut ask_in = |mode: Value, from: &str, subject: &str| {
        tenant["mode"] = mode;
        let snapshot = snapshot(tenant.clone());
        let recipients = ["x@fabrikam.example".to_owned()];
        let envelope = Envelope { sender: Some(from), recipients: &recipients, octets: None };
        match snapshot.candidates(&envelope, &headers(&format!("From: {from}\nSubject: {subject}")), noon()) {
            Ok(candidates) => ids(&candidates.choose(&snapshot, &body(Kind::First))[0]),
            Err(reason) => reason.word().to_owned(),
        }
    };
    let (ada, bob) = ("ada@contoso.example", "bob@contoso.example");
    assert_eq!(ask_in(json!("live"), ada, ""), "standard");
    assert_eq!(ask_in(json!("bypass"), ada, ""), "bypass");
    assert_eq!(ask_in(json!("observe"), ada, ""), "observe");
    assert_eq!(ask_in(json!({"pilot": {"people": ["ada"]}}), ada, ""), "standard");
    assert_eq!(ask_in(json!({"pilot": {"people": ["ada"]}}), bob, ""), "not_in_pilot");
    assert_eq!(ask_in(json!({"pilot": {"groups": ["all"]}}), ada, ""), "standard");
    assert_eq!(ask_in(json!({"pilot": {"groups": ["sales"]}}), bob, ""), "not_in_pilot");
    let marker = json!({"pilot": {"people": ["bob"], "marker": "Pilot"}});
    for (subject, expected) in [
        ("our [PILOT] mail", "standard"),
        ("=?utf-8?B?cGlsb3Q=?=", "standard"),
        ("pilots", "not_in_pilot"),
        ("copilot", "not_in_pilot"),
        ("copilot and pilot", "standard"),
        ("", "not_in_pilot"),
    ] {
        assert_eq!(ask_in(marker.clone(), ada, subject), expected, "{subject}");
    }
}

#[test]
fn observe_tells_what_it_would_do() {
    let mut tenant = contoso();
    tenant["mode"] = json!("observe");
    let snapshot = snapshot(tenant);
    let candidates = ask(&snapshot, "ada@contoso.example", &["x@fabrikam.example"]).unwrap();
    assert_eq!(ids(&candidates.would_choose(&snapshot, &body(Kind::First))[0]), "standard");
}
