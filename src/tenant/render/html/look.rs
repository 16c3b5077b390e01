//! A style with everything known, and its declarations.

use crate::tenant::design::{Style, Weight};

/// How text is drawn.
#[derive(Debug, Clone)]
pub(super) struct Look {
    font: String,
    size: u8,
    pub(super) colour: String,
    weight: Weight,
    italic: bool,
    underline: bool,
    tracking: u8,
    leading: u8,
}

impl Look {
    pub(super) fn base() -> Look {
        Look {
            font: "Arial, Helvetica, sans-serif".to_owned(),
            size: 13,
            colour: "#333333".to_owned(),
            weight: Weight::Normal,
            italic: false,
            underline: false,
            tracking: 0,
            leading: 140,
        }
    }

    pub(super) fn small_print() -> Style {
        Style { size: Some(10), colour: Some("#767676".to_owned()), ..Style::default() }
    }

    pub(super) fn with(&self, style: &Style) -> Look {
        Look {
            font: style.font.clone().unwrap_or_else(|| self.font.clone()),
            size: style.size.unwrap_or(self.size),
            colour: style.colour.clone().unwrap_or_else(|| self.colour.clone()),
            weight: style.weight.unwrap_or(self.weight),
            italic: style.italic.unwrap_or(self.italic),
            underline: style.underline.unwrap_or(self.underline),
            tracking: style.tracking.unwrap_or(self.tracking),
            leading: style.leading.unwrap_or(self.leading),
        }
    }

    pub(super) fn decoration(&self) -> &'static str {
        if self.underline { "underline" } else { "none" }
    }

    /// The declarations, for a cell; a span needs only what differs, but says all: clients inherit differently.
    pub(super) fn css(&self) -> String {
        let line_height = u16::from(self.size) * u16::from(self.leading) / 100;
        let weight = if self.weight == Weight::Bold { "bold" } else { "normal" };
        let mut css = format!(
            "font-family:{};font-size:{}px;line-height:{line_height}px;color:{};font-weight:{weight}",
            self.font, self.size, self.colour
        );
        if self.italic {
            css.push_str(";font-style:italic");
        }
        if self.underline {
            css.push_str(";text-decoration:underline");
        }
        if self.tracking > 0 {
            css.push_str(&format!(";letter-spacing:{}px", self.tracking));
        }
        css
    }
}
