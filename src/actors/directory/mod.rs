//! Reads the directories of the region's tenants, each once a day and when somebody asks: looks every second whose turn
//! it is, and lets so many run at a time.
//!
//! All that must be known after a restart is in the store: when each tenant is due, who runs and until when, where to go
//! on. So it does not matter which process of the region this is, or how it ends. Reading never touches mail: it has a
//! thread of its own, and what it keeps reaches the edges as any other change does.

mod consent;
mod end;
mod photos;
mod run;
mod turns;

use std::sync::Arc;
use std::time::{Duration, Instant};

use actix::prelude::*;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::settings::Current;
use crate::config;
use crate::directory::Application;
use crate::events::{DirectoryUnusable, StoreFailed};
use crate::metrics::metrics;
use crate::store::Store;
use crate::tenant::TenantId;
use run::Shared;
use turns::Turns;

pub use consent::{ConsentError, consent_link, take_consent};

/// How often is looked whose turn it is.
const LOOK: Duration = Duration::from_secs(1);

/// How old the certificate and the roots that were read may be.
const FRESH: Duration = Duration::from_secs(60);

/// Reads directories. Ends when it is told to leave.
pub struct DirectorySync {
    store: Store,
    settings: Current,
    leaving: watch::Sender<bool>,
    /// True when no run is under way any more.
    left: watch::Sender<bool>,
}

/// Begins nothing more, and stops what runs at the page that is kept last. Answered when all have stopped.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Leave;

impl DirectorySync {
    pub fn new(store: Store, settings: Current) -> DirectorySync {
        DirectorySync { store, settings, leaving: watch::Sender::new(false), left: watch::Sender::new(false) }
    }
}

impl Actor for DirectorySync {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Context<Self>) {
        let (store, settings) = (self.store.clone(), self.settings.clone());
        let (leaving, left) = (self.leaving.subscribe(), self.left.clone());
        ctx.spawn(
            async move {
                serve(store, settings, leaving).await;
                left.send_replace(true);
            }
            .into_actor(self),
        );
    }
}

impl Handler<Leave> for DirectorySync {
    type Result = ResponseFuture<()>;

    fn handle(&mut self, _: Leave, _ctx: &mut Context<Self>) -> ResponseFuture<()> {
        self.leaving.send_replace(true);
        let mut left = self.left.subscribe();
        Box::pin(async move {
            // The sender lives in the actor: it cannot go before it has left.
            let _ = left.wait_for(|left| *left).await;
        })
    }
}

/// Until the process leaves, and then until the last run has stopped.
async fn serve(store: Store, settings: Current, mut leaving: watch::Receiver<bool>) {
    let mut runs = JoinSet::new();
    let (mut source, mut turns) = (Source::default(), Turns::default());
    while !*leaving.borrow() {
        tokio::select! {
            _ = leaving.changed() => {}
            // How it ended it has told itself.
            Some(ended) = runs.join_next(), if !runs.is_empty() => {
                if let Ok(Some(tenant)) = ended {
                    turns.put_off(tenant, Instant::now());
                }
            }
            () = tokio::time::sleep(LOOK) => {
                let due = due(&store, &settings, &mut turns, runs.len()).await;
                begin(due, &store, &settings, &leaving, &mut source, &mut runs).await;
            }
        }
        metrics().directory_running_tenants.set(i64::try_from(runs.len()).unwrap_or(i64::MAX));
    }
    while runs.join_next().await.is_some() {}
    metrics().directory_running_tenants.set(0);
}

/// Whose turn it is, as many as there is room for beside those that run.
async fn due(store: &Store, settings: &Current, turns: &mut Turns, running: usize) -> Vec<TenantId> {
    let Some(config) = settings.load().config.directory.clone() else { return Vec::new() };
    let room = config.at_once.saturating_sub(running);
    // A standby takes no leases, and keeps no pages.
    if room == 0 || store.is_standby() {
        return Vec::new();
    }
    match store.due_syncs(turns.asked_for(room, Instant::now())).await {
        Ok(due) => turns.of(due, room),
        Err(cause) => {
            StoreFailed { asked: "due_syncs", cause: &cause }.emit();
            Vec::new()
        }
    }
}

/// Lets them run.
async fn begin(
    due: Vec<TenantId>,
    store: &Store,
    settings: &Current,
    leaving: &watch::Receiver<bool>,
    source: &mut Source,
    runs: &mut JoinSet<Option<TenantId>>,
) {
    let Some(config) = settings.load().config.directory.clone().filter(|_| !due.is_empty()) else { return };
    let Some(application) = source.application(&config).await else { return };
    for tenant in due {
        let shared = Shared {
            store: store.clone(),
            application: application.clone(),
            every: config.every,
            limit: config.limit,
            lease: config.lease,
            leaving: leaving.clone(),
        };
        runs.spawn(shared.run(tenant));
    }
}

/// The application, read anew now and then: its files are replaced before they end, or put right.
#[derive(Default)]
struct Source {
    /// `None`: they cannot be used, which was told.
    read: Option<(Instant, config::Directory, Option<Arc<Application>>)>,
}

impl Source {
    async fn application(&mut self, config: &config::Directory) -> Option<Arc<Application>> {
        if let Some((at, of, application)) = &self.read
            && at.elapsed() < FRESH
            && of == config
        {
            return application.clone();
        }
        let wanted = config.clone();
        let read = tokio::task::spawn_blocking(move || Application::read(&wanted)).await.ok()?;
        let application = match read {
            Ok(application) => Some(Arc::new(application)),
            Err(error) => {
                DirectoryUnusable { cause: &error.to_string() }.emit();
                None
            }
        };
        self.read = Some((Instant::now(), config.clone(), application.clone()));
        application
    }
}
