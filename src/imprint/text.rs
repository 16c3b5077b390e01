//! A body as text: decoded, looked through for the place, and the pieces for it in octets of its own charset.
//!
//! How the octets travel is not known here; a [`Leaf`](super::leaf::Leaf) is a text in a part of its own,
//! [`tnef_leaf`](super::tnef_leaf) has texts among properties.

use bytes::Bytes;

use super::charset::{Charset, Decoded, Octets, Own};
use super::compose::{self, Flow};
use super::place::{self, Ends, Found, Separators};
use super::splice::{Placed, together};
use super::stamp::{Piece, Place};
use super::transfer::Insertion;
use super::wiped::Wiped;
use super::{Quoted, Reason, Seen, protect};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Html,
    Plain,
    /// RTF that is neither of them in disguise.
    Rich,
}

/// What a message says of all its texts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading<'s> {
    /// Used where a text has none.
    pub(super) line_end: &'static str,
    /// Of the organisation, besides those that all have.
    pub(super) separators: &'s Separators,
}

impl Format {
    /// Whether the piece has anything for it.
    pub(super) fn has_something_in(self, piece: &Piece) -> bool {
        match self {
            Format::Html => !piece.html.is_empty(),
            Format::Plain => !piece.plain.is_empty(),
            Format::Rich => piece.rich.as_ref().map_or(!piece.plain.is_empty(), |rich| !rich.paragraphs.is_empty()),
        }
    }
}

#[cfg_attr(test, derive(Clone, Debug))]
pub(super) struct Text {
    pub(super) format: Format,
    /// Offsets in `text()`, after a byte order mark.
    pub(super) found: Found,
    /// Nothing but blanks stands in it.
    pub(super) empty: bool,
    pub(super) charset: Charset,
    source: Bytes,
    own: Own,
    decoded: Decoded,
    flow: Flow,
    line_end: &'static str,
}

/// A place in a text and where it is among its octets.
pub(super) struct Composed {
    pub(super) placed: Vec<Placed>,
    pub(super) octets_at: Vec<usize>,
}

impl Composed {
    /// So many blanks behind the last piece, where nobody sees them.
    pub(super) fn fill_up(&mut self, blanks: usize) {
        if let Some(last) = self.placed.last_mut() {
            let end = last.text.trim_end_matches(['\r', '\n']).len();
            last.text.insert_str(end, &" ".repeat(blanks));
        }
    }
}

impl Text {
    /// `own` are the octets where they are not those of `source`.
    pub(super) fn read(
        source: Bytes,
        own: Option<Wiped>,
        label: Option<&str>,
        (format, flow): (Format, Flow),
        reading: Reading<'_>,
    ) -> Result<Text, Reason> {
        let seen: &[u8] = own.as_deref().unwrap_or(&source);
        let charset = if format == Format::Html { Charset::of_html(label, seen)? } else { Charset::of(label, seen)? };
        if format == Format::Html && charset.hides_tags() {
            return Err(Reason::BadCharset);
        }
        let (own, decoded) = match own {
            Some(octets) => charset.decode_own(octets),
            None => (Own::None, charset.decode(&source)),
        };
        let found = Found { offset: 0, marker: None, kind: None, words: Vec::new() };
        let line_end = reading.line_end;
        let mut text = Text { format, found, empty: false, charset, source, own, decoded, flow, line_end };
        let shown = text.text();
        let line_end = line_end_of(shown.as_bytes()).unwrap_or(line_end);
        if format == Format::Plain
            && let Some(reason) = protect::armour(without_mark(shown))
        {
            return Err(reason);
        }
        let empty = without_mark(shown).trim().is_empty();
        let found = find(shown, format, reading.separators)?;
        (text.found, text.empty, text.line_end) = (found, empty, line_end);
        Ok(text)
    }

    /// The octets without their transfer encoding.
    pub(super) fn octets(&self) -> &[u8] {
        self.own.octets().unwrap_or(&self.source)
    }

    pub(super) fn text(&self) -> &str {
        match (&self.decoded.text, &self.own) {
            (Some(text), _) | (None, Own::Text(text)) => text,
            (None, _) => std::str::from_utf8(self.octets()).unwrap_or_default(),
        }
    }

    pub(super) fn flow(&self) -> Flow {
        self.flow
    }

    /// What it says.
    pub(super) fn seen(&self, quoted: Quoted) -> Seen {
        Seen::of(self.format, self.text(), &self.found, quoted)
    }

    /// The octets say what every character of the text is.
    pub(super) fn is_certain(&self) -> bool {
        !self.decoded.lossy && self.charset.is_certain()
    }

    /// Octets held beside the source.
    pub(super) fn own_bytes(&self) -> usize {
        self.own.octets().map_or(0, <[u8]>::len) + self.decoded.text.as_ref().map_or(0, |text| text.len())
    }

    /// Where the text begins and ends, in offsets of `text()`. Reads all of it: most signatures stand above the quoted
    /// text and never ask.
    pub(super) fn ends(&self) -> Result<Ends, Reason> {
        ends(self.text(), self.format)
    }

    /// The pieces as they are put in, `placed` in order of place.
    pub(super) fn compose(&self, placed: &[Placed]) -> Result<Composed, Reason> {
        let placed: Vec<Placed> =
            together(placed).into_iter().map(|(at, pieces)| Placed { at, text: self.composed(at, &pieces) }).collect();
        let octets_at = placed.iter().map(|one| self.octet_of(one.at)).collect::<Option<Vec<usize>>>();
        Ok(Composed { placed, octets_at: octets_at.ok_or(Reason::BadCharset)? })
    }

    fn composed(&self, at: usize, pieces: &[&str]) -> String {
        match self.format {
            Format::Html => compose::html(self.text(), at, pieces, self.line_end),
            _ => compose::plain(self.text(), at, pieces, self.line_end, self.flow),
        }
    }

    /// The pieces in octets; `None` where the charset has no room for a character of plain text.
    pub(super) fn encode(&self, composed: &Composed, room: Octets) -> Option<Vec<Insertion>> {
        let pieces = composed.placed.iter().zip(&composed.octets_at);
        pieces
            .map(|(one, at)| {
                let octets = match self.format {
                    Format::Html => Some(self.charset.encode_html(&one.text, room)),
                    _ => self.charset.encode_plain(&one.text, room),
                };
                octets.map(|octets| Insertion { at: *at, octets })
            })
            .collect()
    }

    fn octet_of(&self, at: usize) -> Option<usize> {
        match self.decoded.text {
            None => Some(at),
            Some(_) => self.charset.position(self.octets(), at),
        }
    }

    /// Do octets and insertions stand for themselves, whole characters between whole characters?
    pub(super) fn stands_for_itself(&self, insertions: &[Insertion]) -> bool {
        let whole = |one: &Insertion| {
            let first = self.octets().get(one.at).copied().unwrap_or_default();
            first & 0xc0 != 0x80 && self.charset.decode(&one.octets).text.is_none()
        };
        self.decoded.text.is_none() && insertions.iter().all(whole)
    }

    /// Are the characters of `octets` those of the text and the insertions, for a stateful or multi-octet charset too?
    pub(super) fn reads_as_joined(&self, octets: &[u8], insertions: &[Insertion]) -> bool {
        let mut want = String::with_capacity((octets.len() + 16) * 3);
        let mut rest = self.octets();
        let mut at = 0;
        for one in insertions {
            let Some((before, after)) = rest.split_at_checked(one.at - at) else { return false };
            (rest, at) = (after, one.at);
            self.push_text(&mut want, before);
            self.push_text(&mut want, &one.octets);
        }
        self.push_text(&mut want, rest);
        let got = self.charset.decode(octets);
        let got_text = got.text.as_deref().or_else(|| std::str::from_utf8(octets).ok()).unwrap_or_default();
        // What could be read before can be read now.
        let same = want == got_text && (!got.lossy || self.decoded.lossy);
        drop(Wiped::new(want.into_bytes()));
        same
    }

    fn push_text(&self, out: &mut String, octets: &[u8]) {
        let decoded = self.charset.decode(octets);
        out.push_str(decoded.text.as_deref().or_else(|| std::str::from_utf8(octets).ok()).unwrap_or_default());
    }
}

/// The pieces with their places, in the order of the text: `reply` is that above the quoted text.
pub(super) fn in_order<'p>(
    pieces: &[&'p Piece],
    reply: usize,
    ends: impl Fn() -> Result<Ends, Reason>,
) -> Result<Vec<(usize, &'p Piece)>, Reason> {
    let mut order = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let (at, rank) = match piece.place {
            Place::Top => (ends()?.top, 0),
            Place::Reply => (reply, 1),
            Place::Bottom => (ends()?.bottom, 2),
        };
        order.push((at, rank, *piece));
    }
    order.sort_by_key(|(at, rank, _)| (*at, *rank));
    Ok(order.into_iter().map(|(at, _, piece)| (at, piece)).collect())
}

/// The place above the quoted text, in offsets of `text`.
pub(super) fn find(text: &str, format: Format, separators: &Separators) -> Result<Found, Reason> {
    let body = without_mark(text);
    let found = match format {
        Format::Html => place::html::find_besides(body, separators),
        _ => place::plain::find_besides(body, separators),
    };
    let mut found = found.ok_or(Reason::NoSafePlace)?;
    found.offset = place_in(text, body, found.offset)?;
    Ok(found)
}

pub(super) fn ends(text: &str, format: Format) -> Result<Ends, Reason> {
    let body = without_mark(text);
    let ends = match format {
        Format::Html => place::html::ends(body),
        _ => place::plain::ends(body),
    };
    Ok(Ends { top: place_in(text, body, ends.top)?, bottom: place_in(text, body, ends.bottom)? })
}

/// The text without its byte order mark.
fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// The place in `text` of an offset in its `body`; one between a CR and its LF is before both.
fn place_in(text: &str, body: &str, offset: usize) -> Result<usize, Reason> {
    let (before, after) = body.split_at_checked(offset).ok_or(Reason::NoSafePlace)?;
    let halves = before.ends_with('\r') && after.starts_with('\n');
    Ok(text.len() - body.len() + offset - usize::from(halves))
}

pub(super) fn line_end_of(octets: &[u8]) -> Option<&'static str> {
    let at = memchr::memchr(b'\n', octets)?;
    let cr = at.checked_sub(1).and_then(|before| octets.get(before)) == Some(&b'\r');
    Some(if cr { "\r\n" } else { "\n" })
}
