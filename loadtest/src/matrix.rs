//! Throughput: the matrix of sizes, connections and TLS, and single cells; all contenders in turns, so that a
//! disturbance meets them all, and the median of each.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::generator::Load;
use crate::message;
use crate::report::{self, Report, Row};
use crate::scenario::{Cell, Mail, Matrix, Name, Proof};
use crate::stage::{Needs, PEOPLE, Stage};
use crate::template::Template;
use crate::verify;

/// The whole matrix. What fails in one cell does not end the others.
pub fn run(matrix: &Matrix, signet: &Path, report: &mut Report) -> io::Result<()> {
    for tls in &matrix.tls {
        let proof = Proof::of(*tls);
        let stage = Stage::start(&Needs {
            signet,
            proof,
            contenders: &matrix.contenders,
            connections: matrix.connections.iter().copied().max().unwrap_or(1),
            tenants: 1,
            people: PEOPLE,
            by_address: false,
            lease_seconds: 5,
            database: None,
            directory: None,
        })?;
        report.title(if *tls { "With TLS (STARTTLS, BDAT)" } else { "Plain (DATA)" });
        tell_missing(&stage, report);
        if *tls {
            report.line(
                "Postfix encrypts on the way in only; HAProxy's TLS begins with the first octet. Sessions are kept, \
                 so handshakes hardly count.\n",
            );
        }
        report.header(&["mail", "connections"]);
        let mut found = Vec::new();
        for octets in &matrix.octets {
            let templates: Arc<[Template]> = message::templates(&Mail::Octets(*octets), proof, proof.framing())?.into();
            let names = looked_at(&stage, *octets, proof, &templates, report);
            for connections in &matrix.connections {
                let what = format!("{}, {connections} connections", report::size(*octets));
                let load = |name| {
                    let mut load = stage.load(name, proof.framing(), &templates)?;
                    load.connections = *connections;
                    load.lasts = Duration::from_secs_f64(matrix.seconds);
                    Ok(load)
                };
                let rows = in_turns(&stage, &names, matrix.repeats, &what, load, report);
                report.rows(&[report::size(*octets), connections.to_string()], &rows);
                found.push((*octets, *connections, rows));
            }
        }
        for (octets, connections, rows) in &found {
            if *connections == JUDGED_AT {
                judge(*octets, *tls, rows, report);
            }
        }
    }
    Ok(())
}

/// One cell.
pub fn cell(cell: &Cell, signet: &Path, report: &mut Report) -> io::Result<()> {
    let stage = Stage::start(&Needs {
        signet,
        proof: cell.proof,
        contenders: &cell.contenders,
        connections: cell.connections,
        tenants: 1,
        people: PEOPLE,
        by_address: false,
        lease_seconds: 5,
        database: None,
        directory: None,
    })?;
    report.title(&cell.name);
    tell_missing(&stage, report);
    let templates: Arc<[Template]> = message::templates(&cell.mail, cell.proof, cell.framing)?.into();
    let mut names = stage.contenders.clone();
    names.retain(|name| {
        let load = stage.load(*name, cell.framing, &templates);
        let looked = load.and_then(|load| verify::look(&stage, *name, &load, &cell.mail, report));
        looked.map_err(|error| report.failed(&format!("{}, {}", cell.name, name.word()), &error)).is_ok()
    });
    report.header(&[]);
    let load = |name| {
        let mut load = stage.load(name, cell.framing, &templates)?;
        load.connections = cell.connections;
        load.lasts = Duration::from_secs_f64(cell.seconds);
        load.messages_per_second = cell.messages_per_second;
        load.messages_per_connection = cell.messages_per_connection;
        Ok(load)
    };
    let rows = in_turns(&stage, &names, cell.repeats, &cell.name, load, report);
    report.rows(&[], &rows);
    let cost = |name| report::median(&rows, name).map(|row| row.microseconds());
    if let (Some(signet), Some(aim)) = (cost(Name::Signet), cell.aim_microseconds) {
        report.at_most(&format!("{}: CPU a message", cell.name), signet, aim, "µs");
    }
    if let (Some(signet), Some(floor), Some(aim)) = (cost(Name::Signet), cost(Name::Floor), cell.aim_times_floor) {
        report.at_most(&format!("{}: CPU a message", cell.name), signet / floor.max(1e-9), aim, "times the floor");
    }
    Ok(())
}

/// The median row of each contender; one that fails is said and left out.
pub fn in_turns(
    stage: &Stage,
    names: &[Name],
    repeats: usize,
    what: &str,
    load: impl Fn(Name) -> io::Result<Load>,
    report: &mut Report,
) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut names = names.to_vec();
    for _ in 0..repeats {
        names.retain(|name| {
            let measured = load(*name).and_then(|load| stage.measure(*name, &load));
            match measured {
                Ok(row) => {
                    rows.push(row);
                    true
                }
                Err(error) => {
                    report::progress(&format!("{} said: {}", name.word(), stage.said(*name)));
                    report.failed(&format!("{what}, {}", name.word()), &error);
                    rows.retain(|row| row.name != *name);
                    false
                }
            }
        });
    }
    let medians: Vec<Row> = names.iter().filter_map(|name| report::median(&rows, *name)).collect();
    let short = |row: &Row| format!("{} {:.0} µs", row.name.word(), row.microseconds());
    report::progress(&format!("{what}: {}", medians.iter().map(short).collect::<Vec<_>>().join(", ")));
    medians
}

/// The contenders whose first mails arrived as they should.
fn looked_at(stage: &Stage, octets: u64, proof: Proof, templates: &Arc<[Template]>, report: &mut Report) -> Vec<Name> {
    let mut names = stage.contenders.clone();
    names.retain(|name| {
        let load = stage.load(*name, proof.framing(), templates);
        let looked = load.and_then(|load| verify::look(stage, *name, &load, &Mail::Octets(octets), report));
        let what = format!("{}, {}", report::size(octets), name.word());
        looked.map_err(|error| report.failed(&what, &error)).is_ok()
    });
    names
}

pub fn tell_missing(stage: &Stage, report: &mut Report) {
    for (name, why) in &stage.missing {
        report.line(&format!("Without {}: {why}\n", name.word()));
    }
}

fn judge(octets: u64, tls: bool, rows: &[Row], report: &mut Report) {
    let cost = |name| report::median(rows, name).map(|row| row.microseconds()).filter(|cost| *cost > 0.0);
    let Some(signet) = cost(Name::Signet) else { return };
    let what = format!("{}, {}: CPU a message", report::size(octets), if tls { "TLS" } else { "plain" });
    let times = match octets {
        ..20_000 => 3.0,
        20_000..1_000_000 => 2.5,
        _ => 1.75,
    };
    if let Some(floor) = cost(Name::Floor) {
        report.at_most(&what, signet / floor, times, "times the floor");
    }
    // Under TLS it encrypts one leg of two.
    if let Some(postfix) = cost(Name::Postfix).filter(|_| !tls) {
        report.at_most(&what, signet / postfix, 0.33, "times bare Postfix");
    }
    if let Some(haproxy) = cost(Name::Haproxy).filter(|_| (20_000..1_000_000).contains(&octets)) {
        report.at_most(&what, signet / haproxy, 1.5, "times HAProxy");
    }
}

/// The aims are those of the anchors, which were taken at ten connections.
const JUDGED_AT: usize = 10;
