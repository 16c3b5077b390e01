//! What all requests share: the store, opened when it is first asked for, and who failed to show a token.
//!
//! The API has connections of its own, so that no script keeps an edge from the store. While the store is gone a
//! request is told so, and the next one tries again.

use std::time::Duration;

use actix_web::HttpRequest;
use jiff::Timestamp;
use tokio::sync::{OnceCell, Semaphore, SemaphorePermit};

use super::account::Patience;
use super::failures::Failures;
use super::listener::{OfEdge, Start};
use super::problem::{Kind, Refusal};
use crate::account::Letter;
use crate::actors::Courier;
use crate::config;
use crate::directory::Provider;
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
    /// What is known of Microsoft's sign-in.
    pub microsoft: Provider,
    pub next_hop: config::NextHop,
    pub of_edge: OfEdge,
    /// Where readers find hosted images, if they do.
    pub image_base: Option<String>,
    /// Whoever has a whole tenant in memory: one at a time.
    whole: Semaphore,
    /// Octets of the largest tenant file and message.
    pub max_body_bytes: usize,
    pub accounts: config::Accounts,
    /// Where browsers reach the console.
    url: Option<String>,
    courier: Option<Courier>,
    /// Who guesses passwords.
    pub patience: Patience,
    /// Who fails to sign in, by where from.
    pub sign_ins: Failures,
    /// Whoever hashes a password.
    pub hashing: Semaphore,
    /// Whoever has the way of a tenant's mail looked at.
    pub looking: Semaphore,
    /// Cookies go over TLS alone.
    pub is_secure: bool,
}

/// Passwords that are hashed at the same time.
const HASHED_AT_ONCE: usize = 2;
/// Tenants whose DNS is asked about at the same time, some hundred questions each.
const LOOKS_AT_ONCE: usize = 4;

impl State {
    pub fn new(start: Start, edge: Option<Store>, courier: Option<Courier>) -> State {
        let Start { console, store: settings, image_base, directory, mail: _, next_hop, edge: of_edge } = start;
        let is_secure = console.pair.is_some() || console.url.as_ref().is_some_and(|url| url.starts_with("https:"));
        State {
            settings,
            edge,
            store: OnceCell::new(),
            failures: Failures::default(),
            directory,
            microsoft: Provider::default(),
            next_hop,
            of_edge,
            image_base,
            whole: Semaphore::new(1),
            max_body_bytes: console.max_body_bytes,
            accounts: console.accounts,
            url: console.url,
            courier,
            patience: Patience::default(),
            sign_ins: Failures::default(),
            hashing: Semaphore::new(HASHED_AT_ONCE),
            looking: Semaphore::new(LOOKS_AT_ONCE),
            is_secure,
        }
    }

    /// Unix time.
    pub fn now_ms(&self) -> i64 {
        Timestamp::now().as_millisecond()
    }

    /// Where browsers reach the console; empty if nobody has said.
    pub fn url(&self) -> &str {
        self.url.as_deref().unwrap_or_default()
    }

    /// Whether a request that changes something comes from our own pages.
    pub fn is_own_page(&self, request: &HttpRequest) -> Result<(), Refusal> {
        super::account::origin::check(request, self.url.as_deref())
    }

    pub fn courier(&self) -> Option<&Courier> {
        self.courier.as_ref()
    }

    /// # Errors
    /// This console sends no mail.
    pub fn can_mail(&self) -> Result<&Courier, Refusal> {
        let why = "this console sends no mail, so nobody can sign in; its operator has to set mail.relay";
        self.courier.as_ref().ok_or_else(|| Refusal::new(Kind::Unavailable, why))
    }

    /// Gives a mail on its way, in the background.
    pub fn mail(&self, letter: Letter) -> Result<(), Refusal> {
        match self.can_mail()?.send(letter) {
            true => Ok(()),
            false => Err(Refusal::new(Kind::Unavailable, "too many mails wait to be sent; try again").after(60)),
        }
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

    /// The store as the owner of an account changes it by this request.
    pub async fn store_of(&self, request: &HttpRequest, account: &str) -> Result<Store, Refusal> {
        let ip = request.peer_addr().map(|peer| peer.ip());
        Ok(self.writable_store().await?.for_author(&format!("account {account}")).asked_from(ip))
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
