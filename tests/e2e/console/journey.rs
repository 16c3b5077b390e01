//! The whole way of a new administrator, in a real browser against the real program.

use serde_json::json;
use standin::graph::Consent;
use standin::newcomer;

use super::story::tell;
use super::world::World;
use crate::bench::{end_code, run};

#[test]
fn a_new_administrator_connects_designs_tests_and_goes_live() {
    run(|| async {
        let world = World::start().await;
        let folder = world.folder.path();
        world.cloud.consent_of(newcomer::ID, Consent::Given);
        newcomer::write_certificate(&world.console.bench.setup.authority, folder).unwrap();
        std::fs::write(folder.join("message.eml"), newcomer::mail("Trial").content).unwrap();
        let at = |name: &str| folder.join(name).display().to_string();
        let knows = [
            ("CONSOLE", format!("http://{}", world.console.address)),
            ("REGISTRAR", format!("http://{}", world.registrar.address())),
            ("CERTIFICATE", at("northwind.pem")),
            ("KEY", at("northwind.key")),
            ("MESSAGE", at("message.eml")),
        ];
        let mut read = 0;
        tell("journey.mjs", &knows, async |asked| match asked["send"].as_str() {
            Some(subject) => json!({"arrived": arrived(&world, subject).await}),
            None => {
                read += 1;
                json!({"text": world.console.mail(read, "ada@northwind.example").await})
            }
        })
        .await;
    });
}

/// Sends one of Northwind's messages through the edge; the HTML that arrived.
async fn arrived(world: &World, subject: &str) -> String {
    let bench = &world.console.bench;
    let delivery = bench.sender().await.send(&newcomer::mail(subject)).await;
    assert_eq!(end_code(&delivery), 250, "{delivery:?}");
    let arrived = bench.exchange.accepted().pop().unwrap();
    let parsed = mail_parser::MessageParser::default().parse(&arrived.content).unwrap();
    parsed.body_html(0).unwrap().into_owned()
}
