//! How a signature looks: a tree of typed blocks, as it stands in the tenant file (`"version": 1`).
//!
//! Every block is drawn by the one renderer. HTML of the file's own stands in one kind of block alone, of which only
//! what a strict list allows is drawn: a design cannot carry script, or markup that reaches beyond it. Depth and sizes are bounded by [`TenantFile::problems`](super::TenantFile::problems).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::file::is_default;

mod filter;
mod network;
mod picture;
mod text;

pub use filter::{DateFormat, Filter, PhoneFormat, PhoneStyle, Replace};
pub use network::Network;
pub use picture::{Button, Code, Icon, IconLook, Photo, Picture, Qr, Shape, Social};
pub use text::{Alt, Field, If, Line, Link, Part, PartField, Span, Style, Styled, Text, Weight};

/// A tree of blocks, drawn from top to bottom.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Design {
    /// Version of the block format: 1.
    #[schemars(range(min = 1, max = 1))]
    pub version: u32,
    /// Style of all text that does not say otherwise.
    #[serde(default, skip_serializing_if = "is_default")]
    pub style: Style,
    #[serde(default, skip_serializing_if = "is_default")]
    pub direction: Direction,
    pub blocks: Vec<Block>,
}

/// One block.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Block {
    Text(Text),
    Columns(Columns),
    Rows(Rows),
    /// Any picture.
    Image(Picture),
    /// The organisation's logo.
    Logo(Picture),
    /// The photo of the sender; hidden for a person without one.
    Photo(Photo),
    Social(Social),
    /// A promotional picture with a link.
    Banner(Picture),
    /// Small print.
    Disclaimer(Text),
    Divider(Divider),
    Spacer(Spacer),
    Button(Button),
    /// A code to scan.
    Qr(Qr),
    Html(Html),
    /// Blocks under a condition.
    If(If),
}

/// Which way a design reads. Right-to-left mirrors it: columns, lines and edges change sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Left to right.
    #[default]
    Ltr,
    /// Right to left.
    Rtl,
    /// As the person's name is written.
    Auto,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Align {
    #[default]
    Left,
    Centre,
    Right,
}

/// Blocks side by side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Columns {
    pub columns: Vec<Column>,
    /// Pixels between two columns.
    #[serde(default = "twelve")]
    pub gap: u16,
    /// Pixels of them all; without it as wide as what is in them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u16>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub align: Align,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Column {
    pub blocks: Vec<Block>,
    /// Pixels; without it as wide as what is in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u16>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub vertical: Vertical,
    /// A line on its left side, `#rrggbb`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frame: Option<Frame>,
}

/// What surrounds a column or rows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Frame {
    /// `#rrggbb`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub background: Option<String>,
    /// A thin line all round, `#rrggbb`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub border: Option<String>,
    /// Pixels of its corners, 0 to 40. Outlook for Windows draws them square.
    #[serde(default, skip_serializing_if = "is_default")]
    #[schemars(range(max = 40))]
    pub radius: u8,
    /// Pixels between the frame and what is in it, 0 to 60.
    #[serde(default, skip_serializing_if = "is_default")]
    #[schemars(range(max = 60))]
    pub padding: u8,
    /// The same at its left and right, where that differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = 60))]
    pub sides: Option<u8>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bar: Option<Bar>,
}

/// A thick line on one side of a frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bar {
    pub side: Side,
    /// `#rrggbb`.
    pub colour: String,
    /// Pixels, 1 to 12.
    #[schemars(range(min = 1, max = 12))]
    pub thickness: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    Left,
    Right,
    Top,
    Bottom,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Vertical {
    #[default]
    Top,
    Middle,
    Bottom,
}

/// Blocks one under the other, to stand inside a column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rows {
    pub blocks: Vec<Block>,
    /// Pixels between two blocks.
    #[serde(default)]
    pub gap: u16,
    /// Pixels; without it as wide as what is in them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u16>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub align: Align,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frame: Option<Frame>,
}

/// HTML of your own, of which only harmless elements, attributes and styles are drawn. A field in it is written
/// `{{jobTitle}}`, a picture of the file `image:<id>`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Html {
    #[schemars(length(max = 65536))]
    pub html: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Divider {
    /// `#rrggbb`.
    #[serde(default = "grey")]
    pub colour: String,
    /// Pixels, 1 to 10.
    #[serde(default = "one")]
    #[schemars(range(min = 1, max = 10))]
    pub thickness: u8,
    /// Pixels; without it as wide as what stands above and below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u16>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub align: Align,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Spacer {
    /// Pixels, 1 to 200.
    #[schemars(range(min = 1, max = 200))]
    pub height: u8,
}

fn twelve() -> u16 {
    12
}

fn one() -> u8 {
    1
}

fn grey() -> String {
    "#d0d0d0".to_owned()
}
