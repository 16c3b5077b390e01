//! Embedded images: beside the root of a related, or in a new one.

use super::*;

fn embedding() -> Stamp {
    let mut piece = piece("<p><img src=\"cid:logo\"><img src='cid:other'>SIG</p>", "SIG");
    piece.images.push(logo());
    Stamp::new(vec![piece])
}

/// The message read by mail-parser: the leaves with type, name and content.
pub(super) fn leaves(message: &[u8]) -> Vec<(String, Option<String>, Vec<u8>)> {
    use mail_parser::{MessageParser, MimeHeaders};
    let message = MessageParser::default().parse(message).unwrap();
    message
        .parts
        .iter()
        .filter(|part| !part.is_multipart())
        .map(|part| {
            let kind =
                part.content_type().map(|kind| format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default()));
            (kind.unwrap_or_default(), part.attachment_name().map(str::to_owned), part.contents().to_vec())
        })
        .collect()
}

fn check(message: &str) -> String {
    let message = crlf(message);
    let run = run_split(&message, &embedding());
    assert_eq!(run.outcome.fate, Fate::Signed);
    let (before, after) = (leaves(&message), leaves(&run.out));
    assert_eq!(after.len(), before.len() + 1, "{}", run.text());
    let (images, others): (Vec<_>, Vec<_>) = after.into_iter().partition(|leaf| leaf.1.as_deref() == Some("logo.png"));
    assert_eq!(images, [("image/png".to_owned(), Some("logo.png".to_owned()), logo().bytes.to_vec())]);
    for (old, new) in before.iter().zip(&others) {
        assert_eq!((&old.0, &old.1), (&new.0, &new.1));
        let signed = String::from_utf8_lossy(&new.2);
        assert!(old.2 == new.2 || signed.contains("SIG"), "{signed}");
    }
    let text = run.text();
    let id = text.split("Content-ID: <signet").nth(1).unwrap().split('>').next().unwrap().to_owned();
    assert!(text.contains(&format!("cid:signet{id}")), "{text}");
    assert!(text.contains("cid:other"), "other references stay");
    text
}

#[test]
fn a_message_of_one_html_part_becomes_a_related() {
    let text = check(
        "Subject: x\nContent-Type: text/html;\n\tcharset=us-ascii\nX-Between: 1\nContent-Transfer-Encoding: 7bit\n\n<p>Hello</p>\n",
    );
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    assert!(head.contains("Content-Type: multipart/related; type=\"text/html\""));
    assert!(head.contains("MIME-Version: 1.0") && head.contains("X-Between: 1") && !head.contains("7bit"));
    let first = "Content-Type: text/html;\r\n\tcharset=us-ascii\r\nContent-Transfer-Encoding: 7bit\r\n\r\n<p>Hello</p>";
    assert!(body.contains(first), "{body}");
}

/// RFC 2045 section 6.4.
#[test]
fn a_related_with_octets_above_7f_says_so() {
    for (message, times) in [
        ("Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n<p>Gr\u{fc}n</p>\n", 2),
        (
            "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\nContent-Transfer-Encoding: 8bit\n\n--b\n\
             Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n<p>Gr\u{fc}n</p>\n--b--\n",
            3,
        ),
    ] {
        let text = check(message);
        assert_eq!(text.matches("Content-Transfer-Encoding: 8bit\r\n").count(), times, "{text}");
    }
}

/// Without a blank a line of the signature cannot be broken, and with a longer one than RFC 5322 allows the text becomes
/// quoted-printable: it says so itself, and the related does not (RFC 2045 section 6.4).
#[test]
fn a_text_that_is_quoted_says_so_within_the_related() {
    let long = "\u{65e5}".repeat(400);
    let mut piece = piece(&format!("<p><img src=\"cid:logo\">{long}</p>"), "SIG");
    piece.images.push(logo());
    let stamp = Stamp::new(vec![piece]);
    for (fields, inner) in [
        ("", "Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"),
        (
            "Content-Transfer-Encoding: 7bit\n",
            "Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n",
        ),
        (
            "MIME-Version: 1.0\nContent-Transfer-Encoding: 8bit\nContent-Disposition: inline\n",
            "Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Disposition: inline\r\n\r\n",
        ),
    ] {
        let message = crlf(&format!("Subject: x\nContent-Type: text/html\n{fields}\n<p>a = b</p>\n"));
        let run = run_split(&message, &stamp);
        assert_eq!(run.outcome.fate, Fate::Signed, "{fields}");
        let text = run.text();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(!head.contains("Content-Transfer-Encoding"), "{head}");
        assert_eq!(head.matches("MIME-Version").count(), 1, "{head}");
        assert!(body.contains(&format!("{inner}<p>a =3D b</p>")), "{body}");
        let html = String::from_utf8(leaves(&run.out).remove(0).2).unwrap();
        assert!(html.starts_with("<p>a = b</p>") && html.contains("&#26085;&#26085;"), "{html}");
    }
    // As a part of another, with a header of its own, and in a related that is there already.
    for (kind, cte) in [("mixed", ""), ("mixed", "Content-Transfer-Encoding: 8bit\n"), ("related", "")] {
        let message = format!(
            "MIME-Version: 1.0\nContent-Type: multipart/{kind}; boundary=b\n\n--b\nContent-Type: text/html\n{cte}\n\
             <p>a = b</p>\n--b--\n"
        );
        let run = run_split(&crlf(&message), &stamp);
        assert_eq!(run.outcome.fate, Fate::Signed, "{kind} {cte}");
        let text = run.text();
        assert_eq!(text.matches("Content-Transfer-Encoding: quoted-printable\r\n").count(), 1, "{text}");
        assert!(!text.contains("8bit"), "{text}");
        let html = String::from_utf8(leaves(&run.out).remove(0).2).unwrap();
        assert!(html.starts_with("<p>a = b</p>") && html.contains("&#26085;&#26085;"), "{html}");
    }
}

#[test]
fn the_html_half_of_an_alternative_becomes_a_related() {
    check(
        "MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n\n--b\n\nHello\n--b\nContent-Type: text/html\n\n\
         <p>Hello</p>\n--b--\n",
    );
    check(
        "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>Hello</p>\n--b\n\
         Content-Type: application/pdf; name=a.pdf\nContent-Disposition: attachment\n\nx\n--b--\n",
    );
}

#[test]
fn images_stand_directly_after_the_root_of_the_related() {
    for message in [
        "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=\"r r\"\n\n--r r\nContent-Type: text/html\n\n<p>Hello</p>\n\
         --r r\nContent-Type: image/gif; name=i.gif\nContent-ID: <i>\n\nx\n--r r--\n",
        "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=\"r r\"\n\n--r r\nContent-Type: multipart/alternative; boundary=a\n\n\
         --a\n\nHello\n--a\nContent-Type: text/html\n\n<p>Hello</p>\n--a--\n\n--r r\nContent-Type: image/gif; name=i.gif\n\
         Content-ID: <i>\n\nx\n--r r--\n",
    ] {
        let text = check(message);
        let (ours, theirs) = (text.find("logo.png").unwrap(), text.find("i.gif").unwrap());
        assert!(ours < theirs);
        assert!(!text.contains("=_signet"), "no new multipart");
    }
}

#[test]
fn an_empty_body_is_wrapped_as_well() {
    let text = check("Subject: x\nContent-Type: text/html\n\n");
    assert!(text.contains("Content-Type: text/html\r\n\r\n<p>"), "{text}");
}

#[test]
fn a_plain_message_gets_no_image() {
    let run = run(&crlf("Subject: x\n\nHello\n"), &embedding());
    assert!(!run.text().contains("image/png"));
}
