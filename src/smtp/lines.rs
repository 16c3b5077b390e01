//! Command lines cut out of the input (RFC 5321 section 2.3.8): a line ends in CRLF and in nothing else.
//!
//! A LF without CR is told as soon as it is seen and never taken for an end: what one side reads as two commands
//! and the other as one is how commands are smuggled. The line is a slice of the input, never a copy.

use bytes::{Bytes, BytesMut};
use memchr::{memchr, memchr3};

/// What stands at the beginning of the input.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// Not yet a whole line; nothing was taken.
    Partial,
    /// A line, without its CRLF, free of CR, LF and NUL.
    Whole(Bytes),
    /// A line that ends in CRLF but holds a CR or NUL; it was taken.
    Dirty,
    /// A LF without CR before it. Where the line ends is unknown, so nothing after it can be trusted.
    BareLineFeed,
    /// More octets than the limit.
    TooLong,
}

/// Takes the next line of at most `limit` octets, CRLF included.
pub(super) fn take_line(input: &mut BytesMut, limit: usize) -> Line {
    let window = input.get(..limit).unwrap_or(input);
    let Some(line_feed) = memchr(b'\n', window) else {
        return if input.len() >= limit { Line::TooLong } else { Line::Partial };
    };
    let mut line = input.split_to(line_feed + 1);
    if !line.ends_with(b"\r\n") {
        return Line::BareLineFeed;
    }
    line.truncate(line_feed - 1);
    match memchr3(b'\r', b'\n', 0, &line) {
        None => Line::Whole(line.freeze()),
        Some(_) => Line::Dirty,
    }
}

/// Where the first CR, LF or NUL stands that is no part of a CRLF. `after_cr` says that the octet before `content` was
/// a CR. A CR at the very end is not counted: what follows it is not known yet.
pub(super) fn bare(content: &[u8], after_cr: bool) -> Option<usize> {
    // One pass without branches, which the compiler turns into vector code: mail has a CRLF every 78 octets, and a search
    // that stops at each of them costs several times as much. Only a faulty message pays for the second, exact pass.
    let first = content.first()?;
    let mut faulty = (*first == b'\n') != after_cr || *first == 0;
    for (before, octet) in content.iter().zip(content.get(1..).unwrap_or_default()) {
        faulty |= ((*before == b'\r') != (*octet == b'\n')) | (*octet == 0);
    }
    if !faulty {
        return None;
    }
    let mut after_cr = after_cr;
    for (place, octet) in content.iter().copied().enumerate() {
        if after_cr && octet != b'\n' {
            // The CR before is the culprit; when it stood in an earlier slice, this slice's first octet tells of it.
            return Some(place.saturating_sub(1));
        }
        if octet == 0 || (octet == b'\n' && !after_cr) {
            return Some(place);
        }
        after_cr = octet == b'\r';
    }
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines() {
        for (input, expected, left) in [
            ("", Line::Partial, ""),
            ("NOOP", Line::Partial, "NOOP"),
            ("NOOP\r", Line::Partial, "NOOP\r"),
            ("NOOP\r\nQ", Line::Whole("NOOP".into()), "Q"),
            ("\r\n", Line::Whole("".into()), ""),
            ("NOOP\nQ\r\n", Line::BareLineFeed, "Q\r\n"),
            ("\n", Line::BareLineFeed, ""),
            ("NO\rOP\r\nQ", Line::Dirty, "Q"),
            ("NOOP\0\r\n", Line::Dirty, ""),
            ("NOOP\r\r\n", Line::Dirty, ""),
            ("12345678\r\n", Line::Whole("12345678".into()), ""),
            ("123456789\r\n", Line::TooLong, "123456789\r\n"),
            ("1234567890", Line::TooLong, "1234567890"),
            ("123456789", Line::Partial, "123456789"),
        ] {
            let mut buffer = BytesMut::from(input);
            assert_eq!(take_line(&mut buffer, 10), expected, "{input:?}");
            assert_eq!(buffer, left, "{input:?}");
        }
    }

    #[test]
    fn bare_line_ends() {
        for (content, after_cr, expected) in [
            ("a\r\nb\r\n", false, None),
            ("a\r", false, None),
            ("", true, None),
            ("\n", true, None),
            ("\n", false, Some(0)),
            ("a\nb", false, Some(1)),
            ("a\rb", false, Some(1)),
            ("a\r\r\n", false, Some(1)),
            ("b", true, Some(0)),
            ("\r\n", true, Some(0)),
            ("ab\0", false, Some(2)),
            ("\0", false, Some(0)),
            ("\r\n\n", false, Some(2)),
        ] {
            assert_eq!(bare(content.as_bytes(), after_cr), expected, "{content:?}");
        }
    }

    proptest! {
        #[test]
        fn bare_is_what_a_regular_expression_would_find(content in "[a\r\n\0]{0,12}") {
            let whole = content.replace("\r\n", "  ");
            let mut naive = whole.find(['\r', '\n', '\0']);
            if naive == Some(content.len().wrapping_sub(1)) && content.ends_with('\r') {
                naive = None;
            }
            prop_assert_eq!(bare(content.as_bytes(), false), naive);
        }
    }
}
