//! Texts in UTF-16 and UTF-7, and texts that only say so: signed in their own octets, moved, or left as they came.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::*;
use crate::imprint::content::Encoding;
use crate::imprint::{fuzz, transfer};

const SIGN_HTML: &str = "<p>Gr\u{fc}\u{df}e T +44 \u{65e5} \u{1f600}</p>";
const SIGN_PLAIN: &str = "Gr\u{fc}\u{df}e T +44 \u{65e5} \u{1f600}";
const PLAIN: &str = "Gr\u{fc}n \u{65e5} \u{1f600}\r\n\r\nOn 3 May 2026 at 10:00, Ada wrote:\r\n> old\r\n";
const HTML: &str =
    "<html><body>\r\n<p>Gr\u{fc}n \u{65e5}</p>\r\n<blockquote type=\"cite\">old</blockquote></body></html>\r\n";

fn foreign() -> Stamp {
    Stamp::new(vec![piece(SIGN_HTML, SIGN_PLAIN)])
}

fn encoding(name: &str) -> Encoding {
    match name {
        "base64" => Encoding::Base64,
        "quoted-printable" => Encoding::QuotedPrintable,
        _ => Encoding::EightBit,
    }
}

fn message(kind: &str, transfer_encoding: &str, octets: &[u8]) -> Vec<u8> {
    let mut message = format!(
        "MIME-Version: 1.0\r\nContent-Type: text/{kind}\r\nContent-Transfer-Encoding: {transfer_encoding}\r\n\r\n"
    )
    .into_bytes();
    message.extend(transfer::encode(encoding(transfer_encoding), octets, "\r\n").unwrap());
    message
}

/// The header without what was added on top, and the octets of the text.
fn opened(run: &Run) -> (String, Vec<u8>) {
    let at = memchr::memmem::find(&run.out, b"\r\n\r\n").unwrap();
    let header = String::from_utf8(run.out[TOP.len()..at].to_vec()).unwrap();
    let (_, name) = header.split_once("Content-Transfer-Encoding: ").unwrap();
    let name = name.split("\r\n").next().unwrap();
    let body = &run.out[at + 4..];
    let octets = transfer::decode(encoding(name), body).unwrap();
    (header, octets.map_or_else(|| body.to_vec(), |octets| octets.to_vec()))
}

/// A unit to octets, and back.
type Write = fn(u16) -> [u8; 2];
type Read = fn([u8; 2]) -> u16;

fn wide(text: &str, written: Write) -> Vec<u8> {
    text.encode_utf16().flat_map(written).collect()
}

/// A text in each charset, as the fuzz target `charset` takes it.
pub(super) fn seeds() -> Vec<Vec<u8>> {
    let text = "\u{65e5}\u{672c} a+b <x>\r\n\u{65e5}\r\n";
    let octets = |label: &str| match label {
        "utf-16" => wide(&format!("\u{feff}{text}\u{1f600}"), u16::to_be_bytes),
        "utf-16le" => wide(&format!("{text}\u{1f600}"), u16::to_le_bytes),
        "utf-16be" => wide(&format!("{text}\u{1f600}"), u16::to_be_bytes),
        "utf-7" => b"+ZeVnLA- a+-b <x>\r\n+ZeU\r\n+2D3eAA-".to_vec(),
        label => encoding_rs::Encoding::for_label(label.as_bytes()).unwrap().encode(text).0.into_owned(),
    };
    let seed = |(first, label): (u8, &str)| [vec![first, 128], octets(label)].concat();
    (0..).zip(fuzz::CHARSETS).map(seed).collect()
}

#[test]
fn utf16_is_signed_in_its_own_byte_order() {
    let orders: [(&str, Write, Read); 2] =
        [("utf-16le", u16::to_le_bytes, u16::from_le_bytes), ("utf-16be", u16::to_be_bytes, u16::from_be_bytes)];
    for (own, written, read) in orders {
        for label in [own, "utf-16", "unicode"] {
            for (kind, text, sign, before) in
                [("plain", PLAIN, SIGN_PLAIN, "On 3"), ("html", HTML, SIGN_HTML, "<blockquote")]
            {
                for mark in ["", "\u{feff}"] {
                    let text = format!("{mark}{text}");
                    let case = format!("{label} {own} {kind} {mark:?}");
                    let came = message(&format!("{kind}; charset={label}"), "base64", &wide(&text, written));
                    let run = run(&came, &foreign());
                    assert_eq!(run.outcome.fate, Fate::Signed, "{case}");
                    let (header, octets) = opened(&run);
                    assert!(came.starts_with(header.as_bytes()), "{case}: the header stays");
                    let units: Vec<u16> = octets.as_chunks().0.iter().map(|unit| read(*unit)).collect();
                    let after = String::from_utf16(&units).unwrap();
                    let want = if kind == "plain" {
                        text.replace(before, &format!("{sign}\r\n\r\n{before}"))
                    } else {
                        text.replace(before, &format!("\r\n{sign}\r\n{before}"))
                    };
                    assert_eq!(after, want, "{case}");
                    assert!(run.out.split(|octet| *octet == b'\n').all(|line| line.len() <= 120), "{case}");
                }
            }
        }
    }
}

#[test]
fn however_it_is_fed() {
    let came = message("plain; charset=utf-16", "base64", &wide("\u{feff}Hi\r\n> old\r\n", u16::to_le_bytes));
    assert_eq!(run_split(&came, &foreign()).outcome.fate, Fate::Signed);
    let came = message("plain; charset=utf-7", "7bit", b"Zo+AOs-\r\n> old\r\n");
    assert_eq!(run_split(&came, &foreign()).outcome.fate, Fate::Signed);
}

#[test]
fn utf7_takes_the_signature_in_base64_between_its_own() {
    for name in ["7bit", "quoted-printable", "base64"] {
        for label in ["utf-7", "UNICODE-1-1-UTF-7"] {
            let text = b"Gr+APw-n +2D3eAA-\r\n\r\nOn 3 May 2026 at 10:00, Ada wrote:\r\n> 1 +- 1\r\n";
            let came = message(&format!("plain; charset={label}"), name, text);
            let run = run(&came, &foreign());
            assert_eq!(run.outcome.fate, Fate::Signed);
            let (header, octets) = opened(&run);
            assert!(came.starts_with(header.as_bytes()));
            assert_eq!(
                String::from_utf8(octets).unwrap(),
                "Gr+APw-n +2D3eAA-\r\n\r\nGr+APwA3w-e T +-44 +ZeU- +2D3eAA-\r\n\r\nOn 3 May 2026 at 10:00, Ada wrote:\r\n> 1 +- 1\r\n"
            );
        }
    }
}

#[test]
fn ascii_that_is_called_utf7_gets_nothing_that_the_two_read_differently() {
    let html = b"<html><body><p>Hello</p></body></html>\r\n";
    let run_html = run(&message("html; charset=utf-7", "7bit", html), &foreign());
    assert!(
        run_html.text().contains("charset=utf-7")
            && run_html.text().contains("<p>Gr&#252;&#223;e T &#43;44 &#26085; &#128512;</p>"),
        "{}",
        run_html.text()
    );
    let plain = message("plain; charset=utf-7", "7bit", b"Hello you\r\n");
    assert!(
        run(&plain, &stamp())
            .text()
            .ends_with("charset=utf-7\r\nContent-Transfer-Encoding: 7bit\r\n\r\nHello you\r\n\r\nSIG\r\n")
    );
    for sign in [SIGN_PLAIN, "T +44"] {
        let moved = run(&plain, &Stamp::new(vec![piece("", sign)]));
        let (header, octets) = opened(&moved);
        assert!(header.contains("charset=utf-8"), "{header}");
        assert_eq!(octets, format!("Hello you\r\n\r\n{sign}\r\n").as_bytes());
    }
}

#[test]
fn what_is_called_utf16_and_is_not_is_signed_as_what_it_is() {
    for label in ["utf-16", "utf-16le", "utf-16be", "unicode"] {
        for name in ["7bit", "quoted-printable", "base64"] {
            let html = b"<html><body>\r\n<p>Hello you</p></body></html>\r\n";
            let (header, octets) = opened(&run(&message(&format!("html; charset={label}"), name, html), &foreign()));
            assert!(header.contains(label) && header.contains(name));
            let octets = String::from_utf8(octets).unwrap();
            assert!(octets.contains("<p>Gr&#252;&#223;e T +44 &#26085; &#128512;</p>"), "{octets}");
            let plain = message(&format!("plain; charset={label}"), name, b"Hello you\r\n");
            let (header, octets) = opened(&run(&plain, &foreign()));
            assert!(header.contains("charset=utf-8"), "{header}");
            assert_eq!(octets, format!("Hello you\r\n\r\n{SIGN_PLAIN}\r\n").as_bytes());
        }
        // In UTF-8 no octet says so: only what is ASCII is put in.
        let plain = message(&format!("plain; charset={label}"), "base64", "Gr\u{fc}n it is\r\n".as_bytes());
        assert_eq!(run(&plain, &foreign()).outcome.fate, Fate::Left(Reason::BadCharset));
        let (header, octets) = opened(&run(&plain, &stamp()));
        assert!(header.contains(label));
        assert_eq!(octets, "Gr\u{fc}n it is\r\n\r\nSIG\r\n".as_bytes());
    }
}

#[test]
fn what_is_doubtful_stays_as_it_came() {
    let little = |text: &str| wide(text, u16::to_le_bytes);
    let big = |text: &str| wide(text, u16::to_be_bytes);
    // The attribution and what it quotes.
    let in_base64 =
        format!("x+{}-", STANDARD_NO_PAD.encode(big("\r\nOn 3 May 2026 at 10:00, Ada wrote:\r\n> old\r\n")));
    for (case, kind, name, octets) in [
        ("no mark and no sign of the order", "plain; charset=utf-16", "base64", little("\u{4e2d}\u{4e00}")),
        ("the label and the text differ", "plain; charset=utf-16be", "base64", little(PLAIN)),
        (
            "the mark and the text differ",
            "plain; charset=utf-16",
            "base64",
            [&b"\xfe\xff"[..], &little(PLAIN)].concat(),
        ),
        ("half a unit", "plain; charset=utf-16le", "base64", little(PLAIN)[1..].to_vec()),
        ("half a pair", "plain; charset=utf-16le", "base64", [little("a\r\n"), vec![0x3d, 0xd8]].concat()),
        ("no transfer encoding", "plain; charset=utf-16le", "binary", little(PLAIN)),
        ("nothing", "plain; charset=utf-16", "base64", Vec::new()),
        ("another label", "html; charset=utf-8", "base64", little(HTML)),
        ("a mark under another label", "plain; charset=us-ascii", "base64", little("\u{feff}Hi\r\n")),
        ("no label", "html", "base64", big("\u{feff}<p>Hi</p>\r\n")),
        ("UTF-32", "plain; charset=utf-32", "base64", b"\xff\xfe\0\0a\0\0\0".to_vec()),
        ("ASCII without lines", "plain; charset=utf-16", "7bit", b"Hello you".to_vec()),
        ("HTML in UTF-7", "html; charset=utf-7", "7bit", b"<p>Gr+APw-n</p>\r\n".to_vec()),
        ("HTML with a plus", "html; charset=utf-7", "7bit", b"<p>1 +- 1</p>\r\n".to_vec()),
        ("ASCII with a plus", "plain; charset=utf-7", "7bit", b"T +44 20 7946\r\n".to_vec()),
        ("an escape", "plain; charset=utf-7", "7bit", b"\x1b$B\x1b(B\r\n".to_vec()),
        ("octets above 7F", "plain; charset=utf-7", "8bit", b"Gr\xfcn\r\n".to_vec()),
        ("a place in base64", "plain; charset=utf-7", "7bit", in_base64.into_bytes()),
        ("open at the end", "plain; charset=utf-7", "7bit", b"Gr+APw".to_vec()),
    ] {
        let came = message(kind, name, &octets);
        let run = run(&came, &foreign());
        assert_eq!(run.outcome.fate, Fate::Left(Reason::BadCharset), "{case}");
        assert_eq!(run.out.strip_prefix(TOP.as_bytes()).unwrap(), came, "{case}");
    }
    // What goes in would be three octets for each, more than a tenant's largest stamp is reckoned with.
    let came = message("plain; charset=utf-16le", "quoted-printable", &little("Hi\r\n"));
    assert_eq!(run(&came, &foreign()).outcome.fate, Fate::Left(Reason::BadCharset));
}
