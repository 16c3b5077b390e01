//! The pump: one future for each inbound session. It owns the sockets of a message, the sender's and one for each leg, the
//! memory that it may take and the clock, moves octets between them and [`Session`], and carries out what that wants. It
//! decides nothing.
//!
//! Back-pressure: more is read only while the session takes it; beyond 64 kB of pipelined octets TCP itself pushes
//! back. Every wait has a deadline.

mod next_hops;

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};
use std::time::{Duration, Instant};

use futures_util::future::LocalBoxFuture;
use jiff::Timestamp;
use tokio::sync::watch;

use super::edge::{Edge, Finished, Leasing, LeasingFurther, MESSAGE_BYTES, Memory, Relays, Rules};
use super::late;
use super::order::{self, End, Order};
use super::outbound::Outbound;
use super::peer::{self, Peer};
use super::share::Bound;
use super::turns::Place;
use super::wire::{TlsFacts, Wire};
use crate::tenant::{Snapshot, TenantId};
use crate::transit::{Action, Now, Opening, Proof, Record, Sender, Session};

/// One inbound session.
pub struct Pump<R> {
    edge: Rc<Edge>,
    relays: R,
    number: u64,
    peer: Peer,
    wire: Wire,
    session: Session,
    /// What the message in hand takes of us.
    share: Option<Share>,
    /// Of the message in hand, for those who ask on what a process died.
    mark: u64,
    place: Rc<Place>,
    /// The tenant that the peer is proven to be by itself.
    own: Option<TenantId>,
    leasing: Option<Leasing>,
    /// The rules that the message in hand waits for.
    loading: Option<LocalBoxFuture<'static, Option<Arc<Snapshot>>>>,
    leasing_further: Option<LeasingFurther>,
    /// The sessions to the next hop, by leg.
    outbounds: Vec<Option<Outbound<()>>>,
    upgrading: bool,
    gate: bool,
    closing: bool,
    /// When a peer that does not read its last reply is left alone.
    farewell: Option<Instant>,
}

/// What one message takes.
struct Share {
    memory: Memory,
    /// Our own work on it so far.
    work: Duration,
}

impl<R: Relays> Pump<R> {
    /// `number` is the session's, in the log.
    pub fn new(edge: Rc<Edge>, relays: R, number: u64, wire: Wire, peer: Peer) -> Pump<R> {
        let (proof, address) = (proof(&edge, peer, None), peer.address());
        let own = proof.tenant().cloned();
        let place = Rc::new(Place::new());
        place.is_of(own.as_ref());
        let sender = Sender { proof, hello: String::new(), address, tls: None };
        let session = Session::new(edge.server.clone(), edge.context.clone(), sender, Instant::now());
        Pump {
            edge,
            relays,
            number,
            peer,
            wire,
            session,
            share: None,
            mark: 0,
            place,
            own,
            leasing: None,
            loading: None,
            leasing_further: None,
            outbounds: Vec::new(),
            upgrading: false,
            gate: false,
            closing: false,
            farewell: None,
        }
    }

    /// Runs the session to its end. Told to drain it finishes the running message, then the peer gets 421; told to stop it
    /// finishes only a message that the next hop has whole. Whoever drops the future bounds that.
    pub async fn run(self: Box<Self>, orders: watch::Receiver<Order>) -> End {
        let place = self.place.clone();
        place.in_turns(self.serve(orders)).await
    }

    async fn serve(mut self: Box<Self>, orders: watch::Receiver<Order>) -> End {
        failpoint!("session", return End::InOrder);
        let mut awaited = Some(Order::Drain);
        let mut order = pin!(order::given(Order::Drain, orders.clone()));
        loop {
            let now = clock();
            self.settle(now);
            if self.upgrading && self.wire.is_flushed() {
                // What a handshake takes is needed once; the future of the session is as large as all it ever awaits.
                if !Box::pin(self.upgrade()).await {
                    return End::InOrder;
                }
                continue;
            }
            if self.closing && (self.wire.is_flushed() || self.farewell.is_some_and(|until| until <= now.instant)) {
                break;
            }
            let deadline = self.deadline(now.instant);
            tokio::select! {
                biased;
                () = poll_fn(|cx| self.poll(cx)) => {}
                () = &mut order, if awaited.is_some() => {
                    // Until our answer is written the next hop's is not told.
                    if awaited == Some(Order::Stop) && !self.session.is_committed() && self.wire.is_flushed() {
                        self.wire.shut_down().await;
                        return End::Cut;
                    }
                    self.session.drain(clock());
                    awaited = (awaited == Some(Order::Drain)).then_some(Order::Stop);
                    if let Some(next) = awaited {
                        order.set(order::given(next, orders.clone()));
                    }
                }
                () = tokio::time::sleep_until(deadline.into()) => self.deadline_passed(clock()),
            }
        }
        self.wire.shut_down().await;
        End::InOrder
    }

    /// Lets the session go on as far as it can. What that takes counts as work on the message while it is held.
    fn settle(&mut self, now: Now) {
        let held = self.session.is_holding();
        if let Some(poison) = &self.edge.poison {
            poison.begin_work(if held { self.mark } else { 0 });
        }
        self.carry_out(now);
        self.settle_share(now, held);
        if let Some(poison) = &self.edge.poison {
            self.mark = poison.end_work();
        }
    }

    fn settle_share(&mut self, now: Now, held: bool) {
        if !self.session.has_message() && self.share.take().is_some() {
            self.loading = None;
            self.place.is_of(self.own.as_ref());
        }
        let Some(share) = self.share.as_mut().filter(|_| held || self.session.is_holding()) else { return };
        share.work += now.instant.elapsed();
        if share.work > self.edge.work_limit && self.session.is_holding() {
            let now = clock();
            self.session.out_of_time(now);
            self.carry_out(now);
        }
    }

    /// Does what the session wants and gives it what was read, until it wants nothing and takes nothing.
    fn carry_out(&mut self, now: Now) {
        loop {
            while let Some(action) = self.session.poll_action(now) {
                self.perform(action, now);
            }
            if self.wire.has_ended() {
                self.session.sender_ended();
            }
            let backlog = self.backlog();
            self.account(backlog);
            if !self.session.feed(&mut self.wire.input, backlog, now) {
                return;
            }
        }
    }

    fn perform(&mut self, action: Action, now: Now) {
        match action {
            Action::ToSender(bytes) => self.wire.queue(bytes),
            Action::ToNextHop(leg, bytes) => self.queue(leg, bytes, now),
            Action::UpgradeTls => self.upgrading = true,
            Action::Begin => self.begin(now),
            Action::Reserve(octets) => self.reserve(octets, now),
            Action::Lease(tenant, wanted) => self.lease(tenant, wanted, now),
            Action::LeaseFurther(tenant, count) => {
                self.leasing_further = Some(self.relays.lease_further(tenant, count));
            }
            Action::Snapshot(tenant) => match (self.edge.rules)(&tenant) {
                Rules::There(snapshot) => {
                    self.loading = None;
                    self.session.snapshot(Some(snapshot), now);
                }
                Rules::Come(loading) => self.loading = Some(loading),
            },
            Action::GiveBack(leg, tenant, client) => {
                if let Some(outbound) = self.take_outbound(leg) {
                    self.relays.give_back(tenant.id(), outbound.join(client));
                }
            }
            Action::HangUp(leg) => {
                self.stop_leasing(leg);
                self.take_outbound(leg);
            }
            Action::LeaveBehind(leg, client, page) => {
                if let Some(outbound) = self.take_outbound(leg) {
                    tokio::task::spawn_local(late::note_answer(outbound.join(client), page));
                }
            }
            Action::Gate => self.gate = true,
            Action::Health(tenant, health, reply) => self.relays.health(tenant, health, reply),
            Action::NextHopFailed(tenant, error) => self.relays.failed(&tenant, &error),
            Action::Unproven(unproven) => (self.edge.unproven)(self.number, self.peer.address(), unproven),
            Action::Finished(record) => self.finished(record, now),
            Action::Close => {
                self.closing = true;
                self.farewell = Some(now.instant + FAREWELL);
            }
        }
    }

    fn begin(&mut self, now: Now) {
        failpoint!("memory", return self.session.no_memory(now));
        let Some(memory) = self.edge.budget.begin() else {
            self.share = None;
            return self.session.no_memory(now);
        };
        let mut salt = [0; 16];
        // The salt makes names unique; it guards nothing. Without randomness the clock does.
        if aws_lc_rs::rand::fill(&mut salt).is_err() {
            salt = now.wall.as_nanosecond().to_be_bytes();
        }
        let (region, index) = (self.edge.region)();
        let granted = memory.amount();
        self.share = Some(Share { memory, work: Duration::ZERO });
        self.session.begin(Opening { region, index, salt, granted }, now);
    }

    fn reserve(&mut self, octets: usize, now: Now) {
        let Some(share) = &mut self.share else { return };
        let more = octets.next_multiple_of(STEP_BYTES);
        match share.memory.grow(more, Bound::SevenEighths) {
            Ok(()) => self.session.grant(more),
            Err(_) => self.session.no_memory(now),
        }
    }

    /// Keeps what the message in hand has of the budget near to what it takes: `backlog` octets and those it holds.
    fn account(&mut self, backlog: usize) {
        let Some(share) = &mut self.share else { return };
        let (used, had) = (self.session.held_bytes() + backlog, share.memory.amount());
        let wanted = if used <= MESSAGE_BYTES { MESSAGE_BYTES } else { used.next_multiple_of(STEP_BYTES) };
        if used > had {
            // Without it the message goes on, one read after the other.
            if share.memory.grow(wanted - had, Bound::SevenEighths).is_ok() {
                self.session.grant(wanted - had);
            }
        } else if wanted <= had / 2 {
            share.memory.shrink_to(wanted);
            self.session.reclaim(had - wanted);
        }
    }

    fn finished(&mut self, record: Box<Record>, now: Now) {
        if let (true, Some(tenant)) = (record.verdict.is_accepted(), &record.tenant) {
            self.relays.took_a_message(tenant.id());
        }
        let before = self.share.as_ref().map_or(Duration::ZERO, |share| share.work);
        let work = before + now.instant.elapsed();
        // The next hop has the message and its sender has not been told: whatever fails here must not cost the answer.
        let told = catch_unwind(AssertUnwindSafe(|| {
            failpoint!("finished");
            (self.edge.finished)(Finished { session: self.number, record, work });
        }));
        // A panic has told of itself when it happened.
        drop(told);
    }

    /// Moves octets, and sees what came meanwhile. `Ready` when the session may go on.
    fn poll(&mut self, cx: &mut TaskContext<'_>) -> Poll<()> {
        let now = clock();
        let mut moved = self.poll_sender(cx, now);
        if std::mem::take(&mut self.gate) && !self.wire.has_ended() {
            self.session.gate_open(now);
            // The last octets go out together with those before them.
            return Poll::Ready(());
        }
        moved |= self.poll_leasing(cx, now);
        if let Some(loading) = &mut self.loading
            && let Poll::Ready(snapshot) = loading.as_mut().poll(cx)
        {
            self.loading = None;
            self.session.snapshot(snapshot, now);
            moved = true;
        }
        moved |= self.poll_next_hops(cx, now);
        if moved { Poll::Ready(()) } else { Poll::Pending }
    }

    fn poll_sender(&mut self, cx: &mut TaskContext<'_>, now: Now) -> bool {
        let mut moved = false;
        // What is there before our answer goes out was said without it.
        let answers = !self.wire.is_flushed() && self.session.awaits_word() && !self.wire.has_unread();
        match self.wire.poll_write(cx) {
            Poll::Ready(Ok(())) => {
                if answers {
                    self.session.answers_written();
                }
                moved |= self.closing || self.upgrading;
            }
            Poll::Ready(Err(_)) => {
                // Nothing can be answered any more.
                self.closing = true;
                self.wire.discard_output();
                self.session.sender_lost(now);
                moved = true;
            }
            Poll::Pending => {}
        }
        let may_read = !self.upgrading && !self.closing && !self.wire.has_ended();
        if may_read && self.wire.input.len() < PIPELINED_BYTES {
            let before = self.wire.input.len();
            moved |= self.wire.poll_read(cx).is_ready();
            if self.wire.input.len() > before {
                self.session.sender_spoke();
            }
        }
        moved
    }

    async fn upgrade(&mut self) -> bool {
        self.upgrading = false;
        let Some(listener) = self.edge.tls.clone() else { return false };
        let patience = self.edge.server.timeouts.handshake;
        match self.wire.accept_tls(listener.config.clone(), patience).await {
            Ok(facts) => {
                failpoint!("tls_established", return false);
                let proof = proof(&self.edge, self.peer, Some(&facts));
                self.own = proof.tenant().cloned();
                self.place.is_of(self.own.as_ref());
                self.session.tls_established(proof, facts.description, clock());
                true
            }
            Err(error) => {
                (self.edge.tls_failed)(&self.peer.address().to_string(), &error.to_string());
                false
            }
        }
    }

    fn deadline(&self, now: Instant) -> Instant {
        let session = self.session.poll_timeout();
        session.into_iter().chain(self.stalls()).chain(self.farewell).fold(now + FAR, Instant::min)
    }

    fn deadline_passed(&mut self, now: Now) {
        self.session.handle_timeout(now);
        self.give_up_who_takes_nothing(now);
    }
}

fn proof(edge: &Edge, peer: Peer, tls: Option<&TlsFacts>) -> Proof {
    peer::proof(&edge.proof, peer, tls.and_then(|facts| facts.peer.first()), || (edge.region)().0)
}

fn clock() -> Now {
    Now { instant: Instant::now(), wall: Timestamp::now() }
}

/// In what steps a message takes more of the byte budget.
const STEP_BYTES: usize = 64 * 1024;
/// Pipelined octets taken from the socket before they can be used.
const PIPELINED_BYTES: usize = 64 * 1024;
/// How long the last reply may take to be read.
const FAREWELL: Duration = Duration::from_secs(30);
/// A deadline for sessions that have none of their own at the moment.
const FAR: Duration = Duration::from_secs(3600);
