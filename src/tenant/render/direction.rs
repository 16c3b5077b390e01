//! Which way texts read (UAX #9), and which side of a page that makes left and right.
//!
//! A text in the other direction than its design is set apart by an element with `dir`, so that neither reorders the
//! other; a telephone number among Hebrew words keeps its plus sign in front.

use crate::tenant::design::{Align, Side};

/// The direction of a page or a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    Ltr,
    Rtl,
}

impl Flow {
    /// The value of `dir`.
    pub(super) fn word(self) -> &'static str {
        match self {
            Flow::Ltr => "ltr",
            Flow::Rtl => "rtl",
        }
    }

    /// The side where lines begin.
    pub(super) fn start(self) -> &'static str {
        match self {
            Flow::Ltr => "left",
            Flow::Rtl => "right",
        }
    }

    /// A design's left is where lines begin.
    pub(super) fn align(self, align: Align) -> &'static str {
        match (self, align) {
            (_, Align::Centre) => "center",
            (Flow::Ltr, Align::Left) | (Flow::Rtl, Align::Right) => "left",
            (Flow::Ltr, Align::Right) | (Flow::Rtl, Align::Left) => "right",
        }
    }

    pub(super) fn side(self, side: Side) -> &'static str {
        match (self, side) {
            (_, Side::Top) => "top",
            (_, Side::Bottom) => "bottom",
            (Flow::Ltr, Side::Left) | (Flow::Rtl, Side::Right) => "left",
            (Flow::Ltr, Side::Right) | (Flow::Rtl, Side::Left) => "right",
        }
    }
}

/// The direction of the first letter; a number without letters reads left to right; `None` for signs alone.
pub(super) fn of(text: &str) -> Option<Flow> {
    let letter = text.chars().find(|c| c.is_alphabetic());
    match letter {
        Some(c) if is_right_to_left(c) => Some(Flow::Rtl),
        Some(_) => Some(Flow::Ltr),
        None => text.chars().any(char::is_numeric).then_some(Flow::Ltr),
    }
}

/// Hebrew, Arabic, Syriac, Thaana, N'Ko and the other blocks that Unicode keeps for scripts of this direction.
fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_letter_decides() {
        for (text, expected) in [
            ("Ada", Some(Flow::Ltr)),
            ("\u{5e2}\u{5d3}\u{5d4} Ada", Some(Flow::Rtl)),
            ("+49 30 1234", Some(Flow::Ltr)),
            ("(12) \u{645}", Some(Flow::Rtl)),
            (" | ", None),
            ("", None),
        ] {
            assert_eq!(of(text), expected, "{text}");
        }
    }
}
