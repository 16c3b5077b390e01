//! Every operation of the document, with a body that is valid by its schema: what tests of all routes go through. A
//! route that comes later is in them by itself.

use serde_json::{Map, Value, json};

use crate::web::api::document;

/// One method of one path.
#[derive(Debug, Clone)]
pub struct Operation {
    pub method: String,
    /// With names in braces, as the document has it.
    pub path: String,
    /// Parameters that it cannot do without.
    query: Vec<String>,
    /// Its type, and octets that fit.
    pub body: Option<(String, Vec<u8>)>,
}

impl Operation {
    pub fn changes(&self) -> bool {
        self.method != "GET"
    }

    /// The names in the path, in order.
    pub fn names(&self) -> Vec<&str> {
        self.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect()
    }

    /// The path with every name filled in, and with what is asked behind it.
    pub fn filled(&self, of: impl Fn(&str) -> String) -> String {
        let query: Vec<String> = self.query.iter().map(|name| format!("{name}={}", of(name))).collect();
        let fill = |part: &str| match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
            Some(name) => of(name),
            None => part.to_owned(),
        };
        let path = self.path.split('/').map(fill).collect::<Vec<_>>().join("/");
        if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) }
    }
}

/// All of them.
pub fn operations() -> Vec<Operation> {
    let document: Value = serde_json::from_str(&document()).unwrap();
    let mut all = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let needed = parameters.filter(|one| one["in"] == "query" && one["required"] == true);
            all.push(Operation {
                method: method.to_uppercase(),
                path: path.clone(),
                query: needed.map(|one| one["name"].as_str().unwrap().to_owned()).collect(),
                body: body(&document, operation),
            });
        }
    }
    assert!(all.len() > 80, "{}", all.len());
    all
}

fn body(document: &Value, operation: &Value) -> Option<(String, Vec<u8>)> {
    let (kind, content) = operation["requestBody"]["content"].as_object()?.iter().next()?;
    let octets = match kind.as_str() {
        "application/json" => sample(document, &content["schema"]).to_string().into_bytes(),
        "image/png" => PNG.to_vec(),
        "text/csv" => b"id,email,displayName\nada,ada@contoso.example,Ada\n".to_vec(),
        "message/rfc822" => b"From: ada@contoso.example\r\nTo: bob@example.org\r\n\r\nHello\r\n".to_vec(),
        other => panic!("no sample of {other}"),
    };
    Some((kind.clone(), octets))
}

/// The least that fits a schema.
fn sample(document: &Value, schema: &Value) -> Value {
    if let Some(name) = schema["$ref"].as_str() {
        let pointer = name.trim_start_matches('#');
        return sample(document, document.pointer(pointer).unwrap_or_else(|| panic!("no {name}")));
    }
    for known in ["const", "example", "default"] {
        if let Some(value) = schema.get(known).filter(|value| !value.is_null()) {
            return value.clone();
        }
    }
    for choice in ["oneOf", "anyOf"] {
        if let Some(choices) = schema[choice].as_array() {
            let first = choices.iter().find(|one| one["type"] != "null").expect("a choice that is not null");
            return sample(document, first);
        }
    }
    if let Some(parts) = schema["allOf"].as_array() {
        let mut whole = Map::new();
        for part in parts {
            whole.extend(sample(document, part).as_object().cloned().unwrap_or_default());
        }
        return Value::Object(whole);
    }
    if let Some(first) = schema["enum"].as_array().and_then(|values| values.first()) {
        return first.clone();
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null"),
        kind => kind.as_str(),
    };
    match kind {
        Some("object") | None => {
            let required = schema["required"].as_array().cloned().unwrap_or_default();
            let of = |name: &Value| {
                let name = name.as_str().unwrap();
                (name.to_owned(), sample(document, &schema["properties"][name]))
            };
            Value::Object(required.iter().map(of).collect())
        }
        Some("array") => json!([]),
        Some("boolean") => json!(true),
        Some("integer" | "number") => schema.get("minimum").cloned().unwrap_or(json!(1)),
        Some("string") => json!("text"),
        Some(other) => panic!("no sample of the type {other}"),
    }
}

/// One white dot.
const PNG: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0, 0, 1, 8,
    6, 0, 0, 0, 0x1f, 0x15, 0xc4, 0x89, 0, 0, 0, 0x0d, 0x49, 0x44, 0x41, 0x54, 0x78, 0xda, 0x63, 0x64, 0xf8, 0xcf,
    0x50, 0x0f, 0, 0x03, 0x86, 0x01, 0x80, 0x5a, 0x34, 0x7d, 0x6b, 0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42,
    0x60, 0x82,
];
