//! Whose turn it is: which tenants are due, who runs, and how it ended.
//!
//! A run belongs to the process that wrote its name into the tenant's row, for as long as it goes on saying so: the lease
//! ends by itself with a process that died, and the next run goes on from the page that was kept last. When the next run
//! may begin is a row, too: so it is known after a restart, also where Microsoft has asked us to wait.

use serde_json::json;
use sqlx::{AnyConnection, Row};

use super::sink::{Writing, alone};
use super::{SyncProgress, SyncResult, may_be_read, within, within_for};
use crate::directory::{Cursor, Depth};
use crate::events::StoreFailed;
use crate::store::audit::Act;
use crate::store::backend::Scope;
use crate::store::put;
use crate::store::{Store, StoreError, now_ms, read};
use crate::tenant::{TenantFile, TenantId};

/// A run that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// When it begins, unix time in milliseconds: now, or when Microsoft lets us.
    pub begins_ms: i64,
}

/// A run that may begin.
#[derive(Debug)]
pub struct SyncJob {
    pub tenant: TenantId,
    /// The tenant file without people, groups, images and signatures.
    pub settings: TenantFile,
    pub depth: Depth,
    pub cursor: Cursor,
    /// Runs before this one that failed, in a row.
    pub failures: u64,
}

/// How a run ended and when the next one begins.
#[derive(Debug)]
pub struct SyncEnd {
    pub result: SyncResult,
    /// Unix time in milliseconds.
    pub due_ms: i64,
    /// Before this no run begins, even if somebody asks.
    pub not_before_ms: i64,
    pub failures: u64,
    /// The next run reads everything.
    pub anew: bool,
    /// Microsoft has given a token.
    pub granted: bool,
}

impl Store {
    /// Makes the tenant due at once.
    ///
    /// # Errors
    /// [`StoreError::SyncRunning`] while a run is under way, [`StoreError::NoDirectory`] when the tenant file asks for
    /// none, [`StoreError::UnknownTenant`] where there is no such tenant.
    pub async fn ask_for_sync(&self, tenant: &TenantId, depth: Depth) -> Result<Asked, StoreError> {
        within(async {
            let (id, now) = (tenant.as_str(), now_ms());
            let mut work = self.backend.write(Scope::Tenant(id)).await?;
            self.expect(&mut work, id).await?;
            may_be_read(&mut work, id, now).await?;
            // Whose lease is over may still live, and would begin nothing that is asked for here.
            let row = sqlx::query(
                "UPDATE directory SET due_ms = CASE WHEN due_ms < $1 THEN due_ms ELSE $1 END, holder = '', \
                 everything = CASE WHEN $2 = 1 THEN 1 ELSE everything END \
                 WHERE tenant = $3 AND enabled = 1 AND until_ms <= $1 RETURNING not_before_ms",
            )
            .bind(now)
            .bind(i64::from(depth == Depth::Everything))
            .bind(id)
            .fetch_optional(&mut *work)
            .await?;
            if let Some(row) = row {
                let not_before: i64 = row.try_get("not_before_ms")?;
                let act = Act {
                    tenant: Some(id),
                    action: "directory.sync",
                    object: "",
                    before: None,
                    after: Some(json!({"full": depth == Depth::Everything})),
                    revision: None,
                };
                self.witness(&mut work, act).await?;
                self.settle(work).await?;
                return Ok(Asked { begins_ms: not_before.max(now) });
            }
            read::settings(&mut work, tenant).await?;
            let row = sqlx::query("SELECT enabled FROM directory WHERE tenant = $1").bind(id);
            let enabled = row.fetch_optional(&mut *work).await?.map(|row| row.try_get::<i64, _>("enabled"));
            match enabled.transpose()? {
                Some(1) => Err(StoreError::SyncRunning),
                _ => Err(StoreError::NoDirectory(id.to_owned())),
            }
        })
        .await
    }

    /// Tenants whose turn it is, the longest waiting first.
    pub async fn due_syncs(&self, most: usize) -> Result<Vec<TenantId>, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Region).await?;
            let rows = sqlx::query(
                "SELECT tenant FROM directory WHERE enabled = 1 AND due_ms <= $1 AND not_before_ms <= $1 \
                 AND until_ms <= $1 ORDER BY due_ms LIMIT $2",
            )
            .bind(now_ms())
            .bind(i64::try_from(most).unwrap_or(i64::MAX))
            .fetch_all(&mut *work)
            .await?;
            let mut due = Vec::with_capacity(rows.len());
            for row in &rows {
                due.extend(TenantId::parse(row.try_get("tenant")?));
            }
            Ok(due)
        })
        .await
    }

    /// Takes the run of a tenant that is due; `None` when another process was quicker, or it may not be read now. `holder`: a name that no other
    /// run has. The lease ends after `lease_ms`, unless it is kept.
    pub async fn begin_sync(
        &self,
        tenant: &TenantId,
        holder: &str,
        lease_ms: i64,
    ) -> Result<Option<SyncJob>, StoreError> {
        within(async {
            let (id, now) = (tenant.as_str(), now_ms());
            let mut work = self.backend.write(Scope::Tenant(id)).await?;
            match may_be_read(&mut work, id, now).await {
                Err(StoreError::Leaving(_) | StoreError::NotSubscribed(_)) => {
                    put_off(&mut work, id, now).await?;
                    work.commit().await?;
                    return Ok(None);
                }
                may => may?,
            }
            let row = sqlx::query(
                "UPDATE directory SET holder = $1, until_ms = $2, progress = '' WHERE tenant = $3 AND enabled = 1 \
                 AND due_ms <= $4 AND not_before_ms <= $4 AND until_ms <= $4 RETURNING read_to, everything, failures",
            )
            .bind(holder)
            .bind(now.saturating_add(lease_ms))
            .bind(id)
            .bind(now)
            .fetch_optional(&mut *work)
            .await?;
            let Some(row) = row else { return Ok(None) };
            let settings = read::settings(&mut work, tenant).await?;
            let depth = if row.try_get::<i64, _>("everything")? == 1 { Depth::Everything } else { Depth::Changes };
            let job = SyncJob {
                tenant: tenant.clone(),
                settings,
                depth,
                cursor: cursor(&mut work, id, row.try_get("read_to")?).await?,
                failures: u64::try_from(row.try_get::<i64, _>("failures")?).unwrap_or_default(),
            };
            work.commit().await?;
            Ok(Some(job))
        })
        .await
    }

    /// Goes on holding a run, and says how far it is.
    ///
    /// # Errors
    /// [`StoreError::SyncTaken`] when the run is another's, or nobody's any more.
    pub async fn keep_sync(
        &self,
        tenant: &TenantId,
        holder: &str,
        lease_ms: i64,
        progress: &SyncProgress,
    ) -> Result<(), StoreError> {
        within(async {
            let mut work = self.backend.write(Scope::Tenant(tenant.as_str())).await?;
            let held =
                sqlx::query("UPDATE directory SET until_ms = $1, progress = $2 WHERE tenant = $3 AND holder = $4")
                    .bind(now_ms().saturating_add(lease_ms))
                    .bind(put::json(progress)?)
                    .bind(tenant.as_str())
                    .bind(holder)
                    .execute(&mut *work)
                    .await?;
            work.commit().await?;
            if held.rows_affected() == 1 { Ok(()) } else { Err(StoreError::SyncTaken) }
        })
        .await
    }

    /// Gives a run back.
    ///
    /// # Errors
    /// [`StoreError::SyncTaken`] when it is another's by now; nothing is changed then.
    pub async fn end_sync(&self, tenant: &TenantId, holder: &str, end: &SyncEnd) -> Result<(), StoreError> {
        within(async {
            let mut work = self.backend.write(Scope::Tenant(tenant.as_str())).await?;
            let ended = sqlx::query(
                "UPDATE directory SET holder = '', until_ms = 0, progress = '', result = $1, due_ms = $2, \
                 not_before_ms = $3, failures = $4, everything = CASE WHEN $5 = 1 THEN 1 ELSE everything END, \
                 granted_ms = CASE WHEN $6 = 1 THEN $7 ELSE granted_ms END WHERE tenant = $8 AND holder = $9",
            )
            .bind(put::json(&end.result)?)
            .bind(end.due_ms)
            .bind(end.not_before_ms)
            .bind(i64::try_from(end.failures).unwrap_or(i64::MAX))
            .bind(i64::from(end.anew))
            .bind(i64::from(end.granted))
            .bind(end.result.ended_ms)
            .bind(tenant.as_str())
            .bind(holder)
            .execute(&mut *work)
            .await?;
            work.commit().await?;
            if ended.rows_affected() == 1 { Ok(()) } else { Err(StoreError::SyncTaken) }
        })
        .await?;
        if end.result.has_read()
            && let Err(cause) = self.count_beside(tenant).await
        {
            // The run has ended well; the next one counts again.
            StoreFailed { asked: "count_beside", cause: &cause }.emit();
        }
        Ok(())
    }

    /// Counts how much is stored beside the file of a tenant, for of single pages it is told about.
    async fn count_beside(&self, tenant: &TenantId) -> Result<(), StoreError> {
        let rows = within(async {
            let mut work = self.backend.read(Scope::Tenant(tenant.as_str())).await?;
            Ok(read::rows(&mut work, tenant).await?.unwrap_or_default())
        })
        .await?;
        within_for(rows, async {
            let id = tenant.as_str();
            let mut work = self.backend.write(Scope::Tenant(id)).await?;
            alone(&mut work, id).await?;
            let mut writing = Writing { work: &mut work, tenant: id, round: 0, changed: false, grown: 0 };
            if super::has_row(writing.work, id).await? {
                writing.count().await?;
            }
            writing.end().await?;
            Ok(work.commit().await?)
        })
        .await
    }
}

/// Looks again later at a tenant whose directory may not be read: it must not stand before the others each time.
async fn put_off(work: &mut AnyConnection, tenant: &str, now_ms: i64) -> Result<(), StoreError> {
    sqlx::query("UPDATE directory SET due_ms = $1 WHERE tenant = $2 AND due_ms < $1")
        .bind(now_ms.saturating_add(PUT_OFF_MS))
        .bind(tenant)
        .execute(work)
        .await?;
    Ok(())
}

const PUT_OFF_MS: i64 = 3_600_000;

/// Where to go on. Where that cannot be read everything is read anew, under a mark that no row has yet: the sweep at the
/// end spares what bears its own.
async fn cursor(work: &mut AnyConnection, tenant: &str, kept: &str) -> Result<Cursor, StoreError> {
    if let Some(cursor) = Cursor::parse(kept) {
        return Ok(cursor);
    }
    let mut newest = 0;
    for sql in [
        "SELECT CAST(COALESCE(MAX(round), 0) AS BIGINT) AS round FROM person WHERE tenant = $1",
        "SELECT CAST(COALESCE(MAX(round), 0) AS BIGINT) AS round FROM grp WHERE tenant = $1",
        "SELECT CAST(COALESCE(MAX(round), 0) AS BIGINT) AS round FROM member WHERE tenant = $1",
    ] {
        let row = sqlx::query(sql).bind(tenant).fetch_one(&mut *work).await?;
        newest = row.try_get::<i64, _>("round")?.max(newest);
    }
    Ok(Cursor::anew(u64::try_from(newest).unwrap_or_default()))
}
