//! Sign-in: the password or Microsoft (`microsoft.rs`), and from a browser that is not trusted a code: mailed, or of the authenticator app.

use std::time::Instant;

use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::bearer::of_cookie;
use super::super::body::Sent;
use super::super::problem::{Kind, Refusal};
use super::super::state::State;
use super::{browser, cookie, milliseconds, sign_up};
use crate::account::{Email, Letter};
use crate::store::{Account, By, Membership, MicrosoftId, Purpose, Shown};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(sign_in).service(show_code).service(code_again).service(sign_out);
}

/// Another code is mailed no sooner than this after the one before.
const AGAIN_AFTER_MS: i64 = 30_000;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SignIn {
    email: String,
    password: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SignInCode {
    /// Six digits, or a recovery code in place of those of an app; white space is passed over.
    code: String,
    /// Ask for no code in this browser for some weeks.
    #[serde(default)]
    remember: bool,
}

/// How far a sign-in has come.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub(super) enum Progress {
    SignedIn,
    /// A code is asked for.
    Code {
        /// `mail`, or `totp` for one of the authenticator app.
        #[schema(value_type = String, example = "mail")]
        factor: &'static str,
        /// So much of the address to which it was mailed that its owner knows it.
        #[serde(skip_serializing_if = "Option::is_none")]
        sent_to: Option<String>,
        valid_seconds: u64,
    },
    /// The address is not proven yet; the link was mailed again.
    Verify {
        sent_to: String,
    },
    /// No account is linked with the Microsoft account. What Microsoft says of the person fills in the form of a new one.
    Unlinked {
        first_name: String,
        last_name: String,
        email: String,
    },
}

/// Signs in. From a trusted browser that is all; else a code is asked for.
#[utoipa::path(tag = "account", security(()), request_body = SignIn,
    responses((status = 200, description = "How far it has come.", body = Progress)))]
#[post("/sign-in")]
async fn sign_in(request: HttpRequest, state: web::Data<State>, body: Sent) -> Result<HttpResponse, Refusal> {
    // A browser that may be a trusted one waits for no stranger, who may stand behind the same address.
    let may = state.may_try(&request);
    if cookie::Kind::Device.of(&request, state.is_secure).is_none() {
        may.clone()?;
    }
    let SignIn { email: typed, password } = body.json().await?;
    let store = state.writable_store().await?;
    let email = Email::parse(&typed);
    let account = match &email {
        Some(email) => store.account_of(email).await?,
        None => None,
    };
    let is_trusted = match &account {
        Some(account) => state.is_trusted(&request, account).await?,
        None => false,
    };
    if !is_trusted {
        may?;
    }
    let tried_for = email.as_ref().map_or(typed.as_str(), Email::as_str);
    let checked = state.check_password(tried_for, &password, account.as_ref(), is_trusted).await;
    if checked.is_err() {
        state.tried_in_vain(&request);
    }
    let (Ok(()), Some(account)) = (&checked, account) else {
        return checked.and_then(|()| Err(super::password::wrong()));
    };
    proceed(&request, &state, &account, None).await
}

/// The way from a password that was right, or from Microsoft, to a session. `shown`: who it is at Microsoft.
pub(super) async fn proceed(
    request: &HttpRequest,
    state: &State,
    account: &Account,
    shown: Option<&MicrosoftId>,
) -> Result<HttpResponse, Refusal> {
    if account.verified_ms.is_none() {
        sign_up::mail_link(state, account).await?;
        let sent_to = account.details.email.clone();
        return Ok(HttpResponse::Ok().json(Progress::Verify { sent_to }));
    }
    let by = shown.map_or(By::Password, |id| By::Microsoft(id.organisation.clone()));
    if state.is_trusted(request, account).await? {
        return begin(request, state, account, &by, None).await;
    }
    if state.suffices(account, &by).await? {
        let what = format!("Somebody signed in to your account with Microsoft from {}.", browser::name(request));
        state.mail(Letter::notice(&account.details.email, &account.details.first_name, state.url(), &what))?;
        return begin(request, state, account, &by, None).await;
    }
    let (now, store, valid) = (state.now_ms(), state.writable_store().await?, state.accounts.code);
    let (factor, purpose) = match store.totp(&account.id).await? {
        Some(_) => ("totp", Purpose::Totp),
        None => ("mail", Purpose::Code),
    };
    let challenge = store.challenge(&account.id, purpose, now, milliseconds(valid)).await?;
    let mut sent_to = None;
    if purpose == Purpose::Code {
        mail_code(request, state, account, &challenge.code)?;
        sent_to = Email::parse(&account.details.email).map(|email| email.hint());
    }
    let attempt = cookie::Kind::Attempt.set(&challenge.token, Some(valid), state.is_secure);
    let valid_seconds = valid.as_secs();
    let mut answer = HttpResponse::Ok();
    answer.cookie(attempt);
    if let Some(id) = shown {
        answer.cookie(state.show_microsoft(id).await?);
    }
    Ok(answer.json(Progress::Code { factor, sent_to, valid_seconds }))
}

/// Takes the code of the mail, or of the authenticator app. It is good once, for some minutes, in the browser that typed
/// the password.
#[utoipa::path(tag = "account", security(()), request_body = SignInCode,
    responses((status = 200, description = "Signed in.", body = Progress)))]
#[post("/sign-in/code")]
async fn show_code(request: HttpRequest, state: web::Data<State>, body: Sent) -> Result<HttpResponse, Refusal> {
    state.may_try(&request)?;
    let SignInCode { code, remember } = body.json().await?;
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let attempt = cookie::Kind::Attempt.of(&request, state.is_secure).ok_or_else(gone)?;
    let (now, store) = (state.now_ms(), state.writable_store().await?);
    let (account, is_recovered) = state.take_code(&request, &attempt, &code).await?;
    let device = match remember {
        true => Some(
            store.trust_device(&account.id, &browser::name(&request), now, milliseconds(state.accounts.device)).await?,
        ),
        false => None,
    };
    let (to, name) = (&account.details.email, &account.details.first_name);
    let mut what = format!("Somebody signed in to your account from {}.", browser::name(&request));
    if is_recovered {
        let left = store.totp(&account.id).await?.unwrap_or_default();
        what.push_str(&format!(
            " It was by a recovery code in place of the authenticator app; {left} of them are left."
        ));
    }
    state.mail(Letter::notice(to, name, state.url(), &what))?;
    let by = state.by_what(&request, &account).await?;
    begin(&request, &state, &account, &by, device).await
}

/// Mails another code, at most two more, half a minute after the one before.
#[utoipa::path(tag = "account", security(()), responses((status = 202, description = "On its way.")))]
#[post("/sign-in/code/again")]
async fn code_again(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Refusal> {
    let gone = || Refusal::new(Kind::TooMany, "no further code is mailed now; wait half a minute, or sign in again");
    let attempt = cookie::Kind::Attempt.of(&request, state.is_secure).ok_or_else(gone)?;
    let (now, store) = (state.now_ms(), state.writable_store().await?);
    let valid = state.accounts.code;
    let another = store.another_code(&attempt, now, AGAIN_AFTER_MS, milliseconds(valid)).await?;
    let (account, code) = another.ok_or_else(gone)?;
    let account = store.account(&account).await?.ok_or_else(gone)?;
    mail_code(&request, &state, &account, &code)?;
    let attempt = cookie::Kind::Attempt.set(&attempt, Some(valid), state.is_secure);
    Ok(HttpResponse::Accepted().cookie(attempt).finish())
}

/// Ends the session of this browser. A trusted browser stays so.
#[utoipa::path(tag = "account", security(()), responses((status = 204, description = "Nobody is signed in here.")))]
#[post("/sign-out")]
async fn sign_out(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Refusal> {
    if let Some(who) = of_cookie(&state, &request).await? {
        state.writable_store().await?.end_session(&who.account, &who.session).await?;
    }
    Ok(HttpResponse::NoContent().cookie(cookie::Kind::Session.unset(state.is_secure)).finish())
}

fn mail_code(request: &HttpRequest, state: &State, account: &Account, code: &str) -> Result<(), Refusal> {
    let (to, name) = (&account.details.email, &account.details.first_name);
    let minutes = state.accounts.code.as_secs() / 60;
    state.mail(Letter::code(to, name, state.url(), code, minutes, &browser::name(request)))
}

/// Begins a session under a new name, so that none that somebody planted is taken over.
async fn begin(
    request: &HttpRequest,
    state: &State,
    account: &Account,
    by: &By,
    device: Option<String>,
) -> Result<HttpResponse, Refusal> {
    if let Some(email) = Email::parse(&account.details.email) {
        state.patience.succeeded(email.as_str());
    }
    let store = state.writable_store().await?;
    let token = store.begin_session(&account.id, &browser::name(request), by, state.now_ms()).await?;
    let mut answer: HttpResponseBuilder = HttpResponse::Ok();
    answer.cookie(cookie::Kind::Session.set(&token, None, state.is_secure));
    for used in [cookie::Kind::Attempt, cookie::Kind::Microsoft, cookie::Kind::Shown] {
        answer.cookie(used.unset(state.is_secure));
    }
    if let Some(device) = device {
        answer.cookie(cookie::Kind::Device.set(&device, Some(state.accounts.device), state.is_secure));
    }
    Ok(answer.json(Progress::SignedIn))
}

fn gone() -> Refusal {
    Refusal::new(Kind::Gone, "this code is good no more; sign in again to get another one")
}

impl State {
    /// Whether a browser needs no code for an account.
    async fn is_trusted(&self, request: &HttpRequest, account: &Account) -> Result<bool, Refusal> {
        let Some(shown) = cookie::Kind::Device.of(request, self.is_secure) else { return Ok(false) };
        Ok(self.store().await?.device_of(&account.id, &shown, self.now_ms()).await?.is_some())
    }

    /// Whether every tenant that is opened by it holds a sign-in with Microsoft at its own organisation to be enough.
    async fn suffices(&self, account: &Account, by: &By) -> Result<bool, Refusal> {
        let By::Microsoft(organisation) = by else { return Ok(false) };
        let memberships = self.store().await?.memberships(&account.id).await?;
        let does = |one: &Membership| one.rules.microsoft_suffices && one.organisation.as_ref() == Some(organisation);
        Ok(!memberships.is_empty() && memberships.iter().all(does))
    }

    /// Whose code it is, and whether it was a recovery code. Another attempt is begun at once; so whoever knows the
    /// password and guesses codes of the app waits, longer each time.
    async fn take_code(&self, request: &HttpRequest, attempt: &str, code: &str) -> Result<(Account, bool), Refusal> {
        let (now, store) = (self.now_ms(), self.writable_store().await?);
        let guessed =
            store.account_of_link(attempt, Purpose::Totp, now).await?.map(|account| format!("totp {account}"));
        if let Some(Err(wait)) = guessed.as_ref().map(|key| self.patience.may_try(key, Instant::now())) {
            return Err(Refusal::new(Kind::TooMany, "too many wrong codes; wait a little").after(wait.as_secs() + 1));
        }
        let (account, is_recovered) = match store.show_code(attempt, code, now).await? {
            Shown::Right(account) => (account, false),
            Shown::Recovered(account) => (account, true),
            wrong => {
                self.tried_in_vain(request);
                if let Some(key) = &guessed {
                    self.patience.failed(key, Instant::now());
                }
                let Shown::Wrong(left) = wrong else { return Err(gone()) };
                let why = format!("this is not the right code; {left} more tries");
                return Err(Refusal::new(Kind::Wrong, why).at("/code"));
            }
        };
        if let Some(key) = &guessed {
            self.patience.succeeded(key);
        }
        Ok((store.account(&account).await?.ok_or_else(gone)?, is_recovered))
    }

    /// # Errors
    /// This source address has failed too often within a minute.
    pub(super) fn may_try(&self, request: &HttpRequest) -> Result<(), Refusal> {
        let peer = request.peer_addr().map(|peer| peer.ip());
        self.sign_ins.may_ask(peer, "", Instant::now()).map_err(|wait| {
            let why = "too many tries from this address; wait a minute";
            Refusal::new(Kind::TooMany, why).after(wait.as_secs() + 1)
        })
    }

    pub(super) fn tried_in_vain(&self, request: &HttpRequest) {
        self.sign_ins.failed(request.peer_addr().map(|peer| peer.ip()), Instant::now());
    }
}
