//! Images: put as they are, known by their first octets, listed, read and removed.

use actix_web::{HttpResponse, delete, get, put, web};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::asked::{Asked, etag, unknown_tenant};
use super::body::Sent;
use super::problem::{Kind, Refusal};
use super::tenants::{Changed, OfChange, changed};
use crate::account::Permission;
use crate::store::{ImageInfo, StoreError};
use crate::tenant::{ImageEntry, ImageType};

/// Octets of the largest picture that a tenant file takes.
pub(super) const MOST_BYTES: usize = 1 << 20;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list).service(one).service(replace).service(remove);
}

/// The images of a tenant, by id.
#[derive(Debug, Serialize, ToSchema)]
struct ImageList {
    images: Vec<ImageSummary>,
}

#[derive(Debug, Serialize, ToSchema)]
struct ImageSummary {
    id: String,
    /// `image/png`, `image/jpeg` or `image/gif`.
    #[serde(rename = "type")]
    content_type: &'static str,
    bytes: u64,
}

impl From<ImageInfo> for ImageSummary {
    fn from(info: ImageInfo) -> ImageSummary {
        ImageSummary { id: info.id, content_type: info.content_type.content_type(), bytes: info.octets }
    }
}

/// All images, without their pictures.
#[utoipa::path(tag = "images", params(("tenant" = String, Path)), security(("token" = ["signatures:read"])),
    responses((status = 200, description = "By id.", body = ImageList)))]
#[get("/tenants/{tenant}/images")]
async fn list(asked: Asked, tenant: web::Path<String>) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::SignaturesRead)?;
    let store = asked.store().await?;
    let revision = store.revision(&id).await?.ok_or_else(|| unknown_tenant(&tenant))?;
    let images = store.images(&id).await?.into_iter().map(ImageSummary::from).collect();
    Ok(HttpResponse::Ok().insert_header(etag(revision)).json(ImageList { images }))
}

/// The picture itself.
#[utoipa::path(tag = "images", params(("tenant" = String, Path), ("image" = String, Path)),
    security(("token" = ["signatures:read"])),
    responses((status = 200, description = "The picture.", content_type = "image/png", body = Vec<u8>)))]
#[get("/tenants/{tenant}/images/{image}")]
async fn one(asked: Asked, path: web::Path<(String, String)>) -> Result<HttpResponse, Refusal> {
    let (tenant, image) = path.into_inner();
    let id = asked.tenant(&tenant, Permission::SignaturesRead)?;
    let found = asked.store().await?.image(&id, &image).await?;
    let (kind, octets) = found.ok_or(StoreError::Unknown { what: "image", id: image })?;
    Ok(HttpResponse::Ok().content_type(kind.content_type()).body(octets))
}

/// Puts a picture, new or in place of the one of its id: PNG, JPEG or GIF, at most 1 MiB.
#[utoipa::path(tag = "images", params(("tenant" = String, Path), ("image" = String, Path), OfChange),
    request_body(content = Vec<u8>, content_type = "image/png"), security(("token" = ["signatures:write"])),
    responses((status = 200, description = "Put.", body = Changed)))]
#[put("/tenants/{tenant}/images/{image}")]
async fn replace(asked: Asked, path: web::Path<(String, String)>, body: Sent) -> Result<HttpResponse, Refusal> {
    let (tenant, image) = path.into_inner();
    let id = asked.tenant(&tenant, Permission::SignaturesWrite)?;
    let kinds = [ImageType::Png, ImageType::Jpeg, ImageType::Gif];
    let (said, octets) = body.one_of(&kinds.map(ImageType::content_type), MOST_BYTES).await?;
    // What it is, its octets say; a name that says otherwise would make mail programs guess.
    let kind = kinds.into_iter().find(|kind| kind.begins(&octets));
    let Some(content_type) = kind.filter(|kind| kind.content_type() == said) else {
        let is = kind.map_or("neither PNG, JPEG nor GIF", ImageType::content_type);
        return Err(Refusal::new(Kind::MediaType, format!("it is said to be {said}, and is {is}")).at("Content-Type"));
    };
    let entry = ImageEntry { id: image, content_type, base64: STANDARD.encode(&octets) };
    let revision = asked.change().await?.put_image(&id, &entry).await.map_err(of_path)?;
    Ok(changed(&asked, revision))
}

/// Removes an image that no signature and no person shows and the brand does not name.
#[utoipa::path(tag = "images", params(("tenant" = String, Path), ("image" = String, Path), OfChange),
    security(("token" = ["signatures:write"])), responses((status = 200, description = "Removed.", body = Changed)))]
#[delete("/tenants/{tenant}/images/{image}")]
async fn remove(asked: Asked, path: web::Path<(String, String)>) -> Result<HttpResponse, Refusal> {
    let (tenant, image) = path.into_inner();
    let id = asked.tenant(&tenant, Permission::SignaturesWrite)?;
    let revision = asked.change().await?.remove_image(&id, &image).await?;
    Ok(changed(&asked, revision))
}

/// There is no body that a place could point into.
fn of_path(error: StoreError) -> Refusal {
    match error {
        StoreError::Problems(mut problems) => {
            problems.iter_mut().for_each(|problem| problem.place.clear());
            Refusal::invalid(problems)
        }
        error => error.into(),
    }
}
