//! How a signature looks: a tree of typed blocks, as it stands in the tenant file (`"version": 1`).
//!
//! No HTML is ever taken from the file: every block is drawn by the one renderer, so a design cannot carry script,
//! style or markup of its own. Depth and sizes are bounded by [`TenantFile::problems`](super::TenantFile::problems).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Attribute, file::is_default};

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
}

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

/// A merge field: the sender's attribute.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Field {
    pub field: Attribute,
    /// Shown before the value, only when there is one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub before: String,
    /// Shown after the value, only when there is one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub after: String,
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
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Weight {
    Normal,
    Bold,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Align {
    #[default]
    Left,
    Centre,
    Right,
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
    pub field: Attribute,
}

/// Blocks side by side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Columns {
    pub columns: Vec<Column>,
    /// Pixels between two columns.
    #[serde(default = "twelve")]
    pub gap: u16,
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
}

/// An image with its alternative text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Picture {
    /// Id of an image of the file.
    pub image: String,
    /// What is read where the picture is not shown.
    #[serde(default)]
    pub alt: Alt,
    /// Pixels.
    pub width: u16,
    /// Pixels; without it in proportion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Link>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub align: Align,
}

/// A text, or texts and fields put together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "an alternative text is a text, or a list of texts and {\"field\": …}")]
pub enum Alt {
    Fixed(String),
    Parts(Vec<Part>),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Photo {
    /// Pixels.
    pub width: u16,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u16>,
    #[serde(default)]
    pub alt: Alt,
}

/// A row of icons, each hidden where it has no link.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Social {
    pub icons: Vec<Icon>,
    /// Pixels, 16 to 64.
    #[serde(default = "twenty_four")]
    #[schemars(range(min = 16, max = 64))]
    pub size: u8,
    /// `#rrggbb` for all icons, instead of each network's own colour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colour: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Icon {
    pub network: Network,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Link>,
    /// Id of an image, instead of the drawn icon.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
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
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Spacer {
    /// Pixels, 1 to 200.
    #[schemars(range(min = 1, max = 200))]
    pub height: u8,
}

macro_rules! networks {
    ($($name:ident $word:literal $title:literal $glyph:literal $colour:literal,)*) => {
        /// A social network. The icon is drawn with the network's colour and a glyph, so that it shows even where
        /// pictures are blocked.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "lowercase")]
        pub enum Network { $($name,)* }

        impl Network {
            pub const ALL: &'static [Network] = &[$(Network::$name,)*];

            /// The name in the tenant file.
            pub fn word(self) -> &'static str {
                match self { $(Network::$name => $word,)* }
            }

            /// The name for people to read.
            pub fn title(self) -> &'static str {
                match self { $(Network::$name => $title,)* }
            }

            pub(super) fn glyph(self) -> &'static str {
                match self { $(Network::$name => $glyph,)* }
            }

            pub(super) fn colour(self) -> &'static str {
                match self { $(Network::$name => $colour,)* }
            }
        }
    };
}

networks! {
    Linkedin "linkedin" "LinkedIn" "in" "#0a66c2",
    Facebook "facebook" "Facebook" "f" "#1877f2",
    X "x" "X" "X" "#000000",
    Instagram "instagram" "Instagram" "ig" "#c13584",
    Youtube "youtube" "YouTube" "\u{25b6}" "#cc0000",
    Xing "xing" "XING" "xi" "#006567",
    Mastodon "mastodon" "Mastodon" "m" "#563acc",
    Bluesky "bluesky" "Bluesky" "b" "#0a66e0",
    Threads "threads" "Threads" "@" "#101010",
    Tiktok "tiktok" "TikTok" "\u{266a}" "#111111",
    Whatsapp "whatsapp" "WhatsApp" "wa" "#128c4a",
    Telegram "telegram" "Telegram" "t" "#1b7fb8",
    Pinterest "pinterest" "Pinterest" "P" "#bd081c",
    Github "github" "GitHub" "gh" "#24292f",
    Vimeo "vimeo" "Vimeo" "v" "#12759c",
    Website "website" "Website" "www" "#4a5568",
}

impl Default for Alt {
    fn default() -> Alt {
        Alt::Fixed(String::new())
    }
}

fn twelve() -> u16 {
    12
}

fn twenty_four() -> u8 {
    24
}

fn one() -> u8 {
    1
}

fn grey() -> String {
    "#d0d0d0".to_owned()
}
