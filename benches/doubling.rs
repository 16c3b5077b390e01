//! Every scanner over a text and over one twice as long: its instructions double, and no more, whatever is in the text.
//!
//! Beside what people write stand texts that would make a scanner look twice: elements that never close, lines that all
//! begin like an attribution or a header field, groups, escapes, one octet again and again.

use std::hint::black_box;

use bytes::Bytes;
use signet::imprint::HeaderBlock;
use signet::imprint::place::{html, plain};
use signet::imprint::rtf::Document;
use signet::imprint::tnef::rtf_compressed::{pack, unpack};
use signet::imprint::tnef::{MESSAGE_PROPERTIES, Properties, Stream};

use crate::case::{Case, Run, ready};
use crate::{imprinter, mail};

/// Octets of the shorter text.
const OCTETS: usize = 100_000;

/// How the cases of a scanner end.
pub const SIZES: [(&str, usize); 2] = [("once", OCTETS), ("twice", 2 * OCTETS)];

/// What makes a run over a text of so many octets.
type Scan = fn(usize) -> Run;

const SCANS: [(&str, Scan); 18] = [
    ("html, own text", |octets| in_html(mail::unquoted(octets))),
    ("html, elements left open", |octets| in_html(again("<div><span>x", octets))),
    ("html, attributes", |octets| in_html(again("<p id=x class='a b' style=\"color:red\" title=From:>x</p>", octets))),
    ("html, comments", |octets| in_html(again("<!-- <div id=divRplyFwdMsg> -->x", octets))),
    ("html, attributions begun", |octets| in_html(again("On 1.1.2024 Ada<br>", octets))),
    ("plain, own text", |octets| in_plain(again("A line of text, long enough to be one.\r\n", octets))),
    ("plain, quote marks", |octets| in_plain(again("> > >\r\nx\r\n", octets))),
    ("plain, attributions begun", |octets| in_plain(again("On 1.1.2024 at 9:00 Ada\r\n", octets))),
    ("plain, fields", |octets| in_plain(again("From: x\r\n\r\n", octets))),
    ("header block", |octets| {
        let block = Bytes::from(again("X-Field: a value of some length\r\n folded\r\n", octets) + "\r\n");
        ready(move || drop(black_box(HeaderBlock::parse(black_box(block.clone())))))
    }),
    ("message, parts", |octets| {
        let part = "--outer\r\nContent-Type: image/png; name=\"x.png\"\r\n\r\nx\r\n";
        let head = mail::header("multipart/mixed; boundary=\"outer\"");
        imprinter::case(format!("{head}\r\n{}--outer--\r\n", again(part, octets)).as_bytes(), None)
    }),
    ("message, quoted-printable", |octets| {
        leaf("quoted-printable", &again("<p>Gr=C3=BC=C3=9Fe, =\r\nAda</p>\r\n", octets))
    }),
    ("message, base64", |octets| {
        leaf("base64", &again("PHA+QSBsaW5lIG9mIHRleHQuPC9wPjxwPkFub3RoZXIgb25lIG9mIGl0PC9wPg0K\r\n", octets))
    }),
    ("tnef, properties", |octets| {
        let stream = stream(octets);
        ready(move || {
            let read = Stream::read(black_box(&stream)).unwrap();
            let attribute = read.of_message(MESSAGE_PROPERTIES).unwrap();
            black_box(Properties::read(read.data(attribute)).unwrap().only(0x1013));
        })
    }),
    ("compressed rtf, out", |octets| {
        let packed = pack(rich(octets).as_bytes()).unwrap();
        ready(move || drop(black_box(unpack(black_box(&packed), 1 << 20).unwrap())))
    }),
    ("compressed rtf, in", |octets| packs(rich(octets))),
    ("compressed rtf, one octet in", |octets| packs(again("a", octets))),
    ("rtf", |octets| {
        let rtf = rich(octets);
        ready(move || drop(black_box(Document::read(black_box(rtf.as_bytes())).unwrap())))
    }),
];

/// `scanner/once` and `scanner/twice` of each.
pub fn cases() -> Vec<Case> {
    let both = |(name, scan): (&'static str, Scan)| {
        SIZES.map(move |(size, octets)| Case::new(format!("{name}/{size}"), move || scan(octets)))
    };
    SCANS.into_iter().flat_map(both).collect()
}

fn again(text: &str, octets: usize) -> String {
    text.repeat(octets / text.len())
}

fn in_html(text: String) -> Run {
    ready(move || drop(black_box(html::find(black_box(&text)))))
}

fn in_plain(text: String) -> Run {
    ready(move || drop(black_box(plain::find(black_box(&text)))))
}

/// A message of one text in HTML, signed.
fn leaf(encoding: &str, body: &str) -> Run {
    let head = mail::header("text/html; charset=utf-8");
    let message = format!("{head}Content-Transfer-Encoding: {encoding}\r\n\r\n{body}");
    imprinter::case(message.as_bytes(), Some(imprinter::stamp()))
}

fn packs(text: String) -> Run {
    ready(move || drop(black_box(pack(black_box(text.as_bytes())).unwrap())))
}

fn rich(octets: usize) -> String {
    let line = "\\pard\\f0\\fs22 A line of {\\b what} was \\'e9\\u233?said.\\par\r\n";
    format!("{{\\rtf1\\ansi\\ansicpg1252{{\\fonttbl{{\\f0 Arial;}}}}{}}}", again(line, octets))
}

/// A stream whose one attribute is a list of numbers.
fn stream(octets: usize) -> Vec<u8> {
    let count = u32::try_from(octets / 8).unwrap();
    let mut data = count.to_le_bytes().to_vec();
    for number in 0..count {
        data.extend([3, 0]);
        data.extend(u16::try_from(number % 0x1000).unwrap().to_le_bytes());
        data.extend(number.to_le_bytes());
    }
    let sum = data.iter().fold(0_u16, |sum, octet| sum.wrapping_add(u16::from(*octet)));
    let mut stream = vec![0x78, 0x9F, 0x3E, 0x22, 1, 0, 1];
    stream.extend(MESSAGE_PROPERTIES.to_le_bytes());
    stream.extend(u32::try_from(data.len()).unwrap().to_le_bytes());
    stream.extend(data);
    stream.extend(sum.to_le_bytes());
    stream
}
