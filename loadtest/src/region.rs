//! The size of a region: a hundred thousand tenants with ten million people in PostgreSQL. How long an edge takes to
//! start, what it holds in memory, and how long the first mail of a tenant takes of which nothing is loaded yet.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::database::Database;
use crate::generator::{self, KnownBy, Load, Tenants};
use crate::integrity;
use crate::message;
use crate::report::{self, Report, mebibytes};
use crate::scenario::{Mail, Name, Proof, Region};
use crate::sink::Look;
use crate::stage::{Needs, Stage};
use crate::template::{Copy, Template, unstuff};
use crate::tenants::display_name;

/// Imports, fills, starts, sends.
pub fn run(scenario: &Region, signet: &Path, report: &mut Report) -> io::Result<()> {
    let people = u64::from(scenario.tenants) * u64::from(scenario.people);
    report.title(&format!("{} tenants with {people} people in PostgreSQL", scenario.tenants));
    report::progress(&format!("{} tenants are imported", scenario.tenants));
    let database = Database::start(scenario.people)?;
    let stage = Stage::start(&Needs {
        signet,
        proof: Proof::Network,
        contenders: &[Name::Signet],
        connections: CONNECTIONS,
        tenants: scenario.tenants,
        people: 1,
        by_address: true,
        lease_seconds: 5,
        database: Some(&database),
        directory: None,
    })?;
    let edge = stage.signet.as_ref().ok_or_else(|| io::Error::other("signet does not run"))?;
    let started = edge.timing.start.as_secs_f64();
    report.line(&format!("Import {:.1} s, start {started:.1} s.", edge.timing.import.as_secs_f64()));
    report.at_most("start of an edge", started, scenario.aim_start_seconds, "s");
    report.line(&format!("\nIn memory after the start: {:.1} MiB.", mebibytes(edge.tree().resident())));

    let templates: Arc<[Template]> =
        message::templates(&Mail::Octets(scenario.octets), Proof::Network, Proof::Network.framing())?.into();
    let load = stage.load(Name::Signet, Proof::Network.framing(), &templates)?;
    let mut latencies = Vec::new();
    for tenant in 0..scenario.cold {
        latencies.push(first_mail(&stage, &load, tenant)?);
    }
    let slowest = latencies.iter().zip(1..).max().map_or(0, |(_, which)| which);
    latencies.sort_unstable();
    let at = |share: f64| {
        let at = ((latencies.len() - 1) as f64 * share) as usize;
        latencies.get(at).copied().unwrap_or_default().as_secs_f64() * 1e3
    };
    report.line(&format!(
        "\nFirst mail of {} cold tenants, each on a connection of its own, all signed: p50 {:.1} ms, p99 {:.1} ms; \
         the slowest was number {slowest}.",
        scenario.cold,
        at(0.5),
        at(0.99),
    ));
    report.at_most("slowest first mail of a cold tenant", at(1.0), scenario.aim_cold_milliseconds, "ms");

    let loads = || edge.metric(LOADS);
    let loaded = loads()?;
    first_mail(&stage, &load, 0)?;
    report.at_most("loads for the next mail of the first of them", loads()? - loaded, 0.0, "loads");

    // One tenant after the other, until many more have been seen than fit.
    let spread = Load {
        connections: CONNECTIONS,
        messages: u64::from(scenario.spread),
        lasts: SPREAD_LASTS,
        messages_per_connection: Some(1),
        people: scenario.people,
        tenants: Tenants { first: scenario.cold, count: scenario.spread, known_by: KnownBy::Turn },
        ..load
    };
    stage.sink.ids();
    let (row, outcome) = stage.watched(Name::Signet, &spread)?;
    stage.conserve(Name::Signet, &outcome)?;
    report.line(&format!(
        "\nThen one mail of each of {} more, at {CONNECTIONS} at a time: {:.0} messages/s, p50 {} ms, p99 {} ms; \
         {} tenants are in memory then, {} have left it.",
        scenario.spread,
        row.messages_per_second(),
        report::milliseconds(row.latency.p50),
        report::milliseconds(row.latency.p99),
        edge.metric("signet_snapshot_loaded_tenants")?,
        edge.metric("signet_snapshot_evicted_total")?,
    ));
    report.at_most("mails whose tenant was not loaded in time", edge.metric(MISSING)?, 0.0, "mails");
    let peak = row.peak.unwrap_or_default();
    report.at_most("memory at its peak", peak as f64 / 1e6, scenario.aim_megabytes, "MB");
    Ok(())
}

/// From the connection to the answer; what arrived is signed by the tenant's first person.
fn first_mail(stage: &Stage, load: &Load, tenant: u32) -> io::Result<Duration> {
    let load = Load {
        connections: 1,
        messages: 1,
        lasts: Duration::from_secs(60),
        messages_per_connection: Some(1),
        people: 1,
        tenants: Tenants { first: tenant, count: 1, known_by: KnownBy::Address },
        ..load.clone()
    };
    stage.sink.ids();
    stage.sink.look(Look::Keep);
    let outcome = generator::run(&load);
    stage.sink.look(Look::Count);
    let (outcome, seen) = (outcome?, stage.sink.seen());
    stage.conserve(Name::Signet, &outcome)?;
    let (Some(sample), Some(arrived), Some(template)) =
        (outcome.samples.first(), seen.messages.first(), load.templates.first())
    else {
        return Err(io::Error::other("no message"));
    };
    let sent = unstuff(&template.render(Copy { id: sample.id, tenant, sender: 0 }));
    match integrity::compare(&sent, arrived, &display_name(0)) {
        Ok(integrity::Arrived::Signed { .. }) => Ok(sample.latency),
        Ok(integrity::Arrived::Unsigned) => Err(io::Error::other(format!("mail of tenant {tenant} is not signed"))),
        Err(problem) => Err(io::Error::other(format!("mail of tenant {tenant}: {problem}"))),
    }
}

/// Of tenants, from PostgreSQL.
const LOADS: &str = "signet_snapshot_load_seconds_count{source=\"store\"}";
/// They go on unsigned.
const MISSING: &str = "signet_snapshot_asked_total{answer=\"missing\"}";
const CONNECTIONS: usize = 10;
/// Longest time for the mail of many tenants.
const SPREAD_LASTS: Duration = Duration::from_secs(300);
