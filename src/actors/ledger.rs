//! Keeps what the ledger has in doubt: a task in the background that writes it to the store, and what a start takes
//! back from there. The mail path never waits for either.
//!
//! What other nodes have in doubt can come in by the same door: a [`Doubt`] of theirs is [`Ledger::restore`]d here.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::events::{Dropped, LedgerDoubted, LedgerDropped, StoreFailed};
use crate::metrics::metrics;
use crate::store::{self, DoubtChange, Store, StoreError};
use crate::transit::{
    BodyProof, Bounds, Change, DOUBT, Doubt, Fingerprint, Ledger, Now, Parcel, RecipientHash, SharedLedger, Taken,
};

/// The task that keeps a ledger.
pub struct Keeper {
    pub ledger: SharedLedger,
    stop: oneshot::Sender<()>,
    kept: JoinHandle<()>,
}

impl Keeper {
    /// Takes back what an earlier process had in doubt, and keeps it from now on. Where the store is not there yet
    /// (`reached`), that comes when it is: until then a retry may make a second copy.
    pub async fn start(store: Store, reached: bool) -> Result<Keeper, StoreError> {
        let ledger: SharedLedger = Arc::new(Mutex::new(Ledger::new(Bounds::default())));
        if reached {
            take_back(&ledger, &store).await?;
        }
        let (stop, stopped) = oneshot::channel();
        let kept = tokio::spawn(keep(ledger.clone(), store, !reached, stopped));
        Ok(Keeper { ledger, stop, kept })
    }

    /// Writes what is left, when no session is any more.
    pub async fn finish(self) {
        let _ = self.stop.send(());
        // The task's own end; without the store it has none in time.
        let _ = tokio::time::timeout(LAST_WRITES, self.kept).await;
    }
}

async fn take_back(ledger: &SharedLedger, store: &Store) -> Result<(), StoreError> {
    let now = Now { instant: Instant::now(), wall: Timestamp::now() };
    for doubt in store.doubts(oldest_ms(now.wall), TAKEN_BACK).await? {
        if let Some(doubt) = from_store(doubt) {
            lock(ledger).restore(doubt, now);
        }
    }
    Ok(())
}

async fn keep(ledger: SharedLedger, store: Store, mut owed: bool, mut stopped: oneshot::Receiver<()>) {
    let mut look = tokio::time::interval(LOOK);
    let mut tidied = None;
    loop {
        let last = tokio::select! {
            _ = look.tick() => false,
            _ = &mut stopped => true,
        };
        // Who looks at the tenants tells that the store is not there.
        owed = owed && take_back(&ledger, &store).await.is_err();
        write_changes(&ledger, &store).await;
        if last {
            return;
        }
        if tidied.is_none_or(|at: Instant| at.elapsed() > TIDY) {
            tidied = Some(Instant::now());
            lock(&ledger).expire(Instant::now());
            if let Err(error) = store.delete_old_doubts(oldest_ms(Timestamp::now())).await {
                StoreFailed { asked: "delete_old_doubts", cause: &error }.emit();
            }
        }
    }
}

async fn write_changes(ledger: &SharedLedger, store: &Store) {
    let (tally, entries) = {
        let mut ledger = lock(ledger);
        (ledger.take_tally(), ledger.len())
    };
    metrics().ledger_known_entries.set(i64::try_from(entries).unwrap_or(i64::MAX));
    if tally.doubted > 0 {
        LedgerDoubted { count: tally.doubted }.emit();
    }
    if tally.dropped > 0 {
        LedgerDropped { count: tally.dropped, cause: Dropped::Full }.emit();
    }
    loop {
        let changes = lock(ledger).take_changes(BATCH);
        if changes.is_empty() {
            return;
        }
        let changes: Vec<DoubtChange> = changes.into_iter().map(to_store).collect();
        if let Err(error) = store.change_doubts(&changes).await {
            StoreFailed { asked: "change_doubts", cause: &error }.emit();
            let count = u64::try_from(changes.len()).unwrap_or(u64::MAX);
            LedgerDropped { count, cause: Dropped::Store }.emit();
        }
    }
}

fn to_store(change: Change) -> DoubtChange {
    let kept = |parcel: Parcel, code: u16, enhanced: String, since_ms: i64| store::Doubt {
        tenant: parcel.tenant,
        fingerprint: parcel.fingerprint.0,
        proof: parcel.proof.0,
        recipients: parcel.recipients.iter().map(|recipient| recipient.0).collect(),
        code,
        enhanced,
        since_ms,
    };
    match change {
        Change::Keep(Doubt { parcel, taken, since }) => {
            DoubtChange::Keep(kept(parcel, taken.code(), taken.enhanced(), since.as_millisecond()))
        }
        Change::Remove(parcel) => DoubtChange::Remove(kept(parcel, 0, String::new(), 0)),
    }
}

/// `None` for what cannot have been written by us: no success is ever made of that.
fn from_store(doubt: store::Doubt) -> Option<Doubt> {
    let recipients = doubt.recipients.into_iter().map(RecipientHash).collect();
    let (fingerprint, proof) = (Fingerprint(doubt.fingerprint), BodyProof(doubt.proof));
    Some(Doubt {
        parcel: Parcel::new(doubt.tenant, fingerprint, proof, recipients),
        taken: Taken::from_codes(doubt.code, &doubt.enhanced)?,
        since: Timestamp::from_millisecond(doubt.since_ms).ok()?,
    })
}

fn oldest_ms(now: Timestamp) -> i64 {
    let doubt = i64::try_from(DOUBT.as_millis()).unwrap_or(i64::MAX);
    now.as_millisecond().saturating_sub(doubt)
}

fn lock(ledger: &SharedLedger) -> MutexGuard<'_, Ledger> {
    ledger.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How soon what comes in doubt is written.
const LOOK: Duration = Duration::from_millis(250);
const TIDY: Duration = Duration::from_secs(60);
/// Changes in one transaction.
const BATCH: usize = 256;
/// Entries that a start takes back: as many as the ledger holds.
const TAKEN_BACK: u32 = 32_768;
/// How long the last changes may take to be written.
const LAST_WRITES: Duration = Duration::from_secs(5);
