//! Sign-up: an account with a tenant of its own, once its owner has shown that mail to the address arrives.

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::body::Sent;
use super::super::problem::{Kind, Refusal};
use super::super::state::State;
use super::cookie;
use crate::account::{COUNTRIES, Details, Email, Letter, Region};
use crate::store::{Account, Hashed, Purpose};
use crate::tenant::{Mode, TenantFile};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(offer).service(sign_up).service(verify);
}

/// How long the link is good.
const HOURS: u64 = 24;

/// What the sign-up page shows.
#[derive(Debug, Serialize, ToSchema)]
struct Offer {
    /// Whether strangers may sign up here.
    open: bool,
    /// The region of this console, if it is one of several.
    #[schema(value_type = Option<String>)]
    here: Option<&'static str>,
    regions: Vec<RegionOffered>,
    /// `strict` or `classic`.
    #[schema(value_type = String)]
    password_profile: &'static str,
    /// Two letters each, of ISO 3166-1, with the region that is near.
    countries: Vec<Country>,
}

#[derive(Debug, Serialize, ToSchema)]
struct RegionOffered {
    #[schema(value_type = String)]
    id: &'static str,
    #[schema(value_type = String)]
    name: &'static str,
    #[schema(value_type = Vec<String>)]
    sites: [&'static str; 2],
    /// Where to sign up for it; absent for the region of this console.
    #[serde(skip_serializing_if = "Option::is_none")]
    console: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct Country {
    #[schema(value_type = String)]
    code: &'static str,
    #[schema(value_type = String)]
    region: &'static str,
}

/// Everything that is kept of an account's owner, and a password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SignUp {
    first_name: String,
    last_name: String,
    /// Made of the two when it is empty.
    #[serde(default)]
    full_name: String,
    company: String,
    telephone: String,
    email: String,
    address_line_1: String,
    #[serde(default)]
    address_line_2: String,
    city: String,
    /// Not every country has them.
    #[serde(default)]
    postcode: String,
    /// Two letters of ISO 3166-1.
    country: String,
    /// Left out by whoever has just come from Microsoft, and will sign in that way.
    #[serde(default)]
    password: String,
}

/// Where the link goes.
#[derive(Debug, Serialize, ToSchema)]
struct Mailed {
    email: String,
}

/// What stands behind the `#` of a mailed link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct VerifyLink {
    token: String,
}

/// What can be chosen at sign-up.
#[utoipa::path(tag = "account", security(()), responses((status = 200, description = "The choices.", body = Offer)))]
#[get("/sign-up")]
async fn offer(state: web::Data<State>) -> HttpResponse {
    let accounts = &state.accounts;
    let offered = |region: &Region, console: Option<String>| RegionOffered {
        id: region.word,
        name: region.name,
        sites: region.sites,
        console,
    };
    let own = accounts.region.iter().map(|region| offered(region, None));
    let others = accounts.others.iter().map(|(region, url)| offered(region, Some(format!("{url}/sign-up"))));
    HttpResponse::Ok().json(Offer {
        open: accounts.sign_up && state.courier().is_some(),
        here: accounts.region.map(|region| region.word),
        regions: own.chain(others).collect(),
        password_profile: accounts.profile.word(),
        countries: COUNTRIES.iter().map(|code| Country { code, region: Region::near(code).word }).collect(),
    })
}

/// Signs up. Whether the address has an account already is told to its owner alone, by mail.
#[utoipa::path(tag = "account", security(()), request_body = SignUp,
    responses((status = 202, description = "A mail is on its way.", body = Mailed)))]
#[post("/sign-up")]
async fn sign_up(request: HttpRequest, state: web::Data<State>, body: Sent) -> Result<HttpResponse, Refusal> {
    state.may_try(&request)?;
    if !state.accounts.sign_up {
        let why = "nobody signs up here; ask an administrator of your organisation for an invitation";
        return Err(Refusal::new(Kind::Forbidden, why));
    }
    let (details, password) = body.json::<SignUp>().await?.split();
    let mut problems = details.problems();
    let shown = match password.is_empty() {
        true => state.shown_by_microsoft(&request).await?,
        false => None,
    };
    if shown.is_none() {
        problems.extend(state.password_problems(&password, &details).await?);
    }
    let email = Email::parse(&details.email);
    let (true, Some(email)) = (problems.is_empty(), email) else { return Err(Refusal::invalid(problems)) };
    // Each costs a mail to somebody who may not want it: so many from one source address, and so often to one.
    state.tried_in_vain(&request);
    let used = cookie::Kind::Shown.unset(state.is_secure);
    let accepted = HttpResponse::Accepted().cookie(used).json(Mailed { email: details.email.clone() });
    if !state.may_mail("sign up", &email) {
        return Ok(accepted);
    }
    let (now, store) = (state.now_ms(), state.writable_store().await?);
    // Hashed for those with an account too, so that the time tells nothing.
    let hashed = match shown {
        Some(_) => Hashed::none(),
        None => state.hash_password(password).await?,
    };
    let (account, is_new) = store.sign_up(&details, &email, &hashed, now).await?;
    match is_new {
        true => {
            if let Some(shown) = shown {
                state.link_shown(&request, &account.id, &shown).await?;
            }
            mail_link(&state, &account).await?;
        }
        false => {
            let (to, name) = (&account.details.email, &account.details.first_name);
            state.mail(Letter::known_already(to, name, state.url()))?;
        }
    }
    Ok(accepted)
}

/// Mails the link that proves an address; one that was mailed before is good no more.
pub(super) async fn mail_link(state: &State, account: &Account) -> Result<(), Refusal> {
    let store = state.writable_store().await?;
    let valid_ms = i64::try_from(HOURS * 3_600_000).unwrap_or(i64::MAX);
    let challenge = store.challenge(&account.id, Purpose::Verify, state.now_ms(), valid_ms).await?;
    let (to, name) = (&account.details.email, &account.details.first_name);
    state.mail(Letter::verify(to, name, state.url(), &challenge.token, HOURS))
}

/// Takes the link of the mail: the account is good, and has a tenant with nothing in it.
#[utoipa::path(tag = "account", security(()), request_body = VerifyLink,
    responses((status = 200, description = "The address is proven.", body = Mailed)))]
#[post("/sign-up/verify")]
async fn verify(request: HttpRequest, state: web::Data<State>, body: Sent) -> Result<HttpResponse, Refusal> {
    let VerifyLink { token } = body.json().await?;
    let (now, store) = (state.now_ms(), state.writable_store().await?);
    let gone = || Refusal::new(Kind::Gone, "this link was used already, or is too old; sign in to get another one");
    let id = store.account_of_link(&token, Purpose::Verify, now).await?.ok_or_else(gone)?;
    let account = store.account(&id).await?.ok_or_else(gone)?;
    let file = tenant_of(&account)?;
    // Before the link is used up, and under a name that follows from the account: whatever fails in between, the link
    // can be used again.
    if store.listed(&file.id).await?.is_none() {
        state.store_of(&request, &id).await?.import(&file).await?;
    }
    let needs_trial = state.accounts.trial.is_some();
    let store = state.store_of(&request, &id).await?;
    match store.verify_account(&token, &file.id, needs_trial, now).await? {
        true => Ok(HttpResponse::Ok().json(Mailed { email: account.details.email })),
        false => Err(gone()),
    }
}

/// A tenant with nothing in it, which no mail reaches yet.
fn tenant_of(account: &Account) -> Result<TenantFile, Refusal> {
    let file = serde_json::json!({
        "signet": 1, "id": tenant_id(account), "name": account.details.company, "mode": Mode::Observe,
        "domains": [],
    });
    serde_json::from_value(file).map_err(|_| Refusal::new(Kind::Fault, "a tenant could not be made"))
}

/// `contoso-1f2e3d4c`: of the company, for people to know it, and of the account, so that it is nobody else's.
fn tenant_id(account: &Account) -> String {
    let mut word = String::new();
    for c in account.details.company.to_lowercase().chars().filter(char::is_ascii) {
        match c.is_ascii_alphanumeric() {
            true => word.push(c),
            false if !word.ends_with('-') => word.push('-'),
            false => {}
        }
    }
    let word: String = word.trim_matches('-').chars().take(24).collect();
    let own = account.id.get(account.id.len().saturating_sub(8)..).unwrap_or_default();
    let parts: Vec<&str> = [word.trim_end_matches('-'), own].into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("-")
}

impl SignUp {
    fn split(self) -> (Details, String) {
        let details = Details {
            first_name: self.first_name,
            last_name: self.last_name,
            full_name: self.full_name,
            company: self.company,
            telephone: self.telephone,
            email: self.email,
            address_line_1: self.address_line_1,
            address_line_2: self.address_line_2,
            city: self.city,
            postcode: self.postcode,
            country: self.country,
        };
        (details.tidied(), self.password)
    }
}
