//! Encodings and charsets: the text of the leaf afterwards is the text before and the signature.

use super::*;
use crate::imprint::transfer;

const SIGN_HTML: &str = "<p>Gr\u{fc}\u{df}e \u{20ac} \u{65e5} \u{1f600}</p>";
const SIGN_PLAIN: &str = "Gr\u{fc}\u{df}e \u{20ac} \u{65e5} \u{1f600}";

fn encoded(octets: &[u8], encoding: &str) -> Option<Vec<u8>> {
    use crate::imprint::content::Encoding;
    match encoding {
        "7bit" => (octets.is_ascii()).then(|| octets.to_vec()),
        "8bit" | "binary" => Some(octets.to_vec()),
        "quoted-printable" => transfer::encode(Encoding::QuotedPrintable, octets, "\r\n"),
        _ => transfer::encode(Encoding::Base64, octets, "\r\n"),
    }
}

/// The one text leaf as mail-parser reads it.
fn text_of(message: &[u8]) -> String {
    use mail_parser::{MessageParser, PartType};
    let message = MessageParser::default().parse(message).unwrap();
    match &message.parts[0].body {
        PartType::Text(text) | PartType::Html(text) => text.to_string(),
        other => panic!("{other:?}"),
    }
}

fn unescaped(text: &str) -> String {
    let mut out = text.to_owned();
    for one in SIGN_HTML.chars().filter(|one| !one.is_ascii()) {
        out = out.replace(&format!("&#{};", u32::from(one)), &one.to_string());
    }
    out
}

const TABLE: &[(&str, &str)] = &[
    (
        "us-ascii",
        "Hello <b>you</b>\r\nsecond line, rather long so that it must be broken somewhere in it to fit = \r\n",
    ),
    ("utf-8", "Gr\u{fc}n \u{65e5}\u{672c}\r\nzwei\r\n"),
    ("utf-8", "\u{feff}Mark\r\n"),
    ("iso-8859-1", "Gr\u{fc}n\r\n"),
    ("windows-1252", "Gr\u{fc}n \u{201e}\r\n"),
    ("iso-8859-15", "Gr\u{fc}n \u{20ac}\r\n"),
    ("koi8-r", "\u{43f}\u{440}\u{438}\u{432}\u{435}\u{442}\r\n"),
    ("gb2312", "\u{4f60}\u{597d}\r\n"),
    ("gb18030", "\u{4f60}\u{597d}\r\n"),
    ("big5", "\u{4f60}\u{597d}\r\n"),
    ("shift_jis", "\u{8868}\u{793a}\r\n"),
    ("euc-kr", "\u{c548}\u{b155}\r\n"),
    ("iso-2022-jp", "\u{65e5}\u{672c}\r\nx\r\n"),
    ("iso-2022-jp", "\u{65e5}\u{672c}"),
];

#[test]
fn the_text_afterwards_is_the_text_before_and_the_signature() {
    for (charset, text) in TABLE {
        let octets = encoding_rs::Encoding::for_label(charset.as_bytes()).unwrap().encode(text).0.into_owned();
        for encoding in ["7bit", "8bit", "quoted-printable", "base64"] {
            for format in ["plain", "html"] {
                let Some(body) = encoded(&octets, encoding) else { continue };
                let mut message = format!(
                    "Content-Type: text/{format}; charset=\"{charset}\"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
                )
                .into_bytes();
                message.extend_from_slice(&body);
                let case = format!("{format} {charset} {encoding}");
                let run = run_split(&message, &Stamp::new(vec![piece(SIGN_HTML, SIGN_PLAIN)]));
                assert_eq!(run.outcome.fate, Fate::Signed, "{case}");
                let (before, after) = (text_of(&message), text_of(&run.out));
                let after = if format == "html" { unescaped(&after) } else { after };
                let sign = if format == "html" { SIGN_HTML } else { SIGN_PLAIN };
                let (head, tail) = after.split_once(sign).unwrap_or_else(|| panic!("{case}: {after:?}"));
                assert_eq!(head.trim_end(), before.trim_end(), "{case}");
                assert_eq!(tail.trim(), "", "{case}");
                assert!(run.out.split(|octet| *octet == b'\n').all(|line| line.len() <= 120), "{case}");
                let header = run.text();
                let header = header.split("\r\n\r\n").next().unwrap();
                if header.contains("7bit") {
                    assert!(run.out.is_ascii(), "{case}: no octet above 7F under 7bit");
                }
                if format == "html" {
                    assert!(header.contains(charset) && header.contains(encoding), "{case}: the header stays");
                }
            }
        }
    }
}

#[test]
fn an_ascii_signature_changes_no_header() {
    for (charset, text) in TABLE {
        let octets = encoding_rs::Encoding::for_label(charset.as_bytes()).unwrap().encode(text).0.into_owned();
        let mut message =
            format!("Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n")
                .into_bytes();
        message.extend_from_slice(&octets);
        let run = run(&message, &stamp());
        assert_eq!(run.outcome.fate, Fate::Signed, "{charset}");
        let out = run.out.strip_prefix(TOP.as_bytes()).unwrap();
        assert!(out.starts_with(message.strip_suffix(b"\r\n").unwrap_or(&message)), "{charset}");
    }
}

#[test]
fn octets_of_no_known_charset_stay() {
    let signed = |header: &str, body: &[u8], stamp: &Stamp| {
        let message = [format!("{header}\r\n\r\n").as_bytes(), body].concat();
        let run = run(&message, stamp);
        (run.outcome.fate, run.out.ends_with(b"SIG\r\n") && run.out.windows(body.len()).any(|part| part == body))
    };
    let foreign = Stamp::new(vec![piece(SIGN_HTML, SIGN_PLAIN)]);
    assert_eq!(signed("Subject: x", b"Gr\xfcn\r\n", &stamp()), (Fate::Signed, true));
    assert_eq!(signed("Content-Type: text/plain; charset=x-unknown", b"Gr\xfcn\r\n", &stamp()), (Fate::Signed, true));
    assert_eq!(signed("Content-Type: text/plain; charset=utf-8", b"Gr\xfcn\r\n", &stamp()), (Fate::Signed, true));
    for charset in ["x-unknown", "us-ascii", "utf-8"] {
        let header = format!("Content-Type: text/plain; charset={charset}");
        assert_eq!(signed(&header, b"Gr\xfcn\r\n", &foreign).0, Fate::Left(Reason::BadCharset), "{charset}");
    }
}

#[test]
fn plain_text_that_moves_to_utf8_says_so_and_nothing_else() {
    let foreign = Stamp::new(vec![piece("", "Gr\u{fc}\u{df}e")]);
    for (header, want) in [
        (
            "Content-Type: text/plain; charset=us-ascii;\r\n\tformat=flowed\r\nContent-Transfer-Encoding: 7bit\r\nX: 1",
            "Content-Type: text/plain; charset=utf-8;\r\n\tformat=flowed\r\nContent-Transfer-Encoding: quoted-printable\r\nX: 1\r\nMIME-Version: 1.0",
        ),
        (
            "MIME-Version: 1.0\r\nContent-Type: text/plain; format=flowed\r\nX: 1",
            "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8; format=flowed\r\nX: 1\r\nContent-Transfer-Encoding: quoted-printable",
        ),
        (
            "Subject: x",
            "Subject: x\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\nMIME-Version: 1.0",
        ),
    ] {
        let run = run(format!("{header}\r\n\r\nHello \r\nyou\r\n").as_bytes(), &foreign);
        assert_eq!(run.text(), format!("{TOP}{want}\r\n\r\nHello=20\r\nyou\r\n\r\nGr=C3=BC=C3=9Fe\r\n"));
    }
}

#[test]
fn no_line_of_ours_is_a_delimiter() {
    let stamp = Stamp::new(vec![piece("", "--b\n--b--")]);
    let message = |encoding: &str| {
        crlf(&format!(
            "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Transfer-Encoding: {encoding}\n\nHello\n--b--\n"
        ))
    };
    for encoding in ["7bit", "8bit", "quoted-printable"] {
        let quoted = run_split(&message(encoding), &stamp);
        assert_eq!(quoted.outcome.fate, Fate::Signed);
        assert!(quoted.text().contains("Content-Transfer-Encoding: quoted-printable\r\n\r\nHello"));
        assert!(quoted.text().contains("\r\n=2D-b\r\n=2D-b--\r\n--b--"), "{}", quoted.text());
    }
}

#[test]
fn html_is_read_in_the_charset_that_it_names_itself() {
    // A Russian attribution, which nobody knows in another charset; and Japanese with the escapes of its own.
    for (meta, own, attribution) in [
        ("windows-1251", &b"\xcf\xf0\xe8\xe2\xe5\xf2"[..], &b"\xc0\xe4\xe0 \xef\xe8\xf8\xe5\xf2:"[..]),
        ("iso-2022-jp", b"\x1b$B$O$$\x1b(B", b"2026/11/20 9:12 Ada &lt;ada@b.example&gt;:"),
    ] {
        let mut mail = crlf(&format!(
            "MIME-Version: 1.0\nContent-Type: text/html\nContent-Transfer-Encoding: 8bit\n\n\
             <html><head><meta charset={meta}></head><body><p>"
        ));
        for part in [own, b"</p><p>", attribution, b"</p><blockquote type=cite>Hi</blockquote></body></html>\r\n"] {
            mail.extend_from_slice(part);
        }
        let run = run_split(&mail, &Stamp::new(vec![piece("<p>SIG \u{65e5}</p>", "SIG")]));
        assert_eq!(run.outcome.fate, Fate::Signed, "{meta}");
        let at = |octets: &[u8]| run.out.windows(octets.len()).position(|window| window == octets).unwrap();
        assert!(at(own) < at(b"SIG &#26085;<") && at(b"SIG") < at(attribution), "{meta}: {}", run.out.escape_ascii());
    }
}

#[test]
fn a_line_of_ours_that_is_too_long_is_quoted() {
    let stamp = Stamp::new(vec![piece(&format!("<p>{}</p>", "\u{65e5}".repeat(400)), &"x".repeat(1200))]);
    for kind in ["html; charset=shift_jis", "plain"] {
        let run = run_split(&crlf(&format!("Content-Type: text/{kind}\n\n<p>a = b</p>\n")), &stamp);
        assert_eq!(run.outcome.fate, Fate::Signed);
        assert!(
            run.text()
                .contains("Content-Transfer-Encoding: quoted-printable\r\nMIME-Version: 1.0\r\n\r\n<p>a =3D b</p>"),
            "{}",
            run.text()
        );
        assert!(run.out.split(|octet| *octet == b'\n').all(|line| line.len() <= 78));
    }
}

#[test]
fn top_reply_and_bottom_each_have_their_place() {
    let at = |place: Place, word: &str| Piece { place, ..piece(&format!("<p>{word}</p>"), word) };
    let stamp = Stamp::new(vec![
        at(Place::Bottom, "LAST"),
        at(Place::Reply, "SIG"),
        at(Place::Reply, "SECOND"),
        at(Place::Top, "BANNER"),
    ]);
    let plain = crlf("Subject: x\n\nHello\n\nOn Monday, Bob <bob@example.org> wrote:\n> Well?\n");
    let run_plain = run_split(&plain, &stamp);
    assert!(
        run_plain.out.ends_with(&crlf(
            "\nBANNER\n\nHello\n\nSIG\n\nSECOND\n\nOn Monday, Bob <bob@example.org> wrote:\n> Well?\n\nLAST\n"
        )),
        "{}",
        run_plain.text()
    );
    assert_eq!(run_plain.outcome.parts[0].offset, String::from_utf8(plain).unwrap().find("On Monday").unwrap() as u64);
    let html = crlf(
        "Content-Type: text/html\n\n<html><body><p>Hello</p><blockquote type=\"cite\">Well?</blockquote></body></html>\n",
    );
    let text = run_split(&html, &stamp).text().replace("\r\n", "");
    assert!(
        text.ends_with("<html><body><p>BANNER</p><p>Hello</p><p>SIG</p><p>SECOND</p><blockquote type=\"cite\">Well?</blockquote><p>LAST</p></body></html>"),
        "{text}"
    );
}
