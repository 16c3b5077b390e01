//! Cost must not grow with tenants: one Signet with one tenant, one with as many as the mail is spread over, one with
//! a hundred thousand; the same mail to each, in turns.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::generator::{KnownBy, Tenants};
use crate::message;
use crate::process::Tree;
use crate::report::{self, Report, Row, mebibytes};
use crate::scenario::{Mail, Name, Proof, Scale};
use crate::stage::{Needs, Stage};
use crate::template::Template;

/// Imports, starts, measures.
pub fn run(scenario: &Scale, signet: &Path, report: &mut Report) -> io::Result<()> {
    report.title(&format!("1 to {} tenants, {} each", scenario.tenants, report::size(scenario.octets)));
    report.line("| tenants | import s | start s | memory MiB | idle CPU ms/s |\n|---|---|---|---|---|");
    let mut stages = Vec::new();
    for count in [1, scenario.spread, scenario.tenants] {
        report::progress(&format!("{count} tenants are imported"));
        let stage = Stage::start(&Needs {
            signet,
            proof: Proof::Network,
            contenders: &[Name::Signet],
            connections: CONNECTIONS.max(scenario.spread as usize),
            tenants: count,
            people: PEOPLE,
            by_address: true,
            lease_seconds: 5,
            database: None,
            directory: None,
        })?;
        stages.push((count, stage));
    }
    for (count, stage) in &stages {
        let (timing, tree) = stage
            .signet
            .as_ref()
            .map(|signet| (signet.timing, signet.tree()))
            .ok_or_else(|| io::Error::other("signet does not run"))?;
        report.line(&format!(
            "| {count} | {:.1} | {:.1} | {:.1} | {:.1} |",
            timing.import.as_secs_f64(),
            timing.start.as_secs_f64(),
            mebibytes(tree.resident()),
            idle(tree).as_secs_f64() * 1e3,
        ));
    }
    report.line("\n| mail | tenants | CPU µs a message | messages/s | p50 ms | p99 ms |\n|---|---|---|---|---|---|");
    let mail = Mail::Octets(scenario.octets);
    let templates: Arc<[Template]> = message::templates(&mail, Proof::Network, Proof::Network.framing())?.into();
    let spread = format!("spread over {}", scenario.spread);
    for (what, small, tenants, connections) in
        [("of one", 0, 1, CONNECTIONS), (&spread, 1, scenario.spread, scenario.spread as usize)]
    {
        let pair: Vec<&(u32, Stage)> = [stages.get(small), stages.get(2)].into_iter().flatten().collect();
        let mut rows: Vec<Vec<Row>> = vec![Vec::new(); pair.len()];
        for _ in 0..scenario.repeats {
            for ((_, stage), rows) in pair.iter().zip(&mut rows) {
                let mut load = stage.load(Name::Signet, Proof::Network.framing(), &templates)?;
                load.connections = connections;
                load.lasts = Duration::from_secs_f64(scenario.seconds);
                load.tenants = Tenants { first: 0, count: tenants, known_by: KnownBy::Address };
                load.people = PEOPLE;
                rows.push(stage.measure(Name::Signet, &load)?);
            }
        }
        let mut costs = Vec::new();
        for ((count, _), rows) in pair.iter().zip(&rows) {
            let row = report::median(rows, Name::Signet).ok_or_else(|| io::Error::other("nothing was measured"))?;
            costs.push(row.microseconds());
            report.line(&format!(
                "| {what} | {count} | {:.1} | {:.0} | {} | {} |",
                row.microseconds(),
                row.messages_per_second(),
                report::milliseconds(row.latency.p50),
                report::milliseconds(row.latency.p99),
            ));
        }
        if let [few, many] = costs[..] {
            let more = (many / few.max(1e-9) - 1.0) * 100.0;
            let what = format!("{} tenants, mail {what}: CPU a message over few tenants", scenario.tenants);
            report.at_most(&what, more, scenario.aim_percent, "%");
        }
    }
    Ok(())
}

/// Processor time in a second without mail.
fn idle(tree: Tree) -> Duration {
    let before = tree.usage();
    std::thread::sleep(LOOKED_AT);
    tree.usage().since(&before) / u32::try_from(LOOKED_AT.as_secs()).unwrap_or(1)
}

const CONNECTIONS: usize = 10;
const PEOPLE: u32 = 3;
const LOOKED_AT: Duration = Duration::from_secs(5);
