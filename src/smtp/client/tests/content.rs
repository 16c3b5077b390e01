//! Content by DATA and by BDAT.

use super::Do::{Act, Hear, Sent, Told};
use super::*;
use crate::smtp::server::tests::smuggling::FALSE_ENDS;

fn ready() -> Talk {
    Talk::ready(PIPELINING)
}

fn in_data() -> Talk {
    let mut talk = ready();
    talk.client.data(talk.now);
    talk.hear(b"354 go\r\n");
    assert_eq!(talk.told(), ["Data 354 go"]);
    assert_eq!(talk.sent(), "DATA\r\n");
    talk
}

fn body(client: &mut Client, text: &'static str) {
    client.body(Bytes::from_static(text.as_bytes())).unwrap();
}

#[test]
fn data() {
    play(
        "DATA",
        in_data,
        &[
            Act(|client, _| body(client, ".a\r\n\r")),
            Sent("..a\r\n\r"),
            Act(|client, _| body(client, "\n.")),
            Sent("\n.."),
            Act(|client, now| {
                body(client, "b");
                assert_eq!(client.awaiting(), 0);
                assert!(!client.is_idle());
                assert_eq!(client.poll_timeout(), None);
                client.end_of_data(now);
                assert_eq!(client.awaiting(), 1);
            }),
            Sent("b\r\n.\r\n"),
            Hear("250 2.6.0 <id> Queued\r\n"),
            Told(&["EndOfMessage 250 2.6.0 <id> Queued"]),
            Act(|client, _| assert!(client.is_idle())),
        ],
    );
    play("empty", in_data, &[Act(|client, now| client.end_of_data(now)), Sent(".\r\n")]);
    play(
        "ended by CRLF",
        in_data,
        &[
            Act(|client, now| {
                body(client, "x\r\n");
                client.end_of_data(now);
            }),
            Sent("x\r\n.\r\n"),
        ],
    );
    play(
        "the next message behind the dot",
        in_data,
        &[
            Act(|client, now| {
                client.end_of_data(now);
                client.mail(&mail("a@b.example"), now);
            }),
            Sent(".\r\nMAIL FROM:<a@b.example>\r\n"),
            Hear("451 4.3.0 later\r\n250 OK\r\n"),
            Told(&["EndOfMessage 451 4.3.0 later", "Mail 250 OK"]),
        ],
    );
}

#[test]
fn no_false_end_ever_goes_out() {
    for end in FALSE_ENDS {
        let message = format!("a\r\nb{end}MAIL FROM:<evil@example.com>\r\n");
        for at in 0..=message.len() {
            let mut talk = in_data();
            let (one, two) = message.split_at(at);
            let first = talk.client.body(Bytes::from(one.to_owned()));
            let second = talk.client.body(Bytes::from(two.to_owned()));
            assert!(first.is_err() || second.is_err(), "{message:?} cut at {at}");
            let sent = talk.sent();
            assert!(!sent.replace("\r\n..", "").contains("\n."), "{message:?} cut at {at}: {sent:?}");
            assert!(sent.replace("\r\n", "").find(['\n', '\0']).is_none(), "{message:?} cut at {at}: {sent:?}");
            talk.client.end_of_data(talk.now);
            assert_eq!(talk.sent(), "", "no terminator after a refused slice");
            assert_eq!(talk.told(), ["failed BareLineEnd"]);
        }
    }
    let mut talk = in_data();
    body(&mut talk.client, "x\r");
    talk.sent();
    talk.client.end_of_data(talk.now);
    assert_eq!(talk.sent(), "");
    assert_eq!(talk.told(), ["failed BareLineEnd"]);
}

#[test]
fn refused_in_the_middle_of_data() {
    play(
        "5xx",
        in_data,
        &[
            Act(|client, _| body(client, "x")),
            Sent("x"),
            Hear("552 5.3.4 enough\r\n"),
            Told(&["EndOfMessage 552 5.3.4 enough", "failed Closing 552"]),
            Act(|client, now| {
                body(client, "more");
                client.end_of_data(now);
            }),
            Sent(""),
        ],
    );
    play("2xx", in_data, &[Hear("250 OK\r\n"), Told(&["failed EarlyOctets"])]);
    play("3xx", in_data, &[Hear("354 go\r\n"), Told(&["failed EarlyOctets"])]);
}

#[test]
fn chunks() {
    play(
        "pipelined",
        ready,
        &[
            Act(|client, now| {
                client.chunk(3, false, now);
                assert_eq!(client.poll_timeout(), None, "the content is not out yet");
                body(client, "\n.");
                body(client, "\0");
                client.chunk(0, false, now);
                client.chunk(2, true, now);
                body(client, "\r\n");
                client.end_of_data(now);
                assert_eq!(client.awaiting(), 3);
            }),
            Sent("BDAT 3\r\n\n.\0BDAT 0\r\nBDAT 2 LAST\r\n\r\n"),
            Hear("250 3\r\n250 0\r\n250 2.6.0 done\r\n"),
            Told(&["Chunk 250 3", "Chunk 250 0", "EndOfMessage 250 2.6.0 done"]),
            Act(|client, _| assert!(client.is_idle())),
        ],
    );
    play(
        "one after the other",
        || Talk::ready(LOCK_STEP),
        &[
            Act(|client, now| {
                client.chunk(1, false, now);
                body(client, "a");
                client.chunk(1, true, now);
                body(client, "b");
                assert_eq!(client.awaiting(), 2);
            }),
            Sent("BDAT 1\r\na"),
            Hear("250 1\r\n"),
            Sent("BDAT 1 LAST\r\nb"),
            Hear("554 5.6.0 no\r\n"),
            Told(&["Chunk 250 1", "EndOfMessage 554 5.6.0 no"]),
            Act(|client, now| client.mail(&mail("a@b.example"), now)),
            Sent("MAIL FROM:<a@b.example>\r\n"),
        ],
    );
    play(
        "given up between two chunks",
        ready,
        &[
            Act(|client, now| {
                client.chunk(1, false, now);
                body(client, "a");
                assert!(!client.is_idle());
                client.reset(now);
            }),
            Sent("BDAT 1\r\naRSET\r\n"),
            Hear("250 1\r\n250 OK\r\n"),
            Told(&["Chunk 250 1", "Reset 250 OK"]),
            Act(|client, _| assert!(client.is_idle())),
        ],
    );
}

#[test]
fn chunks_refused() {
    play(
        "whole",
        ready,
        &[
            Act(|client, now| {
                client.chunk(1, false, now);
                body(client, "a");
            }),
            Sent("BDAT 1\r\na"),
            Hear("452 4.3.1 full\r\n"),
            Told(&["Chunk 452 4.3.1 full"]),
            Act(|client, _| assert!(client.is_idle())),
        ],
    );
    play(
        "in the middle",
        ready,
        &[
            Act(|client, now| {
                client.chunk(2, true, now);
                body(client, "a");
            }),
            Sent("BDAT 2 LAST\r\na"),
            Hear("552 5.3.4 enough\r\n"),
            Told(&["EndOfMessage 552 5.3.4 enough", "failed Closing 552"]),
        ],
    );
    play(
        "taken before it was sent",
        ready,
        &[
            Act(|client, now| {
                client.chunk(2, true, now);
                body(client, "a");
            }),
            Sent("BDAT 2 LAST\r\na"),
            Hear("250 2.6.0 Queued\r\n"),
            Told(&["failed Garbled"]),
        ],
    );
}

#[test]
fn content_goes_out_as_the_slices_that_came_in() {
    let message = Bytes::from("line\r\n..\r\n.x\r\n".repeat(1_000));
    let range = message.as_ptr_range();
    for by_data in [true, false] {
        let mut talk = if by_data { in_data() } else { ready() };
        if !by_data {
            talk.client.chunk(message.len() as u64, true, talk.now);
            talk.client.poll_transmit();
        }
        talk.client.body(message.clone()).unwrap();
        let mut own = 0;
        while let Some(slice) = talk.client.poll_transmit() {
            assert!(range.contains(&slice.as_ptr()) || slice == ".");
            own += if range.contains(&slice.as_ptr()) { slice.len() } else { 0 };
        }
        assert_eq!(own, message.len());
    }
}
