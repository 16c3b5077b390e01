//! Content-Transfer-Encodings: decode a held leaf, and put octets into it while the rest of it stays as it came
//! (RFC 2045 section 6).
//!
//! Every position a caller names is one in the decoded octets; what comes back are replacements in the encoded ones.

pub(super) mod base64;
mod quoted_printable;

use std::ops::Range;

use super::Reason;
use super::content::Encoding;
use super::wiped::Wiped;

/// Octets to put in before the decoded octet `at`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Insertion {
    pub(super) at: usize,
    pub(super) octets: Vec<u8>,
}

/// Replaces a range of the encoded octets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Replacement {
    pub(super) range: Range<usize>,
    pub(super) octets: Vec<u8>,
}

/// The decoded octets, in a buffer of their own where they differ from the encoded ones.
pub(super) fn decode(encoding: Encoding, encoded: &[u8]) -> Result<Option<Wiped>, Reason> {
    match encoding {
        Encoding::SevenBit | Encoding::EightBit | Encoding::Binary => Ok(None),
        Encoding::QuotedPrintable => Ok(Some(Wiped::new(quoted_printable::decode(encoded)))),
        Encoding::Base64 => base64::decode(encoded).map(|octets| Some(Wiped::new(octets))).ok_or(Reason::BadEncoding),
        Encoding::Unknown => Err(Reason::BadEncoding),
    }
}

/// Puts `insertions` (in order) into an encoded leaf, and tells where each stands in it. `line_end` is that of the
/// encoded lines.
pub(super) fn insert(
    encoding: Encoding,
    encoded: &[u8],
    decoded: &[u8],
    insertions: &[Insertion],
    line_end: &'static str,
) -> (Vec<Replacement>, Vec<usize>) {
    match encoding {
        Encoding::QuotedPrintable => quoted_printable::insert(encoded, insertions, line_end),
        Encoding::Base64 => (
            base64::insert(encoded, decoded, insertions, line_end).into_iter().collect(),
            insertions.iter().map(|one| base64::position(encoded, one.at)).collect(),
        ),
        _ => insertions
            .iter()
            .map(|one| (Replacement { range: one.at..one.at, octets: one.octets.clone() }, one.at))
            .unzip(),
    }
}

/// Where a decoded position stands in the encoded octets.
pub(super) fn position(encoding: Encoding, encoded: &[u8], at: usize) -> usize {
    match encoding {
        Encoding::QuotedPrintable => quoted_printable::position(encoded, at).0,
        Encoding::Base64 => base64::position(encoded, at),
        _ => at,
    }
}

/// All of `octets`, newly encoded, in lines of at most 76 octets. `None` where the encoding cannot carry them.
pub(super) fn encode(encoding: Encoding, octets: &[u8], line_end: &'static str) -> Option<Vec<u8>> {
    match encoding {
        Encoding::QuotedPrintable => Some(quoted_printable::encode(octets, line_end)),
        Encoding::Base64 => Some(base64::encode(octets, line_end)),
        Encoding::EightBit => Some(octets.to_vec()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    /// The slow obvious version: the whole leaf with its insertions, decoded.
    fn expected(decoded: &[u8], insertions: &[Insertion]) -> Vec<u8> {
        let mut out = decoded.to_vec();
        for one in insertions.iter().rev() {
            out.splice(one.at..one.at, one.octets.iter().copied());
        }
        out
    }

    fn applied(encoded: &[u8], replacements: &[Replacement]) -> Vec<u8> {
        let mut out = encoded.to_vec();
        for one in replacements.iter().rev() {
            out.splice(one.range.clone(), one.octets.iter().copied());
        }
        out
    }

    fn octets(encoding: Encoding, encoded: &[u8]) -> Vec<u8> {
        decode(encoding, encoded).unwrap().map_or_else(|| encoded.to_vec(), |octets| octets.to_vec())
    }

    proptest! {
        #[test]
        fn what_is_put_in_is_there_and_the_rest_decodes_the_same(
            text in prop::collection::vec(prop_oneof![Just(b'a'), Just(b' '), Just(b'='), Just(b'\r'), Just(b'\n'), any::<u8>()], 0..400),
            piece in prop::collection::vec(prop_oneof![Just(b'-'), Just(b' '), Just(b'\n'), Just(b'='), any::<u8>()], 0..200),
            first in any::<prop::sample::Index>(),
            second in any::<prop::sample::Index>(),
            quoted in any::<bool>(),
            lf in any::<bool>(),
        ) {
            let encoding = if quoted { Encoding::QuotedPrintable } else { Encoding::Base64 };
            let line_end = if lf { "\n" } else { "\r\n" };
            let encoded = encode(encoding, &text, line_end).unwrap();
            prop_assert_eq!(octets(encoding, &encoded), text.clone());
            let (a, b) = (first.index(text.len() + 1), second.index(text.len() + 1));
            let insertions = [
                Insertion { at: a.min(b), octets: piece.clone() },
                Insertion { at: a.max(b), octets: b"x\xe4\r\n".to_vec() },
            ];
            let replaced = insert(encoding, &encoded, &text, &insertions, line_end).0;
            let out = applied(&encoded, &replaced);
            prop_assert_eq!(octets(encoding, &out), expected(&text, &insertions));
            prop_assert!(out.split(|octet| *octet == b'\n').all(|line| line.len() <= 78));
        }
    }

    #[test]
    fn lines_that_came_stay_as_they_came() {
        let encoded = b"first=20line =\r\nof f=fcr\r\nsecond\r\n";
        let text = octets(Encoding::QuotedPrintable, encoded);
        assert_eq!(text, b"first line of f\xfcr\r\nsecond\r\n");
        let insertion = [Insertion { at: 17, octets: b"\r\nHERE\r\n".to_vec() }];
        let out = applied(encoded, &insert(Encoding::QuotedPrintable, encoded, &text, &insertion, "\r\n").0);
        assert_eq!(out, b"first=20line =\r\nof f=fcr\r\nHERE\r\n\r\nsecond\r\n");
    }

    /// Found by fuzzing: the last `=` may be that of a soft break before the last line.
    #[test]
    fn a_soft_break_is_open_only_where_nothing_follows_it() {
        for (encoded, changed) in [
            (&b"end="[..], &b"end=\r\nHERE"[..]),
            (b"end=  ", b"end=  \r\nHERE"),
            (b"end=\r\n", b"end=\r\nHERE"),
            (b"end=  \r\n", b"end=  \r\nHERE"),
            (b"end=\r\n ", b"end=\r\n =\r\nHERE"),
            (b"end=  \r\n \t", b"end=  \r\n \t=\r\nHERE"),
        ] {
            let text = octets(Encoding::QuotedPrintable, encoded);
            let insertion = [Insertion { at: text.len(), octets: b"HERE".to_vec() }];
            let out = applied(encoded, &insert(Encoding::QuotedPrintable, encoded, &text, &insertion, "\r\n").0);
            assert_eq!(out, changed, "{}", encoded.escape_ascii());
            assert_eq!(octets(Encoding::QuotedPrintable, &out), [&text[..], b"HERE"].concat());
        }
    }

    #[test]
    fn base64_keeps_its_lines_before_the_place_and_its_width_after() {
        let text: Vec<u8> = (0..200_u8).collect();
        let encoded = encode(Encoding::Base64, &text, "\n").unwrap();
        let insertion = [Insertion { at: 100, octets: b"!".to_vec() }];
        let out = applied(&encoded, &insert(Encoding::Base64, &encoded, &text, &insertion, "\n").0);
        assert_eq!(out[..77], encoded[..77]);
        assert!(out.split(|octet| *octet == b'\n').rev().skip(2).all(|line| line.len() == 76));
        assert_eq!(octets(Encoding::Base64, &out), expected(&text, &insertion));
    }

    #[test]
    fn illegal_base64_is_refused() {
        for (encoded, good) in [
            ("QUJD", true),
            ("QUI", true),
            ("QUI=\r\n", true),
            ("QQ", true),
            ("", true),
            ("Q", false),
            ("QUJD!", false),
            ("QUI=QUJD", false),
            ("QU\tJD", true),
            ("=", false),
        ] {
            assert_eq!(decode(Encoding::Base64, encoded.as_bytes()).is_ok(), good, "{encoded}");
        }
    }
}
