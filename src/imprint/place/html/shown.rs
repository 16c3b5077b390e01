//! The characters that an HTML text shows, one after the other.

use super::element::Element;
use super::entity;
use super::token::{Tokens, What};

/// Hears every character of the text, entities decoded, and whether it stands in a `blockquote`; a line end wherever a
/// line or a cell ends, and a blank for those of the source. Not what stands in tags, comments, scripts and styles.
pub fn each_shown(text: &str, hear: &mut impl FnMut(char, bool)) {
    let mut quotes = 0_usize;
    for token in Tokens::new(text) {
        let (element, opens) = match token.what {
            What::Text(text) => {
                each_of(text, |c| hear(c, quotes > 0));
                continue;
            }
            What::Open { name } => (Element::of(name), true),
            What::Close { name } => (Element::of(name), false),
            What::Unseen | What::Doctype => continue,
        };
        if element.breaks_line() || element == Element::Cell {
            hear('\n', quotes > 0);
        }
        if element == Element::Blockquote {
            quotes = if opens { quotes + 1 } else { quotes.saturating_sub(1) };
        }
    }
}

fn each_of(text: &str, mut hear: impl FnMut(char)) {
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let (c, length) = if next == '&' { entity::decode(rest) } else { (next, next.len_utf8()) };
        hear(if c == '\n' { ' ' } else { c });
        rest = rest.get(length..).unwrap_or_default();
    }
}
