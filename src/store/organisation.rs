//! What an organisation says of itself beside its signatures: its name, and how long records of its mail are kept.

use serde_json::json;
use sqlx::{AnyConnection, Row};

use super::audit::Act;
use super::backend::Scope;
use super::change::Touches;
use super::{Store, StoreError, now_ms, put, read, within};
use crate::tenant::{Problem, Revision, TenantFile, TenantId};

/// Longest time for which records are kept.
const MOST_DAYS: u32 = 365;

impl Store {
    /// How many days the tenant's decision records are kept; 0: none are.
    pub async fn retention(&self, tenant: &TenantId) -> Result<u32, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Tenant(tenant.as_str())).await?;
            let row = sqlx::query("SELECT retention_days FROM tenant WHERE id = $1").bind(tenant.as_str());
            let row = row.fetch_optional(&mut *work).await?;
            let row = row.ok_or_else(|| StoreError::UnknownTenant(tenant.as_str().to_owned()))?;
            Ok(u32::try_from(row.try_get::<i64, _>("retention_days")?).unwrap_or(MOST_DAYS))
        })
        .await
    }

    /// How many days the tenant's decision records are kept; 0 keeps none.
    pub async fn set_retention(&self, tenant: &TenantId, days: u32) -> Result<(), StoreError> {
        within(async {
            let mut work = self.backend.write(Scope::Tenant(tenant.as_str())).await?;
            self.put_retention(&mut work, tenant, days).await?;
            self.settle(work).await
        })
        .await
    }

    /// The lines that begin quoted text besides those that begin it everywhere.
    pub async fn reply_separators(&self, tenant: &TenantId) -> Result<Vec<String>, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Tenant(tenant.as_str())).await?;
            Ok(read::settings(&mut work, tenant).await?.reply_separators)
        })
        .await
    }

    /// Sets the name, which everybody of the team sees, the days, and the separators, if any are given, together.
    ///
    /// # Errors
    /// [`StoreError::Problems`] with what is wrong with the name or a separator, [`StoreError::Retention`].
    pub async fn set_organisation(
        &self,
        tenant: &TenantId,
        name: &str,
        days: u32,
        separators: Option<Vec<String>>,
    ) -> Result<Revision, StoreError> {
        const TOLD: [&str; 2] = ["/name", "/reply_separators"];
        within(async {
            let (id, now) = (tenant.as_str(), now_ms());
            let mut work = self.backend.write(Scope::Tenant(id)).await?;
            let revision = self.begin_change(&mut work, id, now, Touches::Rules).await?;
            let mut file = read::settings(&mut work, tenant).await?;
            let told = |file: &TenantFile| Some(json!({"name": file.name, "reply_separators": file.reply_separators}));
            let before = told(&file);
            file.name = name.to_owned();
            file.reply_separators = separators.unwrap_or(file.reply_separators);
            let set = |problem: &Problem| TOLD.iter().any(|place| problem.place.starts_with(place));
            let problems: Vec<_> = file.problems().into_iter().filter(set).collect();
            if !problems.is_empty() {
                return Err(StoreError::Problems(problems));
            }
            put::settings(&mut work, &file, now).await?;
            let after = told(&file);
            let (action, revision) = ("organisation.set", Some(revision));
            let act = Act { tenant: Some(id), action, object: "", before, after, revision };
            self.witness(&mut work, act).await?;
            self.put_retention(&mut work, tenant, days).await?;
            self.finish(work, &[id]).await?;
            Ok(revision.unwrap_or_default())
        })
        .await
    }

    async fn put_retention(&self, work: &mut AnyConnection, tenant: &TenantId, days: u32) -> Result<(), StoreError> {
        if days > MOST_DAYS {
            return Err(StoreError::Retention(days));
        }
        let id = tenant.as_str();
        let row = sqlx::query("SELECT retention_days FROM tenant WHERE id = $1").bind(id).fetch_optional(&mut *work);
        let row = row.await?.ok_or_else(|| StoreError::UnknownTenant(id.to_owned()))?;
        let had: i64 = row.try_get("retention_days")?;
        if had == i64::from(days) {
            return Ok(());
        }
        sqlx::query("UPDATE tenant SET retention_days = $1 WHERE id = $2")
            .bind(i64::from(days))
            .bind(id)
            .execute(&mut *work)
            .await?;
        let (before, after) = (Some(json!({"days": had})), Some(json!({"days": days})));
        let act = Act { tenant: Some(id), action: "retention.set", object: "", before, after, revision: None };
        self.witness(work, act).await
    }
}
