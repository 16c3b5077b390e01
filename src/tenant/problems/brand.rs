//! Checks of the brand: few of each, names that tell one from the other, and images that exist.

use std::collections::HashSet;

use super::{Check, is_font};
use crate::tenant::Brand;

const COLOURS: usize = 24;
const FONTS: usize = 12;
const LOGOS: usize = 12;

/// Most characters of a name.
const NAME_CHARS: usize = 60;

/// Most characters of an alternative text.
const ALT_CHARS: usize = 300;

impl Check<'_> {
    pub(super) fn brand(&mut self, brand: &Brand) {
        let Brand { colours, fonts, logos } = brand;
        for (list, there, most) in
            [("colours", colours.len(), COLOURS), ("fonts", fonts.len(), FONTS), ("logos", logos.len(), LOGOS)]
        {
            if there > most {
                self.say(format!("/brand/{list}"), format!("{there} {list}; at most {most} are kept"));
            }
        }
        self.brand_names("colours", colours.iter().map(|colour| colour.name.as_str()));
        for (at, colour) in colours.iter().enumerate() {
            self.colour(format!("/brand/colours/{at}/colour"), &colour.colour);
        }
        let mut seen = HashSet::new();
        for (at, font) in fonts.iter().enumerate() {
            if !is_font(font) {
                self.say(format!("/brand/fonts/{at}"), super::design::FONT_LETTERS);
            } else if !seen.insert(font.to_lowercase()) {
                self.say(format!("/brand/fonts/{at}"), format!("`{font}` stands twice"));
            }
        }
        self.brand_names("logos", logos.iter().map(|logo| logo.name.as_str()));
        for (at, logo) in logos.iter().enumerate() {
            self.image(format!("/brand/logos/{at}/image"), &logo.image);
            if logo.alt.chars().count() > ALT_CHARS || logo.alt.chars().any(char::is_control) {
                let message = format!("at most {ALT_CHARS} characters, none of them a control character");
                self.say(format!("/brand/logos/{at}/alt"), message);
            }
        }
    }

    /// Names of one list: they are chosen by, so each stands once.
    fn brand_names<'n>(&mut self, list: &str, names: impl Iterator<Item = &'n str>) {
        let mut seen = HashSet::new();
        for (at, name) in names.enumerate() {
            let place = format!("/brand/{list}/{at}/name");
            if name.trim().is_empty() || name.chars().any(char::is_control) || name.chars().count() > NAME_CHARS {
                self.say(place, format!("a name of at most {NAME_CHARS} characters is needed"));
            } else if !seen.insert(name.trim().to_lowercase()) {
                self.say(place, format!("`{name}` stands twice"));
            }
        }
    }
}
