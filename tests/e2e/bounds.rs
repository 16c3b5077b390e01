//! What everybody may use is bounded, for each tenant and each peer, and whoever is over the bound hears so in time.

use std::num::NonZero;
use std::time::Duration;

use standin::exchange::{At, Delivery, Gate, Rule};
use tokio::task::JoinSet;

use crate::bench::{Bench, Plan, end_code, outgoing, run};
use crate::faults::{assert_refused, environment, mail};

/// For everything that has to come.
const DEADLINE: Duration = Duration::from_secs(30);

/// Asks for a metric until it is as wanted.
async fn until_metric(bench: &Bench, series: &str, wanted: impl Fn(f64) -> bool) {
    let deadline = tokio::time::Instant::now() + DEADLINE;
    loop {
        let value = bench.metric(series).await;
        if wanted(value) {
            return;
        }
        assert!(tokio::time::Instant::now() < deadline, "{series} is still {value}");
    }
}

#[test]
fn one_more_than_the_tenants_sessions_waits_its_time_and_is_451() {
    run(|| async {
        let keys = environment(&[("SESSIONS_PER_TENANT", "1"), ("LEASE_SECONDS", "1")]);
        let bench = Bench::with(Plan { environment: keys, ..Plan::default() }).await;
        let gate = Gate::new();
        bench.exchange.script(Rule::at(At::EndOfMessage).wait(&gate));
        // A session for each core, so one sender too many wherever they land.
        let senders = std::thread::available_parallelism().map_or(1, NonZero::get) + 1;
        let mut running = JoinSet::new();
        for _ in 0..senders {
            let mut sender = bench.sender().await;
            running.spawn(async move { sender.send(&outgoing(&mail())).await });
        }
        let first = running.join_next().await.unwrap().unwrap();
        assert_refused("one too many", &first, 451, "4.4.5");
        gate.open();
        let others: Vec<Delivery> = running.join_all().await;
        let taken = others.iter().filter(|delivery| end_code(delivery) == 250).count();
        assert!(taken > 0, "{others:?}");
        assert_eq!(bench.exchange.accepted().len(), taken);
        let busy = bench.metric("signet_next_hop_failed_total{fault=\"busy\"}").await;
        assert_eq!(busy as usize, senders - taken);
        bench.exchange.behave();
        assert_eq!(end_code(&bench.sender().await.send(&outgoing(&mail())).await), 250);
    });
}

#[test]
fn a_sender_that_leaves_takes_the_dialling_with_it() {
    run(|| async {
        let keys = environment(&[("HELLO_SECONDS", "300")]);
        let bench = Bench::with(Plan { environment: keys, ..Plan::default() }).await;
        let gate = Gate::new();
        bench.exchange.script(Rule::at(At::Greeting).times(1).wait(&gate));
        let mut sender = bench.sender().await;
        sender.wire().write(b"MAIL FROM:<ada@contoso.example>\r\n").await.unwrap();
        assert!(gate.reached(1, DEADLINE).await, "the next hop was not dialled");
        until_metric(&bench, "signet_next_hop_open_sessions", |open| open == 1.0).await;
        drop(sender);
        until_metric(&bench, "signet_next_hop_open_sessions", |open| open == 0.0).await;
        gate.open();
        assert_eq!(end_code(&bench.sender().await.send(&outgoing(&mail())).await), 250);
    });
}
