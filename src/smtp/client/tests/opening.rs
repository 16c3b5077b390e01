//! From the greeting to Ready, and all that can go wrong on the way.

use super::Do::{Act, Hear, Sent, Told};
use super::*;

fn established(client: &mut Client, now: Instant) {
    client.tls_established(now);
}

#[test]
fn with_tls() {
    play(
        "TLS",
        || Talk::new(Tls::Required),
        &[
            Sent(""),
            Hear("220-mx.example\r\n220 ready\r\n"),
            Sent("EHLO signet.example\r\n"),
            Hear("250-mx.example\r\n250-STARTTLS\r\n250 PIPELINING\r\n"),
            Sent("STARTTLS\r\n"),
            Hear("220 2.0.0 go\r\n"),
            Told(&["tls"]),
            Sent(""),
            Act(established),
            Sent("EHLO signet.example\r\n"),
            Hear("250-mx.example\r\n250-SIZE 1000\r\n250 XOORG\r\n"),
            Told(&["ready"]),
            Act(|client, _| {
                assert!(client.is_idle());
                assert_eq!(client.poll_timeout(), None);
                let offer = client.extensions();
                assert!(!offer.pipelining && !offer.starttls, "what was said before TLS is forgotten");
                assert!(offer.xoorg && offer.size == Some(Some(1_000)));
            }),
        ],
    );
}

#[test]
fn without_tls() {
    play(
        "loopback",
        || Talk::new(Tls::Off),
        &[
            Hear("220 mx.example\r\n"),
            Sent("EHLO signet.example\r\n"),
            Hear("250-mx.example\r\n250 STARTTLS\r\n"),
            Told(&["ready"]),
        ],
    );
}

#[test]
fn failures() {
    let greeted = || {
        let mut talk = Talk::new(Tls::Required);
        talk.hear(b"220 mx.example\r\n");
        assert_eq!(talk.sent(), "EHLO signet.example\r\n");
        talk
    };
    let offered = move || {
        let mut talk = greeted();
        talk.hear(b"250-mx.example\r\n250 STARTTLS\r\n");
        assert_eq!(talk.sent(), "STARTTLS\r\n");
        talk
    };
    for (heard, told) in [
        ("554 no\r\n", "failed Greeting 554"),
        ("421 busy\r\n", "failed Greeting 421"),
        ("354 what\r\n", "failed Garbled"),
        ("250 what\r\n", "failed Garbled"),
        ("220 mx.example\r\n250 early\r\n", "failed EarlyOctets"),
        ("SSH-2.0\r\n", "failed Garbled"),
        ("\u{16}\u{3}\u{1}", "failed Garbled"),
    ] {
        let mut talk = Talk::new(Tls::Required);
        talk.hear(heard.as_bytes());
        assert_eq!(talk.told(), [told], "{heard:?}");
        assert_eq!(talk.sent(), "", "{heard:?}");
        assert_eq!(talk.client.poll_timeout(), None);
    }
    for (heard, told) in [
        ("502 no\r\n", "failed Hello 502"),
        ("421 busy\r\n", "failed Hello 421"),
        ("354 what\r\n", "failed Garbled"),
        ("250-mx.example\r\n250 PIPELINING\r\n", "failed NoStartTls"),
        ("250 mx.example\r\n", "failed NoStartTls"),
    ] {
        play(heard, greeted, &[Hear(heard), Sent(""), Told(&[told])]);
    }
    for (heard, told) in [
        ("454 no certificate\r\n", "failed StartTls 454"),
        ("502 no\r\n", "failed StartTls 502"),
        ("250 ok\r\n", "failed Garbled"),
        ("354 what\r\n", "failed Garbled"),
    ] {
        play(heard, offered, &[Hear(heard), Sent(""), Told(&[told])]);
    }
}

#[test]
fn plaintext_behind_the_answer_to_starttls_is_never_believed() {
    for behind in ["250 x\r\n", "2", "\u{16}\u{3}\u{1}", "\r\n"] {
        let heard = format!("220 go\r\n{behind}");
        for at in 1..=heard.len() {
            let mut talk = Talk::new(Tls::Required);
            talk.hear(b"220 mx.example\r\n");
            talk.hear(b"250-mx.example\r\n250 STARTTLS\r\n");
            talk.sent();
            let (one, two) = heard.as_bytes().split_at(at);
            talk.hear(one);
            talk.hear(two);
            let told = talk.told();
            assert_eq!(told.last().unwrap(), "failed EarlyOctets", "{heard:?} cut at {at}");
            talk.client.tls_established(talk.now);
            assert_eq!(talk.sent(), "", "the session is over");
        }
    }
}

#[test]
fn replies_behind_the_offer_are_never_believed() {
    let mut talk = Talk::new(Tls::Required);
    talk.hear(b"220 mx.example\r\n");
    talk.hear(b"250-mx.example\r\n250 STARTTLS\r\n220 go\r\n");
    assert_eq!(talk.told(), ["failed EarlyOctets"]);
}

#[test]
fn the_connection_ends() {
    let mut talk = Talk::new(Tls::Required);
    talk.hear(b"220 mx.ex");
    talk.client.closed_by_peer(talk.now);
    talk.client.closed_by_peer(talk.now);
    talk.hear(b"ample\r\n");
    assert_eq!(talk.told(), ["failed Disconnected"]);
    assert_eq!(talk.sent(), "");
    talk.client.mail(&mail("a@b.example"), talk.now);
    assert_eq!((talk.sent().as_str(), talk.told().len()), ("", 0), "commands after the end do nothing");
}
