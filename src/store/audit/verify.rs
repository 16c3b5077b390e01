//! Whether a chain of acts is as it was written: every hash is computed anew, from the first act that is kept to the
//! head. An act that was changed, taken out, put in or put elsewhere is found.

use futures_util::TryStreamExt;
use sqlx::Row;

use super::REGION;
use super::chain::{Head, Link};
use crate::store::backend::{Scope, allow};
use crate::store::{Store, StoreError, patience, within, within_for};
use crate::tenant::TenantId;

/// What the examination of a chain has shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verification {
    /// Acts that are kept and in order, up to what is broken.
    pub acts: u64,
    /// Unix milliseconds of the first of them.
    pub since_ms: Option<i64>,
    /// Acts that had expired.
    pub expired: i64,
    /// Number and hash of the last act, by which the whole trail can be compared later.
    pub number: i64,
    pub hash: String,
    /// The first fault.
    pub broken: Option<Broken>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    pub what: Tampering,
    /// The number of the act.
    pub number: i64,
    /// When it was done, as far as it is there.
    pub time_ms: Option<i64>,
}

/// What was done to a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tampering {
    /// The act is not what was written, or stands at another place.
    Changed,
    /// The act of this number is not there.
    Removed,
    /// An act that nobody has taken into the chain.
    Added,
}

impl Tampering {
    pub fn word(self) -> &'static str {
        match self {
            Tampering::Changed => "changed",
            Tampering::Removed => "removed",
            Tampering::Added => "added",
        }
    }
}

impl Store {
    /// Whose acts there are: the region's (`None`) and those of tenants, also of such as are gone.
    pub async fn trails(&self) -> Result<Vec<Option<TenantId>>, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Region).await?;
            let rows = sqlx::query("SELECT tenant FROM audit_head ORDER BY tenant").fetch_all(&mut *work).await?;
            rows.iter().map(|row| Ok(TenantId::parse(row.try_get("tenant")?))).collect()
        })
        .await
    }

    /// Examines the acts of a tenant, or of the region as a whole.
    pub async fn verify_audit(&self, tenant: Option<&TenantId>) -> Result<Verification, StoreError> {
        let (scope, whose) = match tenant {
            Some(tenant) => (Scope::Tenant(tenant.as_str()), tenant.as_str()),
            None => (Scope::Region, REGION),
        };
        let mut work = within(self.backend.read(scope)).await?;
        let head = within(Head::read(&mut work, whose)).await?;
        let rows = head.as_ref().and_then(|head| u64::try_from(head.number - head.expired).ok()).unwrap_or_default();
        allow(&mut work, patience(rows)).await?;
        within_for(rows, async {
            // Without a head, the trail is empty.
            let head = head.unwrap_or(Head { number: 0, hash: String::new(), expired: 0, expired_hash: String::new() });
            let mut found = Verification {
                expired: head.expired,
                number: head.number,
                hash: head.hash.clone(),
                ..Verification::default()
            };
            let (mut number, mut hash) = (head.expired, head.expired_hash);
            let mut acts = sqlx::query("SELECT * FROM audit WHERE tenant = $1 AND number IS NOT NULL ORDER BY number")
                .bind(whose)
                .fetch(&mut *work);
            while let Some(row) = acts.try_next().await? {
                let (own, time_ms): (i64, i64) = (row.try_get("number")?, row.try_get("time_ms")?);
                number += 1;
                if own > number {
                    found.broken = Some(Broken { what: Tampering::Removed, number, time_ms: None });
                    return Ok(found);
                }
                hash = Link::of(&row, own)?.hash(&hash);
                if own < number || row.try_get::<Option<&str>, _>("hash")? != Some(hash.as_str()) {
                    found.broken = Some(Broken { what: Tampering::Changed, number: own, time_ms: Some(time_ms) });
                    return Ok(found);
                }
                found.acts += 1;
                found.since_ms = found.since_ms.or(Some(time_ms));
            }
            drop(acts);
            found.broken = match number.cmp(&head.number) {
                std::cmp::Ordering::Less => {
                    Some(Broken { what: Tampering::Removed, number: number + 1, time_ms: None })
                }
                std::cmp::Ordering::Greater => Some(Broken { what: Tampering::Added, number, time_ms: None }),
                std::cmp::Ordering::Equal if hash != head.hash => {
                    Some(Broken { what: Tampering::Changed, number, time_ms: None })
                }
                std::cmp::Ordering::Equal => None,
            };
            if found.broken.is_none() {
                let strays = sqlx::query("SELECT time_ms FROM audit WHERE tenant = $1 AND number IS NULL LIMIT 1");
                if let Some(stray) = strays.bind(whose).fetch_optional(&mut *work).await? {
                    let time_ms = Some(stray.try_get("time_ms")?);
                    found.broken = Some(Broken { what: Tampering::Added, number: number + 1, time_ms });
                }
            }
            Ok(found)
        })
        .await
    }
}
