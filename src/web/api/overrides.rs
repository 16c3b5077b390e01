//! Facts of people put right by hand: shown instead of what the directory says, whatever it says next.

use actix_web::{HttpResponse, delete, get, put, web};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::asked::Asked;
use super::body::Sent;
use super::problem::{Kind, Refusal};
use super::tenants::{Changed, OfChange, changed};
use crate::account::Permission;
use crate::store::{Names, Override, StoreError};
use crate::tenant::{Fact, Whose};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(all).service(of_person).service(set).service(reset);
}

#[derive(Debug, Serialize, ToSchema)]
struct OverrideList {
    /// By person and attribute.
    overrides: Vec<OverrideTold>,
}

/// One fact of one person.
#[derive(Debug, Serialize, ToSchema)]
struct OverrideTold {
    /// Id of the person.
    person: String,
    /// As a field names it: `jobTitle`, `custom.pronouns`.
    attribute: String,
    /// Empty: nothing is shown.
    value: String,
    #[schema(value_type = String, format = DateTime)]
    time: Option<Timestamp>,
    author: String,
    /// The author as people know it.
    who: String,
}

/// What is shown instead.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OwnValue {
    /// Empty: nothing is shown, whatever the directory says.
    #[schema(max_length = 4096)]
    value: String,
}

impl OverrideTold {
    fn of(one: Override, names: &Names) -> OverrideTold {
        let Override { person, fact, value, time_ms, author } = one;
        let time = Timestamp::from_millisecond(time_ms).ok();
        OverrideTold { person, attribute: fact, value, time, who: names.who(&author).to_owned(), author }
    }
}

/// Everything that was put right by hand, of all people; those included who are not in the directory at the moment.
#[utoipa::path(tag = "people", params(("tenant" = String, Path)), security(("token" = ["people:read"])),
    responses((status = 200, description = "All of it.", body = OverrideList)))]
#[get("/tenants/{tenant}/overrides")]
async fn all(asked: Asked, tenant: web::Path<String>) -> Result<HttpResponse, Refusal> {
    told(&asked, &tenant, None).await
}

/// What was put right by hand of one person.
#[utoipa::path(tag = "people", params(("tenant" = String, Path), ("person" = String, Path)),
    security(("token" = ["people:read"])), responses((status = 200, description = "All of it.", body = OverrideList)))]
#[get("/tenants/{tenant}/people/{person}/overrides")]
async fn of_person(asked: Asked, path: web::Path<(String, String)>) -> Result<HttpResponse, Refusal> {
    let (tenant, person) = path.into_inner();
    told(&asked, &tenant, Some(&person)).await
}

/// Shows a value instead of what the directory says of a person. A run of the directory does not change it.
#[utoipa::path(tag = "people",
    params(("tenant" = String, Path), ("person" = String, Path), ("attribute" = String, Path), OfChange),
    request_body = OwnValue, security(("token" = ["people:write"])),
    responses((status = 200, description = "It is shown from now on.", body = Changed)))]
#[put("/tenants/{tenant}/people/{person}/overrides/{attribute}")]
async fn set(asked: Asked, path: web::Path<(String, String, String)>, body: Sent) -> Result<HttpResponse, Refusal> {
    let (tenant, person, attribute) = path.into_inner();
    let id = asked.tenant(&tenant, Permission::PeopleWrite)?;
    let OwnValue { value } = body.json().await?;
    let revision = asked.change().await?.set_override(&id, &person, &fact(&attribute)?, Some(&value)).await?;
    Ok(changed(&asked, revision))
}

/// Shows what the directory says again.
#[utoipa::path(tag = "people",
    params(("tenant" = String, Path), ("person" = String, Path), ("attribute" = String, Path), OfChange),
    security(("token" = ["people:write"])), responses((status = 200, description = "Done.", body = Changed)))]
#[delete("/tenants/{tenant}/people/{person}/overrides/{attribute}")]
async fn reset(asked: Asked, path: web::Path<(String, String, String)>) -> Result<HttpResponse, Refusal> {
    let (tenant, person, attribute) = path.into_inner();
    let id = asked.tenant(&tenant, Permission::PeopleWrite)?;
    let revision = asked.change().await?.set_override(&id, &person, &fact(&attribute)?, None).await?;
    Ok(changed(&asked, revision))
}

async fn told(asked: &Asked, tenant: &str, person: Option<&str>) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(tenant, Permission::PeopleRead)?;
    let store = asked.store().await?;
    let found = store.overrides(&id, person).await?;
    let names = store.names(found.iter().map(|one| one.author.as_str())).await?;
    let overrides = found.into_iter().map(|one| OverrideTold::of(one, &names)).collect();
    Ok(HttpResponse::Ok().json(OverrideList { overrides }))
}

fn fact(attribute: &str) -> Result<Fact, Refusal> {
    let fact = Fact::parse(attribute);
    let fact = fact.ok_or_else(|| StoreError::Unknown { what: "attribute", id: attribute.to_owned() })?;
    match fact.whose {
        Whose::Person => Ok(fact),
        Whose::Manager => Err(Refusal::new(Kind::Invalid, "the manager's own entry is the place to put it right")),
    }
}
