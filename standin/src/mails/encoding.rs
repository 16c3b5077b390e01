//! The two transfer encodings of RFC 2045, for writing only.
//!
//! Lines are as long as mail programs make them, 76 octets, and end with CRLF; a test compares with the examples of
//! the RFC, and the mails are read back by another parser.

/// Section 6.7: lines of at most 76, soft breaks, blanks at line ends encoded. Line ends of `text` may be LF.
pub fn quoted_printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for line in text.lines() {
        let mut column = 0;
        let octets = line.as_bytes();
        for (index, octet) in octets.iter().enumerate() {
            let last = index + 1 == octets.len();
            let plain = matches!(octet, b'!'..=b'<' | b'>'..=b'~') || (matches!(octet, b' ' | b'\t') && !last);
            let width = if plain { 1 } else { 3 };
            if column + width > 75 {
                out.push_str("=\r\n");
                column = 0;
            }
            if plain {
                out.push(char::from(*octet))
            } else {
                out.push_str(&format!("={octet:02X}"))
            }
            column += width;
        }
        out.push_str("\r\n");
    }
    out
}

/// Section 6.8: lines of 76.
pub fn base64_lines(octets: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let letter = |bits: u32| char::from(LETTERS[(bits & 63) as usize]);
    let mut out = String::with_capacity(octets.len() / 57 * 78 + 80);
    for line in octets.chunks(57) {
        for group in line.chunks(3) {
            let octet = |index: usize| u32::from(group.get(index).copied().unwrap_or_default());
            let bits = octet(0) << 16 | octet(1) << 8 | octet(2);
            out.push(letter(bits >> 18));
            out.push(letter(bits >> 12));
            out.push(if group.len() > 1 { letter(bits >> 6) } else { '=' });
            out.push(if group.len() > 2 { letter(bits) } else { '=' });
        }
        out.push_str("\r\n");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_as_in_the_rfc() {
        let cases = [("a=b", "a=3Db\r\n"), ("é \nx", "=C3=A9=20\r\nx\r\n"), ("", "")];
        for (text, expected) in cases {
            assert_eq!(quoted_printable(text), expected);
        }
        assert!(quoted_printable(&"ä".repeat(500)).lines().all(|line| line.len() <= 76));
        for (octets, expected) in [("f", "Zg==\r\n"), ("fo", "Zm8=\r\n"), ("foobar", "Zm9vYmFy\r\n"), ("", "")] {
            assert_eq!(base64_lines(octets.as_bytes()), expected);
        }
    }
}
