//! A scenario file: what is measured, how, and with what mail. JSON; `kind` says which; unknown keys are errors.
//!
//! Figures that are not given have the defaults at the end of this file; what cannot be measured (nothing to send, no
//! session) is refused before anything is started.

use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// One file.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Scenario {
    /// Growth of memory while one large mail passes.
    OneMail(OneMail),
    /// Every size with every number of connections, plain and under TLS, beside all contenders.
    Matrix(Matrix),
    /// One cell of one's own: sizes or files, a rate, sessions that end.
    Cell(Cell),
    /// Open loop at half of the rate that the same run finds to be the most.
    HalfLoad(HalfLoad),
    /// Memory of sessions that do nothing after EHLO.
    Idle(Idle),
    /// Memory of many mails under way at once.
    InFlight(InFlight),
    /// Rate and memory with a next hop that takes its time to answer.
    SlowNextHop(SlowNextHop),
    /// Good mail beside sessions that send an octet a second.
    SlowSenders(SlowSenders),
    /// One tenant's steady mail beside the flood of another.
    Flood(Flood),
    /// Cost with one tenant in the store and with many.
    Scale(Scale),
    /// Start, memory and cold tenants at the size of a region.
    Region(Region),
    /// A large tenant's directory, read in full and then what changed.
    Directory(Directory),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OneMail {
    pub octets: u64,
    pub aim_mebibytes: f64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Matrix {
    pub octets: Vec<u64>,
    pub connections: Vec<usize>,
    pub tls: Vec<bool>,
    /// Each measurement.
    pub seconds: f64,
    /// Measurements of each contender in each cell, in turns; the median by processor time counts.
    pub repeats: usize,
    #[serde(default = "everybody")]
    pub contenders: Vec<Name>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cell {
    pub name: String,
    pub mail: Mail,
    pub connections: usize,
    /// Each measurement.
    pub seconds: f64,
    #[serde(default = "repeats")]
    pub repeats: usize,
    /// Open loop at this rate; without it each session sends as soon as it was answered.
    #[serde(default)]
    pub messages_per_second: Option<f64>,
    /// Then the session ends with QUIT and a new one begins; without it sessions are kept.
    #[serde(default)]
    pub messages_per_connection: Option<u64>,
    pub framing: Framing,
    pub proof: Proof,
    #[serde(default = "everybody")]
    pub contenders: Vec<Name>,
    /// Most processor time of Signet a message, in microseconds.
    #[serde(default)]
    pub aim_microseconds: Option<f64>,
    /// Most processor time of Signet a message, as a multiple of the floor's.
    #[serde(default)]
    pub aim_times_floor: Option<f64>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HalfLoad {
    pub octets: u64,
    pub connections: usize,
    pub tls: bool,
    pub seconds: f64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Idle {
    pub connections: usize,
    pub tls: bool,
    pub aim_kilobytes: f64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InFlight {
    pub octets: u64,
    pub connections: usize,
    pub tls: bool,
    pub aim_megabytes: f64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlowNextHop {
    pub octets: u64,
    pub messages_in_flight: usize,
    pub delay_seconds: f64,
    pub seconds: f64,
    pub aim_percent: f64,
    pub aim_kilobytes: f64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlowSenders {
    pub senders: usize,
    pub stage: Stage,
    pub octets: u64,
    pub messages_per_second: f64,
    pub connections: usize,
    pub seconds: f64,
}

/// What a slow sender is slow with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Its MAIL command.
    Commands,
    /// The content of a message whose recipients the next hop has taken.
    Content,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flood {
    pub flood_connections: usize,
    pub octets: u64,
    pub messages_per_second: f64,
    pub connections: usize,
    pub seconds: f64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scale {
    pub tenants: u32,
    /// Tenants whose mail it is when it is spread.
    pub spread: u32,
    pub octets: u64,
    pub seconds: f64,
    pub repeats: usize,
    pub aim_percent: f64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Region {
    pub tenants: u32,
    /// Of each.
    pub people: u32,
    pub octets: u64,
    /// Tenants whose first mail is measured.
    pub cold: u32,
    /// Tenants whose mail comes after that, one each.
    pub spread: u32,
    pub aim_start_seconds: f64,
    pub aim_megabytes: f64,
    pub aim_cold_milliseconds: f64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Directory {
    pub people: usize,
    pub groups: usize,
    pub aim_full_seconds: f64,
    pub aim_changed_seconds: f64,
    pub aim_megabytes: f64,
}

/// What is sent.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Mail {
    /// About so many octets: up to 20 kB a reply of text and HTML, up to 1 MB one with a picture and long text,
    /// beyond that one with an attachment, which is made while it is sent.
    Octets(u64),
    /// Files, in turns; a folder means every `.eml` below it. They are sent from a person of the tenant.
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

/// Who lies between generator and sink.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Name {
    /// Nobody: the generator sends straight into the sink.
    Floor,
    Signet,
    /// `smtpd_proxy_filter` straight to the sink: no queue, no signature.
    Postfix,
    /// TCP mode, TLS on both ends: moves octets, knows no SMTP.
    Haproxy,
}

impl Proof {
    /// What stands for plain and for TLS where nothing else is asked for.
    pub fn of(tls: bool) -> Proof {
        if tls { Proof::Microsoft } else { Proof::Network }
    }

    pub fn uses_tls(self) -> bool {
        self != Proof::Network
    }

    /// The framing that goes with it: Exchange Online sends BDAT, most others DATA.
    pub fn framing(self) -> Framing {
        if self == Proof::Microsoft { Framing::Bdat } else { Framing::Data }
    }
}

impl Name {
    pub fn word(self) -> &'static str {
        match self {
            Name::Floor => "floor",
            Name::Signet => "signet",
            Name::Postfix => "postfix",
            Name::Haproxy => "haproxy",
        }
    }
}

impl Scenario {
    pub fn read(file: &Path) -> io::Result<Scenario> {
        let named = |error: &dyn std::fmt::Display| io::Error::other(format!("{}: {error}", file.display()));
        let text = std::fs::read_to_string(file).map_err(|error| named(&error))?;
        let scenario: Scenario = serde_json::from_str(&text).map_err(|error| named(&error))?;
        scenario.check().map_err(|problem| named(&problem))?;
        Ok(scenario)
    }

    fn check(&self) -> Result<(), &'static str> {
        let (counts, seconds) = match self {
            Scenario::OneMail(_) => (vec![1], 1.0),
            Scenario::Matrix(one) => {
                let cells = one.octets.len() * one.connections.len() * one.tls.len() * one.contenders.len();
                (vec![cells, one.repeats, one.connections.iter().copied().min().unwrap_or_default()], one.seconds)
            }
            Scenario::Cell(one) => (vec![one.connections, one.repeats, one.contenders.len()], one.seconds),
            Scenario::HalfLoad(one) => (vec![one.connections], one.seconds),
            Scenario::Idle(one) => (vec![one.connections], 1.0),
            Scenario::InFlight(one) => (vec![one.connections], 1.0),
            Scenario::SlowNextHop(one) => (vec![one.messages_in_flight], one.seconds),
            Scenario::SlowSenders(one) => (vec![one.senders, one.connections], one.seconds),
            Scenario::Flood(one) => (vec![one.flood_connections, one.connections], one.seconds),
            Scenario::Scale(one) => (vec![one.repeats, (one.tenants.min(one.spread)) as usize], one.seconds),
            Scenario::Region(one) if u64::from(one.cold) + u64::from(one.spread) > u64::from(one.tenants) => {
                return Err("each tenant's first mail is sent once: cold and spread together are at most tenants");
            }
            Scenario::Directory(one) => (vec![one.people, one.groups], 1.0),
            Scenario::Region(one) => (vec![one.people as usize, one.cold as usize, one.spread as usize], 1.0),
        };
        if counts.contains(&0) {
            return Err("connections, repeats, contenders and sizes are at least 1");
        }
        if !(seconds > 0.0 && seconds <= 600.0) {
            return Err("a measurement takes more than 0 and at most 600 seconds");
        }
        Ok(())
    }
}

fn repeats() -> usize {
    3
}

fn everybody() -> Vec<Name> {
    vec![Name::Floor, Name::Signet, Name::Postfix, Name::Haproxy]
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

    #[test]
    fn what_cannot_be_measured_is_refused() {
        let read = |json: &str| serde_json::from_str::<Scenario>(json).unwrap().check();
        let idle = r#"{"kind": "idle", "connections": COUNT, "tls": true, "aim_kilobytes": 6}"#;
        assert!(read(&idle.replace("COUNT", "1")).is_ok());
        assert!(read(&idle.replace("COUNT", "0")).is_err());
        let half = r#"{"kind": "half-load", "octets": 1, "connections": 1, "tls": false, "seconds": COUNT}"#;
        assert!(read(&half.replace("COUNT", "0.5")).is_ok());
        assert!(read(&half.replace("COUNT", "0")).is_err());
        assert!(serde_json::from_str::<Scenario>(&idle.replace("tls", "ssl")).is_err());
    }
}
