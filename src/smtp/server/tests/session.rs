//! EHLO, STARTTLS, RSET, NOOP, VRFY, HELP, QUIT, XFORWARD, and what is no command at all.

use super::*;
use crate::smtp::ClientAttribute;

#[test]
fn the_greeting_and_the_offer() {
    let mut talk = Talk::new(config(Start::Fresh), Owner::Prompt);
    talk.say(b"EHLO mx.example\r\n");
    let plain = "220 signet.example ESMTP ready\r\n250-signet.example\r\n250-PIPELINING\r\n250-SIZE 60\r\n250-DSN\r\n\
                 250-ENHANCEDSTATUSCODES\r\n250-STARTTLS\r\n250-8BITMIME\r\n250-BINARYMIME\r\n250-CHUNKING\r\n250 SMTPUTF8\r\n";
    assert_eq!(talk.wire(), plain);
    talk.say(b"STARTTLS\r\n");
    talk.rest();
    talk.wire.clear();
    talk.say(b"EHLO mx.example\r\n");
    assert!(talk.wire().ends_with("250-SMTPUTF8\r\n250 XOORG\r\n"), "XOORG after TLS only");
    assert!(!talk.wire().contains("STARTTLS"), "not offered twice");
}

#[test]
fn hello() {
    let fresh = Start::Fresh;
    play("EHLO", fresh, &["EHLO a.example\r\n"], &["250"], &["ehlo a.example"]);
    play("HELO", fresh, &["helo a.example\r\n"], &["250"], &["helo a.example"]);
    play("EHLO without a name", fresh, &["EHLO\r\n"], &["501 5.5.4"], &[]);
    play(
        "EHLO drops the transaction",
        Start::Secured,
        &["MAIL FROM:<a@b.example>\r\n", "EHLO c.example\r\n", "RCPT TO:<x@y.example>\r\n"],
        &["250 2.1.0", "250", "503 5.5.1"],
        &["mail <a@b.example>", "reset Hello", "ehlo c.example"],
    );
}

#[test]
fn starttls() {
    let fresh = Start::Fresh;
    let hello = "EHLO a.example\r\n";
    play(
        "as it should be",
        fresh,
        &[hello, "STARTTLS\r\n", hello, "NOOP\r\n"],
        &["250", "220 2.0.0", "250", "250 2.0.0"],
        &["ehlo a.example", "tls", "ehlo a.example"],
    );
    play(
        "EHLO is forgotten",
        fresh,
        &[hello, "STARTTLS\r\n", "MAIL FROM:<>\r\n"],
        &["250", "220 2.0.0", "503 5.5.1"],
        &["ehlo a.example", "tls"],
    );
    play("before EHLO", fresh, &["STARTTLS\r\n"], &["503 5.5.1"], &[]);
    play("after HELO", fresh, &["HELO x\r\n", "STARTTLS\r\n"], &["250", "503 5.5.1"], &["helo x"]);
    play("twice", Start::Secured, &["STARTTLS\r\n"], &["503 5.5.1"], &[]);
    play("with arguments", fresh, &[hello, "STARTTLS x\r\n"], &["250", "501 5.5.4"], &["ehlo a.example"]);
    play("not offered", Start::Loopback, &["STARTTLS\r\n"], &["502 5.5.1"], &[]);
}

#[test]
fn commands_behind_starttls_are_never_obeyed() {
    // CVE-2011-0411: what was sent in plaintext must not count as said under TLS.
    for behind in ["NOOP\r\n", "N", "EHLO evil.example\r\nMAIL FROM:<evil@example.com>\r\n", "\r\n", "\u{16}\u{3}\u{1}"]
    {
        let whole = format!("STARTTLS\r\n{behind}");
        for at in 1..=whole.len() {
            let mut talk = Talk::new(config(Start::Fresh), Owner::Prompt);
            talk.say(b"EHLO a.example\r\n");
            if !whole.is_char_boundary(at) {
                continue;
            }
            let (one, two) = whole.split_at(at);
            talk.say(one.as_bytes());
            talk.say(two.as_bytes());
            assert_eq!(talk.told.last().unwrap(), "close", "{whole:?} split at {at}");
            assert!(talk.input.is_empty());
            talk.server.tls_established(talk.now);
            talk.say(b"NOOP\r\n");
            talk.rest();
            assert!(talk.told.iter().all(|told| !told.starts_with("mail") && !told.contains("evil")));
            let replies = talk.replies();
            assert!(replies[2..] == ["554 5.5.1"] || replies[2..] == ["220 2.0.0"], "{replies:?}");
        }
    }
}

#[test]
fn tls_comes_first() {
    let fresh = Start::Fresh;
    let steps = |step| ["EHLO a.example\r\n", step, "NOOP\r\n"];
    for step in [
        "MAIL FROM:<a@b.example>\r\n",
        "RCPT TO:<a@b.example>\r\n",
        "DATA\r\n",
        "VRFY a\r\n",
        "BDAT 5\r\nNOOP\n",
        "BDAT 0 LAST\r\n",
    ] {
        let replies = ["250", "530 5.7.0", "250 2.0.0"];
        play(step, fresh, &steps(step), &replies, &["ehlo a.example"]);
    }
    for step in ["NOOP\r\n", "RSET\r\n"] {
        play(step, fresh, &steps(step), &["250", "250 2.0.0", "250 2.0.0"], &["ehlo a.example"]);
    }
    play("QUIT", fresh, &["QUIT\r\n"], &["221 2.0.0"], &["close"]);
}

#[test]
fn small_verbs() {
    let start = Start::Secured;
    for (line, reply) in [
        ("NOOP\r\n", "250 2.0.0"),
        ("noop with words\r\n", "250 2.0.0"),
        ("RSET\r\n", "250 2.0.0"),
        ("RSET x\r\n", "501 5.5.4"),
        ("VRFY somebody\r\n", "252 2.5.2"),
        ("VRFY\r\n", "501 5.5.4"),
        ("EXPN list\r\n", "502 5.5.1"),
        ("HELP\r\n", "214 2.0.0"),
        ("AUTH LOGIN\r\n", "502 5.5.1"),
        ("XFORWARD NAME=a\r\n", "502 5.5.1"),
        ("BOGUS\r\n", "500 5.5.2"),
        ("\r\n", "500 5.5.2"),
        ("NO\0OP\r\n", "500 5.5.2"),
        ("NO\rOP\r\n", "500 5.5.2"),
        ("NOOP\r\r\n", "500 5.5.2"),
    ] {
        play(line, start, &[line, "NOOP\r\n"], &[reply, "250 2.0.0"], &[]);
    }
}

#[test]
fn quit_drops_the_transaction() {
    play(
        "QUIT in a transaction",
        Start::Secured,
        &["MAIL FROM:<a@b.example>\r\n", "QUIT\r\nNOOP\r\n"],
        &["250 2.1.0", "221 2.0.0"],
        &["mail <a@b.example>", "reset Quit", "close"],
    );
}

#[test]
fn a_bare_line_feed_ends_the_session() {
    let start = Start::Secured;
    for step in ["NOOP\nNOOP\r\n", "\n", "MAIL FROM:<a@b.example>\nRCPT TO:<c@d.example>\r\n", "NOOP\n\r\n", "QUIT\n"] {
        play(step, start, &[step, "NOOP\r\n"], &["500 5.5.2"], &["close"]);
    }
}

#[test]
fn an_endless_line_ends_the_session() {
    let line = "N".repeat(100);
    play("no end", Start::Secured, &[&line], &["500 5.5.2"], &["close"]);
    let fits = format!("NOOP {}\r\n", "x".repeat(93));
    assert_eq!(fits.len(), 100);
    play("just fits", Start::Secured, &[&fits], &["250 2.0.0"], &[]);
    let long = format!("NOOP {}\r\n", "x".repeat(94));
    play("one too many", Start::Secured, &[&long], &["500 5.5.2"], &["close"]);
}

#[test]
fn octets_before_the_greeting_end_the_session() {
    let now = Instant::now();
    let mut server = Server::new(Arc::new(config(Start::Fresh)), now);
    let mut input = BytesMut::from(&b"E"[..]);
    server.feed(&mut input, now);
    let mut actions = Vec::new();
    while let Some(action) = server.poll_action() {
        actions.push(action);
    }
    let refused = Action::Write(Reply::pipelining_refused().encode());
    assert_eq!(actions[1..], [refused, Action::Close]);
    assert!(input.is_empty() && !server.wants_input());
}

#[test]
fn octets_behind_ehlo_end_the_session() {
    // Whole only: split in two, the second half may be an honest answer to our answer.
    let mut talk = Talk::new(config(Start::Fresh), Owner::Prompt);
    talk.say(b"EHLO a.example\r\nMAIL FROM:<>\r\n");
    assert_eq!(talk.result(), (vec!["220".into(), "554 5.5.1".into()], vec!["close".into()]));
}

#[test]
fn budgets() {
    let start = Start::Secured;
    let bad = ["BOGUS\r\nMAIL\r\n", "RCPT TO:<a@b.example>\r\nVRFY\r\n", "BOGUS\r\nNOOP\r\n"];
    let replies = ["500 5.5.2", "501 5.5.4", "503 5.5.1", "501 5.5.4", "421 4.7.0"];
    play("errors", start, &bad, &replies, &["close"]);
    // The EHLO of the beginning came before TLS and after: two of eight are used.
    let idle = ["NOOP\r\nRSET\r\nNOOP\r\nRSET\r\nVRFY a\r\nHELP\r\nNOOP\r\nNOOP\r\n"];
    let mut replies = vec!["250 2.0.0"; 4];
    replies.extend(["252 2.5.2", "214 2.0.0", "421 4.7.0"]);
    play("idle commands", start, &idle, &replies, &["close"]);
    let steps = ["NOOP\r\n".repeat(5), "MAIL FROM:<a@b.example>\r\nRSET\r\n".to_owned()];
    let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
    let mut replies = vec!["250 2.0.0"; 5];
    replies.extend(["250 2.1.0", "421 4.7.0"]);
    play("MAIL counts", start, &steps, &replies, &["mail <a@b.example>", "reset Reset", "close"]);
}

#[test]
fn a_message_renews_the_budgets() {
    let mut talk = Talk::start(Start::Secured, Owner::Prompt);
    for _ in 0..20 {
        talk.say(b"BOGUS\r\nNOOP\r\nRSET\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<x@y.example>\r\nBDAT 1 LAST\r\nx");
        talk.rest();
    }
    assert_eq!(talk.told.iter().filter(|told| *told == "end").count(), 20);
}

#[test]
fn xforward() {
    for owner in [Owner::Prompt, Owner::Late] {
        let mut config = config(Start::Loopback);
        config.offer.xforward = vec![ClientAttribute::Name, ClientAttribute::Addr];
        let mut talk = Talk::new(config, owner);
        talk.say(b"EHLO a.example\r\n");
        assert!(talk.wire().ends_with("250 XFORWARD NAME ADDR\r\n"));
        talk.wire.clear();
        talk.say(b"XFORWARD NAME=old ADDR=192.0.2.1\r\nXFORWARD name=mx.example\r\nXFORWARD HELO=x\r\n");
        let told = |talk: &Talk| {
            let value = |attribute| talk.server.forwarded().value(attribute).map(<[u8]>::to_vec);
            [value(ClientAttribute::Addr), value(ClientAttribute::Name), value(ClientAttribute::Helo)]
        };
        assert_eq!(told(&talk), [Some(b"192.0.2.1".to_vec()), Some(b"mx.example".to_vec()), None]);
        talk.say(b"MAIL FROM:<a@b.example>\r\n");
        talk.rest();
        talk.say(b"XFORWARD NAME=x\r\n");
        assert_eq!(told(&talk)[1].as_deref(), Some(&b"mx.example"[..]));
        talk.say(b"RSET\r\n");
        assert!(talk.server.forwarded().is_empty(), "it was said of that transaction");
        talk.say(b"XFORWARD NAME=x\r\nRSET\r\n");
        assert!(talk.server.forwarded().is_empty(), "it was said of a transaction that never began");
        let replies = ["250 2.0.0", "250 2.0.0", "501 5.5.4", "250 2.1.0", "503 5.5.1", "250 2.0.0"];
        assert_eq!(talk.replies(), [&replies[..], &["250 2.0.0", "250 2.0.0"]].concat());
    }
}
