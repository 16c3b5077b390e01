//! What people and groups of a directory have in common as rows: looked up, marked, removed, swept.

use std::collections::{HashMap, HashSet};

use sqlx::{AnyConnection, AssertSqlSafe, Row};
use xxhash_rust::xxh3::xxh3_64;

use super::begin_anew;
use super::plan::Sweeps;
use super::sink::Writing;
use crate::directory::Depth;
use crate::store::rows::{DIRECTORY, Keeper, Table};
use crate::store::statement::{among, lists, numbered};
use crate::store::{StoreError, now_ms};

/// A row as it is stored.
#[derive(Debug)]
pub(super) struct Known {
    /// The directory keeps it, and nobody else.
    pub own: bool,
    pub round: i64,
    pub data: String,
}

/// The place of a row in its list: the same wherever and whenever it is written, and after all that a file has.
pub(super) fn place(id: &str) -> i64 {
    // Two of the same place stand in either order, which nobody asks for.
    DIRECTORY.after + i64::try_from(xxh3_64(id.as_bytes()) >> 2).unwrap_or_default()
}

/// Part of every removal of a keeper's rows, while they are still there: where the directory was passed over because of
/// one of them, it is to tell everything again, for of what did not change it never speaks a second time.
pub(in crate::store) async fn uncover(
    work: &mut AnyConnection,
    table: Table,
    keeper: Keeper,
    tenant: &str,
    removed: &[String],
) -> Result<(), StoreError> {
    if removed.is_empty() || !matches!(table, Table::Person | Table::Group) {
        return Ok(());
    }
    let removed: HashSet<&str> = removed.iter().map(String::as_str).collect();
    let sql = format!("SELECT id FROM {} WHERE tenant = $1 AND source = $2 AND round > 0", table.name());
    let marked = sqlx::query(AssertSqlSafe(sql)).bind(tenant).bind(keeper.source).fetch_all(&mut *work).await?;
    for row in &marked {
        if removed.contains(row.try_get::<&str, _>("id")?) {
            return begin_anew(work, tenant, Depth::Everything, now_ms()).await;
        }
    }
    Ok(())
}

impl Writing<'_> {
    /// The rows of these ids, whoever keeps them.
    pub async fn known(&mut self, table: Table, ids: &[&str]) -> Result<HashMap<String, Known>, StoreError> {
        let mut known = HashMap::with_capacity(ids.len());
        for list in lists(ids) {
            let sql = format!(
                "SELECT id, source, round, data FROM {} WHERE {}",
                table.name(),
                among(self.work, table.name(), &["tenant", "id"], list.len())
            );
            let query = sqlx::query(AssertSqlSafe(numbered(self.work, &sql))).bind(self.tenant);
            let rows = list.iter().fold(query, |query, id| query.bind(*id)).fetch_all(&mut *self.work).await?;
            for row in rows {
                let own = row.try_get::<&str, _>("source")? == DIRECTORY.source;
                known.insert(
                    row.try_get("id")?,
                    Known { own, round: row.try_get("round")?, data: row.try_get("data")? },
                );
            }
        }
        Ok(known)
    }

    /// Removes rows of the directory; those of others stay.
    pub async fn remove(
        &mut self,
        table: Table,
        ids: impl Iterator<Item = &String>,
        known: &mut HashMap<String, Known>,
    ) -> Result<(), StoreError> {
        let there: Vec<&String> = ids.filter(|id| known.get(*id).is_some_and(|row| row.own)).collect();
        if there.is_empty() {
            return Ok(());
        }
        self.change().await?;
        for list in lists(&there) {
            let sql = format!(
                "DELETE FROM {} WHERE {} AND source = 'directory'",
                table.name(),
                among(self.work, table.name(), &["tenant", "id"], list.len())
            );
            let query = sqlx::query(AssertSqlSafe(numbered(self.work, &sql))).bind(self.tenant);
            list.iter().fold(query, |query, id| query.bind(*id)).execute(&mut *self.work).await?;
        }
        for id in there {
            let had = known.remove(id).map_or(0, |row| row.data.len());
            self.grow(had, 0);
        }
        Ok(())
    }

    /// Marks rows that did not change as seen in this round, and those of files that stand in a directory's place.
    pub async fn mark(&mut self, table: Table, ids: &[String]) -> Result<(), StoreError> {
        for list in lists(ids) {
            let named = among(self.work, table.name(), &["tenant", "id"], list.len());
            let sql = format!("UPDATE {} SET round = ? WHERE {named}", table.name());
            let query = sqlx::query(AssertSqlSafe(numbered(self.work, &sql))).bind(self.round).bind(self.tenant);
            list.iter().fold(query, |query, id| query.bind(*id)).execute(&mut *self.work).await?;
        }
        Ok(())
    }

    /// Removes what this round has not seen.
    pub async fn sweep(&mut self, sweeps: Sweeps) -> Result<(), StoreError> {
        let mut statements = Vec::new();
        if sweeps.people {
            statements.push((
                "SELECT COUNT(*) AS old FROM person WHERE tenant = $1 AND source = 'directory' AND round <> $2",
                "DELETE FROM person WHERE tenant = $1 AND source = 'directory' AND round <> $2",
            ));
        }
        if sweeps.groups {
            statements.push((
                "SELECT COUNT(*) AS old FROM grp WHERE tenant = $1 AND source = 'directory' AND round <> $2",
                "DELETE FROM grp WHERE tenant = $1 AND source = 'directory' AND round <> $2",
            ));
            statements.push((
                "SELECT COUNT(*) AS old FROM member WHERE tenant = $1 AND round <> $2 AND grp IN \
                 (SELECT id FROM grp WHERE tenant = $1 AND source = 'directory')",
                "DELETE FROM member WHERE tenant = $1 AND round <> $2 AND grp IN \
                 (SELECT id FROM grp WHERE tenant = $1 AND source = 'directory')",
            ));
        }
        for (old, delete) in &statements {
            let count = sqlx::query(*old).bind(self.tenant).bind(self.round).fetch_one(&mut *self.work).await?;
            if count.try_get::<i64, _>("old")? > 0 {
                self.change().await?;
                sqlx::query(*delete).bind(self.tenant).bind(self.round).execute(&mut *self.work).await?;
            }
        }
        if !statements.is_empty() {
            self.drop_photos_of_nobody().await?;
            self.count().await?;
        }
        Ok(())
    }
}
