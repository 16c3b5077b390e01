//! A value of a signature in words: a line as it reads, a block by its type and its first words, a switch as on or off.

use serde_json::Value;

/// Characters of a text that are shown.
const MOST_CHARS: usize = 80;

/// What a value is, to tell which others it could have become: the type of a block, else the form.
pub fn kind(value: &Value) -> (&'static str, Option<&str>) {
    match value {
        Value::Object(object) => ("object", object.get("type").or_else(|| object.get("is")).and_then(Value::as_str)),
        Value::Array(_) => ("array", None),
        Value::String(_) => ("text", None),
        Value::Number(_) => ("number", None),
        Value::Bool(_) => ("switch", None),
        Value::Null => ("nothing", None),
    }
}

/// `design, block 2, line 1: “Regards” is “Kind regards” now`.
pub fn sentence(path: &[String], before: Option<&Value>, after: Option<&Value>) -> String {
    let place = place(path);
    match (before, after) {
        (Some(before), Some(after)) => format!("{place}: {} is {} now", shown(before), shown(after)),
        (None, Some(after)) => format!("{place}: {} was added", shown(after)),
        (Some(before), None) => format!("{place}: {} was removed", shown(before)),
        (None, None) => place,
    }
}

/// `design, block 3: a block logo “logo” was moved here; it was number 1 before`.
pub fn moved(path: &[String], value: &Value, from: usize) -> String {
    format!("{}: {} was moved here; it was number {} before", place(path), shown(value), from.saturating_add(1))
}

/// The keys one after the other, entries of lists counted from 1.
fn place(path: &[String]) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut list = "";
    for part in path {
        match part.parse::<usize>() {
            Ok(number) => {
                let one = list.strip_suffix('s').unwrap_or(list);
                words.pop();
                words.push(format!("{one} {}", number.saturating_add(1)));
            }
            Err(_) => {
                words.push(part.replace('_', " "));
                list = part;
            }
        }
    }
    words.join(", ")
}

fn shown(value: &Value) -> String {
    match value {
        Value::Bool(true) => "on".to_owned(),
        Value::Bool(false) => "off".to_owned(),
        Value::String(text) => quoted(text),
        Value::Number(number) => number.to_string(),
        Value::Null => "nothing".to_owned(),
        Value::Array(list) => {
            quoted(&list.iter().map(read).collect::<Vec<_>>().join(if is_line(list) { "" } else { ", " }))
        }
        Value::Object(object) => match object.get("type").and_then(Value::as_str) {
            Some(kind) => {
                let words = read(value);
                if words.is_empty() { format!("a block {kind}") } else { format!("a block {kind} {}", quoted(&words)) }
            }
            None => quoted(&read(value)),
        },
    }
}

/// A line has pieces, a list of names has only texts and more than one of them.
fn is_line(list: &[Value]) -> bool {
    list.iter().any(Value::is_object)
}

/// As it reads: fields in braces.
fn read(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(read).collect::<Vec<_>>().concat(),
        Value::Object(object) => {
            if let Some(field) = object.get("field").and_then(Value::as_str) {
                let around = |key: &str| object.get(key).and_then(Value::as_str).unwrap_or_default();
                let test = object.get("is").and_then(Value::as_str).map(|is| format!(" {is} {}", around("value")));
                return match test {
                    Some(test) => format!("{field}{test}"),
                    None => format!("{}{{{field}}}{}", around("before"), around("after")),
                };
            }
            let telling = ["text", "name", "image", "address", "url", "lines", "blocks", "columns"];
            match telling.iter().find_map(|key| object.get(*key)) {
                Some(Value::Array(list)) => list.iter().map(read).collect::<Vec<_>>().join(" / "),
                Some(inner) => read(inner),
                None => object
                    .iter()
                    .filter(|(key, _)| *key != "type")
                    .map(|(key, value)| format!("{} {}", key.replace('_', " "), read(value)))
                    .collect::<Vec<_>>()
                    .join(", "),
            }
        }
        Value::Bool(true) => "on".to_owned(),
        Value::Bool(false) => "off".to_owned(),
        other => other.to_string(),
    }
}

fn quoted(text: &str) -> String {
    let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    match clean.char_indices().nth(MOST_CHARS) {
        None => format!("“{clean}”"),
        Some((end, _)) => format!("“{}…”", clean.get(..end).unwrap_or_default()),
    }
}
