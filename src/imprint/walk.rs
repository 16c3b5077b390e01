//! The MIME structure, found line by line as the octets arrive (RFC 2046 section 5.1).
//!
//! Linear, never recursive, CRLF and LF lines alike; bodies are searched with memmem for lines that begin with `--`
//! and never copied. Only part headers are gathered. `message/*` is opaque. A delimiter is a whole line; one that is
//! glued to other text, closes over an open part, or comes back after its close is a fault, because readers differ
//! about it.

use std::collections::VecDeque;
use std::ops::Range;

use memchr::{memchr, memmem};

use super::content::{Content, Digest, Encoding};
use super::delimiter::{Delimiter, Open, boundary_of, delimiter};
use super::imprinter::Limits;
use super::part::Part;
use super::wiped::Wiped;
use super::{HeaderBlock, Reason};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Event {
    /// The header of this part is whole.
    Head(usize),
    /// The body of this leaf is whole.
    End(usize),
    /// This multipart was closed.
    Close(usize),
    /// The message is whole.
    Eof,
    Fault(Reason),
}

#[cfg_attr(test, derive(Clone, Debug))]
pub(super) struct Walk {
    limits: Limits,
    pub(super) parts: Vec<Part>,
    open: Vec<Open>,
    events: VecDeque<Event>,
    state: State,
    /// A line that begins with `--` (or may), as far as it was seen.
    line: Wiped,
    line_start: u64,
    /// The last two octets before the line.
    before: [u8; 2],
    /// Octets seen.
    position: u64,
    finder: memmem::Finder<'static>,
}

#[cfg_attr(test, derive(Clone, Debug))]
enum State {
    /// A part header, its octets so far and where its current line begins in them.
    Head {
        start: u64,
        octets: Wiped,
        line: usize,
    },
    /// A body, preamble or epilogue, in the middle of a line that is no delimiter.
    Text,
    /// The same, within or at the beginning of a line that may be a delimiter.
    Line,
    Ended,
}

/// Longer lines are no delimiter.
const LINE_BYTES: usize = 1024;

impl Walk {
    /// `header` is the message's own, says `content` and ends at `position`.
    pub(super) fn new(limits: Limits, header: HeaderBlock, content: Content, position: u64) -> Walk {
        let mut walk = Walk {
            limits,
            parts: Vec::new(),
            open: Vec::new(),
            events: VecDeque::new(),
            state: State::Line,
            line: Wiped::default(),
            line_start: position,
            before: [b'\r', b'\n'],
            position,
            finder: memmem::Finder::new(b"\n--"),
        };
        walk.begin_part(header, content, 0..position);
        walk
    }

    pub(super) fn event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// Reads until something happened or `bytes` are used up; says how many were read.
    pub(super) fn scan(&mut self, bytes: &[u8]) -> usize {
        let mut used = 0;
        while used < bytes.len() && self.events.is_empty() {
            let rest = bytes.get(used..).unwrap_or_default();
            let read = match self.state {
                State::Head { .. } => self.scan_head(rest),
                State::Line => self.scan_line(rest),
                State::Text if self.open.is_empty() => rest.len(),
                State::Text => self.scan_text(rest),
                State::Ended => rest.len(),
            };
            used += read;
            self.position += read as u64;
        }
        used
    }

    /// Nothing more will be read.
    pub(super) fn finished(&self) -> bool {
        matches!(self.state, State::Ended) && self.events.is_empty()
    }

    /// Parts of this multipart may still come.
    pub(super) fn is_open(&self, part: usize) -> bool {
        !matches!(self.state, State::Ended) && self.open.iter().any(|open| open.part == part && !open.closed)
    }

    /// Octets held beside the input: part headers.
    pub(super) fn own_bytes(&self) -> usize {
        let gathered = match &self.state {
            State::Head { octets, .. } => octets.len(),
            _ => self.line.len(),
        };
        let heads: usize = self.parts.iter().skip(1).map(|part| part.header.octets() + size_of::<Part>()).sum();
        gathered + heads
    }

    /// The message is whole.
    pub(super) fn finish(&mut self) {
        if matches!(self.state, State::Line) && !self.line.is_empty() {
            self.line_done(0);
        }
        let end = self.position;
        match std::mem::replace(&mut self.state, State::Ended) {
            State::Head { .. } => return self.fault(Reason::MalformedMime),
            State::Ended => return,
            State::Text | State::Line => {}
        }
        if self.open.last().is_some_and(|open| !open.closed && open.children == 0) {
            return self.fault(Reason::MalformedMime);
        }
        if let Some(leaf) = self.current() {
            self.end_part(leaf, end, end);
        }
        self.events.push_back(Event::Eof);
    }

    /// From the part, itself included, up to the message.
    pub(super) fn upwards(&self, part: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(part), |at| self.parts.get(*at)?.parent)
    }

    /// From the message down to the part.
    pub(super) fn path(&self, part: usize) -> Vec<usize> {
        let mut path: Vec<usize> = self.upwards(part).collect();
        path.reverse();
        path
    }

    /// As IMAP numbers parts (RFC 9051 section 6.4.5.1).
    pub(super) fn number(&self, part: usize) -> String {
        let path = self.path(part);
        let numbers: Vec<String> =
            path.iter().skip(1).filter_map(|at| self.parts.get(*at)).map(|part| part.number.to_string()).collect();
        if numbers.is_empty() { "1".to_owned() } else { numbers.join(".") }
    }

    /// The boundaries of all multiparts the part stands in.
    pub(super) fn boundaries(&self, part: usize) -> Vec<Vec<u8>> {
        self.upwards(part)
            .skip(1)
            .filter_map(|at| self.parts.get(at))
            .filter_map(|part| boundary_of(&part.content))
            .collect()
    }

    fn fault(&mut self, reason: Reason) {
        self.state = State::Ended;
        self.events.push_back(Event::Fault(reason));
    }

    /// The leaf that is being read, if it is one.
    fn current(&self) -> Option<usize> {
        match self.open.last() {
            Some(open) if open.closed => None,
            Some(open) => open.last_child.filter(|child| self.parts.get(*child).is_some_and(|part| part.end.is_none())),
            None => (!self.parts.is_empty()).then_some(0),
        }
    }

    fn begin_part(&mut self, header: HeaderBlock, content: Content, head: Range<u64>) {
        let parent = self.open.last_mut().map(|open| {
            open.children += 1;
            open.last_child = Some(self.parts.len());
            (open.part, open.children)
        });
        if self.parts.len() >= self.limits.parts {
            return self.fault(Reason::TooManyParts);
        }
        let index = self.parts.len();
        let is_multipart = content.is_multipart();
        let boundary = boundary_of(&content);
        let identity = content.encoding.is_identity();
        let unknown = content.encoding == Encoding::Unknown;
        let digest = if content.is("multipart/digest") { Digest::Yes } else { Digest::No };
        self.parts.push(Part {
            parent: parent.map(|(part, _)| part),
            number: parent.map_or(1, |(_, number)| number),
            header,
            content,
            head,
            end: None,
            glued: false,
        });
        self.events.push_back(Event::Head(index));
        self.state = State::Line;
        if !is_multipart {
            return;
        }
        // RFC 2045 section 6.4: a composite part is never encoded. Readers differ on one that says it is.
        if !identity && !unknown {
            return self.fault(Reason::BadEncoding);
        }
        let Some(boundary) = boundary else { return self.fault(Reason::MalformedMime) };
        if self.open.iter().any(|open| open.boundary == boundary) {
            return self.fault(Reason::MalformedMime);
        }
        if self.open.len() >= self.limits.depth {
            return self.fault(Reason::TooManyParts);
        }
        self.open.push(Open { part: index, boundary, children: 0, last_child: None, closed: false, digest });
    }

    fn scan_head(&mut self, bytes: &[u8]) -> usize {
        let State::Head { start, octets, line } = &mut self.state else { return 0 };
        let (read, ended) = match memchr(b'\n', bytes) {
            Some(at) => (at + 1, true),
            None => (bytes.len(), false),
        };
        octets.extend_from_slice(bytes.get(..read).unwrap_or_default());
        let length = octets.len() - *line;
        if octets.len() > self.limits.header_block_bytes || length > self.limits.header_line_bytes {
            self.fault(Reason::HeaderTooLarge);
            return read;
        }
        if !ended {
            return read;
        }
        let text = trim_line_end(octets.get(*line..).unwrap_or_default());
        if text.is_empty() {
            let start = *start;
            let raw = std::mem::take(octets).into_bytes();
            let end = start + raw.len() as u64;
            self.end_line(&raw);
            self.line_start = end;
            let header = HeaderBlock::parse(raw);
            let content = Content::read(&header, self.open.last().map_or(Digest::No, |open| open.digest));
            self.begin_part(header, content, start..end);
        } else if text.starts_with(b"--") && delimiter(&self.open, text) != Delimiter::None {
            // A part without an empty line.
            self.fault(Reason::MalformedMime);
        } else {
            *line = octets.len();
        }
        read
    }

    /// Within a line that may be a delimiter.
    fn scan_line(&mut self, bytes: &[u8]) -> usize {
        // A line that begins with anything but a dash is text, and so are those after it up to the next that does.
        let text = self.line.is_empty() && bytes.first() != Some(&b'-');
        if text || self.open.is_empty() {
            self.state = State::Text;
            return 0;
        }
        let newline = memchr(b'\n', bytes);
        let room = LINE_BYTES.saturating_sub(self.line.len());
        let read = newline.map_or(bytes.len(), |at| at + 1).min(room.max(1));
        self.line.extend_from_slice(bytes.get(..read).unwrap_or_default());
        let complete = self.line.last() == Some(&b'\n');
        let dashes = self.line.iter().take(2).all(|octet| *octet == b'-');
        if complete {
            self.line_done(read as u64);
        } else if !dashes || self.line.len() >= LINE_BYTES {
            if dashes && delimiter(&self.open, &self.line) != Delimiter::None {
                self.fault(Reason::MalformedMime);
                return read;
            }
            let line = std::mem::take(&mut self.line);
            self.end_line(&line);
            self.reuse(line);
            self.state = State::Text;
        }
        read
    }

    /// In the middle of a line: to the next one that begins with `--`, or to the end.
    fn scan_text(&mut self, bytes: &[u8]) -> usize {
        // The line end may lie just before these octets.
        match self.finder.find(bytes) {
            Some(at) => self.begin_line(bytes, at + 1),
            None => {
                let from = bytes.len().saturating_sub(2);
                match memchr(b'\n', bytes.get(from..).unwrap_or_default()) {
                    Some(at) if bytes.get(from + at + 1).is_none_or(|octet| *octet == b'-') => {
                        self.begin_line(bytes, from + at + 1)
                    }
                    // The finder saw that `\nx` is no delimiter; the last octet may still be a line end.
                    Some(_) if bytes.last() == Some(&b'\n') => self.begin_line(bytes, bytes.len()),
                    _ => {
                        self.end_line(bytes);
                        bytes.len()
                    }
                }
            }
        }
    }

    fn begin_line(&mut self, bytes: &[u8], at: usize) -> usize {
        self.end_line(bytes.get(..at).unwrap_or_default());
        self.line.clear();
        self.line_start = self.position + at as u64;
        self.state = State::Line;
        at
    }

    /// Remembers the last two octets read.
    fn end_line(&mut self, bytes: &[u8]) {
        match bytes {
            [] => {}
            [only] => self.before = [self.before[1], *only],
            [.., one, two] => self.before = [*one, *two],
        }
    }

    /// A line is whole (or the message ended in it). `read` octets of it are not counted in `position` yet.
    fn line_done(&mut self, read: u64) {
        let line = std::mem::take(&mut self.line);
        let after = self.position + read;
        let text = trim_line_end(&line);
        let found = if text.starts_with(b"--") { delimiter(&self.open, text) } else { Delimiter::None };
        let (level, close) = match found {
            Delimiter::None => {
                self.end_line(&line);
                self.reuse(line);
                self.line_start = after;
                self.state = State::Line;
                return;
            }
            Delimiter::Doubt => return self.fault(Reason::MalformedMime),
            Delimiter::Next(level) => (level, false),
            Delimiter::Close(level) => (level, true),
        };
        let own = match self.before {
            [b'\r', b'\n'] => 2,
            [_, b'\n'] => 1,
            _ => 0,
        };
        let content_end = self.line_start.saturating_sub(own);
        let line_start = self.line_start;
        if let Some(leaf) = self.current() {
            self.end_part(leaf, content_end, line_start);
        }
        while self.open.len() > level + 1 {
            if self.open.last().is_some_and(|open| !open.closed) {
                return self.fault(Reason::MalformedMime);
            }
            self.open.pop();
        }
        let Some(open) = self.open.last_mut() else { return };
        if open.closed || (close && open.children == 0) {
            return self.fault(Reason::MalformedMime);
        }
        open.closed = close;
        let part = open.part;
        if let Some(child) = open.last_child.and_then(|child| self.parts.get_mut(child)) {
            child.end.get_or_insert(content_end);
        }
        self.end_line(&line);
        self.line_start = after;
        if close {
            self.events.push_back(Event::Close(part));
            self.state = State::Line;
        } else {
            self.state = State::Head { start: after, octets: Wiped::default(), line: 0 };
        }
    }

    /// The buffer of a line that is done serves for the next.
    fn reuse(&mut self, mut line: Wiped) {
        line.clear();
        self.line = line;
    }

    fn end_part(&mut self, leaf: usize, end: u64, line_start: u64) {
        if let Some(part) = self.parts.get_mut(leaf) {
            part.glued = end < part.head.end && line_start == part.head.end;
            part.end = Some(end.max(part.head.end));
            self.events.push_back(Event::End(leaf));
        }
    }
}

fn trim_line_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}
