//! How an edge leaves: nothing cuts a message but the hard stop, and nobody is turned away without a word.

use std::time::Duration;

use standin::exchange::{At, Delivery, Gate, Rule};
use standin::mails::{Client, Letter};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

use crate::bench::{Bench, Plan, end_code, http, outgoing, run};

const DEADLINE: Duration = Duration::from_secs(30);

fn mail() -> Vec<u8> {
    Letter::first().from("Ada Vance", "ada@contoso.example").written_in(Client::OutlookWeb)
}

async fn greeting(bench: &Bench) -> String {
    let mut newcomer = TcpStream::connect(bench.appliance.listeners[0]).await.unwrap();
    let mut said = String::new();
    newcomer.read_to_string(&mut said).await.unwrap();
    said
}

#[test]
fn a_second_signal_cuts_nothing() {
    run(|| async {
        let bench = Bench::start().await;
        let gate = Gate::new();
        bench.exchange.script(Rule::at(At::EndOfMessage).wait(&gate));
        let mut sender = bench.sender().await;
        let running = tokio::spawn(async move { sender.send(&outgoing(&mail())).await });
        assert!(gate.reached(1, DEADLINE).await, "the message did not come so far");
        for signal in ["TERM", "TERM", "INT", "HUP"] {
            bench.appliance.signal(signal).unwrap();
            bench.appliance.wait_for_event("Drain started.").unwrap();
            // It still answers, so it still runs.
            assert!(http(bench.appliance.ops, "/livez").await.starts_with("HTTP/1.1 200"));
        }
        assert!(greeting(&bench).await.contains("421 4.3.2 "));
        gate.open();
        assert_eq!(end_code(&running.await.unwrap()), 250);
        let log = bench.appliance.log();
        assert_eq!(log.matches("Drain started.").count(), 1, "{log}");
        assert!(bench.appliance.wait().unwrap().success());
    });
}

/// Sends it, up to where the next hop is said to wait.
async fn under_way(bench: &Bench, at: At) -> (tokio::task::JoinHandle<Delivery>, Gate) {
    let gate = Gate::new();
    bench.exchange.script(Rule::at(at).times(1).wait(&gate));
    let mut sender = bench.sender().await;
    let running = tokio::spawn(async move { sender.send(&outgoing(&mail())).await });
    assert!(gate.reached(1, DEADLINE).await, "the message did not come so far");
    (running, gate)
}

fn seconds(keys: &[(&str, &str)]) -> Plan {
    let variable = |(key, value): &(&str, &str)| (format!("SIGNET_DRAIN_{key}_SECONDS"), (*value).to_owned());
    Plan { environment: keys.iter().map(variable).collect(), ..Plan::default() }
}

#[test]
fn the_hard_stop_cuts_no_message_that_the_next_hop_has() {
    run(|| async {
        let bench = Bench::with(seconds(&[("HARD_STOP", "1"), ("VERDICT", "300")])).await;
        let (committed, verdict) = under_way(&bench, At::EndOfMessage).await;
        let (begun, _recipient) = under_way(&bench, At::Rcpt).await;
        bench.appliance.terminate().unwrap();
        // It is cut at the hard stop; the other one is still waited for.
        assert!(!begun.await.unwrap().is_accepted());
        verdict.open();
        assert_eq!(end_code(&committed.await.unwrap()), 250);
        assert_eq!(bench.appliance.wait_for_event("Drain finished.").unwrap()["cut"], 1);
        assert!(bench.appliance.wait().unwrap().success());
    });
}

#[test]
fn nor_does_it_wait_for_ever() {
    run(|| async {
        let bench = Bench::with(seconds(&[("HARD_STOP", "1"), ("VERDICT", "1")])).await;
        let (committed, _verdict) = under_way(&bench, At::EndOfMessage).await;
        bench.appliance.terminate().unwrap();
        assert!(!committed.await.unwrap().is_accepted());
        assert_eq!(bench.appliance.wait_for_event("Drain finished.").unwrap()["cut"], 1);
        assert!(bench.appliance.wait().unwrap().success());
    });
}

#[test]
fn newcomers_are_told_421_when_no_session_is_left() {
    run(|| async {
        // Long enough for any machine; the end of the test does not wait for it.
        let grace = ("SIGNET_DRAIN_GRACE_SECONDS".to_owned(), "60".to_owned());
        let bench = Bench::with(Plan { environment: vec![grace], ..Plan::default() }).await;
        bench.appliance.terminate().unwrap();
        bench.appliance.wait_for_event("Drain started.").unwrap();
        for _ in 0..20 {
            // A core that has not been told yet may greet first.
            let said = greeting(&bench).await;
            assert!(said.lines().last().is_some_and(|line| line.starts_with("421 4.3.2 ")), "{said}");
        }
    });
}

#[test]
fn the_drain_command_tells_the_running_edge_and_waits_for_its_end() {
    run(|| async {
        let bench = Bench::start().await;
        // Beside it, with the port that was free when it started.
        let file = bench.setup.config();
        let text = std::fs::read_to_string(&file).unwrap();
        let ops = format!("[ops]\naddress = \"{}\"", bench.appliance.ops);
        std::fs::write(&file, text.replace("[ops]\naddress = \"127.0.0.1:0\"", &ops)).unwrap();
        let gate = Gate::new();
        bench.exchange.script(Rule::at(At::EndOfMessage).wait(&gate));
        let mut sender = bench.sender().await;
        let running = tokio::spawn(async move { sender.send(&outgoing(&mail())).await });
        assert!(gate.reached(1, DEADLINE).await, "the message did not come so far");
        assert!(bench.setup.signet(&["drain"]).unwrap().ends_with(" is draining\n"));
        bench.appliance.wait_for_event("Drain started.").unwrap();
        gate.open();
        assert_eq!(end_code(&running.await.unwrap()), 250);
        assert!(bench.appliance.wait().unwrap().success());
        assert!(bench.setup.signet(&["drain"]).unwrap_err().to_string().contains("refused"));
        let other = Bench::start().await;
        let file = other.setup.config();
        let text = std::fs::read_to_string(&file).unwrap();
        let ops = format!("[ops]\naddress = \"{}\"", other.appliance.ops);
        std::fs::write(&file, text.replace("[ops]\naddress = \"127.0.0.1:0\"", &ops)).unwrap();
        assert!(other.setup.signet(&["drain", "--wait"]).unwrap().ends_with(" has left\n"));
        assert!(other.appliance.wait().unwrap().success());
    });
}
