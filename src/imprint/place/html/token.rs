//! A tokenizer for HTML as mail programs write it, after the HTML standard section 13.2.5.
//!
//! It splits the text into tags, comments and character data and reads the few attributes that marks are made of.
//! Comments (conditional ones too), declarations, and the content of `script`, `style`, `title`, `textarea` and their
//! like are taken whole, so that nothing in them is ever seen as text or as a tag. Every byte is looked at a bounded
//! number of times. A text that ends inside a tag, a comment or a raw element is [`Tokens::broken`].

use memchr::{memchr, memchr_iter, memchr2, memmem};

use crate::imprint::place::steps;

/// A piece of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub start: usize,
    pub end: usize,
    pub what: What<'a>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What<'a> {
    Text(&'a str),
    /// Its attributes are [`Tokens::attributes`] until the next token is read.
    Open {
        name: &'a str,
    },
    Close {
        name: &'a str,
    },
    /// A comment, a declaration, or a raw element's content: never shown.
    Unseen,
    /// `<!DOCTYPE …>`.
    Doctype,
}

/// The attributes that marks are made of; of a doubled one the first counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Attributes<'a> {
    pub id: Option<&'a str>,
    pub class: Option<&'a str>,
    /// The class, if it has a dash or an underscore, as nearly all classes that tell something have.
    pub telling_class: Option<&'a str>,
    pub name: Option<&'a str>,
    pub style: Option<&'a str>,
    /// `type`.
    pub kind: Option<&'a str>,
    pub data_marker: Option<&'a str>,
    pub width: Option<&'a str>,
    pub size: Option<&'a str>,
    pub tabindex: Option<&'a str>,
    pub hidden: bool,
}

#[derive(Debug)]
pub(super) struct Tokens<'a> {
    text: &'a str,
    at: usize,
    /// Name of the raw element whose content comes next.
    raw: Option<&'a str>,
    /// Of the last tag.
    attributes: Attributes<'a>,
    broken: Option<usize>,
}

impl<'a> Tokens<'a> {
    pub fn new(text: &'a str) -> Tokens<'a> {
        Tokens { text, at: 0, raw: None, attributes: Attributes::default(), broken: None }
    }

    /// The attributes of the tag just read, if it is a start tag.
    pub fn attributes(&self) -> &Attributes<'a> {
        &self.attributes
    }

    /// Where the tag, comment or raw element begins that the text ends inside of. To be asked after the last token.
    pub fn broken(&self) -> Option<usize> {
        self.broken
    }

    fn token(&mut self, start: usize, end: usize, what: What<'a>) -> Option<Token<'a>> {
        steps::add(end - start);
        self.at = end;
        Some(Token { start, end, what })
    }

    fn break_off(&mut self) -> Option<Token<'a>> {
        let start = self.at;
        self.broken = Some(start);
        self.token(start, self.text.len(), What::Unseen)
    }

    /// The content of a raw element, up to its end tag.
    fn raw_content(&mut self, name: &str) -> Option<Token<'a>> {
        let start = self.at;
        let mut at = start;
        while let Some(found) = memmem::find(self.text.as_bytes().get(at..)?, b"</") {
            let tag = at + found;
            let end = tag + 2 + name.len();
            let same = self.text.get(tag + 2..end).is_some_and(|text| text.eq_ignore_ascii_case(name));
            let bounded = self.text.as_bytes().get(end).is_none_or(|byte| ends_name(*byte));
            if same && bounded {
                return self.token(start, tag, What::Unseen);
            }
            steps::add(found);
            at = tag + 2;
        }
        self.break_off()
    }

    /// What begins with `<!` or `<?`.
    fn declaration(&mut self) -> Option<Token<'a>> {
        let start = self.at;
        let rest = self.text.get(start..)?;
        let bytes = rest.as_bytes();
        if let Some(comment) = rest.strip_prefix("<!--") {
            // `<!-->` and `<!--->` are whole comments.
            if comment.starts_with('>') || comment.starts_with("->") {
                let length = if comment.starts_with('>') { 5 } else { 6 };
                return self.token(start, start + length, What::Unseen);
            }
            let end = memchr_iter(b'>', bytes).map(|at| at + 1).find(|end| {
                let inner = bytes.get(4..*end).unwrap_or_default();
                inner.ends_with(b"-->") || inner.ends_with(b"--!>")
            });
            return match end {
                Some(length) => self.token(start, start + length, What::Unseen),
                None => self.break_off(),
            };
        }
        let Some(length) = memchr(b'>', bytes).map(|at| at + 1) else { return self.break_off() };
        let doctype = rest.get(2..9).is_some_and(|word| word.eq_ignore_ascii_case("doctype"));
        self.token(start, start + length, if doctype { What::Doctype } else { What::Unseen })
    }

    fn tag(&mut self, closing: bool) -> Option<Token<'a>> {
        let start = self.at;
        let begin = start + if closing { 2 } else { 1 };
        let mut reader = Reader { text: self.text, at: begin };
        let name = reader.word(&TAG_NAME);
        if closing && reader.peek() == Some(b'>') {
            return self.token(start, reader.at + 1, What::Close { name });
        }
        self.attributes = Attributes::default();
        if !reader.attributes(&mut self.attributes) {
            return self.break_off();
        }
        let end = reader.at;
        if closing {
            return self.token(start, end, What::Close { name });
        }
        self.raw = is_raw(name).then_some(name);
        self.token(start, end, What::Open { name })
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        if self.at >= self.text.len() {
            if self.raw.take().is_some() {
                self.broken = Some(self.at);
            }
            return None;
        }
        if let Some(name) = self.raw.take() {
            return self.raw_content(name);
        }
        let start = self.at;
        let bytes = self.text.as_bytes();
        let mut search = start;
        loop {
            // Behind a text and between tags it is the next byte.
            let next = bytes.get(search..)?;
            let length = if next.first() == Some(&b'<') { Some(0) } else { memchr(b'<', next) };
            let Some(at) = length.map(|at| search + at) else {
                let text = self.text.get(start..)?;
                return self.token(start, self.text.len(), What::Text(text));
            };
            let begins = match (bytes.get(at + 1), bytes.get(at + 2)) {
                (Some(b'!' | b'?'), _) => true,
                (Some(b'/'), Some(after)) => after.is_ascii_alphabetic(),
                (Some(first), _) => first.is_ascii_alphabetic(),
                (None, _) => false,
            };
            if !begins {
                search = at + 1;
                continue;
            }
            if at > start {
                let text = self.text.get(start..at)?;
                return self.token(start, at, What::Text(text));
            }
            return match bytes.get(at + 1) {
                Some(b'!' | b'?') => self.declaration(),
                Some(b'/') => self.tag(true),
                _ => self.tag(false),
            };
        }
    }
}

/// Reads the inside of a tag.
struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Reads as long as the bytes are of a kind.
    fn word(&mut self, kind: &[bool; 256]) -> &'a str {
        let start = self.at;
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        let length = rest.iter().position(|byte| !kind[usize::from(*byte)]).unwrap_or(rest.len());
        self.at = start + length;
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn skip(&mut self, over: impl Fn(u8) -> bool) {
        while self.peek().is_some_and(&over) {
            self.at += 1;
        }
    }

    /// Reads up to and including the `>`; false when the text ends first.
    fn attributes(&mut self, found: &mut Attributes<'a>) -> bool {
        loop {
            self.skip(|byte| is_space(byte) || byte == b'/');
            match self.peek() {
                None => return false,
                Some(b'>') => {
                    self.at += 1;
                    return true;
                }
                Some(_) => {}
            }
            let start = self.at;
            // An equals sign at the beginning belongs to the name.
            self.at += usize::from(self.peek() == Some(b'='));
            self.word(&ATTRIBUTE_NAME);
            let name = self.text.get(start..self.at).unwrap_or_default();
            self.skip(is_space);
            let value = if self.peek() == Some(b'=') {
                self.at += 1;
                match self.value() {
                    Some(value) => value,
                    None => return false,
                }
            } else {
                ""
            };
            found.take(name, value);
        }
    }

    fn value(&mut self) -> Option<&'a str> {
        self.skip(is_space);
        match self.peek()? {
            quote @ (b'"' | b'\'') => {
                let start = self.at + 1;
                let length = memchr(quote, self.text.as_bytes().get(start..)?)?;
                self.at = start + length + 1;
                self.text.get(start..start + length)
            }
            b'>' => Some(""),
            _ => Some(self.word(&BARE_VALUE)),
        }
    }
}

impl<'a> Attributes<'a> {
    fn take(&mut self, name: &str, value: &'a str) {
        let slot = match name.len() {
            2 if name.eq_ignore_ascii_case("id") => &mut self.id,
            4 if name.eq_ignore_ascii_case("name") => &mut self.name,
            4 if name.eq_ignore_ascii_case("type") => &mut self.kind,
            4 if name.eq_ignore_ascii_case("size") => &mut self.size,
            5 if name.eq_ignore_ascii_case("class") => {
                if self.class.is_none() {
                    self.class = Some(value);
                    self.telling_class = memchr2(b'-', b'_', value.as_bytes()).map(|_| value);
                }
                return;
            }
            5 if name.eq_ignore_ascii_case("style") => &mut self.style,
            5 if name.eq_ignore_ascii_case("width") => &mut self.width,
            6 if name.eq_ignore_ascii_case("hidden") => {
                self.hidden = true;
                return;
            }
            8 if name.eq_ignore_ascii_case("tabindex") => &mut self.tabindex,
            11 if name.eq_ignore_ascii_case("data-marker") => &mut self.data_marker,
            _ => return,
        };
        slot.get_or_insert(value);
    }
}

const TAG_NAME: [bool; 256] = but_blanks_and(b"/>");
const ATTRIBUTE_NAME: [bool; 256] = but_blanks_and(b"/>=");
/// A value without quotes.
const BARE_VALUE: [bool; 256] = but_blanks_and(b">");

/// All bytes but the blanks and some more.
const fn but_blanks_and(some: &[u8]) -> [bool; 256] {
    let mut kind = [true; 256];
    let mut byte = 0;
    while byte < kind.len() {
        kind[byte] = !is_space(byte as u8);
        byte += 1;
    }
    let mut at = 0;
    while at < some.len() {
        kind[some[at] as usize] = false;
        at += 1;
    }
    kind
}

const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0c)
}

fn ends_name(byte: u8) -> bool {
    is_space(byte) || matches!(byte, b'/' | b'>')
}

/// Elements whose content is not markup.
fn is_raw(name: &str) -> bool {
    let raw: &[&str] = match name.len() {
        3 => &["xmp"],
        5 => &["style", "title"],
        6 => &["script", "iframe"],
        7 => &["noembed"],
        8 => &["textarea", "noframes"],
        9 => &["plaintext"],
        _ => &[],
    };
    raw.iter().any(|raw| raw.eq_ignore_ascii_case(name))
}
