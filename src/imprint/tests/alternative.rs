//! Plain text that gets HTML beside it.

use mail_parser::{Message, MessageParser, MimeHeaders, PartType};

use super::*;

const HTML: &str = "<div class=\"signet-abcdefghijklm\"><b>Zo&#235;</b> <img src=\"cid:logo\"></div>";
const PLAIN: &str = "Zo\u{eb}";

fn stamp_of(html: &str, images: Vec<Image>, becomes_html: bool) -> Stamp {
    let piece = Piece { images, ..piece(html, PLAIN) };
    Stamp { plain_becomes_html: becomes_html, ..Stamp::new(vec![piece]) }
}

fn parsed(octets: &[u8]) -> Message<'_> {
    MessageParser::default().parse(octets).unwrap()
}

/// Type, charset and content of each leaf.
fn leaves(message: &Message<'_>) -> Vec<(String, String)> {
    let leaf = |part: &mail_parser::MessagePart<'_>| {
        let kind = part
            .content_type()
            .map_or("text/plain".to_owned(), |kind| format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default()));
        match &part.body {
            PartType::Multipart(_) => None,
            PartType::Text(text) | PartType::Html(text) => Some((kind, text.to_string())),
            _ => Some((kind, String::from_utf8_lossy(part.contents()).into_owned())),
        }
    };
    message.parts.iter().filter_map(leaf).collect()
}

/// What the HTML shows, a line for each line.
fn shown(html: &str) -> String {
    let mut text = String::new();
    super::super::place::html::each_shown(&html.replace("\r\n", ""), &mut |c, _| text.push(c));
    text.replace('\u{a0}', " ")
}

fn lines(text: &str) -> Vec<String> {
    let lines = text.lines().map(|line| line.trim_end().to_owned());
    lines.filter(|line| !line.is_empty()).collect()
}

const MESSAGES: &[(&str, &str)] = &[
    ("Subject: x\n", "Hello <you> & me\n\n  indented   text\nwww https://a.example/?a=1&b=2.\n"),
    ("Content-Type: text/plain; charset=us-ascii\nContent-Transfer-Encoding: 7bit\nX-After: 1\n", "Hello\n"),
    ("MIME-Version: 1.0\nContent-Type: text/plain;\n\tcharset=utf-8\nContent-Transfer-Encoding: 8bit\n", "Gr\u{fc}n\n"),
    (
        "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n",
        "R3LDvG4NCg==\n",
    ),
    (
        "MIME-Version: 1.0\nContent-Transfer-Encoding: quoted-printable\nContent-Type: text/plain; charset=iso-8859-1\n",
        "Gr=FCn =3D soft=\n break\n\nOn 20/11/2026 09:12, Bob <bob@b.example> wrote:\n> Question\n",
    ),
    ("Content-Type: text/plain; charset=utf-8\nContent-Disposition: inline; filename=a.txt\n", "Hello\n"),
    ("Subject: x\n", ""),
];

#[test]
fn the_plain_text_is_signed_as_ever_and_the_html_says_the_same() {
    for (head, body) in MESSAGES {
        for images in [Vec::new(), vec![logo()]] {
            let embeds = !images.is_empty();
            let message = crlf(&format!("{head}\n{body}"));
            let run = run_split(&message, &stamp_of(HTML, images.clone(), true));
            assert_eq!(run.outcome.fate, Fate::Signed, "{head}");
            let alone = super::run(&message, &stamp_of("", Vec::new(), false));
            let (after, alone) = (parsed(&run.out), parsed(&alone.out));
            let told = run.text();
            let leaves = leaves(&after);
            let kinds: Vec<&str> = leaves.iter().map(|(kind, _)| kind.as_str()).collect();
            assert_eq!(
                kinds,
                [&["text/plain", "text/html", "image/png"][..2 + usize::from(embeds)]].concat(),
                "{told}"
            );
            assert_eq!(leaves[0].1.trim_end(), alone.body_text(0).unwrap().trim_end(), "{told}");
            assert_eq!(lines(&shown(&leaves[1].1)), lines(&leaves[0].1), "{told}");
            assert!(leaves[1].1.contains("<b>Zo&#235;</b>") && leaves[1].1.ends_with("</body></html>"), "{told}");
            let kind = after.content_type().unwrap();
            assert_eq!((kind.ctype(), kind.subtype()), ("multipart", Some("alternative")), "{told}");
            assert!(after.header("MIME-Version").is_some(), "{told}");
            let first = &after.parts[1];
            let charset = |of: &mail_parser::MessagePart<'_>| {
                of.content_type().and_then(|kind| kind.attribute("charset")).map(str::to_owned)
            };
            assert_eq!(charset(first), charset(&alone.parts[0]), "{told}");
            assert_eq!(first.content_disposition().is_some(), head.contains("Disposition"), "{told}");
            if embeds {
                let id = after.parts.last().unwrap().content_id().unwrap().to_owned();
                assert!(leaves[1].1.contains(&format!("cid:{id}")), "{told}");
            }
            let header = told.split("\r\n\r\n").next().unwrap();
            assert_eq!(header.contains("8bit"), head.contains("8bit"), "{told}");
        }
    }
}

#[test]
fn a_text_beside_an_attachment_becomes_one_too() {
    let message = crlf(
        "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; charset=us-ascii; format=flowed\n\n\
         Hello \nyou\n--b\nContent-Type: application/pdf\nContent-Disposition: attachment\n\nx\n--b--\n",
    );
    let run = run_split(&message, &stamp_of(HTML, vec![logo()], true));
    let told = run.text();
    let after = parsed(&run.out);
    let leaves = leaves(&after);
    let kinds: Vec<&str> = leaves.iter().map(|(kind, _)| kind.as_str()).collect();
    assert_eq!(kinds, ["text/plain", "text/html", "image/png", "application/pdf"], "{told}");
    assert_eq!(lines(&shown(&leaves[1].1)), ["Hello you", "Zo\u{eb}"], "{told}");
    assert_eq!(leaves[3].1.trim_end(), "x");
}

#[test]
fn a_signature_of_pictures_alone_shows_in_the_html() {
    let piece = Piece { plain: String::new(), images: vec![logo()], ..piece("<img src=\"cid:logo\">", "") };
    let stamp = Stamp { plain_becomes_html: true, ..Stamp::new(vec![piece]) };
    for encoding in ["7bit", "base64"] {
        let body = if encoding == "base64" { "SGVsbG8NCg==" } else { "Hello" };
        let head = format!("MIME-Version: 1.0\nContent-Type: text/plain\nContent-Transfer-Encoding: {encoding}\n");
        let run = run_split(&crlf(&format!("{head}\n{body}\n")), &stamp);
        assert_eq!(run.outcome.fate, Fate::Signed);
        let after = parsed(&run.out);
        let leaves = leaves(&after);
        assert_eq!(leaves[0].1.trim_end(), "Hello", "{}", run.text());
        assert!(leaves[1].1.contains("<img src=\"cid:signet-image0"), "{}", run.text());
        assert_eq!(leaves.len(), 3);
    }
}

#[test]
fn a_multipart_with_octets_above_7f_says_so() {
    let message = crlf(
        "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\nContent-Transfer-Encoding: 8bit\n\n--b\n\
         Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nGr\u{fc}n\n--b--\n",
    );
    let run = run_split(&message, &stamp_of(HTML, Vec::new(), true));
    assert_eq!(run.text().matches("Content-Transfer-Encoding: 8bit\r\n").count(), 3, "{}", run.text());
}

#[test]
fn what_is_no_plain_text_alone_stays_as_it_is() {
    let large = format!("Content-Type: text/plain; charset=utf-8\n\n{}\n", "word ".repeat(60_000));
    for message in [
        "Content-Type: text/html\n\n<p>Hello</p>\n",
        "Content-Type: multipart/alternative; boundary=b\n\n--b\n\nHello\n--b--\n",
        "Content-Type: multipart/alternative; boundary=b\n\n--b\n\nHello\n--b\nContent-Type: text/html\n\n<p>Hello</p>\n--b--\n",
        "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n--b--\n",
        "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nHello\n\nOn 20/11/2026 09:12, Bob <bob@b.example> wrote:\n> x\n--b\n\
         Content-Type: text/html\n\n<p>More</p>\n--b--\n",
        "Content-Type: multipart/related; boundary=b; start=\"<r@x>\"\n\n--b\nContent-Type: image/gif\nContent-ID: <i@x>\n\nx\n\
         --b\nContent-Type: text/plain\nContent-ID: <r@x>\n\nHello\n--b--\n",
        &large,
    ] {
        let message = crlf(message);
        let run = run(&message, &stamp_of(HTML, Vec::new(), true));
        assert_eq!(run.outcome.fate, Fate::Signed, "{}", run.text());
        assert_eq!(run.out, super::run(&message, &stamp_of(HTML, Vec::new(), false)).out);
    }
    // Of which no character is sure.
    let message = b"Content-Type: text/plain; charset=x-unknown\r\n\r\nGr\xfcn\r\n";
    let piece = Piece { plain: "Zoe".to_owned(), ..piece(HTML, "") };
    let stamp = Stamp { plain_becomes_html: true, ..Stamp::new(vec![piece]) };
    let run = run(message, &stamp);
    assert_eq!(run.outcome.fate, Fate::Signed);
    assert!(!run.text().contains("alternative"), "{}", run.text());
}

#[test]
fn the_other_half_is_within_its_bound() {
    for body in ["\u{1f600}".repeat(60_000), "<&\" ".repeat(60_000), "a\n".repeat(120_000)] {
        let message = crlf(&format!(
            "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{body}"
        ));
        let run = run(&message, &stamp_of(HTML, Vec::new(), true));
        assert_eq!(run.outcome.fate, Fate::Signed);
        assert!(run.growth <= super::super::ALTERNATIVE_BYTES as i64 + 4096, "{}", run.growth);
    }
}
