//! What can happen in the model: the ordinary events, which need no fault, and the faults, of which a run has a few.

use super::next_hop::Misreply;

/// One step of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Event {
    /// The sender connects, for its first or next try.
    Connect,
    /// After a try that failed it begins the next one on the same connection, or leaves.
    TryAgain,
    Leave,
    /// The next piece that the sender gave to its socket comes to us.
    FromSender,
    /// Our replies come to the sender.
    ToSender,
    /// What we said on a leg comes to the next hop.
    ToNextHop(usize),
    /// Its next reply comes to us.
    FromNextHop(usize),
    /// A session to the next hop is there, kept or new.
    Lease,
    /// Sessions for all further legs are there.
    LeaseFurther,
    /// The tenant's rules are there.
    Rules,
    /// We look whether the sender is there, and it is.
    Gate,
    /// There is memory.
    Grant,
    /// The answer that a session left behind comes.
    Late,
    Fault(Fault),
}

/// What should not happen, but does. `after`: so many octets of what was on its way still come through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// The sender closes, and hears no more.
    SenderCloses { after: usize },
    /// The connection with the sender breaks; our reply comes through so far.
    SenderResets { after: usize },
    /// Whoever is waited for lets its time pass.
    Timeout,
    /// The next hop closes, or is gone, before it has taken everything.
    NextHopDeaf { leg: usize, after: usize },
    /// The same, before its reply came through.
    NextHopMute { leg: usize, after: usize },
    /// The reply of this number to what comes to it now is another one.
    Misreply { leg: usize, number: usize, misreply: Misreply },
    /// The next hop speaks unasked.
    Unasked(usize, Unasked),
    /// No session can be had.
    Lease(LeaseFault),
    /// No sessions for the further legs can be had.
    LeaseFurther,
    /// The tenant's rules do not come in time.
    NoRules,
    /// There is no memory.
    NoMemory,
    /// Our work took too long.
    OutOfTime,
    /// The process is to end when it can.
    Drain,
    /// The process ends at once, but for messages that the next hop has whole.
    Stop,
    /// The process is gone, and what it said came through so far.
    Crash { leg: usize, after: usize },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unasked {
    Temporary,
    Permanent,
    Closing,
    Success,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LeaseFault {
    Unresolved,
    Unreachable,
    Tls,
    Busy,
    Greeting(Opening),
    Hello(Opening),
}

/// What goes wrong while a session is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Opening {
    Says(Misreply),
    Gone,
    Silent,
}

impl Fault {
    /// The leg on which the next hop does something.
    pub fn leg(self) -> Option<usize> {
        match self {
            Fault::NextHopDeaf { leg, .. } | Fault::NextHopMute { leg, .. } => Some(leg),
            Fault::Misreply { leg, .. } | Fault::Unasked(leg, _) => Some(leg),
            _ => None,
        }
    }

    /// For the table of what was tried where.
    pub fn word(self) -> &'static str {
        match self {
            Fault::SenderCloses { .. } => "sender closes",
            Fault::SenderResets { .. } => "sender resets",
            Fault::Timeout => "timeout",
            Fault::NextHopDeaf { .. } => "next hop deaf",
            Fault::NextHopMute { .. } => "next hop mute",
            Fault::Misreply { misreply, .. } => match misreply {
                Misreply::Temporary => "reply 4xx",
                Misreply::Permanent => "reply 5xx",
                Misreply::Closing => "reply 421",
                Misreply::Garbage => "reply garbled",
                Misreply::WrongClass => "reply of wrong class",
                Misreply::Ahead => "reply ahead",
            },
            Fault::Unasked(..) => "unasked",
            Fault::Lease(_) | Fault::LeaseFurther => "no lease",
            Fault::NoRules => "no rules",
            Fault::NoMemory => "no memory",
            Fault::OutOfTime => "out of time",
            Fault::Drain => "drain",
            Fault::Stop => "stop",
            Fault::Crash { .. } => "crash",
        }
    }
}

/// Where a message stands when something happens to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stage {
    Opening,
    Envelope,
    Content,
    /// From the commit point to the next hop's answer.
    Verdict,
    /// From there to the last octet of our reply at the sender.
    Reply,
    /// Between two tries.
    Between,
}

/// Every word of [`Fault::word`].
pub const FAULTS: &[&str] = &[
    "sender closes",
    "sender resets",
    "timeout",
    "next hop deaf",
    "next hop mute",
    "reply 4xx",
    "reply 5xx",
    "reply 421",
    "reply garbled",
    "reply of wrong class",
    "reply ahead",
    "unasked",
    "no lease",
    "no rules",
    "no memory",
    "out of time",
    "drain",
    "stop",
    "crash",
];
