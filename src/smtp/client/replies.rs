//! Replies read from the next hop (RFC 5321 section 4.2), strictly and within limits.
//!
//! A line ends in CRLF; a reply has one code; all lines are kept as they came. Anything else, NUL, endless lines or
//! endless replies are garbled, and a garbled session is never trusted again (fault: "garbled reply of next hop").

use bytes::{Bytes, BytesMut};
use memchr::{memchr, memchr3};

use crate::smtp::Reply;

/// What stands at the beginning of the input.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Read {
    /// Not yet a whole reply.
    Partial,
    Whole(Reply),
    Garbled,
}

/// Collects the lines of one reply.
#[derive(Debug, Default)]
#[cfg_attr(test, derive(Clone))]
pub(super) struct ReplyReader {
    code: u16,
    lines: Vec<Bytes>,
}

impl ReplyReader {
    /// Takes the next reply. `line_bytes` counts CRLF.
    pub(super) fn poll(&mut self, input: &mut BytesMut, line_bytes: usize, max_lines: usize) -> Read {
        loop {
            let window = input.get(..line_bytes).unwrap_or(input);
            let Some(line_feed) = memchr(b'\n', window) else {
                let hopeless = input.len() >= line_bytes || !could_begin_a_line(input);
                return if hopeless { Read::Garbled } else { Read::Partial };
            };
            let mut line = input.split_to(line_feed + 1);
            if !line.ends_with(b"\r\n") || self.lines.len() >= max_lines {
                return Read::Garbled;
            }
            line.truncate(line_feed - 1);
            let Some((code, last, text)) = parse(line.freeze()) else { return Read::Garbled };
            if !self.lines.is_empty() && code != self.code {
                return Read::Garbled;
            }
            self.code = code;
            self.lines.push(text);
            if last {
                return Read::Whole(Reply::from_lines(code, std::mem::take(&mut self.lines)));
            }
        }
    }

    /// Whether lines of an unfinished reply were taken.
    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }
}

/// `250-text` or `250 text` or `250`: the code, whether the reply ends here, the text.
fn parse(line: Bytes) -> Option<(u16, bool, Bytes)> {
    if memchr3(b'\r', b'\n', 0, &line).is_some() {
        return None;
    }
    let (digits, rest) = line.split_first_chunk::<3>()?;
    if !could_begin_a_line(digits) {
        return None;
    }
    let code = digits.iter().fold(0u16, |code, digit| code * 10 + u16::from(digit - b'0'));
    let last = match rest.first() {
        None | Some(b' ') => true,
        Some(b'-') => false,
        Some(_) => return None,
    };
    let text = line.slice(line.len().min(4)..);
    Some((code, last, text))
}

/// The first digit is 2 to 5; 1xx does not exist in SMTP.
fn could_begin_a_line(octets: &[u8]) -> bool {
    octets.first().is_none_or(|first| matches!(first, b'2'..=b'5')) && octets.iter().take(3).all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(input: &[u8], chunk: usize) -> (Vec<Reply>, Read) {
        let mut reader = ReplyReader::default();
        let mut buffer = BytesMut::new();
        let mut replies = Vec::new();
        let mut last = Read::Partial;
        for piece in input.chunks(chunk) {
            buffer.extend_from_slice(piece);
            loop {
                match reader.poll(&mut buffer, 40, 3) {
                    Read::Whole(reply) => replies.push(reply),
                    other => {
                        last = other;
                        break;
                    }
                }
            }
            if last == Read::Garbled {
                break;
            }
        }
        (replies, last)
    }

    #[test]
    fn replies_whole_and_split() {
        let lines = |code, lines: &[&'static str]| {
            Reply::from_lines(code, lines.iter().map(|line| Bytes::from_static(line.as_bytes())).collect())
        };
        for (input, expected, end) in [
            ("250 2.0.0 OK\r\n", vec![lines(250, &["2.0.0 OK"])], Read::Partial),
            ("451 4.7.500 Busy (S77719)\r\n", vec![lines(451, &["4.7.500 Busy (S77719)"])], Read::Partial),
            ("250\r\n250 \r\n", vec![lines(250, &[""]), lines(250, &[""])], Read::Partial),
            (
                "250-a\r\n250-\r\n250 c\r\n354 x\r\n",
                vec![lines(250, &["a", "", "c"]), lines(354, &["x"])],
                Read::Partial,
            ),
            ("250-a\r\n", vec![], Read::Partial),
            ("250-a\r\n550 b\r\n", vec![], Read::Garbled),
            ("250-a\r\n250-b\r\n250-c\r\n250 d\r\n", vec![], Read::Garbled),
            ("250 OK\n", vec![], Read::Garbled),
            ("250 O\rK\r\n", vec![], Read::Garbled),
            ("250 O\0K\r\n", vec![], Read::Garbled),
            ("250_OK\r\n", vec![], Read::Garbled),
            ("2xx OK\r\n", vec![], Read::Garbled),
            ("150 OK\r\n", vec![], Read::Garbled),
            ("650 OK\r\n", vec![], Read::Garbled),
            ("25\r\n", vec![], Read::Garbled),
            ("\r\n", vec![], Read::Garbled),
            ("HTTP/1.1 400", vec![], Read::Garbled),
            (
                "250 0123456789012345678901234567890123\r\n",
                vec![lines(250, &["0123456789012345678901234567890123"])],
                Read::Partial,
            ),
            ("250 01234567890123456789012345678901234\r\n", vec![], Read::Garbled),
            ("250 012345678901234567890123456789012345678901234567890123456789", vec![], Read::Garbled),
        ] {
            for chunk in 1..=input.len() {
                let got = read(input.as_bytes(), chunk);
                assert_eq!(
                    got,
                    (expected.clone(), if end == Read::Garbled { Read::Garbled } else { Read::Partial }),
                    "{input:?} by {chunk}"
                );
            }
        }
    }
}
