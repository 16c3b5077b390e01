//! DATA and BDAT: the content of a message (RFC 5321 section 4.1.1.4, RFC 3030 section 2).
//!
//! Content is cut from the input and handed on as it comes; only CRLF.CRLF ends DATA and only the count ends a BDAT.
//! What is refused is still read to its end, so that content never becomes commands; a sender of much more than it may
//! send is cut off. A sender slower than the limits is cut off as well.

use std::time::Instant;

use bytes::{Buf, BytesMut};

use super::{Action, Cause, Hello, Pending, Phase, Progress, Question, Server, time_for};
use crate::smtp::data::{DataReader, EndSeeker, Step};
use crate::smtp::{Body, Reply};

/// What the octets of the input are, when they are no commands.
#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
pub(super) enum Content {
    /// Content of DATA for the owner.
    Data(DataReader),
    /// Refused content of DATA. `left`: how much more of it is borne.
    RefusedData { seeker: EndSeeker, left: u64, reply: Reply },
    /// Content of a BDAT for the owner; `left` octets are to come of `octets`.
    Chunk { octets: u64, left: u64, last: bool },
    /// A refused BDAT, of which `left` octets are to come.
    RefusedChunk { left: u64, reply: Reply },
}

impl Server {
    pub(super) fn data(&mut self, behind: &[u8]) {
        if self.needs_tls() {
            return self.refuse(Reply::tls_required());
        }
        // Content sent before the 354 would be read as commands after a refusal.
        if !behind.is_empty() {
            self.farewell(Reply::pipelining_refused(), Cause::Protocol);
            return;
        }
        match &self.transaction {
            Some(transaction) if transaction.chunked || transaction.body == Body::Binary => {
                self.refuse(Reply::bad_sequence());
            }
            Some(transaction) if transaction.accepted == 0 => self.refuse(Reply::no_recipients()),
            Some(_) => {
                self.pending.push_back(Pending::Asked(Question::Data));
                self.actions.push_back(Action::Data);
            }
            None => self.refuse(Reply::bad_sequence()),
        }
    }

    /// The owner said 354.
    pub(super) fn open_data(&mut self, now: Instant) {
        self.phase = Phase::Content(Content::Data(DataReader::new()));
        self.deadline = now + self.config.timeouts.stall;
    }

    pub(super) fn chunk(&mut self, octets: u64, last: bool, now: Instant) {
        self.deadline = now + self.config.timeouts.stall;
        if let Some(reply) = self.refusal_of_chunk(octets) {
            if octets > self.config.limits.swallowed_octets {
                self.farewell(reply, Cause::Protocol);
            } else {
                self.phase = Phase::Content(Content::RefusedChunk { left: octets, reply });
            }
            return;
        }
        if let Some(transaction) = self.transaction.as_mut() {
            transaction.chunked = true;
            transaction.octets += octets;
        }
        self.actions.push_back(Action::Chunk { octets, last });
        self.phase = Phase::Content(Content::Chunk { octets, left: octets, last });
    }

    fn refusal_of_chunk(&mut self, octets: u64) -> Option<Reply> {
        if self.needs_tls() {
            return Some(Reply::tls_required());
        }
        if !self.config.offer.chunking {
            return Some(Reply::not_implemented());
        }
        let Some(transaction) = self.transaction.as_ref().filter(|_| self.hello == Some(Hello::Extended)) else {
            return Some(Reply::bad_sequence());
        };
        if transaction.accepted == 0 {
            return Some(Reply::no_recipients());
        }
        let total = transaction.octets.checked_add(octets);
        let limit = self.config.max_message_octets().unwrap_or(u64::MAX);
        if total.is_none_or(|total| total > limit) {
            self.drop_transaction(Cause::TooLarge);
            return Some(Reply::too_large());
        }
        None
    }

    pub(super) fn read_content(&mut self, input: &mut BytesMut, now: Instant) -> Progress {
        let before = input.len();
        let room = self.room();
        let Phase::Content(content) = &mut self.phase else { return Progress::Stuck };
        let progress = match content {
            Content::Data(reader) => {
                let step = reader.poll(input, room);
                self.take_data(step)
            }
            Content::RefusedData { .. } => self.skip_data(input),
            Content::Chunk { .. } => self.take_chunk(input),
            Content::RefusedChunk { .. } => self.skip_chunk(input),
        };
        if matches!(self.phase, Phase::Command) {
            self.deadline = now + self.config.timeouts.idle;
        } else {
            self.earn_time(before.saturating_sub(input.len()), now);
        }
        progress
    }

    fn take_data(&mut self, step: Step) -> Progress {
        match step {
            Step::NeedInput => Progress::Stuck,
            Step::Content(slice) => {
                if let Some(transaction) = self.transaction.as_mut() {
                    transaction.octets += u64::try_from(slice.len()).unwrap_or(u64::MAX);
                }
                self.actions.push_back(Action::Body(slice));
                Progress::Made
            }
            Step::Full => {
                self.give_up_data(Cause::TooLarge, Reply::too_large());
                Progress::Made
            }
            Step::Bare => {
                self.give_up_data(Cause::BareLineEnd, Reply::bare_line_end());
                Progress::Made
            }
            Step::End => {
                self.phase = Phase::Command;
                self.pending.push_back(Pending::Asked(Question::EndOfMessage));
                self.actions.push_back(Action::EndOfMessage);
                Progress::Made
            }
        }
    }

    /// How many octets of content the transaction may still bring.
    fn room(&self) -> u64 {
        let taken = self.transaction.as_ref().map_or(0, |transaction| transaction.octets);
        self.config.max_message_octets().unwrap_or(u64::MAX).saturating_sub(taken)
    }

    fn give_up_data(&mut self, cause: Cause, reply: Reply) {
        self.drop_transaction(cause);
        let phase = std::mem::replace(&mut self.phase, Phase::Command);
        if let Phase::Content(Content::Data(reader)) = phase {
            let left = self.config.limits.swallowed_octets;
            self.phase = Phase::Content(Content::RefusedData { seeker: reader.give_up(), left, reply });
        }
    }

    fn skip_data(&mut self, input: &mut BytesMut) -> Progress {
        let Phase::Content(Content::RefusedData { seeker, left, reply }) = &mut self.phase else {
            return Progress::Stuck;
        };
        let before = input.len();
        let ended = seeker.poll(input);
        let swallowed = u64::try_from(before - input.len()).unwrap_or(u64::MAX);
        let rest = left.checked_sub(swallowed);
        *left = rest.unwrap_or(0);
        let reply = reply.clone();
        if rest.is_none() {
            self.farewell(reply, Cause::Protocol)
        } else if ended {
            self.phase = Phase::Command;
            self.reply(reply);
            self.depart_if_due();
            Progress::Made
        } else {
            Progress::Stuck
        }
    }

    fn take_chunk(&mut self, input: &mut BytesMut) -> Progress {
        let Phase::Content(Content::Chunk { octets, left, last }) = &mut self.phase else { return Progress::Stuck };
        let (octets, last) = (*octets, *last);
        let size = usize::try_from(*left).unwrap_or(usize::MAX).min(input.len());
        if size > 0 {
            *left = left.saturating_sub(u64::try_from(size).unwrap_or(u64::MAX));
            self.actions.push_back(Action::Body(input.split_to(size).freeze()));
        }
        if *left > 0 {
            return Progress::Stuck;
        }
        debug_assert!(self.transaction.as_ref().is_some_and(|transaction| transaction.octets >= octets));
        self.phase = Phase::Command;
        let (question, action) = if last {
            (Question::EndOfMessage, Action::EndOfMessage)
        } else {
            (Question::ChunkTaken, Action::ChunkTaken)
        };
        self.pending.push_back(Pending::Asked(question));
        self.actions.push_back(action);
        Progress::Made
    }

    fn skip_chunk(&mut self, input: &mut BytesMut) -> Progress {
        let Phase::Content(Content::RefusedChunk { left, reply }) = &mut self.phase else { return Progress::Stuck };
        let size = usize::try_from(*left).unwrap_or(usize::MAX).min(input.len());
        input.advance(size);
        *left = left.saturating_sub(u64::try_from(size).unwrap_or(u64::MAX));
        if *left > 0 {
            return Progress::Stuck;
        }
        let reply = reply.clone();
        self.phase = Phase::Command;
        self.refuse(reply);
        self.depart_if_due();
        Progress::Made
    }

    /// Each octet buys the time it may take at the slowest rate, up to the whole stall time: a steady slow sender is borne,
    /// one octet a minute is not.
    fn earn_time(&mut self, octets: usize, now: Instant) {
        let octets = u64::try_from(octets).unwrap_or(u64::MAX);
        let earned = self.deadline + time_for(octets, self.config.limits.octets_per_second);
        self.deadline = earned.min(now + self.config.timeouts.stall);
    }
}
