//! One message through the imprinter in slices of 16 KiB; what comes out is counted, not copied. Signed, and left: that
//! is reading the header and walking the MIME parts. A walk of its own goes over a message of a thousand parts.

use std::fmt::Write;
use std::hint::black_box;

use bytes::Bytes;
use signet::imprint::{Additions, Fate, Imprinter, Limits, Output, Piece, Place, Reason, Stamp, Step};

use crate::case::{Case, Run, ready};
use crate::mail;

pub fn cases() -> Vec<Case> {
    let how = |how: &'static str, stamp: fn() -> Option<Stamp>| {
        mail::SIZES.map(|(name, octets)| {
            Case::new(format!("imprint/{how}/{name}"), move || case(&mail::message(octets), stamp()))
        })
    };
    let walk = Case::new("imprint/walk/1000parts", || case(&many_parts(), None));
    [how("signed", || Some(stamp())), how("left", || None)].into_iter().flatten().chain([walk]).collect()
}

/// The message, signed with the stamp or left without.
pub fn case(message: &[u8], stamp: Option<Stamp>) -> Run {
    let slices: Vec<Bytes> = message.chunks(mail::READ_OCTETS).map(Bytes::copy_from_slice).collect();
    let (fate, out) = through(&slices, stamp.as_ref());
    assert_eq!(fate == Fate::Signed, stamp.is_some(), "{fate:?}");
    assert!(out > message.len());
    ready(move || {
        black_box(through(black_box(&slices), stamp.as_ref()));
    })
}

pub fn stamp() -> Stamp {
    Stamp::new(vec![Piece {
        place: Place::Reply,
        html: "<div class=\"signet-abcdefghijklm\"><p><b>Ada Vance</b><br>Engineer<br>T +44 20 7946 0000</p></div>"
            .to_owned(),
        plain: "Ada Vance\nEngineer\nT +44 20 7946 0000\n".to_owned(),
        rich: None,
        images: Vec::new(),
    }])
}

/// A text and a thousand small files.
fn many_parts() -> Vec<u8> {
    let mut message = mail::header("multipart/mixed; boundary=\"outer\"");
    message.push_str("\r\n--outer\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nThe files.\r\n");
    for number in 0..1000 {
        let _ = write!(
            message,
            "--outer\r\nContent-Type: application/octet-stream; name=\"{number}.bin\"\r\n\
             Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=\"{number}.bin\"\r\n\r\nAAECAwQF\r\n"
        );
    }
    message.push_str("--outer--\r\n");
    message.into_bytes()
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
            Step::Output(Output::Leg(..)) => unreachable!("one leg"),
            Step::Done(outcome) => return (outcome.fate, out),
        }
    }
}
