//! The content of DATA written to the next hop (RFC 5321 section 4.5.2): dots doubled, nothing copied.
//!
//! A dot is a static slice between slices of the content. A CR, LF or NUL of its own is an error and nothing of that
//! slice goes out: what this side ends a line with is never left to the other side's taste. State is kept across
//! slices, so that it does not matter where they are cut.

use bytes::Bytes;
use memchr::memmem;

use super::BareLineEnd;
use crate::smtp::lines::bare;

/// Where the content stands after the last slice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Start,
    Middle,
    AfterCr,
}

/// Writes one message.
#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
pub(super) struct Stuffing {
    place: Place,
    broken: bool,
}

impl Stuffing {
    pub(super) fn new() -> Stuffing {
        Stuffing { place: Place::Start, broken: false }
    }

    /// Passes `content` to `write`, with dots where they are needed.
    pub(super) fn body(&mut self, content: Bytes, mut write: impl FnMut(Bytes)) -> Result<(), BareLineEnd> {
        if content.is_empty() {
            return Ok(());
        }
        if self.broken || bare(&content, self.place == Place::AfterCr).is_some() {
            self.broken = true;
            return Err(BareLineEnd);
        }
        let mut rest = content;
        if self.dot_is_next(&rest) {
            let after_line_feed = usize::from(self.place == Place::AfterCr);
            if after_line_feed > 0 {
                write(rest.split_to(after_line_feed));
            }
            write(DOT);
        }
        self.place = if rest.ends_with(b"\r\n") || (*rest == *b"\n" && self.place == Place::AfterCr) {
            Place::Start
        } else if rest.ends_with(b"\r") {
            Place::AfterCr
        } else {
            Place::Middle
        };
        while let Some(line_end) = memmem::find(&rest, b"\r\n.") {
            write(rest.split_to(line_end + 2));
            // The dot stays in `rest`, behind the one written here, and is not found again.
            write(DOT);
        }
        write(rest);
        Ok(())
    }

    /// Ends the message: CRLF where content did not end in one, and the dot.
    pub(super) fn end(&self) -> Result<Bytes, BareLineEnd> {
        match self.place {
            _ if self.broken => Err(BareLineEnd),
            Place::AfterCr => Err(BareLineEnd),
            Place::Start => Ok(Bytes::from_static(b".\r\n")),
            Place::Middle => Ok(Bytes::from_static(b"\r\n.\r\n")),
        }
    }

    /// Whether a dot stands first in its line at the very beginning of `content`.
    fn dot_is_next(&self, content: &[u8]) -> bool {
        match self.place {
            Place::Start => content.starts_with(b"."),
            Place::AfterCr => content.starts_with(b"\n."),
            Place::Middle => false,
        }
    }
}

const DOT: Bytes = Bytes::from_static(b".");

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    fn stuff(pieces: &[&[u8]]) -> Result<Vec<u8>, BareLineEnd> {
        let mut stuffing = Stuffing::new();
        let mut wire = Vec::new();
        for piece in pieces {
            stuffing.body(Bytes::copy_from_slice(piece), |slice| wire.extend_from_slice(&slice))?;
        }
        wire.extend_from_slice(&stuffing.end()?);
        Ok(wire)
    }

    /// The slow obvious version.
    fn naive(content: &[u8]) -> Result<Vec<u8>, BareLineEnd> {
        let text = std::str::from_utf8(content).unwrap();
        if text.replace("\r\n", "").contains(['\r', '\n', '\0']) {
            return Err(BareLineEnd);
        }
        let mut wire = String::new();
        let ended = text.is_empty() || text.ends_with("\r\n");
        let lines = text.strip_suffix("\r\n").unwrap_or(text);
        if !text.is_empty() {
            for line in lines.split("\r\n") {
                wire.push_str(if line.starts_with('.') { "." } else { "" });
                wire.push_str(line);
                wire.push_str("\r\n");
            }
        }
        let _ = ended;
        wire.push_str(".\r\n");
        Ok(wire.into_bytes())
    }

    #[test]
    fn slices_are_cut_and_never_copied() {
        let content = Bytes::from_static(b".a\r\n.b\r\nc\r\n..\r\n");
        let range = content.as_ptr_range();
        let mut slices = Vec::new();
        Stuffing::new().body(content.clone(), |slice| slices.push(slice)).unwrap();
        assert_eq!(slices.concat(), b"..a\r\n..b\r\nc\r\n...\r\n");
        let own = slices.iter().filter(|slice| range.contains(&slice.as_ptr())).map(Bytes::len).sum::<usize>();
        assert_eq!(own, content.len(), "all content lies in the allocation it came in");
        assert_eq!(slices.iter().filter(|slice| **slice == DOT).count(), 3);
    }

    #[test]
    fn a_bare_line_end_sends_nothing_and_is_never_forgotten() {
        for pieces in [
            &["a\nb"][..],
            &["a\rb"],
            &["a\r", "b"],
            &["a", "\n"],
            &["a\0"],
            &["a\r"],
            &["a\r", "\r\n"],
            &["\r\n.\n"],
            &["x\n", "fine\r\n"],
        ] {
            let pieces: Vec<&[u8]> = pieces.iter().map(|piece| piece.as_bytes()).collect();
            assert_eq!(stuff(&pieces), Err(BareLineEnd), "{pieces:?}");
        }
        let mut stuffing = Stuffing::new();
        assert!(stuffing.body(Bytes::from_static(b"good\r\nbad\n"), |_| panic!("nothing may go out")).is_err());
        assert!(stuffing.body(Bytes::from_static(b"good\r\n"), |_| panic!("nothing may go out")).is_err());
        assert!(stuffing.end().is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]
        #[test]
        fn splits_change_nothing_and_the_oracle_agrees(
            content in prop_oneof!["(a|\\.|\r\n){0,24}", "[a.\r\n\0]{0,8}"],
            cuts in proptest::collection::vec(any::<prop::sample::Index>(), 0..6),
        ) {
            let content = content.as_bytes();
            let mut places: Vec<usize> = cuts.iter().map(|cut| cut.index(content.len() + 1)).collect();
            places.extend([0, content.len()]);
            places.sort_unstable();
            let pieces: Vec<&[u8]> = places.windows(2).map(|pair| &content[pair[0]..pair[1]]).collect();
            prop_assert_eq!(stuff(&pieces), naive(content));
        }
    }
}
