//! From the start to the orderly end: what changes reach a running edge, and nobody notices that it leaves.

use std::time::Duration;

use serde_json::{Value, json};
use standin::certificates::Request;
use standin::exchange::{At, ExchangeHeaders, Gate, Outgoing, Receiver, ReceiverConfig, Rule, Sender};
use standin::mails::{Client, File, Letter};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

use crate::bench::{Bench, MARK, Plan, contoso, end_code, http, http_body, outgoing, run};

/// How long the edge may take to do as it is told.
const DEADLINE: Duration = Duration::from_secs(30);

fn mail() -> Vec<u8> {
    Letter::first().from("Ada Vance", "ada@contoso.example").written_in(Client::OutlookWeb)
}

#[test]
fn a_running_message_is_finished_and_newcomers_are_told_421() {
    run(|| async {
        let bench = Bench::start().await;
        let gate = Gate::new();
        bench.exchange.script(Rule::at(At::EndOfMessage).wait(&gate));
        let mut idle = bench.sender().await;
        let mut busy = bench.sender().await;
        let running = tokio::spawn(async move { (busy.send(&outgoing(&mail())).await, busy) });
        assert!(gate.reached(1, DEADLINE).await, "the message did not come so far");
        assert!(http(bench.appliance.ops, "/readyz").await.starts_with("HTTP/1.1 200"));
        bench.appliance.terminate().unwrap();
        bench.appliance.wait_for_event("Drain started.").unwrap();
        for page in ["/readyz", "/healthz"] {
            let answer = http(bench.appliance.ops, page).await;
            assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("draining"), "{page}: {answer}");
        }
        assert!(http(bench.appliance.ops, "/livez").await.starts_with("HTTP/1.1 200"));
        // A newcomer, and one who is there already and has nothing under way.
        let mut newcomer = TcpStream::connect(bench.appliance.listeners[0]).await.unwrap();
        let mut said = String::new();
        newcomer.read_to_string(&mut said).await.unwrap();
        // A core that has not been told yet may greet first.
        assert!(said.lines().last().is_some_and(|line| line.starts_with("421 4.3.2 ")), "{said}");
        let farewell = idle.reply().await.unwrap();
        assert_eq!(farewell.code, 421, "{farewell}");
        assert!(bench.exchange.accepted().is_empty());
        gate.open();
        let (delivery, mut busy) = running.await.unwrap();
        assert_eq!(end_code(&delivery), 250, "{delivery:?}");
        assert_eq!(busy.reply().await.unwrap().code, 421);
        assert_eq!(bench.exchange.wait_for(1).await.unwrap().len(), 1);
        let status = bench.appliance.wait().unwrap();
        assert!(status.success(), "{status:?}");
    });
}

#[test]
fn a_message_whose_content_is_under_way_is_finished_too() {
    run(|| async {
        let bench = Bench::start().await;
        let gate = Gate::new();
        bench.exchange.script(Rule::at(At::Content(100_000)).wait(&gate));
        let file = File::pdf("large.pdf", 8_000_000);
        let letter = Letter::first().from("Ada Vance", "ada@contoso.example").attach(file.clone());
        let large = outgoing(&letter.written_in(Client::OutlookWeb));
        let mut sender = bench.sender().await;
        let running = tokio::spawn(async move { sender.send(&large).await });
        assert!(gate.reached(1, DEADLINE).await, "the message did not come so far");
        bench.appliance.terminate().unwrap();
        bench.appliance.wait_for_event("Drain started.").unwrap();
        // Once a newcomer is told so, every session has been.
        let mut newcomer = TcpStream::connect(bench.appliance.listeners[0]).await.unwrap();
        newcomer.read_to_end(&mut Vec::new()).await.unwrap();
        gate.open();
        let delivery = running.await.unwrap();
        assert_eq!(end_code(&delivery), 250, "{delivery:?}");
        assert!(bench.appliance.wait().unwrap().success());
        let arrived = bench.exchange.accepted().pop().unwrap();
        let parsed = mail_parser::MessageParser::default().parse(&arrived.content[..]).unwrap();
        assert_eq!(parsed.attachment(0).unwrap().contents(), &file.octets[..]);
    });
}

#[test]
fn a_drain_without_anything_to_do_is_over_at_once() {
    run(|| async {
        let bench = Bench::start().await;
        assert_eq!(end_code(&bench.sender().await.send(&outgoing(&mail())).await), 250);
        bench.appliance.terminate().unwrap();
        assert!(bench.appliance.wait().unwrap().success());
        assert_eq!(bench.exchange.accepted().len(), 1);
    });
}

/// Sends until a mail comes out signed, or unsigned, as is wanted: the edge follows the store.
async fn until_signed(bench: &Bench, sender: &mut Sender, wanted: bool) {
    let deadline = tokio::time::Instant::now() + DEADLINE;
    loop {
        assert_eq!(end_code(&sender.send(&outgoing(&mail())).await), 250);
        if bench.exchange.accepted().pop().unwrap().text().contains(MARK) == wanted {
            return;
        }
        assert!(tokio::time::Instant::now() < deadline, "the mode did not reach the edge");
    }
}

#[test]
fn a_change_of_mode_reaches_the_running_edge() {
    run(|| async {
        let bench = Bench::start().await;
        let mut sender = bench.sender().await;
        until_signed(&bench, &mut sender, true).await;
        for (arguments, signed, reason) in [
            (&["bypass"][..], false, Some("bypass")),
            (&["live"], true, None),
            (&["observe"], false, Some("observe")),
            (&["pilot", "--people", "ada"], true, None),
            (&["pilot", "--marker", "signet-test"], false, Some("not_in_pilot")),
            (&["live"], true, None),
        ] {
            let command = [&["tenant", "mode", "contoso"][..], arguments].concat();
            bench.setup.signet(&command).unwrap();
            until_signed(&bench, &mut sender, signed).await;
            if let Some(reason) = reason {
                let series = format!("signet_message_left_total{{reason=\"{reason}\"}}");
                assert!(bench.metric(&series).await >= 1.0, "{arguments:?}");
            }
        }
        // Left or signed, a mail carries the stamp: the customer's rule would send it round for ever else.
        assert!(bench.exchange.accepted().iter().all(|message| message.headers("X-Signet-Stamp").len() == 1));
    });
}

#[test]
fn a_tenant_that_is_imported_later_is_served_without_a_restart() {
    run(|| async {
        let bench = Bench::start().await;
        let id = "0b7a1e52-8c5d-4f7e-9d0a-5a3f8f0c1d2e";
        let certificate = "k1.fabrikam.signet.example";
        let identity = bench.setup.authority.issue(Request::server("mail.protection.outlook.com")).unwrap();
        let config = ReceiverConfig::exchange_online(identity, bench.setup.authority.roots().unwrap());
        let hop = Receiver::start(config.connector(certificate, "fabrikam")).await.unwrap();
        let letter = Letter::first().from("Mal", "mal@fabrikam.example").written_in(Client::Gmail);
        let content = ExchangeHeaders::new(id, "fabrikam.example").around(&letter);
        let message = Outgoing::new("mal@fabrikam.example", &["bob@example.org"], content);
        assert_eq!(end_code(&bench.sender().await.send(&message).await), 550);
        bench.setup.tenant(&fabrikam(id, hop.port()), Some(certificate)).unwrap();
        let deadline = tokio::time::Instant::now() + DEADLINE;
        loop {
            // A session that is refused too often is closed.
            let delivery = bench.sender().await.send(&message).await;
            if delivery.is_accepted() {
                break;
            }
            assert!(tokio::time::Instant::now() < deadline, "{delivery:?}");
        }
        let arrived = hop.accepted().pop().unwrap();
        assert_eq!(arrived.tenant.as_deref(), Some("fabrikam"));
        assert!(arrived.text().contains(MARK));
        assert_eq!(bench.metric("signet_tenant_known_tenants").await, 2.0);
        assert_eq!(end_code(&bench.sender().await.send(&outgoing(&mail())).await), 250);
    });
}

fn fabrikam(id: &str, port: u16) -> Value {
    let mut file = contoso(port);
    file["id"] = json!("fabrikam");
    file["microsoft_tenant_id"] = json!(id);
    file["domains"] = json!(["fabrikam.example"]);
    file["people"] =
        json!([{"id": "mal", "addresses": ["mal@fabrikam.example"], "attributes": {"displayName": "M. M."}}]);
    file
}

#[test]
fn every_metric_that_a_dashboard_shows_is_there() {
    run(|| async {
        let bench = Bench::with(Plan::default()).await;
        assert_eq!(end_code(&bench.sender().await.send(&outgoing(&mail())).await), 250);
        bench.appliance.wait_for_events("Message finished.", 1).unwrap();
        let page = http_body(bench.appliance.ops, "/metrics").await;
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../dashboards");
        let mut names = Vec::new();
        for file in std::fs::read_dir(folder).unwrap() {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            let words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
            names.extend(words.filter(|word| word.starts_with("signet_")).map(str::to_owned));
        }
        names.sort();
        names.dedup();
        assert!(names.len() > 5, "{names:?}");
        for name in names {
            let series =
                page.lines().any(|line| line.strip_prefix(&name).is_some_and(|rest| rest.starts_with(['{', ' '])));
            assert!(series, "{name} is not in\n{page}");
        }
    });
}
