//! The envelope in lock-step with the next hop: MAIL and each RCPT are passed on, and the answer is the next hop's.
//!
//! Where the tenant is not certain at MAIL (`MAIL FROM:<>`, a domain nobody of ours has, XOORG that says otherwise)
//! the envelope is deferred: MAIL and the first RCPT are answered here, further ones with 452, and a refusal of the
//! next hop becomes the answer to the end of the message, which for one recipient is exact.

use std::sync::Arc;
use std::time::Instant;

use super::binding::{Candidate, Unproven, candidate};
use super::dialogue::{Command, Output};
use super::leg::{FIRST, Link, Open};
use super::message::{Ask, Index, Now, Transit};
use super::{Health, Lease, Refusal, Verdict, Wanted};
use crate::smtp::{Asked, ClientError, Extensions, Mail, Rcpt, Reply};
use crate::tenant::Tenant;

/// What the sender asked for, and what it was told.
#[cfg_attr(test, derive(Clone, Debug))]
pub(super) struct Envelope {
    pub mail: Mail,
    pub mail_reply: Option<Reply>,
    pub recipients: Vec<Recipient>,
    deferred: bool,
}

#[cfg_attr(test, derive(Clone, Debug))]
pub(super) struct Recipient {
    pub rcpt: Rcpt,
    pub reply: Option<Reply>,
    /// Has the message already, by the ledger.
    pub settled: bool,
    /// Whose copy it gets.
    pub leg: usize,
}

impl Recipient {
    /// The sender was told that it is taken.
    pub fn is_taken(&self) -> bool {
        self.reply.as_ref().is_some_and(Reply::is_success)
    }
}

impl Envelope {
    pub fn new(mail: Mail) -> Envelope {
        Envelope { mail, mail_reply: None, recipients: Vec::new(), deferred: false }
    }

    pub fn recipient_reply(&self, index: usize) -> Option<Reply> {
        self.recipients.get(index).and_then(|recipient| recipient.reply.clone())
    }

    /// MAIL was not taken: there is no transaction.
    pub fn is_refused(&self) -> bool {
        self.mail_reply.as_ref().is_some_and(|reply| !reply.is_success())
    }

    /// Recipients the sender was told are taken, in order.
    pub fn taken(&self) -> impl Iterator<Item = &Recipient> {
        self.recipients.iter().filter(|recipient| recipient.is_taken())
    }

    /// Their places of those who have the message already, or of those who do not.
    pub fn places(&self, settled: bool) -> Vec<usize> {
        let places = self.taken().enumerate().filter(|(_, recipient)| recipient.settled == settled);
        places.map(|(place, _)| place).collect()
    }

    /// How many they are.
    pub fn accepted(&self) -> usize {
        self.taken().count()
    }

    /// Recipients that have the message already.
    pub fn settled(&self) -> usize {
        self.recipients.iter().filter(|recipient| recipient.settled).count()
    }

    /// Those of them that do not have the message yet.
    pub fn accepted_unsettled(&self) -> usize {
        self.taken().filter(|recipient| !recipient.settled).count()
    }
}

impl Transit {
    /// MAIL: the candidate tenant, or the deferred envelope, or 550.
    pub(super) fn begin(&mut self, now: Now) {
        failpoint!("mail", return self.fail(Reply::try_later()));
        match candidate(&self.sender.proof, &self.envelope.mail, &self.region) {
            Candidate::Tenant(tenant) => self.lease(tenant, now),
            Candidate::Deferred => {
                self.envelope.deferred = true;
                self.envelope.mail_reply = Some(Reply::ok());
            }
            Candidate::Refused(unproven) => self.deny(unproven),
        }
    }

    /// Nobody's mail: refused, but only where the index of tenants is current.
    pub(super) fn deny(&mut self, unproven: Unproven) {
        let (unproven, reply) = match self.index {
            Index::Fresh => (unproven, Reply::relay_denied()),
            Index::Stale => (Unproven::StaleIndex, Reply::try_later()),
        };
        self.push(Output::Unproven(unproven));
        self.fail(reply);
    }

    pub(super) fn recipient(&mut self, rcpt: Rcpt) {
        failpoint!("recipient", self.fail(Reply::try_later()));
        let index = self.envelope.recipients.len();
        self.asks.push_back(Ask::Rcpt(index));
        let reply = match (&self.verdict, self.envelope.deferred) {
            _ if self.envelope.is_refused() => Some(Reply::bad_sequence()),
            (Some(verdict), _) => Some(verdict.reply().clone()),
            (None, true) if index == 0 => Some(Reply::ok()),
            (None, true) => Some(Reply::too_many_recipients()),
            (None, false) => None,
        };
        let passes_on = reply.is_none();
        self.envelope.recipients.push(Recipient { rcpt, reply, settled: false, leg: FIRST });
        if passes_on && self.legs.open(FIRST).is_some() {
            self.ask_for_recipient(FIRST, index);
        }
    }

    /// Asks for a session to the tenant's next hop; one that was leased for another tenant goes back unused.
    pub(super) fn lease(&mut self, tenant: Arc<Tenant>, now: Now) {
        if !matches!(self.legs.link(FIRST), Link::None) {
            self.drop_leg(FIRST);
        }
        self.legs.replace_link(FIRST, Link::Leasing { again: false });
        self.tenant = Some(tenant.clone());
        self.want_snapshot(&tenant, now);
        self.push(Output::Lease(tenant, Wanted::Any));
    }

    pub(super) fn leased(&mut self, lease: Lease) {
        let Link::Leasing { again } = *self.legs.link(FIRST) else { return };
        self.legs.replace_link(FIRST, Link::Open(Open::new(lease, again)));
        self.pass_envelope_on(FIRST);
    }

    /// The recipients get different copies: the envelope begins anew, on as many legs as there are copies. `of`: the copy of each recipient for whom the message goes out, in order.
    pub(super) fn part(&mut self, copies: usize, of: &[usize]) {
        let (Some(tenant), Some(further)) = (self.tenant.clone(), copies.checked_sub(1)) else { return };
        let goes_to = self.envelope.recipients.iter_mut().filter(|one| one.is_taken() && !one.settled);
        goes_to.zip(of).for_each(|(recipient, copy)| recipient.leg = *copy);
        self.legs.part(further);
        self.begin_envelope_anew();
        self.push(Output::LeaseFurther(tenant, further));
    }

    /// Sessions for all further legs.
    pub(super) fn further_leased(&mut self, leases: Vec<Lease>) {
        for (number, lease) in self.legs.further().zip(leases) {
            if matches!(self.legs.link(number), Link::Leasing { .. }) {
                self.legs.replace_link(number, Link::Open(Open::new(lease, false)));
                self.pass_envelope_on(number);
            }
        }
    }

    /// MAIL and every recipient of the leg that was not refused and does not have the message yet.
    fn pass_envelope_on(&mut self, leg: usize) {
        let Some(open) = self.legs.open(leg) else { return };
        let extensions = open.lease.extensions.clone();
        let allowance = self.growth_allowance(&extensions);
        match self.envelope.mail.for_next_hop(&extensions, allowance) {
            Ok(mail) => {
                self.send(leg, Command::Mail(mail));
                let recipients = self.envelope.recipients.iter().enumerate().filter(|(_, one)| one.leg == leg);
                let wanted = recipients.filter(|(_, one)| !one.settled && (one.reply.is_none() || one.is_taken()));
                let wanted: Vec<usize> = wanted.map(|(index, _)| index).collect();
                wanted.into_iter().for_each(|index| self.ask_for_recipient(leg, index));
            }
            Err(reply) => {
                if self.envelope.mail_reply.is_none() {
                    self.envelope.mail_reply = Some(reply);
                    self.drop_leg(leg);
                } else {
                    self.fail(if self.is_in_part() { Reply::try_later() } else { reply });
                }
            }
        }
    }

    pub(super) fn lease_refused(&mut self, refusal: &Refusal) {
        let numbers = self.legs.numbers();
        let asked_for: Vec<usize> =
            numbers.filter(|leg| matches!(self.legs.link(*leg), Link::Leasing { .. })).collect();
        if asked_for.is_empty() {
            return;
        }
        asked_for.into_iter().for_each(|leg| drop(self.legs.replace_link(leg, Link::Closed)));
        if matches!(refusal, Refusal::Session(reply) if reply.is_permanent()) {
            self.push(Output::Health(Health::Session, refusal.reply()));
        }
        self.fail(refusal.reply());
    }

    /// Everything of the envelope has the next hop's answer, and somebody is to have the message.
    pub(super) fn envelope_is_settled(&self) -> bool {
        self.legs.are_settled()
    }

    pub(super) fn next_hop(&mut self, leg: usize, asked: Asked, reply: Reply, now: Now) {
        if self.legs.open(leg).is_none() {
            return;
        }
        match asked {
            Asked::Mail => self.mail_answered(leg, reply, now.instant),
            Asked::Rcpt => self.recipient_answered(leg, reply, now.instant),
            Asked::Data => self.data_answered(leg, reply, now),
            Asked::Chunk | Asked::EndOfMessage => self.content_answered(leg, asked, reply, now),
            Asked::Reset => self.reset_answered(leg, &reply),
            Asked::Forward | Asked::Quit => {}
        }
    }

    pub(super) fn next_hop_gone(&mut self, leg: usize, error: &ClientError, now: Now) {
        if self.legs.open(leg).is_none() || self.replaces_a_dead_session(leg) {
            return;
        }
        self.legs.replace_link(leg, Link::Closed);
        self.push(Output::Release(leg));
        // One that has said what it had to say may go.
        let is_answered = self.legs.get(leg).is_some_and(|leg| leg.answer.is_some());
        if *error != ClientError::BareLineEnd && !is_answered {
            self.push(Output::NextHopFailed(error.clone()));
        }
        let reply = match error {
            ClientError::Garbled | ClientError::EarlyOctets => Reply::next_hop_garbled(),
            ClientError::Closing(_) => Reply::next_hop_closing(),
            // Nothing of the next hop's: the content ended in a bare CR and was not terminated.
            ClientError::BareLineEnd => Reply::bare_line_end(),
            _ => Reply::next_hop_lost(),
        };
        self.give_up(leg, reply, now);
    }

    /// Nothing was promised by a session that died while it was kept: one more try, without a word. A further leg has a
    /// new session from the beginning.
    fn replaces_a_dead_session(&mut self, leg: usize) -> bool {
        let died = self.legs.open(leg).is_some_and(|open| open.lease.reused && !open.again && !open.mail_taken);
        if let (true, Some(tenant)) = (died, self.tenant.clone()) {
            self.legs.replace_link(leg, Link::Leasing { again: true });
            self.push(Output::Release(leg));
            self.push(Output::Lease(tenant, Wanted::New));
        }
        died
    }

    /// RSET, then the envelope for those of the first leg who have nothing yet.
    pub(super) fn begin_envelope_anew(&mut self) {
        if let Some(open) = self.legs.open_mut(FIRST) {
            (open.mail_taken, open.resetting) = (false, true);
            self.send(FIRST, Command::Reset);
        }
    }

    /// Ours, or one that is left of the message before.
    fn reset_answered(&mut self, leg: usize, reply: &Reply) {
        let Some(open) = self.legs.open_mut(leg) else { return };
        if !std::mem::take(&mut open.resetting) {
            return;
        }
        self.answered(leg);
        match reply.is_success() {
            true => self.pass_envelope_on(leg),
            false => self.fail(Reply::try_later()),
        }
    }

    fn mail_answered(&mut self, leg: usize, reply: Reply, now: Instant) {
        failpoint!("mail_answered");
        // Said to nobody, or to the session that was kept too long, at the moment of our MAIL.
        if reply.code() == 421 && self.replaces_a_dead_session(leg) {
            return;
        }
        self.answered(leg);
        if reply.is_success() {
            if let Some(open) = self.legs.open_mut(leg) {
                open.mail_taken = true;
            }
            self.envelope.mail_reply.get_or_insert(reply);
            return;
        }
        let reply = self.seen_by_sender(leg, reply, now);
        match self.envelope.mail_reply {
            // Taken before, and some have the message, or another copy of it: what is said of the rest now is not for all.
            Some(_) if self.is_in_part() => self.fail(Reply::try_later()),
            // The sender was told 250 by us: the refusal is the answer to the end of its message.
            Some(_) => self.fail(Verdict::from_failure(reply).reply().clone()),
            None => {
                self.envelope.mail_reply = Some(Verdict::from_failure(reply).reply().clone());
                self.drop_leg(leg);
                for recipient in self.envelope.recipients.iter_mut().filter(|recipient| recipient.reply.is_none()) {
                    recipient.reply = Some(Reply::bad_sequence());
                }
            }
        }
    }

    /// What is said of the envelope is not said for all recipients.
    fn is_in_part(&self) -> bool {
        self.envelope.settled() > 0 || self.legs.are_several()
    }

    fn recipient_answered(&mut self, leg: usize, reply: Reply, now: Instant) {
        let Some(open) = self.legs.open_mut(leg) else { return };
        let Some(index) = open.asked.pop_front() else { return };
        let closing = reply.code() == 421;
        let reply = if reply.is_success() { reply } else { self.seen_by_sender(leg, reply, now) };
        self.answered(leg);
        if closing {
            // Earlier answers of a session that closes are void.
            return self.fail(reply);
        }
        let deferred = self.envelope.deferred;
        let Some(recipient) = self.envelope.recipients.get_mut(index) else { return };
        match &recipient.reply {
            None => {
                // An intermediate answer to RCPT is not believed (an unexpected class is 451).
                let known = reply.is_success() || reply.is_temporary() || reply.is_permanent();
                recipient.reply = Some(if known { reply } else { Reply::next_hop_garbled() });
            }
            Some(_) if reply.is_success() => {}
            // Said 250 for by us, or by the next hop of the candidate tenant.
            Some(_) => self.fail(if deferred { reply } else { Reply::try_later() }),
        }
    }

    fn ask_for_recipient(&mut self, leg: usize, index: usize) {
        let Some(open) = self.legs.open_mut(leg) else { return };
        let Some(recipient) = self.envelope.recipients.get(index) else { return };
        open.asked.push_back(index);
        let rcpt = recipient.rcpt.for_next_hop(&open.lease.extensions);
        self.send(leg, Command::Rcpt(rcpt));
    }

    /// One command after the other where the next hop does not pipeline.
    fn send(&mut self, leg: usize, command: Command) {
        let Some(open) = self.legs.open_mut(leg) else { return };
        if open.outstanding > 0 && !open.lease.extensions.pipelining {
            open.waiting.push_back(command);
        } else {
            open.outstanding += 1;
            self.push(Output::Tell(leg, command));
        }
    }

    fn answered(&mut self, leg: usize) {
        let Some(open) = self.legs.open_mut(leg) else { return };
        open.outstanding = open.outstanding.saturating_sub(1);
        if let Some(next) = open.waiting.pop_front() {
            self.send(leg, next);
        }
    }

    /// What SIZE is raised by. Where the raised one would pass the next hop's limit the message will be left, and only
    /// the two fields on top are allowed for.
    fn growth_allowance(&mut self, extensions: &Extensions) -> u64 {
        let stamp = self.known.snapshot().map_or(STAMP_ALLOWANCE, |snapshot| snapshot.largest_stamp_bytes());
        let full = stamp.saturating_add(FIELDS_ALLOWANCE);
        let limit = extensions.size.flatten().filter(|&limit| limit > 0);
        self.content.next_hop_limit = limit;
        match (self.envelope.mail.size(), limit) {
            (Some(size), Some(limit)) if size.saturating_add(full) > limit => {
                FIELDS_ALLOWANCE.min(limit.saturating_sub(size))
            }
            _ => full,
        }
    }
}

/// Room for the stamp of a tenant whose rules are not there yet. What they turn out to allow is judged at the decision.
const STAMP_ALLOWANCE: u64 = 64 * 1024;
/// Room for `Received`, the stamp and changed Content-Type lines, in octets.
pub(super) const FIELDS_ALLOWANCE: u64 = 2048;
