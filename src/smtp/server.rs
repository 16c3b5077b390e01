//! The server's side of one session (RFC 5321): octets and the time go in, [`Action`]s come out.
//!
//! It promises: replies leave in the order of the commands; content is handed on as slices of the input; nothing is
//! read as a command that the peer meant as content, nor the other way round; each state has a bounded wait and
//! bounded memory. It never says a success for a message by itself: [`Server::answer`] does.
//! It refuses: envelopes before TLS, lines that do not end in CRLF, octets sent ahead where RFC 2920 forbids it.
//! The files `session`, `envelope` and `content` hold the verbs, `answer` what is said.

mod action;
mod answer;
mod config;
mod content;
mod envelope;
mod session;
#[cfg(test)]
pub(super) mod tests;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};

pub use action::{Action, Cause};
pub use config::{Limits, ServerConfig, Timeouts, Tls};

use super::command::{self, Command, Fault};
use super::lines::{Line, take_line};
use super::{Forwarded, Reply};
use content::Content;
use envelope::Transaction;

/// One session with a sender.
#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
pub struct Server {
    config: Arc<ServerConfig>,
    phase: Phase,
    channel: Channel,
    hello: Option<Hello>,
    forwarded: Forwarded,
    transaction: Option<Transaction>,
    /// Commands whose replies have not gone out, oldest first; the first is always one that the owner must answer.
    pending: VecDeque<Pending>,
    actions: VecDeque<Action>,
    /// A command waits in the input for the answers before it.
    held_back: bool,
    draining: bool,
    errors: u32,
    idle_commands: u32,
    deadline: Instant,
    /// Until when TLS must be there, as long as it is not.
    tls_until: Option<Instant>,
}

#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
enum Phase {
    /// The greeting has not been taken by the pump yet: whoever talks now talks too early.
    Greeting,
    Command,
    Handshake,
    Content(Content),
    Closed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Channel {
    Plain,
    Secured,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hello {
    Simple,
    Extended,
}

#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
enum Pending {
    Asked(Question),
    Own(Reply),
    /// The last words; nothing is read after them.
    Farewell(Reply, Cause),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Question {
    Mail,
    Rcpt,
    Data,
    ChunkTaken,
    EndOfMessage,
}

/// Whether more can be done with the input that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    Made,
    Stuck,
}

impl Server {
    /// A new session; the greeting is the first action.
    pub fn new(config: Arc<ServerConfig>, now: Instant) -> Server {
        let greeting = Reply::greeting(&config.host_name).encode();
        let deadline = now + config.timeouts.idle;
        let tls_until = (config.tls == Tls::Required).then(|| now + config.timeouts.before_tls);
        Server {
            config,
            phase: Phase::Greeting,
            channel: Channel::Plain,
            hello: None,
            forwarded: Forwarded::default(),
            transaction: None,
            pending: VecDeque::new(),
            actions: VecDeque::from([Action::Write(greeting)]),
            held_back: false,
            draining: false,
            errors: 0,
            idle_commands: 0,
            deadline,
            tls_until,
        }
    }

    /// Takes from `input` what can be used now. The rest stays: part of a line, or commands behind one that waits for its
    /// answer; feed it again after each [`Server::answer`], new octets or not.
    pub fn feed(&mut self, input: &mut BytesMut, now: Instant) {
        loop {
            let progress = match self.phase {
                Phase::Closed => {
                    input.clear();
                    Progress::Stuck
                }
                Phase::Greeting | Phase::Handshake if input.is_empty() => Progress::Stuck,
                // An early talker, or commands behind STARTTLS that would count as said under TLS (CVE-2011-0411).
                Phase::Greeting => self.farewell(Reply::pipelining_refused(), Cause::Protocol),
                Phase::Handshake => self.hang_up(Cause::Protocol),
                Phase::Command => self.read_command(input, now),
                Phase::Content(_) => self.read_content(input, now),
            };
            if progress == Progress::Stuck && !self.is_closed() {
                return;
            }
            if self.is_closed() {
                input.clear();
                return;
            }
        }
    }

    /// The message that is being handed on has arrived whole: its end is the next step.
    pub fn ends_message(&self) -> bool {
        matches!(self.actions.front(), Some(Action::EndOfMessage))
    }

    /// The next step for the owner.
    pub fn poll_action(&mut self) -> Option<Action> {
        if matches!(self.phase, Phase::Greeting) {
            self.phase = Phase::Command;
        }
        self.actions.pop_front()
    }

    /// Answers the oldest unanswered asked action. An answer that no action asked for is dropped: its transaction was reset.
    pub fn answer(&mut self, reply: Reply, now: Instant) {
        let Some(Pending::Asked(question)) = self.pending.front() else { return };
        let question = *question;
        self.pending.pop_front();
        self.held_back = false;
        self.settle(question, reply, now);
        while let Some(pending) = self.pending.pop_front() {
            match pending {
                Pending::Own(reply) => self.write(&reply),
                Pending::Farewell(reply, cause) => {
                    self.farewell_now(&reply, cause);
                }
                asked @ Pending::Asked(_) => {
                    self.pending.push_front(asked);
                    break;
                }
            }
        }
        if self.pending.is_empty() && matches!(self.phase, Phase::Command) {
            self.deadline = now + self.config.timeouts.idle;
        }
        self.depart_if_due();
    }

    /// The peer closed, or the socket failed.
    pub fn closed_by_peer(&mut self, _now: Instant) {
        if !self.is_closed() {
            self.hang_up(Cause::Disconnect);
        }
    }

    /// The handshake that [`Action::UpgradeTls`] asked for is done. All that was said before is forgotten (RFC 3207
    /// section 4.2).
    pub fn tls_established(&mut self, now: Instant) {
        debug_assert!(matches!(self.phase, Phase::Handshake | Phase::Closed));
        if !matches!(self.phase, Phase::Handshake) {
            return;
        }
        self.phase = Phase::Command;
        self.channel = Channel::Secured;
        self.tls_until = None;
        self.hello = None;
        self.forwarded.clear();
        self.deadline = now + self.config.timeouts.idle;
        self.depart_if_due();
    }

    /// Ends the session with 421 4.3.2 once no transaction is open.
    pub fn drain(&mut self, _now: Instant) {
        self.draining = true;
        self.depart_if_due();
    }

    /// When [`Server::handle_timeout`] is due; `None` while only the owner is waited for.
    pub fn poll_timeout(&self) -> Option<Instant> {
        let waiting_for_owner = !self.pending.is_empty();
        let deadline = self.tls_until.map_or(self.deadline, |until| until.min(self.deadline));
        (!waiting_for_owner && !self.is_closed()).then_some(deadline)
    }

    /// The owner took no input for a while, so the peer could not go on: its time begins anew.
    pub fn owner_was_busy(&mut self, now: Instant) {
        let allowed = match self.phase {
            Phase::Content(_) => self.config.timeouts.stall,
            Phase::Command => self.config.timeouts.idle,
            Phase::Greeting | Phase::Handshake | Phase::Closed => return,
        };
        self.deadline = now + allowed;
    }

    /// Ends the session when its time is up, with 421 4.4.2 where the peer can read it.
    pub fn handle_timeout(&mut self, now: Instant) {
        if self.poll_timeout().is_none_or(|deadline| now < deadline) {
            return;
        }
        if matches!(self.phase, Phase::Handshake) {
            self.hang_up(Cause::Timeout);
        } else {
            self.farewell_now(&Reply::timeout(), Cause::Timeout);
        }
    }

    /// Whether more input can be used now; `false` while an answer is due before anything else, and after the end.
    pub fn wants_input(&self) -> bool {
        let open = match self.phase {
            Phase::Closed | Phase::Handshake => false,
            Phase::Greeting | Phase::Content(_) => true,
            Phase::Command => self.takes_commands(),
        };
        open && !self.held_back
    }

    /// Every command has its answer, and no part of what comes next was taken.
    pub fn is_answered(&self) -> bool {
        let at_beginning = match self.phase {
            Phase::Command => true,
            Phase::Content(Content::Data(_)) => self.transaction.as_ref().is_some_and(|message| message.octets == 0),
            Phase::Content(_) | Phase::Greeting | Phase::Handshake | Phase::Closed => false,
        };
        at_beginning && self.pending.is_empty()
    }

    /// What the peer said by XFORWARD about the client behind it, for the next or current transaction.
    pub fn forwarded(&self) -> &Forwarded {
        &self.forwarded
    }

    /// Whether the peer may give a command now, at least a further RCPT.
    fn takes_commands(&self) -> bool {
        let only_envelope = self
            .pending
            .iter()
            .all(|pending| matches!(pending, Pending::Asked(Question::Mail | Question::Rcpt) | Pending::Own(_)));
        only_envelope && self.pending.len() < self.config.limits.pipelined
    }

    fn read_command(&mut self, input: &mut BytesMut, now: Instant) -> Progress {
        if let Some(Pending::Asked(Question::Data)) = self.pending.front()
            && !input.is_empty()
        {
            // Content before the 354: after a refusal it would be read as commands.
            return self.farewell_now(&Reply::pipelining_refused(), Cause::Protocol);
        }
        if !self.pending.is_empty() && (!self.takes_commands() || !self.recipient_is_next(input)) {
            return Progress::Stuck;
        }
        match take_line(input, self.config.limits.command_line_bytes) {
            Line::Partial => return Progress::Stuck,
            Line::BareLineFeed => return self.farewell(Reply::bad_line(), Cause::Protocol),
            Line::TooLong => return self.farewell(Reply::line_too_long(), Cause::Protocol),
            Line::Dirty => self.refuse(Reply::bad_line()),
            Line::Whole(line) => self.obey(&line, input, now),
        }
        if matches!(self.phase, Phase::Command) {
            self.deadline = now + self.config.timeouts.idle;
        }
        Progress::Made
    }

    /// Whether a RCPT is the next command: the only one that need not wait for the answers before it (RFC 2920 section
    /// 3.1 lets MAIL and RSET run ahead too; they wait here, which no peer can tell).
    fn recipient_is_next(&mut self, input: &[u8]) -> bool {
        let begins = input.iter().zip(b"RCPT ").all(|(octet, expected)| octet.eq_ignore_ascii_case(expected));
        let line = input.get(..self.config.limits.command_line_bytes).unwrap_or(input);
        match memchr::memchr(b'\n', line) {
            Some(end) if begins && input.get(..end).is_some_and(|line| line.ends_with(b"\r")) => true,
            None if begins && input.len() < self.config.limits.command_line_bytes => false,
            _ => {
                self.held_back = true;
                false
            }
        }
    }

    fn obey(&mut self, line: &Bytes, input: &[u8], now: Instant) {
        match command::parse(line) {
            Ok(Command::Hello { name, extended }) => self.greet(name, extended, input),
            Ok(Command::StartTls) => self.start_tls(input, now),
            Ok(Command::Mail(mail)) => self.mail(mail),
            Ok(Command::Rcpt(rcpt)) => self.rcpt(rcpt),
            Ok(Command::Data) => self.data(input),
            Ok(Command::Chunk { octets, last }) => self.chunk(octets, last, now),
            Ok(Command::Reset) => self.rset(),
            Ok(Command::Noop) => self.idle(Reply::ok()),
            Ok(Command::Verify) => self.verify(),
            Ok(Command::Help) => self.idle(Reply::help()),
            Ok(Command::Quit) => self.quit(),
            Ok(Command::Forward(attributes)) => self.forward(attributes),
            Err(Fault::Unknown) => self.refuse(Reply::unknown_command()),
            Err(Fault::NotImplemented) => self.refuse(Reply::not_implemented()),
            Err(Fault::Syntax) => self.refuse(Reply::syntax()),
            // How many octets follow is unknown or beyond all bounds: they must not be read as commands.
            Err(Fault::ChunkSize) => {
                self.farewell(Reply::syntax(), Cause::Protocol);
            }
            Err(Fault::ChunkOverflow) => {
                self.farewell(Reply::too_large(), Cause::TooLarge);
            }
        }
    }

    /// All that tells one session of a listener from another.
    #[cfg(test)]
    pub(crate) fn state(&self) -> impl std::fmt::Debug {
        let Server {
            config: _,
            phase,
            channel,
            hello,
            forwarded,
            transaction,
            pending,
            actions,
            held_back,
            draining,
            errors,
            idle_commands,
            deadline,
            tls_until,
        } = self;
        let rest = (held_back, draining, errors, idle_commands, deadline, tls_until);
        (phase, channel, hello, forwarded, transaction, pending, actions, rest)
    }

    fn is_closed(&self) -> bool {
        matches!(self.phase, Phase::Closed)
    }
}

/// How long a number of octets may take at a rate.
fn time_for(octets: u64, octets_per_second: u64) -> Duration {
    Duration::from_micros(octets.saturating_mul(1_000_000) / octets_per_second.max(1))
}
