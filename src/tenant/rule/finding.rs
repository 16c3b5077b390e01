//! Why a condition holds or does not: values on the mail path, sentences for people.
//!
//! A sentence begins in lower case and has no full stop, so that it can stand after a tick or a name. It may quote
//! what the directory or the rule says, never the message.

use std::fmt::{Display, Formatter, Result as Written};

use serde::Serialize;

use crate::tenant::applies::{Format, Importance, Judged, MessageKind, Once, WritesAs};
use crate::tenant::crowd::Named;
use crate::tenant::mode::Part;
use crate::tenant::pattern::Pattern;
use crate::tenant::render::{PIECE_BYTES, Undrawn};
use crate::tenant::schedule::Off;
use crate::tenant::{FactTest, PersonKind, Signature};

/// The answer to one condition.
pub(in crate::tenant) type Finding<'a> = Result<Hit<'a>, Miss<'a>>;

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Section {
    /// Whether it is switched on, and its folder.
    Switch,
    Trial,
    Senders,
    Schedule,
    Message,
    Recipients,
    /// Whether the quoted text has it.
    Thread,
    AlreadySigned,
    /// Whether one before it was used.
    Order,
    /// Whether there is something to draw for this sender.
    Design,
}

impl Section {
    /// In words.
    pub fn word(self) -> &'static str {
        match self {
            Section::Switch => "switch",
            Section::Trial => "trial",
            Section::Senders => "senders",
            Section::Schedule => "schedule",
            Section::Message => "message",
            Section::Recipients => "recipients",
            Section::Thread => "thread",
            Section::AlreadySigned => "already signed",
            Section::Order => "order",
            Section::Design => "design",
        }
    }
}

/// Hears every finding while a message is decided.
pub(in crate::tenant) trait Trail {
    /// What follows is about this signature, and this recipient (by its place in the envelope) where it depends on one.
    fn turns_to(&mut self, signature: &Signature, recipient: Option<usize>);

    /// Hears a finding and says whether the condition holds.
    fn hears(&mut self, section: Section, finding: Finding<'_>) -> bool;
}

/// The trail of the mail path: nobody reads it.
#[derive(Debug)]
pub(in crate::tenant) struct Unrecorded;

impl Trail for Unrecorded {
    #[inline]
    fn turns_to(&mut self, _: &Signature, _: Option<usize>) {}

    #[inline]
    fn hears(&mut self, _: Section, finding: Finding<'_>) -> bool {
        finding.is_ok()
    }
}

/// Why it holds.
#[derive(Debug, Clone, Copy)]
pub(in crate::tenant) enum Hit<'a> {
    OnTrial(Part<'a>),
    Everybody,
    /// No list names anybody; the kind, the way to write and the attributes hold.
    SenderAsAsked,
    Named,
    Group(&'a str),
    Domain(&'a Pattern),
    Address(&'a Pattern),
    Anybody,
    Internal,
    External,
    Together(Judged),
    InTime,
    Headers,
    Message,
    NotExcepted,
    NotInThread,
    NotSigned,
    SignedAllTheSame,
    /// Nothing before it was used, or what was lets others follow.
    ItsTurn,
}

/// Why it does not.
#[derive(Debug, Clone, Copy)]
pub(in crate::tenant) enum Miss<'a> {
    OnTrial,
    SenderNotNamed,
    PersonKind(PersonKind),
    WritesAs(WritesAs),
    /// With what the directory says.
    Fact(&'a FactTest, Option<&'a str>),
    NotNow(Off),
    Subject,
    Attachment,
    Importance(Importance),
    /// The bound, and what was announced.
    NotLarger(u64, Option<u64>),
    NotSmaller(u64, Option<u64>),
    Label,
    Internal,
    External,
    RecipientNotListed,
    Together(Judged),
    MessageKind(MessageKind),
    Format(Format),
    /// An exception of which the headers said already that it does not hold.
    ExceptionOfHeaders,
    Excepted(Hit<'a>),
    InThread(Once),
    AlreadySigned,
    NotSigned,
    /// The one that was used before it, in the same layer.
    Earlier(&'a str),
    /// As many as a layer may have were used before it.
    Full,
    Undrawn(Undrawn),
}

impl Display for Hit<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> Written {
        match self {
            Hit::OnTrial(Part::Marker(marker)) => write!(out, "on trial, and the subject has the word `{marker}`"),
            Hit::OnTrial(Part::Named(Named::ByItself)) => out.write_str("on trial, and the sender is named"),
            Hit::OnTrial(Part::Named(Named::ByGroup(id))) => {
                write!(out, "on trial, and the sender belongs to the group `{id}`")
            }
            Hit::Everybody => out.write_str("for everybody who writes"),
            Hit::SenderAsAsked => out.write_str("the sender is as asked"),
            Hit::Named => out.write_str("named"),
            Hit::Group(id) => write!(out, "belongs to the group `{id}`"),
            Hit::Domain(pattern) => write!(out, "the domain matches `{pattern}`"),
            Hit::Address(pattern) => write!(out, "the address matches `{pattern}`"),
            Hit::Anybody => out.write_str("for every recipient"),
            Hit::Internal => out.write_str("the recipient is internal"),
            Hit::External => out.write_str("the recipient is external"),
            Hit::Together(Judged::All) => out.write_str("all recipients of the message are such"),
            Hit::Together(_) => out.write_str("one of the recipients of the message is such"),
            Hit::InTime => out.write_str("the schedule holds at this time"),
            Hit::Headers => out.write_str("the headers are as asked"),
            Hit::Message => out.write_str("the message is as asked"),
            Hit::NotExcepted => out.write_str("no exception holds"),
            Hit::NotInThread => out.write_str("the quoted text does not have it yet"),
            Hit::NotSigned => out.write_str("the new text carries no signature of the sender yet"),
            Hit::SignedAllTheSame => out.write_str("the new text is signed already, which this one allows"),
            Hit::ItsTurn => out.write_str("none before it in the same layer stands in its way"),
        }
    }
}

impl Display for Miss<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> Written {
        match self {
            Miss::OnTrial => out.write_str("on trial, and this message takes no part in it"),
            Miss::SenderNotNamed => {
                out.write_str("the sender is none of the people, groups, domains and addresses named")
            }
            Miss::PersonKind(kind) => write!(out, "the sender is a {}", mailbox(*kind)),
            Miss::WritesAs(way) => out.write_str(way_to_write(*way)),
            Miss::Fact(test, value) => fact(out, test, *value),
            Miss::NotNow(off) => out.write_str(match off {
                Off::NotYet => "the schedule has not begun",
                Off::Over => "the schedule is over",
                Off::Day => "the schedule leaves this day of the week out",
                Off::Hour => "the schedule leaves this time of day out",
            }),
            Miss::Subject => out.write_str("none of the words asked for stands in the subject"),
            Miss::Attachment => out.write_str("the message has, or lacks, attachments against what is asked"),
            Miss::Importance(found) => write!(out, "the importance is {}", importance(*found)),
            Miss::NotLarger(limit, octets) => size(out, *octets, "more", *limit),
            Miss::NotSmaller(limit, octets) => size(out, *octets, "less", *limit),
            Miss::Label => out.write_str("the message has none of the sensitivity labels asked for"),
            Miss::Internal => out.write_str("the recipient is internal"),
            Miss::External => out.write_str("the recipient is external"),
            Miss::RecipientNotListed => {
                out.write_str("the recipient is none of the addresses, domains, people and groups listed")
            }
            Miss::Together(Judged::All) => out.write_str("not all recipients of the message are such"),
            Miss::Together(_) => out.write_str("none of the recipients of the message is such"),
            Miss::MessageKind(kind) => write!(out, "the message is {}", message_kind(*kind)),
            Miss::Format(format) => write!(out, "the message is written as {}", message_format(*format)),
            Miss::ExceptionOfHeaders => out.write_str("the headers are not as asked"),
            Miss::Excepted(hit) => write!(out, "an exception holds: {hit}"),
            Miss::InThread(once) => out.write_str(match once {
                Once::Thread => "the quoted text has it already",
                Once::Sender => "the quoted text has it from this sender already",
                Once::Recipient => "the quoted text has it from this sender already, and names the recipient",
            }),
            Miss::AlreadySigned => out.write_str("the new text carries a signature of the sender already"),
            Miss::NotSigned => out.write_str("only for a text that carries a signature of the sender already"),
            Miss::Earlier(id) => write!(out, "`{id}`, which comes before it in the same layer, has had its turn"),
            Miss::Full => out.write_str("the layer has as many as it may have"),
            Miss::Undrawn(Undrawn::NothingLeft) => out.write_str("nothing of its design is left for this sender"),
            Miss::Undrawn(Undrawn::NoWords) => out.write_str("nothing of its design can be said in plain text"),
            Miss::Undrawn(Undrawn::TooLarge) => {
                write!(out, "what would be drawn for this sender is larger than {PIECE_BYTES} octets")
            }
        }
    }
}

/// For example: manager.department is `Support`, not `Sales`.
fn fact(out: &mut Formatter<'_>, test: &FactTest, value: Option<&str>) -> Written {
    let field = test.field();
    match value {
        Some(value) => write!(out, "{field} is `{value}`, ")?,
        None => write!(out, "{field} is empty, ")?,
    }
    match test {
        FactTest::Equals { value, .. } => write!(out, "not `{value}`"),
        FactTest::Contains { value, .. } => write!(out, "without `{value}` in it"),
        FactTest::StartsWith { value, .. } => write!(out, "which does not begin with `{value}`"),
        FactTest::EndsWith { value, .. } => write!(out, "which does not end with `{value}`"),
        FactTest::Matches { value, .. } => write!(out, "which does not match `{}`", value.as_str()),
        FactTest::Empty { .. } => out.write_str("and should be empty"),
        FactTest::NotEmpty { .. } => out.write_str("and should not be"),
    }
}

fn size(out: &mut Formatter<'_>, octets: Option<u64>, than: &str, limit: u64) -> Written {
    match octets {
        Some(octets) => write!(out, "the message has {octets} octets, not {than} than {limit}"),
        None => out.write_str("the size of the message was not announced"),
    }
}

fn mailbox(kind: PersonKind) -> &'static str {
    match kind {
        PersonKind::User => "user",
        PersonKind::Shared => "shared mailbox",
        PersonKind::Room => "room",
    }
}

fn way_to_write(way: WritesAs) -> &'static str {
    match way {
        WritesAs::Primary => "the sender writes from the first of its addresses",
        WritesAs::Alias => "the sender writes from an alias",
        WritesAs::SendAs => "the sender writes as somebody else",
        WritesAs::OnBehalf => "the sender writes on behalf of somebody else",
    }
}

fn importance(importance: Importance) -> &'static str {
    match importance {
        Importance::Low => "low",
        Importance::Normal => "normal",
        Importance::High => "high",
    }
}

fn message_kind(kind: MessageKind) -> &'static str {
    match kind {
        MessageKind::First => "the first of a conversation",
        MessageKind::Reply => "a reply",
        MessageKind::Forward => "a forward",
    }
}

fn message_format(format: Format) -> &'static str {
    match format {
        Format::Html => "HTML",
        Format::Plain => "plain text",
        Format::Rtf => "rich text",
    }
}
