//! MAIL and RCPT, alone and pipelined.

use super::*;

#[test]
fn mail() {
    let start = Start::Secured;
    for (line, reply) in [
        ("MAIL FROM:<a@b.example> SIZE=61\r\n", "552 5.3.4"),
        ("MAIL FROM:<a@b.example> SIZE=x\r\n", "501 5.5.4"),
        ("MAIL FROM:<a@b.example> SIZE\r\n", "501 5.5.4"),
        ("MAIL FROM:<a@b.example> BODY=9BIT\r\n", "501 5.5.4"),
        ("MAIL FROM:<a@b.example> RET=SOME\r\n", "501 5.5.4"),
        ("MAIL FROM:<a@b.example> SMTPUTF8=1\r\n", "501 5.5.4"),
        ("MAIL FROM:<a@b.example> NOTIFY=NEVER\r\n", "555 5.5.4"),
        ("MAIL FROM:<a@b.example> XMSGID=1\r\n", "555 5.5.4"),
        ("MAIL FROM:<\u{e4}@b.example>\r\n", "553 5.6.7"),
        ("MAIL FROM:a@b.example\r\n", "501 5.5.4"),
        ("MAIL FROM:<a b@c.example>\r\n", "501 5.5.4"),
    ] {
        play(line, start, &[line, "RCPT TO:<x@y.example>\r\n"], &[reply, "503 5.5.1"], &[]);
    }
    for (line, told) in [
        ("MAIL FROM:<>\r\n", "mail <>"),
        ("MAIL FROM:<a@b.example> SIZE=60\r\n", "mail <a@b.example> SIZE=60"),
        ("mail from:<a@b.example> size=1 BODY=BINARYMIME\r\n", "mail <a@b.example> size=1 BODY=BINARYMIME"),
        (
            "MAIL FROM:<a@b.example> RET=hdrs ENVID=a+2Bb XOORG=c.example\r\n",
            "mail <a@b.example> RET=hdrs ENVID=a+2Bb XOORG=c.example",
        ),
        ("MAIL FROM:<a@b.example> AUTH=<>\r\n", "mail <a@b.example> AUTH=<>"),
        ("MAIL FROM:<\u{e4}@b.example> SMTPUTF8\r\n", "mail <\u{e4}@b.example> SMTPUTF8"),
        ("MAIL FROM:<\"a b\"@c.example>\r\n", "mail <\"a b\"@c.example>"),
    ] {
        play(line, start, &[line], &["250 2.1.0"], &[told]);
    }
    play("XOORG without TLS", Start::Loopback, &["MAIL FROM:<> XOORG=x\r\n"], &["555 5.5.4"], &[]);
    play("nested", start, &["MAIL FROM:<>\r\n", "MAIL FROM:<>\r\n"], &["250 2.1.0", "503 5.5.1"], &["mail <>"]);
}

#[test]
fn mail_refused_by_the_owner() {
    play(
        "refused",
        Start::Secured,
        &[
            "MAIL FROM:<refused@b.example>\r\nRCPT TO:<x@y.example>\r\n",
            "MAIL FROM:<later@b.example>\r\n",
            "MAIL FROM:<a@b.example>\r\n",
        ],
        &["550 5.1.1", "503 5.5.1", "451 4.7.500", "250 2.1.0"],
        &["mail <refused@b.example>", "mail <later@b.example>", "mail <a@b.example>"],
    );
    play(
        "421 closes",
        Start::Secured,
        &["MAIL FROM:<closing@b.example>\r\nRCPT TO:<x@y.example>\r\n"],
        &["421 4.3.2"],
        &["mail <closing@b.example>", "close"],
    );
}

#[test]
fn recipients_are_answered_in_order() {
    play(
        "mixed",
        Start::Secured,
        &[
            "MAIL FROM:<>\r\nRCPT TO:<a@y.example>\r\nRCPT TO:<refused@y.example>\r\nRCPT TO:<>\r\nRCPT TO:<later@y.example>\r\nRCPT TO:<d@y.example>\r\nNOOP\r\nRSET\r\n",
        ],
        &["250 2.1.0", "250 2.1.5", "550 5.1.1", "501 5.5.4", "451 4.7.500", "452 4.5.3", "250 2.0.0", "250 2.0.0"],
        &["mail <>", "rcpt <a@y.example>", "rcpt <refused@y.example>", "rcpt <later@y.example>", "reset Reset"],
    );
    play(
        "421 in the middle",
        Start::Secured,
        &["MAIL FROM:<>\r\nRCPT TO:<a@y.example>\r\n", "RCPT TO:<closing@y.example>\r\n", "RCPT TO:<c@y.example>\r\n"],
        &["250 2.1.0", "250 2.1.5", "421 4.3.2"],
        &["mail <>", "rcpt <a@y.example>", "rcpt <closing@y.example>", "reset Drain", "close"],
    );
}

#[test]
fn rcpt() {
    let start = Start::Secured;
    for (line, reply) in [
        ("RCPT TO:<>\r\n", "501 5.5.4"),
        ("RCPT TO:x@y.example\r\n", "501 5.5.4"),
        ("RCPT TO:<x@y.example> SIZE=1\r\n", "555 5.5.4"),
        ("RCPT TO:<x@y.example> NOTIFY\r\n", "501 5.5.4"),
        ("RCPT TO:<\u{e4}@y.example>\r\n", "553 5.6.7"),
    ] {
        play(line, start, &["MAIL FROM:<>\r\n", line], &["250 2.1.0", reply], &["mail <>"]);
    }
    play(
        "parameters stay as they came",
        start,
        &["MAIL FROM:<>\r\nRCPT TO:<x@y.example> NOTIFY=NEVER orcpt=rfc822;x+2By@z.example\r\n"],
        &["250 2.1.0", "250 2.1.5"],
        &["mail <>", "rcpt <x@y.example> NOTIFY=NEVER orcpt=rfc822;x+2By@z.example"],
    );
    play("before MAIL", start, &["RCPT TO:<x@y.example>\r\n"], &["503 5.5.1"], &[]);
}

#[test]
fn without_esmtp_there_are_no_parameters() {
    play(
        "HELO",
        Start::Loopback,
        &[
            "HELO a\r\n",
            "MAIL FROM:<a@b.example> SIZE=1\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<x@y.example> NOTIFY=NEVER\r\nRCPT TO:<x@y.example>\r\n",
            "BDAT 4\r\nNOOP",
        ],
        &["250", "555 5.5.4", "250 2.1.0", "555 5.5.4", "250 2.1.5", "503 5.5.1"],
        &["helo a", "mail <a@b.example>", "rcpt <x@y.example>"],
    );
}

#[test]
fn only_recipients_run_ahead_and_not_without_bound() {
    let mut talk = Talk::start(Start::Secured, Owner::Late);
    talk.say(b"MAIL FROM:<>\r\nRCPT TO:<a@y.example>\r\n");
    assert_eq!(talk.told, ["mail <>", "rcpt <a@y.example>"]);
    assert!(talk.server.poll_timeout().is_none(), "the owner is waited for");
    talk.server.answer(Reply::ok(), talk.now);
    talk.say(b"RCPT TO:<b@y.example>\r\nRCPT");
    assert_eq!(talk.told[2..], ["rcpt <b@y.example>"]);
    assert!(talk.server.wants_input(), "the line is not whole");
    talk.say(b" TO:<c@y.example>\r\nRCPT TO:<d@y.example>\r\nRCPT TO:<e@y.example>\r\n");
    assert!(!talk.server.wants_input(), "four replies wait");
    assert_eq!(talk.input, "RCPT TO:<e@y.example>\r\n");
    talk.server.answer(Reply::ok(), talk.now);
    assert!(talk.server.wants_input());
    talk.server.feed(&mut talk.input, talk.now);
    assert!(talk.input.is_empty());

    let mut talk = Talk::start(Start::Secured, Owner::Late);
    talk.say(b"MAIL FROM:<>\r\nNOOP\r\n");
    assert!(!talk.server.wants_input(), "NOOP waits for MAIL");
    assert_eq!(talk.input, "NOOP\r\n");

    let mut talk = Talk::start(Start::Secured, Owner::Late);
    talk.say(b"MAIL FROM:<refused@b.example>\r\nRCPT TO:<a@y.example>\r\n");
    talk.server.answer(Reply::new(550, "5.1.1", "Unknown user"), talk.now);
    talk.server.answer(Reply::ok(), talk.now);
    talk.act();
    assert_eq!(talk.replies(), ["550 5.1.1", "503 5.5.1"], "no recipient without a sender");

    let mut talk = Talk::start(Start::Secured, Owner::Prompt);
    talk.say(b"MAIL FROM:<>\r\n");
    talk.owner = Owner::Late;
    talk.say(b"RCPT TO:<a@y.example>\r\nDATA\r\n");
    assert!(!talk.server.wants_input(), "DATA waits for the recipients");
    assert_eq!(talk.input, "DATA\r\n");
}

#[test]
fn late_answers_after_the_end_are_dropped() {
    let mut talk = Talk::start(Start::Secured, Owner::Prompt);
    talk.say(b"MAIL FROM:<>\r\n");
    talk.owner = Owner::Late;
    talk.say(b"RCPT TO:<a@y.example>\r\n");
    talk.server.closed_by_peer(talk.now);
    talk.server.answer(Reply::ok(), talk.now);
    talk.server.closed_by_peer(talk.now);
    talk.act();
    assert_eq!(
        talk.result(),
        (
            vec!["250 2.1.0".into()],
            ["mail <>", "rcpt <a@y.example>", "reset Disconnect", "close"].map(String::from).to_vec()
        )
    );
    assert!(talk.server.poll_timeout().is_none());
}
