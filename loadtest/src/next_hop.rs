//! A next hop that takes its time: by Little's law n messages under way, each for d seconds, are at most n / d a
//! second. How near Signet comes, and what each message under way costs in memory.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::generator::{KnownBy, Tenants};
use crate::machine;
use crate::message;
use crate::report::{self, Report, mebibytes};
use crate::scenario::{Mail, Name, Proof, SlowNextHop};
use crate::stage::{Needs, Stage};
use crate::template::Template;

/// The floor first: what generator and sink can do at all.
pub fn run(scenario: &SlowNextHop, signet: &Path, report: &mut Report) -> io::Result<()> {
    let delay = Duration::from_secs_f64(scenario.delay_seconds);
    let wanted = scenario.messages_in_flight;
    let (count, why) = possible(wanted, machine::open_files());
    report.title(&format!("Next hop that answers after {delay:?}, {count} messages in flight"));
    if let Some(why) = why {
        report.line(&format!("{why}\n"));
    }
    let stage = Stage::start(&Needs {
        signet,
        proof: Proof::Network,
        contenders: &[Name::Floor, Name::Signet],
        connections: count,
        tenants: TENANTS,
        people: 50,
        by_address: true,
        lease_seconds: 60,
        database: None,
        directory: None,
    })?;
    let tree = stage.tree(Name::Signet).ok_or_else(|| io::Error::other("signet does not run"))?;
    let mail = Mail::Octets(scenario.octets);
    let templates: Arc<[Template]> = message::templates(&mail, Proof::Network, Proof::Network.framing())?.into();
    stage.sink.delay(delay);
    let law = littles_law(count, delay);
    report.line(
        "| contender | messages/s | of Little's law % | CPU µs a message | p50 ms | p99 ms | refused | peak MiB |",
    );
    report.line("|---|---|---|---|---|---|---|---|");
    for name in [Name::Floor, Name::Signet] {
        report::progress(&format!("{count} sessions to {}", name.word()));
        let idle = tree.resident();
        let mut load = stage.load(name, Proof::Network.framing(), &templates)?;
        load.connections = count;
        // Spread over whole delays, so that the answers are as even as the beginnings.
        load.ramp = delay * RAMP;
        load.lasts = load.ramp + Duration::from_secs_f64(scenario.seconds);
        load.tenants = Tenants { first: 0, count: TENANTS, known_by: KnownBy::Address };
        load.people = 50;
        let (row, mut outcome) = stage.watched(name, &load)?;
        // Nothing that was accepted is lost or doubled; a 451 is no loss, but it is told.
        let refused = std::mem::take(&mut outcome.refused) + std::mem::take(&mut outcome.failed);
        stage.conserve(name, &outcome)?;
        if refused > 0 {
            report::progress(&format!("{} said: {}", name.word(), stage.said(name)));
        }
        let (from, to) = window(load.ramp + delay * 2, load.lasts);
        let rate = outcome.rate_between(from, to);
        let percent = rate / law * 100.0;
        report.line(&format!(
            "| {} | {rate:.0} | {percent:.1} | {:.1} | {} | {} | {refused} | {} |",
            name.word(),
            row.microseconds(),
            report::milliseconds(row.latency.p50),
            report::milliseconds(row.latency.p99),
            row.peak.map_or("–".to_owned(), |peak| format!("{:.1}", mebibytes(peak))),
        ));
        if let (Name::Signet, Some(peak)) = (name, row.peak) {
            let each = peak.saturating_sub(idle) as f64 / count as f64 / 1_000.0;
            report.at_least(&format!("{count} in flight: rate"), percent, scenario.aim_percent, "% of Little's law");
            report.at_most(&format!("{count} in flight: memory each"), each, scenario.aim_kilobytes, "kB");
        }
    }
    Ok(())
}

/// Most messages a second with so many under way for so long each.
fn littles_law(in_flight: usize, each: Duration) -> f64 {
    in_flight as f64 / each.as_secs_f64().max(1e-9)
}

/// When the rate is steady: after the first answers to all, and before the last messages are begun.
fn window(steady: Duration, lasts: Duration) -> (Duration, Duration) {
    (steady.min(lasts / 2), lasts)
}

/// Each message takes two sockets of Signet, and two of this process; how many there can be, and why not more.
fn possible(wanted: usize, files: u64) -> (usize, Option<String>) {
    let most = usize::try_from(files.saturating_sub(OTHER_FILES) / 2).unwrap_or(usize::MAX);
    if wanted <= most {
        return (wanted, None);
    }
    (most, Some(format!("Not {wanted}: a process may open {files} files here, and each message takes two sockets.")))
}

/// One tenant may have a thousand sessions a core.
const TENANTS: u32 = 20;
/// Delays until all are under way.
const RAMP: u32 = 8;
/// What a process has open besides.
const OTHER_FILES: u64 = 200;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_law_is_messages_over_time() {
        assert_eq!(littles_law(10_000, Duration::from_secs(1)), 10_000.0);
        assert_eq!(littles_law(1_000, Duration::from_millis(200)), 5_000.0);
    }

    #[test]
    fn the_window_lies_within_the_run() {
        let seconds = Duration::from_secs;
        assert_eq!(window(seconds(2), seconds(10)), (seconds(2), seconds(10)));
        assert_eq!(window(seconds(5), seconds(8)), (seconds(4), seconds(8)));
    }

    #[test]
    fn files_bound_what_can_be_under_way() {
        assert_eq!(possible(10_000, 1 << 20), (10_000, None));
        let (count, why) = possible(10_000, 20_000);
        assert_eq!(count, 9_900);
        assert!(why.is_some_and(|why| why.contains("20000 files")));
    }
}
