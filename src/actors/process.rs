//! What every core of the process shares, and the cores themselves: one arbiter for each, with a listener of its own
//! on every address.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use actix::prelude::*;
use tokio::sync::{Semaphore, mpsc};

use super::attribution::Attribution;
use super::edge::Edge;
use super::permit::Permits;
use super::records;
use super::relay::{self, Pools};
use super::run::StartError;
use super::settings::{Current, Settings};
use super::tenancy::Tenancy;
use crate::config::Config;
use crate::events;
use crate::net::poison::Poison;
use crate::net::{self, Budget, bind_shared};
use crate::store::Recorder;

/// What every core of the process shares.
#[derive(Clone)]
pub struct Process {
    pub settings: Current,
    pub tenancy: Arc<Tenancy>,
    pub budget: Budget,
    /// Sessions of the process.
    pub permits: Permits,
    /// Places for idle sessions to next hops.
    pub idle: Arc<Semaphore>,
    /// Who is refused by 5.7.64.
    pub attribution: Arc<Attribution>,
    pub recorder: Recorder,
    /// Sessions that the hard stop has cut.
    pub cut: Arc<AtomicU64>,
    pub poison: Option<Poison>,
}

/// The cores at work.
pub struct Cores {
    pub arbiters: Vec<Arbiter>,
    pub edges: Vec<Addr<Edge>>,
    /// As bound: with the real ports.
    pub addresses: Vec<SocketAddr>,
}

impl Process {
    /// What the sessions of listener `number` share on one core; `None` when there is no such listener.
    pub fn shared(&self, settings: &Settings, number: usize) -> Option<net::Edge> {
        let prepared = settings.listeners.get(number)?;
        let (tenancy, recorder, site) = (self.tenancy.clone(), self.recorder.clone(), settings.config.site.clone());
        let rules = self.tenancy.clone();
        let proof = prepared.proof.clone();
        Some(net::Edge {
            context: settings.context.clone(),
            server: prepared.server.clone(),
            tls: prepared.tls.clone(),
            proof: prepared.proof.clone(),
            balancers: prepared.balancers.clone(),
            budget: self.budget.clone(),
            poison: self.poison.clone(),
            region: Box::new(move || tenancy.region()),
            rules: Box::new(move |tenant| rules.rules(tenant)),
            work_limit: settings.config.imprint.work_limit,
            unproven: Box::new(move |session, peer, why| {
                let cause = records::unproven(why, &proof);
                events::TenantUnproven { session, peer, cause }.emit();
            }),
            finished: Box::new(move |finished| records::tell(&site, &recorder, finished)),
            tls_failed: Box::new(|peer, cause| events::TlsFailed { side: events::Side::Sender, peer, cause }.emit()),
        })
    }

    /// Takes up the bounds of a new configuration. What is in use stays in use.
    pub fn resize(&self, now: &Config) {
        self.permits.resize(now.smtp.max_connections);
        self.budget.resize(usize::try_from(now.smtp.bytes_in_flight).unwrap_or(usize::MAX));
        self.tenancy.cache().bound(now.cache.memory_bytes, now.cache.load_timeout);
    }

    /// One arbiter for each core; on each, every listener.
    ///
    /// # Errors
    /// A port that is taken, or an address that is not ours.
    pub async fn open(&self) -> Result<Cores, StartError> {
        let count = std::thread::available_parallelism().map_or(1, usize::from);
        let settings = self.settings.load_full();
        let mut addresses: Vec<SocketAddr> = settings.config.listeners.iter().map(|one| one.address).collect();
        let mut sockets = Vec::new();
        for _ in 0..count {
            let mut of_core = Vec::new();
            for address in &mut addresses {
                let bind = |error: std::io::Error| StartError::Bind { address: *address, cause: error.to_string() };
                let socket = bind_shared(*address).map_err(bind)?;
                // Port 0 was free choice once; the other cores share it.
                *address = socket.local_addr().map_err(bind)?;
                of_core.push(socket);
            }
            sockets.push(of_core);
        }
        let (tell, mut told) = mpsc::unbounded_channel();
        let mut arbiters = Vec::new();
        for of_core in sockets {
            let arbiter = Arbiter::new();
            let (process, tell) = (self.clone(), tell.clone());
            arbiter.spawn(async move {
                let pools = process.pools();
                for (number, socket) in of_core.into_iter().enumerate() {
                    let _ = tell.send(process.start_edge(&pools, number, socket));
                }
            });
            arbiters.push(arbiter);
        }
        drop(tell);
        let mut edges = Vec::new();
        while let Some(edge) = told.recv().await {
            edges.push(edge.map_err(|error| StartError::System(error.to_string()))?);
        }
        Ok(Cores { arbiters, edges, addresses })
    }

    fn pools(&self) -> Pools {
        Pools::new(relay::Shared {
            settings: self.settings.clone(),
            tenancy: self.tenancy.clone(),
            idle: self.idle.clone(),
            attribution: self.attribution.clone(),
        })
    }

    fn start_edge(&self, pools: &Pools, number: usize, socket: std::net::TcpListener) -> std::io::Result<Addr<Edge>> {
        let listener = tokio::net::TcpListener::from_std(socket)?;
        let settings = self.settings.load_full();
        let edge = Edge::new(self.clone(), &settings, number, pools.clone(), listener);
        edge.map(Actor::start).ok_or_else(|| std::io::Error::other("a listener without settings"))
    }
}
