//! The file and the environment as one flat list of `section.key` with a value and where it came from.
//!
//! A variable wins over the file. Syntax faults of the file are all reported, not just the first.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Problem;
use super::keys::{self, KEYS};

/// What every variable of ours begins with.
pub(super) const PREFIX: &str = "SIGNET_";

/// More listeners than this are a mistake in a variable's number.
const MOST_LISTENERS: usize = 64;

/// Variables that a cluster sets for a service which happens to be called `signet`, and one that replays a test.
const FOREIGN: [&str; 3] = ["SIGNET_SERVICE_", "SIGNET_PORT", "SIGNET_SEED"];

/// A value as it was given.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Given {
    /// From a variable or a default: the key says how to read it.
    Word(String),
    Text(String),
    Integer(String),
    Flag(bool),
    List(Vec<String>),
    /// Something that no key takes, by name.
    Other(&'static str),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    pub given: Given,
    pub line: Option<usize>,
    pub variable: Option<String>,
}

/// Everything given, by full key name.
#[derive(Debug, Default)]
pub(super) struct Source {
    pub entries: BTreeMap<String, Entry>,
    pub listeners: usize,
    pub problems: Vec<Problem>,
}

impl Source {
    pub fn new(text: &str, variables: &BTreeMap<String, String>) -> Source {
        let mut source = Source::default();
        source.take_file(text);
        for (name, value) in variables {
            source.take_variable(name, value);
        }
        source
    }

    fn take_file(&mut self, text: &str) {
        let (table, errors) = DeTable::parse_recoverable(text);
        for error in errors {
            let line = error.span().map(|span| line_of(text, span.start));
            self.problem(line, "", format!("not TOML: {}", error.message().trim()));
        }
        for (name, value) in table.get_ref() {
            let section = name.get_ref();
            let line = line_of(text, name.span().start);
            match value.get_ref() {
                DeValue::Table(keys) if has_section(section) && section != "listener" => {
                    self.take_section(text, section, keys);
                }
                DeValue::Array(tables) if section == "listener" => self.take_listeners(text, line, tables.iter()),
                _ if section == "listener" => {
                    self.problem(Some(line), section, "write each listener as [[listener]]".to_owned());
                }
                _ if has_section(section) => {
                    self.problem(Some(line), section, format!("is a section; write [{section}] above its keys"));
                }
                _ => self.take_value(text, section.to_string(), line, value),
            }
        }
    }

    fn take_listeners<'a>(&mut self, text: &str, line: usize, tables: impl Iterator<Item = &'a Spanned<DeValue<'a>>>) {
        for (number, table) in tables.enumerate() {
            match table.get_ref() {
                DeValue::Table(keys) => {
                    self.take_section(text, &format!("listener.{number}"), keys);
                    self.listeners = number + 1;
                }
                _ => self.problem(Some(line), "listener", "write each listener as [[listener]]".to_owned()),
            }
        }
    }

    fn take_section(&mut self, text: &str, section: &str, keys: &DeTable<'_>) {
        for (name, value) in keys {
            let line = line_of(text, name.span().start);
            self.take_value(text, format!("{section}.{}", name.get_ref()), line, value);
        }
    }

    fn take_value(&mut self, text: &str, name: String, line: usize, value: &Spanned<DeValue<'_>>) {
        if keys::find(&name).is_none() || name.contains(".N.") {
            return self.problem(Some(line), &name, unknown(&name));
        }
        let line = Some(line_of(text, value.span().start).max(line));
        self.entries.insert(name, Entry { given: given(value.get_ref()), line, variable: None });
    }

    fn take_variable(&mut self, name: &str, value: &str) {
        if FOREIGN.iter().any(|foreign| name.starts_with(foreign)) {
            return;
        }
        let Some(key) = key_of_variable(name) else {
            let message = "no key of the configuration has this variable; take it out of the environment or correct \
                           its name (SIGNET_<SECTION>_<KEY>, SIGNET_LISTENER_0_<KEY>)";
            self.problems.push(Problem {
                line: None,
                key: String::new(),
                message: message.to_owned(),
                variable: Some(name.to_owned()),
            });
            return;
        };
        if let Some(number) = listener_of(&key) {
            self.listeners = self.listeners.max(number + 1);
        }
        let entry = Entry { given: Given::Word(value.to_owned()), line: None, variable: Some(name.to_owned()) };
        self.entries.insert(key, entry);
    }

    pub fn problem(&mut self, line: Option<usize>, key: &str, message: String) {
        self.problems.push(Problem { line, key: key.to_owned(), message, variable: None });
    }
}

fn given(value: &DeValue<'_>) -> Given {
    match value {
        DeValue::String(text) => Given::Text(text.to_string()),
        DeValue::Integer(number) if number.radix() == 10 => Given::Integer(number.as_str().to_owned()),
        DeValue::Integer(_) => Given::Other("number that is not decimal"),
        DeValue::Boolean(flag) => Given::Flag(*flag),
        DeValue::Array(items) => {
            let texts: Option<Vec<String>> =
                items.iter().map(|item| item.get_ref().as_str().map(str::to_owned)).collect();
            texts.map_or(Given::Other("list with something that is not text"), Given::List)
        }
        DeValue::Float(_) => Given::Other("broken number"),
        DeValue::Datetime(_) => Given::Other("date"),
        DeValue::Table(_) => Given::Other("section"),
    }
}

fn unknown(name: &str) -> String {
    match keys::nearest(name) {
        Some(nearest) => format!("no such key; did you mean {nearest}?"),
        None => "no such key; docs/configuration.md has them all".to_owned(),
    }
}

fn has_section(name: &str) -> bool {
    KEYS.iter().any(|key| key.name.split_once('.').is_some_and(|(section, _)| section == name))
}

/// `SIGNET_LISTENER_0_KEY_2` → `listener.0.key_2`.
fn key_of_variable(name: &str) -> Option<String> {
    let rest = name.strip_prefix(PREFIX)?;
    if let Some((number, key)) = rest.strip_prefix("LISTENER_").and_then(|rest| rest.split_once('_')) {
        let number: usize = number.parse().ok().filter(|number| *number < MOST_LISTENERS)?;
        let name = format!("listener.{number}.{}", key.to_ascii_lowercase());
        return (key == key.to_ascii_uppercase()).then_some(name).filter(|name| keys::find(name).is_some());
    }
    KEYS.iter().find(|key| key.variable() == name).map(|key| key.name.to_owned())
}

fn listener_of(key: &str) -> Option<usize> {
    key.strip_prefix("listener.")?.split('.').next()?.parse().ok()
}

fn line_of(text: &str, offset: usize) -> usize {
    let before = text.as_bytes().get(..offset).unwrap_or(text.as_bytes());
    memchr::memchr_iter(b'\n', before).count() + 1
}
