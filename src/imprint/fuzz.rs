//! What is fuzzed: a function for each parser that takes any octets and panics when a promise is broken.
//!
//! `make fuzz` runs them under libFuzzer, `make test` over seeds and 20,000 mutations of them.

#![allow(clippy::expect_used, clippy::panic)]

use bytes::Bytes;
use memchr::memmem;

use super::charset::{Charset, Octets};
use super::place::{html, plain};
use super::rtf::{Document, Origin, Spot, lines, wrapped};
use super::tnef::{FRAME_BEHIND, Level, Properties, Stream, rtf_compressed};
use super::transfer::{self, Insertion};
use super::{
    Additions, Fate, HeaderBlock, Image, Imprinter, Limits, Output, Piece, Place, Quoted, RichText, Stamp, Step,
    content, encoded_word, splice, unfold,
};

/// A target and its name.
pub type Target = (&'static str, fn(&[u8]));

/// All of them.
pub const TARGETS: [Target; 10] = [
    ("header", header),
    ("message", message),
    ("html", place_in_html),
    ("plain", place_in_plain),
    ("quoted_printable", quoted_printable),
    ("base64", base64),
    ("charset", charset),
    ("tnef", tnef),
    ("compressed_rtf", compressed_rtf),
    ("rtf", rtf),
];

/// Runs the target of this name.
///
/// # Panics
/// When a promise is broken, and for an unknown name.
pub fn run(target: &str, octets: &[u8]) {
    let found = TARGETS.iter().find(|(name, _)| *name == target);
    let (_, function) = found.expect("a target of this name");
    function(octets);
}

/// No octet of a header block is lost, and fields can be read in every way.
fn header(octets: &[u8]) {
    let block = HeaderBlock::parse(Bytes::copy_from_slice(octets));
    assert_eq!(block.raw(), octets);
    let mut end = 0;
    for field in block.fields() {
        let range = block.range(field.index).expect("a field has a place");
        let value = block.value_range(field.index).expect("a field has a value");
        assert!(
            range.start >= end && range.end <= octets.len() && value.start >= range.start && value.end <= range.end
        );
        end = range.end;
        let _ = (unfold(field.value), encoded_word::EncodedWord::read(field.value));
    }
    for name in ["From", "Subject", "Content-Type"] {
        let _ = (block.text(name), block.addresses(name), block.unfolded(name));
    }
    let _ = content::Content::read(&block, content::Digest::No);
}

/// A message goes out whole, signed or as it came, the same however it came in, and takes bounded memory.
fn message(octets: &[u8]) {
    // Where it is cut into slices must not matter.
    let cut = usize::from(octets.first().copied().unwrap_or(0)) * octets.len() / 256;
    let whole = Bytes::copy_from_slice(octets);
    let one = through(std::slice::from_ref(&whole));
    assert_eq!(one, through(&[whole.slice(..cut), whole.slice(cut..)]));
}

fn through(slices: &[Bytes]) -> Vec<u8> {
    let octets: usize = slices.iter().map(Bytes::len).sum();
    let mut imprinter = Imprinter::new(Limits::default(), [7; 16]);
    let mut slices = slices.iter();
    let mut out = Vec::with_capacity(octets + 4096);
    loop {
        match imprinter.poll() {
            Step::NeedInput => match slices.next() {
                Some(slice) => imprinter.feed(slice.clone()),
                None => imprinter.end(),
            },
            Step::Headers(_) => {
                imprinter.add(Additions { prepend: Bytes::from_static(b"X-Top: 1\r\n"), remove: Vec::new() });
                imprinter.go_on();
            }
            Step::Body(_) => {
                assert!(imprinter.seen(Quoted::Too).is_none_or(|seen| seen.bytes() <= octets * 16));
                imprinter.sign(vec![Some(stamp())]);
            }
            Step::Output(Output::All(slice)) => out.extend_from_slice(&slice),
            Step::Output(Output::Leg(..)) => panic!("there is one leg"),
            Step::Done(outcome) => {
                assert!(
                    outcome.covered && outcome.octets_in == octets as u64 && outcome.octets_out == out.len() as u64
                );
                let growth = imprinter.growth(0).expect("known at the end");
                assert_eq!(i64::try_from(out.len()).ok(), i64::try_from(octets).ok().map(|octets| octets + growth));
                assert!(matches!(outcome.fate, Fate::Signed) || growth == 0 || growth == 10 || growth == 9);
                return out;
            }
        }
        assert!(imprinter.held_bytes() <= octets * 16 + 8192, "{} of {octets}", imprinter.held_bytes());
    }
}

fn stamp() -> Stamp {
    let image = Image {
        id: "logo".to_owned(),
        content_type: "image/png".to_owned(),
        file_name: "logo.png".to_owned(),
        bytes: Bytes::from_static(b"\x89PNG"),
    };
    let rich = RichText {
        fonts: vec!["Arial".to_owned()],
        colours: vec![[1, 2, 3]],
        paragraphs: "\\pard{\\f0\\cf1 Zo\\u235?}\\par\n".to_owned(),
    };
    let piece = Piece {
        place: Place::Reply,
        html: "<div class=\"signet-abcdefghijklm\"><img src=\"cid:logo\">Zo&#235;</div>".to_owned(),
        plain: "Zo\u{eb}\n".to_owned(),
        rich: Some(rich),
        images: vec![image],
    };
    Stamp { plain_becomes_html: true, ..Stamp::new(vec![piece]) }
}

/// The place is between two characters.
fn place_in_html(octets: &[u8]) {
    let text = String::from_utf8_lossy(octets);
    if let Some(found) = html::find(&text) {
        assert!(text.is_char_boundary(found.offset));
    }
    let ends = html::ends(&text);
    assert!(text.is_char_boundary(ends.top) && text.is_char_boundary(ends.bottom));
}

/// The place is between two characters.
fn place_in_plain(octets: &[u8]) {
    let text = String::from_utf8_lossy(octets);
    let found = plain::find(&text).expect("plain text always has a place");
    assert!(text.is_char_boundary(found.offset));
}

fn quoted_printable(octets: &[u8]) {
    put_in(content::Encoding::QuotedPrintable, octets);
}

fn base64(octets: &[u8]) {
    put_in(content::Encoding::Base64, octets);
}

/// What is put into an encoded text is there when it is decoded, and the rest as before.
fn put_in(encoding: content::Encoding, octets: &[u8]) {
    let Some((first, encoded)) = octets.split_first() else { return };
    let Ok(Some(decoded)) = transfer::decode(encoding, encoded) else { return };
    let at = usize::from(*first) * decoded.len() / 255;
    let insertions = [Insertion { at, octets: b"=\xe4 \r\n--b\r\n".to_vec() }];
    let (replacements, _) = transfer::insert(encoding, encoded, &decoded, &insertions, "\r\n");
    let changed = splice::spliced(encoded, &replacements);
    let again = transfer::decode(encoding, &changed).expect("it was made by us").expect("it is encoded");
    assert!(splice::is_joined(&again, &decoded, &insertions));
}

/// The charsets of the target `charset`; the first octet chooses one.
pub const CHARSETS: [&str; 14] = [
    "utf-8",
    "utf-16",
    "utf-16le",
    "utf-16be",
    "utf-7",
    "iso-2022-jp",
    "gb18030",
    "gb2312",
    "big5",
    "shift_jis",
    "euc-jp",
    "euc-kr",
    "koi8-r",
    "iso-8859-1",
];

/// A text with lines in it is the text before, the lines and the text behind them; what cannot have them has no place
/// for them.
fn charset(octets: &[u8]) {
    let [first, second, octets @ ..] = octets else { return };
    let label = CHARSETS.get(usize::from(*first) % CHARSETS.len()).copied();
    let Ok(charset) = Charset::of(label, octets) else { return };
    let decoded = charset.decode(octets);
    if decoded.lossy {
        return;
    }
    let text = decoded.text.as_deref().unwrap_or_else(|| std::str::from_utf8(octets).expect("it is UTF-8"));
    let place = text.floor_char_boundary(usize::from(*second) * text.len() / 255);
    let at = if decoded.text.is_some() { charset.position(octets, place) } else { Some(place) };
    let Some((before, behind)) = at.and_then(|at| octets.split_at_checked(at)) else { return };
    for piece in ["\r\nSIG\r\n", "\r\nZo\u{eb} +\u{65e5}\u{1f600}~\\\r\n"] {
        let Some(lines) = charset.encode_plain(piece, Octets::Any) else { continue };
        let changed = [before, lines.as_slice(), behind].concat();
        let again = charset.decode(&changed);
        let shown = again.text.as_deref().unwrap_or_else(|| std::str::from_utf8(&changed).expect("it is UTF-8"));
        assert!(!again.lossy, "{label:?}");
        assert_eq!(shown, [&text[..place], piece, &text[place..]].concat(), "{label:?}");
    }
}

/// A stream is written again as it came, and a message that is one passes like any other.
fn tnef(octets: &[u8]) {
    let Ok(stream) = Stream::read(octets) else { return };
    assert_eq!(stream.with(&[]).as_deref(), Ok(octets));
    for attribute in stream.attributes() {
        if let Ok(read) = Properties::read(stream.data(attribute)) {
            assert_eq!(read.with(&[]).as_deref(), Some(stream.data(attribute)));
        }
    }
    let head = "Content-Type: application/ms-tnef\r\nContent-Transfer-Encoding: ";
    message(&[head.as_bytes(), b"binary\r\n\r\n", octets].concat());
    let digits = transfer::encode(content::Encoding::Base64, octets, "\r\n").expect("base64 carries all");
    let whole = [head.as_bytes(), b"base64\r\n\r\n", &digits].concat();
    message(&whole);
    // The files behind the texts are as they were.
    let out = through(&[Bytes::from(whole)]);
    let body = memmem::find(&out, b"\r\n\r\n").and_then(|at| out.get(at + 4..)).expect("it has a body");
    let decoded = transfer::decode(content::Encoding::Base64, body).expect("it was base64").expect("it is encoded");
    let of_message = stream.attributes().iter().rfind(|one| one.level == Level::Message);
    let behind = of_message.map_or(0, |one| one.data.end + FRAME_BEHIND);
    assert!(decoded.ends_with(&octets[stream.attachments_at().max(behind)..]));
}

/// What is unpacked packs again to something that unpacks to the same.
fn compressed_rtf(octets: &[u8]) {
    const MOST: usize = 1 << 20;
    if let Ok(rtf) = rtf_compressed::unpack(octets, MOST) {
        assert!(rtf.len() <= octets.len() * 8);
        check_packed(&rtf);
    }
    check_packed(octets);
}

fn check_packed(rtf: &[u8]) {
    let packed = rtf_compressed::pack(rtf).expect("its size fits");
    assert_eq!(rtf_compressed::unpack(&packed, rtf.len()).as_deref(), Ok(rtf));
}

/// What is put in at a place shows there.
fn rtf(octets: &[u8]) {
    let Ok(document) = Document::read(octets) else { return };
    let text = document.text();
    for eighth in 0..=8 {
        let place = text.floor_char_boundary(text.len() * eighth / 8);
        let Some(spot) = document.spot(place) else { continue };
        let (Spot::Between(at) | Spot::InTag(at)) = spot;
        let (put, shown) = match document.origin {
            Origin::Html => (wrapped("<i>", "", spot), "<i>"),
            Origin::Text | Origin::Native => (lines("[]"), "[]"),
        };
        let (before, after) = octets.split_at(at);
        let written = [before, put.as_bytes(), after].concat();
        let again = Document::read(&written).expect("a group more");
        assert_eq!(again.text(), [&text[..place], shown, &text[place..]].concat());
    }
}
