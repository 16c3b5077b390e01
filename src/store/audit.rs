//! Who changed what, when, from what to what: one row an act, written by the transaction that does it, so that no act
//! goes without its row and no row without its act.
//!
//! A row holds ids, numbers and settings, never a secret and never a message. What a signature was and is lies in the
//! history, to which a row points by version.

use serde_json::Value;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};
use uuid::Uuid;

use super::backend::Scope;
use super::{Store, StoreError, bigint, now_ms, within};
use crate::tenant::{Revision, TenantId};

/// The region, where a row has its tenant.
const REGION: &str = "*";

/// One act, to be written.
#[derive(Debug)]
pub(super) struct Act<'a> {
    /// `None` for the region.
    pub tenant: Option<&'a str>,
    pub action: &'static str,
    /// What it was done to; empty for the tenant as a whole.
    pub object: &'a str,
    pub before: Option<Value>,
    pub after: Option<Value>,
    pub revision: Option<Revision>,
}

/// One act, read back.
#[derive(Debug, Clone, PartialEq)]
pub struct Audited {
    pub id: String,
    /// `None` for the region.
    pub tenant: Option<String>,
    /// Unix time in milliseconds.
    pub time_ms: i64,
    pub author: String,
    pub action: String,
    pub object: String,
    pub before: Option<Value>,
    pub after: Option<Value>,
    pub reason: Option<String>,
    pub revision: Option<i64>,
}

impl Store {
    /// Writes an act down, as part of the transaction that does it.
    pub(super) async fn witness(&self, work: &mut AnyConnection, act: Act<'_>) -> Result<(), StoreError> {
        let text = |value: Option<Value>| value.map(|value| value.to_string());
        sqlx::query(
            "INSERT INTO audit (id, tenant, time_ms, author, action, object, before, after, reason, revision) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind(Uuid::now_v7().to_string())
        .bind(act.tenant.unwrap_or(REGION))
        .bind(now_ms())
        .bind(&*self.terms.author)
        .bind(act.action)
        .bind(act.object)
        .bind(text(act.before))
        .bind(text(act.after))
        .bind(self.terms.reason.as_deref())
        .bind(act.revision.map(|revision| bigint(revision.0)))
        .execute(work)
        .await?;
        Ok(())
    }

    /// What was done to a tenant, or to the region as a whole, the newest first: at most `most`, of those before an id.
    pub async fn audit(
        &self,
        tenant: Option<&TenantId>,
        before: Option<&str>,
        most: u32,
    ) -> Result<Vec<Audited>, StoreError> {
        let (scope, whose) = match tenant {
            Some(tenant) => (Scope::Tenant(tenant.as_str()), tenant.as_str()),
            None => (Scope::Region, REGION),
        };
        within(async {
            let mut work = self.backend.read(scope).await?;
            let rows = sqlx::query("SELECT * FROM audit WHERE tenant = $1 AND id < $2 ORDER BY id DESC LIMIT $3")
                .bind(whose)
                .bind(before.unwrap_or(AFTER_ALL))
                .bind(i64::from(most))
                .fetch_all(&mut *work)
                .await?;
            rows.iter().map(audited).collect()
        })
        .await
    }
}

fn audited(row: &AnyRow) -> Result<Audited, StoreError> {
    let json = |column: &str| -> Result<Option<Value>, StoreError> {
        let text: Option<&str> = row.try_get(column)?;
        Ok(text.and_then(|text| serde_json::from_str(text).ok()))
    };
    let tenant: String = row.try_get("tenant")?;
    Ok(Audited {
        id: row.try_get("id")?,
        tenant: (tenant != REGION).then_some(tenant),
        time_ms: row.try_get("time_ms")?,
        author: row.try_get("author")?,
        action: row.try_get("action")?,
        object: row.try_get("object")?,
        before: json("before")?,
        after: json("after")?,
        reason: row.try_get("reason")?,
        revision: row.try_get("revision")?,
    })
}

/// No id of an act at this time or later is less: ids are UUIDv7, and begin with the time (RFC 9562, section 5.7).
pub(super) fn first_id(time_ms: i64) -> String {
    format!("{:08x}-{:04x}", time_ms >> 16, time_ms & 0xffff)
}

/// Greater than any id.
const AFTER_ALL: &str = "g";
