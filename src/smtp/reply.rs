//! One SMTP reply (RFC 5321 section 4.2): read from the next hop, or one of our own.
//!
//! A reply of the next hop keeps its lines as they came, so it can be given back word for word (`451 4.7.500 ...`).
//! The answers of our own are named constructors in `own.rs`.
//! A reply can never break the framing: CR, LF and NUL are taken out of its text whoever made it.

use std::fmt::Write as _;

use bytes::{BufMut, Bytes, BytesMut};
use memchr::memchr3;

/// A reply: its code and the text of each line after `250-` or `250 `, enhanced code included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    code: u16,
    lines: Vec<Bytes>,
}

/// What a reply means for the one who asked (RFC 5321 section 4.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// 2xx.
    Success,
    /// 3xx: go on with what was announced.
    Intermediate,
    /// 4xx, and whatever is no reply code at all: unknown means "try again".
    Temporary,
    /// 5xx.
    Permanent,
}

impl Reply {
    /// A reply of one line. `enhanced` is the code of RFC 3463 and may be empty.
    pub fn new(code: u16, enhanced: &str, text: &str) -> Reply {
        let line = if enhanced.is_empty() { text.to_owned() } else { format!("{enhanced} {text}") };
        Reply::from_lines(code, vec![Bytes::from(line)])
    }

    /// A reply of several lines; no line at all is one empty line.
    pub fn from_lines(code: u16, lines: Vec<Bytes>) -> Reply {
        let mut lines: Vec<Bytes> = lines.into_iter().map(clean).collect();
        if lines.is_empty() {
            lines.push(Bytes::new());
        }
        Reply { code, lines }
    }

    /// The three digits.
    pub fn code(&self) -> u16 {
        self.code
    }

    /// The meaning of the first digit.
    pub fn class(&self) -> Class {
        match self.code {
            200..=299 => Class::Success,
            300..=399 => Class::Intermediate,
            500..=599 => Class::Permanent,
            _ => Class::Temporary,
        }
    }

    /// Whether the code is 2xx.
    pub fn is_success(&self) -> bool {
        self.class() == Class::Success
    }

    /// Whether the sender shall try again later: 4xx.
    pub fn is_temporary(&self) -> bool {
        self.class() == Class::Temporary
    }

    /// Whether the sender shall give up: 5xx.
    pub fn is_permanent(&self) -> bool {
        self.class() == Class::Permanent
    }

    /// The enhanced code of the first line (RFC 3463), `4.7.500` too; `None` when there is none.
    pub fn enhanced(&self) -> Option<(u8, u16, u16)> {
        let line = self.lines.first()?;
        let word = line.split(|b| *b == b' ').next()?;
        let mut numbers = word.split(|b| *b == b'.');
        let class = digits(numbers.next()?)?;
        let subject = digits(numbers.next()?)?;
        let detail = digits(numbers.next()?)?;
        if numbers.next().is_some() || !matches!(class, 2 | 4 | 5) {
            return None;
        }
        Some((u8::try_from(class).ok()?, subject, detail))
    }

    /// All lines joined by a space; octets that are not UTF-8 are replaced. For logs and decisions, not for the wire.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for (at, line) in self.lines.iter().enumerate() {
            if at > 0 {
                text.push(' ');
            }
            text.push_str(&String::from_utf8_lossy(line));
        }
        text
    }

    /// The text of each line, as received.
    pub fn lines(&self) -> &[Bytes] {
        &self.lines
    }

    /// The wire form, each line with CRLF and at most 2,048 octets long; longer text is cut.
    pub fn encode(&self) -> Bytes {
        let mut code = String::with_capacity(3);
        let _ = write!(code, "{:03}", self.code);
        let mut wire = BytesMut::with_capacity(self.lines.iter().map(|line| line.len() + 6).sum());
        let last = self.lines.len().saturating_sub(1);
        for (at, line) in self.lines.iter().enumerate() {
            wire.put_slice(code.as_bytes());
            wire.put_u8(if at == last { b' ' } else { b'-' });
            wire.put_slice(line.get(..MAX_TEXT).unwrap_or(line));
            wire.put_slice(b"\r\n");
        }
        wire.freeze()
    }
}

/// Text without CR, LF and NUL. The usual text has none and is not copied.
fn clean(line: Bytes) -> Bytes {
    if memchr3(b'\r', b'\n', 0, &line).is_none() {
        return line;
    }
    line.iter().copied().filter(|b| !matches!(b, b'\r' | b'\n' | 0)).collect()
}

/// A number of one to three digits (RFC 3463 section 2).
fn digits(text: &[u8]) -> Option<u16> {
    if text.is_empty() || text.len() > 3 {
        return None;
    }
    text.iter().try_fold(0u16, |number, b| b.is_ascii_digit().then(|| number * 10 + u16::from(b - b'0')))
}

/// What fits into a line of 2,048 octets beside `250 ` and CRLF.
const MAX_TEXT: usize = 2_048 - 6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodes_one_and_many_lines() {
        assert_eq!(Reply::new(250, "2.0.0", "OK").encode(), "250 2.0.0 OK\r\n");
        assert_eq!(Reply::new(354, "", "Go").encode(), "354 Go\r\n");
        let many = Reply::from_lines(250, vec!["a".into(), "b".into(), "c".into()]);
        assert_eq!(many.encode(), "250-a\r\n250-b\r\n250 c\r\n");
        assert_eq!(many.text(), "a b c");
        assert_eq!(Reply::from_lines(250, Vec::new()).encode(), "250 \r\n");
    }

    #[test]
    fn text_can_not_break_the_framing() {
        assert_eq!(Reply::new(550, "5.1.1", "a\r\n250 b\0").encode(), "550 5.1.1 a250 b\r\n");
        let lines = vec![Bytes::from_static(b"x\ny"), Bytes::from_static(b"\r")];
        assert_eq!(Reply::from_lines(550, lines).encode(), "550-xy\r\n550 \r\n");
    }

    #[test]
    fn lines_are_cut_at_2048_octets() {
        let wire = Reply::new(550, "", &"x".repeat(9_000)).encode();
        assert_eq!(wire.len(), 2_048);
        assert!(wire.ends_with(b"\r\n"));
    }

    #[test]
    fn enhanced_codes() {
        for (text, expected) in [
            ("4.7.500 Server busy", Some((4, 7, 500))),
            ("2.6.0", Some((2, 6, 0))),
            ("5.7.64 TenantAttribution", Some((5, 7, 64))),
            ("3.7.1 no such class", None),
            ("4.7.5000 too long", None),
            ("4.7 too short", None),
            ("4.7.1.1 too many", None),
            ("4..1 hole", None),
            ("OK", None),
            ("", None),
        ] {
            assert_eq!(Reply::new(450, "", text).enhanced(), expected, "{text}");
        }
    }

    #[test]
    fn classes() {
        for (code, class) in [
            (250, Class::Success),
            (354, Class::Intermediate),
            (421, Class::Temporary),
            (550, Class::Permanent),
            (0, Class::Temporary),
            (999, Class::Temporary),
        ] {
            assert_eq!(Reply::new(code, "", "").class(), class);
        }
    }
}
