//! Whatever people write is text on every page and in every signature: no script of theirs runs in a real browser.

use signet::account::Role;

use super::story::tell;
use super::*;
use crate::bench::run;

#[test]
fn no_text_of_anybody_runs_as_a_script_or_loads_anything() {
    run(|| async {
        let console = Console::start("").await;
        let owner = console.member(Role::Owner).await;
        let cookies = serde_json::to_string(&*owner.cookies.lock().unwrap()).unwrap();
        let knows = [
            ("CONSOLE", format!("http://{}", console.address)),
            ("COOKIES", cookies),
            ("TENANT", "contoso".to_owned()),
        ];
        let mut tried = None;
        tell("scripts.mjs", &knows, async |asked| {
            tried = asked["payloads"].as_u64().zip(asked["taken"].as_u64());
            json!({})
        })
        .await;
        let (payloads, taken) = tried.expect("it went through all of them");
        assert!(payloads >= 300 && taken > payloads, "{payloads} {taken}");
    });
}
