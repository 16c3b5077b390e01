//! Generated tenants and messages of all kinds that rules can tell apart, of few people, words and addresses, so that
//! conditions meet.

use serde_json::{Value, json};

use super::Letter;

/// When messages are sent, and what schedules are about.
#[derive(Debug, Clone)]
pub struct Times {
    /// As `2026-11-18T12:00:00Z`.
    pub now: Vec<String>,
    /// As in a schedule.
    pub from: Vec<String>,
    pub until: Vec<String>,
    pub days: Vec<String>,
    pub hours: Vec<(String, String)>,
}

impl Times {
    /// Some days of November 2026 on which each of the kinds holds and does not.
    pub fn fixed() -> Times {
        let texts = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
        let hours = [("09:00", "17:30"), ("22:00", "06:00"), ("00:00", "00:00"), ("23:00", "23:59")];
        Times {
            now: texts(&[
                "2026-11-18T12:00:00Z",
                "2026-11-18T23:30:00Z",
                "2026-11-20T03:59:59Z",
                "2026-11-20T04:00:00Z",
                "2026-11-21T16:00:00Z",
                "2026-11-22T00:00:00Z",
            ]),
            from: texts(&["2026-11-18", "2026-11-18T12:00", "2026-11-19T23:00"]),
            until: texts(&["2026-12-18", "2026-12-20T23:00"]),
            days: texts(&["wednesday", "thursday", "friday", "saturday"]),
            hours: hours.map(|(from, until)| (from.to_owned(), until.to_owned())).to_vec(),
        }
    }
}

/// The word that a message with this signature shows.
pub fn mark(id: &str) -> String {
    format!("mark-of-{id}.")
}

/// What a body shows from top to bottom, where these signatures are used: their marks around the text of the author.
pub fn order(tenant: &Value, ids: &[&str], quotes: bool) -> Vec<String> {
    let at = |place: &str| {
        let entries = tenant["signatures"].as_array().into_iter().flatten();
        let placed: Vec<&str> =
            entries.filter(|entry| entry["place"] == place).filter_map(|entry| entry["id"].as_str()).collect();
        ids.iter().filter(move |id| placed.contains(id)).map(|id| mark(id)).collect::<Vec<_>>()
    };
    let word = |word: &str| vec![word.to_owned()];
    let quoted = if quotes { word("quoted") } else { Vec::new() };
    [at("top"), word("own"), at("reply"), quoted, at("bottom")].concat()
}

const ZONES: &[&str] = &["UTC", "Asia/Tokyo", "America/New_York", "Europe/London"];

const FIELDS: &[&str] =
    &["jobTitle", "department", "extension1", "extension2", "custom.team", "manager.jobTitle", "manager.custom.team"];

/// Draws from a seed (splitmix64).
pub struct Dice(pub u64);

impl Dice {
    pub fn number(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % below as u64).unwrap()
    }

    /// One time in so many.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.number(times) == 0
    }

    pub fn pick<T: Clone>(&mut self, from: &[T]) -> T {
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
    "x@xn--bcher-kva.example",
];
const PATTERNS: &[&str] =
    &["*@contoso.example", "a*", "*o@*", "x@fabrikam.example", "*@*.fabrikam.example", "*", "b*b@c*e", "*@Bücher.*"];
const DOMAINS: &[&str] =
    &["contoso.example", "*.example", "fabrikam.*", "*.fabrikam.example", "CONTOSO.*", "bücher.example", "BÜ*.example"];

/// One pixel.
const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

/// A tenant whose rules know the given times.
pub fn tenant(dice: &mut Dice, times: &Times) -> Value {
    let mut tenant = json!({
        "signet": 1, "id": "contoso", "name": "Contoso", "on_failure": "pass",
        "microsoft_tenant_id": "bf24ff3e-0000-4000-8000-000000000001",
        "peer": {"proof": "microsoft", "next_hop": {"host": "contoso.mail.protection.outlook.com", "port": 25,
            "name": "mail.protection.outlook.com"}}
    });
    tenant["domains"] = json!(["contoso.example", "contoso.onmicrosoft.example"]);
    tenant["people"] = json!([
        {"id": "ada", "addresses": ["ada@contoso.example", "ada.vance@contoso.onmicrosoft.example"],
         "attributes": {"jobTitle": "Engineer", "department": " Sales ", "extension1": "aab"}, "custom": {"team": "Sales Lead"},
         "manager": "bob"},
        {"id": "bob", "addresses": ["bob@contoso.example"], "attributes": {"jobTitle": "Sales Lead", "extension2": "b"},
         "custom": {"team": "x"}, "overrides": {"custom.team": "lead", "extension1": "b"}},
        {"id": "info", "kind": "shared", "addresses": ["info@contoso.example", "HELP@contoso.example"], "manager": "ada"},
        {"id": "lab", "kind": "room", "addresses": ["lab@contoso.example"], "attributes": {"department": "Lab"},
         "overrides": {"department": ""}}
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
        tenant["mode_ends"] = json!({"at": dice.pick(&times.now), "then": mode(dice)});
    }
    tenant["folders"] =
        (0..dice.number(3)).map(|at| json!({"id": format!("f{at}"), "enabled": !dice.once_in(4)})).collect();
    let folders = tenant["folders"].as_array().unwrap().len();
    tenant["signatures"] = (0..1 + dice.number(7)).map(|at| entry(dice, at, folders, times)).collect();
    tenant
}

/// Some people of the tenant get a photo, and some signatures show nothing else.
pub fn add_faces(tenant: &mut Value, dice: &mut Dice) {
    tenant["images"] = json!([{"id": "face", "type": "image/png", "base64": PNG}]);
    for person in tenant["people"].as_array_mut().unwrap() {
        if dice.once_in(2) {
            person["photo"] = json!("face");
        }
    }
    for entry in tenant["signatures"].as_array_mut().unwrap() {
        if dice.once_in(5) {
            entry["design"]["blocks"] = json!([{"type": "photo", "width": 40}]);
        }
    }
}

/// The mark: always, or where something is known about the sender.
fn blocks(dice: &mut Dice, id: &str) -> Value {
    let field = dice.pick(FIELDS);
    let text = |line: Value| json!([{"type": "text", "lines": [line]}]);
    match dice.number(8) {
        0 | 1 => text(json!([{"field": field}, format!(" {}", mark(id))])),
        2 => json!([{"type": "if", "when": [{"is": "not_empty", "field": field}], "then": text(json!([mark(id)]))}]),
        _ => text(json!([mark(id)])),
    }
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

fn entry(dice: &mut Dice, at: usize, folders: usize, times: &Times) -> Value {
    let id = format!("s{at}");
    let mut entry = json!({"id": id, "name": id, "place": dice.pick(&["top", "reply", "bottom"]), "applies": applies(dice, times),
        "design": {"version": 1, "blocks": blocks(dice, &id)}});
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
    let looks_for_words = !entry["applies"]["message"]["subject_contains"].is_null();
    if looks_for_words && !dice.once_in(3) {
        entry["remove_keyword"] = json!(true);
    }
    entry
}

fn applies(dice: &mut Dice, times: &Times) -> Value {
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
        applies["schedule"] = schedule(dice, times);
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
        let field = dice.pick(FIELDS);
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

fn schedule(dice: &mut Dice, times: &Times) -> Value {
    let mut schedule = json!({"zone": dice.pick(ZONES)});
    if dice.once_in(3) {
        schedule["from"] = json!(dice.pick(&times.from));
    }
    if dice.once_in(3) {
        schedule["until"] = json!(dice.pick(&times.until));
    }
    if dice.once_in(2) {
        schedule["days"] = dice.some(&times.days);
    }
    if dice.once_in(2) {
        let (from, until) = dice.pick(&times.hours);
        schedule["hours"] = json!({"from": from, "until": until});
    }
    schedule
}

/// A message at one of the given times.
pub fn letter(dice: &mut Dice, times: &Times) -> Letter {
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
        rich: dice.once_in(4),
        labels: if dice.once_in(3) { vec![label(dice)] } else { Vec::new() },
        anonymous: dice.once_in(15),
        octets: dice.pick(&[None, Some(1000), Some(1001), Some(100_000)]),
        to: (0..1 + dice.number(4)).map(|_| dice.pick(ADDRESSES).to_owned()).collect(),
        kind: dice.pick(&["first", "reply", "forward"]),
        html: dice.once_in(2),
        signed: dice.once_in(4),
        now: dice.pick(&times.now),
    }
}

/// The header of the letter as a server before us writes it.
pub fn head(letter: &Letter) -> String {
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
    field("Content-Type", Some(letter.content_type));
    for (id, name, set) in &letter.labels {
        let label =
            format!("MSIP_Label_{id}_Enabled={set};\n MSIP_Label_{id}_Name={name}; MSIP_Label_{id}_ContentBits=0");
        field("msip_labels", Some(&label));
    }
    let word = if letter.anonymous { "Anonymous" } else { "Internal" };
    field("X-MS-Exchange-CrossTenant-AuthAs", Some(word));
    head.truncate(head.trim_end().len());
    head
}
