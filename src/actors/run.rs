//! From a checked configuration to a process that takes mail, and its orderly end.
//!
//! One arbiter for each core with a listener of its own, one in the background for the tenants. While it runs, the
//! configuration and its files are followed (`reload.rs`). On SIGTERM or SIGINT `/readyz` turns red first and
//! connections are still taken for the notice; then running messages are finished, every sender is told 421 at its
//! next command and newcomers at once; listeners close last, when their queues are empty. Nothing but the hard stop
//! cuts a session, and a message that its next hop has whole has some time more: a second signal changes nothing.

use std::any::Any;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use actix::prelude::*;
use arc_swap::ArcSwap;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::{Semaphore, oneshot};

use super::bypass::{self, Follower};
use super::cache::Cache;
use super::directory::{DirectorySync, Leave};
use super::edge::{CloseAndTell, DrainAndTell, StopAndTell};
use super::ledger::Keeper;
use super::own_tls::{TlsPort, watch_own_tls};
use super::permit::Permits;
use super::process::{Cores, Process};
use super::relay::IDLE_IN_PROCESS;
use super::reload::Reload;
use super::settings::{Current, Lasting, Settings};
use super::tenancy::Tenancy;
use super::tenants::Tenants;
use crate::config::{self, Config, Role};
use crate::events::{self, health::Health, log::Lines};
use crate::metrics::metrics;
use crate::net::Budget;
use crate::net::poison::Poison;
use crate::store::{Copies, Recorder, SealKey, Store, StoreError};
use crate::transit::Guard;

/// Why the process did not start, a new configuration was not taken up, or the end came unasked.
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
    /// The API.
    #[error("{0}")]
    Beside(String),
    /// Threads, signals.
    #[error("the operating system refuses: {0}")]
    System(String),
    /// A fault of ours; running messages were finished.
    #[error("a part of the process was ended by a panic; it has drained, and is to be started again")]
    Broken,
}

/// What a process begins with.
pub struct Start {
    /// Followed while the process runs.
    pub file: PathBuf,
    pub config: Config,
    /// What the probes show.
    pub health: Arc<Health>,
    pub log: Lines,
    /// Of the worker of a parent.
    pub poison: Option<Poison>,
    /// What is served beside the mail.
    pub beside: Option<Beside>,
}

/// Begins something that serves people, or says why it cannot. It is given the process's store, so that who follows
/// that hears at once of what is changed, and ends when what it gives is dropped.
pub type Beside = Box<dyn FnOnce(Store) -> Result<Box<dyn Any>, String>>;

/// A running edge.
struct Appliance {
    cores: Cores,
    background: Arbiter,
    process: Process,
    reload: Reload,
    health: Arc<Health>,
    store: Store,
    written: tokio::task::JoinHandle<()>,
    keeper: Option<Keeper>,
    beside: Option<Box<dyn Any>>,
    bypass: Follower,
    directory: Option<Directory>,
    own_tls: tokio::task::JoinHandle<()>,
}

/// The reader of directories, on a thread of its own.
struct Directory {
    sync: Addr<DirectorySync>,
    arbiter: Arbiter,
}

/// Runs until the process is told to end. Blocks.
///
/// # Errors
/// See [`StartError`]; once started it ends in order.
pub fn run(start: Start) -> Result<(), StartError> {
    System::new().block_on(async {
        let mut signals = Signals::listen()?;
        let mut appliance = Appliance::start(start).await?;
        let ended = appliance.serve(&mut signals).await;
        appliance.leave().await;
        ended
    })
}

impl Appliance {
    async fn start(start: Start) -> Result<Appliance, StartError> {
        let Start { file, config, health, log, poison, beside } = start;
        if let Some(death) = poison.as_ref().and_then(Poison::last_death) {
            let (count, signal, suspects) = (death.count(), death.signal, death.suspects);
            events::WorkerDied { count, signal, suspects }.emit();
        }
        let store = new_store(&config)?;
        let asked = store.clone();
        let first = tokio::time::timeout(REACH, async move { asked.reach().await }).await;
        let reached = may_be_late(&store, first.unwrap_or(Err(StoreError::Timeout)))?;
        let keeper = match config.smtp.ledger {
            true => Some(Keeper::start(store.clone(), reached).await.map_err(in_store)?),
            false => None,
        };
        let bypass = bypass::follow(store.clone(), health.clone()).await;
        let lasting = Lasting {
            guard: guard(poison.as_ref()),
            ledger: keeper.as_ref().map(|keeper| keeper.ledger.clone()),
            bypass: bypass.bypass.clone(),
        };
        let settings = Arc::new(Settings::make(config, None, lasting)?);
        let bounds = &settings.config.cache;
        let (cache, wanted) = Cache::new(bounds.memory_bytes, bounds.load_timeout);
        let tenancy = Arc::new(Tenancy::empty(settings.next_hop_roots.clone(), Arc::new(cache)));
        let copies = open_copies(&store, &settings.config.cache, &health).await;
        let mut tenants = Tenants::new(store.clone(), tenancy.clone(), health.clone(), wanted, copies);
        begin(&mut tenants, &store, reached, &health).await?;
        let (recorder, written) = Recorder::start(store.clone());
        let smtp = &settings.config.smtp;
        let process = Process {
            settings: Arc::new(ArcSwap::new(settings.clone())),
            budget: Budget::new(usize::try_from(smtp.bytes_in_flight).unwrap_or(usize::MAX)),
            permits: Permits::new(smtp.max_connections),
            idle: Arc::new(Semaphore::new(IDLE_IN_PROCESS)),
            attribution: Arc::default(),
            tenancy: tenancy.clone(),
            recorder,
            cut: Arc::default(),
            poison,
        };
        let cores = process.open().await?;
        let beside = beside.map(|begin| begin(store.clone())).transpose().map_err(StartError::Beside)?;
        let background = Arbiter::new();
        let known = tenancy.region().0.len();
        let tenants = Tenants::start_in_arbiter(&background.handle(), |_| tenants);
        let reload = Reload::new(file, process.clone(), tenants, health.clone(), log);
        let directory = (settings.config.role != Role::Edge).then(|| Directory::start(&store, &process.settings));
        let own_tls = tokio::spawn(watch_own_tls(TlsPort::of_mail(&settings, &cores.addresses)));
        health.started();
        events::Started { site: &settings.config.site, listeners: &cores.addresses, tenants: known }.emit();
        Ok(Appliance {
            cores,
            background,
            process,
            reload,
            health,
            store,
            written,
            keeper,
            beside,
            bypass,
            directory,
            own_tls,
        })
    }

    /// Until the process is told to end.
    ///
    /// # Errors
    /// A panic has ended what serves the whole process.
    async fn serve(&mut self, signals: &mut Signals) -> Result<(), StartError> {
        loop {
            let poll = self.process.settings.load().config.reload.poll;
            tokio::select! {
                _ = signals.terminate.recv() => return Ok(()),
                _ = signals.interrupt.recv() => return Ok(()),
                _ = signals.hang_up.recv() => self.reload.asked().await,
                () = tokio::time::sleep(poll) => self.reload.look().await,
                () = self.broken() => {
                    events::Broken.emit();
                    return Err(StartError::Broken);
                }
            }
        }
    }

    /// Comes when a panic has ended one that serves a whole core, or the writer of records. What is left takes mail,
    /// but less and less of it; only a new process is whole.
    async fn broken(&self) {
        while self.cores.edges.iter().all(Addr::connected) && !self.written.is_finished() {
            tokio::time::sleep(LOOK).await;
        }
    }

    /// The orderly end. The signals stay taken: another one cuts nothing short.
    async fn leave(mut self) {
        let began = Instant::now();
        let drain = self.process.settings.load().config.drain.clone();
        self.health.drain();
        self.own_tls.abort();
        events::DrainStarted { sessions: open_sessions() }.emit();
        // It hands over at once, while mail is still taken.
        let directory = self.directory.take().map(|directory| tokio::spawn(directory.leave()));
        let hard_stop = tokio::time::sleep(drain.hard_stop);
        let finished = async {
            self.take_mail_for(drain.notice).await;
            self.tell_edges(DrainAndTell).await;
            // Sessions of an edge that is gone drain by themselves; nobody but the permits knows of them.
            while self.process.permits.used() > 0 {
                tokio::time::sleep(LOOK).await;
            }
            self.take_mail_for(drain.grace).await;
        };
        tokio::select! {
            () = finished => {}
            () = hard_stop => {
                // Whoever comes to its end meanwhile is not cut.
                let _ = tokio::time::timeout(drain.verdict, self.tell_edges(StopAndTell)).await;
            }
        }
        let cut = self.process.cut.load(Ordering::Relaxed) + open_sessions();
        // What the kernel has queued is still told 421; then no listener is left.
        let _ = tokio::time::timeout(LAST_NEWCOMERS, self.tell_edges(CloseAndTell)).await;
        drop((self.beside, self.bypass));
        for arbiter in self.cores.arbiters.into_iter().chain([self.background]) {
            arbiter.stop();
            // The thread's own end; a panic in it was told of when it happened.
            let _ = tokio::task::spawn_blocking(move || arbiter.join()).await;
        }
        if let Some(keeper) = self.keeper {
            keeper.finish().await;
        }
        drop((self.process, self.reload));
        let _ = tokio::time::timeout(LAST_RECORDS, self.written).await;
        if let Some(directory) = directory {
            let _ = tokio::time::timeout(LAST_PAGES, directory).await;
        }
        self.store.close().await;
        events::DrainFinished { cut, took: began.elapsed() }.emit();
        System::current().stop();
    }

    /// Waits while there is an edge that takes whoever comes, at most so long.
    async fn take_mail_for(&self, time: Duration) {
        let nobody_there = async {
            while self.cores.edges.iter().any(Addr::connected) {
                tokio::time::sleep(LOOK).await;
            }
        };
        let _ = tokio::time::timeout(time, nobody_there).await;
    }

    /// Asks every edge for something and waits until all have done it.
    async fn tell_edges<M>(&self, note: impl Fn(oneshot::Sender<()>) -> M)
    where
        M: Message<Result = ()> + Send + 'static,
        super::Edge: Handler<M>,
    {
        let mut waiting = Vec::new();
        for edge in &self.cores.edges {
            let (tell, told) = oneshot::channel();
            edge.do_send(note(tell));
            waiting.push(told);
        }
        for told in waiting {
            // An edge that is gone has nothing left to do.
            let _ = told.await;
        }
    }
}

impl Directory {
    fn start(store: &Store, settings: &Current) -> Directory {
        let (arbiter, sync) = (Arbiter::new(), DirectorySync::new(store.clone(), settings.clone()));
        let sync = DirectorySync::start_in_arbiter(&arbiter.handle(), |_| sync);
        Directory { sync, arbiter }
    }

    /// In the time that a page takes to be kept.
    async fn leave(self) {
        let _ = tokio::time::timeout(LAST_PAGES, self.sync.send(Leave)).await;
        self.arbiter.stop();
        let _ = tokio::task::spawn_blocking(move || self.arbiter.join()).await;
    }
}

/// The signals that mean something to us.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hang_up: Signal,
}

impl Signals {
    fn listen() -> Result<Signals, StartError> {
        let on = |kind| signal(kind).map_err(|error| StartError::System(error.to_string()));
        Ok(Signals {
            terminate: on(SignalKind::terminate())?,
            interrupt: on(SignalKind::interrupt())?,
            hang_up: on(SignalKind::hangup())?,
        })
    }
}

fn guard(poison: Option<&Poison>) -> Option<Arc<dyn Guard>> {
    poison.map(|poison| Arc::new(poison.clone()) as Arc<dyn Guard>)
}

fn new_store(config: &Config) -> Result<Store, StartError> {
    let key = SealKey::read(&config.store.key_file).map_err(in_store)?;
    Store::new(&config.store.url, key).map_err(in_store)
}

fn in_store(error: StoreError) -> StartError {
    StartError::Store(error.to_string())
}

/// Whether the store answered. One that lies elsewhere may come later: mail does not wait for it.
///
/// # Errors
/// What does not go away by itself: another key, another schema, a user who is above the rules.
fn may_be_late(store: &Store, answer: Result<(), StoreError>) -> Result<bool, StartError> {
    match answer {
        Ok(()) => Ok(true),
        Err(error @ (StoreError::Unavailable(_) | StoreError::Timeout | StoreError::Conflict))
            if store.is_elsewhere() =>
        {
            events::StoreFailed { asked: "start", cause: &error }.emit();
            Ok(false)
        }
        Err(error) => Err(in_store(error)),
    }
}

/// A folder that cannot be used costs the next start without the store, not this one.
async fn open_copies(store: &Store, cache: &config::Cache, health: &Health) -> Option<Copies> {
    let (folder, most) = (cache.folder.clone()?, cache.disk_bytes);
    let store = store.clone();
    let opened = tokio::task::spawn_blocking(move || store.copies(&folder, most)).await;
    opened.unwrap_or(Err(StoreError::Sealed)).map_err(|error| health.warning("copies", Some(error.to_string()))).ok()
}

/// Learns of the tenants: from the store, else from the copy. Without both the process takes no mail but says later to all
/// of it, and is not ready.
async fn begin(tenants: &mut Tenants, store: &Store, reached: bool, health: &Health) -> Result<(), StartError> {
    if reached && may_be_late(store, tenants.look().await)? || tenants.look_at_copy().await {
        return Ok(());
    }
    health.fault("store", Some("it is not reached, and there is no sealed copy of what it holds".to_owned()));
    Ok(())
}

fn open_sessions() -> u64 {
    metrics().connection_open_sessions.get().unsigned_abs()
}

/// How long a start waits for a store that lies elsewhere and does not answer.
const REACH: Duration = Duration::from_secs(6);
/// How often the process looks whether all of it is there, or still has sessions.
const LOOK: Duration = Duration::from_secs(1);
/// How long the last decision records may take to be written.
const LAST_RECORDS: Duration = Duration::from_secs(5);
/// How long the last pages of directories may take to be kept.
const LAST_PAGES: Duration = Duration::from_secs(5);
/// How long those who connected at the last moment may take to be told 421.
const LAST_NEWCOMERS: Duration = Duration::from_secs(5);
