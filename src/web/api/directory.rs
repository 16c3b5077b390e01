//! The directory of a tenant: what is read of it, consent, how it goes; and people from CSV files.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, delete, get, post, put, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::asked::{Asked, etag, unknown_tenant};
use super::body::Sent;
use super::problem::{Kind, Refusal};
use super::state::State;
use super::tenants::{Changed, OfChange, changed};
use crate::account::Permission;
use crate::actors::{ConsentError, consent_link, take_consent};
use crate::directory::csv::{Difference, Known, Preview, preview};
use crate::directory::{Application, Depth, DirectoryError};
use crate::store::DirectoryStatus;
use crate::tenant::{DirectoryEntry, Problem};

/// When Microsoft may have time again.
const AGAIN_SECONDS: u64 = 60;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(read).service(connect).service(disconnect).service(sync);
    config.service(ask_consent).service(answer_consent).service(take_csv).service(rollback_csv);
}

/// What is read of a directory, and how it goes.
#[derive(Debug, Serialize, ToSchema)]
struct DirectoryNow {
    /// Absent: nothing is read.
    #[serde(skip_serializing_if = "Option::is_none")]
    settings: Option<DirectoryEntry>,
    /// Absent: there never was anything to read.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<DirectoryStatus>,
}

/// A read to be begun.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewSync {
    /// Everything, not only what changed.
    #[serde(default)]
    full: bool,
}

/// A read that was asked for.
#[derive(Debug, Serialize, ToSchema)]
struct Begins {
    /// Unix time in milliseconds: now, or when Microsoft lets us.
    begins_ms: i64,
}

/// Where an administrator of the organisation consents.
#[derive(Debug, Serialize, ToSchema)]
struct ConsentLink {
    /// Good once, and for an hour.
    link: String,
    /// The link is good for nothing, and an earlier one still counts.
    dry_run: bool,
}

/// What the administrator's browser came back with.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ConsentAnswer {
    /// The address, or what stands behind its `?`.
    answer: String,
}

/// What a CSV file is, beside the one before.
#[derive(Debug, Serialize, ToSchema)]
struct CsvTaken {
    /// By heading, what each column was taken for; null where it was left out.
    columns: BTreeMap<String, Option<&'static str>>,
    /// Ids of people who come.
    new: Vec<String>,
    /// What changes of whom, by id.
    changed: BTreeMap<String, Vec<&'static str>>,
    /// How many stay as they are.
    same: usize,
    /// Ids of people who go.
    gone: Vec<String>,
    /// The tenant's revision by this change; with `dry_run` the one it would have been.
    revision: u64,
    /// Nothing was made lasting.
    dry_run: bool,
}

/// What is read of the directory, and how it goes.
#[utoipa::path(tag = "directory", params(("tenant" = String, Path)), security(("token" = ["tenant:read"])),
    responses((status = 200, description = "As it is.", body = DirectoryNow)))]
#[get("/tenants/{tenant}/directory")]
async fn read(asked: Asked, tenant: web::Path<String>) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::TenantRead)?;
    let store = asked.store().await?;
    let revision = store.revision(&id).await?.ok_or_else(|| unknown_tenant(&tenant))?;
    let settings = store.settings(&id).await?.directory;
    let status = store.directory_status(&id).await?;
    Ok(HttpResponse::Ok().insert_header(etag(revision)).json(DirectoryNow { settings, status }))
}

/// Reads the directory from now on, in this way; the first read begins at once.
#[utoipa::path(tag = "directory", params(("tenant" = String, Path), OfChange), security(("token" = ["tenant:write"])),
    request_body = DirectoryEntry, responses((status = 200, description = "Set.", body = Changed)))]
#[put("/tenants/{tenant}/directory")]
async fn connect(asked: Asked, tenant: web::Path<String>, body: Sent) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::TenantWrite)?;
    let entry: DirectoryEntry = body.json().await?;
    let revision = asked.change().await?.set_directory(&id, entry).await?;
    Ok(changed(&asked, revision))
}

/// Reads the directory no longer, and forgets its people, groups and photos.
#[utoipa::path(tag = "directory", params(("tenant" = String, Path), OfChange), security(("token" = ["tenant:write"])),
    responses((status = 200, description = "Forgotten.", body = Changed)))]
#[delete("/tenants/{tenant}/directory")]
async fn disconnect(asked: Asked, tenant: web::Path<String>) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::TenantWrite)?;
    let revision = asked.change().await?.disconnect_directory(&id).await?;
    Ok(changed(&asked, revision))
}

/// Reads the directory at once. Refused while it is being read.
#[utoipa::path(tag = "directory", params(("tenant" = String, Path), OfChange), security(("token" = ["people:write"])),
    request_body = NewSync, responses((status = 200, description = "Asked for.", body = Begins)))]
#[post("/tenants/{tenant}/directory/sync")]
async fn sync(asked: Asked, tenant: web::Path<String>, body: Sent) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::PeopleWrite)?;
    let NewSync { full } = body.json().await?;
    let depth = if full { Depth::Everything } else { Depth::Changes };
    let begins_ms = asked.change().await?.ask_for_sync(&id, depth).await?.begins_ms;
    Ok(HttpResponse::Ok().json(Begins { begins_ms }))
}

/// The link by which an administrator of the organisation consents. An earlier one counts no more.
#[utoipa::path(tag = "directory", params(("tenant" = String, Path), OfChange), security(("token" = ["tenant:write"])),
    responses((status = 200, description = "The link.", body = ConsentLink)))]
#[post("/tenants/{tenant}/directory/consent")]
async fn ask_consent(asked: Asked, tenant: web::Path<String>) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::TenantWrite)?;
    let application = asked.state.application().await?;
    let link = consent_link(&asked.change().await?, &application, &id).await?;
    Ok(HttpResponse::Ok().json(ConsentLink { link, dry_run: asked.dry_run }))
}

/// Takes the answer. It counts for nothing until Microsoft gives a token for the tenant's organisation; until then it can
/// be given again.
#[utoipa::path(tag = "directory", params(("tenant" = String, Path), OfChange), security(("token" = ["tenant:write"])),
    request_body = ConsentAnswer, responses((status = 204, description = "Given; the directory is being read.")))]
#[put("/tenants/{tenant}/directory/consent")]
async fn answer_consent(asked: Asked, tenant: web::Path<String>, body: Sent) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::TenantWrite)?;
    let ConsentAnswer { answer } = body.json().await?;
    let application = asked.state.application().await?;
    let query = answer.split_once('?').map_or(answer.as_str(), |(_, query)| query);
    take_consent(&asked.change().await?, &application, &id, query).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Takes people from a CSV file in the place of those of the file before. With `dry_run` it is a preview.
#[utoipa::path(tag = "directory", params(("tenant" = String, Path), OfChange), security(("token" = ["people:write"])),
    request_body(content = String, content_type = "text/csv"),
    responses((status = 200, description = "Taken.", body = CsvTaken)))]
#[post("/tenants/{tenant}/csv")]
async fn take_csv(asked: Asked, tenant: web::Path<String>, body: Sent) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::PeopleWrite)?;
    let file = body.large("text/csv").await?;
    let store = asked.change().await?;
    let known = store.csv_known(&id).await?;
    let judged = web::block(move || {
        let of = Known { domains: &known.domains, people: &known.people, taken: &known.taken };
        let found = preview(&file, &BTreeMap::new(), of);
        let difference = found.against(&known.people);
        (found, difference)
    });
    let (found, difference) = judged.await.map_err(|_| Refusal::new(Kind::Fault, "the file could not be judged"))?;
    let Preview { columns, people, problems, .. } = found;
    if !problems.is_empty() {
        return Err(Refusal::invalid(problems.into_iter().map(fault).collect()));
    }
    let revision = store.apply_csv(&id, &people).await?;
    let Difference { new, changed, same, gone } = difference;
    let word = |field: crate::directory::csv::Field| field.word();
    Ok(HttpResponse::Ok().json(CsvTaken {
        columns: columns.into_iter().map(|column| (column.heading, column.field.map(word))).collect(),
        new,
        changed: changed.into_iter().map(|one| (one.id, one.what)).collect(),
        same,
        gone,
        revision: revision.0,
        dry_run: asked.dry_run,
    }))
}

/// Puts the people of the CSV file before in the place of those in force; again, and it is undone.
#[utoipa::path(tag = "directory", params(("tenant" = String, Path), OfChange), security(("token" = ["people:write"])),
    responses((status = 200, description = "Put back.", body = Changed)))]
#[post("/tenants/{tenant}/csv/rollback")]
async fn rollback_csv(asked: Asked, tenant: web::Path<String>) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::PeopleWrite)?;
    let revision = asked.change().await?.rollback_csv(&id).await?;
    Ok(changed(&asked, revision))
}

/// By line and column, since a CSV file has no pointers.
fn fault(problem: crate::directory::csv::Problem) -> Problem {
    let column = problem.column.map(|column| format!(", column {column}")).unwrap_or_default();
    Problem::at(format!("line {}{column}", problem.line), problem.message)
}

impl State {
    /// The application of the operator, as its files are now.
    pub(super) async fn application(&self) -> Result<Application, Refusal> {
        let none =
            || Refusal::new(Kind::Unavailable, "the operator has configured no application to read directories by");
        let config = self.directory.clone().ok_or_else(none)?;
        let found = web::block(move || Application::read(&config)).await;
        let found = found.map_err(|_| Refusal::new(Kind::Fault, "the application could not be read"))?;
        found.map_err(|error| Refusal::new(Kind::Unavailable, error.to_string()))
    }
}

impl From<ConsentError> for Refusal {
    fn from(error: ConsentError) -> Refusal {
        match error {
            ConsentError::Store(error) => error.into(),
            ConsentError::NoOrganisation => Refusal::new(Kind::Invalid, error.to_string()).at("/microsoft_tenant_id"),
            ConsentError::Foreign => Refusal::new(Kind::Gone, error.to_string()).at("/answer"),
            ConsentError::Withheld(_) => {
                Refusal::new(Kind::NotYet, error.to_string()).at("/answer").after(AGAIN_SECONDS)
            }
            ConsentError::Refused(_) | ConsentError::Organisation => {
                Refusal::new(Kind::Invalid, error.to_string()).at("/answer")
            }
            ConsentError::Directory(DirectoryError::UnknownTenant(_)) => {
                Refusal::new(Kind::Invalid, error.to_string()).at("/microsoft_tenant_id")
            }
            ConsentError::Later => Refusal::new(Kind::Unavailable, error.to_string()).after(AGAIN_SECONDS),
            // What is wrong with the application is for its operator.
            ConsentError::Directory(error) => Refusal::new(Kind::Unavailable, error.to_string()),
        }
    }
}
