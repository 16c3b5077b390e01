//! The header block of a message or part, read but never rebuilt (RFC 5322 section 2.2).
//!
//! Names are compared without case, values are given as they came. A block whose first line is no header field
//! (mbox `From `, a continuation) is not well formed and is never added to. Both CRLF and LF end a line.

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use mail_parser::{Address as ParsedAddress, HeaderValue, parsers::MessageStream};
use memchr::memchr_iter;

/// A whole header block, the empty line that ends it included. Cheap to clone.
#[derive(Debug, Clone)]
pub struct HeaderBlock {
    raw: Bytes,
    fields: Arc<[Ranges]>,
    well_formed: bool,
    unbroken: bool,
    complete: bool,
}

/// One field as it stands in the block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field<'a> {
    /// Position among the fields of the block, from 0.
    pub index: usize,
    pub name: &'a [u8],
    /// Raw and folded, from after the colon to before the line end.
    pub value: &'a [u8],
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Ranges {
    name: Range<usize>,
    value: Range<usize>,
    /// From the first octet of the name to the line end, included.
    whole: Range<usize>,
}

impl HeaderBlock {
    /// Reads a block. `raw` reaches up to and including the empty line, or to the end of the message where it has
    /// none.
    pub fn parse(raw: Bytes) -> HeaderBlock {
        let mut fields: Vec<Ranges> = Vec::with_capacity(USUAL_FIELDS);
        let mut well_formed = true;
        let mut start = 0;
        let mut complete = false;
        let mut unbroken = true;
        for (number, end) in line_ends(&raw).enumerate() {
            let line = raw.get(start..end).unwrap_or_default();
            let text = trim_line_end(line);
            if text.is_empty() {
                complete = end == raw.len();
                break;
            }
            let whole = start..end;
            start = end;
            if matches!(text.first(), Some(b' ' | b'\t')) {
                match fields.last_mut() {
                    Some(field) => {
                        field.value.end = whole.start + text.len();
                        field.whole.end = whole.end;
                    }
                    None => well_formed = false,
                }
                continue;
            }
            match field_name(text) {
                Some((length, colon)) => {
                    fields.push(Ranges {
                        name: whole.start..whole.start + length,
                        value: whole.start + colon + 1..whole.start + text.len(),
                        whole,
                    });
                }
                None if number == 0 => well_formed = false,
                // A line of junk in the middle belongs to no field; readers disagree about what follows it, but the
                // bytes are handed on as they came.
                None => unbroken = false,
            }
        }
        let empty = fields.is_empty();
        HeaderBlock { raw, fields: fields.into(), well_formed: well_formed && !empty, unbroken, complete }
    }

    /// False when the first line is no header field: such a message gets no additions.
    pub fn well_formed(&self) -> bool {
        self.well_formed
    }

    /// False when the block was cut at a limit or the message ended before its empty line.
    pub fn complete(&self) -> bool {
        self.complete
    }

    /// False when a line in the middle belongs to no field: readers disagree where such a header ends.
    pub fn unbroken(&self) -> bool {
        self.unbroken
    }

    /// Length of the block, its empty line included.
    pub fn octets(&self) -> usize {
        self.raw.len()
    }

    /// The block as it came.
    pub fn raw(&self) -> &Bytes {
        &self.raw
    }

    pub fn fields(&self) -> impl Iterator<Item = Field<'_>> {
        self.fields.iter().enumerate().map(|(index, ranges)| Field {
            index,
            name: self.slice(&ranges.name),
            value: self.slice(&ranges.value),
        })
    }

    /// Where a field stands in the block, line end included.
    pub fn range(&self, index: usize) -> Option<Range<usize>> {
        self.fields.get(index).map(|ranges| ranges.whole.clone())
    }

    /// Where the raw value of a field stands in the block.
    pub fn value_range(&self, index: usize) -> Option<Range<usize>> {
        self.fields.get(index).map(|ranges| ranges.value.clone())
    }

    /// The raw values of every field of this name, in order.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        self.fields().filter(move |field| field.name.eq_ignore_ascii_case(name.as_bytes())).map(|field| field.value)
    }

    pub fn count(&self, name: &str) -> usize {
        self.all(name).count()
    }

    /// The raw value, if the field stands there exactly once.
    pub fn only(&self, name: &str) -> Option<&[u8]> {
        let mut values = self.fields().filter(|field| field.name.eq_ignore_ascii_case(name.as_bytes()));
        match (values.next(), values.next()) {
            (Some(field), None) => Some(field.value),
            _ => None,
        }
    }

    /// The first value of this name, unfolded and trimmed; octets that are not UTF-8 are replaced.
    pub fn unfolded(&self, name: &str) -> Option<String> {
        self.all(name).next().map(unfold)
    }

    /// The first value of this name with its encoded words decoded (RFC 2047).
    pub fn text(&self, name: &str) -> Option<String> {
        let value = self.terminated(name)?;
        match MessageStream::new(&value).parse_unstructured() {
            HeaderValue::Text(text) => Some(text.into_owned()),
            _ => Some(String::new()),
        }
    }

    /// The addr-specs in every field of this name, domains in lower case; groups are opened, names are dropped.
    pub fn addresses(&self, name: &str) -> Vec<String> {
        let mut found = Vec::new();
        for value in self.all(name) {
            let mut line = value.to_vec();
            line.extend_from_slice(b"\r\n");
            if let HeaderValue::Address(address) = MessageStream::new(&line).parse_address() {
                collect(&address, &mut found);
            }
        }
        found
    }

    fn terminated(&self, name: &str) -> Option<Vec<u8>> {
        let mut line = self.all(name).next()?.to_vec();
        line.extend_from_slice(b"\r\n");
        Some(line)
    }

    fn slice(&self, range: &Range<usize>) -> &[u8] {
        self.raw.get(range.clone()).unwrap_or_default()
    }
}

/// A raw value on one line: folds become single blanks.
pub fn unfold(value: &[u8]) -> String {
    let text = String::from_utf8_lossy(value);
    let mut out = String::with_capacity(text.len());
    for line in text.split(['\r', '\n']).filter(|line| !line.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(line.trim_matches([' ', '\t']));
    }
    out
}

fn collect(address: &ParsedAddress<'_>, found: &mut Vec<String>) {
    found.extend(address.iter().filter_map(|one| one.address.as_deref()).map(normal_form));
}

/// Local part as written, domain in lower case (RFC 5321 section 2.4).
fn normal_form(address: &str) -> String {
    match address.rsplit_once('@') {
        Some((local, domain)) => format!("{local}@{}", domain.to_ascii_lowercase()),
        None => address.to_owned(),
    }
}

/// Ends of lines, just after each LF; the end of an unfinished last line too.
fn line_ends(raw: &[u8]) -> impl Iterator<Item = usize> {
    let tail = (!raw.is_empty() && raw.last() != Some(&b'\n')).then_some(raw.len());
    memchr_iter(b'\n', raw).map(|at| at + 1).chain(tail)
}

fn trim_line_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// Length of the field name (RFC 5322 section 3.6.8) and where its colon stands; blanks before the colon are obsolete
/// but seen. `None` when the line is no field.
fn field_name(line: &[u8]) -> Option<(usize, usize)> {
    let length = line.iter().position(|octet| !(33..=126).contains(octet) || *octet == b':')?;
    let blanks = line.get(length..)?.iter().take_while(|octet| octet.is_ascii_whitespace()).count();
    let colon = length + blanks;
    (length > 0 && line.get(colon) == Some(&b':')).then_some((length, colon))
}

/// Fields of a message that passed a few servers.
const USUAL_FIELDS: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    fn block(raw: &'static str) -> HeaderBlock {
        HeaderBlock::parse(Bytes::from_static(raw.as_bytes()))
    }

    #[test]
    fn names_are_compared_without_case_and_values_come_as_they_stood() {
        let headers =
            block("FROM: Ada <Ada@Contoso.Example>\r\nsubject:\tRe:\r\n  folded \r\nX: 1\r\nx: 2\r\n\r\nbody: no\r\n");
        assert!(headers.well_formed());
        assert_eq!(headers.fields().count(), 4);
        assert_eq!(headers.only("Subject"), Some(&b"\tRe:\r\n  folded "[..]));
        assert_eq!(headers.unfolded("subject").as_deref(), Some("Re: folded"));
        assert_eq!(headers.only("X"), None);
        assert_eq!(headers.count("x"), 2);
        assert_eq!(headers.addresses("from"), ["Ada@contoso.example"]);
    }

    #[test]
    fn a_block_that_does_not_begin_with_a_field_is_not_well_formed() {
        for raw in ["From ada Sat Nov 21\r\nFrom: a@b\r\n\r\n", " folded: yes\r\n\r\n", "\r\nbody", "", "no field\n\n"]
        {
            assert!(!block(raw).well_formed(), "{raw:?}");
        }
    }

    #[test]
    fn encoded_words_and_groups_are_read() {
        let headers =
            block("Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\nTo: Team: a@B.example, \"b c\"@d.example;, e@f.example\n\n");
        assert_eq!(headers.text("Subject").as_deref(), Some("Gr\u{fc}\u{df}e"));
        assert_eq!(headers.addresses("to").len(), 3);
    }
}
