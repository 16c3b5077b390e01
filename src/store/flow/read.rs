//! Reading the counts of one tenant within a time, in steps.

use std::collections::BTreeMap;
use std::ops::Range;

use futures_util::TryStreamExt;
use sqlx::Row;

use super::counts::Counts;
use super::floor;
use crate::store::backend::Scope;
use crate::store::{Store, StoreError, within};
use crate::tenant::TenantId;

/// What came through within a time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Flow {
    /// By the beginning of each step in which something came.
    pub steps: BTreeMap<i64, Counts>,
    pub sites: BTreeMap<String, Counts>,
}

impl Flow {
    pub fn sum(&self) -> Counts {
        let mut sum = Counts::default();
        self.steps.values().for_each(|counts| sum.add(counts));
        sum
    }
}

impl Store {
    /// The minute, or once that is past the hour or day, in which the newest message came; known also of a tenant that keeps
    /// no records.
    pub async fn newest_flow(&self, tenant: &TenantId) -> Result<Option<i64>, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Tenant(tenant.as_str())).await?;
            let row = sqlx::query(NEWEST).bind(tenant.as_str()).fetch_optional(&mut *work).await?;
            Ok(row.map(|row| row.try_get("start_ms")).transpose()?)
        })
        .await
    }

    /// The counts within a time. It begins and ends with a step, and a step is no shorter than what is kept of it.
    pub async fn flow(&self, tenant: &TenantId, time_ms: Range<i64>, step_ms: i64) -> Result<Flow, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Tenant(tenant.as_str())).await?;
            let known = sqlx::query("SELECT id FROM tenant WHERE id = $1").bind(tenant.as_str());
            if known.fetch_optional(&mut *work).await?.is_none() {
                return Err(StoreError::UnknownTenant(tenant.as_str().to_owned()));
            }
            let mut rows =
                sqlx::query(READ).bind(tenant.as_str()).bind(time_ms.start).bind(time_ms.end).fetch(&mut *work);
            let mut flow = Flow::default();
            while let Some(row) = rows.try_next().await? {
                let counts: Counts = serde_json::from_str(row.try_get("counts")?)
                    .map_err(|_| StoreError::Corrupt("counts of messages".to_owned()))?;
                flow.steps.entry(floor(row.try_get("start_ms")?, step_ms)).or_default().add(&counts);
                flow.sites.entry(row.try_get("site")?).or_default().add(&counts);
            }
            Ok(flow)
        })
        .await
    }
}

const NEWEST: &str = "SELECT start_ms FROM flow WHERE tenant = $1 ORDER BY start_ms DESC LIMIT 1";

pub(in crate::store) const READ: &str =
    "SELECT start_ms, site, counts FROM flow WHERE tenant = $1 AND start_ms >= $2 AND start_ms < $3";
