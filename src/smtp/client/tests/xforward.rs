//! XFORWARD towards the next hop: before MAIL, only what is offered, and never the owner's trouble.

use super::Do::{Act, Hear, Sent, Told};
use super::*;
use crate::smtp::ClientAttribute;

const OFFER: &str = "250-PIPELINING\r\n250-XFORWARD NAME ADDR COLOUR\r\n";
const LOCK_STEP_OFFER: &str = "250-XFORWARD NAME ADDR HELO\r\n";

fn known(words: &[(&'static str, &'static str)]) -> Forwarded {
    let parameter = |(keyword, value): &(&'static str, &'static str)| Parameter {
        keyword: Bytes::from(*keyword),
        value: Some(Bytes::from(*value)),
    };
    Forwarded::read(&words.iter().map(parameter).collect::<Vec<_>>()).unwrap()
}

fn envelope(client: &mut Client, now: Instant) {
    client.forward(&known(&[("ADDR", "192.0.2.7"), ("NAME", "[TEMPUNAVAIL]"), ("HELO", "a+2Bb")]), now);
    client.mail(&mail("a@b.example"), now);
    client.rcpt(&rcpt("c@d.example"), now);
}

#[test]
fn it_goes_before_mail_and_its_answer_to_nobody() {
    for answer in ["250 OK\r\n", "550 5.7.0 you may not\r\n", "501-bad\r\n501 ADDR\r\n", "451 later\r\n"] {
        play(
            answer,
            || Talk::ready(OFFER),
            &[
                Act(envelope),
                Sent(
                    "XFORWARD ADDR=192.0.2.7 NAME=[TEMPUNAVAIL]\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\n",
                ),
                Hear(answer),
                Hear("250 sender\r\n250 recipient\r\n"),
                Told(&["Mail 250 sender", "Rcpt 250 recipient"]),
            ],
        );
    }
}

#[test]
fn it_waits_its_turn_where_nothing_is_pipelined() {
    let long = |client: &mut Client, now: Instant| {
        let name: &'static str = Box::leak("n".repeat(255).into_boxed_str());
        let helo: &'static str = Box::leak("h".repeat(255).into_boxed_str());
        client.forward(&known(&[("NAME", name), ("HELO", helo)]), now);
        client.mail(&mail("a@b.example"), now);
        assert_eq!(client.awaiting(), 3);
    };
    let (name, helo) =
        (format!("XFORWARD NAME={}\r\n", "n".repeat(255)), format!("XFORWARD HELO={}\r\n", "h".repeat(255)));
    play(
        "lock-step",
        || Talk::ready(LOCK_STEP_OFFER),
        &[
            Act(long),
            Sent(&name),
            Hear("250 OK\r\n"),
            Sent(&helo),
            Hear("501 too long\r\n"),
            Sent("MAIL FROM:<a@b.example>\r\n"),
            Hear("250 OK\r\n"),
            Told(&["Mail 250 OK"]),
        ],
    );
}

#[test]
fn without_an_offer_nothing_is_said() {
    for offer in [PIPELINING, "250-XFORWARD\r\n", "250-XFORWARD SOURCE\r\n"] {
        let mut talk = Talk::ready(offer);
        talk.client.forward(&known(&[("NAME", "mx.example")]), talk.now);
        assert_eq!((talk.sent().as_str(), talk.client.is_idle()), ("", true), "{offer}");
    }
    let mut talk = Talk::ready(OFFER);
    talk.client.forward(&Forwarded::default(), talk.now);
    assert_eq!((talk.sent().as_str(), talk.client.is_idle()), ("", true));
}

#[test]
fn a_closing_or_garbled_answer_ends_the_session() {
    for (answer, told) in [
        ("421 4.3.2 closing\r\n", "failed Closing 421"),
        ("354 go\r\n", "failed Garbled"),
        ("hello\r\n", "failed Garbled"),
    ] {
        play(
            answer,
            || Talk::ready(OFFER),
            &[Act(envelope), Act(|client, _| drop(client.transmit.drain(..))), Hear(answer), Told(&[told])],
        );
    }
}

/// What was said of one message's client must not stand for the next message.
#[test]
fn a_session_is_not_idle_before_the_next_hop_forgot() {
    for (ending, idle) in
        [("550 no\r\n", false), ("250 OK\r\n250 OK\r\n250 taken\r\n", true), ("250 OK\r\n250 OK\r\n550 no\r\n", false)]
    {
        let mut talk = Talk::ready(OFFER);
        talk.client.forward(&known(&[("ADDR", "192.0.2.7")]), talk.now);
        assert!(!talk.client.is_idle());
        talk.client.mail(&mail("a@b.example"), talk.now);
        talk.hear(b"250 OK\r\n");
        for (number, reply) in ending.split_inclusive('\n').enumerate() {
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
        assert_eq!(talk.client.is_idle(), idle, "{ending:?}");
        talk.client.reset(talk.now);
        talk.hear(b"250 OK\r\n");
        assert!(talk.client.is_idle(), "{ending:?}");
    }
}

#[test]
fn every_attribute_has_its_word() {
    for attribute in ClientAttribute::ALL {
        assert_eq!(ClientAttribute::parse(attribute.word().to_lowercase().as_bytes()), Some(attribute));
    }
}
