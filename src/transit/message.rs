//! [`Transit`]: one message, from its MAIL to its verdict.
//!
//! Everything that happens to it comes in as an [`Input`], with the time; everything that must happen comes out as
//! an [`Output`]. The questions of the sender (MAIL, each RCPT, DATA, each BDAT, the end) are answered in the order
//! in which they were asked, each as soon as its answer is known: `envelope.rs` knows those of the envelope,
//! `content.rs` and `framing.rs` that of the content. A failure, once there, answers everything that is still open
//! and everything that is asked later; what the sender still sends is then swallowed.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::bypass::RegionBypass;
use super::content::Content;
use super::dialogue::{Input, Output};
use super::envelope::Envelope;
use super::guard::Guard;
use super::knowledge::Knowledge;
use super::ledger::SharedLedger;
use super::leg::{Legs, Link};
use super::recall::Recall;
use super::record::{Record, Stages};
use super::verdict::about_us;
use super::{Sender, Verdict};
use crate::imprint;
use crate::smtp::{Cause, Mail, Reply};
use crate::tenant::{Region, Tenant};

/// What is the same for every message of a listener.
#[derive(Debug, Clone)]
pub struct Context {
    /// Stands in `Received`.
    pub host_name: String,
    pub site: String,
    /// Where hosted images are served, without a slash at the end.
    pub image_base_url: Option<String>,
    pub limits: imprint::Limits,
    /// Knows the messages that must not be looked into; `None`: nobody does.
    pub guard: Option<Arc<dyn Guard>>,
    /// The operator's switch for the whole region.
    pub bypass: Arc<RegionBypass>,
    /// How long a next hop has for its answer to the whole; of several legs all have it together.
    pub verdict_timeout: Duration,
    /// Where retries of what the next hop has are known again; `None`: they are not.
    pub ledger: Option<SharedLedger>,
}

/// The time, both ways of telling it: monotonic for deadlines, wall time for header fields.
#[derive(Debug, Clone, Copy)]
pub struct Now {
    pub instant: Instant,
    pub wall: Timestamp,
}

/// One message from MAIL to verdict.
#[cfg_attr(test, derive(Clone))]
pub struct Transit {
    pub(super) context: Arc<Context>,
    pub(super) sender: Arc<Sender>,
    pub(super) region: Arc<Region>,
    pub(super) index: Index,
    pub(super) envelope: Envelope,
    pub(super) legs: Legs,
    pub(super) content: Content,
    pub(super) recall: Option<Box<Recall>>,
    /// Whose message it is: the candidate first, then the tenant it is bound to.
    pub(super) tenant: Option<Arc<Tenant>>,
    /// What is known of its rules and people.
    pub(super) known: Knowledge,
    pub(super) bound: bool,
    /// The process died on it before.
    pub(super) suspect: bool,
    pub(super) asks: VecDeque<Ask>,
    pub(super) verdict: Option<Verdict>,
    pub(super) stages: Stages,
    outputs: VecDeque<Output>,
    finished: bool,
    over: bool,
}

/// How current the index of tenants is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Index {
    Fresh,
    /// Older than a minute: whom it does not know may exist, so 451 takes the place of 550.
    Stale,
}

/// A question of the sender that has no answer yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ask {
    Mail,
    Rcpt(usize),
    Data,
    ChunkTaken(u64),
    End,
}

impl Transit {
    /// Begins with the sender's MAIL, which is asked. `salt` is random: boundaries, Content-IDs and the id in
    /// `Received` come from it.
    pub fn new(
        context: Arc<Context>,
        sender: Arc<Sender>,
        region: Arc<Region>,
        index: Index,
        salt: [u8; 16],
        mail: Mail,
        now: Now,
    ) -> Transit {
        let content = Content::new(context.limits, salt);
        let mut transit = Transit {
            context,
            sender,
            region,
            index,
            envelope: Envelope::new(mail),
            legs: Legs::new(),
            content,
            recall: None,
            tenant: None,
            known: Knowledge::NotAsked,
            bound: false,
            suspect: false,
            asks: VecDeque::from([Ask::Mail]),
            verdict: None,
            stages: Stages::begin(now.instant),
            outputs: VecDeque::new(),
            finished: false,
            over: false,
        };
        transit.guard_envelope();
        transit.begin(now);
        transit.settle(now);
        transit
    }

    /// Takes in what happened.
    pub fn handle(&mut self, input: Input, now: Now) {
        match input {
            Input::Rcpt(rcpt) => self.recipient(rcpt),
            Input::Data => self.asks.push_back(Ask::Data),
            Input::Chunk { octets, last } => self.chunk(octets, last),
            Input::Body(bytes) => self.body(bytes, now),
            Input::LastBody(bytes) => {
                self.body(bytes, now);
                self.end_of_message(now);
            }
            Input::ChunkTaken => self.asks.push_back(Ask::ChunkTaken(self.content.chunk_octets())),
            Input::EndOfMessage => self.end_of_message(now),
            Input::Reset(cause) => self.reset(cause, now),
            Input::Leased(lease) => self.leased(lease),
            Input::FurtherLeased(leases) => self.further_leased(leases),
            Input::LeaseRefused(refusal) => self.lease_refused(&refusal),
            Input::NextHop(leg, asked, reply) => self.next_hop(leg, asked, reply, now),
            Input::NextHopGone(leg, error) => self.next_hop_gone(leg, &error, now),
            Input::VerdictLate(leg) => self.verdict_late(leg, now),
            Input::BareLineEnd(leg) => self.give_up(leg, Reply::bare_line_end(), now),
            Input::GateOpen => self.commit(now),
            Input::Recalled(known) => self.recalled(&known),
            Input::Snapshot(snapshot) => self.snapshot_came(snapshot),
            Input::OutOfMemory => self.out_of_memory(),
            Input::OutOfTime => self.come_to_an_end(imprint::Reason::Deadline),
        }
        self.settle(now);
    }

    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// False while more content would only be piled up: the next hop has not answered the envelope, or is slower than the
    /// sender, or the tenant's rules are still to come.
    pub fn wants_body(&self) -> bool {
        self.verdict.is_some() || self.is_repeated() || self.has_room()
    }

    /// Octets of the message in memory, for the byte budget.
    pub fn held_bytes(&self) -> usize {
        self.octets_held()
    }

    /// Nothing of the content has gone out yet.
    pub fn is_holding(&self) -> bool {
        !self.content.is_released()
    }

    /// The last octet was handed to the next hop, on the first leg at least: from here on its answer alone counts.
    pub fn is_committed(&self) -> bool {
        self.legs.are_committed()
    }

    /// MAIL or DATA was refused, or the message has its verdict: no further question comes, and nothing of it has to be
    /// kept, its share of memory neither.
    pub fn is_over(&self) -> bool {
        self.over || self.finished
    }

    /// All that tells one message of a sender from another and can still make a difference: the times make none.
    #[cfg(test)]
    pub(super) fn state(&self) -> impl std::fmt::Debug {
        let Transit {
            context: _,
            sender: _,
            region: _,
            index: _,
            stages: _,
            envelope,
            legs,
            content,
            tenant,
            known,
            bound,
            suspect,
            recall,
            asks,
            verdict,
            outputs,
            finished,
            over,
        } = self;
        let tenant = tenant.as_ref().map(|tenant| tenant.id());
        (
            envelope,
            legs,
            content.state(),
            (tenant, known.word()),
            bound,
            asks,
            verdict,
            outputs,
            (finished, over, suspect, recall.as_ref().map(|recall| recall.state())),
        )
    }

    pub(super) fn push(&mut self, output: Output) {
        self.outputs.push_back(output);
    }

    /// Ends the message with an answer that is no success. Sessions to the next hop are given back, or closed without
    /// the last octet where content has begun.
    pub(super) fn fail(&mut self, reply: Reply) {
        if self.verdict.is_none() {
            self.end_with(Verdict::from_failure(reply));
        }
        self.drop_legs();
        self.discard();
    }

    /// The first verdict stands.
    pub(super) fn end_with(&mut self, verdict: Verdict) {
        let verdict = self.verdict.get_or_insert(verdict);
        let is_final = !matches!(verdict, Verdict::Deferred(_));
        if self.legs.iter().any(|leg| leg.answer.is_some()) {
            self.note_verdict(is_final);
        }
    }

    pub(super) fn drop_legs(&mut self) {
        self.legs.numbers().for_each(|number| self.drop_leg(number));
    }

    /// Gives a session back, or closes it without the last octet. One that has the whole message, and whose answer is
    /// awaited, may still take it: that is left to the ledger.
    pub(super) fn drop_leg(&mut self, number: usize) {
        let Some(leg) = self.legs.get_mut(number) else { return };
        let is_under_way = leg.is_under_way();
        let awaited = leg.handed_over && leg.is_committed() && leg.open().is_some();
        if awaited {
            leg.handed_over = false;
        } else {
            self.note_answer(number, None);
        }
        match self.legs.replace_link(number, Link::Closed) {
            Link::Open(_) if awaited => self.push(Output::LeaveBehind(number)),
            Link::Open(_) if is_under_way => self.push(Output::Abort(number)),
            Link::Open(_) | Link::Leasing { .. } => self.push(Output::Release(number)),
            Link::None | Link::Closed => {}
        }
    }

    /// A refusal of the next hop as the sender is to see it.
    pub(super) fn seen_by_sender(&mut self, leg: usize, reply: Reply, now: Instant) -> Reply {
        let since = self.legs.open(leg).and_then(|open| open.lease.attribution_refused_since);
        let said = reply.clone();
        let (reply, health) = about_us(reply, since, now);
        if let Some(health) = health {
            self.push(Output::Health(health, said));
        }
        // 421 speaks of the next hop's session, not of ours.
        if reply.code() == 421 { Reply::next_hop_closing() } else { reply }
    }

    /// Carries the content on as far as it goes, then answers what can be answered.
    fn settle(&mut self, now: Now) {
        self.drive(now);
        while let Some(ask) = self.asks.front().copied() {
            let Some(reply) = self.known_answer(ask) else { break };
            self.asks.pop_front();
            let ends = match ask {
                Ask::End => true,
                // A refused BDAT ends the transaction; there will be no other question.
                Ask::ChunkTaken(_) => !reply.is_success(),
                Ask::Mail | Ask::Rcpt(_) | Ask::Data => false,
            };
            let refused = match ask {
                Ask::Mail => !reply.is_success(),
                Ask::Data => reply.code() != 354,
                _ => false,
            };
            self.push(Output::Answer(reply));
            if refused {
                self.over = true;
                self.drop_legs();
                self.discard();
            }
            if ends {
                failpoint!("verdict");
                self.finish(now.instant);
            }
        }
    }

    fn known_answer(&self, ask: Ask) -> Option<Reply> {
        let failure = self.verdict.as_ref().map(|verdict| verdict.reply().clone());
        match ask {
            Ask::Mail => self.envelope.mail_reply.clone().or(failure),
            Ask::Rcpt(index) => {
                let without_mail = self.envelope.is_refused().then(Reply::bad_sequence);
                self.envelope.recipient_reply(index).or(failure.map(refuse_recipient)).or(without_mail)
            }
            Ask::Data => Some(failure.unwrap_or_else(|| match self.envelope.accepted() {
                0 => Reply::no_recipients(),
                _ => Reply::go_ahead(),
            })),
            Ask::ChunkTaken(_) if failure.is_none() && self.chunk_has_to_wait() => None,
            Ask::ChunkTaken(octets) => Some(failure.unwrap_or_else(|| match self.envelope.accepted() {
                0 => Reply::no_recipients(),
                _ => Reply::chunk_taken(octets),
            })),
            Ask::End => failure,
        }
    }

    fn reset(&mut self, cause: Cause, now: Now) {
        self.asks.clear();
        let told = match cause {
            Cause::BareLineEnd => Some(Reply::bare_line_end()),
            Cause::TooLarge => Some(Reply::too_large()),
            _ => None,
        };
        self.drop_legs();
        if self.content.has_begun() {
            self.stages.sender_gone = told.is_none();
            if self.verdict.is_none() {
                self.end_with(Verdict::from_failure(told.unwrap_or_else(Reply::next_hop_lost)));
            }
            self.finish(now.instant);
        }
        self.discard();
    }

    fn finish(&mut self, now: Instant) {
        if std::mem::replace(&mut self.finished, true) {
            return;
        }
        self.stages.end(now);
        if self.verdict.as_ref().is_some_and(Verdict::is_accepted) {
            self.suspect_has_passed();
        }
        if let Some(record) = Record::of(self) {
            self.push(Output::Finished(Box::new(record)));
        }
        self.drop_legs();
    }
}

/// A recipient asked for after the message failed: what bounces the message must not be said of one address.
fn refuse_recipient(failure: Reply) -> Reply {
    if failure.is_success() { Reply::bad_sequence() } else { failure }
}

/// How much of a message may pile up towards the next hop before we stop reading.
pub(super) const WINDOW_BYTES: usize = 64 * 1024;
