//! The designs that ship: looked through, and taken as a signature to begin with.

use actix_web::{HttpResponse, get, post, web};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::asked::{Asked, unknown_tenant};
use super::problem::Refusal;
use super::signatures::{append, made};
use super::tenants::OfChange;
use crate::account::Permission;
use crate::store::StoreError;
use crate::tenant::library::{Template, templates};
use crate::tenant::{SignatureEntry, TenantFile};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list).service(show).service(take);
}

#[derive(Debug, Serialize, ToSchema)]
struct TemplateList {
    templates: Vec<TemplateSummary>,
}

#[derive(Debug, Serialize, ToSchema)]
struct TemplateSummary {
    id: String,
    name: String,
    /// One or two sentences for whoever chooses.
    description: String,
    /// Words to search by.
    tags: Vec<String>,
}

/// A signature that was made.
#[derive(Debug, Serialize, ToSchema)]
struct Taken {
    /// Of the signature; the template's, with a number if there is one of that already.
    id: String,
    /// The tenant's revision by this change.
    revision: u64,
}

/// The designs that ship, in the order of the library.
#[utoipa::path(tag = "templates", params(("tenant" = String, Path)), security(("token" = ["signatures:read"])),
    responses((status = 200, description = "In short.", body = TemplateList)))]
#[get("/tenants/{tenant}/templates")]
async fn list(asked: Asked, tenant: web::Path<String>) -> Result<HttpResponse, Refusal> {
    asked.tenant(&tenant, Permission::SignaturesRead)?;
    let summary = |template: Template| TemplateSummary {
        id: template.id,
        name: template.name,
        description: template.description,
        tags: template.categories,
    };
    Ok(HttpResponse::Ok().json(TemplateList { templates: templates().into_iter().map(summary).collect() }))
}

/// A design as a signature for everybody that is switched off. A preview shows its pictures before they are the tenant's.
#[utoipa::path(tag = "templates", params(("tenant" = String, Path), ("template" = String, Path)),
    security(("token" = ["signatures:read"])),
    responses((status = 200, description = "As a signature.", body = SignatureEntry)))]
#[get("/tenants/{tenant}/templates/{template}")]
async fn show(asked: Asked, path: web::Path<(String, String)>) -> Result<HttpResponse, Refusal> {
    let (tenant, template) = path.into_inner();
    asked.tenant(&tenant, Permission::SignaturesRead)?;
    Ok(HttpResponse::Ok().json(find(&template)?.signature()))
}

/// Makes a signature of a design, switched off and at the end of the list, with the pictures it shows.
#[utoipa::path(tag = "templates", params(("tenant" = String, Path), ("template" = String, Path), OfChange),
    security(("token" = ["signatures:write"])), responses((status = 201, description = "Made.", body = Taken), (status = 200, description = "What it would be.", body = Taken)))]
#[post("/tenants/{tenant}/templates/{template}")]
async fn take(asked: Asked, path: web::Path<(String, String)>) -> Result<HttpResponse, Refusal> {
    let (tenant, template) = path.into_inner();
    let id = asked.tenant(&tenant, Permission::SignaturesWrite)?;
    let template = find(&template)?;
    let store = asked.change().await?;
    let (file, revision) = store.signatures_of(&id).await?.ok_or_else(|| unknown_tenant(&tenant))?;
    let name = free(&template.id, &file);
    if asked.dry_run {
        return Ok(HttpResponse::Ok().json(Taken { id: name, revision: revision.0 }));
    }
    let there = store.images(&id).await?;
    // Pictures first: a signature whose picture is missing is refused, a picture that nobody shows does no harm.
    for image in template.images().iter().filter(|image| there.iter().all(|one| one.id != image.id)) {
        store.put_image(&id, image).await?;
    }
    let entry = SignatureEntry { id: name.clone(), ..template.signature() };
    let revision = append(&store, &id, entry).await?;
    Ok(made(&asked, &id, &name, revision).json(Taken { id: name, revision: revision.0 }))
}

fn find(id: &str) -> Result<Template, Refusal> {
    let found = templates().into_iter().find(|template| template.id == id);
    found.ok_or_else(|| StoreError::Unknown { what: "template", id: id.to_owned() }.into())
}

/// An id that no signature has.
fn free(wanted: &str, file: &TenantFile) -> String {
    let mut names = std::iter::once(wanted.to_owned()).chain((2..).map(|number| format!("{wanted}-{number}")));
    let is_free = |name: &String| file.signatures.iter().all(|one| one.id != *name);
    names.find(is_free).unwrap_or_default()
}
