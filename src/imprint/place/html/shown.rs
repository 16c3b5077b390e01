//! The characters that an HTML text shows, one after the other.

use super::element::Element;
use super::entity;
use super::token::{Tokens, What};

/// Hears every character of the text, entities decoded, and whether it stands in a `blockquote`; not what stands in tags,
/// comments, scripts and styles.
pub fn each_shown(text: &str, hear: &mut impl FnMut(char, bool)) {
    let mut quotes = 0_usize;
    for token in Tokens::new(text) {
        let mut rest = match token.what {
            What::Text(text) => text,
            What::Open { name } if Element::of(name) == Element::Blockquote => {
                quotes += 1;
                continue;
            }
            What::Close { name } if Element::of(name) == Element::Blockquote => {
                quotes = quotes.saturating_sub(1);
                continue;
            }
            _ => continue,
        };
        while let Some(next) = rest.chars().next() {
            let (c, length) = if next == '&' { entity::decode(rest) } else { (next, next.len_utf8()) };
            hear(c, quotes > 0);
            rest = rest.get(length..).unwrap_or_default();
        }
    }
}
