//! One value after another: given or default, read as the kind its key takes, and within its bounds.
//!
//! A problem is kept with the key, line and variable of the value; something harmless stands in for it while the
//! rest is checked.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::keys::{self, Takes};
use super::source::{Entry, Given, Source};
use super::{Problem, Problems, certificate, word_files};
use crate::imprint::place::WordFiles;

pub(super) struct Reader<'a> {
    pub(super) source: Source,
    pub(super) folder: &'a Path,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &str, folder: &'a Path, variables: &BTreeMap<String, String>) -> Reader<'a> {
        Reader { source: Source::new(text, variables), folder }
    }

    pub(super) fn text(&mut self, key: &str) -> String {
        match self.given(key) {
            Given::Word(text) | Given::Text(text) => text,
            other => {
                self.wrong(key, format!("is {}, must be text in quotes", name_of(&other)));
                String::new()
            }
        }
    }

    /// One of the key's words; the first one stands in for a wrong value.
    pub(super) fn word(&mut self, key: &str) -> &'static str {
        let Some(Takes::Word(words)) = keys::find(key).map(|key| key.takes) else { return "" };
        let text = self.text(key);
        if let Some(word) = words.iter().find(|word| **word == text) {
            return word;
        }
        if self.is_given(key) {
            self.wrong(key, format!("{text:?} is not one of {}", words.join(", ")));
        }
        words.first().copied().unwrap_or_default()
    }

    pub(super) fn flag(&mut self, key: &str) -> bool {
        match self.given(key) {
            Given::Flag(flag) => flag,
            Given::Word(word) if word == "true" => true,
            Given::Word(word) if word == "false" => false,
            _ => {
                self.wrong(key, "must be true or false, without quotes".to_owned());
                false
            }
        }
    }

    pub(super) fn count(&mut self, key: &str) -> u64 {
        let Some((Takes::Count { least, most }, unit)) = keys::find(key).map(|key| (key.takes, key.unit)) else {
            return 0;
        };
        let number = match self.given(key) {
            Given::Word(digits) | Given::Integer(digits) => digits.parse().ok(),
            _ => None,
        };
        match number {
            Some(number) if (least..=most).contains(&number) => number,
            _ => {
                self.wrong(key, format!("must be a number of {unit} from {least} to {most}, without quotes"));
                least
            }
        }
    }

    pub(super) fn size(&mut self, key: &str) -> usize {
        usize::try_from(self.count(key)).unwrap_or(usize::MAX)
    }

    pub(super) fn seconds(&mut self, key: &str) -> Duration {
        Duration::from_secs(self.count(key))
    }

    pub(super) fn list(&mut self, key: &str) -> Vec<String> {
        match self.given(key) {
            Given::List(items) => items,
            Given::Word(text) => {
                text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect()
            }
            _ => {
                self.wrong(key, "must be a list of texts: [\"one\", \"two\"]".to_owned());
                Vec::new()
            }
        }
    }

    /// An address that no socket can be bound to by mistake stands in for a wrong one.
    pub(super) fn address(&mut self, key: &str) -> SocketAddr {
        let text = self.text(key);
        text.parse().unwrap_or_else(|_| {
            if self.is_given(key) {
                self.wrong(key, no_address(&text));
            }
            SocketAddr::from(([0, 0, 0, 0], 0))
        })
    }

    /// A path; relative ones count from the folder of the configuration.
    pub(super) fn file(&mut self, key: &str) -> Option<PathBuf> {
        let text = self.text(key);
        (!text.is_empty()).then(|| self.folder.join(text))
    }

    /// The words in the folder that the key names; none without one.
    pub(super) fn words(&mut self, key: &str) -> WordFiles {
        let Some(folder) = self.file(key) else { return WordFiles::default() };
        word_files(&folder).unwrap_or_else(|wrong| {
            wrong.into_iter().for_each(|message| self.wrong(key, message));
            WordFiles::default()
        })
    }

    pub(super) fn roots(&mut self, key: &str) -> Option<PathBuf> {
        let file = self.file(key)?;
        match certificate::roots(&file) {
            Ok(_) => {}
            Err(error @ certificate::PairError::Unreadable { .. }) => self.wrong(key, error.to_string()),
            Err(error) => self.wrong(key, format!("{} {error}", file.display())),
        }
        Some(file)
    }

    pub(super) fn is_given(&self, key: &str) -> bool {
        self.source.entries.contains_key(key)
    }

    /// The value or its default. A key without either is a problem here, once: the entry made up then is empty
    /// text, and those who look at it ask [`Reader::is_given`] before they complain again.
    pub(super) fn given(&mut self, key: &str) -> Given {
        if let Some(Entry { given, .. }) = self.source.entries.get(key) {
            return given.clone();
        }
        match keys::find(key).and_then(|key| key.default) {
            Some(default) => Given::Word(default.to_owned()),
            None => {
                let sentence = keys::find(key).map(|key| key.sentence).unwrap_or_default();
                self.wrong(key, format!("is missing and has no default: {sentence}"));
                Given::Word(String::new())
            }
        }
    }

    pub(super) fn wrong(&mut self, key: &str, message: String) {
        let entry = self.source.entries.get(key);
        let line = entry.and_then(|entry| entry.line);
        let variable = entry.and_then(|entry| entry.variable.clone());
        self.source.problems.push(Problem { line, key: key.to_owned(), message, variable });
    }

    pub(super) fn end<T>(self, value: T) -> Result<T, Problems> {
        let mut problems = self.source.problems;
        problems.sort();
        problems.dedup();
        if problems.is_empty() { Ok(value) } else { Err(Problems(problems)) }
    }
}

fn name_of(given: &Given) -> &'static str {
    match given {
        Given::Word(_) | Given::Text(_) => "text",
        Given::Integer(_) => "a number",
        Given::Flag(_) => "true or false",
        Given::List(_) => "a list",
        Given::Other(name) => name,
    }
}

pub(super) fn no_address(text: &str) -> String {
    format!("{text:?} is no IP address with a port; write for example 0.0.0.0:25 or [::]:25")
}
