//! Keeps what a directory tells, a page in one transaction with the place where to go on: all of it or nothing.
//!
//! Only who holds the run's lease may write, and it is asked within the same transaction: a process that was thought
//! dead and wakes up writes nothing. A page that changes nothing raises no revision, so that no edge reads the tenant
//! again because of it.

use std::time::{Duration, Instant};

use sqlx::{AnyConnection, Row};

use super::plan::Plan;
use super::{patience, within_for};
use crate::directory::{Batch, NotKept, Sink};
use crate::store::backend::{Scope, allow, is_postgres};
use crate::store::change::Touches;
use crate::store::{Store, StoreError, bigint, change, now_ms, octets};
use crate::tenant::TenantId;

/// How long a page waits for others who change the tenant, or keep the store busy: a large import takes minutes. A run
/// has a limit of its own, and ends at once when its lease is another's.
const BUSY: Duration = Duration::from_secs(900);

/// Between two tries.
const AGAIN: Duration = Duration::from_millis(100);

/// Rows of the largest tenant, which a sweep may touch.
const LARGEST: u64 = 500_000;

/// Keeps one tenant's directory, for one run.
#[derive(Debug, Clone)]
pub struct DirectorySink {
    pub(super) store: Store,
    pub(super) tenant: TenantId,
    pub(super) holder: String,
}

/// A transaction that writes a directory's rows.
pub(super) struct Writing<'a> {
    pub work: &'a mut AnyConnection,
    pub tenant: &'a str,
    /// The mark of what is written.
    pub round: i64,
    /// The tenant has a new revision.
    pub changed: bool,
    /// By how much what is stored has grown.
    pub grown: i64,
}

impl Store {
    /// Keeps what the run of this holder reads.
    pub fn directory_sink(&self, tenant: &TenantId, holder: &str) -> DirectorySink {
        DirectorySink { store: self.clone(), tenant: tenant.clone(), holder: holder.to_owned() }
    }
}

impl Sink for DirectorySink {
    async fn keep(&mut self, batch: Batch) -> Result<(), NotKept> {
        let Batch { round, changes, cursor } = batch;
        let (plan, read_to) = (Plan::new(changes), cursor.to_json());
        let round = i64::try_from(round).unwrap_or(i64::MAX);
        let sweep = if plan.sweeps.people || plan.sweeps.groups { LARGEST } else { 0 };
        let rows = octets(plan.rows()) + sweep;
        let until = Instant::now() + BUSY;
        loop {
            match within_for(rows, self.write(&plan, round, &read_to, rows)).await {
                Ok(()) => return Ok(()),
                Err(StoreError::Conflict | StoreError::Timeout) if Instant::now() < until => {
                    tokio::time::sleep(AGAIN).await;
                }
                Err(error) => return Err(NotKept(error.to_string())),
            }
        }
    }
}

impl DirectorySink {
    async fn write(&self, plan: &Plan, round: i64, read_to: &str, rows: u64) -> Result<(), StoreError> {
        let tenant = self.tenant.as_str();
        let mut work = self.store.backend.write(Scope::Tenant(tenant)).await?;
        alone(&mut work, tenant).await?;
        self.is_ours(&mut work).await?;
        allow(&mut work, patience(rows)).await?;
        let mut writing = Writing { work: &mut work, tenant, round, changed: false, grown: 0 };
        writing.people(plan).await?;
        writing.groups(plan).await?;
        writing.members(plan).await?;
        writing.sweep(plan.sweeps).await?;
        let changed = writing.end().await?;
        // Last, for until the end of the transaction nobody can say that the run goes on.
        self.enter(&mut work, Some(read_to)).await?;
        match changed {
            true => self.store.finish(work, &[tenant]).await,
            false => Ok(work.commit().await?),
        }
    }

    /// Nobody else changes this tenant until the transaction ends, and the run is still ours. If it was to read
    /// everything, it has begun to, and goes on from there should it be cut off.
    pub(super) async fn enter(&self, work: &mut AnyConnection, read_to: Option<&str>) -> Result<(), StoreError> {
        let tenant = self.tenant.as_str();
        alone(work, tenant).await?;
        let held = sqlx::query(
            "UPDATE directory SET read_to = COALESCE($1, read_to), everything = 0 WHERE tenant = $2 AND holder = $3 \
             AND holder <> ''",
        )
        .bind(read_to)
        .bind(tenant)
        .bind(self.holder.as_str())
        .execute(work)
        .await?;
        if held.rows_affected() == 1 { Ok(()) } else { Err(StoreError::SyncTaken) }
    }

    /// # Errors
    /// [`StoreError::SyncTaken`] when the run is another's by now.
    async fn is_ours(&self, work: &mut AnyConnection) -> Result<(), StoreError> {
        let row = sqlx::query("SELECT tenant FROM directory WHERE tenant = $1 AND holder = $2 AND holder <> ''");
        let row = row.bind(self.tenant.as_str()).bind(self.holder.as_str()).fetch_optional(work).await?;
        if row.is_some() { Ok(()) } else { Err(StoreError::SyncTaken) }
    }
}

/// Nobody else changes this tenant until the transaction ends.
pub(super) async fn alone(work: &mut AnyConnection, tenant: &str) -> Result<(), StoreError> {
    if is_postgres(work) {
        // As every change begins, but that the revision is raised only if there is one. SQLite has one writer.
        let row = sqlx::query("SELECT revision FROM revision WHERE tenant = $1 FOR UPDATE").bind(tenant);
        row.fetch_optional(&mut *work).await?;
    }
    Ok(())
}

impl Writing<'_> {
    /// Once before the first row that changes what is served.
    pub async fn change(&mut self) -> Result<(), StoreError> {
        if !self.changed {
            change::next_revision(self.work, self.tenant, now_ms(), Touches::People).await?;
            self.changed = true;
        }
        Ok(())
    }

    /// Something of a length was written in the place of something.
    pub fn grow(&mut self, before: usize, after: usize) {
        self.grown += bigint(octets(after)) - bigint(octets(before));
    }

    /// Counts again how much is stored beside the file: what went by itself was not counted.
    pub async fn count(&mut self) -> Result<(), StoreError> {
        let row = sqlx::query(
            "SELECT CAST((SELECT COALESCE(SUM(LENGTH(data)), 0) FROM person WHERE tenant = $1 AND source <> 'file') \
             + (SELECT COALESCE(SUM(LENGTH(data)), 0) FROM grp WHERE tenant = $1 AND source <> 'file') \
             + (SELECT COALESCE(SUM(LENGTH(member.member)), 0) FROM member JOIN grp ON grp.tenant = member.tenant \
             AND grp.id = member.grp WHERE member.tenant = $1 AND grp.source <> 'file') \
             + (SELECT COALESCE(SUM(LENGTH(picture.base64)), 0) FROM picture JOIN image ON \
             image.tenant = picture.tenant AND image.external_id = picture.hash \
             WHERE picture.tenant = $1 AND image.source <> 'file') AS BIGINT) AS now, octets FROM directory \
             WHERE tenant = $1",
        )
        .bind(self.tenant)
        .fetch_one(&mut *self.work)
        .await?;
        self.grown = row.try_get::<i64, _>("now")? - row.try_get::<i64, _>("octets")?;
        Ok(())
    }

    /// Keeps count. Whether anything has changed.
    pub async fn end(self) -> Result<bool, StoreError> {
        if self.grown != 0 {
            for sql in [
                "UPDATE directory SET octets = octets + $1 WHERE tenant = $2",
                "UPDATE tenant SET octets = octets + $1 WHERE id = $2",
            ] {
                sqlx::query(sql).bind(self.grown).bind(self.tenant).execute(&mut *self.work).await?;
            }
        }
        Ok(self.changed)
    }
}
