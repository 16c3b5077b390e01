//! Who is signed in: told to the console, asked of every route that is for people, and confirmed again before what
//! matters most.

use std::future::{Ready, ready};
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, get, post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::bearer::Caller;
use super::super::body::Sent;
use super::super::problem::{Kind, Refusal};
use super::super::state::State;
use crate::store::{Account, SignedIn};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(session).service(confirm);
}

/// How long after the password was shown what matters most can be done.
const CONFIRMED: Duration = Duration::from_secs(15 * 60);

/// A request of somebody who has signed in.
pub struct Signed {
    pub state: web::Data<State>,
    pub who: SignedIn,
}

impl Signed {
    pub async fn account(&self) -> Result<Account, Refusal> {
        let account = self.state.store().await?.account(&self.who.account).await?;
        account.ok_or_else(|| Refusal::new(Kind::Unauthorized, "this account is no more"))
    }

    /// # Errors
    /// The password has to be shown again first.
    pub fn confirmed(&self) -> Result<(), Refusal> {
        self.state.confirmed(&self.who)
    }
}

impl State {
    /// # Errors
    /// The password has to be shown again first.
    pub fn confirmed(&self, who: &SignedIn) -> Result<(), Refusal> {
        let since = self.now_ms().saturating_sub(who.confirmed_ms);
        match u128::try_from(since).is_ok_and(|since| since <= CONFIRMED.as_millis()) {
            true => Ok(()),
            false => Err(Refusal::new(Kind::Reauthenticate, "type your password again to do this")),
        }
    }
}

impl FromRequest for Signed {
    type Error = Refusal;
    type Future = Ready<Result<Signed, Refusal>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let caller = request.extensions().get::<Caller>().cloned();
        ready(match (caller, request.app_data::<web::Data<State>>()) {
            (Some(Caller::Session(who)), Some(state)) => Ok(Signed { state: state.clone(), who }),
            (Some(Caller::Token(_)), _) => {
                Err(Refusal::new(Kind::Forbidden, "this is for people who have signed in, and not for tokens"))
            }
            _ => Err(Refusal::new(Kind::Fault, "the request has no caller")),
        })
    }
}

/// Who has signed in.
#[derive(Debug, Serialize, ToSchema)]
struct SessionSeen {
    account: AccountSeen,
    tenants: Vec<MembershipSeen>,
    /// The password is older than the operator likes.
    password_reminder: bool,
}

#[derive(Debug, Serialize, ToSchema)]
struct AccountSeen {
    id: String,
    email: String,
    first_name: String,
    last_name: String,
    full_name: String,
}

/// A tenant that one belongs to.
#[derive(Debug, Serialize, ToSchema)]
struct MembershipSeen {
    id: String,
    name: String,
    #[schema(value_type = String, example = "owner")]
    role: &'static str,
    /// What the role permits, in the words of tokens' scopes.
    scopes: Vec<&'static str>,
}

/// The password again.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Confirmation {
    password: String,
}

/// Who has signed in, and what it may do where.
#[utoipa::path(tag = "account", security(("session" = [])), responses((status = 200, description = "Who it is.", body = SessionSeen)))]
#[get("/session")]
async fn session(signed: Signed) -> Result<HttpResponse, Refusal> {
    let account = signed.account().await?;
    let age = signed.state.now_ms().saturating_sub(account.password_ms);
    let reminder = signed.state.accounts.reminder;
    let membership = |one: &crate::store::Membership| MembershipSeen {
        id: one.tenant.as_str().to_owned(),
        name: one.name.clone(),
        role: one.role.word(),
        scopes: one.role.permissions().map(|permission| permission.word()).collect(),
    };
    Ok(HttpResponse::Ok().json(SessionSeen {
        tenants: signed.who.memberships.iter().map(membership).collect(),
        password_reminder: reminder.is_some_and(|reminder| age > super::milliseconds(reminder)),
        account: AccountSeen {
            id: account.id,
            email: account.details.email,
            first_name: account.details.first_name,
            last_name: account.details.last_name,
            full_name: account.details.full_name,
        },
    }))
}

/// Shows the password again, for what matters most: it can be done within a quarter of an hour.
#[utoipa::path(tag = "account", security(("session" = [])), request_body = Confirmation, responses((status = 204, description = "It is right.")))]
#[post("/session/confirm")]
async fn confirm(signed: Signed, body: Sent) -> Result<HttpResponse, Refusal> {
    let Confirmation { password } = body.json().await?;
    let account = signed.account().await?;
    signed.state.check_password(&account.details.email, &password, Some(&account), false).await?;
    let store = signed.state.writable_store().await?;
    store.confirm_session(&signed.who.session, signed.state.now_ms()).await?;
    Ok(HttpResponse::NoContent().finish())
}
