//! Being taken out of service: no message is cut, no new one begins.

use super::*;

fn last_reply(talk: &Talk) -> String {
    talk.replies().pop().unwrap_or_default()
}

#[test]
fn between_messages_at_once() {
    for start in [Start::Fresh, Start::Secured, Start::Loopback] {
        let mut talk = Talk::start(start, Owner::Prompt);
        talk.server.drain(talk.now);
        talk.act();
        assert_eq!(last_reply(&talk), "421 4.3.2", "{start:?}");
        assert_eq!(talk.told, ["close"], "{start:?}");
    }
}

#[test]
fn before_the_greeting_was_read() {
    let now = Instant::now();
    let mut server = Server::new(Arc::new(config(Start::Fresh)), now);
    server.drain(now);
    let actions: Vec<Action> = std::iter::from_fn(|| server.poll_action()).collect();
    assert_eq!(actions[1..], [Action::Write(Reply::shutting_down().encode()), Action::Close]);
}

#[test]
fn in_the_handshake_afterwards() {
    let mut talk = Talk::new(config(Start::Fresh), Owner::Prompt);
    talk.say(b"EHLO a\r\n");
    talk.say(b"STARTTLS\r\n");
    talk.server.drain(talk.now);
    talk.act();
    assert_eq!(talk.told, ["ehlo a", "tls"]);
    talk.rest();
    assert_eq!(talk.told, ["ehlo a", "tls", "close"]);
    assert_eq!(last_reply(&talk), "421 4.3.2");
}

#[test]
fn a_message_is_finished_first() {
    let steps = ["MAIL FROM:<>\r\n", "RCPT TO:<x@y.example>\r\n", "DATA\r\n", "x\r\n", ".\r\nMAIL FROM:<>\r\n"];
    for after in 1..=4 {
        for owner in [Owner::Prompt, Owner::Late] {
            let mut talk = Talk::start(Start::Secured, owner);
            for (number, step) in steps.iter().enumerate() {
                if number == after {
                    talk.server.drain(talk.now);
                }
                talk.say(step.as_bytes());
                talk.rest();
            }
            assert_eq!(talk.replies(), ["250 2.1.0", "250 2.1.5", "354", "250 2.6.0", "421 4.3.2"]);
            assert_eq!(talk.told, ["mail <>", "rcpt <x@y.example>", "data", "body x\\r\\n", "end", "close"]);
        }
    }
}

#[test]
fn however_the_transaction_ends() {
    for (last, reply) in [
        ("RSET\r\n", "250 2.0.0"),
        ("MAIL FROM:<refused@b.example>\r\n", "503 5.5.1"),
        ("BDAT 61\r\n", "552 5.3.4"),
        ("DATA\r\n", "550 5.6.11"),
    ] {
        let mut talk = Talk::start(Start::Secured, Owner::Prompt);
        talk.say(b"MAIL FROM:<>\r\nRCPT TO:<x@y.example>\r\n");
        talk.server.drain(talk.now);
        talk.say(last.as_bytes());
        match last {
            "BDAT 61\r\n" => talk.say("x".repeat(61).as_bytes()),
            "DATA\r\n" => talk.say(b"\n\r\n.\r\n"),
            "RSET\r\n" => {}
            _ => {
                assert_eq!(last_reply(&talk), reply);
                talk.say(b"RSET\r\n");
            }
        }
        assert!(talk.replies().contains(&reply.to_owned()), "{last}");
        assert_eq!(last_reply(&talk), "421 4.3.2", "{last}");
        assert_eq!(talk.told.last().unwrap(), "close", "{last}");
    }
    let mut talk = Talk::start(Start::Secured, Owner::Late);
    talk.say(b"MAIL FROM:<refused@b.example>\r\n");
    talk.server.drain(talk.now);
    talk.rest();
    assert_eq!(talk.replies(), ["550 5.1.1", "421 4.3.2"]);
}
