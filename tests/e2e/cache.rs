//! Rules and people that are not in memory, and a database that is not there: what is in memory needs no I/O, what is not
//! costs the signature at most, and an edge with sealed copies starts and signs without its database.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use standin::exchange::{ExchangeHeaders, Outgoing, Sender};
use standin::mails::{Client, Letter};
use standin::postgres::Postgres;

use crate::bench::{Bench, MARK, Plan, contoso, end_code, http, http_body, outgoing, run, until};

const DEADLINE: Duration = Duration::from_secs(60);
const IN_MEMORY: &str = "signet_snapshot_asked_total{answer=\"memory\"}";
const LOADED: &str = "signet_snapshot_asked_total{answer=\"loaded\"}";
const MISSING: &str = "signet_snapshot_asked_total{answer=\"missing\"}";
const FROM_STORE: &str = "signet_snapshot_load_seconds_count{source=\"store\"}";
const FROM_COPY: &str = "signet_snapshot_load_seconds_count{source=\"copy\"}";
const UNSIGNED: &str = "signet_message_left_total{reason=\"no_snapshot\"}";
const REFUSED: &str = "signet_copy_refused_total";

/// A tenant beside Contoso, with so many people and a signature that names it.
fn tenant(number: usize, people: usize, port: u16) -> Value {
    let mut file = contoso(port);
    let domain = format!("t{number}.example");
    let person = |at: usize| {
        json!({"id": format!("p{at}"), "addresses": [format!("p{at}@{domain}")],
            "attributes": {"displayName": format!("Person {at} of t{number}"), "jobTitle": "Engineer"}})
    };
    file["id"] = json!(format!("t{number}"));
    file["domains"] = json!([domain]);
    file["microsoft_tenant_id"] = json!(guid(number));
    file["people"] = (0..people).map(person).collect();
    file
}

fn guid(number: usize) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}

fn certificate(number: usize) -> String {
    format!("k1.t{number}.signet.example")
}

/// A bench with so many more tenants.
async fn bench_with(tenants: usize, people: usize, plan: Plan) -> Bench {
    let exchange = plan.exchange;
    let more = move |config| {
        let all = (0..tenants).map(|number| (certificate(number), format!("t{number}")));
        all.fold(exchange(config), |config, (name, id)| config.connector(&name, &id))
    };
    let more_tenants =
        move |port| (0..tenants).map(|number| (tenant(number, people, port), certificate(number))).collect::<Vec<_>>();
    Bench::with(Plan { exchange: Box::new(more), more_tenants: Box::new(more_tenants), ..plan }).await
}

/// A mail of a tenant's first person.
fn mail_of(number: usize) -> Outgoing {
    let (domain, from) = (format!("t{number}.example"), format!("p0@t{number}.example"));
    let mail = Letter::first().from("Person 0", &from).written_in(Client::OutlookWeb);
    Outgoing::new(&from, &["bob@example.org"], ExchangeHeaders::new(&guid(number), &domain).around(&mail))
        .organization(&domain)
}

fn mail_of_contoso() -> Outgoing {
    outgoing(&Letter::first().from("Ada Vance", "ada@contoso.example").written_in(Client::OutlookWeb))
}

/// Sends a mail that is to be taken; gives what came out.
async fn taken(bench: &Bench, sender: &mut Sender, mail: &Outgoing) -> String {
    let delivery = sender.send(mail).await;
    assert_eq!(end_code(&delivery), 250, "{delivery:?}");
    bench.exchange.accepted().pop().unwrap().text()
}

async fn until_ready(bench: &Bench) {
    let began = Instant::now();
    while !http(bench.appliance.ops, "/readyz").await.starts_with("HTTP/1.1 200") {
        assert!(began.elapsed() < DEADLINE, "{}", http_body(bench.appliance.ops, "/healthz").await);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn health(bench: &Bench) -> Value {
    serde_json::from_str(&http_body(bench.appliance.ops, "/healthz").await).unwrap()
}

#[test]
fn what_is_in_memory_needs_no_io() {
    run(|| async {
        let bench = Bench::start().await;
        assert_eq!((bench.metric(FROM_STORE).await, bench.metric(LOADED).await), (0.0, 0.0), "loaded for nobody");
        let mut sender = bench.sender().await;
        let began = Instant::now();
        assert!(taken(&bench, &mut sender, &mail_of_contoso()).await.contains(MARK), "the first mail is signed");
        println!("first mail of a cold tenant: {:.1} ms", began.elapsed().as_secs_f64() * 1e3);
        assert_eq!((bench.metric(FROM_STORE).await, bench.metric(LOADED).await), (1.0, 1.0));
        for _ in 0..20 {
            assert!(taken(&bench, &mut sender, &mail_of_contoso()).await.contains(MARK));
        }
        assert!(taken(&bench, &mut bench.sender().await, &mail_of_contoso()).await.contains(MARK));
        let counts = (bench.metric(IN_MEMORY).await, bench.metric(FROM_STORE).await, bench.metric(LOADED).await);
        assert_eq!(counts, (21.0, 1.0, 1.0));
        assert_eq!((bench.metric(MISSING).await, bench.metric("signet_snapshot_evicted_total").await), (0.0, 0.0));
    });
}

/// Mail of more tenants than there is room for, all at the same time.
#[test]
fn in_little_memory_each_tenant_gets_its_own_signature() {
    run(|| async {
        const TENANTS: usize = 8;
        const AT_ONCE: usize = 6;
        let plan = Plan { configuration: "[cache]\nmemory_bytes = 1048576\n".to_owned(), ..Plan::default() };
        let bench = bench_with(TENANTS, 600, plan).await;
        let mut sending = tokio::task::JoinSet::new();
        for number in 0..AT_ONCE {
            let mut sender = bench.sender().await;
            sending.spawn(async move {
                for _ in 0..8 {
                    let delivery = sender.send(&mail_of(number)).await;
                    assert_eq!(end_code(&delivery), 250, "{delivery:?}");
                }
            });
        }
        sending.join_all().await;
        // What is in use stays, and all may have come while all were in use: those who come now find room to be made.
        let mut sender = bench.sender().await;
        for number in AT_ONCE..TENANTS {
            let delivery = sender.send(&mail_of(number)).await;
            assert_eq!(end_code(&delivery), 250, "{delivery:?}");
        }
        let accepted = bench.exchange.accepted();
        assert_eq!(accepted.len(), AT_ONCE * 8 + TENANTS - AT_ONCE);
        for mail in &accepted {
            let text = mail.text().replace("=\r\n", "");
            let of = (0..TENANTS).find(|number| text.contains(&format!("p0@t{number}.example"))).unwrap();
            assert!(text.contains(&format!("{MARK} Person 0 of t{of}")), "{text}");
            let others = (0..TENANTS).filter(|number| text.contains(&format!("of t{number}"))).count();
            assert_eq!(others, 1, "{text}");
        }
        assert!(bench.metric("signet_snapshot_evicted_total").await > 0.0, "{}", bench.metrics().await);
        assert!(bench.metric("signet_snapshot_loaded_tenants").await < TENANTS as f64);
        assert_eq!((bench.metric(MISSING).await, bench.metric(UNSIGNED).await), (0.0, 0.0));
        // Whoever left and came again follows its changes.
        for number in 0..TENANTS {
            bench.setup.signet(&["tenant", "mode", &format!("t{number}"), "observe"]).unwrap();
        }
        for number in 0..TENANTS {
            let began = Instant::now();
            while taken(&bench, &mut sender, &mail_of(number)).await.contains(MARK) {
                assert!(began.elapsed() < DEADLINE, "the change of t{number} did not reach the edge");
            }
        }
    });
}

#[test]
fn a_database_that_stands_still_costs_a_cold_tenant_its_signature_alone() {
    run(|| async {
        let server = Postgres::start().unwrap();
        let store = Some(server.address(&server.database().unwrap()));
        let configuration = "[cache]\nload_milliseconds = 300\n".to_owned();
        let bench = bench_with(2, 3, Plan { store, configuration, ..Plan::default() }).await;
        let mut sender = bench.sender().await;
        assert!(taken(&bench, &mut sender, &mail_of(0)).await.contains(MARK));
        server.hang();
        // Whoever is in memory is signed, whoever is not goes on as it came.
        for _ in 0..3 {
            assert!(taken(&bench, &mut sender, &mail_of(0)).await.contains(MARK));
            assert!(!taken(&bench, &mut sender, &mail_of(1)).await.contains(MARK));
        }
        assert_eq!((bench.metric(MISSING).await, bench.metric(UNSIGNED).await), (3.0, 3.0));
        server.go_on();
        let began = Instant::now();
        while !taken(&bench, &mut sender, &mail_of(1)).await.contains(MARK) {
            assert!(began.elapsed() < DEADLINE, "the database is back, and nobody asks it");
        }
    });
}

/// A bench on PostgreSQL with sealed copies, of which Contoso's and t0's are there; t1 has had no mail.
async fn copied(server: &Postgres) -> Bench {
    let store = Some(server.address(&server.database().unwrap()));
    let configuration = "[cache]\nfolder = \"copies\"\nload_milliseconds = 500\n".to_owned();
    let bench = bench_with(2, 3, Plan { store, configuration, ..Plan::default() }).await;
    let mut sender = bench.sender().await;
    for mail in [mail_of_contoso(), mail_of(0)] {
        assert!(taken(&bench, &mut sender, &mail).await.contains(MARK));
    }
    bench.until_metric("signet_copy_written_total{part=\"tenant\"}", |written| written >= 2.0).await;
    // The index of all three tenants: the second that is written from here on has begun with them.
    let written = "signet_copy_written_total{part=\"index\"}";
    for mode in ["observe", "live"] {
        let before = bench.metric(written).await;
        bench.setup.signet(&["tenant", "mode", "t1", mode]).unwrap();
        bench.until_metric(written, |now| now > before).await;
    }
    bench
}

/// Ends the edge as a machine that dies, and starts it again.
fn restart(bench: &mut Bench) {
    bench.appliance.kill().unwrap();
    bench.appliance = bench.setup.start().unwrap();
}

fn copy(bench: &Bench, name: &str) -> PathBuf {
    bench.setup.folder.join("copies").join(name)
}

#[test]
fn without_its_database_an_edge_starts_and_signs_from_its_copies() {
    run(|| async {
        let server = Postgres::start().unwrap();
        let mut bench = copied(&server).await;
        drop(server);
        restart(&mut bench);
        until_ready(&bench).await;
        let mut sender = bench.sender().await;
        for _ in 0..5 {
            assert!(taken(&bench, &mut sender, &mail_of_contoso()).await.contains(MARK));
            assert!(taken(&bench, &mut sender, &mail_of(0)).await.contains(MARK));
        }
        assert_eq!((bench.metric(FROM_COPY).await, bench.metric(FROM_STORE).await), (2.0, 0.0));
        // Its tenant is known, its people are not.
        assert!(!taken(&bench, &mut sender, &mail_of(1)).await.contains(MARK));
        assert_eq!(bench.metric(UNSIGNED).await, 1.0);
        // Somebody who came after the copy may exist.
        assert_eq!(end_code(&sender.send(&mail_of(7)).await), 451);
        assert_eq!(bench.metric("signet_tenant_unproven_total{cause=\"stale_index\"}").await, 1.0);
        let health = health(&bench).await;
        assert_eq!((&health["state"], &health["tenants"]), (&json!("up"), &json!(3)));
        assert!(health["snapshot_age_seconds"].is_u64());
    });
}

#[test]
fn an_edge_that_started_without_its_database_follows_it_when_it_is_back() {
    run(|| async {
        let server = Postgres::start().unwrap();
        let mut bench = copied(&server).await;
        bench.appliance.kill().unwrap();
        // While the edge is away one tenant changes and one goes.
        bench.setup.signet(&["tenant", "mode", "contoso", "observe"]).unwrap();
        bench.setup.signet(&["tenant", "delete", "t1", "--yes"]).unwrap();
        server.hang();
        bench.appliance = bench.setup.start().unwrap();
        until_ready(&bench).await;
        let mut sender = bench.sender().await;
        assert!(taken(&bench, &mut sender, &mail_of_contoso()).await.contains(MARK), "by what was known last");
        server.go_on();
        let began = Instant::now();
        while taken(&bench, &mut sender, &mail_of_contoso()).await.contains(MARK) {
            assert!(began.elapsed() < DEADLINE, "the change did not reach the edge");
        }
        assert_eq!(end_code(&sender.send(&mail_of(1)).await), 550, "it is gone");
        assert!(taken(&bench, &mut sender, &mail_of(0)).await.contains(MARK));
    });
}

#[test]
fn without_database_and_copies_it_is_not_ready_says_why_and_refuses_nobody_for_good() {
    run(|| async {
        let server = Postgres::start().unwrap();
        let store = Some(server.address(&server.database().unwrap()));
        let mut bench = Bench::with(Plan { store, ..Plan::default() }).await;
        bench.appliance.kill().unwrap();
        server.hang();
        bench.appliance = bench.setup.start().unwrap();
        assert!(http(bench.appliance.ops, "/readyz").await.starts_with("HTTP/1.1 503"));
        let health = health(&bench).await;
        assert_eq!((&health["state"], &health["tenants"]), (&json!("down"), &json!(0)));
        assert!(health["reasons"].to_string().contains("no sealed copy"), "{health}");
        let mut sender = bench.sender().await;
        assert_eq!(end_code(&sender.send(&mail_of_contoso()).await), 451);
        server.go_on();
        until_ready(&bench).await;
        assert!(taken(&bench, &mut sender, &mail_of_contoso()).await.contains(MARK));
    });
}

#[test]
fn a_copy_that_was_changed_or_sealed_with_another_key_is_not_used() {
    run(|| async {
        let server = Postgres::start().unwrap();
        let mut bench = copied(&server).await;
        bench.appliance.kill().unwrap();
        drop(server);
        let index = std::fs::read(copy(&bench, "+index")).unwrap();
        // One tenant's copy in the place of another's, and one in which an octet is another.
        std::fs::copy(copy(&bench, "contoso+people"), copy(&bench, "t0+people")).unwrap();
        let mut rules = std::fs::read(copy(&bench, "contoso+rules")).unwrap();
        let middle = rules.len() / 2;
        rules[middle] ^= 1;
        std::fs::write(copy(&bench, "contoso+rules"), rules).unwrap();
        bench.appliance = bench.setup.start().unwrap();
        until_ready(&bench).await;
        let mut sender = bench.sender().await;
        for mail in [mail_of_contoso(), mail_of(0)] {
            assert!(!taken(&bench, &mut sender, &mail).await.contains(MARK));
        }
        assert!(bench.metric(REFUSED).await >= 2.0);
        assert_eq!(bench.metric(UNSIGNED).await, 2.0);
        bench.appliance.kill().unwrap();

        // The index cut short, then whole but with another key.
        std::fs::write(copy(&bench, "+index"), &index[..index.len() - 1]).unwrap();
        let refuses = async |bench: &mut Bench| {
            bench.appliance = bench.setup.start().unwrap();
            assert!(http(bench.appliance.ops, "/readyz").await.starts_with("HTTP/1.1 503"));
            assert_eq!(bench.metric(REFUSED).await, 1.0);
            assert_eq!(end_code(&bench.sender().await.send(&mail_of_contoso()).await), 451);
            bench.appliance.kill().unwrap();
        };
        refuses(&mut bench).await;
        std::fs::write(copy(&bench, "+index"), &index).unwrap();
        let key = bench.setup.folder.join("signet.key");
        std::fs::remove_file(&key).unwrap();
        bench.setup.signet(&["key"]).unwrap();
        refuses(&mut bench).await;
    });
}

#[test]
fn a_deleted_tenants_copy_goes_with_it() {
    run(|| async {
        let server = Postgres::start().unwrap();
        let bench = copied(&server).await;
        let files = ["contoso+rules", "contoso+people"].map(|name| copy(&bench, name));
        assert!(files.iter().all(|file| file.is_file()));
        bench.setup.signet(&["tenant", "delete", "contoso", "--yes"]).unwrap();
        let gone = || files.iter().all(|file| !file.exists()).then_some(());
        until("the copies to go", gone, || format!("{files:?}"));
        assert!(copy(&bench, "t0+people").is_file());
        let secret = |octets: &[u8]| memchr::memmem::find(octets, b"Person 0").is_some();
        let copies = std::fs::read_dir(bench.setup.folder.join("copies")).unwrap();
        assert!(copies.flatten().all(|file| !secret(&std::fs::read(file.path()).unwrap())), "people lie open");
    });
}
