//! Every version of every signature: what it was, since when, and who made it so. Written by the transaction that
//! changes the signature, so that no change goes without. Going back makes a new version.

use std::collections::HashMap;

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Row};

use super::backend::Scope;
use super::put::json;
use super::rows::Difference;
use super::statement::{pieces, rows};
use super::tally::Versions;
use super::{Store, StoreError, backend, read, within};
use crate::tenant::{Revision, SignatureEntry, TenantId};

/// Versions of one signature that are kept.
const KEPT: i64 = 100;

/// A signature as it was from a time on.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    /// From 1 up.
    pub number: i64,
    /// Unix time in milliseconds.
    pub time_ms: i64,
    pub author: String,
    /// `None`: it was removed.
    pub signature: Option<SignatureEntry>,
}

impl Store {
    /// What became of a signature, the newest version first.
    pub async fn history(&self, tenant: &TenantId, signature: &str) -> Result<Vec<Version>, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Tenant(tenant.as_str())).await?;
            let rows = sqlx::query(
                "SELECT version, time_ms, author, data FROM history \
                 WHERE tenant = $1 AND kind = 'signature' AND id = $2 ORDER BY version DESC",
            )
            .bind(tenant.as_str())
            .bind(signature)
            .fetch_all(&mut *work)
            .await?;
            rows.iter().map(version).collect()
        })
        .await
    }

    /// Makes a signature what it was at a version; one that is gone comes back at the end of the list.
    ///
    /// # Errors
    /// [`StoreError::Problems`] when it does not fit the tenant any more, for example for want of an image.
    pub async fn restore(&self, tenant: &TenantId, signature: &str, version: i64) -> Result<Revision, StoreError> {
        within(async {
            let mut library = self.open_library(tenant).await?;
            let entry = self.version(&mut library.work, tenant, signature, version).await?;
            match library.file.signatures.iter_mut().find(|one| one.id == signature) {
                Some(there) => *there = entry,
                None => library.file.signatures.push(entry),
            }
            self.save_library(library, "signature.restore", signature).await
        })
        .await
    }

    async fn version(
        &self,
        work: &mut AnyConnection,
        tenant: &TenantId,
        signature: &str,
        version: i64,
    ) -> Result<SignatureEntry, StoreError> {
        let row = sqlx::query(
            "SELECT data FROM history WHERE tenant = $1 AND kind = 'signature' AND id = $2 AND version = $3",
        )
        .bind(tenant.as_str())
        .bind(signature)
        .bind(version)
        .fetch_optional(work)
        .await?;
        let data: Option<String> = row.map(|row| row.try_get("data")).transpose()?.flatten();
        let data = data.ok_or_else(|| StoreError::UnknownVersion { signature: signature.to_owned(), version })?;
        read::parse(&data)
    }

    /// Adds versions of signatures that are new, changed or gone.
    pub(super) async fn remember(
        &self,
        work: &mut AnyConnection,
        tenant: &str,
        signatures: &[SignatureEntry],
        difference: &Difference,
        now_ms: i64,
    ) -> Result<Vec<Versions>, StoreError> {
        let changed = difference.written.iter().filter(|written| written.changed);
        let mut new: Vec<(&str, Option<String>)> = Vec::new();
        for signature in changed.filter_map(|written| signatures.get(written.at)) {
            new.push((&signature.id, Some(json(signature)?)));
        }
        new.extend(difference.removed.iter().map(|id| (id.as_str(), None)));
        if new.is_empty() {
            return Ok(Vec::new());
        }
        let newest = newest(work, tenant).await?;
        for piece in pieces(&new) {
            let sql = format!(
                "INSERT INTO history (tenant, kind, id, version, time_ms, author, data) VALUES {}",
                rows(backend::is_postgres(work), 1, piece.len(), 7)
            );
            let query = piece.iter().fold(sqlx::query(AssertSqlSafe(sql)), |query, (id, data)| {
                let version = newest.get(*id).copied().unwrap_or_default() + 1;
                query
                    .bind(tenant)
                    .bind("signature")
                    .bind(*id)
                    .bind(version)
                    .bind(now_ms)
                    .bind(&*self.terms.author)
                    .bind(data.as_deref())
            });
            query.execute(&mut *work).await?;
        }
        for id in new.iter().map(|(id, _)| *id).filter(|id| newest.get(*id).is_some_and(|newest| *newest >= KEPT)) {
            sqlx::query("DELETE FROM history WHERE tenant = $1 AND kind = 'signature' AND id = $2 AND version <= $3")
                .bind(tenant)
                .bind(id)
                .bind(newest.get(id).copied().unwrap_or_default() + 1 - KEPT)
                .execute(&mut *work)
                .await?;
        }
        let versions = new.iter().map(|(id, data)| {
            let before = newest.get(*id).copied();
            let after = data.as_ref().map(|_| before.unwrap_or_default() + 1);
            Versions { id: (*id).to_owned(), before, after }
        });
        Ok(versions.collect())
    }
}

async fn newest(work: &mut AnyConnection, tenant: &str) -> Result<HashMap<String, i64>, StoreError> {
    let rows = sqlx::query(
        "SELECT id, MAX(version) AS newest FROM history WHERE tenant = $1 AND kind = 'signature' GROUP BY id",
    )
    .bind(tenant)
    .fetch_all(work)
    .await?;
    rows.iter().map(|row| Ok((row.try_get("id")?, row.try_get("newest")?))).collect()
}

fn version(row: &AnyRow) -> Result<Version, StoreError> {
    let data: Option<&str> = row.try_get("data")?;
    Ok(Version {
        number: row.try_get("version")?,
        time_ms: row.try_get("time_ms")?,
        author: row.try_get("author")?,
        signature: data.map(read::parse).transpose()?,
    })
}
