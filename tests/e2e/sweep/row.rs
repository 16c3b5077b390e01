//! One row of the fault table: what breaks, how that is provoked, what the sender is told, and what becomes of the
//! message in the end.

use std::pin::Pin;
use std::time::Duration;

use standin::exchange::{Outgoing, Rule, SenderConfig};
use standin::fault_proxy::Fault;

use super::case::{Case, Depth, Ledger, Shape};
use super::scene::Scene;
use super::stage::Stage;

/// An appliance with a configuration of its own, shared by the rows that fit it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Exchange Online on both sides, TLS, nothing unusual.
    Usual,
    /// A network's MTA in plain text on loopback on both sides, so that a proxy sees the dialogue.
    Plain,
    /// Senders that say nothing for a second are told 421.
    HastyWithSenders,
    /// Next hops that say nothing for a second are given up.
    HastyWithNextHops,
    /// Four connections at most.
    FewConnections,
    /// Messages of 100,000 octets at most.
    SmallMessages,
    /// Memory for a few messages.
    LittleMemory,
    /// A millisecond of work for each message.
    NoTime,
    /// The tenant wants its mail to wait rather than go unsigned.
    Deferring,
    /// The tenant's mail passes as it came.
    Bypassed,
    /// The next hop offers no STARTTLS.
    NextHopInPlain,
    /// The next hop's certificate is of another name.
    WrongName,
    /// The next hop's certificate is of an authority nobody knows.
    StrangeAuthority,
    /// The next hop's name has two addresses, and nobody listens at the first.
    TwoAddresses,
    /// The next hop's name has no address.
    NoName,
    /// The name server is gone since the first answer.
    NameServerGone,
    /// The next hop's name has a private address, and those are refused.
    PrivateAddress,
    /// The clock can be set.
    OtherClock,
    /// Our certificate has expired.
    ExpiredCertificate,
    /// The store lies on a disk that is full.
    FullDisk,
    /// The binary with failpoints.
    Failpoints,
}

/// How the fault comes about.
pub enum Provoke {
    /// The message itself is enough, or the stage.
    Nothing,
    /// The next hop does it.
    Script(fn(&Case) -> Vec<Rule>),
    /// The network does it, between the sender and us.
    Sender(fn(&Case) -> Vec<Fault>),
    /// The network does it, between us and the next hop.
    NextHop(fn(&Case) -> Vec<Fault>),
    /// Our own code does it: the point, and what happens there.
    Failpoint(&'static str, &'static str),
    /// The same once the next hop has the whole message and has not answered.
    FailpointAtTheEnd(&'static str, &'static str),
    /// A scene of its own beside the delivery.
    Beside(Beside),
}

/// Runs at the same time as the delivery and ends by itself.
pub type Beside = for<'a> fn(&'a Stage, &'a Scene) -> Pin<Box<dyn Future<Output = ()> + 'a>>;

/// What the sender is told by its first try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// The first answer that is no success, by code and enhanced code.
    Refusal(u16, &'static str),
    /// The same for the first recipient alone; the others are taken.
    First(u16, &'static str),
    /// Nothing: the connection is gone without an answer to the message.
    Nothing,
    /// Any 4xx, or nothing.
    Later,
    /// All is well.
    Accepted,
}

/// What becomes of the message when the fault is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Delivered,
    Refused,
    /// Given up by the sender, for the fault stays.
    Deferred,
    /// The first recipient is refused, the others have it.
    FirstRefused,
}

/// Whether the next hop may have the message twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Twice {
    Never,
    /// Not with the ledger, which knows of the first time.
    UnlessLedger,
    /// With the ledger, too: nobody who lived on knew.
    Possible,
}

/// One row, or one of the ways to provoke it.
pub struct Row {
    /// Of the fault table.
    pub number: u8,
    pub fault: &'static str,
    pub kind: Kind,
    pub provoke: Provoke,
    pub told: Told,
    pub end: End,
    pub twice: Twice,
    /// Octets of the mail.
    pub octets: usize,
    /// How long the sender waits for a reply.
    pub patience: Duration,
    /// Changes to the message.
    pub message: fn(&mut Outgoing),
    /// Changes to how the sender connects.
    pub connects: fn(&Stage, SenderConfig) -> SenderConfig,
    shapes: fn(Shape) -> bool,
}

/// A row of the usual stage, with nothing provoked, where all must be well.
pub fn row(number: u8, fault: &'static str) -> Row {
    Row {
        number,
        fault,
        kind: Kind::Usual,
        provoke: Provoke::Nothing,
        told: Told::Accepted,
        end: End::Delivered,
        twice: Twice::Never,
        octets: 4_000,
        patience: Duration::from_secs(30),
        message: |_| {},
        connects: |_, config| config,
        shapes: |_| true,
    }
}

impl Row {
    pub fn on(mut self, kind: Kind) -> Row {
        self.kind = kind;
        self
    }

    pub fn script(mut self, rules: fn(&Case) -> Vec<Rule>) -> Row {
        self.provoke = Provoke::Script(rules);
        self
    }

    pub fn sender(mut self, faults: fn(&Case) -> Vec<Fault>) -> Row {
        self.provoke = Provoke::Sender(faults);
        self
    }

    pub fn next_hop(mut self, faults: fn(&Case) -> Vec<Fault>) -> Row {
        self.provoke = Provoke::NextHop(faults);
        self
    }

    pub fn failpoint(mut self, name: &'static str, action: &'static str) -> Row {
        (self.kind, self.provoke) = (Kind::Failpoints, Provoke::Failpoint(name, action));
        self
    }

    pub fn failpoint_at_the_end(mut self, name: &'static str, action: &'static str) -> Row {
        (self.kind, self.provoke) = (Kind::Failpoints, Provoke::FailpointAtTheEnd(name, action));
        self
    }

    pub fn beside(mut self, scene: Beside) -> Row {
        self.provoke = Provoke::Beside(scene);
        self
    }

    pub fn message(mut self, change: fn(&mut Outgoing)) -> Row {
        self.message = change;
        self
    }

    pub fn connects(mut self, how: fn(&Stage, SenderConfig) -> SenderConfig) -> Row {
        self.connects = how;
        self
    }

    pub fn octets(mut self, octets: usize) -> Row {
        self.octets = octets;
        self
    }

    /// The sender waits a second for each reply.
    pub fn impatient(mut self) -> Row {
        self.patience = Duration::from_secs(1);
        self
    }

    pub fn told(mut self, told: Told) -> Row {
        self.told = told;
        self
    }

    pub fn end(mut self, end: End) -> Row {
        self.end = end;
        self
    }

    pub fn twice(mut self, twice: Twice) -> Row {
        self.twice = twice;
        self
    }

    /// Only in these shapes; in the others there is no such fault.
    pub fn only(mut self, shapes: fn(Shape) -> bool) -> Row {
        self.shapes = shapes;
        self
    }

    /// The fault, with the failpoint where it is one.
    pub fn title(&self) -> String {
        match &self.provoke {
            Provoke::Failpoint(point, _) | Provoke::FailpointAtTheEnd(point, _) => format!("{} at {point}", self.fault),
            _ => self.fault.to_owned(),
        }
    }

    pub fn fits(&self, shape: Shape) -> bool {
        (self.shapes)(shape)
    }

    /// Whether a second delivery is allowed in this case.
    pub fn may_be_twice(&self, ledger: Ledger) -> bool {
        match self.twice {
            Twice::Never => false,
            Twice::UnlessLedger => ledger == Ledger::Off,
            Twice::Possible => true,
        }
    }
}

impl Kind {
    /// Without TLS at both ends.
    pub fn is_plain(self) -> bool {
        matches!(self, Kind::Plain | Kind::OtherClock)
    }

    /// With and without the ledger where everything is carried out.
    pub fn ledgers(self, depth: Depth) -> Vec<Ledger> {
        match depth {
            Depth::One => vec![if self == Kind::Plain { Ledger::On } else { Ledger::Off }],
            Depth::Whole => vec![Ledger::Off, Ledger::On],
        }
    }
}
