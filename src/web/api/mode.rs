//! How far the service is switched on for a tenant, and until when: in force on every edge with the next message.

use actix_web::{HttpResponse, get, put, web};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::asked::{Asked, etag, unknown_tenant};
use super::body::Sent;
use super::problem::{Kind, Refusal};
use super::tenants::{Changed, OfChange, changed};
use crate::account::Permission;
use crate::tenant::{Mode, ModeEnds};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(read).service(set);
}

/// The mode of a tenant.
#[derive(Debug, Serialize, ToSchema)]
struct ModeNow {
    /// In force now.
    mode: Mode,
    /// When that ends, and how it goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    ends: Option<ModeEnds>,
}

/// A mode to be set.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewMode {
    mode: Mode,
    /// When it ends, as `2026-12-01T09:00:00Z`; then it is as before.
    #[serde(default)]
    until: Option<String>,
    /// The same from now on, as `90m` or `2h`.
    #[serde(default, rename = "for")]
    lasting: Option<String>,
}

/// How far the service is switched on.
#[utoipa::path(tag = "mode", params(("tenant" = String, Path)), security(("token" = ["tenant:read"])),
    responses((status = 200, description = "The mode in force now.", body = ModeNow)))]
#[get("/tenants/{tenant}/mode")]
async fn read(asked: Asked, tenant: web::Path<String>) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::TenantRead)?;
    let store = asked.store().await?;
    let revision = store.revision(&id).await?.ok_or_else(|| unknown_tenant(&tenant))?;
    let file = store.settings(&id).await?;
    let now = Timestamp::now();
    let mode = file.mode_at(now).clone();
    let ends = file.mode_ends.filter(|ends| ends.at.parse::<Timestamp>().is_ok_and(|at| at > now));
    Ok(HttpResponse::Ok().insert_header(etag(revision)).json(ModeNow { mode, ends }))
}

/// Switches the service on, off or on for some, for good or for a time. Every edge follows within a second.
#[utoipa::path(tag = "mode", params(("tenant" = String, Path), OfChange), security(("token" = ["mode:write"])),
    request_body = NewMode, responses((status = 200, description = "Set.", body = Changed)))]
#[put("/tenants/{tenant}/mode")]
async fn set(asked: Asked, tenant: web::Path<String>, body: Sent) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::ModeWrite)?;
    let NewMode { mode, until, lasting } = body.json().await?;
    let until = ends(until.as_deref(), lasting.as_deref(), Timestamp::now())?;
    let store = asked.change().await?;
    let revision = match until {
        Some(until) => store.set_mode_until(&id, mode, until).await,
        None => store.set_mode(&id, mode).await,
    };
    Ok(changed(&asked, revision?))
}

/// The instant at which something ends, if it does.
pub fn ends(until: Option<&str>, lasting: Option<&str>, now: Timestamp) -> Result<Option<Timestamp>, Refusal> {
    let wrong = |place: &str, why: String| Refusal::new(Kind::Invalid, why).at(place);
    let until = match (until, lasting) {
        (Some(_), Some(_)) => return Err(wrong("/for", "say `until` or `for`, not both".to_owned())),
        (Some(until), None) => {
            let parsed = until.parse::<Timestamp>();
            Some(
                parsed
                    .map_err(|_| wrong("/until", format!("`{until}` is not an instant like 2026-12-01T09:00:00Z")))?,
            )
        }
        (None, Some(lasting)) => {
            let parsed = lasting.parse::<SignedDuration>().ok().and_then(|lasting| now.checked_add(lasting).ok());
            Some(parsed.ok_or_else(|| wrong("/for", format!("`{lasting}` is not a time like 90m or 2h")))?)
        }
        (None, None) => None,
    };
    match until {
        Some(until) if until <= now => {
            let place = if lasting.is_some() { "/for" } else { "/until" };
            Err(wrong(place, "the end must lie ahead".to_owned()))
        }
        until => Ok(until),
    }
}
