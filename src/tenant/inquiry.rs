//! A message that is asked about, described in a few words or at hand, as the engine sees it: for those who want to know
//! which signature it would get. Nothing is sent, and nothing of it is kept.

use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;
use serde::Serialize;

use super::candidates::Envelope;
use super::copies::Copies;
use super::explain::{Explanation, Question};
use super::snapshot::Snapshot;
use super::{Format, Importance, MessageKind};
use crate::imprint::place::Separators;
use crate::imprint::{BodyFacts, Fate, HeaderBlock, Imprinter, Kind, Limits, Quoted, Reason, Step};

/// A message in a few words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// The address in From.
    pub from: String,
    pub subject: String,
    pub kind: MessageKind,
    pub format: Format,
    pub importance: Option<Importance>,
    /// Name of its sensitivity label.
    pub label: Option<String>,
    pub attachment: bool,
}

/// A message that is asked about.
#[derive(Debug)]
pub struct Inquiry {
    pub headers: HeaderBlock,
    /// Or why it is left as it came, whatever the rules say.
    pub body: Result<BodyFacts, Reason>,
    /// To be read again for an organisation with separators of its own.
    pub(super) message: Bytes,
}

/// What becomes of a message, and what each recipient would get by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// Ids of the signatures that some copy of the message gets, in order.
    pub signatures: Vec<String>,
    /// Why no copy gets one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left: Option<&'static str>,
    /// By the rules alone the recipients get different things, each its own copy of the message.
    pub recipients_differ: bool,
    /// One for each recipient. Empty where the message is left whatever the rules say.
    pub explanations: Vec<Explanation>,
}

/// A part of a description that cannot stand in a message: its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ControlCharacter(pub &'static str);

impl Inquiry {
    /// A message as it is described.
    ///
    /// # Errors
    /// A text with a control character in it.
    pub fn described(description: &Description) -> Result<Inquiry, ControlCharacter> {
        let Description { from, subject, kind, format, importance, label, attachment } = description;
        let mut head = String::new();
        let mut field = |name: &str, told: &'static str, value: &str| {
            if value.chars().any(char::is_control) {
                return Err(ControlCharacter(told));
            }
            head.push_str(&format!("{name}: {value}\r\n"));
            Ok(())
        };
        field("From", "from", from)?;
        field("Subject", "subject", subject)?;
        if let Some(importance) = importance {
            let word = match importance {
                Importance::Low => "low",
                Importance::Normal => "normal",
                Importance::High => "high",
            };
            field("Importance", "importance", word)?;
        }
        if let Some(label) = label {
            let value = format!("MSIP_Label_0_Enabled=true; MSIP_Label_0_Name={label}");
            field("msip_labels", "label", &value)?;
        }
        field("X-MS-Has-Attach", "attachment", if *attachment { "yes" } else { "" })?;
        head.push_str("\r\n");
        let kind = match kind {
            MessageKind::First => Kind::First,
            MessageKind::Reply => Kind::Reply,
            MessageKind::Forward => Kind::Forward,
        };
        let rich = *format == Format::Rtf;
        let html = *format == Format::Html;
        let body = BodyFacts { kind, html, plain: !rich, rich, signature_words: Vec::new(), seen: None };
        Ok(Inquiry { headers: HeaderBlock::parse(Bytes::from(head)), body: Ok(body), message: Bytes::new() })
    }

    /// A message as it would come in. `None` when there is no header to be found.
    pub fn read(message: Bytes) -> Option<Inquiry> {
        let (headers, body) = read(&message, &Arc::default());
        headers.map(|headers| Inquiry { headers, body, message })
    }

    /// Addresses that the message names as its author's: whose people matter to an answer.
    pub fn authors(&self) -> Vec<String> {
        ["From", "Sender"].into_iter().flat_map(|name| self.headers.addresses(name)).collect()
    }

    /// What becomes of the message, and why; whoever is not in the envelope is the author.
    pub fn explain(&self, snapshot: &Snapshot, envelope: Envelope<'_>, now: Timestamp) -> Answer {
        let separators = snapshot.separators();
        let again = !self.message.is_empty() && !separators.is_empty();
        let body = if again { read(&self.message, separators).1 } else { self.body.clone() };
        let body = match &body {
            Ok(body) => body,
            Err(reason) => return Answer::left(reason.word()),
        };
        let explain =
            |recipient| snapshot.explain(&Question { envelope, headers: &self.headers, body, recipient, now });
        Answer::of((0..envelope.recipients.len()).map(explain).collect())
    }
}

/// What the imprinter finds in a message.
fn read(message: &Bytes, separators: &Arc<Separators>) -> (Option<HeaderBlock>, Result<BodyFacts, Reason>) {
    let mut imprinter = Imprinter::new(Limits::default(), [0; 16]);
    imprinter.feed(message.clone());
    imprinter.end();
    let (mut headers, mut body) = (None, None);
    loop {
        match imprinter.poll() {
            Step::Headers(block) => {
                headers = Some(block);
                imprinter.separate_at(Arc::clone(separators));
                imprinter.go_on();
            }
            Step::Body(facts) => {
                body = Some(BodyFacts { seen: imprinter.seen(Quoted::Too).map(Arc::new), ..facts });
                imprinter.leave(Reason::Observe);
            }
            Step::Output(_) => {}
            // Everything was fed: it asks for nothing more, and if it did this would be its end.
            Step::NeedInput => imprinter.leave(Reason::Fault),
            Step::Done(outcome) => {
                let reason = match outcome.fate {
                    Fate::Left(reason) => reason,
                    Fate::Signed => Reason::Fault,
                };
                return (headers, body.ok_or(reason));
            }
        }
    }
}

impl Answer {
    fn left(word: &'static str) -> Answer {
        Answer { signatures: Vec::new(), left: Some(word), recipients_differ: false, explanations: Vec::new() }
    }

    /// As on the mail path: those who get the same share a copy of the message, as far as copies are made.
    fn of(mut explanations: Vec<Explanation>) -> Answer {
        let Some(first) = explanations.first() else { return Answer::left(Reason::NoSignature.word()) };
        let (left, recipients_differ) =
            (first.left, explanations.iter().any(|other| other.by_rules() != first.by_rules()));
        let signed = |one: &Explanation| (!one.signatures.is_empty()).then(|| one.signatures.clone());
        let copies = Copies::of(&explanations.iter().map(signed).collect::<Vec<_>>());
        for (explanation, copy) in explanations.iter_mut().zip(&copies.of) {
            if copies.made_by.get(*copy).is_some_and(Option::is_none) && !explanation.signatures.is_empty() {
                explanation.leave_for_want_of_copies();
            }
        }
        let mut signatures: Vec<String> = Vec::new();
        for id in explanations.iter().flat_map(|explanation| &explanation.signatures) {
            if !signatures.contains(id) {
                signatures.push(id.clone());
            }
        }
        let left = left.filter(|_| signatures.is_empty());
        Answer { signatures, left, recipients_differ, explanations }
    }
}
