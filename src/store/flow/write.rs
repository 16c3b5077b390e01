//! Handing the counts of this process to the store.

use sqlx::AssertSqlSafe;

use super::MINUTE_MS;
use super::tallies::Tallies;
use crate::store::backend::{Scope, is_postgres};
use crate::store::statement::{pieces, rows};
use crate::store::{Store, StoreError, within_for};

impl Store {
    /// Writes what was counted since. Rows of tenants that are gone are passed over.
    pub(in crate::store) async fn write_tallies(&self, tallies: &mut Tallies) -> Result<(), StoreError> {
        let unwritten = tallies.unwritten();
        if unwritten.is_empty() {
            return Ok(());
        }
        let done = within_for(crate::store::octets(unwritten.len()), async {
            let mut work = self.backend.write(Scope::Region).await?;
            for piece in pieces(&unwritten) {
                let sql = statement(is_postgres(&work), piece.len());
                let mut query = sqlx::query(AssertSqlSafe(sql));
                for row in piece {
                    let counts = serde_json::to_string(&row.counts).unwrap_or_default();
                    query = query.bind(row.tenant.as_str()).bind(row.start_ms).bind(MINUTE_MS);
                    query = query.bind(row.site.as_str()).bind(tallies.writer()).bind(counts);
                }
                query.execute(&mut *work).await?;
            }
            Ok(work.commit().await?)
        })
        .await;
        match &done {
            Ok(()) => tallies.written(),
            Err(_) => tallies.not_written(),
        }
        done
    }
}

fn statement(postgres: bool, count: usize) -> String {
    format!(
        "INSERT INTO flow (tenant, start_ms, span_ms, site, writer, counts) SELECT given.column1, given.column2, \
         given.column3, given.column4, given.column5, given.column6 FROM (VALUES {}) AS given \
         JOIN tenant ON tenant.id = given.column1 WHERE tenant.id <> '' \
         ON CONFLICT (tenant, start_ms, span_ms, site, writer) DO UPDATE SET counts = excluded.counts",
        rows(postgres, 1, count, 6)
    )
}
