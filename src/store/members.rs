//! Who is in which group, a row each, and the addresses of people. Both are written by difference as well.

use std::collections::HashMap;

use futures_util::TryStreamExt;
use sqlx::{AnyConnection, AssertSqlSafe, Row};

use super::rows::{Difference, Done, Keeper, Whose, remove};
use super::statement::{among, list, lists, numbered, pieces, rows};
use super::{StoreError, backend, order};
use crate::tenant::{Address, GroupEntry, PersonEntry};

pub(super) const PERSON: &str = "person";
pub(super) const GROUP: &str = "group";

/// Members of one kind of one group, by name, with their places.
type Places = HashMap<String, i64>;

/// The members of a group as it is read.
#[derive(Debug, Default)]
pub(super) struct Members {
    people: Vec<(i64, String)>,
    groups: Vec<(i64, String)>,
}

/// Makes the members of the groups of a file those that the file says. The groups themselves are there already.
pub(super) async fn replace(work: &mut AnyConnection, tenant: &str, groups: &[GroupEntry]) -> Result<Done, StoreError> {
    let mut stored = stored(work, tenant).await?;
    let (mut written, mut octets, mut left) = (Vec::new(), 0, 0);
    for group in groups {
        for (kind, members) in [(PERSON, &group.members), (GROUP, &group.groups)] {
            let mut had = stored.remove(&(group.id.clone(), kind.to_owned())).unwrap_or_default();
            let before: Vec<Option<i64>> = members.iter().map(|member| had.remove(member)).collect();
            for ((member, before), place) in members.iter().zip(&before).zip(order::positions(&before)) {
                octets += super::octets(member.len());
                if *before != Some(place) {
                    written.push((group.id.as_str(), kind, member.as_str(), place));
                }
            }
            left += had.len();
            leave(work, tenant, &group.id, kind, had).await?;
        }
    }
    for piece in pieces(&written) {
        let sql = format!(
            "INSERT INTO member (tenant, grp, kind, member, position) VALUES {} \
             ON CONFLICT (tenant, grp, kind, member) DO UPDATE SET position = excluded.position",
            rows(backend::is_postgres(work), 1, piece.len(), 5)
        );
        let query = piece.iter().fold(sqlx::query(AssertSqlSafe(sql)), |query, (group, kind, member, place)| {
            query.bind(tenant).bind(*group).bind(*kind).bind(*member).bind(*place)
        });
        query.execute(&mut *work).await?;
    }
    Ok(Done { octets, changed: left > 0 || !written.is_empty() })
}

/// By group and kind. What belongs to groups that are gone went with them.
async fn stored(work: &mut AnyConnection, tenant: &str) -> Result<HashMap<(String, String), Places>, StoreError> {
    let mut rows = sqlx::query(
        "SELECT member.grp, member.kind, member.member, member.position FROM member \
         JOIN grp ON grp.tenant = member.tenant AND grp.id = member.grp \
         WHERE member.tenant = $1 AND grp.source = 'file'",
    )
    .bind(tenant)
    .fetch(work);
    let mut stored: HashMap<(String, String), Places> = HashMap::new();
    while let Some(row) = rows.try_next().await? {
        let places = stored.entry((row.try_get("grp")?, row.try_get("kind")?)).or_default();
        places.insert(row.try_get("member")?, row.try_get("position")?);
    }
    Ok(stored)
}

async fn leave(
    work: &mut AnyConnection,
    tenant: &str,
    group: &str,
    kind: &str,
    gone: Places,
) -> Result<(), StoreError> {
    let gone: Vec<String> = gone.into_keys().collect();
    for names in lists(&gone) {
        let named = among(work, "member", &["tenant", "grp", "kind", "member"], names.len());
        let sql = format!("DELETE FROM member WHERE {named}");
        let query = sqlx::query(AssertSqlSafe(numbered(work, &sql))).bind(tenant).bind(group).bind(kind);
        names.iter().fold(query, |query, name| query.bind(*name)).execute(&mut *work).await?;
    }
    Ok(())
}

/// The members of some tenants' groups, by tenant and group.
pub(super) async fn read(
    work: &mut AnyConnection,
    tenants: &[&str],
    whose: Whose,
) -> Result<HashMap<String, HashMap<String, Members>>, StoreError> {
    let of_file = " AND EXISTS (SELECT 1 FROM grp WHERE grp.tenant = member.tenant AND grp.id = member.grp \
                   AND grp.source = 'file')";
    let whose = if whose == Whose::File { of_file } else { "" };
    let mut found: HashMap<String, HashMap<String, Members>> = HashMap::new();
    for tenants in lists(tenants) {
        let sql = format!(
            "SELECT tenant, grp, kind, member, position FROM member WHERE tenant IN ({}){whose}",
            list(work, 1, tenants.len())
        );
        let query = tenants.iter().fold(sqlx::query(AssertSqlSafe(sql)), |query, tenant| query.bind(*tenant));
        let mut rows = query.fetch(&mut *work);
        while let Some(row) = rows.try_next().await? {
            let members = found.entry(row.try_get("tenant")?).or_default().entry(row.try_get("grp")?).or_default();
            let member = (row.try_get("position")?, row.try_get("member")?);
            match row.try_get("kind")? {
                PERSON => members.people.push(member),
                _ => members.groups.push(member),
            }
        }
    }
    Ok(found)
}

impl Members {
    /// The groups within a tenant's groups, by group; nobody yet.
    pub async fn of_groups(work: &mut AnyConnection, tenant: &str) -> Result<HashMap<String, Members>, StoreError> {
        let rows = sqlx::query("SELECT grp, member, position FROM member WHERE tenant = $1 AND kind = 'group'");
        let mut found: HashMap<String, Members> = HashMap::new();
        for row in rows.bind(tenant).fetch_all(work).await? {
            let members = found.entry(row.try_get("grp")?).or_default();
            members.groups.push((row.try_get("position")?, row.try_get("member")?));
        }
        Ok(found)
    }

    /// Puts in where these people are members.
    pub async fn add_people(
        work: &mut AnyConnection,
        tenant: &str,
        people: &[&str],
        members: &mut HashMap<String, Members>,
    ) -> Result<(), StoreError> {
        for people in lists(people) {
            let first = if backend::is_postgres(work) { "$1" } else { "?" };
            let sql = format!(
                "SELECT grp, member, position FROM member WHERE tenant = {first} AND kind = 'person' AND member IN ({})",
                list(work, 2, people.len())
            );
            let query = people.iter().fold(sqlx::query(AssertSqlSafe(sql)).bind(tenant), |query, id| query.bind(*id));
            for row in query.fetch_all(&mut *work).await? {
                let members = members.entry(row.try_get("grp")?).or_default();
                members.people.push((row.try_get("position")?, row.try_get("member")?));
            }
        }
        Ok(())
    }

    /// Into the group they are of.
    pub fn join(mut self, group: &mut GroupEntry) {
        let in_order = |members: &mut Vec<(i64, String)>| {
            members.sort_unstable();
            members.drain(..).map(|(_, member)| member).collect()
        };
        group.members = in_order(&mut self.people);
        group.groups = in_order(&mut self.groups);
    }
}

/// Makes the addresses of people those that the list of their keeper says, where a person changed.
pub(super) async fn replace_addresses(
    work: &mut AnyConnection,
    keeper: Keeper,
    tenant: &str,
    people: &[PersonEntry],
    difference: &Difference,
) -> Result<(), StoreError> {
    let changed = difference.written.iter().filter(|written| written.changed);
    let changed: Vec<(&PersonEntry, bool)> =
        changed.filter_map(|written| Some((people.get(written.at)?, written.existed))).collect();
    let had: Vec<&str> = changed.iter().filter(|(_, existed)| *existed).map(|(person, _)| person.id.as_str()).collect();
    remove(work, "person_address", PERSON, tenant, &had).await?;
    let addresses = |person: &PersonEntry| -> Vec<String> {
        person.addresses.iter().map(|address| Address::normal(address).into_owned()).collect()
    };
    let new: Vec<(String, &str)> = changed
        .iter()
        .flat_map(|(person, _)| addresses(person).into_iter().map(|address| (address, person.id.as_str())))
        .collect();
    for piece in pieces(&new) {
        let sql = format!(
            "INSERT INTO person_address (tenant, address, source, person) VALUES {}",
            rows(backend::is_postgres(work), 1, piece.len(), 4)
        );
        let query = piece.iter().fold(sqlx::query(AssertSqlSafe(sql)), |query, (address, person)| {
            query.bind(tenant).bind(address.as_str()).bind(keeper.source).bind(*person)
        });
        query.execute(&mut *work).await?;
    }
    Ok(())
}
