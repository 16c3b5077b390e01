//! The newest text of a message: what stands above the text that it quotes, by the search of the mail path. All of it
//! where nothing is quoted, or no place is safe.

use crate::imprint::place::{Found, html, plain};

/// Of a body in HTML.
pub fn of_html(text: &str) -> &str {
    above(text, html::find(text))
}

/// Of a body of plain text.
pub fn of_plain(text: &str) -> &str {
    above(text, plain::find(text))
}

fn above(text: &str, found: Option<Found>) -> &str {
    let quoted = found.filter(|found| found.marker.is_some());
    quoted.and_then(|found| text.get(..found.offset)).unwrap_or(text)
}
