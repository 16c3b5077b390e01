//! Everything worth telling an operator: one struct for each occurrence, `emit` logs once and counts once.
//!
//! No other place logs, and lines of other crates are not written at all. No event can carry content, a Subject or
//! an address: there is no field for one, and a next hop's reply is told by its codes, since its text quotes
//! recipients. DEBUG for what happens all the time, INFO for what took effect, WARN for the unexpected without a
//! mail at risk, ERROR where mail or a human is needed.

mod directory;
pub mod health;
pub mod log;
mod message;
mod process;
mod snapshot;
pub mod words;

use std::net::IpAddr;
use std::time::Duration;

use crate::metrics::metrics;

pub use directory::{DirectoryBegun, DirectoryRead, DirectoryUnusable};
pub use message::{MessageFinished, Stages, kind_word};
pub use process::{
    ApiAnswered, ApiStarted, Broken, ConfigurationRefused, ConfigurationReloaded, DrainFinished, DrainStarted,
    HealthChanged, LetterRefused, LetterSent, MemoryMaySwap, OpsStarted, OwnTlsSeen, Panicked, RegionBypassed, Started,
    WorkerDied,
};
pub use snapshot::{
    CopiesTidied, CopyFailed, CopyRefused, CopyWritten, SnapshotLoaded, SnapshotMissing, SnapshotPublished,
    SnapshotRefused, SnapshotsLoaded, TenantsRead,
};
pub use words::{
    AboutUs, CopyPart, Dropped, NextHopFault, Outcome, Refused, Reload, ReloadCause, Side, SnapshotAnswer,
    SnapshotSource, Synced, Unproven, Verdict,
};

/// A sender connected and got a permit. Its end is [`ConnectionClosed`].
#[derive(Debug)]
pub struct ConnectionAccepted {
    pub session: u64,
    /// `microsoft`, `certificate` or `network`.
    pub proof: &'static str,
    pub peer: IpAddr,
}

impl ConnectionAccepted {
    pub fn emit(&self) {
        metrics().connection_accepted_total.with_label_values(&[self.proof]).inc();
        metrics().connection_open_sessions.inc();
        tracing::debug!(session = self.session, proof = self.proof, peer = %self.peer, "Connection accepted.");
    }
}

/// A connection with a permit ended, however it did.
#[derive(Debug)]
pub struct ConnectionClosed {
    pub session: u64,
}

impl ConnectionClosed {
    pub fn emit(&self) {
        metrics().connection_open_sessions.dec();
        tracing::debug!(session = self.session, "Connection closed.");
    }
}

/// A connection was sent away before its greeting.
#[derive(Debug)]
pub struct ConnectionRefused {
    pub peer: Option<IpAddr>,
    pub cause: Refused,
}

impl ConnectionRefused {
    pub fn emit(&self) {
        metrics().connection_refused_total.with_label_values(&[self.cause.word()]).inc();
        let peer = self.peer.map(|peer| peer.to_string());
        tracing::warn!(peer, cause = self.cause.word(), "Connection refused.");
    }
}

/// A TLS handshake failed.
#[derive(Debug)]
pub struct TlsFailed<'a> {
    pub side: Side,
    /// Host or address of the other end.
    pub peer: &'a str,
    /// The TLS library's word for it; it knows no content.
    pub cause: &'a str,
}

impl TlsFailed<'_> {
    pub fn emit(&self) {
        metrics().tls_failed_total.with_label_values(&[self.side.word()]).inc();
        tracing::warn!(side = self.side.word(), peer = self.peer, cause = self.cause, "TLS failed.");
    }
}

/// A message was refused because it could not be shown whose it is.
#[derive(Debug)]
pub struct TenantUnproven {
    pub session: u64,
    pub peer: IpAddr,
    pub cause: Unproven,
}

impl TenantUnproven {
    pub fn emit(&self) {
        metrics().tenant_unproven_total.with_label_values(&[self.cause.word()]).inc();
        tracing::warn!(session = self.session, peer = %self.peer, cause = self.cause.word(), "Tenant unproven.");
    }
}

/// A next hop did not do its part.
#[derive(Debug)]
pub struct NextHopFailed<'a> {
    pub tenant: &'a str,
    pub host: &'a str,
    pub fault: NextHopFault,
    /// The reply's code, where one was read.
    pub code: Option<u16>,
}

impl NextHopFailed<'_> {
    pub fn emit(&self) {
        metrics().next_hop_failed_total.with_label_values(&[self.fault.word()]).inc();
        let NextHopFailed { tenant, host, fault, code } = self;
        tracing::warn!(tenant, host, fault = fault.word(), code, "Next hop failed.");
    }
}

/// A next hop's answer was about us, not about the message; the sender was told to try later.
#[derive(Debug)]
pub struct HealthEvent<'a> {
    pub tenant: &'a str,
    pub host: &'a str,
    pub about: AboutUs,
    pub code: Option<u16>,
    /// Enhanced status code, for example `5.7.606`.
    pub enhanced: Option<(u8, u16, u16)>,
}

impl HealthEvent<'_> {
    pub fn emit(&self) {
        metrics().health_event_total.with_label_values(&[self.about.word()]).inc();
        let HealthEvent { tenant, host, about, code, enhanced } = self;
        let enhanced = enhanced.map(|(class, subject, detail)| format!("{class}.{subject}.{detail}"));
        tracing::error!(tenant, host, about = about.word(), code, enhanced, "A next hop refuses us.");
    }
}

/// The store did not do what it was asked. Mail goes on.
#[derive(Debug)]
pub struct StoreFailed<'a> {
    /// What was asked, for example `revisions`.
    pub asked: &'static str,
    pub cause: &'a dyn std::error::Error,
}

impl StoreFailed<'_> {
    pub fn emit(&self) {
        metrics().store_failed_total.inc();
        tracing::warn!(asked = self.asked, cause = %self.cause, "Store failed.");
    }
}

/// Decision records were lost. Mail is not touched by that.
#[derive(Debug)]
pub struct DecisionDropped {
    pub count: u64,
    pub cause: Dropped,
}

impl DecisionDropped {
    pub fn emit(&self) {
        metrics().decision_dropped_total.with_label_values(&[self.cause.word()]).inc_by(self.count);
        tracing::warn!(count = self.count, cause = self.cause.word(), "Decision records dropped.");
    }
}

/// Next hops have messages whose senders may not know it: their sessions broke before they had our answer.
#[derive(Debug)]
pub struct LedgerDoubted {
    pub count: u64,
}

impl LedgerDoubted {
    pub fn emit(&self) {
        metrics().ledger_doubted_total.inc_by(self.count);
        tracing::warn!(count = self.count, "Senders may not know that their messages were taken.");
    }
}

/// Entries of the ledger were lost: a retry of such a message makes a second copy.
#[derive(Debug)]
pub struct LedgerDropped {
    pub count: u64,
    pub cause: Dropped,
}

impl LedgerDropped {
    pub fn emit(&self) {
        metrics().ledger_dropped_total.with_label_values(&[self.cause.word()]).inc_by(self.count);
        tracing::warn!(count = self.count, cause = self.cause.word(), "Ledger entries dropped.");
    }
}

/// A certificate of ours and how long it lives; a warning near its end.
#[derive(Debug)]
pub struct CertificateExpires<'a> {
    /// Number of the listener in the configuration.
    pub listener: usize,
    pub file: &'a str,
    /// Unix time in milliseconds.
    pub not_after_ms: i64,
    pub now_ms: i64,
}

impl CertificateExpires<'_> {
    /// Days before the end at which it is told.
    pub const NOTICE_DAYS: i64 = 30;

    pub fn emit(&self) {
        let CertificateExpires { listener, file, not_after_ms, now_ms } = self;
        let days_left = not_after_ms.saturating_sub(*now_ms).div_euclid(86_400_000);
        match days_left {
            ..7 => tracing::error!(listener, file, days_left, "Certificate expires."),
            7..=Self::NOTICE_DAYS => tracing::warn!(listener, file, days_left, "Certificate expires."),
            _ => tracing::debug!(listener, file, days_left, "Certificate is valid."),
        }
    }
}

/// Whole milliseconds, as logs and records have them.
pub fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
