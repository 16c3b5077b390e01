//! Every answer is waited for, and not for ever.

use super::*;

fn seconds(talk: &Talk) -> Option<u64> {
    talk.client.poll_timeout().map(|deadline| (deadline - talk.now).as_secs())
}

/// A second before its time nothing happens; at its time the session fails.
fn runs_out(mut talk: Talk, allowed: u64) {
    assert_eq!(seconds(&talk), Some(allowed));
    talk.told();
    talk.client.handle_timeout(talk.now + Duration::from_secs(allowed - 1));
    assert_eq!(talk.told(), [""; 0]);
    talk.client.handle_timeout(talk.now + Duration::from_secs(allowed));
    assert_eq!(talk.told(), ["failed Timeout"]);
    assert_eq!(talk.client.poll_timeout(), None);
}

#[test]
fn opening() {
    runs_out(Talk::new(Tls::Required), 30);
    let said = ["220 x\r\n", "250-x\r\n250 STARTTLS\r\n", "220 go\r\n"];
    for number in 1..=said.len() {
        let mut talk = Talk::new(Tls::Required);
        for line in said.iter().take(number) {
            talk.now += Duration::from_secs(20);
            talk.hear(line.as_bytes());
        }
        runs_out(talk, 30);
    }
}

#[test]
fn commands() {
    type Act = fn(&mut Client, Instant);
    let begin: [(Act, u64); 6] = [
        (|client, now| client.mail(&mail("a@b.example"), now), 60),
        (|client, now| client.rcpt(&rcpt("a@b.example"), now), 60),
        (|client, now| client.data(now), 60),
        (|client, now| client.reset(now), 60),
        (|client, now| client.quit(now), 10),
        (|client, now| client.chunk(0, true, now), 540),
    ];
    for (act, allowed) in begin {
        let mut talk = Talk::ready(PIPELINING);
        talk.now += Duration::from_secs(1_000);
        assert_eq!(seconds(&talk), None, "idle");
        act(&mut talk.client, talk.now);
        runs_out(talk, allowed);
    }
}

#[test]
fn each_answer_has_its_own_time() {
    let mut talk = Talk::ready(PIPELINING);
    talk.client.mail(&mail("a@b.example"), talk.now);
    talk.client.rcpt(&rcpt("a@b.example"), talk.now);
    talk.now += Duration::from_secs(40);
    talk.hear(b"250 OK\r\n250");
    assert_eq!(seconds(&talk), Some(60));
    talk.now += Duration::from_secs(59);
    talk.hear(b" ");
    assert_eq!(seconds(&talk), Some(1), "half a line is no answer");
}

#[test]
fn all_answers_together_have_a_time_that_grows_with_them() {
    // How many of a thousand recipients are answered when each answer takes so many seconds.
    for (each, expected) in [(1, 1_000), (2, 97), (10, 9), (59, 0)] {
        let mut talk = Talk::ready(PIPELINING);
        talk.client.mail(&mail("a@b.example"), talk.now);
        (0..1_000).for_each(|_| talk.client.rcpt(&rcpt("a@b.example"), talk.now));
        let mut answered = 0;
        while answered < 1_001 && seconds(&talk).is_some_and(|left| left > each) {
            talk.now += Duration::from_secs(each);
            talk.hear(b"250 OK\r\n");
            answered += 1;
        }
        assert_eq!(answered, expected + 1, "{each} s each");
        // The next message has all of it again.
        if answered == 1_001 {
            talk.client.mail(&mail("a@b.example"), talk.now);
            assert_eq!(seconds(&talk), Some(60));
        }
    }
}

#[test]
fn the_verdict_is_waited_for_from_the_end_of_the_content() {
    let mut talk = Talk::ready(PIPELINING);
    talk.client.data(talk.now);
    talk.hear(b"354 go\r\n");
    talk.now += Duration::from_secs(5_000);
    talk.client.body(Bytes::from_static(b"x")).unwrap();
    assert_eq!(seconds(&talk), None);
    talk.client.end_of_data(talk.now);
    runs_out(talk, 540);

    let mut talk = Talk::ready(PIPELINING);
    talk.client.chunk(2, true, talk.now);
    talk.client.body(Bytes::from_static(b"x")).unwrap();
    talk.now += Duration::from_secs(5_000);
    assert_eq!(seconds(&talk), None);
    talk.client.body(Bytes::from_static(b"y")).unwrap();
    talk.client.end_of_data(talk.now);
    runs_out(talk, 540);
}

#[test]
fn an_answer_before_the_chunk_that_is_going_out_is_waited_for() {
    let mut talk = Talk::ready(PIPELINING);
    talk.client.chunk(1, false, talk.now);
    talk.client.body(Bytes::from_static(b"x")).unwrap();
    talk.client.chunk(2, true, talk.now);
    talk.client.body(Bytes::from_static(b"y")).unwrap();
    runs_out(talk, 60);
}

#[test]
fn a_late_verdict_is_told_once_and_listened_for_a_while_longer() {
    let mut talk = Talk::ready(PIPELINING);
    let config = Arc::make_mut(&mut talk.client.config);
    config.late_verdict = Duration::from_secs(60);
    talk.client.chunk(0, true, talk.now);
    talk.client.handle_timeout(talk.now + Duration::from_secs(540));
    assert_eq!((talk.told(), seconds(&talk)), (vec!["late".to_owned()], Some(600)));
    talk.hear(b"250 OK\r\n");
    assert_eq!(talk.told(), ["EndOfMessage 250 OK"]);

    talk.client.chunk(0, true, talk.now);
    talk.client.handle_timeout(talk.now + Duration::from_secs(600));
    assert_eq!(talk.told(), ["failed Timeout"]);
}
