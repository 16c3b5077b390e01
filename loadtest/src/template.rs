//! A message to be sent many times: fixed octets, slots that differ each time, and filler that is written from one
//! block again and again, so that a mail of 150 MB is never held.
//!
//! Slots are as wide as their placeholders: every copy has the same length, which BDAT and SIZE need to know.

use std::io::Write;

use bytes::Bytes;
use memchr::memmem;

/// A message with its slots.
#[derive(Debug, Clone)]
pub struct Template {
    segments: Vec<Segment>,
    octets: u64,
}

/// What is different in each copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copy {
    /// Of the message; never used twice.
    pub id: u64,
    pub tenant: u32,
    /// Number of the person among the tenant's.
    pub sender: u32,
}

/// A piece of the message.
#[derive(Debug, Clone)]
pub enum Segment {
    Fixed(Bytes),
    /// The number of the message, [`ID`] wide.
    Id,
    /// The number of the sender, [`SENDER`] wide.
    Sender,
    /// The number of the sender's tenant, [`TENANT`] wide.
    Tenant,
    /// A block, so many times.
    Repeat(Bytes, u64),
}

/// Placeholder for the message's number: 16 hexadecimal digits.
pub const ID: &str = "{{id-of-mail--}}";
/// Placeholder for the sender's number: 8 digits.
pub const SENDER: &str = "{{from}}";
/// Placeholder for the number of the sender's tenant: 12 digits.
pub const TENANT: &str = "{{tenant--}}";
/// Placeholder for the filler: the whole line is replaced.
pub const FILLER: &[u8] = b"{{filler}}\r\n";

impl Template {
    /// Cuts a message with CRLF line ends at its placeholders. `filler` stands for every [`FILLER`] line.
    pub fn cut(message: &[u8], filler: &Bytes, times: u64) -> Template {
        let slots: [(&[u8], Segment); 4] = [
            (ID.as_bytes(), Segment::Id),
            (SENDER.as_bytes(), Segment::Sender),
            (TENANT.as_bytes(), Segment::Tenant),
            (FILLER, Segment::Repeat(filler.clone(), times)),
        ];
        let mut segments = Vec::new();
        let mut rest = message;
        loop {
            let found = slots.iter().filter_map(|(mark, slot)| Some((memmem::find(rest, mark)?, mark.len(), slot)));
            let Some((at, length, slot)) = found.min_by_key(|(at, ..)| *at) else { break };
            let (before, after) = rest.split_at(at);
            if !before.is_empty() {
                segments.push(Segment::Fixed(Bytes::copy_from_slice(before)));
            }
            segments.push(slot.clone());
            rest = after.get(length..).unwrap_or_default();
        }
        if !rest.is_empty() {
            segments.push(Segment::Fixed(Bytes::copy_from_slice(rest)));
        }
        let octets = segments.iter().map(Segment::octets).sum();
        Template { segments, octets }
    }

    /// Length of every copy.
    pub fn octets(&self) -> u64 {
        self.octets
    }

    /// The pieces in order.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// A whole copy.
    pub fn render(&self, copy: Copy) -> Vec<u8> {
        let mut out = Vec::new();
        self.segments.iter().for_each(|segment| segment.append(copy, &mut out));
        out
    }

    /// Whether a copy is better written piece by piece than put together first.
    pub fn is_streamed(&self) -> bool {
        self.octets > 256 * 1024
    }
}

impl Segment {
    fn octets(&self) -> u64 {
        match self {
            Segment::Fixed(octets) => octets.len() as u64,
            Segment::Id => ID.len() as u64,
            Segment::Sender => SENDER.len() as u64,
            Segment::Tenant => TENANT.len() as u64,
            Segment::Repeat(block, times) => block.len() as u64 * times,
        }
    }

    /// Appends a small piece; filler is written by itself.
    pub fn append(&self, copy: Copy, out: &mut Vec<u8>) {
        // A Vec takes everything.
        match self {
            Segment::Fixed(octets) => out.extend_from_slice(octets),
            Segment::Id => drop(write!(out, "{:016x}", copy.id)),
            Segment::Sender => drop(write!(out, "{:08}", copy.sender)),
            Segment::Tenant => drop(write!(out, "{:012}", copy.tenant)),
            Segment::Repeat(block, times) => (0..*times).for_each(|_| out.extend_from_slice(block)),
        }
    }
}

/// Doubles the dot of every line that begins with one (RFC 5321 section 4.5.2).
pub fn stuff(message: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(message.len() + 16);
    if message.first() == Some(&b'.') {
        out.push(b'.');
    }
    let mut rest = message;
    while let Some(at) = memmem::find(rest, b"\r\n.") {
        let (line, tail) = rest.split_at(at + 3);
        out.extend_from_slice(line);
        out.push(b'.');
        rest = tail;
    }
    out.extend_from_slice(rest);
    out
}

/// The reverse of [`stuff`].
pub fn unstuff(wire: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(wire.len());
    for line in wire.split_inclusive(|octet| *octet == b'\n') {
        out.extend_from_slice(line.strip_prefix(b".").unwrap_or(line));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_have_the_length_that_was_promised() {
        let message = format!("Message-ID: <{ID}@x>\r\nFrom: p{SENDER}@{TENANT}\r\n\r\n{{{{filler}}}}\r\nend\r\n");
        let template = Template::cut(message.as_bytes(), &Bytes::from_static(b"abc\r\n"), 3);
        let out = template.render(Copy { id: 26, tenant: 3, sender: 7 });
        let expected =
            "Message-ID: <000000000000001a@x>\r\nFrom: p00000007@000000000003\r\n\r\nabc\r\nabc\r\nabc\r\nend\r\n";
        assert_eq!(String::from_utf8_lossy(&out), expected);
        assert_eq!(template.octets(), out.len() as u64);
    }

    #[test]
    fn dots_at_the_beginning_of_lines_are_doubled() {
        for (message, expected) in
            [("", ""), (".", ".."), ("a.\r\n.\r\n..b", "a.\r\n..\r\n...b"), ("\r\n.\r\n.", "\r\n..\r\n..")]
        {
            assert_eq!(stuff(message.as_bytes()), expected.as_bytes());
            assert_eq!(unstuff(expected.as_bytes()), message.as_bytes());
        }
    }
}
