//! Every wait for the peer is bounded; no wait for the owner is.

use super::*;

fn open_data(talk: &mut Talk) {
    talk.say(b"MAIL FROM:<a@b.example>\r\nRCPT TO:<x@y.example>\r\nDATA\r\n");
    assert_eq!(talk.replies().last().unwrap(), "354");
}

/// Moves the clock to `seconds` after the start and lets it strike.
fn strike(talk: &mut Talk, start: Instant, seconds: u64) {
    talk.now = start + Duration::from_secs(seconds);
    talk.server.handle_timeout(talk.now);
    talk.act();
}

#[test]
fn an_idle_peer() {
    for (said, told) in
        [("", &["reset Timeout", "close"][1..]), ("MAIL FROM:<>\r\nNO", &["mail <>", "reset Timeout", "close"])]
    {
        let mut talk = Talk::start(Start::Secured, Owner::Prompt);
        talk.say(said.as_bytes());
        let start = talk.now;
        assert_eq!(talk.server.poll_timeout(), Some(start + Duration::from_secs(300)));
        strike(&mut talk, start, 299);
        talk.say(b"x");
        strike(&mut talk, start, 300);
        assert_eq!(talk.told, told, "an octet is no command");
        assert_eq!(talk.replies().last().unwrap(), "421 4.4.2");
        assert_eq!(talk.server.poll_timeout(), None);
        assert!(!talk.server.wants_input());
    }
}

#[test]
fn a_command_renews_the_time() {
    let mut talk = Talk::start(Start::Secured, Owner::Prompt);
    let start = talk.now;
    strike(&mut talk, start, 299);
    talk.say(b"NOOP\r\n");
    strike(&mut talk, start, 598);
    assert_eq!(talk.told, [""; 0]);
    strike(&mut talk, start, 599);
    assert_eq!(talk.told, ["close"]);
}

#[test]
fn a_peer_that_must_speak_tls_has_a_minute_for_it() {
    let mut talk = Talk::new(config(Start::Fresh), Owner::Prompt);
    let start = talk.now;
    for second in [20, 40, 59] {
        strike(&mut talk, start, second);
        talk.say(b"NOOP\r\n");
    }
    assert_eq!((&talk.told[..], talk.server.poll_timeout()), (&[][..], Some(start + Duration::from_secs(60))));
    strike(&mut talk, start, 60);
    assert_eq!((&talk.told[..], talk.replies().last().unwrap().as_str()), (&["close".to_owned()][..], "421 4.4.2"));
}

#[test]
fn a_handshake_without_end() {
    let mut talk = Talk::new(config(Start::Fresh), Owner::Prompt);
    talk.say(b"EHLO a\r\n");
    talk.say(b"STARTTLS\r\n");
    let start = talk.now;
    assert_eq!(talk.server.poll_timeout(), Some(start + Duration::from_secs(30)));
    strike(&mut talk, start, 30);
    assert_eq!(talk.told, ["ehlo a", "tls", "close"]);
    assert_eq!(talk.replies().last().unwrap(), "220 2.0.0", "no plaintext after the 220");
}

#[test]
fn content_that_stalls() {
    for framing in ["DATA", "BDAT", "refused BDAT", "refused DATA"] {
        let mut talk = Talk::start(Start::Secured, Owner::Prompt);
        match framing {
            "DATA" => open_data(&mut talk),
            "BDAT" => talk.say(b"MAIL FROM:<>\r\nRCPT TO:<x@y.example>\r\nBDAT 50 LAST\r\n"),
            "refused BDAT" => talk.say(b"BDAT 50 LAST\r\n"),
            _ => {
                open_data(&mut talk);
                talk.say(b"\n");
            }
        }
        let start = talk.now;
        strike(&mut talk, start, 59);
        talk.say(b"x");
        strike(&mut talk, start, 61);
        let told = talk.told.join("|");
        assert!(told.ends_with("close"), "{framing}: {told}");
        assert_eq!(told.contains("reset Timeout"), !framing.starts_with("refused"), "{framing}: {told}");
        assert_eq!(talk.replies().last().unwrap(), "421 4.4.2");
    }
}

/// The owner reads nothing while it waits for a next hop: that is no fault of the peer.
#[test]
fn a_peer_that_could_not_go_on_is_given_its_time_anew() {
    let mut talk = Talk::start(Start::Loopback, Owner::Prompt);
    open_data(&mut talk);
    let start = talk.now;
    talk.server.owner_was_busy(start + Duration::from_secs(90));
    strike(&mut talk, start, 149);
    talk.say(b"x\r\n.\r\n");
    assert!(talk.replies().last().unwrap().starts_with("250"));
    let start = talk.now;
    talk.server.owner_was_busy(start + Duration::from_secs(100));
    strike(&mut talk, start, 399);
    assert!(talk.server.wants_input());
    strike(&mut talk, start, 400);
    assert_eq!(talk.replies().last().unwrap(), "421 4.4.2");
}

#[test]
fn content_that_drips() {
    // One octet a second is a slow loris: cut off after a little more than a minute. 600 octets a second are a bad line.
    for (octets_per_second, survives) in [(1usize, false), (400, false), (600, true)] {
        let mut config = config(Start::Loopback);
        config.offer.size = Some(Some(1 << 20));
        let mut talk = Talk::new(config, Owner::Prompt);
        talk.say(b"EHLO a\r\n");
        open_data(&mut talk);
        let start = talk.now;
        for second in 1..=400 {
            strike(&mut talk, start, second);
            if talk.told.last().is_some_and(|told| told == "close") {
                break;
            }
            talk.say("x".repeat(octets_per_second).as_bytes());
        }
        assert_eq!(talk.told.last().unwrap() != "close", survives, "{octets_per_second} octets a second");
        if octets_per_second == 1 {
            assert!(talk.now <= start + Duration::from_secs(61));
        }
    }
}

#[test]
fn the_owner_takes_its_time() {
    let mut talk = Talk::start(Start::Secured, Owner::Prompt);
    open_data(&mut talk);
    talk.owner = Owner::Late;
    talk.say(b".\r\n");
    let start = talk.now;
    assert_eq!(talk.server.poll_timeout(), None);
    strike(&mut talk, start, 10_000);
    talk.rest();
    assert_eq!(talk.replies().last().unwrap(), "250 2.6.0");
    assert_eq!(talk.server.poll_timeout(), Some(talk.now + Duration::from_secs(300)));
}
