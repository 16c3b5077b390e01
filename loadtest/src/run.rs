//! One scenario: floor and Signet in turns, a look at what arrived, the table, the gate.
//!
//! Refuses to report figures of a run in which a message was lost, doubled, refused or not as it should be. Floor and
//! Signet share templates, sink and generator, and take turns so that a disturbance meets both.

use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use standin::tls;

use crate::Signet;
use crate::appliance::{Appliance, Certificates, EDGE, MICROSOFT, Setup};
use crate::client::Target;
use crate::generator::{self, Load};
use crate::message;
use crate::process::{self, Process};
use crate::report::{self, Row};
use crate::scenario::{Mail, Scenario};
use crate::sink::{CLOCK, Look, Sink};
use crate::template::Template;
use crate::verify;

/// What lies between generator and sink.
pub enum Between {
    /// Signet, started for this run.
    Started,
    /// Something that runs already.
    Running { address: SocketAddr, pid: Option<u32> },
}

/// Runs it; whether the gate was passed.
pub fn run(scenario: &Scenario, between: &Between, sink: Option<SocketAddr>, signet: &Signet) -> io::Result<bool> {
    let certificates = Certificates::make(scenario.proof)?;
    let stage = Stage::new(scenario, &certificates, sink)?;
    let appliance = match between {
        Between::Running { .. } => None,
        Between::Started => Some(Appliance::start(&Setup {
            program: &signet.signet,
            proof: scenario.proof,
            people: scenario.people,
            connections: scenario.connections,
            certificates: &certificates,
            sink: stage.sink.address,
        })?),
    };
    let (address, process) = match (between, &appliance) {
        (Between::Running { address, pid }, _) => (*address, pid.map(Process::new)),
        (Between::Started, Some(appliance)) => (appliance.address, Some(appliance.process())),
        (Between::Started, None) => return Err(io::Error::other("signet was not started")),
    };
    let contenders = [
        Contender { name: "floor", address: stage.sink.address, certificate_name: MICROSOFT, process: None },
        Contender { name: "signet", address, certificate_name: EDGE, process },
    ];
    let measured = measure_all(&stage, &contenders);
    let rows = measured.map_err(|error| match &appliance {
        Some(appliance) => io::Error::other(format!("{error}\nsignet said: {}", appliance.log())),
        None => error,
    })?;
    report::publish(&signet.results, "load.md", &report::table(&scenario.name, &rows))?;
    let cost = |name: &str| report::median(&rows, name).map(Row::microseconds).unwrap_or_default();
    let ratio = cost("signet") / cost("floor").max(1e-9);
    let passed = scenario.gate.is_none_or(|gate| ratio <= gate);
    if let Some(gate) = scenario.gate {
        println!("gate {gate}: {}", if passed { "passed" } else { "NOT passed" });
    }
    Ok(passed)
}

fn measure_all(stage: &Stage<'_>, contenders: &[Contender]) -> io::Result<Vec<Row>> {
    let mut rows = Vec::new();
    let mut first_id = 0;
    for repeat in 0..stage.scenario.repeats {
        for contender in contenders {
            if repeat == 0 {
                first_id = stage.look(contender, first_id)?;
            }
            let (row, next) = stage.measure(contender, first_id)?;
            first_id = next;
            rows.push(row);
        }
    }
    Ok(rows)
}

/// Where the generator sends.
struct Contender {
    name: &'static str,
    address: SocketAddr,
    certificate_name: &'static str,
    process: Option<Process>,
}

/// What all measurements of a scenario share.
struct Stage<'a> {
    scenario: &'a Scenario,
    certificates: &'a Certificates,
    templates: Vec<Template>,
    sink: Sink,
}

impl<'a> Stage<'a> {
    fn new(
        scenario: &'a Scenario,
        certificates: &'a Certificates,
        address: Option<SocketAddr>,
    ) -> io::Result<Stage<'a>> {
        let tls = scenario.proof.uses_tls();
        let tls = if tls { Some(tls::server_config(std::slice::from_ref(&certificates.sink))?) } else { None };
        let delay = Duration::from_millis(scenario.sink_delay_milliseconds);
        let sink = Sink::start(address, tls, delay)?;
        Ok(Stage { scenario, certificates, templates: message::templates(scenario)?, sink })
    }

    fn load(&self, contender: &Contender, first_id: u64) -> io::Result<Load> {
        let tls = if self.scenario.proof.uses_tls() {
            let roots = self.certificates.authority.roots()?;
            let config = tls::client_config(roots, Some(&self.certificates.generator))?;
            Some((config, contender.certificate_name.to_owned()))
        } else {
            None
        };
        let scenario = self.scenario;
        Ok(Load {
            target: Target {
                address: contender.address,
                tls,
                framing: scenario.framing,
                recipient: "bob@fabrikam.example".to_owned(),
            },
            templates: self.templates.clone(),
            connections: scenario.connections,
            messages: scenario.messages,
            messages_per_second: scenario.messages_per_second,
            messages_per_connection: scenario.messages_per_connection,
            people: scenario.people,
            first_id,
        })
    }

    /// Sends a few messages one by one and looks at each as it arrives.
    fn look(&self, contender: &Contender, first_id: u64) -> io::Result<u64> {
        let large = self.templates.iter().any(|template| template.octets() > KEPT);
        let filler = self.templates.first().and_then(verify::digest);
        self.sink.look(if large { Look::Digest } else { Look::Keep });
        let mut load = self.load(contender, first_id)?;
        (load.connections, load.messages, load.messages_per_second) = (1, LOOKS, None);
        let outcome = generator::run(&load)?;
        self.sink.look(Look::Count);
        let seen = self.sink.seen();
        if outcome.accepted != LOOKS {
            let failure = outcome.failure.unwrap_or_default();
            return Err(io::Error::other(format!(
                "{}: {} of {LOOKS} accepted: {failure}",
                contender.name, outcome.accepted
            )));
        }
        if let Some(filler) = filler {
            let same = seen.digests.iter().filter(|digest| **digest == filler).count() as u64;
            if same != LOOKS {
                return Err(io::Error::other(format!("{}: the attachment was changed", contender.name)));
            }
        }
        // Whether files are signed depends on them; the floor signs nothing.
        if contender.name == "signet" && matches!(self.scenario.mail, Mail::Octets(_)) {
            for (number, message) in seen.messages.iter().enumerate() {
                let sender = u32::try_from(number).unwrap_or_default() % self.scenario.people;
                let problems = verify::problems(message, sender);
                if !problems.is_empty() {
                    let beginning = message.get(..SHOWN.min(message.len())).unwrap_or_default();
                    let text = String::from_utf8_lossy(beginning);
                    return Err(io::Error::other(format!("message {number}: {}\n{text}", problems.join("; "))));
                }
            }
        }
        Ok(first_id + LOOKS)
    }

    fn measure(&self, contender: &Contender, first_id: u64) -> io::Result<(Row, u64)> {
        let mut warm_up = self.load(contender, first_id)?;
        warm_up.messages = self.scenario.warm_up.min(self.scenario.messages);
        warm_up.messages_per_second = None;
        generator::run(&warm_up)?;
        let load = self.load(contender, first_id + warm_up.messages)?;
        if let Some(process) = contender.process {
            process.reset_peak()?;
        }
        std::thread::sleep(CLOCK * 2);
        let taken = self.sink.messages();
        let usage = contender.process.map(Process::usage).transpose()?;
        let (sink, (busy, _)) = (self.sink.cost(), process::machine_time());
        let began = Instant::now();
        let outcome = generator::run(&load)?;
        std::thread::sleep(CLOCK * 2);
        let wall = began.elapsed();
        let own = outcome.cost + self.sink.cost().saturating_sub(sink);
        let between = match (contender.process, &usage) {
            (Some(process), Some(before)) => Some(process.usage()?.since(before)),
            _ => None,
        };
        let busy = process::machine_time().0.saturating_sub(busy);
        let other = busy.saturating_sub(own + between.unwrap_or_default());
        self.conserve(contender, &outcome, self.sink.messages() - taken)?;
        let row = Row {
            contender: contender.name,
            messages: outcome.accepted,
            took: outcome.took,
            cost: if contender.name == "floor" { own } else { between.unwrap_or_default() },
            p50: outcome.per_mille(500),
            p99: outcome.per_mille(990),
            p999: outcome.per_mille(999),
            peak: contender.process.map(Process::peak).transpose()?,
            other_percent: other.as_secs_f64() / wall.as_secs_f64() * 100.0,
        };
        Ok((row, first_id + warm_up.messages + load.messages))
    }

    /// What was accepted is what arrived.
    fn conserve(&self, contender: &Contender, outcome: &generator::Outcome, arrived: u64) -> io::Result<()> {
        let whole = outcome.accepted == self.scenario.messages && arrived == outcome.accepted;
        if whole {
            return Ok(());
        }
        Err(io::Error::other(format!(
            "{}: of {} messages {} were accepted, {} refused, {} failed ({}); {arrived} arrived",
            contender.name,
            self.scenario.messages,
            outcome.accepted,
            outcome.refused,
            outcome.failed,
            outcome.failure.as_deref().unwrap_or("no failure"),
        )))
    }
}

/// Messages up to so many octets are kept to be looked at; of larger ones only the filler is.
const KEPT: u64 = 16 << 20;
/// Octets of a wrong message that are shown.
const SHOWN: usize = 16 * 1024;
/// Messages that are looked at.
const LOOKS: u64 = 8;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::io::{Read, Write};
    use std::net::{Ipv4Addr, TcpListener, TcpStream};
    use std::path::PathBuf;

    use super::*;
    use crate::scenario::{Framing, Proof};

    /// Hands octets on both ways; those on the way to the sink may be changed.
    fn wire(to: SocketAddr, change: fn(&mut [u8])) -> SocketAddr {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (near, far) = (stream.unwrap(), TcpStream::connect(to).unwrap());
                let there = (near.try_clone().unwrap(), far.try_clone().unwrap(), change);
                let back: (_, _, fn(&mut [u8])) = (far, near, |_| ());
                for (mut from, mut to, change) in [there, back] {
                    std::thread::spawn(move || {
                        let mut octets = vec![0; 1 << 16];
                        while let Ok(count @ 1..) = from.read(&mut octets) {
                            change(&mut octets[..count]);
                            to.write_all(&octets[..count]).unwrap();
                        }
                        let _ = to.shutdown(std::net::Shutdown::Write);
                    });
                }
            }
        });
        address
    }

    fn scenario(mail: Mail, framing: Framing) -> Scenario {
        Scenario {
            name: "test".into(),
            mail,
            connections: 3,
            messages: 20,
            warm_up: 5,
            messages_per_second: None,
            messages_per_connection: None,
            framing,
            proof: Proof::Network,
            people: 4,
            sink_delay_milliseconds: 0,
            repeats: 1,
            gate: None,
        }
    }

    fn between(scenario: &Scenario) -> io::Result<Vec<Row>> {
        between_changed(scenario, |_| ())
    }

    fn between_changed(scenario: &Scenario, change: fn(&mut [u8])) -> io::Result<Vec<Row>> {
        let certificates = Certificates::make(scenario.proof).unwrap();
        let stage = Stage::new(scenario, &certificates, None).unwrap();
        let address = if scenario.proof.uses_tls() { stage.sink.address } else { wire(stage.sink.address, change) };
        let contender = |name, address| Contender { name, address, certificate_name: MICROSOFT, process: None };
        measure_all(&stage, &[contender("floor", stage.sink.address), contender("signet", address)])
    }

    fn file(folder: &tempfile::TempDir) -> PathBuf {
        let file = folder.path().join("a.eml");
        std::fs::write(&file, "From: a\nMessage-ID: <x@y>\n\n.\n..\nend\n").unwrap();
        file
    }

    #[test]
    fn every_message_arrives_in_each_kind_of_run() {
        let folder = tempfile::tempdir().unwrap();
        for framing in [Framing::Data, Framing::Bdat] {
            let kept = scenario(Mail::Files(vec![file(&folder)]), framing);
            let rows = between(&kept).unwrap();
            assert_eq!(rows.iter().map(|row| row.messages).collect::<Vec<_>>(), [20, 20]);
            assert!(report::table("test", &rows).contains("| floor |"));
            between(&Scenario { messages_per_connection: Some(3), ..kept.clone() }).unwrap();
            between(&Scenario { messages_per_second: Some(1e4), ..kept.clone() }).unwrap();
            between(&Scenario { proof: Proof::Certificate, ..kept }).unwrap();
        }
    }

    #[test]
    fn a_relay_that_does_not_sign_is_found_out() {
        let error = between(&scenario(Mail::Octets(5_500), Framing::Data)).unwrap_err();
        assert!(error.to_string().contains("it has not exactly one stamp"), "{error}");
    }

    #[test]
    fn the_attachment_of_a_large_mail_is_compared() {
        let large = scenario(Mail::Octets(3_000_000), Framing::Data);
        let harm = |octets: &mut [u8]| {
            if let Some(at) = memchr::memmem::find(octets, b"AAAAAAAA") {
                octets[at] = b'B';
            }
        };
        let error = between_changed(&large, harm).unwrap_err();
        assert_eq!(error.to_string(), "signet: the attachment was changed");
        // Untouched, it is the missing signature that is found.
        let error = between(&large).unwrap_err();
        assert!(error.to_string().contains("it has not exactly one stamp"), "{error}");
    }
}
