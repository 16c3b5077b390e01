//! The slow evaluator: what each recipient gets, worked out from the rows of the store, or from a tenant file, and from
//! docs/tenant-file.md, without a line of the engine. Nothing is compiled, indexed or remembered; everything is looked
//! up again.
//!
//! Tests include it by its path: those of the rules, those of the store (with `rows`, which reads by SQL), and the end
//! to end ones.

pub mod generate;
mod schedule;

pub use schedule::in_time;

use serde_json::Value;

/// A message as its author and the servers before us made it.
#[derive(Debug, Clone, Default)]
pub struct Letter {
    pub mail_from: Option<String>,
    pub from: String,
    /// The Sender field.
    pub sender: Option<String>,
    pub subject: String,
    pub importance: Option<&'static str>,
    pub priority: Option<&'static str>,
    /// X-MS-Has-Attach.
    pub has_attach: Option<&'static str>,
    pub content_type: &'static str,
    /// In RTF.
    pub rich: bool,
    /// Id, name and whether it is set.
    pub labels: Vec<(&'static str, &'static str, bool)>,
    pub anonymous: bool,
    pub octets: Option<u64>,
    pub to: Vec<String>,
    /// first, reply, forward.
    pub kind: &'static str,
    pub html: bool,
    /// The new text carries the author's signature.
    pub signed: bool,
    /// As `2026-11-18T12:00:00Z`.
    pub now: String,
}

/// The ids of the signatures, joined by `+`, or the word of the reason.
pub fn decide(tenant: &Value, letter: &Letter, to: &str) -> String {
    let mut mode = &tenant["mode"];
    if tenant["mode_ends"]["at"].as_str().is_some_and(|at| at <= letter.now.as_str()) {
        mode = &tenant["mode_ends"]["then"];
    }
    if mode == "bypass" {
        return "bypass".to_owned();
    }
    let (author, way) = match author(tenant, letter) {
        Ok(found) => found,
        Err(word) => return word.to_owned(),
    };
    if letter.anonymous {
        return "not_internal".to_owned();
    }
    if !mode["pilot"].is_null() && !takes_part(tenant, &mode["pilot"], author, letter) {
        return "not_in_pilot".to_owned();
    }
    let ask = Ask { tenant, letter, author, way };
    match (ask.chosen(to), mode == "observe") {
        (Ok(_), true) => "observe".to_owned(),
        (Ok(ids), false) => ids.join("+"),
        (Err(word), _) => word.to_owned(),
    }
}

/// Whether the answer is signatures, and not a reason.
pub fn is_signed(answer: &str) -> bool {
    answer.split('+').all(|id| id.strip_prefix('s').is_some_and(|number| number.parse::<u8>().is_ok()))
}

/// The Subject as the recipients read it, blanks in a row as one, where these signatures are used.
pub fn subject_of(tenant: &Value, letter: &Letter, ids: &[&str]) -> String {
    let used = list(&tenant["signatures"]).iter().filter(|entry| ids.iter().any(|id| entry["id"] == *id));
    let mut subject = letter.subject.clone();
    let mut gone: Vec<String> = Vec::new();
    for entry in used.filter(|entry| entry["remove_keyword"] == true) {
        for word in list(&entry["applies"]["message"]["subject_contains"]).iter().map(lower) {
            if gone.contains(&word) {
                continue;
            }
            // Of ASCII and a few letters of which lower case has as many octets.
            if let Some(at) = subject.to_lowercase().find(&word) {
                subject.replace_range(at..at + word.len(), "");
            }
            gone.push(word);
        }
    }
    subject.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn lower(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_lowercase()
}

fn person<'a>(tenant: &'a Value, address: &str) -> Option<&'a Value> {
    let wanted = address.to_lowercase();
    list(&tenant["people"]).iter().find(|person| list(&person["addresses"]).iter().any(|own| lower(own) == wanted))
}

fn owns(person: &Value, address: &str) -> bool {
    list(&person["addresses"]).iter().any(|own| lower(own) == address.to_lowercase())
}

/// The first permission of the person for the address: `from` or `sender`.
fn permission<'a>(tenant: &'a Value, person: &Value, address: &str) -> Option<&'a str> {
    let entry = list(&tenant["send_as"]).iter().find(|entry| {
        list(&entry["addresses"]).iter().any(|one| lower(one) == address.to_lowercase()) && named(tenant, entry, person)
    })?;
    Some(entry["signature_of"].as_str().unwrap_or("from"))
}

fn author<'a>(tenant: &'a Value, letter: &Letter) -> Result<(&'a Value, &'static str), &'static str> {
    let owner = person(tenant, &letter.from);
    let sender =
        letter.mail_from.as_ref().and_then(|address| person(tenant, address)).or(owner).ok_or("unknown_sender")?;
    let own = owner.is_some_and(|owner| owner["id"] == sender["id"]);
    let author = if own {
        let delegate = letter.sender.as_ref().and_then(|address| person(tenant, address));
        let delegate = delegate.filter(|one| one["id"] != sender["id"]);
        delegate.filter(|one| permission(tenant, one, &letter.from) == Some("sender")).unwrap_or(sender)
    } else {
        match permission(tenant, sender, &letter.from) {
            Some("sender") => sender,
            Some(_) => owner.ok_or("foreign_from")?,
            None => return Err("foreign_from"),
        }
    };
    let others = letter.sender.as_ref().is_some_and(|sender| match owner {
        Some(owner) => !owns(owner, sender),
        None => sender.to_lowercase() != letter.from.to_lowercase(),
    });
    let first = || owner.is_some_and(|owner| lower(&owner["addresses"][0]) == letter.from.to_lowercase());
    let way = match (others, own) {
        (true, _) => "on_behalf",
        (false, false) => "send_as",
        (false, true) if first() => "primary",
        (false, true) => "alias",
    };
    Ok((author, way))
}

/// Whether `people` or `groups` of something name the person.
fn named(tenant: &Value, list_of: &Value, person: &Value) -> bool {
    list(&list_of["people"]).contains(&person["id"])
        || list(&list_of["groups"]).iter().any(|group| belongs(tenant, group, person, &mut Vec::new()))
}

fn belongs(tenant: &Value, group: &Value, person: &Value, seen: &mut Vec<Value>) -> bool {
    if seen.contains(group) {
        return false;
    }
    seen.push(group.clone());
    list(&tenant["groups"]).iter().filter(|entry| entry["id"] == *group).any(|entry| {
        list(&entry["members"]).contains(&person["id"])
            || list(&entry["groups"]).iter().any(|inner| belongs(tenant, inner, person, seen))
    })
}

fn takes_part(tenant: &Value, part: &Value, author: &Value, letter: &Letter) -> bool {
    let marked = part["marker"].as_str().is_some_and(|marker| {
        let words = letter.subject.split(|c: char| !c.is_alphanumeric());
        words.map(str::to_lowercase).any(|word| word == marker.to_lowercase())
    });
    marked || named(tenant, part, author)
}

/// A message whose author is known.
struct Ask<'a> {
    tenant: &'a Value,
    letter: &'a Letter,
    author: &'a Value,
    way: &'static str,
}

impl Ask<'_> {
    fn chosen(&self, to: &str) -> Result<Vec<String>, &'static str> {
        let mut chosen: Vec<&Value> = Vec::new();
        let mut signed_already = false;
        let mut closed: Vec<&str> = Vec::new();
        for entry in self.in_order() {
            let layer_of = |entry: &Value| entry["layer"].as_str().unwrap_or("signature").to_owned();
            let layer = entry["layer"].as_str().unwrap_or("signature");
            let used = chosen.iter().filter(|other: &&&Value| layer_of(other) == layer).count();
            if closed.contains(&layer)
                || used == 8
                || !self.applies(entry, to)
                || !self.shows(&entry["design"]["blocks"])
            {
                continue;
            }
            let policy = entry["applies"]["already_signed"].as_str().unwrap_or("skip");
            match (policy, self.letter.signed) {
                ("only", false) => continue,
                ("skip", true) => signed_already = true,
                _ => chosen.push(entry),
            }
            if entry["then_continue"] != true {
                closed.push(layer);
            }
        }
        match (chosen.is_empty(), signed_already) {
            (false, _) => Ok(chosen.iter().map(|entry| entry["id"].as_str().unwrap_or_default().to_owned()).collect()),
            (true, true) => Err("already_signed"),
            (true, false) => Err("no_signature"),
        }
    }

    /// Those that are switched on: folder by folder, then those in none.
    fn in_order(&self) -> Vec<&Value> {
        let on = || list(&self.tenant["signatures"]).iter().filter(|entry| entry["enabled"] == true);
        let mut all: Vec<&Value> = Vec::new();
        for folder in list(&self.tenant["folders"]).iter().filter(|folder| folder["enabled"] != false) {
            all.extend(on().filter(|entry| entry["folder"] == folder["id"]));
        }
        all.extend(on().filter(|entry| entry["folder"].is_null()));
        all
    }

    fn applies(&self, entry: &Value, to: &str) -> bool {
        let (applies, trial) = (&entry["applies"], &entry["trial"]);
        let except = &applies["except"];
        let given = |section: &Value| section.as_object().is_some_and(|keys| !keys.is_empty());
        let excepted = given(&except["senders"]) && self.is_sender(&except["senders"])
            || names_some(&except["recipients"]) && self.is_recipient(&except["recipients"], to)
            || given(&except["message"]) && self.is_message(&except["message"]);
        (trial.is_null() || takes_part(self.tenant, trial, self.author, self.letter))
            && self.is_sender(&applies["senders"])
            && (applies["recipients"].is_null() || self.is_recipient(&applies["recipients"], to))
            && self.is_message(&applies["message"])
            && (applies["schedule"].is_null() || in_time(&applies["schedule"], &self.letter.now))
            && !excepted
    }

    /// Whether a reader sees anything of these blocks.
    fn shows(&self, blocks: &Value) -> bool {
        let line = |line: &Value| {
            let mut fields = list(line).iter().filter_map(|span| span["field"].as_str()).peekable();
            fields.peek().is_none() || fields.any(|field| !self.fact(field).is_empty())
        };
        list(blocks).iter().any(|block| match block["type"].as_str().unwrap_or_default() {
            "text" => list(&block["lines"]).iter().any(line),
            "photo" => self.letter.html && !self.author["photo"].is_null(),
            "if" => list(&block["when"]).iter().all(|test| self.has(test)) && self.shows(&block["then"]),
            other => panic!("{other}"),
        })
    }

    fn is_sender(&self, senders: &Value) -> bool {
        let from = self.letter.from.to_lowercase();
        let domain = from.rsplit('@').next().unwrap_or_default();
        let lists = ["people", "groups", "domains", "addresses"];
        let nobody = lists.iter().all(|key| list(&senders[*key]).is_empty());
        let such = |key: &str, text: &str| list(&senders[key]).iter().any(|one| alike(&lower(one), text));
        let is_among = |key: &str, value: &str| {
            list(&senders[key]).is_empty() || list(&senders[key]).iter().any(|one| one == value)
        };
        (nobody || named(self.tenant, senders, self.author) || such("domains", domain) || such("addresses", &from))
            && is_among("kinds", self.author["kind"].as_str().unwrap_or("user"))
            && is_among("writes_as", self.way)
            && list(&senders["attributes"]).iter().all(|test| self.has(test))
    }

    fn has(&self, test: &Value) -> bool {
        let value = self.fact(test["field"].as_str().unwrap_or_default());
        let (value, wanted) = (value.as_str(), lower(&test["value"]));
        match test["is"].as_str().unwrap_or_default() {
            "equals" => value == wanted.trim(),
            "contains" => value.contains(&wanted),
            "starts_with" => value.starts_with(&wanted),
            "ends_with" => value.ends_with(&wanted),
            "matches" => (0..=value.len()).any(|at| matches(wanted.as_bytes(), value.as_bytes(), at)),
            "empty" => value.is_empty(),
            "not_empty" => !value.is_empty(),
            other => panic!("{other}"),
        }
    }

    /// In lower case.
    fn fact(&self, field: &str) -> String {
        let (whose, field) = match field.strip_prefix("manager.") {
            Some(field) => {
                let people = list(&self.tenant["people"]);
                (people.iter().find(|one| one["id"] == self.author["manager"]), field)
            }
            None => (Some(self.author), field),
        };
        whose.map(|person| fact(person, field)).unwrap_or_default().trim().to_owned()
    }

    fn is_recipient(&self, recipients: &Value, to: &str) -> bool {
        let such = |to: &String| self.is_listed(recipients, &to.to_lowercase());
        match recipients["judged"].as_str().unwrap_or("each") {
            "each" => such(&to.to_owned()),
            "any" => self.letter.to.iter().any(such),
            "all" => self.letter.to.iter().all(such),
            other => panic!("{other}"),
        }
    }

    fn is_listed(&self, recipients: &Value, to: &str) -> bool {
        let domain = to.rsplit('@').next().unwrap_or_default();
        let internal = list(&self.tenant["domains"]).iter().any(|own| lower(own) == domain);
        let audience = recipients.as_str().or(recipients["audience"].as_str()).unwrap_or("any");
        let right_side = audience == "any" || (audience == "internal") == internal;
        let lists = ["addresses", "domains", "people", "groups"];
        let nobody = lists.iter().all(|key| list(&recipients[*key]).is_empty());
        let such = |key: &str, text: &str| list(&recipients[key]).iter().any(|one| alike(&lower(one), text));
        let ours = || person(self.tenant, to).is_some_and(|person| named(self.tenant, recipients, person));
        right_side && (nobody || such("addresses", to) || such("domains", domain) || ours())
    }

    fn is_message(&self, message: &Value) -> bool {
        let letter = self.letter;
        let among =
            |key: &str, word: &str| list(&message[key]).is_empty() || list(&message[key]).iter().any(|one| one == word);
        let format = if letter.rich {
            "rtf"
        } else if letter.html {
            "html"
        } else {
            "plain"
        };
        let importance = match (letter.importance, letter.priority) {
            (Some(word), _) => word,
            (None, Some("1" | "2 (High)")) => "high",
            (None, Some("4" | "5")) => "low",
            _ => "normal",
        };
        let attached = match letter.has_attach {
            Some(word) => word == "yes",
            None => letter.content_type.starts_with("multipart/mixed"),
        };
        let subject = letter.subject.to_lowercase();
        let words = list(&message["subject_contains"]);
        let labels = list(&message["sensitivity_labels"]);
        let has_label = |wanted: &Value| {
            let wanted = lower(wanted);
            let set = letter.labels.iter().filter(|(_, _, set)| *set);
            set.into_iter().any(|(id, name, _)| id.to_lowercase() == wanted || name.to_lowercase() == wanted)
        };
        let above =
            message["larger_than_bytes"].as_u64().is_none_or(|limit| letter.octets.is_some_and(|all| all > limit));
        let below =
            message["smaller_than_bytes"].as_u64().is_none_or(|limit| letter.octets.is_some_and(|all| all < limit));
        among("kinds", letter.kind)
            && among("formats", format)
            && among("importance", importance)
            && (words.is_empty() || words.iter().any(|word| subject.contains(&lower(word))))
            && message["has_attachment"].as_bool().is_none_or(|wanted| wanted == attached)
            && (labels.is_empty() || labels.iter().any(has_label))
            && above
            && below
    }
}

/// Whether recipients are meant that are not all there are.
fn names_some(recipients: &Value) -> bool {
    let lists = ["addresses", "domains", "people", "groups"];
    let audience = recipients.as_str().or(recipients["audience"].as_str()).unwrap_or("any");
    audience != "any" || lists.iter().any(|key| !list(&recipients[*key]).is_empty())
}

/// In lower case. What is overridden is told first.
fn fact(person: &Value, field: &str) -> String {
    let told = match field.strip_prefix("custom.") {
        Some(name) => &person["custom"][name],
        None => &person["attributes"][field],
    };
    let overridden = &person["overrides"][field];
    lower(if overridden.is_null() { told } else { overridden })
}

/// The one internationalised domain of the generator stands in patterns as it is read and in messages in ASCII.
fn alike(pattern: &str, text: &str) -> bool {
    let (read, written) = ("b\u{fc}cher", "xn--bcher-kva");
    let (as_read, as_written) = (|one: &str| one.replace(written, read), |one: &str| one.replace(read, written));
    like(as_read(pattern).as_bytes(), as_read(text).as_bytes())
        || like(as_written(pattern).as_bytes(), as_written(text).as_bytes())
}

/// `*` stands for any text.
fn like(pattern: &[u8], text: &[u8]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some((b'*', rest)) => (0..=text.len()).any(|skip| like(rest, &text[skip..])),
        Some((octet, rest)) => text.first() == Some(octet) && like(rest, &text[1..]),
    }
}

/// Expressions of octets, `.`, `x*`, `^` and `$`, from a place on.
fn matches(expression: &[u8], text: &[u8], at: usize) -> bool {
    match expression {
        [] => true,
        [b'^', rest @ ..] => at == 0 && matches(rest, text, at),
        [b'$'] => at == text.len(),
        [octet, b'*', rest @ ..] => (at..=text.len())
            .take_while(|end| text[at..*end].iter().all(|one| one == octet || *octet == b'.'))
            .any(|end| matches(rest, text, end)),
        [octet, rest @ ..] => at < text.len() && (text[at] == *octet || *octet == b'.') && matches(rest, text, at + 1),
    }
}
