//! xtext (RFC 3461 section 4): any octets in a word of printable ASCII, `+XX` for what is none.
//!
//! What [`encode`] gives has no blank, control character, `+` or `=` of its own, so it cannot break a command line.

use memchr::memchr;

/// The octets of `text`; `None` when a `+` is not followed by two hexadecimal digits.
pub(super) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(plus) = memchr(b'+', rest) {
        let (before, after) = rest.split_at(plus);
        octets.extend_from_slice(before);
        let (hex, after) = after.get(1..)?.split_at_checked(2)?;
        octets.push(hex.iter().try_fold(0u8, |octet, digit| Some(octet << 4 | hex_digit(*digit)?))?);
        rest = after;
    }
    octets.extend_from_slice(rest);
    Some(octets)
}

/// `octets` as a word.
pub(super) fn encode(octets: &[u8], word: &mut Vec<u8>) {
    for &octet in octets {
        if octet.is_ascii_graphic() && !matches!(octet, b'+' | b'=') {
            word.push(octet);
        } else {
            word.push(b'+');
            word.extend(
                [octet >> 4, octet & 15].map(|digit| if digit < 10 { b'0' + digit } else { b'A' + digit - 10 }),
            );
        }
    }
}

fn hex_digit(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        // RFC 3461 allows upper case only; lower case is seen and means the same.
        b'A'..=b'F' => Some(digit - b'A' + 10),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_octets() {
        for (word, octets) in [
            ("", Some(&b""[..])),
            ("a.b-c_d@e", Some(b"a.b-c_d@e")),
            ("a+2Bb+3D", Some(b"a+b=")),
            ("+00+0D+0A+20+7F+FF", Some(b"\0\r\n \x7f\xff")),
            ("a+", None),
            ("a+2", None),
            ("+ZZ", None),
            ("+-1", None),
        ] {
            assert_eq!(decode(word.as_bytes()).as_deref(), octets, "{word}");
            let Some(octets) = octets else { continue };
            let mut again = Vec::new();
            encode(octets, &mut again);
            assert_eq!(again, word.as_bytes());
        }
        assert_eq!(decode(b"+ff"), Some(vec![0xff]));
    }

    #[test]
    fn every_octet_comes_back() {
        let all: Vec<u8> = (0..=255).collect();
        let mut word = Vec::new();
        encode(&all, &mut word);
        assert!(word.iter().all(|octet| octet.is_ascii_graphic() && *octet != b'='));
        assert_eq!(decode(&word), Some(all));
    }
}
