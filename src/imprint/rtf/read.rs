//! The text of RTF, token by token: groups and their states, code pages, what is shown and what is not.

use std::collections::HashMap;

use encoding_rs::{Encoding, WINDOWS_1252};

use super::super::wiped::{Wiped, WipedText};
use super::token::{Token, Tokens, What};
use super::{DEPTH, RtfError, code_page};

/// What the body was made from (MS-OXRTFEX section 2.1.3.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    Html,
    Text,
    Native,
}

/// Where the tables end, in octets, and the first number that is not taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TableEnds {
    pub fonts: Option<(usize, i32)>,
    pub colours: Option<(usize, i32)>,
}

/// Where the text of a group goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Body,
    /// Markup of the HTML.
    Tag,
    Fonts,
    Colours,
    Nothing,
}

#[derive(Debug, Clone, Copy)]
struct State {
    shown: Shown,
    /// In `\htmlrtf`: only for readers of the RTF.
    rtf_only: bool,
    hidden: bool,
    /// Characters that stand for a `\u` where it is not known.
    fallback: u32,
    font: i32,
    in_cell: bool,
}

/// What was read so far.
pub(super) struct Reader<'a> {
    tokens: Tokens<'a>,
    /// States of the groups around.
    groups: Vec<State>,
    state: State,
    pub(super) origin: Origin,
    pub(super) tables: TableEnds,
    fonts: HashMap<i32, &'static Encoding>,
    default_font: i32,
    page: &'static Encoding,
    pub(super) text: WipedText,
    /// Octets that are not decoded yet, and their encoding.
    pending: Wiped,
    encoding: &'static Encoding,
    /// The last octet of them is the first of two.
    lead: bool,
    /// The first half of a character beyond the basic plane.
    high: Option<u16>,
    /// What is still skipped after a `\u`.
    pub(super) skip: u32,
    /// The group has just begun, perhaps with a `\*`.
    begun: Option<bool>,
    /// Between `\trowd` and `\row`.
    in_row: bool,
    /// Plain text with what only HTML in RTF has.
    pub(super) mixed: bool,
}

/// Groups that show nothing although no `\*` says so (RTF specification, destinations).
const UNSHOWN: [&[u8]; 26] = [
    b"stylesheet",
    b"info",
    b"pict",
    b"object",
    b"header",
    b"headerl",
    b"headerr",
    b"headerf",
    b"footer",
    b"footerl",
    b"footerr",
    b"footerf",
    b"footnote",
    b"fldinst",
    b"pntext",
    b"pntxta",
    b"pntxtb",
    b"listtable",
    b"listoverridetable",
    b"revtbl",
    b"filetbl",
    b"themedata",
    b"nonshppict",
    b"bkmkstart",
    b"bkmkend",
    b"template",
];

impl<'a> Reader<'a> {
    pub(super) fn new(octets: &'a [u8]) -> Reader<'a> {
        let state = State { shown: Shown::Body, rtf_only: false, hidden: false, fallback: 1, font: 0, in_cell: false };
        Reader {
            tokens: Tokens::new(octets),
            groups: Vec::new(),
            state,
            origin: Origin::Native,
            tables: TableEnds::default(),
            fonts: HashMap::new(),
            default_font: 0,
            page: WINDOWS_1252,
            text: WipedText::default(),
            pending: Wiped::default(),
            encoding: WINDOWS_1252,
            lead: false,
            high: None,
            skip: 0,
            begun: None,
            in_row: false,
            mixed: false,
        }
    }

    pub(super) fn next(&mut self) -> Option<Token<'a>> {
        self.tokens.next()
    }

    /// The outermost group is closed, or none was opened.
    pub(super) fn is_over(&self) -> bool {
        self.groups.is_empty()
    }

    /// In markup of the HTML.
    pub(super) fn is_tag(&self) -> bool {
        self.state.shown == Shown::Tag && self.is_decoded()
    }

    /// All that was read shows in the text.
    fn is_decoded(&self) -> bool {
        self.pending.is_empty() && self.high.is_none()
    }

    /// A group of our own would be seen, and divide no row of a table.
    pub(super) fn is_open(&self) -> bool {
        let state = &self.state;
        let is_body = state.shown == Shown::Body && !state.rtf_only && !state.hidden;
        let in_table = self.origin == Origin::Native && (state.in_cell || self.in_row);
        is_body && !in_table && self.is_decoded()
    }

    /// How many groups are around, where a group of our own may stand before a token.
    pub(super) fn is_free(&self) -> Option<usize> {
        let is_between = self.begun.is_none() && self.skip == 0 && !self.groups.is_empty();
        (is_between && self.is_open()).then_some(self.groups.len())
    }

    pub(super) fn take(&mut self, token: &Token<'a>) -> Result<(), RtfError> {
        let begun = self.begun.take();
        match token.what {
            What::Open => {
                self.flush();
                self.skip = 0;
                if self.groups.len() >= DEPTH {
                    return Err(RtfError::TooDeep);
                }
                self.groups.push(self.state);
                self.begun = Some(false);
            }
            What::Close => {
                self.flush();
                self.skip = 0;
                self.close(token.start)?;
            }
            What::Symbol(b'*') if begun.is_some() => self.begun = Some(true),
            What::Word { name, number } => {
                if let Some(starred) = begun {
                    self.destination(name, starred);
                }
                self.word(name, number);
            }
            What::Symbol(symbol) => self.symbol(symbol),
            What::Octet(octet) => {
                if !self.skipped() {
                    self.octet(octet);
                }
            }
            What::Text(text) => self.literal(text),
        }
        Ok(())
    }

    fn close(&mut self, at: usize) -> Result<(), RtfError> {
        let closed = self.state.shown;
        let outer = self.groups.pop().ok_or(RtfError::Unbalanced)?;
        let place = |next: Option<(usize, i32)>| Some((at, next.map_or(0, |(_, next)| next)));
        match (closed, outer.shown) {
            (Shown::Fonts, Shown::Body) => self.tables.fonts = place(self.tables.fonts),
            (Shown::Colours, Shown::Body) => self.tables.colours = place(self.tables.colours),
            _ => {}
        }
        self.state = outer;
        Ok(())
    }

    fn destination(&mut self, name: &[u8], starred: bool) {
        let shown = match name {
            b"htmltag" if starred => Shown::Tag,
            b"fonttbl" => Shown::Fonts,
            b"colortbl" => Shown::Colours,
            _ if starred || UNSHOWN.contains(&name) => Shown::Nothing,
            _ => return,
        };
        if self.state.shown == Shown::Body {
            self.state.shown = shown;
        }
    }

    fn word(&mut self, name: &[u8], number: Option<i32>) {
        if name == b"u" {
            if let Some(number) = number {
                self.unit(number);
            }
            return;
        }
        if self.skipped() {
            return;
        }
        self.flush();
        let on = number != Some(0);
        match name {
            b"fromhtml" if on && self.is_start() => self.origin = Origin::Html,
            b"fromtext" if self.is_start() => self.origin = Origin::Text,
            b"ansicpg" => self.page = self.page_of(number),
            b"mac" => self.page = code_page::encoding(10000).unwrap_or(self.page),
            b"deff" => self.default_font = number.unwrap_or(0),
            b"f" => {
                self.state.font = number.unwrap_or(0);
                if self.state.shown == Shown::Fonts {
                    let next = self.tables.fonts.map_or(0, |(_, next)| next).max(self.state.font.saturating_add(1));
                    self.tables.fonts = Some((0, next));
                }
            }
            b"fcharset" if self.state.shown == Shown::Fonts => {
                let page = number.and_then(code_page::of_font).and_then(code_page::encoding);
                self.fonts.insert(self.state.font, page.unwrap_or(self.page));
            }
            b"cpg" if self.state.shown == Shown::Fonts => {
                let page = self.page_of(number);
                self.fonts.insert(self.state.font, page);
            }
            b"plain" => {
                self.state.font = self.default_font;
                self.state.hidden = false;
            }
            b"pard" => self.state.in_cell = false,
            b"intbl" => self.state.in_cell = true,
            b"trowd" => self.in_row = true,
            b"v" => self.state.hidden = on,
            b"uc" => self.state.fallback = number.and_then(|count| u32::try_from(count).ok()).unwrap_or(1),
            b"htmlrtf" if self.origin == Origin::Html => self.state.rtf_only = on,
            b"htmlrtf" if self.origin == Origin::Text => self.mixed = true,
            _ => self.shown_word(name),
        }
        if name == b"row" {
            self.in_row = false;
        }
    }

    /// Before all text, where a document says what it was made from.
    fn is_start(&self) -> bool {
        self.groups.len() == 1 && self.text.is_empty()
    }

    fn page_of(&self, number: Option<i32>) -> &'static Encoding {
        let page = number.and_then(|number| u32::try_from(number).ok()).and_then(code_page::encoding);
        page.unwrap_or(WINDOWS_1252)
    }

    fn shown_word(&mut self, name: &[u8]) {
        let html = self.origin == Origin::Html;
        let line_end = if html { "\r\n" } else { "\n" };
        let text = match name {
            b"par" | b"line" => line_end,
            b"sect" | b"page" | b"row" if !html => line_end,
            b"tab" => "\t",
            b"cell" if !html => "\t",
            b"lquote" => "\u{2018}",
            b"rquote" => "\u{2019}",
            b"ldblquote" => "\u{201c}",
            b"rdblquote" => "\u{201d}",
            b"bullet" => "\u{2022}",
            b"endash" => "\u{2013}",
            b"emdash" => "\u{2014}",
            b"enspace" | b"emspace" | b"qmspace" => " ",
            _ => return,
        };
        self.show(text);
    }

    fn symbol(&mut self, symbol: u8) {
        if self.skipped() {
            return;
        }
        match symbol {
            b'\\' | b'{' | b'}' => {
                self.octet(symbol);
                return;
            }
            _ => self.flush(),
        }
        let html = self.origin == Origin::Html && self.state.shown != Shown::Tag;
        match symbol {
            b'~' => self.show(if html { "&nbsp;" } else { "\u{a0}" }),
            b'_' => self.show(if html { "&shy;" } else { "\u{2011}" }),
            b'\t' => self.show("\t"),
            _ => {}
        }
    }

    fn literal(&mut self, text: &[u8]) {
        let skipped = usize::try_from(self.skip).unwrap_or(usize::MAX).min(text.len());
        self.skip -= u32::try_from(skipped).unwrap_or(0);
        let mut text = text.get(skipped..).unwrap_or_default();
        if text.is_empty() {
            return;
        }
        if let Some((first, rest)) = text.split_first().filter(|_| self.lead) {
            self.octet(*first);
            text = rest;
        }
        if self.state.shown == Shown::Colours {
            let ends = text.iter().filter(|octet| **octet == b';').count();
            let next = self.tables.colours.map_or(0, |(_, next)| next);
            self.tables.colours = Some((0, next.saturating_add(i32::try_from(ends).unwrap_or(i32::MAX))));
        }
        if text.is_ascii() {
            self.flush();
            self.show(std::str::from_utf8(text).unwrap_or_default());
        } else {
            text.iter().for_each(|octet| self.octet(*octet));
        }
    }

    /// Whether the character only stands for a `\u` before it.
    fn skipped(&mut self) -> bool {
        let skipped = self.skip > 0;
        self.skip -= u32::from(skipped);
        skipped
    }

    fn octet(&mut self, octet: u8) {
        if !self.is_shown() {
            return;
        }
        if self.pending.is_empty() {
            let tag = self.state.shown == Shown::Tag;
            let font = self.fonts.get(&self.state.font).copied().filter(|_| !tag);
            self.encoding = font.unwrap_or(self.page);
            self.lead = false;
        }
        self.pending.extend_from_slice(&[octet]);
        // Katakana of half width are single octets in Shift JIS.
        let kana = self.encoding == encoding_rs::SHIFT_JIS && (0xa0..=0xdf).contains(&octet);
        self.lead = !self.lead && !self.encoding.is_single_byte() && octet >= 0x81 && !kana;
    }

    fn unit(&mut self, number: i32) {
        self.flush_octets();
        self.skip = self.state.fallback;
        // Numbers above 32767 are written as negative ones.
        let Ok(unit) = u16::try_from(number.rem_euclid(0x1_0000)) else { return };
        match (self.high.take(), unit) {
            (_, 0xd800..=0xdbff) => self.high = Some(unit),
            (high, _) => {
                let units = high.into_iter().chain([unit]);
                let text: String =
                    char::decode_utf16(units).map(|one| one.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
                self.show(&text);
            }
        }
    }

    fn is_shown(&self) -> bool {
        let state = &self.state;
        let body = state.shown == Shown::Body && !state.rtf_only && !state.hidden;
        body || (state.shown == Shown::Tag && self.origin == Origin::Html)
    }

    fn show(&mut self, text: &str) {
        if self.is_shown() {
            self.text.push_str(text);
        }
    }

    fn flush(&mut self) {
        self.flush_octets();
        if self.high.take().is_some() {
            self.show("\u{fffd}");
        }
    }

    fn flush_octets(&mut self) {
        if !self.pending.is_empty() {
            let pending = std::mem::take(&mut self.pending);
            let (text, _) = self.encoding.decode_without_bom_handling(&pending);
            self.text.push_str(&text);
            self.lead = false;
        }
    }
}
