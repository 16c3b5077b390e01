//! The brand of a tenant, beside its signatures: read by whoever draws, and set as a whole.

use serde_json::json;
use sqlx::Row;

use super::audit::Act;
use super::backend::Scope;
use super::change::Touches;
use super::rows::{Table, Whose, read as entries};
use super::{Store, StoreError, now_ms, put, read, within};
use crate::tenant::{Brand, Problem, Revision, TenantId};

impl Store {
    /// The brand as it is, and the revision at which it is so.
    pub async fn brand(&self, tenant: &TenantId) -> Result<Option<(Brand, Revision)>, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Tenant(tenant.as_str())).await?;
            let row = sqlx::query("SELECT revision FROM revision WHERE tenant = $1 AND deleted = 0");
            let Some(row) = row.bind(tenant.as_str()).fetch_optional(&mut *work).await? else { return Ok(None) };
            let revision = read::revision(row.try_get("revision")?)?;
            Ok(Some((read::settings(&mut work, tenant).await?.brand, revision)))
        })
        .await
    }

    /// Sets the brand. Edges read rules anew for it, as for any change, and no people; no mail changes.
    ///
    /// # Errors
    /// [`StoreError::Problems`] with places in the brand.
    pub async fn set_brand(&self, tenant: &TenantId, brand: Brand) -> Result<Revision, StoreError> {
        within(async {
            let (id, now) = (tenant.as_str(), now_ms());
            let mut work = self.backend.write(Scope::Tenant(id)).await?;
            let revision = self.begin_change(&mut work, id, now, Touches::Rules).await?;
            let mut file = read::settings(&mut work, tenant).await?;
            let before = Some(json!({"brand": std::mem::replace(&mut file.brand, brand)}));
            file.images =
                entries(&mut work, Table::Image, &[id], Whose::File).await?.remove(id).transpose()?.unwrap_or_default();
            let of_brand = |problem: Problem| {
                let place = problem.place.strip_prefix("/brand")?;
                Some(Problem::at(place, problem.message))
            };
            let problems: Vec<_> = file.problems().into_iter().filter_map(of_brand).collect();
            if !problems.is_empty() {
                return Err(StoreError::Problems(problems));
            }
            put::settings(&mut work, &file, now).await?;
            let (action, after) = ("brand.set", Some(json!({"brand": file.brand})));
            let act = Act { tenant: Some(id), action, object: "", before, after, revision: Some(revision) };
            self.witness(&mut work, act).await?;
            self.finish(work, &[id]).await?;
            Ok(revision)
        })
        .await
    }
}
