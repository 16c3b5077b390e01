//! A rule's keyword taken out of the Subject: the one change of a header field that is the message's own.
//!
//! The field is cut where the keyword stands, in its raw text or inside its encoded words (RFC 2047), with the blanks
//! behind it, or before it at the end. Everything else of it stays, octet by octet: folds, other encoded words, and
//! what is left of one that was cut keeps charset and encoding. What was cut is read again, by the reader that the
//! rules use; where that is not the old text without the keyword, the Subject stays as it came, as it does where the
//! field stands twice or is longer than any author writes.

use std::borrow::Cow;
use std::ops::Range;

use bytes::Bytes;

use super::HeaderBlock;
use super::encoded_word::EncodedWord;
use super::script::Edit;

/// The edit that takes each of the keywords out of the Subject, once. `None` where none of them stands there, or the
/// field cannot be changed safely.
pub(super) fn without(header: &HeaderBlock, keywords: &[String]) -> Option<Edit> {
    let old = header.only("Subject").filter(|old| !keywords.is_empty() && old.len() <= LONGEST_BYTES)?;
    let field = header.fields().find(|field| field.name.eq_ignore_ascii_case(b"Subject"))?;
    let range = header.value_range(field.index)?;
    let mut new = Cow::Borrowed(old);
    for keyword in keywords {
        if let Some(cut) = take_out(&new, keyword) {
            new = Cow::Owned(cut);
        }
    }
    let same_start = old.iter().zip(&*new).take_while(|(a, b)| a == b).count();
    let room = old.len().min(new.len()) - same_start;
    let same_end = old.iter().rev().zip(new.iter().rev()).take(room).take_while(|(a, b)| a == b).count();
    let changed = new.get(same_start..new.len() - same_end).map(Bytes::copy_from_slice)?;
    let edit = Edit::new((range.start + same_start) as u64..(range.end - same_end) as u64, changed);
    (!edit.range.is_empty() || !edit.octets.is_empty()).then_some(edit)
}

/// A Subject that is longer stays as it came: of what looks like encoded words the reading takes its square.
const LONGEST_BYTES: usize = 8 << 10;

/// A piece of the raw value.
#[derive(Debug)]
struct Token<'a> {
    raw: &'a [u8],
    kind: Kind<'a>,
    /// What a reader sees of it.
    shown: Cow<'a, str>,
}

#[derive(Debug)]
enum Kind<'a> {
    Blank,
    Words,
    Encoded(EncodedWord<'a>),
}

/// What is left of a token.
#[derive(Debug)]
struct Rest<'a> {
    raw: Cow<'a, [u8]>,
    is: Left,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Left {
    /// `shown`: as a blank, which between two encoded words it is not by itself.
    Blank {
        shown: bool,
    },
    Words,
    Encoded,
}

/// The raw value without the keyword.
fn take_out(value: &[u8], keyword: &str) -> Option<Vec<u8>> {
    let tokens = tokens(value)?;
    let text: String = tokens.iter().map(|token| &*token.shown).collect();
    if text != read(value) {
        return None;
    }
    let keyword = find(&text, keyword)?;
    // Of the blanks around it those behind are taken along; else those before, as at the end; else none.
    let (before, after) = (text.get(..keyword.start)?, text.get(keyword.end..)?);
    let (start, end) = (before.trim_end().len(), text.len() - after.trim_start().len());
    let at_a_word = before.is_empty() || start < keyword.start;
    let (with_those_before, with_those_behind) = (start..keyword.end, keyword.start..end);
    let ranges = match (at_a_word, after.is_empty()) {
        (_, true) => [Some(with_those_before), None],
        (true, false) if end > keyword.end => [Some(with_those_behind), Some(with_those_before)],
        _ => [None, None],
    };
    ranges.into_iter().flatten().chain([keyword]).find_map(|range| cut(&tokens, &text, range))
}

/// The value without a range of its text, where it reads so.
fn cut(tokens: &[Token<'_>], text: &str, range: Range<usize>) -> Option<Vec<u8>> {
    let wanted = [text.get(..range.start)?, text.get(range.end..)?].concat();
    let mut rests = Vec::with_capacity(tokens.len());
    let mut start = 0;
    for token in tokens {
        let end = start + token.shown.len();
        let cut = range.start.max(start)..range.end.min(end);
        if cut.is_empty() {
            rests.push(token.whole());
        } else if cut != (start..end) {
            rests.push(token.without(cut.start - start..cut.end - start)?);
        }
        start = end;
    }
    let new = put_together(rests);
    (read(&new) == wanted && !leaves_an_empty_line(&new)).then_some(new)
}

/// The value as the rules see it.
fn read(value: &[u8]) -> String {
    let field = [b"Subject:", value, b"\r\n\r\n"].concat();
    HeaderBlock::parse(field.into()).text("Subject").unwrap_or_default()
}

/// Where the keyword stands, found without case.
fn find(text: &str, keyword: &str) -> Option<Range<usize>> {
    let keyword = keyword.to_lowercase();
    let at = text.to_lowercase().find(&keyword).filter(|_| !keyword.is_empty())?;
    // A character in lower case may be longer or shorter.
    let (mut lower, mut start, mut end) = (0, None, None);
    for (place, character) in text.char_indices() {
        if lower == at {
            start = start.or(Some(place));
        }
        lower += character.to_lowercase().map(char::len_utf8).sum::<usize>();
        if lower == at + keyword.len() {
            end = end.or(Some(place + character.len_utf8()));
        }
    }
    Some(start?..end?)
}

/// The value cut at blanks and encoded words. `None` where it is not UTF-8.
fn tokens(value: &[u8]) -> Option<Vec<Token<'_>>> {
    let mut tokens: Vec<Token<'_>> = Vec::new();
    let mut rest = value;
    while let Some(first) = rest.first() {
        let blanks = rest.iter().take_while(|octet| is_blank(**octet)).count();
        let (length, kind) = if blanks > 0 {
            (blanks, Kind::Blank)
        } else if let Some((length, word)) = EncodedWord::read(rest) {
            (length, Kind::Encoded(word))
        } else {
            let more = rest.get(1..)?;
            let ends = |at: &usize| more.get(*at).is_some_and(|octet| is_blank(*octet)) || is_word(more, *at);
            let length = 1 + (0..more.len()).find(ends).unwrap_or(more.len());
            debug_assert!(!is_blank(*first));
            (length, Kind::Words)
        };
        let (raw, behind) = rest.split_at_checked(length)?;
        let shown = match &kind {
            Kind::Blank => Cow::Borrowed(""),
            Kind::Words => Cow::Borrowed(std::str::from_utf8(raw).ok()?),
            Kind::Encoded(word) => Cow::Owned(word.text().to_owned()),
        };
        tokens.push(Token { raw, kind, shown });
        rest = behind;
    }
    for at in 1..tokens.len().saturating_sub(1) {
        let is_encoded = |at: usize| matches!(tokens.get(at).map(|token| &token.kind), Some(Kind::Encoded(_)));
        let (before, after) = (is_encoded(at - 1), is_encoded(at + 1));
        if let Some(blank) = tokens.get_mut(at).filter(|token| matches!(token.kind, Kind::Blank)) {
            blank.shown = match (before, after) {
                (true, true) => Cow::Borrowed(""),
                (false, false) if !blank.raw.contains(&b'\n') => String::from_utf8_lossy(blank.raw),
                _ => Cow::Borrowed(" "),
            };
        }
    }
    Some(tokens)
}

fn is_blank(octet: u8) -> bool {
    matches!(octet, b' ' | b'\t' | b'\r' | b'\n')
}

fn is_word(text: &[u8], at: usize) -> bool {
    text.get(at..).is_some_and(|text| text.starts_with(b"=?") && EncodedWord::read(text).is_some())
}

impl<'a> Token<'a> {
    fn whole(&self) -> Rest<'a> {
        Rest { raw: Cow::Borrowed(self.raw), is: self.left() }
    }

    fn left(&self) -> Left {
        match self.kind {
            Kind::Blank => Left::Blank { shown: !self.shown.is_empty() },
            Kind::Words => Left::Words,
            Kind::Encoded(_) => Left::Encoded,
        }
    }

    /// Without a part of what is shown.
    fn without(&self, cut: Range<usize>) -> Option<Rest<'a>> {
        let raw = match &self.kind {
            Kind::Blank | Kind::Words => [self.raw.get(..cut.start)?, self.raw.get(cut.end..)?].concat(),
            Kind::Encoded(word) => word.without(cut)?,
        };
        Some(Rest { raw: Cow::Owned(raw), is: self.left() })
    }
}

/// Of two blanks that meet one is kept. Between two encoded words a blank that shows is a word of its own.
fn put_together(rests: Vec<Rest<'_>>) -> Vec<u8> {
    let mut kept: Vec<Rest<'_>> = Vec::with_capacity(rests.len());
    for rest in rests {
        let is_blank = |rest: &Rest<'_>| matches!(rest.is, Left::Blank { .. });
        if is_blank(&rest) && kept.last().is_some_and(is_blank) {
            continue;
        }
        let between = if let [.., word, blank] = kept.as_slice() {
            word.is == Left::Encoded && blank.is == Left::Blank { shown: true } && rest.is == Left::Encoded
        } else {
            false
        };
        if between {
            kept.push(Rest { raw: Cow::Borrowed(BLANK_WORD), is: Left::Encoded });
        }
        kept.push(rest);
    }
    if kept.iter().all(|rest| matches!(rest.is, Left::Blank { .. })) {
        return Vec::new();
    }
    kept.iter().flat_map(|rest| rest.raw.iter().copied()).collect()
}

/// A line of nothing but blanks would end the header for some readers.
fn leaves_an_empty_line(value: &[u8]) -> bool {
    let mut lines = value.split(|octet| *octet == b'\n');
    lines.next();
    lines.any(|line| line.iter().all(|octet| is_blank(*octet)))
}

/// Shows one blank.
const BLANK_WORD: &[u8] = b"=?us-ascii?Q?_?= ";
