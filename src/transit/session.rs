//! One sender's session, as a pure state machine: [`Session`].
//!
//! It owns the server side, the message in hand and the client side of each leased session to a next hop, and carries
//! what one says to the others. It decides nothing of its own but the order: each octet of the sender is answered for
//! before the next is taken, and no more is taken than the next hop keeps up with.
//! It knows no socket, pool, memory, clock or randomness: its owner tells of them and carries out each [`Action`]
//! before it polls for the next. It refuses questions without a message (503), and never says a success itself.

mod action;
mod next_hop;
#[cfg(test)]
mod state;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

use bytes::BytesMut;

pub use action::{Action, Opening};

use super::{Context, Input, Now, Output, Page, Proof, Sender, Transit};
use crate::smtp::{self, Client, Mail, Reply, Server, ServerConfig};
use crate::tenant::{Snapshot, Tenant};

/// One session with a sender.
#[cfg_attr(test, derive(Clone))]
pub struct Session {
    context: Arc<Context>,
    sender: Arc<Sender>,
    server: Server,
    /// MAIL was said, and what the message needs to begin is awaited.
    mail: Option<Mail>,
    /// In a place of its own: most sessions wait for one most of the time.
    message: Option<Box<Message>>,
    /// The sessions to the next hop, by leg.
    next_hops: Vec<Option<Box<Client>>>,
    leasing: bool,
    leasing_further: bool,
    page: Option<Page>,
    actions: VecDeque<Action>,
    end: SenderEnd,
    /// We take nothing from the sender at the moment: its clock stands still.
    busy: bool,
}

/// The message in hand.
#[cfg_attr(test, derive(Clone))]
struct Message {
    transit: Transit,
    /// Octets of memory that are its own.
    granted: usize,
    /// Whose next hop was asked for last.
    tenant: Option<Arc<Tenant>>,
}

/// Whether more can come from the sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SenderEnd {
    Open,
    /// It has closed its side; what it said before may still be of use.
    Closed,
    /// The same, and the server side knows.
    Told,
}

impl Session {
    /// A new session; the greeting is the first action.
    pub fn new(config: Arc<ServerConfig>, context: Arc<Context>, sender: Sender, now: Instant) -> Session {
        Session {
            page: context.ledger.clone().map(Page::new),
            context,
            sender: Arc::new(sender),
            server: Server::new(config, now),
            mail: None,
            message: None,
            next_hops: Vec::new(),
            leasing: false,
            leasing_further: false,
            actions: VecDeque::new(),
            end: SenderEnd::Open,
            busy: false,
        }
    }

    /// The next thing to do. The machines are moved only as far as it takes to know it.
    pub fn poll_action(&mut self, now: Now) -> Option<Action> {
        loop {
            if let Some(action) = self.actions.pop_front() {
                return Some(action);
            }
            if self.perform_one(now) {
                continue;
            }
            if let Some(action) = self.server.poll_action() {
                self.act(action, now);
            } else if let Some((leg, event)) = self.next_hop_event() {
                self.heard(leg, event, now);
            } else {
                return self.next_hop_octets();
            }
        }
    }

    /// Takes from the sender's octets what can be used now, while at most `backlog` octets wait to be written to the
    /// next hop. True when something was taken, or something is to be done: poll again, then feed again.
    pub fn feed(&mut self, input: &mut BytesMut, backlog: usize, now: Now) -> bool {
        let room = self.message.as_ref().map_or(backlog < WINDOW_BYTES, |message| message.has_room(backlog));
        if std::mem::replace(&mut self.busy, !room) {
            self.server.owner_was_busy(now.instant);
        }
        let before = input.len();
        if before > 0 && room && self.server.wants_input() {
            self.server.feed(input, now.instant);
        }
        let took = before != input.len();
        // Once the message is committed only the next hop's answer counts; the sender's absence shows afterwards.
        if self.end == SenderEnd::Closed && !took && !self.is_committed() {
            self.sender_lost(now);
            return true;
        }
        took
    }

    /// Whether it matters to know if the sender has our answers: there is one that it is not yet seen to have.
    pub fn awaits_word(&self) -> bool {
        self.page.as_ref().is_some_and(Page::awaits_word)
    }

    /// All that was said to the sender is written, and before that there was no octet of it that was not taken: what it
    /// says from here on it says after our answers. A command without answer has what follows it wait too.
    pub fn answers_written(&mut self) {
        if let Some(page) = self.page.as_mut().filter(|_| self.server.is_answered()) {
            page.answers_written();
        }
    }

    /// Octets of the sender came.
    pub fn sender_spoke(&mut self) {
        if let Some(page) = &mut self.page {
            page.sender_spoke();
        }
    }

    /// The sender will say no more.
    pub fn sender_ended(&mut self) {
        if self.end == SenderEnd::Open {
            self.end = SenderEnd::Closed;
        }
    }

    /// The sender cannot be answered any more.
    pub fn sender_lost(&mut self, now: Now) {
        if std::mem::replace(&mut self.end, SenderEnd::Told) != SenderEnd::Told {
            self.server.closed_by_peer(now.instant);
        }
    }

    /// The handshake is done: what the peer has proven by it, and version and suite for `Received`.
    pub fn tls_established(&mut self, proof: Proof, description: String, now: Now) {
        let sender = Arc::make_mut(&mut self.sender);
        sender.proof = proof;
        sender.tls = Some(description);
        self.server.tls_established(now.instant);
    }

    /// Answers [`Action::Begin`].
    pub fn begin(&mut self, opening: Opening, now: Now) {
        let Some(mail) = self.mail.take() else { return };
        let Opening { region, index, salt, granted } = opening;
        let (context, sender) = (self.context.clone(), self.sender.clone());
        let transit = Transit::new(context, sender, region, index, salt, mail, now);
        self.message = Some(Box::new(Message { transit, granted, tenant: None }));
    }

    /// Answers [`Action::Reserve`]: so many octets more.
    pub fn grant(&mut self, octets: usize) {
        if let Some(message) = &mut self.message {
            message.granted = message.granted.saturating_add(octets);
        }
    }

    /// Answers [`Action::Snapshot`]; `None` when they could not be had in time.
    pub fn snapshot(&mut self, snapshot: Option<Arc<Snapshot>>, now: Now) {
        self.tell(Input::Snapshot(snapshot), now);
    }

    /// So many of the octets granted are somebody else's from now on.
    pub fn reclaim(&mut self, octets: usize) {
        if let Some(message) = &mut self.message {
            message.granted = message.granted.saturating_sub(octets);
        }
    }

    /// Octets of the message in hand that are in memory here.
    pub fn held_bytes(&self) -> usize {
        self.message.as_ref().map_or(0, |message| message.transit.held_bytes())
    }

    /// Answers [`Action::Begin`] or [`Action::Reserve`]: there is no memory. A message that has not begun is refused,
    /// one that is held is left as it came, or goes out as it was decided.
    pub fn no_memory(&mut self, now: Now) {
        if self.mail.take().is_some() {
            self.server.answer(Reply::no_memory(), now.instant);
        } else if let Some(message) = &mut self.message {
            message.transit.handle(Input::OutOfMemory, now);
        }
    }

    /// Our own work on the message took too long: it is left as it came, or goes out as it was decided.
    pub fn out_of_time(&mut self, now: Now) {
        if let Some(message) = &mut self.message {
            message.transit.handle(Input::OutOfTime, now);
        }
    }

    /// Answers [`Action::Gate`]: the sender is still there.
    pub fn gate_open(&mut self, now: Now) {
        self.tell(Input::GateOpen, now);
    }

    /// Finish the running message, then 421.
    pub fn drain(&mut self, now: Now) {
        self.server.drain(now.instant);
    }

    /// When [`Session::handle_timeout`] is due; `None` while only the owner is waited for, or a next hop to take
    /// octets.
    pub fn poll_timeout(&self) -> Option<Instant> {
        let sender = self.server.poll_timeout().filter(|_| !self.busy);
        let next_hops = self.next_hops.iter().flatten().filter_map(|client| client.poll_timeout());
        sender.into_iter().chain(next_hops).min()
    }

    /// Gives up whoever has had its time.
    pub fn handle_timeout(&mut self, now: Now) {
        if !self.busy {
            self.server.handle_timeout(now.instant);
        }
        for client in self.next_hops.iter_mut().flatten() {
            client.handle_timeout(now.instant);
        }
    }

    /// A message is in hand, and what was granted to it still needed.
    pub fn has_message(&self) -> bool {
        self.message.is_some()
    }

    /// Nothing of the message in hand has gone out yet.
    pub fn is_holding(&self) -> bool {
        self.message.as_ref().is_some_and(|message| message.transit.is_holding())
    }

    /// The next hop has the message in hand whole, or will have: from here on its answer alone counts.
    pub fn is_committed(&self) -> bool {
        self.message.as_ref().is_some_and(|message| message.transit.is_committed())
    }

    /// What the server side asks for.
    fn act(&mut self, action: smtp::Action, now: Now) {
        match action {
            smtp::Action::Write(bytes) => self.actions.push_back(Action::ToSender(bytes)),
            smtp::Action::UpgradeTls => self.actions.push_back(Action::UpgradeTls),
            smtp::Action::Hello { name, .. } => {
                Arc::make_mut(&mut self.sender).hello = String::from_utf8_lossy(&name).into_owned();
            }
            smtp::Action::Mail(mail) => {
                self.let_all_go();
                self.message = None;
                self.mail = Some(mail);
                self.actions.push_back(Action::Begin);
            }
            smtp::Action::Rcpt(rcpt) => self.ask(Input::Rcpt(rcpt), now),
            smtp::Action::Data => self.ask(Input::Data, now),
            smtp::Action::Chunk { octets, last } => self.tell(Input::Chunk { octets, last }, now),
            smtp::Action::Body(bytes) if self.message.is_some() && self.server.ends_message() => {
                self.server.poll_action();
                self.tell(Input::LastBody(bytes), now);
            }
            smtp::Action::Body(bytes) => self.tell(Input::Body(bytes), now),
            smtp::Action::ChunkTaken => self.ask(Input::ChunkTaken, now),
            smtp::Action::EndOfMessage => self.ask(Input::EndOfMessage, now),
            smtp::Action::Reset(cause) => {
                self.mail = None;
                self.tell(Input::Reset(cause), now);
                while self.perform_one(now) {}
                self.message = None;
                self.let_all_go();
            }
            smtp::Action::Close => self.actions.push_back(Action::Close),
        }
    }

    /// A question: without a message in hand it is out of sequence.
    fn ask(&mut self, input: Input, now: Now) {
        if self.message.is_none() {
            return self.server.answer(Reply::bad_sequence(), now.instant);
        }
        self.tell(input, now);
    }

    fn tell(&mut self, input: Input, now: Now) {
        let Some(message) = &mut self.message else { return };
        message.transit.handle(input, now);
        if message.transit.is_holding() {
            let missing = message.transit.held_bytes().saturating_sub(message.granted);
            if missing > 0 {
                self.actions.push_back(Action::Reserve(missing));
            }
        }
    }

    /// Carries out one thing that the message wants. False when it wants nothing; one that is over is dropped then.
    fn perform_one(&mut self, now: Now) -> bool {
        let Some(message) = &mut self.message else { return false };
        let Some(output) = message.transit.poll_output() else {
            if message.transit.is_over() {
                self.message = None;
            }
            return false;
        };
        match output {
            Output::Answer(reply) => self.server.answer(reply, now.instant),
            Output::Lease(tenant, wanted) => {
                message.tenant = Some(tenant.clone());
                self.leasing = true;
                self.actions.push_back(Action::Lease(tenant, wanted));
            }
            Output::LeaseFurther(tenant, count) => {
                self.leasing_further = true;
                self.actions.push_back(Action::LeaseFurther(tenant, count));
            }
            Output::Snapshot(tenant) => self.actions.push_back(Action::Snapshot(tenant)),
            Output::Tell(leg, command) => self.say(leg, command, now),
            Output::Release(leg) => self.let_go(leg),
            Output::Abort(leg) => self.hang_up(leg),
            Output::LeaveBehind(leg) => self.leave_behind(leg),
            Output::Recall(fingerprint) => {
                let known = self.page.as_ref().map(|page| page.recall(fingerprint, now)).unwrap_or_default();
                message.transit.handle(Input::Recalled(known), now);
            }
            Output::Note(note) => {
                if let Some(page) = &mut self.page {
                    page.note(note, now);
                }
            }
            Output::Gate => self.actions.push_back(Action::Gate),
            Output::Health(health, reply) => {
                if let Some(tenant) = message.tenant.clone() {
                    self.actions.push_back(Action::Health(tenant, health, reply));
                }
            }
            Output::NextHopFailed(error) => {
                if let Some(tenant) = message.tenant.clone() {
                    self.actions.push_back(Action::NextHopFailed(tenant, error));
                }
            }
            Output::Unproven(unproven) => self.actions.push_back(Action::Unproven(unproven)),
            Output::Finished(record) => self.actions.push_back(Action::Finished(record)),
        }
        true
    }
}

impl Message {
    /// Whether more is to be taken while `backlog` octets wait to be written. What streams takes what it was granted;
    /// with nothing more to be had it goes on all the same, one read after the other.
    fn has_room(&self, backlog: usize) -> bool {
        let within = self.transit.is_holding() || self.transit.held_bytes() + backlog < self.granted;
        self.transit.wants_body() && backlog < WINDOW_BYTES && (backlog == 0 || within)
    }
}

/// Octets that may wait for the next hop before no more are taken from the sender.
const WINDOW_BYTES: usize = 64 * 1024;
