//! Attributions: the line, wrapped over a few at most, that says who wrote the quoted text and when.
//!
//! Three proofs are taken. An address in brackets near the end with a date before it and a colon after it, in any
//! language; a verb of writing at the end with a date; a name, a verb and a date in the languages that order them so.

use super::super::Kind;
use super::super::words;
use super::{Hit, Line};

/// Lines that one attribution may be wrapped over, empty ones included.
const LINES: usize = 5;

/// Bytes of the joined lines; longer ones are prose.
const JOINED: usize = 420;

const FOUND: Hit = Hit { marker: "plain.on_wrote", kind: Some(Kind::Reply) };

/// Whether the first line of the window begins an attribution.
pub(super) fn find(window: &[Line]) -> Option<Hit> {
    let first = bare(&window.first()?.text);
    if complete(first) {
        return Some(FOUND);
    }
    if !begins(first) {
        return None;
    }
    let mut joined = first.to_owned();
    let mut blanks = 0;
    for line in window.iter().take(LINES).skip(1) {
        if line.blank {
            blanks += 1;
            if blanks > 1 {
                return None;
            }
            continue;
        }
        // After an empty line only the address may still follow.
        if blanks > 0 && !line.text.starts_with('<') && !joined.ends_with('<') || begins(bare(&line.text)) {
            return None;
        }
        joined.push(' ');
        joined.push_str(&line.text);
        if joined.len() > JOINED {
            return None;
        }
        if complete(&joined) {
            return Some(FOUND);
        }
    }
    None
}

/// Without the dashes that some programs put before the line.
fn bare(text: &str) -> &str {
    text.trim_start_matches(['-', '*', '>', ' ', '\u{2014}'])
}

/// Whether a line may be the first of several.
fn begins(text: &str) -> bool {
    let date = Date::of(text);
    (opener(text) && date.any()) || (date.day && date.time) || (address_end(text).is_some() && verb_inside(text))
}

/// Whether the whole attribution stands here.
fn complete(text: &str) -> bool {
    if text.len() > JOINED || text.len() < 6 {
        return false;
    }
    let date = Date::of(text);
    let Some(line) = text.strip_suffix([':', '\u{fe55}']).map(|line| line.trim_end_matches([' ', '*', '-', '_']))
    else {
        return without_colon(text, date);
    };
    if let Some(end) = address_end(line) {
        let tail = line.get(end..).unwrap_or_default();
        let near = tail.chars().count() <= 40;
        if near && (date.strong() || (date.any() && opener(line))) {
            return true;
        }
        if near && verb_at_end(line) {
            return true;
        }
    }
    if verb_at_end(line) && (date.strong() || (opener(line) && date.any())) {
        return true;
    }
    if line.starts_with("in message ") && verb_at_end(line) {
        return true;
    }
    verb_inside(line) && date.any() && (opener(line) || date.strong() || address_end(line).is_some())
}

/// Programs that leave the colon out: "On Wed, 14 Nov 2018 … wrote", "2013/7/20 Ada <a@b>", "2016-03-03 17:21 GMT+01:00 Ada".
fn without_colon(text: &str, date: Date) -> bool {
    let line = text.trim_end_matches([' ', '*', '-', '_']);
    if verb_at_end(line) && opener(line) && date.strong() && date.time {
        return true;
    }
    if !date_first(line) {
        return false;
    }
    let whole_address = address_end(line).is_some_and(|end| end == line.len());
    whole_address || (date.time && line.contains(" gmt+") || line.contains(" gmt-")) && line.len() < 120
}

fn opener(text: &str) -> bool {
    words::all().openers.iter().any(|opener| {
        text.strip_prefix(opener)
            .is_some_and(|rest| rest.starts_with(|c: char| c == ' ' || c.is_ascii_digit()) || is_wide(opener))
    })
}

fn verb_at_end(line: &str) -> bool {
    words::all().wrote.iter().any(|verb| {
        line.strip_suffix(verb).is_some_and(|before| is_wide(verb) || !before.ends_with(char::is_alphanumeric))
    })
}

fn verb_inside(line: &str) -> bool {
    words::all().wrote_by.iter().any(|verb| {
        line.match_indices(verb).next().is_some_and(|(at, _)| {
            let before = line.get(..at).unwrap_or_default();
            let after = line.get(at + verb.len()..).unwrap_or_default();
            is_wide(verb) || !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric)
        })
    })
}

/// Scripts that put no blank between words.
fn is_wide(word: &str) -> bool {
    word.chars()
        .next()
        .is_some_and(|c| matches!(c, '\u{3040}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{590}'..='\u{5ff}'))
}

/// Where the last address ends, its closing bracket included, if it stands in brackets or after a blank.
fn address_end(text: &str) -> Option<usize> {
    let at = text.rfind('@')?;
    let host = text.get(at + 1..)?;
    let end = host.find(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-' | '_'))).unwrap_or(host.len());
    if end == 0 {
        return None;
    }
    let tail = host.get(end..)?;
    let closed = tail.trim_start_matches([' ', '>', ')', ']', '"', '\'', '\u{bb}', '\u{201d}', ',']);
    let bracket = tail.trim_start().starts_with(['>', ')', ']']);
    bracket.then_some(text.len() - closed.len())
}

/// What a text says of time.
#[derive(Debug, Clone, Copy, Default)]
struct Date {
    /// A year, or a day in digits.
    day: bool,
    /// Hours and minutes.
    time: bool,
    digits: bool,
}

impl Date {
    fn of(text: &str) -> Date {
        let mut date = Date::default();
        let bytes = text.as_bytes();
        let mut at = 0;
        let mut before = [0usize; 2];
        while let Some(byte) = bytes.get(at) {
            if !byte.is_ascii_digit() {
                at += 1;
                continue;
            }
            let run = bytes.iter().skip(at).take_while(|byte| byte.is_ascii_digit()).count();
            let separator = at.checked_sub(1).and_then(|at| bytes.get(at)).copied().unwrap_or(b' ');
            let joined = matches!(separator, b'/' | b'-' | b'.') && before[1] + 1 == at;
            date.digits = true;
            date.day |= run == 4
                && matches!(bytes.get(at..at + 2), Some(b"19" | b"20"))
                && separator != b'.'
                && separator != b'@';
            // The third number of a date in digits: the one before it followed the first directly too.
            date.day |= joined && before[0] != 0 && run <= 4;
            date.time |= matches!(separator, b':' | b'.' | b'h') && before[1] + 1 == at && run == 2;
            before[0] = if joined { before[1] } else { 0 };
            before[1] = at + run;
            at += run;
        }
        date
    }

    fn any(self) -> bool {
        self.digits
    }

    fn strong(self) -> bool {
        self.day
    }
}

/// Whether a line begins with year, month and day in digits.
fn date_first(text: &str) -> bool {
    let bytes = text.as_bytes();
    let year = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    year == 4 && matches!(bytes.get(4), Some(b'-' | b'/' | b'.')) && bytes.get(5).is_some_and(u8::is_ascii_digit)
}
