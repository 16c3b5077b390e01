//! What became of a signature: its versions, what differs between two of them, and the way back.

use actix_web::{HttpResponse, get, post, web};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::asked::{Asked, Parameters};
use super::problem::{Kind, Refusal};
use super::tenants::{Changed, OfChange, changed};
use crate::account::Permission;
use crate::store::{StoreError, Version};
use crate::tenant::{Change, Difference, SignatureEntry};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list).service(read).service(compare).service(restore);
}

/// The versions of a signature, the newest first.
#[derive(Debug, Serialize, ToSchema)]
struct VersionList {
    versions: Vec<VersionSummary>,
}

#[derive(Debug, Serialize, ToSchema)]
struct VersionSummary {
    /// From 1 up.
    version: i64,
    #[schema(value_type = String, format = DateTime)]
    time: Option<Timestamp>,
    author: String,
    /// The signature was removed.
    removed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
}

/// One version.
#[derive(Debug, Serialize, ToSchema)]
struct VersionWhole {
    #[serde(flatten)]
    summary: VersionSummary,
    #[serde(skip_serializing_if = "Option::is_none")]
    signature: Option<SignatureEntry>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Against {
    /// The version to compare with; without it, the one before.
    from: Option<i64>,
}

/// What differs between two versions.
#[derive(Debug, Serialize, ToSchema)]
struct Differences {
    /// `null`: there was none before.
    from: Option<i64>,
    to: i64,
    differences: Vec<DifferenceTold>,
}

/// One difference.
#[derive(Debug, Serialize, ToSchema)]
pub struct DifferenceTold {
    /// A JSON pointer into the later version; of what was removed, into the earlier.
    place: String,
    /// `added`, `removed`, `changed` or `moved`.
    change: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<Value>,
    /// All of it in words.
    sentence: String,
}

impl From<Difference> for DifferenceTold {
    fn from(difference: Difference) -> DifferenceTold {
        let Difference { place, change, before, after, sentence } = difference;
        let change = match change {
            Change::Added => "added",
            Change::Removed => "removed",
            Change::Changed => "changed",
            Change::Moved => "moved",
        };
        DifferenceTold { place, change, before, after, sentence }
    }
}

impl From<&Version> for VersionSummary {
    fn from(version: &Version) -> VersionSummary {
        VersionSummary {
            version: version.number,
            time: Timestamp::from_millisecond(version.time_ms).ok(),
            author: version.author.clone(),
            removed: version.signature.is_none(),
            name: version.signature.as_ref().map(|signature| signature.name.clone()),
        }
    }
}

/// The versions of a signature, the newest first; of one that is gone too.
#[utoipa::path(tag = "history", params(("tenant" = String, Path), ("signature" = String, Path)),
    security(("token" = ["signatures:read"])), responses((status = 200, description = "At most 100.", body = VersionList)))]
#[get("/tenants/{tenant}/signatures/{signature}/versions")]
async fn list(asked: Asked, path: web::Path<(String, String)>) -> Result<HttpResponse, Refusal> {
    let (tenant, signature) = path.into_inner();
    let versions = known(&asked, &tenant, &signature).await?;
    Ok(HttpResponse::Ok().json(VersionList { versions: versions.iter().map(VersionSummary::from).collect() }))
}

/// A signature as it was at a version.
#[utoipa::path(tag = "history",
    params(("tenant" = String, Path), ("signature" = String, Path), ("version" = String, Path)),
    security(("token" = ["signatures:read"])), responses((status = 200, description = "As it was.", body = VersionWhole)))]
#[get("/tenants/{tenant}/signatures/{signature}/versions/{version}")]
async fn read(asked: Asked, path: web::Path<(String, String, String)>) -> Result<HttpResponse, Refusal> {
    let (tenant, signature, number) = path.into_inner();
    let versions = known(&asked, &tenant, &signature).await?;
    let version = find(&versions, &signature, &number)?;
    let whole = VersionWhole { summary: version.into(), signature: version.signature.clone() };
    Ok(HttpResponse::Ok().json(whole))
}

/// What differs between a version and the one before it, or another: fields, blocks and lines, each in words.
#[utoipa::path(tag = "history",
    params(("tenant" = String, Path), ("signature" = String, Path), ("version" = String, Path), Against),
    security(("token" = ["signatures:read"])), responses((status = 200, description = "In order.", body = Differences)))]
#[get("/tenants/{tenant}/signatures/{signature}/versions/{version}/differences")]
async fn compare(
    asked: Asked,
    path: web::Path<(String, String, String)>,
    against: Parameters<Against>,
) -> Result<HttpResponse, Refusal> {
    let (tenant, signature, number) = path.into_inner();
    let versions = known(&asked, &tenant, &signature).await?;
    let to = find(&versions, &signature, &number)?;
    let from = match against.read()?.from {
        Some(from) => Some(find(&versions, &signature, &from.to_string())?),
        None => versions.iter().find(|version| version.number == to.number - 1),
    };
    let differences = between(from.and_then(|from| from.signature.as_ref()), to.signature.as_ref());
    let differences = differences.into_iter().map(DifferenceTold::from).collect();
    Ok(HttpResponse::Ok().json(Differences { from: from.map(|from| from.number), to: to.number, differences }))
}

/// Makes a signature what it was at a version; one that is gone comes back at the end of the list. That is a new version.
#[utoipa::path(tag = "history",
    params(("tenant" = String, Path), ("signature" = String, Path), ("version" = String, Path), OfChange),
    security(("token" = ["signatures:write"])), responses((status = 200, description = "Restored.", body = Changed)))]
#[post("/tenants/{tenant}/signatures/{signature}/versions/{version}/restore")]
async fn restore(asked: Asked, path: web::Path<(String, String, String)>) -> Result<HttpResponse, Refusal> {
    let (tenant, signature, number) = path.into_inner();
    let id = asked.tenant(&tenant, Permission::SignaturesWrite)?;
    let number = parse(&signature, &number)?;
    let revision = asked.change().await?.restore(&id, &signature, number).await?;
    Ok(changed(&asked, revision))
}

async fn known(asked: &Asked, tenant: &str, signature: &str) -> Result<Vec<Version>, Refusal> {
    let id = asked.tenant(tenant, Permission::SignaturesRead)?;
    let versions = asked.store().await?.history(&id, signature).await?;
    if versions.is_empty() { Err(super::signatures::unknown(signature)) } else { Ok(versions) }
}

fn find<'v>(versions: &'v [Version], signature: &str, number: &str) -> Result<&'v Version, Refusal> {
    let number = parse(signature, number)?;
    let found = versions.iter().find(|version| version.number == number);
    found.ok_or_else(|| Refusal::new(Kind::NotFound, format!("signature {signature} has no version {number}")))
}

fn parse(signature: &str, number: &str) -> Result<i64, Refusal> {
    let unknown = || Refusal::from(StoreError::Unknown { what: "version of", id: signature.to_owned() });
    number.parse().map_err(|_| unknown())
}

pub fn between(from: Option<&SignatureEntry>, to: Option<&SignatureEntry>) -> Vec<Difference> {
    match (from, to) {
        (Some(from), Some(to)) => from.differences(to),
        (None, None) => Vec::new(),
        (from, to) => {
            let (change, sentence) = match to {
                Some(_) => (Change::Added, "the signature was made"),
                None => (Change::Removed, "the signature was removed"),
            };
            let json = |entry: Option<&SignatureEntry>| entry.and_then(|entry| serde_json::to_value(entry).ok());
            let (before, after) = (json(from), json(to));
            vec![Difference { place: String::new(), change, before, after, sentence: sentence.to_owned() }]
        }
    }
}
