//! A mail as it was sent, the same signed, and every way in which that may go wrong.
#![allow(clippy::unwrap_used)]

use super::*;

const SENT: &str = "Received: old\r\nFrom: a\r\nSubject: b\r\n c\r\nMIME-Version: 1.0\r\n\
    Content-Type: multipart/mixed;\r\n boundary=\"x\"\r\n\r\npreamble\r\n--x\r\n\
    Content-Type: multipart/alternative; boundary=y\r\n\r\n--y\r\nContent-Type: text/plain\r\n\
    Content-Transfer-Encoding: quoted-printable\r\n\r\nhi=20there\r\n________________________________\r\nold\r\n\
    --y\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n\
    PHA+aGk8L3A+PGRpdiBpZD0iYXBwZW5kb25zZW5kIj5vbGQ8L2Rpdj4=\r\n--y--\r\n\r\n--x\r\n\
    Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\nBBBB\r\n--x--\r\nepilogue\r\n";

/// Lines of the quoted-printable text break elsewhere than before.
fn signed() -> String {
    let text = SENT.replace("hi=20there\r\n", "hi =\r\nthere\r\n\r\nTes=\r\nter1\r\n");
    // <p>hi</p><p>Tester1</p><div id="appendonsend">old</div>
    let html = "PHA+aGk8L3A+PHA+VGVzdGVyMTwvcD48ZGl2IGlkPSJhcHBlbmRvbnNlbmQiPm9sZDwvZGl2Pg==";
    let text = text.replace("PHA+aGk8L3A+PGRpdiBpZD0iYXBwZW5kb25zZW5kIj5vbGQ8L2Rpdj4=", html);
    format!("Received: new\r\n by us\r\nX-Signet-Stamp: v=1\r\n{text}")
}

fn against(arrived: &str) -> Result<Arrived, String> {
    compare(SENT.as_bytes(), arrived.as_bytes(), "Tester1")
}

#[test]
fn a_signature_above_the_quote_in_both_bodies_is_all_that_may_come() {
    assert_eq!(against(&signed()), Ok(Arrived::Signed { above: Some(true) }));
    let unsigned = format!("Received: new\r\nX-Signet-Stamp: v=1\r\n{SENT}");
    assert_eq!(against(&unsigned), Ok(Arrived::Unsigned));
}

#[test]
fn a_signature_below_the_quote_is_seen() {
    let below = SENT.replace("\r\nold\r\n--y", "\r\nold\r\nTester1\r\n--y");
    let below = format!("Received: new\r\nX-Signet-Stamp: v=1\r\n{below}");
    assert_eq!(against(&below), Ok(Arrived::Signed { above: Some(false) }));
}

#[test]
fn one_changed_octet_is_found_wherever_it_is() {
    let good = signed();
    for (what, from, to) in [
        ("attachment", "AAAA", "AAAB"),
        ("attachment's line break", "AAAA\r\nBBBB", "AAAABBBB"),
        ("attachment's header", "application/pdf", "application/pdg"),
        ("text", "hi =\r\n", "ho =\r\n"),
        ("quoted text", "\r\nold\r\n", "\r\nold \r\n"),
        ("html", "PHA+aGk8", "PHA+aGo8"),
        ("header", "Subject: b\r\n c", "Subject: b c"),
        ("header gone", "From: a\r\n", ""),
        ("header more", "From: a\r\n", "From: a\r\nX: y\r\n"),
        ("preamble", "preamble", "preambel"),
        ("epilogue", "epilogue", "epilog"),
        ("delimiter", "\r\n--y--\r\n", "\r\n--y-- \r\n"),
        ("stamp gone", "X-Signet-Stamp: v=1\r\n", ""),
        ("stamp twice", "X-Signet-Stamp: v=1\r\n", "X-Signet-Stamp: v=1\r\nX-Signet-Stamp: v=1\r\n"),
        ("Received gone", "Received: new\r\n by us\r\n", ""),
        ("signed twice", "ter1\r\n", "ter1 Tester1\r\n"),
        ("another's signature", "Tes=\r\nter1", "Tes=\r\nter2"),
    ] {
        let bad = good.replacen(from, to, 1);
        assert_ne!(bad, good, "{what}");
        assert!(against(&bad).is_err(), "{what}");
    }
}

#[test]
fn a_mail_of_one_part_may_get_another_encoding() {
    let sent = "From: a\r\n\r\nhi\r\n";
    let arrived = "Received: x\r\nX-Signet-Stamp: v=1\r\nFrom: a\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
                   hi\r\nTester1 =3D me\r\n";
    assert_eq!(compare(sent.as_bytes(), arrived.as_bytes(), "Tester1"), Ok(Arrived::Signed { above: None }));
}
