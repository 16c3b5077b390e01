//! Who asks: every request under `/api/v1` shows a token (RFC 6750, section 2.1), before anything else of it is read.

use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::AUTHORIZATION;
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, ResponseError, web};

use super::problem::{Kind, Refusal};
use super::state::State;
use crate::events::ApiAnswered;
use crate::store::{Presented, TOKEN_PREFIX, Token};

/// Whose token it is.
#[derive(Debug, Clone)]
pub struct Caller(pub Token);

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
    let (answer, token) = match admitted {
        Ok(token) => {
            let id = token.id.clone();
            request.extensions_mut().insert(Caller(token));
            (next.call(request).await?.map_into_boxed_body(), Some(id))
        }
        Err(refusal) => (request.into_response(refusal.error_response()), None),
    };
    let route = answer.request().match_pattern().unwrap_or_default();
    let (status, took) = (answer.status().as_u16(), began.elapsed());
    ApiAnswered { method: method.as_str(), route: &route, status, token: token.as_deref(), took }.emit();
    Ok(answer)
}

async fn admit(state: &State, request: &ServiceRequest) -> Result<Token, Refusal> {
    let header = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (scheme, text) = header.split_once(' ').unwrap_or_default();
    let text = text.trim();
    if !scheme.eq_ignore_ascii_case("bearer") || text.is_empty() {
        let why = "say who asks: `Authorization: Bearer sgn_…`, with a token that `signet token create` made";
        return Err(Refusal::new(Kind::Unauthorized, why).at("Authorization"));
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
