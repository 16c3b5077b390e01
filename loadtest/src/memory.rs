//! Memory: one mail of 150 MB passes and the peak stays within a few MiB of what Signet had when idle; sessions that
//! do nothing; a hundred mails under way at once.
//! The idle figure is that of a fresh process before its first mail, the strictest there is.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::client::Session;
use crate::message;
use crate::process::Tree;
use crate::report::{self, Report, mebibytes};
use crate::scenario::{Framing, Idle, InFlight, Mail, Name, Proof};
use crate::sink::Look;
use crate::stage::{Needs, Stage};
use crate::template::Template;
use crate::verify;

/// One mail of so many octets by DATA and by BDAT, in plain and under TLS; its attachment must arrive unchanged.
pub fn one_mail(octets: u64, allowed_mebibytes: f64, signet: &Path, report: &mut Report) -> io::Result<()> {
    report.title(&format!("One mail of {}", report::size(octets)));
    report.line("| way | idle MiB | peak MiB | growth MiB |\n|---|---|---|---|");
    let mut most = 0.0_f64;
    for proof in [Proof::Network, Proof::Microsoft] {
        for framing in [Framing::Data, Framing::Bdat] {
            let (idle, peak) = pass(octets, proof, framing, signet)?;
            let growth = mebibytes(peak.saturating_sub(idle));
            let way = if proof.uses_tls() { "TLS" } else { "plain" };
            let (idle, peak) = (mebibytes(idle), mebibytes(peak));
            report.line(&format!("| {way}, {framing:?} | {idle:.1} | {peak:.1} | {growth:.1} |"));
            most = most.max(growth);
        }
    }
    report.at_most(&format!("one mail of {}: memory over idle", report::size(octets)), most, allowed_mebibytes, "MiB");
    Ok(())
}

/// Memory of a fresh Signet when idle, and its peak while the mail passed.
fn pass(octets: u64, proof: Proof, framing: Framing, signet: &Path) -> io::Result<(u64, u64)> {
    let (stage, tree) = fresh(proof, 1, signet)?;
    let templates: Arc<[Template]> = message::templates(&Mail::Octets(octets), proof, framing)?.into();
    let expected = templates.first().and_then(verify::digest);
    let idle = tree.resident();
    stage.sink.look(Look::Digest);
    let mut load = stage.load(Name::Signet, framing, &templates)?;
    (load.connections, load.messages, load.lasts) = (1, 1, Duration::from_secs(60));
    let (row, outcome) = stage.watched(Name::Signet, &load)?;
    stage.conserve(Name::Signet, &outcome)?;
    if stage.sink.seen().digests.first() != expected.as_ref() {
        return Err(io::Error::other("the attachment was changed"));
    }
    if stage.sink.octets() < octets - octets / 100 {
        return Err(io::Error::other(format!("only {} octets arrived", stage.sink.octets())));
    }
    Ok((idle, row.peak.unwrap_or_default()))
}

/// Sessions held after EHLO, under TLS where asked for.
pub fn idle(idle: &Idle, signet: &Path, report: &mut Report) -> io::Result<()> {
    let way = if idle.tls { "TLS" } else { "plain" };
    report.title(&format!("{} idle sessions, {way}", idle.connections));
    let (stage, tree) = fresh(Proof::of(idle.tls), idle.connections, signet)?;
    let target = stage.target(Name::Signet, Framing::Data)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let grown = runtime.block_on(async {
        // What a first session loads and a thousandth does not is no cost of a session.
        let mut held = vec![connect(&target).await?];
        settle(tree).await;
        let before = tree.resident();
        for _ in 0..idle.connections {
            held.push(connect(&target).await?);
        }
        settle(tree).await;
        let grown = tree.resident().saturating_sub(before);
        // All are still there: each answers.
        for session in &mut held {
            tokio::time::timeout(PATIENCE, session.noop())
                .await
                .map_err(|_| io::Error::other("no answer to NOOP"))??;
        }
        Ok::<_, io::Error>(grown)
    })?;
    let each = grown as f64 / idle.connections as f64 / 1_000.0;
    report.line(&format!("{:.1} MiB in all, {each:.1} kB each.", mebibytes(grown)));
    report.at_most(&format!("an idle connection, {way}"), each, idle.aim_kilobytes, "kB");
    Ok(())
}

async fn connect(target: &crate::client::Target) -> io::Result<Session> {
    let connecting = Session::connect(target, None);
    tokio::time::timeout(PATIENCE, connecting).await.map_err(|_| io::Error::other("no EHLO in time"))?
}

/// Waits until the memory has stood still for a moment, at most five seconds.
async fn settle(tree: Tree) {
    let deadline = Instant::now() + Duration::from_secs(5);
    let mut last = tree.resident();
    while Instant::now() < deadline {
        tokio::time::sleep(Duration::from_millis(200)).await;
        let now = tree.resident();
        if now == last {
            break;
        }
        last = now;
    }
}

/// Many mails at once. The sink stops reading in the middle of each, so that all are under way at the same time.
pub fn in_flight(scenario: &InFlight, signet: &Path, report: &mut Report) -> io::Result<()> {
    let (octets, connections) = (scenario.octets, scenario.connections);
    let proof = Proof::of(scenario.tls);
    let way = if scenario.tls { "TLS" } else { "plain" };
    let what = format!("{connections} × {} in flight, {way}", report::size(octets));
    report.title(&what);
    let (stage, tree) = fresh(proof, connections, signet)?;
    let templates: Arc<[Template]> = message::templates(&Mail::Octets(octets), proof, proof.framing())?.into();
    let idle = tree.resident();
    stage.sink.pause(PAUSE);
    let mut load = stage.load(Name::Signet, proof.framing(), &templates)?;
    (load.connections, load.messages) = (connections, connections as u64);
    load.lasts = Duration::from_secs(120);
    let (row, outcome) = stage.watched(Name::Signet, &load)?;
    stage.conserve(Name::Signet, &outcome).map_err(|error| said(&stage, &error))?;
    let grown = row.peak.unwrap_or_default().saturating_sub(idle);
    report.line(&format!(
        "Idle {:.1} MiB, most {:.1} MiB; the mails were {} in all.",
        mebibytes(idle),
        mebibytes(row.peak.unwrap_or_default()),
        report::size(octets * connections as u64)
    ));
    report.at_most(&format!("{what}: memory over idle"), grown as f64 / 1e6, scenario.aim_megabytes, "MB");
    Ok(())
}

fn said(stage: &Stage, error: &io::Error) -> io::Error {
    io::Error::other(format!("{error}\nsignet said: {}", stage.said(Name::Signet)))
}

/// A Signet that has seen no mail, and its processes.
fn fresh(proof: Proof, connections: usize, signet: &Path) -> io::Result<(Stage, Tree)> {
    let contenders = &[Name::Signet];
    let needs = Needs {
        signet,
        proof,
        contenders,
        connections,
        tenants: 1,
        people: 1,
        by_address: false,
        lease_seconds: 5,
        database: None,
        directory: None,
    };
    let stage = Stage::start(&needs)?;
    let tree = stage.tree(Name::Signet).ok_or_else(|| io::Error::other("signet does not run"))?;
    Ok((stage, tree))
}

const PATIENCE: Duration = Duration::from_secs(30);
/// How long the sink does not read: long enough for all to be under way.
const PAUSE: Duration = Duration::from_secs(3);
