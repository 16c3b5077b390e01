//! The connection of a tenant to its organisation's Microsoft 365: how it stands, and each step to it.
//!
//! Here a tenant says itself what is otherwise for the operator: its domains and its organisation. So nothing is taken
//! on somebody's word: a domain counts when its DNS or Microsoft says whose it is (`actors::setup`).

mod certificate;
mod checks;
mod domains;
mod inspection;
mod script;

use actix_web::{HttpResponse, get, web};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::asked::{Asked, etag, unknown_tenant};
use super::problem::{Kind, Refusal};
use crate::account::Permission;
use crate::actors::{ProofError, Setup};
use crate::directory::DirectoryError;
use crate::store::Search;
use certificate::{CertificateShown, certificate_of};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(read);
    for routes in [domains::routes, certificate::routes, script::routes, checks::routes, inspection::routes] {
        config.configure(routes);
    }
}

/// Records that are looked at for how mail goes.
const RECENT: u32 = 100;

/// How a tenant is connected.
#[derive(Debug, Serialize, ToSchema)]
struct ConnectionNow {
    /// The organisation's id at Microsoft; absent until a domain has told it.
    #[serde(skip_serializing_if = "Option::is_none")]
    organisation: Option<String>,
    /// Whether consent at Microsoft can be asked for here.
    application: bool,
    /// When Microsoft let us in after consent was asked for.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    consented: Option<Timestamp>,
    /// Mail from these is the tenant's; recipients in them are internal.
    domains: Vec<String>,
    /// Where mail goes on to.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_hop: Option<NextHopShown>,
    /// By which the next hop knows us.
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate: Option<CertificateShown>,
    /// Where Microsoft 365 has to send to.
    smart_host: String,
    /// When the newest message came; about when, of a tenant that keeps no records.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    last_mail: Option<Timestamp>,
    /// When the newest of the last hundred that was signed came.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    last_signed: Option<Timestamp>,
    /// What has to be there before the script can be made: `domain`, `certificate`.
    #[schema(value_type = Vec<String>)]
    missing: Vec<&'static str>,
}

#[derive(Debug, Serialize, ToSchema)]
struct NextHopShown {
    host: String,
    port: u16,
}

/// How the tenant is connected.
#[utoipa::path(tag = "connection", params(("tenant" = String, Path)), security(("token" = ["tenant:read"])),
    responses((status = 200, description = "As it is.", body = ConnectionNow)))]
#[get("/tenants/{tenant}/connection")]
async fn read(asked: Asked, tenant: web::Path<String>) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::TenantRead)?;
    let store = asked.store().await?;
    let revision = store.revision(&id).await?.ok_or_else(|| unknown_tenant(&tenant))?;
    let settings = store.settings(&id).await?;
    let seen = certificate_of(store, &id, &settings.domains, asked.state.now_ms()).await?;
    let recent = store.find(&id, &Search::newest(RECENT)).await?;
    let newest = match recent.first() {
        Some(newest) => Some(newest.time_ms),
        None => store.newest_flow(&id).await?,
    };
    let consented = store.directory_status(&id).await?.and_then(|status| status.granted_ms);
    let is_named = seen.as_ref().is_some_and(|seen| seen.accepted_name.is_some());
    let missing = [("domain", settings.peer.is_none()), ("certificate", !is_named)];
    Ok(HttpResponse::Ok().insert_header(etag(revision)).json(ConnectionNow {
        organisation: settings.microsoft_tenant_id,
        application: asked.state.directory.is_some(),
        consented: consented.and_then(instant),
        domains: settings.domains,
        next_hop: settings
            .peer
            .map(|peer| peer.next_hop().clone())
            .map(|hop| NextHopShown { host: hop.host, port: hop.port }),
        certificate: seen.map(CertificateShown::from),
        smart_host: asked.state.of_edge.host_name.clone(),
        last_mail: newest.and_then(instant),
        last_signed: recent.iter().find(|one| one.is_signed()).and_then(|newest| instant(newest.time_ms)),
        missing: missing.into_iter().filter(|(_, is)| *is).map(|(word, _)| word).collect(),
    }))
}

fn instant(ms: i64) -> Option<Timestamp> {
    Timestamp::from_millisecond(ms).ok()
}

/// Asks the outside, by the application if there is one.
async fn setup(asked: &Asked) -> Result<Setup, Refusal> {
    let application = match asked.state.directory {
        Some(_) => Some(asked.state.application().await?),
        None => None,
    };
    Setup::new(&asked.state.next_hop, application).map_err(|error| Refusal::new(Kind::Unavailable, error.to_string()))
}

impl From<ProofError> for Refusal {
    fn from(error: ProofError) -> Refusal {
        let told = error.to_string();
        match error {
            ProofError::Store(error) => error.into(),
            ProofError::NoRecord { .. } | ProofError::NotAtMicrosoft(_) => {
                Refusal::new(Kind::Invalid, told).at("/domain")
            }
            ProofError::NoNextHop(_) | ProofError::ForeignNextHop { .. } => {
                Refusal::new(Kind::Invalid, told).at("/next_hop")
            }
            ProofError::Silent(_) => Refusal::new(Kind::Unavailable, told).after(10),
            ProofError::Directory(DirectoryError::ConsentRevoked(_)) => Refusal::new(Kind::Invalid, told),
            ProofError::Directory(error) if error.is_temporary() => Refusal::new(Kind::Unavailable, told).after(60),
            _ => Refusal::new(Kind::Unavailable, told),
        }
    }
}
