//! The place in a body of HTML.
//!
//! One pass over the tokens keeps the stack of open elements and the lines of text as they are shown. The quoted text
//! begins at the earliest of two: an element that a mail program marks (`marks`), or a line that introduces a quote
//! (`quote`). From there the place climbs to the outermost element that begins with it, so that the signature stands
//! between blocks and closes nothing. Without quoted text it is the end of the body: before the last `</body>` outside
//! comments, inside the section of Word.
//!
//! Refused (`None`): a text without quote that ends inside a tag, a comment, a script or an open table, where no byte is
//! a safe place. What is broken below a quote does not matter to the place above it.

mod element;
mod entity;
mod marks;
mod shown;
mod token;
mod tree;

use memchr::memchr;

use super::super::wiped::WipedText;
use super::quote::{AHEAD, Hit, Introduction, Line, Watch, is_blank};
use super::{Ends, Found, Kind, Separators};
use element::{Bears, Element};
use token::{Attributes, Token, Tokens, What};
use tree::{Flags, Spot, Tree};

pub use shown::each_shown;

/// Finds the place above the quoted text, which is read no further than it takes to tell it; `None` when the structure
/// leaves no place that is safe.
pub fn find(text: &str) -> Option<Found> {
    find_besides(text, Separators::NONE)
}

/// As [`find`], for an organisation with separators of its own.
pub fn find_besides(text: &str, separators: &Separators) -> Option<Found> {
    let mut scan = Scan::new(text, separators);
    let mut tokens = Tokens::new(text);
    while !scan.is_settled()
        && let Some(token) = tokens.next()
    {
        scan.take(&token, tokens.attributes());
    }
    scan.found(tokens.broken())
}

/// Where the text begins and ends. All of it is read.
pub fn ends(text: &str) -> Ends {
    let mut scan = Scan::new(text, Separators::NONE);
    let mut tokens = Tokens::new(text);
    while let Some(token) = tokens.next() {
        scan.take(&token, tokens.attributes());
    }
    Ends { top: scan.top(), bottom: scan.bottom(tokens.broken()).0 }
}

/// Bytes of a line of text that are kept for the search.
const LINE_BYTES: usize = 1_000;

struct Scan<'a> {
    text: &'a str,
    separators: &'a Separators,
    tree: Tree,
    watch: Watch<Spot>,
    line: WipedText,
    /// Where the line begins; none while nothing visible is in it.
    line_at: Option<Spot>,
    /// The last line, if it may introduce a quote.
    introduced: Option<(Spot, Introduction)>,
    /// A ruled line after the last visible text.
    rule: Option<Spot>,
    /// End of the last token that shows something.
    visible: usize,
    mark: Option<(Spot, &'static str, Option<Kind>)>,
    /// Lines taken since the mark.
    since_mark: usize,
    quote: Option<(Spot, Hit)>,
    searching: bool,
    words: Vec<(usize, String)>,
    frame: Frame,
}

/// The tags between which the text stands.
#[derive(Default)]
struct Frame {
    top: Option<usize>,
    section: Option<usize>,
    body: Option<(usize, bool)>,
    html: Option<(usize, bool)>,
}

impl<'a> Scan<'a> {
    fn new(text: &'a str, separators: &'a Separators) -> Scan<'a> {
        Scan {
            text,
            separators,
            tree: Tree::new(),
            watch: Watch::new(),
            line: WipedText::with_capacity(LINE_BYTES + char::MAX_LEN_UTF8),
            line_at: None,
            introduced: None,
            rule: None,
            visible: 0,
            mark: None,
            since_mark: 0,
            quote: None,
            searching: true,
            words: Vec::new(),
            frame: Frame::default(),
        }
    }

    /// `attributes` are those of a start tag.
    fn take(&mut self, token: &Token<'a>, attributes: &Attributes<'a>) {
        match token.what {
            What::Text(text) => self.text(text, token.start),
            What::Open { name } => {
                let element = Element::of(name);
                if self.matters(element) {
                    self.open(element, attributes, token);
                }
            }
            What::Close { name } => {
                let element = Element::of(name);
                if self.matters(element) {
                    self.close(element, token);
                }
            }
            What::Doctype => self.tree.quirks = false,
            What::Unseen => self.comment(token),
        }
    }

    /// Below the quote only the blocks matter, for the end of the text.
    fn matters(&self, element: Element) -> bool {
        self.searching
            || self.tree.ours > 0
            || element.breaks_line()
            || matches!(element, Element::Cell | Element::Image)
    }

    fn open(&mut self, element: Element, attributes: &Attributes<'_>, token: &Token<'_>) {
        self.tree.imply(element);
        if element.breaks_line() {
            self.end_line();
        } else if element == Element::Cell && self.line_at.is_some() {
            self.line.push(' ');
        }
        // Below the quote only the frame of the text matters.
        let flags = if self.searching { self.tree.flags(element, attributes) } else { Flags::default() };
        if flags.ours {
            let class = attributes.class.unwrap_or_default();
            self.words.extend(marks::signature_words(class).map(|word| (token.start, word.to_owned())));
        }
        let shown = self.tree.hidden == 0 && self.tree.ours == 0 && !flags.hidden && !flags.ours;
        if self.searching && shown {
            self.look(element, attributes, &flags, token.start);
        }
        match element {
            Element::Hr if self.tree.hidden == 0 && self.rule.is_none() => {
                self.rule = Some(self.tree.spot(token.start, self.visible));
            }
            Element::Image if self.tree.hidden == 0 && !flags.hidden => self.show(token.end),
            _ => {}
        }
        self.tree.open(element, token.start, flags);
        let first_section = flags.section && self.visible == 0 && self.frame.section.is_none();
        if (element == Element::Body && self.frame.top.is_none()) || first_section {
            self.frame.top = Some(token.end);
        }
    }

    /// A comment is never shown, but two programs mark the quote with it.
    fn comment(&mut self, token: &Token<'_>) {
        let text = self.text.get(token.start..token.end).unwrap_or_default();
        let inner = text.trim_start_matches(['<', '!', '-', ' ']);
        if !self.searching || self.mark.is_some() {
            return;
        }
        let marker = match inner {
            _ if inner.starts_with("originalMessage ") => "generic.original_message_comment",
            _ if inner.starts_with("end of AOLMsgPart_") => "aol.end_of_part_comment",
            _ => return,
        };
        let spot = self.tree.spot(token.start, self.visible);
        self.end_line();
        self.set_mark(spot, marker, None);
    }

    fn close(&mut self, element: Element, token: &Token<'_>) {
        if element.breaks_line() {
            self.end_line();
        }
        match element {
            Element::Body => self.frame.body = Some((token.start, self.sound())),
            Element::Html => self.frame.html = Some((token.start, self.sound())),
            _ => {}
        }
        if let Some(closed) = self.tree.close(element)
            && closed.flags.section
        {
            self.frame.section = Some(token.start);
        }
    }

    /// Whether a block may stand here: an open paragraph closes by itself, an open table moves the block before it.
    fn sound(&self) -> bool {
        !self.tree.is_open(Element::Table)
    }

    /// Looks whether an element begins quoted text.
    fn look(&mut self, element: Element, attributes: &Attributes<'_>, flags: &Flags, at: usize) {
        if self.mark.is_some() {
            return;
        }
        let begins = |(marker, _): &(&str, _)| self.visible > 0 || !marks::frames_own_text(marker);
        if let Some((marker, kind)) = marks::find(element, attributes).filter(begins) {
            self.set_mark(self.rule.unwrap_or_else(|| self.tree.spot(at, self.visible)), marker, kind);
        } else if element == Element::Blockquote {
            let cite = marks::is_cite(attributes) || (flags.named.is_some() && self.tree.named > 0);
            match self.introduced {
                Some((spot, how)) if cite || how == Introduction::Attribution => {
                    self.set_mark(spot, spot.named.unwrap_or("generic.introduced_blockquote"), Some(Kind::Reply))
                }
                _ if cite => {
                    let spot = self.rule.unwrap_or_else(|| self.tree.spot(at, self.visible));
                    self.set_mark(spot, spot.named.or(flags.named).unwrap_or("generic.blockquote_cite"), None);
                }
                _ => {}
            }
        }
    }

    /// Keeps a mark, unless a block at its place would close or leave what is open there.
    fn set_mark(&mut self, spot: Spot, marker: &'static str, kind: Option<Kind>) {
        if spot.bears < Bears::Nothing {
            self.mark = Some((spot, marker, kind));
        }
    }

    fn text(&mut self, text: &'a str, start: usize) {
        if self.tree.hidden > 0 {
            let ends_head = self.tree.is_open(Element::Head) && text.chars().any(|c| !is_blank(c));
            if ends_head {
                self.tree.close(Element::Head);
            }
            if self.tree.hidden > 0 {
                return;
            }
        }
        if !self.searching || self.tree.ours > 0 {
            if text.chars().any(|c| !is_blank(c)) {
                self.end_line();
                self.show(start + text.len());
            }
            return;
        }
        if self.tree.preformatted == 0 {
            return self.run(text, start);
        }
        let mut at = start;
        for line in text.split_inclusive('\n') {
            self.run(line, at);
            at += line.len();
            if line.ends_with('\n') {
                self.end_line();
            }
        }
    }

    /// Adds text to the line.
    fn run(&mut self, text: &str, start: usize) {
        let mut rest = text;
        while self.line_at.is_none() {
            let Some(next) = rest.chars().next() else { return };
            let (c, length) = if next == '&' { entity::decode(rest) } else { (next, next.len_utf8()) };
            if !is_blank(c) {
                self.line_at = Some(self.tree.spot(start, self.visible));
                self.line.clear();
                break;
            }
            rest = rest.get(length..).unwrap_or_default();
        }
        if rest.chars().any(|c| !is_blank(c)) {
            self.visible = start + text.len();
        }
        while self.line.len() < LINE_BYTES && !rest.is_empty() {
            let run = memchr(b'&', rest.as_bytes()).unwrap_or(rest.len());
            let (plain, after) = rest.split_at_checked(run).unwrap_or((rest, ""));
            self.line.push_str(plain);
            rest = after;
            if !rest.is_empty() {
                let (c, length) = entity::decode(rest);
                self.line.push(c);
                rest = rest.get(length..).unwrap_or_default();
            }
        }
    }

    /// Something other than text is shown.
    fn show(&mut self, end: usize) {
        self.visible = end;
        self.rule = None;
        self.introduced = None;
    }

    fn end_line(&mut self) {
        let Some(spot) = self.line_at.take() else { return };
        let rule = self.rule.take();
        let spot = rule.filter(|rule| rule.bears <= spot.bears).unwrap_or(spot);
        let text = self.line.trim_end_matches(is_blank);
        if !self.searching {
            return;
        }
        let line = Line::new(text, self.separators);
        self.introduced = line.introduction().map(|how| (spot, how));
        let hit = self.watch.push(line, spot);
        self.line.clear();
        self.since_mark += usize::from(self.mark.is_some());
        if let Some(hit) = hit.filter(usable) {
            self.quote = Some(hit);
            self.searching = false;
        } else if self.since_mark > AHEAD {
            self.searching = false;
        }
    }

    /// `broken`: where what was left of the text began, if it ended inside a token.
    fn found(mut self, broken: Option<usize>) -> Option<Found> {
        self.end_line();
        while self.searching && self.quote.is_none() {
            let Some(hit) = self.watch.finish() else { break };
            self.quote = Some(hit).filter(usable);
        }
        let (offset, marker, kind) = match self.first() {
            Some((spot, marker, kind)) => (spot.offset, Some(marker), kind),
            None => match self.bottom(broken) {
                (bottom, true) => (bottom, None, None),
                (_, false) => return None,
            },
        };
        let words = self.words.into_iter().filter(|(at, _)| *at < offset).map(|(_, word)| word).collect();
        Some(Found { offset, marker, kind, words })
    }

    /// Whether nothing that may follow changes the place.
    fn is_settled(&self) -> bool {
        !self.searching && self.first().is_some()
    }

    /// The earlier of mark and quoting line; where both stand together the mark has the name and the line the kind.
    fn first(&self) -> Option<(Spot, &'static str, Option<Kind>)> {
        let line = self.quote.map(|(spot, hit)| (spot, spot.named.unwrap_or(hit.marker), hit.kind));
        let first = match (self.mark, line) {
            (Some(mark), Some(line)) if line.0.offset < mark.0.offset => Some(line),
            (Some((spot, marker, kind)), Some(line)) if line.0.offset == spot.offset => {
                Some((spot, marker, kind.or(line.2)))
            }
            (Some(mark), _) => Some(mark),
            (None, line) => line,
        };
        // An empty container quotes nothing.
        first.filter(|(spot, ..)| self.visible > spot.offset)
    }

    /// Where the text begins.
    fn top(&self) -> usize {
        self.frame.top.unwrap_or_else(|| start_of_text(self.text))
    }

    /// Where the text ends, and whether a block may stand there.
    fn bottom(&self, broken: Option<usize>) -> (usize, bool) {
        if let Some(section) = self.frame.section.filter(|section| *section >= self.visible) {
            return (section, true);
        }
        match (self.frame.body.or(self.frame.html), broken) {
            (Some((at, sound)), broken) => (at, sound && broken.is_none()),
            (None, Some(at)) => (at, false),
            (None, None) => (self.text.len(), self.sound()),
        }
    }
}

/// Whether a block may stand at a hit, which begins its line.
fn usable((spot, hit): &(Spot, Hit)) -> bool {
    spot.bears < Bears::Nothing && hit.column == 0
}

/// Where a text without a body tag begins to show something: after everything that belongs to its head.
fn start_of_text(text: &str) -> usize {
    let mut end = text.len() - text.trim_start_matches('\u{feff}').len();
    for token in Tokens::new(text) {
        match token.what {
            What::Open { name, .. } | What::Close { name } => match Element::of(name) {
                Element::Html | Element::Head | Element::Void => end = token.end,
                Element::Unknown if is_of_head(name) => end = token.end,
                _ => break,
            },
            What::Doctype => end = token.end,
            What::Unseen => {}
            What::Text(text) if text.chars().all(is_blank) => {}
            What::Text(_) => break,
        }
    }
    end
}

fn is_of_head(name: &str) -> bool {
    ["style", "title", "script"].iter().any(|known| known.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests;
