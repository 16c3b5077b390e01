//! The document says what is served, and what is served does as it says: each route asks for the scope that stands with
//! it, and for the tenant that the token is of.

use super::*;
use crate::web::api::account::OPEN;
use crate::web::api::document;

#[test]
fn the_document_that_ships_is_current() {
    let shipped = include_str!("../../../../docs/openapi.json");
    assert!(shipped == document(), "docs/openapi.json is old: signet openapi > docs/openapi.json");
}

/// A schema of the API and one of the tenant file under one name would be one schema.
#[test]
fn no_two_schemas_have_one_name() {
    let (own, shared) = document::schema_names();
    assert!(own.len() > 40 && shared.len() > 40, "{own:?} {shared:?}");
    let both: Vec<&String> = own.intersection(&shared).collect();
    assert!(both.is_empty(), "{both:?}");
}

/// Clients are made of the document, a function an operation.
#[test]
fn no_two_operations_have_one_name() {
    let document: Value = serde_json::from_str(&document()).unwrap();
    let operations =
        document["paths"].as_object().unwrap().values().flat_map(|path| path.as_object().unwrap().values());
    let names: Vec<&str> = operations.map(|operation| operation["operationId"].as_str().unwrap()).collect();
    let once: std::collections::BTreeSet<&&str> = names.iter().collect();
    assert_eq!(once.len(), names.len(), "{names:?}");
}

/// Every example of the page for administrators asks for something that is there.
#[test]
fn what_the_page_shows_can_be_asked() {
    let page = include_str!("../../../../docs/api.md").replace("\\\n", " ");
    let routes = crate::web::api::document::Routes::read();
    let mut shown = 0;
    for line in page.lines().filter(|line| line.starts_with("curl ") || line.contains("$(curl ")) {
        let given = line.split_once("-X ").and_then(|(_, rest)| rest.split(' ').next());
        let method = given.unwrap_or(if line.contains(" -d ") || line.contains("--data") { "POST" } else { "GET" });
        let path =
            line.split_once("$API").map(|(_, path)| path).or_else(|| Some(line.split_once("/api/v1")?.1)).unwrap();
        let path = path.split(['?', ' ', '"']).next().unwrap();
        let methods = routes.methods(&format!("/api/v1{path}"));
        assert!(methods.iter().any(|one| one == method), "{line}: {path} takes {methods:?}");
        shown += 1;
    }
    assert!(shown > 12, "{shown}");
}

/// Whom a route is for.
#[derive(Debug, PartialEq)]
enum For {
    Everybody,
    /// People, who have signed in.
    People,
    /// Whoever has this scope.
    Scope(Permission),
}

/// Method, path with every name filled in, and for whom, of each route.
fn routes() -> Vec<(String, String, For)> {
    let document: Value = serde_json::from_str(&document()).unwrap();
    let mut routes = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let told = |what: &str| panic!("{method} {path}: {what}");
            let text = operation["description"].as_str().or(operation["summary"].as_str());
            if text.is_none_or(|text| text.len() <= 10) {
                told("says not what it does");
            }
            let Some([security]) = operation["security"].as_array().map(Vec::as_slice) else { told("for whom") };
            let whom = match security["token"].as_array().map(Vec::as_slice) {
                Some([scope]) => {
                    For::Scope(Permission::parse(scope.as_str().unwrap()).unwrap_or_else(|| told("no scope")))
                }
                Some(_) => told("one scope"),
                None if security["session"].is_array() => For::People,
                None => For::Everybody,
            };
            let filled = path.replace("{tenant}", "contoso");
            let filled = filled.split('/').map(|one| if one.starts_with('{') { "1" } else { one });
            let filled: Vec<&str> = filled.collect();
            routes.push((method.to_uppercase(), filled.join("/"), whom));
        }
    }
    assert!(routes.len() > 8, "{routes:?}");
    routes
}

async fn every_route_asks_for_its_scope_and_its_tenant(world: World) {
    let before = world.state().await;
    let mut open = Vec::new();
    for (method, path, whom) in routes() {
        if whom == For::Everybody {
            open.push(path);
            continue;
        }
        let refused = world.client().ask(&method, &path, None).refused();
        assert_eq!(refused.0, 401, "{method} {path} without a token");
        let For::Scope(scope) = whom else {
            let answer = world.operates(&method, &path, None);
            assert_eq!(answer.refused().0, 403, "{method} {path} is for no token");
            continue;
        };
        let others: Vec<Permission> = Permission::ALL.into_iter().filter(|one| *one != scope).collect();
        let lacking = token(&world.store, None, &others).await;
        let answer = world.client().token(&lacking).ask(&method, &path, None);
        assert_eq!(answer.refused().0, 403, "{method} {path} without {}", scope.word());
        assert!(answer.text().contains(scope.word()), "{method} {path}: {}", answer.text());
        // Of another tenant everything is as if there were no such tenant; the region is the operator's.
        let foreign = token(&world.store, Some("eve"), &Permission::ALL).await;
        let answer = world.client().token(&foreign).ask(&method, &path, None);
        let of_tenant = path.starts_with("/api/v1/tenants/contoso");
        if of_tenant || path != "/api/v1/tenants" || method != "GET" {
            let wanted = if of_tenant { 404 } else { 403 };
            assert_eq!(answer.refused().0, wanted, "{method} {path} by another tenant: {}", answer.text());
            assert!(!answer.text().contains("Ltd"), "{}", answer.text());
        }
        if of_tenant {
            let nobodys = world.client().token(&foreign).ask(&method, &path.replace("contoso", "nobody"), None);
            assert_eq!(nobodys.text(), answer.text().replace("contoso", "nobody"), "{method} {path}");
        }
    }
    assert_eq!(world.state().await, before);
    open.dedup();
    let mut wanted = OPEN.map(|path| format!("{}{path}", document::ROOT));
    wanted.sort_unstable();
    assert_eq!(open, wanted, "what nobody needs to be known for");
}

on_both! { every_route_asks_for_its_scope_and_its_tenant }
