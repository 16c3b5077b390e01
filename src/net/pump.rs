//! The pump: one future for each inbound session. It owns both sockets of a message and moves octets between the
//! server state machine, `transit` and the client state machine. It decides nothing.
//!
//! Back-pressure: more is read only while the server wants input, `transit` has room and the next hop keeps up;
//! beyond 64 kB of pipelined octets TCP itself pushes back. Every wait has a deadline.

use std::future::poll_fn;
use std::net::IpAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::OwnedSemaphorePermit;

use super::edge::{Edge, Finished, Leasing, ListenerProof, Relays};
use super::outbound::Outbound;
use super::tls;
use super::wire::{TlsFacts, Wire};
use crate::smtp::{Action, Event, Mail, Reply, Server};
use crate::tenant::Snapshot;
use crate::transit::{Command, Input, Lease, Now, Output, Proof, Record, Refusal, Sender, Transit};

/// One inbound session.
pub struct Pump<R> {
    edge: Rc<Edge>,
    relays: R,
    session: u64,
    wire: Wire,
    server: Server,
    sender: Sender,
    message: Option<Message>,
    leasing: Option<Leasing>,
    outbound: Option<Outbound>,
    upgrading: bool,
    gate: bool,
    end_told: bool,
    closing: bool,
    /// When a peer that does not read its last reply is left alone.
    farewell: Option<Instant>,
    /// We take nothing from the sender at the moment: its clock stands still.
    busy: bool,
}

/// The message in hand.
struct Message {
    transit: Transit,
    reserved: OwnedSemaphorePermit,
    tenant: Option<Arc<Snapshot>>,
    /// Our own work on it so far.
    work: Duration,
}

impl<R: Relays> Pump<R> {
    /// `session` numbers it in the log.
    pub fn new(edge: Rc<Edge>, relays: R, session: u64, wire: Wire, address: IpAddr) -> Pump<R> {
        let server = Server::new(edge.server.clone(), Instant::now());
        let sender =
            Sender { proof: Proof::Unproven, hello: String::new(), address: address.to_canonical(), tls: None };
        let mut pump = Pump {
            edge,
            relays,
            session,
            wire,
            server,
            sender,
            message: None,
            leasing: None,
            outbound: None,
            upgrading: false,
            gate: false,
            end_told: false,
            closing: false,
            farewell: None,
            busy: false,
        };
        pump.sender.proof = pump.proof(None);
        pump
    }

    /// Runs the session to its end. When `drain` resolves the running message is finished, then the peer gets 421.
    pub async fn run(mut self, drain: impl Future<Output = ()>) {
        let mut drain = std::pin::pin!(drain);
        let mut draining = false;
        loop {
            self.settle();
            if self.upgrading && self.wire.is_flushed() {
                if !self.upgrade().await {
                    return;
                }
                continue;
            }
            if self.closing && (self.wire.is_flushed() || self.farewell.is_some_and(|until| until <= Instant::now())) {
                break;
            }
            let deadline = self.deadline();
            tokio::select! {
                biased;
                () = poll_fn(|cx| self.poll(cx)) => {}
                () = &mut drain, if !draining => {
                    draining = true;
                    self.server.drain(Instant::now());
                }
                () = tokio::time::sleep_until(deadline.into()) => self.deadline_passed(),
            }
        }
        self.wire.shut_down().await;
    }

    /// Lets the state machines talk until none has anything to say.
    fn settle(&mut self) {
        loop {
            let mut moved = false;
            while let Some(action) = self.server.poll_action() {
                moved = true;
                self.act(action);
                self.perform_all();
            }
            while let Some(event) = self.outbound.as_mut().and_then(|outbound| outbound.client.poll_event()) {
                moved = true;
                self.heard(event);
                self.perform_all();
            }
            moved |= self.perform_all();
            if let Some(outbound) = &mut self.outbound {
                outbound.collect();
            }
            moved |= self.feed();
            if !moved {
                return;
            }
        }
    }

    fn feed(&mut self) -> bool {
        let room = self.message.as_ref().is_none_or(|message| message.transit.wants_body())
            && self.outbound.as_ref().is_none_or(|outbound| outbound.wire.queued() < WINDOW_BYTES);
        if std::mem::replace(&mut self.busy, !room) {
            self.server.owner_was_busy(Instant::now());
        }
        let before = self.wire.input.len();
        if before > 0 && room && !self.upgrading && !self.closing && self.server.wants_input() {
            self.server.feed(&mut self.wire.input, Instant::now());
        }
        let took = before != self.wire.input.len();
        // Once the message is committed only the next hop's answer counts; the sender's absence shows afterwards.
        let committed = self.message.as_ref().is_some_and(|message| message.transit.is_committed());
        if self.wire.has_ended() && !self.end_told && !took && !committed {
            self.end_told = true;
            self.server.closed_by_peer(Instant::now());
            return true;
        }
        took
    }

    fn act(&mut self, action: Action) {
        match action {
            Action::Write(bytes) => self.wire.queue(bytes),
            Action::UpgradeTls => self.upgrading = true,
            Action::Hello { name, .. } => self.sender.hello = String::from_utf8_lossy(&name).into_owned(),
            Action::Mail(mail) => self.begin(mail),
            Action::Rcpt(rcpt) => self.ask(Input::Rcpt(rcpt)),
            Action::Data => self.ask(Input::Data),
            Action::Chunk { octets, last } => self.tell(Input::Chunk { octets, last }),
            Action::Body(bytes) => self.tell(Input::Body(bytes)),
            Action::ChunkTaken => self.ask(Input::ChunkTaken),
            Action::EndOfMessage => self.ask(Input::EndOfMessage),
            Action::Reset(cause) => {
                self.tell(Input::Reset(cause));
                self.perform_all();
                self.message = None;
                self.let_go();
            }
            Action::Close => {
                self.closing = true;
                self.farewell = Some(Instant::now() + FAREWELL);
            }
        }
    }

    fn begin(&mut self, mail: Mail) {
        self.let_go();
        let Some(reserved) = self.edge.budget.reserve(RESERVED_BYTES) else {
            self.message = None;
            return self.server.answer(Reply::no_memory(), Instant::now());
        };
        let mut salt = [0; 16];
        // The salt makes names unique; it guards nothing. Without randomness the clock does.
        if aws_lc_rs::rand::fill(&mut salt).is_err() {
            salt = Timestamp::now().as_nanosecond().to_be_bytes();
        }
        let (region, index) = (self.edge.region)();
        let context = self.edge.context.clone();
        let sender = Arc::new(self.sender.clone());
        let transit = Transit::new(context, sender, region, index, salt, mail, now());
        self.message = Some(Message { transit, reserved, tenant: None, work: Duration::ZERO });
    }

    /// A question: without a message in hand it is out of sequence.
    fn ask(&mut self, input: Input) {
        if self.message.is_none() {
            return self.server.answer(Reply::bad_sequence(), Instant::now());
        }
        self.tell(input);
    }

    fn tell(&mut self, input: Input) {
        let Some(message) = &mut self.message else { return };
        let before = now();
        message.transit.handle(input, before);
        if !message.transit.is_holding() {
            return;
        }
        message.work += before.instant.elapsed();
        let missing = message.transit.held_bytes().saturating_sub(message.reserved.num_permits() * 1024);
        if missing > 0 {
            match self.edge.budget.reserve(missing.max(RESERVED_BYTES)) {
                Some(more) => message.reserved.merge(more),
                None => message.transit.handle(Input::OutOfMemory, now()),
            }
        }
        if message.work > self.edge.work_limit {
            message.transit.handle(Input::OutOfTime, now());
        }
    }

    fn perform_all(&mut self) -> bool {
        let mut moved = false;
        while let Some(output) = self.message.as_mut().and_then(|message| message.transit.poll_output()) {
            moved = true;
            self.perform(output);
        }
        if self.message.as_ref().is_some_and(|message| message.transit.is_over()) {
            self.message = None;
        }
        moved
    }

    fn perform(&mut self, output: Output) {
        match output {
            Output::Answer(reply) => self.server.answer(reply, Instant::now()),
            Output::Lease(tenant) => {
                if let Some(message) = &mut self.message {
                    message.tenant = Some(tenant.clone());
                }
                self.leasing = Some(self.relays.lease(tenant));
            }
            Output::Tell(command) => self.say(command),
            Output::Release => self.let_go(),
            Output::Abort => {
                self.leasing = None;
                self.outbound = None;
            }
            Output::Gate => self.gate = true,
            Output::Health(health, reply) => {
                if let Some(tenant) = self.message.as_ref().and_then(|message| message.tenant.clone()) {
                    self.relays.health(tenant, health, reply);
                }
            }
            Output::Unproven(unproven) => (self.edge.unproven)(self.session, self.sender.address, unproven),
            Output::Finished(record) => self.finished(record),
        }
    }

    fn finished(&mut self, record: Box<Record>) {
        let mut work = Duration::ZERO;
        if let Some(message) = &mut self.message {
            work = message.work;
            if record.verdict.is_accepted()
                && let Some(tenant) = &message.tenant
            {
                self.relays.took_a_message(tenant.id());
            }
        }
        (self.edge.finished)(Finished { session: self.session, record, work });
    }

    /// Hands a command to the next hop's session.
    fn say(&mut self, command: Command) {
        let Some(Outbound { client, .. }) = &mut self.outbound else { return };
        let now = Instant::now();
        match command {
            Command::Mail(mail) => client.mail(&mail, now),
            Command::Rcpt(rcpt) => client.rcpt(&rcpt, now),
            Command::Data => client.data(now),
            Command::Chunk { octets, last } => client.chunk(octets, last, now),
            Command::Body(bytes) => {
                if client.body(bytes).is_err() {
                    self.tell(Input::BareLineEnd);
                }
            }
            Command::EndOfData => client.end_of_data(now),
        }
    }

    fn heard(&mut self, event: Event) {
        match event {
            Event::Reply(asked, reply) => self.tell(Input::NextHop(asked, reply)),
            Event::Failed(error) => {
                self.outbound = None;
                self.tell(Input::NextHopGone(error));
            }
            // Both belong to dialling, which is over.
            Event::UpgradeTls | Event::Ready => {}
        }
    }

    /// Gives the session to the next hop back, or the wish for one up.
    fn let_go(&mut self) {
        self.leasing = None;
        let tenant = self.message.as_ref().and_then(|message| message.tenant.clone());
        if let (Some(outbound), Some(tenant)) = (self.outbound.take(), tenant) {
            self.relays.give_back(tenant.id(), outbound);
        }
    }

    fn poll(&mut self, cx: &mut TaskContext<'_>) -> Poll<()> {
        let mut moved = false;
        match self.wire.poll_write(cx) {
            Poll::Ready(Ok(())) => moved |= self.closing || self.upgrading,
            Poll::Ready(Err(_)) => {
                self.closing = true;
                self.drop_connection();
                moved = true;
            }
            Poll::Pending => {}
        }
        let may_read = !self.upgrading && !self.closing && !self.wire.has_ended();
        if may_read && self.wire.input.len() < PIPELINED_BYTES {
            moved |= self.wire.poll_read(cx).is_ready();
        }
        if std::mem::take(&mut self.gate) && !self.wire.has_ended() {
            self.tell(Input::GateOpen);
            moved = true;
        }
        if let Some(leasing) = &mut self.leasing
            && let Poll::Ready(leased) = leasing.as_mut().poll(cx)
        {
            self.leasing = None;
            self.leased(leased);
            moved = true;
        }
        if let Some(outbound) = &mut self.outbound {
            moved |= outbound.poll(cx, Instant::now()).is_ready();
        }
        if moved { Poll::Ready(()) } else { Poll::Pending }
    }

    fn leased(&mut self, leased: Result<(Outbound, Option<Instant>), Refusal>) {
        match leased {
            Ok((outbound, attribution_refused_since)) => {
                let extensions = outbound.client.extensions().clone();
                let lease = Lease { extensions, reused: outbound.reused, attribution_refused_since };
                self.outbound = Some(outbound);
                self.tell(Input::Leased(lease));
            }
            Err(refusal) => self.tell(Input::LeaseRefused(refusal)),
        }
    }

    /// The sender cannot be written to: nothing can be answered any more.
    fn drop_connection(&mut self) {
        self.wire.discard_output();
        if !std::mem::replace(&mut self.end_told, true) {
            self.server.closed_by_peer(Instant::now());
        }
    }

    async fn upgrade(&mut self) -> bool {
        self.upgrading = false;
        let Some(listener) = self.edge.tls.clone() else { return false };
        match self.wire.accept_tls(listener.config.clone()).await {
            Ok(facts) => {
                self.sender.proof = self.proof(Some(&facts));
                self.sender.tls = Some(facts.description);
                self.server.tls_established(Instant::now());
                true
            }
            Err(error) => {
                (self.edge.tls_failed)(&self.sender.address.to_string(), &error.to_string());
                false
            }
        }
    }

    /// What the peer has proven, by the rule of the listener.
    fn proof(&self, tls: Option<&TlsFacts>) -> Proof {
        let certificate = tls.and_then(|facts| facts.peer.first());
        let region = || (self.edge.region)().0;
        let tenant =
            |found: Option<&Arc<Snapshot>>| found.map_or(Proof::Unproven, |one| Proof::Tenant(one.id().clone()));
        match (&self.edge.proof, certificate) {
            (ListenerProof::Microsoft { client_name }, Some(certificate))
                if tls::is_for_name(certificate, client_name) =>
            {
                Proof::Microsoft
            }
            (ListenerProof::Certificate, Some(certificate)) => {
                let region = region();
                tenant(tls::names(certificate).iter().find_map(|name| region.by_certificate_name(name)))
            }
            (ListenerProof::Network, _) => tenant(region().by_network(self.sender.address)),
            _ => Proof::Unproven,
        }
    }

    fn deadline(&self) -> Instant {
        let next_hop = self.outbound.as_ref().and_then(Outbound::deadline);
        let sender = self.server.poll_timeout().filter(|_| !self.busy);
        let far = Instant::now() + FAR;
        sender.into_iter().chain(next_hop).chain(self.farewell).fold(far, Instant::min)
    }

    fn deadline_passed(&mut self) {
        let now = Instant::now();
        if !self.busy && self.server.poll_timeout().is_some_and(|deadline| deadline <= now) {
            self.server.handle_timeout(now);
        }
        if let Some(outbound) = &mut self.outbound {
            outbound.deadline_passed(now);
        }
    }
}

fn now() -> Now {
    Now { instant: Instant::now(), wall: Timestamp::now() }
}

/// What a message reserves of the byte budget at MAIL.
const RESERVED_BYTES: usize = 512 * 1024;
/// Pipelined octets taken from the socket before they can be used.
const PIPELINED_BYTES: usize = 64 * 1024;
/// Octets that may wait for the next hop before no more are read.
const WINDOW_BYTES: usize = 256 * 1024;
/// How long the last reply may take to be read.
const FAREWELL: Duration = Duration::from_secs(30);
/// A deadline for sessions that have none of their own at the moment.
const FAR: Duration = Duration::from_secs(3600);
