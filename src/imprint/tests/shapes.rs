//! Every shape of body, in LF and CRLF, split everywhere: the signature is where it belongs and nothing else changed.

use super::*;

struct Shape {
    name: &'static str,
    /// The body after the common header, Content-Type first.
    message: &'static str,
    /// The same, signed.
    signed: &'static str,
    paths: &'static [&'static str],
}

const HEAD: &str = "From: Ada <ada@contoso.example>\nSubject: Hello\nMIME-Version: 1.0\n";

const SHAPES: &[Shape] = &[
    Shape { name: "plain, no Content-Type", message: "\nHello\n", signed: "\nHello\n\nSIG\n", paths: &["1"] },
    Shape {
        name: "plain reply",
        message: "Content-Type: text/plain\n\nYes.\n\nOn Monday, Bob <bob@example.org> wrote:\n> Well?\n",
        signed: "Content-Type: text/plain\n\nYes.\n\nSIG\n\nOn Monday, Bob <bob@example.org> wrote:\n> Well?\n",
        paths: &["1"],
    },
    Shape {
        name: "html alone",
        message: "Content-Type: text/html\n\n<html><body><p>Hello</p></body></html>\n",
        signed: "Content-Type: text/html\n\n<html><body><p>Hello</p>\n<p>SIG</p>\n</body></html>\n",
        paths: &["1"],
    },
    Shape {
        name: "empty body",
        message: "Content-Type: text/plain\n\n",
        signed: "Content-Type: text/plain\n\nSIG",
        paths: &["1"],
    },
    Shape {
        name: "alternative",
        message: "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\nHello\n\
                  --b\nContent-Type: text/html\n\n<p>Hello</p>\n--b--\n",
        signed: "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\nHello\n\nSIG\n\
                 --b\nContent-Type: text/html\n\n<p>Hello</p>\n<p>SIG</p>\n--b--\n",
        paths: &["1", "2"],
    },
    Shape {
        name: "alternative whose halves have names",
        message: "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain; name=a.txt\n\nHello\n\
                  --b\nContent-Type: text/html; name=a.html\n\n<p>Hello</p>\n--b--\n",
        signed: "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain; name=a.txt\n\nHello\n\nSIG\n\
                 --b\nContent-Type: text/html; name=a.html\n\n<p>Hello</p>\n<p>SIG</p>\n--b--\n",
        paths: &["1", "2"],
    },
    Shape {
        name: "alternative with an empty text half",
        message: "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\n\n\
                  --b\nContent-Type: text/html\n\n<p>Hello</p>\n--b--\n",
        signed: "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\n\n\
                 --b\nContent-Type: text/html\n\n<p>Hello</p>\n<p>SIG</p>\n--b--\n",
        paths: &["2"],
    },
    Shape {
        name: "alternative of one part, glued",
        message: "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\n--b--\n",
        signed: "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\nSIG\n--b--\n",
        paths: &["1"],
    },
    Shape {
        name: "mixed with an attachment",
        message: "Content-Type: multipart/mixed; boundary=b\n\npre\n--b\n\nHello\n\n--b\nContent-Type: image/png\n\
                  Content-Disposition: attachment\n\nSGVsbG8=\n--b--\nepilogue\n",
        signed: "Content-Type: multipart/mixed; boundary=b\n\npre\n--b\n\nHello\n\nSIG\n\n--b\nContent-Type: image/png\n\
                 Content-Disposition: attachment\n\nSGVsbG8=\n--b--\nepilogue\n",
        paths: &["1"],
    },
    Shape {
        name: "attached text before the body",
        message: "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Disposition: attachment; filename=n.txt\n\
                  \nnotes\n--b\n\nHello\n--b--\n",
        signed: "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Disposition: attachment; filename=n.txt\n\
                 \nnotes\n--b\n\nHello\n\nSIG\n--b--\n",
        paths: &["2"],
    },
    Shape {
        name: "mixed, related, alternative; boundaries that begin alike",
        message: "Content-Type: multipart/mixed; boundary=\"a\"\n\n--a\nContent-Type: multipart/related; boundary=\"ab\"\n\
                  \n--ab\nContent-Type: multipart/alternative; boundary=\"abc\"\n\n--abc\n\nHello\n--abc\n\
                  Content-Type: text/html\n\n<p>Hello</p>\n--abc--\n--ab\nContent-Type: image/png\nContent-ID: <i>\n\n\
                  x\n--ab--\n\n--a--\n",
        signed: "Content-Type: multipart/mixed; boundary=\"a\"\n\n--a\nContent-Type: multipart/related; boundary=\"ab\"\n\
                 \n--ab\nContent-Type: multipart/alternative; boundary=\"abc\"\n\n--abc\n\nHello\n\nSIG\n--abc\n\
                 Content-Type: text/html\n\n<p>Hello</p>\n<p>SIG</p>\n--abc--\n--ab\nContent-Type: image/png\nContent-ID: <i>\n\n\
                 x\n--ab--\n\n--a--\n",
        paths: &["1.1.1", "1.1.2"],
    },
    Shape {
        name: "related whose root is named by start",
        message: "Content-Type: multipart/related; boundary=b; start=\"<root>\"\n\n--b\nContent-Type: text/html\n\
                  Content-ID: <frame>\n\n<p>no</p>\n--b\nContent-Type: text/html\nContent-ID: <root>\n\n<p>yes</p>\n--b--\n",
        signed: "Content-Type: multipart/related; boundary=b; start=\"<root>\"\n\n--b\nContent-Type: text/html\n\
                 Content-ID: <frame>\n\n<p>no</p>\n--b\nContent-Type: text/html\nContent-ID: <root>\n\n<p>yes</p>\n\
                 <p>SIG</p>\n--b--\n",
        paths: &["2"],
    },
    Shape {
        name: "Apple Mail: text, picture, text",
        message: "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nHello\n\n--b\n\
                  Content-Type: image/png\nContent-Disposition: inline; filename=i.png\n\nx\n--b\n\
                  Content-Type: text/plain\n\nBye\n--b--\n",
        signed: "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nHello\n\n--b\n\
                 Content-Type: image/png\nContent-Disposition: inline; filename=i.png\n\nx\n--b\n\
                 Content-Type: text/plain\n\nBye\n\nSIG\n--b--\n",
        paths: &["3"],
    },
    Shape {
        name: "Apple Mail: the quote is in the first text",
        message: "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nHello\n\n\
                  On Monday, Bob <bob@example.org> wrote:\n> Well?\n--b\n\
                  Content-Type: image/png\nContent-Disposition: inline; filename=i.png\n\nx\n--b\n\
                  Content-Type: text/plain\n\n> more\n--b--\n",
        signed: "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nHello\n\nSIG\n\n\
                 On Monday, Bob <bob@example.org> wrote:\n> Well?\n--b\n\
                 Content-Type: image/png\nContent-Disposition: inline; filename=i.png\n\nx\n--b\n\
                 Content-Type: text/plain\n\n> more\n--b--\n",
        paths: &["1"],
    },
    Shape {
        name: "Apple Mail: alternative of text and mixed",
        message: "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\nHello\n\n--b\n\
                  Content-Type: multipart/mixed; boundary=c\n\n--c\nContent-Type: text/html\n\n<p>one</p>\n--c\n\
                  Content-Type: application/pdf\nContent-Disposition: inline; filename=a.pdf\n\nx\n--c\n\
                  Content-Type: text/html\n\n<p>two</p>\n--c--\n--b--\n",
        signed: "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\nHello\n\nSIG\n\n--b\n\
                 Content-Type: multipart/mixed; boundary=c\n\n--c\nContent-Type: text/html\n\n<p>one</p>\n--c\n\
                 Content-Type: application/pdf\nContent-Disposition: inline; filename=a.pdf\n\nx\n--c\n\
                 Content-Type: text/html\n\n<p>two</p>\n<p>SIG</p>\n--c--\n--b--\n",
        paths: &["1", "2.3"],
    },
    Shape {
        name: "a message inside is opaque",
        message: "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nHello\n--b\nContent-Type: message/rfc822\n\n\
                  Content-Type: multipart/signed; boundary=b2\n\n--b2\n\nInner\n--b2--\n--b--\n",
        signed: "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nHello\n\nSIG\n--b\nContent-Type: message/rfc822\n\n\
                 Content-Type: multipart/signed; boundary=b2\n\n--b2\n\nInner\n--b2--\n--b--\n",
        paths: &["1"],
    },
    Shape {
        name: "the close delimiter never comes",
        message: "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nHello\n",
        signed: "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nHello\n\nSIG\n",
        paths: &["1"],
    },
];

fn messages(shape: &Shape) -> [(Vec<u8>, Vec<u8>); 2] {
    let top = TOP.replace("\r\n", "\n");
    let message = format!("{HEAD}{}", shape.message);
    let signed = format!("{top}{HEAD}{}", shape.signed);
    [(crlf(&message), crlf(&signed)), (message.into_bytes(), signed.into_bytes())]
}

#[test]
fn the_signature_stands_where_it_belongs() {
    for shape in SHAPES {
        for (message, signed) in messages(shape) {
            let run = run_split(&message, &stamp());
            assert_eq!(run.text(), String::from_utf8(signed).unwrap(), "{}", shape.name);
            assert_eq!(run.outcome.fate, Fate::Signed, "{}", shape.name);
            let paths: Vec<&str> = run.outcome.parts.iter().map(|part| part.path.as_str()).collect();
            assert_eq!(paths, shape.paths, "{}", shape.name);
        }
    }
}

#[test]
fn offsets_are_those_of_the_message_as_it_came() {
    for shape in SHAPES {
        let [(message, _), _] = messages(shape);
        let run = run(&message, &stamp());
        let mut rebuilt = message.clone();
        // The text of the signature stands at, or behind line ends at, the place that was told.
        for part in run.outcome.parts.iter().rev() {
            let at = usize::try_from(part.offset).unwrap();
            rebuilt.splice(at..at, *b"SIG");
        }
        let squeezed = |octets: &[u8]| -> Vec<u8> {
            let text = String::from_utf8_lossy(octets).replace("<p>SIG</p>", "SIG");
            text.bytes().filter(|octet| !octet.is_ascii_whitespace()).collect()
        };
        let out = run.out.strip_prefix(TOP.as_bytes()).unwrap();
        assert_eq!(squeezed(&rebuilt), squeezed(out), "{}", shape.name);
    }
}

#[test]
fn untouched_octets_go_out_as_the_slices_they_came_in() {
    let attachment = "QUJD".repeat(5000);
    let message = crlf(&format!(
        "{HEAD}Content-Type: multipart/mixed; boundary=b\n\n--b\n\nHello\n--b\nContent-Type: image/png\n\n{attachment}\n--b--\n"
    ));
    let whole = Bytes::from(message.clone());
    let mut imprinter = Imprinter::new(Limits::default(), [0; 16]);
    let mut fed = 0;
    let mut pointed = 0;
    let mut inserted = Vec::new();
    loop {
        match imprinter.poll() {
            Step::NeedInput if fed < whole.len() => {
                let end = (fed + 1000).min(whole.len());
                imprinter.feed(whole.slice(fed..end));
                fed = end;
            }
            Step::NeedInput => imprinter.end(),
            Step::Headers(_) => imprinter.go_on(),
            Step::Body(_) => imprinter.sign(vec![Some(stamp())]),
            Step::Output(Output::All(slice)) if whole.as_ptr_range().contains(&slice.as_ptr()) => {
                pointed += slice.len();
            }
            Step::Output(Output::All(slice)) => inserted.extend_from_slice(&slice),
            Step::Output(Output::Leg(..)) => panic!(),
            Step::Done(_) => break,
        }
        // After the decision nothing is kept back.
        assert!(fed < 2000 || imprinter.held_bytes() <= 1000);
    }
    assert_eq!(pointed, message.len());
    assert_eq!(inserted, b"\r\n\r\nSIG");
}

#[test]
fn the_facts_tell_what_kind_of_message_it_is() {
    use crate::imprint::Kind;
    for (header, kind) in [
        ("Subject: Hello", Kind::First),
        ("Subject: AW: Hello", Kind::Reply),
        ("Subject: Hello\nIn-Reply-To: <a@b>", Kind::Reply),
        ("Subject: =?utf-8?q?Fwd=3A?= Hello\nReferences: <a@b>", Kind::Forward),
    ] {
        let message = crlf(&format!("{header}\n\nText\n"));
        let facts = run(&message, &stamp()).facts.unwrap();
        assert_eq!((facts.kind, facts.html, facts.plain), (kind, false, true), "{header}");
    }
}
