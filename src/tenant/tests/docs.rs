//! The schema and the example in `docs/` are those of the program.
use std::path::PathBuf;

use super::*;

fn docs(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "docs", name].iter().collect()
}

fn example() -> Value {
    serde_json::from_slice(&std::fs::read(docs("tenant-example.json")).unwrap()).unwrap()
}

/// `SIGNET_UPDATE=1` writes the schema anew.
#[test]
fn the_schema_is_current() {
    let path = docs("tenant.schema.json");
    if std::env::var_os("SIGNET_UPDATE").is_some() {
        std::fs::write(&path, schema()).unwrap();
    }
    assert!(std::fs::read_to_string(&path).unwrap() == schema(), "docs/tenant.schema.json is stale: SIGNET_UPDATE=1");
}

#[test]
fn the_example_compiles_and_exports_as_it_stands() {
    let document = example();
    let imported = file(document.clone());
    assert!(serde_json::from_str::<Value>(&imported.to_json()).unwrap() == document);
    let snapshot = snapshot(document);
    let stamp = stamp(&snapshot, "ada.vance@contoso.example");
    assert!(stamp.pieces.len() > 1);
}

/// What is shown of a signature in the text, put into a tenant, compiles.
#[test]
fn the_examples_of_rules_compile() {
    let text = std::fs::read_to_string(docs("tenant-file.md")).unwrap();
    let examples: Vec<Value> = text
        .split("```json\n")
        .skip(1)
        .map(|block| serde_json::from_str(block.split("```").next().unwrap()).unwrap())
        .collect();
    assert!(examples.len() > 5);
    for example in examples {
        let mut entry = signature("s", json!({}));
        for (key, value) in example.as_object().unwrap() {
            entry[key] = value.clone();
        }
        snapshot(with_signatures(vec![entry]));
    }
}

/// Every key and word of the format stands in the example, and is explained.
#[test]
fn the_example_shows_everything_and_the_text_explains_it() {
    let example = example().to_string();
    let explained = std::fs::read_to_string(docs("tenant-file.md")).unwrap();
    let schema: Value = serde_json::from_str(&schema()).unwrap();
    let mut names = Vec::new();
    let mut waiting = vec![&schema];
    while let Some(value) = waiting.pop() {
        if let Some(properties) = value.get("properties").and_then(Value::as_object) {
            names.extend(properties.keys().cloned());
        }
        for key in ["enum", "const"] {
            match value.get(key) {
                Some(Value::Array(words)) => names.extend(words.iter().filter_map(Value::as_str).map(str::to_owned)),
                Some(Value::String(word)) => names.push(word.clone()),
                _ => {}
            }
        }
        waiting.extend(value.as_object().into_iter().flat_map(|map| map.values()));
        waiting.extend(value.as_array().into_iter().flatten());
    }
    names.sort();
    names.dedup();
    assert!(names.len() > 100);
    for name in &names {
        assert!(explained.contains(&format!("`{name}`")), "docs/tenant-file.md does not explain `{name}`");
    }
    // Alternatives of which a file can have only one, and the attributes beyond those the example fills in.
    let one_of =
        ["certificate", "network", "networks", "observe", "live", "bypass", "defer", "plaintext", "rtl", "managers"];
    // Defaults, which the export leaves out.
    let defaults = ["left", "skip", "stays", "each", "signature", "ltr", "square", "filled"];
    let free = |name: &str| name.starts_with("extension");
    for name in names.iter().filter(|name| !one_of.iter().chain(&defaults).any(|other| other == name) && !free(name)) {
        assert!(example.contains(&format!("\"{name}\"")), "docs/tenant-example.json does not show `{name}`");
    }
}
