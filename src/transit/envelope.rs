//! The envelope in lock-step with the next hop: MAIL and each RCPT are passed on, and the answer is the next hop's.
//!
//! Where the tenant is not certain at MAIL (`MAIL FROM:<>`, a domain nobody of ours has, XOORG that says otherwise)
//! the envelope is deferred: MAIL and the first RCPT are answered here, further ones with 452, and a refusal of the
//! next hop becomes the answer to the end of the message, which for one recipient is exact.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

use super::binding::{Candidate, Unproven, candidate};
use super::dialogue::{Command, Output};
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
}

impl Recipient {
    /// The sender was told that it is taken.
    pub fn is_taken(&self) -> bool {
        self.reply.as_ref().is_some_and(Reply::is_success)
    }
}

/// The session to the next hop.
#[cfg_attr(test, derive(Clone, Debug))]
pub(super) enum Leg {
    /// Not asked for yet.
    None,
    /// Asked for. `again`: a kept session turned out dead, and this is the one that replaces it.
    Leasing {
        again: bool,
    },
    Open(OpenLeg),
    /// Given back or closed.
    Closed,
}

#[cfg_attr(test, derive(Clone, Debug))]
pub(super) struct OpenLeg {
    pub lease: Lease,
    again: bool,
    mail_taken: bool,
    /// RSET was said in the middle: the envelope begins anew.
    resetting: bool,
    /// Commands that wait for an answer where the next hop does not pipeline.
    waiting: VecDeque<Command>,
    /// Recipients asked for, in order.
    asked: VecDeque<usize>,
    outstanding: usize,
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
        self.envelope.recipients.push(Recipient { rcpt, reply, settled: false });
        if passes_on && matches!(self.leg, Leg::Open(_)) {
            self.ask_for_recipient(index);
        }
    }

    /// Asks for a session to the tenant's next hop; one that was leased for another tenant goes back unused.
    pub(super) fn lease(&mut self, tenant: Arc<Tenant>, now: Now) {
        if !matches!(self.leg, Leg::None) {
            self.drop_leg();
        }
        self.leg = Leg::Leasing { again: false };
        self.tenant = Some(tenant.clone());
        self.want_snapshot(&tenant, now);
        self.push(Output::Lease(tenant, Wanted::Any));
    }

    pub(super) fn leased(&mut self, lease: Lease) {
        let Leg::Leasing { again } = self.leg else { return };
        self.leg = Leg::Open(OpenLeg {
            lease,
            again,
            mail_taken: false,
            resetting: false,
            waiting: VecDeque::new(),
            asked: VecDeque::new(),
            outstanding: 0,
        });
        self.pass_envelope_on();
    }

    /// MAIL and every recipient that was not refused and does not have the message yet.
    fn pass_envelope_on(&mut self) {
        let Leg::Open(open) = &self.leg else { return };
        let extensions = open.lease.extensions.clone();
        let allowance = self.growth_allowance(&extensions);
        match self.envelope.mail.for_next_hop(&extensions, allowance) {
            Ok(mail) => {
                self.send(Command::Mail(mail));
                let recipients = self.envelope.recipients.iter().enumerate();
                let wanted = recipients.filter(|(_, one)| !one.settled && (one.reply.is_none() || one.is_taken()));
                let wanted: Vec<usize> = wanted.map(|(index, _)| index).collect();
                wanted.into_iter().for_each(|index| self.ask_for_recipient(index));
            }
            Err(reply) => {
                if self.envelope.mail_reply.is_none() {
                    self.envelope.mail_reply = Some(reply);
                    self.drop_leg();
                } else {
                    self.fail(reply);
                }
            }
        }
    }

    pub(super) fn lease_refused(&mut self, refusal: &Refusal) {
        if !matches!(self.leg, Leg::Leasing { .. }) {
            return;
        }
        self.leg = Leg::Closed;
        if matches!(refusal, Refusal::Session(reply) if reply.is_permanent()) {
            self.push(Output::Health(Health::Session, refusal.reply()));
        }
        self.fail(refusal.reply());
    }

    /// Everything of the envelope has the next hop's answer, and somebody is to have the message.
    pub(super) fn envelope_is_settled(&self) -> bool {
        let Leg::Open(open) = &self.leg else { return false };
        open.mail_taken && open.asked.is_empty() && open.waiting.is_empty()
    }

    pub(super) fn next_hop(&mut self, asked: Asked, reply: Reply, now: Now) {
        if !matches!(self.leg, Leg::Open(_)) {
            return;
        }
        match asked {
            Asked::Mail => self.mail_answered(reply, now.instant),
            Asked::Rcpt => self.recipient_answered(reply, now.instant),
            Asked::Data => self.data_answered(reply, now),
            Asked::Chunk | Asked::EndOfMessage => self.content_answered(asked, reply, now),
            Asked::Reset => self.reset_answered(&reply),
            Asked::Forward | Asked::Quit => {}
        }
    }

    pub(super) fn next_hop_gone(&mut self, error: &ClientError) {
        if !matches!(self.leg, Leg::Open(_)) || self.replaces_a_dead_session() {
            return;
        }
        self.leg = Leg::Closed;
        self.push(Output::Release);
        if *error != ClientError::BareLineEnd {
            self.push(Output::NextHopFailed(error.clone()));
        }
        self.fail(match error {
            ClientError::Garbled | ClientError::EarlyOctets => Reply::next_hop_garbled(),
            ClientError::Closing(_) => Reply::next_hop_closing(),
            // Nothing of the next hop's: the content ended in a bare CR and was not terminated.
            ClientError::BareLineEnd => Reply::bare_line_end(),
            _ => Reply::next_hop_lost(),
        });
    }

    /// Nothing was promised by a session that died while it was kept: one more try, without a word.
    fn replaces_a_dead_session(&mut self) -> bool {
        let died = matches!(&self.leg, Leg::Open(open) if open.lease.reused && !open.again && !open.mail_taken);
        if let (true, Some(tenant)) = (died, self.tenant.clone()) {
            self.leg = Leg::Leasing { again: true };
            self.push(Output::Release);
            self.push(Output::Lease(tenant, Wanted::New));
        }
        died
    }

    /// RSET, then the envelope for those who have nothing yet.
    pub(super) fn begin_envelope_anew(&mut self) {
        if let Leg::Open(open) = &mut self.leg {
            (open.mail_taken, open.resetting) = (false, true);
            self.send(Command::Reset);
        }
    }

    /// Ours, or one that is left of the message before.
    fn reset_answered(&mut self, reply: &Reply) {
        let Leg::Open(open) = &mut self.leg else { return };
        if !std::mem::take(&mut open.resetting) {
            return;
        }
        self.answered();
        match reply.is_success() {
            true => self.pass_envelope_on(),
            false => self.fail(Reply::try_later()),
        }
    }

    fn mail_answered(&mut self, reply: Reply, now: Instant) {
        failpoint!("mail_answered");
        // Said to nobody, or to the session that was kept too long, at the moment of our MAIL.
        if reply.code() == 421 && self.replaces_a_dead_session() {
            return;
        }
        self.answered();
        if reply.is_success() {
            if let Leg::Open(open) = &mut self.leg {
                open.mail_taken = true;
            }
            self.envelope.mail_reply.get_or_insert(reply);
            return;
        }
        let reply = self.seen_by_sender(reply, now);
        match self.envelope.mail_reply {
            // Taken before, and some have the message: what is said of the rest now is not for all.
            Some(_) if self.envelope.settled() > 0 => self.fail(Reply::try_later()),
            // The sender was told 250 by us: the refusal is the answer to the end of its message.
            Some(_) => self.fail(Verdict::from_failure(reply).reply().clone()),
            None => {
                self.envelope.mail_reply = Some(Verdict::from_failure(reply).reply().clone());
                self.drop_leg();
                for recipient in self.envelope.recipients.iter_mut().filter(|recipient| recipient.reply.is_none()) {
                    recipient.reply = Some(Reply::bad_sequence());
                }
            }
        }
    }

    fn recipient_answered(&mut self, reply: Reply, now: Instant) {
        let Leg::Open(open) = &mut self.leg else { return };
        let Some(index) = open.asked.pop_front() else { return };
        let closing = reply.code() == 421;
        let reply = if reply.is_success() { reply } else { self.seen_by_sender(reply, now) };
        self.answered();
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

    fn ask_for_recipient(&mut self, index: usize) {
        let Leg::Open(open) = &mut self.leg else { return };
        let Some(recipient) = self.envelope.recipients.get(index) else { return };
        open.asked.push_back(index);
        let rcpt = recipient.rcpt.for_next_hop(&open.lease.extensions);
        self.send(Command::Rcpt(rcpt));
    }

    /// One command after the other where the next hop does not pipeline.
    fn send(&mut self, command: Command) {
        let Leg::Open(open) = &mut self.leg else { return };
        if open.outstanding > 0 && !open.lease.extensions.pipelining {
            open.waiting.push_back(command);
        } else {
            open.outstanding += 1;
            self.push(Output::Tell(command));
        }
    }

    fn answered(&mut self) {
        let Leg::Open(open) = &mut self.leg else { return };
        open.outstanding = open.outstanding.saturating_sub(1);
        if let Some(next) = open.waiting.pop_front() {
            self.send(next);
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
