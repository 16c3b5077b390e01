//! A picture of the signature that the message carries already: the release waits for it, and nothing is lost by that.

use super::*;

const SIGNATURE: &str = "Regards from ada of contoso";

/// An answer in which Outlook kept the logo of the quoted signature.
fn letter() -> Letter {
    let fields = "Content-Type: image/png\r\nContent-ID: <image001.png@01DB>\r\nContent-Transfer-Encoding: base64";
    Letter {
        headers: microsoft_headers(CONTOSO, "contoso.example", "Ada <ada@contoso.example>")
            .replace("text/plain; charset=utf-8", "multipart/related; boundary=b"),
        body: format!(
            "--b\r\nContent-Type: text/html\r\n\r\n<p>Yes.</p><img src=\"cid:image001.png@01DB\">\r\n--b\r\n{fields}\r\n\r\n\
             {LOGO}\r\n--b\r\nContent-Type: text/plain; name=a\r\n\r\n{}--b--\r\n",
            "A line.\r\n".repeat(40)
        ),
        ..Letter::new()
    }
}

fn begin(letter: &Letter, tenants: Tenants) -> Drive {
    let mut drive = Drive::begin_in(tenants, letter, NextHop::default(), Index::Fresh);
    for recipient in letter.recipients {
        drive.tell(Input::Rcpt(Rcpt::to(Path::parse(recipient.as_bytes()).unwrap())));
    }
    drive
}

fn text(content: &[u8]) -> String {
    String::from_utf8(content.to_vec()).unwrap()
}

#[test]
fn it_is_referred_to_however_the_message_comes() {
    for chunks in [Chunks::Data, Chunks::OneLast, Chunks::Many(50), Chunks::ManyThenEmpty(50)] {
        for parameters in [&[][..], &[("BODY", "BINARYMIME")]] {
            if !parameters.is_empty() && chunks == Chunks::Data {
                continue;
            }
            let letter = Letter { chunks, parameters, ..letter() };
            let mut drive = begin(&letter, tenants_with_a_logo("pass", "{}"));
            send_content(&mut drive, &letter);
            let case = format!("{chunks:?} {parameters:?}");
            assert_eq!((drive.story.answer("end"), drive.story.fate().as_str()), (250, "signed"), "{case}");
            let content = text(&drive.story.content);
            assert!(content.contains(SIGNATURE) && !content.contains("signet-image"), "{case}: {content}");
            assert_eq!(content.matches("cid:image001.png@01DB").count(), 2, "{case}: {content}");
            assert_eq!(content.matches(LOGO).count(), 1, "{case}");
        }
    }
}

#[test]
fn each_leg_waits_for_it() {
    let applies = r#"{"recipients": {"addresses": ["bob@example.org"]}}"#;
    let ledger: SharedLedger = Arc::new(std::sync::Mutex::new(Ledger::new(Bounds::default())));
    let letter = Letter { recipients: &["bob@example.org", "dan@example.org", "eve@example.org"], ..letter() };
    let tenants = tenants_with_a_logo("pass", applies);
    let page = Some(Page::new(ledger));
    let mut drive = Drive::begin_with(tenants, &letter, NextHop::default(), Index::Fresh, page);
    for recipient in letter.recipients {
        drive.tell(Input::Rcpt(Rcpt::to(Path::parse(recipient.as_bytes()).unwrap())));
    }
    send_content(&mut drive, &letter);
    assert_eq!((drive.story.answer("end"), drive.story.fate().as_str()), (250, "signed"));
    let (unsigned, signed) = (text(&drive.story.content), text(&drive.story.further[0]));
    assert!(unsigned.ends_with(&text(&letter.octets())));
    assert!(signed.contains(SIGNATURE) && !signed.contains("signet-image"), "{signed}");
}

/// Where no more can be held, or no more done, it goes out as it was decided: signed, with its own picture.
#[test]
fn without_memory_or_time_it_is_attached() {
    let letter = letter();
    let octets = Bytes::from(letter.octets());
    let held = memchr::memmem::find(&octets, LOGO.as_bytes()).unwrap() + 20;
    for short in [|| Input::OutOfMemory, || Input::OutOfTime] {
        for on_failure in ["pass", "defer"] {
            let mut drive = begin(&letter, tenants_with_a_logo(on_failure, "{}"));
            drive.tell(Input::Data);
            drive.tell(Input::Body(octets.slice(..held)));
            assert!(drive.transit.is_holding() && drive.transit.wants_body());
            drive.tell(short());
            assert!(!drive.transit.is_holding());
            drive.tell(Input::Body(octets.slice(held..)));
            drive.tell(Input::EndOfMessage);
            assert_eq!((drive.story.answer("end"), drive.story.fate().as_str()), (250, "signed"), "{on_failure}");
            let content = text(&drive.story.content);
            assert!(content.contains(SIGNATURE) && content.contains("Content-ID: <signet-image0."), "{content}");
        }
    }
}

/// A fault at any call of the imprinter: the original goes on, or the message waits.
#[test]
fn a_fault_while_it_is_looked_for_costs_the_signature_at_most() {
    let letter = letter();
    for (file, wanted) in [("pass", 250), ("defer", 451)] {
        let mut left = 0;
        for calls in 1.. {
            let mut drive = begin(&letter, tenants_with_a_logo(file, "{}"));
            drive.transit.content.trips_at = Some(calls);
            send_content(&mut drive, &letter);
            let (code, fate) = (drive.story.answer("end"), drive.story.fate());
            if (code, fate.as_str()) == (250, "signed") {
                break;
            }
            match code {
                250 => {
                    left += 1;
                    assert_eq!((fate.as_str(), wanted), ("fault", 250), "call {calls}");
                    assert!(text(&drive.story.content).ends_with(&text(&letter.octets())), "call {calls}");
                }
                451 => assert!(!drive.story.committed, "call {calls}"),
                other => panic!("{other} at call {calls}"),
            }
        }
        // So many pieces come while it is held.
        assert!(wanted == 451 || left > 10, "{left}");
    }
}

/// The sender goes away in the middle of the wait.
#[test]
fn nothing_is_terminated_while_it_is_looked_for() {
    let letter = letter();
    let octets = Bytes::from(letter.octets());
    for cut in (0..octets.len()).step_by(3) {
        let mut drive = begin(&letter, tenants_with_a_logo("pass", "{}"));
        drive.tell(Input::Data);
        drive.tell(Input::Body(octets.slice(..cut)));
        drive.tell(Input::Reset(Cause::Disconnect));
        assert!(!drive.story.committed, "cut at {cut}");
    }
}
