//! What is never touched goes out as it came, for the right reason.

use super::*;

const BODY: &str = "\nHello\n";

#[test]
fn protected_messages_are_left() {
    for (header, reason) in [
        ("Content-Type: multipart/signed; boundary=b", Reason::Signed),
        ("Content-Type: multipart/encrypted; boundary=b", Reason::Encrypted),
        ("Content-Type: application/pkcs7-mime; smime-type=signed-data", Reason::Signed),
        ("Content-Type: application/x-pkcs7-mime; smime-type=enveloped-data", Reason::Encrypted),
        ("Content-Type: application/octet-stream; name=\"smime.P7M\"", Reason::Encrypted),
        ("Content-Type: application/x-microsoft-rpmsg-message", Reason::RightsManaged),
        ("Content-Class: rpmsg.message", Reason::RightsManaged),
        ("Content-Type: multipart/report; boundary=b", Reason::Report),
        ("X-MS-Journal-Report:", Reason::Report),
        ("Content-Type: message/rfc822", Reason::EmbeddedMessage),
        ("Content-Type: message/partial", Reason::EmbeddedMessage),
        ("Content-Type: text/calendar; method=REQUEST", Reason::Calendar),
        ("Content-Type: application/ms-tnef", Reason::Tnef),
        ("Auto-Submitted: auto-replied", Reason::AutoSubmitted),
        ("Content-Type: image/png", Reason::NoTextBody),
        ("Content-Type: text/plain\nContent-Disposition: attachment", Reason::NoTextBody),
        ("Content-Type: text/plain\nContent-Type: text/html", Reason::DuplicateHeader),
        ("Content-Transfer-Encoding: 7bit\nContent-Transfer-Encoding: base64", Reason::DuplicateHeader),
        ("Content-Transfer-Encoding: x-uuencode", Reason::BadEncoding),
        ("Content-Type: multipart/mixed; boundary=b\nContent-Transfer-Encoding: base64", Reason::BadEncoding),
        ("Content-Type: multipart/mixed", Reason::MalformedMime),
        ("Content-Type: multipart/mixed; boundary=b", Reason::MalformedMime),
        ("Content-Type: text/plain; charset=utf-16", Reason::BadCharset),
        ("Content-Type: text/plain; charset=a; charset=b", Reason::BadCharset),
        ("no field in the middle", Reason::MalformedHeader),
    ] {
        assert_left(&crlf(&format!("Subject: x\n{header}\n{BODY}")), reason);
    }
    assert_eq!(run(&crlf(&format!("Auto-Submitted: no\n{BODY}")), &stamp()).outcome.fate, Fate::Signed);
}

#[test]
fn a_part_can_protect_the_message() {
    let mixed = |kind: &str, body: &str, after: &str| {
        crlf(&format!(
            "Content-Type: multipart/{kind}; boundary=b\n\n--b\nContent-Type: text/plain\n\n{body}\n--b\n{after}\n--b--\n"
        ))
    };
    for (after, reason) in [
        ("Content-Type: text/calendar\n\nBEGIN:VCALENDAR", Reason::Calendar),
        ("Content-Type: application/ms-tnef\n\nx", Reason::Tnef),
        ("Content-Type: application/octet-stream; name=winmail.dat\n\nx", Reason::Tnef),
        (
            "Content-Type: application/octet-stream\nContent-Disposition: attachment; filename=smime.p7m\n\nx",
            Reason::Encrypted,
        ),
        ("Content-Type: application/octet-stream; name=message.rpmsg\n\nx", Reason::RightsManaged),
        ("Content-Type: multipart/signed; boundary=c\n\n--c\n\nx\n--c--", Reason::Signed),
        ("Content-Type: text/html\nContent-Type: text/html\n\nx", Reason::DuplicateHeader),
        ("Content-Type: text/html\nnonsense\n\nx", Reason::MalformedMime),
        ("Content-Type: message/delivery-status\n\nx", Reason::Report),
    ] {
        assert_left(&mixed("mixed", "Hello", after), reason);
    }
    for (armour, reason) in [("MESSAGE", Reason::Encrypted), ("SIGNED MESSAGE", Reason::Signed)] {
        let text = format!("Hi\n-----BEGIN PGP {armour}-----\nx");
        assert_left(&mixed("mixed", &text, "Content-Type: image/png\n\nx"), reason);
    }
    // In an alternative the HTML half decides for both.
    assert_left(&mixed("alternative", "Hello", "Content-Type: text/html; charset=utf-7\n\n+ZeU-"), Reason::BadCharset);
    let attached = "Content-Type: text/calendar\nContent-Disposition: attachment; filename=a.ics\n\nBEGIN:VCALENDAR";
    assert_eq!(run(&mixed("mixed", "Hello", attached), &stamp()).outcome.fate, Fate::Signed);
}

#[test]
fn structure_that_readers_differ_about_is_left() {
    let head = "Content-Type: multipart/mixed; boundary=b\n\n";
    let alternative = "--b\nContent-Type: multipart/alternative; boundary=c\n\n";
    for body in [
        // Only a preamble; a close without a part; a delimiter glued to text.
        "text only\n".to_owned(),
        "--b--\n".to_owned(),
        "--b\n\nHello\n--bx\n--b--\n".to_owned(),
        // A part without an empty line.
        "--b\nContent-Type: text/plain\n--b--\n".to_owned(),
        "--b\nContent-Type: text/plain\n".to_owned(),
        // The outer delimiter closes over the open inner part.
        format!("{alternative}--c\n\nHello\n--b--\n"),
        // The inner boundary is the outer one, or comes back after its close.
        "--b\nContent-Type: multipart/alternative; boundary=b\n\n--b\n\nHello\n--b--\n--b--\n".to_owned(),
        format!("{alternative}--c\nContent-Type: text/enriched\n\nx\n--c--\n--c\n\nHello\n--c--\n--b--\n"),
        // Which half of the alternative is the HTML?
        format!(
            "{alternative}--c\n\na\n--c\nContent-Type: text/html\nContent-Disposition: attachment\n\nb\n--c--\n--b--\n"
        ),
        format!(
            "{alternative}--c\n\na\n--c\nContent-Type: multipart/related; boundary=d; start=x\n\n--d\nContent-Type: text/html\n\nb\n\
             --d--\n--c--\n--b--\n"
        ),
        // Two HTML versions.
        format!("{alternative}--c\nContent-Type: text/html\n\na\n--c\nContent-Type: text/html\n\nb\n--c--\n--b--\n"),
    ] {
        let message = crlf(&format!("{head}{body}"));
        assert_left(&message, Reason::MalformedMime);
        for fed in [Fed::ByOctet, Fed::SplitAt(message.len() / 2)] {
            let run = run_with(&message, &stamp(), fed, Limits::default());
            assert_eq!(run.outcome.fate, Fate::Left(Reason::MalformedMime), "{body}");
        }
    }
}

#[test]
fn a_message_that_does_not_begin_with_a_field_gets_nothing() {
    for message in
        ["From ada Sat Nov 21\nSubject: x\n\nHello\n", " folded\n\nHello\n", "\nHello\n", "", "Subject: x\n", "x"]
    {
        let message = crlf(message);
        let run = run_split(&message, &stamp());
        assert_eq!(run.outcome.fate, Fate::Left(Reason::MalformedHeader));
        assert_eq!(run.out, message);
    }
}

#[test]
fn forged_stamps_are_taken_out_and_nothing_else_of_the_header() {
    let message = crlf("X-A: 1\nX-Signet-Stamp: forged\n folded\nSubject: x\n\nHello\n");
    let mut imprinter = Imprinter::new(Limits::default(), [0; 16]);
    imprinter.feed(message.into());
    imprinter.end();
    let mut out = Vec::new();
    loop {
        match imprinter.poll() {
            Step::Headers(headers) => {
                let remove = headers.fields().filter(|f| f.name.starts_with(b"X-Signet")).map(|f| f.index).collect();
                imprinter.add(Additions { prepend: Bytes::from_static(b"Received: x\r\n"), remove });
                imprinter.leave(Reason::NoSignature);
            }
            Step::Output(Output::All(slice)) => out.extend_from_slice(&slice),
            Step::Done(outcome) => {
                assert!(outcome.covered);
                break;
            }
            step => panic!("{step:?}"),
        }
    }
    assert_eq!(out, crlf("Received: x\nX-A: 1\nSubject: x\n\nHello\n"));
}

#[test]
fn the_owner_may_leave_at_any_time_before_the_first_output() {
    let message = Bytes::from(crlf("Content-Type: multipart/mixed; boundary=b\n\n--b\n\nHello\n--b\n\nx\n--b--\n"));
    for until in 0..message.len() {
        let mut imprinter = Imprinter::new(Limits::default(), [0; 16]);
        imprinter.feed(message.slice(..until));
        let mut out = Vec::new();
        let mut rest = Some(message.slice(until..));
        loop {
            match imprinter.poll() {
                Step::Headers(_) => imprinter.go_on(),
                Step::NeedInput => match rest.take() {
                    Some(rest) => {
                        imprinter.leave(Reason::NoMemory);
                        imprinter.feed(rest);
                        imprinter.end();
                    }
                    None => panic!(),
                },
                Step::Body(_) => imprinter.leave(Reason::NoMemory),
                Step::Output(Output::All(slice)) => out.extend_from_slice(&slice),
                Step::Output(Output::Leg(..)) => panic!(),
                Step::Done(outcome) => {
                    assert_eq!(outcome.fate, Fate::Left(Reason::NoMemory));
                    break;
                }
            }
        }
        assert_eq!(out, message);
    }
}

#[test]
fn a_message_without_a_stamp_that_has_a_place_is_left() {
    for (stamps, reason) in [
        (vec![None, None], Reason::NoSignature),
        (vec![Some(stamp()), Some(Stamp::default())], Reason::NoSignature),
        (vec![None], Reason::NoSignature),
        (vec![Some(Stamp::default())], Reason::NoSignature),
        (vec![Some(Stamp::new(vec![piece("<p>only html</p>", "")]))], Reason::NoSignature),
    ] {
        let mut imprinter = Imprinter::new(Limits::default(), [0; 16]);
        imprinter.feed(Bytes::from_static(b"Subject: x\r\n\r\nHello\r\n"));
        imprinter.end();
        loop {
            match imprinter.poll() {
                Step::Headers(_) => imprinter.go_on(),
                Step::Body(_) => imprinter.sign(stamps.clone()),
                Step::Done(outcome) => {
                    assert_eq!(outcome.fate, Fate::Left(reason));
                    break;
                }
                _ => {}
            }
        }
    }
}
