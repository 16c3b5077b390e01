//! What a [`Session`](super::Session) wants of its owner, who holds the wires, the pools, the memory and the clock.

use std::sync::Arc;

use bytes::Bytes;

use crate::smtp::{Client, ClientError, Reply};
use crate::tenant::{Region, Tenant};
use crate::transit::{Health, Index, Page, Record, Unproven, Wanted};

/// One step, in order.
#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
pub enum Action {
    /// Octets for the sender.
    ToSender(Bytes),
    /// Octets for the session of a leg.
    ToNextHop(usize, Bytes),
    /// When what was said before is written: the handshake, then
    /// [`tls_established`](super::Session::tls_established).
    UpgradeTls,
    /// A message wants to begin: [`begin`](super::Session::begin), or
    /// [`no_memory`](super::Session::no_memory) where there is none for it.
    Begin,
    /// So many octets more than were granted are held: [`grant`](super::Session::grant) them, or
    /// [`no_memory`](super::Session::no_memory).
    Reserve(usize),
    /// A session to this tenant's next hop is wanted: [`leased`](super::Session::leased), or
    /// [`lease_refused`](super::Session::lease_refused).
    Lease(Arc<Tenant>, Wanted),
    /// So many sessions more, all at once, for the legs after the first: [`further_leased`](super::Session::further_leased),
    /// or [`lease_refused`](super::Session::lease_refused).
    LeaseFurther(Arc<Tenant>, usize),
    /// The rules and people of this tenant are wanted, and those of no other any more:
    /// [`snapshot`](super::Session::snapshot), within the time that a message may wait for them.
    Snapshot(Arc<Tenant>),
    /// The session of a leg, of this tenant, is not needed any more, perhaps with answers to come.
    GiveBack(usize, Arc<Tenant>, Box<Client>),
    /// Close the session of a leg without another octet, or give up the wish for one. Legs after the first are wished for
    /// together, and given up together.
    HangUp(usize),
    /// The session of a leg has the whole message, and its answer is not waited for here any more: note it in the page
    /// when it comes, within the time that the state machine allows, then drop both.
    LeaveBehind(usize, Box<Client>, Page),
    /// Look whether the sender is still there; if so, [`gate_open`](super::Session::gate_open).
    Gate,
    /// This tenant's next hop said something about this edge.
    Health(Arc<Tenant>, Health, Reply),
    /// The session with this tenant's next hop ended in the middle of a message.
    NextHopFailed(Arc<Tenant>, ClientError),
    /// The message is nobody's.
    Unproven(Unproven),
    /// The message has its verdict.
    Finished(Box<Record>),
    /// Write what is queued for the sender, then close.
    Close,
}

/// What a message begins with.
#[derive(Debug, Clone)]
pub struct Opening {
    /// The tenants as they are now, and how current that is.
    pub region: Arc<Region>,
    pub index: Index,
    /// Random: it makes names unique, it guards nothing.
    pub salt: [u8; 16],
    /// Octets of memory that are the message's already.
    pub granted: usize,
}
