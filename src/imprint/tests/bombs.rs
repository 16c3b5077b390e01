//! Hostile mail goes through untouched, in bounded memory.

use super::super::tnef::MESSAGE_PROPERTIES;
use super::super::tnef::rtf_compressed::pack;
use super::tnef::{message_of, message_with};
use super::*;

/// Feeds the message in slices of 16 KiB and lets go of what went out.
fn through(message: Vec<u8>, reason: Reason) -> usize {
    let whole = Bytes::from(message);
    let mut imprinter = Imprinter::new(Limits::default(), [0; 16]);
    let (mut fed, mut out, mut most) = (0, 0, 0);
    loop {
        match imprinter.poll() {
            Step::NeedInput if fed < whole.len() => {
                let end = (fed + 16_384).min(whole.len());
                imprinter.feed(whole.slice(fed..end));
                fed = end;
            }
            Step::NeedInput => imprinter.end(),
            Step::Headers(_) => imprinter.go_on(),
            Step::Body(_) => imprinter.sign(vec![Some(stamp())]),
            Step::Output(Output::All(slice)) => {
                assert_eq!(slice, whole.slice(out..out + slice.len()));
                out += slice.len();
            }
            Step::Output(Output::Leg(..)) => panic!(),
            Step::Done(outcome) => {
                assert_eq!((outcome.fate, outcome.covered), (Fate::Left(reason), true));
                assert_eq!(out, whole.len());
                return most;
            }
        }
        most = most.max(imprinter.held_bytes());
    }
}

#[test]
fn nested_messages_are_opaque() {
    let message = "Content-Type: message/rfc822\r\n\r\n".repeat(40_000);
    assert!(through(message.clone().into_bytes(), Reason::EmbeddedMessage) < 64 << 10);
    let head = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n";
    assert!(through(format!("{head}{message}").into_bytes(), Reason::NoTextBody) < 5 << 20);
}

#[test]
fn nested_multiparts_stop_at_the_limit_of_depth() {
    let mut message = String::new();
    for level in 0..50_000 {
        message.push_str(&format!("Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n"));
    }
    assert!(through(message.into_bytes(), Reason::TooManyParts) < 64 << 10);
}

#[test]
fn very_many_parts_stop_at_the_limit_of_parts() {
    let mut message = String::from("Content-Type: multipart/mixed; boundary=b\r\n\r\n");
    for _ in 0..100_000 {
        message.push_str("--b\r\nContent-Type: image/png\r\n\r\nx\r\n");
    }
    assert!(through(message.into_bytes(), Reason::TooManyParts) < 12 << 20);
}

#[test]
fn long_headers_stop_at_their_limits() {
    let line = format!("Subject: x\r\nX-Long: {}\r\n\r\nHello\r\n", "y".repeat(1 << 20));
    assert!(through(line.into_bytes(), Reason::HeaderTooLarge) < 2 << 20);
    let block = format!("{}\r\nHello\r\n", "X-Many: y\r\n".repeat(200_000));
    assert!(through(block.into_bytes(), Reason::HeaderTooLarge) < 3 << 20);
    let part = format!(
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nX: {}\r\n\r\nx\r\n--b--\r\n",
        "y".repeat(1 << 20)
    );
    assert!(through(part.into_bytes(), Reason::HeaderTooLarge) < 256 << 10);
}

#[test]
fn what_does_not_fit_the_hold_is_left() {
    let long = format!("Subject: x\r\n\r\n{}", "A line of text.\r\n".repeat(600_000));
    assert!(through(long.into_bytes(), Reason::HoldTooLarge) < 5 << 20);
}

#[test]
fn limits_do_not_depend_on_how_the_message_is_fed() {
    let limits =
        Limits { header_block_bytes: 60, header_line_bytes: 30, hold_bytes: 90, search_bytes: 90, parts: 3, depth: 2 };
    let shapes = [
        format!("Subject: {}\r\n\r\nHello\r\n", "x".repeat(40)),
        format!("{}\r\nHello\r\n", "X: y\r\n".repeat(12)),
        format!("X: y\r\n\r\n{}", "Hello\r\n".repeat(13)),
        format!("X: y\r\n\r\n{}", "Hello\r\n".repeat(9)),
    ];
    for message in shapes {
        let message = message.into_bytes();
        let first = run_with(&message, &stamp(), Fed::Whole, limits);
        for fed in (0..message.len()).map(Fed::SplitAt).chain([Fed::ByOctet]) {
            let again = run_with(&message, &stamp(), fed, limits);
            assert_eq!(again.outcome, first.outcome, "{fed:?} {}", String::from_utf8_lossy(&message));
            assert_eq!(again.out, first.out);
        }
    }
}

/// The value of PR_RTF_COMPRESSED with these sizes and this type (MS-OXRTFCP section 2.1.3.1).
fn compressed(size: u32, kind: &[u8; 4], octets: &[u8]) -> Vec<u8> {
    let packed = u32::try_from(octets.len() + 12).unwrap();
    [&packed.to_le_bytes()[..], &size.to_le_bytes(), kind, &[0; 4], octets].concat()
}

#[test]
fn streams_that_claim_more_than_they_are_cost_what_they_are() {
    let mut cut = message_with(&[(1, MESSAGE_PROPERTIES, &[0; 40])]);
    let claimed = cut.len() - 46;
    cut[claimed..claimed + 4].fill(0xFF);
    let rows = [
        ("an attribute of 4 GiB", cut, Reason::NoTextBody),
        ("4,294,967,295 properties", message_with(&[(1, MESSAGE_PROPERTIES, &[0xFF; 40])]), Reason::Tnef),
        ("RTF of 4 GiB, compressed", message_of(&compressed(u32::MAX, b"LZFu", b"\0abc")), Reason::Tnef),
        ("RTF of 4 GiB as it is", message_of(&compressed(u32::MAX, b"MELA", b"{\\rtf1}")), Reason::Tnef),
        ("17 octets of a stream", message_with(&[])[..].to_vec(), Reason::NoTextBody),
    ];
    for (name, message, reason) in rows {
        assert!(through(message, reason) < 64 << 10, "{name}");
    }
}

#[test]
fn rich_text_stops_at_its_limits() {
    let rtf = |inside: &[u8]| message_of(&pack(&[b"{\\rtf1\\ansi ", inside, b"}"].concat()).unwrap());
    let braces = [vec![b'{'; 500_000], vec![b'}'; 500_000]].concat();
    let rows = [
        ("a million groups that stay open", rtf(&vec![b'{'; 1_000_000]), Reason::Tnef),
        ("500,000 groups in each other", rtf(&braces), Reason::Tnef),
        ("16 MB in two", rtf(&vec![b'a'; 16_000_000]), Reason::Tnef),
        ("octets of 4 GiB", rtf(b"Hello\\par\\bin4294967295 x\\par"), Reason::Tnef),
        ("a character that stands for all that follows", rtf(b"\\uc2147483647\\u8364?Hello\\par"), Reason::NoSafePlace),
        (
            "more than is held",
            message_of(&compressed(5_000_001, b"MELA", &vec![b' '; 5_000_001])),
            Reason::HoldTooLarge,
        ),
    ];
    for (name, message, reason) in rows {
        let octets = message.len();
        let most = through(message, reason);
        assert!(most < 2 * octets + (64 << 10), "{name}: {most} held of {octets}");
    }
}

#[test]
fn a_text_of_quote_marks_is_left_at_the_limit_of_the_hold() {
    let message = format!("Subject: x\r\n\r\n{}", "> > > > > >\r\n".repeat(650_000));
    assert!(through(message.into_bytes(), Reason::HoldTooLarge) < 5 << 20);
}
