//! What is left of a message when it has its verdict: the content-free decision record and the time by stage.
//!
//! Envelope addresses and Message-ID stand in it in the clear; the store seals them with the tenant's key before
//! they leave memory. Nothing else of the message is in it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::decision::Taken;
use super::{Transit, Verdict};
use crate::imprint::{Fate, Kind};
use crate::tenant::{Got, Revision, Share, Tenant};

/// One message, decided and answered.
#[derive(Debug, Clone)]
pub struct Record {
    /// As it was when the message began; `None` when no tenant was proven.
    pub tenant: Option<Arc<Tenant>>,
    /// Of the rules that were asked, or of the tenant where none were.
    pub revision: Revision,
    pub sender: Option<String>,
    pub recipients: Vec<String>,
    pub message_id: Option<String>,
    /// Whose signature it is or would be.
    pub person: Option<String>,
    /// Who of them got what. Nobody got anything before something was decided.
    pub shares: Vec<Share>,
    /// `None` when the message ended before anything was decided.
    pub fate: Option<Fate>,
    pub kind: Option<Kind>,
    pub octets_in: u64,
    /// Of all copies.
    pub octets_out: u64,
    /// How many different copies were made of it; 0 where nothing of it went out.
    pub copies: usize,
    /// The code of the next hop's answer to the content, if it gave one.
    pub next_hop_code: Option<u16>,
    pub verdict: Verdict,
    /// How many of the recipients had the message already, by the ledger; 0 where the message was not accepted.
    pub had_it: usize,
    /// The sender was gone before it had the verdict.
    pub sender_gone: bool,
    pub stages: Stages,
}

/// When what happened.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stages {
    pub began: Instant,
    pub first_octet: Option<Instant>,
    pub headers: Option<Instant>,
    pub decision: Option<Instant>,
    pub release: Option<Instant>,
    pub last_octet: Option<Instant>,
    pub committed: Option<Instant>,
    pub answered: Option<Instant>,
    pub ended: Option<Instant>,
    pub(super) next_hop_code: Option<u16>,
    pub(super) sender_gone: bool,
    /// The commit gate found something that cannot be: a fault of ours that was kept from doing harm.
    pub gate_stayed_shut: bool,
}

impl Stages {
    pub(super) fn begin(now: Instant) -> Stages {
        Stages {
            began: now,
            first_octet: None,
            headers: None,
            decision: None,
            release: None,
            last_octet: None,
            committed: None,
            answered: None,
            ended: None,
            next_hop_code: None,
            sender_gone: false,
            gate_stayed_shut: false,
        }
    }

    pub(super) fn end(&mut self, now: Instant) {
        self.ended = Some(now);
    }

    /// From MAIL to the first octet of content.
    pub fn envelope(&self) -> Duration {
        self.span(Some(self.began), self.first_octet)
    }

    /// From the first octet of content to the last.
    pub fn receive(&self) -> Duration {
        self.span(self.first_octet, self.last_octet)
    }

    /// From the first octet of content to the decision.
    pub fn decide(&self) -> Duration {
        self.span(self.first_octet, self.decision)
    }

    /// From the last octet to the next hop to its answer.
    pub fn next_hop(&self) -> Duration {
        self.span(self.committed, self.answered)
    }

    /// From MAIL to the verdict.
    pub fn total(&self) -> Duration {
        self.span(Some(self.began), self.ended)
    }

    fn span(&self, from: Option<Instant>, to: Option<Instant>) -> Duration {
        match (from, to) {
            (Some(from), Some(to)) => to.saturating_duration_since(from),
            _ => Duration::ZERO,
        }
    }
}

impl Record {
    /// Everybody had the message: nothing of it went out.
    pub fn is_repeated(&self) -> bool {
        self.had_it > 0 && self.had_it == self.recipients.len()
    }

    pub(super) fn of(transit: &Transit) -> Option<Record> {
        let verdict = transit.verdict.clone()?;
        let (sender, recipients) = transit.addresses(Taken::ByTheNextHop);
        let tenant = transit.tenant.as_ref().filter(|_| transit.bound);
        let content = &transit.content;
        Some(Record {
            revision: transit
                .known
                .snapshot()
                .map(|snapshot| snapshot.revision())
                .unwrap_or_else(|| tenant.map(|tenant| tenant.edition().revision).unwrap_or_default()),
            tenant: tenant.cloned(),
            person: content.person.clone(),
            sender,
            recipients,
            message_id: content.headers().and_then(|headers| headers.unfolded("Message-ID")),
            shares: shares(transit, &verdict),
            fate: transit.fate(),
            kind: content.body_facts().map(|facts| facts.kind),
            octets_in: content.octets_in,
            octets_out: transit.legs.octets_out(),
            copies: transit.legs.that_went_out(),
            next_hop_code: transit.stages.next_hop_code,
            had_it: if verdict.is_accepted() { transit.envelope.settled() } else { 0 },
            verdict,
            sender_gone: transit.stages.sender_gone,
            stages: transit.stages,
        })
    }
}

/// Who got what in the end: less than the rules wanted where the message goes out unsigned, or some have it already.
fn shares(transit: &Transit, verdict: &Verdict) -> Vec<Share> {
    let wanted = &transit.content.shares;
    let is_left = |share: &Share| matches!(share.got, Got::Left { .. });
    let mut shares = match transit.fate() {
        None => Vec::new(),
        Some(Fate::Signed) => wanted.clone(),
        // Each for a reason of its own.
        Some(Fate::Left(_)) if !wanted.is_empty() && wanted.iter().all(is_left) => wanted.clone(),
        Some(Fate::Left(reason)) => {
            vec![Share { got: Got::left(reason), recipients: transit.envelope.places(false) }]
        }
    };
    if verdict.is_accepted() {
        shares.push(Share { got: Got::Repeated, recipients: transit.envelope.places(true) });
    }
    shares.retain(|share| !share.recipients.is_empty());
    shares
}
