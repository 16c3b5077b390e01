//! People of a CSV file as rows: taken whole in one change, with the file before kept, so that it can be put back as it
//! was.
//!
//! They stand between the file's people and the directory's (`src/tenant/fit.rs`). What a row of the file may say is
//! judged before (`directory::csv`); here it is only seen to that nobody else has its id.

use std::collections::HashSet;

use serde_json::json;
use sqlx::{AnyConnection, Row};

use super::sink::Writing;
use super::{patience, within, within_for};
use crate::store::audit::Act;
use crate::store::backend::{Scope, allow};
use crate::store::change::Touches;
use crate::store::rows::{CSV, Table, replace};
use crate::store::{Store, StoreError, bigint, members, now_ms, octets, put, read};
use crate::tenant::{Domain, PersonEntry, Revision, TenantId};

/// What a CSV file of a tenant is judged by.
#[derive(Debug, Default)]
pub struct CsvKnown {
    pub domains: Vec<Domain>,
    /// Those of the CSV file in force, in its order.
    pub people: Vec<PersonEntry>,
    /// Ids of people whom the tenant file or the directory has.
    pub taken: HashSet<String>,
}

impl Store {
    /// What a CSV file of this tenant is judged by, and what it would replace.
    pub async fn csv_known(&self, tenant: &TenantId) -> Result<CsvKnown, StoreError> {
        let id = tenant.as_str();
        let (mut work, rows) = within(async {
            let mut work = self.backend.read(Scope::Tenant(id)).await?;
            let rows = read::rows(&mut work, tenant).await?.unwrap_or_default();
            Ok((work, rows))
        })
        .await?;
        within_for(rows, async {
            let file = read::settings(&mut work, tenant).await?;
            let domains = file.domains.iter().filter_map(|domain| Domain::parse(domain)).collect();
            let people = now(&mut work, id).await?;
            let mut taken = HashSet::new();
            let others = sqlx::query("SELECT id FROM person WHERE tenant = $1 AND source <> 'csv'").bind(id);
            for row in others.fetch_all(&mut *work).await? {
                taken.insert(row.try_get("id")?);
            }
            Ok(CsvKnown { domains, people, taken })
        })
        .await
    }

    /// Makes these people those of the tenant's CSV file. The ones before can be put back.
    ///
    /// # Errors
    /// [`StoreError::Problems`] when somebody else has the id of one.
    pub async fn apply_csv(&self, tenant: &TenantId, people: &[PersonEntry]) -> Result<Revision, StoreError> {
        self.change_csv(tenant, octets(people.len()), async |_| Ok(people.to_vec())).await
    }

    /// Puts the people of the CSV file before in the place of those in force; again, and it is undone.
    ///
    /// # Errors
    /// [`StoreError::NoCsv`] when there was none.
    pub async fn rollback_csv(&self, tenant: &TenantId) -> Result<Revision, StoreError> {
        self.change_csv(tenant, 0, async |work| before(work, tenant.as_str()).await).await
    }

    async fn change_csv(
        &self,
        tenant: &TenantId,
        count: u64,
        people: impl AsyncFnOnce(&mut AnyConnection) -> Result<Vec<PersonEntry>, StoreError>,
    ) -> Result<Revision, StoreError> {
        let (id, now_ms) = (tenant.as_str(), now_ms());
        let (mut work, revision, rows) = within(async {
            let mut work = self.backend.write(Scope::Tenant(id)).await?;
            let revision = self.begin_change(&mut work, id, now_ms, Touches::People).await?;
            let rows = read::rows(&mut work, tenant).await?.ok_or_else(|| StoreError::UnknownTenant(id.to_owned()))?;
            let rows = rows + (count + people_of_both(&mut work, id).await?) * 4;
            Ok((work, revision, rows))
        })
        .await?;
        within_for(rows, async {
            allow(&mut work, patience(rows)).await?;
            let people = people(&mut work).await?;
            let had = keep(&mut work, id, &self.terms.author, people.len(), now_ms).await?;
            let difference = replace(&mut work, Table::Person, CSV, id, &people, |one| &one.id, put::json).await?;
            members::replace_addresses(&mut work, CSV, id, &people, &difference).await?;
            let mut writing = Writing { work: &mut work, tenant: id, round: 0, changed: true, grown: 0 };
            writing.count().await?;
            writing.end().await?;
            let (before, after) = (Some(json!({"people": had})), Some(json!({"people": people.len()})));
            let act =
                Act { tenant: Some(id), action: "directory.csv", object: "", before, after, revision: Some(revision) };
            self.witness(&mut work, act).await?;
            self.finish(work, &[id]).await?;
            Ok(revision)
        })
        .await
    }
}

/// How many people the two files have, of which those before are counted nowhere else.
pub(in crate::store) async fn people_of_both(work: &mut AnyConnection, tenant: &str) -> Result<u64, StoreError> {
    let row = sqlx::query("SELECT CAST(COALESCE(SUM(people), 0) AS BIGINT) AS people FROM csv WHERE tenant = $1");
    let people: i64 = row.bind(tenant).fetch_one(work).await?.try_get("people")?;
    Ok(u64::try_from(people).unwrap_or_default())
}

/// The people in force become those before. Gives how many there were.
async fn keep(
    work: &mut AnyConnection,
    tenant: &str,
    author: &str,
    people: usize,
    now_ms: i64,
) -> Result<u64, StoreError> {
    for sql in [
        "DELETE FROM csv_person WHERE tenant = $1",
        "DELETE FROM csv WHERE tenant = $1 AND which = 'before'",
        "UPDATE csv SET which = 'before' WHERE tenant = $1 AND which = 'now'",
        // Before the first file there was nobody.
        "INSERT INTO csv (tenant, which, time_ms, author, people) VALUES ($1, 'before', 0, '', 0) \
         ON CONFLICT (tenant, which) DO NOTHING",
    ] {
        sqlx::query(sql).bind(tenant).execute(&mut *work).await?;
    }
    let had = sqlx::query(
        "INSERT INTO csv_person (tenant, id, position, data) \
         SELECT tenant, id, position, data FROM person WHERE tenant = $1 AND source = 'csv'",
    )
    .bind(tenant)
    .execute(&mut *work)
    .await?
    .rows_affected();
    sqlx::query("INSERT INTO csv (tenant, which, time_ms, author, people) VALUES ($1, 'now', $2, $3, $4)")
        .bind(tenant)
        .bind(now_ms)
        .bind(author)
        .bind(bigint(octets(people)))
        .execute(&mut *work)
        .await?;
    sqlx::query("INSERT INTO directory (tenant, due_ms) VALUES ($1, $2) ON CONFLICT (tenant) DO NOTHING")
        .bind(tenant)
        .bind(now_ms)
        .execute(work)
        .await?;
    Ok(had)
}

async fn now(work: &mut AnyConnection, tenant: &str) -> Result<Vec<PersonEntry>, StoreError> {
    let rows = sqlx::query("SELECT data FROM person WHERE tenant = $1 AND source = 'csv' ORDER BY position");
    let rows = rows.bind(tenant).fetch_all(work).await?;
    rows.iter().map(|row| read::parse(row.try_get("data")?)).collect()
}

async fn before(work: &mut AnyConnection, tenant: &str) -> Result<Vec<PersonEntry>, StoreError> {
    let there = sqlx::query("SELECT which FROM csv WHERE tenant = $1 AND which = 'before'").bind(tenant);
    if there.fetch_optional(&mut *work).await?.is_none() {
        return Err(StoreError::NoCsv(tenant.to_owned()));
    }
    let rows = sqlx::query("SELECT data FROM csv_person WHERE tenant = $1 ORDER BY position");
    let rows = rows.bind(tenant).fetch_all(work).await?;
    rows.iter().map(|row| read::parse(row.try_get("data")?)).collect()
}
