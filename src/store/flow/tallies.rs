//! What one process has counted and not yet handed to the store, by minute.
//!
//! A row is written whole, again and again while its minute lasts, and nobody else writes it: so no two processes ever
//! wait for each other, and a write that failed is made good by the next one.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::counts::Counts;
use super::{DAY_MS, MINUTE_MS, floor};
use crate::store::Decision;
use crate::tenant::TenantId;

/// Rows in memory while the store is gone; beyond these the oldest are given up.
const ROWS: usize = 50_000;

/// A minute is not forgotten before it is so old: a message may have begun to wait in it.
const STAYS_MS: i64 = 5 * MINUTE_MS;

/// The minute, whose messages, and where.
type Key = (i64, TenantId, String);

#[derive(Debug)]
pub struct Tallies {
    /// A name for this process.
    writer: String,
    rows: BTreeMap<Key, Tally>,
    /// Of minutes before this one rows may have been forgotten, so that none is begun again.
    since_ms: i64,
}

#[derive(Debug, Default)]
struct Tally {
    counts: Counts,
    is_written: bool,
}

/// What the store is to have.
#[derive(Debug, Clone)]
pub struct TallyRow {
    pub start_ms: i64,
    pub tenant: TenantId,
    pub site: String,
    pub counts: Counts,
}

impl Default for Tallies {
    fn default() -> Tallies {
        Tallies { writer: Uuid::now_v7().to_string(), rows: BTreeMap::new(), since_ms: i64::MIN }
    }
}

impl Tallies {
    pub fn writer(&self) -> &str {
        &self.writer
    }

    pub fn count(&mut self, decision: &Decision) {
        let minute = floor(decision.time_ms, MINUTE_MS).max(self.since_ms);
        let tally = self.rows.entry((minute, decision.tenant.clone(), decision.site.clone())).or_default();
        tally.counts.count(decision);
        tally.is_written = false;
        while self.rows.len() > ROWS {
            let Some(((minute, _, _), _)) = self.rows.pop_first() else { return };
            self.since_ms = self.since_ms.max(minute + MINUTE_MS);
        }
    }

    /// Rows that the store does not have, or not as they are now.
    pub fn unwritten(&self) -> Vec<TallyRow> {
        let rows = self.rows.iter().filter(|(_, tally)| !tally.is_written);
        rows.map(|((start_ms, tenant, site), tally)| TallyRow {
            start_ms: *start_ms,
            tenant: tenant.clone(),
            site: site.clone(),
            counts: tally.counts.clone(),
        })
        .collect()
    }

    /// The store has them all. What is over is forgotten.
    pub fn written(&mut self) {
        self.rows.values_mut().for_each(|tally| tally.is_written = true);
        self.forget(STAYS_MS);
    }

    /// The store could not be reached. What is so old that somebody may have merged it is given up.
    pub fn not_written(&mut self) {
        self.forget(DAY_MS);
    }

    /// What is older than the newest minute by more than this.
    fn forget(&mut self, age_ms: i64) {
        let Some((newest, _, _)) = self.rows.keys().next_back() else { return };
        let before = newest - age_ms;
        self.rows.retain(|(minute, _, _), _| *minute >= before);
        self.since_ms = self.since_ms.max(before);
    }
}
