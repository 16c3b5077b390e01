//! What the next hop says: the opening of the session, answers to commands, and what nobody asked for.
//!
//! An answer of a class that its command cannot have ends the session (354 to MAIL, 2xx to DATA): what one side takes
//! for content the other would take for commands.

use std::time::Duration;

use bytes::Bytes;

use super::stuffing::Stuffing;
use super::{Asked, Client, ClientError, Event, Outgoing, Phase};
use crate::smtp::{Class, Extensions, Reply, Tls};

impl Client {
    /// Whether octets are expected now at all. Unasked, only the beginning of a 421 is.
    pub(super) fn may_hear(&self, input: &[u8]) -> bool {
        self.phase != Phase::Ready
            || !self.awaiting.is_empty()
            || !self.reader.is_empty()
            || matches!(self.content, Outgoing::Data(_))
            || input.iter().zip(b"421").all(|(octet, expected)| octet == expected)
    }

    pub(super) fn take(&mut self, reply: Reply, behind: &[u8]) {
        match self.phase {
            Phase::Ready => return self.take_answer(reply),
            Phase::Closed | Phase::Handshake => return,
            Phase::Greeting | Phase::Hello | Phase::StartTls => {}
        }
        // These three are said one after the other; what stands behind the answer was sent without our asking.
        if !behind.is_empty() {
            return self.fail(ClientError::EarlyOctets);
        }
        match self.phase {
            Phase::Greeting if reply.code() == 220 => self.say_hello(),
            Phase::Greeting => self.fail_unless_intermediate(reply, ClientError::Greeting),
            Phase::StartTls if reply.code() == 220 => {
                self.phase = Phase::Handshake;
                self.since = self.now;
                self.events.push_back(Event::UpgradeTls);
            }
            Phase::StartTls => self.fail_unless_intermediate(reply, ClientError::StartTls),
            Phase::Hello if reply.is_success() => self.take_offer(&reply),
            _ => self.fail_unless_intermediate(reply, ClientError::Hello),
        }
    }

    fn fail_unless_intermediate(&mut self, reply: Reply, error: impl FnOnce(Reply) -> ClientError) {
        let refused = reply.is_temporary() || reply.is_permanent();
        self.fail(if refused { error(reply) } else { ClientError::Garbled });
    }

    pub(super) fn say_hello(&mut self) {
        self.phase = Phase::Hello;
        self.since = self.now;
        self.extensions = Extensions::default();
        self.transmit.push_back(Bytes::from(format!("EHLO {}\r\n", self.config.hello_name)));
    }

    fn take_offer(&mut self, reply: &Reply) {
        self.extensions = Extensions::parse(reply.lines().get(1..).unwrap_or_default());
        if self.secured || self.config.tls == Tls::Off {
            self.phase = Phase::Ready;
            self.events.push_back(Event::Ready);
        } else if self.extensions.starttls {
            self.phase = Phase::StartTls;
            self.since = self.now;
            self.transmit.push_back(Bytes::from_static(b"STARTTLS\r\n"));
        } else {
            self.fail(ClientError::NoStartTls);
        }
    }

    /// A reply while commands may be outstanding.
    fn take_answer(&mut self, reply: Reply) {
        let Some(asked) = self.awaiting.pop_front() else { return self.take_unasked(reply) };
        // The one that is answered is the last one sent, and its content is not out: refused early.
        let unsent = self.is_mid_chunk() && self.awaiting() == 0;
        let fits = match asked {
            Asked::Data => reply.code() == 354 || reply.is_temporary() || reply.is_permanent(),
            _ => reply.class() != Class::Intermediate && !(unsent && reply.is_success()),
        };
        if !fits {
            return self.fail(ClientError::Garbled);
        }
        let waited = self.now.saturating_duration_since(self.since);
        self.left = (self.left + EARNED).saturating_sub(waited).min(self.config.patience);
        self.since = self.now;
        match asked {
            // A message refused at its end may leave its envelope behind (RFC 3030 section 2): RSET clears that.
            Asked::EndOfMessage | Asked::Reset if reply.is_success() => {
                self.in_transaction = false;
                self.attributed = false;
            }
            Asked::Mail => self.in_transaction = reply.is_success(),
            Asked::Data if reply.code() == 354 => self.content = Outgoing::Data(Stuffing::new()),
            Asked::Chunk if self.awaiting() == 0 && !reply.is_success() => self.content = Outgoing::Nothing,
            _ => {}
        }
        let closing = (reply.code() == 421 || unsent).then(|| reply.clone());
        if asked != Asked::Forward {
            self.events.push_back(Event::Reply(asked, reply));
        }
        match closing {
            Some(_) if asked == Asked::Quit => self.phase = Phase::Closed,
            Some(reply) => self.fail(ClientError::Closing(reply)),
            None if asked == Asked::Quit => self.phase = Phase::Closed,
            None => {}
        }
    }

    /// A reply to nothing: a 421, or a refusal of content that is still on its way. In both the session is over.
    fn take_unasked(&mut self, reply: Reply) {
        let refused = reply.is_temporary() || reply.is_permanent();
        if matches!(self.content, Outgoing::Data(_)) && refused {
            self.events.push_back(Event::Reply(Asked::EndOfMessage, reply.clone()));
            self.fail(ClientError::Closing(reply));
        } else if reply.code() == 421 {
            self.fail(ClientError::Closing(reply));
        } else {
            self.fail(ClientError::EarlyOctets);
        }
    }
}

/// What an answer adds to the patience with those that follow.
const EARNED: Duration = Duration::from_secs(1);
