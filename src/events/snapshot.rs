//! What an edge knows of the tenants: the index that is published, the rules and people that are loaded and leave.

use std::time::Duration;

use super::milliseconds;
use super::words::{CopyPart, SnapshotAnswer, SnapshotSource};
use crate::metrics::metrics;

impl SnapshotAnswer {
    /// A message asked. Only counted.
    pub fn count(self) {
        metrics().snapshot_asked_total.with_label_values(&[self.word()]).inc();
    }
}

/// A message did not get its tenant's rules in time, and goes on without a signature.
#[derive(Debug)]
pub struct SnapshotMissing<'a> {
    pub tenant: &'a str,
}

impl SnapshotMissing<'_> {
    pub fn emit(&self) {
        SnapshotAnswer::Missing.count();
        tracing::error!(tenant = self.tenant, "Snapshot missing.");
    }
}

/// A tenant's rules, and its people where they had changed, were loaded or could not be. Only counted.
#[derive(Debug)]
pub struct SnapshotLoaded {
    pub source: SnapshotSource,
    pub took: Duration,
}

impl SnapshotLoaded {
    pub fn emit(&self) {
        metrics().snapshot_load_seconds.with_label_values(&[self.source.word()]).observe(self.took.as_secs_f64());
    }
}

/// What is loaded now. Only shown.
#[derive(Debug)]
pub struct SnapshotsLoaded {
    pub tenants: usize,
    /// About.
    pub bytes: usize,
}

impl SnapshotsLoaded {
    pub fn emit(&self) {
        let number = |number| i64::try_from(number).unwrap_or(i64::MAX);
        metrics().snapshot_loaded_tenants.set(number(self.tenants));
        metrics().snapshot_loaded_bytes.set(number(self.bytes));
    }
}

/// New snapshots are what the next message meets.
#[derive(Debug)]
pub struct SnapshotPublished {
    /// Tenants that changed, went or came.
    pub changed: usize,
    /// Tenants in the index.
    pub tenants: usize,
    pub took: Duration,
}

impl SnapshotPublished {
    pub fn emit(&self) {
        metrics().snapshot_published_total.inc();
        metrics().tenant_known_tenants.set(i64::try_from(self.tenants).unwrap_or(i64::MAX));
        let took_ms = milliseconds(self.took);
        tracing::info!(changed = self.changed, tenants = self.tenants, took_ms, "Snapshot published.");
    }
}

/// Tenants were read from the store, because they changed. Only counted.
#[derive(Debug)]
pub struct TenantsRead {
    pub count: usize,
}

impl TenantsRead {
    pub fn emit(&self) {
        metrics().snapshot_read_total.inc_by(u64::try_from(self.count).unwrap_or(u64::MAX));
    }
}

/// A revision did not compile; the tenant's old snapshot stays.
#[derive(Debug)]
pub struct SnapshotRefused<'a> {
    pub tenant: &'a str,
    pub revision: u64,
    pub problems: usize,
}

impl SnapshotRefused<'_> {
    pub fn emit(&self) {
        metrics().snapshot_refused_total.inc();
        let SnapshotRefused { tenant, revision, problems } = self;
        tracing::error!(tenant, revision, problems, "Snapshot refused.");
    }
}

/// Something was copied to this machine's disk. Only counted.
#[derive(Debug)]
pub struct CopyWritten {
    pub part: CopyPart,
}

impl CopyWritten {
    pub fn emit(&self) {
        metrics().copy_written_total.with_label_values(&[self.part.word()]).inc();
    }
}

/// A copy could not be written. Mail goes on; a start without the store would lack it.
#[derive(Debug)]
pub struct CopyFailed<'a> {
    pub cause: &'a dyn std::error::Error,
}

impl CopyFailed<'_> {
    pub fn emit(&self) {
        metrics().copy_failed_total.inc();
        tracing::warn!(cause = %self.cause, "Copy failed.");
    }
}

/// A copy does not open, or is not what this program wrote: it was cut, changed, or sealed with another key. It counts as
/// none.
#[derive(Debug)]
pub struct CopyRefused<'a> {
    /// `None`: the index of all tenants.
    pub tenant: Option<&'a str>,
    pub cause: &'a dyn std::error::Error,
}

impl CopyRefused<'_> {
    pub fn emit(&self) {
        metrics().copy_refused_total.inc();
        tracing::error!(tenant = self.tenant, cause = %self.cause, "Copy refused.");
    }
}

/// The copies were tidied. Only shown.
#[derive(Debug)]
pub struct CopiesTidied {
    pub bytes: u64,
    /// Tenants whose copies left for want of room.
    pub left: usize,
}

impl CopiesTidied {
    pub fn emit(&self) {
        metrics().copy_kept_bytes.set(i64::try_from(self.bytes).unwrap_or(i64::MAX));
        metrics().copy_evicted_total.inc_by(u64::try_from(self.left).unwrap_or(u64::MAX));
    }
}
