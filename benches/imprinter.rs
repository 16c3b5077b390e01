//! One message through the imprinter in slices of 16 KiB, signed and left; what comes out is counted, not copied.

use std::hint::black_box;

use bytes::Bytes;
use criterion::{Criterion, Throughput};
use signet::imprint::{Additions, Fate, Imprinter, Limits, Output, Piece, Place, Reason, Stamp, Step};

use crate::mail;

const SLICE_OCTETS: usize = 16 * 1024;

pub fn bench(criterion: &mut Criterion) {
    let stamp = Stamp {
        pieces: vec![Piece {
            place: Place::Reply,
            html: "<div class=\"signet-abcdefghijklm\"><p><b>Ada Vance</b><br>Engineer<br>T +44 20 7946 0000</p></div>"
                .to_owned(),
            plain: "Ada Vance\nEngineer\nT +44 20 7946 0000\n".to_owned(),
            images: Vec::new(),
        }],
    };
    let mut group = criterion.benchmark_group("imprint");
    for (name, octets) in mail::SIZES {
        let message = mail::message(octets);
        let slices: Vec<Bytes> = message.chunks(SLICE_OCTETS).map(Bytes::copy_from_slice).collect();
        group.throughput(Throughput::Bytes(message.len() as u64));
        for (how, stamp) in [("signed", Some(&stamp)), ("left", None)] {
            let (fate, out) = through(&slices, stamp);
            assert_eq!(fate == Fate::Signed, stamp.is_some(), "{fate:?}");
            assert!(out > message.len());
            group.bench_function(format!("{how}/{name}"), |bench| bench.iter(|| through(black_box(&slices), stamp)));
        }
    }
    group.finish();
}

/// What became of the message, and how many octets came out.
fn through(slices: &[Bytes], stamp: Option<&Stamp>) -> (Fate, usize) {
    let mut imprinter = Imprinter::new(Limits::default(), *b"0123456789abcdef");
    let mut waiting = slices.iter();
    let mut out = 0;
    loop {
        match imprinter.poll() {
            Step::NeedInput => match waiting.next() {
                Some(slice) => imprinter.feed(slice.clone()),
                None => imprinter.end(),
            },
            Step::Headers(_) => {
                let prepend = Bytes::from_static(b"Received: from a by b; Sat, 21 Nov 2026 10:00:00 +0000\r\n");
                imprinter.add(Additions { prepend, remove: Vec::new() });
                imprinter.go_on();
            }
            Step::Body(_) => match stamp {
                Some(stamp) => imprinter.sign(vec![Some(stamp.clone())]),
                None => imprinter.leave(Reason::NoSignature),
            },
            Step::Output(Output::All(slice)) => out += slice.len(),
            Step::Output(Output::Each(_)) => unreachable!("one leg"),
            Step::Done(outcome) => return (outcome.fate, out),
        }
    }
}
