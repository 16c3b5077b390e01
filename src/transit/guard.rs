//! A message on which the process died is not looked into again: the question that comes before our work on one.
//!
//! The sender tries such a message again, and would bring the process down as often as it does. So before a message is
//! worked on, a [`Guard`] is told what it is, by what a retry has in common with it, and says whether the process died
//! on it before. Then it passes unparsed: its header is read, for the tenant must be proven, and nothing else of it.

use std::fmt;

use super::message::Transit;
use crate::imprint::HeaderBlock;

/// Remembers on which messages the process died. What keeps that knowledge over a death is its own affair.
pub trait Guard: fmt::Debug + Send + Sync {
    /// Work on this message begins, or goes on with more known of it. True: the process died on it before.
    fn died_on(&self, message: &Identity<'_>) -> bool;
    /// The message has passed: it need not be remembered any more.
    fn passed(&self, message: &Identity<'_>);
}

/// What a retry of a message has in common with it. It leaves no trace but a keyed hash.
#[derive(Debug, Clone, Hash, PartialEq, Eq)]
pub enum Identity<'a> {
    /// Before a line of it is there: MAIL FROM and SIZE.
    Envelope { sender: &'a str, octets: Option<u64> },
    /// MAIL FROM and the fields as they came.
    Header { sender: &'a str, message_id: Option<&'a [u8]>, date: Option<&'a [u8]>, from: Option<&'a [u8]> },
}

impl Transit {
    /// MAIL is all that is known.
    pub(super) fn guard_envelope(&mut self) {
        let Some(guard) = self.context.guard.clone() else { return };
        self.suspect = guard.died_on(&self.by_envelope(&self.envelope.mail.path.as_str()));
    }

    /// The header is read; nothing else has been done with it.
    pub(super) fn guard_header(&mut self, headers: &HeaderBlock) {
        let Some(guard) = self.context.guard.clone() else { return };
        self.suspect |= guard.died_on(&by_header(&self.envelope.mail.path.as_str(), headers));
    }

    /// The next hop has a message that was not looked into.
    pub(super) fn suspect_has_passed(&self) {
        let Some(guard) = self.context.guard.as_ref().filter(|_| self.suspect) else { return };
        let sender = self.envelope.mail.path.as_str();
        guard.passed(&self.by_envelope(&sender));
        if let Some(headers) = self.content.headers() {
            guard.passed(&by_header(&sender, headers));
        }
    }

    fn by_envelope<'a>(&self, sender: &'a str) -> Identity<'a> {
        Identity::Envelope { sender, octets: self.envelope.mail.size() }
    }
}

fn by_header<'a>(sender: &'a str, headers: &'a HeaderBlock) -> Identity<'a> {
    let first = |name| headers.all(name).next();
    Identity::Header { sender, message_id: first("Message-ID"), date: first("Date"), from: first("From") }
}
