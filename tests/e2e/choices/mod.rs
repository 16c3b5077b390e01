//! More than five hundred generated messages of two dozen tenants with generated rules, over real sockets, several
//! sessions at once: what each recipient received, where it stands in the text and what became of the Subject is what
//! `explain` says, and what the slow evaluator says, which reads the rows by SQL.

mod letters;
mod received;
#[path = "../../oracle/rows.rs"]
mod rows;
mod world;

use std::collections::{BTreeMap, BTreeSet};

use standin::exchange::Sender;
use standin::postgres::Postgres;

use crate::bench::{end_code, run};
use crate::oracle::{self, generate::Dice};
use letters::Sent;
use received::Received;
use world::World;

/// Sessions at the same time.
const SESSIONS: usize = 6;
/// Tenants, and first sendings of each.
const TENANTS: usize = 28;
const LETTERS: usize = 24;
/// Messages that come a second time, with the signature that they got.
const AGAIN: usize = 40;

#[test]
fn what_is_received_is_explained_and_worked_out_on_sqlite() {
    run(|| async { agree(&World::start(TENANTS, None).await).await });
}

#[test]
fn what_is_received_is_explained_and_worked_out_on_postgresql() {
    run(|| async {
        let server = Postgres::start().unwrap();
        let database = server.address(&server.database().unwrap());
        agree(&World::start(TENANTS, Some(&database)).await).await;
    });
}

async fn agree(world: &World) {
    let mut dice = Dice(1);
    let first: Vec<Sent> = (0..TENANTS * LETTERS).map(|at| letters::any(world, at % TENANTS, &mut dice)).collect();
    assert!(first.len() >= 500);
    let received = deliver(world, &first).await;
    let mut answers: BTreeMap<String, usize> = BTreeMap::new();
    for (sent, copies) in first.iter().zip(&received) {
        for answer in judge(world, sent, copies, &[]) {
            let signs = oracle::is_signed(&answer);
            let word = if signs { format!("{} signatures", answer.split('+').count()) } else { answer };
            *answers.entry(word).or_default() += 1;
        }
        *answers.entry(format!("in {} copies", copies.len())).or_default() += 1;
    }
    let again: Vec<(Sent, &Received)> = first
        .iter()
        .zip(&received)
        .filter_map(|(sent, copies)| Some((letters::again(world, sent, copies.first()?)?, copies.first()?)))
        .take(AGAIN)
        .collect();
    assert_eq!(again.len(), AGAIN);
    let (sent, before): (Vec<Sent>, Vec<&Received>) = again.into_iter().unzip();
    for ((sent, copies), before) in sent.iter().zip(&deliver(world, &sent).await).zip(before) {
        for answer in judge(world, sent, copies, &before.marks()) {
            *answers.entry(if oracle::is_signed(&answer) { "signed again".to_owned() } else { answer }).or_default() +=
                1;
        }
    }
    println!("{answers:?}");
    // The clock has a say in schedules, so only that each kind of answer came is sure.
    for answer in [
        "1 signatures",
        "2 signatures",
        "3 signatures",
        "no_signature",
        "already_signed",
        "signed again",
        "in 1 copies",
        "in 2 copies",
        "bypass",
        "observe",
        "not_in_pilot",
        "not_internal",
        "foreign_from",
        "unknown_sender",
    ] {
        assert!(answers.contains_key(answer), "{answer}: {answers:?}");
    }
    for sent in first.iter().filter(|sent| sent.letter.mail_from.is_some()).step_by(80) {
        assert_eq!(world.explained_by_the_program(sent), world.explained(sent), "{:?}", sent.letter);
    }
}

/// Hands everything over in several sessions at once; gives the copies that arrived, in the order of what was sent.
async fn deliver(world: &World, sent: &[Sent]) -> Vec<Vec<Received>> {
    let before = world.exchange.accepted().len();
    let mut sessions = tokio::task::JoinSet::new();
    for session in 0..SESSIONS {
        let (address, config) = (world.appliance.listeners[0], world.sender_config());
        let mine: Vec<_> = sent.iter().skip(session).step_by(SESSIONS).map(Sent::outgoing).collect();
        sessions.spawn(async move {
            let mut sender = Sender::connect(address, &config).await.unwrap();
            for message in &mine {
                let delivery = sender.send(message).await;
                assert_eq!(end_code(&delivery), 250, "{delivery:?}\n{}", String::from_utf8_lossy(&message.content));
            }
        });
    }
    while let Some(ended) = sessions.join_next().await {
        ended.unwrap();
    }
    let accepted = world.exchange.accepted();
    let mut by_id: BTreeMap<String, Vec<Received>> = BTreeMap::new();
    for one in &accepted[before..] {
        by_id.entry(one.header("Message-ID").unwrap()).or_default().push(Received::of(one));
    }
    let mut arrived = |one: &Sent| {
        let copies = by_id.remove(&one.id).unwrap();
        let mut recipients: Vec<String> = copies.iter().flat_map(Received::recipients).collect();
        recipients.sort_unstable();
        assert_eq!(recipients, one.letter.to, "each recipient gets one copy");
        copies
    };
    let arrived = sent.iter().map(&mut arrived).collect();
    assert!(by_id.is_empty());
    arrived
}

/// All three agree about every recipient of one message, and whoever gets the same has the same copy. `before`: the marks
/// that it carried already. Gives the answer for each recipient.
fn judge(world: &World, sent: &Sent, copies: &[Received], before: &[String]) -> Vec<String> {
    let tenant = &world.tenants[sent.tenant];
    let expected: Vec<String> =
        sent.letter.to.iter().map(|to| oracle::decide(&tenant.rows, &sent.letter, to)).collect();
    let explained: Vec<String> = world.explained(sent).into_iter().map(|told| told.answer).collect();
    assert_eq!(explained, expected, "explained: {:?}\n{:#}", sent.letter, tenant.rows);
    let shown = |answer: &String| if oracle::is_signed(answer) { answer.clone() } else { String::new() };
    let kinds: BTreeSet<String> = expected.iter().map(shown).collect();
    assert_eq!(copies.len(), kinds.len(), "a copy for each kind: {expected:?}");
    for copy in copies {
        let recipients = copy.recipients();
        let answers = sent.letter.to.iter().zip(&expected).filter(|(to, _)| recipients.contains(to));
        let answers: BTreeSet<String> = answers.map(|(_, answer)| shown(answer)).collect();
        assert_eq!(answers.len(), 1, "one copy, one answer: {expected:?}");
        let ids: Vec<&str> = answers.iter().flat_map(|answer| answer.split('+')).filter(|id| !id.is_empty()).collect();
        judge_copy(tenant, sent, copy, &ids, before);
    }
    expected
}

/// The copy shows these signatures in their order, and nothing else of it has changed.
fn judge_copy(tenant: &world::Tenant, sent: &Sent, received: &Received, ids: &[&str], before: &[String]) {
    let told = || format!("{:?}\n{:#}\n{}", sent.letter, tenant.rows, received.text());
    if before.is_empty() {
        let order = oracle::generate::order(&tenant.rows, ids, sent.letter.kind != "first");
        for shown in received.order() {
            assert_eq!(shown, order, "received: {}", told());
        }
    } else {
        let mut wanted = [before.to_vec(), ids.iter().map(|id| oracle::generate::mark(id)).collect()].concat();
        let mut shown = received.marks();
        wanted.sort();
        shown.sort();
        assert_eq!(shown, wanted, "received: {}", told());
    }
    let subject = oracle::subject_of(&tenant.rows, &sent.letter, ids);
    assert_eq!(received.subject(), subject, "{}", told());
    received.assert_conserves(&sent.content, !ids.is_empty());
}
