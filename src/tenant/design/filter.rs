//! How the value of a field is put before it is shown: letter case, telephone numbers, dates, replaced words.
//!
//! Filters work one after the other, in the order of the list. One that does not understand a value leaves it as it is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One step: a word (`"upper"`), or an object with one key (`{"phone": {"style": "dots"}}`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Filter {
    /// ALL CAPITALS.
    Upper,
    /// all small.
    Lower,
    /// Words that are all capitals or all small get one capital in front; `McDonald` stays.
    Title,
    /// Several blanks in a row become one.
    Trim,
    Phone(PhoneFormat),
    Replace(Replace),
    Date(DateFormat),
}

/// How a telephone number is written. Its own groups of digits are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PhoneFormat {
    pub style: PhoneStyle,
    /// Calling code of numbers that are written without one, for example `44`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = "^[1-9][0-9]{0,2}$"))]
    pub country: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PhoneStyle {
    /// `+44 20 7946 0958`
    International,
    /// `020 7946 0958`
    National,
    /// `+44.20.7946.0958`
    Dots,
    /// `+44-20-7946-0958`
    Hyphens,
}

/// Puts one text in the place of another, wherever it stands. Upper and lower case differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Replace {
    #[schemars(length(min = 1, max = 256))]
    pub from: String,
    #[serde(default)]
    #[schemars(length(max = 256))]
    pub to: String,
}

/// A date written `2026-11-22` is shown by this pattern of `strftime`, for example `%d.%m.%Y` or `%-d %B %Y`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DateFormat {
    #[schemars(length(min = 1, max = 64))]
    pub pattern: String,
}
