//! Why a recipient of a message gets what it gets: every signature of the tenant in order, with what was found about it,
//! in words.
//!
//! It runs the decision of the mail path itself, with a trail that writes down; so both cannot disagree. What comes
//! before the rules (the body cannot be signed, the edge has a trouble) and after them (a size limit) is not known
//! here.

use std::fmt::{Display, Formatter, Result as Written};

use jiff::Timestamp;
use serde::Serialize;

use super::candidates::{Choice, Envelope};
use super::copies::MOST_COPIES;
use super::rule::{Finding, HeaderFacts, Section, Trail};
use super::signature::{SwitchedOff, SwitchedOffBy};
use super::snapshot::Snapshot;
use super::{Layer, Signature};
use crate::imprint::{BodyFacts, HeaderBlock, Reason};

/// One message and the recipient that is asked about.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    pub envelope: Envelope<'a>,
    pub headers: &'a HeaderBlock,
    pub body: &'a BodyFacts,
    /// Its place among the recipients of the envelope, from 0.
    pub recipient: usize,
    pub now: Timestamp,
}

/// What one recipient gets, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    pub recipient: String,
    /// Id of the person whose signature it is or would be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// Ids of the signatures that the message gets, in order.
    pub signatures: Vec<String>,
    /// Why it gets none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left: Option<&'static str>,
    /// What it would get if the mode did not say otherwise.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub would_be: Vec<String>,
    /// Keywords of rules that are taken out of the Subject.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub taken_out: Vec<String>,
    /// All in one sentence.
    pub summary: String,
    /// Every signature of the tenant, in the order in which they are tried. Empty where the message was left before
    /// any was tried.
    pub rules: Vec<RuleTrail>,
}

/// What was found about one signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleTrail {
    pub id: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    pub layer: Layer,
    /// All conditions hold and its turn came.
    pub used: bool,
    /// What was asked, in order; the last one decides.
    pub notes: Vec<Note>,
    #[serde(skip)]
    place_in_order: usize,
}

/// One condition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    pub section: Section,
    pub holds: bool,
    /// Why, in words.
    pub why: String,
}

impl Explanation {
    /// What it would be but for the mode.
    pub(super) fn by_rules(&self) -> (&[String], Option<&'static str>) {
        match self.would_be.is_empty() {
            true => (&self.signatures, self.left),
            false => (&self.would_be, None),
        }
    }

    /// There are more kinds of copies than are made of one message, and its is none of them.
    pub(super) fn leave_for_want_of_copies(&mut self) {
        self.left = Some(Reason::RecipientsDiffer.word());
        self.summary = format!(
            "The message comes to {} as it is: its recipients would need more than {MOST_COPIES} different copies.",
            self.recipient
        );
        self.would_be = std::mem::take(&mut self.signatures);
    }
}

impl Snapshot {
    /// Why one recipient of a message gets what it gets.
    pub fn explain(&self, question: &Question<'_>) -> Explanation {
        let Question { envelope, headers, body, recipient, now } = question;
        let facts = HeaderFacts::new(headers, envelope.octets);
        let mut recorder = Recorder::new(self, *recipient);
        let admitted = self.admit(envelope, headers, &facts, *now);
        // What the mode alone keeps back is explained all the same: a rule is tried out before its tenant is live.
        let (author, kept_back) = match admitted {
            Err(reason @ (Reason::Bypass | Reason::NotInPilot)) => (self.attribute(envelope, headers), Some(reason)),
            author => (author, None),
        };
        let person = author.as_ref().ok().map(|author| author.person.id().to_owned());
        let decided = author.and_then(|author| self.applicable(author, envelope, &facts, *now, &mut recorder));
        let (choice, would_be) = match decided {
            Ok(candidates) => {
                let would_be = candidates.would_choose_for(self, *recipient, body, &mut recorder);
                (candidates.under_mode(would_be.clone()), would_be)
            }
            Err(reason) => (Choice::Leave(reason), Choice::Leave(reason)),
        };
        let choice = kept_back.map_or(choice, Choice::Leave);
        let ((signatures, left), (would_be, _)) = (parts(&choice), parts(&would_be));
        let taken_out = match &choice {
            Choice::Sign(signed) => signed.keywords(),
            Choice::Leave(_) => Vec::new(),
        };
        let taken_out = taken_out.into_iter().filter(|keyword| facts.subject().contains(&keyword.to_lowercase()));
        let taken_out = taken_out.collect();
        let rules = if person.is_some() { recorder.finish(&would_be) } else { Vec::new() };
        let would_be = if would_be == signatures { Vec::new() } else { would_be };
        Explanation {
            recipient: envelope.recipients.get(*recipient).cloned().unwrap_or_default(),
            summary: summary(person.as_deref(), &signatures, left),
            person,
            signatures,
            left: left.map(Reason::word),
            would_be,
            taken_out,
            rules,
        }
    }
}

fn parts(choice: &Choice) -> (Vec<String>, Option<Reason>) {
    match choice {
        Choice::Sign(signed) => (signed.signature_ids().map(str::to_owned).collect(), None),
        Choice::Leave(reason) => (Vec::new(), Some(*reason)),
    }
}

fn summary(person: Option<&str>, signatures: &[String], left: Option<Reason>) -> String {
    let person = person.unwrap_or_default();
    let because = match left {
        None => return format!("Signed for `{person}` with {}.", signatures.join(", ")),
        Some(Reason::Bypass) => "the mode is bypass",
        Some(Reason::Observe) => "the mode is observe",
        Some(Reason::NotInPilot) => "the mode is pilot, and this message takes no part in it",
        Some(Reason::Report) => "it is a journal report",
        Some(Reason::UnknownSender) => "nobody of the tenant is the sender",
        Some(Reason::ForeignFrom) => {
            "its From address is not the sender's, and no entry of `send_as` lets the sender write from it"
        }
        Some(Reason::NotInternal) => "Microsoft 365 does not say that its author was authenticated",
        Some(Reason::NoSignature) => "no signature applies",
        Some(Reason::SignatureTooLarge) => "the signature would be too large for this sender",
        Some(Reason::AlreadySigned) => "the new text carries a signature of the sender already",
        Some(reason) => return format!("Left as it came: {}.", reason.word()),
    };
    format!("Left as it came: {because}.")
}

/// Writes down what is found about each signature for one recipient.
struct Recorder {
    recipient: usize,
    rules: Vec<RuleTrail>,
    /// The one the next finding is about; `None` while it is about another recipient.
    at: Option<usize>,
}

impl Recorder {
    fn new(snapshot: &Snapshot, recipient: usize) -> Recorder {
        let on = snapshot.signatures().map(|signature| RuleTrail {
            id: signature.id().to_owned(),
            name: signature.name().to_owned(),
            folder: signature.folder().map(str::to_owned),
            layer: signature.layer(),
            used: false,
            notes: Vec::new(),
            place_in_order: signature.place_in_order(),
        });
        let mut rules: Vec<RuleTrail> =
            on.chain(snapshot.switched_off().iter().map(RuleTrail::of_switched_off)).collect();
        rules.sort_by_key(|rule| rule.place_in_order);
        Recorder { recipient, rules, at: None }
    }

    /// `used` are the ids of those that are.
    fn finish(mut self, used: &[String]) -> Vec<RuleTrail> {
        for rule in &mut self.rules {
            rule.used = used.contains(&rule.id);
        }
        self.rules
    }
}

impl RuleTrail {
    fn of_switched_off(signature: &SwitchedOff) -> RuleTrail {
        let why = match signature.by {
            SwitchedOffBy::Itself => "switched off",
            SwitchedOffBy::Folder => "its folder is switched off",
        };
        RuleTrail {
            id: signature.id.clone(),
            name: signature.name.clone(),
            folder: signature.folder.clone(),
            layer: signature.layer,
            used: false,
            notes: vec![Note { section: Section::Switch, holds: false, why: why.to_owned() }],
            place_in_order: signature.place_in_order,
        }
    }
}

impl Trail for Recorder {
    fn turns_to(&mut self, signature: &Signature, recipient: Option<usize>) {
        let ours = recipient.is_none_or(|recipient| recipient == self.recipient);
        let place = signature.place_in_order();
        self.at = ours.then(|| self.rules.binary_search_by_key(&place, |rule| rule.place_in_order).ok()).flatten();
    }

    fn hears(&mut self, section: Section, finding: Finding<'_>) -> bool {
        let holds = finding.is_ok();
        if let Some(rule) = self.at.and_then(|at| self.rules.get_mut(at)) {
            let why = match finding {
                Ok(hit) => hit.to_string(),
                Err(miss) => miss.to_string(),
            };
            rule.notes.push(Note { section, holds, why });
        }
        holds
    }
}

impl Display for Explanation {
    fn fmt(&self, out: &mut Formatter<'_>) -> Written {
        writeln!(out, "{}: {}", self.recipient, self.summary)?;
        if !self.would_be.is_empty() {
            writeln!(out, "  Without the mode it would be signed with {}.", self.would_be.join(", "))?;
        }
        for keyword in &self.taken_out {
            writeln!(out, "  `{keyword}` is taken out of the subject.")?;
        }
        self.rules.iter().try_for_each(|rule| rule.fmt(out))
    }
}

impl Display for RuleTrail {
    fn fmt(&self, out: &mut Formatter<'_>) -> Written {
        let tick = |holds: bool| if holds { "yes" } else { "no " };
        let folder = self.folder.as_ref().map(|folder| format!("{folder}/")).unwrap_or_default();
        writeln!(out, "  {} {folder}{} ({})", tick(self.used), self.id, self.layer.word())?;
        self.notes
            .iter()
            .try_for_each(|note| writeln!(out, "        {} {}: {}", tick(note.holds), note.section.word(), note.why))
    }
}
