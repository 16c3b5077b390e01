//! How the content goes out, and the commit gate.
//!
//! Exchange delays every BDAT without LAST, so: where the total is known, one `BDAT n LAST`; where it is not and
//! BODY is not BINARYMIME, DATA; else one chunk out for each chunk in. The commit point is the last octet of the
//! last chunk, or the final dot. The last slice is kept back until the gate opens: the message arrived whole, the
//! edit script covers it once and in order, the octets are the announced ones, and the sender is still there.

use super::dialogue::{Command, Output};
use super::envelope::Leg;
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
        let Leg::Open(open) = &self.leg else { return false };
        let unanswered = matches!(self.content.framing, Framing::Chunks { replies, .. } if replies > 0);
        unanswered && !open.lease.extensions.pipelining
    }

    /// Opens the content where it can be opened and hands on what is ready.
    pub(super) fn carry_on(&mut self) {
        if !self.content.is_released() || !self.envelope_is_settled() {
            return;
        }
        if self.content.framing == Framing::Closed {
            self.open_content();
        }
        match self.content.framing {
            Framing::Closed | Framing::Asked | Framing::Committed => {}
            Framing::Data => self.hand_on(Keep::LastSlice),
            Framing::Chunks { last: true, .. } => self.hand_on(Keep::LastSlice),
            Framing::Chunks { last: false, .. } => self.hand_on(Keep::Nothing),
        }
        if self.arrived_whole() {
            self.check_and_ask_for_the_gate();
        }
    }

    /// One chunk out for each chunk in, once the way is chosen.
    pub(super) fn mirror_chunk(&mut self) {
        let declared = self.content.declared;
        if let Framing::Chunks { owed, last: false, replies } = self.content.framing {
            if owed > 0 {
                // The imprinter keeps nothing back after the release, so this cannot be; were it, octets would be
                // missing from a chunk whose length is out already.
                return self.fail(Reply::try_later());
            }
            self.content.framing = Framing::Chunks { owed: declared.chunk, last: declared.last, replies };
            if declared.chunk > 0 {
                self.announce_chunk();
            }
        }
    }

    fn open_content(&mut self) {
        failpoint!("open_content", return self.fail(Reply::try_later()));
        let content = &self.content;
        let Leg::Open(open) = &self.leg else { return };
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
        match octets.and_then(|octets| octets.checked_add_signed(content.growth)) {
            Some(octets) => {
                self.content.framing = Framing::Chunks { owed: octets, last, replies: 0 };
                if octets > 0 {
                    self.announce_chunk();
                }
            }
            None => {
                self.content.framing = Framing::Asked;
                self.push(Output::Tell(Command::Data));
            }
        }
    }

    fn announce_chunk(&mut self) {
        if let Framing::Chunks { owed, last, replies } = &mut self.content.framing {
            *replies += 1;
            let command = Command::Chunk { octets: *owed, last: *last };
            self.push(Output::Tell(command));
        }
    }

    fn hand_on(&mut self, keep: Keep) {
        let kept = match keep {
            Keep::LastSlice => 1,
            Keep::Nothing => 0,
        };
        while self.content.ready.len() > kept {
            failpoint!("slice", return self.fail(Reply::try_later()));
            let Some(slice) = self.content.take_ready() else { break };
            if let Framing::Chunks { owed, .. } = &mut self.content.framing {
                match owed.checked_sub(slice.len() as u64) {
                    Some(left) => *owed = left,
                    // More than was announced: never let it out.
                    None => return self.fail(Reply::try_later()),
                }
            }
            self.push(Output::Tell(Command::Body(slice)));
        }
    }

    fn arrived_whole(&self) -> bool {
        let content = &self.content;
        let opened = match content.framing {
            Framing::Data => true,
            // An answer to an earlier chunk that tells of trouble must not come after the commit point.
            Framing::Chunks { last: true, replies, .. } => replies <= usize::from(!self.last_chunk_is_empty()),
            Framing::Chunks { last: false, .. } | Framing::Closed | Framing::Asked | Framing::Committed => false,
        };
        self.verdict.is_none() && opened && content.ended && !content.gate_asked && !content.is_imprinting()
    }

    /// It is announced only when the gate is open, because it is the commit point.
    fn last_chunk_is_empty(&self) -> bool {
        matches!(self.content.framing, Framing::Chunks { owed: 0, .. }) && self.content.ready.is_empty()
    }

    /// The commit gate, our half: what cannot be vouched for is not terminated.
    fn check_and_ask_for_the_gate(&mut self) {
        failpoint!("gate", return self.fail(Reply::try_later()));
        let content = &self.content;
        let announced = content.declared.octets.is_none_or(|octets| octets == content.octets_in);
        let left: u64 = content.ready.iter().map(|slice| slice.len() as u64).sum();
        let going = content.octets_out + left;
        let as_grown = content.octets_in.checked_add_signed(content.growth) == Some(going);
        let covered = content.outcome.as_ref().is_none_or(|outcome| outcome.covered);
        let fills_the_chunk = match content.framing {
            Framing::Chunks { owed, .. } => owed == left,
            _ => true,
        };
        if announced && as_grown && covered && fills_the_chunk {
            self.content.gate_asked = true;
            if !self.prove_before_the_gate() {
                self.gate();
            }
        } else {
            self.stages.gate_stayed_shut = true;
            self.fail(Reply::try_later());
        }
    }

    /// The gate is open: the last slice, and with it the responsibility.
    pub(super) fn commit(&mut self, now: Now) {
        if self.verdict.is_some() || !self.content.gate_asked || self.content.is_committed() {
            return;
        }
        failpoint!("commit", return self.fail(Reply::try_later()));
        if self.last_chunk_is_empty() {
            self.announce_chunk();
        }
        self.hand_on(Keep::Nothing);
        if self.verdict.is_none() {
            self.push(Output::Tell(Command::EndOfData));
            self.content.framing = Framing::Committed;
            self.stages.committed = Some(now.instant);
            failpoint!("committed");
        }
    }

    pub(super) fn data_answered(&mut self, reply: Reply, now: Now) {
        if self.content.framing != Framing::Asked {
            return;
        }
        if reply.code() == 354 {
            self.content.framing = Framing::Data;
        } else {
            let reply = self.seen_by_sender(reply, now.instant);
            self.fail(reply);
        }
    }

    /// The answer to a chunk, or to the whole.
    pub(super) fn content_answered(&mut self, asked: Asked, reply: Reply, now: Now) {
        match (&mut self.content.framing, asked) {
            (Framing::Committed, Asked::EndOfMessage) => {
                failpoint!("answered");
                self.stages.answered = Some(now.instant);
                self.stages.next_hop_code = Some(reply.code());
                let reply = if reply.is_success() { reply } else { self.seen_by_sender(reply, now.instant) };
                self.note_answer(Some(&reply));
                self.verdict.get_or_insert(Verdict::from_next_hop(reply));
                self.content.discard();
            }
            (Framing::Committed, _) if reply.is_success() => {}
            (Framing::Chunks { replies, .. }, Asked::Chunk) if reply.is_success() => {
                *replies = replies.saturating_sub(1)
            }
            // A success before everything was handed over is no success.
            _ if reply.is_success() => self.fail(Reply::next_hop_garbled()),
            _ => {
                self.stages.next_hop_code = Some(reply.code());
                let reply = self.seen_by_sender(reply, now.instant);
                self.fail(reply);
            }
        }
    }
}

/// How much of what is ready stays here.
#[derive(Debug, Clone, Copy)]
enum Keep {
    /// What comes next may be the commit point.
    LastSlice,
    Nothing,
}
