//! A tenant as its rows say, read by SQL: the reader of the slow evaluator, which knows the tables and nothing of the
//! store.

use serde_json::{Value, json};
use sqlx::{AnyConnection, Row};

/// Everything about a tenant that rules ask for, as a tenant file has it. `None` without such a tenant.
///
/// PostgreSQL shows a connection only what it has said that it works for (`signet.tenant`).
pub async fn tenant(connection: &mut AnyConnection, id: &str) -> Option<Value> {
    let query = sqlx::query("SELECT settings FROM tenant WHERE id = $1").bind(id.to_owned());
    let settings = query.fetch_optional(&mut *connection).await.unwrap()?;
    let mut tenant: Value = serde_json::from_str(settings.get(0)).unwrap();
    let people = "SELECT data FROM person WHERE tenant = $1 ORDER BY position";
    tenant["people"] = entries(connection, people, id).await;
    let signatures = "SELECT data FROM signature WHERE tenant = $1 ORDER BY position";
    tenant["signatures"] = entries(connection, signatures, id).await;
    let groups = "SELECT data FROM grp WHERE tenant = $1 ORDER BY position";
    let mut groups = entries(connection, groups, id).await;
    for group in groups.as_array_mut().unwrap() {
        group["members"] = json!([]);
        group["groups"] = json!([]);
    }
    let query = sqlx::query("SELECT grp, kind, member FROM member WHERE tenant = $1").bind(id.to_owned());
    for row in query.fetch_all(&mut *connection).await.unwrap() {
        let (group, kind, member): (String, String, String) = (row.get(0), row.get(1), row.get(2));
        let key = if kind == "person" { "members" } else { "groups" };
        let entry = groups.as_array_mut().unwrap().iter_mut().find(|entry| entry["id"] == group.as_str());
        entry.unwrap()[key].as_array_mut().unwrap().push(json!(member));
    }
    tenant["groups"] = groups;
    Some(tenant)
}

async fn entries(connection: &mut AnyConnection, query: &'static str, tenant: &str) -> Value {
    let rows = sqlx::query(query).bind(tenant.to_owned()).fetch_all(&mut *connection).await.unwrap();
    rows.iter().map(|row| serde_json::from_str::<Value>(row.get(0)).unwrap()).collect()
}
