//! What a measurement stands on: certificates, the sink, and the contenders between it and the generator, each
//! started once for plain mail and once for TLS.
//!
//! No figure is given for a run in which a message was lost, doubled, refused or not as it should be: what was
//! accepted must be what arrived, by number, each once. A contender that cannot be had is left out and said.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::appliance::{Appliance, Setup};
use crate::certificates::{Certificates, EDGE, MICROSOFT};
use crate::client::{Target, Tls};
use crate::database::Database;
use crate::directory::Played;
use crate::generator::{self, Load};
use crate::haproxy::Haproxy;
use crate::machine;
use crate::outcome::Outcome;
use crate::postfix::Postfix;
use crate::process::Tree;
use crate::report::{self, Row};
use crate::scenario::{Framing, Name, Proof};
use crate::sink::{CLOCK, Sink};
use crate::template::Template;
use crate::tenants::Tenants;

/// What is to be there.
pub struct Needs<'a> {
    pub signet: &'a Path,
    pub proof: Proof,
    pub contenders: &'a [Name],
    /// Most sessions at the same time.
    pub connections: usize,
    pub tenants: u32,
    pub people: u32,
    /// Tenants are known by the address they send from.
    pub by_address: bool,
    /// Longest wait for a session to the next hop; 5 is the default of the configuration.
    pub lease_seconds: u32,
    /// Where Signet keeps its tenants; without it in a file.
    pub database: Option<&'a Database>,
    /// Where people come from besides.
    pub directory: Option<&'a Played>,
}

/// All that runs.
pub struct Stage {
    pub sink: Sink,
    pub signet: Option<Appliance>,
    /// Those that run, in the order in which they take turns.
    pub contenders: Vec<Name>,
    /// Those that do not, and why.
    pub missing: Vec<(Name, String)>,
    certificates: Certificates,
    proof: Proof,
    postfix: Option<Postfix>,
    haproxy: Option<Haproxy>,
}

impl Stage {
    pub fn start(needs: &Needs<'_>) -> io::Result<Stage> {
        machine::open_files();
        let proof = needs.proof;
        let certificates = Certificates::make(proof)?;
        let sink = Sink::start(Some(certificates.server()?))?;
        let mut stage = Stage {
            sink,
            signet: None,
            contenders: Vec::new(),
            missing: Vec::new(),
            certificates,
            proof,
            postfix: None,
            haproxy: None,
        };
        for name in needs.contenders {
            // Without TLS it would be a wire, which nobody asks about.
            if *name == Name::Haproxy && !proof.uses_tls() {
                continue;
            }
            match stage.add(*name, needs) {
                Ok(()) => stage.contenders.push(*name),
                Err(error) if *name == Name::Signet => return Err(error),
                Err(error) => {
                    report::progress(&format!("{} is left out: {error}", name.word()));
                    stage.missing.push((*name, error.to_string()));
                }
            }
        }
        Ok(stage)
    }

    fn add(&mut self, name: Name, needs: &Needs<'_>) -> io::Result<()> {
        let addresses = self.sink.addresses;
        match name {
            Name::Floor => {}
            Name::Signet => {
                let tenants = Tenants {
                    proof: needs.proof,
                    count: needs.tenants,
                    people: needs.people,
                    by_address: needs.by_address,
                    sink: addresses,
                };
                let setup = Setup {
                    program: needs.signet,
                    connections: needs.connections,
                    sessions_per_tenant: 1000,
                    lease_seconds: needs.lease_seconds,
                    certificates: &self.certificates,
                    tenants,
                    database: needs.database,
                    directory: needs.directory,
                };
                self.signet = Some(Appliance::start(&setup)?);
            }
            Name::Postfix => self.postfix = Some(Postfix::start(&self.certificates, addresses)?),
            Name::Haproxy => self.haproxy = Some(Haproxy::start(&self.certificates, addresses)?),
        }
        Ok(())
    }

    /// Where the generator sends to reach a contender.
    pub fn target(&self, name: Name, framing: Framing) -> io::Result<Target> {
        let missing = || io::Error::other(format!("{} does not run", name.word()));
        let to_sink = self.sink.addresses;
        let (address, server) = match name {
            Name::Floor if self.proof.uses_tls() => (to_sink.starttls, MICROSOFT),
            Name::Floor => (to_sink.plain, MICROSOFT),
            Name::Signet => (self.signet.as_ref().ok_or_else(missing)?.address, EDGE),
            Name::Postfix => (self.postfix.as_ref().ok_or_else(missing)?.address, EDGE),
            Name::Haproxy => (self.haproxy.as_ref().ok_or_else(missing)?.address, EDGE),
        };
        let tls = match name {
            _ if !self.proof.uses_tls() => Tls::Never,
            Name::Haproxy => Tls::AtOnce(self.certificates.client()?, server),
            _ => Tls::Asked(self.certificates.client()?, server),
        };
        Ok(Target { address, tls, framing })
    }

    /// A closed loop of one tenant's mail to a contender; the caller changes what it wants otherwise.
    pub fn load(&self, name: Name, framing: Framing, templates: &Arc<[Template]>) -> io::Result<Load> {
        Ok(Load {
            target: self.target(name, framing)?,
            templates: templates.clone(),
            connections: 10,
            messages: u64::MAX,
            lasts: Duration::from_secs(1),
            messages_per_second: None,
            messages_per_connection: None,
            tenants: generator::Tenants::one(0),
            people: PEOPLE,
            ramp: Duration::ZERO,
            background: false,
        })
    }

    /// The processes of a contender; the floor has none but ours.
    pub fn tree(&self, name: Name) -> Option<Tree> {
        match name {
            Name::Floor => None,
            Name::Signet => self.signet.as_ref().map(Appliance::tree),
            Name::Postfix => self.postfix.as_ref().map(Postfix::tree),
            Name::Haproxy => self.haproxy.as_ref().map(Haproxy::tree),
        }
    }

    /// Warms up, then measures.
    pub fn measure(&self, name: Name, load: &Load) -> io::Result<Row> {
        let mut warm_up = load.clone();
        warm_up.lasts = (load.lasts / 5).min(Duration::from_millis(300));
        (warm_up.messages_per_second, warm_up.messages) = (None, load.messages.min(WARM_UP));
        generator::run(&warm_up)?;
        std::thread::sleep(CLOCK * 2);
        self.sink.ids();
        if let Some(signet) = &self.signet {
            signet.forget_log()?;
        }
        let (row, outcome) = self.watched(name, load)?;
        self.conserve(name, &outcome)?;
        Ok(row)
    }

    /// What a load costs; that it was conserved is for the caller to see to.
    pub fn watched(&self, name: Name, load: &Load) -> io::Result<(Row, Outcome)> {
        let tree = self.tree(name);
        if let Some(tree) = tree {
            tree.reset_peak();
        }
        let usage = tree.map(Tree::usage);
        let (sink, busy) = (self.sink.cost(), machine::machine_time().0);
        let began = Instant::now();
        let outcome = generator::run(load)?;
        std::thread::sleep(CLOCK * 2);
        let wall = began.elapsed();
        let own = outcome.cost + self.sink.cost().saturating_sub(sink);
        let between = tree.zip(usage).map(|(tree, before)| tree.usage().since(&before));
        let busy = machine::machine_time().0.saturating_sub(busy);
        let other = busy.saturating_sub(own + between.unwrap_or_default());
        let row = Row {
            name,
            messages: outcome.accepted(),
            took: outcome.took,
            cost: between.unwrap_or(own),
            latency: outcome.percentiles(),
            peak: tree.map(Tree::peak),
            other_percent: other.as_secs_f64() / wall.as_secs_f64() * 100.0,
        };
        Ok((row, outcome))
    }

    /// What was accepted is what arrived, each message once.
    pub fn conserve(&self, name: Name, outcome: &Outcome) -> io::Result<()> {
        let (accepted, arrived) = (outcome.ids(), self.sink.ids());
        if outcome.refused + outcome.failed == 0 && accepted == arrived && !accepted.is_empty() {
            return Ok(());
        }
        Err(io::Error::other(format!(
            "{}: {} messages were accepted, {} refused, {} failed ({}); {} arrived{}",
            name.word(),
            accepted.len(),
            outcome.refused,
            outcome.failed,
            outcome.failure.as_deref().unwrap_or("no failure"),
            arrived.len(),
            if accepted.len() == arrived.len() && accepted != arrived { ", but not the same" } else { "" },
        )))
    }

    /// What a contender says about a failure.
    pub fn said(&self, name: Name) -> String {
        match name {
            Name::Floor => String::new(),
            Name::Signet => self.signet.as_ref().map(Appliance::log).unwrap_or_default(),
            Name::Postfix => self.postfix.as_ref().map(Postfix::log).unwrap_or_default(),
            Name::Haproxy => self.haproxy.as_ref().map(Haproxy::log).unwrap_or_default(),
        }
    }
}

/// Different senders of a tenant.
pub const PEOPLE: u32 = 1_000;
/// Most messages of a warm-up.
const WARM_UP: u64 = 2_000;

#[cfg(test)]
#[path = "stage_tests.rs"]
mod tests;
