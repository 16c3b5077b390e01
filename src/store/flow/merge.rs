//! Merging what has aged: the minutes of an hour into one row, later the hours of a day. A row of each site is left,
//! whichever processes had counted.

use std::collections::BTreeMap;

use sqlx::{AnyConnection, Row};

use super::counts::Counts;
use super::{ALL_KEPT_MS, DAY_MS, HOUR_MS, HOURS_KEPT_MS, MINUTE_MS, MINUTES_KEPT_MS, floor};
use crate::store::backend::Scope;
use crate::store::{Store, StoreError, within};

/// Hours or days that one transaction merges.
const SOME: i64 = 32;

impl Store {
    /// Merges what has aged, and deletes what has had its time. Gives how many rows are less.
    pub(in crate::store) async fn merge_flow(&self, now_ms: i64) -> Result<u64, StoreError> {
        let mut less = 0;
        for (from_ms, into_ms, kept_ms) in [(MINUTE_MS, HOUR_MS, MINUTES_KEPT_MS), (HOUR_MS, DAY_MS, HOURS_KEPT_MS)] {
            let before_ms = floor(now_ms - kept_ms, into_ms);
            while let Some(some) = self.merge_some(from_ms, into_ms, before_ms).await? {
                less += some;
            }
        }
        let gone = within(async {
            let mut work = self.backend.write(Scope::Region).await?;
            let gone = sqlx::query("DELETE FROM flow WHERE span_ms = $1 AND start_ms < $2")
                .bind(DAY_MS)
                .bind(now_ms - ALL_KEPT_MS)
                .execute(&mut *work)
                .await?;
            work.commit().await?;
            Ok(gone.rows_affected())
        });
        Ok(less + gone.await?)
    }

    /// `None` when there is nothing left to merge.
    async fn merge_some(&self, from_ms: i64, into_ms: i64, before_ms: i64) -> Result<Option<u64>, StoreError> {
        within(async {
            let mut work = self.backend.write(Scope::Region).await?;
            // One at a time: two would both count what each of them finds.
            sqlx::query("UPDATE feed SET change_number = change_number + 1 WHERE id = 'flow'")
                .execute(&mut *work)
                .await?;
            let aged = sqlx::query(AGED).bind(from_ms).bind(before_ms).bind(into_ms).bind(SOME);
            let aged = aged.fetch_all(&mut *work).await?;
            let mut less = 0;
            for row in &aged {
                less += merge(&mut work, row.try_get("tenant")?, row.try_get("begins")?, from_ms, into_ms).await?;
            }
            work.commit().await?;
            Ok((!aged.is_empty()).then_some(less))
        })
        .await
    }
}

/// Merges one hour or day of one tenant.
async fn merge(
    work: &mut AnyConnection,
    tenant: &str,
    start_ms: i64,
    from_ms: i64,
    into_ms: i64,
) -> Result<u64, StoreError> {
    // A row that was merged before is of the same time, and is added to.
    let found = sqlx::query(
        "SELECT site, counts FROM flow WHERE tenant = $1 AND start_ms >= $2 AND start_ms < $3 \
         AND (span_ms = $4 OR span_ms = $5)",
    );
    let found = found.bind(tenant).bind(start_ms).bind(start_ms + into_ms).bind(from_ms).bind(into_ms);
    let mut sites: BTreeMap<String, Counts> = BTreeMap::new();
    for row in found.fetch_all(&mut *work).await? {
        let counts: Counts = serde_json::from_str(row.try_get("counts")?)
            .map_err(|_| StoreError::Corrupt("counts of messages".to_owned()))?;
        sites.entry(row.try_get("site")?).or_default().add(&counts);
    }
    let gone = sqlx::query(
        "DELETE FROM flow WHERE tenant = $1 AND start_ms >= $2 AND start_ms < $3 AND (span_ms = $4 OR span_ms = $5)",
    );
    let gone = gone.bind(tenant).bind(start_ms).bind(start_ms + into_ms).bind(from_ms).bind(into_ms);
    let mut less = gone.execute(&mut *work).await?.rows_affected();
    for (site, counts) in sites {
        sqlx::query(
            "INSERT INTO flow (tenant, start_ms, span_ms, site, writer, counts) VALUES ($1, $2, $3, $4, '', $5)",
        )
        .bind(tenant)
        .bind(start_ms)
        .bind(into_ms)
        .bind(site)
        .bind(serde_json::to_string(&counts).unwrap_or_default())
        .execute(&mut *work)
        .await?;
        less = less.saturating_sub(1);
    }
    Ok(less)
}

pub(in crate::store) const AGED: &str = "SELECT DISTINCT tenant, start_ms - start_ms % $3 AS begins FROM flow \
                                         WHERE span_ms = $1 AND start_ms < $2 LIMIT $4";
