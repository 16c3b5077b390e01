//! How a signature looks for a person: as mail carries it, by the renderer of the mail path, in HTML, plain text and RTF.

use actix_web::{HttpResponse, get, post, web};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::asked::{Asked, Parameters, unknown_tenant};
use super::body::{self, Sent};
use super::problem::{Kind, Refusal};
use super::signatures::{of_body, unknown};
use crate::account::Permission;
use crate::store::{Cast, Store, StoreError, Stored};
use crate::tenant::{ImageEntry, SignatureEntry, Snapshot, TenantFile, TenantId, library};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(saved).service(draft);
}

/// For whom.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct For {
    /// Id of a person, or one of its addresses.
    person: String,
}

/// A signature that need not be saved, and for whom.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Draft {
    /// Id of a person, or one of its addresses.
    person: String,
    signature: SignatureEntry,
    /// Pictures that are not the tenant's yet, instead of those of their ids.
    #[serde(default)]
    images: Vec<ImageEntry>,
}

/// A signature as a person's messages carry it.
#[derive(Debug, Default, Serialize, ToSchema)]
struct Rendered {
    /// Nothing of it is left for this person: every field is empty.
    empty: bool,
    html: String,
    plain: String,
    rtf: String,
    /// What the HTML refers to by `cid:`.
    images: Vec<RenderedImage>,
}

#[derive(Debug, Serialize, ToSchema)]
struct RenderedImage {
    id: String,
    #[serde(rename = "type")]
    content_type: String,
    base64: String,
}

/// A saved signature for a person, whatever its conditions and whether it is switched on or not.
#[utoipa::path(tag = "signatures", params(("tenant" = String, Path), ("signature" = String, Path), For),
    security(("token" = ["signatures:read"])), responses((status = 200, description = "As it looks.", body = Rendered)))]
#[get("/tenants/{tenant}/signatures/{signature}/preview")]
async fn saved(
    asked: Asked,
    path: web::Path<(String, String)>,
    wanted: Parameters<For>,
) -> Result<HttpResponse, Refusal> {
    let (tenant, signature) = path.into_inner();
    let id = asked.tenant(&tenant, Permission::SignaturesRead)?;
    let For { person } = wanted.read()?;
    let stored = scene(asked.store().await?, &id, &person).await?;
    let entry = stored.file.signatures.iter().find(|one| one.id == signature).cloned();
    render(&asked, stored, entry.ok_or_else(|| unknown(&signature))?, person).await
}

/// A signature that is not saved for a person: what an editor shows while somebody draws.
#[utoipa::path(tag = "signatures", params(("tenant" = String, Path)), request_body = Draft,
    security(("token" = ["signatures:read"])), responses((status = 200, description = "As it looks.", body = Rendered)))]
#[post("/tenants/{tenant}/preview")]
async fn draft(asked: Asked, tenant: web::Path<String>, body: Sent) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::SignaturesRead)?;
    let Draft { person, signature, images } = body::parse(&body.large("application/json").await?)?;
    let mut stored = scene(asked.store().await?, &id, &person).await?;
    stored.file.images.retain(|one| images.iter().all(|new| new.id != one.id));
    stored.file.images.extend(images);
    // A design of the library is looked at before its pictures are the tenant's.
    let there: Vec<&str> = stored.file.images.iter().map(|image| image.id.as_str()).collect();
    let missing = library::pictures_of(&signature, |name| there.contains(&name));
    stored.file.images.extend(missing);
    render(&asked, stored, signature, person).await
}

async fn scene(store: &Store, tenant: &TenantId, person: &str) -> Result<Stored, Refusal> {
    let cast = Cast { people: vec![person.to_owned()], addresses: vec![person.to_owned()], ..Cast::default() };
    store.scene(tenant, &cast).await?.ok_or_else(|| unknown_tenant(tenant.as_str()))
}

async fn render(asked: &Asked, stored: Stored, entry: SignatureEntry, person: String) -> Result<HttpResponse, Refusal> {
    let base = asked.state.image_base.clone();
    let rendered = web::block(move || rendered(stored, entry, &person, base.as_deref())).await;
    let rendered = rendered.map_err(|_| Refusal::new(Kind::Fault, "it could not be drawn"))??;
    Ok(HttpResponse::Ok().json(rendered))
}

fn rendered(stored: Stored, entry: SignatureEntry, person: &str, base: Option<&str>) -> Result<Rendered, Refusal> {
    let Stored { mut file, secrets, revision } = stored;
    let address =
        address_of(&file, person).ok_or_else(|| StoreError::Unknown { what: "person", id: person.to_owned() })?;
    // Alone, on, and in no folder that is off.
    let id = entry.id.clone();
    file.signatures = vec![SignatureEntry { enabled: true, folder: None, ..entry }];
    let snapshot = Snapshot::compile(file, secrets, revision);
    let snapshot = snapshot.map_err(|problems| of_body(StoreError::Problems(problems), 0))?;
    let base = snapshot.image_base().or(base).map(str::to_owned);
    let person = snapshot.person(&address).ok_or_else(|| Refusal::not_found("such person"))?;
    let Some(preview) = snapshot.preview(&id, person, base.as_deref()) else {
        return Ok(Rendered { empty: true, ..Rendered::default() });
    };
    let images = preview.images.iter().map(|image| RenderedImage {
        id: image.id.clone(),
        content_type: image.content_type.clone(),
        base64: STANDARD.encode(&image.bytes),
    });
    Ok(Rendered { empty: false, images: images.collect(), html: preview.html, plain: preview.plain, rtf: preview.rtf })
}

/// By id, or by any address.
fn address_of(file: &TenantFile, person: &str) -> Option<String> {
    let is = |address: &String| address.eq_ignore_ascii_case(person);
    let found = file.people.iter().find(|one| one.id == person || one.addresses.iter().any(is));
    found.and_then(|person| person.addresses.first().cloned())
}
