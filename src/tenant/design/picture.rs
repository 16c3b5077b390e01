//! Pictures of a design: images, photos, icons of networks, codes to scan; and buttons.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Align, Alt, Link, Network, Style};
use crate::tenant::file::is_default;

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
    #[serde(default, skip_serializing_if = "is_default")]
    pub shape: Shape,
}

/// The corners of a picture, an icon or a button. Outlook for Windows draws all of them square.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Shape {
    #[default]
    Square,
    Rounded,
    Round,
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
    #[serde(default, skip_serializing_if = "is_default")]
    pub align: Align,
    #[serde(default, skip_serializing_if = "is_default")]
    pub shape: Shape,
    /// For a person without a photo: a field of this colour (`#rrggbb`) with the person's initials in white. Without
    /// it the block is hidden.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initials: Option<String>,
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
    #[serde(default, skip_serializing_if = "is_default")]
    pub look: IconLook,
    /// Corners of the icons; rounded if nothing else is said.
    #[serde(default = "rounded", skip_serializing_if = "is_rounded")]
    pub shape: Shape,
    /// Pixels between two icons.
    #[serde(default = "six", skip_serializing_if = "is_six")]
    pub gap: u8,
    #[serde(default, skip_serializing_if = "is_default")]
    pub align: Align,
}

/// How icons are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum IconLook {
    /// White letters on the colour.
    #[default]
    Filled,
    /// Letters and a frame of the colour.
    Outline,
    /// The network's name, as a link of text.
    Words,
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

/// A link that looks like a button, made of a table cell so that Outlook draws it too.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Button {
    pub text: Alt,
    pub link: Link,
    /// Of the button, `#rrggbb`.
    pub colour: String,
    /// Of its text; white if no colour is given.
    #[serde(default, skip_serializing_if = "is_default")]
    pub style: Style,
    /// A frame of the colour instead of a field of it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub outline: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    pub shape: Shape,
    #[serde(default, skip_serializing_if = "is_default")]
    pub align: Align,
}

/// A code to scan with a telephone. It is always carried in the message: it holds a person's own data, and a public
/// address for it would hand them to whoever finds the link.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Qr {
    pub code: Code,
    /// Pixels, 48 to 300.
    #[schemars(range(min = 48, max = 300))]
    pub size: u16,
    /// Of its dark squares, `#rrggbb`. It must be dark to be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colour: Option<String>,
    #[serde(default)]
    pub alt: Alt,
    #[serde(default, skip_serializing_if = "is_default")]
    pub align: Align,
}

/// What a code says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Code {
    /// The person as a card for the address book: name, title, telephone numbers, address.
    Vcard {
        /// The organisation on the card.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        organisation: String,
    },
    /// A link.
    Link(Link),
}

fn twenty_four() -> u8 {
    24
}

fn six() -> u8 {
    6
}

fn is_six(gap: &u8) -> bool {
    *gap == six()
}

fn rounded() -> Shape {
    Shape::Rounded
}

fn is_rounded(shape: &Shape) -> bool {
    *shape == Shape::Rounded
}
