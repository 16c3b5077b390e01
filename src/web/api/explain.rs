//! Which signature each recipient of a message gets, and why, rule by rule: the decision of the mail path itself. The
//! message is described, or put as it is; nothing is sent, and nothing of it is kept or logged.

use actix_web::{HttpResponse, post, web};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::asked::{Asked, Parameters, unknown_tenant};
use super::body::Sent;
use super::problem::{Kind, Refusal};
use crate::account::Permission;
use crate::store::{Cast, Drafts, Store};
use crate::tenant::{
    Answer, ControlCharacter, Description, Envelope, Explanation, Format, Importance, Inquiry, MessageKind, Snapshot,
    TenantId, TestMessage,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(described).service(at_hand);
}

/// Recipients that are asked about at once.
const MOST_RECIPIENTS: usize = 100;

/// A message in a few words.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AskedAbout {
    /// Who sends: the address in From and in the envelope.
    from: String,
    /// Who gets it; at most 100.
    to: Vec<String>,
    #[serde(default)]
    subject: String,
    /// `first`, `reply` or `forward`.
    #[serde(default = "first")]
    #[schema(value_type = String)]
    kind: MessageKind,
    /// `html`, `plain` or `rtf`.
    #[serde(default = "html")]
    #[schema(value_type = String)]
    format: Format,
    /// `low`, `normal` or `high`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    importance: Option<Importance>,
    /// Name of its sensitivity label.
    #[serde(default)]
    label: Option<String>,
    #[serde(default)]
    attachment: bool,
    /// Octets.
    #[serde(default)]
    size: Option<u64>,
    /// When, as `2026-12-01T09:00:00Z`; without it, now.
    #[serde(default)]
    at: Option<String>,
    /// As if every draft that could be published were, and switched on.
    #[serde(default)]
    drafts: bool,
}

/// What a message at hand does not say itself.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct EnvelopeAsked {
    /// Who gets it, with commas between; at most 100.
    to: String,
    /// Who sends it by the envelope; without it, the author.
    from: Option<String>,
    /// When, as `2026-12-01T09:00:00Z`; without it, now.
    at: Option<String>,
    /// As if every draft that could be published were, and switched on.
    #[serde(default)]
    drafts: bool,
}

/// What becomes of the message, and why.
#[derive(Debug, Serialize, ToSchema)]
struct Answered {
    /// Ids of the signatures that some copy of the message gets, in order.
    signatures: Vec<String>,
    /// Why no copy gets one.
    #[serde(skip_serializing_if = "Option::is_none")]
    left: Option<&'static str>,
    /// By the rules alone not all recipients get the same, whatever the mode makes of it. Each kind gets its own copy.
    recipients_differ: bool,
    /// One for each recipient: `recipient`, `person`, `signatures` (ids), `left` (why none), `would_be` (what it would be
    /// but for the mode), `summary`, and `rules`: every signature in order with what was found about it. Empty where the
    /// message is left whatever the rules say.
    #[schema(value_type = Vec<serde_json::Value>)]
    explanations: Vec<Explanation>,
    /// The message as a test case keeps it; absent where the message is left whatever the rules say.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<TestMessage>,
}

impl Answered {
    fn of(answer: Answer, message: Option<TestMessage>) -> Answered {
        let Answer { signatures, left, recipients_differ, explanations } = answer;
        Answered { signatures, left, recipients_differ, explanations, message }
    }
}

/// Who is asked about, and when.
struct Frame {
    sender: Option<String>,
    recipients: Vec<String>,
    octets: Option<u64>,
    now: Timestamp,
    /// It was said.
    at: Option<Timestamp>,
    drafts: Drafts,
}

/// Explains a message that is described.
#[utoipa::path(tag = "explain", params(("tenant" = String, Path)), request_body = AskedAbout,
    security(("token" = ["signatures:read"])), responses((status = 200, description = "Why.", body = Answered)))]
#[post("/tenants/{tenant}/explain")]
async fn described(asked: Asked, tenant: web::Path<String>, body: Sent) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::SignaturesRead)?;
    let AskedAbout { from, to, subject, kind, format, importance, label, attachment, size, at, drafts } =
        body.json().await?;
    let at = instant(at.as_deref(), "/at")?;
    let recipients = recipients(to, "/to")?;
    let frame = Frame {
        sender: Some(from.clone()),
        recipients,
        octets: size,
        now: at.unwrap_or_else(Timestamp::now),
        at,
        drafts: counted(drafts),
    };
    let description = Description { from, subject, kind, format, importance, label, attachment };
    let inquiry = Inquiry::described(&description).map_err(|ControlCharacter(name)| {
        Refusal::new(Kind::Invalid, "has a control character in it").at(format!("/{name}"))
    })?;
    answer(asked.store().await?, &id, inquiry, frame).await
}

/// Explains a message that is put as it is.
#[utoipa::path(tag = "explain", params(("tenant" = String, Path), EnvelopeAsked),
    request_body(content = String, content_type = "message/rfc822"),
    security(("token" = ["signatures:read"])), responses((status = 200, description = "Why.", body = Answered)))]
#[post("/tenants/{tenant}/explain-message")]
async fn at_hand(
    asked: Asked,
    tenant: web::Path<String>,
    envelope: Parameters<EnvelopeAsked>,
    body: Sent,
) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::SignaturesRead)?;
    let EnvelopeAsked { to, from, at, drafts } = envelope.read()?;
    let at = instant(at.as_deref(), "?at")?;
    let to = to.split(',').map(|one| one.trim().to_owned()).filter(|one| !one.is_empty()).collect();
    let recipients = recipients(to, "?to")?;
    let _whole = asked.state.whole().await?;
    let message = body.large("message/rfc822").await?;
    let octets = u64::try_from(message.len()).ok();
    let read = web::block(move || Inquiry::read(message)).await;
    let inquiry = read.map_err(|_| Refusal::new(Kind::Fault, "the message could not be read"))?;
    let inquiry = inquiry.ok_or_else(|| Refusal::new(Kind::Malformed, "this is no message").at(""))?;
    let sender = from.or_else(|| inquiry.authors().into_iter().next());
    let now = at.unwrap_or_else(Timestamp::now);
    let frame = Frame { sender, recipients, octets, now, at, drafts: counted(drafts) };
    answer(asked.store().await?, &id, inquiry, frame).await
}

async fn answer(store: &Store, tenant: &TenantId, inquiry: Inquiry, frame: Frame) -> Result<HttpResponse, Refusal> {
    let mut addresses = inquiry.authors();
    addresses.extend(frame.sender.iter().chain(&frame.recipients).cloned());
    let cast = Cast { addresses, drafts: frame.drafts, ..Cast::default() };
    let stored = store.scene(tenant, &cast).await?.ok_or_else(|| unknown_tenant(tenant.as_str()))?;
    let explained = web::block(move || {
        let snapshot = Snapshot::compile(stored.file, stored.secrets, stored.revision);
        let snapshot = snapshot.map_err(|_| Refusal::new(Kind::Fault, "the tenant does not compile"))?;
        let Frame { sender, recipients, octets, now, at, drafts: _ } = &frame;
        let envelope = Envelope { sender: sender.as_deref(), recipients, octets: *octets };
        let kept = inquiry.kept(envelope, *at);
        Ok::<_, Refusal>(Answered::of(inquiry.explain(&snapshot, envelope, *now), kept))
    });
    let explained = explained.await.map_err(|_| Refusal::new(Kind::Fault, "it could not be explained"))??;
    Ok(HttpResponse::Ok().json(explained))
}

fn recipients(to: Vec<String>, place: &str) -> Result<Vec<String>, Refusal> {
    match to.len() {
        1..=MOST_RECIPIENTS => Ok(to),
        _ => Err(Refusal::new(Kind::Invalid, format!("names 1 to {MOST_RECIPIENTS} recipients")).at(place)),
    }
}

fn instant(at: Option<&str>, place: &str) -> Result<Option<Timestamp>, Refusal> {
    let Some(at) = at else { return Ok(None) };
    let wrong = || Refusal::new(Kind::Invalid, format!("`{at}` is not an instant like 2026-12-01T09:00:00Z")).at(place);
    at.parse().map(Some).map_err(|_| wrong())
}

fn counted(drafts: bool) -> Drafts {
    if drafts { Drafts::With } else { Drafts::Without }
}

fn first() -> MessageKind {
    MessageKind::First
}

fn html() -> Format {
    Format::Html
}
