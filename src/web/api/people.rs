//! People and groups, to be looked through: by pages, and by a text.

use actix_web::{HttpResponse, get, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::asked::{Asked, Parameters};
use super::problem::{Kind, Refusal};
use crate::account::Permission;
use crate::store::{Found, Lookup, StoreError};
use crate::tenant::{GroupEntry, PersonEntry};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_people).service(read_person).service(list_groups).service(list_members);
}

/// Which of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Search {
    /// A text that is found in it, without case.
    #[serde(default)]
    #[param(max_length = 200)]
    search: String,
    /// The `next` of the page before.
    #[serde(default)]
    after: String,
    /// At most so many; 1 to 1000.
    #[serde(default = "hundred")]
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: u32,
}

/// Some people, by id.
#[derive(Debug, Serialize, ToSchema)]
struct PersonList {
    people: Vec<PersonEntry>,
    /// Ask again with `after` for more; absent at the end. A page of a search may be short, or empty, and yet not the
    /// last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// Some groups, by id.
#[derive(Debug, Serialize, ToSchema)]
struct GroupList {
    groups: Vec<GroupSummary>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct GroupSummary {
    id: String,
    name: String,
}

/// Some members of a group, by id.
#[derive(Debug, Serialize, ToSchema)]
struct MemberList {
    /// Ids of people.
    people: Vec<String>,
    /// Ids of groups whose members belong to it too; with the first page.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    groups: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

impl Search {
    fn wanted(self) -> Result<Lookup, Refusal> {
        if !(1..=1000).contains(&self.limit) {
            return Err(Refusal::new(Kind::Malformed, "is 1 to 1000").at("?limit"));
        }
        if self.search.chars().count() > 200 {
            return Err(Refusal::new(Kind::Malformed, "has more than 200 characters").at("?search"));
        }
        Ok(Lookup { search: self.search, after: self.after, most: self.limit })
    }
}

/// People, by id; with `search` those whose id, addresses or facts have it in them.
#[utoipa::path(tag = "people", params(("tenant" = String, Path), Search), security(("token" = ["people:read"])),
    responses((status = 200, description = "A page of them.", body = PersonList)))]
#[get("/tenants/{tenant}/people")]
async fn list_people(
    asked: Asked,
    tenant: web::Path<String>,
    search: Parameters<Search>,
) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::PeopleRead)?;
    let Found { entries: people, next } = asked.store().await?.people_like(&id, &search.read()?.wanted()?).await?;
    Ok(HttpResponse::Ok().json(PersonList { people, next }))
}

/// One person.
#[utoipa::path(tag = "people", params(("tenant" = String, Path), ("person" = String, Path)),
    security(("token" = ["people:read"])), responses((status = 200, description = "As it is.", body = PersonEntry)))]
#[get("/tenants/{tenant}/people/{person}")]
async fn read_person(asked: Asked, path: web::Path<(String, String)>) -> Result<HttpResponse, Refusal> {
    let (tenant, person) = path.into_inner();
    let id = asked.tenant(&tenant, Permission::PeopleRead)?;
    let found = asked.store().await?.person(&id, &person).await?;
    let found = found.ok_or(StoreError::Unknown { what: "person", id: person })?;
    Ok(HttpResponse::Ok().json(found))
}

/// Groups, by id; with `search` those whose id or name has it in it.
#[utoipa::path(tag = "people", params(("tenant" = String, Path), Search), security(("token" = ["people:read"])),
    responses((status = 200, description = "A page of them.", body = GroupList)))]
#[get("/tenants/{tenant}/groups")]
async fn list_groups(
    asked: Asked,
    tenant: web::Path<String>,
    search: Parameters<Search>,
) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::PeopleRead)?;
    let Found { entries, next } = asked.store().await?.groups_like(&id, &search.read()?.wanted()?).await?;
    let groups = entries.into_iter().map(|GroupEntry { id, name, .. }| GroupSummary { id, name }).collect();
    Ok(HttpResponse::Ok().json(GroupList { groups, next }))
}

/// The members of a group.
#[utoipa::path(tag = "people", params(("tenant" = String, Path), ("group" = String, Path), Search),
    security(("token" = ["people:read"])), responses((status = 200, description = "A page of them.", body = MemberList)))]
#[get("/tenants/{tenant}/groups/{group}/members")]
async fn list_members(
    asked: Asked,
    path: web::Path<(String, String)>,
    search: Parameters<Search>,
) -> Result<HttpResponse, Refusal> {
    let (tenant, group) = path.into_inner();
    let id = asked.tenant(&tenant, Permission::PeopleRead)?;
    let (store, wanted) = (asked.store().await?, search.read()?.wanted()?);
    store.group(&id, &group).await?.ok_or_else(|| StoreError::Unknown { what: "group", id: group.clone() })?;
    let nested = match wanted.after.is_empty() {
        true => store.members(&id, &group, "group", &Lookup { most: 1000, ..Lookup::default() }).await?.entries,
        false => Vec::new(),
    };
    let Found { entries: people, next } = store.members(&id, &group, "person", &wanted).await?;
    Ok(HttpResponse::Ok().json(MemberList { people, groups: nested, next }))
}

fn hundred() -> u32 {
    100
}
