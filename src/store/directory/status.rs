//! How a tenant's directory stands, as it is shown: progress, last result, when it goes on.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sqlx::Row;

use super::within;
use crate::directory::{Stage, Summary};
use crate::store::backend::Scope;
use crate::store::{Store, StoreError, now_ms};
use crate::tenant::TenantId;

/// How a tenant's directory stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DirectoryStatus {
    /// The tenant file asks for it.
    pub enabled: bool,
    /// A process reads it now.
    pub running: bool,
    /// Of the run under way.
    pub progress: Option<SyncProgress>,
    /// Of the last run.
    pub result: Option<SyncResult>,
    /// Runs in a row that failed.
    pub failures: u64,
    /// When the next run begins, unix time in milliseconds.
    pub next_ms: i64,
    /// When Microsoft last gave a token, unix time in milliseconds; never, without consent.
    pub granted_ms: Option<i64>,
    pub people: u64,
    pub groups: u64,
}

/// How far a run is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct SyncProgress {
    pub began_ms: i64,
    pub stage: Stage,
    /// Microsoft has asked us to wait until then, unix time in milliseconds.
    pub waiting_until_ms: Option<i64>,
    pub done: Summary,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SyncResult {
    /// Unix time in milliseconds.
    pub began_ms: i64,
    pub ended_ms: i64,
    pub ended: SyncEnded,
    /// For the administrator: what happened, and what to do.
    pub text: String,
    pub done: Summary,
    /// Photos that came or went.
    #[serde(default)]
    pub photos: u64,
}

impl SyncResult {
    /// Whether anything was told that may have been kept.
    pub(super) fn has_read(&self) -> bool {
        let Summary { people, gone, groups, memberships, .. } = self.done;
        people + gone + groups + memberships + self.photos > 0
    }
}

/// In what way a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SyncEnded {
    Done,
    /// No consent, or none any more.
    NotAuthorised,
    /// Microsoft has asked us to come again later.
    Throttled,
    /// Microsoft did not answer, or by errors of its own.
    Unreachable,
    /// Stopped by us: the time was over, or the process ended.
    Stopped,
    /// For another reason.
    Failed,
}

impl Store {
    /// How the tenant's directory stands; `None` where there never was one.
    pub async fn directory_status(&self, tenant: &TenantId) -> Result<Option<DirectoryStatus>, StoreError> {
        within(async {
            let id = tenant.as_str();
            let mut work = self.backend.read(Scope::Tenant(id)).await?;
            let row = sqlx::query(
                "SELECT enabled, due_ms, not_before_ms, until_ms, failures, progress, result, granted_ms, \
                 (SELECT COUNT(*) FROM person WHERE tenant = $1 AND source = 'directory') AS people, \
                 (SELECT COUNT(*) FROM grp WHERE tenant = $1 AND source = 'directory') AS groups \
                 FROM directory WHERE tenant = $1",
            )
            .bind(id)
            .fetch_optional(&mut *work)
            .await?;
            let Some(row) = row else { return Ok(None) };
            let count =
                |name: &str| Ok::<_, sqlx::Error>(u64::try_from(row.try_get::<i64, _>(name)?).unwrap_or_default());
            let running = row.try_get::<i64, _>("until_ms")? > now_ms();
            Ok(Some(DirectoryStatus {
                enabled: row.try_get::<i64, _>("enabled")? == 1,
                running,
                // Words of a newer program are as if nothing were said.
                progress: serde_json::from_str(row.try_get("progress")?).ok().filter(|_| running),
                result: serde_json::from_str(row.try_get("result")?).ok(),
                failures: count("failures")?,
                next_ms: row.try_get::<i64, _>("due_ms")?.max(row.try_get("not_before_ms")?),
                granted_ms: row.try_get("granted_ms")?,
                people: count("people")?,
                groups: count("groups")?,
            }))
        })
        .await
    }
}
