//! Tenants that leave. Somebody's mail still comes here for as long as a connector at Microsoft 365 says so, and to refuse
//! it would return it to its sender: a tenant that leaves is relayed unsigned, and removed when no mail has come for
//! [`QUIET_MS`].

use std::collections::BTreeSet;

use serde_json::json;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::audit::Act;
use super::backend::Scope;
use super::change::Touches;
use super::{Decision, Store, StoreError, put, read, within};
use crate::tenant::{Mode, Revision, TenantId};

/// So long without mail, and the tenant is removed: 30 days.
pub const QUIET_MS: i64 = 30 * 24 * 3_600_000;

/// Tenants that are looked at, at a time.
const SOME: i64 = 256;

/// How a tenant leaves. Unix times in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leaving {
    pub since_ms: i64,
    /// The newest message since then; the beginning if there was none.
    pub last_mail_ms: i64,
}

impl Leaving {
    /// When it is removed, if no more mail comes.
    pub fn ends_ms(self) -> i64 {
        self.last_mail_ms.saturating_add(QUIET_MS)
    }
}

impl Store {
    pub async fn leaving(&self, tenant: &TenantId) -> Result<Option<Leaving>, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Tenant(tenant.as_str())).await?;
            of(&mut work, tenant.as_str()).await
        })
        .await
    }

    /// Lets a tenant leave: from now on its mail is relayed unsigned.
    ///
    /// # Errors
    /// [`StoreError::Leaving`] when it does already.
    pub async fn leave(&self, tenant: &TenantId, now_ms: i64) -> Result<Revision, StoreError> {
        within(async {
            let id = tenant.as_str();
            let mut work = self.backend.write(Scope::Tenant(id)).await?;
            let revision = self.begin_change(&mut work, id, now_ms, Touches::Rules).await?;
            let mut file = read::settings(&mut work, tenant).await?;
            must_stay(&mut work, id).await?;
            sqlx::query("INSERT INTO leaving (tenant, since_ms, last_mail_ms, mode) VALUES ($1, $2, $2, $3)")
                .bind(id)
                .bind(now_ms)
                .bind(put::json(&(&file.mode, &file.mode_ends))?)
                .execute(&mut *work)
                .await?;
            let before = Some(json!({"mode": file.mode}));
            (file.mode, file.mode_ends) = (Mode::Bypass, None);
            put::settings(&mut work, &file, now_ms).await?;
            let after = Some(json!({"mode": file.mode}));
            let act =
                Act { tenant: Some(id), action: "tenant.leave", object: "", before, after, revision: Some(revision) };
            self.witness(&mut work, act).await?;
            self.finish(work, &[id]).await?;
            Ok(revision)
        })
        .await
    }

    /// Lets it stay after all, as it was.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] when it does not leave.
    pub async fn stay(&self, tenant: &TenantId, now_ms: i64) -> Result<Revision, StoreError> {
        within(async {
            let id = tenant.as_str();
            let mut work = self.backend.write(Scope::Tenant(id)).await?;
            let revision = self.begin_change(&mut work, id, now_ms, Touches::Rules).await?;
            let mut file = read::settings(&mut work, tenant).await?;
            let row = sqlx::query("DELETE FROM leaving WHERE tenant = $1 RETURNING mode").bind(id);
            let row = row.fetch_optional(&mut *work).await?;
            let row = row.ok_or_else(|| StoreError::Unknown { what: "leaving of", id: id.to_owned() })?;
            (file.mode, file.mode_ends) = read::parse(row.try_get("mode")?)?;
            put::settings(&mut work, &file, now_ms).await?;
            let after = Some(json!({"mode": file.mode}));
            let (action, before) = ("tenant.stay", None);
            let act = Act { tenant: Some(id), action, object: "", before, after, revision: Some(revision) };
            self.witness(&mut work, act).await?;
            self.finish(work, &[id]).await?;
            Ok(revision)
        })
        .await
    }

    /// Notes which of the tenants that leave still have mail.
    pub(super) async fn note_mail(&self, decisions: &[Decision]) -> Result<(), StoreError> {
        let leaving: BTreeSet<String> = within(async {
            let mut work = self.backend.read(Scope::Region).await?;
            let rows = sqlx::query("SELECT tenant FROM leaving").fetch_all(&mut *work).await?;
            Ok(rows.iter().map(|row| row.try_get("tenant")).collect::<Result<_, _>>()?)
        })
        .await?;
        let of_leaving = decisions.iter().filter(|decision| leaving.contains(decision.tenant.as_str()));
        for tenant in of_leaving.clone().map(|decision| &decision.tenant).collect::<BTreeSet<_>>() {
            let newest = of_leaving.clone().filter(|decision| decision.tenant == *tenant).map(|one| one.time_ms).max();
            within(async {
                let mut work = self.backend.write(Scope::Tenant(tenant.as_str())).await?;
                sqlx::query("UPDATE leaving SET last_mail_ms = $1 WHERE tenant = $2 AND last_mail_ms < $1")
                    .bind(newest.unwrap_or_default())
                    .bind(tenant.as_str())
                    .execute(&mut *work)
                    .await?;
                Ok(work.commit().await?)
            })
            .await?;
        }
        Ok(())
    }

    /// Removes the tenants that leave and had no mail for long enough. Gives their number.
    pub async fn remove_the_left(&self, now_ms: i64) -> Result<u64, StoreError> {
        let quiet_since = now_ms.saturating_sub(QUIET_MS);
        let left = within(async {
            let mut work = self.backend.read(Scope::Region).await?;
            let rows = sqlx::query("SELECT tenant FROM leaving WHERE last_mail_ms <= $1 ORDER BY tenant LIMIT $2")
                .bind(quiet_since)
                .bind(SOME)
                .fetch_all(&mut *work)
                .await?;
            let mut left = Vec::with_capacity(rows.len());
            for row in &rows {
                left.extend(TenantId::parse(row.try_get("tenant")?));
            }
            Ok(left)
        })
        .await?;
        let mut removed = 0;
        for tenant in left {
            match self.delete(&tenant).await {
                Ok(()) => removed += 1,
                // Another process was quicker.
                Err(StoreError::UnknownTenant(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(removed)
    }
}

/// # Errors
/// [`StoreError::Leaving`] of a tenant that leaves.
pub(super) async fn must_stay(work: &mut AnyConnection, tenant: &str) -> Result<(), StoreError> {
    match of(work, tenant).await? {
        None => Ok(()),
        Some(_) => Err(StoreError::Leaving(tenant.to_owned())),
    }
}

async fn of(work: &mut AnyConnection, tenant: &str) -> Result<Option<Leaving>, StoreError> {
    let row = sqlx::query("SELECT since_ms, last_mail_ms FROM leaving WHERE tenant = $1").bind(tenant);
    row.fetch_optional(work).await?.as_ref().map(leaving).transpose()
}

fn leaving(row: &AnyRow) -> Result<Leaving, StoreError> {
    Ok(Leaving { since_ms: row.try_get("since_ms")?, last_mail_ms: row.try_get("last_mail_ms")? })
}
