//! Base64 (RFC 2045 section 6.8). Blanks and line ends may stand anywhere, padding may be missing; anything else that
//! is not of the alphabet is refused, because readers differ about it.

use base64::Engine;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::STANDARD};

use super::super::wiped::{Wiped, WipedText};
use super::{Insertion, Replacement};

/// Column at which own lines end.
const WIDTH: usize = 76;
/// Lines longer than this are not continued as they are (RFC 5322 section 2.1.1).
const LONGEST: usize = 998;

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

pub(in crate::imprint) fn decode(encoded: &[u8]) -> Option<Vec<u8>> {
    let mut digits = Vec::with_capacity(encoded.len());
    digits.extend(encoded.iter().copied().filter(|octet| !is_blank(*octet)));
    let digits = Wiped::new(digits);
    let mut out = Vec::with_capacity(digits.len() / 4 * 3 + 3);
    LENIENT.decode_vec(&*digits, &mut out).ok()?;
    Some(out)
}

pub(super) fn encode(octets: &[u8], line_end: &'static str) -> Vec<u8> {
    let digits = WipedText::new(STANDARD.encode(octets));
    let mut out = Vec::with_capacity(digits.len() + digits.len() / WIDTH * 2 + 4);
    write_lines(&mut out, &digits, 0, WIDTH, line_end);
    if !out.is_empty() {
        out.extend_from_slice(line_end.as_bytes());
    }
    out
}

/// Where the group of three that holds the decoded octet `at` begins.
pub(super) fn position(encoded: &[u8], at: usize) -> usize {
    let digits = at / 3 * 4;
    encoded
        .iter()
        .enumerate()
        .filter(|(_, octet)| !is_blank(**octet))
        .nth(digits)
        .map_or_else(|| end_of_digits(encoded), |(place, _)| place)
}

/// All is kept up to the group of the first insertion; from there on the leaf is encoded again.
pub(super) fn insert(
    encoded: &[u8],
    decoded: &[u8],
    insertions: &[Insertion],
    line_end: &'static str,
) -> Option<Replacement> {
    let first = insertions.first()?.at;
    let group = first / 3 * 3;
    let more: usize = insertions.iter().map(|one| one.octets.len()).sum();
    let mut rest = Vec::with_capacity(decoded.len().saturating_sub(group) + more);
    let mut at = group;
    for one in insertions {
        rest.extend_from_slice(decoded.get(at..one.at)?);
        rest.extend_from_slice(&one.octets);
        at = one.at;
    }
    rest.extend_from_slice(decoded.get(at..)?);
    Some(from_group(encoded, first, &Wiped::new(rest), line_end))
}

/// The leaf with other octets: all is kept up to the group of the first that is different.
pub(in crate::imprint) fn rewrite(encoded: &[u8], old: &[u8], new: &[u8], line_end: &'static str) -> Replacement {
    let first = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    from_group(encoded, first, new.get(first / 3 * 3..).unwrap_or_default(), line_end)
}

/// As [`rewrite`] does, where more digits follow in the message: both `old` and `new` end with a whole group, and the last
/// line is left as long as it was.
pub(in crate::imprint) fn rewrite_open(encoded: &[u8], old: &[u8], new: &[u8], line_end: &'static str) -> Replacement {
    let first = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let (start, column) = start_of_group(encoded, first);
    let digits = WipedText::new(STANDARD.encode(new.get(first / 3 * 3..).unwrap_or_default()));
    let last = encoded.len() - memchr::memrchr(b'\n', encoded).map_or(0, |newline| newline + 1);
    let (lines, last) = digits.split_at(digits.len().saturating_sub(last));
    let width = width(encoded);
    let mut octets = Vec::with_capacity(digits.len() + digits.len() / width * 2 + 6);
    write_lines(&mut octets, lines, column, width, line_end);
    if start > 0 || !lines.is_empty() {
        octets.extend_from_slice(line_end.as_bytes());
    }
    octets.extend_from_slice(last.as_bytes());
    Replacement { range: start..encoded.len(), octets }
}

/// From the group of the decoded octet `first` on there is `rest`, in lines as wide as they were.
fn from_group(encoded: &[u8], first: usize, rest: &[u8], line_end: &'static str) -> Replacement {
    let (start, column) = start_of_group(encoded, first);
    let width = width(encoded);
    let digits = WipedText::new(STANDARD.encode(rest));
    let mut octets = Vec::with_capacity(digits.len() + digits.len() / width * 2 + 4);
    write_lines(&mut octets, &digits, column, width, line_end);
    Replacement { range: start..end_of_digits(encoded).max(start), octets }
}

/// Where the group of the decoded octet begins, and in which column.
fn start_of_group(encoded: &[u8], octet: usize) -> (usize, usize) {
    let start = position(encoded, octet);
    let before = encoded.get(..start).unwrap_or_default();
    (start, before.len() - memchr::memrchr(b'\n', before).map_or(0, |newline| newline + 1))
}

fn write_lines(out: &mut Vec<u8>, digits: &str, column: usize, width: usize, line_end: &'static str) {
    let mut digits = digits.as_bytes();
    let mut room = width.saturating_sub(column);
    while !digits.is_empty() {
        if room == 0 {
            out.extend_from_slice(line_end.as_bytes());
            room = width;
        }
        let (line, rest) = digits.split_at(room.min(digits.len()));
        out.extend_from_slice(line);
        room -= line.len();
        digits = rest;
    }
}

/// The width of the first line, if another follows it.
fn width(encoded: &[u8]) -> usize {
    let mut lines = encoded.split(|octet| *octet == b'\n').map(<[u8]>::trim_ascii);
    let first = lines.next().map_or(0, <[u8]>::len);
    let more = lines.any(|line| !line.is_empty());
    if more && (4..=LONGEST).contains(&first) { first } else { WIDTH }
}

fn end_of_digits(encoded: &[u8]) -> usize {
    encoded.iter().rposition(|octet| !is_blank(*octet)).map_or(0, |last| last + 1)
}

fn is_blank(octet: u8) -> bool {
    matches!(octet, b' ' | b'\t' | b'\r' | b'\n')
}
