//! Retries: what the next hop has already is answered for, what it has not goes out, and a message sent again on
//! purpose is never swallowed.

use std::sync::Mutex;

use super::*;
use crate::transit::{Ledger, SharedLedger};

const ALL: &[&str] = &["one@example.org", "two@example.org", "three@example.org"];

fn ledger() -> SharedLedger {
    Arc::new(Mutex::new(Ledger::new(Bounds::default())))
}

fn to(recipients: &'static [&'static str]) -> Letter {
    Letter { recipients, ..Letter::new() }
}

/// One session with one message.
fn session(ledger: &SharedLedger, letter: &Letter, next_hop: NextHop) -> Drive {
    let page = Some(Page::new(ledger.clone()));
    let mut drive = Drive::begin_with(tenants(), letter, next_hop, Index::Fresh, page);
    talk(&mut drive, letter);
    drive
}

fn talk(drive: &mut Drive, letter: &Letter) {
    for recipient in letter.recipients {
        drive.tell(Input::Rcpt(Rcpt::to(Path::parse(recipient.as_bytes()).unwrap())));
    }
    send_content(drive, letter);
}

fn moment() -> Now {
    Now { instant: Instant::now(), wall: Timestamp::from_second(1_795_255_200).unwrap() }
}

/// The recipients whose copy went out, and the answer.
fn outcome(story: &Story) -> (Vec<String>, u16) {
    let from = story.told.iter().rposition(|word| word == "MAIL").unwrap_or_default();
    let copies = story.told.iter().skip(from).filter_map(|word| word.strip_prefix("RCPT ")).map(str::to_owned);
    let copies = if story.committed { copies.collect() } else { Vec::new() };
    (copies, story.answer("end"))
}

/// The session breaks when the next hop has answered.
fn cut(ledger: &SharedLedger, letter: &Letter) -> (Vec<String>, u16) {
    outcome(&session(ledger, letter, NextHop::default()).story)
}

impl Drive {
    /// The sender has our answer, and says something more.
    pub(super) fn sender_spoke(&mut self) {
        let page = self.page.as_mut().unwrap();
        page.answers_written();
        page.sender_spoke();
    }
}

/// The sender says something more.
fn spoken(ledger: &SharedLedger, letter: &Letter) -> (Vec<String>, u16) {
    let mut drive = session(ledger, letter, NextHop::default());
    drive.sender_spoke();
    outcome(&drive.story)
}

fn all() -> Vec<String> {
    ALL.iter().map(|one| (*one).to_owned()).collect()
}

#[test]
fn a_retry_of_what_everybody_has_is_answered_and_nothing_goes_out() {
    for chunks in [Chunks::Data, Chunks::OneLast, Chunks::Many(50), Chunks::ManyThenEmpty(50)] {
        let ledger = ledger();
        let letter = Letter { chunks, ..to(ALL) };
        assert_eq!(cut(&ledger, &letter), (all(), 250), "{chunks:?}");
        let drive = session(&ledger, &letter, NextHop::default());
        assert_eq!(outcome(&drive.story), (vec![], 250), "{chunks:?}");
        assert_eq!(drive.story.told.last().map(String::as_str), Some("release"), "{chunks:?}");
        assert!(drive.story.content.is_empty());
        let record = drive.story.record.as_ref().unwrap();
        assert_eq!((record.had_it, record.verdict.word(), record.next_hop_code), (3, "accepted", None));
        assert_eq!((record.copies, drive.story.shares()), (0, vec!["repeated: 0 1 2".to_owned()]));
        drop(drive);
        // The answer was lost once more.
        assert_eq!(spoken(&ledger, &letter), (vec![], 250), "{chunks:?}");
        assert!(ledger.lock().unwrap().is_empty());
        // Now its sender has it: the same again is wanted.
        assert_eq!(cut(&ledger, &letter), (all(), 250), "{chunks:?}");
    }
}

/// A sender that regroups its recipients learns of those in hand, and of no other.
#[test]
fn an_answer_for_some_recipients_forgets_nothing_of_the_others() {
    for first in [&ALL[..1], ALL] {
        let ledger = ledger();
        cut(&ledger, &to(first));
        let had: Vec<String> = first.iter().map(|one| (*one).to_owned()).collect();
        let second = &ALL[1..2];
        let new = if had.iter().any(|one| one == second[0]) { vec![] } else { vec![second[0].to_owned()] };
        assert_eq!(spoken(&ledger, &to(second)), (new, 250), "{first:?}");
        assert_eq!(cut(&ledger, &to(&ALL[..1])), (vec![], 250), "a second copy: {first:?}");
    }
}

#[test]
fn trace_fields_of_another_try_make_no_difference() {
    let ledger = ledger();
    cut(&ledger, &to(ALL));
    let mut again = to(ALL);
    again.headers = format!("Received: from elsewhere\r\nX-MS-Exchange-Retry: 2\r\n{}", again.headers);
    assert_eq!(cut(&ledger, &again), (vec![], 250));
}

#[test]
fn without_a_ledger_a_retry_is_a_second_copy() {
    let letter = to(ALL);
    for _ in 0..2 {
        assert_eq!(outcome(&deliver(&letter, NextHop::default())), (all(), 250));
    }
}

#[test]
fn only_those_who_have_nothing_get_a_copy() {
    type Case = (&'static [&'static str], &'static [&'static str], &'static [&'static str]);
    let cases: [Case; 5] = [
        (&ALL[..1], ALL, &ALL[1..]),
        (&ALL[1..], ALL, &ALL[..1]),
        (ALL, &ALL[..2], &[]),
        (&ALL[..2], &ALL[2..], &ALL[2..]),
        (&ALL[..2], &ALL[1..], &ALL[2..]),
    ];
    for pipelining in [true, false] {
        for (first, second, copies) in cases {
            let ledger = ledger();
            let next_hop = || {
                let extensions = Extensions { pipelining, ..NextHop::default().extensions };
                NextHop { extensions, ..NextHop::default() }
            };
            assert_eq!(outcome(&session(&ledger, &to(first), next_hop()).story).1, 250);
            let story = session(&ledger, &to(second), next_hop()).story;
            assert_eq!(outcome(&story), (copies.iter().map(|one| (*one).to_owned()).collect(), 250), "{second:?}");
            let signed = if copies.is_empty() { "none" } else { "signed" };
            assert_eq!(story.fate(), signed);
            // Whoever was in either try has it now.
            assert_eq!(outcome(&session(&ledger, &to(second), next_hop()).story), (vec![], 250));
        }
    }
}

/// A condition on all recipients together is about the message as it was sent: that some of them have it already changes
/// nothing for the rest.
#[test]
fn a_condition_on_all_recipients_sees_those_who_have_it_as_well() {
    let one = r#"{"addresses": ["one@example.org"], "judged": "any"}"#;
    let others = r#"{"addresses": ["two@example.org", "three@example.org"], "judged": "all"}"#;
    for (applies, fate) in [
        (format!(r#"{{"recipients": {one}}}"#), "signed"),
        (format!(r#"{{"except": {{"recipients": {one}}}}}"#), "no_signature"),
        (format!(r#"{{"recipients": {others}}}"#), "no_signature"),
        (format!(r#"{{"except": {{"recipients": {others}}}}}"#), "signed"),
        // Whoever has it does not keep the rest from what all of the rest are to get.
        (r#"{"except": {"recipients": {"addresses": ["one@example.org"]}}}"#.to_owned(), "signed"),
    ] {
        let tenants = tenants_of("pass", &applies);
        let ledger = ledger();
        let send = |recipients| {
            let letter = to(recipients);
            let page = Some(Page::new(ledger.clone()));
            let mut drive = Drive::begin_with(tenants.clone(), &letter, NextHop::default(), Index::Fresh, page);
            talk(&mut drive, &letter);
            drive
        };
        drop(send(&ALL[..1]));
        let again = send(ALL);
        assert_eq!(outcome(&again.story), (all()[1..].to_vec(), 250), "{applies}");
        assert_eq!(again.story.fate(), fate, "{applies}");
    }
}

#[test]
fn another_message_of_that_name_is_delayed_once_and_then_delivered() {
    for recipients in [ALL, &ALL[..1]] {
        let ledger = ledger();
        cut(&ledger, &to(&ALL[..1]));
        let changed = Letter { body: "Hello Rob\r\n".to_owned(), ..to(recipients) };
        assert_eq!(cut(&ledger, &changed), (vec![], 451));
        let copies: Vec<String> = recipients.iter().map(|one| (*one).to_owned()).collect();
        assert_eq!(cut(&ledger, &changed), (copies, 250));
        assert_eq!(cut(&ledger, &changed), (vec![], 250));
    }
}

#[test]
fn a_different_subject_or_recipient_field_is_another_message() {
    for (before, after) in [("Subject: Plans", "Subject: Plan"), ("To: bob@", "To: rob@"), ("plain", "plain2")] {
        let ledger = ledger();
        cut(&ledger, &to(ALL));
        let mut changed = to(ALL);
        changed.headers = changed.headers.replace(before, after);
        assert_eq!(cut(&ledger, &changed), (vec![], 451), "{after}");
        assert_eq!(cut(&ledger, &changed), (all(), 250), "{after}");
    }
}

#[test]
fn a_message_without_an_id_is_never_taken_for_another() {
    let ledger = ledger();
    let mut letter = to(ALL);
    letter.headers = letter.headers.replace("Message-ID: <1@contoso.example>\r\n", "");
    for _ in 0..2 {
        assert_eq!(cut(&ledger, &letter), (all(), 250));
    }
    assert!(ledger.lock().unwrap().is_empty());
}

#[test]
fn what_the_next_hop_did_not_take_is_sent_again() {
    for reply in [
        Reply::new(451, "4.7.500", "busy"),
        Reply::new(550, "5.6.0", "content"),
        Reply::new(354, "", "?"),
        Reply::new(550, "5.7.64", "TenantAttribution; Relay Access Denied SMTP"),
    ] {
        let ledger = ledger();
        let next_hop = NextHop { refuses: vec![(Asked::EndOfMessage, 0, reply.clone())], ..NextHop::default() };
        assert_ne!(session(&ledger, &to(ALL), next_hop).story.answer("end"), 250);
        assert_eq!(cut(&ledger, &to(ALL)), (all(), 250), "{reply:?}");
    }
    let ledger = ledger();
    let mut drive = silent_at_the_end(&ledger);
    drive.tell(Input::NextHopGone(0, ClientError::Disconnected));
    assert_eq!(drive.story.answer("end"), 451);
    assert_eq!(cut(&ledger, &to(ALL)), (all(), 250), "unknown is not taken");
}

/// A message whose last octet is out and whose answer does not come.
fn silent_at_the_end(ledger: &SharedLedger) -> Drive {
    let letter = to(ALL);
    let page = Some(Page::new(ledger.clone()));
    let mut drive = Drive::begin_with(tenants(), &letter, NextHop::default(), Index::Fresh, page);
    for recipient in letter.recipients {
        drive.tell(Input::Rcpt(Rcpt::to(Path::parse(recipient.as_bytes()).unwrap())));
    }
    drive.next_hop.silent = true;
    send_content(&mut drive, &letter);
    assert!(drive.transit.is_committed());
    drive
}

#[test]
fn a_retry_beside_a_try_whose_answer_is_awaited_waits_for_it() {
    let ledger = ledger();
    let mut first = silent_at_the_end(&ledger);
    assert_eq!(cut(&ledger, &to(ALL)), (vec![], 451));
    assert_eq!(cut(&ledger, &to(&ALL[..1])), (vec![], 451));
    first.tell(Input::NextHop(0, Asked::EndOfMessage, Reply::new(250, "2.6.0", "taken by the next hop")));
    assert_eq!(first.story.answer("end"), 250);
    // Even before anybody noticed that the first session is broken.
    assert_eq!(cut(&ledger, &to(ALL)), (vec![], 250));
    drop(first);
    assert_eq!(cut(&ledger, &to(ALL)), (vec![], 250));
}

#[test]
fn an_answer_that_comes_after_ours_is_known_to_the_retry() {
    // The sender is told 451, or is gone and told nothing.
    for sender in [451, 0] {
        for (reply, retry) in [(Some(250), (vec![], 250)), (Some(550), (all(), 250)), (None, (all(), 250))] {
            let ledger = ledger();
            let mut drive = silent_at_the_end(&ledger);
            let end = if sender == 0 { Input::Reset(Cause::Disconnect) } else { Input::VerdictLate(0) };
            drive.tell(end);
            assert_eq!((drive.story.answer("end"), drive.story.aborted), (sender, false));
            let mut page = drive.story.left_behind.take().expect("somebody listens on");
            drop(drive);
            assert_eq!(cut(&ledger, &to(ALL)), (vec![], 451), "still awaited");
            if let Some(code) = reply {
                page.note_late(Some(&Reply::new(code, "", "late")), moment());
            }
            drop(page);
            assert_eq!(cut(&ledger, &to(ALL)), retry, "{reply:?}");
        }
    }
}

#[test]
fn without_a_ledger_a_late_verdict_is_not_listened_for() {
    let letter = to(ALL);
    let mut drive = Drive::begin(&letter, NextHop::default(), Index::Fresh);
    for recipient in letter.recipients {
        drive.tell(Input::Rcpt(Rcpt::to(Path::parse(recipient.as_bytes()).unwrap())));
    }
    drive.next_hop.silent = true;
    send_content(&mut drive, &letter);
    drive.tell(Input::VerdictLate(0));
    assert_eq!((drive.story.answer("end"), drive.story.aborted), (451, true));
}

#[test]
fn a_try_that_was_overtaken_by_its_retry_is_not_committed() {
    for (overtaker, answer) in [(ALL, 250), (&ALL[..1], 250)] {
        let ledger = ledger();
        let letter = to(ALL);
        let page = Some(Page::new(ledger.clone()));
        let mut first = Drive::begin_with(tenants(), &letter, NextHop::default(), Index::Fresh, page);
        for recipient in letter.recipients {
            first.tell(Input::Rcpt(Rcpt::to(Path::parse(recipient.as_bytes()).unwrap())));
        }
        first.tell(Input::Data);
        first.tell(Input::Body(letter.octets().into()));
        let mut second = session(&ledger, &to(overtaker), NextHop::default());
        assert_eq!(second.story.answer("end"), answer);
        first.tell(Input::EndOfMessage);
        assert_eq!((first.story.answer("end"), first.story.committed), (451, false));
        assert_eq!(ledger.lock().unwrap().len(), 1, "what was not committed is not noted");
        second.sender_spoke();
    }
}

#[test]
fn an_answer_to_the_reset_of_the_message_before_is_nothing() {
    let letter = to(ALL);
    let mut drive = Drive::begin(&letter, NextHop::default(), Index::Fresh);
    let told = drive.story.told.clone();
    drive.tell(Input::NextHop(0, Asked::Reset, Reply::new(250, "2.0.0", "reset")));
    assert_eq!(drive.story.told, told);
    talk(&mut drive, &letter);
    assert_eq!(outcome(&drive.story), (all(), 250));
}

#[test]
fn a_gate_that_stays_shut_leaves_nothing_in_the_ledger() {
    let ledger = ledger();
    let letter = to(ALL);
    let page = Some(Page::new(ledger.clone()));
    let mut drive = Drive::begin_with(tenants(), &letter, NextHop::default(), Index::Fresh, page);
    drive.gate_stays_shut = true;
    talk(&mut drive, &letter);
    assert_eq!(ledger.lock().unwrap().len(), 1);
    drive.tell(Input::Reset(Cause::Disconnect));
    assert!(ledger.lock().unwrap().is_empty() && !drive.story.committed && drive.story.left_behind.is_none());
    assert_eq!(cut(&ledger, &letter), (all(), 250));
}

#[test]
fn an_answer_of_the_rest_is_the_answer_for_all() {
    for (reply, left) in [(Reply::new(451, "4.3.2", "no"), 1), (Reply::new(550, "5.6.0", "no"), 0)] {
        let ledger = ledger();
        cut(&ledger, &to(&ALL[..1]));
        let next_hop = NextHop { refuses: vec![(Asked::EndOfMessage, 0, reply.clone())], ..NextHop::default() };
        let mut drive = session(&ledger, &to(ALL), next_hop);
        assert_eq!(drive.story.answer("end"), reply.code());
        drive.sender_spoke();
        assert_eq!(ledger.lock().unwrap().len(), left, "{}", reply.code());
    }
}

#[test]
fn an_envelope_that_is_answered_otherwise_the_second_time_is_sent_nothing() {
    let cases = [
        (Asked::Reset, 0, Reply::new(421, "4.3.2", "closing")),
        (Asked::Mail, 1, Reply::new(550, "5.7.1", "no")),
        (Asked::Rcpt, 3, Reply::new(550, "5.1.1", "unknown")),
    ];
    for (asked, before, reply) in cases {
        let ledger = ledger();
        cut(&ledger, &to(&ALL[..1]));
        let next_hop = NextHop { refuses: vec![(asked, before, reply)], ..NextHop::default() };
        let story = session(&ledger, &to(ALL), next_hop).story;
        assert_eq!(outcome(&story), (vec![], 451), "{asked:?}");
        assert_eq!(outcome(&session(&ledger, &to(ALL), NextHop::default()).story), (all()[1..].to_vec(), 250));
    }
}

#[test]
fn the_tenant_that_only_the_headers_tell_has_its_ledger_too() {
    let ledger = ledger();
    let letter = Letter { mail_from: "", ..to(&ALL[..1]) };
    assert_eq!(cut(&ledger, &letter), (all()[..1].to_vec(), 250));
    assert_eq!(cut(&ledger, &letter), (vec![], 250));
}

#[test]
fn a_large_message_is_proven_without_being_held() {
    let ledger = ledger();
    let letter = Letter { body: "x\r\n".repeat(200_000), ..to(ALL) };
    cut(&ledger, &letter);
    let mut drive = Drive::begin_with(tenants(), &letter, NextHop::default(), Index::Fresh, Some(Page::new(ledger)));
    for recipient in letter.recipients {
        drive.tell(Input::Rcpt(Rcpt::to(Path::parse(recipient.as_bytes()).unwrap())));
    }
    drive.tell(Input::Data);
    for piece in letter.octets().chunks(50_000) {
        assert!(drive.transit.wants_body());
        drive.tell(Input::Body(Bytes::copy_from_slice(piece)));
        assert!(drive.transit.held_bytes() < 60_000);
    }
    drive.tell(Input::EndOfMessage);
    assert_eq!(outcome(&drive.story), (vec![], 250));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 300, ..Default::default() })]

    /// However a sender regroups its recipients over any number of broken tries: each has the message exactly once, as
    /// long as the message is the same.
    #[test]
    fn regrouped_recipients_have_one_copy_each(tries in proptest::collection::vec(1usize..8, 1..6)) {
        let ledger = ledger();
        let mut copies: Vec<String> = Vec::new();
        for subset in tries.into_iter().chain([7]) {
            let chosen: Vec<&'static str> =
                ALL.iter().enumerate().filter(|(bit, _)| subset >> bit & 1 == 1).map(|(_, one)| *one).collect();
            let (sent, code) = cut(&ledger, &to(Box::leak(chosen.into_boxed_slice())));
            proptest::prop_assert_eq!(code, 250);
            copies.extend(sent);
        }
        copies.sort();
        let mut expected = all();
        expected.sort();
        proptest::prop_assert_eq!(copies, expected);
    }
}
