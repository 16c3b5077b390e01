//! The content of DATA read from the sender (RFC 5321 section 4.5.2): only CRLF.CRLF ends it.
//!
//! Dots are taken out by cutting slices, never by copying. A CR, LF or NUL of its own is told at its place and never
//! repaired; the reader then only looks for the end. Two octets at most stay in the input between two calls.

use bytes::{Bytes, BytesMut};
use memchr::{memchr, memmem};

use super::lines::bare;

/// What the next octets of the input are.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// More input is needed.
    NeedInput,
    /// Content, dots taken out. Never empty, never with a bare CR, LF or NUL.
    Content(Bytes),
    /// A bare CR, LF or NUL follows. Nothing of it was taken; the owner goes on with [`DataReader::give_up`].
    Bare,
    /// More content follows than there is room for. Nothing of it was taken; as above.
    Full,
    /// CRLF.CRLF was taken. The first CRLF was content, when there was any.
    End,
}

/// Reads one message.
#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
pub(super) struct DataReader {
    line: Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Start,
    Middle,
}

impl DataReader {
    /// Stands before the first octet after the 354.
    pub(super) fn new() -> DataReader {
        DataReader { line: Place::Start }
    }

    /// Takes the next content, at most `room` octets, or the end, from `input`.
    pub(super) fn poll(&mut self, input: &mut BytesMut, room: u64) -> Step {
        if self.line == Place::Start {
            match input.as_ref() {
                [] | [b'.'] | [b'.', b'\r'] => return Step::NeedInput,
                [b'.', b'\r', b'\n', ..] => {
                    let _ = input.split_to(3);
                    return Step::End;
                }
                [b'.', ..] => {
                    let _ = input.split_to(1);
                    self.line = Place::Middle;
                }
                _ => {}
            }
        }
        let end = memmem::find(input, b"\r\n.").map_or(input.len(), |place| place + 2);
        let Some(content) = input.get(..end) else { return Step::NeedInput };
        // A CR at the very end stays in the input: what follows it is not known. So the octet before `content` is never one.
        let undecided = usize::from(content.ends_with(b"\r"));
        if content.len() == undecided {
            return Step::NeedInput;
        }
        let good = match bare(content, false) {
            Some(place) => place,
            None => end - undecided,
        };
        let good = match usize::try_from(room) {
            // The CR of a CRLF is not taken alone: it may begin the end.
            Ok(room) if room < good => room - usize::from(content.get(..room).is_some_and(|cut| cut.ends_with(b"\r"))),
            Ok(0) => return Step::Full,
            _ if good == 0 => return Step::Bare,
            _ => good,
        };
        if good == 0 {
            return Step::Full;
        }
        let content = input.split_to(good).freeze();
        self.line = if content.ends_with(b"\r\n") { Place::Start } else { Place::Middle };
        Step::Content(content)
    }

    /// From here on only the end is looked for.
    pub(super) fn give_up(self) -> EndSeeker {
        EndSeeker { seen: if self.line == Place::Start { 2 } else { 0 } }
    }
}

/// Throws content away up to CRLF.CRLF.
#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
pub(super) struct EndSeeker {
    /// How many octets of CRLF.CRLF were seen last.
    seen: usize,
}

impl EndSeeker {
    /// Takes octets up to the end, or all. Says whether the end was taken.
    pub(super) fn poll(&mut self, input: &mut BytesMut) -> bool {
        let mut taken = 0;
        while let Some(rest) = input.get(taken..).filter(|rest| !rest.is_empty()) {
            if self.seen == 0 {
                // Nothing before a CR can begin the end.
                let Some(place) = memchr(b'\r', rest) else { break };
                taken += place + 1;
                self.seen = 1;
                continue;
            }
            let Some(octet) = rest.first() else { break };
            taken += 1;
            self.seen = match (END.get(self.seen), octet) {
                (Some(expected), octet) if expected == octet => self.seen + 1,
                (_, b'\r') => 1,
                _ => 0,
            };
            if self.seen == END.len() {
                let _ = input.split_to(taken);
                return true;
            }
        }
        input.clear();
        false
    }
}

const END: &[u8] = b"\r\n.\r\n";

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    /// What came of a whole input: content, how it ended, what was left behind the end.
    #[derive(Debug, PartialEq, Eq)]
    struct Read {
        content: Vec<u8>,
        bare: bool,
        ended: bool,
        left: Vec<u8>,
    }

    fn read(pieces: &[&[u8]]) -> Read {
        let mut reader = Some(DataReader::new());
        let mut seeker = None;
        let mut input = BytesMut::new();
        let mut result = Read { content: Vec::new(), bare: false, ended: false, left: Vec::new() };
        for piece in pieces {
            input.extend_from_slice(piece);
            while !result.ended {
                if let Some(seeker) = seeker.as_mut() {
                    result.ended = EndSeeker::poll(seeker, &mut input);
                    break;
                }
                match reader.as_mut().unwrap().poll(&mut input, u64::MAX) {
                    Step::NeedInput => break,
                    Step::Content(content) => {
                        assert!(!content.is_empty());
                        result.content.extend_from_slice(&content);
                    }
                    Step::Bare => {
                        result.bare = true;
                        seeker = reader.take().map(DataReader::give_up);
                    }
                    Step::Full => panic!("there is room for all"),
                    Step::End => result.ended = true,
                }
            }
            if !result.ended {
                assert!(input.len() <= 2, "the reader keeps at most two octets back");
            }
        }
        result.left = if result.ended { input.to_vec() } else { Vec::new() };
        result
    }

    /// The slow obvious version: the whole input at once.
    fn naive(input: &[u8]) -> Read {
        let mut framed = b"\r\n".to_vec();
        framed.extend_from_slice(input);
        let end = framed.windows(5).position(|window| window == b"\r\n.\r\n");
        let (body, left) = match end {
            Some(end) => (framed[2.min(end + 2)..end + 2].to_vec(), framed[end + 5..].to_vec()),
            None => (input.to_vec(), Vec::new()),
        };
        let bare = (0..body.len()).find(|at| match body[*at] {
            b'\r' => *at + 1 < body.len() && body[*at + 1] != b'\n',
            b'\n' => *at == 0 || body[*at - 1] != b'\r',
            0 => true,
            _ => false,
        });
        let mut content = body[..bare.unwrap_or(body.len())].to_vec();
        if bare.is_none() && end.is_none() && content.ends_with(b"\r") {
            content.pop();
        }
        let mut lines: Vec<u8> = Vec::new();
        for (at, octet) in content.iter().enumerate() {
            let start = at == 0 || content[..at].ends_with(b"\r\n");
            // A dot whose meaning is not decided yet waits for what follows it.
            let undecided = end.is_none() && bare.is_none() && at + 1 == content.len();
            if start && *octet == b'.' {
                if undecided {
                    break;
                }
                continue;
            }
            lines.push(*octet);
        }
        Read { content: lines, bare: bare.is_some(), ended: end.is_some(), left }
    }

    #[test]
    fn the_dot_alone_ends_and_other_dots_are_taken_out() {
        for (input, content, left) in [
            (".\r\n", "", ""),
            ("a\r\n.\r\nQUIT\r\n", "a\r\n", "QUIT\r\n"),
            ("..\r\n.\r\n", ".\r\n", ""),
            (".a\r\n..b\r\n.\r\n", "a\r\n.b\r\n", ""),
            ("a.\r\n.\r\n", "a.\r\n", ""),
            ("\r\n\r\n.\r\n.\r\n", "\r\n\r\n", ".\r\n"),
            ("...\r\n....\r\n.\r\n", "..\r\n...\r\n", ""),
        ] {
            let expected =
                Read { content: content.as_bytes().to_vec(), bare: false, ended: true, left: left.as_bytes().to_vec() };
            assert_eq!(naive(input.as_bytes()), expected, "oracle, {input:?}");
            for at in 0..=input.len() {
                let (one, two) = input.as_bytes().split_at(at);
                assert_eq!(read(&[one, two]), expected, "{input:?} split at {at}");
            }
            let octets: Vec<&[u8]> = input.as_bytes().chunks(1).collect();
            assert_eq!(read(&octets), expected, "{input:?} by octets");
        }
    }

    #[test]
    fn content_is_never_copied() {
        let mut input = BytesMut::from(&b"one\r\n..two\r\nthree\r\n.\r\n"[..]);
        let allocation = input.as_ptr_range();
        let mut reader = DataReader::new();
        let mut content = Vec::new();
        while let Step::Content(slice) = reader.poll(&mut input, u64::MAX) {
            assert!(allocation.contains(&slice.as_ptr()), "a slice lies in the input");
            content.push(slice);
        }
        assert_eq!(content, ["one\r\n", ".two\r\nthree\r\n"]);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]
        #[test]
        fn splits_change_nothing_and_the_oracle_agrees(
            input in prop_oneof!["[a.\r\n\0]{0,24}", "(a|\\.|\r\n){0,24}"],
            cuts in proptest::collection::vec(any::<prop::sample::Index>(), 0..6),
        ) {
            let input = input.as_bytes();
            let expected = naive(input);
            let mut places: Vec<usize> = cuts.iter().map(|cut| cut.index(input.len() + 1)).collect();
            places.extend([0, input.len()]);
            places.sort_unstable();
            let pieces: Vec<&[u8]> = places.windows(2).map(|pair| &input[pair[0]..pair[1]]).collect();
            prop_assert_eq!(read(&pieces), read(&[input]));
            prop_assert_eq!(read(&pieces), expected);
        }
    }
}
