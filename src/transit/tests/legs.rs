//! Recipients who get different copies: each kind goes out on a leg of its own, and whatever becomes of one of them, each
//! recipient has its copy once in the end.

use std::collections::BTreeMap;
use std::sync::Mutex;

use super::*;
use crate::transit::{Ledger, SharedLedger};

/// One of them gets the signature, by [`ONE`]; two of them nothing.
const ALL: &[&str] = &["one@example.org", "two@example.org", "three@example.org"];
const ONE: &str = r#"{"recipients": {"addresses": ["one@example.org"]}}"#;
const TWO: &str = r#"{"recipients": {"addresses": ["two@example.org"]}}"#;
const SIGNATURE: &str = "Regards from ada of contoso";

fn letter() -> Letter {
    Letter { recipients: ALL, ..Letter::new() }
}

fn ledger() -> SharedLedger {
    Arc::new(Mutex::new(Ledger::new(Bounds::default())))
}

fn session(ledger: &SharedLedger, applies: &str, letter: &Letter, next_hop: NextHop) -> Drive {
    let page = Some(Page::new(ledger.clone()));
    let mut drive = Drive::begin_with(tenants_of("pass", applies), letter, next_hop, Index::Fresh, page);
    for recipient in letter.recipients {
        drive.tell(Input::Rcpt(Rcpt::to(Path::parse(recipient.as_bytes()).unwrap())));
    }
    send_content(&mut drive, letter);
    drive
}

/// What was terminated on which leg: for whom, and the text.
fn copies(story: &Story) -> Vec<(String, String)> {
    let texts = [&story.content].into_iter().chain(&story.further);
    let copy = |(leg, text): (usize, &Vec<u8>)| {
        let own = |word: &String| match word.split_once(' ') {
            Some((number, rest)) if number.parse() == Ok(leg) && leg > 0 => Some(rest.to_owned()),
            _ => (leg == 0 && !word.starts_with(|first: char| first.is_ascii_digit())).then(|| word.clone()),
        };
        let told: Vec<String> = story.told.iter().filter_map(own).collect();
        let from = told.iter().rposition(|word| word == "MAIL").unwrap_or_default();
        let recipients: Vec<&str> = told[from..].iter().filter_map(|word| word.strip_prefix("RCPT ")).collect();
        let text = String::from_utf8(text.clone()).unwrap();
        told.contains(&"end".to_owned()).then(|| (recipients.join(" "), text))
    };
    texts.enumerate().filter_map(copy).collect()
}

/// Which recipients got a copy, and whether it is signed.
fn received(story: &Story) -> Vec<(String, bool)> {
    let copies = copies(story).into_iter();
    copies.map(|(recipients, text)| (recipients, text.contains(SIGNATURE))).collect()
}

fn both() -> Vec<(String, bool)> {
    vec![("two@example.org three@example.org".to_owned(), false), ("one@example.org".to_owned(), true)]
}

#[test]
fn each_kind_of_recipients_gets_its_own_copy() {
    for chunks in [Chunks::Data, Chunks::OneLast, Chunks::Many(50), Chunks::ManyThenEmpty(50)] {
        for (chunking, pipelining) in [(true, true), (true, false), (false, true), (false, false)] {
            for parameters in [&[][..], &[("BODY", "BINARYMIME")]] {
                if !parameters.is_empty() && (chunks == Chunks::Data || !chunking) {
                    continue;
                }
                let case = format!("{chunks:?} {chunking} {pipelining} {parameters:?}");
                let extensions = Extensions { chunking, pipelining, ..NextHop::default().extensions };
                let next_hop = NextHop { extensions, ..NextHop::default() };
                let letter = Letter { chunks, parameters, ..letter() };
                let drive = session(&ledger(), ONE, &letter, next_hop);
                let story = &drive.story;
                assert_eq!((story.answer("end"), story.fate().as_str()), (250, "signed"), "{case}");
                assert_eq!(received(story), both(), "{case}");
                let original = String::from_utf8(letter.octets()).unwrap();
                for (recipients, text) in copies(story) {
                    let (top, rest) = text.split_at(text.find("From: ").unwrap());
                    assert!(top.starts_with("Received: "), "{case} {recipients}: {top}");
                    let signature = rest.lines().filter(|line| line.contains(SIGNATURE)).count();
                    let kept: Vec<&str> = rest.lines().filter(|line| !line.contains(SIGNATURE)).collect();
                    let was: Vec<&str> = original.lines().collect();
                    assert_eq!(&kept[..was.len()], was, "{case} {recipients}");
                    assert_eq!(signature, usize::from(recipients == "one@example.org"), "{case}");
                }
                let ends: Vec<&String> = story.told.iter().filter(|word| word.ends_with("end")).collect();
                assert_eq!(ends, ["end", "1 end"], "the first alone, then the other: {case}");
                let record = story.record.as_ref().unwrap();
                assert_eq!((record.recipients.len(), record.copies), (3, 2), "{case}");
                assert_eq!(story.shares(), ["standard: 0", "no_signature: 1 2"], "{case}");
                let sent: usize = copies(story).iter().map(|(_, text)| text.len()).sum();
                assert_eq!(record.octets_out, sent as u64, "{case}");
            }
        }
    }
}

#[test]
fn what_the_first_leg_is_refused_nobody_gets() {
    for (code, answer) in [(550, 550), (452, 452), (354, 451)] {
        let next_hop = NextHop::refusing(Asked::EndOfMessage, Reply::new(code, "", "not this"));
        let ledger = ledger();
        let drive = session(&ledger, ONE, &letter(), next_hop);
        assert_eq!(drive.story.answer("end"), answer);
        assert_eq!(received(&drive.story), &both()[..1], "the other leg is not terminated");
        assert!(drive.story.told.contains(&"1 abort".to_owned()), "{:?}", drive.story.told);
        assert!(ledger.lock().unwrap().is_empty());
    }
}

#[test]
fn trouble_on_a_further_leg_before_the_end_is_451_and_nothing_is_terminated() {
    let on = |asked, code| NextHop {
        further: vec![(1, asked, Some(Reply::new(code, "", "not now")))],
        ..NextHop::default()
    };
    let large = || Letter {
        // On its way by DATA before its end is seen.
        body: "Hello\r\n--b\r\nContent-Type: image/png\r\n\r\n".to_owned() + &"x\r\n".repeat(50_000) + "--b--\r\n",
        headers: letter().headers.replace("text/plain; charset=utf-8", "multipart/mixed; boundary=b")
            + "\r\n--b\r\nContent-Type: text/plain\r\n",
        ..letter()
    };
    let cases = [
        ("no sessions", NextHop { further_refused: true, ..NextHop::default() }, letter(), 451),
        ("MAIL refused", on(Asked::Mail, 550), letter(), 451),
        ("MAIL put off", on(Asked::Mail, 451), letter(), 451),
        ("a recipient refused", on(Asked::Rcpt, 550), letter(), 451),
        ("DATA refused", on(Asked::Data, 554), large(), 554),
        ("it closes", on(Asked::Data, 421), large(), 451),
    ];
    for (case, next_hop, letter, code) in cases {
        let ledger = ledger();
        let drive = session(&ledger, ONE, &letter, next_hop);
        assert_eq!(drive.story.answer("end"), code, "{case}: {:?}", drive.story.told);
        assert!(!drive.story.committed && ledger.lock().unwrap().is_empty(), "{case}");
    }
}

/// How the second leg fails when the first has its success.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Failure {
    Answers(u16),
    Closes,
    NeverAnswers,
}

const FAILURES: [Failure; 4] = [Failure::Answers(451), Failure::Answers(354), Failure::Closes, Failure::NeverAnswers];

/// The first try: the first leg is taken, the second is not.
fn half(ledger: &SharedLedger, failure: Failure) -> Drive {
    let reply = match failure {
        Failure::Answers(code) => Some(Reply::new(code, "", "not now")),
        Failure::Closes | Failure::NeverAnswers => None,
    };
    let next_hop = NextHop { further: vec![(1, Asked::EndOfMessage, reply)], ..NextHop::default() };
    let mut drive = session(ledger, ONE, &letter(), next_hop);
    match failure {
        Failure::Closes => drive.tell(Input::NextHopGone(1, ClientError::Disconnected)),
        Failure::NeverAnswers => drive.tell(Input::VerdictLate(1)),
        Failure::Answers(_) => {}
    }
    assert_eq!(drive.story.answer("end"), 451, "{failure:?}");
    assert_eq!(received(&drive.story)[0], both()[0], "{failure:?}");
    if let Some(mut page) = drive.story.left_behind.take() {
        // It says in the end that it did not take it.
        page.note_late(Some(&Reply::new(451, "", "not now")), drive.now);
    }
    drive
}

#[test]
fn a_retry_delivers_only_what_was_not_taken() {
    for failure in FAILURES {
        for heard in [true, false] {
            let ledger = ledger();
            let mut drive = half(&ledger, failure);
            if heard {
                // It has our 451, so that it will come again: the entry stays.
                drive.sender_spoke();
            }
            drop(drive);
            assert_eq!(ledger.lock().unwrap().len(), 1, "{failure:?}");
            let again = session(&ledger, ONE, &letter(), NextHop::default());
            assert_eq!((again.story.answer("end"), received(&again.story)), (250, both()[1..].to_vec()), "{failure:?}");
            let record = again.story.record.as_ref().unwrap();
            assert_eq!((record.had_it, record.copies), (2, 1), "{failure:?}");
            assert_eq!(again.story.shares(), ["standard: 0", "repeated: 1 2"], "{failure:?}");
        }
    }
}

#[test]
fn a_retry_under_other_rules_or_in_other_groups_gives_each_recipient_one_copy() {
    let groups: [&[&[&str]]; 3] = [
        &[&["three@example.org", "one@example.org", "two@example.org"]],
        &[&["one@example.org"], &["two@example.org", "three@example.org"]],
        &[&["two@example.org"], &["three@example.org", "one@example.org"]],
    ];
    for applies in [ONE, TWO, "{}"] {
        for tries in groups {
            let ledger = ledger();
            let first = half(&ledger, Failure::Answers(451));
            let mut had: BTreeMap<String, usize> = BTreeMap::new();
            let mut count = |recipients: &str| {
                recipients.split(' ').for_each(|one| *had.entry(one.to_owned()).or_default() += 1);
            };
            count(&received(&first.story)[0].0);
            drop(first);
            for recipients in tries {
                let letter = Letter { recipients, ..letter() };
                let again = session(&ledger, applies, &letter, NextHop::default());
                assert_eq!(again.story.answer("end"), 250, "{applies} {recipients:?}");
                received(&again.story).iter().for_each(|(recipients, _)| count(recipients));
            }
            assert_eq!(had.into_values().collect::<Vec<_>>(), [1, 1, 1], "{applies} {tries:?}");
        }
    }
}

#[test]
fn another_message_of_that_name_goes_to_all_of_them() {
    let ledger = ledger();
    drop(half(&ledger, Failure::Answers(451)));
    let other = Letter { body: "Hello Rob\r\n".to_owned(), ..letter() };
    assert_eq!(session(&ledger, ONE, &other, NextHop::default()).story.answer("end"), 451);
    let again = session(&ledger, ONE, &other, NextHop::default());
    assert_eq!((again.story.answer("end"), received(&again.story)), (250, both()));
}

#[test]
fn a_message_that_is_sent_again_on_purpose_goes_to_all_of_them_again() {
    let ledger = ledger();
    for _ in 0..2 {
        let mut drive = session(&ledger, ONE, &letter(), NextHop::default());
        assert_eq!((drive.story.answer("end"), received(&drive.story)), (250, both()));
        drive.sender_spoke();
        assert!(ledger.lock().unwrap().is_empty());
    }
}

#[test]
fn another_try_does_not_overtake_a_leg_that_waits_for_the_first() {
    let ledger = ledger();
    // The first leg has everything, and is silent.
    let next_hop = NextHop { silent_at_the_end: true, ..NextHop::default() };
    let mut slow = session(&ledger, ONE, &letter(), next_hop);
    assert_eq!(slow.story.answer("end"), 0);
    let other = session(&ledger, ONE, &Letter { recipients: &ALL[..1], ..letter() }, NextHop::default());
    assert_eq!((other.story.answer("end"), other.story.committed), (451, false), "it is under way on the second leg");
    slow.next_hop.silent_at_the_end = false;
    slow.tell(Input::NextHop(0, Asked::EndOfMessage, Reply::new(250, "2.6.0", "taken by the next hop")));
    assert_eq!((slow.story.answer("end"), received(&slow.story)), (250, both()));
}

#[test]
fn a_refusal_of_the_second_leg_for_good_is_the_answer_and_nothing_is_remembered() {
    let ledger = ledger();
    let next_hop = NextHop {
        further: vec![(1, Asked::EndOfMessage, Some(Reply::new(550, "5.6.0", "never")))],
        ..NextHop::default()
    };
    let mut drive = session(&ledger, ONE, &letter(), next_hop);
    assert_eq!(drive.story.answer("end"), 550);
    drive.sender_spoke();
    assert!(ledger.lock().unwrap().is_empty());
}

#[test]
fn a_sender_that_leaves_between_the_two_has_its_retry_deliver_the_rest() {
    let ledger = ledger();
    let next_hop = NextHop { further: vec![(1, Asked::EndOfMessage, None)], ..NextHop::default() };
    let mut drive = session(&ledger, ONE, &letter(), next_hop);
    drive.tell(Input::Reset(Cause::Disconnect));
    let mut page = drive.story.left_behind.take().expect("the second leg is left to the ledger");
    let retry = session(&ledger, ONE, &letter(), NextHop::default());
    assert_eq!((retry.story.answer("end"), retry.story.committed), (451, false), "its answer is awaited");
    page.note_late(Some(&Reply::new(250, "2.6.0", "taken by the next hop")), drive.now);
    drop((page, drive));
    let retry = session(&ledger, ONE, &letter(), NextHop::default());
    assert_eq!((retry.story.answer("end"), received(&retry.story)), (250, vec![]));
}

#[test]
fn a_fault_of_ours_at_any_moment_damages_no_copy() {
    let mut ends: BTreeMap<String, usize> = BTreeMap::new();
    for at in 0..40 {
        let letter = letter();
        let page = Some(Page::new(ledger()));
        let mut drive = Drive::begin_with(tenants_of("pass", ONE), &letter, NextHop::default(), Index::Fresh, page);
        drive.transit.content.trips_at = Some(at);
        for recipient in ALL {
            drive.tell(Input::Rcpt(Rcpt::to(Path::parse(recipient.as_bytes()).unwrap())));
        }
        send_content(&mut drive, &letter);
        let (code, fate) = (drive.story.answer("end"), drive.story.fate());
        *ends.entry(format!("{code} {fate}")).or_default() += 1;
        let copies = received(&drive.story);
        match (code, fate.as_str()) {
            (250, "signed") => assert_eq!(copies, both(), "{at}"),
            (250, _) => {
                let had: usize = copies.iter().map(|(recipients, _)| recipients.split(' ').count()).sum();
                assert!(had == 3 && copies.iter().all(|(_, signed)| !signed), "{at}: {copies:?}");
            }
            _ => assert!(!drive.story.committed, "{at}"),
        }
    }
    assert!(["250 signed", "250 fault", "451 none"].iter().all(|end| ends.contains_key(*end)), "{ends:?}");
}

#[test]
fn where_nothing_is_signed_all_of_them_share_a_copy() {
    let applies = r#"{"senders": {"people": ["second"]}, "recipients": {"addresses": ["one@example.org"]}}"#;
    let drive = session(&ledger(), applies, &letter(), NextHop::default());
    assert_eq!((drive.story.answer("end"), drive.story.further.len()), (250, 0));
    assert_eq!(received(&drive.story), [(ALL.join(" "), false)]);
    assert_eq!(drive.story.shares(), ["no_signature: 0 1 2"]);
}

#[test]
fn what_no_retry_could_be_told_by_is_not_parted() {
    let nameless = Letter { headers: letter().headers.replace("Message-ID: <1@contoso.example>\r\n", ""), ..letter() };
    let with_a_ledger = session(&ledger(), ONE, &nameless, NextHop::default());
    let mut without = Drive::begin_in(tenants_of("pass", ONE), &letter(), NextHop::default(), Index::Fresh);
    for recipient in ALL {
        without.tell(Input::Rcpt(Rcpt::to(Path::parse(recipient.as_bytes()).unwrap())));
    }
    send_content(&mut without, &letter());
    for drive in [with_a_ledger, without] {
        assert_eq!((drive.story.answer("end"), drive.story.fate().as_str()), (250, "recipients_differ"));
        assert_eq!(received(&drive.story), [(ALL.join(" "), false)]);
        assert_eq!(drive.story.shares(), ["recipients_differ: 0 1 2"]);
    }
}

#[test]
fn a_leg_that_could_not_be_waited_for_any_more_does_not_follow() {
    for (seconds, follows) in [(270, true), (271, false)] {
        let ledger = ledger();
        let next_hop = NextHop { silent_at_the_end: true, ..NextHop::default() };
        let mut drive = session(&ledger, ONE, &letter(), next_hop);
        drive.now.instant += std::time::Duration::from_secs(seconds);
        drive.tell(Input::NextHop(0, Asked::EndOfMessage, Reply::new(250, "2.6.0", "taken by the next hop")));
        let went_out = if follows { both() } else { both()[..1].to_vec() };
        assert_eq!((drive.story.answer("end"), received(&drive.story)), (if follows { 250 } else { 451 }, went_out));
        assert_eq!(drive.story.told.contains(&"1 abort".to_owned()), !follows, "{:?}", drive.story.told);
        drop(drive);
        let again = session(&ledger, ONE, &letter(), NextHop::default());
        let rest = if follows { Vec::new() } else { both()[1..].to_vec() };
        assert_eq!((again.story.answer("end"), received(&again.story)), (250, rest), "{seconds}");
    }
}
