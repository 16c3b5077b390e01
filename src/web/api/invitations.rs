//! Invitations to a tenant's team: made, mailed, mailed again and taken back by its administrators. Whoever is invited
//! answers in `account/invited.rs`.
//!
//! An answer is the same whether the address has an account or not, and so is the mail. Each is a mail to somebody who
//! may not want it, so there are so many for one address, and so many of one tenant.

use actix_web::{HttpResponse, delete, get, post, web};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::asked::Asked;
use super::body::Sent;
use super::problem::{Kind, Refusal};
use super::team::{may_give, role_of};
use crate::account::{Email, Letter, Permission};
use crate::store::{Invitation, Invited, Names, StoreError};
use crate::tenant::TenantId;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list).service(invite).service(again).service(remove);
}

/// How long the link is good.
const DAYS: u64 = 7;
const VALID_MS: i64 = 7 * 24 * 3_600_000;

#[derive(Debug, Serialize, ToSchema)]
struct InvitationList {
    invitations: Vec<InvitationSeen>,
}

/// An invitation that nobody has answered yet.
#[derive(Debug, Serialize, ToSchema)]
struct InvitationSeen {
    id: String,
    email: String,
    #[schema(value_type = String, example = "editor")]
    role: &'static str,
    /// `Ada Vance <ada@contoso.com>`, or the name of a token.
    invited_by: String,
    #[schema(value_type = String, format = DateTime)]
    sent: Timestamp,
    /// When the link is good no more; it can be mailed again.
    #[schema(value_type = String, format = DateTime)]
    expires: Timestamp,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct InvitationWanted {
    #[schema(example = "new@contoso.example")]
    email: String,
    /// owner, administrator, editor, designer, auditor or support; no more than one has oneself.
    #[schema(example = "editor")]
    role: String,
}

/// The invitations that nobody has answered, the newest first. One that is too old is kept for some weeks.
#[utoipa::path(tag = "team", params(("tenant" = String, Path)), security(("token" = ["team:read"])),
    responses((status = 200, description = "All of them.", body = InvitationList)))]
#[get("/tenants/{tenant}/invitations")]
async fn list(asked: Asked, tenant: web::Path<String>) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::TeamRead)?;
    let store = asked.store().await?;
    let invitations = store.invitations(&id).await?;
    let names = store.names(invitations.iter().map(|one| one.invited_by.as_str())).await?;
    let invitations = invitations.into_iter().map(|one| InvitationSeen::of(one, &names)).collect();
    Ok(HttpResponse::Ok().json(InvitationList { invitations }))
}

/// Invites somebody by mail, whether there is an account of that address or not.
#[utoipa::path(tag = "team", params(("tenant" = String, Path)), request_body = InvitationWanted,
    security(("token" = ["team:write"])), responses((status = 201, description = "The mail is on its way.", body = InvitationSeen)))]
#[post("/tenants/{tenant}/invitations")]
async fn invite(asked: Asked, tenant: web::Path<String>, body: Sent) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::TeamWrite)?;
    asked.confirmed()?;
    let InvitationWanted { email, role } = body.json().await?;
    let role = role_of(&role)?;
    may_give(&asked, &id, role)?;
    let wrong =
        || Refusal::new(Kind::Invalid, "this is no e-mail address; write one like ada@contoso.com").at("/email");
    let login = Email::parse(&email).ok_or_else(wrong)?;
    may_mail(&asked, &login)?;
    let store = asked.change().await?;
    let invited = store.invite(&id, email.trim(), &login, role, asked.state.now_ms(), VALID_MS).await?;
    mail(&asked, &invited).await?;
    let names = store.names([invited.invitation.invited_by.as_str()]).await?;
    Ok(HttpResponse::Created().json(InvitationSeen::of(invited.invitation, &names)))
}

/// Mails an invitation again. The link that was mailed before is good no more.
#[utoipa::path(tag = "team", params(("tenant" = String, Path), ("invitation" = String, Path)),
    security(("token" = ["team:write"])), responses((status = 200, description = "The mail is on its way.", body = InvitationSeen)))]
#[post("/tenants/{tenant}/invitations/{invitation}/again")]
async fn again(asked: Asked, path: web::Path<(String, String)>) -> Result<HttpResponse, Refusal> {
    let (tenant, invitation) = path.into_inner();
    let id = asked.tenant(&tenant, Permission::TeamWrite)?;
    asked.confirmed()?;
    let known = known(&asked, &id, &invitation).await?;
    may_give(&asked, &id, known.role)?;
    if let Some(login) = Email::parse(&known.email) {
        may_mail(&asked, &login)?;
    }
    let store = asked.change().await?;
    let invited = store.invite_again(&id, &invitation, asked.state.now_ms(), VALID_MS).await?;
    mail(&asked, &invited).await?;
    let names = store.names([invited.invitation.invited_by.as_str()]).await?;
    Ok(HttpResponse::Ok().json(InvitationSeen::of(invited.invitation, &names)))
}

/// Takes an invitation back. Its link is good no more.
#[utoipa::path(tag = "team", params(("tenant" = String, Path), ("invitation" = String, Path)),
    security(("token" = ["team:write"])), responses((status = 204, description = "Done.")))]
#[delete("/tenants/{tenant}/invitations/{invitation}")]
async fn remove(asked: Asked, path: web::Path<(String, String)>) -> Result<HttpResponse, Refusal> {
    let (tenant, invitation) = path.into_inner();
    let id = asked.tenant(&tenant, Permission::TeamWrite)?;
    asked.confirmed()?;
    may_give(&asked, &id, known(&asked, &id, &invitation).await?.role)?;
    asked.change().await?.uninvite(&id, &invitation).await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn known(asked: &Asked, tenant: &TenantId, id: &str) -> Result<Invitation, Refusal> {
    let known = asked.store().await?.invitations(tenant).await?.into_iter().find(|one| one.id == id);
    Ok(known.ok_or_else(|| StoreError::Unknown { what: "invitation", id: id.to_owned() })?)
}

/// # Errors
/// No mail goes out here, or so many were sent to this address that it is let alone for a while.
fn may_mail(asked: &Asked, email: &Email) -> Result<(), Refusal> {
    asked.state.can_mail()?;
    if asked.dry_run || asked.state.may_mail("invitation", email) {
        return Ok(());
    }
    let why = "many invitations were mailed to this address; wait some minutes";
    Err(Refusal::new(Kind::TooMany, why).at("/email").after(15 * 60))
}

async fn mail(asked: &Asked, invited: &Invited) -> Result<(), Refusal> {
    if asked.dry_run {
        return Ok(());
    }
    // The inviter's address is proven; a name could be any text.
    let by = match asked.account() {
        Some(account) => asked.store().await?.account(account).await?.map(|account| account.details.email),
        None => None,
    };
    let by = by.unwrap_or_else(|| "An administrator".to_owned());
    let Invited { invitation, tenant, token } = invited;
    asked.state.mail(Letter::invitation(
        &invitation.email,
        &by,
        tenant,
        invitation.role,
        asked.state.url(),
        token,
        DAYS,
    ))
}

impl InvitationSeen {
    fn of(invitation: Invitation, names: &Names) -> InvitationSeen {
        let time = |ms| Timestamp::from_millisecond(ms).unwrap_or_default();
        InvitationSeen {
            id: invitation.id,
            email: invitation.email,
            role: invitation.role.word(),
            invited_by: names.who(&invitation.invited_by),
            sent: time(invitation.sent_ms),
            expires: time(invitation.expires_ms),
        }
    }
}
