//! Passwords: judged, forgotten, set.

use std::time::Instant;

use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::body::Sent;
use super::super::problem::{Kind, Refusal};
use super::super::state::State;
use super::{Signed, browser};
use crate::account::{Details, Email, Judgement, Letter, MOST_CHARACTERS, judge};
use crate::store::{Account, Hashed, Purpose, hash_password, verify_password};
use crate::tenant::Problem;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(rate).service(forgot).service(reset).service(change);
}

/// How long the link of a forgotten password is good.
const MINUTES: u64 = 30;

/// A password that somebody thinks of, and what is known of whoever it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Candidate {
    password: String,
    /// Names, address, company; at most 20.
    #[serde(default)]
    about: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct PasswordJudgement {
    accepted: bool,
    /// 0, guessed at once, to 4.
    score: u8,
    /// Why it is refused.
    problems: Vec<String>,
    /// What would make it better.
    advice: Vec<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Forgotten {
    email: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Reset {
    /// What stands behind the `#` of the mailed link.
    token: String,
    password: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Change {
    old: String,
    new: String,
}

/// Says how good a password is. Nothing of it is kept.
#[utoipa::path(tag = "account", security(()), request_body = Candidate,
    responses((status = 200, description = "What is said of it.", body = PasswordJudgement)))]
#[post("/password/judge")]
async fn rate(state: web::Data<State>, body: Sent) -> Result<HttpResponse, Refusal> {
    let Candidate { password, about } = body.json().await?;
    let about = about.into_iter().take(20).filter(|text| text.len() <= 400).collect();
    let judged = state.judge(password, about).await?;
    let accepted = judged.problems.is_empty();
    Ok(HttpResponse::Ok().json(PasswordJudgement {
        accepted,
        score: judged.score,
        problems: judged.problems,
        advice: judged.advice,
    }))
}

/// Mails a link by which a new password is set, if the address has an account; told to nobody else.
#[utoipa::path(tag = "account", security(()), request_body = Forgotten,
    responses((status = 202, description = "If there is such an account, a mail is on its way.")))]
#[post("/password/forgot")]
async fn forgot(request: HttpRequest, state: web::Data<State>, body: Sent) -> Result<HttpResponse, Refusal> {
    state.may_try(&request)?;
    let Forgotten { email } = body.json().await?;
    let wrong = || Refusal::new(Kind::Invalid, "this is no e-mail address").at("/email");
    let email = Email::parse(&email).ok_or_else(wrong)?;
    state.tried_in_vain(&request);
    let may = state.may_mail("reset", &email);
    let store = state.writable_store().await?;
    let account = store.account_of(&email).await?.filter(|account| account.verified_ms.is_some());
    if let Some(account) = account.filter(|_| may) {
        let valid_ms = i64::try_from(MINUTES * 60_000).unwrap_or(i64::MAX);
        let challenge = store.challenge(&account.id, Purpose::Reset, state.now_ms(), valid_ms).await?;
        let (to, name) = (&account.details.email, &account.details.first_name);
        state.mail(Letter::reset(to, name, state.url(), &challenge.token, MINUTES))?;
    }
    Ok(HttpResponse::Accepted().finish())
}

/// Sets a password by the mailed link. Every session ends, and every browser is asked for a code again.
#[utoipa::path(tag = "account", security(()), request_body = Reset, responses((status = 204, description = "It is set.")))]
#[post("/password/reset")]
async fn reset(request: HttpRequest, state: web::Data<State>, body: Sent) -> Result<HttpResponse, Refusal> {
    let Reset { token, password } = body.json().await?;
    let (now, store) = (state.now_ms(), state.writable_store().await?);
    let gone = || Refusal::new(Kind::Gone, "this link was used already, or is too old; ask for another one");
    // A password that is refused does not use up the link.
    let id = store.account_of_link(&token, Purpose::Reset, now).await?.ok_or_else(gone)?;
    let account = store.account(&id).await?.ok_or_else(gone)?;
    let problems = state.password_problems(&password, &account.details).await?;
    if !problems.is_empty() {
        return Err(Refusal::invalid(problems));
    }
    let hashed = state.hash_password(password).await?;
    let id = store.show_link(&token, Purpose::Reset, now).await?.ok_or_else(gone)?;
    state.store_of(&request, &id).await?.set_password(&id, &hashed, None, now).await?;
    told(&state, &account, "Your password was set anew by a mailed link.".to_owned())?;
    Ok(HttpResponse::NoContent().finish())
}

/// Sets another password. Every other session ends, and every browser is asked for a code again.
#[utoipa::path(tag = "account", security(("session" = [])), request_body = Change, responses((status = 204, description = "It is set.")))]
#[post("/account/password")]
async fn change(request: HttpRequest, signed: Signed, body: Sent) -> Result<HttpResponse, Refusal> {
    let Change { old, new } = body.json().await?;
    let (state, account) = (&signed.state, signed.account().await?);
    state
        .check_password(&account.details.email, &old, Some(&account), false)
        .await
        .map_err(|error| error.at("/old"))?;
    let mut problems = state.password_problems(&new, &account.details).await?;
    problems.iter_mut().for_each(|problem| problem.place = "/new".to_owned());
    if !problems.is_empty() {
        return Err(Refusal::invalid(problems));
    }
    let hashed = state.hash_password(new).await?;
    let store = state.store_of(&request, &account.id).await?;
    store.set_password(&account.id, &hashed, Some(&signed.who.session), state.now_ms()).await?;
    told(state, &account, format!("Your password was changed from {}.", browser::name(&request)))?;
    Ok(HttpResponse::NoContent().finish())
}

fn told(state: &State, account: &Account, what: String) -> Result<(), Refusal> {
    state.mail(Letter::notice(&account.details.email, &account.details.first_name, state.url(), &what))
}

/// The same whether the address or the password is wrong.
pub(super) fn wrong() -> Refusal {
    Refusal::new(Kind::Wrong, "the e-mail address or the password is not right")
}

impl State {
    /// Whether a mail that strangers can ask for goes to an address: a few, then more and more seldom. Nobody is told
    /// that it does not.
    pub fn may_mail(&self, what: &str, email: &Email) -> bool {
        let (key, now) = (format!("{what} {}", email.as_str()), Instant::now());
        let may = self.patience.may_try(&key, now).is_ok();
        if may {
            self.patience.failed(&key, now);
        }
        may
    }

    /// What is wrong with a password of somebody.
    pub(super) async fn password_problems(&self, password: &str, details: &Details) -> Result<Vec<Problem>, Refusal> {
        let known = [
            &details.first_name,
            &details.last_name,
            &details.full_name,
            &details.company,
            &details.email,
            &details.city,
            &details.telephone,
        ];
        let judged = self.judge(password.to_owned(), known.into_iter().cloned().collect()).await?;
        Ok(judged.problems.into_iter().map(|problem| Problem::at("/password", problem)).collect())
    }

    /// Judges on a thread of its own: the longest passwords take some milliseconds.
    async fn judge(&self, password: String, about: Vec<String>) -> Result<Judgement, Refusal> {
        let profile = self.accounts.profile;
        let judged = web::block(move || {
            let about: Vec<&str> = about.iter().map(String::as_str).collect();
            judge(&password, &about, profile)
        });
        judged.await.map_err(|_| Refusal::new(Kind::Fault, "the password could not be judged"))
    }

    /// Hashes on a thread of its own, a few at a time: each takes 19 MiB.
    pub(super) async fn hash_password(&self, password: String) -> Result<Hashed, Refusal> {
        let _permit = self.hashing.acquire().await;
        let hashed = web::block(move || hash_password(&password)).await;
        Ok(hashed.map_err(|_| Refusal::new(Kind::Fault, "the password could not be hashed"))??)
    }

    /// Whether the password is that of the account; without an account it takes as long. Whoever has failed too often
    /// for the address waits, but in a trusted browser.
    pub(super) async fn check_password(
        &self,
        tried_for: &str,
        password: &str,
        account: Option<&Account>,
        is_trusted: bool,
    ) -> Result<(), Refusal> {
        let tried_for = Email::parse(tried_for).map_or(tried_for.to_owned(), |email| email.as_str().to_owned());
        if let (false, Err(wait)) = (is_trusted, self.patience.may_try(&tried_for, Instant::now())) {
            let why = "too many wrong passwords for this address; wait a little, or set a new password";
            return Err(Refusal::new(Kind::TooMany, why).after(wait.as_secs() + 1));
        }
        let (known, password) = (account.map(|account| account.password.clone()), password.to_owned());
        let is_right = {
            let _permit = self.hashing.acquire().await;
            // Longer ones are nobody's, and not worth hashing.
            let fits = password.chars().count() <= MOST_CHARACTERS;
            web::block(move || fits && verify_password(&password, known.as_ref())).await.unwrap_or(false)
        };
        match is_right {
            true => Ok(()),
            false => {
                self.patience.failed(&tried_for, Instant::now());
                Err(wrong())
            }
        }
    }
}
