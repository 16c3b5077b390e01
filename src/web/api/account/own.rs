//! What the owner of an account sees of it, changes and takes away: details, trusted browsers, sessions, everything.

use actix_web::{HttpRequest, HttpResponse, delete, get, put, web};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::body::Sent;
use super::super::problem::Refusal;
use super::{Signed, cookie, milliseconds};
use crate::account::Details;
use crate::store::{Account, Linked};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(show).service(change).service(erase).service(devices).service(forget_device);
    config.service(forget_devices).service(sessions).service(end_session);
}

/// Everything that is kept of an account's owner.
#[derive(Debug, Serialize, ToSchema)]
struct OwnAccount {
    id: String,
    first_name: String,
    last_name: String,
    full_name: String,
    company: String,
    telephone: String,
    email: String,
    address_line_1: String,
    address_line_2: String,
    city: String,
    postcode: String,
    country: String,
    #[schema(value_type = String, format = DateTime)]
    password_changed: Timestamp,
    /// Whether an authenticator app makes the codes; else they are mailed.
    totp: bool,
    /// How many codes are left that sign in without the app.
    recovery_codes_left: i64,
    /// Whether there is a password; else one signs in with Microsoft alone.
    has_password: bool,
    /// The Microsoft account that signs in.
    #[serde(skip_serializing_if = "Option::is_none")]
    microsoft: Option<MicrosoftLinked>,
}

/// A Microsoft account that is linked with an account.
#[derive(Debug, Serialize, ToSchema)]
struct MicrosoftLinked {
    /// The name of its organisation here, else the organisation's id.
    organisation: String,
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
}

/// The same as far as it can be changed; the address is proven and stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OwnDetails {
    first_name: String,
    last_name: String,
    #[serde(default)]
    full_name: String,
    #[serde(default)]
    company: String,
    #[serde(default)]
    telephone: String,
    #[serde(default)]
    address_line_1: String,
    #[serde(default)]
    address_line_2: String,
    #[serde(default)]
    city: String,
    #[serde(default)]
    postcode: String,
    #[serde(default)]
    country: String,
}

/// A browser that needs no code.
#[derive(Debug, Serialize, ToSchema)]
struct DeviceSeen {
    id: String,
    /// Which browser on what.
    name: String,
    #[schema(value_type = String, format = DateTime)]
    created: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    last_seen: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    expires: Timestamp,
}

#[derive(Debug, Serialize, ToSchema)]
struct DeviceList {
    devices: Vec<DeviceSeen>,
}

#[derive(Debug, Serialize, ToSchema)]
struct OwnSession {
    id: String,
    name: String,
    #[schema(value_type = String, format = DateTime)]
    created: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    last_seen: Timestamp,
    /// The one that asks.
    this: bool,
}

#[derive(Debug, Serialize, ToSchema)]
struct SessionList {
    sessions: Vec<OwnSession>,
}

/// Everything that is kept of oneself.
#[utoipa::path(tag = "account", security(("session" = [])), responses((status = 200, description = "All of it.", body = OwnAccount)))]
#[get("/account")]
async fn show(signed: Signed) -> Result<HttpResponse, Refusal> {
    let account = signed.account().await?;
    let store = signed.state.store().await?;
    let (totp, linked) = (store.totp(&account.id).await?, store.microsoft_of(&account.id).await?);
    Ok(HttpResponse::Ok().json(OwnAccount::of(account, totp, linked)))
}

/// Changes what one says of oneself.
#[utoipa::path(tag = "account", security(("session" = [])), request_body = OwnDetails,
    responses((status = 200, description = "As it is now.", body = OwnAccount)))]
#[put("/account")]
async fn change(signed: Signed, body: Sent) -> Result<HttpResponse, Refusal> {
    let typed: OwnDetails = body.json().await?;
    let account = signed.account().await?;
    let was_complete = account.details.problems().is_empty();
    let details = typed.with(&account.details.email).tidied();
    // Who was invited may leave out what is for invoices.
    let problems = if was_complete { details.problems() } else { details.problems_of_member() };
    if !problems.is_empty() {
        return Err(Refusal::invalid(problems));
    }
    let store = signed.state.writable_store().await?;
    store.change_details(&account.id, &details).await?;
    let (totp, linked) = (store.totp(&account.id).await?, store.microsoft_of(&account.id).await?);
    Ok(HttpResponse::Ok().json(OwnAccount::of(Account { details, ..account }, totp, linked)))
}

/// Erases the account with everything that is kept of its owner. The last owner of a team makes another one first.
#[utoipa::path(tag = "account", security(("session" = [])), responses((status = 204, description = "It is no more.")))]
#[delete("/account")]
async fn erase(request: HttpRequest, signed: Signed) -> Result<HttpResponse, Refusal> {
    signed.confirmed()?;
    let id = &signed.who.account;
    signed.state.store_of(&request, id).await?.erase_account(id).await?;
    let is_secure = signed.state.is_secure;
    let mut answer = HttpResponse::NoContent();
    answer.cookie(cookie::Kind::Session.unset(is_secure)).cookie(cookie::Kind::Device.unset(is_secure));
    Ok(answer.finish())
}

/// The browsers that need no code.
#[utoipa::path(tag = "account", security(("session" = [])), responses((status = 200, description = "The newest first.", body = DeviceList)))]
#[get("/account/devices")]
async fn devices(signed: Signed) -> Result<HttpResponse, Refusal> {
    let devices = signed.state.store().await?.devices(&signed.who.account, signed.state.now_ms()).await?;
    let seen = |device: crate::store::Device| DeviceSeen {
        id: device.id,
        name: device.name,
        created: time(device.created_ms),
        last_seen: time(device.seen_ms),
        expires: time(device.expires_ms),
    };
    Ok(HttpResponse::Ok().json(DeviceList { devices: devices.into_iter().map(seen).collect() }))
}

/// Trusts a browser no more.
#[utoipa::path(tag = "account", security(("session" = [])), params(("device" = String, Path)),
    responses((status = 204, description = "It needs a code.")))]
#[delete("/account/devices/{device}")]
async fn forget_device(signed: Signed, device: web::Path<String>) -> Result<HttpResponse, Refusal> {
    signed.state.writable_store().await?.forget_device(&signed.who.account, Some(&device)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Trusts no browser any more.
#[utoipa::path(tag = "account", security(("session" = [])), responses((status = 204, description = "Each needs a code.")))]
#[delete("/account/devices")]
async fn forget_devices(signed: Signed) -> Result<HttpResponse, Refusal> {
    signed.state.writable_store().await?.forget_device(&signed.who.account, None).await?;
    Ok(HttpResponse::NoContent().cookie(cookie::Kind::Device.unset(signed.state.is_secure)).finish())
}

/// Where one is signed in.
#[utoipa::path(tag = "account", security(("session" = [])), responses((status = 200, description = "The newest first.", body = SessionList)))]
#[get("/account/sessions")]
async fn sessions(signed: Signed) -> Result<HttpResponse, Refusal> {
    let since = signed.state.now_ms() - milliseconds(signed.state.accounts.idle);
    let sessions = signed.state.store().await?.sessions(&signed.who.account, since).await?;
    let seen = |session: crate::store::Session| OwnSession {
        this: session.id == signed.who.session,
        id: session.id,
        name: session.name,
        created: time(session.created_ms),
        last_seen: time(session.seen_ms),
    };
    Ok(HttpResponse::Ok().json(SessionList { sessions: sessions.into_iter().map(seen).collect() }))
}

/// Signs out somewhere else.
#[utoipa::path(tag = "account", security(("session" = [])), params(("session" = String, Path)),
    responses((status = 204, description = "It has ended.")))]
#[delete("/account/sessions/{session}")]
async fn end_session(signed: Signed, session: web::Path<String>) -> Result<HttpResponse, Refusal> {
    signed.state.writable_store().await?.end_session(&signed.who.account, &session).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn time(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or_default()
}

impl OwnAccount {
    /// `totp`: recovery codes that are left, where an app makes the codes.
    fn of(account: Account, totp: Option<i64>, linked: Option<Linked>) -> OwnAccount {
        let has_password = !account.password.is_none();
        let microsoft = linked.map(|linked| MicrosoftLinked {
            organisation: linked.tenant.unwrap_or(linked.id.organisation),
            since: time(linked.since_ms),
        });
        let password_changed = time(account.password_ms);
        let Details {
            first_name,
            last_name,
            full_name,
            company,
            telephone,
            email,
            address_line_1,
            address_line_2,
            city,
            postcode,
            country,
        } = account.details;
        OwnAccount {
            id: account.id,
            first_name,
            last_name,
            full_name,
            company,
            telephone,
            email,
            address_line_1,
            address_line_2,
            city,
            postcode,
            country,
            password_changed,
            totp: totp.is_some(),
            recovery_codes_left: totp.unwrap_or_default(),
            has_password,
            microsoft,
        }
    }
}

impl OwnDetails {
    fn with(self, email: &str) -> Details {
        Details {
            first_name: self.first_name,
            last_name: self.last_name,
            full_name: self.full_name,
            company: self.company,
            telephone: self.telephone,
            email: email.to_owned(),
            address_line_1: self.address_line_1,
            address_line_2: self.address_line_2,
            city: self.city,
            postcode: self.postcode,
            country: self.country,
        }
    }
}
