//! Folders of signatures: tried one after the other, switched on and off as a whole.

use actix_web::{HttpResponse, get, put, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::asked::{Asked, etag, unknown_tenant};
use super::body::Sent;
use super::problem::Refusal;
use super::signatures::Switch;
use super::tenants::{Changed, OfChange, changed};
use crate::account::Permission;
use crate::store::StoreError;
use crate::tenant::{FolderEntry, TenantFile};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list).service(replace).service(switch);
}

/// The folders of a tenant, in the order in which they are tried.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FolderList {
    folders: Vec<FolderEntry>,
}

/// All folders, in order.
#[utoipa::path(tag = "signatures", params(("tenant" = String, Path)), security(("token" = ["signatures:read"])),
    responses((status = 200, description = "As the tenant's file has them.", body = FolderList)))]
#[get("/tenants/{tenant}/folders")]
async fn list(asked: Asked, tenant: web::Path<String>) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::SignaturesRead)?;
    let found = asked.store().await?.signatures_of(&id).await?;
    let (file, revision) = found.ok_or_else(|| unknown_tenant(&tenant))?;
    Ok(HttpResponse::Ok().insert_header(etag(revision)).json(FolderList { folders: file.folders }))
}

/// Replaces all folders: names, order, switches. One that has signatures cannot go.
#[utoipa::path(tag = "signatures", params(("tenant" = String, Path), OfChange), request_body = FolderList,
    security(("token" = ["signatures:write"])), responses((status = 200, description = "Replaced.", body = Changed)))]
#[put("/tenants/{tenant}/folders")]
async fn replace(asked: Asked, tenant: web::Path<String>, body: Sent) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::SignaturesWrite)?;
    let FolderList { folders } = body.json().await?;
    let edit = |file: &mut TenantFile| {
        file.folders = folders;
        Ok(())
    };
    let made = asked.change().await?.change_signatures(&id, "folders.replace", "", edit).await?;
    Ok(changed(&asked, made))
}

/// Switches a folder on or off, and all signatures in it.
#[utoipa::path(tag = "signatures", params(("tenant" = String, Path), ("folder" = String, Path), OfChange),
    request_body = Switch, security(("token" = ["signatures:write"])),
    responses((status = 200, description = "Done.", body = Changed)))]
#[put("/tenants/{tenant}/folders/{folder}/enabled")]
async fn switch(asked: Asked, path: web::Path<(String, String)>, body: Sent) -> Result<HttpResponse, Refusal> {
    let (tenant, folder) = path.into_inner();
    let id = asked.tenant(&tenant, Permission::SignaturesWrite)?;
    let Switch { enabled } = body.json().await?;
    let edit = |file: &mut TenantFile| {
        let there = file.folders.iter_mut().find(|one| one.id == folder);
        let there = there.ok_or_else(|| StoreError::Unknown { what: "folder", id: folder.clone() })?;
        there.enabled = enabled;
        Ok(())
    };
    let made = asked.change().await?.change_signatures(&id, "folder.switch", &folder, edit).await?;
    Ok(changed(&asked, made))
}
