//! Delimiter lines (RFC 2046 section 5.1.1): a whole line of `--`, a boundary, perhaps `--`, perhaps blanks.
//!
//! RFC 2046 lets a reader be content with a line that begins so; most want all of it. A line with other text after
//! a boundary is therefore a doubt, unless that text makes it the boundary of another open multipart (`a` and `ab`).

use super::content::{Content, Digest, Found};

/// A multipart that was begun.
#[cfg_attr(test, derive(Clone, Debug))]
pub(super) struct Open {
    pub(super) part: usize,
    pub(super) boundary: Vec<u8>,
    pub(super) children: usize,
    pub(super) last_child: Option<usize>,
    /// Its close delimiter was seen; its parent goes on, or the message ends.
    pub(super) closed: bool,
    pub(super) digest: Digest,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Delimiter {
    None,
    /// Of the multipart at this level; another part follows.
    Next(usize),
    Close(usize),
    /// A boundary with other text after it, or one line that is two delimiters.
    Doubt,
}

/// Which delimiter a line is. `line` begins with `--` and has no line end.
pub(super) fn delimiter(open: &[Open], line: &[u8]) -> Delimiter {
    let text = line.get(2..).unwrap_or_default();
    let padded = text.trim_ascii_end();
    let mut found = Delimiter::None;
    for (level, one) in open.iter().enumerate().rev() {
        let exact = match padded.strip_prefix(one.boundary.as_slice()) {
            Some(b"") => Delimiter::Next(level),
            Some(b"--") => Delimiter::Close(level),
            Some(_) if found == Delimiter::None => {
                found = Delimiter::Doubt;
                continue;
            }
            _ => continue,
        };
        match found {
            Delimiter::None | Delimiter::Doubt => found = exact,
            // The close of `a` is also a delimiter of `a--`.
            Delimiter::Next(_) | Delimiter::Close(_) => return Delimiter::Doubt,
        }
    }
    found
}

/// The boundary of a multipart, `None` where readers would differ about it.
pub(super) fn boundary_of(content: &Content) -> Option<Vec<u8>> {
    match content.media.parameter("boundary") {
        Found::Value(parameter) => {
            let boundary = parameter.value.trim_end();
            (1..=BOUNDARY_BYTES).contains(&boundary.len()).then(|| boundary.as_bytes().to_vec())
        }
        _ => None,
    }
}

/// RFC 2046 allows 70 octets; longer ones are seen.
const BOUNDARY_BYTES: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_boundary_wins_and_other_text_is_a_doubt() {
        let open: Vec<Open> = [&b"a"[..], b"ab", b"ab--"]
            .iter()
            .map(|boundary| Open {
                part: 0,
                boundary: boundary.to_vec(),
                children: 0,
                last_child: None,
                closed: false,
                digest: Digest::No,
            })
            .collect();
        for (line, want) in [
            ("--a", Delimiter::Next(0)),
            ("--a--", Delimiter::Close(0)),
            ("--ab \t", Delimiter::Next(1)),
            ("--ab--", Delimiter::Doubt),
            ("--ab----", Delimiter::Close(2)),
            ("--ac", Delimiter::Doubt),
            ("--a --", Delimiter::Doubt),
            ("--b", Delimiter::None),
            ("--", Delimiter::None),
        ] {
            assert_eq!(delimiter(&open, line.as_bytes()), want, "{line}");
        }
    }
}
