//! Whether a message may be signed, and what each recipient gets.
//!
//! The decision falls in two steps. [`Snapshot::candidates`] finds the author from envelope and headers, and the
//! signatures that could apply; it is signed only when Microsoft 365 does not doubt the author. [`Candidates::choose`]
//! adds what the body shows: in each layer the first signature that applies, and of which there is something to draw for
//! this sender. A doubt never refuses a message; it leaves
//! it unsigned, with the reason.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use jiff::Timestamp;

use super::author::Author;
use super::people::Person;
use super::render::Undrawn;
use super::rule::{HeaderFacts, HeadersHold, Hit, Miss, Recipient, Rule, Section, Trail, Unrecorded};
use super::showing::Showing;
use super::snapshot::Snapshot;
use super::standing::Standing;
use super::{Layer, Mode, Once, Signature};
use crate::imprint::{BodyFacts, HeaderBlock, Quoted, Reason};

/// Most signatures of one layer put on one message by `then_continue`.
pub(super) const STACK: usize = 8;

/// Who sends to whom, as the SMTP dialogue said.
#[derive(Debug, Clone, Copy)]
pub struct Envelope<'a> {
    /// MAIL FROM; `None` for the null path.
    pub sender: Option<&'a str>,
    /// RCPT TO, in order.
    pub recipients: &'a [String],
    /// The size of the message as MAIL announced it (RFC 1870).
    pub octets: Option<u64>,
}

/// A message that may be signed, before its body was seen. Owns what it needs, so that it can be kept while the
/// message streams and the snapshot changes.
#[derive(Debug, Clone)]
pub struct Candidates {
    person: Arc<Person>,
    observed: bool,
    /// Signatures whose sender, schedule and header conditions hold.
    signatures: Vec<(Arc<Signature>, HeadersHold)>,
    /// The distinct sets of them that suit some recipient, as positions.
    patterns: Vec<Vec<usize>>,
    /// For each recipient, its pattern.
    recipients: Vec<usize>,
    /// Of the recipients, where a signature that comes once for each is among them.
    addresses: Vec<String>,
}

/// What one recipient gets.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Choice {
    Sign(Arc<Signed>),
    Leave(Reason),
}

impl Choice {
    pub fn signed(&self) -> Option<&Arc<Signed>> {
        match self {
            Choice::Sign(signed) => Some(signed),
            Choice::Leave(_) => None,
        }
    }

    /// Why nothing is chosen.
    pub fn reason(&self) -> Option<Reason> {
        match self {
            Choice::Sign(_) => None,
            Choice::Leave(reason) => Some(*reason),
        }
    }
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
        let facts = HeaderFacts::new(headers, envelope.octets);
        let author = self.admit(envelope, headers, &facts, now)?;
        self.applicable(author, envelope, &facts, now, &mut Unrecorded)
    }

    /// The author, where the message may be signed at all.
    pub(super) fn admit(
        &self,
        envelope: &Envelope<'_>,
        headers: &HeaderBlock,
        facts: &HeaderFacts<'_>,
        now: Timestamp,
    ) -> Result<Author, Reason> {
        let stance = self.stance(now);
        if stance.mode == Mode::Bypass {
            return Err(Reason::Bypass);
        }
        let author = self.attribute(envelope, headers)?;
        let pilot = stance.pilot.as_ref();
        if pilot.is_some_and(|pilot| pilot.find(&author.person, || facts.subject()).is_none()) {
            return Err(Reason::NotInPilot);
        }
        Ok(author)
    }

    /// The author, whatever the mode says.
    pub(super) fn attribute(&self, envelope: &Envelope<'_>, headers: &HeaderBlock) -> Result<Author, Reason> {
        if headers.count("X-MS-Journal-Report") > 0 {
            return Err(Reason::Report);
        }
        let author = self.author(envelope.sender, headers)?;
        if says_internal(headers) { Ok(author) } else { Err(Reason::NotInternal) }
    }

    /// The signatures of which sender, schedule, headers and some recipient are as asked.
    pub(super) fn applicable(
        &self,
        author: Author,
        envelope: &Envelope<'_>,
        facts: &HeaderFacts<'_>,
        now: Timestamp,
        trail: &mut impl Trail,
    ) -> Result<Candidates, Reason> {
        let sender = author.as_sender(self.people());
        let mut may_apply = |signature: &Arc<Signature>| {
            trail.turns_to(signature, None);
            let headers = signature.rule.may_apply(sender, facts, now, trail)?;
            Some((Arc::clone(signature), headers))
        };
        let signatures: Vec<_> = self.signatures().filter_map(&mut may_apply).collect();
        let (patterns, recipients) = self.patterns(&signatures, envelope.recipients, trail);
        if patterns.iter().all(Vec::is_empty) {
            return Err(Reason::NoSignature);
        }
        let by_recipient = signatures.iter().any(|(one, _)| one.rule.once() == Some(Once::Recipient));
        let addresses = if by_recipient { envelope.recipients.to_vec() } else { Vec::new() };
        let observed = *self.mode(now) == Mode::Observe;
        Ok(Candidates { person: author.person, observed, signatures, patterns, recipients, addresses })
    }

    fn patterns(
        &self,
        signatures: &[(Arc<Signature>, HeadersHold)],
        recipients: &[String],
        trail: &mut impl Trail,
    ) -> (Vec<Vec<usize>>, Vec<usize>) {
        let recipient = |address: &String| Recipient::new(address, self.is_internal(address), self.people());
        let recipients: Vec<Recipient<'_>> = recipients.iter().map(recipient).collect();
        let overall: Vec<_> = signatures.iter().map(|(one, _)| one.rule.look_over(&recipients)).collect();
        let mut known: HashMap<Vec<usize>, usize> = HashMap::new();
        let mut patterns = Vec::new();
        let mut places = Vec::with_capacity(recipients.len());
        for (which, recipient) in recipients.iter().enumerate() {
            let mut pattern = Vec::new();
            for (at, ((signature, _), overall)) in signatures.iter().zip(&overall).enumerate() {
                trail.turns_to(signature, Some(which));
                if signature.rule.applies_to(recipient, *overall, trail) {
                    pattern.push(at);
                }
            }
            places.push(*known.entry(pattern).or_insert_with_key(|pattern| {
                patterns.push(pattern.clone());
                patterns.len() - 1
            }));
        }
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
    pub fn choose(&self, snapshot: &Snapshot, body: &BodyFacts) -> Vec<Choice> {
        self.would_choose(snapshot, body).into_iter().map(|choice| self.under_mode(choice)).collect()
    }

    /// What each recipient would get, were the tenant live: for the records of observe mode.
    pub fn would_choose(&self, snapshot: &Snapshot, body: &BodyFacts) -> Vec<Choice> {
        let about = About::new(self, snapshot, body);
        let mut known: HashMap<(usize, bool), Choice> = HashMap::new();
        let choices = self.recipients.iter().enumerate().map(|(recipient, pattern)| {
            let named = self.is_named(recipient, body);
            let choice = known.entry((*pattern, named)).or_insert_with(|| {
                self.patterns.get(*pattern).map_or(Choice::Leave(Reason::NoSignature), |pattern| {
                    self.stack(pattern, named, &about, &mut Unrecorded)
                })
            });
            choice.clone()
        });
        choices.collect()
    }

    /// What the choice has to know of the text, so that [`BodyFacts::seen`] is to be asked for; `None`: nothing.
    pub fn reads(&self) -> Option<Quoted> {
        let rules = || self.signatures.iter().map(|(signature, _)| &signature.rule);
        match rules().any(|rule| rule.once().is_some()) {
            true => Some(Quoted::Too),
            false => rules().any(Rule::reads_newest).then_some(Quoted::No),
        }
    }

    pub(super) fn author(&self) -> &Arc<Person> {
        &self.person
    }

    /// Whether the quoted text names a recipient; asked for only where that counts.
    fn is_named(&self, recipient: usize, body: &BodyFacts) -> bool {
        let named = |address: &String| body.seen.as_ref().is_some_and(|seen| seen.quoted_names(address));
        self.addresses.get(recipient).is_some_and(named)
    }

    /// What one recipient would get, were the tenant live.
    pub(super) fn would_choose_for(
        &self,
        snapshot: &Snapshot,
        recipient: usize,
        body: &BodyFacts,
        trail: &mut impl Trail,
    ) -> Choice {
        let about = About::new(self, snapshot, body);
        let named = self.is_named(recipient, body);
        let pattern = self.recipients.get(recipient).and_then(|place| self.patterns.get(*place));
        pattern.map_or(Choice::Leave(Reason::NoSignature), |pattern| self.stack(pattern, named, &about, trail))
    }

    /// What the mode makes of a choice.
    pub fn under_mode(&self, choice: Choice) -> Choice {
        match choice {
            Choice::Sign(_) if self.observed => Choice::Leave(Reason::Observe),
            choice => choice,
        }
    }

    /// In each layer the first signature that suits, and those after it while each says "then continue".
    /// `named`: the quoted text names the recipient.
    fn stack(&self, pattern: &[usize], named: bool, about: &About<'_>, trail: &mut impl Trail) -> Choice {
        let About { body, showing, standing } = about;
        let mut turns = Turns::default();
        let mut chosen = Vec::new();
        let (mut left_as_signed, mut too_large) = (false, false);
        for (signature, headers) in pattern.iter().filter_map(|at| self.signatures.get(*at)) {
            trail.turns_to(signature, None);
            let turn = turns.of(signature.layer());
            if !trail.hears(Section::Order, turn.comes()) || !signature.rule.suits(*headers, body, trail) {
                continue;
            }
            if !signature.rule.comes_again(|once| standing.in_thread(signature, once, named), trail) {
                continue;
            }
            if let Err(undrawn) = showing.ask(signature) {
                trail.hears(Section::Design, Err(Miss::Undrawn(undrawn)));
                too_large |= undrawn == Undrawn::TooLarge;
                continue;
            }
            let signed = standing.in_newest(signature);
            if signature.rule.allows(signed, trail) {
                chosen.push(Arc::clone(signature));
                turn.used += 1;
            } else if signed {
                // A signature that is there already has had its turn: it counts as used.
                left_as_signed = true;
            } else {
                // "Only where signed already" on an unsigned text is one that does not apply: the next is asked.
                continue;
            }
            if !signature.then_continue() {
                turn.ended_by = Some(signature.id());
            }
        }
        match (chosen.is_empty(), left_as_signed) {
            (false, _) => Choice::Sign(Arc::new(Signed { person: Arc::clone(&self.person), signatures: chosen })),
            (true, true) => Choice::Leave(Reason::AlreadySigned),
            (true, false) if too_large => Choice::Leave(Reason::SignatureTooLarge),
            (true, false) => Choice::Leave(Reason::NoSignature),
        }
    }
}

/// What is found out about one message while it is decided.
struct About<'a> {
    body: &'a BodyFacts,
    showing: Showing<'a>,
    standing: Standing<'a>,
}

impl<'a> About<'a> {
    fn new(candidates: &'a Candidates, snapshot: &'a Snapshot, body: &'a BodyFacts) -> About<'a> {
        let showing = Showing::new(snapshot, candidates.person(), body);
        About { body, showing, standing: Standing::new(snapshot, candidates, body) }
    }
}

/// How far each layer is.
#[derive(Debug, Default)]
struct Turns<'a> {
    signature: Turn<'a>,
    banner: Turn<'a>,
    disclaimer: Turn<'a>,
}

#[derive(Debug, Default)]
struct Turn<'a> {
    used: usize,
    /// The id of the one after which no other is asked.
    ended_by: Option<&'a str>,
}

impl<'a> Turns<'a> {
    fn of(&mut self, layer: Layer) -> &mut Turn<'a> {
        match layer {
            Layer::Signature => &mut self.signature,
            Layer::Banner => &mut self.banner,
            Layer::Disclaimer => &mut self.disclaimer,
        }
    }
}

impl<'a> Turn<'a> {
    fn comes(&self) -> Result<Hit<'a>, Miss<'a>> {
        match self.ended_by {
            Some(id) => Err(Miss::Earlier(id)),
            None if self.used == STACK => Err(Miss::Full),
            None => Ok(Hit::ItsTurn),
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

    /// The keywords that are taken out of the Subject, each once.
    pub(super) fn keywords(&self) -> Vec<String> {
        let mut keywords: Vec<String> = Vec::new();
        for keyword in self.signatures.iter().flat_map(|signature| signature.keywords()) {
            if !keywords.iter().any(|known| known.to_lowercase() == keyword.to_lowercase()) {
                keywords.push(keyword.clone());
            }
        }
        keywords
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
