//! An encoded word (RFC 2047 section 2), read and cut.
//!
//! What is left of a word that is cut keeps its charset and its encoding; in Q the octets that stay are those that
//! came. A word that cannot be cut without a doubt is not cut.

use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use encoding_rs::Encoding;

use super::transfer;

/// One word, decoded.
#[derive(Debug)]
pub(super) struct EncodedWord<'a> {
    /// `=?utf-8?Q?`, with whatever language stands in it.
    head: &'a [u8],
    data: &'a [u8],
    encoding: Letter,
    charset: &'static Encoding,
    octets: Vec<u8>,
    text: String,
    /// Octets that are none of the charset were read as U+FFFD.
    lossy: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Letter {
    Q,
    B,
}

impl<'a> EncodedWord<'a> {
    /// The word at the beginning of a text, and how long it is.
    pub(super) fn read(text: &'a [u8]) -> Option<(usize, EncodedWord<'a>)> {
        let inner = text.strip_prefix(b"=?")?;
        let (label, rest) = split(inner)?;
        let (letter, rest) = split(rest)?;
        let end = memchr::memmem::find(rest, b"?=")?;
        let data =
            rest.get(..end).filter(|data| data.iter().all(|octet| (33..=126).contains(octet) && *octet != b'?'))?;
        let encoding = match letter {
            b"Q" | b"q" => Letter::Q,
            b"B" | b"b" => Letter::B,
            _ => return None,
        };
        // RFC 2231 section 5: a language may follow the charset.
        let label = label.split(|octet| *octet == b'*').next()?;
        let charset = Encoding::for_label(label)?;
        let octets = match encoding {
            Letter::Q => units(data)?.into_iter().map(|(octet, _)| octet).collect(),
            Letter::B => transfer::base64::decode(data)?,
        };
        let (shown, lossy) = charset.decode_without_bom_handling(&octets);
        let shown = shown.into_owned();
        let begins = text.len() - rest.len();
        let head = text.get(..begins)?;
        Some((begins + end + 2, EncodedWord { head, data, encoding, charset, octets, text: shown, lossy }))
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The word without a part of its text.
    pub(super) fn without(&self, cut: Range<usize>) -> Option<Vec<u8>> {
        let (before, after) = (self.text.get(..cut.start)?, self.text.get(cut.end..)?);
        let kept = self.kept(&self.encoded(before)?, &self.encoded(after)?);
        let data = match (self.encoding, kept) {
            (Letter::Q, Some((start, end))) => {
                let units = units(self.data)?;
                let kept = units.iter().take(start).chain(units.iter().skip(end));
                kept.flat_map(|(_, raw)| self.data.get(raw.clone()).unwrap_or_default().iter().copied()).collect()
            }
            (Letter::B, Some((start, end))) => base64(&[self.octets.get(..start)?, self.octets.get(end..)?].concat()),
            // In a charset with states the octets that stay are not those of the text that stays.
            (Letter::B, None) if !self.lossy => base64(&self.encoded(&[before, after].concat())?),
            _ => return None,
        };
        Some([self.head, &data, b"?="].concat())
    }

    /// Up to where, and from where on, the octets stand for what stays.
    fn kept(&self, before: &[u8], after: &[u8]) -> Option<(usize, usize)> {
        let end = self.octets.len().checked_sub(after.len())?;
        let stays = self.charset.is_ascii_compatible()
            && before.len() <= end
            && self.octets.starts_with(before)
            && self.octets.ends_with(after);
        stays.then_some((before.len(), end))
    }

    fn encoded(&self, text: &str) -> Option<Vec<u8>> {
        let (octets, _, unmappable) = self.charset.encode(text);
        (!unmappable).then(|| octets.into_owned())
    }
}

fn base64(octets: &[u8]) -> Vec<u8> {
    STANDARD.encode(octets).into_bytes()
}

fn split(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = memchr::memchr(b'?', text)?;
    let (first, rest) = text.split_at_checked(at)?;
    let is_token = !first.is_empty() && first.iter().all(u8::is_ascii_graphic);
    is_token.then_some((first, rest.get(1..)?))
}

/// Each octet of a Q-encoded text, and where it stands.
fn units(data: &[u8]) -> Option<Vec<(u8, Range<usize>)>> {
    let mut units = Vec::with_capacity(data.len());
    let mut at = 0;
    while let Some(octet) = data.get(at) {
        let (octet, length) = match octet {
            b'_' => (b' ', 1),
            b'=' => (hex(*data.get(at + 1)?)? << 4 | hex(*data.get(at + 2)?)?, 3),
            octet => (*octet, 1),
        };
        units.push((octet, at..at + length));
        at += length;
    }
    Some(units)
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}
