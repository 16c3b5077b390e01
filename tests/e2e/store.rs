//! The edge and its store, on SQLite and on PostgreSQL: a change reaches the next message at once, and a database that
//! stands still or is gone touches no mail.

use std::time::{Duration, Instant};

use standin::exchange::Sender;
use standin::mails::{Client, Letter};
use standin::postgres::Postgres;

use crate::bench::{Bench, MARK, Plan, end_code, outgoing, run};

const DEADLINE: Duration = Duration::from_secs(60);

async fn on_postgres(server: &Postgres) -> Bench {
    Bench::with(Plan { store: Some(server.address(&server.database().unwrap())), ..Plan::default() }).await
}

/// Sends a mail; gives whether it came out signed.
async fn is_signed(bench: &Bench, sender: &mut Sender) -> bool {
    let mail = Letter::first().from("Ada Vance", "ada@contoso.example").written_in(Client::OutlookWeb);
    assert_eq!(end_code(&sender.send(&outgoing(&mail)).await), 250);
    bench.exchange.accepted().pop().unwrap().text().contains(MARK)
}

async fn until_signed(bench: &Bench, sender: &mut Sender, wanted: bool) -> Duration {
    let began = Instant::now();
    while is_signed(bench, sender).await != wanted {
        assert!(began.elapsed() < DEADLINE, "the change did not reach the edge");
    }
    began.elapsed()
}

/// From the end of the command to the message that is treated otherwise. A figure of the machine, so it is told and
/// not asserted.
async fn saved_to_next_message(bench: &Bench, what: &str) {
    let mut sender = bench.sender().await;
    until_signed(bench, &mut sender, true).await;
    let mut took = Vec::new();
    for _ in 0..4 {
        for (mode, signs) in [("bypass", false), ("live", true)] {
            bench.setup.signet(&["tenant", "mode", "contoso", mode]).unwrap();
            took.push(until_signed(bench, &mut sender, signs).await.as_millis());
        }
    }
    took.sort_unstable();
    println!("saved to next message, {what}: median {} ms, longest {} ms", took[took.len() / 2], took[took.len() - 1]);
}

#[test]
fn a_change_reaches_the_next_message_from_sqlite() {
    run(|| async { saved_to_next_message(&Bench::start().await, "SQLite").await });
}

#[test]
fn a_change_reaches_the_next_message_from_postgresql() {
    run(|| async {
        let server = Postgres::start().unwrap();
        saved_to_next_message(&on_postgres(&server).await, "PostgreSQL").await;
    });
}

async fn until_store_fails(bench: &Bench) {
    let began = Instant::now();
    while bench.metric("signet_store_failed_total").await == 0.0 {
        assert!(began.elapsed() < DEADLINE, "nobody asked the store");
        // Between two looks; what ends the wait is the condition.
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[test]
fn a_database_that_stands_still_touches_no_mail() {
    run(|| async {
        let server = Postgres::start().unwrap();
        let bench = on_postgres(&server).await;
        let mut sender = bench.sender().await;
        until_signed(&bench, &mut sender, true).await;
        server.hang();
        // Before anybody has noticed, and after.
        for _ in 0..20 {
            assert!(is_signed(&bench, &mut sender).await);
        }
        until_store_fails(&bench).await;
        assert!(is_signed(&bench, &mut bench.sender().await).await, "a new session");
        for _ in 0..20 {
            assert!(is_signed(&bench, &mut sender).await);
        }
        server.go_on();
        bench.setup.signet(&["tenant", "mode", "contoso", "bypass"]).unwrap();
        until_signed(&bench, &mut sender, false).await;
    });
}

#[test]
fn a_database_that_is_gone_touches_no_mail() {
    run(|| async {
        let server = Postgres::start().unwrap();
        let bench = on_postgres(&server).await;
        let mut sender = bench.sender().await;
        until_signed(&bench, &mut sender, true).await;
        drop(server);
        until_store_fails(&bench).await;
        for _ in 0..20 {
            assert!(is_signed(&bench, &mut sender).await);
        }
        assert!(is_signed(&bench, &mut bench.sender().await).await, "a new session");
    });
}
