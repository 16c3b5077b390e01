//! Every word of an event is said somewhere: a label's value that nothing emits is a row of a dashboard that is always 0.

use super::repository::{files, none, read, root, shown};

const WORDS: &str = "src/events/words.rs";

#[test]
fn every_word_of_an_event_is_emitted_somewhere() {
    let sources: String =
        files("src", ".rs").iter().filter(|path| shown(path) != WORDS).map(|path| read(path)).collect();
    let mut faults = Vec::new();
    let mut words = 0;
    let mut list = String::new();
    for line in read(&root().join(WORDS)).lines().map(str::trim) {
        if let Some(name) = line.strip_suffix(" {").filter(|name| name.chars().all(char::is_alphanumeric)) {
            list = name.to_owned();
        }
        let Some((variant, word)) = line.split_once(" => \"") else { continue };
        words += 1;
        if !sources.contains(&format!("{list}::{variant}")) {
            faults.push(format!("{WORDS}: {list}::{variant} ({})", word.trim_end_matches("\",")));
        }
    }
    assert!(words > 20, "the list of words is not understood any more");
    none(&faults, "Nothing emits this word; emit it where it belongs or take it out:");
}
