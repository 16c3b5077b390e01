//! From a checked configuration to a process that takes mail, and its orderly end.
//!
//! One arbiter for each core with a listener of its own, one in the background for the tenants. On SIGTERM or SIGINT
//! `/readyz` turns red first and connections are still taken for the notice; then running messages are finished and
//! newcomers told 421; listeners close last.

use std::net::SocketAddr;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix::prelude::*;
use rustls::RootCertStore;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Semaphore, mpsc, oneshot};

use super::attribution::Attribution;
use super::edge::{DrainAndTell, Edge};
use super::permit::Permits;
use super::relay::Pools;
use super::tenants::{Tenancy, Tenants};
use super::{records, relay};
use crate::config::{self, Config, Pair, PairFiles, Proof, Security};
use crate::events::{self, health::Health};
use crate::imprint;
use crate::net::{self, Balancers, Budget, Dialer, ListenerProof, Private, Resolver, TlsListener, bind_shared};
use crate::smtp::{ClientAttribute, Extensions, ServerConfig, Tls};
use crate::store::{Recorder, SealKey, Store};
use crate::transit;

/// Why the process did not start.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The store or its key cannot be used.
    #[error("the store cannot be opened: {0}")]
    Store(String),
    /// A port is taken, or the address is not ours.
    #[error("{address} cannot be bound: {cause}")]
    Bind { address: SocketAddr, cause: String },
    /// Certificates that were good when the configuration was checked.
    #[error("TLS cannot be set up: {0}")]
    Tls(String),
    /// No resolver.
    #[error("{0}")]
    Resolver(String),
    /// Threads, signals.
    #[error("the operating system refuses: {0}")]
    System(String),
}

/// A running edge.
struct Appliance {
    edges: Vec<Addr<Edge>>,
    arbiters: Vec<Arbiter>,
    health: Arc<Health>,
    store: Store,
    recorder: Recorder,
    written: tokio::task::JoinHandle<()>,
    drain: config::Drain,
}

/// What every core of the process shares.
#[derive(Clone)]
struct Process {
    config: Arc<Config>,
    tenancy: Arc<Tenancy>,
    dialer: Arc<Dialer>,
    budget: Budget,
    permits: Permits,
    idle: Arc<Semaphore>,
    attribution: Arc<Attribution>,
    recorder: Recorder,
}

/// A listener with everything it needs but its socket.
#[derive(Clone)]
struct Prepared {
    tls: Option<Arc<TlsListener>>,
    server: Arc<ServerConfig>,
    proof: ListenerProof,
    balancers: Balancers,
    word: &'static str,
}

/// Runs until the process is told to end. Blocks. `health` is what the probes show.
///
/// # Errors
/// See [`StartError`]; once started it ends in order.
pub fn run(config: Config, health: Arc<Health>) -> Result<(), StartError> {
    System::new().block_on(async {
        let mut ends = Ends::listen()?;
        let appliance = Appliance::start(config, health).await?;
        ends.wait().await;
        appliance.leave(&mut ends).await;
        Ok(())
    })
}

impl Appliance {
    async fn start(config: Config, health: Arc<Health>) -> Result<Appliance, StartError> {
        let store = open_store(&config).await?;
        let prepared = prepare(&config, &health)?;
        let tenancy = Arc::new(Tenancy::empty());
        let mut tenants = Tenants::new(store.clone(), next_hop_roots(&config)?, tenancy.clone(), health.clone());
        tenants.look().await.map_err(|error| StartError::Store(error.to_string()))?;
        let private = if config.next_hop.private_addresses { Private::Allowed } else { Private::Refused };
        let resolver = Resolver::new(&config.next_hop.resolver, private)
            .map_err(|error| StartError::Resolver(error.to_string()))?;
        let (recorder, written) = Recorder::start(store.clone());
        let config = Arc::new(config);
        let process = Process {
            dialer: Arc::new(Dialer::new(Arc::new(resolver), &config.smtp.host_name, &config.next_hop)),
            budget: Budget::new(usize::try_from(config.smtp.bytes_in_flight).unwrap_or(usize::MAX)),
            permits: Permits::new(config.smtp.max_connections),
            idle: Arc::new(Semaphore::new(relay::IDLE_IN_PROCESS)),
            attribution: Arc::default(),
            tenancy: tenancy.clone(),
            recorder: recorder.clone(),
            config: config.clone(),
        };
        let (arbiters, edges, listeners) = open_listeners(&process, &prepared).await?;
        let background = Arbiter::new();
        let known = tenancy.region().0.len();
        Tenants::start_in_arbiter(&background.handle(), |_| tenants);
        health.started();
        events::Started { site: &config.site, listeners: &listeners, tenants: known }.emit();
        let arbiters = arbiters.into_iter().chain([background]).collect();
        let drain = config.drain.clone();
        Ok(Appliance { edges, arbiters, health, store, recorder, written, drain })
    }

    /// The orderly end; a second signal, or the hard stop, cuts it short.
    async fn leave(self, ends: &mut Ends) {
        let began = Instant::now();
        self.health.drain();
        events::DrainStarted { sessions: crate::metrics::metrics().connection_open_sessions.get().unsigned_abs() }
            .emit();
        let hard_stop = tokio::time::sleep(self.drain.hard_stop);
        let finished = async {
            tokio::time::sleep(self.drain.notice).await;
            let mut waiting = Vec::new();
            for edge in &self.edges {
                let (tell, told) = oneshot::channel();
                edge.do_send(DrainAndTell(tell));
                waiting.push(told);
            }
            for told in waiting {
                // An edge that is gone has no session left.
                let _ = told.await;
            }
        };
        tokio::select! {
            () = finished => {}
            () = hard_stop => {}
            () = ends.wait() => {}
        }
        let cut = crate::metrics::metrics().connection_open_sessions.get().unsigned_abs();
        for arbiter in &self.arbiters {
            arbiter.stop();
        }
        for arbiter in self.arbiters {
            // The thread's own end; a panic in it was told of when it happened.
            let _ = tokio::task::spawn_blocking(move || arbiter.join()).await;
        }
        drop(self.recorder);
        let _ = tokio::time::timeout(LAST_RECORDS, self.written).await;
        self.store.close().await;
        events::DrainFinished { cut, took: began.elapsed() }.emit();
        System::current().stop();
    }
}

/// The signals that end the process.
struct Ends {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

impl Ends {
    fn listen() -> Result<Ends, StartError> {
        let on = |kind| signal(kind).map_err(|error| StartError::System(error.to_string()));
        Ok(Ends { terminate: on(SignalKind::terminate())?, interrupt: on(SignalKind::interrupt())? })
    }

    async fn wait(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

async fn open_store(config: &Config) -> Result<Store, StartError> {
    let key = SealKey::read(&config.store.key_file).map_err(|error| StartError::Store(error.to_string()))?;
    Store::open(&config.store.url, key).await.map_err(|error| StartError::Store(error.to_string()))
}

/// Everything of the listeners that can fail without a port.
fn prepare(config: &Config, health: &Health) -> Result<Vec<Prepared>, StartError> {
    let listeners = config.listeners.iter().enumerate();
    listeners.map(|(number, listener)| prepare_one(config, health, number, listener)).collect()
}

fn prepare_one(
    config: &Config,
    health: &Health,
    number: usize,
    listener: &config::Listener,
) -> Result<Prepared, StartError> {
    let (proof, roots) = match &listener.proof {
        Proof::Microsoft { client_name, client_roots } => {
            (ListenerProof::Microsoft { client_name: client_name.clone() }, client_roots.as_deref())
        }
        Proof::Certificate { client_roots } => (ListenerProof::Certificate, client_roots.as_deref()),
        Proof::Network => (ListenerProof::Network, None),
    };
    let tls = match &listener.security {
        Security::Tls(files) => Some(Arc::new(listener_tls(files, roots, |file, not_after_ms| {
            health.certificate(number, not_after_ms);
            let file = &file.display().to_string();
            let now_ms = jiff::Timestamp::now().as_millisecond();
            events::CertificateExpires { listener: number, file, not_after_ms, now_ms }.emit();
        })?)),
        Security::Plaintext => None,
    };
    let mut offer = Extensions::for_microsoft(config.smtp.max_message_bytes);
    offer.starttls = tls.is_some();
    offer.xoorg = matches!(proof, ListenerProof::Microsoft { .. });
    if matches!(proof, ListenerProof::Network) {
        offer.xforward = ClientAttribute::ALL.to_vec();
    }
    let mode = if tls.is_some() { Tls::Required } else { Tls::Off };
    let mut server = ServerConfig::new(config.smtp.host_name.clone(), offer, mode);
    server.limits.max_recipients = config.smtp.max_recipients;
    server.timeouts.idle = config.smtp.command_timeout;
    server.timeouts.stall = config.smtp.data_timeout;
    server.timeouts.handshake = config.smtp.tls_timeout;
    let balancers = balancers(config, listener);
    Ok(Prepared { tls, server: Arc::new(server), proof, balancers, word: listener.proof.word() })
}

/// A listener without TLS is reached from this machine alone: whoever talks to it speaks for itself.
fn balancers(config: &Config, listener: &config::Listener) -> Balancers {
    let of_any = match listener.security {
        Security::Plaintext => Vec::new(),
        Security::Tls(_) => config.listeners.iter().flat_map(|one| one.proxy_from.clone()).collect(),
    };
    Balancers { of_listener: listener.proxy_from.clone(), of_any }
}

fn listener_tls(
    files: &[PairFiles],
    roots: Option<&Path>,
    lives_until: impl Fn(&Path, i64),
) -> Result<TlsListener, StartError> {
    let unusable = |error: config::PairError| StartError::Tls(error.to_string());
    let pairs = files.iter().map(Pair::read).collect::<Result<Vec<_>, _>>().map_err(unusable)?;
    for (pair, files) in pairs.iter().zip(files) {
        lives_until(&files.certificate, pair.not_after_ms);
    }
    let roots = match roots {
        Some(file) => config::roots(file).map_err(unusable)?,
        None => net::public_roots(),
    };
    TlsListener::new(pairs, roots).map_err(|error| StartError::Tls(error.to_string()))
}

fn next_hop_roots(config: &Config) -> Result<RootCertStore, StartError> {
    match &config.next_hop.roots {
        Some(file) => config::roots(file).map_err(|error| StartError::Tls(error.to_string())),
        None => Ok(net::public_roots()),
    }
}

/// One arbiter for each core; on each, every listener.
async fn open_listeners(
    process: &Process,
    prepared: &[Prepared],
) -> Result<(Vec<Arbiter>, Vec<Addr<Edge>>, Vec<SocketAddr>), StartError> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut addresses: Vec<SocketAddr> = process.config.listeners.iter().map(|listener| listener.address).collect();
    let mut sockets = Vec::new();
    for _ in 0..cores {
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
        let (process, prepared, tell) = (process.clone(), prepared.to_vec(), tell.clone());
        arbiter.spawn(async move {
            let pools = pools(&process);
            for (prepared, socket) in prepared.into_iter().zip(of_core) {
                let _ = tell.send(start_edge(&process, &pools, prepared, socket));
            }
        });
        arbiters.push(arbiter);
    }
    drop(tell);
    let mut edges = Vec::new();
    while let Some(edge) = told.recv().await {
        edges.push(edge.map_err(|error| StartError::System(error.to_string()))?);
    }
    Ok((arbiters, edges, addresses))
}

fn pools(process: &Process) -> Pools {
    Pools::new(relay::Shared {
        dialer: process.dialer.clone(),
        tenancy: process.tenancy.clone(),
        limits: process.config.next_hop.clone(),
        idle: process.idle.clone(),
        attribution: process.attribution.clone(),
    })
}

fn start_edge(
    process: &Process,
    pools: &Pools,
    prepared: Prepared,
    socket: std::net::TcpListener,
) -> std::io::Result<Addr<Edge>> {
    let listener = tokio::net::TcpListener::from_std(socket)?;
    let config = process.config.clone();
    let limits = imprint::Limits { hold_bytes: config.imprint.hold_bytes, ..imprint::Limits::default() };
    let context = transit::Context {
        host_name: config.smtp.host_name.clone(),
        site: config.site.clone(),
        image_base_url: config.images.base_url.clone(),
        limits,
    };
    let (tenancy, recorder) = (process.tenancy.clone(), process.recorder.clone());
    let listener_proof = prepared.proof.clone();
    let shared = net::Edge {
        context: Arc::new(context),
        server: prepared.server,
        tls: prepared.tls,
        proof: prepared.proof,
        balancers: prepared.balancers,
        budget: process.budget.clone(),
        region: Box::new(move || tenancy.region()),
        work_limit: process.config.imprint.work_limit,
        unproven: Box::new(move |session, peer, why| {
            let cause = records::unproven(why, &listener_proof);
            events::TenantUnproven { session, peer, cause }.emit();
        }),
        finished: Box::new(move |finished| records::tell(&config.site, &recorder, finished)),
        tls_failed: Box::new(|peer, cause| events::TlsFailed { side: events::Side::Sender, peer, cause }.emit()),
    };
    Ok(Edge::new(Rc::new(shared), pools.clone(), process.permits.clone(), prepared.word, listener).start())
}

/// How long the last decision records may take to be written.
const LAST_RECORDS: Duration = Duration::from_secs(5);
