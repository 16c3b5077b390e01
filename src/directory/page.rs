//! One page of Graph's answers: objects, and the link to go on from (OData JSON 4.01, "nextLink", "deltaLink").
//!
//! An object is looked at field by field (`user`, `group`), so that one odd object costs itself alone. What is no
//! page at all is [`DirectoryError::Unreadable`]; nesting is bounded by serde_json, size by who read the answer.

use serde::Deserialize;
use serde_json::Value;

use super::DirectoryError;

/// A page.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Page {
    pub items: Vec<Value>,
    pub next: Next,
}

/// What comes after a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Next {
    /// Another page.
    Page(String),
    /// Nothing more now; changes from here on.
    Delta(String),
    /// Nothing more.
    End,
}

#[derive(Deserialize)]
struct Raw {
    value: Vec<Value>,
    #[serde(rename = "@odata.nextLink")]
    next: Option<String>,
    #[serde(rename = "@odata.deltaLink")]
    delta: Option<String>,
}

impl Page {
    pub fn read(body: &[u8]) -> Result<Page, DirectoryError> {
        let Raw { value, next, delta } = serde_json::from_slice(body)
            // The error names line and column, never what stands there.
            .map_err(|error| DirectoryError::Unreadable(format!("no page of a list ({:?})", error.classify())))?;
        let next = match (next, delta) {
            (Some(next), _) => Next::Page(next),
            (None, Some(delta)) => Next::Delta(delta),
            (None, None) => Next::End,
        };
        Ok(Page { items: value, next })
    }
}

/// Why an object is in a page of changes: `Some` when it was removed.
pub(super) fn is_removed(object: &Value) -> bool {
    object.get("@removed").is_some()
}

/// The object's id, if it can be one of ours (see `tenant`: 1 to 64 letters, digits, `-`, `_`, `.`).
pub(super) fn id(object: &Value) -> Option<&str> {
    let id = object.get("id")?.as_str()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let fits =
        (1..=64).contains(&id.len()) && id.chars().all(plain) && id.starts_with(|c: char| c.is_ascii_alphanumeric());
    fits.then_some(id)
}

/// A text of the object, without blanks around it; `None` when it is absent, null, empty or no text.
pub(super) fn text<'a>(object: &'a Value, name: &str) -> Option<&'a str> {
    object.get(name)?.as_str().map(str::trim).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;

    #[test]
    fn a_page_is_its_objects_and_what_comes_next() {
        let page = |body: &str| Page::read(body.as_bytes()).unwrap();
        assert_eq!(
            page(r#"{"value":[],"@odata.deltaLink":"d"}"#),
            Page { items: vec![], next: Next::Delta("d".into()) }
        );
        assert_eq!(page(r#"{"value":[1],"@odata.nextLink":"n"}"#).next, Next::Page("n".into()));
        assert_eq!(
            page(r#"{"@odata.context":"x","value":[{}]}"#),
            Page { items: vec![serde_json::json!({})], next: Next::End }
        );
    }

    #[test]
    fn what_is_no_page_is_refused_without_a_word_of_it() {
        let deep = format!(r#"{{"value":[{}{}]}}"#, "[".repeat(100_000), "]".repeat(100_000));
        let bad =
            ["", "<html>secret</html>", "[]", "{}", r#"{"value":{}}"#, r#"{"value":[],"@odata.nextLink":7}"#, &deep];
        for body in bad {
            let error = Page::read(body.as_bytes()).unwrap_err();
            assert!(matches!(&error, DirectoryError::Unreadable(_)), "{error:?}");
            assert!(!error.to_string().contains("secret"));
        }
    }

    #[test]
    fn only_ids_that_can_be_ours_are_taken() {
        let of = |id: Value| serde_json::json!({ "id": id });
        assert_eq!(
            id(&of("87d349ed-44d7-43e1-9a83-5f2406dee5bd".into())),
            Some("87d349ed-44d7-43e1-9a83-5f2406dee5bd")
        );
        for bad in [Value::Null, 7.into(), "".into(), "a/../b".into(), "a b".into(), "-a".into(), "a".repeat(65).into()]
        {
            assert_eq!(id(&of(bad.clone())), None, "{bad}");
        }
    }
}
