//! A story of `console/journey`, told in a real browser: it asks for what only the world around it can do, a line of JSON
//! at a time.

use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::Command;

/// Longest wait for the next thing that the story asks for.
const PATIENCE: Duration = Duration::from_secs(180);

/// Tells a story, with what it has to know, until it ends well. `answer` does what it asks for.
pub async fn tell(name: &str, knows: &[(&str, String)], mut answer: impl AsyncFnMut(&Value) -> Value) {
    let script = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../console/journey").join(name);
    let mut story = Command::new("node")
        .arg(script)
        .envs(knows.iter().map(|(key, value)| (*key, value.as_str())))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("node is there: make test sees to it");
    let mut asked = BufReader::new(story.stdout.take().unwrap()).lines();
    let mut answers = story.stdin.take().unwrap();
    loop {
        let line = tokio::time::timeout(PATIENCE, asked.next_line()).await.expect("the story goes on").unwrap();
        let asked: Value = serde_json::from_str(&line.expect("the story has an end")).unwrap();
        let ended = asked.get("ended").cloned();
        let told = if ended.is_some() { json!({}) } else { answer(&asked).await };
        answers.write_all(format!("{told}\n").as_bytes()).await.unwrap();
        if let Some(ended) = ended {
            assert_eq!(ended, "well", "{}", ended.as_str().unwrap_or_default());
            break;
        }
    }
    drop(answers);
    let ended = tokio::time::timeout(PATIENCE, story.wait()).await.expect("the browser closes").unwrap();
    assert!(ended.success(), "{ended}");
}
