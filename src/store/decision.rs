//! Decision records: what was decided about each message, without its content.
//!
//! Addresses and Message-ID are sealed with a key derived from the tenant's trace key, and found again by keyed
//! hashes; with the tenant's secrets gone, no record opens. Kept as long as the tenant says, 0 to 365 days.
//! `record.rs` writes them.

use std::ops::Range;

use serde::Deserialize;
use sqlx::Row;
use sqlx::any::AnyRow;
use uuid::Uuid;

use super::backend::Scope;
use super::seal::{Hasher, Sealer};
use super::{Store, StoreError, within};
use crate::events::{Stages, Verdict};
use crate::imprint::{Kind, Reason};
use crate::tenant::{Revision, TenantId};

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
    pub legs: Vec<Leg>,
    pub revision: Revision,
    pub octets_in: u64,
    pub octets_out: u64,
    pub next_hop_code: Option<u16>,
    pub verdict: Verdict,
    pub stages: Stages,
}

/// What one group of recipients got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leg {
    /// Ids of signatures.
    Signed(Vec<String>),
    Left(Reason),
    /// Had the message already, by the ledger: nothing went out.
    Repeated,
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

/// What is looked for among the records of one tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sought {
    MessageId(String),
    /// Sender or recipient, without case.
    Address(String),
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
    /// The newest records of one tenant that fit, at most `most`.
    pub async fn decisions(&self, tenant: &TenantId, sought: &Sought, most: u32) -> Result<Vec<Recorded>, StoreError> {
        self.decisions_between(tenant, Some(sought), 0..i64::MAX, most).await
    }

    /// The same within a time (unix milliseconds); without something sought, all of it.
    pub async fn decisions_between(
        &self,
        tenant: &TenantId,
        sought: Option<&Sought>,
        time_ms: Range<i64>,
        most: u32,
    ) -> Result<Vec<Recorded>, StoreError> {
        let secrets = self.secrets(tenant).await?;
        let hasher = Hasher::new(&secrets.trace_key)?;
        let key = Sealer::of_records(&secrets.trace_key)?;
        let (sql, hash) = match sought {
            Some(Sought::MessageId(id)) => (
                "SELECT * FROM decision WHERE tenant = $1 AND message_id_hash = $2 AND time_ms >= $3 AND time_ms < $4 \
                 ORDER BY time_ms DESC LIMIT $5",
                hasher.hash("message_id", id),
            ),
            Some(Sought::Address(address)) => (
                "SELECT * FROM decision WHERE tenant = $1 AND (sender_hash = $2 \
                 OR recipient_hashes LIKE '%' || $2 || '%') AND time_ms >= $3 AND time_ms < $4 \
                 ORDER BY time_ms DESC LIMIT $5",
                address_hash(&hasher, address),
            ),
            None => (
                "SELECT * FROM decision WHERE tenant = $1 AND $2 = '' AND time_ms >= $3 AND time_ms < $4 \
                 ORDER BY time_ms DESC LIMIT $5",
                String::new(),
            ),
        };
        within(async {
            let mut work = self.backend.read(Scope::Tenant(tenant.as_str())).await?;
            let rows = sqlx::query(sql)
                .bind(tenant.as_str())
                // `_` is a letter of base64url and a joker of LIKE; without meaning at this length.
                .bind(hash)
                .bind(time_ms.start)
                .bind(time_ms.end)
                .bind(i64::from(most))
                .fetch_all(&mut *work)
                .await?;
            rows.iter().map(|row| recorded(&key, row)).collect()
        })
        .await
    }

    /// Deletes the records that have had their time. Gives their number.
    pub async fn delete_old_decisions(&self, now_ms: i64) -> Result<u64, StoreError> {
        within(async {
            let mut work = self.backend.write(Scope::Region).await?;
            let done = sqlx::query(
                "DELETE FROM decision WHERE time_ms < \
                 (SELECT $1 - tenant.retention_days * 86400000 FROM tenant WHERE tenant.id = decision.tenant)",
            )
            .bind(now_ms)
            .execute(&mut *work)
            .await?;
            work.commit().await?;
            Ok(done.rows_affected())
        })
        .await
    }
}

pub(super) fn address_hash(hasher: &Hasher, address: &str) -> String {
    hasher.hash("address", &address.to_lowercase())
}

fn recorded(key: &Sealer, row: &AnyRow) -> Result<Recorded, StoreError> {
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
