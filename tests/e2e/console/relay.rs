//! The relay of the console's own mail: by TLS and nothing else, where plaintext was not asked for.

use serde_json::json;
use standin::certificates::{Authority, Request};
use standin::exchange::{Offer, Receiver, ReceiverConfig, TlsOffer};

use super::*;
use crate::bench::run;

const EMAIL: &str = "ada@contoso.example";

/// A console whose relay has a certificate of the authority in `relay.pem`, or of another one.
async fn console(folder: &std::path::Path, is_known: bool) -> (Bench, Receiver, Browser) {
    let (known, other) = (Authority::new("relay").unwrap(), Authority::new("another").unwrap());
    known.write_root(folder, "relay").unwrap();
    let authority = if is_known { known } else { other };
    let relay = ReceiverConfig {
        identities: vec![authority.issue(Request::server("localhost")).unwrap()],
        tls: TlsOffer::Required,
        offer: Offer::exchange_online(),
        ..ReceiverConfig::plain()
    };
    let relay = Receiver::start(relay).await.unwrap();
    let configuration = format!(
        "[console]\naddress = \"127.0.0.1:0\"\nurl = \"http://127.0.0.1:1\"\nsign_up = true\n\
         [mail]\nrelay = \"localhost:{}\"\nroots = \"{}\"\nfrom = \"Signet <signet@console.example>\"\n",
        relay.port(),
        folder.join("relay.pem").display()
    );
    let bench = Bench::with(Plan { configuration, ..Plan::default() }).await;
    let started = bench.appliance.wait_for_event("API listener started.").unwrap();
    let browser = Browser::new(started["address"].as_str().unwrap().parse().unwrap());
    (bench, relay, browser)
}

#[test]
fn mail_goes_to_the_relay_over_tls() {
    run(|| async {
        let folder = tempfile::tempdir().unwrap();
        let (_bench, relay, browser) = console(folder.path(), true).await;
        browser.done("POST", "/sign-up", Some(sign_up(EMAIL))).await;
        let mails = relay.wait_for(1).await.unwrap();
        assert!(mails[0].tls.is_some() && mails[0].addresses() == [EMAIL]);
    });
}

#[test]
fn a_relay_that_cannot_be_known_gets_no_mail_and_whoever_waits_is_not_told() {
    run(|| async {
        let folder = tempfile::tempdir().unwrap();
        let (bench, relay, browser) = console(folder.path(), false).await;
        let told = browser.done("POST", "/sign-up", Some(sign_up(EMAIL))).await;
        assert_eq!(told, json!({"email": EMAIL}));
        let refused = bench.appliance.wait_for_event("Letter refused.").unwrap();
        assert_eq!(refused["again"], true);
        assert!(!refused.to_string().contains(EMAIL), "{refused}");
        assert!(bench.metric("signet_letter_tried_total{result=\"again\"}").await >= 1.0);
        assert_eq!(relay.accepted().len(), 0);
    });
}
