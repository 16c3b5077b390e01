//! The certificate by which a tenant's Microsoft 365 knows us: what it looks like, and put in.

use actix_web::{HttpResponse, put, web};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::asked::Asked;
use super::super::body::Sent;
use super::super::problem::{Kind, Refusal};
use super::super::tenants::OfChange;
use super::instant;
use crate::account::Permission;
use crate::actors::{CertificateSeen, see_certificate};
use crate::config::{Pair, PairError};
use crate::store::{Store, StoreError};
use crate::tenant::TenantId;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(set);
}

/// A certificate and what can be said of it; its key is never told.
#[derive(Debug, Serialize, ToSchema)]
pub struct CertificateShown {
    /// DNS names it is for.
    names: Vec<String>,
    /// Who has issued it.
    issuer: String,
    #[schema(value_type = String, format = DateTime)]
    not_after: Option<Timestamp>,
    /// Certificates in the chain, it included.
    chain: usize,
    /// The name by which Microsoft 365 knows the tenant; it must be an accepted domain.
    #[serde(skip_serializing_if = "Option::is_none")]
    accepted_name: Option<String>,
    /// What will not work, in sentences that say what to do.
    remarks: Vec<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewCertificate {
    /// PEM: the certificate first, then those of its issuers.
    chain: String,
    /// PEM, not encrypted.
    key: String,
}

impl From<CertificateSeen> for CertificateShown {
    fn from(seen: CertificateSeen) -> CertificateShown {
        CertificateShown {
            names: seen.names,
            issuer: seen.issuer,
            not_after: instant(seen.not_after_ms),
            chain: seen.chain,
            accepted_name: seen.accepted_name,
            remarks: seen.remarks,
        }
    }
}

/// What the stored certificate looks like, if there is one.
pub async fn certificate_of(
    store: &Store,
    tenant: &TenantId,
    domains: &[String],
    now_ms: i64,
) -> Result<Option<CertificateSeen>, Refusal> {
    let Some(stored) = store.certificate(tenant).await? else { return Ok(None) };
    let pair = Pair::parse(&stored.chain_pem, &stored.key_pem).map_err(StoreError::Pair)?;
    Ok(Some(see_certificate(&pair, domains, now_ms)))
}

/// Puts a certificate in the place of the one before. Taken when its key is its own and its life not over; what else
/// will not work is told with it.
#[utoipa::path(tag = "connection", params(("tenant" = String, Path), OfChange), security(("token" = ["tenant:write"])),
    request_body = NewCertificate, responses((status = 200, description = "Taken.", body = CertificateShown)))]
#[put("/tenants/{tenant}/connection/certificate")]
async fn set(asked: Asked, tenant: web::Path<String>, body: Sent) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::TenantWrite)?;
    asked.confirmed()?;
    let NewCertificate { chain, key } = body.json().await?;
    let store = asked.change().await?;
    let settings = store.settings(&id).await?;
    let pair = Pair::parse(chain.as_bytes(), key.as_bytes()).map_err(|error| {
        let place = if matches!(error, PairError::Certificate(_)) { "/chain" } else { "/key" };
        Refusal::new(Kind::Invalid, error.to_string()).at(place)
    })?;
    store.set_certificate(&id, chain.as_bytes(), key.as_bytes()).await.map_err(|error| match error {
        StoreError::Expired => Refusal::new(Kind::Invalid, error.to_string()).at("/chain"),
        error => error.into(),
    })?;
    let seen = see_certificate(&pair, &settings.domains, asked.state.now_ms());
    Ok(HttpResponse::Ok().json(CertificateShown::from(seen)))
}
