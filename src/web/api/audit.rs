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
use crate::store::{Audited, Names};

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
    /// An account or a token by its id, or a command with its user.
    author: String,
    /// The author as people know it: `Ada Vance <ada@contoso.com>`, the name of a token; an account that was erased has
    /// no name.
    who: String,
    /// For example `signature.replace`.
    action: String,
    /// What it was done to; empty for the whole tenant.
    object: String,
    /// What that is called, where it is a person, a token or an invitation that is there still.
    #[serde(skip_serializing_if = "Option::is_none")]
    object_name: Option<String>,
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

impl Act {
    fn of(audited: Audited, names: &Names) -> Act {
        let Audited { id, tenant: _, time_ms, author, action, object, before, after, reason, revision } = audited;
        let time = Timestamp::from_millisecond(time_ms).ok();
        let who = names.who(&author).to_owned();
        // Ids of signatures and the like are the tenant's to choose.
        let has_name = ["member.", "token.", "invitation."].iter().any(|kind| action.starts_with(kind));
        let object_name = names.of(&object).filter(|_| has_name).map(str::to_owned);
        Act { id, time, author, who, action, object, object_name, before, after, reason, revision }
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
    told(&asked, acts, &page).await
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
    told(&asked, acts, &page).await
}

async fn told(asked: &Asked, acts: Vec<Audited>, page: &Page) -> Result<HttpResponse, Refusal> {
    let full = u32::try_from(acts.len()).unwrap_or(u32::MAX) >= page.limit;
    let next = acts.last().filter(|_| full).map(|last| last.id.clone());
    let names = acts.iter().flat_map(|act| [act.author.as_str(), act.object.as_str()]);
    let names = asked.store().await?.names(names).await?;
    let acts = acts.into_iter().map(|act| Act::of(act, &names)).collect();
    Ok(HttpResponse::Ok().json(AuditTrail { acts, next }))
}
