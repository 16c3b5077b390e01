//! A session to the next hop as a message is given it, and why one could not be had.
//!
//! No refusal of these ever bounces a message: the trouble is between the next hop and this edge.

use std::time::Instant;

use crate::smtp::{Extensions, Reply};

/// A session to the next hop, ready for MAIL.
#[derive(Debug, Clone)]
pub struct Lease {
    pub extensions: Extensions,
    /// It served another message before, so it may turn out dead.
    pub reused: bool,
    /// Since when this next hop answers 5.7.64 to this tenant's messages.
    pub attribution_refused_since: Option<Instant>,
}

/// Which session will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// A kept one, or a new one.
    Any,
    /// A new one: a kept one has just turned out dead, and its like may be.
    New,
}

/// Why no session could be had.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// No address is known for the next hop, and none was in the last day.
    Unresolved,
    /// Where it is said to be no mail of this tenant may go: a private address, or a host outside the suffixes.
    Address,
    /// No address took the connection.
    Unreachable,
    /// TLS is not offered, the chain or the name is not the right one, or we have no certificate for the tenant.
    Tls,
    /// Too many sessions are in use.
    Busy,
    /// The tenant's messages have their share of memory already.
    Memory,
    /// Greeting or EHLO was refused.
    Session(Reply),
    /// The connection broke before EHLO was answered.
    Broken,
    /// What came was no SMTP.
    Garbled,
    /// Greeting, EHLO and TLS took too long, or the whole of the dialling did.
    Timeout,
}

impl Refusal {
    /// Our answer. It never bounces: the trouble is between the next hop and us.
    pub fn reply(&self) -> Reply {
        match self {
            Refusal::Unresolved | Refusal::Address => Reply::next_hop_unresolved(),
            Refusal::Unreachable | Refusal::Broken | Refusal::Garbled | Refusal::Timeout => {
                Reply::next_hop_unreachable()
            }
            Refusal::Tls => Reply::next_hop_tls(),
            Refusal::Busy => Reply::next_hop_busy(),
            Refusal::Memory => Reply::no_memory(),
            Refusal::Session(reply) if reply.is_permanent() => Reply::about_us(),
            Refusal::Session(_) => Reply::next_hop_unreachable(),
        }
    }
}
