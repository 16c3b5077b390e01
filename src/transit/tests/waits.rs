//! What is kept, and for how long: nothing piles up while the next hop is waited for, nothing waits for ever, and a
//! transaction that is refused keeps nothing.

use super::*;

fn body(drive: &mut Drive, octets: &[u8]) {
    drive.tell(Input::Body(Bytes::copy_from_slice(octets)));
}

/// A message whose tenant only its headers tell, and a next hop that takes its time over MAIL.
#[test]
fn nothing_piles_up_while_the_next_hop_thinks_about_the_envelope() {
    let letter = Letter { mail_from: "", ..Letter::new() };
    let mut drive = Drive::begin(&letter, NextHop { silent: true, ..NextHop::default() }, Index::Fresh);
    drive.tell(Input::Rcpt(Rcpt::to(Path::parse("bob@example.org").unwrap())));
    drive.tell(Input::Data);
    body(&mut drive, letter.headers.as_bytes());
    body(&mut drive, b"\r\n");
    let mut taken = 0;
    while drive.transit.wants_body() && taken < 10 << 20 {
        body(&mut drive, &[b'x'; 64 << 10]);
        taken += 64 << 10;
    }
    assert_eq!(drive.story.leased, ["contoso"]);
    assert!(taken < 1 << 20, "{taken} octets were taken");
}

#[test]
fn one_long_slice_that_is_kept_back_does_not_stop_the_sender() {
    let letter = Letter::new();
    let mut drive = Drive::begin(&letter, NextHop::default(), Index::Fresh);
    drive.tell(Input::Rcpt(Rcpt::to(Path::parse("bob@example.org").unwrap())));
    drive.tell(Input::Data);
    let headers = letter.headers.replace("text/plain", "application/octet-stream");
    body(&mut drive, headers.as_bytes());
    body(&mut drive, b"\r\n");
    body(&mut drive, &b"0123456\r\n".repeat(100_000));
    assert!(drive.transit.wants_body(), "nobody would ever wake it");
    drive.tell(Input::EndOfMessage);
    assert_eq!(drive.story.answer("end"), 250);
}

#[test]
fn a_refused_transaction_keeps_nothing() {
    let refused = Reply::new(451, "4.3.0", "not now");
    let unproven = Letter { proof: Proof::Unproven, ..Letter::new() };
    assert!(Drive::begin(&unproven, NextHop::default(), Index::Fresh).transit.is_over());
    let by_next_hop = NextHop::refusing(Asked::Mail, refused.clone());
    assert!(Drive::begin(&Letter::new(), by_next_hop, Index::Fresh).transit.is_over());

    let mut drive = Drive::begin(&Letter::new(), NextHop::default(), Index::Fresh);
    drive.tell(Input::Rcpt(Rcpt::to(Path::parse("bob@example.org").unwrap())));
    assert!(!drive.transit.is_over());
    drive.tell(Input::NextHopGone(0, ClientError::Disconnected));
    assert!(!drive.transit.is_over(), "DATA is still to be answered");
    assert_eq!(drive.story.failed, Some(ClientError::Disconnected));
    drive.tell(Input::Data);
    assert_eq!((drive.story.answer("DATA"), drive.transit.is_over()), (451, true));
}

#[test]
fn a_bare_cr_at_the_very_end_is_refused_as_one_elsewhere_is() {
    let mut drive = Drive::begin(&Letter::new(), NextHop::default(), Index::Fresh);
    drive.tell(Input::Rcpt(Rcpt::to(Path::parse("bob@example.org").unwrap())));
    drive.tell(Input::Chunk { octets: 1, last: true });
    drive.tell(Input::NextHopGone(0, ClientError::BareLineEnd));
    body(&mut drive, b"x");
    drive.tell(Input::EndOfMessage);
    assert_eq!(drive.story.answer("end"), 550);
    assert_eq!(drive.story.failed, None, "no fault of the next hop's");
}

#[test]
fn without_memory_a_message_is_left_and_one_of_nobody_yet_refused() {
    let octets = Bytes::from(Letter::new().octets());
    let head = memchr::memmem::find(&octets, b"\r\n\r\n").unwrap() + 4;
    for (held, code, fate) in [(head / 2, 452, "none"), (head + 1, 250, "no_memory")] {
        let mut drive = Drive::begin(&Letter::new(), NextHop::default(), Index::Fresh);
        drive.tell(Input::Rcpt(Rcpt::to(Path::parse("bob@example.org").unwrap())));
        drive.tell(Input::Data);
        drive.tell(Input::Body(octets.slice(..held)));
        drive.tell(Input::OutOfMemory);
        drive.tell(Input::Body(octets.slice(held..)));
        drive.tell(Input::EndOfMessage);
        assert_eq!((drive.story.answer("end"), drive.story.fate().as_str()), (code, fate), "{held} octets held");
        assert_eq!(drive.story.content.is_empty(), code == 452);
    }
}

/// A fault at any call of the imprinter: the original goes on with our two fields, or, where the tenant wants that,
/// the message waits; it is never cut short and never lost.
#[test]
fn a_fault_in_the_imprinter_costs_the_signature_at_most() {
    let mut letter = Letter::new();
    for (file, wanted) in [("pass", 250), ("defer", 451)] {
        let mut faults = 0;
        for calls in 1.. {
            let mut drive = Drive::begin_in(tenants_with(file), &letter, NextHop::default(), Index::Fresh);
            drive.transit.content.trips_at = Some(calls);
            drive.tell(Input::Rcpt(Rcpt::to(Path::parse("bob@example.org").unwrap())));
            letter.chunks = Chunks::OneLast;
            send_content(&mut drive, &letter);
            let fate = drive.story.fate();
            if fate == "signed" && drive.story.answer("end") == 250 {
                break;
            }
            faults += 1;
            let code = drive.story.answer("end");
            let content = String::from_utf8(drive.story.content.clone()).unwrap();
            match code {
                250 => {
                    assert_eq!(fate, "fault", "call {calls}");
                    assert!(content.ends_with(&String::from_utf8(letter.octets()).unwrap()), "{content}");
                    assert_eq!(content.matches("X-Signet-Stamp:").count(), 1, "{content}");
                }
                // After the release, or while it is not known whose the message is, only waiting is left.
                451 => assert!(!drive.story.committed, "call {calls}"),
                other => panic!("{other} at call {calls}"),
            }
            assert!(wanted == 250 || code == 451, "call {calls}: the tenant wants its mail to wait");
        }
        assert!(faults > 3, "{file}: {faults}");
    }
}

/// Dots doubled in DATA cut the content into slices of a few octets; what is reserved has to know of them.
#[test]
fn short_slices_are_counted_with_what_they_cost() {
    let letter = Letter::new();
    let mut drive = Drive::begin(&letter, NextHop::default(), Index::Fresh);
    drive.tell(Input::Rcpt(Rcpt::to(Path::parse("bob@example.org").unwrap())));
    drive.tell(Input::Data);
    body(&mut drive, letter.headers.as_bytes());
    body(&mut drive, b"\r\n");
    for _ in 0..10_000 {
        body(&mut drive, b".\r\n");
    }
    assert!(drive.transit.is_holding());
    assert!(drive.transit.held_bytes() > 10_000 * 64, "{}", drive.transit.held_bytes());
}
