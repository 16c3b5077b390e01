//! Nobody makes the server ask a place of their choosing (ASVS 1.3.6): every spelling of an address that is nobody's
//! business, through every field that takes a host or an address, is refused or stays a text; a canary hears nothing.

use std::net::TcpListener;

use serde_json::json;

use super::world::World;
use super::*;
use crate::bench::run;

/// Spellings of loopback, link-local, metadata and private addresses; `PORT` is where the canary listens.
const HOSTS: [&str; 46] = [
    "127.0.0.1",
    "127.0.0.1:PORT",
    "127.1",
    "127.0.1",
    "127.1:PORT",
    "2130706433",
    "2130706433:PORT",
    "0x7f000001",
    "0x7f.0x0.0x0.0x1",
    "0177.0.0.1",
    "017700000001",
    "127.0.0.01",
    "127.000.000.001",
    "0",
    "0.0.0.0",
    "0.0.0.0:PORT",
    "localhost",
    "localhost:PORT",
    "LOCALHOST.",
    "localhost.localdomain",
    "[::1]",
    "[::1]:PORT",
    "::1",
    "[::]",
    "[::ffff:127.0.0.1]:PORT",
    "[::ffff:7f00:1]",
    "[0:0:0:0:0:ffff:127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "[fe80::1%25lo]",
    "[fd00:ec2::254]",
    "169.254.169.254",
    "169.254.169.254.",
    "2852039166",
    "metadata.google.internal",
    "metadata",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.0.1",
    "100.64.0.1",
    "127.0.0.1#.outlook.example",
    "127.0.0.1:PORT/.outlook.example",
    "127.0.0.1?x=.outlook.example",
    "127.0.0.1%00.outlook.example",
    "①②⑦.⓪.⓪.①",
    "127。0。0。1",
];

/// What is put before and behind a host, where a whole address is taken.
const ADDRESSES: [(&str, &str); 9] = [
    ("http://", "/"),
    ("https://", "/"),
    ("https://login.microsoftonline.com@", "/"),
    ("https://contoso.example:x@", "/"),
    ("https://console.example\\@", "/"),
    ("//", "/"),
    ("ftp://", "/"),
    ("gopher://", "/_x"),
    ("dict://", "/x"),
];

#[test]
fn no_field_makes_the_server_ask_a_place_of_ones_choosing() {
    run(|| async {
        let world = World::start().await;
        let (ada, tenant) = world.owner("ada@northwind.example").await;
        world.set_record(&ada, &tenant).await;
        let canary = TcpListener::bind("127.0.0.1:0").unwrap();
        canary.set_nonblocking(true).unwrap();
        let port = canary.local_addr().unwrap().port().to_string();
        let heard = |trick: &str| assert!(canary.accept().is_err(), "the canary was asked by {trick}");

        // The next hop of a tenant that connects itself: below Microsoft's own names alone.
        let domains = format!("{tenant}/connection/domains");
        for trick in HOSTS.map(|host| host.replace("PORT", &port)) {
            for host in
                [trick.clone(), format!(" {trick}"), format!("x@{trick}"), format!("{trick}\u{0}.outlook.example")]
            {
                let body = json!({"domain": "northwind.example", "next_hop": host});
                let answer = ada.ask("POST", &domains, Some(body)).await;
                assert!(answer.status == 422 && answer.body.contains("/next_hop"), "{host}: {answer:?}");
            }
            let proof = ada.ask("POST", &domains, Some(json!({"domain": trick}))).await;
            assert!(proof.status >= 400, "{trick}: {proof:?}");
            heard(&trick);
        }
        let own = json!({"domain": "northwind.example", "next_hop": "northwind-example.outlook.example"});
        ada.done("POST", &format!("{domains}?dry_run=true"), Some(own)).await;

        // The way back from Microsoft, and what signatures show: read as a text, asked by nobody.
        let signature = |blocks: Value| {
            json!({"id": "canary", "name": "Canary", "enabled": true, "applies": {},
                "design": {"version": 1, "blocks": blocks}})
        };
        for (before, behind) in ADDRESSES {
            for host in HOSTS.map(|host| host.replace("PORT", &port)) {
                let url = format!("{before}{host}{behind}");
                let answer = json!({"answer": format!("{url}?state=x&tenant=y&admin_consent=True")});
                let refused = ada.ask("PUT", &format!("{tenant}/directory/consent"), Some(answer)).await;
                assert!(refused.status >= 400, "{url}: {refused:?}");
            }
            let url = format!("{before}127.0.0.1:{port}{behind}");
            for blocks in [
                json!([{"type": "text", "lines": [[{"text": "x", "link": [url]}]]}]),
                json!([{"type": "html", "html": format!("<a href=\"{url}\">x</a><img src=\"{url}\" alt=\"x\">")}]),
                json!([{"type": "qr", "size": 64, "code": {"link": [url]}}]),
                json!([{"type": "image", "image": url, "width": 10}]),
                json!([{"type": "social", "icons": [{"network": "linkedin", "link": [url]}]}]),
            ] {
                let draft = json!({"person": "nobody", "signature": signature(blocks.clone())});
                ada.ask("POST", &format!("{tenant}/preview"), Some(draft)).await;
                ada.ask("POST", &format!("{tenant}/signatures?dry_run=true"), Some(signature(blocks))).await;
            }
            heard(&url);
        }
        // Who looks at everything from outside looks at names of the tenant's own alone.
        ada.ask("GET", &format!("{tenant}/connection/checks"), None).await;
        heard("the checks");
    });
}
