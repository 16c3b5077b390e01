//! The mail-flow doctor over the wire.

use actix_web::{HttpResponse, get, web};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::asked::Asked;
use super::super::problem::{Kind, Refusal};
use super::certificate::certificate_of;
use super::{RECENT, instant, setup};
use crate::account::Permission;
use crate::actors::{Finding, Known};
use crate::store::Search;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(look);
}

/// What was looked at, just now.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MailFlowChecks {
    #[schema(value_type = String, format = DateTime)]
    pub checked: Option<Timestamp>,
    pub checks: Vec<MailFlowCheck>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MailFlowCheck {
    /// `certificate`, `next_hop`, `spf`, `dkim`, `dmarc`, `returned`, `mail`, `connector` or `rule`.
    #[schema(value_type = String)]
    pub check: &'static str,
    /// A domain or a host; empty where there is but one.
    pub subject: String,
    /// `good`, `warning`, `failed` or `unknown`.
    #[schema(value_type = String)]
    pub outcome: &'static str,
    /// What was found, in a sentence.
    pub found: String,
    /// What to do, with the record or the command.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
}

impl From<Finding> for MailFlowCheck {
    fn from(finding: Finding) -> MailFlowCheck {
        MailFlowCheck {
            check: finding.subject.word(),
            subject: finding.of,
            outcome: finding.outcome.word(),
            found: finding.found,
            advice: finding.advice,
        }
    }
}

/// Looks at everything on which the way of the mail depends; takes some seconds.
#[utoipa::path(tag = "connection", params(("tenant" = String, Path)), security(("token" = ["tenant:read"])),
    responses((status = 200, description = "What was found.", body = MailFlowChecks)))]
#[get("/tenants/{tenant}/connection/checks")]
async fn look(asked: Asked, tenant: web::Path<String>) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::TenantRead)?;
    let busy = |_| Refusal::new(Kind::Unavailable, "others are being looked at just now").after(10);
    let _permit = asked.state.looking.try_acquire().map_err(busy)?;
    let store = asked.store().await?;
    let now_ms = asked.state.now_ms();
    let file = store.settings(&id).await?;
    let certificate = certificate_of(store, &id, &file.domains, now_ms).await?;
    let recent = store.find(&id, &Search::newest(RECENT)).await?;
    let known = Known { file: &file, certificate, recent: &recent, now_ms };
    let findings = setup(&asked).await?.findings(&known).await;
    let checks = findings.into_iter().map(MailFlowCheck::from).collect();
    Ok(HttpResponse::Ok().json(MailFlowChecks { checked: instant(now_ms), checks }))
}
