//! The audit trail: who changed what, when, from what to what.

use actix_web::{HttpResponse, get, web};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::asked::{Asked, Parameters};
use super::problem::Refusal;
use super::tenants::Page;
use crate::account::Permission;
use crate::store::Audited;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(of_tenant).service(of_region);
}

#[derive(Debug, Serialize, ToSchema)]
struct AuditTrail {
    acts: Vec<Act>,
    /// Ask again with `after` for those before them; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// One act.
#[derive(Debug, Serialize, ToSchema)]
struct Act {
    id: String,
    #[schema(value_type = String, format = DateTime)]
    time: Option<Timestamp>,
    /// A token with its name, or a command with its user.
    author: String,
    /// For example `signature.replace`.
    action: String,
    /// What it was done to; empty for the whole tenant.
    object: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// The tenant's revision by this act.
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<i64>,
}

impl From<Audited> for Act {
    fn from(audited: Audited) -> Act {
        let Audited { id, tenant: _, time_ms, author, action, object, before, after, reason, revision } = audited;
        let time = Timestamp::from_millisecond(time_ms).ok();
        Act { id, time, author, action, object, before, after, reason, revision }
    }
}

/// What was done to a tenant, the newest first. It stays when the tenant is gone, for the operator.
#[utoipa::path(tag = "audit", params(("tenant" = String, Path), Page), security(("token" = ["audit:read"])),
    responses((status = 200, description = "A page of it.", body = AuditTrail)))]
#[get("/tenants/{tenant}/audit")]
async fn of_tenant(asked: Asked, tenant: web::Path<String>, page: Parameters<Page>) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::AuditRead)?;
    let page = page.read()?;
    let before = Some(page.after.as_str()).filter(|id| !id.is_empty());
    let acts = asked.store().await?.audit(Some(&id), before, page.limit()?).await?;
    Ok(told(acts, &page))
}

/// What was done to the region as a whole, the newest first.
#[utoipa::path(tag = "audit", params(Page), security(("token" = ["audit:read"])),
    responses((status = 200, description = "A page of it.", body = AuditTrail)))]
#[get("/region/audit")]
async fn of_region(asked: Asked, page: Parameters<Page>) -> Result<HttpResponse, Refusal> {
    asked.region(Permission::AuditRead)?;
    let page = page.read()?;
    let before = Some(page.after.as_str()).filter(|id| !id.is_empty());
    let acts = asked.store().await?.audit(None, before, page.limit()?).await?;
    Ok(told(acts, &page))
}

fn told(acts: Vec<Audited>, page: &Page) -> HttpResponse {
    let full = u32::try_from(acts.len()).unwrap_or(u32::MAX) >= page.limit;
    let next = acts.last().filter(|_| full).map(|last| last.id.clone());
    HttpResponse::Ok().json(AuditTrail { acts: acts.into_iter().map(Act::from).collect(), next })
}
