//! Generated tenants and messages: the engine, its explanation and the slow evaluator agree on what each recipient
//! gets, and the trail of every rule fits what became of it.
use proptest::prelude::*;

use super::slow::{self, Letter};
use super::*;

/// Draws from a seed (splitmix64).
struct Dice(u64);

impl Dice {
    fn number(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % below as u64).unwrap()
    }

    /// One time in so many.
    fn once_in(&mut self, times: usize) -> bool {
        self.number(times) == 0
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.number(from.len())].clone()
    }

    /// One or two of them.
    fn some<T: Clone + Into<Value>>(&mut self, from: &[T]) -> Value {
        let count = 1 + self.number(2);
        (0..count).map(|_| self.pick(from).into()).collect()
    }
}

const PEOPLE: &[&str] = &["ada", "bob", "info", "lab"];
const GROUPS: &[&str] = &["sales", "all", "ring", "inner"];
const ADDRESSES: &[&str] = &[
    "ada@contoso.example",
    "Ada.Vance@contoso.onmicrosoft.example",
    "bob@contoso.example",
    "info@contoso.example",
    "lab@contoso.example",
    "help@contoso.example",
    "x@fabrikam.example",
    "Y@de.fabrikam.example",
];
const PATTERNS: &[&str] =
    &["*@contoso.example", "a*", "*o@*", "x@fabrikam.example", "*@*.fabrikam.example", "*", "b*b@c*e"];
const DOMAINS: &[&str] = &["contoso.example", "*.example", "fabrikam.*", "*.fabrikam.example", "CONTOSO.*"];
const TIMES: &[&str] = &[
    "2026-11-18T12:00:00Z",
    "2026-11-18T23:30:00Z",
    "2026-11-20T03:59:59Z",
    "2026-11-20T04:00:00Z",
    "2026-11-21T16:00:00Z",
    "2026-11-22T00:00:00Z",
];

fn tenant(dice: &mut Dice) -> Value {
    let mut tenant = contoso();
    tenant["domains"] = json!(["contoso.example", "contoso.onmicrosoft.example"]);
    tenant["people"] = json!([
        {"id": "ada", "addresses": ["ada@contoso.example", "ada.vance@contoso.onmicrosoft.example"],
         "attributes": {"jobTitle": "Engineer", "department": " Sales ", "extension1": "aab"}},
        {"id": "bob", "addresses": ["bob@contoso.example"], "attributes": {"jobTitle": "Sales Lead", "extension2": "b"}},
        {"id": "info", "kind": "shared", "addresses": ["info@contoso.example", "HELP@contoso.example"]},
        {"id": "lab", "kind": "room", "addresses": ["lab@contoso.example"], "attributes": {"department": "Lab"}}
    ]);
    tenant["groups"] = json!([
        {"id": "sales", "members": ["ada"]}, {"id": "all", "members": ["bob"], "groups": ["sales", "ring"]},
        {"id": "ring", "groups": ["inner"]}, {"id": "inner", "members": ["info"], "groups": ["ring"]}
    ]);
    let permissions = (0..dice.number(3)).map(|_| {
        let who = if dice.once_in(2) { "people" } else { "groups" };
        let named = dice.some(if who == "people" { PEOPLE } else { GROUPS });
        let addresses = dice.some(&["info@contoso.example", "bob@contoso.example", "help@contoso.example"]);
        json!({who: named, "addresses": addresses, "signature_of": dice.pick(&["from", "sender"])})
    });
    tenant["send_as"] = permissions.collect();
    tenant["mode"] = mode(dice);
    if dice.once_in(6) {
        tenant["mode_ends"] = json!({"at": dice.pick(TIMES), "then": mode(dice)});
    }
    tenant["folders"] =
        (0..dice.number(3)).map(|at| json!({"id": format!("f{at}"), "enabled": !dice.once_in(4)})).collect();
    let folders = tenant["folders"].as_array().unwrap().len();
    tenant["signatures"] = (0..1 + dice.number(7)).map(|at| entry(dice, at, folders)).collect();
    tenant
}

fn mode(dice: &mut Dice) -> Value {
    match dice.number(12) {
        0 => json!("bypass"),
        1 => json!("observe"),
        2 => json!({"pilot": participants(dice)}),
        _ => json!("live"),
    }
}

fn participants(dice: &mut Dice) -> Value {
    match dice.number(3) {
        0 => json!({"people": dice.some(PEOPLE)}),
        1 => json!({"groups": dice.some(GROUPS), "marker": "Try"}),
        _ => json!({"marker": "try"}),
    }
}

fn entry(dice: &mut Dice, at: usize, folders: usize) -> Value {
    let mut entry = signature(&format!("s{at}"), applies(dice));
    entry["enabled"] = json!(!dice.once_in(8));
    entry["then_continue"] = json!(dice.once_in(3));
    if !dice.once_in(3) {
        entry["layer"] = json!(dice.pick(&["signature", "banner", "disclaimer"]));
    }
    if folders > 0 && dice.once_in(2) {
        entry["folder"] = json!(format!("f{}", dice.number(folders)));
    }
    if dice.once_in(6) {
        entry["trial"] = participants(dice);
    }
    entry
}

fn applies(dice: &mut Dice) -> Value {
    let mut applies = json!({"senders": {}, "except": {}});
    if dice.once_in(2) {
        applies["senders"] = senders(dice);
    }
    if dice.once_in(2) {
        applies["recipients"] = recipients(dice);
    }
    if dice.once_in(3) {
        applies["message"] = message(dice);
    }
    if dice.once_in(4) {
        applies["already_signed"] = json!(dice.pick(&["skip", "sign", "only"]));
    }
    if dice.once_in(6) {
        applies["except"]["senders"] = senders(dice);
    }
    if dice.once_in(6) {
        applies["except"]["recipients"] = recipients(dice);
    }
    if dice.once_in(6) {
        applies["except"]["message"] = message(dice);
    }
    if dice.once_in(5) {
        applies["schedule"] = schedule(dice);
    }
    applies
}

fn senders(dice: &mut Dice) -> Value {
    let mut senders = match dice.number(6) {
        0 => json!({"people": dice.some(PEOPLE)}),
        1 => json!({"groups": dice.some(GROUPS)}),
        2 => json!({"domains": dice.some(DOMAINS)}),
        3 => json!({"addresses": dice.some(PATTERNS), "people": dice.some(PEOPLE)}),
        4 => json!({"kinds": dice.some(&["user", "shared", "room"])}),
        _ => json!({"writes_as": dice.some(&["primary", "alias", "send_as", "on_behalf"])}),
    };
    if dice.once_in(3) {
        let field = dice.pick(&["jobTitle", "department", "extension1", "extension2"]);
        let is = dice.pick(&["equals", "contains", "starts_with", "ends_with", "matches", "empty", "not_empty"]);
        let mut test = json!({"is": is, "field": field});
        if is == "matches" {
            test["value"] = json!(dice.pick(&["^a*b$", "s.l", "er$", "^e", "^$", "b*", "^sales lead$", "l.*d"]));
        } else if !is.ends_with("empty") {
            test["value"] = json!(dice.pick(&["Sales", "lead", "ENGINEER", "a", " Sales", "b"]));
        }
        senders["attributes"] = json!([test]);
    }
    senders
}

fn recipients(dice: &mut Dice) -> Value {
    let audience = dice.pick(&["any", "internal", "external"]);
    if dice.once_in(2) {
        return json!(audience);
    }
    let mut listed = match dice.number(4) {
        0 => json!({"addresses": dice.some(PATTERNS)}),
        1 => json!({"domains": dice.some(DOMAINS)}),
        2 => json!({"people": dice.some(PEOPLE)}),
        _ => json!({"groups": dice.some(GROUPS), "addresses": dice.some(PATTERNS)}),
    };
    listed["audience"] = json!(audience);
    listed["judged"] = json!(dice.pick(&["each", "each", "any", "all"]));
    listed
}

fn message(dice: &mut Dice) -> Value {
    let mut message = match dice.number(7) {
        0 => json!({"kinds": dice.some(&["first", "reply", "forward"])}),
        1 => json!({"formats": dice.some(&["html", "plain", "rtf"])}),
        2 => json!({"subject_contains": dice.some(&["offer", "TRY", "ü"])}),
        3 => json!({"has_attachment": dice.once_in(2)}),
        4 => json!({"importance": dice.some(&["low", "normal", "high"])}),
        5 => json!({"larger_than_bytes": dice.pick(&[999, 1000])}),
        _ => json!({"sensitivity_labels": dice.some(&["public", "11111111-0000-4000-8000-000000000001", "Secret"])}),
    };
    if dice.once_in(3) {
        message["kinds"] = dice.some(&["first", "reply", "forward"]);
    }
    if dice.once_in(6) {
        message["smaller_than_bytes"] = json!(dice.pick(&[1002, 5000]));
    }
    message
}

fn schedule(dice: &mut Dice) -> Value {
    let mut schedule = json!({"zone": dice.pick(&["UTC", "Asia/Tokyo", "America/New_York", "Europe/London"])});
    if dice.once_in(3) {
        schedule["from"] = json!(dice.pick(&["2026-11-18", "2026-11-18T12:00", "2026-11-19T23:00"]));
    }
    if dice.once_in(3) {
        schedule["until"] = json!(dice.pick(&["2026-12-18", "2026-12-20T23:00"]));
    }
    if dice.once_in(2) {
        schedule["days"] = dice.some(&["wednesday", "thursday", "friday", "saturday"]);
    }
    if dice.once_in(2) {
        let (from, until) =
            dice.pick(&[("09:00", "17:30"), ("22:00", "06:00"), ("00:00", "00:00"), ("23:00", "23:59")]);
        schedule["hours"] = json!({"from": from, "until": until});
    }
    schedule
}

fn letter(dice: &mut Dice) -> Letter {
    let of_ours = |dice: &mut Dice| dice.pick(&ADDRESSES[..6]).to_owned();
    let from = if dice.once_in(12) { dice.pick(ADDRESSES).to_owned() } else { of_ours(dice) };
    let mail_from = match dice.number(8) {
        0 => None,
        1 => Some(of_ours(dice)),
        2 => Some("bounce@contoso.example".to_owned()),
        _ => Some(from.clone()),
    };
    let label = |dice: &mut Dice| {
        dice.pick(&[
            ("11111111-0000-4000-8000-000000000001", "Public", true),
            ("22222222-0000-4000-8000-000000000001", "Secret", true),
            ("22222222-0000-4000-8000-000000000001", "Secret", false),
        ])
    };
    Letter {
        mail_from,
        from,
        sender: dice.once_in(5).then(|| of_ours(dice)),
        subject: dice.pick(&["Hello", "An OFFER", "try this", "retry, offer", "MÜLLER"]).to_owned(),
        importance: dice.pick(&[None, None, Some("high"), Some("low")]),
        priority: dice.pick(&[None, None, Some("1"), Some("5"), Some("3")]),
        has_attach: dice.pick(&[None, Some("yes"), Some("")]),
        content_type: dice.pick(&["text/html", "multipart/mixed; boundary=x", "application/ms-tnef; name=x"]),
        correlator: dice.pick(&[None, None, Some(""), Some("<1@contoso.example>")]),
        labels: if dice.once_in(3) { vec![label(dice)] } else { Vec::new() },
        anonymous: dice.once_in(15),
        octets: dice.pick(&[None, Some(1000), Some(1001), Some(100_000)]),
        to: (0..1 + dice.number(4)).map(|_| dice.pick(ADDRESSES).to_owned()).collect(),
        kind: dice.pick(&["first", "reply", "forward"]),
        html: dice.once_in(2),
        signed: dice.once_in(4),
        now: dice.pick(TIMES),
    }
}

/// The header of the letter as a server before us writes it.
fn head(letter: &Letter) -> HeaderBlock {
    let mut head = format!("From: Somebody <{}>\nSubject: {}\n", letter.from, letter.subject);
    let mut field = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            head.push_str(&format!("{name}: {value}\n"));
        }
    };
    field("Sender", letter.sender.as_deref());
    field("Importance", letter.importance);
    field("X-Priority", letter.priority);
    field("X-MS-Has-Attach", letter.has_attach);
    field("X-MS-TNEF-Correlator", letter.correlator);
    field("Content-Type", Some(letter.content_type));
    for (id, name, set) in &letter.labels {
        let label =
            format!("MSIP_Label_{id}_Enabled={set};\n MSIP_Label_{id}_Name={name}; MSIP_Label_{id}_ContentBits=0");
        field("msip_labels", Some(&label));
    }
    let word = if letter.anonymous { "Anonymous" } else { "Internal" };
    field("X-MS-Exchange-CrossTenant-AuthAs", Some(word));
    headers(head.trim_end())
}

fn agree(seed: u64) {
    let mut dice = Dice(seed);
    let (tenant, letter) = (tenant(&mut dice), letter(&mut dice));
    let snapshot = snapshot(tenant.clone());
    let head = head(&letter);
    let envelope = Envelope { sender: letter.mail_from.as_deref(), recipients: &letter.to, octets: letter.octets };
    let now = letter.now.parse().unwrap();
    let kind = match letter.kind {
        "reply" => Kind::Reply,
        "forward" => Kind::Forward,
        _ => Kind::First,
    };
    let words = match snapshot.attribute(&envelope, &head) {
        Ok(author) if letter.signed => vec![snapshot.mark(&author.person)],
        _ => vec!["aaaaaaaaaaaaa".to_owned()],
    };
    let body = BodyFacts { kind, html: letter.html, plain: true, signature_words: words };
    let decided: Vec<String> = match snapshot.candidates(&envelope, &head, now) {
        Ok(candidates) => candidates.choose(&body).iter().map(ids).collect(),
        Err(reason) => vec![reason.word().to_owned(); letter.to.len()],
    };
    for (at, to) in letter.to.iter().enumerate() {
        let told = || format!("seed {seed} to {to}\n{letter:?}\n{tenant:#}");
        assert_eq!(decided[at], slow::decide(&tenant, &letter, to), "{}", told());
        let why = snapshot.explain(&Question { envelope, headers: &head, body: &body, recipient: at, now });
        let answer = why.left.map_or_else(|| why.signatures.join("+"), str::to_owned);
        assert_eq!(answer, decided[at], "{}{why}", told());
        let used: Vec<&str> = why.rules.iter().filter(|rule| rule.used).map(|rule| rule.id.as_str()).collect();
        assert_eq!(
            used,
            if why.would_be.is_empty() { why.signatures.clone() } else { why.would_be.clone() },
            "{}",
            told()
        );
        // A rule that is used holds in everything; one that is not says at last what does not hold.
        for rule in &why.rules {
            let failed: Vec<usize> = (0..rule.notes.len()).filter(|at| !rule.notes[*at].holds).collect();
            let last = rule.notes.len() - 1;
            assert_eq!(failed, if rule.used { vec![] } else { vec![last] }, "{}\n{rule}", told());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(768))]

    #[test]
    fn engine_explanation_and_slow_evaluator_agree(seed: u64) {
        agree(seed);
    }
}

/// The generator reaches every answer and every kind of finding; else the agreement is about little.
#[test]
fn the_generated_messages_meet_everything() {
    let mut answers = std::collections::BTreeMap::new();
    for seed in 0..600 {
        let mut dice = Dice(seed);
        let (tenant, letter) = (tenant(&mut dice), letter(&mut dice));
        for to in &letter.to {
            let answer = slow::decide(&tenant, &letter, to);
            let answer = if answer.contains('+') { "several".to_owned() } else { answer };
            let answer = if answer.starts_with('s') && answer.len() == 2 { "one".to_owned() } else { answer };
            *answers.entry(answer).or_insert(0) += 1;
        }
    }
    for answer in [
        "several",
        "one",
        "no_signature",
        "already_signed",
        "bypass",
        "observe",
        "not_in_pilot",
        "not_internal",
        "unknown_sender",
        "foreign_from",
    ] {
        assert!(answers.get(answer).is_some_and(|count| *count >= 5), "{answer}: {answers:?}");
    }
}
