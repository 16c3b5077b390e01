//! Decision records on their way to the store: a bounded queue and a task in the background.
//!
//! [`Recorder::record`] never waits. When the queue is full, because the store is slow or gone, the record is dropped
//! and counted; mail is not touched by that (invariant I3: between the commit point and our answer nothing may fail).
//! Records wait for others for up to [`GATHER`], so that one transaction writes many; a process that is killed loses
//! those. The task also counts the messages ([`super::flow`]), and deletes what has had its time, every hour: records,
//! and tenants that have left.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;

use super::flow::Tallies;
use super::{Decision, Store, now_ms};
use crate::events::{DecisionDropped, Dropped, StoreFailed};
use crate::metrics::metrics;

/// Records that wait.
const QUEUE_RECORDS: usize = 8192;

/// Memory that they may take: a message to 1,000 recipients makes a record of 60 kB.
const QUEUE_BYTES: usize = 16 * 1024 * 1024;

/// Written in one transaction.
const BATCH: usize = 1024;

/// How long the first record of a batch waits for others.
const GATHER: Duration = Duration::from_millis(250);

/// How often counts are handed to the store; a process that is killed loses those since.
const COUNTS_EVERY: Duration = Duration::from_secs(2);

const OLD_EVERY: Duration = Duration::from_secs(3600);

struct Waiting {
    decision: Decision,
    /// Its share of the memory, given back when it is written.
    _room: OwnedSemaphorePermit,
}

/// Takes decision records. Clones share the queue.
#[derive(Debug, Clone)]
pub struct Recorder {
    queue: mpsc::Sender<Waiting>,
    room: Arc<Semaphore>,
    /// Since it was last told: a full queue must not also fill the log with a line for each message.
    dropped: Arc<AtomicU64>,
}

impl Recorder {
    /// Starts the task on the runtime of the caller. It ends when every clone of the recorder is dropped and what
    /// waited is written.
    pub fn start(store: Store) -> (Recorder, JoinHandle<()>) {
        let (queue, waiting) = mpsc::channel(QUEUE_RECORDS);
        let dropped = Arc::new(AtomicU64::new(0));
        let room = Arc::new(Semaphore::new(QUEUE_BYTES));
        let task = tokio::spawn(write(store, waiting, Arc::clone(&dropped)));
        (Recorder { queue, room, dropped }, task)
    }

    /// Hands over a record, or drops it. Never waits.
    pub fn record(&self, decision: Decision) {
        let octets = u32::try_from(decision.octets()).unwrap_or(u32::MAX);
        let taken = Arc::clone(&self.room)
            .try_acquire_many_owned(octets)
            .ok()
            .and_then(|room| self.queue.try_send(Waiting { decision, _room: room }).ok());
        if taken.is_none() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }
}

async fn write(store: Store, mut waiting: mpsc::Receiver<Waiting>, dropped: Arc<AtomicU64>) {
    let mut old = tokio::time::interval(OLD_EVERY);
    let mut counts = tokio::time::interval(COUNTS_EVERY);
    counts.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut tallies = Tallies::default();
    loop {
        tokio::select! {
            first = waiting.recv() => {
                let Some(first) = first else {
                    hand_over(&store, &mut tallies).await;
                    return tell(&dropped);
                };
                // Nobody is woken for what comes in meanwhile.
                tokio::time::sleep(GATHER).await;
                write_all(&store, first, &mut waiting, &mut tallies).await;
                tell(&dropped);
            }
            _ = counts.tick() => hand_over(&store, &mut tallies).await,
            _ = old.tick() => {
                tell(&dropped);
                delete_the_old(&store).await;
            }
        }
    }
}

async fn hand_over(store: &Store, tallies: &mut Tallies) {
    if let Err(error) = store.write_tallies(tallies).await {
        StoreFailed { asked: "write_tallies", cause: &error }.emit();
    }
}

async fn delete_the_old(store: &Store) {
    if let Err(error) = store.delete_old_decisions(now_ms()).await {
        StoreFailed { asked: "delete_old_decisions", cause: &error }.emit();
    }
    if let Err(error) = store.merge_flow(now_ms()).await {
        StoreFailed { asked: "merge_flow", cause: &error }.emit();
    }
    if let Err(error) = store.forget_the_old(now_ms()).await {
        StoreFailed { asked: "forget_the_old", cause: &error }.emit();
    }
    if let Err(error) = store.remove_the_left(now_ms()).await {
        StoreFailed { asked: "remove_the_left", cause: &error }.emit();
    }
}

/// Writes what waits now, in as many batches as it takes.
async fn write_all(store: &Store, first: Waiting, waiting: &mut mpsc::Receiver<Waiting>, tallies: &mut Tallies) {
    let mut next = Some(first);
    while next.is_some() {
        let batch = next.into_iter().chain(std::iter::from_fn(|| waiting.try_recv().ok())).take(BATCH);
        let (decisions, room): (Vec<_>, Vec<_>) = batch.map(|waiting| (waiting.decision, waiting._room)).unzip();
        decisions.iter().for_each(|decision| tallies.count(decision));
        write_batch(store, &decisions).await;
        drop(room);
        next = waiting.try_recv().ok();
    }
}

/// A queue that is full is about to be read, so this comes soon after.
fn tell(dropped: &AtomicU64) {
    match dropped.swap(0, Ordering::Relaxed) {
        0 => {}
        count => DecisionDropped { count, cause: Dropped::Full }.emit(),
    }
}

async fn write_batch(store: &Store, decisions: &[Decision]) {
    failpoint!("record_written", return);
    match store.record(decisions).await {
        Ok(written) => metrics().decision_written_total.inc_by(written),
        Err(error) => {
            StoreFailed { asked: "record", cause: &error }.emit();
            let count = u64::try_from(decisions.len()).unwrap_or(u64::MAX);
            DecisionDropped { count, cause: Dropped::Store }.emit();
        }
    }
    if let Err(error) = store.note_mail(decisions).await {
        StoreFailed { asked: "note_mail", cause: &error }.emit();
    }
}
