//! Whole messages through the imprinter: shapes, encodings, charsets, limits and hostile mail.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod alternative;
mod bombs;
mod golden;
mod images;
mod left;
mod legs;
mod mutations;
mod outcome;
mod reuse;
mod shapes;
mod subject;
mod texts;
mod thread;
mod tnef;
mod unicode;

use bytes::Bytes;

use super::{Additions, BodyFacts, Fate, Image, Imprinter, Limits, Outcome, Output, Piece, Place, Reason, Stamp, Step};

/// How the message is fed.
#[derive(Debug, Clone, Copy)]
pub(super) enum Fed {
    Whole,
    /// In two slices.
    SplitAt(usize),
    ByOctet,
}

pub(super) struct Run {
    pub(super) out: Vec<u8>,
    pub(super) slices: Vec<Bytes>,
    pub(super) outcome: Outcome,
    pub(super) facts: Option<BodyFacts>,
    pub(super) growth: i64,
}

impl Run {
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.out).into_owned()
    }
}

pub(super) const TOP: &str = "X-Signet-Stamp: v=1\r\n";

pub(super) fn piece(html: &str, plain: &str) -> Piece {
    Piece { place: Place::Reply, html: html.to_owned(), plain: plain.to_owned(), rich: None, images: Vec::new() }
}

pub(super) fn stamp() -> Stamp {
    Stamp::new(vec![piece("<p>SIG</p>", "SIG")])
}

pub(super) fn run_with(message: &[u8], stamp: &Stamp, fed: Fed, limits: Limits) -> Run {
    let whole = Bytes::copy_from_slice(message);
    let slices: Vec<Bytes> = match fed {
        Fed::Whole => vec![whole.clone()],
        Fed::SplitAt(at) => vec![whole.slice(..at), whole.slice(at..)],
        Fed::ByOctet => (0..whole.len()).map(|at| whole.slice(at..at + 1)).collect(),
    };
    let mut imprinter = Imprinter::new(limits, [7; 16]);
    let mut slices = slices.into_iter();
    let (mut out, mut kept, mut facts, mut growth) = (Vec::new(), Vec::new(), None, None);
    loop {
        match imprinter.poll() {
            Step::NeedInput => match slices.next() {
                Some(slice) => imprinter.feed(slice),
                None => imprinter.end(),
            },
            Step::Headers(_) => {
                imprinter.add(Additions { prepend: Bytes::from_static(TOP.as_bytes()), remove: Vec::new() });
                imprinter.go_on();
            }
            Step::Body(shown) => {
                facts = Some(shown);
                imprinter.sign(vec![Some(stamp.clone())]);
            }
            Step::Output(Output::All(slice)) => {
                growth = growth.or(imprinter.growth(0));
                assert!(growth.is_some(), "the growth is known before the first output");
                out.extend_from_slice(&slice);
                kept.push(slice);
            }
            Step::Output(Output::Leg(..)) => panic!("one leg"),
            Step::Done(outcome) => {
                assert!(outcome.covered, "{outcome:?}");
                assert_eq!(outcome.octets_in, message.len() as u64);
                assert_eq!(outcome.octets_out, out.len() as u64);
                let growth = imprinter.growth(0).unwrap();
                assert_eq!(growth, out.len() as i64 - message.len() as i64);
                // What goes out untouched is the input itself.
                let input = whole.as_ptr_range();
                let pointed: usize = kept.iter().filter(|slice| input.contains(&slice.as_ptr())).map(Bytes::len).sum();
                if matches!(outcome.fate, Fate::Left(_)) {
                    assert_eq!(pointed, message.len(), "a left message goes out in the slices it came in");
                }
                return Run { out, slices: kept, outcome, facts, growth };
            }
        }
        assert!(imprinter.held_bytes() <= message.len() * 8 + 4096);
    }
}

pub(super) fn run(message: &[u8], stamp: &Stamp) -> Run {
    run_with(message, stamp, Fed::Whole, Limits::default())
}

/// Runs the message whole, octet by octet and split at every place: always the same.
pub(super) fn run_split(message: &[u8], stamp: &Stamp) -> Run {
    let first = run(message, stamp);
    let check = |fed: Fed| {
        let again = run_with(message, stamp, fed, Limits::default());
        assert_eq!(again.out, first.out, "{fed:?}: {}", String::from_utf8_lossy(&again.out));
        assert_eq!(again.outcome, first.outcome, "{fed:?}");
        assert_eq!(again.facts, first.facts, "{fed:?}");
    };
    check(Fed::ByOctet);
    (0..=message.len()).for_each(|at| check(Fed::SplitAt(at)));
    first
}

/// The message with CRLF line ends.
pub(super) fn crlf(message: &str) -> Vec<u8> {
    message.replace('\n', "\r\n").into_bytes()
}

/// Expects that the message goes out as it came, under the additions.
pub(super) fn assert_left(message: &[u8], reason: Reason) {
    let run = run(message, &stamp());
    assert_eq!(run.outcome.fate, Fate::Left(reason), "{}", String::from_utf8_lossy(message));
    let body = run.out.strip_prefix(TOP.as_bytes()).unwrap_or(&run.out);
    assert_eq!(body, message);
}

/// An image for `cid:logo`.
pub(super) fn logo() -> Image {
    Image {
        id: "logo".to_owned(),
        content_type: "image/png".to_owned(),
        file_name: "logo.png".to_owned(),
        bytes: Bytes::from(vec![0x89; 130]),
    }
}
