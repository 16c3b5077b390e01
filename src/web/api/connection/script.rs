//! The PowerShell by which an administrator connects Microsoft 365, and takes the connection away again.

use actix_web::{HttpResponse, get, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::asked::{Asked, Parameters, unknown_tenant};
use super::super::problem::{Kind, Refusal};
use super::certificate::certificate_of;
use crate::account::Permission;
use crate::store::StoreError;
use crate::tenant::Snapshot;
use crate::tenant::connect::{Edge, Plan, plan};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(connect).service(removal);
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct OfScript {
    /// Route only mail of the members of this mail-enabled security group, by its address.
    pilot_group: Option<String>,
}

/// A script for Exchange Online PowerShell.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Script {
    #[schema(value_type = String)]
    pub file_name: &'static str,
    pub script: String,
}

/// The script that makes connectors and rules, or brings them up to date. It holds the tenant's loop word.
#[utoipa::path(tag = "connection", params(("tenant" = String, Path), OfScript), security(("token" = ["tenant:write"])),
    responses((status = 200, description = "The script.", body = Script)))]
#[get("/tenants/{tenant}/connection/script")]
async fn connect(asked: Asked, tenant: web::Path<String>, of: Parameters<OfScript>) -> Result<HttpResponse, Refusal> {
    let plan = plan_of(&asked, &tenant, Some(of)).await?;
    Ok(HttpResponse::Ok().json(Script { file_name: "Connect-Signet.ps1", script: plan.script() }))
}

/// The script that takes connectors and rules away, in the order that loses no mail.
#[utoipa::path(tag = "connection", params(("tenant" = String, Path)), security(("token" = ["tenant:write"])),
    responses((status = 200, description = "The script.", body = Script)))]
#[get("/tenants/{tenant}/connection/removal")]
async fn removal(asked: Asked, tenant: web::Path<String>) -> Result<HttpResponse, Refusal> {
    let plan = plan_of(&asked, &tenant, None).await?;
    Ok(HttpResponse::Ok().json(Script { file_name: "Disconnect-Signet.ps1", script: plan.removal() }))
}

pub(super) async fn plan_of(asked: &Asked, tenant: &str, of: Option<Parameters<OfScript>>) -> Result<Plan, Refusal> {
    let id = asked.tenant(tenant, Permission::TenantWrite)?;
    let OfScript { pilot_group } = of.map(Parameters::read).transpose()?.unwrap_or_default();
    let _whole = asked.state.whole().await?;
    let store = asked.store().await?;
    let stored = store.load(&id).await?.ok_or_else(|| unknown_tenant(tenant))?;
    let domains = stored.file.domains.clone();
    if stored.file.peer.is_none() {
        return Err(Refusal::new(Kind::Invalid, "prove a domain first").at("/domains"));
    }
    let seen = certificate_of(store, &id, &domains, asked.state.now_ms()).await?;
    let client_name = seen.and_then(|seen| seen.accepted_name).ok_or_else(|| {
        let why = "put in a certificate first, with a name in one of your domains";
        Refusal::new(Kind::Invalid, why).at("/certificate")
    })?;
    let compiled = web::block(move || Snapshot::compile(stored.file, stored.secrets, stored.revision)).await;
    let compiled = compiled.map_err(|_| Refusal::new(Kind::Fault, "the tenant could not be compiled"))?;
    let snapshot = compiled.map_err(StoreError::Problems)?;
    let of_edge = asked.state.of_edge.clone();
    let edge = Edge {
        smart_hosts: vec![of_edge.host_name.clone()],
        server_name: of_edge.host_name,
        client_name,
        max_message_bytes: of_edge.max_message_bytes,
        pilot_group: pilot_group.map(|group| group.trim().to_owned()).filter(|group| !group.is_empty()),
        other_loop_words: Vec::new(),
    };
    plan(&snapshot, &edge).map_err(|problems| match problems.iter().find(|problem| problem.place == "/pilot_group") {
        Some(problem) => Refusal::new(Kind::Invalid, problem.message.clone()).at("?pilot_group"),
        None => Refusal::invalid(problems),
    })
}
