//! Quoted-printable (RFC 2045 section 6.7), read leniently and written strictly.
//!
//! A `=` that begins no escape stands for itself, as nearly all readers have it; blanks at the end of a line are
//! kept. What is put in never stands inside an escape or a soft break, and its lines are at most 76 octets long.

use memchr::{memchr, memchr_iter};

use super::{Insertion, Replacement};

/// Own lines, the `=` of a soft break not counted (RFC 2045 section 6.7, rule 5: 76 with it).
const LINE_BYTES: usize = 75;

/// What the octets at a place stand for.
enum Token {
    Octet { value: u8, length: usize },
    SoftBreak { length: usize },
}

pub(super) fn decode(encoded: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(encoded.len());
    let mut at = 0;
    // No token has a second `=` in it.
    for equals in memchr_iter(b'=', encoded) {
        out.extend_from_slice(encoded.get(at..equals).unwrap_or_default());
        at = equals;
        match token(encoded, at) {
            Some(Token::Octet { value, length }) => {
                out.push(value);
                at += length;
            }
            Some(Token::SoftBreak { length }) => at += length,
            None => {}
        }
    }
    out.extend_from_slice(encoded.get(at..).unwrap_or_default());
    out
}

#[inline]
fn token(encoded: &[u8], at: usize) -> Option<Token> {
    let first = *encoded.get(at)?;
    if first != b'=' {
        return Some(Token::Octet { value: first, length: 1 });
    }
    let rest = encoded.get(at + 1..).unwrap_or_default();
    if let [high, low, ..] = rest
        && let (Some(high), Some(low)) = (hex(*high), hex(*low))
    {
        return Some(Token::Octet { value: high << 4 | low, length: 3 });
    }
    let blanks = rest.iter().take_while(|octet| matches!(octet, b' ' | b'\t')).count();
    match rest.get(blanks..).unwrap_or_default() {
        [] => Some(Token::SoftBreak { length: 1 + blanks }),
        [b'\n', ..] => Some(Token::SoftBreak { length: 2 + blanks }),
        [b'\r', b'\n', ..] => Some(Token::SoftBreak { length: 3 + blanks }),
        _ => Some(Token::Octet { value: b'=', length: 1 }),
    }
}

fn hex(octet: u8) -> Option<u8> {
    match octet {
        b'0'..=b'9' => Some(octet - b'0'),
        b'A'..=b'F' => Some(octet - b'A' + 10),
        b'a'..=b'f' => Some(octet - b'a' + 10),
        _ => None,
    }
}

/// Where the decoded octet `target` stands in the encoded ones, and in which column.
pub(super) fn position(encoded: &[u8], target: usize) -> (usize, usize) {
    let (mut at, mut produced) = (0, 0);
    while let Some(rest) = encoded.get(at..).filter(|rest| !rest.is_empty()) {
        let plain = memchr(b'=', rest).unwrap_or(rest.len());
        if target - produced < plain {
            at += target - produced;
            break;
        }
        (at, produced) = (at + plain, produced + plain);
        match token(encoded, at) {
            Some(Token::SoftBreak { length }) => at += length,
            Some(Token::Octet { length, .. }) if produced < target => (at, produced) = (at + length, produced + 1),
            _ => break,
        }
    }
    let line = memchr::memrchr(b'\n', encoded.get(..at).unwrap_or_default()).map_or(0, |newline| newline + 1);
    (at, at - line)
}

/// The replacements, and where each insertion stands in `encoded`.
pub(super) fn insert(
    encoded: &[u8],
    insertions: &[Insertion],
    line_end: &'static str,
) -> (Vec<Replacement>, Vec<usize>) {
    let mut replacements: Vec<Replacement> = Vec::new();
    let mut places = Vec::new();
    for one in insertions {
        let (at, mut column) = position(encoded, one.at);
        places.push(at);
        let mut octets = Vec::new();
        // A soft break at the very end of the leaf has nothing after it that it could join.
        if at == encoded.len() && ends_in_open_soft_break(encoded) {
            octets.extend_from_slice(line_end.as_bytes());
            column = 0;
        }
        // A second piece at the same place begins on a line of its own.
        if let Some(last) = replacements.last_mut().filter(|last| last.range.end == at)
            && !last.octets.is_empty()
            && !last.octets.ends_with(line_end.as_bytes())
        {
            last.octets.push(b'=');
            last.octets.extend_from_slice(line_end.as_bytes());
        }
        let before = encoded.get(..at).and_then(<[u8]>::last).copied();
        let open = encode_open(&one.octets, line_end, encoded.get(at..));
        if before == Some(b'\r') {
            // Between a CR and its LF there is no place for a line of our own. Whoever comes second there finds the CR
            // taken already.
            if let Some(last) = replacements.last_mut().filter(|last| last.range == (at - 1..at)) {
                last.octets.extend_from_slice(&open);
                continue;
            }
            // The column counts the CR, in whose place four octets come.
            if column > LINE_BYTES - 2 {
                octets.push(b'=');
                octets.extend_from_slice(line_end.as_bytes());
            }
            octets.extend_from_slice(b"=0D=");
            octets.extend_from_slice(line_end.as_bytes());
            octets.extend_from_slice(&open);
            replacements.push(Replacement { range: at - 1..at, octets });
            continue;
        }
        let starts_line = one.octets.starts_with(line_end.as_bytes());
        let blank_before = matches!(before, Some(b' ' | b'\t'));
        if column > 0 && (!starts_line || blank_before) {
            octets.push(b'=');
            octets.extend_from_slice(line_end.as_bytes());
        }
        octets.extend_from_slice(&open);
        replacements.push(Replacement { range: at..at, octets });
    }
    (replacements, places)
}

fn ends_in_open_soft_break(encoded: &[u8]) -> bool {
    let open = encoded.trim_ascii_end();
    encoded.last().is_some_and(|last| *last != b'\n')
        && open.ends_with(b"=")
        && matches!(token(encoded, open.len() - 1), Some(Token::SoftBreak { length }) if open.len() - 1 + length == encoded.len())
}

/// Encoded octets that other encoded octets follow: unless they end a line, a soft break parts them.
fn encode_open(octets: &[u8], line_end: &'static str, follows: Option<&[u8]>) -> Vec<u8> {
    let mut out = encode(octets, line_end);
    let follows = follows.unwrap_or_default();
    let line_follows = follows.is_empty() || follows.starts_with(line_end.as_bytes());
    if !octets.is_empty() && !out.ends_with(line_end.as_bytes()) && !line_follows {
        out.push(b'=');
        out.extend_from_slice(line_end.as_bytes());
    }
    out
}

/// Octets that stand for themselves within a line.
const PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut octet = b' ';
    while octet <= b'~' {
        plain[octet as usize] = octet != b'=';
        octet += 1;
    }
    plain[b'\t' as usize] = true;
    plain
};

/// Octets as quoted-printable; `line_end` in them stays a line end.
pub(super) fn encode(octets: &[u8], line_end: &'static str) -> Vec<u8> {
    // Room for the worst case, so that no half-filled buffer is given back unwiped.
    let mut out = Vec::with_capacity(octets.len() * 3 + octets.len() / 24 * 3 + 8);
    let mut column = 0;
    let mut at = 0;
    while let Some(octet) = octets.get(at).copied() {
        let rest = octets.get(at..).unwrap_or_default();
        if column > 0 {
            // Most octets stand for themselves wherever they are but at the beginning of a line;
            // blanks too, unless the line ends behind them, which is asked below.
            let room = rest.get(..LINE_BYTES - column).unwrap_or(rest);
            let run = room.iter().position(|octet| !PLAIN[usize::from(*octet)]).unwrap_or(room.len());
            let run = rest.get(..run).unwrap_or_default().trim_ascii_end();
            out.extend_from_slice(run);
            let run = run.len();
            (column, at) = (column + run, at + run);
            if run > 0 {
                continue;
            }
        }
        if matches!(octet, b'\r' | b'\n') && rest.starts_with(line_end.as_bytes()) {
            out.extend_from_slice(line_end.as_bytes());
            column = 0;
            at += line_end.len();
            continue;
        }
        let next = rest.get(1..).unwrap_or_default();
        let line_ends_here = || next.is_empty() || next.starts_with(line_end.as_bytes());
        let literal = match octet {
            b'=' => false,
            b' ' | b'\t' => !line_ends_here(),
            // A line that begins with `--` could be taken for a delimiter, one that begins with `From ` or `.` is
            // changed by other relays.
            b'-' => column > 0 || !next.starts_with(b"-"),
            b'F' => column > 0 || !next.starts_with(b"rom "),
            b'.' => column > 0,
            _ => (33..=126).contains(&octet),
        };
        let length = if literal { 1 } else { 3 };
        if column + length > LINE_BYTES {
            out.push(b'=');
            out.extend_from_slice(line_end.as_bytes());
            column = 0;
            continue;
        }
        if literal {
            out.push(octet);
        } else {
            const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
            let digit = |nibble: u8| DIGITS.get(usize::from(nibble)).copied().unwrap_or(b'0');
            out.extend_from_slice(&[b'=', digit(octet >> 4), digit(octet & 15)]);
        }
        column += length;
        at += 1;
    }
    out
}
