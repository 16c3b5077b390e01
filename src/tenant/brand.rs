//! The brand of an organisation: the colours, fonts and logos that whoever draws is offered first.
//!
//! No mail is made of it: a design keeps its own values, and stays as it is when the brand changes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Colours, fonts and logos, each in the order in which they are offered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Brand {
    /// At most 24; the first is what a new block begins with.
    #[serde(default)]
    #[schemars(length(max = 24))]
    pub colours: Vec<BrandColour>,
    /// At most 12 lists of font names, as they stand in a design; a signature that is begun empty has the first.
    #[serde(default)]
    #[schemars(length(max = 12))]
    pub fonts: Vec<String>,
    /// At most 12; the first is the logo.
    #[serde(default)]
    #[schemars(length(max = 12))]
    pub logos: Vec<BrandLogo>,
}

/// A colour that has a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BrandColour {
    /// No other colour has it.
    #[schemars(length(min = 1, max = 60))]
    pub name: String,
    /// `#rrggbb`.
    #[schemars(regex(pattern = "^#[0-9a-fA-F]{6}$"))]
    pub colour: String,
}

/// A logo, or another picture that belongs to the brand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BrandLogo {
    /// No other logo has it.
    #[schemars(length(min = 1, max = 60))]
    pub name: String,
    /// Id of an image.
    pub image: String,
    /// What a block that shows it says where the picture is not shown.
    #[serde(default)]
    #[schemars(length(max = 300))]
    pub alt: String,
}
