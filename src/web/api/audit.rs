//! The audit trail: who changed what, when, from what to what; as a list, as CSV and as JSON lines, and whether it is as
//! it was written.

use actix_web::{HttpResponse, get, web};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::asked::{Asked, Parameters};
use super::audit_export;
use super::decisions::instant;
use super::problem::{Kind, Refusal};
use crate::account::Permission;
use crate::store::{ActSearch, Audited, Names, Store, StoreError, Verification};
use crate::tenant::TenantId;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(of_tenant).service(of_region).service(verify_tenant).service(verify_region);
    config.configure(audit_export::routes);
}

/// Which acts; all that is said has to fit.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Acts {
    /// Who: the id of an account or a token, or `command` for the command line.
    author: Option<String>,
    /// What was done, as `signature.replace`, or all of a kind, as `signature`.
    action: Option<String>,
    /// The id of what it was done to.
    object: Option<String>,
    /// Not before this instant, as `2026-12-01T09:00:00Z`.
    from: Option<String>,
    /// Before this instant.
    until: Option<String>,
    /// The `next` of the page before.
    after: Option<String>,
    /// At most so many; 1 to 1000.
    #[serde(default = "hundred")]
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: u32,
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
pub struct Act {
    pub id: String,
    #[schema(value_type = String, format = DateTime)]
    pub time: Option<Timestamp>,
    /// An account or a token by its id, or a command with its user.
    pub author: String,
    /// The author as people know it: `Ada Vance <ada@contoso.com>`, the name of a token; an account that was erased has
    /// no name.
    pub who: String,
    /// The address that the request came from; absent of what was done by a command.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip: Option<String>,
    /// For example `signature.replace`.
    pub action: String,
    /// What it was done to; empty for the whole tenant.
    pub object: String,
    /// What that is called, where it is a person, a token or an invitation that is there still.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The tenant's revision by this act.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<i64>,
    /// Its place in the chain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<i64>,
    /// SHA-256 over its content and the hash of the act before, in hex.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hash: Option<String>,
}

/// What the examination of the trail has shown.
#[derive(Debug, Serialize, ToSchema)]
struct AuditVerification {
    /// Every act is as it was written, and none is missing.
    unbroken: bool,
    /// Acts that are in order, up to what is broken.
    acts: u64,
    /// The first of them.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<Timestamp>,
    /// Older acts that have expired.
    expired: i64,
    /// Number and hash of the last act: noted elsewhere, they show later whether the trail was written anew as a whole.
    number: i64,
    hash: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    broken: Option<BrokenAt>,
}

/// The first fault of a trail.
#[derive(Debug, Serialize, ToSchema)]
struct BrokenAt {
    /// `changed`, `removed` or `added`.
    what: &'static str,
    /// The number of the act.
    number: i64,
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<Timestamp>,
}

/// What was done to a tenant, the newest first. It stays when the tenant is gone, for the operator.
#[utoipa::path(tag = "audit", params(("tenant" = String, Path), Acts), security(("token" = ["audit:read"])),
    responses((status = 200, description = "A page of it.", body = AuditTrail)))]
#[get("/tenants/{tenant}/audit")]
async fn of_tenant(asked: Asked, tenant: web::Path<String>, acts: Parameters<Acts>) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::AuditRead)?;
    page(&asked, Some(&id), &acts.read()?.search()?).await
}

/// What was done to the region as a whole, the newest first.
#[utoipa::path(tag = "audit", params(Acts), security(("token" = ["audit:read"])),
    responses((status = 200, description = "A page of it.", body = AuditTrail)))]
#[get("/region/audit")]
async fn of_region(asked: Asked, acts: Parameters<Acts>) -> Result<HttpResponse, Refusal> {
    asked.region(Permission::AuditRead)?;
    page(&asked, None, &acts.read()?.search()?).await
}

async fn page(asked: &Asked, tenant: Option<&TenantId>, search: &ActSearch) -> Result<HttpResponse, Refusal> {
    let (acts, next) = read(asked.store().await?, tenant, search).await?;
    Ok(HttpResponse::Ok().json(AuditTrail { acts, next }))
}

/// Whether the trail of a tenant is as it was written: every hash is computed anew.
#[utoipa::path(tag = "audit", params(("tenant" = String, Path)), security(("token" = ["audit:read"])),
    responses((status = 200, description = "What was found.", body = AuditVerification)))]
#[get("/tenants/{tenant}/audit/verification")]
async fn verify_tenant(asked: Asked, tenant: web::Path<String>) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::AuditRead)?;
    verified(&asked, Some(&id)).await
}

/// The same of what was done to the region as a whole.
#[utoipa::path(tag = "audit", security(("token" = ["audit:read"])),
    responses((status = 200, description = "What was found.", body = AuditVerification)))]
#[get("/region/audit/verification")]
async fn verify_region(asked: Asked) -> Result<HttpResponse, Refusal> {
    asked.region(Permission::AuditRead)?;
    verified(&asked, None).await
}

async fn verified(asked: &Asked, tenant: Option<&TenantId>) -> Result<HttpResponse, Refusal> {
    let Verification { acts, since_ms, expired, number, hash, broken } =
        asked.store().await?.verify_audit(tenant).await?;
    let time = |ms: Option<i64>| ms.and_then(|ms| Timestamp::from_millisecond(ms).ok());
    let unbroken = broken.is_none();
    let broken =
        broken.map(|broken| BrokenAt { what: broken.what.word(), number: broken.number, time: time(broken.time_ms) });
    let since = time(since_ms);
    Ok(HttpResponse::Ok().json(AuditVerification { unbroken, acts, since, expired, number, hash, broken }))
}

/// A page of acts with the names of who is in them, and where the next one begins.
pub async fn read(
    store: &Store,
    tenant: Option<&TenantId>,
    search: &ActSearch,
) -> Result<(Vec<Act>, Option<String>), StoreError> {
    let acts = store.find_acts(tenant, search).await?;
    let full = u32::try_from(acts.len()).unwrap_or(u32::MAX) >= search.most;
    let next = acts.last().filter(|_| full).map(|last| last.id.clone());
    let names = acts.iter().flat_map(|act| [act.author.as_str(), act.object.as_str()]);
    let names = store.names(names).await?;
    Ok((acts.into_iter().map(|act| Act::of(act, &names)).collect(), next))
}

impl Act {
    fn of(audited: Audited, names: &Names) -> Act {
        // Ids of signatures and the like are the tenant's to choose.
        let has_name = ["member.", "token.", "invitation."].iter().any(|kind| audited.action.starts_with(kind));
        Act {
            time: Timestamp::from_millisecond(audited.time_ms).ok(),
            who: names.who(&audited.author),
            object_name: names.of(&audited.object).filter(|_| has_name).map(str::to_owned),
            id: audited.id,
            author: audited.author,
            ip: audited.ip,
            action: audited.action,
            object: audited.object,
            before: audited.before,
            after: audited.after,
            reason: audited.reason,
            revision: audited.revision,
            number: audited.number,
            hash: audited.hash,
        }
    }
}

impl Acts {
    pub fn search(self) -> Result<ActSearch, Refusal> {
        if !(1..=1000).contains(&self.limit) {
            return Err(Refusal::new(Kind::Malformed, "is 1 to 1000").at("?limit"));
        }
        let said = |text: Option<String>| text.filter(|text| !text.is_empty());
        let from = instant(self.from.as_deref(), "?from")?.unwrap_or(0);
        let until = instant(self.until.as_deref(), "?until")?.unwrap_or(i64::MAX);
        Ok(ActSearch {
            author: said(self.author),
            action: said(self.action),
            object: said(self.object),
            time_ms: from..until,
            before: said(self.after),
            most: self.limit,
        })
    }
}

fn hundred() -> u32 {
    100
}
