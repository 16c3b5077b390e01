//! What all requests share: the store, opened when it is first asked for, and who failed to show a token.
//!
//! The API has connections of its own, so that no script keeps an edge from the store. While the store is gone a
//! request is told so, and the next one tries again.

use std::time::Duration;

use tokio::sync::{OnceCell, Semaphore, SemaphorePermit};

use super::failures::Failures;
use super::listener::Start;
use super::problem::{Kind, Refusal};
use crate::config;
use crate::store::{SealKey, Store, StoreError};

/// Longest wait for others who read or write a whole tenant.
const TURN: Duration = Duration::from_secs(20);

pub struct State {
    settings: config::Store,
    /// Whose followers hear of our changes at once.
    edge: Option<Store>,
    store: OnceCell<Store>,
    pub failures: Failures,
    /// By which application directories are read.
    pub directory: Option<config::Directory>,
    /// Where readers find hosted images, if they do.
    pub image_base: Option<String>,
    /// Whoever has a whole tenant in memory: one at a time.
    whole: Semaphore,
    /// Octets of the largest tenant file and message.
    pub max_body_bytes: usize,
}

impl State {
    pub fn new(start: Start, edge: Option<Store>) -> State {
        let Start { console, store: settings, image_base, directory } = start;
        let (store, failures, whole) = (OnceCell::new(), Failures::default(), Semaphore::new(1));
        let max_body_bytes = console.max_body_bytes;
        State { settings, edge, store, failures, directory, image_base, whole, max_body_bytes }
    }

    /// Leave to have a whole tenant in memory, which may be some hundred megabytes.
    pub async fn whole(&self) -> Result<SemaphorePermit<'_>, Refusal> {
        let permit = tokio::time::timeout(TURN, self.whole.acquire()).await;
        let busy = || Refusal::new(Kind::Unavailable, "other whole tenants are being read or written").after(5);
        permit.map_err(|_| busy())?.map_err(|_| busy())
    }

    pub async fn store(&self) -> Result<&Store, Refusal> {
        Ok(self.store.get_or_try_init(|| self.open()).await?)
    }

    /// The same for a change.
    pub async fn writable_store(&self) -> Result<&Store, Refusal> {
        let store = self.store().await?;
        match store.is_standby() {
            false => Ok(store),
            true => {
                let why = "this site has no writable store: the database here is a standby. Settings, signatures and \
                           people are changed at the other site";
                Err(Refusal::new(Kind::Unavailable, why))
            }
        }
    }

    async fn open(&self) -> Result<Store, StoreError> {
        let key = SealKey::read(&self.settings.key_file)?;
        let store = Store::open(&self.settings.url, key).await?;
        Ok(match &self.edge {
            Some(edge) => store.waking(edge),
            None => store,
        })
    }

    pub async fn close(&self) {
        if let Some(store) = self.store.get() {
            store.close().await;
        }
    }
}
