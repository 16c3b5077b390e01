//! Who asks: every request under `/api/v1` shows a token (RFC 6750, section 2.1), or the cookie of somebody who has
//! signed in, before anything else of it is read. Routes for whoever is not signed in are named in one list.

use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::AUTHORIZATION;
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest, ResponseError, web};

use super::account::{OPEN, cookie, milliseconds};
use super::problem::{Kind, Refusal};
use super::state::State;
use crate::events::ApiAnswered;
use crate::store::{Presented, SignedIn, TOKEN_PREFIX, Token};

/// Whose token it is, or whose session.
#[derive(Debug, Clone)]
pub enum Caller {
    Token(Token),
    Session(SignedIn),
}

impl Caller {
    /// For logs.
    fn id(&self) -> &str {
        match self {
            Caller::Token(token) => &token.id,
            Caller::Session(who) => &who.account,
        }
    }
}

/// Lets those with a good token pass, and tells of every answer.
pub async fn authenticate(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let began = Instant::now();
    let method = request.method().clone();
    let admitted = match request.app_data::<web::Data<State>>().cloned() {
        Some(state) => admit(&state, &request).await,
        None => Err(Refusal::new(Kind::Fault, "the API has no store")),
    };
    let (answer, caller) = match admitted {
        Ok(caller) => {
            let id = caller.as_ref().map(|caller| caller.id().to_owned());
            if let Some(caller) = caller {
                request.extensions_mut().insert(caller);
            }
            (next.call(request).await?.map_into_boxed_body(), id)
        }
        Err(refusal) => (request.into_response(refusal.error_response()), None),
    };
    let route = answer.request().match_pattern().unwrap_or_default();
    let (status, took) = (answer.status().as_u16(), began.elapsed());
    ApiAnswered { method: method.as_str(), route: &route, status, caller: caller.as_deref(), took }.emit();
    Ok(answer)
}

/// `None`: nobody needs to be known for this.
async fn admit(state: &State, request: &ServiceRequest) -> Result<Option<Caller>, Refusal> {
    let path = request.path().strip_prefix(super::document::ROOT).unwrap_or_default();
    if OPEN.contains(&path) {
        state.is_own_page(request.request())?;
        return Ok(None);
    }
    if request.headers().contains_key(AUTHORIZATION) {
        return token(state, request).await.map(|token| Some(Caller::Token(token)));
    }
    let who = of_cookie(state, request.request()).await?;
    let who = who.ok_or_else(|| Refusal::new(Kind::Unauthorized, NOBODY).at("Authorization"))?;
    state.is_own_page(request.request())?;
    Ok(Some(Caller::Session(who)))
}

/// Who has signed in, in the browser that asks.
pub async fn of_cookie(state: &State, request: &HttpRequest) -> Result<Option<SignedIn>, Refusal> {
    let Some(shown) = cookie::Kind::Session.of(request, state.is_secure) else { return Ok(None) };
    let (idle, lasts) = (milliseconds(state.accounts.idle), milliseconds(state.accounts.session));
    Ok(state.store().await?.present_session(&shown, state.now_ms(), idle, lasts).await?)
}

const NOBODY: &str =
    "say who asks: sign in, or show a token as `Authorization: Bearer sgn_…`, made by `signet token create`";

async fn token(state: &State, request: &ServiceRequest) -> Result<Token, Refusal> {
    let header = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (scheme, text) = header.split_once(' ').unwrap_or_default();
    let text = text.trim();
    if !scheme.eq_ignore_ascii_case("bearer") || text.is_empty() {
        return Err(Refusal::new(Kind::Unauthorized, NOBODY).at("Authorization"));
    }
    let peer = request.peer_addr().map(|peer| peer.ip());
    let now = Instant::now();
    if let Err(wait) = state.failures.may_ask(peer, text, now) {
        let why = "too many tokens from this address were not good; wait";
        return Err(Refusal::new(Kind::TooMany, why).after(wait.as_secs() + 1));
    }
    // A text of another form cannot be one, and costs no question.
    let could_be = text.starts_with(TOKEN_PREFIX) && text.len() < 100;
    let presented = match could_be {
        true => state.store().await?.present_token(text).await?,
        false => Presented::Unknown,
    };
    let why = match presented {
        Presented::Good(token) => {
            state.failures.was_good(text);
            return Ok(token);
        }
        Presented::Expired => "this token has expired",
        Presented::Revoked => "this token was revoked",
        Presented::Unknown => "this token is not known",
    };
    state.failures.is_good_no_more(text);
    state.failures.failed(peer, now);
    Err(Refusal::new(Kind::Unauthorized, why).at("Authorization"))
}
