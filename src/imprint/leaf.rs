//! One held text leaf, decoded and looked through; and the same leaf with pieces in it.
//!
//! Only what is put in is new: the encoded octets around it stay, unless a plain text has to move to UTF-8 to hold a
//! character of the signature. Each edit is decoded again and compared with the old text and the pieces.

use std::ops::Range;

use bytes::Bytes;

use super::charset::{Charset, Decoded, Octets, Own};
use super::compose::{self, Flow};
use super::content::{Content, Encoding, Found as Parameter};
use super::part::Part;
use super::place::{self, Ends, Found};
use super::splice::{Placed, check_lines, is_joined, puts_in, spliced, together};
use super::transfer::{self, Insertion, Replacement};
use super::wiped::Wiped;
use super::{Reason, protect};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Html,
    Plain,
}

#[cfg_attr(test, derive(Clone, Debug))]
pub(super) struct Leaf {
    pub(super) part: usize,
    pub(super) format: Format,
    /// Where the body stands in the message.
    pub(super) body: Range<u64>,
    /// Offsets in `text()`, after a byte order mark.
    pub(super) found: Found,
    /// Nothing but blanks stands in it.
    pub(super) empty: bool,
    glued: bool,
    encoded: Bytes,
    octets: Own,
    encoding: Encoding,
    charset: Charset,
    decoded: Decoded,
    flow: Flow,
    /// The leaf's own, of the decoded text.
    line_end: &'static str,
    /// Of the encoded lines.
    physical: &'static str,
}

/// What becomes of the leaf.
pub(super) struct Edited {
    /// In the message, in order.
    pub(super) replacements: Vec<(Range<u64>, Bytes)>,
    /// Where each piece stands in the message as it came.
    pub(super) offsets: Vec<u64>,
    pub(super) recoded: Recoded,
}

/// What the header of the leaf must say anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Recoded {
    Nothing,
    /// The whole leaf has this transfer encoding.
    Encoding(Encoding),
    /// It is UTF-8 as well.
    Utf8(Encoding),
}

impl Leaf {
    /// `encoded` is the whole body; `line_end` that of the message.
    pub(super) fn read(index: usize, part: &Part, encoded: Bytes, line_end: &'static str) -> Result<Leaf, Reason> {
        let content = &part.content;
        let body = part.body().ok_or(Reason::MalformedMime)?;
        let format = if content.is("text/html") { Format::Html } else { Format::Plain };
        let octets = transfer::decode(content.encoding, &encoded)?;
        let seen: &[u8] = octets.as_deref().unwrap_or(&encoded);
        let charset = Charset::of(charset_label(content)?.as_deref(), seen)?;
        let own_line_end = line_end_of(seen).unwrap_or(line_end);
        let (octets, decoded) = match octets {
            Some(octets) => charset.decode_own(octets),
            None => (Own::None, charset.decode(&encoded)),
        };
        let mut leaf = Leaf {
            part: index,
            format,
            body,
            found: Found { offset: 0, marker: None, kind: None, words: Vec::new() },
            empty: false,
            glued: part.glued,
            physical: line_end_of(&encoded).unwrap_or(line_end),
            line_end: own_line_end,
            octets,
            encoded,
            encoding: content.encoding,
            charset,
            decoded,
            flow: flow_of(content, format),
        };
        leaf.look()?;
        Ok(leaf)
    }

    fn look(&mut self) -> Result<(), Reason> {
        let text = self.text();
        let body = without_mark(text);
        let empty = body.trim().is_empty();
        let found = match self.format {
            Format::Plain => {
                if let Some(reason) = protect::armour(body) {
                    return Err(reason);
                }
                place::plain::find(body)
            }
            Format::Html => place::html::find(body),
        };
        let mut found = found.ok_or(Reason::NoSafePlace)?;
        found.offset = place_in(text, body, found.offset)?;
        self.found = found;
        self.empty = empty;
        Ok(())
    }

    /// Where the text begins and ends, in offsets of `text()`. Reads all of it: most signatures stand above the quoted
    /// text and never ask.
    pub(super) fn ends(&self) -> Result<Ends, Reason> {
        let text = self.text();
        let body = without_mark(text);
        let ends = match self.format {
            Format::Plain => place::plain::ends(body),
            Format::Html => place::html::ends(body),
        };
        Ok(Ends { top: place_in(text, body, ends.top)?, bottom: place_in(text, body, ends.bottom)? })
    }

    /// Octets held beside the input.
    pub(super) fn own_bytes(&self) -> usize {
        self.octets.octets().map_or(0, <[u8]>::len) + self.decoded.text.as_ref().map_or(0, |text| text.len())
    }

    fn seen(&self) -> &[u8] {
        self.octets.octets().unwrap_or(&self.encoded)
    }

    fn text(&self) -> &str {
        match (&self.decoded.text, &self.octets) {
            (Some(text), _) | (None, Own::Text(text)) => text,
            (None, _) => std::str::from_utf8(self.seen()).unwrap_or_default(),
        }
    }

    /// Puts pieces in. `placed` is in order of place; `boundaries` are those the leaf stands in.
    pub(super) fn edit(&self, placed: &[Placed], boundaries: &[Vec<u8>]) -> Result<Edited, Reason> {
        let text = self.text();
        let composed: Vec<Placed> = together(placed)
            .into_iter()
            .map(|(at, pieces)| Placed {
                at,
                text: match self.format {
                    Format::Html => compose::html(text, at, &pieces, self.line_end),
                    Format::Plain => compose::plain(text, at, &pieces, self.line_end, self.flow),
                },
            })
            .collect();
        let places = composed.iter().map(|one| self.octet_of(one.at)).collect::<Option<Vec<usize>>>();
        let places = places.ok_or(Reason::BadCharset)?;
        let mut insertions = Vec::with_capacity(composed.len());
        for (one, at) in composed.iter().zip(&places) {
            let octets = match self.format {
                Format::Html => Some(self.charset.encode_html(&one.text, self.room())),
                Format::Plain => self.charset.encode_plain(&one.text, self.room()),
            };
            let Some(octets) = octets else { return self.move_to_utf8(&composed, &places, boundaries) };
            insertions.push(Insertion { at: *at, octets });
        }
        if self.encoding.is_identity() {
            let checked = insertions.iter().try_for_each(|one| check_lines(&one.octets, boundaries));
            if checked.is_err() {
                return self.quote(&insertions);
            }
        }
        let (replacements, positions) =
            transfer::insert(self.encoding, &self.encoded, self.seen(), &insertions, self.physical);
        self.check(&replacements, &insertions)?;
        Ok(Edited {
            replacements: self.in_message(replacements),
            offsets: positions.into_iter().map(|at| self.body.start + at as u64).collect(),
            recoded: Recoded::Nothing,
        })
    }

    fn room(&self) -> Octets {
        match self.encoding {
            Encoding::QuotedPrintable | Encoding::Base64 => Octets::Any,
            // A leaf that says 8bit but is ASCII may be on its way to a next hop without 8BITMIME.
            Encoding::EightBit | Encoding::Binary if !self.encoded.is_ascii() => Octets::Any,
            _ => Octets::Ascii,
        }
    }

    fn octet_of(&self, at: usize) -> Option<usize> {
        match self.decoded.text {
            None => Some(at),
            Some(_) => self.charset.position(self.seen(), at),
        }
    }

    fn offset_of(&self, octet: usize) -> u64 {
        self.body.start + transfer::position(self.encoding, &self.encoded, octet) as u64
    }

    fn in_message(&self, replacements: Vec<Replacement>) -> Vec<(Range<u64>, Bytes)> {
        let last = replacements.len().saturating_sub(1);
        let place = |at: usize| self.body.start + at as u64;
        replacements
            .into_iter()
            .enumerate()
            .map(|(index, mut one)| {
                if self.glued && index == last {
                    // The delimiter that follows has no line end of its own.
                    one.octets.extend_from_slice(self.physical.as_bytes());
                }
                (place(one.range.start)..place(one.range.end), Wiped::new(one.octets).into_bytes())
            })
            .collect()
    }

    /// Decodes the leaf as it will be and compares: old text and pieces, nothing else.
    fn check(&self, replacements: &[Replacement], insertions: &[Insertion]) -> Result<(), Reason> {
        // Whole characters between whole characters: what stood for itself still does.
        let whole = |one: &Insertion| {
            let first = self.seen().get(one.at).copied().unwrap_or_default();
            first & 0xc0 != 0x80 && self.charset.decode(&one.octets).text.is_none()
        };
        let stands_for_itself = self.decoded.text.is_none() && insertions.iter().all(whole);
        if stands_for_itself && self.encoding.is_identity() {
            return if puts_in(replacements, insertions, self.encoded.len()) {
                Ok(())
            } else {
                Err(Reason::CheckFailed)
            };
        }
        let changed = Wiped::new(spliced(&self.encoded, replacements));
        let decoded = transfer::decode(self.encoding, &changed)?;
        let decoded: &[u8] = decoded.as_deref().unwrap_or(&changed);
        if !is_joined(decoded, self.seen(), insertions) {
            return Err(Reason::CheckFailed);
        }
        if stands_for_itself {
            return Ok(());
        }
        // A stateful or multi-octet charset: the characters around the pieces must be the same too.
        let mut want = String::with_capacity((decoded.len() + 16) * 3);
        let mut rest = self.seen();
        let mut at = 0;
        for one in insertions {
            let (before, after) = rest.split_at_checked(one.at - at).ok_or(Reason::CheckFailed)?;
            (rest, at) = (after, one.at);
            self.push_text(&mut want, before);
            self.push_text(&mut want, &one.octets);
        }
        self.push_text(&mut want, rest);
        let got = self.charset.decode(decoded);
        let got_text = got.text.as_deref().or_else(|| std::str::from_utf8(decoded).ok()).unwrap_or_default();
        let same = want == got_text;
        drop(Wiped::new(want.into_bytes()));
        if same { Ok(()) } else { Err(Reason::CheckFailed) }
    }

    fn push_text(&self, out: &mut String, octets: &[u8]) {
        let decoded = self.charset.decode(octets);
        out.push_str(decoded.text.as_deref().or_else(|| std::str::from_utf8(octets).ok()).unwrap_or_default());
    }

    /// A line of the signature cannot travel as it is: the whole leaf becomes quoted-printable.
    fn quote(&self, insertions: &[Insertion]) -> Result<Edited, Reason> {
        let pieces: Vec<Replacement> =
            insertions.iter().map(|one| Replacement { range: one.at..one.at, octets: one.octets.clone() }).collect();
        let whole = Wiped::new(spliced(self.seen(), &pieces));
        let encoding = Encoding::QuotedPrintable;
        let octets = transfer::encode(encoding, &whole, self.physical).ok_or(Reason::BadEncoding)?;
        let again = transfer::decode(encoding, &octets)?;
        if again.as_deref() != Some(&*whole) {
            return Err(Reason::CheckFailed);
        }
        Ok(Edited {
            replacements: self.in_message(vec![Replacement { range: 0..self.encoded.len(), octets }]),
            offsets: insertions.iter().map(|one| self.offset_of(one.at)).collect(),
            recoded: Recoded::Encoding(encoding),
        })
    }

    /// Plain text whose charset or encoding cannot carry the signature: the whole leaf becomes UTF-8.
    fn move_to_utf8(&self, composed: &[Placed], places: &[usize], boundaries: &[Vec<u8>]) -> Result<Edited, Reason> {
        if self.decoded.lossy || !self.charset.is_certain() {
            return Err(Reason::BadCharset);
        }
        let pieces: Vec<Replacement> = composed
            .iter()
            .map(|one| Replacement { range: one.at..one.at, octets: one.text.clone().into_bytes() })
            .collect();
        let text = Wiped::new(spliced(self.text().as_bytes(), &pieces));
        let encoding = match self.encoding {
            Encoding::Base64 => Encoding::Base64,
            Encoding::EightBit if !self.encoded.is_ascii() => Encoding::EightBit,
            _ => Encoding::QuotedPrintable,
        };
        let octets = transfer::encode(encoding, &text, self.physical).ok_or(Reason::BadEncoding)?;
        if encoding.is_identity() {
            composed.iter().try_for_each(|one| check_lines(one.text.as_bytes(), boundaries))?;
        }
        let again = transfer::decode(encoding, &octets)?;
        if *text != *again.as_deref().unwrap_or(&octets) {
            return Err(Reason::CheckFailed);
        }
        Ok(Edited {
            replacements: self.in_message(vec![Replacement { range: 0..self.encoded.len(), octets }]),
            offsets: places.iter().map(|at| self.offset_of(*at)).collect(),
            recoded: Recoded::Utf8(encoding),
        })
    }
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

fn charset_label(content: &Content) -> Result<Option<String>, Reason> {
    match content.media.parameter("charset") {
        Parameter::Absent => Ok(None),
        Parameter::Value(parameter) => Ok(Some(parameter.value.clone())),
        Parameter::Doubt => match content.media.extended("charset") {
            Some(value) => Ok(Some(value.to_owned())),
            None => Err(Reason::BadCharset),
        },
    }
}

fn flow_of(content: &Content, format: Format) -> Flow {
    if format == Format::Plain && content.media.word("format") == "flowed" { Flow::Flowed } else { Flow::Fixed }
}

fn line_end_of(octets: &[u8]) -> Option<&'static str> {
    let at = memchr::memchr(b'\n', octets)?;
    let cr = at.checked_sub(1).and_then(|before| octets.get(before)) == Some(&b'\r');
    Some(if cr { "\r\n" } else { "\n" })
}
