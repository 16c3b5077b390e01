//! The API of a running edge: what is changed by it is what the next message meets, on every edge of the store.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use standin::appliance::Appliance;
use standin::exchange::{Outgoing, Recipient, Sender};
use standin::mails::{Client, Letter};
use standin::postgres::Postgres;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::bench::{Bench, MARK, Plan, end_code, outgoing, run};

const DEADLINE: Duration = Duration::from_secs(60);

/// An edge with an API, and a token of its operator's.
struct Served {
    bench: Bench,
    api: SocketAddr,
    token: String,
}

impl Served {
    async fn start(store: Option<String>) -> Served {
        Served::with(Plan { store, ..Plan::default() }).await
    }

    async fn with(plan: Plan) -> Served {
        let configuration = "[console]\naddress = \"127.0.0.1:0\"\n".to_owned();
        let bench = Bench::with(Plan { configuration, ..plan }).await;
        let token = bench.setup.signet(&["token", "create", "--name", "e2e", "--region", "--scopes", "all"]).unwrap();
        let started = bench.appliance.wait_for_event("API listener started.").unwrap();
        let api = started["address"].as_str().unwrap().parse().unwrap();
        Served { bench, api, token: token.trim().to_owned() }
    }

    async fn ask(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        let mut stream = tokio::net::TcpStream::connect(self.api).await.unwrap();
        let head = format!(
            "{method} /api/v1{path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.token,
            body.len()
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 2"), "{method} {path}: {answer}");
        serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
    }

    /// Sends a mail; gives whether it came out signed.
    async fn is_signed(&self, sender: &mut Sender) -> bool {
        let mail = Letter::first().from("Ada Vance", "ada@contoso.example").written_in(Client::OutlookWeb);
        assert_eq!(end_code(&sender.send(&outgoing(&mail)).await), 250);
        self.bench.exchange.accepted().pop().unwrap().text().contains(MARK)
    }

    async fn until_signed(&self, senders: &mut [Sender], wanted: bool) -> Duration {
        let began = Instant::now();
        for sender in senders {
            while self.is_signed(sender).await != wanted {
                assert!(began.elapsed() < DEADLINE, "the change did not reach the edge");
            }
        }
        began.elapsed()
    }
}

/// A mode, a signature and the region's bypass, each by the API and then the next message. How long it took is told and
/// not asserted: it is a figure of the machine.
async fn changes_reach_the_next_message(served: &Served, senders: &mut [Sender]) {
    served.until_signed(senders, true).await;
    let bypass = json!({"mode": "bypass", "for": "1h"});
    let changes: [(&str, &str, Option<Value>, bool); 6] = [
        ("PUT", "/tenants/contoso/mode", Some(bypass), false),
        ("PUT", "/tenants/contoso/mode", Some(json!({"mode": "live"})), true),
        ("PUT", "/region/bypass?reason=test", Some(json!({})), false),
        ("DELETE", "/region/bypass", None, true),
        ("PUT", "/tenants/contoso/signatures/standard/enabled", Some(json!({"enabled": false})), false),
        ("PUT", "/tenants/contoso/signatures/standard/enabled", Some(json!({"enabled": true})), true),
    ];
    for (method, path, body, signs) in changes {
        served.ask(method, path, body).await;
        let took = served.until_signed(senders, signs).await.as_millis();
        println!("{method} {path}: {took} ms to the next message of {} edges", senders.len());
    }
    let reason = "signet_message_left_total{reason=\"region_bypass\"}";
    assert!(served.bench.metric(reason).await >= 1.0, "it has a reason of its own");
    let acts = served.ask("GET", "/region/audit", None).await;
    assert_eq!(acts["acts"][0]["action"], "bypass.end");
}

#[test]
fn what_the_api_changes_meets_the_next_message_from_sqlite() {
    run(|| async {
        let served = Served::start(None).await;
        let mut senders = [served.bench.sender().await];
        changes_reach_the_next_message(&served, &mut senders).await;
        // What was decided is found again.
        let began = Instant::now();
        let found = loop {
            assert!(began.elapsed() < DEADLINE, "no record of what was signed");
            let found =
                served.ask("GET", "/tenants/contoso/decisions?address=ada%40contoso.example&limit=1", None).await;
            if found["decisions"][0]["legs"].to_string().contains("standard") {
                break found;
            }
        };
        assert_eq!(found["decisions"][0]["verdict"], "accepted", "{found}");
        // And by the command, which is another process.
        let mut sender = served.bench.sender().await;
        let signet = |arguments: &[&str]| served.bench.setup.signet(arguments).unwrap();
        assert!(signet(&["bypass", "on", "--for", "1h", "--reason", "drill"]).starts_with("on\t"));
        served.until_signed(std::slice::from_mut(&mut sender), false).await;
        assert!(signet(&["bypass", "status"]).contains("drill"));
        assert!(crate::bench::http_body(served.bench.appliance.ops, "/healthz").await.contains("drill"));
        assert_eq!(signet(&["bypass", "off"]), "off\n");
        served.until_signed(std::slice::from_mut(&mut sender), true).await;
    });
}

#[test]
fn what_the_api_changes_meets_the_next_message_of_every_edge_on_postgresql() {
    run(|| async {
        let server = Postgres::start().unwrap();
        let served = Served::start(Some(server.address(&server.database().unwrap()))).await;
        // A second edge of the same region, which hears of it from the store alone.
        let second = Appliance::start(served.bench.setup.run_command()).unwrap();
        let other = Sender::connect(second.listeners[0], &served.bench.sender_config()).await.unwrap();
        let mut senders = [served.bench.sender().await, other];
        changes_reach_the_next_message(&served, &mut senders).await;
    });
}

#[test]
fn the_record_of_a_message_tells_who_got_what() {
    const TO: [&str; 3] = ["dan@example.org", "bob@example.org", "carol@example.org"];
    run(|| async {
        let unsigned = json!({"reason": "no_signature", "recipients": [0, 2]});
        for (mode, copies, got) in [
            ("live", 2, json!({"signatures": ["standard"], "recipients": [1]})),
            ("observe", 1, json!({"reason": "observe", "would_be": ["standard"], "recipients": [1]})),
        ] {
            let tenant = move |tenant: &mut Value| {
                tenant["mode"] = json!(mode);
                tenant["signatures"][0]["applies"] = json!({"recipients": {"addresses": [TO[1]]}});
            };
            let served = Served::with(Plan { tenant: Box::new(tenant), ..Plan::default() }).await;
            let mail = Letter::first().from("Ada Vance", "ada@contoso.example").written_in(Client::OutlookWeb);
            let mail = Outgoing { recipients: TO.map(Recipient::new).to_vec(), ..outgoing(&mail) };
            assert_eq!(end_code(&served.bench.sender().await.send(&mail).await), 250);
            assert_eq!(served.bench.exchange.accepted().len(), copies, "{mode}");
            let began = Instant::now();
            let record = loop {
                let found = served.ask("GET", "/tenants/contoso/decisions", None).await;
                if let Some(record) = found["decisions"].get(0) {
                    break record.clone();
                }
                assert!(began.elapsed() < DEADLINE, "no record");
            };
            assert_eq!((&record["recipients"], &record["legs"]), (&json!(TO), &json!([unsigned, got])), "{mode}");
            let line = served.bench.appliance.wait_for_event("Message finished.").unwrap();
            assert_eq!(line["copies"], copies, "{mode}");
        }
    });
}
