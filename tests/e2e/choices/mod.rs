//! More than five hundred generated messages of two dozen tenants with generated rules, over real sockets, several
//! sessions at once: what each recipient received, where it stands in the text and what became of the Subject is what
//! `explain` says, and what the slow evaluator says, which reads the rows by SQL.

mod letters;
mod received;
#[path = "../../oracle/rows.rs"]
mod rows;
mod world;

use std::collections::BTreeMap;

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
const TENANTS: usize = 24;
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
    for (sent, received) in first.iter().zip(&received) {
        let answer = judge(world, sent, received, &[]);
        let signs = oracle::is_signed(&answer);
        let word = if signs { format!("{} signatures", answer.split('+').count()) } else { answer };
        *answers.entry(word).or_default() += 1;
    }
    let again: Vec<(Sent, &Received)> = first
        .iter()
        .zip(&received)
        .filter_map(|(sent, received)| Some((letters::again(world, sent, received)?, received)))
        .take(AGAIN)
        .collect();
    assert_eq!(again.len(), AGAIN);
    let (sent, before): (Vec<Sent>, Vec<&Received>) = again.into_iter().unzip();
    for ((sent, received), before) in sent.iter().zip(&deliver(world, &sent).await).zip(before) {
        let answer = judge(world, sent, received, &before.marks());
        *answers.entry(if oracle::is_signed(&answer) { "signed again".to_owned() } else { answer }).or_default() += 1;
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
        "recipients_differ",
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

/// Hands everything over in several sessions at once; gives what arrived, in the order of what was sent.
async fn deliver(world: &World, sent: &[Sent]) -> Vec<Received> {
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
    assert_eq!(accepted.len() - before, sent.len(), "each message went out once, to everybody at once");
    let by_id: BTreeMap<String, _> =
        accepted[before..].iter().map(|one| (one.header("Message-ID").unwrap(), one)).collect();
    sent.iter().map(|one| Received::of(by_id[&one.id], &one.letter.to)).collect()
}

/// All three agree about one message. `before`: the marks that it carried already.
fn judge(world: &World, sent: &Sent, received: &Received, before: &[String]) -> String {
    let tenant = &world.tenants[sent.tenant];
    let expected = oracle::decide_for_all(&tenant.rows, &sent.letter);
    let told = || format!("{:?}\n{:#}\n{}", sent.letter, tenant.rows, received.text());
    assert_eq!(world.explained(sent).answer, expected, "explained: {}", told());
    let ids: Vec<&str> = if oracle::is_signed(&expected) { expected.split('+').collect() } else { Vec::new() };
    if before.is_empty() {
        let order = oracle::generate::order(&tenant.rows, &ids, sent.letter.kind != "first");
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
    let subject = oracle::subject_of(&tenant.rows, &sent.letter, &ids);
    assert_eq!(received.subject(), subject, "{}", told());
    received.assert_conserves(&sent.content, !ids.is_empty());
    expected
}
