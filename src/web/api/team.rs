//! The team of a tenant: who belongs to it and in which role, and the tokens that scripts have.
//!
//! Nobody gives more than one has, and the last owner stays one. What is done here is done by somebody who has shown the
//! password a short while ago.

use actix_web::{HttpResponse, delete, get, post, put, web};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::asked::Asked;
use super::body::Sent;
use super::problem::{Kind, Refusal};
use crate::account::{Permission, Role};
use crate::store::{Member, NewToken, StoreError, Token};
use crate::tenant::TenantId;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(members).service(change).service(remove).service(tokens).service(create).service(revoke);
}

/// Days a token may last.
const MOST_DAYS: u16 = 730;

#[derive(Debug, Serialize, ToSchema)]
struct Team {
    members: Vec<MemberSeen>,
}

#[derive(Debug, Serialize, ToSchema)]
struct MemberSeen {
    account: String,
    email: String,
    full_name: String,
    #[schema(value_type = String, example = "editor")]
    role: &'static str,
    #[schema(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewRole {
    /// owner, administrator, editor, designer, auditor or support.
    #[schema(example = "editor")]
    role: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct TokenList {
    tokens: Vec<TokenSeen>,
}

/// A token without what it is shown by.
#[derive(Debug, Serialize, ToSchema)]
struct TokenSeen {
    id: String,
    name: String,
    #[schema(value_type = Vec<String>)]
    scopes: Vec<&'static str>,
    #[schema(value_type = Option<String>, format = DateTime)]
    created: Option<Timestamp>,
    /// `Ada Vance <ada@contoso.com>`, or a command with its user.
    created_by: String,
    #[schema(value_type = Option<String>, format = DateTime)]
    expires: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    revoked: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    last_used: Option<Timestamp>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TokenWanted {
    /// What it is for; 1 to 100 characters.
    name: String,
    /// No more than one is permitted oneself.
    scopes: Vec<String>,
    /// 1 to 730.
    #[schema(minimum = 1, maximum = 730)]
    days: u16,
}

/// A token, told this once.
#[derive(Serialize, ToSchema)]
struct TokenMade {
    id: String,
    token: String,
}

/// Who belongs to the tenant, the oldest member first.
#[utoipa::path(tag = "team", params(("tenant" = String, Path)), security(("token" = ["team:read"])),
    responses((status = 200, description = "All of them.", body = Team)))]
#[get("/tenants/{tenant}/members")]
async fn members(asked: Asked, tenant: web::Path<String>) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::TeamRead)?;
    let seen = |member: Member| MemberSeen {
        account: member.account,
        email: member.email,
        full_name: member.full_name,
        role: member.role.word(),
        since: time(Some(member.since_ms)),
    };
    let members = asked.store().await?.team(&id).await?.into_iter().map(seen).collect();
    Ok(HttpResponse::Ok().json(Team { members }))
}

/// Gives a member another role.
#[utoipa::path(tag = "team", params(("tenant" = String, Path), ("account" = String, Path)), request_body = NewRole,
    security(("token" = ["team:write"])), responses((status = 204, description = "Given.")))]
#[put("/tenants/{tenant}/members/{account}")]
async fn change(asked: Asked, path: web::Path<(String, String)>, body: Sent) -> Result<HttpResponse, Refusal> {
    let (tenant, account) = path.into_inner();
    let id = asked.tenant(&tenant, Permission::TeamWrite)?;
    asked.confirmed()?;
    let NewRole { role } = body.json().await?;
    let role = role_of(&role)?;
    may_change(&asked, &id, &account, Some(role)).await?;
    asked.change().await?.change_member(&id, &account, Some(role)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Takes somebody out of the team; not its last owner. The account stays.
#[utoipa::path(tag = "team", params(("tenant" = String, Path), ("account" = String, Path)),
    security(("token" = ["team:write"])), responses((status = 204, description = "Done.")))]
#[delete("/tenants/{tenant}/members/{account}")]
async fn remove(asked: Asked, path: web::Path<(String, String)>) -> Result<HttpResponse, Refusal> {
    let (tenant, account) = path.into_inner();
    let id = asked.tenant(&tenant, Permission::TeamWrite)?;
    asked.confirmed()?;
    may_change(&asked, &id, &account, None).await?;
    asked.change().await?.change_member(&id, &account, None).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The tokens of the tenant, the newest first; never the tokens themselves.
#[utoipa::path(tag = "team", params(("tenant" = String, Path)), security(("token" = ["team:read"])),
    responses((status = 200, description = "All of them.", body = TokenList)))]
#[get("/tenants/{tenant}/tokens")]
async fn tokens(asked: Asked, tenant: web::Path<String>) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::TeamRead)?;
    let store = asked.store().await?;
    let tokens = store.tokens(Some(&id)).await?;
    let names = store.names(tokens.iter().map(|token| token.created_by.as_str())).await?;
    let seen = |token: Token| TokenSeen {
        scopes: token.scopes.iter().map(|scope| scope.word()).collect(),
        created: time(Some(token.created_ms)),
        expires: time(Some(token.expires_ms)),
        revoked: time(token.revoked_ms),
        last_used: time(token.last_used_ms),
        id: token.id,
        name: token.name,
        created_by: names.who(&token.created_by),
    };
    Ok(HttpResponse::Ok().json(TokenList { tokens: tokens.into_iter().map(seen).collect() }))
}

/// Makes a token of the tenant. It is told this once.
#[utoipa::path(tag = "team", params(("tenant" = String, Path)), request_body = TokenWanted,
    security(("token" = ["team:write"])), responses((status = 201, description = "Made.", body = TokenMade)))]
#[post("/tenants/{tenant}/tokens")]
async fn create(asked: Asked, tenant: web::Path<String>, body: Sent) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::TeamWrite)?;
    asked.confirmed()?;
    let TokenWanted { name, scopes, days } = body.json().await?;
    let invalid = |place: &str, why: &str| Refusal::new(Kind::Invalid, why).at(place);
    if !(1..=100).contains(&name.chars().count()) || name.chars().any(char::is_control) {
        return Err(invalid("/name", "a name has 1 to 100 characters on one line"));
    }
    if !(1..=MOST_DAYS).contains(&days) {
        return Err(invalid("/days", "a token lasts 1 to 730 days"));
    }
    let mut permitted = Vec::new();
    for (at, word) in scopes.iter().enumerate() {
        let place = format!("/scopes/{at}");
        let scope = Permission::parse(word).ok_or_else(|| invalid(&place, "there is no such scope"))?;
        asked.tenant(&tenant, scope).map_err(|_| invalid(&place, "this is more than is permitted to you"))?;
        permitted.push(scope);
    }
    if permitted.is_empty() {
        return Err(invalid("/scopes", "a token permits at least one thing"));
    }
    permitted.sort_unstable();
    permitted.dedup();
    let expires_ms = asked.state.now_ms() + i64::from(days) * 86_400_000;
    let new = NewToken { name, tenant: Some(id), scopes: permitted, expires_ms };
    let (id, token) = asked.change().await?.create_token(&new).await?;
    Ok(HttpResponse::Created().json(TokenMade { id, token }))
}

/// Ends a token at once.
#[utoipa::path(tag = "team", params(("tenant" = String, Path), ("token" = String, Path)),
    security(("token" = ["team:write"])), responses((status = 204, description = "It has ended.")))]
#[delete("/tenants/{tenant}/tokens/{token}")]
async fn revoke(asked: Asked, path: web::Path<(String, String)>) -> Result<HttpResponse, Refusal> {
    let (tenant, token) = path.into_inner();
    let id = asked.tenant(&tenant, Permission::TeamWrite)?;
    let store = asked.change().await?;
    // Of another tenant, or of the region, none is there.
    let own = store.tokens(Some(&id)).await?.into_iter().any(|one| one.id == token);
    if !own {
        return Err(StoreError::UnknownToken(token).into());
    }
    store.revoke_token(&token).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Nobody raises a member above oneself, or takes away what is above.
async fn may_change(asked: &Asked, tenant: &TenantId, account: &str, role: Option<Role>) -> Result<(), Refusal> {
    let team = asked.store().await?.team(tenant).await?;
    let had = team.into_iter().find(|member| member.account == account).map(|member| member.role);
    had.into_iter().chain(role).try_for_each(|role| may_give(asked, tenant, role))
}

/// Nobody gives more than one has.
pub(super) fn may_give(asked: &Asked, tenant: &TenantId, role: Role) -> Result<(), Refusal> {
    // A token is nobody, and makes no owners.
    match asked.role(tenant).unwrap_or(Role::Administrator).may_give(role) {
        true => Ok(()),
        false => Err(Refusal::new(Kind::Forbidden, "only an owner makes owners, or takes that away")),
    }
}

pub(super) fn role_of(word: &str) -> Result<Role, Refusal> {
    let known = || Role::ALL.map(Role::word).join(", ");
    let wrong = || Refusal::new(Kind::Invalid, format!("{word:?} is no role; there are {}", known())).at("/role");
    Role::parse(word).ok_or_else(wrong)
}

fn time(ms: Option<i64>) -> Option<Timestamp> {
    ms.and_then(|ms| Timestamp::from_millisecond(ms).ok())
}
