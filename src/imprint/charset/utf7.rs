//! UTF-7 (RFC 2152): what is not ASCII stands as base64 of UTF-16 between `+` and `-`.
//!
//! Read strictly: a mail with this label may as well be ASCII with a `+` in it, and then the two readings differ. What
//! is put in goes between runs of base64, never into one, and ends its own runs.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::super::wiped::{Wiped, WipedText};

/// The names it goes by.
pub(super) fn is_named(label: &str) -> bool {
    matches!(label, "utf-7" | "utf7" | "csutf7" | "unicode-1-1-utf-7" | "csunicode11utf7" | "unicode-2-0-utf-7")
        || label == "x-unicode-2-0-utf-7"
}

/// Does the octet mean the same in ASCII and to every reader of UTF-7 (section 2, sets D and O and rule 3)?
pub(super) fn is_direct(octet: u8) -> bool {
    matches!(octet, b'\t' | b'\r' | b'\n' | b' '..=b'}') && !matches!(octet, b'+' | b'\\')
}

/// The text; `None` where a reader would have to guess.
pub(super) fn decode(octets: &[u8]) -> Option<WipedText> {
    let mut text = WipedText::with_capacity(octets.len() + octets.len() / 8);
    for run in Runs(octets) {
        match run {
            Run::Direct(direct) => text.push_str(std::str::from_utf8(direct).ok().filter(|direct| direct.is_ascii())?),
            Run::Shifted { code, .. } => characters(code)?.chars().for_each(|one| text.push(one)),
            Run::Plus => text.push('+'),
            Run::Empty => return None,
        }
    }
    Some(text)
}

/// The octets that make exactly the first `target` octets of the text. None within a run of base64, and none behind
/// one that nothing closes: what is put in there could belong to it.
pub(super) fn position(octets: &[u8], target: usize) -> Option<usize> {
    let (mut at, mut made, mut open) = (0, 0, false);
    for run in Runs(octets) {
        if made == target {
            break;
        }
        match run {
            Run::Direct(direct) if target - made <= direct.len() => return Some(at + target - made),
            Run::Direct(direct) => (at, made, open) = (at + direct.len(), made + direct.len(), false),
            Run::Plus => (at, made, open) = (at + 2, made + 1, false),
            Run::Shifted { code, closed } => {
                at += 1 + code.len() + usize::from(closed);
                made = Some(made + characters(code)?.len()).filter(|made| *made <= target)?;
                open = !closed;
            }
            Run::Empty => return None,
        }
    }
    (made == target && !open).then_some(at)
}

/// Direct characters as they are, all others in base64 that is closed.
pub(super) fn encode(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 16);
    let direct = |one: char| u8::try_from(one).ok().filter(|octet| is_direct(*octet));
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let same = |one: char| match (first, one) {
            ('+', _) => one == '+',
            _ => one != '+' && direct(one).is_some() == direct(first).is_some(),
        };
        let end = rest.find(|one| !same(one)).unwrap_or(rest.len());
        let (run, behind) = rest.split_at_checked(end).unwrap_or((rest, ""));
        rest = behind;
        if first == '+' {
            out.extend(std::iter::repeat_n(b"+-", run.len()).flatten());
        } else if direct(first).is_some() {
            out.extend_from_slice(run.as_bytes());
        } else {
            let units: Vec<u8> = run.encode_utf16().flat_map(u16::to_be_bytes).collect();
            out.push(b'+');
            out.extend_from_slice(STANDARD_NO_PAD.encode(units).as_bytes());
            out.push(b'-');
        }
    }
    out
}

enum Run<'o> {
    Direct(&'o [u8]),
    /// `+-`
    Plus,
    /// A `+` that begins nothing.
    Empty,
    /// Base64 between `+` and, where it is closed, `-`.
    Shifted {
        code: &'o [u8],
        closed: bool,
    },
}

struct Runs<'o>(&'o [u8]);

impl<'o> Iterator for Runs<'o> {
    type Item = Run<'o>;

    fn next(&mut self) -> Option<Run<'o>> {
        let Some(shifted) = self.0.strip_prefix(b"+") else {
            let end = memchr::memchr(b'+', self.0).unwrap_or(self.0.len());
            let (direct, rest) = self.0.split_at_checked(end).filter(|(direct, _)| !direct.is_empty())?;
            self.0 = rest;
            return Some(Run::Direct(direct));
        };
        let is_code = |octet: &u8| octet.is_ascii_alphanumeric() || matches!(octet, b'+' | b'/');
        let end = shifted.iter().position(|octet| !is_code(octet)).unwrap_or(shifted.len());
        let (code, rest) = shifted.split_at_checked(end)?;
        let closed = rest.first() == Some(&b'-');
        self.0 = rest.get(usize::from(closed)..)?;
        Some(match (code, closed) {
            ([], true) => Run::Plus,
            ([], false) => Run::Empty,
            _ => Run::Shifted { code, closed },
        })
    }
}

/// The characters of a run: whole UTF-16, and fewer than six bits behind it, all zero (section 2, rule 2).
fn characters(code: &[u8]) -> Option<WipedText> {
    let octets = Wiped::new(STANDARD_NO_PAD.decode(code).ok()?);
    let (units, []) = octets.as_chunks::<2>() else { return None };
    let mut text = WipedText::with_capacity(octets.len() * 3 / 2);
    for one in char::decode_utf16(units.iter().map(|unit| u16::from_be_bytes(*unit))) {
        text.push(one.ok().filter(|one| *one != '\0')?);
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn it_is_read_strictly() {
        for (octets, want) in [
            ("", Some("")),
            ("Hello", Some("Hello")),
            ("Hi Mom -+Jjo--!", Some("Hi Mom -\u{263a}-!")),
            ("A+ImIDkQ.", Some("A\u{2262}\u{391}.")),
            ("+ZeVnLIqe-", Some("\u{65e5}\u{672c}\u{8a9e}")),
            ("+2D3eAA", Some("\u{1f600}")),
            ("1 +- 2", Some("1 + 2")),
            ("+AG4-", Some("n")),
            ("+/v8-x", Some("\u{feff}x")),
            // ASCII with a plus.
            ("a+b", None),
            ("x + y", None),
            ("+44 20 7946", None),
            ("C++", None),
            ("+", None),
            // Bits that are not zero, too many of them, half a pair, no character.
            ("+AG5-", None),
            ("+AGQA-", None),
            ("+2D0-", None),
            ("+3gA-", None),
            ("+AAA-", None),
            ("\u{fc}", None),
        ] {
            assert_eq!(decode(octets.as_bytes()).as_deref(), want, "{octets}");
        }
    }

    #[test]
    fn nothing_goes_into_a_run_or_behind_an_open_one() {
        let octets = b"a+AOkA6Q-b+AOk\r\nc+-d+AOk";
        let text = decode(octets).unwrap();
        assert_eq!(&*text, "a\u{e9}\u{e9}b\u{e9}\r\nc+d\u{e9}");
        let places = [
            (0, Some(0)),
            (1, Some(1)),
            (3, None),
            (5, Some(9)),
            (6, Some(10)),
            (8, None),
            (9, Some(15)),
            (10, Some(16)),
            (11, Some(17)),
            (12, Some(19)),
            (13, Some(20)),
            (15, None),
            (16, None),
        ];
        for (target, want) in places {
            assert_eq!(position(octets, target), want, "{target}");
        }
    }

    #[test]
    fn what_is_written_is_closed() {
        for (text, want) in [
            ("Zo\u{eb}", "Zo+AOs-"),
            ("T +44 ++", "T +-44 +-+-"),
            ("a~\\b", "a+AH4AXA-b"),
            ("\u{1f600}\u{65e5}-", "+2D3eAGXl--"),
            ("\u{e9}+\u{e9}", "+AOk-+-+AOk-"),
        ] {
            let octets = encode(text);
            assert_eq!(octets, want.as_bytes(), "{text}");
            assert_eq!(decode(&octets).as_deref(), Some(text));
        }
    }
}
