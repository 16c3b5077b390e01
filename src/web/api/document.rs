//! The OpenAPI document, made from the routes that are served: what is not in it cannot be asked.

#[cfg(test)]
use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use utoipa::OpenApi;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, openapi};
use utoipa_actix_web::{UtoipaApp, scope};

use super::problem::Problem;
use super::schema;

/// Where the API begins.
pub const ROOT: &str = "/api/v1";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Signet",
        description = "Tenants, signatures, people and modes, for administrators' scripts and the console.\n\n\
                       Every request shows a token, made by `signet token create`, as `Authorization: Bearer sgn_…`, or the \
                       cookie of somebody who has signed in; what each needs is named with it. What is refused is told as a `Problem` and changes nothing.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    components(schemas(Problem)),
    modifiers(&Bearer),
)]
struct Head;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut openapi::OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("sgn_").build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(scheme));
        let cookie =
            "The cookie of somebody who has signed in; it does wherever a token does, as far as the role permits.";
        let cookie = ApiKeyValue::with_description("__Host-signet", cookie);
        components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    }
}

/// The document as indented JSON with a final line end; `docs/openapi.json` is a copy.
pub fn document() -> String {
    let mut text = serde_json::to_string_pretty(&value()).unwrap_or_default();
    text.push('\n');
    text
}

fn value() -> Value {
    let mut document = serde_json::to_value(routed()).unwrap_or_default();
    if let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) {
        for (name, definition) in schema::definitions() {
            schemas.insert(name, definition);
        }
        schemas.sort_keys();
    }
    if let Some(paths) = document.pointer_mut("/paths").and_then(Value::as_object_mut) {
        paths.sort_keys();
        for (path, methods) in paths {
            let Some(methods) = methods.as_object_mut() else { continue };
            add_refusals(methods);
            name(path, methods);
        }
    }
    document
}

/// The document as the routes make it, the schemas of the tenant file empty yet.
fn routed() -> openapi::OpenApi {
    let api = scope::scope(ROOT).configure(super::routes);
    UtoipaApp::from(actix_web::App::new()).openapi(Head::openapi()).service(api).split_for_parts().1
}

/// The names of the schemas that the API has by itself, and of those that it has from the tenant file.
#[cfg(test)]
pub fn schema_names() -> (BTreeSet<String>, BTreeSet<String>) {
    let is_empty = |schema: &Value| schema.get("properties").is_none() && schema.get("oneOf").is_none();
    let own = routed().components.map(|components| components.schemas).unwrap_or_default();
    let own = own.into_iter().filter(|(_, schema)| !is_empty(&serde_json::to_value(schema).unwrap_or_default()));
    (own.map(|(name, _)| name).collect(), schema::definitions().into_iter().map(|(name, _)| name).collect())
}

/// Whatever is asked may be refused, and is so in one form.
fn add_refusals(methods: &mut Map<String, Value>) {
    for operation in methods.values_mut() {
        let problem = json!({"schema": {"$ref": "#/components/schemas/Problem"}});
        let refused =
            json!({"description": "Refused; nothing was changed.", "content": {"application/problem+json": problem}});
        if let Some(responses) = operation.pointer_mut("/responses").and_then(Value::as_object_mut) {
            responses.insert("default".to_owned(), refused);
        }
    }
}

/// Each operation by a name that no other has, for whoever makes a client of the document.
fn name(path: &str, methods: &mut Map<String, Value>) {
    let words = path.strip_prefix(ROOT).unwrap_or(path).replace(['/', '-'], "_").replace(['{', '}'], "");
    for (method, operation) in methods {
        if let Some(name) = operation.get_mut("operationId") {
            *name = Value::from(format!("{method}{words}"));
        }
    }
}

/// What can be asked, by path.
#[derive(Debug)]
pub struct Routes(Vec<(Vec<String>, Vec<String>)>);

impl Routes {
    pub fn read() -> Routes {
        let document = value();
        let paths = document.pointer("/paths").and_then(Value::as_object).cloned().unwrap_or_default();
        let route = |(path, methods): (String, Value)| {
            let methods = methods.as_object().map(|methods| methods.keys().map(|name| name.to_uppercase()).collect());
            (segments(&path), methods.unwrap_or_default())
        };
        Routes(paths.into_iter().map(route).collect())
    }

    /// The methods of a path; empty when it has no route.
    pub fn methods(&self, path: &str) -> Vec<String> {
        let path = segments(path);
        let fits = |route: &[String]| {
            route.len() == path.len()
                && route.iter().zip(&path).all(|(route, own)| route.starts_with('{') || route == own)
        };
        let mut methods: Vec<String> =
            self.0.iter().filter(|(route, _)| fits(route)).flat_map(|(_, methods)| methods.clone()).collect();
        methods.sort();
        methods.dedup();
        methods
    }
}

fn segments(path: &str) -> Vec<String> {
    path.split('/').map(str::to_owned).collect()
}
