//! What a header says about its part: Content-Type, Content-Transfer-Encoding, Content-Disposition (RFC 2045, 2183).
//!
//! Values are read where they stand, so that one parameter can be replaced and the rest kept as it came. Where two
//! readers could see different things (a field or parameter that stands twice, RFC 2231 pieces of a boundary) the
//! answer is a doubt, not a guess.

use std::borrow::Cow;
use std::ops::Range;

use super::HeaderBlock;

/// One part's description.
#[derive(Debug, Clone)]
pub(super) struct Content {
    pub(super) media: Media,
    pub(super) encoding: Encoding,
    pub(super) disposition: Disposition,
    /// A file name, in either field.
    pub(super) named: bool,
    /// Content-Type or Content-Transfer-Encoding stands twice.
    pub(super) doubled: bool,
    /// Content-ID without its brackets.
    pub(super) id: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Disposition {
    None,
    Inline,
    Attachment,
}

/// Content-Transfer-Encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    SevenBit,
    EightBit,
    Binary,
    QuotedPrintable,
    Base64,
    Unknown,
}

/// Content-Type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Media {
    /// In lower case, for example `text/html`; the default of RFC 2045 section 5.2 where the field is absent; empty
    /// where it cannot be read.
    pub(super) essence: String,
    /// Where the type ends in the raw value.
    pub(super) essence_end: usize,
    pub(super) parameters: Vec<Parameter>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Parameter {
    /// In lower case.
    pub(super) name: String,
    pub(super) value: String,
    /// The value in the raw field value, quotes included.
    pub(super) range: Range<usize>,
    /// Not a clean token or quoted string.
    pub(super) doubtful: bool,
}

/// A parameter as far as all readers would agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found<'a> {
    Absent,
    Value(&'a Parameter),
    Doubt,
}

impl Content {
    /// `digest`: the part stands directly in a multipart/digest, whose parts are messages by default.
    pub(super) fn read(header: &HeaderBlock, digest: Digest) -> Content {
        let media = match header.all("Content-Type").next() {
            Some(value) => Media::parse(value),
            None => Media::default_for(digest),
        };
        let (disposition, file_name) = match header.all("Content-Disposition").next().map(Media::parse_loose) {
            None => (Disposition::None, false),
            Some(field) => {
                let kind = match field.essence.as_str() {
                    "inline" => Disposition::Inline,
                    "" => Disposition::None,
                    // RFC 2183 section 2.8: an unknown one is an attachment.
                    _ => Disposition::Attachment,
                };
                (kind, field.has_name("filename"))
            }
        };
        let id = header.unfolded("Content-ID").map(|id| id.trim_matches(['<', '>', ' ']).to_owned());
        Content {
            named: file_name || media.has_name("name"),
            media,
            encoding: header.unfolded("Content-Transfer-Encoding").map_or(Encoding::SevenBit, |v| Encoding::parse(&v)),
            disposition,
            doubled: header.count("Content-Type") > 1 || header.count("Content-Transfer-Encoding") > 1,
            id,
        }
    }

    pub(super) fn is(&self, essence: &str) -> bool {
        self.media.essence == essence
    }

    pub(super) fn is_multipart(&self) -> bool {
        self.media.essence.starts_with("multipart/")
    }

    /// In one of the formats a signature has.
    pub(super) fn is_text(&self) -> bool {
        self.is("text/plain") || self.is("text/html")
    }

    /// Microsoft's encapsulation of a message.
    pub(super) fn is_tnef(&self) -> bool {
        self.is("application/ms-tnef") || self.is("application/vnd.ms-tnef")
    }

    /// A text that a reader shows as the body.
    pub(super) fn is_body_text(&self) -> bool {
        self.is_text() && self.disposition != Disposition::Attachment && !self.named
    }

    /// The names of the part in both fields, in lower case.
    pub(super) fn names(&self, header: &HeaderBlock) -> Vec<String> {
        let disposition = header.all("Content-Disposition").next().map(Media::parse_loose);
        let parameters =
            [Some(&self.media), disposition.as_ref()].into_iter().flatten().flat_map(|one| &one.parameters);
        parameters
            .filter(|parameter| parameter.name.starts_with("name") || parameter.name.starts_with("filename"))
            .map(|parameter| parameter.value.to_ascii_lowercase())
            .collect()
    }
}

/// Whether the parent is a multipart/digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Digest {
    No,
    Yes,
}

impl Encoding {
    fn parse(value: &str) -> Encoding {
        let value = value.split('(').next().unwrap_or_default().trim();
        let known = [
            ("7bit", Encoding::SevenBit),
            ("8bit", Encoding::EightBit),
            // Seen, and read by all as what they mean.
            ("7-bit", Encoding::SevenBit),
            ("8-bit", Encoding::EightBit),
            ("binary", Encoding::Binary),
            ("quoted-printable", Encoding::QuotedPrintable),
            ("base64", Encoding::Base64),
        ];
        known.iter().find(|(name, _)| value.eq_ignore_ascii_case(name)).map_or(Encoding::Unknown, |(_, kind)| *kind)
    }

    /// Octets stand for themselves.
    pub(super) fn is_identity(self) -> bool {
        matches!(self, Encoding::SevenBit | Encoding::EightBit | Encoding::Binary)
    }
}

impl Media {
    /// Reads a Content-Type; one that is no `type/subtype` has an empty essence.
    pub(super) fn parse(value: &[u8]) -> Media {
        let mut media = Media::parse_loose(value);
        if media.essence == "text" {
            // Mail of the time before MIME had subtypes (RFC 1049); RFC 2045 section 5.2 makes it plain text.
            media.essence.push_str("/plain");
        }
        let slashes = media.essence.bytes().filter(|octet| *octet == b'/').count();
        if slashes != 1 || media.essence.starts_with('/') || media.essence.ends_with('/') {
            media.essence.clear();
        }
        media
    }

    /// Reads any field of the form `token; name=value; …`.
    fn parse_loose(value: &[u8]) -> Media {
        let mut reader = Reader { value, at: 0 };
        reader.skip_blanks();
        let (essence, mut end) = reader.token(|octet| matches!(octet, b';' | b' ' | b'\t' | b'\r' | b'\n' | b'('));
        let mut essence = essence.to_ascii_lowercase();
        reader.skip_blanks();
        if !matches!(reader.peek(), None | Some(b';')) {
            // Text after the type that is no parameter.
            essence.clear();
            end = value.len();
        }
        let mut parameters = Vec::new();
        while reader.skip_to_parameter() {
            parameters.extend(reader.parameter());
        }
        Media { essence, essence_end: end, parameters }
    }

    fn default_for(digest: Digest) -> Media {
        let essence = match digest {
            Digest::No => "text/plain",
            Digest::Yes => "message/rfc822",
        };
        Media { essence: essence.to_owned(), essence_end: 0, parameters: Vec::new() }
    }

    pub(super) fn parameter(&self, name: &str) -> Found<'_> {
        let pieces =
            |parameter: &Parameter| parameter.name.strip_prefix(name).is_some_and(|rest| rest.starts_with('*'));
        if self.parameters.iter().any(pieces) {
            return Found::Doubt;
        }
        let mut all = self.parameters.iter().filter(|parameter| parameter.name == name);
        match (all.next(), all.next()) {
            (None, _) => Found::Absent,
            (Some(one), None) if !one.doubtful => Found::Value(one),
            _ => Found::Doubt,
        }
    }

    /// The value of `name*`, where it stands alone and whole (RFC 2231 section 4); without escapes in it.
    pub(super) fn extended(&self, name: &str) -> Option<&str> {
        let mut all = self.parameters.iter().filter(|parameter| parameter.name.starts_with(name));
        let one = all.next().filter(|one| all.next().is_none() && one.name.len() == name.len() + 1)?;
        (!one.doubtful && !one.value.contains('%')).then_some(one.value.as_str())
    }

    /// The value in lower case, empty where absent or doubtful.
    pub(super) fn word(&self, name: &str) -> String {
        match self.parameter(name) {
            Found::Value(parameter) => parameter.value.to_ascii_lowercase(),
            _ => String::new(),
        }
    }

    fn has_name(&self, name: &str) -> bool {
        self.parameters
            .iter()
            .any(|one| one.name.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('*')))
    }
}

/// A cursor over a raw field value.
struct Reader<'a> {
    value: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<u8> {
        self.value.get(self.at).copied()
    }

    /// Blanks, folds and comments (nested ones counted, not recursed into).
    fn skip_blanks(&mut self) {
        let mut depth = 0_usize;
        while let Some(octet) = self.peek() {
            match octet {
                b'(' => depth += 1,
                b')' if depth > 0 => depth -= 1,
                b'\\' if depth > 0 => self.at += 1,
                b' ' | b'\t' | b'\r' | b'\n' => {}
                _ if depth > 0 => {}
                _ => return,
            }
            self.at += 1;
        }
    }

    /// Octets up to one that stops, and where they end.
    fn token(&mut self, stops: impl Fn(u8) -> bool) -> (Cow<'a, str>, usize) {
        let start = self.at;
        while self.peek().is_some_and(|octet| !stops(octet)) {
            self.at += 1;
        }
        let octets = self.value.get(start..self.at).unwrap_or_default();
        (String::from_utf8_lossy(octets), self.at)
    }

    fn skip_to_parameter(&mut self) -> bool {
        while self.peek().is_some_and(|octet| octet != b';') {
            self.at += 1;
        }
        while self.peek() == Some(b';') {
            self.at += 1;
            self.skip_blanks();
        }
        self.peek().is_some()
    }

    fn parameter(&mut self) -> Option<Parameter> {
        let (name, _) = self.token(|octet| matches!(octet, b'=' | b';'));
        let name = name.trim().to_ascii_lowercase();
        if self.peek() != Some(b'=') || name.is_empty() {
            return None;
        }
        self.at += 1;
        self.skip_blanks();
        let start = self.at;
        let (value, end, mut doubtful) = if self.peek() == Some(b'"') { self.quoted() } else { self.plain() };
        self.skip_blanks();
        doubtful |= !matches!(self.peek(), None | Some(b';'));
        Some(Parameter { name, value, range: start..end, doubtful })
    }

    fn quoted(&mut self) -> (String, usize, bool) {
        let mut value = Vec::new();
        let mut folded = false;
        self.at += 1;
        while let Some(octet) = self.peek() {
            self.at += 1;
            match octet {
                b'"' => return (String::from_utf8_lossy(&value).into_owned(), self.at, folded),
                b'\\' => {
                    value.extend(self.peek());
                    self.at += 1;
                }
                // Some readers keep the blank of a fold inside quotes, some do not.
                b'\r' | b'\n' => folded = true,
                _ => value.push(octet),
            }
        }
        (String::from_utf8_lossy(&value).into_owned(), self.value.len(), true)
    }

    fn plain(&mut self) -> (String, usize, bool) {
        let (value, end) = self.token(|octet| matches!(octet, b';' | b' ' | b'\t' | b'\r' | b'\n'));
        let doubtful = value.contains(['"', '(']);
        (value.into_owned(), end, doubtful)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn parameters_are_read_where_they_stand() {
        let value = b" Text/HTML (c(o)m) ;\r\n\tcharset=\"utf\\-8\" ; format=flowed; boundary=----=_a/b;name*0=x";
        let media = Media::parse(value);
        assert_eq!(media.essence, "text/html");
        let Found::Value(charset) = media.parameter("charset") else { panic!("{media:?}") };
        assert_eq!((charset.value.as_str(), &value[charset.range.clone()]), ("utf-8", &b"\"utf\\-8\""[..]));
        assert_eq!(media.word("boundary"), "----=_a/b");
        assert_eq!(media.parameter("name"), Found::Doubt);
        assert_eq!(media.parameter("start"), Found::Absent);
    }

    #[test]
    fn what_readers_disagree_about_is_a_doubt() {
        for value in [
            "multipart/mixed; boundary=a; boundary=b",
            "multipart/mixed; boundary=a b",
            "x/y; boundary=\"a",
            "x/y; boundary*0=a",
        ] {
            assert_eq!(Media::parse(value.as_bytes()).parameter("boundary"), Found::Doubt, "{value}");
        }
        for value in ["text plain", "text/plain charset=x", "a/b/c", ""] {
            assert_eq!(Media::parse(value.as_bytes()).essence, "", "{value}");
        }
    }
}
