//! The brand: colours, fonts and logos that whoever draws is offered first.
//!
//! Whoever draws sets it, designers too: it is a palette, and no mail shows it before a signature that uses it is
//! published. A new picture for it is put as an image, which needs the right to publish.

use actix_web::{HttpResponse, get, put, web};
use utoipa_actix_web::service_config::ServiceConfig;

use super::asked::{Asked, etag, unknown_tenant};
use super::body::Sent;
use super::problem::Refusal;
use super::tenants::{Changed, OfChange, changed};
use crate::account::Permission;
use crate::tenant::Brand;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(read).service(set);
}

/// The brand of a tenant.
#[utoipa::path(tag = "brand", params(("tenant" = String, Path)), security(("token" = ["signatures:read"])),
    responses((status = 200, description = "As the tenant's file has it.", body = Brand)))]
#[get("/tenants/{tenant}/brand")]
async fn read(asked: Asked, tenant: web::Path<String>) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::SignaturesRead)?;
    let (brand, revision) = asked.store().await?.brand(&id).await?.ok_or_else(|| unknown_tenant(&tenant))?;
    Ok(HttpResponse::Ok().insert_header(etag(revision)).json(brand))
}

/// Sets the whole brand. Signatures stay as they are; whoever draws one is offered this from now on.
#[utoipa::path(tag = "brand", params(("tenant" = String, Path), OfChange), request_body = Brand,
    security(("token" = ["drafts:write"])), responses((status = 200, description = "Set.", body = Changed)))]
#[put("/tenants/{tenant}/brand")]
async fn set(asked: Asked, tenant: web::Path<String>, body: Sent) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::DraftsWrite)?;
    let brand: Brand = body.json().await?;
    let revision = asked.change().await?.set_brand(&id, brand).await?;
    Ok(changed(&asked, revision))
}
