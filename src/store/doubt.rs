//! What the ledger has in doubt, kept beyond the process: keyed hashes, reply codes and times, nothing of a message.
//!
//! Written in the background; the mail path never waits for it.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::backend::Scope;
use super::{Store, StoreError, within};
use crate::tenant::TenantId;

/// Keyed hash of 16 octets.
pub type Hash = [u8; 16];

/// A message that the next hop has, and whose sender may not know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    pub tenant: TenantId,
    pub fingerprint: Hash,
    pub proof: Hash,
    pub recipients: Vec<Hash>,
    /// Of the next hop's answer.
    pub code: u16,
    /// The same, for example `2.6.0`; may be empty.
    pub enhanced: String,
    /// Unix time in milliseconds of that answer.
    pub since_ms: i64,
}

/// One change of what is in doubt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DoubtChange {
    Keep(Doubt),
    /// The sender knows now, or the entry was of another message.
    Remove(Doubt),
}

impl Store {
    /// Carries the changes out, in order and in one transaction. Doubts of tenants that are gone are passed over.
    pub async fn change_doubts(&self, changes: &[DoubtChange]) -> Result<(), StoreError> {
        match self.try_change_doubts(changes).await {
            // Two edges have some of the same messages in doubt, and wrote them in different orders.
            Err(StoreError::Conflict) => self.try_change_doubts(changes).await,
            done => done,
        }
    }

    async fn try_change_doubts(&self, changes: &[DoubtChange]) -> Result<(), StoreError> {
        within(async {
            let mut work = self.backend.write(Scope::Region).await?;
            for change in changes {
                match change {
                    DoubtChange::Keep(doubt) => insert(&mut work, doubt).await?,
                    DoubtChange::Remove(doubt) => {
                        sqlx::query("DELETE FROM doubt WHERE id = $1").bind(id(doubt)).execute(&mut *work).await?;
                    }
                }
            }
            work.commit().await?;
            Ok(())
        })
        .await
    }

    /// Everything since `since_ms`, oldest first, at most `most` of the newest.
    pub async fn doubts(&self, since_ms: i64, most: u32) -> Result<Vec<Doubt>, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Region).await?;
            let rows = sqlx::query("SELECT * FROM doubt WHERE since_ms >= $1 ORDER BY since_ms DESC LIMIT $2")
                .bind(since_ms)
                .bind(i64::from(most))
                .fetch_all(&mut *work)
                .await?;
            rows.iter().rev().map(doubt).collect()
        })
        .await
    }

    /// Deletes what is older. Gives the number.
    pub async fn delete_old_doubts(&self, before_ms: i64) -> Result<u64, StoreError> {
        within(async {
            let mut work = self.backend.write(Scope::Region).await?;
            let done = sqlx::query("DELETE FROM doubt WHERE since_ms < $1").bind(before_ms).execute(&mut *work).await?;
            work.commit().await?;
            Ok(done.rows_affected())
        })
        .await
    }
}

async fn insert(work: &mut AnyConnection, doubt: &Doubt) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO doubt (id, tenant, fingerprint, proof, recipients, code, enhanced, since_ms) \
         SELECT $1, tenant.id, $3, $4, $5, $6, $7, $8 FROM tenant WHERE tenant.id = $2 \
         ON CONFLICT (id) DO UPDATE SET since_ms = excluded.since_ms",
    )
    .bind(id(doubt))
    .bind(doubt.tenant.as_str())
    .bind(URL_SAFE_NO_PAD.encode(doubt.fingerprint))
    .bind(URL_SAFE_NO_PAD.encode(doubt.proof))
    .bind(URL_SAFE_NO_PAD.encode(doubt.recipients.as_flattened()))
    .bind(i64::from(doubt.code))
    .bind(&doubt.enhanced)
    .bind(doubt.since_ms)
    .execute(work)
    .await?;
    Ok(())
}

/// The same message to the same recipients, whenever it was taken.
fn id(doubt: &Doubt) -> String {
    let all = [&doubt.fingerprint[..], &doubt.proof, doubt.recipients.as_flattened()].concat();
    URL_SAFE_NO_PAD.encode(digest(&SHA256, &all))
}

fn doubt(row: &AnyRow) -> Result<Doubt, StoreError> {
    let octets = |column: &str| -> Result<Vec<u8>, StoreError> {
        URL_SAFE_NO_PAD.decode(row.try_get::<String, _>(column)?).map_err(|_| corrupt())
    };
    let hash = |column: &str| Hash::try_from(octets(column)?).map_err(|_| corrupt());
    let recipients = octets("recipients")?;
    let (recipients, []) = recipients.as_chunks::<16>() else { return Err(corrupt()) };
    Ok(Doubt {
        tenant: TenantId::parse(row.try_get::<String, _>("tenant")?.as_str()).ok_or_else(corrupt)?,
        fingerprint: hash("fingerprint")?,
        proof: hash("proof")?,
        recipients: recipients.to_vec(),
        code: u16::try_from(row.try_get::<i64, _>("code")?).map_err(|_| corrupt())?,
        enhanced: row.try_get("enhanced")?,
        since_ms: row.try_get("since_ms")?,
    })
}

fn corrupt() -> StoreError {
    StoreError::Corrupt("an entry of the ledger".to_owned())
}
