//! The verbs about the session: EHLO, HELO, STARTTLS, RSET, NOOP, VRFY, HELP, QUIT, XFORWARD (RFC 5321 section 4.1.1,
//! RFC 3207).
//!
//! A new EHLO drops the transaction, as RSET does; RSET drops the transaction and nothing else. Octets behind EHLO or
//! STARTTLS in the same input were sent without knowing the answer, and end the session.

use std::time::Instant;

use bytes::Bytes;

use super::{Action, Cause, Channel, Hello, Phase, Server, Tls};
use crate::smtp::{Extensions, Forwarded, Reply};

impl Server {
    pub(super) fn greet(&mut self, name: Bytes, extended: bool, behind: &[u8]) {
        if !behind.is_empty() {
            self.farewell(Reply::pipelining_refused(), Cause::Protocol);
            return;
        }
        if self.is_worn_out() {
            self.farewell(Reply::too_many_errors(), Cause::Protocol);
            return;
        }
        self.drop_transaction(Cause::Hello);
        self.forwarded.clear();
        self.hello = Some(if extended { Hello::Extended } else { Hello::Simple });
        self.actions.push_back(Action::Hello { name, extended });
        let mut lines = vec![Bytes::from(self.config.host_name.clone())];
        if extended {
            lines.extend(self.offer().lines().map(Bytes::from));
        }
        self.reply(Reply::from_lines(250, lines));
    }

    /// What is offered now.
    pub(super) fn offer(&self) -> Extensions {
        let secured = self.channel == Channel::Secured;
        Extensions {
            starttls: self.config.tls == Tls::Required && !secured,
            xoorg: self.config.offer.xoorg && secured,
            ..self.config.offer.clone()
        }
    }

    pub(super) fn start_tls(&mut self, behind: &[u8], now: Instant) {
        if self.config.tls == Tls::Off {
            return self.refuse(Reply::not_implemented());
        }
        if self.channel == Channel::Secured || self.hello != Some(Hello::Extended) {
            return self.refuse(Reply::bad_sequence());
        }
        if !behind.is_empty() {
            self.farewell(Reply::pipelining_refused(), Cause::Protocol);
            return;
        }
        self.reply(Reply::ready_for_tls());
        self.actions.push_back(Action::UpgradeTls);
        self.phase = Phase::Handshake;
        self.deadline = now + self.config.timeouts.handshake;
    }

    pub(super) fn rset(&mut self) {
        self.drop_transaction(Cause::Reset);
        // Also what was said for a transaction that has not begun.
        self.forwarded.clear();
        self.idle(Reply::ok());
        self.depart_if_due();
    }

    pub(super) fn verify(&mut self) {
        if self.needs_tls() {
            return self.refuse(Reply::tls_required());
        }
        self.idle(Reply::cannot_verify());
    }

    pub(super) fn quit(&mut self) {
        self.farewell(Reply::bye(), Cause::Quit);
    }

    pub(super) fn forward(&mut self, attributes: Forwarded) {
        if self.config.offer.xforward.is_empty() {
            return self.refuse(Reply::not_implemented());
        }
        if self.hello != Some(Hello::Extended) || self.transaction.is_some() {
            return self.refuse(Reply::bad_sequence());
        }
        if !attributes.is_within(&self.config.offer.xforward) {
            return self.refuse(Reply::syntax());
        }
        self.forwarded.update(attributes);
        self.idle(Reply::ok());
    }

    /// Whether TLS has to come first.
    pub(super) fn needs_tls(&self) -> bool {
        self.config.tls == Tls::Required && self.channel == Channel::Plain
    }
}
