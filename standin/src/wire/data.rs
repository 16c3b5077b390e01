//! The content after DATA (RFC 5321 section 4.5.2): where it ends, and its dots.
//!
//! A strict reader ends at CRLF.CRLF alone. A lenient one ends wherever one of the known careless servers would:
//! put behind Signet it shows whether a smuggled message gets that far (it then records two).

use memchr::{memchr_iter, memmem};

/// Which octets end the content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EndOfData {
    /// CRLF.CRLF, nothing else.
    #[default]
    Strict,
    /// A dot alone between any two of LF, CR, CRLF, also after CRLF NUL and before CR CRLF.
    Lenient,
}

/// Collects content until its end.
#[derive(Debug, Default)]
pub struct DataReader {
    end: EndOfData,
    raw: Vec<u8>,
    searched: usize,
}

impl DataReader {
    pub fn new(end: EndOfData) -> DataReader {
        DataReader { end, raw: Vec::new(), searched: 0 }
    }

    /// Octets collected so far, still stuffed.
    pub fn octets(&self) -> u64 {
        self.raw.len() as u64
    }

    /// Takes octets in; at the end gives the unstuffed content and what followed the end.
    pub fn feed(&mut self, octets: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
        self.raw.extend_from_slice(octets);
        let (content, after) = match self.end {
            EndOfData::Strict => self.find_strict(),
            EndOfData::Lenient => self.find_lenient(),
        }?;
        let rest = self.raw.split_off(after);
        self.raw.truncate(content);
        self.searched = 0;
        Some((unstuff(&std::mem::take(&mut self.raw)), rest))
    }

    /// Length of the content and where the end is over.
    fn find_strict(&mut self) -> Option<(usize, usize)> {
        if self.raw.starts_with(b".\r\n") {
            return Some((0, 3));
        }
        let found = memmem::find(self.raw.get(self.searched..)?, b"\r\n.\r\n").map(|at| at + self.searched);
        self.searched = self.raw.len().saturating_sub(4);
        found.map(|at| (at + 2, at + 5))
    }

    fn find_lenient(&mut self) -> Option<(usize, usize)> {
        let from = self.searched;
        // A dot at the very end may be continued by the next octets: looked at again.
        self.searched = self.raw.len().saturating_sub(4);
        let dots = memchr_iter(b'.', self.raw.get(from..)?);
        dots.map(|at| at + from).find_map(|dot| Some((dot, self.lenient_end(dot)?)))
    }

    fn lenient_end(&self, dot: usize) -> Option<usize> {
        let before = self.raw.get(..dot)?;
        let begins =
            before.is_empty() || before.ends_with(b"\n") || before.ends_with(b"\r") || before.ends_with(b"\r\n\0");
        let after = self.raw.get(dot + 1..)?;
        let returns = after.iter().take_while(|octet| **octet == b'\r').count();
        match after.get(returns) {
            _ if !begins => None,
            Some(b'\n') => Some(dot + 1 + returns + 1),
            Some(_) if returns > 0 => Some(dot + 1 + returns),
            _ => None,
        }
    }
}

/// Takes the first dot off each line that begins with one.
pub fn unstuff(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len());
    let mut rest = raw.strip_prefix(b".").unwrap_or(raw);
    while let Some(at) = memmem::find(rest, b"\r\n.") {
        let (line, tail) = rest.split_at(at + 3);
        out.extend_from_slice(line.strip_suffix(b".").unwrap_or(line));
        rest = tail;
    }
    out.extend_from_slice(rest);
    out
}

/// The wire form of content for DATA: dots doubled, the end added. Content without a last CRLF gets one.
pub fn stuff(content: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(content.len() + content.len() / 64 + 5);
    if content.starts_with(b".") {
        out.push(b'.');
    }
    let mut rest = content;
    while let Some(at) = memmem::find(rest, b"\r\n.") {
        let (line, tail) = rest.split_at(at + 3);
        out.extend_from_slice(line);
        out.push(b'.');
        rest = tail;
    }
    out.extend_from_slice(rest);
    if !content.is_empty() && !content.ends_with(b"\r\n") {
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b".\r\n");
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn read(end: EndOfData, wire: &[u8], split: usize) -> Option<(Vec<u8>, Vec<u8>)> {
        let mut reader = DataReader::new(end);
        let (first, second) = wire.split_at(split);
        match reader.feed(first) {
            Some((content, mut rest)) => {
                rest.extend_from_slice(second);
                Some((content, rest))
            }
            None => reader.feed(second),
        }
    }

    #[test]
    fn content_ends_once_at_every_split() {
        let cases: &[(&[u8], &[u8], &[u8])] = &[
            (b".\r\nQUIT\r\n", b"", b"QUIT\r\n"),
            (b"a\r\n.\r\n", b"a\r\n", b""),
            (b"..a\r\n..\r\n.\r\nX", b".a\r\n.\r\n", b"X"),
            (b"a\n.\nb\r\n.\r\n", b"a\n.\nb\r\n", b""),
            (b"a\n.\r\nMAIL FROM:<>\r\n.\r\n", b"a\n.\r\nMAIL FROM:<>\r\n", b""),
            (b"a\r.\r\n\r\n.\r\n", b"a\r.\r\n\r\n", b""),
            (b"a\r\n\0.\r\n\r\n.\r\n", b"a\r\n\0.\r\n\r\n", b""),
            // Not the end, and so a stuffed dot (RFC 5321 4.5.2: the dot goes).
            (b"a\r\n.\r\r\nb\r\n.\r\n", b"a\r\n\r\r\nb\r\n", b""),
        ];
        for (wire, content, rest) in cases {
            for split in 0..=wire.len() {
                let (got, after) = read(EndOfData::Strict, wire, split).unwrap();
                assert_eq!((got.as_slice(), after.as_slice()), (*content, *rest), "{wire:?} at {split}");
            }
        }
    }

    #[test]
    fn a_lenient_reader_is_fooled_by_each_variant() {
        let variants: &[&[u8]] = &[
            b"\n.\n",
            b"\n.\r\n",
            b"\r.\r\n",
            b"\r\n.\n",
            b"\r\n\0.\r\n",
            b"\r\n.\r\r\n",
            b"\r.\rX",
            b"\n.\rX",
            b"\r\n.\rX",
        ];
        for variant in variants {
            let wire = [b"a", *variant, b"MAIL"].concat();
            for split in 0..=wire.len() {
                assert!(read(EndOfData::Lenient, &wire, split).is_some(), "{variant:?} at {split}");
            }
        }
    }

    #[test]
    fn stuffing_comes_back() {
        for content in [&b""[..], b"a\r\n", b".\r\n", b".a\r\n..b\r\n.\r\n", b"\r\n.\r\n"] {
            let (got, rest) = read(EndOfData::Strict, &stuff(content), 0).unwrap();
            assert_eq!((got.as_slice(), rest.as_slice()), (content, &b""[..]));
        }
    }
}
