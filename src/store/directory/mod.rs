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
use super::{StoreError, leaving, patience, subscription, within, within_for};
use crate::directory::Depth;
use crate::tenant::TenantFile;

pub(super) use rows::uncover;

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

/// # Errors
/// [`StoreError::Leaving`], [`StoreError::NotSubscribed`]: nothing new is read of such a tenant's directory.
async fn may_be_read(work: &mut AnyConnection, tenant: &str, now_ms: i64) -> Result<(), StoreError> {
    leaving::must_stay(work, tenant).await?;
    subscription::must_be_in_force(work, tenant, now_ms).await
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

/// Part of every change of a tenant's settings: from now on its directory is read, in another way or of another
/// organisation, or no longer. Then what is read now is not wanted any more. What was read stays.
pub(super) async fn enable(
    work: &mut AnyConnection,
    had: Option<&TenantFile>,
    file: &TenantFile,
    now_ms: i64,
) -> Result<(), StoreError> {
    let id = file.id.as_str();
    // The row is touched for nothing else: whoever reads holds it for a moment each few seconds.
    let is = |had: &TenantFile| had.directory == file.directory && had.microsoft_tenant_id == file.microsoft_tenant_id;
    if had.is_some_and(is) {
        return Ok(());
    }
    let change = match &file.directory {
        Some(_) => sqlx::query(
            "INSERT INTO directory (tenant, enabled, due_ms) VALUES ($1, 1, $2) ON CONFLICT (tenant) DO UPDATE SET \
             enabled = 1, due_ms = excluded.due_ms, holder = '', until_ms = 0",
        )
        .bind(id)
        .bind(now_ms),
        None => {
            sqlx::query("UPDATE directory SET enabled = 0, holder = '', until_ms = 0 WHERE tenant = $1 AND enabled = 1")
                .bind(id)
        }
    };
    change.execute(work).await?;
    Ok(())
}

/// The next run begins at once. One that is under way keeps nothing any more.
pub(super) async fn begin_anew(
    work: &mut AnyConnection,
    tenant: &str,
    depth: Depth,
    now_ms: i64,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE directory SET due_ms = $1, holder = '', until_ms = 0, \
         everything = CASE WHEN $2 = 1 THEN 1 ELSE everything END WHERE tenant = $3 AND enabled = 1",
    )
    .bind(now_ms)
    .bind(i64::from(depth == Depth::Everything))
    .bind(tenant)
    .execute(work)
    .await?;
    Ok(())
}
