//! The library of designs that ships: what an organisation starts from.
//!
//! A template is a design as it stands in a tenant file, with a name, a sentence and the pictures it shows; nothing in it
//! can be drawn that an administrator could not write too. Names, links and logos of organisations in it are invented,
//! the pictures are drawn for it (each as SVG beside the PNG that is used). Every template is drawn for people with
//! all, few and no facts, right to left, long and hostile ones (`tests/library.rs`).

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};

use super::{Applies, Design, ImageEntry, ImageType, Images, Layer, Place, PlainText, SignatureEntry};

/// A finished design to start from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Unique in the library.
    pub id: String,
    pub name: String,
    /// One or two sentences for the administrator who chooses.
    pub description: String,
    /// Words to search by.
    pub categories: Vec<String>,
    /// Names of pictures of the library that the design refers to.
    pub pictures: Vec<String>,
    pub design: Design,
}

/// Every template, in the order of the library.
pub fn templates() -> Vec<Template> {
    // A text of ours that is not a template would be noticed by the tests, not by an administrator.
    TEMPLATES.iter().filter_map(|text| serde_json::from_str(text).ok()).collect()
}

impl Template {
    /// The pictures as a tenant file holds them.
    pub fn images(&self) -> Vec<ImageEntry> {
        pictures(|name| self.pictures.iter().any(|wanted| wanted == name))
    }

    /// A signature of this design for everybody, switched off, as it goes into a tenant file beside
    /// [`Template::images`].
    pub fn signature(&self) -> SignatureEntry {
        SignatureEntry {
            id: self.id.clone(),
            name: self.name.clone(),
            enabled: false,
            folder: None,
            layer: Layer::default(),
            trial: None,
            place: Place::default(),
            images: Images::default(),
            plain_text: PlainText::default(),
            then_continue: false,
            remove_keyword: false,
            applies: Applies::default(),
            design: self.design.clone(),
        }
    }
}

/// The pictures that are wanted, by their names.
pub fn pictures(is_wanted: impl Fn(&str) -> bool) -> Vec<ImageEntry> {
    PICTURES.iter().filter(|(name, _)| is_wanted(name)).map(|(name, png)| image(name, png)).collect()
}

/// Pictures of the library that a signature names; but for those that are there.
pub fn pictures_of(signature: &SignatureEntry, is_there: impl Fn(&str) -> bool) -> Vec<ImageEntry> {
    let named = serde_json::to_string(signature).unwrap_or_default();
    pictures(|name| !is_there(name) && named.contains(&format!("\"{name}\"")))
}

/// Drawn faces, for previews of designs with a photo.
pub fn portraits() -> Vec<ImageEntry> {
    pictures(|name| name.starts_with("portrait-"))
}

fn image(name: &str, png: &[u8]) -> ImageEntry {
    ImageEntry { id: name.to_owned(), content_type: ImageType::Png, base64: STANDARD.encode(png) }
}

macro_rules! shipped {
    (templates: $($id:literal)*; pictures: $($picture:literal)*;) => {
        const TEMPLATES: &[&str] = &[$(include_str!(concat!("templates/", $id, ".json")),)*];

        const PICTURES: &[(&str, &[u8])] =
            &[$(($picture, include_bytes!(concat!("pictures/", $picture, ".png"))),)*];
    };
}

shipped! {
    templates:
        "classic-rule" "portrait-round" "business-card" "two-tone" "gradient-line" "book-a-meeting" "plain-two-lines"
        "ledger" "chambers" "executive" "campus" "clinic" "campaign-banner" "meet-us" "shop-window" "estate-agent"
        "grand-hotel" "studio" "swiss-grid" "night-card" "terminal" "soft-chips" "helping-hands" "green-promise"
        "field-team" "city-desk" "support-desk" "fact-sheet" "one-line-reply" "qamar";
    pictures:
        "atlas" "aurelia" "aurora" "banner-give" "banner-house" "banner-sale" "banner-year" "bauhaus" "bolt" "clinic"
        "compass" "crest" "hazard" "heart" "kilo" "lumen" "monogram" "northwind" "orbit" "parcel" "pillars"
        "portrait-ada" "portrait-sam" "qamar" "skyline" "sprout";
}
