//! A question about a fact of the sender. Conditions of rules and blocks of designs ask the same ones.
//!
//! Compared without case, and without the blanks around the value.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Fact;
use super::expression::Expression;

/// A question about a fact of the sender. Compared without case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "is", rename_all = "snake_case", deny_unknown_fields)]
pub enum FactTest {
    Equals {
        field: Fact,
        value: String,
    },
    Contains {
        field: Fact,
        value: String,
    },
    StartsWith {
        field: Fact,
        value: String,
    },
    EndsWith {
        field: Fact,
        value: String,
    },
    /// `value` is a regular expression (syntax of the Rust crate `regex`: linear time, no look-around) that is found
    /// somewhere in the fact.
    Matches {
        field: Fact,
        value: Expression,
    },
    Empty {
        field: Fact,
    },
    NotEmpty {
        field: Fact,
    },
}

impl FactTest {
    pub fn field(&self) -> &Fact {
        match self {
            FactTest::Equals { field, .. }
            | FactTest::Contains { field, .. }
            | FactTest::StartsWith { field, .. }
            | FactTest::EndsWith { field, .. }
            | FactTest::Matches { field, .. }
            | FactTest::Empty { field }
            | FactTest::NotEmpty { field } => field,
        }
    }

    /// What the fact is compared with.
    pub fn value(&self) -> Option<&str> {
        match self {
            FactTest::Equals { value, .. }
            | FactTest::Contains { value, .. }
            | FactTest::StartsWith { value, .. }
            | FactTest::EndsWith { value, .. } => Some(value),
            FactTest::Matches { value, .. } => Some(value.as_str()),
            FactTest::Empty { .. } | FactTest::NotEmpty { .. } => None,
        }
    }

    /// The answer for a fact of this value, `None` for an empty one.
    pub(super) fn holds(&self, value: Option<&str>) -> bool {
        let text = value.unwrap_or_default().trim();
        match self {
            FactTest::Equals { value, .. } => lower(text) == lower(value.trim()),
            FactTest::Contains { value, .. } => lower(text).contains(&*lower(value)),
            FactTest::StartsWith { value, .. } => lower(text).starts_with(&*lower(value)),
            FactTest::EndsWith { value, .. } => lower(text).ends_with(&*lower(value)),
            FactTest::Matches { value, .. } => value.is_match(text),
            FactTest::Empty { .. } => text.is_empty(),
            FactTest::NotEmpty { .. } => !text.is_empty(),
        }
    }
}

fn lower(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|octet| octet.is_ascii() && !octet.is_ascii_uppercase()) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.to_lowercase())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn tests_compare_without_case_and_without_blanks_around() {
        let table = [
            ("equals", "Straße", Some(" STRAßE "), true),
            ("equals", " sales ", Some("Sales"), true),
            ("equals", "sales", Some("Sales EU"), false),
            ("contains", "LES", Some("Sales"), true),
            ("contains", "a b", Some("ab"), false),
            ("starts_with", "Head", Some("  head of"), true),
            ("starts_with", "of", Some("head of"), false),
            ("ends_with", "OF", Some("head of "), true),
            ("ends_with", "head", Some("head of"), false),
            ("matches", "^h.*f$", Some(" Head OF "), true),
            ("matches", "^of", Some("head of"), false),
            ("equals", "x", None, false),
            ("matches", "^$", None, true),
        ];
        for (is, wanted, value, expected) in table {
            let json = serde_json::json!({"is": is, "field": "custom.a", "value": wanted});
            let test: FactTest = serde_json::from_value(json.clone()).unwrap();
            assert_eq!(test.holds(value), expected, "{is} {wanted} on {value:?}");
            assert_eq!(serde_json::to_value(&test).unwrap(), json);
        }
        for (is, empty) in [("empty", true), ("not_empty", false)] {
            let test: FactTest = serde_json::from_value(serde_json::json!({"is": is, "field": "city"})).unwrap();
            assert_eq!([None, Some(" "), Some("x")].map(|value| test.holds(value)), [empty, empty, !empty], "{is}");
        }
    }
}
