//! The place in a body of plain text.
//!
//! Lines end with LF or CRLF. The place is the beginning of the line that begins the quoted text (inside a line only
//! where a line break was lost before the attribution), with every empty line before it left above; without quoted text it is the end. A byte order mark stays where it is. The caller puts
//! the empty lines around what it inserts.

use memchr::memchr;

use super::quote::{Line, Watch};
use super::{Ends, Found, Separators};

/// Finds the place above the quoted text. Plain text has no structure to doubt, so there is always an answer.
pub fn find(text: &str) -> Option<Found> {
    find_besides(text, Separators::NONE)
}

/// As [`find`], for an organisation with separators of its own.
pub fn find_besides(text: &str, separators: &Separators) -> Option<Found> {
    let mut found = Found { offset: text.len(), marker: None, kind: None, words: Vec::new() };
    let mut watch = Watch::new();
    let mut start = ends(text).top;
    let mut hit = None;
    while hit.is_none() && start < text.len() {
        let rest = text.get(start..)?;
        let length = memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |at| at + 1);
        hit = watch.push(Line::new(rest.get(..length)?, separators), start);
        start += length;
    }
    if let Some((offset, hit)) = hit.or_else(|| watch.finish()) {
        found.offset = offset + hit.column;
        found.marker = Some(hit.marker);
        found.kind = hit.kind;
    }
    Some(found)
}

/// Where the text begins, after a byte order mark, and where it ends.
pub fn ends(text: &str) -> Ends {
    Ends { top: text.len() - text.trim_start_matches('\u{feff}').len(), bottom: text.len() }
}

#[cfg(test)]
mod tests;
