//! A body in RTF: the text it shows, the place in it, and pieces put in as RTF.
//!
//! HTML and plain text that travel in RTF are looked through as what they are. What is written is read again, and must
//! show the old text and the pieces.

use std::ops::Range;

use super::images::Embedded;
use super::place::{Ends, Found, Separators};
use super::rtf::{self, Document, Origin, Spot, Tables};
use super::stamp::{Piece, RichText};
use super::text::{self, Format};
use super::wiped::{Wiped, WipedText};
use super::{Reason, compose, protect};

#[cfg_attr(test, derive(Clone, Debug))]
pub(super) struct Rich {
    rtf: Wiped,
    pub(super) format: Format,
    /// Offsets in the text that is shown.
    pub(super) found: Found,
}

/// Octets to put in before the octet `at`, and the text they show where that is known.
struct Put {
    at: usize,
    rtf: String,
    place: usize,
    shows: Option<String>,
}

impl Rich {
    pub(super) fn read(rtf: Wiped, separators: &Separators) -> Result<Rich, Reason> {
        let document = Document::read(&rtf).map_err(|_| Reason::Tnef)?;
        let format = match document.origin {
            Origin::Html => Format::Html,
            Origin::Text => Format::Plain,
            Origin::Native => Format::Rich,
        };
        let shown = document.text();
        if format != Format::Html
            && let Some(reason) = protect::armour(shown)
        {
            return Err(reason);
        }
        let found = text::find(shown, format, separators)?;
        Ok(Rich { rtf, format, found })
    }

    /// The text that is shown.
    pub(super) fn text(&self) -> Option<WipedText> {
        Some(WipedText::from(Document::read(&self.rtf).ok()?.text()))
    }

    /// Octets held beside the input.
    pub(super) fn own_bytes(&self) -> usize {
        self.rtf.len()
    }

    pub(super) fn ends(&self) -> Result<Ends, Reason> {
        let document = Document::read(&self.rtf).map_err(|_| Reason::Tnef)?;
        text::ends(document.text(), self.format)
    }

    /// The body with the pieces, in order of place, and `fill` line ends behind the last of them, which mean nothing in RTF;
    /// and where those stand.
    pub(super) fn edit(
        &self,
        pieces: &[(usize, &Piece)],
        images: &Embedded<'_>,
        fill: usize,
    ) -> Result<(Wiped, Range<usize>), Reason> {
        let document = Document::read(&self.rtf).map_err(|_| Reason::Tnef)?;
        let mut tables = Tables::new(document.tables);
        let mut puts = Vec::with_capacity(pieces.len() + 2);
        for together in pieces.chunk_by(|(one, _), (other, _)| one == other) {
            puts.extend(self.put(&document, together, images, &mut tables)?);
        }
        let Some(last) = puts.last_mut() else { return Err(Reason::NoSafePlace) };
        last.rtf.push_str(&"\n".repeat(fill));
        let last = last.at;
        let mut octets: Vec<(usize, &str)> = Vec::with_capacity(puts.len() + 2);
        // The tables stand before all text.
        let ends = document.tables;
        let mut added = [(ends.fonts, &tables.fonts), (ends.colours, &tables.colours)];
        added.sort_by_key(|(end, _)| end.map(|(at, _)| at));
        octets.extend(added.into_iter().filter_map(|(end, text)| Some((end?.0, text.as_str()))));
        octets.extend(puts.iter().map(|put| (put.at, put.rtf.as_str())));
        let rtf = joined(&self.rtf, &octets)?;
        let again = Document::read(&rtf).map_err(|_| Reason::CheckFailed)?;
        let same = again.origin == document.origin && shows(again.text(), document.text(), &puts);
        let filled = last + rtf.len() - self.rtf.len();
        if same { Ok((rtf, filled - fill..filled)) } else { Err(Reason::CheckFailed) }
    }

    fn put(
        &self,
        document: &Document<'_>,
        pieces: &[(usize, &Piece)],
        images: &Embedded<'_>,
        tables: &mut Tables,
    ) -> Result<Option<Put>, Reason> {
        let Some((place, _)) = pieces.first().copied() else { return Ok(None) };
        let spot = document.spot(place).ok_or(Reason::NoSafePlace)?;
        let (at, in_tag) = match spot {
            Spot::Between(at) => (at, false),
            Spot::InTag(at) => (at, true),
        };
        if in_tag && self.format != Format::Html {
            return Err(Reason::NoSafePlace);
        }
        let plain: Vec<&str> = pieces.iter().map(|(_, piece)| piece.plain.as_str()).collect();
        let shown = document.text();
        let as_text = || compose::plain(shown, place, &plain, "\n", compose::Flow::Fixed);
        let (rtf, shows) = match self.format {
            Format::Html => {
                let html: Vec<_> = pieces.iter().map(|(_, piece)| images.rewrite(&piece.html)).collect();
                let html: Vec<&str> = html.iter().map(|one| &**one).collect();
                // RTF is ASCII, and what is checked is what it says.
                let html = references(&compose::html(shown, place, &html, "\r\n"));
                (rtf::wrapped(&html, plain.join("\n").trim_end(), spot), Some(html))
            }
            Format::Plain => (rtf::lines(&as_text()), Some(as_text())),
            Format::Rich => {
                let rich: Option<Vec<&RichText>> = pieces.iter().map(|(_, piece)| piece.rich.as_ref()).collect();
                match rich {
                    Some(rich) => (paragraphs(shown, place, &rich, tables), None),
                    None => (rtf::lines(&as_text()), Some(as_text())),
                }
            }
        };
        Ok(Some(Put { at, rtf, place, shows }))
    }
}

/// The markup with a reference for each character beyond ASCII.
fn references(html: &str) -> String {
    if html.is_ascii() {
        return html.to_owned();
    }
    let mut out = String::with_capacity(html.len() * 2);
    for one in html.chars() {
        match one.is_ascii() {
            true => out.push(one),
            false => out.push_str(&format!("&#{};", u32::from(one))),
        }
    }
    out
}

/// The pieces one below the other, an empty line around each.
fn paragraphs(text: &str, place: usize, pieces: &[&RichText], tables: &mut Tables) -> String {
    let (before, after) = text.split_at_checked(place).unwrap_or((text, ""));
    let ended = before.strip_suffix('\n');
    let last = ended.unwrap_or(before).rsplit('\n').next().unwrap_or_default();
    let next = after.lines().next().unwrap_or_default();
    let count = pieces.len();
    let mut out = String::new();
    for (number, piece) in pieces.iter().enumerate() {
        let first = number == 0;
        let after_text = first && ended.is_none() && !before.is_empty();
        let blank_before = !first || !last.trim().is_empty();
        let blank_after = number + 1 == count && !next.trim().is_empty();
        out.push_str(&tables.adopt(piece, after_text, blank_before, blank_after));
    }
    out
}

/// The octets with others put in, which are in order of place.
fn joined(octets: &[u8], puts: &[(usize, &str)]) -> Result<Wiped, Reason> {
    let more: usize = puts.iter().map(|(_, text)| text.len()).sum();
    let mut out = Vec::with_capacity(octets.len() + more);
    let mut from = 0;
    for (at, text) in puts {
        out.extend_from_slice(octets.get(from..*at).ok_or(Reason::NoSafePlace)?);
        out.extend_from_slice(text.as_bytes());
        from = *at;
    }
    out.extend_from_slice(octets.get(from..).ok_or(Reason::NoSafePlace)?);
    Ok(Wiped::new(out))
}

/// Is `new` the old text with something put in at each place, and what was meant where that is known?
fn shows(new: &str, old: &str, puts: &[Put]) -> bool {
    let (mut rest, mut from) = (new, 0);
    for (number, put) in puts.iter().enumerate() {
        let Some(before) = old.get(from..put.place) else { return false };
        let Some(tail) = rest.strip_prefix(before) else { return false };
        let until = puts.get(number + 1).map_or(old.len(), |next| next.place);
        let Some(after) = old.get(put.place..until) else { return false };
        rest = match &put.shows {
            Some(text) => match tail.strip_prefix(text.as_str()) {
                Some(tail) => tail,
                None => return false,
            },
            // Paragraphs with letters of their own: what follows them is known.
            None if number + 1 == puts.len() => match tail.len().checked_sub(after.len()) {
                Some(length) if length > 0 => tail.get(length..).unwrap_or_default(),
                _ => return false,
            },
            None => match tail.find(after).filter(|at| *at > 0) {
                Some(at) => tail.get(at..).unwrap_or_default(),
                None => return false,
            },
        };
        from = put.place;
    }
    old.get(from..).is_some_and(|after| rest == after)
}
