//! An organisation's own settings, its trial, and the way out: how it leaves without a message being lost.

use actix_web::{HttpResponse, delete, get, post, put, web};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::account::milliseconds;
use super::asked::{Asked, etag, unknown_tenant};
use super::body::Sent;
use super::problem::{Kind, Refusal};
use super::tenants::{Changed, OfChange, changed};
use crate::account::{Letter, Permission, Role};
use crate::store::{Leaving, Subscription};
use crate::tenant::TenantId;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(read).service(set).service(begin_trial).service(leave).service(stay);
}

/// What an organisation says of itself, and how it stands.
#[derive(Debug, Serialize, ToSchema)]
struct Organisation {
    name: String,
    /// Records of its mail are kept so many days; 0: none are.
    retention_days: u32,
    /// Lines that begin quoted text, besides those that begin it everywhere.
    reply_separators: Vec<String>,
    subscription: SubscriptionNow,
    /// Absent: it stays.
    #[serde(skip_serializing_if = "Option::is_none")]
    leaving: Option<LeavingNow>,
}

/// What of that is paid for can be used. Mail is signed all the same.
#[derive(Debug, Serialize, ToSchema)]
struct SubscriptionNow {
    /// `none`, `trial` or `subscribed`.
    #[schema(value_type = String)]
    state: &'static str,
    /// Whether it counts now; without it no directory is read.
    in_force: bool,
    /// Absent: it has no end.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    ends: Option<Timestamp>,
    /// How long a trial lasts that begins now; absent where none can begin.
    #[serde(skip_serializing_if = "Option::is_none")]
    trial_days: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
struct LeavingNow {
    #[schema(value_type = String, format = DateTime)]
    since: Option<Timestamp>,
    /// The newest message since then.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    last_mail: Option<Timestamp>,
    /// When everything is removed, if no more mail comes.
    #[schema(value_type = String, format = DateTime)]
    ends: Option<Timestamp>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewOrganisation {
    name: String,
    /// 0 to 365.
    retention_days: u32,
    /// Lines that begin quoted text, up to 20. Absent: as they are.
    reply_separators: Option<Vec<String>>,
}

/// How the organisation stands.
#[utoipa::path(tag = "organisation", params(("tenant" = String, Path)), security(("token" = ["tenant:read"])),
    responses((status = 200, description = "As it is.", body = Organisation)))]
#[get("/tenants/{tenant}/organisation")]
async fn read(asked: Asked, tenant: web::Path<String>) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::TenantRead)?;
    let store = asked.store().await?;
    let listed = store.listed(&id).await?.ok_or_else(|| unknown_tenant(&tenant))?;
    Ok(HttpResponse::Ok().insert_header(etag(listed.revision)).json(Organisation {
        name: listed.name,
        retention_days: store.retention(&id).await?,
        reply_separators: store.reply_separators(&id).await?,
        subscription: subscription(&asked, store.subscription(&id).await?),
        leaving: store.leaving(&id).await?.map(LeavingNow::from),
    }))
}

/// Sets the name, how long records are kept (shorter takes effect within the hour), and what begins quoted text.
#[utoipa::path(tag = "organisation", params(("tenant" = String, Path), OfChange), security(("token" = ["tenant:write"])),
    request_body = NewOrganisation, responses((status = 200, description = "Set.", body = Changed)))]
#[put("/tenants/{tenant}/organisation")]
async fn set(asked: Asked, tenant: web::Path<String>, body: Sent) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::TenantWrite)?;
    let NewOrganisation { name, retention_days, reply_separators } = body.json().await?;
    let change = asked.change().await?;
    let revision = change.set_organisation(&id, name.trim(), retention_days, reply_separators).await?;
    Ok(changed(&asked, revision))
}

/// Begins the trial, once. From then on the directory may be read.
#[utoipa::path(tag = "organisation", params(("tenant" = String, Path), OfChange), security(("token" = ["tenant:write"])),
    responses((status = 200, description = "It has begun.", body = SubscriptionNow)))]
#[post("/tenants/{tenant}/trial")]
async fn begin_trial(asked: Asked, tenant: web::Path<String>) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::TenantWrite)?;
    let none = || Refusal::new(Kind::NotFound, "there are no trials here; ask the operator to subscribe you");
    let lasts = asked.state.accounts.trial.ok_or_else(none)?;
    let begun = asked.change().await?.begin_trial(&id, asked.state.now_ms(), milliseconds(lasts)).await?;
    Ok(HttpResponse::Ok().json(subscription(&asked, begun)))
}

/// Leaves: mail is relayed unsigned from now on, nothing is read any more, and when no mail has come for 30 days
/// everything is removed. For owners.
#[utoipa::path(tag = "organisation", params(("tenant" = String, Path), OfChange), security(("token" = ["tenant:write"])),
    responses((status = 200, description = "It leaves.", body = Changed)))]
#[post("/tenants/{tenant}/leaving")]
async fn leave(asked: Asked, tenant: web::Path<String>) -> Result<HttpResponse, Refusal> {
    let id = owner(&asked, &tenant)?;
    let revision = asked.change().await?.leave(&id, asked.state.now_ms()).await?;
    if !asked.dry_run {
        tell_owners(&asked, &id).await?;
    }
    Ok(changed(&asked, revision))
}

/// Stays after all, in the mode from before. For owners.
#[utoipa::path(tag = "organisation", params(("tenant" = String, Path), OfChange), security(("token" = ["tenant:write"])),
    responses((status = 200, description = "It stays.", body = Changed)))]
#[delete("/tenants/{tenant}/leaving")]
async fn stay(asked: Asked, tenant: web::Path<String>) -> Result<HttpResponse, Refusal> {
    let id = owner(&asked, &tenant)?;
    let revision = asked.change().await?.stay(&id, asked.state.now_ms()).await?;
    Ok(changed(&asked, revision))
}

/// An owner who has shown the password, or the operator.
fn owner(asked: &Asked, tenant: &str) -> Result<TenantId, Refusal> {
    let id = asked.tenant(tenant, Permission::TenantWrite)?;
    match asked.role(&id) {
        Some(Role::Owner) => asked.confirmed()?,
        Some(_) => return Err(Refusal::new(Kind::Forbidden, "only an owner lets the organisation leave or stay")),
        None => asked.region(Permission::TenantWrite)?,
    }
    Ok(id)
}

/// Every owner learns of it: it may have been another one.
async fn tell_owners(asked: &Asked, id: &TenantId) -> Result<(), Refusal> {
    if asked.state.courier().is_none() {
        return Ok(());
    }
    let store = asked.store().await?;
    let name = store.listed(id).await?.map(|listed| listed.name).unwrap_or_default();
    for owner in store.team(id).await?.into_iter().filter(|member| member.role == Role::Owner) {
        let console = asked.state.url();
        let settings = format!("{console}/t/{id}/settings");
        asked.state.mail(Letter::leaving(&owner.email, &owner.full_name, &name, console, &settings))?;
    }
    Ok(())
}

fn subscription(asked: &Asked, subscription: Subscription) -> SubscriptionNow {
    let (state, ends_ms) = match subscription {
        Subscription::None => ("none", None),
        Subscription::Trial { ends_ms, .. } => ("trial", Some(ends_ms)),
        Subscription::Subscribed { ends_ms } => ("subscribed", ends_ms),
    };
    let trial = asked.state.accounts.trial.filter(|_| subscription == Subscription::None);
    SubscriptionNow {
        state,
        in_force: subscription.is_in_force(asked.state.now_ms()),
        ends: ends_ms.and_then(instant),
        trial_days: trial.map(|lasts| milliseconds(lasts) / 86_400_000),
    }
}

impl From<Leaving> for LeavingNow {
    fn from(leaving: Leaving) -> LeavingNow {
        let Leaving { since_ms, last_mail_ms } = leaving;
        LeavingNow {
            since: instant(since_ms),
            last_mail: (last_mail_ms > since_ms).then(|| instant(last_mail_ms)).flatten(),
            ends: instant(leaving.ends_ms()),
        }
    }
}

fn instant(ms: i64) -> Option<Timestamp> {
    Timestamp::from_millisecond(ms).ok()
}
