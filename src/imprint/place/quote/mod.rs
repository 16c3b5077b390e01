//! The search for the line that begins quoted text, in lines of any origin.
//!
//! [`Watch`] takes lines one after the other and answers with the first that begins a quote, as soon as the lines after
//! it (at most [`AHEAD`]) prove it. What counts: a banner (`-----Original Message-----`), a block of header fields of one
//! language, an attribution (`On … wrote:`), and lines that start with `>` after which no own text follows, with the line
//! that says whose they are.
//!
//! Every line is looked at a bounded number of times and no more than [`LONGEST`] bytes of it, so the work is linear
//! whatever the text. A sentence that merely begins with "On" or "From:" is no quote: a date, an address or a second
//! label has to stand with it.

mod attribution;
mod banner;
mod block;

use super::super::wiped::WipedText;
use super::{Kind, Separators, steps};

/// A line as the search sees it.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    /// Folded text without quote marks; empty where the line cannot matter.
    text: WipedText,
    blank: bool,
    quoted: bool,
    /// Where an attribution begins in a line that own text begins.
    within: Option<usize>,
    /// It begins as the organisation says that quoted text does.
    separates: bool,
}

/// How a line may introduce what stands below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Introduction {
    /// It ends with a colon and has a number: enough before a quote that a mail program marks as one.
    Colon,
    /// It also has an address or a date.
    Attribution,
}

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hit {
    pub marker: &'static str,
    pub kind: Option<Kind>,
    /// Bytes of the line before the quote begins; 0 but where a line break was lost.
    pub column: usize,
}

impl Hit {
    fn new(marker: &'static str, kind: Option<Kind>) -> Hit {
        Hit { marker, kind, column: 0 }
    }
}

/// How many lines after a line may be needed to judge it.
pub(super) const AHEAD: usize = 12;

/// So many bytes of a line are read. No program writes longer attributions.
const LONGEST: usize = 1_000;

impl Line {
    /// Reads a line; its line end may be there or not.
    pub fn new(raw: &str, separators: &Separators) -> Line {
        let (rest, quoted) = without_quote_marks(raw);
        let blank = rest.chars().all(is_blank);
        let rest = head(rest);
        let text = if !blank && may_matter(rest) { fold(rest) } else { WipedText::default() };
        let within = if quoted { None } else { attribution::within(head(raw), &text) };
        let separates = !blank && !separators.is_empty() && separators.begin(&fold(rest));
        Line { text, blank, quoted, within, separates }
    }

    /// Whether the line may introduce a quote in any language.
    pub fn introduction(&self) -> Option<Introduction> {
        attribution::introduction(&self.text)
    }
}

/// The first quote in a sequence of lines. `P` is what the caller knows about the place of each line.
#[derive(Debug)]
pub(super) struct Watch<P> {
    lines: Vec<Line>,
    places: Vec<P>,
    /// The next line to judge.
    next: usize,
    /// The last own line, where it says whose words follow.
    introduced: Option<P>,
    quoted: Option<Quoted<P>>,
}

/// Lines that start with `>` and stand after the last own text.
#[derive(Debug, Clone, Copy)]
struct Quoted<P> {
    /// Of the first of them, or of the line that introduces them.
    place: P,
    lines: usize,
    introduced: bool,
}

impl<P: Copy> Watch<P> {
    pub fn new() -> Watch<P> {
        Watch { lines: Vec::new(), places: Vec::new(), next: 0, introduced: None, quoted: None }
    }

    /// Takes the next line. The answer may be a line taken earlier.
    pub fn push(&mut self, line: Line, place: P) -> Option<(P, Hit)> {
        self.lines.push(line);
        self.places.push(place);
        if self.lines.len() - self.next > AHEAD { self.judge() } else { None }
    }

    /// No more lines come. To be asked until the answer is there or all lines are judged, which one call does.
    pub fn finish(&mut self) -> Option<(P, Hit)> {
        while self.next < self.lines.len() {
            let found = self.judge();
            if found.is_some() {
                return found;
            }
        }
        match self.quoted.take()? {
            Quoted { place, introduced: true, .. } => Some((place, attribution::FOUND)),
            Quoted { place, lines, .. } if lines >= 2 => Some((place, Hit::new("plain.quoted_lines", None))),
            _ => None,
        }
    }

    fn judge(&mut self) -> Option<(P, Hit)> {
        steps::add(1);
        let window = self.lines.get(self.next..).unwrap_or_default();
        let (line, place) = (window.first()?, *self.places.get(self.next)?);
        if line.quoted {
            self.quoted = Some(match self.quoted {
                Some(quoted) => Quoted { lines: quoted.lines + 1, ..quoted },
                None => {
                    let introduced = self.introduced.is_some();
                    Quoted { place: self.introduced.unwrap_or(place), lines: 1, introduced }
                }
            });
        } else if !line.blank {
            self.quoted = None;
            self.introduced = attribution::introduces(window).then_some(place);
        }
        let hit = hit(window);
        let first = self.quoted.map_or(place, |quoted| quoted.place);
        self.next += 1;
        if self.next > 64 * AHEAD {
            self.lines.drain(..self.next);
            self.places.drain(..self.next);
            self.next = 0;
        }
        hit.map(|hit| (first, hit))
    }
}

/// Whether the first line of the window begins a quote.
fn hit(window: &[Line]) -> Option<Hit> {
    let line = window.first()?;
    if line.separates {
        return Some(Hit::new("tenant.separator", None));
    }
    if line.text.is_empty() {
        return None;
    }
    banner::find(window).or_else(|| block::find(window)).or_else(|| attribution::find(window))
}

/// Whether a line can begin or end an introduction: it begins with a ruled line, has a digit, a colon or an address, or is
/// short and ends in another script than Latin, some of which have no colon.
fn may_matter(line: &str) -> bool {
    let ruled = |byte: &u8| matches!(byte, b'-' | b'_' | b'*' | b'=' | b'#' | 0xe2);
    // A colon is the byte after the digits. All bytes of a piece are compared before one is asked for, which the
    // compiler turns into instructions on many bytes at once.
    let tells = |byte: u8| (byte.wrapping_sub(b'0') <= 10) | (byte == b'@') | (byte == b'<') | (byte == 0xef);
    let any = |piece: &[u8]| piece.iter().fold(false, |any, byte| any | tells(*byte));
    let ends = |line: &str| line.trim_end_matches(['.', ' ', '\r', '\n']).ends_with(|last: char| last >= '\u{530}');
    let bytes = line.as_bytes();
    bytes.first().is_some_and(ruled) || bytes.chunks(64).any(any) || bytes.len() <= SHORT && ends(line)
}

/// Bytes of a line that is short.
const SHORT: usize = 160;

/// The first [`LONGEST`] bytes of a line, cut on a character boundary.
fn head(line: &str) -> &str {
    let mut end = line.len().min(LONGEST);
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    line.get(..end).unwrap_or_default()
}

/// Takes `>` and blanks off the beginning; tells whether a `>` was there.
fn without_quote_marks(line: &str) -> (&str, bool) {
    let rest = line.trim_start_matches(is_blank);
    let bare = rest.trim_start_matches(|c| c == '>' || is_blank(c));
    (bare, rest.starts_with('>'))
}

/// Blanks, and characters that show nothing: byte order mark, zero-width and direction marks.
#[inline]
pub(super) fn is_blank(c: char) -> bool {
    match c {
        ' ' | '\t'..='\r' => true,
        '\0'..='\x7f' => false,
        _ => c.is_whitespace() || is_unseen(c),
    }
}

fn is_unseen(c: char) -> bool {
    matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{ad}')
}

/// Whether a text folds to itself but for the case of its letters, as most lines do. All bytes of a piece are compared
/// before one is asked for, as in [`may_matter`].
fn differs_by_case_alone(text: &[u8]) -> bool {
    let odd = |byte: u8| !byte.is_ascii() | (byte.wrapping_sub(b'\t') < 5);
    let any_odd = |piece: &[u8]| piece.iter().fold(false, |any, byte| any | odd(*byte));
    let pairs = text.iter().zip(text.iter().skip(1));
    !text.chunks(64).any(any_odd) && !pairs.fold(false, |any, (one, two)| any | ((*one == b' ') & (*two == b' ')))
}

/// How many bytes at the beginning of `text` fold to themselves but for their case: ASCII without two blanks in a row.
/// `blank`: a blank stands before them.
fn plain_run(text: &str, blank: bool) -> usize {
    let mut before = if blank { b' ' } else { 0 };
    let plain = |byte: u8| {
        let second_blank = byte == b' ' && before == b' ';
        before = byte;
        byte.is_ascii() && !matches!(byte, b'\t'..=b'\r') && !second_blank
    };
    text.bytes().map(plain).take_while(|plain| *plain).count()
}

/// Lower case, single ASCII blanks, no unseen characters, ASCII colons and apostrophes.
pub(super) fn fold(text: &str) -> WipedText {
    steps::add(text.len());
    let mut out = WipedText::with_capacity(text.len());
    if differs_by_case_alone(text.as_bytes()) {
        out.push_lower_case(text.trim_ascii_end());
        return out;
    }
    let mut blank = false;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let (plain, behind) = rest.split_at_checked(plain_run(rest, blank)).unwrap_or(("", rest));
        if !plain.is_empty() {
            out.push_lower_case(plain);
            blank = plain.ends_with(' ');
            rest = behind;
            continue;
        }
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
        match c {
            ' ' | '\t'..='\r' => {
                if !blank {
                    out.push(' ');
                }
                blank = true;
                continue;
            }
            _ if c.is_whitespace() => {
                if !blank {
                    out.push(' ');
                }
                blank = true;
                continue;
            }
            // A capital I with a dot becomes an i and a combining dot; Arabic vowel signs are written or left out.
            '\u{307}' | '\u{64b}'..='\u{652}' => continue,
            _ if is_unseen(c) => continue,
            // The colons of Chinese and Japanese, of Armenian and of Khmer.
            '\u{ff1a}' | '\u{55d}' | '\u{17d6}' => out.push(':'),
            '\u{2019}' => out.push('\''),
            _ => c.to_lowercase().filter(|c| *c != '\u{307}').for_each(|c| out.push(c)),
        }
        blank = false;
    }
    out.truncate(out.trim_end().len());
    out
}
