//! Letting old acts go. The head keeps the number and the hash of the last one that went, so that those behind it are
//! proven as before; that they went, and how many, is an act itself.

use serde_json::json;
use sqlx::Row;

use super::chain::Head;
use super::{Act, REGION};
use crate::store::backend::Scope;
use crate::store::{Store, StoreError, within};
use crate::tenant::TenantId;

/// Acts in one transaction.
const SOME: i64 = 5000;

impl Store {
    /// Lets the acts of a tenant, or of the region as a whole, go that were done before a time. Gives their number.
    pub async fn expire_acts(&self, tenant: Option<&TenantId>, before_ms: i64) -> Result<u64, StoreError> {
        let mut gone = 0;
        loop {
            match within(self.expire_some(tenant, before_ms)).await? {
                0 => return Ok(gone),
                some => gone += some,
            }
        }
    }

    async fn expire_some(&self, tenant: Option<&TenantId>, before_ms: i64) -> Result<u64, StoreError> {
        let (scope, whose) = match tenant {
            Some(tenant) => (Scope::Tenant(tenant.as_str()), tenant.as_str()),
            None => (Scope::Region, REGION),
        };
        let mut work = self.backend.write(scope).await?;
        let head = Head::hold(&mut work, whose).await?;
        // All up to it are as old.
        let last = sqlx::query(
            "SELECT number, hash FROM audit WHERE tenant = $1 AND number <= $2 AND number < COALESCE((SELECT MIN(number) \
             FROM audit WHERE tenant = $1 AND time_ms >= $3), 9223372036854775807) ORDER BY number DESC LIMIT 1",
        );
        let last = last.bind(whose).bind(head.expired + SOME).bind(before_ms).fetch_optional(&mut *work).await?;
        let Some(last) = last else { return Ok(0) };
        let head = Head { expired: last.try_get("number")?, expired_hash: last.try_get("hash")?, ..head };
        head.set(&mut work, whose).await?;
        let gone = sqlx::query("DELETE FROM audit WHERE tenant = $1 AND number <= $2")
            .bind(whose)
            .bind(head.expired)
            .execute(&mut *work)
            .await?
            .rows_affected();
        let after = Some(json!({"acts": gone, "up_to": head.expired}));
        let (tenant, action) = (tenant.map(TenantId::as_str), "audit.expire");
        self.witness(&mut work, Act { tenant, action, object: "", before: None, after, revision: None }).await?;
        work.commit().await?;
        Ok(gone)
    }
}
