//! Test cases: messages with what each recipient is to get. They are tried with the rules as they are whenever they are
//! listed, and before every change of signatures, which they refuse when one would fail (`store::Cases`).

use actix_web::{HttpResponse, delete, get, post, put, web};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::asked::Asked;
use super::body::Sent;
use super::problem::Refusal;
use super::tenants::OfChange;
use crate::account::Permission;
use crate::store::{Names, StoredCase};
use crate::tenant::{Deviation, TestCase};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list).service(create).service(replace).service(remove);
}

#[derive(Debug, Serialize, ToSchema)]
struct CaseList {
    /// The one made first first; at most 200.
    cases: Vec<CaseTried>,
}

/// A test case, and whether it passes now.
#[derive(Debug, Serialize, ToSchema)]
struct CaseTried {
    id: String,
    #[schema(value_type = String, format = DateTime)]
    time: Option<Timestamp>,
    author: String,
    /// The author as people know it.
    who: String,
    case: TestCase,
    passes: bool,
    /// Who would get something else; nobody where it passes.
    deviations: Vec<DeviationTold>,
}

/// A recipient who would get something else than is expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DeviationTold {
    recipient: String,
    /// Ids of signatures, in order.
    expected: Vec<String>,
    got: Vec<String>,
    /// In words.
    why: String,
}

/// A test case that was made.
#[derive(Debug, Serialize, ToSchema)]
struct CaseMade {
    id: String,
    dry_run: bool,
}

impl From<Deviation> for DeviationTold {
    fn from(deviation: Deviation) -> DeviationTold {
        let Deviation { recipient, expected, got, why } = deviation;
        DeviationTold { recipient, expected, got, why }
    }
}

impl CaseTried {
    fn of((stored, deviations): (StoredCase, Vec<Deviation>), names: &Names) -> CaseTried {
        let StoredCase { id, time_ms, author, case } = stored;
        CaseTried {
            id,
            time: Timestamp::from_millisecond(time_ms).ok(),
            who: names.who(&author).to_owned(),
            author,
            case,
            passes: deviations.is_empty(),
            deviations: deviations.into_iter().map(DeviationTold::from).collect(),
        }
    }
}

/// All test cases, each tried with the signatures as they are now, whatever the mode.
#[utoipa::path(tag = "cases", params(("tenant" = String, Path)), security(("token" = ["signatures:read"])),
    responses((status = 200, description = "Each with whether it passes.", body = CaseList)))]
#[get("/tenants/{tenant}/cases")]
async fn list(asked: Asked, tenant: web::Path<String>) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::SignaturesRead)?;
    let store = asked.store().await?;
    let tried = store.test_cases(&id).await?;
    let names = store.names(tried.iter().map(|(stored, _)| stored.author.as_str())).await?;
    let cases = tried.into_iter().map(|one| CaseTried::of(one, &names)).collect();
    Ok(HttpResponse::Ok().json(CaseList { cases }))
}

/// Keeps a test case. An explanation has the message as a case keeps it: without any content.
#[utoipa::path(tag = "cases", params(("tenant" = String, Path), OfChange), request_body = TestCase,
    security(("token" = ["signatures:write"])), responses((status = 201, description = "Kept.", body = CaseMade)))]
#[post("/tenants/{tenant}/cases")]
async fn create(asked: Asked, tenant: web::Path<String>, body: Sent) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::SignaturesWrite)?;
    let case: TestCase = body.json().await?;
    let made = asked.change().await?.create_test_case(&id, &case).await?;
    Ok(HttpResponse::Created().json(CaseMade { id: made, dry_run: asked.dry_run }))
}

/// Replaces a test case.
#[utoipa::path(tag = "cases", params(("tenant" = String, Path), ("case" = String, Path), OfChange),
    request_body = TestCase, security(("token" = ["signatures:write"])),
    responses((status = 204, description = "Replaced.")))]
#[put("/tenants/{tenant}/cases/{case}")]
async fn replace(asked: Asked, path: web::Path<(String, String)>, body: Sent) -> Result<HttpResponse, Refusal> {
    let (tenant, name) = path.into_inner();
    let id = asked.tenant(&tenant, Permission::SignaturesWrite)?;
    let case: TestCase = body.json().await?;
    asked.change().await?.replace_test_case(&id, &name, &case).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Removes a test case.
#[utoipa::path(tag = "cases", params(("tenant" = String, Path), ("case" = String, Path), OfChange),
    security(("token" = ["signatures:write"])), responses((status = 204, description = "It is gone.")))]
#[delete("/tenants/{tenant}/cases/{case}")]
async fn remove(asked: Asked, path: web::Path<(String, String)>) -> Result<HttpResponse, Refusal> {
    let (tenant, name) = path.into_inner();
    let id = asked.tenant(&tenant, Permission::SignaturesWrite)?;
    asked.change().await?.delete_test_case(&id, &name).await?;
    Ok(HttpResponse::NoContent().finish())
}
