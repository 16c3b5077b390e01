//! The characters that an HTML text shows, one after the other.

use super::entity;
use super::token::{Tokens, What};

/// Hears every character of the text, entities decoded; not what stands in tags, comments, scripts and styles.
pub fn each_shown(text: &str, hear: &mut impl FnMut(char)) {
    for token in Tokens::new(text) {
        let What::Text(mut rest) = token.what else { continue };
        while let Some(next) = rest.chars().next() {
            let (c, length) = if next == '&' { entity::decode(rest) } else { (next, next.len_utf8()) };
            hear(c);
            rest = rest.get(length..).unwrap_or_default();
        }
    }
}
