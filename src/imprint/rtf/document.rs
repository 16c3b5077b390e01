//! What a body in RTF shows, and where in its octets a place of that text is.
//!
//! Nothing is kept to map text to octets: a place is found by reading again, up to it. It is where a group of our own
//! disturbs nobody: between tokens, outside rows of tables and of what the other side does not see, and as far out of
//! all groups as it can be.

use super::super::wiped::WipedText;
use super::RtfError;
use super::read::{Origin, Reader, TableEnds};
use super::token::{Token, What};

/// A body and what it shows.
#[derive(Debug)]
pub struct Document<'a> {
    octets: &'a [u8],
    pub origin: Origin,
    text: WipedText,
    /// Where fonts and colours can be added.
    pub tables: TableEnds,
}

/// A place among the octets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spot {
    /// Between two tokens.
    Between(usize),
    /// Within the markup of a `\*\htmltag`.
    InTag(usize),
}

impl<'a> Document<'a> {
    /// # Errors
    /// [`RtfError`].
    pub fn read(octets: &'a [u8]) -> Result<Document<'a>, RtfError> {
        let mut reader = Reader::new(octets);
        if !octets.starts_with(b"{\\rtf") {
            return Err(RtfError::NoHeader);
        }
        while let Some(token) = reader.next() {
            reader.take(&token)?;
            if reader.is_over() {
                break;
            }
        }
        if !reader.is_over() {
            return Err(RtfError::Unbalanced);
        }
        if reader.mixed {
            return Err(RtfError::Mixed);
        }
        let Reader { origin, text, tables, .. } = reader;
        Ok(Document { octets, origin, text, tables })
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// The octet for a place in [`Document::text`]; `None` where there is no good one.
    pub fn spot(&self, place: usize) -> Option<Spot> {
        let mut reader = Reader::new(self.octets);
        let mut best: Option<(usize, usize)> = None;
        while let Some(token) = reader.next() {
            if let Some(depth) = reader.is_free().filter(|_| reader.text.len() == place)
                && best.is_none_or(|(least, _)| depth <= least)
            {
                best = Some((depth, token.start));
            }
            let before = reader.text.len();
            let is_tag = reader.is_tag();
            let skipped = (is_tag || reader.is_open()).then_some(reader.skip);
            reader.take(&token).ok()?;
            if reader.is_over() || reader.text.len() > place {
                // Within a text that stands for itself each octet is a place.
                let within = best.is_none().then(|| within(&token, skipped?, before, place)).flatten();
                return match within {
                    Some(at) if is_tag => Some(Spot::InTag(at)),
                    at => best.map(|(_, at)| at).or(at).map(Spot::Between),
                };
            }
        }
        None
    }
}

/// The octet in a run of ASCII, of which the first ones show nothing.
fn within(token: &Token<'_>, skipped: u32, before: usize, place: usize) -> Option<usize> {
    let What::Text(text) = token.what else { return None };
    let first = token.start + usize::try_from(skipped).ok()?;
    (text.is_ascii() && place >= before).then(|| first + place - before).filter(|at| *at < token.end)
}
