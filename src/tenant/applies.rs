//! When a signature applies: conditions on sender, recipients and message, exceptions, schedule. As they stand in
//! the tenant file; `rule.rs` holds the compiled form.
//!
//! Within one section everything that is given must hold; in a list any entry is enough. An exception that holds
//! beats every condition.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{FactTest, PersonKind, file::is_default};

/// When a signature applies. Empty: to every message of every person.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Applies {
    #[serde(default)]
    pub senders: Senders,
    #[serde(default)]
    pub recipients: Recipients,
    #[serde(default, skip_serializing_if = "is_default")]
    pub message: MessageIs,
    /// What to do when the newest text carries a signature of this sender already.
    #[serde(default, skip_serializing_if = "is_default")]
    pub already_signed: AlreadySigned,
    /// Only where the quoted text does not have it already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub once: Option<Once>,
    /// Where one of these holds, the signature does not apply.
    #[serde(default)]
    pub except: Except,
    #[serde(default)]
    pub schedule: Option<Schedule>,
}

/// Who writes. Any of people, groups, domains and addresses is enough (none given: everybody); kinds, ways to write and
/// every attribute test must hold as well.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Senders {
    /// Ids of people.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<String>,
    /// Ids of groups.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
    /// Domains of the From address; `*` stands for any text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub domains: Vec<String>,
    /// From addresses; `*` stands for any text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<String>,
    /// Any of these kinds of mailbox.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<PersonKind>,
    /// Any of these ways to write from an address.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub writes_as: Vec<WritesAs>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<FactTest>,
}

/// From whose address a person writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WritesAs {
    /// From the first of its own addresses.
    Primary,
    /// From another of its own.
    Alias,
    /// From an address of somebody else, and nothing in the message says so (Send As). Seen where MAIL FROM is the
    /// writer's own.
    SendAs,
    /// From an address of somebody else, the writer standing in the Sender field (Send on Behalf).
    OnBehalf,
}

/// To whom. Judged for each recipient of the envelope by itself: a word, or a word and lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(
    untagged,
    expecting = "recipients are `any`, `internal`, `external`, or an object of audience, addresses, domains, people, \
                 groups, judged"
)]
pub enum Recipients {
    Audience(Audience),
    Listed(Listed),
}

/// On which side of the organisation's border a recipient is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Audience {
    #[default]
    Any,
    /// In a domain of the tenant.
    Internal,
    /// In no domain of the tenant.
    External,
}

/// Recipients by name. The audience must hold, and one entry of any of the lists if there are any.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    #[serde(default, skip_serializing_if = "is_default")]
    pub audience: Audience,
    /// Addresses; `*` stands for any text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<String>,
    /// Domains; `*` stands for any text, so `*.example.com` are the subdomains.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub domains: Vec<String>,
    /// Ids of people of the tenant, by whichever of their addresses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<String>,
    /// Ids of groups of people of the tenant.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub judged: Judged,
}

/// Whether a condition on recipients is about each of them or about the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Judged {
    /// Each recipient for itself.
    #[default]
    Each,
    /// It holds for the whole message when one of its recipients is such.
    Any,
    /// It holds for the whole message when all of its recipients are such.
    All,
}

/// What kind of message. Every key that is given must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MessageIs {
    /// Any of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<MessageKind>,
    /// Any of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub formats: Vec<Format>,
    /// One of these texts stands in the Subject, compared without case.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subject_contains: Vec<String>,
    /// With or without attachments, as the headers tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub has_attachment: Option<bool>,
    /// Any of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub importance: Vec<Importance>,
    /// Larger than this many octets, as the sender's server announced it. Does not hold where it announced nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub larger_than_bytes: Option<u64>,
    /// Smaller than this many octets, as the sender's server announced it. Does not hold where it announced nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub smaller_than_bytes: Option<u64>,
    /// Carries one of these sensitivity labels of Microsoft 365, by name or id, compared without case.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sensitivity_labels: Vec<String>,
}

/// How urgent its author says that it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Importance {
    Low,
    Normal,
    High,
}

/// First message of a conversation, answer or forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum MessageKind {
    First,
    Reply,
    Forward,
}

/// How the message is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// With an HTML body, whether or not plain text stands beside it.
    Html,
    /// Plain text alone.
    Plain,
    /// Outlook's own rich text (TNEF).
    Rtf,
}

/// What to do when the newest text carries a signature of this sender already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum AlreadySigned {
    /// Do not apply.
    #[default]
    Skip,
    /// Apply all the same.
    Sign,
    /// Apply only then.
    Only,
}

/// How often in a thread, as far as a message quotes it: by the word of the signature's element, or by its wording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Once {
    /// Once, whoever sends it.
    Thread,
    /// Once for each sender.
    Sender,
    /// Once for each sender and recipient: not for those whom the quoted text names.
    Recipient,
}

/// Exceptions. Each section by itself; one that names nobody in particular excepts nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Except {
    #[serde(default, skip_serializing_if = "is_default")]
    pub senders: Senders,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipients: Option<Recipients>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub message: MessageIs,
}

/// When. Wall-clock times of the zone; every key that is given must hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// IANA name, for example `Europe/London`.
    pub zone: String,
    /// Date, or date and time (`2026-12-01T09:00`), from which on it applies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Date, or date and time, from which on it no longer applies. A date alone is its midnight, at the beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<Hours>,
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Day {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

/// A time of day, `HH:MM`. When `until` is not after `from`, it reaches past midnight and counts for the day on
/// which it began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    pub from: String,
    pub until: String,
}

impl Default for Recipients {
    fn default() -> Recipients {
        Recipients::Audience(Audience::Any)
    }
}

impl Listed {
    /// Whether some recipients are meant, and not all there are.
    pub(super) fn names_some(&self) -> bool {
        *self != Listed { judged: self.judged, ..Listed::default() }
    }
}

impl Recipients {
    /// As an object, however it was written.
    pub(super) fn listed(&self) -> Listed {
        match self {
            Recipients::Audience(audience) => Listed { audience: *audience, ..Listed::default() },
            Recipients::Listed(listed) => listed.clone(),
        }
    }
}
