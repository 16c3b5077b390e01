//! The sign-in page is there soon, also over a slow line: what is loaded until then has a limit.

use serde_json::json;

use super::story::tell;
use super::*;
use crate::bench::run;

/// Octets of all bodies together, as they go over the line.
const MOST: u64 = 300_000;

#[test]
fn until_one_can_sign_in_little_is_loaded_and_all_from_the_console() {
    run(|| async {
        let console = Console::start("").await;
        let own = format!("http://{}", console.address);
        let mut files = Vec::new();
        tell("first-load.mjs", &[("CONSOLE", own.clone())], async |asked| {
            files.clone_from(asked["files"].as_array().unwrap());
            json!({})
        })
        .await;
        assert!(files.iter().all(|file| file["url"].as_str().unwrap().starts_with(&own)), "{files:?}");
        let scripts = files.iter().filter(|file| file["url"].as_str().unwrap().ends_with(".js")).count();
        let bytes: u64 = files.iter().map(|file| file["bytes"].as_u64().unwrap()).sum();
        assert!(scripts > 0 && bytes > 50_000, "{files:?}");
        assert!(bytes < MOST, "{bytes}: {files:?}");
        println!("{bytes} octets in {} files", files.len());
    });
}
