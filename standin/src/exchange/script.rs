//! Faults on demand. A [`Rule`] names a point of the dialogue, narrows it by session, count or address, and lists
//! what happens there instead of, before or after the usual answer. Rules are tried in the order they were given;
//! the first that fits is taken.
//!
//! Waits are conditions: a [`Gate`] says when a session has reached it and lets it go on when it is opened.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use crate::wire::Reply;

/// A point of the dialogue, named by what the receiver would answer there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// The greeting.
    Greeting,
    /// EHLO or HELO.
    Hello,
    /// The 220 to STARTTLS.
    StartTls,
    Mail,
    Rcpt,
    /// The 354.
    Data,
    /// A BDAT without LAST whose octets were taken.
    Chunk,
    /// At least this many octets of the content (as on the wire) were taken. Only `raw`, waits and the ways to
    /// close make sense here: nothing is answered at this point as a rule.
    Content(u64),
    /// The whole content has arrived; nothing is recorded as accepted yet.
    EndOfMessage,
    Reset,
    Noop,
    Quit,
}

/// What happens at a point.
#[derive(Debug, Clone)]
pub enum Act {
    /// Hold the session until the gate is opened.
    Wait(Gate),
    /// Hold the session this long.
    Delay(Duration),
    /// Answer this instead. 421 also closes.
    Reply(Reply),
    /// Write these octets instead of an answer; counts as a refusal.
    Raw(Vec<u8>),
    /// Write these octets behind the answer, in one segment with it.
    Ahead(Vec<u8>),
    /// Close in order behind the answer.
    CloseAfter,
    /// Close without an answer; the message counts as refused.
    Disconnect,
    /// RST without an answer; the message counts as refused.
    Break,
    /// Do as if it was answered as usual (a message is accepted), but close without saying so.
    DisconnectUnsaid,
    /// Keep the connection and read no more.
    StopReading,
}

/// One fault, asked for.
#[derive(Debug, Clone)]
pub struct Rule {
    pub(super) at: At,
    pub(super) session: Option<usize>,
    pub(super) nth: Option<usize>,
    pub(super) address: Option<String>,
    pub(super) times: usize,
    pub(super) acts: Vec<Act>,
}

impl Rule {
    /// Every time this point is reached, in every session.
    pub fn at(at: At) -> Rule {
        Rule { at, session: None, nth: None, address: None, times: usize::MAX, acts: Vec::new() }
    }

    /// Only in the n-th session of the receiver, counted from 1.
    pub fn session(mut self, number: usize) -> Rule {
        self.session = Some(number);
        self
    }

    /// Only the n-th time within a session, counted from 1.
    pub fn nth(mut self, number: usize) -> Rule {
        self.nth = Some(number);
        self
    }

    /// Only for this address: of MAIL, of RCPT, or of any recipient at the end of a message.
    pub fn address(mut self, address: &str) -> Rule {
        self.address = Some(address.to_owned());
        self
    }

    /// At most so often over all sessions; then the rule is spent.
    pub fn times(mut self, times: usize) -> Rule {
        self.times = times;
        self
    }

    /// Adds an act; acts happen in the order they were added.
    pub fn then(mut self, act: Act) -> Rule {
        self.acts.push(act);
        self
    }

    /// `rule.reply("451 4.7.500 Server busy")`.
    pub fn reply(self, text: &str) -> Rule {
        self.then(Act::Reply(Reply::of(text)))
    }

    pub fn raw(self, octets: &[u8]) -> Rule {
        self.then(Act::Raw(octets.to_vec()))
    }

    pub fn ahead(self, octets: &[u8]) -> Rule {
        self.then(Act::Ahead(octets.to_vec()))
    }

    pub fn wait(self, gate: &Gate) -> Rule {
        self.then(Act::Wait(gate.clone()))
    }

    pub fn delay(self, time: Duration) -> Rule {
        self.then(Act::Delay(time))
    }

    pub fn close(self) -> Rule {
        self.then(Act::CloseAfter)
    }

    pub fn disconnect(self) -> Rule {
        self.then(Act::Disconnect)
    }

    pub fn disconnect_unsaid(self) -> Rule {
        self.then(Act::DisconnectUnsaid)
    }

    pub fn stop_reading(self) -> Rule {
        self.then(Act::StopReading)
    }

    pub(super) fn fits(&self, at: At, session: usize, nth: usize, addresses: &[&str]) -> bool {
        self.at == at
            && self.times > 0
            && self.session.is_none_or(|number| number == session)
            && self.nth.is_none_or(|number| number == nth)
            && self.address.as_deref().is_none_or(|wanted| addresses.iter().any(|got| got.eq_ignore_ascii_case(wanted)))
    }
}

/// A point where sessions wait until the test lets them go.
#[derive(Debug, Clone)]
pub struct Gate {
    open: Arc<watch::Sender<bool>>,
    reached: Arc<watch::Sender<usize>>,
}

impl Gate {
    /// Closed.
    pub fn new() -> Gate {
        Gate { open: Arc::new(watch::Sender::new(false)), reached: Arc::new(watch::Sender::new(0)) }
    }

    /// Lets everyone through, now and later.
    pub fn open(&self) {
        self.open.send_replace(true);
    }

    /// Waits until `count` sessions have come to the gate; `false` after the deadline.
    pub async fn reached(&self, count: usize, deadline: Duration) -> bool {
        let mut reached = self.reached.subscribe();
        let wait = reached.wait_for(|number| *number >= count);
        tokio::time::timeout(deadline, wait).await.is_ok_and(|done| done.is_ok())
    }

    pub(crate) async fn pass(&self) {
        self.reached.send_modify(|number| *number += 1);
        let mut open = self.open.subscribe();
        // An error means that the sender is gone, which `self` prevents.
        let _ = open.wait_for(|open| *open).await;
    }
}

impl Default for Gate {
    fn default() -> Gate {
        Gate::new()
    }
}
