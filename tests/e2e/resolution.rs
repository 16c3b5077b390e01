//! How the next hop's name becomes an address: all of them tried, an old answer better than none, private ones refused.

use std::net::IpAddr;

use serde_json::json;
use standin::exchange::Delivery;
use standin::names::Names;

use crate::bench::{Bench, Plan, end_code, outgoing, run};
use crate::faults::{assert_refused, environment, mail};

/// A tenant whose next hop has a name, and the keys that let the appliance ask for it.
fn by_name(names: &Names, more: &[(&str, &str)], address: &str) -> Plan {
    let address: IpAddr = address.parse().unwrap();
    let mut keys = vec![("IDLE_SESSIONS", "0")];
    keys.extend_from_slice(more);
    let mut environment = environment(&keys);
    environment.push(("SIGNET_NEXT_HOP_RESOLVER".to_owned(), names.address.to_string()));
    Plan {
        exchange: Box::new(move |mut config| {
            config.address = address;
            config
        }),
        tenant: Box::new(|tenant| tenant["peer"]["next_hop"]["host"] = json!("contoso.outlook.example")),
        environment,
        ..Plan::default()
    }
}

fn addresses(list: &[&str]) -> Vec<(&'static str, IpAddr)> {
    list.iter().map(|address| ("contoso", address.parse().unwrap())).collect()
}

async fn sent(bench: &Bench) -> Delivery {
    bench.sender().await.send(&outgoing(&mail())).await
}

#[test]
fn every_address_of_the_name_is_tried() {
    run(|| async {
        // Nobody listens on the next hop's port at the others.
        for listening in ["127.0.0.1", "::1", "127.0.0.3"] {
            let names = Names::serve(&addresses(&["127.0.0.1", "127.0.0.2", "127.0.0.3", "::1"])).await.unwrap();
            let bench = Bench::with(by_name(&names, &[], listening)).await;
            for _ in 0..3 {
                let delivery = sent(&bench).await;
                assert_eq!(end_code(&delivery), 250, "{listening}: {delivery:?}");
            }
        }
    });
}

#[test]
fn an_old_answer_serves_while_the_name_server_is_gone() {
    run(|| async {
        let names = Names::serve(&addresses(&["127.0.0.1"])).await.unwrap();
        let bench = Bench::with(by_name(&names, &[], "127.0.0.1")).await;
        assert_eq!(end_code(&sent(&bench).await), 250);
        names.stop().await.unwrap();
        assert_eq!(end_code(&sent(&bench).await), 250);
        assert_eq!(bench.exchange.accepted().len(), 2);
    });
}

#[test]
fn a_silent_name_server_is_not_waited_for_while_an_old_answer_is_there() {
    run(|| async {
        let names = Names::serve(&addresses(&["127.0.0.1"])).await.unwrap();
        let bench = Bench::with(by_name(&names, &[], "127.0.0.1")).await;
        assert_eq!(end_code(&sent(&bench).await), 250);
        let (questions, _listener) = names.fall_silent().await.unwrap();
        assert_eq!(end_code(&sent(&bench).await), 250);
        // It was asked, and the question is still open while the next messages pass.
        questions.recv_from(&mut [0; 512]).await.unwrap();
        for _ in 0..3 {
            assert_eq!(end_code(&sent(&bench).await), 250);
        }
        assert_eq!(bench.metric("signet_next_hop_failed_total{fault=\"unresolved\"}").await, 0.0);
    });
}

#[test]
fn a_name_without_an_answer_is_451() {
    run(|| async {
        let names = Names::serve(&[]).await.unwrap();
        let bench = Bench::with(by_name(&names, &[], "127.0.0.1")).await;
        assert_refused("no such name", &sent(&bench).await, 451, "4.4.3");
        names.stop().await.unwrap();
        assert_refused("no name server", &sent(&bench).await, 451, "4.4.3");
        assert_eq!(bench.metric("signet_next_hop_failed_total{fault=\"unresolved\"}").await, 2.0);
    });
}

#[test]
fn private_addresses_are_refused_where_they_are_not_allowed() {
    run(|| async {
        let names = Names::serve(&addresses(&["127.0.0.1", "10.0.0.1", "192.168.1.1", "::1"])).await.unwrap();
        let bench = Bench::with(by_name(&names, &[("PRIVATE_ADDRESSES", "false")], "127.0.0.1")).await;
        assert_refused("by name", &sent(&bench).await, 451, "4.4.3");
        assert!(bench.exchange.record().conversations.is_empty());
        assert_eq!(bench.metric("signet_next_hop_failed_total{fault=\"address\"}").await, 1.0);
        let environment = environment(&[("PRIVATE_ADDRESSES", "false")]);
        let bench = Bench::with(Plan { environment, ..Plan::default() }).await;
        assert_refused("by address", &sent(&bench).await, 451, "4.4.3");
        assert!(bench.exchange.record().conversations.is_empty());
    });
}
