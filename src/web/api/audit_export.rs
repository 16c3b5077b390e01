//! The audit trail for other programs: CSV for spreadsheets, JSON lines for whatever keeps logs.

use actix_web::{HttpResponse, get, web};
use serde_json::Value;
use utoipa_actix_web::service_config::ServiceConfig;

use super::asked::{Asked, Parameters};
use super::audit::{Act, Acts, read};
use super::csv;
use super::problem::Refusal;
use crate::account::Permission;
use crate::store::{ActSearch, Store, StoreError};
use crate::tenant::TenantId;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(as_csv).service(as_lines);
}

/// Acts in memory at a time.
const PIECE: u32 = 200;

const COLUMNS: [&str; 14] = [
    "time",
    "who",
    "author",
    "ip",
    "action",
    "object",
    "object_name",
    "reason",
    "before",
    "after",
    "revision",
    "number",
    "hash",
    "id",
];

#[derive(Debug, Clone, Copy)]
enum Form {
    Csv,
    Lines,
}

/// The acts of a tenant that fit, as CSV for spreadsheets; `limit` and `after` say nothing here.
#[utoipa::path(tag = "audit", params(("tenant" = String, Path), Acts), security(("token" = ["audit:read"])),
    responses((status = 200, description = "A line each, after one with the names of the columns.", body = String, content_type = "text/csv")))]
#[get("/tenants/{tenant}/audit.csv")]
async fn as_csv(asked: Asked, tenant: web::Path<String>, acts: Parameters<Acts>) -> Result<HttpResponse, Refusal> {
    export(&asked, &tenant, acts, Form::Csv).await
}

/// The same as JSON lines: an `Act` each.
#[utoipa::path(tag = "audit", params(("tenant" = String, Path), Acts), security(("token" = ["audit:read"])),
    responses((status = 200, description = "A line each.", body = String, content_type = "application/jsonl")))]
#[get("/tenants/{tenant}/audit.jsonl")]
async fn as_lines(asked: Asked, tenant: web::Path<String>, acts: Parameters<Acts>) -> Result<HttpResponse, Refusal> {
    export(&asked, &tenant, acts, Form::Lines).await
}

async fn export(asked: &Asked, tenant: &str, acts: Parameters<Acts>, form: Form) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(tenant, Permission::AuditRead)?;
    let search = ActSearch { most: PIECE, before: None, ..acts.read()?.search()? };
    let store = asked.store().await?.clone();
    let (lines, next) = piece(&store, &id, &search, form).await?;
    let (head, ending, kind) = match form {
        Form::Csv => (csv::head(&COLUMNS), "csv", "text/csv; charset=utf-8"),
        Form::Lines => (String::new(), "jsonl", "application/jsonl"),
    };
    let file = format!("audit-{}.{ending}", id.as_str());
    Ok(csv::streamed(&file, kind, (head + &lines, next), move |before| {
        let (store, id) = (store.clone(), id.clone());
        let search = ActSearch { before: Some(before), ..search.clone() };
        async move { piece(&store, &id, &search, form).await }
    }))
}

async fn piece(
    store: &Store,
    id: &TenantId,
    search: &ActSearch,
    form: Form,
) -> Result<(String, Option<String>), StoreError> {
    let (acts, next) = read(store, Some(id), search).await?;
    let mut lines = String::new();
    for act in acts {
        match form {
            Form::Csv => csv::push(&mut lines, cells(act)),
            Form::Lines => {
                lines.push_str(&serde_json::to_string(&act).unwrap_or_default());
                lines.push('\n');
            }
        }
    }
    Ok((lines, next))
}

fn cells(act: Act) -> [String; 14] {
    let json = |value: Option<Value>| value.map(|value| value.to_string()).unwrap_or_default();
    let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
    [
        act.time.map(|time| time.to_string()).unwrap_or_default(),
        act.who,
        act.author,
        act.ip.unwrap_or_default(),
        act.action,
        act.object,
        act.object_name.unwrap_or_default(),
        act.reason.unwrap_or_default(),
        json(act.before),
        json(act.after),
        number(act.revision),
        number(act.number),
        act.hash.unwrap_or_default(),
        act.id,
    ]
}
