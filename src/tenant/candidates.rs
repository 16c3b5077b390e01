//! Whether a message may be signed, and what each recipient gets.
//!
//! The decision falls in two steps. [`Snapshot::candidates`] binds the sender from envelope and headers: it is the
//! person of MAIL FROM by any address, else (null sender, SRS, nobody's) the person of From, and it is signed only
//! when From is that person's own or a permitted one and Microsoft 365 does not doubt the author.
//! [`Candidates::choose`] adds what the body shows. A doubt never refuses a message; it leaves it unsigned, with
//! the reason.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use jiff::Timestamp;

use super::file::{Mode, SignatureOf};
use super::people::Person;
use super::rule::{HeaderFacts, HeadersHold, Recipient, Sender};
use super::snapshot::{Permission, Signature, Snapshot};
use crate::imprint::{BodyFacts, HeaderBlock, Reason};

/// Most signatures put on one message by `then_continue`.
pub(super) const STACK: usize = 8;

/// Who sends to whom, as the SMTP dialogue said.
#[derive(Debug, Clone, Copy)]
pub struct Envelope<'a> {
    /// MAIL FROM; `None` for the null path.
    pub sender: Option<&'a str>,
    /// RCPT TO, in order.
    pub recipients: &'a [String],
}

/// A message that may be signed, before its body was seen. Owns what it needs, so that it can be kept while the
/// message streams and the snapshot changes.
#[derive(Debug, Clone)]
pub struct Candidates {
    person: Arc<Person>,
    word: String,
    observed: bool,
    /// Signatures whose sender, schedule and header conditions hold.
    signatures: Vec<(Arc<Signature>, HeadersHold)>,
    /// The distinct sets of them that suit some recipient, as positions.
    patterns: Vec<Vec<usize>>,
    /// For each recipient, its pattern.
    recipients: Vec<usize>,
}

/// What one recipient gets.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Choice {
    Sign(Arc<Signed>),
    Leave(Reason),
}

/// A person and the signatures for one message, in order. Equal when both are the same by id.
#[derive(Debug, Clone)]
pub struct Signed {
    pub(super) person: Arc<Person>,
    pub(super) signatures: Vec<Arc<Signature>>,
}

impl Snapshot {
    /// Decides from envelope and headers whether the message may be signed.
    ///
    /// # Errors
    /// Why not: [`Reason::Bypass`], [`Reason::Report`] (a journal report), [`Reason::UnknownSender`],
    /// [`Reason::ForeignFrom`], [`Reason::NotInternal`], [`Reason::NotInPilot`], [`Reason::NoSignature`].
    pub fn candidates(
        &self,
        envelope: &Envelope<'_>,
        headers: &HeaderBlock,
        now: Timestamp,
    ) -> Result<Candidates, Reason> {
        if *self.mode() == Mode::Bypass {
            return Err(Reason::Bypass);
        }
        if headers.count("X-MS-Journal-Report") > 0 {
            return Err(Reason::Report);
        }
        let (person, from) = self.author(envelope.sender, headers)?;
        if !says_internal(headers) {
            return Err(Reason::NotInternal);
        }
        let facts = HeaderFacts::read(headers);
        if !self.takes_part(&person, &facts) {
            return Err(Reason::NotInPilot);
        }
        let sender = Sender { person: &person, from: &from };
        let signatures: Vec<_> = self
            .signatures()
            .filter_map(|signature| Some((Arc::clone(signature), signature.rule.may_apply(sender, &facts, now)?)))
            .collect();
        let (patterns, recipients) = self.patterns(&signatures, envelope.recipients);
        if patterns.iter().all(Vec::is_empty) {
            return Err(Reason::NoSignature);
        }
        let word = self.mark(&person);
        let observed = *self.mode() == Mode::Observe;
        Ok(Candidates { person, word, observed, signatures, patterns, recipients })
    }

    /// The person whose signature it would be and the From address.
    fn author(&self, mail_from: Option<&str>, headers: &HeaderBlock) -> Result<(Arc<Person>, String), Reason> {
        let written: Vec<String> = headers.addresses("From").iter().map(|address| address.to_lowercase()).collect();
        let of_from = written.first().and_then(|address| self.people().of_address(address));
        let sender = mail_from.and_then(|address| self.people().of_address(address)).or(of_from);
        let sender = sender.ok_or(Reason::UnknownSender)?;
        // One From field with one address: readers disagree about any other shape, so nobody is the author.
        let (Some(from), 1, 1) = (written.first(), written.len(), headers.count("From")) else {
            return Err(Reason::ForeignFrom);
        };
        if sender.owns(from) {
            let on_behalf = self.delegate(sender, from, headers).unwrap_or(sender);
            return Ok((Arc::clone(on_behalf), from.clone()));
        }
        match (self.permission(sender, from), of_from) {
            (Some(SignatureOf::Sender), _) => Ok((Arc::clone(sender), from.clone())),
            (Some(SignatureOf::From), Some(person)) => Ok((Arc::clone(person), from.clone())),
            _ => Err(Reason::ForeignFrom),
        }
    }

    /// The person of the Sender field, when it writes on behalf of `owner` and is to sign with its own name.
    fn delegate(&self, owner: &Person, from: &str, headers: &HeaderBlock) -> Option<&Arc<Person>> {
        let written = headers.addresses("Sender");
        let [sender] = written.as_slice() else { return None };
        let person = self.people().of_address(sender)?;
        let signs = person.number != owner.number && self.permission(person, from) == Some(SignatureOf::Sender);
        signs.then_some(person)
    }

    /// The first permission for the person to write from the address.
    fn permission(&self, person: &Person, from: &str) -> Option<SignatureOf> {
        self.permissions(from).find(|permission| permission.names(person)).map(Permission::signature_of)
    }

    fn takes_part(&self, person: &Person, facts: &HeaderFacts) -> bool {
        let Some(pilot) = self.pilot() else { return true };
        pilot.names(person) || pilot.marker.as_ref().is_some_and(|marker| has_word(&facts.subject, marker))
    }

    fn patterns(
        &self,
        signatures: &[(Arc<Signature>, HeadersHold)],
        recipients: &[String],
    ) -> (Vec<Vec<usize>>, Vec<usize>) {
        let mut known: HashMap<Vec<usize>, usize> = HashMap::new();
        let mut patterns = Vec::new();
        let places = recipients
            .iter()
            .map(|address| {
                let recipient = Recipient { internal: self.is_internal(address), address: address.to_lowercase() };
                let suits = |(at, (signature, _)): (usize, &(Arc<Signature>, HeadersHold))| {
                    signature.rule.applies_to(&recipient).then_some(at)
                };
                let pattern: Vec<usize> = signatures.iter().enumerate().filter_map(suits).collect();
                *known.entry(pattern).or_insert_with_key(|pattern| {
                    patterns.push(pattern.clone());
                    patterns.len() - 1
                })
            })
            .collect();
        (patterns, places)
    }
}

impl Candidates {
    /// The person whose signature it would be.
    pub fn person(&self) -> &Person {
        &self.person
    }

    /// What each recipient gets, in the order of the envelope. In observe mode everything is left, with
    /// [`Reason::Observe`] for what would have been signed; [`Candidates::would_choose`] tells it.
    pub fn choose(&self, body: &BodyFacts) -> Vec<Choice> {
        let mut choices = self.would_choose(body);
        if self.observed {
            for choice in choices.iter_mut().filter(|choice| matches!(choice, Choice::Sign(_))) {
                *choice = Choice::Leave(Reason::Observe);
            }
        }
        choices
    }

    /// What each recipient would get, were the tenant live: for the records of observe mode.
    pub fn would_choose(&self, body: &BodyFacts) -> Vec<Choice> {
        let signed = body.signature_words.iter().any(|word| word.eq_ignore_ascii_case(&self.word));
        let by_pattern: Vec<Choice> = self.patterns.iter().map(|pattern| self.stack(pattern, body, signed)).collect();
        let leave = Choice::Leave(Reason::NoSignature);
        self.recipients.iter().map(|place| by_pattern.get(*place).unwrap_or(&leave).clone()).collect()
    }

    /// The first signature that suits, and those after it while each says "then continue".
    fn stack(&self, pattern: &[usize], body: &BodyFacts, signed: bool) -> Choice {
        let mut chosen = Vec::new();
        let mut left_as_signed = false;
        let suiting = pattern.iter().filter_map(|at| self.signatures.get(*at));
        for (signature, _) in suiting.filter(|(signature, headers)| signature.rule.suits(*headers, body)) {
            if signature.rule.allows(signed) {
                chosen.push(Arc::clone(signature));
            } else {
                // "Only where signed already" on an unsigned text is one that does not apply: the next is asked.
                // A signature that is there already has had its turn: it counts as used.
                left_as_signed |= signed;
                if !signed {
                    continue;
                }
            }
            if !signature.then_continue() || chosen.len() == STACK {
                break;
            }
        }
        match (chosen.is_empty(), left_as_signed) {
            (false, _) => Choice::Sign(Arc::new(Signed { person: Arc::clone(&self.person), signatures: chosen })),
            (true, true) => Choice::Leave(Reason::AlreadySigned),
            (true, false) => Choice::Leave(Reason::NoSignature),
        }
    }
}

impl Signed {
    pub fn person(&self) -> &Person {
        &self.person
    }

    /// Ids of the signatures, in order.
    pub fn signature_ids(&self) -> impl Iterator<Item = &str> {
        self.signatures.iter().map(|signature| signature.id())
    }
}

impl PartialEq for Signed {
    fn eq(&self, other: &Signed) -> bool {
        self.person.id() == other.person.id() && self.signature_ids().eq(other.signature_ids())
    }
}

impl Eq for Signed {}

impl Hash for Signed {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.person.id().hash(state);
        self.signature_ids().for_each(|id| id.hash(state));
    }
}

/// False where X-MS-Exchange-CrossTenant-AuthAs says anything but Internal: a mail from outside that a rule
/// redirects, a forwarded meeting. Absent on mail of other servers.
fn says_internal(headers: &HeaderBlock) -> bool {
    headers.all("X-MS-Exchange-CrossTenant-AuthAs").all(|value| value.trim_ascii().eq_ignore_ascii_case(b"Internal"))
}

/// Whether `text` has `word` standing for itself, not inside a longer one. Both are in lower case.
fn has_word(text: &str, word: &str) -> bool {
    let alone = |c: Option<char>| !c.is_some_and(char::is_alphanumeric);
    text.match_indices(word).any(|(at, _)| {
        let (before, after) = (text.get(..at), text.get(at + word.len()..));
        alone(before.and_then(|text| text.chars().next_back())) && alone(after.and_then(|text| text.chars().next()))
    })
}
