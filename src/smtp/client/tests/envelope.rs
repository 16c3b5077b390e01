//! Commands and their answers: pipelined or one after the other, word for word, and never out of step.

use super::Do::{Act, Hear, Sent, Told};
use super::*;

fn envelope(client: &mut Client, now: Instant) {
    client.mail(&mail("a@b.example"), now);
    client.rcpt(&rcpt("c@d.example"), now);
    client.rcpt(&rcpt("\"e f\"@g.example"), now);
    assert_eq!(client.awaiting(), 3);
    assert!(!client.is_idle());
}

fn ready() -> Talk {
    Talk::ready(PIPELINING)
}

#[test]
fn pipelined() {
    play(
        "pipelined",
        ready,
        &[
            Act(envelope),
            Sent("MAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nRCPT TO:<\"e f\"@g.example>\r\n"),
            Hear("250 2.1.0 OK\r\n550 5.1.1 no\r\n"),
            Told(&["Mail 250 2.1.0 OK", "Rcpt 550 5.1.1 no"]),
            Act(|client, now| client.data(now)),
            Sent("DATA\r\n"),
            Hear("250-2.1.5 OK\r\n250 more\r\n354 go\r\n"),
            Told(&["Rcpt 250 2.1.5 OK more", "Data 354 go"]),
        ],
    );
}

#[test]
fn one_after_the_other() {
    play(
        "lock-step",
        || Talk::ready(LOCK_STEP),
        &[
            Act(envelope),
            Sent("MAIL FROM:<a@b.example>\r\n"),
            Hear("250 OK\r\n"),
            Sent("RCPT TO:<c@d.example>\r\n"),
            Hear("250 OK\r\n"),
            Sent("RCPT TO:<\"e f\"@g.example>\r\n"),
            Hear("250 OK\r\n"),
            Told(&["Mail 250 OK", "Rcpt 250 OK", "Rcpt 250 OK"]),
            Act(|client, now| {
                assert!(!client.is_idle(), "the transaction is open");
                client.reset(now);
            }),
            Sent("RSET\r\n"),
            Hear("250 OK\r\n"),
            Told(&["Reset 250 OK"]),
            Act(|client, now| {
                assert!(client.is_idle());
                client.quit(now);
            }),
            Sent("QUIT\r\n"),
            Hear("221 bye\r\n"),
            Told(&["Quit 221 bye"]),
            Act(|client, now| client.closed_by_peer(now)),
            Told(&[]),
        ],
    );
}

/// What of a session may serve another message, by how its last one ended: a transaction left open would give the next
/// message the recipients of this one.
#[test]
fn a_session_with_an_open_transaction_is_not_idle() {
    for (replies, idle) in [
        ("550 no\r\n", true),
        ("250 OK\r\n", false),
        ("250 OK\r\n250 OK\r\n", false),
        ("250 OK\r\n550 no\r\n", false),
        ("250 OK\r\n250 OK\r\n250 taken\r\n", true),
        ("250 OK\r\n250 OK\r\n550 refused\r\n", false),
    ] {
        let mut talk = ready();
        talk.client.mail(&mail("a@b.example"), talk.now);
        for (number, reply) in replies.split_inclusive('\n').enumerate() {
            match number {
                0 => {}
                1 => talk.client.rcpt(&rcpt("c@d.example"), talk.now),
                _ => {
                    talk.client.chunk(1, true, talk.now);
                    talk.client.body(Bytes::from_static(b"x")).unwrap();
                }
            }
            talk.hear(reply.as_bytes());
        }
        assert_eq!(talk.client.is_idle(), idle, "{replies:?}");
        talk.client.reset(talk.now);
        talk.hear(b"250 OK\r\n");
        assert!(talk.client.is_idle(), "{replies:?}");
    }
}

#[test]
fn parameters_go_out_as_they_are_and_break_no_line() {
    let mut talk = ready();
    let parameter = |keyword: &'static str, value: Option<&'static str>| Parameter {
        keyword: Bytes::from(keyword),
        value: value.map(Bytes::from),
    };
    let parameters =
        vec![parameter("size", Some("12")), parameter("SMTPUTF8", None), parameter("X", Some("a\r\nRSET\r\n"))];
    talk.client.mail(&Mail { path: Path::null(), parameters }, talk.now);
    assert_eq!(talk.sent(), "MAIL FROM:<> size=12 SMTPUTF8 X=aRSET\r\n");
}

#[test]
fn refusals_come_word_for_word() {
    let mut talk = ready();
    talk.client.mail(&mail("a@b.example"), talk.now);
    let raw = "451-4.7.500 Server busy. Please try again later from [192.0.2.1].\r\n451 4.7.500 (S77719) \u{e4} \r\n";
    talk.hear(raw.as_bytes());
    match talk.client.poll_event() {
        Some(Event::Reply(Asked::Mail, reply)) => {
            assert_eq!(reply.encode(), raw);
            assert_eq!(reply.enhanced(), Some((4, 7, 500)));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn replies_nobody_asked_for() {
    play("success", ready, &[Hear("250 OK\r\n"), Told(&["failed EarlyOctets"])]);
    play("refusal", ready, &[Hear("550 no\r\n"), Told(&["failed EarlyOctets"])]);
    play("421", ready, &[Hear("421 4.4.2 idle\r\n"), Told(&["failed Closing 421"])]);
    play("421 of several lines", ready, &[Hear("421-4.4.2 idle\r\n421 bye\r\n"), Told(&["failed Closing 421"])]);
    play("42", ready, &[Hear("42"), Told(&[]), Hear("0"), Told(&["failed EarlyOctets"])]);
    play("line end", ready, &[Hear("\r\n"), Told(&["failed EarlyOctets"])]);
    play(
        "one too many",
        ready,
        &[
            Act(|client, now| client.mail(&mail("a@b.example"), now)),
            Sent("MAIL FROM:<a@b.example>\r\n"),
            Hear("250 OK\r\n250 OK\r\n"),
            Told(&["Mail 250 OK", "failed EarlyOctets"]),
        ],
    );
}

#[test]
fn a_reply_before_its_command_was_sent() {
    let mut talk = Talk::ready(LOCK_STEP);
    envelope(&mut talk.client, talk.now);
    assert_eq!(talk.sent(), "MAIL FROM:<a@b.example>\r\n");
    talk.hear(b"250 OK\r\n250 OK\r\n");
    assert_eq!(talk.told(), ["Mail 250 OK", "failed EarlyOctets"]);
    assert_eq!(talk.sent(), "");
}

#[test]
fn answers_of_the_wrong_class() {
    let mail_said: fn(&mut Client, Instant) = |client, now| {
        client.mail(&mail("a@b.example"), now);
        client.poll_transmit();
    };
    let data_said: fn(&mut Client, Instant) = |client, now| {
        client.data(now);
        client.poll_transmit();
    };
    play("354 to MAIL", ready, &[Act(mail_said), Hear("354 go\r\n"), Told(&["failed Garbled"])]);
    play("250 to DATA", ready, &[Act(data_said), Hear("250 OK\r\n"), Told(&["failed Garbled"])]);
    play("334 to DATA", ready, &[Act(data_said), Hear("334 x\r\n"), Told(&["failed Garbled"])]);
    play("554 to DATA", ready, &[Act(data_said), Hear("554 no\r\n"), Told(&["Data 554 no"])]);
    play(
        "421 to MAIL",
        ready,
        &[
            Act(mail_said),
            Act(mail_said),
            Hear("421 4.3.2 bye\r\n250 OK\r\n"),
            Told(&["Mail 421 4.3.2 bye", "failed Closing 421"]),
        ],
    );
}

#[test]
fn garbled_answers() {
    for heard in ["2xx OK\r\n", "250 O\0K\r\n", "250 OK\n", "250-a\r\n251 b\r\n", "999 x\r\n"] {
        play(
            heard,
            ready,
            &[
                Act(|client, now| client.mail(&mail("a@b.example"), now)),
                Sent("MAIL FROM:<a@b.example>\r\n"),
                Hear(heard),
                Told(&["failed Garbled"]),
            ],
        );
    }
    for heard in ["250 ".to_owned() + &"x".repeat(1_000_000), "250-x\r\n".repeat(101)] {
        let mut talk = ready();
        talk.client.mail(&mail("a@b.example"), talk.now);
        for piece in heard.as_bytes().chunks(1_000) {
            talk.hear(piece);
            assert!(talk.input.len() <= 3_048, "memory is bounded");
        }
        assert_eq!(talk.told(), ["failed Garbled"]);
    }
}

#[test]
fn a_transaction_is_open_until_it_ended_or_was_reset() {
    let begin: &[Do<'_>] = &[
        Act(|client, now| {
            client.mail(&mail("a@b.example"), now);
            client.rcpt(&rcpt("c@d.example"), now);
        }),
        Sent("MAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\n"),
    ];
    let idle = |client: &mut Client, _: Instant| assert!(client.is_idle());
    let busy = |client: &mut Client, _: Instant| assert!(!client.is_idle());
    let reset = |client: &mut Client, now: Instant| client.reset(now);
    let rest: [(&str, &[Do<'_>]); 5] = [
        ("MAIL refused", &[Hear("550 no\r\n503 no\r\n"), Told(&["Mail 550 no", "Rcpt 503 no"]), Act(idle)]),
        (
            "reset before the answers",
            &[
                Act(reset),
                Sent("RSET\r\n"),
                Hear("250 OK\r\n250 OK\r\n"),
                Told(&["Mail 250 OK", "Rcpt 250 OK"]),
                Act(busy),
                Hear("250 OK\r\n"),
                Told(&["Reset 250 OK"]),
                Act(idle),
            ],
        ),
        (
            "DATA refused",
            &[
                Hear("250 OK\r\n250 OK\r\n"),
                Told(&["Mail 250 OK", "Rcpt 250 OK"]),
                Act(|client, now| client.data(now)),
                Sent("DATA\r\n"),
                Hear("451 no\r\n"),
                Told(&["Data 451 no"]),
                Act(busy),
            ],
        ),
        (
            "the message refused",
            &[
                Hear("250 OK\r\n250 OK\r\n"),
                Told(&["Mail 250 OK", "Rcpt 250 OK"]),
                Act(|client, now| client.chunk(0, true, now)),
                Sent("BDAT 0 LAST\r\n"),
                Hear("550 no\r\n"),
                Told(&["EndOfMessage 550 no"]),
                Act(busy),
            ],
        ),
        (
            "a reset that is refused",
            &[
                Hear("250 OK\r\n250 OK\r\n"),
                Told(&["Mail 250 OK", "Rcpt 250 OK"]),
                Act(reset),
                Sent("RSET\r\n"),
                Hear("500 what\r\n"),
                Told(&["Reset 500 what"]),
                Act(busy),
            ],
        ),
    ];
    for (name, rest) in rest {
        let script: Vec<Do<'_>> = begin.iter().chain(rest).cloned().collect();
        play(name, ready, &script);
    }
}
