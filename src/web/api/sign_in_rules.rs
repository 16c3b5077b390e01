//! How the people of a tenant sign in: its owner can ask for Microsoft at the tenant's own organisation, and for nothing
//! beside it.
//!
//! It is asked for by somebody alone who has just come in that way, so that nobody is shut out by mistake. The operator
//! can take it back with a token of the region.

use actix_web::{HttpResponse, get, put, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::asked::Asked;
use super::body::Sent;
use super::problem::{Kind, Refusal};
use super::tenants::OfChange;
use crate::account::{Letter, Permission, Role};
use crate::store::{By, SignInRules};
use crate::tenant::TenantId;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(read).service(change);
}

/// How the people of a tenant sign in.
#[derive(Debug, Serialize, ToSchema)]
struct SignInRulesNow {
    /// Nobody comes in who has not signed in with Microsoft at the tenant's organisation.
    microsoft_required: bool,
    /// Whoever has is asked for no code of ours.
    microsoft_suffices: bool,
    /// The account of the owner who may come in by password all the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    break_glass: Option<String>,
    /// Whether this can be asked for: people sign in with Microsoft here, and the tenant has proven its organisation.
    possible: bool,
    /// Whether the one who asks has signed in with Microsoft at it.
    by_microsoft: bool,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SignInRulesWanted {
    microsoft_required: bool,
    microsoft_suffices: bool,
    /// An owner's account; absent: none.
    #[serde(default)]
    break_glass: Option<String>,
}

/// How the people of a tenant sign in.
#[utoipa::path(tag = "team", params(("tenant" = String, Path)), security(("token" = ["team:read"])),
    responses((status = 200, description = "As it is.", body = SignInRulesNow)))]
#[get("/tenants/{tenant}/sign-in")]
async fn read(asked: Asked, tenant: web::Path<String>) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::TeamRead)?;
    let store = asked.store().await?;
    store.revision(&id).await?.ok_or_else(|| super::asked::unknown_tenant(&tenant))?;
    let organisation = store.organisation(&id).await?;
    let SignInRules { microsoft_required, microsoft_suffices, break_glass } = store.sign_in_rules(&id).await?;
    Ok(HttpResponse::Ok().json(SignInRulesNow {
        microsoft_required,
        microsoft_suffices,
        break_glass,
        possible: asked.state.accounts.microsoft && organisation.is_some(),
        by_microsoft: is_of(asked.by(), organisation.as_deref()),
    }))
}

/// Says how the people of a tenant sign in; its owners are told by mail.
#[utoipa::path(tag = "team", params(("tenant" = String, Path), OfChange), request_body = SignInRulesWanted,
    security(("token" = ["team:write"])), responses((status = 204, description = "From now on, for everybody.")))]
#[put("/tenants/{tenant}/sign-in")]
async fn change(asked: Asked, tenant: web::Path<String>, body: Sent) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::TeamWrite)?;
    let is_operator = asked.own_tenants().is_none();
    if !is_operator && asked.role(&id) != Some(Role::Owner) {
        return Err(Refusal::new(Kind::Forbidden, "only an owner says how everybody signs in; ask one"));
    }
    asked.confirmed()?;
    let SignInRulesWanted { microsoft_required, microsoft_suffices, break_glass } = body.json().await?;
    let rules = SignInRules { microsoft_required, microsoft_suffices, break_glass };
    let organisation = asked.store().await?.organisation(&id).await?;
    let refused = |place: &str, why: &str| Err(Refusal::new(Kind::Invalid, why).at(place));
    if rules.microsoft_required || rules.microsoft_suffices {
        if !asked.state.accounts.microsoft {
            return refused(
                "",
                "nobody signs in with Microsoft here; its operator has to set console.microsoft_sign_in",
            );
        }
        if organisation.is_none() {
            return refused("", "prove a domain first, so that it is known which organisation at Microsoft is yours");
        }
    }
    if rules.microsoft_required && !is_operator && !is_of(asked.by(), organisation.as_deref()) {
        let why = "sign in with Microsoft at your organisation yourself first; then it is sure that it works";
        return refused("/microsoft_required", why);
    }
    if let Some(account) = &rules.break_glass {
        let team = asked.store().await?.team(&id).await?;
        if !team.iter().any(|member| member.account == *account && member.role == Role::Owner) {
            return refused("/break_glass", "is not an owner of this team");
        }
    }
    asked.change().await?.set_sign_in_rules(&id, &rules).await?;
    tell_owners(&asked, &id, &rules).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn is_of(by: Option<&By>, organisation: Option<&str>) -> bool {
    matches!(by, Some(By::Microsoft(own)) if organisation.is_some_and(|id| id.eq_ignore_ascii_case(own)))
}

async fn tell_owners(asked: &Asked, tenant: &TenantId, rules: &SignInRules) -> Result<(), Refusal> {
    if asked.dry_run || asked.state.courier().is_none() {
        return Ok(());
    }
    let what = match (rules.microsoft_required, rules.microsoft_suffices) {
        (true, _) => "From now on the people of your team come in with Microsoft alone.",
        (false, true) => "From now on whoever of your team signs in with Microsoft is asked for no further code.",
        (false, false) => "From now on the people of your team sign in with a password or with Microsoft, and a code.",
    };
    for member in asked.store().await?.team(tenant).await? {
        if member.role == Role::Owner {
            asked.state.mail(Letter::notice(&member.email, &member.full_name, asked.state.url(), what))?;
        }
    }
    Ok(())
}
