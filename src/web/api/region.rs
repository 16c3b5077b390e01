//! What the operator does to the whole region at once.

use actix_web::{HttpResponse, delete, get, put};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::asked::Asked;
use super::body::Sent;
use super::mode::ends;
use super::problem::Refusal;
use super::tenants::OfChange;
use crate::account::Permission;
use crate::store::Bypass;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(read).service(begin).service(end);
}

/// Whether everything of the region is relayed unsigned.
#[derive(Debug, Serialize, ToSchema)]
struct BypassNow {
    on: bool,
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<Timestamp>,
    /// Absent: until it is ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewBypass {
    /// When it ends by itself, as `2026-12-01T09:00:00Z`.
    #[serde(default)]
    until: Option<String>,
    /// The same from now on, as `90m` or `2h`.
    #[serde(default, rename = "for")]
    lasting: Option<String>,
}

impl From<Option<Bypass>> for BypassNow {
    fn from(bypass: Option<Bypass>) -> BypassNow {
        let Some(Bypass { since_ms, until_ms, author, reason }) = bypass else {
            return BypassNow { on: false, since: None, until: None, author: None, reason: None };
        };
        let time = |ms| Timestamp::from_millisecond(ms).ok();
        BypassNow { on: true, since: time(since_ms), until: until_ms.and_then(time), author: Some(author), reason }
    }
}

/// Whether everything of the region is relayed unsigned. For the operator.
#[utoipa::path(tag = "region", security(("token" = ["tenant:read"])),
    responses((status = 200, description = "As it is.", body = BypassNow)))]
#[get("/region/bypass")]
async fn read(asked: Asked) -> Result<HttpResponse, Refusal> {
    asked.region(Permission::TenantRead)?;
    Ok(HttpResponse::Ok().json(BypassNow::from(asked.store().await?.bypass().await?)))
}

/// Relays everything of every tenant unsigned, at once and on every edge, until it is ended or for a time. For the
/// operator.
#[utoipa::path(tag = "region", params(OfChange), request_body = NewBypass, security(("token" = ["mode:write"])),
    responses((status = 200, description = "On.", body = BypassNow)))]
#[put("/region/bypass")]
async fn begin(asked: Asked, body: Sent) -> Result<HttpResponse, Refusal> {
    asked.region(Permission::ModeWrite)?;
    let NewBypass { until, lasting } = body.json().await?;
    let until = ends(until.as_deref(), lasting.as_deref(), Timestamp::now())?;
    let bypass = asked.change().await?.begin_bypass(until.map(Timestamp::as_millisecond)).await?;
    Ok(HttpResponse::Ok().json(BypassNow::from(Some(bypass))))
}

/// Signs again. For the operator.
#[utoipa::path(tag = "region", params(OfChange), security(("token" = ["mode:write"])),
    responses((status = 200, description = "Off.", body = BypassNow)))]
#[delete("/region/bypass")]
async fn end(asked: Asked) -> Result<HttpResponse, Refusal> {
    asked.region(Permission::ModeWrite)?;
    asked.change().await?.end_bypass().await?;
    Ok(HttpResponse::Ok().json(BypassNow::from(None)))
}
