//! The chain of acts of one tenant, or of the region: which act follows which, and the hash of each.
//!
//! The hash is SHA-256, in hex, over a JSON array of the hash of the act before (empty for the first) and all that the row
//! holds, in the order of [`Link`]; `before` and `after` are the texts as they are stored. It has no key: whoever can
//! write the whole trail anew, its head included, is found by comparing the head with one that was noted elsewhere.

use aws_lc_rs::digest::{SHA256, digest};
use serde_json::json;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use crate::store::backend::Scope;
use crate::store::{Store, StoreError, octets, within, within_for};

/// Acts that one transaction takes into a chain.
const SOME: i64 = 500;

/// Where a chain ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    /// Of the last act.
    pub number: i64,
    pub hash: String,
    /// Of the last act that has expired.
    pub expired: i64,
    pub expired_hash: String,
}

/// What an act's hash covers, beside the hash of the act before.
#[derive(Debug)]
pub(super) struct Link<'a> {
    pub tenant: &'a str,
    pub number: i64,
    pub id: &'a str,
    pub time_ms: i64,
    pub author: &'a str,
    pub ip: Option<&'a str>,
    pub action: &'a str,
    pub object: &'a str,
    pub before: Option<&'a str>,
    pub after: Option<&'a str>,
    pub reason: Option<&'a str>,
    pub revision: Option<i64>,
}

impl Head {
    /// The head of a chain, made if it is not there. It is held until the transaction ends.
    pub async fn hold(work: &mut AnyConnection, tenant: &str) -> Result<Head, StoreError> {
        let row = sqlx::query(
            "INSERT INTO audit_head (tenant, number, hash) VALUES ($1, 0, '') \
             ON CONFLICT (tenant) DO UPDATE SET number = audit_head.number \
             RETURNING number, hash, expired, expired_hash",
        );
        Head::of(&row.bind(tenant).fetch_one(work).await?)
    }

    /// The same, only looked at.
    pub async fn read(work: &mut AnyConnection, tenant: &str) -> Result<Option<Head>, StoreError> {
        let row = sqlx::query("SELECT number, hash, expired, expired_hash FROM audit_head WHERE tenant = $1");
        row.bind(tenant).fetch_optional(work).await?.as_ref().map(Head::of).transpose()
    }

    pub async fn set(&self, work: &mut AnyConnection, tenant: &str) -> Result<(), StoreError> {
        sqlx::query("UPDATE audit_head SET number = $1, hash = $2, expired = $3, expired_hash = $4 WHERE tenant = $5")
            .bind(self.number)
            .bind(self.hash.as_str())
            .bind(self.expired)
            .bind(self.expired_hash.as_str())
            .bind(tenant)
            .execute(work)
            .await?;
        Ok(())
    }

    fn of(row: &AnyRow) -> Result<Head, StoreError> {
        Ok(Head {
            number: row.try_get("number")?,
            hash: row.try_get("hash")?,
            expired: row.try_get("expired")?,
            expired_hash: row.try_get("expired_hash")?,
        })
    }
}

impl<'a> Link<'a> {
    /// A row as it is, at a number.
    pub fn of(row: &'a AnyRow, number: i64) -> Result<Link<'a>, StoreError> {
        Ok(Link {
            tenant: row.try_get("tenant")?,
            number,
            id: row.try_get("id")?,
            time_ms: row.try_get("time_ms")?,
            author: row.try_get("author")?,
            ip: row.try_get("ip")?,
            action: row.try_get("action")?,
            object: row.try_get("object")?,
            before: row.try_get("before")?,
            after: row.try_get("after")?,
            reason: row.try_get("reason")?,
            revision: row.try_get("revision")?,
        })
    }

    /// The hash of this act behind the one with that hash.
    pub fn hash(&self, previous: &str) -> String {
        let content = json!([
            previous,
            self.tenant,
            self.number,
            self.id,
            self.time_ms,
            self.author,
            self.ip,
            self.action,
            self.object,
            self.before,
            self.after,
            self.reason,
            self.revision,
        ]);
        let hash = digest(&SHA256, content.to_string().as_bytes());
        hash.as_ref().iter().map(|octet| format!("{octet:02x}")).collect()
    }
}

impl Store {
    /// Takes acts into their chains that were written before there were any, or by a program of that time.
    pub(in crate::store) async fn chain_old_acts(&self) -> Result<(), StoreError> {
        loop {
            let tenant = within(async {
                let mut work = self.backend.read(Scope::Region).await?;
                let row = sqlx::query("SELECT tenant FROM audit WHERE number IS NULL LIMIT 1");
                let row = row.fetch_optional(&mut *work).await?;
                Ok(row.map(|row| row.try_get::<String, _>("tenant")).transpose()?)
            });
            let Some(tenant) = tenant.await? else { return Ok(()) };
            within_for(octets(500), self.chain_some(&tenant)).await?;
        }
    }

    async fn chain_some(&self, tenant: &str) -> Result<(), StoreError> {
        let mut work = self.backend.write(Scope::Region).await?;
        let mut head = Head::hold(&mut work, tenant).await?;
        let rows = sqlx::query("SELECT * FROM audit WHERE tenant = $1 AND number IS NULL ORDER BY id LIMIT $2");
        for row in rows.bind(tenant).bind(SOME).fetch_all(&mut *work).await? {
            let link = Link::of(&row, head.number + 1)?;
            (head.number, head.hash) = (link.number, link.hash(&head.hash));
            sqlx::query("UPDATE audit SET number = $1, hash = $2 WHERE id = $3")
                .bind(head.number)
                .bind(head.hash.as_str())
                .bind(link.id)
                .execute(&mut *work)
                .await?;
        }
        head.set(&mut work, tenant).await?;
        Ok(work.commit().await?)
    }
}
