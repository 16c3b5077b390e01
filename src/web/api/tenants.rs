//! Tenants: listed, made, replaced and removed, each as a whole by its file.
//!
//! Who a tenant is (its domains, its id at Microsoft, its peer) is taken from a file of the operator of the region alone:
//! one's own token changes everything else. A tenant that proves who it is does so by `connection`.

use actix_web::http::header::LOCATION;
use actix_web::{HttpResponse, delete, get, post, put, web};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::asked::{Asked, Parameters, etag, unknown_tenant};
use super::body::{Sent, parse};
use super::problem::{Kind, Refusal};
use crate::account::Permission;
use crate::store::{Expected, Listed, Store};
use crate::tenant::{Mode, Revision, TenantFile, TenantId};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list).service(create).service(one).service(replace).service(export).service(remove);
}

/// A page of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Page {
    /// The `next` of the page before.
    #[serde(default)]
    pub after: String,
    /// At most so many; 1 to 1000.
    #[serde(default = "hundred")]
    #[param(minimum = 1, maximum = 1000, default = 100)]
    pub limit: u32,
}

/// What every change takes.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "read by `Asked`; here for the document")]
pub struct OfChange {
    /// Do everything but make it lasting: tells what would be refused.
    pub dry_run: Option<bool>,
    /// Why; for the audit trail.
    #[param(max_length = 500)]
    pub reason: Option<String>,
    /// Change signatures although test cases would fail. Needs `tenant:write`, and a reason.
    pub override_cases: Option<bool>,
}

#[derive(Debug, Serialize, ToSchema)]
struct TenantList {
    tenants: Vec<TenantSummary>,
    /// Ask again with `after` for those behind; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// A tenant in short.
#[derive(Debug, Serialize, ToSchema)]
pub struct TenantSummary {
    id: String,
    name: String,
    /// The mode in force now.
    mode: Mode,
    domains: Vec<String>,
    /// Counts its changes; the ETag.
    revision: u64,
    /// End of the life of the client certificate that its next hop knows us by.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate_not_after: Option<Timestamp>,
}

/// What a change made of a tenant.
#[derive(Debug, Serialize, ToSchema)]
pub struct Changed {
    /// The tenant's revision by this change; with `dry_run` the one it would have been.
    pub revision: u64,
    /// Nothing was made lasting.
    pub dry_run: bool,
}

impl From<Listed> for TenantSummary {
    fn from(listed: Listed) -> TenantSummary {
        TenantSummary {
            id: listed.id.as_str().to_owned(),
            name: listed.name,
            mode: listed.mode,
            domains: listed.domains,
            revision: listed.revision.0,
            certificate_not_after: listed
                .certificate_not_after_ms
                .and_then(|end| Timestamp::from_millisecond(end).ok()),
        }
    }
}

/// The answer to a change. A revision that came about on trial is no validator.
pub fn changed(asked: &Asked, revision: Revision) -> HttpResponse {
    let mut answer = HttpResponse::Ok();
    if !asked.dry_run {
        answer.insert_header(etag(revision));
    }
    answer.json(Changed { revision: revision.0, dry_run: asked.dry_run })
}

/// Tenants in short, by id.
#[utoipa::path(tag = "tenants", params(Page), security(("token" = ["tenant:read"])),
    responses((status = 200, description = "A page of them.", body = TenantList)))]
#[get("/tenants")]
async fn list(asked: Asked, page: Parameters<Page>) -> Result<HttpResponse, Refusal> {
    asked.may(Permission::TenantRead)?;
    let page = page.read()?;
    let limit = page.limit()?;
    let store = asked.store().await?;
    let own = asked.own_tenants();
    let mut listed = Vec::new();
    match &own {
        Some(own) => {
            for tenant in own {
                listed.extend(store.listed(tenant).await?);
            }
        }
        None => listed = store.list_after(&page.after, limit).await?,
    }
    let full = u32::try_from(listed.len()).unwrap_or(u32::MAX) >= limit && own.is_none();
    let next = listed.last().filter(|_| full).map(|last| last.id.as_str().to_owned());
    Ok(HttpResponse::Ok().json(TenantList { tenants: listed.into_iter().map(TenantSummary::from).collect(), next }))
}

/// Makes a tenant. Its secrets are made with it.
#[utoipa::path(tag = "tenants", params(OfChange), security(("token" = ["tenant:write"])), request_body = TenantFile,
    responses((status = 201, description = "Made.", body = Changed)))]
#[post("/tenants")]
async fn create(asked: Asked, body: Sent) -> Result<HttpResponse, Refusal> {
    asked.region(Permission::TenantWrite)?;
    let _whole = asked.state.whole().await?;
    let file = file(body).await?;
    let revision = asked.change().await?.expecting(Expected::Absent).import(&file).await?;
    Ok(created(&asked, &file.id, revision))
}

/// One tenant in short.
#[utoipa::path(tag = "tenants", params(("tenant" = String, Path)), security(("token" = ["tenant:read"])),
    responses((status = 200, description = "As it is.", body = TenantSummary)))]
#[get("/tenants/{tenant}")]
async fn one(asked: Asked, tenant: web::Path<String>) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::TenantRead)?;
    let listed = asked.store().await?.listed(&id).await?.ok_or_else(|| unknown_tenant(&tenant))?;
    let validator = etag(listed.revision);
    Ok(HttpResponse::Ok().insert_header(validator).json(TenantSummary::from(listed)))
}

/// Makes a tenant what its file says, as `signet tenant import` does; a new one for the operator. Of a tenant that is
/// there `If-Match` must say the revision, or `*` for whatever it is.
#[utoipa::path(tag = "tenants", params(("tenant" = String, Path), OfChange), security(("token" = ["tenant:write"])),
    request_body = TenantFile,
    responses((status = 200, description = "Replaced.", body = Changed), (status = 201, description = "Made.", body = Changed)))]
#[put("/tenants/{tenant}")]
async fn replace(asked: Asked, tenant: web::Path<String>, body: Sent) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::TenantWrite)?;
    let _whole = asked.state.whole().await?;
    let file = file(body).await?;
    if file.id != id {
        return Err(Refusal::new(Kind::Invalid, format!("the file is of another tenant than {id}")).at("/id"));
    }
    let store = asked.change().await?;
    let Some(revision) = store.revision(&id).await? else {
        asked.region(Permission::TenantWrite)?;
        let revision = store.import(&file).await?;
        return Ok(created(&asked, &id, revision));
    };
    if !asked.says_what_is_there() {
        let why = "say which revision is to be replaced, as the ETag has it, or *";
        return Err(Refusal::new(Kind::Changed, why).at("If-Match"));
    }
    let revision = match asked.own_tenants() {
        None => store.import(&file).await?,
        Some(_) => {
            is_still_the_same(&store, &file).await?;
            // What was compared must be what is replaced.
            let expected = if asked.says_a_revision() { store } else { store.expecting(Expected::At(revision)) };
            expected.import(&file).await?
        }
    };
    Ok(changed(&asked, revision))
}

/// The tenant's file, to be kept in Git, changed, and put back; to the letter what was put. It has no secrets in it.
#[utoipa::path(tag = "tenants", params(("tenant" = String, Path)), security(("token" = ["tenant:read"])),
    responses((status = 200, description = "The file.", body = TenantFile)))]
#[get("/tenants/{tenant}/export")]
async fn export(asked: Asked, tenant: web::Path<String>) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::TenantRead)?;
    let _whole = asked.state.whole().await?;
    let store = asked.store().await?;
    let (size, most) = (store.octets(&id).await?.unwrap_or_default(), asked.state.max_body_bytes);
    if size > u64::try_from(most).unwrap_or(u64::MAX) {
        let why = format!("the file has about {size} octets, more than {most}; `signet tenant export` writes any");
        return Err(Refusal::new(Kind::TooLarge, why));
    }
    let exported = store.export_at(&id).await?;
    let (file, revision) = exported.ok_or_else(|| unknown_tenant(&tenant))?;
    let text = web::block(move || file.to_json()).await;
    let text = text.map_err(|_| Refusal::new(Kind::Fault, "the file could not be written"))?;
    Ok(HttpResponse::Ok().insert_header(etag(revision)).content_type("application/json").body(text))
}

/// Removes a tenant with its secrets, certificate, history and records. For the operator.
#[utoipa::path(tag = "tenants", params(("tenant" = String, Path), OfChange), security(("token" = ["tenant:write"])),
    responses((status = 204, description = "Removed.")))]
#[delete("/tenants/{tenant}")]
async fn remove(asked: Asked, tenant: web::Path<String>) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::TenantWrite)?;
    asked.region(Permission::TenantWrite)?;
    asked.change().await?.delete(&id).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The file, and nothing wrong with it in itself.
async fn file(body: Sent) -> Result<TenantFile, Refusal> {
    let octets = body.large("application/json").await?;
    let judged = web::block(move || {
        let file: TenantFile = parse(&octets)?;
        let problems = file.problems();
        if problems.is_empty() { Ok(file) } else { Err(Refusal::invalid(problems)) }
    });
    judged.await.map_err(|_| Refusal::new(Kind::Fault, "the file could not be judged"))?
}

fn created(asked: &Asked, id: &TenantId, revision: Revision) -> HttpResponse {
    let mut answer = HttpResponse::Created();
    if !asked.dry_run {
        answer.insert_header(etag(revision));
        answer.insert_header((LOCATION, format!("{}/tenants/{id}", super::document::ROOT)));
    }
    answer.json(Changed { revision: revision.0, dry_run: asked.dry_run })
}

/// What proves a tenant, and where its mail goes, are not for the tenant's own token.
async fn is_still_the_same(store: &Store, file: &TenantFile) -> Result<(), Refusal> {
    let now = store.settings(&file.id).await?;
    let differs = [
        ("/domains", now.domains != file.domains),
        ("/microsoft_tenant_id", now.microsoft_tenant_id != file.microsoft_tenant_id),
        ("/peer", now.peer != file.peer),
    ];
    match differs.into_iter().find(|(_, differs)| *differs) {
        None => Ok(()),
        Some((place, _)) => {
            let why = "who the tenant is only the operator of the region changes by a file, with a token of the region; \
                       a domain that you can prove is taken under /connection/domains";
            Err(Refusal::new(Kind::Forbidden, why).at(place))
        }
    }
}

impl Page {
    pub fn limit(&self) -> Result<u32, Refusal> {
        match self.limit {
            1..=1000 => Ok(self.limit),
            _ => Err(Refusal::new(Kind::Malformed, "is 1 to 1000").at("?limit")),
        }
    }
}

fn hundred() -> u32 {
    100
}
