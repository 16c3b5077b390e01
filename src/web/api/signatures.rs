//! Signatures: listed in the order in which they are tried, made, replaced, moved, switched on and off, removed.

use actix_web::http::header::LOCATION;
use actix_web::{HttpResponse, HttpResponseBuilder, delete, get, post, put, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::asked::{Asked, etag, unknown_tenant};
use super::body::Sent;
use super::problem::{Kind, Refusal};
use super::tenants::{Changed, OfChange, changed};
use crate::account::Permission;
use crate::store::{Expected, Store, StoreError};
use crate::tenant::{Revision, SignatureEntry, TenantFile, TenantId, library};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list)
        .service(create)
        .service(read)
        .service(replace)
        .service(remove)
        .service(reorder)
        .service(switch);
}

/// The signatures of a tenant, as its file has them.
#[derive(Debug, Serialize, ToSchema)]
struct SignatureList {
    /// Those of a folder are tried where their folder stands; within it, and in none, in this order.
    signatures: Vec<SignatureEntry>,
}

/// The ids of all signatures in their new order.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewOrder {
    signatures: Vec<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Switch {
    pub enabled: bool,
}

/// All signatures, in order.
#[utoipa::path(tag = "signatures", params(("tenant" = String, Path)), security(("token" = ["signatures:read"])),
    responses((status = 200, description = "As the tenant's file has them.", body = SignatureList)))]
#[get("/tenants/{tenant}/signatures")]
async fn list(asked: Asked, tenant: web::Path<String>) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::SignaturesRead)?;
    let found = asked.store().await?.signatures_of(&id).await?;
    let (file, revision) = found.ok_or_else(|| unknown_tenant(&tenant))?;
    Ok(HttpResponse::Ok().insert_header(etag(revision)).json(SignatureList { signatures: file.signatures }))
}

/// Makes a signature, at the end of the list. It is switched off unless it says otherwise.
#[utoipa::path(tag = "signatures", params(("tenant" = String, Path), OfChange), request_body = SignatureEntry,
    security(("token" = ["signatures:write"])), responses((status = 201, description = "Made.", body = Changed)))]
#[post("/tenants/{tenant}/signatures")]
async fn create(asked: Asked, tenant: web::Path<String>, body: Sent) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::SignaturesWrite)?;
    let entry: SignatureEntry = body.json().await?;
    let name = entry.id.clone();
    let store = asked.change().await?;
    let store = bring_pictures(store, &id, &entry).await?;
    let revision = append(&store, &id, entry).await?;
    Ok(made(&asked, &id, &name, revision).json(Changed { revision: revision.0, dry_run: asked.dry_run }))
}

/// Pictures of the library come with the first signature that shows them: a draft of a design has them nowhere else.
/// Before it, for a signature whose picture is missing is refused, and a picture that nobody shows does no harm.
/// Each is a change of its own, upon which the next one is made.
async fn bring_pictures(mut store: Store, tenant: &TenantId, entry: &SignatureEntry) -> Result<Store, Refusal> {
    let there = store.images(tenant).await?;
    for image in library::pictures_of(entry, |name| there.iter().any(|one| one.id == name)) {
        let revision = store.put_image(tenant, &image).await?;
        store = store.expecting(Expected::At(revision));
    }
    Ok(store)
}

/// Puts a signature at the end of the list.
pub async fn append(store: &Store, tenant: &TenantId, entry: SignatureEntry) -> Result<Revision, Refusal> {
    let (name, mut at) = (entry.id.clone(), 0);
    let edit = |file: &mut TenantFile| {
        if file.signatures.iter().any(|one| one.id == entry.id) {
            return Err(StoreError::There { what: "signature", id: entry.id });
        }
        at = file.signatures.len();
        file.signatures.push(entry);
        Ok(())
    };
    let made = store.change_signatures(tenant, "signature.create", &name, edit).await;
    made.map_err(|error| of_body(error, at))
}

/// The head of the answer to whoever made a signature.
pub fn made(asked: &Asked, tenant: &TenantId, name: &str, revision: Revision) -> HttpResponseBuilder {
    let mut answer = HttpResponse::Created();
    if !asked.dry_run {
        answer.insert_header(etag(revision));
        answer.insert_header((LOCATION, format!("{}/tenants/{tenant}/signatures/{name}", super::document::ROOT)));
    }
    answer
}

/// One signature.
#[utoipa::path(tag = "signatures", params(("tenant" = String, Path), ("signature" = String, Path)),
    security(("token" = ["signatures:read"])),
    responses((status = 200, description = "As the tenant's file has it.", body = SignatureEntry)))]
#[get("/tenants/{tenant}/signatures/{signature}")]
async fn read(asked: Asked, path: web::Path<(String, String)>) -> Result<HttpResponse, Refusal> {
    let (tenant, signature) = path.into_inner();
    let id = asked.tenant(&tenant, Permission::SignaturesRead)?;
    let found = asked.store().await?.signatures_of(&id).await?;
    let (file, revision) = found.ok_or_else(|| unknown_tenant(&tenant))?;
    let entry = file.signatures.into_iter().find(|one| one.id == signature);
    let entry = entry.ok_or_else(|| unknown(&signature))?;
    Ok(HttpResponse::Ok().insert_header(etag(revision)).json(entry))
}

/// Replaces a signature; its place in the list stays. What it was is kept in its history.
#[utoipa::path(tag = "signatures", params(("tenant" = String, Path), ("signature" = String, Path), OfChange),
    request_body = SignatureEntry, security(("token" = ["signatures:write"])),
    responses((status = 200, description = "Replaced.", body = Changed)))]
#[put("/tenants/{tenant}/signatures/{signature}")]
async fn replace(asked: Asked, path: web::Path<(String, String)>, body: Sent) -> Result<HttpResponse, Refusal> {
    let (tenant, signature) = path.into_inner();
    let id = asked.tenant(&tenant, Permission::SignaturesWrite)?;
    let entry: SignatureEntry = body.json().await?;
    if entry.id != signature {
        let why = format!("this is the signature {}; an id never changes", entry.id);
        return Err(Refusal::new(Kind::Invalid, why).at("/id"));
    }
    let mut at = 0;
    let edit = |file: &mut TenantFile| {
        at = place_of(file, &signature)?;
        if let Some(there) = file.signatures.get_mut(at) {
            *there = entry;
        }
        Ok(())
    };
    let made = asked.change().await?.change_signatures(&id, "signature.replace", &signature, edit).await;
    Ok(changed(&asked, made.map_err(|error| of_body(error, at))?))
}

/// Removes a signature. Its history stays, and it can be restored from that.
#[utoipa::path(tag = "signatures", params(("tenant" = String, Path), ("signature" = String, Path), OfChange),
    security(("token" = ["signatures:write"])), responses((status = 200, description = "Removed.", body = Changed)))]
#[delete("/tenants/{tenant}/signatures/{signature}")]
async fn remove(asked: Asked, path: web::Path<(String, String)>) -> Result<HttpResponse, Refusal> {
    let (tenant, signature) = path.into_inner();
    let id = asked.tenant(&tenant, Permission::SignaturesWrite)?;
    let edit = |file: &mut TenantFile| {
        let at = place_of(file, &signature)?;
        file.signatures.remove(at);
        Ok(())
    };
    let made = asked.change().await?.change_signatures(&id, "signature.remove", &signature, edit).await?;
    Ok(changed(&asked, made))
}

/// Puts the signatures into another order.
#[utoipa::path(tag = "signatures", params(("tenant" = String, Path), OfChange), request_body = NewOrder,
    security(("token" = ["signatures:write"])), responses((status = 200, description = "Done.", body = Changed)))]
#[put("/tenants/{tenant}/signature-order")]
async fn reorder(asked: Asked, tenant: web::Path<String>, body: Sent) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::SignaturesWrite)?;
    let NewOrder { signatures: ids } = body.json().await?;
    let mut missing = None;
    let edit = |file: &mut TenantFile| {
        let mut left = std::mem::take(&mut file.signatures);
        for (number, wanted) in ids.iter().enumerate() {
            let Some(at) = left.iter().position(|one| one.id == *wanted) else {
                missing = Some(number);
                return Err(StoreError::Unknown { what: "signature", id: wanted.clone() });
            };
            file.signatures.push(left.remove(at));
        }
        match left.first() {
            None => Ok(()),
            Some(forgotten) => Err(StoreError::Unknown { what: "place in the order for", id: forgotten.id.clone() }),
        }
    };
    let made = asked.change().await?.change_signatures(&id, "signature.order", "", edit).await;
    let revision = made.map_err(|error| match error {
        StoreError::Unknown { what: "signature", .. } => {
            let place = missing.map(|number| format!("/signatures/{number}")).unwrap_or_default();
            Refusal::new(Kind::Invalid, "is no signature of the tenant, or stands twice").at(place)
        }
        StoreError::Unknown { id, .. } => {
            Refusal::new(Kind::Invalid, format!("lacks the signature {id}")).at("/signatures")
        }
        error => error.into(),
    })?;
    Ok(changed(&asked, revision))
}

/// Switches a signature on or off.
#[utoipa::path(tag = "signatures", params(("tenant" = String, Path), ("signature" = String, Path), OfChange),
    request_body = Switch, security(("token" = ["signatures:write"])),
    responses((status = 200, description = "Done.", body = Changed)))]
#[put("/tenants/{tenant}/signatures/{signature}/enabled")]
async fn switch(asked: Asked, path: web::Path<(String, String)>, body: Sent) -> Result<HttpResponse, Refusal> {
    let (tenant, signature) = path.into_inner();
    let id = asked.tenant(&tenant, Permission::SignaturesWrite)?;
    let Switch { enabled } = body.json().await?;
    let edit = |file: &mut TenantFile| {
        let at = place_of(file, &signature)?;
        if let Some(there) = file.signatures.get_mut(at) {
            there.enabled = enabled;
        }
        Ok(())
    };
    let made = asked.change().await?.change_signatures(&id, "signature.switch", &signature, edit).await?;
    Ok(changed(&asked, made))
}

fn place_of(file: &TenantFile, id: &str) -> Result<usize, StoreError> {
    let at = file.signatures.iter().position(|one| one.id == id);
    at.ok_or_else(|| StoreError::Unknown { what: "signature", id: id.to_owned() })
}

pub fn unknown(signature: &str) -> Refusal {
    Refusal::from(StoreError::Unknown { what: "signature", id: signature.to_owned() })
}

/// Places as they are in the body, which is one signature, of which the tenant's file has it `at`.
pub fn of_body(error: StoreError, at: usize) -> Refusal {
    match error {
        StoreError::Problems(mut problems) => {
            let ours = format!("/signatures/{at}");
            for problem in &mut problems {
                if let Some(rest) =
                    problem.place.strip_prefix(&ours).filter(|rest| rest.is_empty() || rest.starts_with('/'))
                {
                    problem.place = rest.to_owned();
                }
            }
            Refusal::invalid(problems)
        }
        error => error.into(),
    }
}
