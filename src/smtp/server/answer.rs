//! What is said to the peer, and how a session ends.
//!
//! Replies leave in the order of the commands: one of our own waits behind those that the owner still owes. A refusal for
//! the form of a command and a command without use are counted; too many end the session with 421 4.7.0.

use std::time::Instant;

use super::{Action, Cause, Pending, Phase, Progress, Question, Server};
use crate::smtp::{Class, Reply};

impl Server {
    /// Does what an answer means, and writes it.
    pub(super) fn settle(&mut self, question: Question, reply: Reply, now: Instant) {
        // A 354 to anything but DATA, or a 250 to DATA, would break the framing on the peer's side: never guess a success.
        let fits = match question {
            Question::Data => reply.code() == 354 || reply.is_temporary() || reply.is_permanent(),
            _ => reply.class() != Class::Intermediate,
        } && (200..=599).contains(&reply.code());
        debug_assert!(fits, "{question:?} was answered by {reply:?}");
        let reply = match question {
            _ if !fits => Reply::try_later(),
            // Sent ahead of the answer to MAIL, which was a refusal.
            Question::Rcpt if self.transaction.is_none() => Reply::bad_sequence(),
            _ => reply,
        };
        match question {
            Question::Mail | Question::ChunkTaken if !reply.is_success() => self.end_transaction(),
            Question::Data if reply.code() != 354 => self.end_transaction(),
            Question::Rcpt if reply.is_success() => self.count_recipient(),
            Question::Data => self.open_data(now),
            Question::EndOfMessage => {
                self.end_transaction();
                self.idle_commands = 0;
                if reply.is_success() {
                    self.errors = 0;
                }
            }
            Question::Mail | Question::Rcpt | Question::ChunkTaken => {}
        }
        self.write(&reply);
        if reply.code() == 421 {
            self.hang_up(Cause::Drain);
        }
    }

    pub(super) fn write(&mut self, reply: &Reply) {
        self.actions.push_back(Action::Write(reply.encode()));
    }

    /// A reply of our own, behind the answers that are due before it.
    pub(super) fn reply(&mut self, reply: Reply) {
        if self.pending.is_empty() {
            self.write(&reply);
        } else {
            self.pending.push_back(Pending::Own(reply));
        }
    }

    /// A refusal for the form of a command; too many of them end the session.
    pub(super) fn refuse(&mut self, reply: Reply) {
        self.errors += 1;
        if self.errors > self.config.limits.errors {
            self.farewell(Reply::too_many_errors(), Cause::Protocol);
        } else {
            self.reply(reply);
        }
    }

    /// The answer to a command that brings no message nearer; too many of them end the session.
    pub(super) fn idle(&mut self, reply: Reply) {
        if self.is_worn_out() {
            self.farewell(Reply::too_many_errors(), Cause::Protocol);
        } else {
            self.reply(reply);
        }
    }

    /// Counts one more command that brings no message nearer. Whether it is one too many.
    pub(super) fn is_worn_out(&mut self) -> bool {
        self.idle_commands += 1;
        self.idle_commands > self.config.limits.idle_commands
    }

    /// Last words behind the answers that are due before them, then the end.
    pub(super) fn farewell(&mut self, reply: Reply, cause: Cause) -> Progress {
        if self.pending.is_empty() {
            return self.farewell_now(&reply, cause);
        }
        self.pending.push_back(Pending::Farewell(reply, cause));
        Progress::Stuck
    }

    pub(super) fn farewell_now(&mut self, reply: &Reply, cause: Cause) -> Progress {
        self.drop_transaction(cause);
        self.write(reply);
        self.hang_up(cause)
    }

    pub(super) fn hang_up(&mut self, cause: Cause) -> Progress {
        self.drop_transaction(cause);
        self.pending.clear();
        self.phase = Phase::Closed;
        self.actions.push_back(Action::Close);
        Progress::Stuck
    }

    /// The transaction ended by an answer; its owner knows.
    fn end_transaction(&mut self) {
        self.transaction = None;
        self.forwarded.clear();
    }

    /// The transaction ends without an answer; its owner is told.
    pub(super) fn drop_transaction(&mut self, cause: Cause) {
        if self.transaction.take().is_some() {
            self.forwarded.clear();
            self.actions.push_back(Action::Reset(cause));
        }
    }

    pub(super) fn depart_if_due(&mut self) {
        let between_messages = matches!(self.phase, Phase::Command | Phase::Greeting)
            && self.transaction.is_none()
            && self.pending.is_empty();
        if self.draining && between_messages {
            self.farewell_now(&Reply::shutting_down(), Cause::Drain);
        }
    }
}
