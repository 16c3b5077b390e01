//! Generated tenants and messages: the engine, its explanation and the slow evaluator agree on what each recipient
//! gets, and the trail of every rule fits what became of it.
use proptest::prelude::*;

use super::*;
use crate::oracle;
use crate::oracle::generate::{Dice, Times, add_faces, head, letter, tenant};

/// How often a signature was passed over for its design.
fn agree(seed: u64) -> usize {
    let (mut dice, times) = (Dice(seed), Times::fixed());
    let (mut tenant, letter) = (tenant(&mut dice, &times), letter(&mut dice, &times));
    add_faces(&mut tenant, &mut dice);
    let mut passed_over = 0;
    let snapshot = snapshot(tenant.clone());
    let head = headers(&head(&letter));
    let envelope = Envelope { sender: letter.mail_from.as_deref(), recipients: &letter.to, octets: letter.octets };
    let now = letter.now.parse().unwrap();
    let kind = match letter.kind {
        "reply" => Kind::Reply,
        "forward" => Kind::Forward,
        _ => Kind::First,
    };
    let words = match snapshot.attribute(&envelope, &head) {
        Ok(author) if letter.signed => vec![snapshot.mark_of_sender(&author.person) + "aaaaaa"],
        _ => vec!["signet-aaaaaaaaaaaaa".to_owned()],
    };
    let body =
        BodyFacts { kind, html: letter.html, plain: true, rich: letter.rich, signature_words: words, seen: None };
    let decided: Vec<String> = match snapshot.candidates(&envelope, &head, now) {
        Ok(candidates) => candidates.choose(&snapshot, &body).iter().map(ids).collect(),
        Err(reason) => vec![reason.word().to_owned(); letter.to.len()],
    };
    for (at, to) in letter.to.iter().enumerate() {
        let told = || format!("seed {seed} to {to}\n{letter:?}\n{tenant:#}");
        assert_eq!(decided[at], oracle::decide(&tenant, &letter, to), "{}", told());
        let why = snapshot.explain(&Question { envelope, headers: &head, body: &body, recipient: at, now });
        let answer = why.left.map_or_else(|| why.signatures.join("+"), str::to_owned);
        assert_eq!(answer, decided[at], "{}{why}", told());
        let used: Vec<&str> = why.rules.iter().filter(|rule| rule.used).map(|rule| rule.id.as_str()).collect();
        assert_eq!(
            used,
            if why.would_be.is_empty() { why.signatures.clone() } else { why.would_be.clone() },
            "{}",
            told()
        );
        let notes = why.rules.iter().flat_map(|rule| &rule.notes);
        passed_over += notes.filter(|note| note.section == Section::Design).count();
        // A rule that is used holds in everything; one that is not says at last what does not hold.
        for rule in &why.rules {
            let failed: Vec<usize> = (0..rule.notes.len()).filter(|at| !rule.notes[*at].holds).collect();
            let last = rule.notes.len() - 1;
            assert_eq!(failed, if rule.used { vec![] } else { vec![last] }, "{}\n{rule}", told());
        }
    }
    passed_over
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(768))]

    #[test]
    fn engine_explanation_and_slow_evaluator_agree(seed: u64) {
        agree(seed);
    }
}

/// The generator reaches every answer and every kind of finding; else the agreement is about little.
#[test]
fn the_generated_messages_meet_everything() {
    let mut answers = std::collections::BTreeMap::new();
    for seed in 0..600 {
        let (mut dice, times) = (Dice(seed), Times::fixed());
        let (tenant, letter) = (tenant(&mut dice, &times), letter(&mut dice, &times));
        for to in &letter.to {
            let answer = oracle::decide(&tenant, &letter, to);
            let answer = if answer.contains('+') { "several".to_owned() } else { answer };
            let answer = if answer.starts_with('s') && answer.len() == 2 { "one".to_owned() } else { answer };
            *answers.entry(answer).or_insert(0) += 1;
        }
    }
    let passed_over: usize = (0..200).map(agree).sum();
    assert!(passed_over >= 20, "{passed_over}");
    for answer in [
        "several",
        "one",
        "no_signature",
        "already_signed",
        "bypass",
        "observe",
        "not_in_pilot",
        "not_internal",
        "unknown_sender",
        "foreign_from",
    ] {
        assert!(answers.get(answer).is_some_and(|count| *count >= 5), "{answer}: {answers:?}");
    }
}
