//! An authenticator app in place of mailed codes: set up with a first code, and taken away.
//!
//! Both are told to the owner by mail, and both ask for the password first: whoever sits at somebody's browser shall not
//! put an app of their own there.

use actix_web::{HttpRequest, HttpResponse, delete, post, put};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::body::Sent;
use super::super::problem::{Kind, Refusal};
use super::{Signed, browser};
use crate::account::{Letter, scannable};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(begin).service(confirm).service(end);
}

/// What an app is set up with, told this once.
#[derive(Serialize, ToSchema)]
struct AuthenticatorOffered {
    /// To be typed into the app: base32 (RFC 4648).
    secret: String,
    /// `otpauth://totp/…`, for an app on the same machine.
    uri: String,
    /// The same as a picture to scan.
    qr_svg: String,
}

/// The first code that the app shows.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AuthenticatorCode {
    /// Six digits.
    code: String,
}

/// The way in without the app, told this once.
#[derive(Serialize, ToSchema)]
struct RecoveryCodes {
    /// Each signs in once in place of a code of the app.
    recovery_codes: Vec<String>,
}

/// Makes a secret for an authenticator app. It counts once a first code of the app was shown.
#[utoipa::path(tag = "account", security(("session" = [])),
    responses((status = 200, description = "To be put into the app.", body = AuthenticatorOffered)))]
#[post("/account/totp")]
async fn begin(signed: Signed) -> Result<HttpResponse, Refusal> {
    signed.confirmed()?;
    let (account, store) = (signed.account().await?, signed.state.writable_store().await?);
    if store.totp(&account.id).await?.is_some() {
        return Err(Refusal::new(Kind::Exists, "an app makes your codes already; switch it off first"));
    }
    let app = store.begin_totp(&account.id, signed.state.now_ms()).await?;
    let no_app = || Refusal::new(Kind::Fault, "no app could show your e-mail address");
    let uri = app.link(&account.details.email).ok_or_else(no_app)?;
    let qr_svg = scannable(&uri).ok_or_else(no_app)?;
    Ok(HttpResponse::Ok().json(AuthenticatorOffered { secret: app.typed(), uri, qr_svg }))
}

/// Takes the first code of the app: from now on a new browser is asked for one, and no code is mailed.
#[utoipa::path(tag = "account", security(("session" = [])), request_body = AuthenticatorCode,
    responses((status = 200, description = "The app is in use.", body = RecoveryCodes)))]
#[put("/account/totp")]
async fn confirm(request: HttpRequest, signed: Signed, body: Sent) -> Result<HttpResponse, Refusal> {
    signed.confirmed()?;
    let AuthenticatorCode { code } = body.json().await?;
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let store = signed.state.store_of(&request, &signed.who.account).await?;
    let codes = store.confirm_totp(&signed.who.account, &code, signed.state.now_ms()).await?;
    let wrong = || {
        let why = "this is not what the app shows now; see that the clock of the telephone is right";
        Refusal::new(Kind::Invalid, why).at("/code")
    };
    let codes = codes.ok_or_else(wrong)?;
    signed
        .told(&request, "An authenticator app makes the codes for your account from now on; it was set up from")
        .await?;
    Ok(HttpResponse::Ok().json(RecoveryCodes { recovery_codes: codes.iter().map(|code| grouped(code)).collect() }))
}

/// Forgets the app and its recovery codes. Codes are mailed again.
#[utoipa::path(tag = "account", security(("session" = [])), responses((status = 204, description = "It is forgotten.")))]
#[delete("/account/totp")]
async fn end(request: HttpRequest, signed: Signed) -> Result<HttpResponse, Refusal> {
    signed.confirmed()?;
    let store = signed.state.store_of(&request, &signed.who.account).await?;
    let was_used = store.totp(&signed.who.account).await?.is_some();
    store.end_totp(&signed.who.account).await?;
    if was_used {
        signed.told(&request, "The authenticator app of your account was switched off from").await?;
    }
    Ok(HttpResponse::NoContent().finish())
}

/// `abcd-efgh-ijkl-mnop`.
fn grouped(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    letters.chunks(4).map(String::from_iter).collect::<Vec<_>>().join("-")
}

impl Signed {
    /// Tells the owner by mail what was done, from which browser.
    pub(super) async fn told(&self, request: &HttpRequest, what: &str) -> Result<(), Refusal> {
        let details = self.account().await?.details;
        let what = format!("{what} {}.", browser::name(request));
        self.state.mail(Letter::notice(&details.email, &details.first_name, self.state.url(), &what))
    }
}
