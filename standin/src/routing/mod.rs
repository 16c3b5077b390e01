//! A tenant of Microsoft 365 with its connectors and mail flow rules carried out, so that the whole loop can be run:
//! user, Exchange, Signet, Exchange, recipient.
//!
//! The rules are read from the very script that `signet connect` prints ([`Plan::from_script`]), or from its plan as
//! JSON ([`Plan::from_json`]): what is tested is what the customer is told to set up. A setting, condition or pattern
//! that is not understood is an error, never passed over.

mod message;
mod rules;
mod script;
mod tenant;
#[cfg(test)]
mod tests;

use std::io;

use serde::{Deserialize, Serialize};

pub use message::Message;
pub use rules::Route;
pub use tenant::{Delivered, Tenant365, Tenant365Config};

/// What a customer sets up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    #[serde(default)]
    pub organisation: String,
    pub outbound: OutboundConnector,
    pub inbound: InboundConnector,
    /// In the order in which they are asked.
    pub rules: Vec<RoutingRule>,
}

/// The connector by which mail leaves for Signet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutboundConnector {
    pub name: String,
    pub smart_hosts: Vec<String>,
    /// The name that Signet's certificate must carry.
    pub tls_domain: String,
}

/// The connector by which it comes back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InboundConnector {
    pub name: String,
    /// The name in Signet's client certificate.
    pub certificate_name: String,
}

/// One mail flow rule: all conditions hold and no exception does, then all actions are taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoutingRule {
    pub name: String,
    #[serde(default)]
    pub conditions: Conditions,
    #[serde(default)]
    pub exceptions: Exceptions,
    pub actions: Actions,
}

/// What must hold; absent asks nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Conditions {
    /// `FromScope InOrganization`.
    pub from_inside: bool,
    /// `FromMemberOf`.
    pub from_member_of: Option<String>,
    /// `HeaderMatchesMessageHeader`, `HeaderMatchesPatterns`.
    pub header: Option<HeaderPatterns>,
    pub message_type: Option<MessageType>,
}

/// What must not hold.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Exceptions {
    pub header: Option<HeaderPatterns>,
    /// `ExceptIfHeaderContainsMessageHeader`, `ExceptIfHeaderContainsWords`.
    pub header_words: Option<HeaderWords>,
    /// MAIL FROM:<>.
    pub null_sender: bool,
    pub message_type: Option<MessageType>,
    /// Octets.
    pub size_over: Option<u64>,
}

/// What is done.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Actions {
    pub remove_header: Option<String>,
    pub set_header: Option<Header>,
    /// By the connector of this name.
    pub route_to: Option<String>,
    /// `StopRuleProcessing`.
    pub stop: bool,
}

/// One of the patterns matches somewhere in a field of this name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeaderPatterns {
    pub name: String,
    pub patterns: Vec<String>,
}

/// A field of this name contains one of the texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeaderWords {
    pub name: String,
    pub words: Vec<String>,
}

/// A field with its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    pub name: String,
    pub value: String,
}

/// Exchange's type of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MessageType {
    AutomaticReply,
    Meeting,
}

impl Plan {
    /// Reads a plan and checks that every pattern in it is understood here.
    pub fn from_json(json: &str) -> io::Result<Plan> {
        serde_json::from_str::<Plan>(json)?.checked()
    }

    fn checked(self) -> io::Result<Plan> {
        for rule in &self.rules {
            let fields = [&rule.conditions.header, &rule.exceptions.header];
            for pattern in fields.into_iter().flatten().flat_map(|field| &field.patterns) {
                rules::Pattern::parse(pattern)?;
            }
            if let Some(connector) = rule.actions.route_to.as_ref().filter(|name| **name != self.outbound.name) {
                return Err(io::Error::other(format!("no connector is called {connector:?}")));
            }
        }
        Ok(self)
    }
}
