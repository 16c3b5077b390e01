//! The client's side of one session with a next hop (RFC 5321): octets and the time go in, octets and [`Event`]s out.
//!
//! It promises: replies come word for word and in the order of the commands; content goes out as slices of what came
//! in; a message that was not ended by its owner is never terminated. Commands are pipelined (RFC 2920) where that is
//! offered, else sent one after the other.
//! It refuses: plaintext where TLS is required, octets that nobody asked for, replies beyond the limits or of a class
//! the command cannot have. After any of these the session is over: unknown means failed.

mod answer;
mod config;
mod event;
mod replies;
mod stuffing;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::{BufMut, Bytes, BytesMut};

pub use config::ClientConfig;
pub use event::{Asked, BareLineEnd, ClientError, Event};

use super::{Extensions, Forwarded, Mail, Parameter, Path, Rcpt};
use replies::{Read, ReplyReader};
use stuffing::Stuffing;

/// One session with a next hop.
#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
pub struct Client {
    config: Arc<ClientConfig>,
    phase: Phase,
    secured: bool,
    extensions: Extensions,
    reader: ReplyReader,
    /// Commands sent, oldest first.
    awaiting: VecDeque<Asked>,
    /// What waits for the answers before it because the next hop takes no pipelining: commands, and content behind them.
    waiting: VecDeque<(Option<Asked>, Bytes)>,
    content: Outgoing,
    /// The verdict has had its time.
    late: bool,
    /// MAIL was said and nothing has ended its transaction for certain.
    in_transaction: bool,
    /// XFORWARD was said and nothing has ended for certain what it was said for.
    attributed: bool,
    transmit: VecDeque<Bytes>,
    events: VecDeque<Event>,
    /// The latest time that anybody told.
    now: Instant,
    /// Since when the oldest command waits for its answer.
    since: Instant,
    /// How long the answers of this message may be waited for yet.
    left: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Greeting,
    Hello,
    StartTls,
    Handshake,
    Ready,
    Closed,
}

/// The content that is going out.
#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
enum Outgoing {
    Nothing,
    Data(Stuffing),
    /// `left` octets are still to come of the chunk announced; the message ends with it or goes on.
    Chunks {
        left: u64,
        last: bool,
    },
}

impl Client {
    /// A session on a fresh connection; the greeting is awaited.
    pub fn new(config: Arc<ClientConfig>, now: Instant) -> Client {
        let left = config.patience;
        Client {
            config,
            phase: Phase::Greeting,
            secured: false,
            extensions: Extensions::default(),
            reader: ReplyReader::default(),
            awaiting: VecDeque::new(),
            waiting: VecDeque::new(),
            content: Outgoing::Nothing,
            late: false,
            in_transaction: false,
            attributed: false,
            transmit: VecDeque::new(),
            events: VecDeque::new(),
            now,
            since: now,
            left,
        }
    }

    /// Takes replies from `input`; part of a line stays.
    pub fn feed(&mut self, input: &mut BytesMut, now: Instant) {
        self.now = now;
        while self.phase != Phase::Closed && !input.is_empty() {
            if self.phase == Phase::Handshake || !self.may_hear(input) {
                self.fail(ClientError::EarlyOctets);
                break;
            }
            match self.reader.poll(input, self.config.reply_line_bytes, self.config.reply_lines) {
                Read::Partial => break,
                Read::Garbled => self.fail(ClientError::Garbled),
                Read::Whole(reply) => self.take(reply, input),
            }
        }
        // Only now, with all that was heard taken: a reply that came before its command was sent is one nobody asked for.
        self.send_waiting();
        if self.phase == Phase::Closed {
            input.clear();
        }
    }

    /// The next hop closed, or the socket failed.
    pub fn closed_by_peer(&mut self, now: Instant) {
        self.now = now;
        self.fail(ClientError::Disconnected);
    }

    /// The handshake that [`Event::UpgradeTls`] asked for is done. What was offered before is forgotten (RFC 3207).
    pub fn tls_established(&mut self, now: Instant) {
        self.now = now;
        if self.phase == Phase::Handshake {
            self.secured = true;
            self.say_hello();
        }
    }

    /// Octets for the next hop.
    pub fn poll_transmit(&mut self) -> Option<Bytes> {
        self.transmit.pop_front()
    }

    /// What happened.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// When [`Client::handle_timeout`] is due; `None` while no answer is. Content that does not move is its owner's to watch.
    pub fn poll_timeout(&self) -> Option<Instant> {
        let allowed = match self.phase {
            Phase::Closed => return None,
            Phase::Greeting | Phase::Hello | Phase::StartTls | Phase::Handshake => self.config.hello_timeout,
            Phase::Ready => self.patience()?,
        };
        Some(self.since + allowed)
    }

    /// Ends the session when an answer did not come in time; but see [`ClientConfig::late_verdict`].
    pub fn handle_timeout(&mut self, now: Instant) {
        self.now = now;
        if self.poll_timeout().is_none_or(|deadline| now < deadline) {
            return;
        }
        let is_verdict = self.phase == Phase::Ready && self.awaiting.front() == Some(&Asked::EndOfMessage);
        if is_verdict && !self.config.late_verdict.is_zero() && !std::mem::replace(&mut self.late, true) {
            self.events.push_back(Event::Late);
        } else {
            self.fail(ClientError::Timeout);
        }
    }

    /// What the last EHLO offered.
    pub fn extensions(&self) -> &Extensions {
        &self.extensions
    }

    /// Whether the session is ready for MAIL and owes nothing: it may be kept warm. With an open transaction it is not: a
    /// next hop that takes a second MAIL could add the first one's recipients to it, or take it for the first one's
    /// client.
    pub fn is_idle(&self) -> bool {
        let quiet = self.awaiting() == 0 && matches!(self.content, Outgoing::Nothing);
        self.phase == Phase::Ready && quiet && !self.in_transaction && !self.attributed
    }

    /// How many replies are outstanding.
    pub fn awaiting(&self) -> usize {
        self.awaiting.len() + self.waiting.iter().filter(|(asked, _)| asked.is_some()).count()
    }

    /// XFORWARD, before the MAIL it is about: as much of it as the next hop offers, perhaps nothing. It is for the next
    /// hop's log alone, so the owner is not told of the answer, and a refusal changes nothing.
    pub fn forward(&mut self, client: &Forwarded, now: Instant) {
        for command in client.commands(&self.extensions.xforward) {
            self.attributed = true;
            self.ask(Asked::Forward, command, now);
        }
    }

    /// MAIL, as it is given: see [`Mail::for_next_hop`].
    pub fn mail(&mut self, mail: &Mail, now: Instant) {
        self.in_transaction = true;
        self.left = self.config.patience;
        self.ask(Asked::Mail, envelope_line(b"MAIL FROM:<", &mail.path, &mail.parameters), now);
    }

    /// RCPT, as it is given: see [`Rcpt::for_next_hop`].
    pub fn rcpt(&mut self, rcpt: &Rcpt, now: Instant) {
        self.ask(Asked::Rcpt, envelope_line(b"RCPT TO:<", &rcpt.path, &rcpt.parameters), now);
    }

    /// DATA; [`Client::body`] may begin after the 354.
    pub fn data(&mut self, now: Instant) {
        self.ask(Asked::Data, Bytes::from_static(b"DATA\r\n"), now);
    }

    /// BDAT; exactly `octets` of [`Client::body`] follow at once. With `last` the answer is the verdict.
    pub fn chunk(&mut self, octets: u64, last: bool, now: Instant) {
        let (asked, word) = if last { (Asked::EndOfMessage, " LAST") } else { (Asked::Chunk, "") };
        self.ask(asked, Bytes::from(format!("BDAT {octets}{word}\r\n")), now);
        if self.phase == Phase::Ready {
            self.content = Outgoing::Chunks { left: octets, last };
            self.settle_chunk();
        }
    }

    /// Content. By DATA dots are doubled, and a bare CR, LF or NUL is refused with nothing of `bytes` sent (checked across
    /// slices); the message can then only be given up. By BDAT it goes out as it is.
    pub fn body(&mut self, bytes: Bytes) -> Result<(), BareLineEnd> {
        if self.phase == Phase::Closed || bytes.is_empty() {
            return Ok(());
        }
        match &mut self.content {
            Outgoing::Data(stuffing) => stuffing.body(bytes, |slice| self.transmit.push_back(slice)),
            Outgoing::Chunks { left, .. } => {
                let octets = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                let Some(rest) = left.checked_sub(octets) else {
                    debug_assert!(false, "more content than the chunk announced");
                    self.fail(ClientError::Garbled);
                    return Ok(());
                };
                *left = rest;
                self.waiting.push_back((None, bytes));
                self.send_waiting();
                self.settle_chunk();
                Ok(())
            }
            Outgoing::Nothing => {
                debug_assert!(false, "content without DATA or BDAT");
                self.fail(ClientError::Garbled);
                Ok(())
            }
        }
    }

    /// Ends the message that goes out by DATA. By BDAT the end is the last octet; then this only starts the clock of the
    /// verdict.
    pub fn end_of_data(&mut self, now: Instant) {
        self.now = now;
        self.since = now;
        match std::mem::replace(&mut self.content, Outgoing::Nothing) {
            Outgoing::Data(stuffing) => match stuffing.end() {
                Ok(end) => {
                    self.transmit.push_back(end);
                    self.awaiting.push_back(Asked::EndOfMessage);
                }
                Err(BareLineEnd) => self.fail(ClientError::BareLineEnd),
            },
            chunks => {
                debug_assert!(!matches!(chunks, Outgoing::Chunks { left, .. } if left > 0), "the chunk is not whole");
                self.content = chunks;
            }
        }
    }

    /// RSET.
    pub fn reset(&mut self, now: Instant) {
        if !self.is_mid_chunk() && matches!(self.content, Outgoing::Chunks { .. }) {
            self.content = Outgoing::Nothing;
        }
        self.ask(Asked::Reset, Bytes::from_static(b"RSET\r\n"), now);
    }

    /// QUIT.
    pub fn quit(&mut self, now: Instant) {
        self.ask(Asked::Quit, Bytes::from_static(b"QUIT\r\n"), now);
    }

    fn ask(&mut self, asked: Asked, line: Bytes, now: Instant) {
        self.now = now;
        if self.phase == Phase::Closed {
            return;
        }
        // A command now would be read as content by the next hop: the message would be another one.
        let in_content = match self.content {
            Outgoing::Data(_) => true,
            Outgoing::Chunks { left, .. } => left > 0,
            Outgoing::Nothing => self.data_is_open(),
        };
        debug_assert!(self.phase == Phase::Ready && !in_content, "{asked:?} at the wrong time");
        if self.phase != Phase::Ready || in_content {
            return self.fail(ClientError::Garbled);
        }
        self.waiting.push_back((Some(asked), line));
        self.send_waiting();
    }

    /// Whether DATA was said and its answer is due: nothing may be said before that.
    fn data_is_open(&self) -> bool {
        let last = match self.waiting.back() {
            Some((asked, _)) => asked.as_ref(),
            None => self.awaiting.back(),
        };
        last == Some(&Asked::Data)
    }

    /// Sends what may go out now.
    fn send_waiting(&mut self) {
        while let Some((asked, octets)) = self.waiting.pop_front() {
            if let Some(asked) = asked {
                if !self.awaiting.is_empty() && !self.extensions.pipelining {
                    self.waiting.push_front((Some(asked), octets));
                    return;
                }
                if self.awaiting.is_empty() {
                    self.since = self.now;
                }
                self.awaiting.push_back(asked);
            }
            self.transmit.push_back(octets);
        }
    }

    /// The clock of a chunk's answer starts with its last octet.
    fn settle_chunk(&mut self) {
        if let Outgoing::Chunks { left: 0, last } = self.content {
            self.since = self.now;
            if last {
                self.content = Outgoing::Nothing;
            }
        }
    }

    fn is_mid_chunk(&self) -> bool {
        matches!(self.content, Outgoing::Chunks { left, .. } if left > 0)
    }

    /// How long the oldest outstanding answer may take; `None` when none is, or its content is not out.
    fn patience(&self) -> Option<Duration> {
        // The answer to a chunk that is still going out is not due; one to anything before it is.
        if self.is_mid_chunk() && self.awaiting() <= 1 {
            return None;
        }
        Some(match self.awaiting.front()? {
            Asked::Forward | Asked::Mail | Asked::Rcpt => self.config.envelope_timeout.min(self.left),
            Asked::Data | Asked::Chunk => self.config.data_timeout.min(self.left),
            Asked::Reset => self.config.envelope_timeout,
            Asked::EndOfMessage if self.late => self.config.verdict_timeout + self.config.late_verdict,
            Asked::EndOfMessage => self.config.verdict_timeout,
            Asked::Quit => self.config.quit_timeout,
        })
    }

    /// All that tells one session with a next hop from another.
    #[cfg(test)]
    pub(crate) fn state(&self) -> impl std::fmt::Debug {
        let Client {
            config: _,
            phase,
            secured,
            extensions,
            reader,
            awaiting,
            waiting,
            content,
            in_transaction,
            late,
            left,
            attributed,
            transmit,
            events,
            now,
            since,
        } = self;
        let rest = (in_transaction, late, left, attributed, transmit, events, now, since);
        (phase, secured, extensions, reader, awaiting, waiting, content, rest)
    }

    /// Ends the session; what was not yet sent never is.
    fn fail(&mut self, error: ClientError) {
        if self.phase == Phase::Closed {
            return;
        }
        self.phase = Phase::Closed;
        self.transmit.clear();
        self.awaiting.clear();
        self.waiting.clear();
        self.content = Outgoing::Nothing;
        self.events.push_back(Event::Failed(error));
    }
}

/// `MAIL FROM:<path> KEYWORD=value`. A parameter made by hand cannot break the line: what is no part of a word is left out.
fn envelope_line(label: &[u8], path: &Path, parameters: &[Parameter]) -> Bytes {
    let mut line = BytesMut::with_capacity(64 + path.as_bytes().len());
    line.put_slice(label);
    line.put_slice(path.as_bytes());
    line.put_u8(b'>');
    let word = |line: &mut BytesMut, octets: &[u8]| line.extend(octets.iter().filter(|octet| **octet > b' '));
    for parameter in parameters {
        line.put_u8(b' ');
        word(&mut line, &parameter.keyword);
        if let Some(value) = &parameter.value {
            line.put_u8(b'=');
            word(&mut line, value);
        }
    }
    line.put_slice(b"\r\n");
    line.freeze()
}
