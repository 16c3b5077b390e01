//! Decision records: what was decided about messages, found by Message-ID or address, within a time. They hold addresses
//! and never what a message says. As a list in pages, or as CSV.

use actix_web::{HttpResponse, get, web};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::asked::{Asked, Parameters};
use super::csv;
use super::problem::{Kind, Refusal};
use crate::account::Permission;
use crate::store::{self, CameOf, Place, Recorded, Sought, Store, StoreError};
use crate::tenant::TenantId;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(find).service(export);
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
    /// What came of them: signed, left, repeated, deferred, refused or lost.
    outcome: Option<String>,
    /// The word of the reason for which they were left, as `observe`.
    reason: Option<String>,
    /// The id of a signature that they got, or that the rules found for them.
    signature: Option<String>,
    /// The `next` of the page before.
    after: Option<String>,
    /// At most so many; 1 to 1000.
    #[serde(default = "hundred")]
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: u32,
}

/// Records, the newest first.
#[derive(Debug, Serialize, ToSchema)]
struct DecisionList {
    decisions: Vec<Decision>,
    /// Ask again with `after` for those before them; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
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
    legs: Vec<Leg>,
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

/// What a group of recipients got: signatures, none for a reason, or nothing because they had the message already.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
struct Leg {
    /// Ids of the signatures, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    signatures: Vec<String>,
    /// The word of the reason for which they got none.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// `repeated`: they had the message already.
    #[serde(skip_serializing_if = "Option::is_none")]
    ledger: Option<String>,
    /// Ids of the signatures that the rules found, where only the mode or the number of copies was against them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    would_be: Vec<String>,
    /// By place among the recipients of the message, from 0. Absent: all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    recipients: Option<Vec<usize>>,
}

impl From<Recorded> for Decision {
    fn from(recorded: Recorded) -> Decision {
        Decision {
            time: Timestamp::from_millisecond(recorded.time_ms).ok(),
            legs: serde_json::from_str(&recorded.legs).unwrap_or_default(),
            stages: serde_json::from_str(&recorded.stages).unwrap_or_default(),
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
    let search = search.read()?.search()?;
    let found = asked.store().await?.find(&id, &search).await?;
    let next = next(&found, &search).map(|place| format!("{}.{}", place.time_ms, place.id));
    let decisions = found.into_iter().map(Decision::from).collect();
    Ok(HttpResponse::Ok().json(DecisionList { decisions, next }))
}

/// The same as CSV for spreadsheets, all that fit; `limit` and `after` say nothing here.
#[utoipa::path(tag = "decisions", params(("tenant" = String, Path), Search), security(("token" = ["decisions:read"])),
    responses((status = 200, description = "A line each, after one with the names of the columns.", body = String, content_type = "text/csv")))]
#[get("/tenants/{tenant}/decisions.csv")]
async fn export(asked: Asked, tenant: web::Path<String>, search: Parameters<Search>) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::DecisionsRead)?;
    let search = store::Search { most: PIECE, after: None, ..search.read()?.search()? };
    let store = asked.store().await?.clone();
    let (lines, next) = piece(&store, &id, &search).await?;
    let first = (csv::head(&COLUMNS) + &lines, next);
    let file = format!("messages-{}.csv", id.as_str());
    Ok(csv::streamed(&file, "text/csv; charset=utf-8", first, move |place| {
        let (store, id) = (store.clone(), id.clone());
        let search = store::Search { after: Some(place), ..search.clone() };
        async move { piece(&store, &id, &search).await }
    }))
}

/// Records in memory at a time while they are exported.
const PIECE: u32 = 500;

const COLUMNS: [&str; 17] = [
    "time",
    "outcome",
    "reasons",
    "signatures",
    "sender",
    "recipients",
    "message_id",
    "kind",
    "person",
    "site",
    "verdict",
    "next_hop_code",
    "bytes_in",
    "bytes_out",
    "total_ms",
    "id",
    "would_be",
];

async fn piece(store: &Store, id: &TenantId, search: &store::Search) -> Result<(String, Option<Place>), StoreError> {
    let found = store.find(id, search).await?;
    let next = next(&found, search);
    let mut lines = String::new();
    for decision in found.into_iter().map(Decision::from) {
        csv::push(&mut lines, decision.cells());
    }
    Ok((lines, next))
}

/// Where those begin that come after a full page.
fn next(found: &[Recorded], search: &store::Search) -> Option<Place> {
    let full = u32::try_from(found.len()).unwrap_or(u32::MAX) >= search.most;
    found.last().filter(|_| full).map(Recorded::place)
}

impl Decision {
    fn cells(self) -> [String; 17] {
        let all = |of: fn(&Leg) -> &[String]| {
            let mut words: Vec<&str> = Vec::new();
            for word in self.legs.iter().flat_map(of) {
                if !words.contains(&word.as_str()) {
                    words.push(word);
                }
            }
            words
        };
        let (reasons, signatures) = (all(|leg| leg.reason.as_slice()), all(|leg| &leg.signatures));
        let would_be = all(|leg| &leg.would_be);
        let outcome = match self.verdict.as_str() {
            "accepted" if !signatures.is_empty() => "signed",
            "accepted" if reasons.is_empty() && self.legs.iter().any(|leg| leg.ledger.is_some()) => "repeated",
            "accepted" => "left",
            other => other,
        };
        [
            self.time.map(|time| time.to_string()).unwrap_or_default(),
            outcome.to_owned(),
            reasons.join(" "),
            signatures.join(" "),
            self.sender,
            self.recipients.join(" "),
            self.message_id,
            self.kind.unwrap_or_default(),
            self.person.unwrap_or_default(),
            self.site,
            self.verdict,
            self.next_hop_code.map(|code| code.to_string()).unwrap_or_default(),
            self.bytes_in.to_string(),
            self.bytes_out.to_string(),
            self.stages.get("total").map(Value::to_string).unwrap_or_default(),
            self.id,
            would_be.join(" "),
        ]
    }
}

impl Search {
    fn search(self) -> Result<store::Search, Refusal> {
        let Search { message_id, address, from, until, outcome, reason, signature, after, limit } = self;
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
        let no_outcome =
            || Refusal::new(Kind::Malformed, "is signed, left, repeated, deferred, refused or lost").at("?outcome");
        let came_of = outcome.map(|word| CameOf::parse(&word).ok_or_else(no_outcome)).transpose()?;
        let from = instant(from.as_deref(), "?from")?.unwrap_or(0);
        let until = instant(until.as_deref(), "?until")?.unwrap_or(i64::MAX);
        let after = after.filter(|text| !text.is_empty()).map(|text| place(&text)).transpose()?;
        Ok(store::Search { sought, time_ms: from..until, came_of, reason, signature, after, most: limit })
    }
}

fn place(text: &str) -> Result<Place, Refusal> {
    let wrong = || Refusal::new(Kind::Malformed, "is not the `next` of a page").at("?after");
    let (time, id) = text.split_once('.').ok_or_else(wrong)?;
    Ok(Place { time_ms: time.parse().map_err(|_| wrong())?, id: id.to_owned() })
}

/// Unix time in milliseconds.
pub(super) fn instant(text: Option<&str>, place: &str) -> Result<Option<i64>, Refusal> {
    let Some(text) = text else { return Ok(None) };
    let wrong =
        || Refusal::new(Kind::Malformed, format!("`{text}` is not an instant like 2026-12-01T09:00:00Z")).at(place);
    text.parse::<Timestamp>().map(|at| Some(at.as_millisecond())).map_err(|_| wrong())
}

fn hundred() -> u32 {
    100
}
