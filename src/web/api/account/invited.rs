//! Whoever was invited to a team: what the mailed link says, and the answer to it.
//!
//! Who holds the link reads the mail of its address. So it proves the address of a new account, and tells whether there
//! is one already; then its owner signs in and joins by it.

use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::body::Sent;
use super::super::problem::{Kind, Refusal};
use super::super::state::State;
use super::Signed;
use crate::account::{Details, Email};
use crate::store::{Hashed, Invites};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(look).service(accept).service(join);
}

/// What stands behind the `#` of the mailed link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct InvitationLink {
    token: String,
}

/// What an invitation is to.
#[derive(Debug, Serialize, ToSchema)]
struct InvitationTold {
    /// The name of the organisation.
    tenant: String,
    email: String,
    #[schema(value_type = String, example = "editor")]
    role: &'static str,
    /// Whether one signs in to accept it, or makes an account.
    has_account: bool,
}

/// An account for whoever has none.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct InvitationAccepted {
    token: String,
    first_name: String,
    last_name: String,
    /// Left out by whoever has just come from Microsoft, and will sign in that way.
    #[serde(default)]
    password: String,
}

/// Where one belongs now.
#[derive(Debug, Serialize, ToSchema)]
struct Joined {
    email: String,
    /// The tenant's id.
    tenant: String,
}

/// Tells what an invitation is to. It is not used up by this.
#[utoipa::path(tag = "account", security(()), request_body = InvitationLink,
    responses((status = 200, description = "It can be accepted.", body = InvitationTold)))]
#[post("/invitations/look")]
async fn look(state: web::Data<State>, body: Sent) -> Result<HttpResponse, Refusal> {
    let InvitationLink { token } = body.json().await?;
    let Invites { tenant: _, name, email, role, has_account } = state.invitation(&token).await?;
    Ok(HttpResponse::Ok().json(InvitationTold { tenant: name, email, role: role.word(), has_account }))
}

/// Makes an account of the invited address and puts it into the team; nobody is signed in by it.
#[utoipa::path(tag = "account", security(()), request_body = InvitationAccepted,
    responses((status = 200, description = "The account is there, and belongs to the team.", body = Joined)))]
#[post("/invitations/accept")]
async fn accept(request: HttpRequest, state: web::Data<State>, body: Sent) -> Result<HttpResponse, Refusal> {
    let InvitationAccepted { token, first_name, last_name, password } = body.json().await?;
    let invites = state.invitation(&token).await?;
    if invites.has_account {
        return Err(Refusal::new(Kind::Exists, "this address has an account; sign in with it, then join the team"));
    }
    let details = invites.details(first_name, last_name).tidied();
    // What is refused does not use up the link.
    let mut problems = details.problems_of_member();
    let shown = match password.is_empty() {
        true => state.shown_by_microsoft(&request).await?,
        false => None,
    };
    if shown.is_none() {
        problems.extend(state.password_problems(&password, &details).await?);
    }
    if !problems.is_empty() {
        return Err(Refusal::invalid(problems));
    }
    let hashed = match shown {
        Some(_) => Hashed::none(),
        None => state.hash_password(password).await?,
    };
    let store = state.writable_store().await?;
    let account = store.join_as_new(&token, &details, &hashed, state.now_ms()).await?.ok_or_else(gone)?;
    if let Some(shown) = shown {
        state.link_shown(&request, &account, &shown).await?;
    }
    Ok(HttpResponse::Ok().json(Joined { email: invites.email, tenant: invites.tenant.as_str().to_owned() }))
}

/// Accepts an invitation with the account that has signed in, which is of the invited address.
#[utoipa::path(tag = "account", security(("session" = [])), request_body = InvitationLink,
    responses((status = 200, description = "It belongs to the team.", body = Joined)))]
#[post("/invitations/join")]
async fn join(request: HttpRequest, signed: Signed, body: Sent) -> Result<HttpResponse, Refusal> {
    let InvitationLink { token } = body.json().await?;
    let state = &signed.state;
    let invites = state.invitation(&token).await?;
    let account = signed.account().await?;
    let own = Email::parse(&account.details.email);
    let Some(own) = own.filter(|own| Email::parse(&invites.email).as_ref() == Some(own)) else {
        let why = format!("this invitation is for {}; sign out, and sign in with that address", invites.email);
        return Err(Refusal::new(Kind::Forbidden, why));
    };
    let store = state.store_of(&request, &account.id).await?;
    let tenant = store.join_by_invitation(&token, &account.id, &own, state.now_ms()).await?.ok_or_else(gone)?;
    Ok(HttpResponse::Ok().json(Joined { email: invites.email, tenant: tenant.as_str().to_owned() }))
}

fn gone() -> Refusal {
    Refusal::new(Kind::Gone, "this invitation was used already, taken back, or is too old; ask for another one")
}

impl State {
    async fn invitation(&self, token: &str) -> Result<Invites, Refusal> {
        self.store().await?.invitation_of(token, self.now_ms()).await?.ok_or_else(gone)
    }
}

impl Invites {
    /// Of whoever was invited a name is enough.
    fn details(&self, first_name: String, last_name: String) -> Details {
        Details {
            first_name,
            last_name,
            full_name: String::new(),
            company: String::new(),
            telephone: String::new(),
            email: self.email.clone(),
            address_line_1: String::new(),
            address_line_2: String::new(),
            city: String::new(),
            postcode: String::new(),
            country: String::new(),
        }
    }
}
