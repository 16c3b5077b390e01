//! What [`Transit`](super::Transit) is told, and what it wants: one value for each thing that happens to a message
//! ([`Input`]), one for each that must happen ([`Output`]), in order.
//!
//! A session and its tests speak to a message in these words alone, so that nothing happens to it by any other way.

use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;

use super::binding::Unproven;
use super::ledger::{Fingerprint, Known, Note};
use super::record::Record;
use super::{Health, Lease, Refusal, Wanted};
use crate::smtp::{Asked, Cause, ClientError, Mail, Rcpt, Reply};
use crate::tenant::{Snapshot, Tenant};

/// What happened.
#[derive(Debug)]
pub enum Input {
    /// The sender's recipient; asked.
    Rcpt(Rcpt),
    /// The sender wants to send by DATA; asked.
    Data,
    /// A BDAT begins.
    Chunk { octets: u64, last: bool },
    /// Content, without transparency dots.
    Body(Bytes),
    /// The last content: the message arrived whole with it; asked. Known together, a short message goes out in one
    /// piece.
    LastBody(Bytes),
    /// A BDAT without LAST arrived whole; asked.
    ChunkTaken,
    /// The message arrived whole; asked.
    EndOfMessage,
    /// The sender, or the server for it, dropped the transaction.
    Reset(Cause),
    /// A session to the next hop is ours, for the first leg.
    Leased(Lease),
    /// One for each further leg.
    FurtherLeased(Vec<Lease>),
    /// None could be had, or not enough.
    LeaseRefused(Refusal),
    /// The next hop answered on a leg.
    NextHop(usize, Asked, Reply),
    /// The session to the next hop is over on a leg.
    NextHopGone(usize, ClientError),
    /// Its verdict did not come in time.
    VerdictLate(usize),
    /// What was to go out by DATA on a leg has a bare CR, a bare LF or a NUL.
    BareLineEnd(usize),
    /// The gate was looked at: the sender is still there.
    GateOpen,
    /// What the ledger knows.
    Recalled(Vec<Known>),
    /// The tenant's rules and people; `None`: they cannot be had in time.
    Snapshot(Option<Arc<Snapshot>>),
    /// There is no memory for more of the hold.
    OutOfMemory,
    /// Our own work on the message took too long.
    OutOfTime,
}

/// What must happen.
#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
pub enum Output {
    /// The answer to the sender's oldest open question.
    Answer(Reply),
    /// A session to this tenant's next hop is wanted, for the first leg.
    Lease(Arc<Tenant>, Wanted),
    /// So many more, all at once: [`Input::FurtherLeased`].
    LeaseFurther(Arc<Tenant>, usize),
    /// The rules and people of this tenant will be asked, those of no other: [`Input::Snapshot`] within the time that a
    /// message may wait for them.
    Snapshot(Arc<Tenant>),
    /// For the session of a leg, in order.
    Tell(usize, Command),
    /// The session of a leg, or the wish for one, is not needed any more; it may serve another message.
    Release(usize),
    /// Close the session of a leg now, without the last octet.
    Abort(usize),
    /// The session of a leg has the whole message and we cannot wait for its answer: what it says is for the ledger.
    LeaveBehind(usize),
    /// Look whether the sender is still there; if so, [`Input::GateOpen`].
    Gate,
    /// What does the ledger know of this? [`Input::Recalled`] at once.
    Recall(Fingerprint),
    /// For the ledger, in order: before the answer that follows it goes out.
    Note(Note),
    /// The next hop said something about this edge, not about the message: this.
    Health(Health, Reply),
    /// The next hop's session ended in the middle of the message.
    NextHopFailed(ClientError),
    /// The message is nobody's.
    Unproven(Unproven),
    /// The message has its verdict.
    Finished(Box<Record>),
}

/// What the session to the next hop is told.
#[derive(Debug, Clone)]
pub enum Command {
    Mail(Mail),
    Rcpt(Rcpt),
    /// RSET: the envelope begins anew.
    Reset,
    Data,
    Chunk {
        octets: u64,
        last: bool,
    },
    Body(Bytes),
    /// The verdict is awaited since then.
    EndOfData {
        since: Instant,
    },
}
