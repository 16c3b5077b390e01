//! One run: takes the tenant's lease, reads, says how far it is, and gives the lease back with how it ended.
//!
//! Whatever ends it, what was kept until then stays: people go only when the directory says so, or a full read has not
//! seen them. Without the lease nothing is kept (`store`), so a run that lost it stops without a word.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use jiff::Timestamp;
use tokio::sync::watch;

use super::end::{Outcome, Run};
use crate::directory::{Application, Managers, Order, Patience, Progress, Scope, Summary, sync};
use crate::events::{DirectoryBegun, DirectoryRead, StoreFailed, Synced};
use crate::store::{Store, StoreError, SyncEnd, SyncJob, SyncProgress};
use crate::tenant::{DirectoryEntry, TenantId};

/// How often a run says how far it is.
const TELL: Duration = Duration::from_secs(2);

/// What all runs of a process share.
#[derive(Clone)]
pub struct Shared {
    pub store: Store,
    pub application: Arc<Application>,
    pub every: Duration,
    pub limit: Duration,
    pub lease: Duration,
    /// True when the process ends.
    pub leaving: watch::Receiver<bool>,
}

impl Shared {
    /// Runs, if it is this tenant's turn and nobody else was quicker. Gives the tenant back when its run could not be
    /// begun.
    pub async fn run(self, tenant: TenantId) -> Option<TenantId> {
        let holder = uuid::Uuid::now_v7().to_string();
        let began_ms = Timestamp::now().as_millisecond();
        let job = match self.store.begin_sync(&tenant, &holder, milliseconds(self.lease)).await {
            Ok(Some(job)) => job,
            Ok(None) => return None,
            Err(cause) => {
                told_unless_busy("begin_sync", &cause);
                return Some(tenant);
            }
        };
        DirectoryBegun { tenant: tenant.as_str() }.emit();
        let began = Instant::now();
        let failures = job.failures;
        let progress = watch::Sender::new(Progress::default());
        let (granted, told) = (watch::Sender::new(false), progress.subscribe());
        let read = AssertUnwindSafe(self.read(job, &holder, &progress, &granted)).catch_unwind();
        let mut leaving = self.leaving.clone();
        let outcome = tokio::select! {
            read = read => read.unwrap_or(Outcome::Panicked),
            () = self.hold(&tenant, &holder, began_ms, told) => {
                let done = &progress.borrow().done.clone();
                told_of(&tenant, Synced::Taken, done, 0, "", began);
                return None;
            }
            () = tokio::time::sleep(self.limit) => Outcome::Limit,
            () = left(&mut leaving) => Outcome::Leaving,
        };
        let done = progress.borrow().done.clone();
        let granted = *granted.borrow();
        let ended_ms = Timestamp::now().as_millisecond();
        let end = outcome.end(Run { began_ms, ended_ms, done, failures, granted }, self.every, chance());
        let (result, word) = (&end.result, outcome.word());
        let word = if self.give_back(&tenant, &holder, &end).await { word } else { Synced::Taken };
        told_of(&tenant, word, &result.done, result.photos, &result.text, began);
        None
    }

    /// Tries for as long as the lease lasts; after that the tenant is whose turn it is, as it was. `false`: the run was
    /// taken from us, and how it ended here means nothing.
    async fn give_back(&self, tenant: &TenantId, holder: &str, end: &SyncEnd) -> bool {
        let until = Instant::now() + self.lease;
        loop {
            match self.store.end_sync(tenant, holder, end).await {
                Ok(()) => return true,
                Err(StoreError::SyncTaken) => return false,
                Err(cause) => told_unless_busy("end_sync", &cause),
            }
            if Instant::now() > until || *self.leaving.borrow() {
                return true;
            }
            tokio::time::sleep(TELL).await;
        }
    }

    async fn read(
        &self,
        job: SyncJob,
        holder: &str,
        progress: &watch::Sender<Progress>,
        granted: &watch::Sender<bool>,
    ) -> Outcome {
        let order = order(job.settings.directory.as_ref());
        let organisation = job.settings.microsoft_tenant_id.unwrap_or_default();
        let graph = match self.application.graph(&organisation, Patience::default()) {
            Ok(graph) => graph,
            Err(error) => return Outcome::Failed(error),
        };
        let mut sink = self.store.directory_sink(&job.tenant, holder);
        let read = sync(&graph, &order, job.depth, job.cursor, &mut sink, progress).await;
        granted.send_replace(graph.has_token().await);
        let seen = match read {
            Ok(_) => self.photos(&graph, &job.tenant, &mut sink, progress).await,
            Err(error) => Err(error),
        };
        match seen {
            Ok(photos) => Outcome::Read { photos },
            Err(error) => Outcome::Failed(error),
        }
    }

    /// Keeps the lease and tells how far the run is; ends when the lease is another's.
    async fn hold(&self, tenant: &TenantId, holder: &str, began_ms: i64, mut told: watch::Receiver<Progress>) {
        let mut kept = Instant::now();
        let mut shown = SyncProgress { began_ms, ..SyncProgress::default() };
        loop {
            tokio::time::sleep(TELL.min(self.lease / 3)).await;
            if told.has_changed().unwrap_or(false) {
                let Progress { stage, waiting, done } = told.borrow_and_update().clone();
                let until = |wait| Timestamp::now().as_millisecond().saturating_add(milliseconds(wait));
                shown = SyncProgress { began_ms, stage, waiting_until_ms: waiting.map(until), done };
            } else if kept.elapsed() < self.lease / 3 {
                continue;
            }
            match self.store.keep_sync(tenant, holder, milliseconds(self.lease), &shown).await {
                Ok(()) => kept = Instant::now(),
                Err(StoreError::SyncTaken) => return,
                Err(cause) => told_unless_busy("keep_sync", &cause),
            }
        }
    }
}

/// A store that is busy, with a large import or a sweep, has not failed; what was asked is asked again.
fn told_unless_busy(asked: &'static str, cause: &StoreError) {
    if !matches!(cause, StoreError::Timeout | StoreError::Conflict) {
        StoreFailed { asked, cause }.emit();
    }
}

fn told_of(tenant: &TenantId, ended: Synced, done: &Summary, photos: u64, text: &str, began: Instant) {
    DirectoryRead {
        tenant: tenant.as_str(),
        ended,
        pages: done.pages,
        people: done.people,
        gone: done.gone,
        groups: done.groups,
        memberships: done.memberships,
        photos,
        text,
        took: began.elapsed(),
    }
    .emit();
}

fn order(directory: Option<&DirectoryEntry>) -> Order {
    let DirectoryEntry { only_group, extra, managers } = directory.cloned().unwrap_or_default();
    Order {
        scope: only_group.map_or(Scope::Everybody, Scope::Group),
        extra,
        managers: if managers { Managers::Read } else { Managers::Leave },
    }
}

/// Comes when the process ends.
async fn left(leaving: &mut watch::Receiver<bool>) {
    if leaving.wait_for(|leaving| *leaving).await.is_err() {
        // Whoever could say so is gone, and with it this process's directory.
    }
}

fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

fn chance() -> u8 {
    let mut octet = [0];
    // Without random octets all come at the same time of their day, which is no harm to one.
    let _ = aws_lc_rs::rand::fill(&mut octet);
    octet[0]
}
