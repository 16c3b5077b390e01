//! Tells who follows the store that it is worth a look: at once for changes made in this process, by PostgreSQL's NOTIFY
//! for those of others. It is only ever a hint. Whoever follows also looks on their own every moment, for a hint may be
//! lost, a standby gives none, and SQLite knows none of other processes.

use std::sync::Arc;
use std::time::Duration;

use sqlx::AnyConnection;
use sqlx::postgres::{PgListener, PgPool};
use tokio::sync::watch;

use super::backend::{Backend, Own};
use super::{Store, StoreError};

const CHANNEL: &str = "signet_change";

/// Between two tries to listen.
const AGAIN: Duration = Duration::from_secs(1);

/// Wakes everybody who follows.
#[derive(Debug, Clone)]
pub(super) struct Wake {
    hints: Arc<watch::Sender<u64>>,
    /// Where changes of other processes are told.
    listen: Option<(Backend, PgPool)>,
}

/// Waits for the next hint.
#[derive(Debug)]
pub struct Woken {
    hints: watch::Receiver<u64>,
    /// Ends with its last follower's handle.
    _listening: Option<Listening>,
}

#[derive(Debug)]
struct Listening(tokio::task::JoinHandle<()>);

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Wake {
    pub fn of(backend: &Backend) -> Wake {
        let listen = match &backend.own {
            Own::Postgres(pool) => Some((backend.clone(), pool.clone())),
            Own::Sqlite(_) => None,
        };
        Wake { hints: Arc::new(watch::Sender::new(0)), listen }
    }

    pub fn now(&self) {
        self.hints.send_modify(|count| *count = count.wrapping_add(1));
    }
}

impl Store {
    /// Hints that something may have changed, from now on. On the runtime of the caller.
    pub fn woken(&self) -> Woken {
        let hints = self.wake.hints.subscribe();
        let listening = self.wake.listen.clone();
        let listening =
            listening.map(|(backend, pool)| Listening(tokio::spawn(listen(backend, pool, self.wake.clone()))));
        Woken { hints, _listening: listening }
    }
}

impl Store {
    /// The same of changes that somebody else listens for: costs no connection.
    pub fn hints(&self) -> Woken {
        Woken { hints: self.wake.hints.subscribe(), _listening: None }
    }
}

impl Woken {
    /// The next hint after the last; several may come as one.
    pub async fn hint(&mut self) {
        if self.hints.changed().await.is_err() {
            // The store is gone, and nothing will ever come.
            std::future::pending::<()>().await;
        }
    }
}

/// Until the pool is closed.
async fn listen(backend: Backend, pool: PgPool, wake: Wake) {
    while !pool.is_closed() {
        // A standby takes no LISTEN.
        if backend.is_reached() && !backend.is_standby() {
            // What went wrong is told by those who look: they ask the same database every moment.
            let _ = follow(&pool, &wake).await;
        }
        tokio::time::sleep(AGAIN).await;
    }
}

async fn follow(pool: &PgPool, wake: &Wake) -> Result<(), sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(CHANNEL).await?;
    loop {
        // Something may have been told before, or between two connections.
        wake.now();
        listener.try_recv().await?;
    }
}

/// Part of the transaction: told when it is committed.
pub(super) async fn notify(work: &mut AnyConnection) -> Result<(), StoreError> {
    sqlx::query("SELECT pg_notify($1, '')").bind(CHANNEL).execute(work).await?;
    Ok(())
}
