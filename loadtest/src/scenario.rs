//! A scenario file: what is sent, how, and what is expected of the ratio to the floor. JSON; unknown keys are errors.
//!
//! Figures that are not given have the defaults at the end of this file; what cannot be measured (nothing to send, no
//! session) is refused before anything is started.

use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// One measurement.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    pub name: String,
    pub mail: Mail,
    /// Sessions of the generator at the same time.
    pub connections: usize,
    /// Messages in each measurement.
    pub messages: u64,
    /// Messages before each measurement that are not counted.
    #[serde(default = "warm_up")]
    pub warm_up: u64,
    /// Open loop at this rate; without it each session sends as soon as it was answered.
    #[serde(default)]
    pub messages_per_second: Option<f64>,
    /// Then the session ends with QUIT and a new one begins; without it sessions are kept.
    #[serde(default)]
    pub messages_per_connection: Option<u64>,
    pub framing: Framing,
    pub proof: Proof,
    /// Different senders, each with a signature of their own attributes.
    #[serde(default = "people")]
    pub people: u32,
    /// The sink answers the end of a message so much later.
    #[serde(default)]
    pub sink_delay_milliseconds: u64,
    /// Measurements of each contender, in turns; the median counts.
    #[serde(default = "repeats")]
    pub repeats: usize,
    /// Processor time of Signet a message, at most so many times the floor's.
    #[serde(default)]
    pub gate: Option<f64>,
}

/// What is sent.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Mail {
    /// About so many octets: up to 20 kB a reply of text and HTML, up to 1 MB one with a picture and long text,
    /// beyond that one with an attachment, which is made while it is sent.
    Octets(u64),
    /// Files, in turns. `From` should be a person of the tenant, else they are relayed unsigned.
    Files(Vec<PathBuf>),
}

/// How content is framed on the way in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Framing {
    Data,
    /// One `BDAT n LAST`.
    Bdat,
}

/// How the generator proves itself to Signet. All but `network` use TLS on both legs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Proof {
    Network,
    Certificate,
    Microsoft,
}

impl Proof {
    pub fn uses_tls(self) -> bool {
        self != Proof::Network
    }
}

impl Scenario {
    pub fn read(file: &Path) -> io::Result<Scenario> {
        let named = |error: &dyn std::fmt::Display| io::Error::other(format!("{}: {error}", file.display()));
        let text = std::fs::read_to_string(file).map_err(|error| named(&error))?;
        let scenario: Scenario = serde_json::from_str(&text).map_err(|error| named(&error))?;
        if scenario.connections == 0 || scenario.messages == 0 || scenario.repeats == 0 || scenario.people == 0 {
            return Err(named(&"connections, messages, repeats and people are at least 1"));
        }
        Ok(scenario)
    }
}

fn warm_up() -> u64 {
    200
}

fn people() -> u32 {
    1_000
}

fn repeats() -> usize {
    3
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_scenario_in_the_tree_reads() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
        let mut count = 0;
        for file in std::fs::read_dir(folder).unwrap() {
            Scenario::read(&file.unwrap().path()).unwrap();
            count += 1;
        }
        assert!(count > 0);
    }
}
