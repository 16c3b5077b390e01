//! The conditions of a signature in the form that is asked for each message.
//!
//! They are asked in three steps, as a message shows itself: sender, schedule and headers first, then each
//! recipient, then the body. Exceptions win in each step.

use jiff::Timestamp;

use super::applies::{
    AlreadySigned, Applies, AttributeTest, Audience, Format, MessageIs, MessageKind, Recipients, Senders,
};
use super::identity::domain_of;
use super::pattern::Pattern;
use super::people::{Members, People, Person};
use super::schedule::Calendar;
use crate::imprint::{BodyFacts, HeaderBlock, Kind};

/// A compiled `applies`.
#[derive(Debug)]
pub(super) struct Rule {
    senders: SenderTest,
    recipients: RecipientTest,
    message: MessageIs,
    already_signed: AlreadySigned,
    except_senders: Option<SenderTest>,
    except_recipients: Option<RecipientTest>,
    except_message: Option<MessageIs>,
    schedule: Option<Calendar>,
}

/// The sender as conditions see it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sender<'a> {
    pub person: &'a Person,
    /// The From address, in lower case.
    pub from: &'a str,
}

/// One recipient of the envelope.
#[derive(Debug, Clone)]
pub(super) struct Recipient {
    /// In lower case.
    pub address: String,
    pub internal: bool,
}

/// What the headers show.
#[derive(Debug, Clone)]
pub(super) struct HeaderFacts {
    /// The Subject, decoded, in lower case.
    pub subject: String,
    pub has_attachment: bool,
}

/// What the message tests of a rule say after the headers; the body decides the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct HeadersHold {
    /// The exception for messages may still hold, as far as the headers go.
    except: bool,
}

#[derive(Debug)]
struct SenderTest {
    everybody: bool,
    people: Members,
    groups: Vec<Members>,
    domains: Vec<Pattern>,
    addresses: Vec<Pattern>,
    attributes: Vec<AttributeTest>,
}

#[derive(Debug)]
struct RecipientTest {
    audience: Audience,
    addresses: Vec<Pattern>,
    domains: Vec<Pattern>,
}

impl Rule {
    pub(super) fn compile(applies: &Applies, people: &People) -> Rule {
        let except = &applies.except;
        let given = |is: bool| is.then_some(());
        Rule {
            senders: SenderTest::compile(&applies.senders, people),
            recipients: RecipientTest::compile(&applies.recipients),
            message: lower_case(&applies.message),
            already_signed: applies.already_signed,
            except_senders: given(except.senders != Senders::default())
                .map(|()| SenderTest::compile(&except.senders, people)),
            except_recipients: except.recipients.as_ref().map(RecipientTest::compile),
            except_message: given(except.message != MessageIs::default()).map(|()| lower_case(&except.message)),
            // A schedule that cannot be read was refused with the file.
            schedule: applies.schedule.as_ref().and_then(|schedule| Calendar::compile(schedule).ok()),
        }
    }

    /// The first step: sender, schedule, headers.
    pub(super) fn may_apply(&self, sender: Sender<'_>, headers: &HeaderFacts, now: Timestamp) -> Option<HeadersHold> {
        let holds = self.senders.holds(sender)
            && !self.except_senders.as_ref().is_some_and(|test| test.holds(sender))
            && self.schedule.as_ref().is_none_or(|schedule| schedule.holds(now))
            && headers_hold(&self.message, headers);
        holds.then(|| HeadersHold {
            except: self.except_message.as_ref().is_some_and(|message| headers_hold(message, headers)),
        })
    }

    /// The second step.
    pub(super) fn applies_to(&self, recipient: &Recipient) -> bool {
        self.recipients.holds(recipient) && !self.except_recipients.as_ref().is_some_and(|test| test.holds(recipient))
    }

    /// The third step. `signed`: the newest text carries the sender's signature.
    pub(super) fn suits(&self, headers: HeadersHold, body: &BodyFacts) -> bool {
        let excepted = headers.except && self.except_message.as_ref().is_some_and(|message| body_holds(message, body));
        body_holds(&self.message, body) && !excepted
    }

    /// Whether it may be added to a text that is signed, or is not.
    pub(super) fn allows(&self, already_signed: bool) -> bool {
        match self.already_signed {
            AlreadySigned::Skip => !already_signed,
            AlreadySigned::Sign => true,
            AlreadySigned::Only => already_signed,
        }
    }
}

impl HeaderFacts {
    pub(super) fn read(headers: &HeaderBlock) -> HeaderFacts {
        let says = |name: &str, word: &str| {
            headers.unfolded(name).is_some_and(|value| value.trim().eq_ignore_ascii_case(word))
        };
        let mixed = || {
            headers.unfolded("Content-Type").is_some_and(|value| {
                value.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("multipart/mixed"))
            })
        };
        HeaderFacts {
            subject: headers.text("Subject").unwrap_or_default().to_lowercase(),
            has_attachment: match headers.count("X-MS-Has-Attach") {
                0 => mixed(),
                _ => says("X-MS-Has-Attach", "yes"),
            },
        }
    }
}

impl SenderTest {
    fn compile(senders: &Senders, people: &People) -> SenderTest {
        let patterns = |texts: &[String]| texts.iter().map(|text| Pattern::new(text)).collect();
        let Senders { people: ids, groups, domains, addresses, attributes } = senders;
        SenderTest {
            everybody: ids.is_empty() && groups.is_empty() && domains.is_empty() && addresses.is_empty(),
            people: people.numbers(ids),
            groups: people.members(groups),
            domains: patterns(domains),
            addresses: patterns(addresses),
            attributes: attributes.clone(),
        }
    }

    fn holds(&self, sender: Sender<'_>) -> bool {
        let number = sender.person.number;
        let named = self.everybody
            || self.people.binary_search(&number).is_ok()
            || self.groups.iter().any(|members| members.binary_search(&number).is_ok())
            || self.domains.iter().any(|pattern| pattern.matches(domain_of(sender.from)))
            || self.addresses.iter().any(|pattern| pattern.matches(sender.from));
        named && self.attributes.iter().all(|test| attribute_holds(test, sender.person))
    }
}

impl RecipientTest {
    fn compile(recipients: &Recipients) -> RecipientTest {
        let (audience, addresses, domains) = recipients.parts();
        let patterns = |texts: &[String]| texts.iter().map(|text| Pattern::new(text)).collect();
        RecipientTest { audience, addresses: patterns(addresses), domains: patterns(domains) }
    }

    fn holds(&self, recipient: &Recipient) -> bool {
        let side = match self.audience {
            Audience::Any => true,
            Audience::Internal => recipient.internal,
            Audience::External => !recipient.internal,
        };
        let unlisted = self.addresses.is_empty() && self.domains.is_empty();
        side && (unlisted
            || self.addresses.iter().any(|pattern| pattern.matches(&recipient.address))
            || self.domains.iter().any(|pattern| pattern.matches(domain_of(&recipient.address))))
    }
}

fn attribute_holds(test: &AttributeTest, person: &Person) -> bool {
    let value = |field| person.attribute(field).unwrap_or_default().trim().to_lowercase();
    match test {
        AttributeTest::Equals { field, value: wanted } => value(*field) == wanted.trim().to_lowercase(),
        AttributeTest::Contains { field, value: wanted } => value(*field).contains(&wanted.to_lowercase()),
        AttributeTest::StartsWith { field, value: wanted } => value(*field).starts_with(&wanted.to_lowercase()),
        AttributeTest::Empty { field } => person.attribute(*field).is_none(),
        AttributeTest::NotEmpty { field } => person.attribute(*field).is_some(),
    }
}

fn lower_case(message: &MessageIs) -> MessageIs {
    let subject_contains = message.subject_contains.iter().map(|text| text.to_lowercase()).collect();
    MessageIs { subject_contains, ..message.clone() }
}

fn headers_hold(message: &MessageIs, headers: &HeaderFacts) -> bool {
    let subject = message.subject_contains.is_empty()
        || message.subject_contains.iter().any(|text| headers.subject.contains(text.as_str()));
    subject && message.has_attachment.is_none_or(|wanted| wanted == headers.has_attachment)
}

fn body_holds(message: &MessageIs, body: &BodyFacts) -> bool {
    let kind = match body.kind {
        Kind::First => MessageKind::First,
        Kind::Reply => MessageKind::Reply,
        Kind::Forward => MessageKind::Forward,
    };
    let format = if body.html { Format::Html } else { Format::Plain };
    (message.kinds.is_empty() || message.kinds.contains(&kind))
        && (message.formats.is_empty() || message.formats.contains(&format))
}
