//! How the content goes out, and the commit gate.
//!
//! Exchange delays every BDAT without LAST, so: where the total is known, one `BDAT n LAST`; where it is not and
//! BODY is not BINARYMIME, DATA; else one chunk out for each chunk in. The commit point is the last octet of the
//! last chunk, or the final dot. The last slice is kept back until the gate opens: the message arrived whole, the
//! edit script covers it once and in order, the octets are the announced ones, and the sender is still there.

use super::dialogue::{Command, Output};
use super::leg::{FIRST, Leg};
use super::message::{Now, Transit};
use super::verdict::Verdict;
use crate::smtp::{Asked, Body, Reply};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    /// Nothing was said of content yet.
    Closed,
    /// DATA was sent, 354 is awaited.
    Asked,
    /// By DATA.
    Data,
    /// By BDAT: octets still owed to the chunk that runs, whether it is the last, replies awaited.
    Chunks { owed: u64, last: bool, replies: usize },
    /// Everything was handed over; the verdict is awaited.
    Committed,
}

impl Transit {
    /// A next hop that does not pipeline is told of the next chunk when it has answered the one before; until then the
    /// sender's next one has to wait too.
    pub(super) fn chunk_has_to_wait(&self) -> bool {
        self.legs.iter().any(|leg| {
            let unanswered = matches!(leg.framing, Framing::Chunks { replies, .. } if replies > 0);
            unanswered && leg.open().is_some_and(|open| !open.lease.extensions.pipelining)
        })
    }

    /// Opens the content where it can be opened and hands on what is ready.
    pub(super) fn carry_on(&mut self) {
        if !self.content.is_released() || !self.envelope_is_settled() {
            return;
        }
        for leg in self.legs.numbers() {
            if self.framing(leg) == Framing::Closed {
                self.open_content(leg);
            }
            match self.framing(leg) {
                Framing::Closed | Framing::Asked | Framing::Committed => {}
                Framing::Data => self.hand_on(leg, Keep::LastSlice),
                Framing::Chunks { last: true, .. } => self.hand_on(leg, Keep::LastSlice),
                Framing::Chunks { last: false, .. } => self.hand_on(leg, Keep::Nothing),
            }
        }
        if self.arrived_whole() {
            self.check_and_ask_for_the_gate();
        }
    }

    fn framing(&self, leg: usize) -> Framing {
        self.legs.get(leg).map_or(Framing::Closed, |leg| leg.framing)
    }

    /// One chunk out for each chunk in, once the way is chosen.
    pub(super) fn mirror_chunk(&mut self) {
        let declared = self.content.declared;
        for number in self.legs.numbers() {
            let Some(leg) = self.legs.get_mut(number) else { continue };
            if let Framing::Chunks { owed, last: false, replies } = leg.framing {
                if owed > 0 {
                    // The imprinter keeps nothing back after the release, so this cannot be; were it, octets would be
                    // missing from a chunk whose length is out already.
                    return self.fail(Reply::try_later());
                }
                leg.framing = Framing::Chunks { owed: declared.chunk, last: declared.last, replies };
                if declared.chunk > 0 {
                    self.announce_chunk(number);
                }
            }
        }
    }

    fn open_content(&mut self, number: usize) {
        failpoint!("open_content", return self.fail(Reply::try_later()));
        let content = &self.content;
        let Some(leg) = self.legs.get_mut(number) else { return };
        let Some(open) = leg.open() else { return };
        let total = match (content.ended, content.declared.last) {
            (true, _) => Some(content.octets_in),
            (false, true) => content.declared.octets,
            (false, false) => None,
        };
        let binary = self.envelope.mail.body() == Body::Binary;
        let (octets, last) = match (total, content.declared.octets) {
            _ if !open.lease.extensions.chunking => (None, false),
            (Some(total), _) => (Some(total), true),
            (None, Some(so_far)) if binary => (Some(so_far), false),
            _ => (None, false),
        };
        match octets.and_then(|octets| octets.checked_add_signed(leg.growth)) {
            Some(octets) => {
                leg.framing = Framing::Chunks { owed: octets, last, replies: 0 };
                if octets > 0 {
                    self.announce_chunk(number);
                }
            }
            None => {
                leg.framing = Framing::Asked;
                self.push(Output::Tell(number, Command::Data));
            }
        }
    }

    fn announce_chunk(&mut self, number: usize) {
        let Some(leg) = self.legs.get_mut(number) else { return };
        if let Framing::Chunks { owed, last, replies } = &mut leg.framing {
            *replies += 1;
            let command = Command::Chunk { octets: *owed, last: *last };
            self.push(Output::Tell(number, command));
        }
    }

    fn hand_on(&mut self, number: usize, keep: Keep) {
        let kept = match keep {
            Keep::LastSlice => 1,
            Keep::Nothing => 0,
        };
        while self.legs.get(number).is_some_and(|leg| leg.ready() > kept) {
            failpoint!("slice", return self.fail(Reply::try_later()));
            let Some(leg) = self.legs.get_mut(number) else { return };
            let Some(slice) = leg.take_ready() else { return };
            if let Framing::Chunks { owed, .. } = &mut leg.framing {
                match owed.checked_sub(slice.len() as u64) {
                    Some(left) => *owed = left,
                    // More than was announced: never let it out.
                    None => return self.fail(Reply::try_later()),
                }
            }
            self.push(Output::Tell(number, Command::Body(slice)));
        }
    }

    fn arrived_whole(&self) -> bool {
        let content = &self.content;
        let whole = content.ended && !content.gate_asked && !content.is_imprinting();
        self.verdict.is_none() && whole && self.legs.iter().all(Leg::is_ready_for_the_gate)
    }

    /// The commit gate, our half: what cannot be vouched for is not terminated.
    fn check_and_ask_for_the_gate(&mut self) {
        failpoint!("gate", return self.fail(Reply::try_later()));
        let content = &self.content;
        let announced = content.declared.octets.is_none_or(|octets| octets == content.octets_in);
        let covered = content.outcome.as_ref().is_none_or(|outcome| outcome.covered);
        if announced && covered && self.legs.iter().all(|leg| leg.adds_up(content.octets_in)) {
            self.content.gate_asked = true;
            if !self.prove_before_the_gate() {
                self.gate();
            }
        } else {
            self.stages.gate_stayed_shut = true;
            self.fail(Reply::try_later());
        }
    }

    /// The gate is open: the last slice, and with it the responsibility. Of several legs the first goes alone, so that a
    /// refusal of the message is one for everybody.
    pub(super) fn commit(&mut self, now: Now) {
        if self.verdict.is_some() || !self.content.gate_asked || self.legs.are_committed() {
            return;
        }
        failpoint!("commit", return self.fail(Reply::try_later()));
        self.commit_leg(FIRST, now);
    }

    fn commit_leg(&mut self, number: usize, now: Now) {
        if self.legs.get(number).is_some_and(Leg::ends_in_an_empty_chunk) {
            self.announce_chunk(number);
        }
        self.hand_on(number, Keep::Nothing);
        if self.verdict.is_some() {
            return;
        }
        // One clock for all: it runs from the first.
        let since = *self.stages.committed.get_or_insert(now.instant);
        self.push(Output::Tell(number, Command::EndOfData { since }));
        if let Some(leg) = self.legs.get_mut(number) {
            leg.framing = Framing::Committed;
        }
        failpoint!("committed");
    }

    pub(super) fn data_answered(&mut self, number: usize, reply: Reply, now: Now) {
        let Some(leg) = self.legs.get_mut(number).filter(|leg| leg.framing == Framing::Asked) else { return };
        if reply.code() == 354 {
            leg.framing = Framing::Data;
        } else {
            let reply = self.seen_by_sender(number, reply, now.instant);
            self.fail(reply);
        }
    }

    /// The answer to a chunk, or to the whole.
    pub(super) fn content_answered(&mut self, number: usize, asked: Asked, reply: Reply, now: Now) {
        let Some(leg) = self.legs.get_mut(number) else { return };
        match (&mut leg.framing, asked) {
            (Framing::Committed, Asked::EndOfMessage) => {
                failpoint!("answered");
                self.stages.answered = Some(now.instant);
                self.note_code(&reply);
                let reply = if reply.is_success() { reply } else { self.seen_by_sender(number, reply, now.instant) };
                self.note_answer(number, Some(&reply));
                self.answered_whole(number, reply, now);
            }
            (Framing::Committed, _) if reply.is_success() => {}
            (Framing::Chunks { replies, .. }, Asked::Chunk) if reply.is_success() => {
                *replies = replies.saturating_sub(1)
            }
            // A success before everything was handed over is no success.
            _ if reply.is_success() => self.give_up(number, Reply::next_hop_garbled(), now),
            _ => {
                self.note_code(&reply);
                let reply = self.seen_by_sender(number, reply, now.instant);
                self.give_up(number, reply, now);
            }
        }
    }

    /// For the record: of several answers one that is no success.
    fn note_code(&mut self, reply: &Reply) {
        if !reply.is_success() || self.stages.next_hop_code.is_none() {
            self.stages.next_hop_code = Some(reply.code());
        }
    }

    /// A leg is of no use any more. As long as none has the whole message that ends it for all of them; afterwards it is
    /// the answer of this one.
    pub(super) fn give_up(&mut self, number: usize, reply: Reply, now: Now) {
        if !self.legs.are_committed() {
            return self.fail(reply);
        }
        self.note_answer(number, None);
        self.drop_leg(number);
        self.answered_whole(number, reply, now);
    }

    /// It is known what became of the message on a leg, or known that nobody can know it.
    pub(super) fn answered_whole(&mut self, number: usize, reply: Reply, now: Now) {
        let Some(leg) = self.legs.get_mut(number).filter(|leg| leg.answer.is_none()) else { return };
        let is_taken = reply.is_success();
        leg.answer = Some(reply);
        if number == FIRST && is_taken {
            self.legs.further().for_each(|further| self.follow(further, now));
        }
        let refused = number == FIRST && !is_taken;
        if self.verdict.is_none() && (refused || self.legs.iter().all(|leg| leg.answer.is_some())) {
            self.conclude();
        }
    }

    /// The first leg has its success: the last slice of another one goes out, if half of the time is left for its answer. One
    /// that came too late to be heard would be given a second time.
    fn follow(&mut self, number: usize, now: Now) {
        let waits = self.legs.get(number).is_some_and(|leg| leg.answer.is_none());
        if self.verdict.is_some() || !waits {
            return;
        }
        let spent = self.stages.committed.map(|since| now.instant.saturating_duration_since(since));
        if spent.is_some_and(|spent| spent > self.context.verdict_timeout / 2) {
            self.give_up(number, Reply::try_later(), now);
        } else {
            self.commit_leg(number, now);
        }
    }

    /// Every leg has its answer, or the first one's is for all: a refusal of it; else what must be tried again; else a
    /// refusal for good; else a success.
    fn conclude(&mut self) {
        let answers = || self.legs.iter().filter_map(|leg| leg.answer.as_ref());
        let first = self.legs.get(FIRST).and_then(|leg| leg.answer.as_ref());
        let refused = first.filter(|reply| !reply.is_success());
        let put_off = answers().find(|reply| !reply.is_success() && !reply.is_permanent());
        let never = answers().find(|reply| !reply.is_success());
        let reply = match (refused, put_off) {
            (None, Some(rest)) => Some(Reply::partly_taken(rest)),
            _ => refused.or(never).or(first).cloned(),
        };
        if let Some(reply) = reply {
            self.end_with(Verdict::from_next_hop(reply));
        }
        // Sessions that have their answer are given back with the message.
        for number in self.legs.numbers() {
            if self.legs.get(number).is_some_and(|leg| leg.answer.is_none()) {
                self.drop_leg(number);
            }
        }
        self.discard();
    }
}

impl Leg {
    /// It can carry the last slice as soon as the gate opens.
    fn is_ready_for_the_gate(&self) -> bool {
        match self.framing {
            Framing::Data => true,
            // An answer to an earlier chunk that tells of trouble must not come after the commit point.
            Framing::Chunks { last: true, replies, .. } => replies <= usize::from(!self.ends_in_an_empty_chunk()),
            Framing::Chunks { last: false, .. } | Framing::Closed | Framing::Asked | Framing::Committed => false,
        }
    }

    /// It is announced only when the gate is open, because it is the commit point.
    fn ends_in_an_empty_chunk(&self) -> bool {
        matches!(self.framing, Framing::Chunks { owed: 0, .. }) && self.ready() == 0
    }

    /// What went out and what is left come to what came in and what it grew by.
    fn adds_up(&self, octets_in: u64) -> bool {
        let left = self.ready_bytes() as u64;
        let fills_the_chunk = match self.framing {
            Framing::Chunks { owed, .. } => owed == left,
            _ => true,
        };
        fills_the_chunk && octets_in.checked_add_signed(self.growth) == Some(self.octets_out + left)
    }
}

/// How much of what is ready stays here.
#[derive(Debug, Clone, Copy)]
enum Keep {
    /// What comes next may be the commit point.
    LastSlice,
    Nothing,
}
