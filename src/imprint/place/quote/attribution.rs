//! Attributions: the line, wrapped over a few at most, that says who wrote the quoted text and when.
//!
//! Three proofs are taken. An address in brackets near the end with a date before it and a colon after it, in any
//! language; a verb of writing at the end with a date; a name, a verb and a date in the languages that order them so.
//! Without a date ("Bob wrote:") the quoted lines below it have to prove it ([`introduces`]).

use super::super::Kind;
use super::super::words;
use super::{Hit, Introduction, Line, fold};
use crate::imprint::place::steps;
use crate::imprint::wiped::WipedText;

/// Lines that one attribution may be wrapped over, empty ones included.
const LINES: usize = 5;

/// Bytes of the joined lines; longer ones are prose.
const JOINED: usize = 420;

/// Characters of one that gives no date.
const UNDATED: usize = 160;

/// A date that begins an attribution begins within so many characters: after a weekday.
const EARLY: usize = 24;

pub(super) const FOUND: Hit = Hit { marker: "plain.on_wrote", kind: Some(Kind::Reply), column: 0 };

/// Whether the first line of the window begins an attribution.
pub(super) fn find(window: &[Line]) -> Option<Hit> {
    let line = window.first()?;
    let first = bare(&line.text);
    if first.is_empty() {
        return None;
    }
    let quote_follows = quote_follows(window);
    if let Some(column) = line.within.filter(|_| quote_follows) {
        return Some(Hit { column, ..FOUND });
    }
    let colon = first.trim_end_matches([' ', '*', '-', '_']).ends_with([':', '\u{fe55}']);
    if !colon && !first.bytes().any(|byte| byte.is_ascii_digit() || byte == b'@') {
        return None;
    }
    // Too long for all but the two that the end of the line tells.
    if first.len() > JOINED && !first.ends_with([':', '>']) {
        return None;
    }
    let date = Date::of(first);
    let dated = date.day && date.time;
    // GroupWise: ">>> Ada Vance 11/20/26 9:12 AM >>>".
    if line.quoted && first.ends_with(">>>") && dated {
        return Some(Hit::new("groupwise.angle_line", Some(Kind::Reply)));
    }
    if line.within.is_some() {
        return None;
    }
    // In a language that is not known here: a date before quoted lines.
    let above_quote = quote_follows && !line.quoted && date.day;
    if complete(first, date) || (above_quote && dated && first.ends_with(':')) {
        return Some(FOUND);
    }
    // Without a colon: who wrote and when.
    if above_quote && first.len() <= JOINED {
        let begins = date.time || opener(first);
        if verb_at_end(first) || begins && has_verb(first) {
            return Some(FOUND);
        }
    }
    if first.len() > JOINED || !begins(first, date) {
        return None;
    }
    let mut joined = WipedText::from(first);
    let mut apart = false;
    for line in window.iter().take(LINES).skip(1) {
        if line.blank {
            apart = true;
            continue;
        }
        // After an empty line only the address may still follow.
        let follows = !apart || line.text.starts_with('<') || joined.contains('<');
        let next = bare(&line.text);
        if !follows || begins_anew(next, Date::of(next)) {
            return None;
        }
        joined.push(' ');
        joined.push_str(&line.text);
        if joined.len() > JOINED {
            return None;
        }
        if complete(&joined, Date::of(&joined)) {
            return Some(FOUND);
        }
    }
    None
}

/// Whether quoted lines stand below the first line of the window, and it says whose they are, if not when.
pub(super) fn introduces(window: &[Line]) -> bool {
    quote_follows(window) && window.first().is_some_and(|line| without_date(&line.text))
}

/// Whether a line says who wrote what is quoted below it, without saying when: "Bob wrote:". It takes quoted lines, or a
/// quote that a mail program marks as one, to be an attribution.
fn without_date(text: &str) -> bool {
    let line = bare(text).trim_end_matches([' ', '*', '-', '_']);
    if line.len() > JOINED || line.chars().count() > UNDATED {
        return false;
    }
    match line.strip_suffix([':', '\u{fe55}']) {
        Some(line) => has_verb(line.trim_end()),
        // Some languages have no colon.
        None => verb_at_end(line.trim_end_matches('.')),
    }
}

/// Whether a line may introduce a quote in any language.
pub(super) fn introduction(text: &str) -> Option<Introduction> {
    if !text.ends_with(':') || text.len() > JOINED {
        return None;
    }
    let date = Date::of(text);
    if text.contains('@') || date.day || (date.time && opener(text)) {
        return Some(Introduction::Attribution);
    }
    (date.digits || without_date(text)).then_some(Introduction::Colon)
}

/// Whether the next line that is not empty starts with `>`.
fn quote_follows(window: &[Line]) -> bool {
    window.iter().skip(1).take(3).find(|line| !line.blank || line.quoted).is_some_and(|line| line.quoted)
}

/// Where an attribution stands behind own text in one line, as programs leave it that lose line breaks: "Yes.On Wed,
/// Apr 4, 2012 at 3:59 PM, Ada wrote:". English only, whose capital tells it from a sentence.
pub(super) fn within(raw: &str, text: &str) -> Option<usize> {
    if !text.ends_with("wrote:") || text.starts_with("on ") {
        return None;
    }
    let (at, _) = raw.match_indices("On ").find(|(at, _)| *at > 0)?;
    let before = raw.get(..at)?.trim_end_matches([' ', '-']);
    let rest = fold(raw.get(at..)?);
    let date = Date::of(&rest);
    (!before.is_empty() && date.day && complete(&rest, date)).then_some(before.len())
}

/// Without the dashes that some programs put before the line.
fn bare(text: &str) -> &str {
    text.trim_start_matches(['-', '*', '>', ' ', '\u{2014}'])
}

/// Whether a line with this date may be the first of several.
fn begins(text: &str, date: Date) -> bool {
    begins_anew(text, date) || (date.any() && opener(text)) || (address_end(text).is_some() && verb_inside(text))
}

/// Whether a line begins an attribution of its own rather than going on with the one before.
fn begins_anew(text: &str, date: Date) -> bool {
    date.day && (date.time || opener(text))
}

/// Whether the whole attribution stands here.
fn complete(text: &str, date: Date) -> bool {
    steps::add(text.len().min(JOINED));
    if text.len() > JOINED || text.len() < 6 {
        return false;
    }
    let Some(line) = text.trim_end_matches([' ', '*', '-', '_']).strip_suffix([':', '\u{fe55}']).map(str::trim_end)
    else {
        return without_colon(text, date);
    };
    if let Some(end) = address_end(line) {
        let tail = line.get(end..).unwrap_or_default();
        let near = tail.chars().count() <= 40;
        if near && (date.day || (date.time && opener(line))) {
            return true;
        }
        if near && verb_at_end(line) {
            return true;
        }
    }
    if verb_at_end(line) {
        let early = line.char_indices().take(EARLY).any(|(_, c)| c.is_ascii_digit());
        if (date.day && early) || (opener(line) && date.any()) || line.starts_with("in message ") {
            return true;
        }
    }
    if date.day && verb_before_date(line) {
        return true;
    }
    let dated = date.day || date.time;
    verb_inside(line) && dated && (opener(line) || date.day || address_end(line).is_some())
}

/// Programs that leave the colon out: "On Wed, 14 Nov 2018 … wrote", "2013/7/20 Ada <a@b>", "2016-03-03 17:21 GMT+01:00 Ada".
fn without_colon(text: &str, date: Date) -> bool {
    let line = text.trim_end_matches([' ', '*', '-', '_']);
    if date.day && date.time && verb_at_end(line) && opener(line) {
        return true;
    }
    if !date_first(line) {
        return false;
    }
    let whole_address = address_end(line).is_some_and(|end| end == line.len());
    whole_address || (date.time && line.contains(" gmt+") || line.contains(" gmt-")) && line.len() < 120
}

fn opener(text: &str) -> bool {
    words::all().openers.like(text.as_bytes().first()).any(|opener| {
        text.strip_prefix(opener)
            .is_some_and(|rest| rest.starts_with(|c: char| c == ' ' || c.is_ascii_digit()) || is_wide(opener))
    })
}

fn verb_at_end(line: &str) -> bool {
    words::all().verbs_by_end.like(line.as_bytes().last()).any(|verb| {
        line.strip_suffix(verb).is_some_and(|before| is_wide(verb) || !before.ends_with(char::is_alphanumeric))
    })
}

/// "Ada wrote on 12.03.2024": after the verb at most a preposition and then the date, which ends the line.
fn verb_before_date(line: &str) -> bool {
    words::all().verbs.within(line).any(|verb| {
        line.match_indices(verb).last().is_some_and(|(at, _)| {
            let before = line.get(..at).unwrap_or_default();
            let after = line.get(at + verb.len()..).unwrap_or_default();
            let bounded = is_wide(verb) || !before.ends_with(char::is_alphanumeric);
            let lead = after.find(|c: char| c.is_ascii_digit()).unwrap_or(usize::MAX);
            bounded && at > 1 && lead <= 16 && after.len() <= 60
        })
    })
}

fn verb_inside(line: &str) -> bool {
    words::all().wrote_by.within(line).any(|verb| {
        line.match_indices(verb).next().is_some_and(|(at, _)| {
            let before = line.get(..at).unwrap_or_default();
            let after = line.get(at + verb.len()..).unwrap_or_default();
            is_wide(verb) || !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric)
        })
    })
}

/// Whether a verb of writing stands anywhere in the line.
fn has_verb(line: &str) -> bool {
    let is_whole = |verb: &str| {
        line.match_indices(verb).any(|(at, _)| {
            let before = line.get(..at).unwrap_or_default();
            let after = line.get(at + verb.len()..).unwrap_or_default();
            is_wide(verb) || !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric)
        })
    };
    verb_inside(line) || words::all().verbs.within(line).any(is_whole)
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
        while let Some(gap) = bytes.get(at..).and_then(|rest| rest.iter().position(u8::is_ascii_digit)) {
            at += gap;
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
}

/// Whether a line begins with year, month and day in digits.
fn date_first(text: &str) -> bool {
    let bytes = text.as_bytes();
    let year = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    year == 4 && matches!(bytes.get(4), Some(b'-' | b'/' | b'.')) && bytes.get(5).is_some_and(u8::is_ascii_digit)
}
