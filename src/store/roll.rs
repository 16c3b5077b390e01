//! People and groups of a tenant, to be looked through: by pages, in the order of their ids, all or those in which a
//! text is found.
//!
//! A page reads so many rows at the most and no more: of half a million people whom hardly anybody fits, it may be
//! empty and yet say where to go on.

use serde::de::DeserializeOwned;
use sqlx::{AnyConnection, AssertSqlSafe, Row};

use super::backend::Scope;
use super::rows::Table;
use super::{Store, StoreError, overrides, read, within};
use crate::tenant::{Address, GroupEntry, PersonEntry, TenantId};

/// Rows that one page looks at.
const MOST_ROWS: u32 = 20_000;
/// Rows that are asked for at once.
const AT_A_TIME: u32 = 1_000;

/// Which of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lookup {
    /// Without case; empty: all.
    pub search: String,
    /// Behind this id.
    pub after: String,
    pub most: u32,
}

/// Some of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found<T> {
    pub entries: Vec<T>,
    /// The id to go on behind; `None` at the end.
    pub next: Option<String>,
}

impl Store {
    /// People whose id, addresses or facts have the text in them.
    pub async fn people_like(&self, tenant: &TenantId, wanted: &Lookup) -> Result<Found<PersonEntry>, StoreError> {
        let fits = |person: &PersonEntry, text: &str| {
            let mut facts = person.attributes.values().chain(person.custom.values()).chain(person.overrides.values());
            // However the domain is spelled here and there.
            let address =
                |one: &String| has(one, text) || has(&Address::normal(one), text) || has(&Address::readable(one), text);
            has(&person.id, text) || person.addresses.iter().any(address) || facts.any(|value| has(value, text))
        };
        let put_right = async |work: &mut AnyConnection, people: &mut Vec<PersonEntry>| {
            overrides::apply(work, tenant.as_str(), people).await
        };
        self.look_through(tenant, Table::Person, wanted, |person: &PersonEntry| &person.id, put_right, fits).await
    }

    /// Groups whose id or name has the text in it; without their members.
    pub async fn groups_like(&self, tenant: &TenantId, wanted: &Lookup) -> Result<Found<GroupEntry>, StoreError> {
        let fits = |group: &GroupEntry, text: &str| has(&group.id, text) || has(&group.name, text);
        let as_they_are = async |_: &mut AnyConnection, _: &mut Vec<GroupEntry>| Ok(());
        self.look_through(tenant, Table::Group, wanted, |group: &GroupEntry| &group.id, as_they_are, fits).await
    }

    /// One person.
    pub async fn person(&self, tenant: &TenantId, id: &str) -> Result<Option<PersonEntry>, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Tenant(tenant.as_str())).await?;
            let mut person: Option<PersonEntry> = read::one(&mut work, Table::Person, tenant.as_str(), id).await?;
            overrides::apply(&mut work, tenant.as_str(), &mut person).await?;
            Ok(person)
        })
        .await
    }

    /// One group, without its members.
    pub async fn group(&self, tenant: &TenantId, id: &str) -> Result<Option<GroupEntry>, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Tenant(tenant.as_str())).await?;
            read::one(&mut work, Table::Group, tenant.as_str(), id).await
        })
        .await
    }

    /// The members of one kind (`person`, `group`) of one group, by id.
    pub async fn members(
        &self,
        tenant: &TenantId,
        group: &str,
        kind: &'static str,
        wanted: &Lookup,
    ) -> Result<Found<String>, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Tenant(tenant.as_str())).await?;
            let rows = sqlx::query(
                "SELECT member FROM member WHERE tenant = $1 AND grp = $2 AND kind = $3 AND member > $4 \
                 ORDER BY member LIMIT $5",
            )
            .bind(tenant.as_str())
            .bind(group)
            .bind(kind)
            .bind(wanted.after.as_str())
            .bind(i64::from(wanted.most))
            .fetch_all(&mut *work)
            .await?;
            let entries =
                rows.iter().map(|row| Ok(row.try_get("member")?)).collect::<Result<Vec<String>, StoreError>>()?;
            let full = u32::try_from(entries.len()).unwrap_or(u32::MAX) >= wanted.most;
            let next = entries.last().filter(|_| full).cloned();
            Ok(Found { entries, next })
        })
        .await
    }

    async fn look_through<T: DeserializeOwned>(
        &self,
        tenant: &TenantId,
        table: Table,
        wanted: &Lookup,
        id: fn(&T) -> &String,
        put_right: impl AsyncFn(&mut AnyConnection, &mut Vec<T>) -> Result<(), StoreError>,
        fits: impl Fn(&T, &str) -> bool,
    ) -> Result<Found<T>, StoreError> {
        let search = wanted.search.trim().to_lowercase();
        within(async {
            let mut work = self.backend.read(Scope::Tenant(tenant.as_str())).await?;
            read::settings(&mut work, tenant).await?;
            let (mut found, mut after, mut looked) = (Vec::new(), wanted.after.clone(), 0);
            loop {
                let mut rows: Vec<T> = behind(&mut work, table, tenant, &after).await?;
                put_right(&mut work, &mut rows).await?;
                let last = u32::try_from(rows.len()).unwrap_or(u32::MAX) < AT_A_TIME;
                looked += AT_A_TIME;
                for row in rows {
                    after.clone_from(id(&row));
                    if search.is_empty() || fits(&row, &search) {
                        found.push(row);
                    }
                    if u32::try_from(found.len()).unwrap_or(u32::MAX) >= wanted.most {
                        return Ok(Found { entries: found, next: Some(after) });
                    }
                }
                if last {
                    return Ok(Found { entries: found, next: None });
                }
                if looked >= MOST_ROWS {
                    return Ok(Found { entries: found, next: Some(after) });
                }
            }
        })
        .await
    }
}

async fn behind<T: DeserializeOwned>(
    work: &mut AnyConnection,
    table: Table,
    tenant: &TenantId,
    after: &str,
) -> Result<Vec<T>, StoreError> {
    let sql = format!("SELECT data FROM {} WHERE tenant = $1 AND id > $2 ORDER BY id LIMIT $3", table.name());
    let query = sqlx::query(AssertSqlSafe(sql)).bind(tenant.as_str()).bind(after).bind(i64::from(AT_A_TIME));
    query.fetch_all(work).await?.iter().map(|row| read::parse(row.try_get("data")?)).collect()
}

fn has(value: &str, text: &str) -> bool {
    value.to_lowercase().contains(text)
}
