//! The contract, explored: sender, [`Session`](crate::transit::Session) and next hop as a model of which every state is
//! visited, with a fault at every step.
//!
//! The code between the two ends is the code that runs: server, message, client. Promised and checked in every state:
//! nothing is lost; what comes twice had a fault between the commit point and our reply; no message is cut or
//! damaged; a success is the next hop's own; nothing of ours bounces; each question has an answer or the connection
//! closes; whoever is waited for has a deadline. Without further faults the sender always ends satisfied.
//!
//! `SIGNET_EXPLORER_FAULTS=3` allows more faults in a run (`make faults`).

mod fault;
mod link;
mod next_hop;
mod plan;
mod sabotage;
mod search;
mod sender;
mod suffer;
mod wire;
mod world;

use std::time::Instant;

use fault::{FAULTS, Stage};
use plan::{Framing, Pipelining, Plan};
use sabotage::Sabotage;
use search::{Covered, explore};

/// Explores, prints what was covered, and fails with the run that breaks a promise.
fn covered(plan: Plan) -> Covered {
    let faults = std::env::var("SIGNET_EXPLORER_FAULTS").ok().and_then(|faults| faults.parse().ok());
    let plan = Plan { faults: faults.unwrap_or(plan.faults), ..plan };
    let began = Instant::now();
    let covered = explore(plan, None).unwrap_or_else(|broken| panic!("{plan:?}: {broken}"));
    let Covered { states, transitions, ends, duplicates, .. } = covered;
    println!("{plan:?}");
    println!(
        "  {states} states, {transitions} transitions, {ends} ends, {duplicates} of them with a duplicate; {:.1?}",
        began.elapsed()
    );
    covered
}

/// Each fault was tried at each stage where it can be.
fn assert_tried(covered: &Covered, framing: Framing) {
    use Stage::{Content, Envelope, Opening, Reply, Verdict};
    // With one chunk in and one out the next hop says nothing before the end.
    let is_silent = |fault: &str| framing == Framing::Last && (fault.starts_with("reply") || fault.ends_with("mute"));
    for fault in FAULTS {
        let stages: &[Stage] = match *fault {
            "sender closes" => &[Opening, Envelope, Content, Verdict, Reply],
            "sender resets" => &[Opening, Envelope, Content, Verdict, Reply],
            "crash" | "drain" | "stop" => &[Opening, Envelope, Content, Verdict, Reply],
            "timeout" | "next hop deaf" | "next hop mute" | "unasked" => &[Envelope, Content, Verdict],
            "reply ahead" | "reply 4xx" | "reply 5xx" => &[Envelope, Content, Verdict],
            "reply 421" | "reply garbled" | "reply of wrong class" => &[Envelope, Content, Verdict],
            "no lease" | "no memory" => &[Envelope],
            // Where they are in memory they come at once.
            "no rules" => &[],
            "out of time" => &[Envelope, Content],
            other => panic!("{other}"),
        };
        for stage in stages.iter().filter(|stage| !(**stage == Content && is_silent(fault))) {
            assert!(covered.tried.contains_key(&(fault, *stage)), "{fault} was never tried at {stage:?}");
        }
    }
}

#[test]
fn by_data() {
    assert!(covered(Plan::new(Framing::Data, 1)).states > 1_000);
    // Pipelining takes half as many states more; one after the other the second fault is borne.
    let covered = covered(Plan { pipelining: Pipelining::NextHop, ..Plan::new(Framing::Data, 2) });
    assert_tried(&covered, Framing::Data);
    assert!(covered.states > 10_000 && covered.duplicates > 0, "{covered:?}");
}

#[test]
fn by_one_chunk() {
    let covered = covered(Plan::new(Framing::Last, 2));
    assert_tried(&covered, Framing::Last);
    assert!(covered.states > 5_000 && covered.duplicates > 0, "{covered:?}");
}

#[test]
fn by_several_chunks() {
    for framing in [Framing::Many, Framing::ManyThenEmpty, Framing::Binary] {
        assert!(covered(Plan::new(framing, 1)).states > 500);
    }
}

#[test]
fn to_several_recipients() {
    for framing in [Framing::Data, Framing::Last, Framing::Many] {
        assert!(covered(Plan { recipients: 2, ..Plan::new(framing, 1) }).states > 500);
    }
    assert!(covered(Plan { recipients: 3, ..Plan::new(Framing::Data, 1) }).states > 500);
}

#[test]
fn in_lock_step() {
    for pipelining in [Pipelining::Neither, Pipelining::Sender, Pipelining::NextHop] {
        for framing in [Framing::Data, Framing::Many] {
            assert!(covered(Plan { pipelining, ..Plan::new(framing, 1) }).states > 500);
        }
    }
}

/// A next hop that takes DATA alone.
#[test]
fn from_chunks_to_data() {
    for framing in [Framing::Last, Framing::Many] {
        assert!(covered(Plan { chunking: false, ..Plan::new(framing, 1) }).states > 500);
    }
}

#[test]
fn with_a_deferred_envelope() {
    for (framing, recipients) in [(Framing::Data, 1), (Framing::Last, 2)] {
        assert!(covered(Plan { deferred: true, recipients, ..Plan::new(framing, 1) }).states > 500);
    }
}

#[test]
fn with_a_kept_session() {
    for framing in [Framing::Data, Framing::Last] {
        assert!(covered(Plan { warm: true, ..Plan::new(framing, 1) }).states > 500);
    }
}

/// The tenant's rules come late or not at all, at any moment.
#[test]
fn with_rules_that_are_not_in_memory() {
    let plan = |framing| Plan { cold: true, ..Plan::new(framing, 1) };
    for plan in [plan(Framing::Data), plan(Framing::Many), Plan { deferred: true, ..plan(Framing::Last) }] {
        let covered = covered(plan);
        let tried = [Stage::Envelope, Stage::Content].map(|stage| covered.tried.contains_key(&("no rules", stage)));
        assert!(covered.states > 500 && tried.contains(&true), "{covered:?}");
    }
}

/// The entries end with the process; what comes twice then had a crash, or a next hop that never said that it has it.
#[test]
fn with_the_ledger() {
    for framing in [Framing::Data, Framing::Last] {
        let covered = covered(Plan { ledger: true, ..Plan::new(framing, 1) });
        assert!(covered.states > 500 && covered.duplicates > 0, "{covered:?}");
    }
    for recipients in [2, 3] {
        assert!(covered(Plan { ledger: true, recipients, ..Plan::new(Framing::Last, 1) }).states > 500);
    }
}

/// The first recipient gets a signature and the others none: two legs, and a fault on either at every step.
#[test]
fn with_a_copy_for_each_recipient() {
    let plan = |framing| Plan { copies: true, recipients: 2, ledger: true, ..Plan::new(framing, 1) };
    for plan in [plan(Framing::Data), plan(Framing::Binary), Plan { warm: true, ..plan(Framing::Last) }] {
        let covered = covered(plan);
        assert!(covered.states > 1_000 && covered.duplicates > 0, "{covered:?}");
        assert!(covered.tried.contains_key(&("no lease", Stage::Content)), "no session for the second leg");
    }
    for pipelining in [Pipelining::Neither, Pipelining::NextHop] {
        assert!(covered(Plan { recipients: 3, pipelining, ..plan(Framing::Last) }).states > 1_000);
    }
}

/// The message is held beyond the decision, until its picture was seen.
#[test]
fn with_a_picture_that_the_message_has() {
    let plan = |framing| Plan { picture: true, ..Plan::new(framing, 1) };
    for framing in [Framing::Data, Framing::Last, Framing::Many, Framing::Binary] {
        let covered = covered(plan(framing));
        assert!(covered.states > 500 && covered.tried.contains_key(&("out of time", Stage::Content)), "{covered:?}");
    }
    let copies = Plan { copies: true, recipients: 2, ledger: true, ..plan(Framing::Data) };
    assert!(covered(copies).states > 1_000);
}

/// What is said behind the content shows of no answer that its sender has it.
#[test]
fn with_a_sender_that_quits_ahead() {
    for (framing, ledger) in
        [(Framing::Data, true), (Framing::Last, true), (Framing::Many, true), (Framing::Data, false)]
    {
        let covered = covered(Plan { quits_ahead: true, ledger, ..Plan::new(framing, 1) });
        assert!(covered.states > 500 && covered.duplicates > 0, "{covered:?}");
    }
}

/// The explorer can fail: each fault of ours is found.
#[test]
fn each_sabotage_is_found() {
    let cases = [
        (Sabotage::SuccessFromAnything, "LOST"),
        (Sabotage::TerminatorBeforeGate, "cut or damaged"),
        (Sabotage::BlindGate, "a duplicate without a fault in its window"),
        (Sabotage::DotNotDoubled, "cut or damaged"),
        (Sabotage::NoAnswer, "stuck"),
        (Sabotage::NoDeadline, "without a deadline"),
        (Sabotage::BounceOfOurs, "a message bounced"),
        (Sabotage::RecipientTaken, "LOST"),
        (Sabotage::AnswerTwice, "a reply nobody asked for"),
        (Sabotage::DeafToPipelining, "a duplicate that the ledger should have known of"),
    ];
    for (sabotage, expected) in cases {
        let recipients = if sabotage == Sabotage::RecipientTaken { 2 } else { 1 };
        let ahead = sabotage == Sabotage::DeafToPipelining;
        let plan = Plan { recipients, quits_ahead: ahead, ledger: ahead, ..Plan::new(Framing::Data, 1) };
        let found = explore(plan, Some(sabotage));
        let broken = found.err().unwrap_or_else(|| panic!("{sabotage:?} was not found"));
        assert!(broken.contains(expected), "{sabotage:?}: {broken}");
    }
}
