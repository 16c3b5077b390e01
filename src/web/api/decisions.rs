//! Decision records: what was decided about messages, found by Message-ID or address, within a time. They hold addresses
//! and never what a message says.

use actix_web::{HttpResponse, get, web};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::asked::{Asked, Parameters};
use super::problem::{Kind, Refusal};
use crate::account::Permission;
use crate::store::{Recorded, Sought};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(find);
}

/// Which records.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Search {
    /// As it stands in the message, angle brackets included.
    message_id: Option<String>,
    /// Of the sender or a recipient.
    address: Option<String>,
    /// Not before this instant, as `2026-12-01T09:00:00Z`.
    from: Option<String>,
    /// Before this instant.
    until: Option<String>,
    /// At most so many; 1 to 1000.
    #[serde(default = "hundred")]
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: u32,
}

/// Records, the newest first.
#[derive(Debug, Serialize, ToSchema)]
struct DecisionList {
    decisions: Vec<Decision>,
}

/// What was decided about one message, and what came of it.
#[derive(Debug, Serialize, ToSchema)]
struct Decision {
    id: String,
    #[schema(value_type = String, format = DateTime)]
    time: Option<Timestamp>,
    site: String,
    message_id: String,
    sender: String,
    recipients: Vec<String>,
    /// Id of the person whose signature it is.
    person: Option<String>,
    /// `first`, `reply` or `forward`.
    kind: Option<String>,
    /// What each group of recipients got: ids of signatures, or the reason for none.
    legs: Value,
    /// Of the tenant, by which it was decided.
    revision: i64,
    bytes_in: i64,
    bytes_out: i64,
    next_hop_code: Option<i64>,
    /// What the sender was told.
    verdict: String,
    /// Milliseconds by stage.
    stages: Value,
}

impl From<Recorded> for Decision {
    fn from(recorded: Recorded) -> Decision {
        let json = |text: &str| serde_json::from_str(text).unwrap_or_default();
        Decision {
            time: Timestamp::from_millisecond(recorded.time_ms).ok(),
            legs: json(&recorded.legs),
            stages: json(&recorded.stages),
            id: recorded.id,
            site: recorded.site,
            message_id: recorded.message_id,
            sender: recorded.sender,
            recipients: recorded.recipients,
            person: recorded.person,
            kind: recorded.kind,
            revision: recorded.revision,
            bytes_in: recorded.octets_in,
            bytes_out: recorded.octets_out,
            next_hop_code: recorded.next_hop_code,
            verdict: recorded.verdict,
        }
    }
}

/// What was decided about messages, the newest first: of one Message-ID, of one address, or all within a time.
#[utoipa::path(tag = "decisions", params(("tenant" = String, Path), Search), security(("token" = ["decisions:read"])),
    responses((status = 200, description = "Those that fit.", body = DecisionList)))]
#[get("/tenants/{tenant}/decisions")]
async fn find(asked: Asked, tenant: web::Path<String>, search: Parameters<Search>) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::DecisionsRead)?;
    let Search { message_id, address, from, until, limit } = search.read()?;
    if !(1..=1000).contains(&limit) {
        return Err(Refusal::new(Kind::Malformed, "is 1 to 1000").at("?limit"));
    }
    let sought = match (message_id, address) {
        (Some(_), Some(_)) => {
            return Err(Refusal::new(Kind::Malformed, "say `message_id` or `address`, not both").at("?address"));
        }
        (Some(message_id), None) => Some(Sought::MessageId(message_id)),
        (None, Some(address)) => Some(Sought::Address(address)),
        (None, None) => None,
    };
    let from = instant(from.as_deref(), "?from")?.unwrap_or(0);
    let until = instant(until.as_deref(), "?until")?.unwrap_or(i64::MAX);
    let found = asked.store().await?.decisions_between(&id, sought.as_ref(), from..until, limit).await?;
    Ok(HttpResponse::Ok().json(DecisionList { decisions: found.into_iter().map(Decision::from).collect() }))
}

/// Unix time in milliseconds.
fn instant(text: Option<&str>, place: &str) -> Result<Option<i64>, Refusal> {
    let Some(text) = text else { return Ok(None) };
    let wrong =
        || Refusal::new(Kind::Malformed, format!("`{text}` is not an instant like 2026-12-01T09:00:00Z")).at(place);
    text.parse::<Timestamp>().map(|at| Some(at.as_millisecond())).map_err(|_| wrong())
}

fn hundred() -> u32 {
    100
}
