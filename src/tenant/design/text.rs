//! Texts of a design: lines of words and merge fields, their style, their links, and blocks that stand or fall by an
//! attribute.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Align, Block, Filter};
use crate::tenant::{Fact, FactTest, file::is_default};

/// Lines of text with merge fields. A line whose fields are all empty is left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Text {
    pub lines: Vec<Line>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub style: Style,
    #[serde(default, skip_serializing_if = "is_default")]
    pub align: Align,
}

/// The spans of one line. Text before a field is its label and separator and goes with it when it is empty.
pub type Line = Vec<Span>;

/// A piece of a line: a text, a merge field or a text with style and link.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(
    untagged,
    expecting = "a piece of a line is a text, {\"field\": …} or {\"text\": …}, with the keys of the format"
)]
pub enum Span {
    Words(String),
    Field(Field),
    Styled(Styled),
}

/// A merge field: a fact about the sender, or about the sender's manager.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Field {
    pub field: Fact,
    /// Shown before the value, only when there is one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub before: String,
    /// Shown after the value, only when there is one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub after: String,
    /// How the value is put, one step after the other.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub format: Vec<Filter>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub style: Style,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Link>,
}

/// Fixed words with a style or a link.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Styled {
    pub text: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub style: Style,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Link>,
}

/// How text looks. What is not given is inherited.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Style {
    /// Font names, the preferred first, for example `Segoe UI, Arial, sans-serif`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub font: Option<String>,
    /// Pixels, 6 to 72.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 6, max = 72))]
    pub size: Option<u8>,
    /// `#rrggbb`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = "^#[0-9a-fA-F]{6}$"))]
    pub colour: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<Weight>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub italic: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub underline: Option<bool>,
    /// Pixels between letters, 0 to 8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = 8))]
    pub tracking: Option<u8>,
    /// From one line to the next, in percent of the size: 100 to 250; 140 if nothing says otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 100, max = 250))]
    pub leading: Option<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Weight {
    Normal,
    Bold,
}

/// The target of a link: a text, or texts and fields put together. `http`, `https`, `mailto` and `tel` only. With an
/// empty field in it there is no link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "a link is a text, or a list of texts and {\"field\": …}")]
pub enum Link {
    Fixed(String),
    Parts(Vec<Part>),
}

/// A piece of a link or of an alternative text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "expected a text or {\"field\": …}")]
pub enum Part {
    Words(String),
    Field(PartField),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PartField {
    pub field: Fact,
    /// How the value is put, one step after the other.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub format: Vec<Filter>,
}

/// Blocks that are drawn only if every test holds for the person, and what is drawn if one does not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct If {
    pub when: Vec<FactTest>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub then: Vec<Block>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub otherwise: Vec<Block>,
}

/// A text, or texts and fields put together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "an alternative text is a text, or a list of texts and {\"field\": …}")]
pub enum Alt {
    Fixed(String),
    Parts(Vec<Part>),
}

impl Default for Alt {
    fn default() -> Alt {
        Alt::Fixed(String::new())
    }
}
