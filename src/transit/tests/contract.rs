//! The contract: what the next hop says is what the sender hears, and nothing but its 2xx is a success.

use proptest::prelude::*;

use super::*;

#[test]
fn what_the_next_hop_says_is_what_the_sender_hears() {
    let cases = [
        (Asked::Mail, Reply::new(550, "5.7.1", "no"), "MAIL", 550),
        (Asked::Mail, Reply::new(451, "4.7.500", "Server busy"), "MAIL", 451),
        (Asked::Mail, Reply::new(550, "5.7.64", "TenantAttribution; Relay Access Denied SMTP"), "MAIL", 451),
        (Asked::Mail, Reply::new(550, "5.7.606", "Access denied, banned sending IP"), "MAIL", 451),
        (Asked::Mail, Reply::new(421, "4.3.2", "closing"), "MAIL", 451),
        (Asked::Rcpt, Reply::new(550, "5.1.1", "unknown"), "RCPT", 550),
        (Asked::Rcpt, Reply::new(452, "4.5.3", "too many"), "RCPT", 452),
        (Asked::Rcpt, Reply::new(421, "4.3.2", "closing"), "RCPT", 451),
        (Asked::Data, Reply::new(554, "5.5.1", "no"), "end", 554),
        (Asked::EndOfMessage, Reply::new(550, "5.6.0", "content"), "end", 550),
        (Asked::EndOfMessage, Reply::new(452, "4.2.2", "full"), "end", 452),
        (Asked::EndOfMessage, Reply::new(354, "", "?"), "end", 451),
        (Asked::EndOfMessage, Reply::new(550, "5.7.649", "banned"), "end", 451),
    ];
    for (asked, reply, verb, code) in cases {
        let mut letter = Letter::new();
        // Long enough to be on its way by DATA before its end is seen.
        letter.headers = letter.headers.replace("text/plain; charset=utf-8", "application/octet-stream");
        letter.body = "x\r\n".repeat(100_000);
        let story = deliver(&letter, NextHop::refusing(asked, reply.clone()));
        assert_eq!(story.answer(verb), code, "{asked:?} {reply:?}");
        let success = story.answers.iter().any(|(verb, reply)| *verb == "end" && reply.is_success());
        assert!(!success, "{asked:?} {reply:?}");
    }
}

#[test]
fn one_recipient_of_three_refused_leaves_the_two_others() {
    let mut letter = Letter::new();
    letter.recipients = &["one@example.org", "two@example.org", "three@example.org"];
    let next_hop =
        NextHop { refuses: vec![(Asked::Rcpt, 1, Reply::new(550, "5.1.1", "unknown"))], ..NextHop::default() };
    let story = deliver(&letter, next_hop);
    let codes: Vec<u16> = story.answers.iter().map(|(_, reply)| reply.code()).collect();
    assert_eq!(codes, [250, 250, 550, 250, 354, 250]);
    assert_eq!(story.record.unwrap().recipients, ["one@example.org", "three@example.org"]);
}

#[test]
fn a_kept_session_that_turns_out_dead_is_replaced_once() {
    let closing = || Reply::new(421, "4.4.2", "idle for too long");
    assert_eq!(replaced(|| Input::NextHopGone(0, ClientError::Disconnected)), (2, Some(451)));
    assert_eq!(replaced(|| Input::NextHop(0, Asked::Mail, closing())), (2, Some(451)));
    assert_eq!(replaced(|| Input::NextHop(0, Asked::Mail, Reply::new(451, "4.7.500", "busy"))), (1, Some(451)));
}

/// How often a session was leased, and the answer to MAIL, when each MAIL to the next hop meets `end`.
fn replaced(end: impl Fn() -> Input) -> (usize, Option<u16>) {
    let letter = Letter::new();
    let now = Now { instant: Instant::now(), wall: Timestamp::UNIX_EPOCH };
    let sender = Sender {
        proof: Proof::Microsoft,
        hello: String::new(),
        address: std::net::Ipv4Addr::LOCALHOST.into(),
        tls: None,
    };
    let mut transit = Transit::new(context(), Arc::new(sender), region(), Index::Fresh, [0; 16], mail(&letter), now);
    let extensions = NextHop::default().extensions;
    let mut leases = 0;
    let mut answer = None;
    loop {
        let Some(output) = transit.poll_output() else { break };
        match output {
            Output::Lease(_, wanted) => {
                assert_eq!(wanted, if leases == 0 { Wanted::Any } else { Wanted::New });
                leases += 1;
                let reused = wanted == Wanted::Any;
                let lease = Lease { extensions: extensions.clone(), reused, attribution_refused_since: None };
                transit.handle(Input::Leased(lease), now);
            }
            Output::Tell(_, Command::Mail(_)) => transit.handle(end(), now),
            Output::Answer(reply) => answer = Some(reply.code()),
            _ => {}
        }
    }
    (leases, answer)
}

#[test]
fn a_sender_that_goes_away_terminates_nothing() {
    let letter = Letter::new();
    let octets = Bytes::from(letter.octets());
    for cut in 0..octets.len() {
        let mut drive = Drive::begin(&letter, NextHop::default(), Index::Fresh);
        drive.tell(Input::Rcpt(Rcpt::to(Path::parse("bob@example.org").unwrap())));
        drive.tell(Input::Data);
        drive.tell(Input::Body(octets.slice(..cut)));
        drive.tell(Input::Reset(Cause::Disconnect));
        assert!(!drive.story.committed, "cut at {cut}");
    }
}

/// What may happen at any moment.
fn event() -> impl Strategy<Value = u8> {
    0u8..14
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    /// Whatever the order of events: no success but the next hop's own after the commit point (asserted by the drive),
    /// one record at most, and every question is answered once the message has failed.
    #[test]
    fn no_order_of_events_makes_a_success(events in proptest::collection::vec(event(), 1..40), code in 200u16..600) {
        let letter = Letter::new();
        let octets = Bytes::from(letter.octets());
        let next_hop = NextHop { refuses: vec![(Asked::EndOfMessage, 0, Reply::new(code, "", "taken by the next hop"))], ..NextHop::default() };
        let mut drive = Drive::begin(&letter, next_hop, Index::Fresh);
        let mut at = 0;
        let mut ended = false;
        for event in events {
            if ended {
                break;
            }
            match event {
                0 | 1 => drive.tell(Input::Rcpt(Rcpt::to(Path::parse("bob@example.org").unwrap()))),
                2 => drive.tell(Input::Data),
                3..=6 => {
                    let to = (at + 100).min(octets.len());
                    drive.tell(Input::Body(octets.slice(at..to)));
                    at = to;
                }
                7 => {
                    drive.tell(Input::EndOfMessage);
                    ended = true;
                }
                8 => drive.tell(Input::OutOfMemory),
                9 => drive.tell(Input::OutOfTime),
                10 => drive.tell(Input::NextHopGone(0, ClientError::Disconnected)),
                11 => drive.tell(Input::NextHop(0, Asked::EndOfMessage, Reply::new(250, "2.0.0", "early"))),
                12 => drive.tell(Input::BareLineEnd(0)),
                _ => {
                    drive.tell(Input::Reset(Cause::Disconnect));
                    ended = true;
                }
            }
        }
        if let Some((_, reply)) = drive.story.answers.iter().find(|(verb, _)| *verb == "end") {
            prop_assert!(reply.is_success() == (drive.story.committed && (200..300).contains(&code)) || !reply.is_success());
        }
    }
}
