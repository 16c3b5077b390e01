//! Connectors and rules as they are in Microsoft 365: the script that looks, and what to think of what it found.

use actix_web::{HttpResponse, get, post, web};
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::asked::Asked;
use super::super::body::Sent;
use super::super::problem::Refusal;
use super::checks::{MailFlowCheck, MailFlowChecks};
use super::instant;
use super::script::{Script, plan_of};
use crate::account::Permission;
use crate::tenant::connect::{Inspected, Looked, Part};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(script).service(judge);
}

/// The script that looks at connectors and rules, and changes nothing.
#[utoipa::path(tag = "connection", params(("tenant" = String, Path)), security(("token" = ["tenant:write"])),
    responses((status = 200, description = "The script.", body = Script)))]
#[get("/tenants/{tenant}/connection/inspection")]
async fn script(asked: Asked, tenant: web::Path<String>) -> Result<HttpResponse, Refusal> {
    let plan = plan_of(&asked, &tenant, None).await?;
    Ok(HttpResponse::Ok().json(Script { file_name: "Inspect-Signet.ps1", script: plan.inspection() }))
}

/// Tells what of what that script found is not as it should be. Nothing is kept.
#[utoipa::path(tag = "connection", params(("tenant" = String, Path)), security(("token" = ["tenant:write"])),
    request_body(content = HashMap<String, Value>, description = "What the script wrote, as it is.", content_type = "application/json"),
    responses((status = 200, description = "One for each connector and rule.", body = MailFlowChecks)))]
#[post("/tenants/{tenant}/connection/inspection")]
async fn judge(asked: Asked, tenant: web::Path<String>, body: Sent) -> Result<HttpResponse, Refusal> {
    asked.tenant(&tenant, Permission::TenantWrite)?;
    let inspected: Inspected = body.json().await?;
    let plan = plan_of(&asked, &tenant, None).await?;
    let checks = plan.looked_at(&inspected).into_iter().map(MailFlowCheck::from).collect();
    Ok(HttpResponse::Ok().json(MailFlowChecks { checked: instant(asked.state.now_ms()), checks }))
}

impl From<Looked> for MailFlowCheck {
    fn from(looked: Looked) -> MailFlowCheck {
        let outcome = match &looked.wrong {
            None => "good",
            Some(wrong) if wrong.is_grave => "failed",
            Some(_) => "warning",
        };
        let check = match looked.part {
            Part::Outbound | Part::Inbound => "connector",
            Part::Rule => "rule",
        };
        let advice = looked.wrong.map(|wrong| wrong.advice);
        MailFlowCheck { check, subject: looked.name, outcome, found: looked.found, advice }
    }
}
