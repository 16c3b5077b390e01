//! Drafts: what somebody draws and nobody's mail shows yet. Saved at the version that was seen, asked to be published,
//! sent back, compared with what is published, discarded. To publish one is to replace the signature, which needs more
//! than a draft does, and to discard the draft then.

use actix_web::http::header::ETAG;
use actix_web::{HttpResponse, delete, get, put, web};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::asked::Asked;
use super::body::Sent;
use super::history::{DifferenceTold, between};
use super::problem::{Fault, Kind, Refusal, faults};
use super::tenants::OfChange;
use crate::account::Permission;
use crate::store::{Draft, DraftHead, DraftSaved, DraftState, Expected, Names, StoreError};
use crate::tenant::SignatureEntry;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list).service(read).service(save).service(discard).service(mark).service(compare);
}

#[derive(Debug, Serialize, ToSchema)]
struct DraftList {
    /// The one saved last first.
    drafts: Vec<DraftSummary>,
}

/// A draft in short.
#[derive(Debug, Serialize, ToSchema)]
struct DraftSummary {
    /// Id of the signature.
    signature: String,
    name: String,
    /// Its ETag.
    version: i64,
    /// When it was saved last, and by whom.
    #[schema(value_type = String, format = DateTime)]
    time: Option<Timestamp>,
    author: String,
    /// The author as people know it: `Ada Vance <ada@contoso.com>`.
    who: String,
    /// `open`, `waiting` for somebody to publish it, or `returned`.
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    state_who: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    state_time: Option<Timestamp>,
    /// What was said when it was asked for or sent back.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// There is no such signature yet: it is a proposal.
    is_new: bool,
}

/// A draft.
#[derive(Debug, Serialize, ToSchema)]
struct DraftWhole {
    #[serde(flatten)]
    summary: DraftSummary,
    draft: SignatureEntry,
    /// The signature that it was begun from; absent of a proposal.
    #[serde(skip_serializing_if = "Option::is_none")]
    base: Option<SignatureEntry>,
    /// What would keep it from being published.
    problems: Vec<Fault>,
}

/// What is saved.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DraftSent {
    draft: SignatureEntry,
    /// The signature that it was begun from; absent of a proposal.
    #[serde(default)]
    base: Option<SignatureEntry>,
}

/// What came of a save.
#[derive(Debug, Serialize, ToSchema)]
struct DraftKept {
    version: i64,
    #[schema(value_type = String, format = DateTime)]
    time: Option<Timestamp>,
    /// What would keep it from being published.
    problems: Vec<Fault>,
    dry_run: bool,
}

/// What is to be done with a draft.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DraftMark {
    /// `waiting`: somebody is asked to publish it. `returned`: it is sent back. `open`: neither any more.
    state: String,
    /// A word to it.
    #[serde(default)]
    #[schema(max_length = 1000)]
    note: Option<String>,
}

/// What a draft would change.
#[derive(Debug, Serialize, ToSchema)]
struct DraftDifferences {
    differences: Vec<DifferenceTold>,
}

impl DraftSummary {
    fn of(head: DraftHead, names: &Names) -> DraftSummary {
        let DraftHead { signature, name, version, time_ms, author, state, state_author, state_ms, note, is_new } = head;
        DraftSummary {
            signature,
            name,
            version,
            time: Timestamp::from_millisecond(time_ms).ok(),
            who: names.who(&author).to_owned(),
            author,
            state: state.word(),
            state_who: state_author.map(|author| names.who(&author).to_owned()),
            state_time: state_ms.and_then(|time| Timestamp::from_millisecond(time).ok()),
            note,
            is_new,
        }
    }
}

/// All drafts of a tenant in short.
#[utoipa::path(tag = "drafts", params(("tenant" = String, Path)), security(("token" = ["signatures:read"])),
    responses((status = 200, description = "At most 200.", body = DraftList)))]
#[get("/tenants/{tenant}/drafts")]
async fn list(asked: Asked, tenant: web::Path<String>) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::SignaturesRead)?;
    let store = asked.store().await?;
    let heads = store.drafts(&id).await?;
    let names = names(&asked, &heads).await?;
    let drafts = heads.into_iter().map(|head| DraftSummary::of(head, &names)).collect();
    Ok(HttpResponse::Ok().json(DraftList { drafts }))
}

/// The draft of a signature. Its ETag is its own version, not the tenant's revision.
#[utoipa::path(tag = "drafts", params(("tenant" = String, Path), ("signature" = String, Path)),
    security(("token" = ["signatures:read"])),
    responses((status = 200, description = "As it was saved last.", body = DraftWhole)))]
#[get("/tenants/{tenant}/signatures/{signature}/draft")]
async fn read(asked: Asked, path: web::Path<(String, String)>) -> Result<HttpResponse, Refusal> {
    let Draft { head, entry: draft, base, problems } = found(&asked, path.into_inner()).await?;
    let names = names(&asked, std::slice::from_ref(&head)).await?;
    let validator = (ETAG, format!("\"{}\"", head.version));
    let summary = DraftSummary::of(head, &names);
    let whole = DraftWhole { summary, draft, base, problems: faults(problems) };
    Ok(HttpResponse::Ok().insert_header(validator).json(whole))
}

/// Saves a draft. Over one that is there it is saved only with `If-Match`: its version, or `*` for whatever it is. One
/// that could not be published is kept all the same, and what is wrong with it is told.
#[utoipa::path(tag = "drafts", params(("tenant" = String, Path), ("signature" = String, Path), OfChange),
    request_body = DraftSent, security(("token" = ["drafts:write"])),
    responses((status = 200, description = "Saved.", body = DraftKept)))]
#[put("/tenants/{tenant}/signatures/{signature}/draft")]
async fn save(asked: Asked, path: web::Path<(String, String)>, body: Sent) -> Result<HttpResponse, Refusal> {
    let (tenant, signature) = path.into_inner();
    let id = asked.tenant(&tenant, Permission::DraftsWrite)?;
    let DraftSent { draft, base } = body.json().await?;
    if draft.id != signature {
        let why = format!("this is the signature {}; an id never changes", draft.id);
        return Err(Refusal::new(Kind::Invalid, why).at("/draft/id"));
    }
    let store = asked.change().await?;
    let store = if asked.says_what_is_there() { store } else { store.expecting(Expected::Absent) };
    let saved = store.save_draft(&id, &draft, base.as_ref()).await;
    let DraftSaved { version, time_ms, problems } = saved.map_err(|error| match error {
        StoreError::Problems(mut problems) => {
            problems.iter_mut().for_each(|problem| problem.place.insert_str(0, "/draft"));
            Refusal::invalid(problems)
        }
        error => error.into(),
    })?;
    let mut answer = HttpResponse::Ok();
    if !asked.dry_run {
        answer.insert_header((ETAG, format!("\"{version}\"")));
    }
    let time = Timestamp::from_millisecond(time_ms).ok();
    Ok(answer.json(DraftKept { version, time, problems: faults(problems), dry_run: asked.dry_run }))
}

/// Discards a draft, or takes it away once it is published; with `If-Match` only at that version.
#[utoipa::path(tag = "drafts", params(("tenant" = String, Path), ("signature" = String, Path), OfChange),
    security(("token" = ["drafts:write"])), responses((status = 204, description = "It is gone.")))]
#[delete("/tenants/{tenant}/signatures/{signature}/draft")]
async fn discard(asked: Asked, path: web::Path<(String, String)>) -> Result<HttpResponse, Refusal> {
    let (tenant, signature) = path.into_inner();
    let id = asked.tenant(&tenant, Permission::DraftsWrite)?;
    asked.change().await?.discard_draft(&id, &signature).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Asks for a draft to be published, or sends it back; that needs the right to publish it. With `If-Match` only at that
/// version.
#[utoipa::path(tag = "drafts", params(("tenant" = String, Path), ("signature" = String, Path), OfChange),
    request_body = DraftMark, security(("token" = ["drafts:write"])),
    responses((status = 204, description = "Everybody sees it.")))]
#[put("/tenants/{tenant}/signatures/{signature}/draft/state")]
async fn mark(asked: Asked, path: web::Path<(String, String)>, body: Sent) -> Result<HttpResponse, Refusal> {
    let (tenant, signature) = path.into_inner();
    let id = asked.tenant(&tenant, Permission::DraftsWrite)?;
    let DraftMark { state, note } = body.json().await?;
    let state = match state.as_str() {
        "open" => DraftState::Open,
        "waiting" => DraftState::Waiting,
        "returned" => DraftState::Returned,
        _ => return Err(Refusal::new(Kind::Invalid, "is `open`, `waiting` or `returned`").at("/state")),
    };
    if state == DraftState::Returned {
        asked.tenant(&tenant, Permission::SignaturesWrite)?;
    }
    asked.change().await?.mark_draft(&id, &signature, state, note.as_deref()).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// What a draft would change of the signature as it is published, in words.
#[utoipa::path(tag = "drafts", params(("tenant" = String, Path), ("signature" = String, Path)),
    security(("token" = ["signatures:read"])),
    responses((status = 200, description = "In order.", body = DraftDifferences)))]
#[get("/tenants/{tenant}/signatures/{signature}/draft/differences")]
async fn compare(asked: Asked, path: web::Path<(String, String)>) -> Result<HttpResponse, Refusal> {
    let (tenant, signature) = path.into_inner();
    let draft = found(&asked, (tenant.clone(), signature.clone())).await?;
    let id = asked.tenant(&tenant, Permission::SignaturesRead)?;
    let published = asked.store().await?.signatures_of(&id).await?;
    let published = published.and_then(|(file, _)| file.signatures.into_iter().find(|one| one.id == signature));
    // Whether it is switched on is no matter of a draft.
    let enabled = published.as_ref().map_or(draft.entry.enabled, |published| published.enabled);
    let entry = SignatureEntry { enabled, ..draft.entry };
    let differences = between(published.as_ref(), Some(&entry)).into_iter().map(DifferenceTold::from).collect();
    Ok(HttpResponse::Ok().json(DraftDifferences { differences }))
}

async fn found(asked: &Asked, (tenant, signature): (String, String)) -> Result<Draft, Refusal> {
    let id = asked.tenant(&tenant, Permission::SignaturesRead)?;
    let draft = asked.store().await?.draft(&id, &signature).await?;
    draft.ok_or_else(|| Refusal::from(StoreError::Unknown { what: "draft of", id: signature }))
}

async fn names(asked: &Asked, heads: &[DraftHead]) -> Result<Names, Refusal> {
    let authors = heads.iter().flat_map(|head| std::iter::once(&head.author).chain(&head.state_author));
    Ok(asked.store().await?.names(authors.map(String::as_str)).await?)
}
