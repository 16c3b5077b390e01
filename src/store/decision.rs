//! Decision records: what was decided about each message, without its content.
//!
//! Addresses and Message-ID are sealed with a key derived from the tenant's trace key, and found again by keyed
//! hashes; with the tenant's secrets gone, no record opens. Kept as long as the tenant says, 0 to 365 days.
//! `record.rs` writes them, `find.rs` looks for them.

use serde::Deserialize;
use sqlx::Row;
use sqlx::any::AnyRow;
use uuid::Uuid;

use super::backend::Scope;
use super::seal::{Hasher, Sealer};
use super::{Store, StoreError, bigint, within};
use crate::events::{Stages, Verdict};
use crate::imprint::Kind;
use crate::tenant::{Address, Revision, Share, TenantId};

/// What a sealed record is bound to, beside its id.
pub(super) const WHAT: &str = "decision";

/// What was decided about one message and what came of it.
#[derive(Clone)]
pub struct Decision {
    /// UUIDv7; the same as in the log line.
    pub id: Uuid,
    pub tenant: TenantId,
    /// The tenant's, from its snapshot.
    pub trace_key: [u8; 32],
    /// Unix time in milliseconds.
    pub time_ms: i64,
    pub site: String,
    pub message_id: String,
    /// MAIL FROM; empty for the null path.
    pub sender: String,
    pub recipients: Vec<String>,
    /// Id of the person whose signature it is.
    pub person: Option<String>,
    pub kind: Option<Kind>,
    /// What each group of recipients got.
    pub shares: Vec<Share>,
    pub revision: Revision,
    pub octets_in: u64,
    pub octets_out: u64,
    pub next_hop_code: Option<u16>,
    pub verdict: Verdict,
    pub stages: Stages,
}

impl std::fmt::Debug for Decision {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Decision({})", self.id)
    }
}

impl Decision {
    /// About how much memory it takes while it waits to be written.
    pub(super) fn octets(&self) -> usize {
        let recipients: usize = self.recipients.iter().map(|recipient| recipient.len() + 24).sum();
        512 + self.message_id.len() + self.sender.len() + recipients
    }
}

/// A record read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    pub id: String,
    pub time_ms: i64,
    pub site: String,
    pub message_id: String,
    pub sender: String,
    pub recipients: Vec<String>,
    pub person: Option<String>,
    pub kind: Option<String>,
    /// JSON as stored.
    pub legs: String,
    pub revision: i64,
    pub octets_in: i64,
    pub octets_out: i64,
    pub next_hop_code: Option<i64>,
    pub verdict: String,
    /// JSON as stored: milliseconds by stage.
    pub stages: String,
}

/// What is sealed of a record.
#[derive(Deserialize)]
struct Sealed {
    message_id: String,
    sender: String,
    recipients: Vec<String>,
}

impl Store {
    /// Deletes the records that have had their time, and those of tenants that are gone. Gives their number. Some at
    /// a time, so that others write in between and no limit of time stands in the way of many.
    pub async fn delete_old_decisions(&self, now_ms: i64) -> Result<u64, StoreError> {
        let (mut deleted, mut after) = (0, Some(String::new()));
        while let Some(last) = after {
            let old;
            (old, after) = within(self.with_old_decisions(&last, now_ms)).await?;
            for tenant in old {
                deleted += self.delete_old_decisions_of(&tenant, now_ms).await?;
            }
        }
        Ok(deleted)
    }

    /// Which of the next tenants after one have such records, and the last that was looked at; `None` when there are
    /// no more.
    async fn with_old_decisions(&self, after: &str, now_ms: i64) -> Result<(Vec<String>, Option<String>), StoreError> {
        let mut work = self.backend.read(Scope::Region).await?;
        let rows = sqlx::query(OLDEST).bind(after).bind(TENANTS).fetch_all(&mut *work).await?;
        let (mut old, mut last) = (Vec::new(), None);
        for row in rows {
            let tenant: String = row.try_get("tenant")?;
            let (days, oldest): (Option<i64>, Option<i64>) = (row.try_get("retention_days")?, row.try_get("oldest")?);
            if oldest.is_some_and(|oldest| days.is_none_or(|days| oldest < now_ms - days * DAY_MS)) {
                old.push(tenant.clone());
            }
            last = Some(tenant);
        }
        Ok((old, last))
    }

    /// The same of one tenant: all when it is gone.
    pub(super) async fn delete_old_decisions_of(&self, tenant: &str, now_ms: i64) -> Result<u64, StoreError> {
        let mut deleted = 0;
        loop {
            let some = within(async {
                let mut work = self.backend.write(Scope::Tenant(tenant)).await?;
                let done = sqlx::query(DELETE_OLD).bind(tenant).bind(now_ms).bind(SOME).execute(&mut *work).await?;
                work.commit().await?;
                Ok(done.rows_affected())
            })
            .await?;
            deleted += some;
            if bigint(some) < SOME {
                return Ok(deleted);
            }
        }
    }
}

pub(super) fn address_hash(hasher: &Hasher, address: &str) -> String {
    hasher.hash("address", &Address::normal(address))
}

pub(super) fn recorded(key: &Sealer, row: &AnyRow) -> Result<Recorded, StoreError> {
    let (id, sealed): (String, String) = (row.try_get("id")?, row.try_get("sealed")?);
    let plain: Sealed = serde_json::from_slice(&key.open(WHAT, &id, &sealed)?)
        .map_err(|_| StoreError::Corrupt("a decision record".to_owned()))?;
    Ok(Recorded {
        id,
        time_ms: row.try_get("time_ms")?,
        site: row.try_get("site")?,
        message_id: plain.message_id,
        sender: plain.sender,
        recipients: plain.recipients,
        person: row.try_get("person")?,
        kind: row.try_get("kind")?,
        legs: row.try_get("legs")?,
        revision: row.try_get("revision")?,
        octets_in: row.try_get("octets_in")?,
        octets_out: row.try_get("octets_out")?,
        next_hop_code: row.try_get("next_hop_code")?,
        verdict: row.try_get("verdict")?,
        stages: row.try_get("stages")?,
    })
}

/// A row of `revision` outlives its tenant.
pub(super) const OLDEST: &str = "SELECT revision.tenant, tenant.retention_days, \
                                 (SELECT decision.time_ms FROM decision WHERE decision.tenant = revision.tenant \
                                 ORDER BY decision.time_ms LIMIT 1) AS oldest FROM revision \
                                 LEFT JOIN tenant ON tenant.id = revision.tenant \
                                 WHERE revision.tenant > $1 ORDER BY revision.tenant LIMIT $2";
pub(super) const DELETE_OLD: &str = "DELETE FROM decision WHERE id IN (SELECT decision.id FROM decision \
                                     WHERE decision.tenant = $1 AND decision.time_ms < COALESCE((SELECT \
                                     $2 - tenant.retention_days * 86400000 FROM tenant WHERE tenant.id = $1), \
                                     9223372036854775807) ORDER BY decision.time_ms LIMIT $3)";
const DAY_MS: i64 = 86_400_000;
/// Tenants that are looked at, and records deleted, at a time.
const TENANTS: i64 = 256;
const SOME: i64 = 1000;
