//! What has to be set up in a customer's Microsoft 365: two connectors and four mail flow rules.
//!
//! [`plan`] gives them as data, [`Plan::script`] and [`Plan::removal`] as PowerShell for Exchange Online, and
//! [`Plan::looked_at`] tells whether they are there. Whoever plays Microsoft 365 in a test executes the same data.
//!
//! The rules stand together at the top, in this order:
//! 1. A stamp without the loop word is taken off: it is a user's, a stranger's or another tenant's.
//! 2. An automatic reply gets the loop word and so passes by (a rule has only one exception for a type of message,
//!    and rule 3 needs it for meetings).
//! 3. What the organisation sends goes to Signet and no further rule sees it; except with the loop word.
//! 4. The loop word is taken off. Rule 3 has looked at it by then, and nobody who gets the message ever sees it, so
//!    no user can put it into a message to avoid the signature. All other rules of the customer follow, for the
//!    signed message.
//!
//! The word is the whole proof, because Exchange cannot check the stamp's key. The sender's network was rejected as
//! a further proof: enhanced filtering (`EFSkipLastIP`) hides our address, and a rule that then takes the stamp off
//! our own mail would send it round in circles.

mod inspection;
pub mod records;
mod script;
mod settings;

pub use inspection::{Inspected, Looked, Part, Wrong};

use serde::{Deserialize, Serialize};

use super::snapshot::is_loop_word;
use super::{Domain, Peer, Problem, Snapshot};
use crate::imprint::stamp_field;

/// The connector by which mail goes to Signet.
pub const OUTBOUND: &str = "Microsoft 365 to Signet";

/// The connector by which it comes back.
pub const INBOUND: &str = "Signet to Microsoft 365";

/// What the operator of the edge contributes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// DNS names at which the region takes mail.
    pub smart_hosts: Vec<String>,
    /// The name in the edge's server certificate; a wildcard is allowed.
    pub server_name: String,
    /// The name in the certificate with which the edge hands this tenant's mail back: an accepted domain of the
    /// tenant, and of no other.
    pub client_name: String,
    /// Messages over this size are not sent to Signet, in octets.
    pub max_message_bytes: u64,
    /// Only members of this mail-enabled security group are routed, by address.
    pub pilot_group: Option<String>,
    /// Further loop words to let pass: the one to come, since the rules must know a word before the edge uses it,
    /// and the one before, which messages on their way still carry.
    pub other_loop_words: Vec<String>,
}

/// Everything to set up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Name of the organisation, for people to read.
    pub organisation: String,
    pub outbound: OutboundConnector,
    pub inbound: InboundConnector,
    /// In the order in which Exchange asks them.
    pub rules: Vec<RoutingRule>,
}

/// `New-OutboundConnector`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboundConnector {
    pub name: String,
    pub smart_hosts: Vec<String>,
    /// The name the edge's certificate must carry.
    pub tls_domain: String,
}

/// `New-InboundConnector`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboundConnector {
    pub name: String,
    /// The name in the edge's client certificate; an accepted domain.
    pub certificate_name: String,
}

/// One mail flow rule. All conditions must hold and no exception may; then all actions are taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoutingRule {
    pub name: String,
    pub conditions: Conditions,
    pub exceptions: Exceptions,
    pub actions: Actions,
}

/// What must hold. `None` and `false` ask nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Conditions {
    /// The envelope sender is inside the organisation.
    pub from_inside: bool,
    /// The sender is a member of this group.
    pub from_member_of: Option<String>,
    pub header: Option<HeaderPatterns>,
    pub message_type: Option<MessageType>,
}

/// What must not hold.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Exceptions {
    pub header: Option<HeaderPatterns>,
    pub header_words: Option<HeaderWords>,
    /// MAIL FROM:<>.
    pub null_sender: bool,
    pub message_type: Option<MessageType>,
    /// The message has more octets than this.
    pub size_over: Option<u64>,
}

/// What is done.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Actions {
    /// Every field of this name goes.
    pub remove_header: Option<String>,
    pub set_header: Option<Header>,
    /// The name of the connector by which the message leaves.
    pub route_to: Option<String>,
    /// No later rule is asked.
    pub stop: bool,
}

/// A field of this name in which one of the regular expressions matches somewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeaderPatterns {
    pub name: String,
    pub patterns: Vec<String>,
}

/// A field of this name which contains one of the texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeaderWords {
    pub name: String,
    pub words: Vec<String>,
}

/// A field to be set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    pub name: String,
    pub value: String,
}

/// Exchange's type of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MessageType {
    /// `OOF`.
    AutomaticReply,
    /// `Calendaring`: requests, answers and cancellations of meetings.
    Meeting,
}

/// What has to be set up for a tenant.
///
/// # Errors
/// Everything that is missing or does not fit; the places name keys of [`Edge`], or `/peer` of the tenant file.
pub fn plan(snapshot: &Snapshot, edge: &Edge) -> Result<Plan, Vec<Problem>> {
    let problems = problems(snapshot, edge);
    if !problems.is_empty() {
        return Err(problems);
    }
    let words: Vec<&str> =
        std::iter::once(snapshot.loop_word()).chain(edge.other_loop_words.iter().map(String::as_str)).collect();
    Ok(Plan {
        organisation: snapshot.name().to_owned(),
        outbound: OutboundConnector {
            name: OUTBOUND.to_owned(),
            smart_hosts: edge.smart_hosts.clone(),
            tls_domain: edge.server_name.clone(),
        },
        inbound: InboundConnector { name: INBOUND.to_owned(), certificate_name: edge.client_name.clone() },
        rules: vec![clean(&words), pass_automatic_replies(&words), route(&words, edge), remove(&words)],
    })
}

fn clean(words: &[&str]) -> RoutingRule {
    RoutingRule {
        name: "Signet 1: remove foreign stamps".to_owned(),
        conditions: Conditions {
            header: Some(HeaderPatterns { name: stamp_field::NAME.to_owned(), patterns: vec![r"\S".to_owned()] }),
            ..Conditions::default()
        },
        exceptions: Exceptions { header: Some(stamped(words)), ..Exceptions::default() },
        actions: Actions { remove_header: Some(stamp_field::NAME.to_owned()), ..Actions::default() },
    }
}

fn pass_automatic_replies(words: &[&str]) -> RoutingRule {
    let value = words.first().map(|word| mark(word)).unwrap_or_default();
    RoutingRule {
        name: "Signet 2: let automatic replies pass".to_owned(),
        conditions: Conditions { message_type: Some(MessageType::AutomaticReply), ..Conditions::default() },
        exceptions: Exceptions::default(),
        actions: Actions {
            set_header: Some(Header { name: stamp_field::NAME.to_owned(), value }),
            ..Actions::default()
        },
    }
}

fn route(words: &[&str], edge: &Edge) -> RoutingRule {
    RoutingRule {
        name: "Signet 3: route to Signet".to_owned(),
        conditions: Conditions { from_inside: true, from_member_of: edge.pilot_group.clone(), ..Conditions::default() },
        exceptions: Exceptions {
            header: Some(stamped(words)),
            // A group sends a message on to its members: it was signed when it was sent to the group.
            header_words: Some(HeaderWords {
                name: "X-MS-Exchange-UnifiedGroup-SubmittedViaGroupAddress".to_owned(),
                words: vec!["/o=ExchangeLabs/ou=Exchange Administrative Group".to_owned()],
            }),
            null_sender: true,
            message_type: Some(MessageType::Meeting),
            size_over: Some(edge.max_message_bytes),
        },
        actions: Actions { route_to: Some(OUTBOUND.to_owned()), stop: true, ..Actions::default() },
    }
}

fn remove(words: &[&str]) -> RoutingRule {
    RoutingRule {
        name: "Signet 4: remove our stamp".to_owned(),
        conditions: Conditions { header: Some(stamped(words)), ..Conditions::default() },
        exceptions: Exceptions::default(),
        actions: Actions { remove_header: Some(stamp_field::NAME.to_owned()), ..Actions::default() },
    }
}

/// The field with one of the loop words, as the stamp writes it.
fn stamped(words: &[&str]) -> HeaderPatterns {
    HeaderPatterns { name: stamp_field::NAME.to_owned(), patterns: words.iter().map(|word| mark(word)).collect() }
}

/// The part of the stamp that holds the word. Loop words are letters, digits, `-` and `_`, so it is a regular
/// expression that matches itself.
fn mark(word: &str) -> String {
    format!("w={word};")
}

fn problems(snapshot: &Snapshot, edge: &Edge) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut say = |place: String, message: String| problems.push(Problem { place, message });
    if !matches!(snapshot.peer(), Some(Peer::Microsoft { .. })) {
        say("/peer".to_owned(), "only a tenant proven as `microsoft` is connected to Microsoft 365".to_owned());
    }
    if edge.smart_hosts.is_empty() {
        say("/smart_hosts".to_owned(), "at least one is needed".to_owned());
    }
    for (at, host) in edge.smart_hosts.iter().enumerate().filter(|(_, host)| Domain::parse(host).is_none()) {
        say(format!("/smart_hosts/{at}"), format!("`{host}` is not a DNS name"));
    }
    if Domain::parse(edge.server_name.strip_prefix("*.").unwrap_or(&edge.server_name)).is_none() {
        say("/server_name".to_owned(), format!("`{}` is not a DNS name", edge.server_name));
    }
    if Domain::parse(&edge.client_name).is_none() {
        say("/client_name".to_owned(), format!("`{}` is not a DNS name", edge.client_name));
    }
    if let Some(group) = edge.pilot_group.as_ref().filter(|group| super::Address::parse(group).is_none()) {
        say("/pilot_group".to_owned(), format!("`{group}` is not an address"));
    }
    for (at, word) in edge.other_loop_words.iter().enumerate().filter(|(_, word)| !is_loop_word(word)) {
        say(format!("/other_loop_words/{at}"), format!("`{word}` is not letters, digits, - and _"));
    }
    problems
}
