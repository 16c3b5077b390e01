//! What is told when something is refused: `application/problem+json` (RFC 9457) with the place in what was sent, as a
//! JSON pointer (RFC 6901), and a sentence.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use utoipa::ToSchema;

use super::cases::DeviationTold;
use crate::store::{FailedCase, StoreError};
use crate::tenant;

/// Why a request was not done. Nothing was changed by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// `urn:signet:problem:` and a word that stays the same whatever the sentences say.
    #[serde(rename = "type")]
    pub kind: String,
    /// The word in words.
    pub title: &'static str,
    /// The status of the answer.
    pub status: u16,
    /// What is wrong, in a sentence.
    pub detail: String,
    /// Where: a JSON pointer into the body; `?name` for a parameter, a header by its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Everything that is wrong, where it may be several things; the first is told above.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Fault>,
    /// Test cases that would not pass any more.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cases: Vec<CaseFailing>,
}

/// A test case that would fail, with what its recipients would get now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CaseFailing {
    pub id: String,
    pub name: String,
    pub deviations: Vec<DeviationTold>,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Fault {
    /// A JSON pointer into the body; empty for the whole of it.
    pub place: String,
    pub detail: String,
}

/// The word, the title and the status that go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Malformed,
    Unauthorized,
    /// A password or a code.
    Wrong,
    Forbidden,
    /// Neither trial nor subscription.
    NotSubscribed,
    /// The organisation is leaving.
    Leaving,
    /// The password has to be shown again.
    Reauthenticate,
    /// The tenant is for those who have signed in with Microsoft.
    Microsoft,
    NotFound,
    MethodNotAllowed,
    TooSlow,
    Exists,
    /// Test cases would fail.
    Cases,
    /// Used up, or too old.
    Gone,
    /// Good, but somebody else has not done their part; it can be sent again.
    NotYet,
    Changed,
    TooLarge,
    MediaType,
    Invalid,
    TooMany,
    Fault,
    Unavailable,
}

/// A problem on its way to whoever asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    kind: Kind,
    detail: String,
    place: Option<String>,
    problems: Vec<Fault>,
    cases: Vec<CaseFailing>,
    /// Seconds after which it is worth another try.
    retry_after: Option<u64>,
}

impl Kind {
    fn parts(self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Kind::Malformed => (StatusCode::BAD_REQUEST, "malformed", "It cannot be read"),
            Kind::Unauthorized => (StatusCode::UNAUTHORIZED, "unauthorized", "Nobody has signed in"),
            Kind::Wrong => (StatusCode::UNAUTHORIZED, "wrong", "It is not right"),
            Kind::Forbidden => (StatusCode::FORBIDDEN, "forbidden", "This is not permitted"),
            Kind::NotSubscribed => (StatusCode::PAYMENT_REQUIRED, "not_subscribed", "Nothing is subscribed"),
            Kind::Leaving => (StatusCode::CONFLICT, "leaving", "The organisation is leaving"),
            Kind::Reauthenticate => (StatusCode::FORBIDDEN, "reauthenticate", "The password is needed again"),
            Kind::Microsoft => (StatusCode::FORBIDDEN, "microsoft", "Sign in with Microsoft"),
            Kind::NotFound => (StatusCode::NOT_FOUND, "not_found", "There is no such thing"),
            Kind::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "method", "This cannot be done with it"),
            Kind::TooSlow => (StatusCode::REQUEST_TIMEOUT, "too_slow", "It did not come in time"),
            Kind::Exists => (StatusCode::CONFLICT, "exists", "It is there already"),
            Kind::Cases => (StatusCode::CONFLICT, "cases", "Test cases would fail"),
            Kind::Gone => (StatusCode::GONE, "gone", "It is good no more"),
            Kind::NotYet => (StatusCode::CONFLICT, "not_yet", "It is not there yet"),
            Kind::Changed => (StatusCode::PRECONDITION_FAILED, "changed", "It was changed meanwhile"),
            Kind::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too_large", "It is too large"),
            Kind::MediaType => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "media_type", "It is of the wrong type"),
            Kind::Invalid => (StatusCode::UNPROCESSABLE_ENTITY, "invalid", "It cannot be taken"),
            Kind::TooMany => (StatusCode::TOO_MANY_REQUESTS, "too_many", "Too many requests"),
            Kind::Fault => (StatusCode::INTERNAL_SERVER_ERROR, "fault", "A fault of ours"),
            Kind::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "unavailable", "Not now"),
        }
    }
}

impl Refusal {
    pub fn new(kind: Kind, detail: impl Into<String>) -> Refusal {
        Refusal { kind, detail: detail.into(), place: None, problems: Vec::new(), cases: Vec::new(), retry_after: None }
    }

    /// The same, said of one place in what was sent.
    pub fn at(self, place: impl Into<String>) -> Refusal {
        Refusal { place: Some(place.into()), ..self }
    }

    pub fn after(self, seconds: u64) -> Refusal {
        Refusal { retry_after: Some(seconds), ..self }
    }

    pub fn not_found(what: impl fmt::Display) -> Refusal {
        Refusal::new(Kind::NotFound, format!("there is no {what}"))
    }

    /// Everything that is wrong with what was sent; the places as they are in it.
    pub fn invalid(problems: Vec<tenant::Problem>) -> Refusal {
        let problems = faults(problems);
        let first = problems.first().cloned().unwrap_or(Fault { place: String::new(), detail: String::new() });
        Refusal { problems, ..Refusal::new(Kind::Invalid, first.detail).at(first.place) }
    }

    fn failing(detail: String, failed: Vec<FailedCase>) -> Refusal {
        let failing = |FailedCase { id, name, deviations }| CaseFailing {
            id,
            name,
            deviations: deviations.into_iter().map(DeviationTold::from).collect(),
        };
        Refusal { cases: failed.into_iter().map(failing).collect(), ..Refusal::new(Kind::Cases, detail) }
    }

    pub fn status(&self) -> StatusCode {
        self.kind.parts().0
    }

    pub fn body(&self) -> Problem {
        let (status, word, title) = self.kind.parts();
        Problem {
            kind: format!("urn:signet:problem:{word}"),
            title,
            status: status.as_u16(),
            detail: self.detail.clone(),
            place: self.place.clone(),
            problems: self.problems.clone(),
            cases: self.cases.clone(),
        }
    }
}

pub fn faults(problems: Vec<tenant::Problem>) -> Vec<Fault> {
    problems.into_iter().map(|problem| Fault { place: problem.place, detail: problem.message }).collect()
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.detail)
    }
}

impl ResponseError for Refusal {
    fn status_code(&self) -> StatusCode {
        self.status()
    }

    fn error_response(&self) -> HttpResponse {
        let mut answer = HttpResponse::build(self.status());
        if let Some(seconds) = self.retry_after {
            answer.insert_header((RETRY_AFTER, seconds.to_string()));
        }
        if self.kind == Kind::Unauthorized {
            answer.insert_header((WWW_AUTHENTICATE, "Bearer realm=\"signet\""));
        }
        let body = serde_json::to_string(&self.body()).unwrap_or_default();
        answer.content_type("application/problem+json").body(body)
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Refusal {
        let told = error.to_string();
        match error {
            StoreError::Problems(problems) => Refusal::invalid(problems),
            StoreError::Cases(failed) => Refusal::failing(told, failed),
            StoreError::UnknownTenant(_)
            | StoreError::UnknownToken(_)
            | StoreError::UnknownVersion { .. }
            | StoreError::NoDirectory(_)
            | StoreError::NoCsv(_)
            | StoreError::Unknown { .. } => Refusal::new(Kind::NotFound, told),
            StoreError::SyncRunning => Refusal::new(Kind::Exists, told),
            StoreError::Changed(_) | StoreError::DraftChanged => Refusal::new(Kind::Changed, told).at("If-Match"),
            StoreError::Exists(_) | StoreError::There { .. } | StoreError::LastOwner(_) | StoreError::HadTrial(_) => {
                Refusal::new(Kind::Exists, told)
            }
            StoreError::NotSubscribed(_) => Refusal::new(Kind::NotSubscribed, told),
            StoreError::Leaving(_) => Refusal::new(Kind::Leaving, told),
            StoreError::Retention(_) | StoreError::Pair(_) | StoreError::Expired | StoreError::Full { .. } => {
                Refusal::new(Kind::Invalid, told)
            }
            StoreError::Invitations => Refusal::new(Kind::TooMany, told).after(3600),
            // What a database says of itself is for its operator.
            StoreError::Unavailable(_) => Refusal::new(Kind::Unavailable, "the store is not available").after(1),
            StoreError::Timeout | StoreError::Conflict => Refusal::new(Kind::Unavailable, told).after(1),
            _ => Refusal::new(Kind::Fault, "the store cannot be read"),
        }
    }
}
