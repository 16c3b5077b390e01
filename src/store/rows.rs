//! People, groups, images and signatures, each a row of its own: writes the difference between what a file says and
//! what is stored, reads them back in order. A row that did not change is not written.

use std::collections::HashMap;

use futures_util::TryStreamExt;
use serde::de::DeserializeOwned;
use sqlx::{AnyConnection, AssertSqlSafe, Row};
use xxhash_rust::xxh3::xxh3_128;

use super::statement::{among, list, lists, numbered, pieces, rows};
use super::{StoreError, backend, directory, order};
use crate::tenant::Problem;

/// A table whose rows are entries of the tenant file.
#[derive(Debug, Clone, Copy)]
pub(super) enum Table {
    Person,
    Group,
    Image,
    Signature,
}

/// Who keeps rows. Those of others in the same table are left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Keeper {
    pub source: &'static str,
    /// Its places come after this one: so the lists stand one after the other (`src/tenant/fit.rs`).
    pub after: i64,
}

/// The tenant file.
pub(super) const FILE: Keeper = Keeper { source: "file", after: 0 };
/// The CSV file that was taken last.
pub(super) const CSV: Keeper = Keeper { source: "csv", after: 1 << 61 };
/// The organisation's directory.
pub(super) const DIRECTORY: Keeper = Keeper { source: "directory", after: 1 << 62 };

/// Whose entries are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    /// Those of the tenant file, as it was imported.
    File,
    /// Those of the organisation's directory.
    Directory,
    /// Everybody's, as they are compiled.
    All,
}

/// What was done to a table.
#[derive(Debug, Default)]
pub(super) struct Difference {
    pub written: Vec<Written>,
    /// Ids of rows that are gone.
    pub removed: Vec<String>,
    /// Octets of all entries, those that did not change included.
    pub octets: u64,
}

/// What came of writing some rows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Done {
    /// Of all of them, those that did not change included.
    pub octets: u64,
    /// Some were written or removed.
    pub changed: bool,
}

/// An entry that is new, changed, or elsewhere in the list.
#[derive(Debug, Clone, Copy)]
pub(super) struct Written {
    /// Its number in the file.
    pub at: usize,
    place: i64,
    /// There was one with its id.
    pub existed: bool,
    /// Not only moved.
    pub changed: bool,
}

impl Difference {
    /// Whether there is any.
    pub fn is_some(&self) -> bool {
        !self.written.is_empty() || !self.removed.is_empty()
    }
}

impl Table {
    pub fn name(self) -> &'static str {
        match self {
            Table::Person => "person",
            Table::Group => "grp",
            Table::Image => "image",
            Table::Signature => "signature",
        }
    }

    /// Its list in the tenant file.
    fn list(self) -> &'static str {
        match self {
            Table::Person => "people",
            Table::Group => "groups",
            Table::Image => "images",
            Table::Signature => "signatures",
        }
    }
}

/// Makes the rows of a keeper those of its list. `id` and `json`: of an entry.
pub(super) async fn replace<T>(
    work: &mut AnyConnection,
    table: Table,
    keeper: Keeper,
    tenant: &str,
    entries: &[T],
    id: impl Fn(&T) -> &str,
    json: impl Fn(&T) -> Result<String, StoreError>,
) -> Result<Difference, StoreError> {
    let mut stored = stored(work, table, keeper, tenant).await?;
    let mut difference = Difference::default();
    let (mut before, mut digests) = (Vec::with_capacity(entries.len()), Vec::with_capacity(entries.len()));
    for entry in entries {
        let json = json(entry)?;
        difference.octets += super::octets(json.len());
        let had = stored.remove(id(entry));
        digests.push(had.map(|(_, digest)| digest == xxh3_128(json.as_bytes())));
        before.push(had.map(|(place, _)| place));
    }
    let places = order::positions(&before);
    for (at, ((before, place), same)) in before.iter().zip(places).zip(digests).enumerate() {
        if same != Some(true) || *before != Some(place) {
            difference.written.push(Written { at, place, existed: before.is_some(), changed: same != Some(true) });
        }
    }
    difference.removed = stored.into_keys().collect();
    let new = difference.written.iter().filter(|written| !written.existed);
    let new: Vec<(usize, &str)> = new.filter_map(|written| Some((written.at, id(entries.get(written.at)?)))).collect();
    // What is beside the file is counted: the import of a tenant that has none asks nothing.
    if keeper != FILE || directory::has_rows(work, tenant).await? {
        no_others(work, table, keeper, tenant, &new).await?;
    }
    directory::uncover(work, table, keeper, tenant, &difference.removed).await?;
    remove(work, table.name(), "id", tenant, &difference.removed).await?;
    for piece in pieces(&difference.written) {
        let sql = format!(
            "INSERT INTO {} (tenant, id, position, data, source) VALUES {} ON CONFLICT (tenant, id) DO UPDATE SET \
             position = excluded.position, data = excluded.data WHERE {}.source = excluded.source",
            table.name(),
            rows(backend::is_postgres(work), 1, piece.len(), 5),
            table.name()
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for Written { at, place, .. } in piece {
            let Some(entry) = entries.get(*at) else { continue };
            query =
                query.bind(tenant).bind(id(entry)).bind(*place + keeper.after).bind(json(entry)?).bind(keeper.source);
        }
        let wrote = query.execute(&mut *work).await?.rows_affected();
        if wrote < super::octets(piece.len()) {
            // Somebody else has come to have one of the ids.
            no_others(work, table, keeper, tenant, &new).await?;
            return Err(StoreError::Conflict);
        }
    }
    Ok(difference)
}

/// Nobody else keeps a row under one of these ids; each comes with its number in the list.
async fn no_others(
    work: &mut AnyConnection,
    table: Table,
    keeper: Keeper,
    tenant: &str,
    ids: &[(usize, &str)],
) -> Result<(), StoreError> {
    let mut problems = Vec::new();
    for list in lists(&ids.iter().map(|(_, id)| *id).collect::<Vec<_>>()) {
        let sql = format!(
            "SELECT id FROM {} WHERE {} AND source <> ?",
            table.name(),
            among(work, table.name(), &["tenant", "id"], list.len())
        );
        let query = sqlx::query(AssertSqlSafe(numbered(work, &sql))).bind(tenant);
        let query = list.iter().fold(query, |query, id| query.bind(*id)).bind(keeper.source);
        let found = query.fetch_all(&mut *work).await?;
        for row in found {
            let id: &str = row.try_get("id")?;
            let place = ids.iter().find(|(_, own)| *own == id).map_or(0, |(at, _)| *at);
            let message = format!("`{id}` is in use already: the directory, a CSV file or the tenant file has it");
            problems.push(Problem::at(format!("/{}/{place}/id", table.list()), message));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(StoreError::Problems(problems)) }
}

/// What a keeper has now: place in its list and digest by id.
async fn stored(
    work: &mut AnyConnection,
    table: Table,
    keeper: Keeper,
    tenant: &str,
) -> Result<HashMap<String, (i64, u128)>, StoreError> {
    let sql = format!("SELECT id, position, data FROM {} WHERE tenant = $1 AND source = $2", table.name());
    let mut rows = sqlx::query(AssertSqlSafe(sql)).bind(tenant).bind(keeper.source).fetch(work);
    let mut stored = HashMap::new();
    while let Some(row) = rows.try_next().await? {
        let data: &str = row.try_get("data")?;
        let place = row.try_get::<i64, _>("position")? - keeper.after;
        stored.insert(row.try_get("id")?, (place, xxh3_128(data.as_bytes())));
    }
    Ok(stored)
}

/// Removes rows of a tenant by the names in a column.
pub(super) async fn remove<T: AsRef<str>>(
    work: &mut AnyConnection,
    table: &str,
    column: &str,
    tenant: &str,
    names: &[T],
) -> Result<(), StoreError> {
    for names in lists(names) {
        let sql = format!("DELETE FROM {table} WHERE {}", among(work, table, &["tenant", column], names.len()));
        let query = sqlx::query(AssertSqlSafe(numbered(work, &sql))).bind(tenant);
        let query = names.iter().fold(query, |query, name| query.bind(*name));
        query.execute(&mut *work).await?;
    }
    Ok(())
}

/// The entries of some tenants, each tenant's in order. An entry that cannot be read is its tenant's error alone.
pub(super) async fn read<T: DeserializeOwned>(
    work: &mut AnyConnection,
    table: Table,
    tenants: &[&str],
    whose: Whose,
) -> Result<HashMap<String, Result<Vec<T>, StoreError>>, StoreError> {
    let mut found: HashMap<String, Result<Vec<(i64, T)>, StoreError>> = HashMap::new();
    for tenants in lists(tenants) {
        let sql = format!(
            "SELECT tenant, position, data FROM {} WHERE tenant IN ({}){}",
            table.name(),
            list(work, 1, tenants.len()),
            match whose {
                Whose::File => " AND source = 'file'",
                Whose::Directory => " AND source = 'directory'",
                Whose::All => "",
            }
        );
        let query = tenants.iter().fold(sqlx::query(AssertSqlSafe(sql)), |query, tenant| query.bind(*tenant));
        let mut rows = query.fetch(&mut *work);
        while let Some(row) = rows.try_next().await? {
            let tenant: &str = row.try_get("tenant")?;
            if !found.contains_key(tenant) {
                found.insert(tenant.to_owned(), Ok(Vec::new()));
            }
            let Some(slot) = found.get_mut(tenant) else { continue };
            let Ok(entries) = slot else { continue };
            match serde_json::from_str(row.try_get("data")?) {
                Ok(entry) => entries.push((row.try_get("position")?, entry)),
                Err(error) => *slot = Err(StoreError::Corrupt(format!("a {} of {tenant}: {error}", table.name()))),
            }
        }
    }
    let in_order = |mut entries: Vec<(i64, T)>| {
        entries.sort_by_key(|(place, _)| *place);
        entries.into_iter().map(|(_, entry)| entry).collect()
    };
    Ok(found.into_iter().map(|(tenant, entries)| (tenant, entries.map(in_order))).collect())
}
