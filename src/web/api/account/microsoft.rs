//! Sign-in with a Microsoft account: where the browser is sent, what its answer opens, and the link between a Microsoft
//! account and an account here.
//!
//! Microsoft leads back to a page of the console, which hands the answer over from here: so cookies stay `Strict`, and
//! an answer counts in the browser alone that asked ([`Attempt`]). Nobody is found by an address: a Microsoft account
//! opens the account that its owner has linked with it, and a stranger makes a new one.

use std::time::Duration;

use actix_web::cookie::Cookie;
use actix_web::{HttpRequest, HttpResponse, delete, get, post, put, web};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::body::Sent;
use super::super::problem::{Kind, Refusal};
use super::super::state::State;
use super::sign_in::{Progress, proceed};
use super::{Signed, cookie, milliseconds};
use crate::directory::{Attempt, DirectoryError, Identity, OpenIdError, Purpose};
use crate::store::{Account, By, MicrosoftId, StoreError};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(offer).service(begin).service(take).service(link_account).service(unlink_account).service(confirm);
}

/// How long somebody may be at Microsoft's pages.
const AWAY: Duration = Duration::from_secs(15 * 60);
/// How long the form of a sign-up may take, or the code of a sign-in.
const SHOWN: Duration = Duration::from_secs(60 * 60);

/// How one can sign in here.
#[derive(Debug, Serialize, ToSchema)]
struct SignInOffer {
    /// Whether with a Microsoft account.
    microsoft: bool,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MicrosoftWanted {
    /// `enter` to sign in or up, `link` to link it with one's account, `confirm` to show again who one is.
    purpose: String,
}

#[derive(Serialize, ToSchema)]
struct MicrosoftPage {
    /// Where the browser goes; it comes back to `/signed-in`.
    link: String,
}

/// What the browser came back with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MicrosoftAnswer {
    code: String,
    state: String,
}

/// How one can sign in here.
#[utoipa::path(tag = "account", security(()), responses((status = 200, description = "The ways.", body = SignInOffer)))]
#[get("/sign-in")]
async fn offer(state: web::Data<State>) -> HttpResponse {
    HttpResponse::Ok().json(SignInOffer { microsoft: state.accounts.microsoft })
}

/// Where to send the browser for a sign-in with Microsoft. The answer counts in this browser alone, for a quarter of an
/// hour.
#[utoipa::path(tag = "account", security(()), request_body = MicrosoftWanted,
    responses((status = 200, description = "Where to.", body = MicrosoftPage)))]
#[post("/sign-in/microsoft")]
async fn begin(request: HttpRequest, state: web::Data<State>, body: Sent) -> Result<HttpResponse, Refusal> {
    state.may_try(&request)?;
    let MicrosoftWanted { purpose } = body.json().await?;
    let unknown = || Refusal::new(Kind::Invalid, "is enter, link or confirm").at("/purpose");
    let purpose = Purpose::parse(&purpose).ok_or_else(unknown)?;
    let back = state.back_from_microsoft()?;
    let mut secret = [0; 32];
    aws_lc_rs::rand::fill(&mut secret).map_err(|_| Refusal::new(Kind::Fault, "no randomness"))?;
    let secret = URL_SAFE_NO_PAD.encode(secret);
    let link = state.application().await?.sign_in_link(&back, &Attempt::new(&secret, purpose)).map_err(refused)?;
    let kept = cookie::Kind::Microsoft.set(&secret, Some(AWAY), state.is_secure);
    Ok(HttpResponse::Ok().cookie(kept).json(MicrosoftPage { link }))
}

/// Takes the answer of a sign-in with Microsoft. Where no account is linked with the Microsoft account, one can be made
/// within the hour.
#[utoipa::path(tag = "account", security(()), request_body = MicrosoftAnswer,
    responses((status = 200, description = "How far it has come.", body = Progress)))]
#[post("/sign-in/microsoft/answer")]
async fn take(request: HttpRequest, state: web::Data<State>, body: Sent) -> Result<HttpResponse, Refusal> {
    let identity = state.identity(&request, body.json().await?, Purpose::Enter).await?;
    let id = identity.id();
    match state.store().await?.account_of_microsoft(&id).await? {
        Some(account) => proceed(&request, &state, &account, Some(&id)).await,
        None => {
            let Identity { first_name, last_name, email, .. } = identity;
            let (answered, shown) = (cookie::Kind::Microsoft.unset(state.is_secure), state.show_microsoft(&id).await?);
            let progress = Progress::Unlinked { first_name, last_name, email };
            Ok(HttpResponse::Ok().cookie(answered).cookie(shown).json(progress))
        }
    }
}

/// Links the Microsoft account of an answer with one's own account: it signs in from now on.
#[utoipa::path(tag = "account", security(("session" = [])), request_body = MicrosoftAnswer,
    responses((status = 204, description = "It is linked.")))]
#[put("/account/microsoft")]
async fn link_account(request: HttpRequest, signed: Signed, body: Sent) -> Result<HttpResponse, Refusal> {
    signed.confirmed()?;
    let state = &signed.state;
    let identity = state.identity(&request, body.json().await?, Purpose::Link).await?;
    let store = state.writable_store().await?.for_author(&format!("account {}", signed.who.account));
    store.link_microsoft(&signed.who.account, &identity.id(), state.now_ms()).await.map_err(taken)?;
    signed.told(&request, "A Microsoft account was linked with your account, and signs in from now on; by").await?;
    Ok(HttpResponse::NoContent().cookie(cookie::Kind::Microsoft.unset(state.is_secure)).finish())
}

/// Takes the link away. Every session that began by it ends.
#[utoipa::path(tag = "account", security(("session" = [])), responses((status = 204, description = "It is linked no more.")))]
#[delete("/account/microsoft")]
async fn unlink_account(request: HttpRequest, signed: Signed) -> Result<HttpResponse, Refusal> {
    signed.confirmed()?;
    if signed.account().await?.password.is_none() {
        let why =
            "there would be no way left to sign in; set a password first, by the link that the sign-in page mails";
        return Err(Refusal::new(Kind::Exists, why));
    }
    let store = signed.state.writable_store().await?.for_author(&format!("account {}", signed.who.account));
    if store.unlink_microsoft(&signed.who.account).await? {
        signed.told(&request, "The Microsoft account was taken off your account and signs in no more; by").await?;
    }
    Ok(HttpResponse::NoContent().finish())
}

/// Shows again who one is, by a fresh sign-in with the linked Microsoft account.
#[utoipa::path(tag = "account", security(("session" = [])), request_body = MicrosoftAnswer,
    responses((status = 204, description = "It is the same person.")))]
#[post("/session/confirm/microsoft")]
async fn confirm(request: HttpRequest, signed: Signed, body: Sent) -> Result<HttpResponse, Refusal> {
    let state = &signed.state;
    let identity = state.identity(&request, body.json().await?, Purpose::Confirm).await?;
    let store = state.writable_store().await?;
    let account = store.account_of_microsoft(&identity.id()).await?;
    if account.is_none_or(|account| account.id != signed.who.account) {
        let why = "this is not the Microsoft account that is linked with your account";
        return Err(Refusal::new(Kind::Wrong, why));
    }
    store.confirm_session(&signed.who.session, state.now_ms()).await?;
    Ok(HttpResponse::NoContent().cookie(cookie::Kind::Microsoft.unset(state.is_secure)).finish())
}

impl Identity {
    fn id(&self) -> MicrosoftId {
        MicrosoftId { organisation: self.organisation.clone(), person: self.person.clone() }
    }
}

impl State {
    /// # Errors
    /// Nobody signs in with Microsoft here.
    fn back_from_microsoft(&self) -> Result<String, Refusal> {
        let why = "nobody signs in with Microsoft here; its operator has to set console.microsoft_sign_in";
        match self.accounts.microsoft {
            true => Ok(format!("{}/signed-in", self.url())),
            false => Err(Refusal::new(Kind::Unavailable, why)),
        }
    }

    /// Whom Microsoft says the owner of this browser is.
    async fn identity(
        &self,
        request: &HttpRequest,
        answer: MicrosoftAnswer,
        purpose: Purpose,
    ) -> Result<Identity, Refusal> {
        self.may_try(request)?;
        let back = self.back_from_microsoft()?;
        let MicrosoftAnswer { code, state } = answer;
        let secret = cookie::Kind::Microsoft.of(request, self.is_secure);
        let attempt = Attempt::new(&secret.ok_or_else(|| refused(OpenIdError::Foreign))?, purpose);
        let now = self.now_ms() / 1000;
        let application = self.application().await?;
        let told = application.signed_in(&self.microsoft, &back, (&code, &state), &attempt, now).await;
        if matches!(told, Err(OpenIdError::Foreign | OpenIdError::Code | OpenIdError::Untrue(_))) {
            self.tried_in_vain(request);
        }
        told.map_err(refused)
    }

    /// Remembers who it is in this browser.
    pub(super) async fn show_microsoft(&self, id: &MicrosoftId) -> Result<Cookie<'static>, Refusal> {
        let token = self.writable_store().await?.show_microsoft(id, self.now_ms(), milliseconds(SHOWN)).await?;
        Ok(cookie::Kind::Shown.set(&token, Some(SHOWN), self.is_secure))
    }

    /// Whom Microsoft has shown in this browser lately.
    pub(super) async fn shown_by_microsoft(&self, request: &HttpRequest) -> Result<Option<MicrosoftId>, Refusal> {
        match cookie::Kind::Shown.of(request, self.is_secure) {
            Some(token) => Ok(self.store().await?.shown_by_microsoft(&token, self.now_ms()).await?),
            None => Ok(None),
        }
    }

    /// By what an account signs in whose owner has just shown a code in this browser.
    pub(super) async fn by_what(&self, request: &HttpRequest, account: &Account) -> Result<By, Refusal> {
        let shown = self.shown_by_microsoft(request).await?;
        let linked = self.store().await?.microsoft_of(&account.id).await?;
        let Some(linked) = linked.filter(|linked| shown.as_ref() == Some(&linked.id)) else { return Ok(By::Password) };
        self.forget_shown(request).await?;
        Ok(By::Microsoft(linked.id.organisation))
    }

    /// Links the Microsoft account that was shown with a new account; it is used up by that.
    pub(super) async fn link_shown(
        &self,
        request: &HttpRequest,
        account: &str,
        id: &MicrosoftId,
    ) -> Result<(), Refusal> {
        let store = self.writable_store().await?.for_author(&format!("account {account}"));
        store.link_microsoft(account, id, self.now_ms()).await.map_err(taken)?;
        self.forget_shown(request).await
    }

    /// It was used, and counts no more.
    async fn forget_shown(&self, request: &HttpRequest) -> Result<(), Refusal> {
        if let Some(token) = cookie::Kind::Shown.of(request, self.is_secure) {
            self.writable_store().await?.forget_microsoft(&token).await?;
        }
        Ok(())
    }
}

fn taken(error: StoreError) -> Refusal {
    match error {
        StoreError::There { .. } => {
            let why = "this Microsoft account is linked with another account, or yours with another Microsoft account; \
                       take that link away first";
            Refusal::new(Kind::Exists, why)
        }
        error => error.into(),
    }
}

fn refused(error: impl Into<OpenIdError>) -> Refusal {
    match error.into() {
        error @ (OpenIdError::Foreign | OpenIdError::Code) => Refusal::new(Kind::Gone, error.to_string()),
        error @ OpenIdError::Untrue(_) => Refusal::new(Kind::Wrong, error.to_string()),
        OpenIdError::Directory(DirectoryError::ConsentRevoked(_)) => {
            let why = "your organisation does not let its people sign in here; its administrator has to consent to it";
            Refusal::new(Kind::Unavailable, why)
        }
        error => Refusal::new(Kind::Unavailable, error.to_string()),
    }
}
