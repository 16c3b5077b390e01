//! The domains of a tenant: how one is proven, those that Microsoft knows, one taken and one given up.

use actix_web::{HttpResponse, delete, get, post, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::asked::{Asked, Parameters, unknown_tenant};
use super::super::body::Sent;
use super::super::problem::{Kind, Refusal};
use super::super::tenants::{Changed, OfChange, changed};
use super::setup;
use crate::account::Permission;
use crate::actors::Setup;
use crate::tenant::Domain;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(proof).service(known).service(take).service(give_up);
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct OfDomain {
    domain: String,
}

/// The record by which a domain is proven.
#[derive(Debug, Serialize, ToSchema)]
struct DomainProof {
    domain: String,
    /// `TXT`.
    #[schema(value_type = String)]
    kind: &'static str,
    record_name: String,
    /// Good for this tenant alone, and for as long as it is there.
    record_value: String,
}

/// What Microsoft says an organisation has proven.
#[derive(Debug, Serialize, ToSchema)]
struct OrganisationDomains {
    domains: Vec<OrganisationDomain>,
}

#[derive(Debug, Serialize, ToSchema)]
struct OrganisationDomain {
    name: String,
    /// The one that Microsoft gave.
    initial: bool,
    default: bool,
    /// Mail is sent and received with it.
    mail: bool,
    /// It is one of the tenant's domains here.
    taken: bool,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewDomain {
    domain: String,
    /// Where Microsoft 365 takes mail for it; found out by DNS if nobody says so, and of no meaning later.
    #[serde(default)]
    next_hop: Option<String>,
}

/// The TXT record by which the tenant proves that a domain is its own.
#[utoipa::path(tag = "connection", params(("tenant" = String, Path), OfDomain), security(("token" = ["tenant:write"])),
    responses((status = 200, description = "The record.", body = DomainProof)))]
#[get("/tenants/{tenant}/connection/proof")]
async fn proof(asked: Asked, tenant: web::Path<String>, of: Parameters<OfDomain>) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::TenantWrite)?;
    let domain = domain(&of.read()?.domain, "?domain")?;
    let store = asked.store().await?;
    store.revision(&id).await?.ok_or_else(|| unknown_tenant(&tenant))?;
    let (record_name, record_value) = Setup::record(store, &id, &domain).await?;
    let domain = domain.as_str().to_owned();
    Ok(HttpResponse::Ok().json(DomainProof { domain, kind: "TXT", record_name, record_value }))
}

/// The domains that the organisation has proven to Microsoft; it must have consented.
#[utoipa::path(tag = "connection", params(("tenant" = String, Path)), security(("token" = ["tenant:read"])),
    responses((status = 200, description = "All of them.", body = OrganisationDomains)))]
#[get("/tenants/{tenant}/connection/domains")]
async fn known(asked: Asked, tenant: web::Path<String>) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::TenantRead)?;
    let settings = asked.store().await?.settings(&id).await?;
    let Some(organisation) = settings.microsoft_tenant_id else {
        return Err(Refusal::new(Kind::Invalid, "prove a domain first: it tells which organisation this is"));
    };
    let own: Vec<_> = settings.domains.iter().map(|own| Domain::normal(own)).collect();
    let found = setup(&asked).await?.domains(&organisation).await?;
    let seen = |domain: crate::directory::VerifiedDomain| OrganisationDomain {
        taken: own.contains(&Domain::normal(&domain.name)),
        name: domain.name,
        initial: domain.is_initial,
        default: domain.is_default,
        mail: domain.takes_mail,
    };
    Ok(HttpResponse::Ok().json(OrganisationDomains { domains: found.into_iter().map(seen).collect() }))
}

/// Takes a domain whose TXT record is there, or that the organisation, once it is known and has consented, has proven to
/// Microsoft. The first one tells the organisation and where its mail goes on to.
#[utoipa::path(tag = "connection", params(("tenant" = String, Path), OfChange), security(("token" = ["tenant:write"])),
    request_body = NewDomain, responses((status = 200, description = "Taken.", body = Changed)))]
#[post("/tenants/{tenant}/connection/domains")]
async fn take(asked: Asked, tenant: web::Path<String>, body: Sent) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::TenantWrite)?;
    let NewDomain { domain: named, next_hop } = body.json().await?;
    let domain = domain(&named, "/domain")?;
    let store = asked.change().await?;
    let proven = setup(&asked).await?.prove(&store, &id, &domain, next_hop.as_deref()).await?;
    let revision = store.take_domain(&id, &proven).await?;
    Ok(changed(&asked, revision))
}

/// Gives a domain up: mail from it is the tenant's no more. Not the last one.
#[utoipa::path(tag = "connection", params(("tenant" = String, Path), ("domain" = String, Path), OfChange),
    security(("token" = ["tenant:write"])), responses((status = 200, description = "Given up.", body = Changed)))]
#[delete("/tenants/{tenant}/connection/domains/{domain}")]
async fn give_up(asked: Asked, path: web::Path<(String, String)>) -> Result<HttpResponse, Refusal> {
    let (tenant, named) = path.into_inner();
    let id = asked.tenant(&tenant, Permission::TenantWrite)?;
    let domain = Domain::parse(&named).ok_or_else(|| Refusal::not_found("such domain"))?;
    let revision = asked.change().await?.give_up_domain(&id, &domain).await?;
    Ok(changed(&asked, revision))
}

fn domain(text: &str, place: &str) -> Result<Domain, Refusal> {
    let text = text.trim().trim_end_matches('.');
    let named = Domain::parse(text).filter(|domain| domain.as_str().contains('.'));
    let shown: String = text.chars().filter(|c| !c.is_control()).take(80).collect();
    let wrong = || Refusal::new(Kind::Invalid, format!("{shown:?} is no domain such as contoso.com")).at(place);
    named.ok_or_else(wrong)
}
