//! One held text leaf, decoded and looked through; and the same leaf with pieces in it.
//!
//! Only what is put in is new: the encoded octets around it stay, unless a plain text has to move to UTF-8 to hold a
//! character of the signature. Each edit is decoded again and compared with the old text and the pieces.

use std::ops::Range;

use bytes::Bytes;

use super::Reason;
use super::charset::Octets;
use super::compose::Flow;
use super::content::{Content, Encoding, Found as Parameter};
use super::part::Part;
use super::splice::{Placed, check_lines, is_joined, puts_in, spliced};
use super::text::{Composed, Format, Reading, Text, line_end_of};
use super::transfer::{self, Insertion, Replacement};
use super::wiped::Wiped;

#[cfg_attr(test, derive(Clone, Debug))]
pub(super) struct Leaf {
    pub(super) part: usize,
    /// Where the body stands in the message.
    pub(super) body: Range<u64>,
    pub(super) text: Text,
    glued: bool,
    encoded: Bytes,
    encoding: Encoding,
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
    /// `encoded` is the whole body.
    pub(super) fn read(index: usize, part: &Part, encoded: Bytes, reading: Reading<'_>) -> Result<Leaf, Reason> {
        let content = &part.content;
        let body = part.body().ok_or(Reason::MalformedMime)?;
        let format = if content.is("text/html") { Format::Html } else { Format::Plain };
        let octets = transfer::decode(content.encoding, &encoded)?;
        let label = charset_label(content)?;
        let flow = flow_of(content, format);
        let text = Text::read(encoded.clone(), octets, label.as_deref(), (format, flow), reading)?;
        let physical = line_end_of(&encoded).unwrap_or(reading.line_end);
        // In lines of its own, or three octets for each, a text of two octets a character is nothing that programs send.
        if text.charset.is_wide() && content.encoding != Encoding::Base64 {
            return Err(Reason::BadCharset);
        }
        Ok(Leaf { part: index, body, text, glued: part.glued, physical, encoded, encoding: content.encoding })
    }

    /// Octets held beside the input.
    pub(super) fn own_bytes(&self) -> usize {
        self.text.own_bytes()
    }

    /// Puts pieces in. `placed` is in order of place; `boundaries` are those the leaf stands in.
    pub(super) fn edit(&self, placed: &[Placed], boundaries: &[Vec<u8>]) -> Result<Edited, Reason> {
        let composed = self.text.compose(placed)?;
        let Some(insertions) = self.text.encode(&composed, self.room()) else {
            return self.move_to_utf8(&composed, boundaries);
        };
        if self.encoding.is_identity() {
            let checked = insertions.iter().try_for_each(|one| check_lines(&one.octets, boundaries));
            if checked.is_err() {
                return self.quote(&insertions);
            }
        }
        let (replacements, positions) =
            transfer::insert(self.encoding, &self.encoded, self.text.octets(), &insertions, self.physical);
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
        let stands_for_itself = self.text.stands_for_itself(insertions);
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
        let same = is_joined(decoded, self.text.octets(), insertions)
            && (stands_for_itself || self.text.reads_as_joined(decoded, insertions));
        if same { Ok(()) } else { Err(Reason::CheckFailed) }
    }

    /// A line of the signature cannot travel as it is: the whole leaf becomes quoted-printable.
    fn quote(&self, insertions: &[Insertion]) -> Result<Edited, Reason> {
        let pieces: Vec<Replacement> =
            insertions.iter().map(|one| Replacement { range: one.at..one.at, octets: one.octets.clone() }).collect();
        let whole = Wiped::new(spliced(self.text.octets(), &pieces));
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
    fn move_to_utf8(&self, composed: &Composed, boundaries: &[Vec<u8>]) -> Result<Edited, Reason> {
        if !self.text.is_certain() {
            return Err(Reason::BadCharset);
        }
        let pieces: Vec<Replacement> = composed
            .placed
            .iter()
            .map(|one| Replacement { range: one.at..one.at, octets: one.text.clone().into_bytes() })
            .collect();
        let text = Wiped::new(spliced(self.text.text().as_bytes(), &pieces));
        let encoding = match self.encoding {
            Encoding::Base64 => Encoding::Base64,
            Encoding::EightBit if !self.encoded.is_ascii() => Encoding::EightBit,
            _ => Encoding::QuotedPrintable,
        };
        let octets = transfer::encode(encoding, &text, self.physical).ok_or(Reason::BadEncoding)?;
        if encoding.is_identity() {
            composed.placed.iter().try_for_each(|one| check_lines(one.text.as_bytes(), boundaries))?;
        }
        let again = transfer::decode(encoding, &octets)?;
        if *text != *again.as_deref().unwrap_or(&octets) {
            return Err(Reason::CheckFailed);
        }
        Ok(Edited {
            replacements: self.in_message(vec![Replacement { range: 0..self.encoded.len(), octets }]),
            offsets: composed.octets_at.iter().map(|at| self.offset_of(*at)).collect(),
            recoded: Recoded::Utf8(encoding),
        })
    }
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
