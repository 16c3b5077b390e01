//! Good mail beside what wears a server out: thousands of senders that send an octet a second, and one tenant's
//! flood. What counts is the p99 of the good mail with and without. Good mail is sent at a steady rate and counted
//! from when it was due; it and the rest are different tenants', known by their addresses.

use std::cell::Cell;
use std::io;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::client::{Session, Target};
use crate::generator::{self, KnownBy, Load, Tenants};
use crate::machine;
use crate::message;
use crate::outcome::{Outcome, Percentiles};
use crate::report::{self, Report};
use crate::scenario::{self, Flood, Mail, Name, Proof, SlowSenders};
use crate::stage::{Needs, Stage};
use crate::template::{Copy, Template};

/// Slow senders.
pub fn slow_senders(scenario: &SlowSenders, signet: &Path, report: &mut Report) -> io::Result<()> {
    let stage = start(signet, scenario.senders + scenario.connections, SLOW_TENANTS + 1, &[Name::Signet])?;
    let what = match scenario.stage {
        scenario::Stage::Commands => "their MAIL command",
        scenario::Stage::Content => "the content of a mail",
    };
    report.title(&format!("Good mail beside {} senders that send {what} at an octet a second", scenario.senders));
    let templates = templates(scenario.octets)?;
    let good = good(&stage, Name::Signet, &templates, scenario)?;
    let alone = stage.measure(Name::Signet, &good)?.latency;
    let target = stage.target(Name::Signet, scenario::Framing::Data)?;
    let template = templates.first().cloned().ok_or_else(|| io::Error::other("nothing to send"))?;
    let slow = Slow::start(target, template, scenario)?;
    report::progress(&format!("{} slow senders are under way", slow.held.load(Ordering::Relaxed)));
    let beside = stage.measure(Name::Signet, &good)?.latency;
    let held = slow.held.load(Ordering::Relaxed);
    slow.end()?;
    let alone = better(alone, stage.measure(Name::Signet, &good)?.latency);
    table(report, "signet", alone, beside);
    report.line(&format!("\n{held} of {} slow senders were held to the end.", scenario.senders));
    let what = format!("p99 of good mail beside {} slow senders ({:?})", scenario.senders, scenario.stage);
    report.at_most(&what, ratio(alone, beside), 2.0, "times that without");
    Ok(())
}

/// One tenant sends as much as it can; the other's mail is looked at. The same with nobody between shows what of it
/// is the machine's doing.
pub fn flood(scenario: &Flood, signet: &Path, report: &mut Report) -> io::Result<()> {
    let connections = scenario.flood_connections + scenario.connections;
    let stage = start(signet, connections, 2, &[Name::Floor, Name::Signet])?;
    report.title(&format!("A tenant's mail beside another's flood on {} connections", scenario.flood_connections));
    let templates = templates(scenario.octets)?;
    for name in [Name::Floor, Name::Signet] {
        let mut good = load(&stage, name, &templates, 0)?;
        good.connections = scenario.connections;
        good.lasts = Duration::from_secs_f64(scenario.seconds);
        good.messages_per_second = Some(scenario.messages_per_second);
        let alone = stage.measure(name, &good)?.latency;
        let mut flood = load(&stage, name, &templates, 1)?;
        flood.connections = scenario.flood_connections;
        flood.lasts = good.lasts + FLOOD_MORE;
        flood.background = true;
        let stop = Arc::new(AtomicBool::new(false));
        let flooding = generator::start(&flood, stop.clone())?;
        // It is at its height before anybody looks.
        let deadline = Instant::now() + FLOOD_MORE;
        let before = stage.sink.messages();
        while stage.sink.messages() - before < 2 * scenario.flood_connections as u64 && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(10));
        }
        let beside = generator::run(&good)?;
        stop.store(true, Ordering::Relaxed);
        let flooded = flooding.join().map_err(|_| io::Error::other("the flood panicked"))??;
        conserve(&stage, name, &beside, &flooded)?;
        let alone = better(alone, stage.measure(name, &good)?.latency);
        let rate = flooded.accepted() as f64 / flooded.took.as_secs_f64().max(1e-9);
        table(report, name.word(), alone, beside.percentiles());
        report.line(&format!(
            "\nThe flood: {rate:.0} messages a second, {} refused.\n",
            flooded.refused + flooded.failed
        ));
        if name == Name::Signet {
            let ratio = ratio(alone, beside.percentiles());
            report.at_most("p99 of a tenant's mail beside another's flood", ratio, 2.0, "times that without");
        }
    }
    Ok(())
}

/// All good mail arrived, and all of the flood that was accepted; a flood may be refused.
fn conserve(stage: &Stage, name: Name, good: &Outcome, flood: &Outcome) -> io::Result<()> {
    let mut both = good.clone();
    both.samples.extend_from_slice(&flood.samples);
    stage.conserve(name, &both)
}

fn start(signet: &Path, connections: usize, tenants: u32, contenders: &[Name]) -> io::Result<Stage> {
    let needs = Needs {
        signet,
        proof: Proof::Network,
        contenders,
        connections,
        tenants,
        people: PEOPLE,
        by_address: true,
        lease_seconds: 5,
        database: None,
        directory: None,
    };
    Stage::start(&needs)
}

fn templates(octets: u64) -> io::Result<Arc<[Template]>> {
    Ok(message::templates(&Mail::Octets(octets), Proof::Network, Proof::Network.framing())?.into())
}

fn load(stage: &Stage, name: Name, templates: &Arc<[Template]>, tenant: u32) -> io::Result<Load> {
    let mut load = stage.load(name, Proof::Network.framing(), templates)?;
    load.tenants = Tenants { first: tenant, count: 1, known_by: KnownBy::Address };
    load.people = PEOPLE;
    Ok(load)
}

fn good(stage: &Stage, name: Name, templates: &Arc<[Template]>, scenario: &SlowSenders) -> io::Result<Load> {
    let mut load = load(stage, name, templates, 0)?;
    load.connections = scenario.connections;
    load.lasts = Duration::from_secs_f64(scenario.seconds);
    load.messages_per_second = Some(scenario.messages_per_second);
    Ok(load)
}

fn table(report: &mut Report, who: &str, alone: Percentiles, beside: Percentiles) {
    report.line(&format!("| {who} | p50 ms | p99 ms | p99.9 ms |\n|---|---|---|---|"));
    for (name, latency) in [("alone", alone), ("beside them", beside)] {
        let [p50, p99, p999] = [latency.p50, latency.p99, latency.p999].map(report::milliseconds);
        report.line(&format!("| {name} | {p50} | {p99} | {p999} |"));
    }
}

/// Of before and after: a machine that was disturbed once must not make what lay between look good.
fn better(before: Percentiles, after: Percentiles) -> Percentiles {
    if after.p99 < before.p99 { after } else { before }
}

fn ratio(alone: Percentiles, beside: Percentiles) -> f64 {
    beside.p99.as_secs_f64() / alone.p99.as_secs_f64().max(1e-9)
}

/// Senders that go on, an octet a second, until they are told to end.
struct Slow {
    held: Arc<AtomicUsize>,
    stop: Arc<AtomicBool>,
    thread: JoinHandle<io::Result<()>>,
}

impl Slow {
    /// Starts them on a thread of their own and waits until all are there.
    fn start(target: Target, template: Template, scenario: &SlowSenders) -> io::Result<Slow> {
        let (held, stop) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let (count, stage) = (scenario.senders, scenario.stage);
        let shared = (held.clone(), stop.clone());
        let thread = std::thread::Builder::new().name("slow senders".to_owned()).spawn(move || {
            machine::work_in_background();
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            let (held, stop) = shared;
            let all = Rc::new((target, template, stage, held, stop));
            tokio::task::LocalSet::new().block_on(&runtime, async move {
                let dialing = Rc::new(tokio::sync::Semaphore::new(100));
                let one = |number| tokio::task::spawn_local(sender(number, all.clone(), dialing.clone()));
                let senders: Vec<_> = (0..count).map(one).collect();
                for sender in senders {
                    sender.await.map_err(io::Error::other)?;
                }
                Ok(())
            })
        })?;
        let slow = Slow { held, stop, thread };
        let deadline = Instant::now() + READY;
        while slow.held.load(Ordering::Relaxed) < count && Instant::now() < deadline && !slow.thread.is_finished() {
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(slow)
    }

    fn end(self) -> io::Result<()> {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().map_err(|_| io::Error::other("the slow senders panicked"))?
    }
}

type Everything = (Target, Template, scenario::Stage, Arc<AtomicUsize>, Arc<AtomicBool>);

/// One of them. A server may hang up on it; that is seen by how many are left.
async fn sender(number: usize, all: Rc<Everything>, dialing: Rc<tokio::sync::Semaphore>) {
    let (target, template, stage, held, stop) = &*all;
    let tenant = 1 + u32::try_from(number).unwrap_or_default() % SLOW_TENANTS;
    let copy = Copy { id: generator::fresh_id(), tenant, sender: 0 };
    let begun = async {
        let _dialing = dialing.acquire().await.map_err(io::Error::other)?;
        let mut session = Session::connect(target, Some(generator::address(tenant))).await?;
        if *stage == scenario::Stage::Content {
            session.begin(template, copy).await?;
        }
        Ok::<_, io::Error>(session)
    };
    let Ok(mut session) = begun.await else { return };
    held.fetch_add(1, Ordering::Relaxed);
    let from = message::address(copy);
    let text = match stage {
        scenario::Stage::Commands => format!("MAIL FROM:<{from}> SIZE=100000 BODY=8BITMIME"),
        scenario::Stage::Content => format!("From: <{from}>\r\nSubject: slow\r\nX-Filler: and so on\r\n\r\n"),
    };
    let at = Cell::new(0);
    let mut beat = tokio::time::interval(Duration::from_secs(1));
    while !stop.load(Ordering::Relaxed) {
        beat.tick().await;
        // What comes after the text is more of a body, or an ever longer parameter.
        let octet = text.as_bytes().get(at.get()).copied().unwrap_or(b'x');
        at.set(at.get() + 1);
        if session.trickle(octet).await.is_err() {
            held.fetch_sub(1, Ordering::Relaxed);
            return;
        }
    }
}

const PEOPLE: u32 = 50;
/// Whose the slow senders are; each may have a thousand sessions a core.
const SLOW_TENANTS: u32 = 10;
/// Slow senders have so long to get there.
const READY: Duration = Duration::from_secs(90);
/// A flood begins earlier and may last longer than what is measured beside it.
const FLOOD_MORE: Duration = Duration::from_secs(15);
