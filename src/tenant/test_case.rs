//! Test cases: messages with what each recipient is to get, tried with the rules before these are published.
//!
//! A case is decided by the code that explains, which is the code of the mail path; so mail and cases never differ. The
//! mode is no matter of it: rules are tried before their tenant is live. Of a message a case keeps the envelope, the
//! header fields that conditions look at, the kind and the formats, and nothing else.

use bytes::Bytes;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::candidates::Envelope;
use super::explain::Explanation;
use super::inquiry::Inquiry;
use super::snapshot::Snapshot;
use super::{Address, MessageKind, Problem};
use crate::imprint::{BodyFacts, HeaderBlock, Kind};

/// Recipients of one case.
const MOST_RECIPIENTS: usize = 20;
/// Characters of a name, and of the value of a header field.
const MOST_NAME: usize = 200;
const MOST_VALUE: usize = 2000;
/// Signatures of one recipient.
const MOST_SIGNATURES: usize = 20;

/// Fields of which a case keeps the whole value.
const KEPT: [&str; 9] = [
    "From",
    "Sender",
    "Subject",
    "Importance",
    "X-Priority",
    "msip_labels",
    "X-MS-Has-Attach",
    "X-MS-Journal-Report",
    "X-MS-Exchange-CrossTenant-AuthAs",
];
/// Of this one the type alone: names of files and words between parts are content.
const MEDIA_TYPE: &str = "Content-Type";

/// A message and what is expected of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TestCase {
    pub name: String,
    pub message: TestMessage,
    /// For some recipients of the message, or all.
    pub expected: Vec<Expectation>,
}

/// What is kept of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TestMessage {
    /// By the envelope; without it, the author.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender: Option<String>,
    pub recipients: Vec<String>,
    /// Only those that conditions look at.
    pub headers: Vec<HeaderKept>,
    pub kind: MessageKind,
    /// There is HTML to be signed.
    pub html: bool,
    /// There is plain text to be signed.
    pub plain: bool,
    /// There is rich text to be signed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rich: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub octets: Option<u64>,
    /// When it is sent, as `2026-12-01T09:00:00Z`; without it, whenever the case is tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub at: Option<Timestamp>,
}

/// One field, unfolded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HeaderKept {
    pub name: String,
    pub value: String,
}

/// What one recipient is to get.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    pub recipient: String,
    /// Ids of signatures, in order; none: the message is left as it came.
    pub signatures: Vec<String>,
}

/// A recipient who would get something else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Deviation {
    pub recipient: String,
    pub expected: Vec<String>,
    pub got: Vec<String>,
    /// In words.
    pub why: String,
}

impl Inquiry {
    /// What a test case keeps of the message; `None` of one that is left whatever the rules say.
    pub fn kept(&self, envelope: Envelope<'_>, at: Option<Timestamp>) -> Option<TestMessage> {
        let BodyFacts { kind, html, plain, rich, signature_words: _, seen: _ } = self.body.as_ref().ok()?;
        let mut headers = Vec::new();
        for name in KEPT.into_iter().chain([MEDIA_TYPE]) {
            for value in self.headers.all(name) {
                let value = crate::imprint::unfold(value);
                let value = match name {
                    MEDIA_TYPE => value.split(';').next().unwrap_or_default().trim(),
                    _ => value.trim(),
                };
                let value = value.chars().filter(|c| !c.is_control()).take(MOST_VALUE).collect();
                headers.push(HeaderKept { name: name.to_owned(), value });
            }
        }
        Some(TestMessage {
            sender: envelope.sender.map(str::to_owned),
            recipients: envelope.recipients.to_vec(),
            headers,
            kind: match kind {
                Kind::First => MessageKind::First,
                Kind::Reply => MessageKind::Reply,
                Kind::Forward => MessageKind::Forward,
            },
            html: *html,
            plain: *plain,
            rich: *rich,
            octets: envelope.octets,
            at,
        })
    }
}

impl TestMessage {
    /// The message as the rules see it.
    fn inquiry(&self) -> Inquiry {
        let fields: String =
            self.headers.iter().map(|HeaderKept { name, value }| format!("{name}: {value}\r\n")).collect();
        let kind = match self.kind {
            MessageKind::First => Kind::First,
            MessageKind::Reply => Kind::Reply,
            MessageKind::Forward => Kind::Forward,
        };
        let body = BodyFacts {
            kind,
            html: self.html,
            plain: self.plain,
            rich: self.rich,
            signature_words: Vec::new(),
            seen: None,
        };
        Inquiry { headers: HeaderBlock::parse(Bytes::from(fields + "\r\n")), body: Ok(body), message: Bytes::new() }
    }

    /// Whose people matter to it.
    pub fn addresses(&self) -> Vec<String> {
        let mut addresses = self.inquiry().authors();
        addresses.extend(self.sender.iter().chain(&self.recipients).cloned());
        addresses
    }
}

impl TestCase {
    /// Who would get something else than is expected; nobody: it passes.
    pub fn deviations(&self, snapshot: &Snapshot, now: Timestamp) -> Vec<Deviation> {
        let message = &self.message;
        let inquiry = message.inquiry();
        let author = inquiry.authors().into_iter().next();
        let sender = message.sender.as_deref().or(author.as_deref());
        let envelope = Envelope { sender, recipients: &message.recipients, octets: message.octets };
        let answer = inquiry.explain(snapshot, envelope, message.at.unwrap_or(now));
        let judge = |expected: &Expectation| {
            let told = answer.explanations.iter().find(|one| one.recipient == expected.recipient)?;
            let (got, _) = told.by_rules();
            (got != expected.signatures).then(|| Deviation {
                recipient: expected.recipient.clone(),
                expected: expected.signatures.clone(),
                got: got.to_vec(),
                why: why(told, expected, got),
            })
        };
        self.expected.iter().filter_map(judge).collect()
    }

    /// What is wrong with it.
    pub fn problems(&self) -> Vec<Problem> {
        let mut found = Vec::new();
        let mut say = |place: String, message: &str| found.push(Problem::at(place, message));
        if self.name.trim().is_empty() || self.name.chars().count() > MOST_NAME {
            say("/name".into(), "has 1 to 200 characters");
        }
        let TestMessage { sender, recipients, headers, .. } = &self.message;
        if !(1..=MOST_RECIPIENTS).contains(&recipients.len()) {
            say("/message/recipients".into(), "a test case has 1 to 20 recipients");
        }
        for (at, recipient) in recipients.iter().enumerate() {
            if Address::parse(recipient).is_none() {
                say(format!("/message/recipients/{at}"), "is no address");
            } else if recipients.iter().take(at).any(|other| other == recipient) {
                say(format!("/message/recipients/{at}"), "stands twice");
            }
        }
        if sender.as_ref().is_some_and(|sender| !sender.is_empty() && Address::parse(sender).is_none()) {
            say("/message/sender".into(), "is no address");
        }
        if headers.len() > 2 * KEPT.len() {
            say("/message/headers".into(), "has too many fields");
        }
        for (at, HeaderKept { name, value }) in headers.iter().enumerate() {
            if !KEPT.contains(&name.as_str()) && name != MEDIA_TYPE {
                say(format!("/message/headers/{at}/name"), "is no field that a condition looks at");
            }
            let no_content = name != MEDIA_TYPE || !value.contains(';');
            if value.chars().any(char::is_control) || value.chars().count() > MOST_VALUE || !no_content {
                say(format!("/message/headers/{at}/value"), "is too long, or has in it what is not kept");
            }
        }
        if self.expected.is_empty() {
            say("/expected".into(), "says nothing");
        }
        for (at, Expectation { recipient, signatures }) in self.expected.iter().enumerate() {
            let twice = self.expected.iter().take(at).any(|other| other.recipient == *recipient);
            if twice || !recipients.contains(recipient) {
                say(format!("/expected/{at}/recipient"), "is no recipient of the message, or stands twice");
            }
            if signatures.len() > MOST_SIGNATURES || signatures.iter().any(|id| id.len() > 64) {
                say(format!("/expected/{at}/signatures"), "names too many signatures, or what is none");
            }
        }
        found
    }
}

/// What kept the signature back that was expected; else which one came instead.
fn why(told: &Explanation, expected: &Expectation, got: &[String]) -> String {
    let missing = expected.signatures.iter().find(|id| !got.contains(id));
    let Some(missing) = missing else {
        let more: Vec<&str> = got.iter().filter(|id| !expected.signatures.contains(id)).map(String::as_str).collect();
        return match more.is_empty() {
            true => "they come in another order".to_owned(),
            false => format!("{} applies too", more.join(", ")),
        };
    };
    let rule = told.rules.iter().find(|rule| rule.id == *missing);
    let note = rule.and_then(|rule| rule.notes.iter().rev().find(|note| !note.holds));
    match (rule, note) {
        (_, Some(note)) => format!("{missing} does not apply: {}", note.why),
        (Some(_), None) => format!("{missing} is not reached"),
        (None, _) if told.rules.is_empty() => told.summary.clone(),
        (None, _) => format!("there is no signature {missing}"),
    }
}
