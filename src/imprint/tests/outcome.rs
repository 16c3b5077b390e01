//! `file::imprint`: the outcome line, the second pass, and properties over made-up mail.

use proptest::prelude::*;

use super::*;
use crate::imprint::{StampKey, file};

fn imprint(message: &[u8]) -> (Vec<u8>, Outcome) {
    let done = file::imprint(Bytes::copy_from_slice(message), &stamp(), &file::public_key(), 1_800_000_000, [1; 16]);
    (done.slices.concat(), done.outcome)
}

#[test]
fn the_line_says_what_was_done() {
    let message = crlf(
        "From: ada@contoso.example\nContent-Type: text/plain\n\nYes.\n\nOn Monday, Bob <bob@example.org> wrote:\n> Well?\n",
    );
    let (out, outcome) = imprint(&message);
    let offset = message.windows(9).position(|part| part == b"On Monday").unwrap();
    let marker = outcome.parts[0].marker.unwrap();
    assert_eq!(
        outcome.line(),
        format!(
            "{{\"outcome\":\"signed\",\"reason\":null,\"parts\":[{{\"path\":\"1\",\"type\":\"text/plain\",\"offset\":{offset},\"marker\":\"{marker}\"}}]}}"
        )
    );
    let (again, outcome) = imprint(&out);
    assert_eq!(outcome.line(), "{\"outcome\":\"already\",\"reason\":null,\"parts\":[]}");
    assert_eq!(again, out);
    let (_, outcome) = imprint(b"Auto-Submitted: auto-replied\r\n\r\nAway\r\n");
    assert_eq!(outcome.line(), "{\"outcome\":\"left\",\"reason\":\"auto_submitted\",\"parts\":[]}");
}

#[test]
fn a_stamp_under_another_key_is_replaced() {
    let key = StampKey { id: "other".to_owned(), secret: [9; 32] };
    let message = Bytes::from_static(b"From: ada@contoso.example\n\nHello\n");
    let first = file::imprint(message, &stamp(), &key, 1_800_000_000, [1; 16]);
    let text = String::from_utf8(imprint(&first.slices.concat()).0).unwrap();
    assert_eq!(text.matches("X-Signet-Stamp").count(), 1);
    assert!(text.contains("k=public") && !text.contains('\r'));
}

/// Lines out of which mail is made: those of real shapes and of their broken sisters.
fn line() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        prop::sample::select(vec![
            "",
            "--b",
            "--b--",
            "--bb",
            "--bb--",
            "--b x",
            "Content-Type: text/plain",
            "Content-Type: text/html; charset=utf-8",
            "Content-Type: multipart/mixed; boundary=b",
            "Content-Type: multipart/alternative; boundary=bb",
            "Content-Type: multipart/related; boundary=\"bb\"",
            "Content-Type: message/rfc822",
            "Content-Type: image/png",
            "Content-Disposition: inline",
            "Content-Disposition: attachment",
            "Content-Transfer-Encoding: base64",
            "Content-Transfer-Encoding: quoted-printable",
            "SGVsbG8gd29ybGQ=",
            "a =3D b=",
            "<p>Hello</p>",
            "> quoted",
            "On Monday, Bob <bob@example.org> wrote:",
            "-- ",
            " folded",
            "</body></html>",
        ])
        .prop_map(|line| line.as_bytes().to_vec()),
        prop::collection::vec(any::<u8>(), 0..20),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]
    #[test]
    fn whatever_comes_is_conserved(lines in prop::collection::vec(line(), 0..30), lf in any::<bool>(), at in any::<prop::sample::Index>()) {
        let mut message = b"Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n".to_vec();
        if lf {
            message.retain(|octet| *octet != b'\r');
        }
        for line in &lines {
            message.extend_from_slice(line);
            message.extend_from_slice(if lf { b"\n" } else { b"\r\n" });
        }
        let first = run(&message, &stamp());
        let again = run_with(&message, &stamp(), Fed::SplitAt(at.index(message.len())), Limits::default());
        prop_assert_eq!(&again.out, &first.out);
        prop_assert_eq!(&again.outcome, &first.outcome);
        let octets = run_with(&message, &stamp(), Fed::ByOctet, Limits::default());
        prop_assert_eq!(&octets.out, &first.out);
        // Outside the insertions nothing changed: the input is what is left without them.
        let input: usize = first.slices.iter().map(Bytes::len).sum();
        prop_assert_eq!(input as i64, message.len() as i64 + first.growth);
        let (once, _) = imprint(&message);
        let (twice, outcome) = imprint(&once);
        prop_assert_eq!(outcome.fate, Fate::Left(Reason::AlreadyStamped));
        prop_assert_eq!(twice, once);
    }
}
