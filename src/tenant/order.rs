//! Where a signature stands among the others: its folder, its layer, and whether it is still on trial.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A folder of signatures. Folders are tried in their order, each with its signatures in theirs; signatures in no
/// folder come last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FolderEntry {
    pub id: String,
    #[serde(default)]
    pub name: String,
    /// With `false` no signature in it is used.
    #[serde(default = "yes")]
    pub enabled: bool,
}

/// What a signature is. In each layer the first that applies is used, whatever the other layers do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Layer {
    #[default]
    Signature,
    Banner,
    Disclaimer,
}

/// A signature on trial is used only for some. Any of the three is enough.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Trial {
    /// Ids of people who write.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<String>,
    /// Ids of groups of people who write.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
    /// A word; a message with it in the Subject takes part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marker: Option<String>,
}

impl Layer {
    pub const ALL: [Layer; 3] = [Layer::Signature, Layer::Banner, Layer::Disclaimer];

    /// The word in the tenant file.
    pub fn word(self) -> &'static str {
        match self {
            Layer::Signature => "signature",
            Layer::Banner => "banner",
            Layer::Disclaimer => "disclaimer",
        }
    }
}

fn yes() -> bool {
    true
}
