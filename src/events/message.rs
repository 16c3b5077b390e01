//! The end of a message: its log line and its metrics.
//!
//! Content-free by its fields: no address, no Subject, no Message-ID. `id` joins the line with the decision record,
//! which has the addresses sealed.

use std::time::Duration;

use uuid::Uuid;

use super::milliseconds;
use super::words::{Outcome, Verdict};
use crate::imprint::{Kind, Reason};
use crate::metrics::metrics;

/// A message came to its end.
#[derive(Debug, Clone)]
pub struct MessageFinished<'a> {
    pub id: Uuid,
    pub session: u64,
    pub site: &'a str,
    /// `None` when no tenant was bound.
    pub tenant: Option<&'a str>,
    /// `None` when the body was never looked at.
    pub kind: Option<Kind>,
    pub outcome: Outcome,
    /// Why it was left.
    pub reason: Option<Reason>,
    pub recipients: usize,
    /// How many of them had the message already, by the ledger.
    pub had_it: usize,
    /// How many different copies were made of it; 0 where nothing of it went out.
    pub copies: usize,
    pub octets_in: u64,
    pub octets_out: u64,
    /// Code of the next hop's answer to the end of the message.
    pub next_hop_code: Option<u16>,
    pub verdict: Verdict,
    /// Code that the sender was given.
    pub code: Option<u16>,
    pub stages: Stages,
}

/// Where the time went.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stages {
    /// MAIL and RCPT, the next hop's answers included.
    pub envelope: Duration,
    /// From the go-ahead to the last octet received.
    pub receive: Duration,
    /// Of which until the decision.
    pub decide: Duration,
    /// Our own work alone.
    pub work: Duration,
    /// From the last octet sent to the next hop's answer.
    pub verdict: Duration,
    /// From MAIL to our answer.
    pub total: Duration,
}

impl Stages {
    /// Each stage with its word.
    pub fn words(&self) -> [(&'static str, Duration); 6] {
        [
            ("envelope", self.envelope),
            ("receive", self.receive),
            ("decide", self.decide),
            ("work", self.work),
            ("verdict", self.verdict),
            ("total", self.total),
        ]
    }
}

impl MessageFinished<'_> {
    pub fn emit(&self) {
        self.count();
        let stages = &self.stages;
        let kind = self.kind.map(kind_word);
        tracing::info!(
            id = %self.id,
            session = self.session,
            site = self.site,
            tenant = self.tenant,
            kind,
            outcome = self.outcome.word(),
            reason = self.reason.map(Reason::word),
            recipients = self.recipients,
            had_it = self.had_it,
            copies = self.copies,
            octets_in = self.octets_in,
            octets_out = self.octets_out,
            next_hop_code = self.next_hop_code,
            verdict = self.verdict.word(),
            code = self.code,
            envelope_ms = milliseconds(stages.envelope),
            receive_ms = milliseconds(stages.receive),
            decide_ms = milliseconds(stages.decide),
            work_ms = milliseconds(stages.work),
            verdict_ms = milliseconds(stages.verdict),
            total_ms = milliseconds(stages.total),
            "Message finished."
        );
    }

    fn count(&self) {
        let metrics = metrics();
        metrics.message_finished_total.with_label_values(&[self.outcome.word(), self.verdict.word()]).inc();
        if self.had_it > 0 {
            metrics.ledger_answered_total.inc();
        }
        if let Some(reason) = self.reason.filter(|_| self.outcome != Outcome::Signed) {
            metrics.message_left_total.with_label_values(&[reason.word()]).inc();
        }
        if let (Outcome::Signed, Some(kind)) = (self.outcome, self.kind) {
            metrics.message_signed_total.with_label_values(&[kind_word(kind)]).inc();
        }
        if let Some(code) = self.next_hop_code {
            let class = match code / 100 {
                2 => "2xx",
                4 => "4xx",
                5 => "5xx",
                _ => "other",
            };
            metrics.next_hop_reply_total.with_label_values(&[class]).inc();
        }
        metrics.message_received_bytes_total.inc_by(self.octets_in);
        metrics.message_sent_bytes_total.inc_by(self.octets_out);
        metrics.message_bytes.observe(self.octets_in as f64);
        for (stage, time) in self.stages.words() {
            metrics.message_stage_seconds.with_label_values(&[stage]).observe(time.as_secs_f64());
        }
    }
}

/// The word of a kind in logs, metrics and decision records.
pub fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::First => "first",
        Kind::Reply => "reply",
        Kind::Forward => "forward",
    }
}
