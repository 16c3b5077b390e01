//! Latency that Signet adds at half of the load it can bear: open loop, each message counted from when it was due, the
//! floor at the same rate subtracted.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::generator::Load;
use crate::message;
use crate::report::{self, Report, Row};
use crate::scenario::{HalfLoad, Mail, Name, Proof};
use crate::stage::{Needs, PEOPLE, Stage};
use crate::template::Template;

/// Finds the most, then measures at half of it.
pub fn run(scenario: &HalfLoad, signet: &Path, report: &mut Report) -> io::Result<()> {
    let proof = Proof::of(scenario.tls);
    let stage = Stage::start(&Needs {
        signet,
        proof,
        contenders: &[Name::Floor, Name::Signet],
        connections: scenario.connections,
        tenants: 1,
        people: PEOPLE,
        by_address: false,
        lease_seconds: 5,
        database: None,
        directory: None,
    })?;
    let octets = scenario.octets;
    let templates: Arc<[Template]> = message::templates(&Mail::Octets(octets), proof, proof.framing())?.into();
    let load = |name, rate| -> io::Result<Load> {
        let mut load = stage.load(name, proof.framing(), &templates)?;
        load.connections = scenario.connections;
        load.lasts = Duration::from_secs_f64(scenario.seconds);
        load.messages_per_second = rate;
        Ok(load)
    };
    let most = stage.measure(Name::Signet, &load(Name::Signet, None)?)?.messages_per_second();
    let half = most / 2.0;
    let way = if scenario.tls { "TLS" } else { "plain" };
    let what = format!("{}, {way}, {half:.0} of {most:.0} messages a second", report::size(octets));
    report.title(&format!("Added latency at half load: {what}, {} connections", scenario.connections));
    report.header(&[]);
    let mut rows = Vec::new();
    for _ in 0..REPEATS {
        for name in [Name::Floor, Name::Signet] {
            rows.push(stage.measure(name, &load(name, Some(half))?)?);
        }
    }
    let middle = |name| middle(&rows, name).ok_or_else(|| io::Error::other("nothing was measured"));
    let (floor, signet) = (middle(Name::Floor)?, middle(Name::Signet)?);
    report.rows(&[], &[floor, signet]);
    let (floor, signet) = (floor.latency, signet.latency);
    for (name, with, without, aim) in [
        ("p50", signet.p50, floor.p50, 1.0),
        ("p99", signet.p99, floor.p99, 5.0),
        ("p99.9", signet.p999, floor.p999, 20.0),
    ] {
        let added = (with.as_secs_f64() - without.as_secs_f64()) * 1e3;
        report.at_most(&format!("added latency at half load, {way}, {name}"), added, aim, "ms");
    }
    Ok(())
}

/// The row with the median p99: half a millisecond of somebody else's work moves that and nothing else.
fn middle(rows: &[Row], name: Name) -> Option<Row> {
    let mut rows: Vec<&Row> = rows.iter().filter(|row| row.name == name).collect();
    rows.sort_by_key(|row| row.latency.p99);
    rows.get(rows.len() / 2).map(|row| **row)
}

const REPEATS: usize = 3;
