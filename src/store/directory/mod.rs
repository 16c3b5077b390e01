//! People and groups that the tenant file does not name: those of the organisation's directory, and of CSV files.
//!
//! They lie in the tables of the file's own, told apart by their source, and whoever reads a tenant to compile it gets
//! all of them, fitted together (`src/tenant/fit.rs`). An import, an export and the history of a tenant see the file's
//! alone. What a sync reads is kept by a [`DirectorySink`]; whose turn it is, and how it went, is in [`run`].

mod consent;
mod csv;
mod groups;
mod people;
mod photo;
mod plan;
mod rows;
mod run;
mod settings;
mod sink;
mod status;

use std::collections::{HashMap, HashSet};

use sqlx::{AnyConnection, AssertSqlSafe, Row};

use super::statement::{among, lists, marks, numbered};
use super::{StoreError, within, within_for};
use crate::tenant::TenantFile;

pub use csv::CsvKnown;
pub use run::{Asked, SyncEnd, SyncJob};
pub use sink::DirectorySink;
pub use status::{DirectoryStatus, SyncEnded, SyncProgress, SyncResult};

/// Those of the tenants with rows beside the file's.
pub(super) async fn with_rows(work: &mut AnyConnection, tenants: &[&str]) -> Result<HashSet<String>, StoreError> {
    let mut found = HashSet::new();
    for list in lists(tenants) {
        let sql = format!("SELECT tenant FROM directory WHERE octets > 0 AND tenant IN ({})", marks(list.len()));
        let query = sqlx::query(AssertSqlSafe(numbered(work, &sql)));
        for row in list.iter().fold(query, |query, tenant| query.bind(*tenant)).fetch_all(&mut *work).await? {
            found.insert(row.try_get("tenant")?);
        }
    }
    Ok(found)
}

pub(super) async fn has_rows(work: &mut AnyConnection, tenant: &str) -> Result<bool, StoreError> {
    Ok(octets_beside(work, tenant).await? > 0)
}

/// About how many octets the rows beside the file's have.
pub(super) async fn octets_beside(work: &mut AnyConnection, tenant: &str) -> Result<u64, StoreError> {
    let row = sqlx::query("SELECT octets FROM directory WHERE tenant = $1").bind(tenant).fetch_optional(work).await?;
    let octets: Option<i64> = row.map(|row| row.try_get("octets")).transpose()?;
    Ok(octets.and_then(|octets| u64::try_from(octets).ok()).unwrap_or_default())
}

async fn has_row(work: &mut AnyConnection, tenant: &str) -> Result<bool, StoreError> {
    let row = sqlx::query("SELECT tenant FROM directory WHERE tenant = $1").bind(tenant).fetch_optional(work).await?;
    Ok(row.is_some())
}

/// Fits people who were read one by one to the file, as those of a whole tenant are.
pub(super) async fn fit(work: &mut AnyConnection, file: &mut TenantFile) -> Result<(), StoreError> {
    let tenant = file.id.as_str().to_owned();
    if !has_rows(work, &tenant).await? {
        return Ok(());
    }
    let mut places: HashMap<String, i64> = HashMap::new();
    for list in lists(&file.people.iter().map(|person| person.id.as_str()).collect::<Vec<_>>()) {
        let named = among(work, "person", &["tenant", "id"], list.len());
        let sql = format!("SELECT id, position FROM person WHERE {named}");
        let query = sqlx::query(AssertSqlSafe(numbered(work, &sql))).bind(tenant.as_str());
        for row in list.iter().fold(query, |query, id| query.bind(*id)).fetch_all(&mut *work).await? {
            places.insert(row.try_get("id")?, row.try_get("position")?);
        }
    }
    file.people.sort_by_key(|person| places.get(&person.id).copied());
    file.fit();
    Ok(())
}

/// Part of every change of a tenant's settings: from now on its directory is read, or no longer. What was read stays.
pub(super) async fn enable(work: &mut AnyConnection, file: &TenantFile, now_ms: i64) -> Result<(), StoreError> {
    let id = file.id.as_str();
    let change = match &file.directory {
        Some(_) => sqlx::query(
            "INSERT INTO directory (tenant, enabled, due_ms) VALUES ($1, 1, $2) ON CONFLICT (tenant) DO UPDATE SET \
             enabled = 1, due_ms = CASE WHEN directory.enabled = 1 THEN directory.due_ms ELSE excluded.due_ms END",
        )
        .bind(id)
        .bind(now_ms),
        None => sqlx::query("UPDATE directory SET enabled = 0 WHERE tenant = $1 AND enabled = 1").bind(id),
    };
    change.execute(work).await?;
    Ok(())
}
