//! Who changed what, when, from where, from what to what: one row an act, written by the transaction that does it, so that
//! no act goes without its row and no row without its act.
//!
//! A row holds ids, numbers and settings, never a secret and never a message. What a signature was and is lies in the
//! history, to which a row points by version. Rows are chained by their hashes ([`chain`]), so that none is changed or
//! taken out unseen ([`verify`]).

mod chain;
mod expire;
mod find;
mod verify;

use serde_json::Value;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};
use uuid::Uuid;

use super::{Store, StoreError, bigint, now_ms};
use crate::tenant::Revision;
use chain::{Head, Link};

pub use find::ActSearch;
pub use verify::{Broken, Tampering, Verification};

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
    /// Where the request came from, if it was one.
    pub ip: Option<String>,
    pub action: String,
    pub object: String,
    pub before: Option<Value>,
    pub after: Option<Value>,
    pub reason: Option<String>,
    pub revision: Option<i64>,
    /// Its place in the chain.
    pub number: Option<i64>,
    /// Over its content and the hash of the act before, in hex.
    pub hash: Option<String>,
}

impl Store {
    /// Writes an act down, as part of the transaction that does it. Others who do something to the same tenant wait until
    /// this has ended: so no two acts follow the same one.
    pub(super) async fn witness(&self, work: &mut AnyConnection, act: Act<'_>) -> Result<(), StoreError> {
        let text = |value: Option<Value>| value.map(|value| value.to_string());
        let tenant = act.tenant.unwrap_or(REGION);
        let head = Head::hold(work, tenant).await?;
        let (id, before, after) = (Uuid::now_v7().to_string(), text(act.before), text(act.after));
        let link = Link {
            tenant,
            number: head.number + 1,
            id: &id,
            time_ms: now_ms(),
            author: &self.terms.author,
            ip: self.terms.ip.as_deref(),
            action: act.action,
            object: act.object,
            before: before.as_deref(),
            after: after.as_deref(),
            reason: self.terms.reason.as_deref(),
            revision: act.revision.map(|revision| bigint(revision.0)),
        };
        let hash = link.hash(&head.hash);
        sqlx::query(
            "INSERT INTO audit (id, tenant, time_ms, author, action, object, before, after, reason, revision, ip, number, \
             hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        )
        .bind(link.id)
        .bind(link.tenant)
        .bind(link.time_ms)
        .bind(link.author)
        .bind(link.action)
        .bind(link.object)
        .bind(link.before)
        .bind(link.after)
        .bind(link.reason)
        .bind(link.revision)
        .bind(link.ip)
        .bind(link.number)
        .bind(hash.as_str())
        .execute(&mut *work)
        .await?;
        let number = link.number;
        Head { number, hash, ..head }.set(work, tenant).await
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
        ip: row.try_get("ip")?,
        action: row.try_get("action")?,
        object: row.try_get("object")?,
        before: json("before")?,
        after: json("after")?,
        reason: row.try_get("reason")?,
        revision: row.try_get("revision")?,
        number: row.try_get("number")?,
        hash: row.try_get("hash")?,
    })
}

/// No id of an act at this time or later is less: ids are UUIDv7, and begin with the time (RFC 9562, section 5.7).
pub(super) fn first_id(time_ms: i64) -> String {
    format!("{:08x}-{:04x}", time_ms >> 16, time_ms & 0xffff)
}
