//! DATA and BDAT, taken and refused.

use super::*;

const ENVELOPE: &str = "MAIL FROM:<a@b.example>\r\nRCPT TO:<x@y.example>\r\n";
const BINARY: &str = "MAIL FROM:<a@b.example> BODY=BINARYMIME\r\nRCPT TO:<x@y.example>\r\n";

/// Plays `steps` behind an accepted envelope.
fn play_content(name: &str, steps: &[&str], replies: &[&str], told: &[&str]) {
    for (envelope, mail) in [(ENVELOPE, "mail <a@b.example>"), (BINARY, "mail <a@b.example> BODY=BINARYMIME")] {
        if envelope == BINARY && steps.iter().any(|step| step.starts_with("DATA")) {
            continue;
        }
        let steps: Vec<&str> = [envelope].iter().chain(steps).copied().collect();
        let replies: Vec<&str> = ["250 2.1.0", "250 2.1.5"].iter().chain(replies).copied().collect();
        let told: Vec<&str> = [mail, "rcpt <x@y.example>"].iter().chain(told).copied().collect();
        play(name, Start::Secured, &steps, &replies, &told);
    }
}

#[test]
fn data() {
    play_content(
        "a message and the next",
        &["DATA\r\n", "Subject: x\r\n\r\n..dot\r\n.\r\nMAIL FROM:<>\r\nNOOP\r\n"],
        &["354", "250 2.6.0", "250 2.1.0", "250 2.0.0"],
        &["data", "body Subject: x\\r\\n\\r\\n.dot\\r\\n", "end", "mail <>"],
    );
    play_content("empty", &["DATA\r\n", ".\r\nNOOP\r\n"], &["354", "250 2.6.0", "250 2.0.0"], &["data", "end"]);
    play_content("with arguments", &["DATA x\r\n"], &["501 5.5.4"], &[]);
    let steps = ["MAIL FROM:<>\r\nDATA\r\n"];
    play("no recipient", Start::Secured, &steps, &["250 2.1.0", "554 5.5.1"], &["mail <>"]);
    play(
        "all recipients refused",
        Start::Secured,
        &["MAIL FROM:<>\r\nRCPT TO:<refused@y.example>\r\nRCPT TO:<later@y.example>\r\nDATA\r\n", "RSET\r\n"],
        &["250 2.1.0", "550 5.1.1", "451 4.7.500", "554 5.5.1", "250 2.0.0"],
        &["mail <>", "rcpt <refused@y.example>", "rcpt <later@y.example>", "reset Reset"],
    );
    play("no MAIL", Start::Secured, &["DATA\r\n"], &["503 5.5.1"], &[]);
    let binary = format!("{BINARY}DATA\r\n");
    play(
        "binary content needs BDAT",
        Start::Secured,
        &[&binary],
        &["250 2.1.0", "250 2.1.5", "503 5.5.1"],
        &["mail <a@b.example> BODY=BINARYMIME", "rcpt <x@y.example>"],
    );
}

#[test]
fn data_too_large() {
    let fits = "x".repeat(58) + "\r\n";
    let body = format!("body {}\\r\\n", "x".repeat(58));
    play_content(
        "as large as may be",
        &["DATA\r\n", &format!("{fits}.\r\n")],
        &["354", "250 2.6.0"],
        &["data", &body, "end"],
    );
    play_content(
        "one octet more",
        &["DATA\r\n", &format!("x{fits}.\r\n.\r\nMAIL FROM:<evil@example.com>\r\n"), "NOOP\r\n"],
        &["354", "552 5.3.4", "500 5.5.2", "250 2.1.0", "250 2.0.0"],
        &["data", &format!("body {}", "x".repeat(59)), "reset TooLarge", "mail <evil@example.com>"],
    );
    let endless = "x".repeat(300);
    play_content(
        "without end",
        &["DATA\r\n", &endless],
        &["354", "552 5.3.4"],
        &["data", &format!("body {}", "x".repeat(60)), "reset TooLarge", "close"],
    );
}

#[test]
fn octets_behind_data_end_the_session() {
    let mut talk = Talk::start(Start::Secured, Owner::Prompt);
    talk.say(ENVELOPE.as_bytes());
    talk.say(b"DATA\r\nMAIL FROM:<evil@example.com>\r\n");
    assert_eq!(talk.replies().last().unwrap(), "554 5.5.1");
    assert_eq!(talk.told[2..], ["reset Protocol", "close"]);
}

#[test]
fn content_before_the_354_ends_the_session() {
    let mut talk = Talk::start(Start::Secured, Owner::Prompt);
    talk.say(ENVELOPE.as_bytes());
    talk.owner = Owner::Late;
    talk.say(b"DATA\r\n");
    assert!(!talk.server.wants_input());
    talk.say(b"M");
    talk.rest();
    assert_eq!(talk.replies()[2..], ["554 5.5.1"]);
    assert_eq!(talk.told[2..], ["data", "reset Protocol", "close"]);
}

#[test]
fn bdat() {
    play_content(
        "one chunk",
        &["BDAT 5 LAST\r\na\nb\0c"],
        &["250 2.6.0"],
        &["chunk 5 last", "body a\\nb\\x00c", "end"],
    );
    play_content(
        "chunks pipelined",
        &["BDAT 2\r\n\r\nBDAT 0\r\nBDAT 1\r\n.BDAT 0 LAST\r\nNOOP\r\n"],
        &["250 2.0.0", "250 2.0.0", "250 2.0.0", "250 2.6.0", "250 2.0.0"],
        &["chunk 2", "body \\r\\n", "taken", "chunk 0", "taken", "chunk 1", "body .", "taken", "chunk 0 last", "end"],
    );
    play_content("empty message", &["BDAT 0 LAST\r\n"], &["250 2.6.0"], &["chunk 0 last", "end"]);
    play_content("leading zeros", &["bdat 0004 last\r\nNOOP"], &["250 2.6.0"], &["chunk 4 last", "body NOOP", "end"]);
    play_content(
        "commands are content",
        &["BDAT 17\r\nQUIT\r\n.\r\nRSET\r\n\r\nRSET\r\n"],
        &["250 2.0.0", "250 2.0.0"],
        &["chunk 17", "body QUIT\\r\\n.\\r\\nRSET\\r\\n\\r\\n", "taken", "reset Reset"],
    );
}

#[test]
fn a_refused_chunk_swallows_its_octets() {
    let evil = "MAIL FROM:<evil@e.x>\r\n";
    assert_eq!(evil.len(), 22);
    let chunk = |last| format!("BDAT 22{last}\r\n{evil}");
    play(
        "no MAIL",
        Start::Secured,
        &[&chunk(""), &chunk(" LAST"), "NOOP\r\n"],
        &["503 5.5.1", "503 5.5.1", "250 2.0.0"],
        &[],
    );
    play(
        "no recipient",
        Start::Secured,
        &[&format!("MAIL FROM:<>\r\n{}", chunk(" LAST")), "NOOP\r\n"],
        &["250 2.1.0", "554 5.5.1", "250 2.0.0"],
        &["mail <>"],
    );
    let large = format!("BDAT 61 LAST\r\n{}", "RSET\r\n".repeat(10) + "x");
    play_content("too large", &[&large, "NOOP\r\n"], &["552 5.3.4", "250 2.0.0"], &["reset TooLarge"]);
    let sum = format!("BDAT 39\r\n{}{}{}", "x".repeat(39), chunk(""), chunk(" LAST"));
    play_content(
        "too large together",
        &[&sum, "NOOP\r\n"],
        &["250 2.0.0", "552 5.3.4", "503 5.5.1", "250 2.0.0"],
        &["chunk 39", &format!("body {}", "x".repeat(39)), "taken", "reset TooLarge"],
    );
    play_content(
        "after the last",
        &["BDAT 0 LAST\r\n", &chunk(""), "NOOP\r\n"],
        &["250 2.6.0", "503 5.5.1", "250 2.0.0"],
        &["chunk 0 last", "end"],
    );
}

#[test]
fn a_chunk_of_unknown_or_absurd_size_ends_the_session() {
    for (size, reply) in [
        ("-1", "501 5.5.4"),
        ("1e3", "501 5.5.4"),
        ("", "501 5.5.4"),
        ("LAST", "501 5.5.4"),
        ("1 LAST x", "501 5.5.4"),
        ("9223372036854775808", "552 5.3.4"),
        ("18446744073709551615 LAST", "552 5.3.4"),
        ("18446744073709551616", "552 5.3.4"),
        ("201", "552 5.3.4"),
    ] {
        let mut cause = if reply.starts_with("552") { "reset TooLarge" } else { "reset Protocol" };
        if size.is_empty() {
            cause = "reset Protocol";
        }
        let step = format!("BDAT {size}\r\nMAIL FROM:<evil@example.com>\r\n");
        play_content(size, &[&step, "NOOP\r\n"], &[reply], &[cause, "close"]);
    }
}

#[test]
fn chunks_and_other_commands() {
    play_content(
        "between chunks",
        &["BDAT 1\r\nxDATA\r\n", "RCPT TO:<z@y.example>\r\nMAIL FROM:<>\r\nNOOP\r\nRSET\r\nBDAT 4\r\nNOOP"],
        &["250 2.0.0", "503 5.5.1", "503 5.5.1", "503 5.5.1", "250 2.0.0", "250 2.0.0", "503 5.5.1"],
        &["chunk 1", "body x", "taken", "reset Reset"],
    );
}

#[test]
fn a_chunk_refused_by_the_owner_ends_the_transaction() {
    let mut talk = Talk::start(Start::Secured, Owner::Prompt);
    talk.say(ENVELOPE.as_bytes());
    talk.owner = Owner::Late;
    talk.say(b"BDAT 4\r\nNOOPBDAT 6 LAST\r\nQUIT\r\nNOOP\r\n");
    assert_eq!(talk.told.last().unwrap(), "taken");
    talk.server.answer(Reply::no_memory(), talk.now);
    talk.server.feed(&mut talk.input, talk.now);
    talk.act();
    assert_eq!(talk.replies()[2..], ["452 4.3.1", "503 5.5.1", "250 2.0.0"]);
    assert_eq!(talk.told[2..], ["chunk 4", "body NOOP", "taken"]);
}

#[test]
fn data_refused_by_the_owner_ends_the_transaction() {
    let mut talk = Talk::start(Start::Secured, Owner::Prompt);
    talk.say(ENVELOPE.as_bytes());
    talk.owner = Owner::Late;
    talk.say(b"DATA\r\n");
    talk.server.answer(Reply::next_hop_lost(), talk.now);
    talk.owner = Owner::Prompt;
    talk.say(b"MAIL FROM:<>\r\n");
    assert_eq!(talk.replies()[2..], ["451 4.4.2", "250 2.1.0"]);
}

#[test]
fn the_peer_is_gone_in_the_middle() {
    for (said, told) in [
        ("DATA\r\n", &["data", "reset Disconnect", "close"][..]),
        ("BDAT 10 LAST\r\nabc", &["chunk 10 last", "body abc", "reset Disconnect", "close"]),
        ("BDAT 3 LAST\r\nabc", &["chunk 3 last", "body abc", "end", "reset Disconnect", "close"]),
        ("BDAT 3\r\nabc", &["chunk 3", "body abc", "taken", "reset Disconnect", "close"]),
    ] {
        let mut talk = Talk::start(Start::Secured, Owner::Prompt);
        talk.say(ENVELOPE.as_bytes());
        talk.owner = Owner::Late;
        talk.say(said.as_bytes());
        let before = talk.replies();
        talk.server.closed_by_peer(talk.now);
        talk.act();
        assert_eq!(talk.told[2..], *told, "{said}");
        assert_eq!(talk.replies(), before, "{said}: nothing is said to nobody");
    }
}

#[test]
fn content_is_a_slice_of_the_input() {
    let mut config = config(Start::Loopback);
    config.offer = Extensions::for_microsoft(1 << 20);
    for framing in ["DATA\r\n", "BDAT 60000 LAST\r\n"] {
        let now = Instant::now();
        let mut server = Server::new(Arc::new(config.clone()), now);
        let mut input = BytesMut::new();
        for command in ["", "EHLO a\r\n", ENVELOPE, framing] {
            input.extend_from_slice(command.as_bytes());
            server.feed(&mut input, now);
            while let Some(action) = server.poll_action() {
                if matches!(action, Action::Mail(_) | Action::Rcpt(_) | Action::Data) {
                    server.answer(verdict(&action), now);
                    server.feed(&mut input, now);
                }
            }
        }
        let line = "0123456789".repeat(6) + "\r\n";
        let mut message = BytesMut::from(line.repeat(60_000 / line.len()).as_bytes());
        message.extend_from_slice(b"..\r\n");
        let range = message.as_ptr_range();
        server.feed(&mut message, now);
        let mut slices = Vec::new();
        while let Some(action) = server.poll_action() {
            if let Action::Body(slice) = action {
                assert!(range.contains(&slice.as_ptr()));
                slices.push(slice);
            }
        }
        assert!(!slices.is_empty() && slices.len() <= 2, "{} slices", slices.len());
    }
}
