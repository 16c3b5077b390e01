//! Facts of people that were put right by hand. They lie apart from the people: a directory that is read, a CSV file or a
//! tenant file that is taken leaves them alone, and whoever reads people gets them put over what these say.

use std::collections::{BTreeMap, HashMap};

use serde_json::json;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Row};

use super::audit::Act;
use super::backend::Scope;
use super::change::Touches;
use super::rows::Table;
use super::statement::{among, list, lists, numbered};
use super::{Store, StoreError, now_ms, read, within};
use crate::tenant::{Fact, PersonEntry, Problem, Revision, TenantId};

/// Overrides of one tenant: they are for exceptions; what is wrong of everybody is put right where it comes from.
const MOST: i64 = 20_000;
/// So many people are looked up one by one; of more, all overrides are read.
const FEW: usize = 1000;

/// One fact of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    pub person: String,
    pub fact: String,
    /// Empty: nothing is shown.
    pub value: String,
    pub time_ms: i64,
    pub author: String,
}

impl Store {
    /// All overrides of a tenant, or those of one person.
    pub async fn overrides(&self, tenant: &TenantId, person: Option<&str>) -> Result<Vec<Override>, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Tenant(tenant.as_str())).await?;
            read::settings(&mut work, tenant).await?;
            let rows = sqlx::query(
                "SELECT person, fact, value, time_ms, author FROM person_override \
                 WHERE tenant = $1 AND person = COALESCE($2, person) ORDER BY person, fact",
            );
            let rows = rows.bind(tenant.as_str()).bind(person).fetch_all(&mut *work).await?;
            rows.iter().map(one).collect()
        })
        .await
    }

    /// Shows a value instead of what the directory says of a person, or, without one, what the directory says again.
    ///
    /// # Errors
    /// [`StoreError::Problems`] with the place `/value`.
    pub async fn set_override(
        &self,
        tenant: &TenantId,
        person: &str,
        fact: &Fact,
        value: Option<&str>,
    ) -> Result<Revision, StoreError> {
        let id = tenant.as_str();
        let name = fact.to_string();
        within(async {
            let mut work = self.backend.write(Scope::Tenant(id)).await?;
            let revision = self.begin_change(&mut work, id, now_ms(), Touches::People).await?;
            let row = sqlx::query("SELECT value FROM person_override WHERE tenant = $1 AND person = $2 AND fact = $3");
            let row = row.bind(id).bind(person).bind(name.as_str()).fetch_optional(&mut *work).await?;
            let before: Option<String> = row.map(|row| row.try_get("value")).transpose()?;
            match value {
                Some(value) => {
                    self.fits(&mut work, tenant, person, fact, value).await?;
                    if before.is_none() {
                        has_room(&mut work, id).await?;
                    }
                    sqlx::query(
                        "INSERT INTO person_override (tenant, person, fact, value, time_ms, author) \
                         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (tenant, person, fact) DO UPDATE SET \
                         value = excluded.value, time_ms = excluded.time_ms, author = excluded.author",
                    )
                    .bind(id)
                    .bind(person)
                    .bind(name.as_str())
                    .bind(value)
                    .bind(now_ms())
                    .bind(&*self.terms.author)
                    .execute(&mut *work)
                    .await?;
                }
                None if before.is_none() => {
                    read::settings(&mut work, tenant).await?;
                    return Err(StoreError::Unknown { what: "override of", id: format!("{person}, {name}") });
                }
                None => {
                    sqlx::query("DELETE FROM person_override WHERE tenant = $1 AND person = $2 AND fact = $3")
                        .bind(id)
                        .bind(person)
                        .bind(name.as_str())
                        .execute(&mut *work)
                        .await?;
                }
            }
            let action = if value.is_some() { "override.set" } else { "override.remove" };
            let side = |value: Option<&str>| value.map(|value| json!({name.as_str(): value}));
            let (before, after) = (side(before.as_deref()), side(value));
            let act = Act { tenant: Some(id), action, object: person, before, after, revision: Some(revision) };
            self.witness(&mut work, act).await?;
            self.finish(work, &[id]).await?;
            Ok(revision)
        })
        .await
    }

    /// The same that a tenant file is held to.
    async fn fits(
        &self,
        work: &mut AnyConnection,
        tenant: &TenantId,
        person: &str,
        fact: &Fact,
        value: &str,
    ) -> Result<(), StoreError> {
        let mut file = read::settings(work, tenant).await?;
        let entry: Option<PersonEntry> = read::one(work, Table::Person, tenant.as_str(), person).await?;
        let entry = entry.ok_or_else(|| StoreError::Unknown { what: "person", id: person.to_owned() })?;
        let overrides = BTreeMap::from([(fact.clone(), value.to_owned())]);
        file.people = vec![PersonEntry { overrides, ..entry }];
        let problems = file.problems().into_iter().filter(|problem| problem.place.starts_with("/people/0/overrides"));
        let problems: Vec<Problem> = problems.map(|problem| Problem::at("/value", problem.message)).collect();
        if problems.is_empty() { Ok(()) } else { Err(StoreError::Problems(problems)) }
    }
}

/// Puts the overrides over what is said of people.
pub(super) async fn apply<'p>(
    work: &mut AnyConnection,
    tenant: &str,
    people: impl IntoIterator<Item = &'p mut PersonEntry>,
) -> Result<(), StoreError> {
    let people: Vec<&mut PersonEntry> = people.into_iter().collect();
    let ids: Vec<&str> = people.iter().map(|person| person.id.as_str()).collect();
    let mut found = match ids.len() {
        0 => return Ok(()),
        1..=FEW => of_people(work, tenant, &ids).await?,
        _ => of_tenants(work, &[tenant]).await?.remove(tenant).unwrap_or_default(),
    };
    for person in people {
        if let Some(overrides) = found.remove(&person.id) {
            person.overrides.extend(overrides);
        }
    }
    Ok(())
}

/// By person.
pub(super) type Overrides = HashMap<String, Vec<(Fact, String)>>;

async fn of_people(work: &mut AnyConnection, tenant: &str, ids: &[&str]) -> Result<Overrides, StoreError> {
    let mut found = Overrides::new();
    for ids in lists(ids) {
        let named = among(work, "person_override", &["tenant", "person"], ids.len());
        let sql = format!("SELECT DISTINCT person, fact, value FROM person_override WHERE {named}");
        let query = sqlx::query(AssertSqlSafe(numbered(work, &sql))).bind(tenant);
        let query = ids.iter().fold(query, |query, id| query.bind(*id));
        for row in query.fetch_all(&mut *work).await? {
            take(&row, &mut found)?;
        }
    }
    Ok(found)
}

/// All of some tenants.
pub(super) async fn of_tenants(
    work: &mut AnyConnection,
    tenants: &[&str],
) -> Result<HashMap<String, Overrides>, StoreError> {
    let mut found: HashMap<String, Overrides> = HashMap::new();
    for tenants in lists(tenants) {
        let sql = format!(
            "SELECT tenant, person, fact, value FROM person_override WHERE tenant IN ({})",
            list(work, 1, tenants.len())
        );
        let query = tenants.iter().fold(sqlx::query(AssertSqlSafe(sql)), |query, tenant| query.bind(*tenant));
        for row in query.fetch_all(&mut *work).await? {
            take(&row, found.entry(row.try_get("tenant")?).or_default())?;
        }
    }
    Ok(found)
}

/// What names a fact that this program does not know is left alone.
fn take(row: &AnyRow, found: &mut Overrides) -> Result<(), StoreError> {
    if let Some(fact) = Fact::parse(row.try_get("fact")?) {
        found.entry(row.try_get("person")?).or_default().push((fact, row.try_get("value")?));
    }
    Ok(())
}

async fn has_room(work: &mut AnyConnection, tenant: &str) -> Result<(), StoreError> {
    let row = sqlx::query("SELECT COUNT(*) AS overrides FROM person_override WHERE tenant = $1").bind(tenant);
    let there: i64 = row.fetch_one(work).await?.try_get("overrides")?;
    if there < MOST { Ok(()) } else { Err(StoreError::Full { what: "overrides", most: MOST }) }
}

fn one(row: &AnyRow) -> Result<Override, StoreError> {
    Ok(Override {
        person: row.try_get("person")?,
        fact: row.try_get("fact")?,
        value: row.try_get("value")?,
        time_ms: row.try_get("time_ms")?,
        author: row.try_get("author")?,
    })
}
