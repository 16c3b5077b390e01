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
use crate::store::{Account, By, SignedIn};

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

impl Signed {
    /// Where one signs out at Microsoft as well. No reason to tell nobody who is signed in.
    async fn sign_out_link(&self) -> Option<String> {
        let By::Microsoft(organisation) = &self.who.by else { return None };
        let back = format!("{}/sign-in", self.state.url());
        self.state.application().await.ok()?.sign_out_link(organisation, &back).ok()
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
    /// So many days are what the operator likes; without it nobody is reminded.
    #[serde(skip_serializing_if = "Option::is_none")]
    password_reminder_days: Option<u64>,
    /// How one shows again who one is: `password`, `microsoft`.
    #[schema(value_type = Vec<String>)]
    confirm_by: Vec<&'static str>,
    /// Where one signs out at Microsoft as well, if one has signed in there.
    #[serde(skip_serializing_if = "Option::is_none")]
    microsoft_sign_out: Option<String>,
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
    /// It is for those who have signed in with Microsoft, and this session has not: nothing of it opens.
    closed: bool,
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
    let reminder = signed.state.accounts.reminder;
    let membership = |one: &crate::store::Membership| MembershipSeen {
        id: one.tenant.as_str().to_owned(),
        name: one.name.clone(),
        role: one.role.word(),
        closed: !signed.who.comes_in_at(one),
        scopes: one.role.permissions().map(|permission| permission.word()).collect(),
    };
    let linked = signed.state.store().await?.microsoft_of(&account.id).await?;
    let has_password = !account.password.is_none();
    let ways = [(has_password, "password"), (linked.is_some(), "microsoft")];
    Ok(HttpResponse::Ok().json(SessionSeen {
        confirm_by: ways.into_iter().filter(|(is_way, _)| *is_way).map(|(_, word)| word).collect(),
        microsoft_sign_out: signed.sign_out_link().await,
        tenants: signed.who.memberships.iter().map(membership).collect(),
        password_reminder: has_password && is_old(account.password_ms, reminder, signed.state.now_ms()),
        password_reminder_days: reminder.map(|reminder| reminder.as_secs() / DAY_SECONDS),
        account: AccountSeen {
            id: account.id,
            email: account.details.email,
            first_name: account.details.first_name,
            last_name: account.details.last_name,
            full_name: account.details.full_name,
        },
    }))
}

const DAY_SECONDS: u64 = 24 * 3600;

/// Whether a password that was set then should be another by now (requirement P19). Nobody is forced.
fn is_old(password_ms: i64, reminder: Option<Duration>, now_ms: i64) -> bool {
    reminder.is_some_and(|reminder| now_ms.saturating_sub(password_ms) >= super::milliseconds(reminder))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_ninety_days_or_as_the_operator_says_a_password_is_old() {
        let days = |days: u64| Duration::from_secs(days * DAY_SECONDS);
        let day_ms = 86_400_000;
        for (age_ms, reminder, wanted) in [
            (0, Some(days(90)), false),
            (90 * day_ms - 1, Some(days(90)), false),
            (90 * day_ms, Some(days(90)), true),
            (4000 * day_ms, Some(days(90)), true),
            (90 * day_ms, Some(days(180)), false),
            (30 * day_ms, Some(days(30)), true),
            (4000 * day_ms, None, false),
            // A clock that was set back.
            (-day_ms, Some(days(90)), false),
        ] {
            assert_eq!(
                is_old(1_700_000_000_000, reminder, 1_700_000_000_000 + age_ms),
                wanted,
                "{age_ms} {reminder:?}"
            );
        }
    }
}
