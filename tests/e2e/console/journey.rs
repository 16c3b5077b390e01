//! The whole way of a new administrator, in a real browser against the real program: `console/journey` tells the story,
//! and asks here for the mail that came and for a message through the edge.

use std::process::Stdio;
use std::time::Duration;

use serde_json::json;
use standin::graph::Consent;
use standin::newcomer;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, Command};

use super::world::World;
use super::*;
use crate::bench::{end_code, run};

/// Longest wait for the next thing that the story asks for.
const PATIENCE: Duration = Duration::from_secs(180);

#[test]
fn a_new_administrator_connects_designs_tests_and_goes_live() {
    run(|| async {
        let world = World::start().await;
        world.cloud.consent_of(newcomer::ID, Consent::Given);
        newcomer::write_certificate(&world.console.bench.setup.authority, world.folder.path()).unwrap();
        std::fs::write(world.folder.path().join("message.eml"), newcomer::mail("Trial").content).unwrap();
        let mut story = story("journey.mjs", &world);
        let mut asked = BufReader::new(story.stdout.take().unwrap()).lines();
        let mut answers = story.stdin.take().unwrap();
        let mut read = 0;
        loop {
            let line = tokio::time::timeout(PATIENCE, asked.next_line()).await.expect("the story goes on").unwrap();
            let asked: Value = serde_json::from_str(&line.expect("the story has an end")).unwrap();
            let answer = match (&asked["mail"], &asked["send"], &asked["ended"]) {
                (Value::String(_), ..) => {
                    read += 1;
                    json!({"text": world.console.mail(read, "ada@northwind.example").await})
                }
                (_, Value::String(subject), _) => json!({"arrived": arrived(&world, subject).await}),
                (.., ended) => {
                    assert_eq!(ended, "well", "{}", ended.as_str().unwrap_or_default());
                    break;
                }
            };
            answers.write_all(format!("{answer}\n").as_bytes()).await.unwrap();
        }
        answers.write_all(b"{}\n").await.unwrap();
        drop(answers);
        let ended = tokio::time::timeout(PATIENCE, story.wait()).await.expect("the browser closes").unwrap();
        assert!(ended.success(), "{ended}");
    });
}

/// Begins a story of `console/journey`, with what it has to know.
fn story(name: &str, world: &World) -> Child {
    let journey = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../console/journey");
    let at = |name: &str| world.folder.path().join(name);
    Command::new("node")
        .arg(journey.join(name))
        .env("CONSOLE", format!("http://{}", world.console.address))
        .env("REGISTRAR", format!("http://{}", world.registrar.address()))
        .env("CERTIFICATE", at("northwind.pem"))
        .env("KEY", at("northwind.key"))
        .env("MESSAGE", at("message.eml"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("node is there: make test sees to it")
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
