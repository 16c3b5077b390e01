//! What is kept: tenants, their secrets and certificates, the decision records, and hashes of what is in doubt. Never a
//! message.
//!
//! One SQLite file, or PostgreSQL ([`backend`]). Every change is one transaction that also raises the tenant's revision,
//! by which the edges see it ([`feed`]). Secrets are sealed ([`seal`]); a store opened with another key says so at
//! once. No request waits longer than [`PATIENCE`], or as long as its rows need; the mail path asks nothing here.

mod account;
mod audit;
mod backend;
mod brand;
mod bypass;
mod certificate;
mod change;
mod claim;
mod connection;
mod copies;
mod decision;
mod directory;
mod doubt;
mod draft;
mod error;
mod feed;
mod find;
mod flow;
mod history;
mod image;
mod index;
mod leaving;
mod library;
mod members;
mod order;
mod organisation;
mod overrides;
mod parts;
mod put;
mod read;
mod record;
mod recorder;
mod roll;
mod rotate;
mod rows;
mod scene;
mod seal;
mod sealed_file;
mod secrets;
mod statement;
mod subscription;
mod tally;
mod terms;
mod test_case;
mod token;
mod wake;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sqlx::{AnyConnection, Row};

use backend::{Backend, Scope};
use seal::Sealer;
use terms::Terms;
use wake::Wake;

#[cfg(test)]
pub use account::hashed;
pub use account::{
    Account, By, Challenge, Device, Hashed, Invitation, Invited, Invites, Linked, Member, Membership, MicrosoftId,
    Names, Purpose, Session, Shown, SignInRules, SignedIn, hash_password, verify_password,
};
pub use audit::{ActSearch, Audited, Broken, Tampering, Verification};
pub use bypass::Bypass;
pub use certificate::ClientCertificate;
pub use connection::Proven;
pub use copies::{Copies, IndexCopy, Indexed};
pub use decision::{Decision, Recorded};
pub use directory::{
    Asked, CsvKnown, DirectorySink, DirectoryStatus, SyncEnd, SyncEnded, SyncJob, SyncProgress, SyncResult,
};
pub use doubt::{Doubt, DoubtChange};
pub use draft::{Draft, DraftHead, DraftSaved, DraftState};
pub use error::StoreError;
pub use feed::{Changed, Changes, Cursor};
pub use find::{CameOf, Place, Search, Sought};
pub use flow::{ALL_KEPT_MS, Counts, DAY_MS, Flow, HOUR_MS, HOURS_KEPT_MS, Latencies, MINUTE_MS, MINUTES_KEPT_MS};
pub use history::Version;
pub use image::ImageInfo;
pub use index::Entry;
pub use leaving::{Leaving, QUIET_MS};
pub use overrides::Override;
pub use parts::{Parts, PeopleRows, Reading};
pub use read::{Listed, Stored};
pub use recorder::Recorder;
pub use roll::{Found, Lookup};
pub use rotate::Rotated;
pub use scene::{Cast, Drafts};
pub use seal::SealKey;
pub use subscription::Subscription;
pub use terms::Expected;
pub use test_case::{Cases, FailedCase, StoredCase};
pub use token::{NewToken, Presented, TOKEN_PREFIX, Token};
pub use wake::Woken;

/// Longest wait for the answer to one request, but for what many rows take.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// The text that is sealed into every store to know its key again.
const CHECK: &[u8] = b"signet";

/// A handle; clones share the connections.
#[derive(Debug, Clone)]
pub struct Store {
    backend: Backend,
    key: Arc<SealKey>,
    wake: Wake,
    /// It was reached, and its key is ours.
    opened: Arc<AtomicBool>,
    /// How changes by this handle are made.
    terms: Terms,
}

impl Store {
    /// Opens the store, makes it if it is not there, and brings its schema up to date. `url`: `sqlite:` and a file, or
    /// `postgres://`; a standby of PostgreSQL is read only.
    ///
    /// # Errors
    /// [`StoreError::WrongKey`] when it was made with another key.
    pub async fn open(url: &str, key: SealKey) -> Result<Store, StoreError> {
        let store = Store::new(url, key)?;
        store.reach().await?;
        Ok(store)
    }

    /// A store that need not be there yet; every request fails until it was reached.
    pub fn new(url: &str, key: SealKey) -> Result<Store, StoreError> {
        let backend = Backend::new(url)?;
        let wake = Wake::of(&backend);
        Ok(Store { backend, key: Arc::new(key), wake, opened: Arc::default(), terms: Terms::default() })
    }

    /// What [`Store::open`] does, for a store made by [`Store::new`]. Once it went well there is nothing left to do.
    pub async fn reach(&self) -> Result<(), StoreError> {
        if !self.opened.load(Ordering::Acquire) {
            self.backend.reach().await?;
            self.check_key().await?;
            if !self.is_standby() {
                self.chain_old_acts().await?;
            }
            self.opened.store(true, Ordering::Release);
        }
        Ok(())
    }

    /// Whether it lies in another process, which may be gone while this one runs.
    pub fn is_elsewhere(&self) -> bool {
        self.backend.is_elsewhere()
    }

    /// The same store with connections of its own; what is changed by it is told to those who follow `other` as well.
    pub fn waking(self, other: &Store) -> Store {
        Store { wake: other.wake.clone(), ..self }
    }

    /// Whether nothing can be changed here: a standby of PostgreSQL.
    pub fn is_standby(&self) -> bool {
        self.backend.is_standby()
    }

    /// Waits for requests under way and closes the connections.
    pub async fn close(&self) {
        self.backend.close().await;
    }

    async fn check_key(&self) -> Result<(), StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Region).await?;
            let known = sqlx::query("SELECT id FROM seal WHERE id = 'store'").fetch_optional(&mut *work).await?;
            if known.is_none() {
                work = self.backend.write(Scope::Region).await?;
                let sealed = self.key.newest()?.seal("seal", "store", CHECK)?;
                sqlx::query("INSERT INTO seal (id, sealed) VALUES ('store', $1) ON CONFLICT (id) DO NOTHING")
                    .bind(sealed)
                    .execute(&mut *work)
                    .await?;
            }
            self.key_in_force(&mut work).await?;
            Ok(work.commit().await?)
        })
        .await
    }

    /// What seals whatever is sealed in this transaction. No other key comes into force before its end, so whoever
    /// changes keys finds all that was sealed with the one before.
    async fn sealer(&self, work: &mut AnyConnection) -> Result<Arc<Sealer>, StoreError> {
        if backend::is_postgres(work) {
            sqlx::query("SELECT id FROM seal WHERE id = 'store' FOR SHARE").execute(&mut *work).await?;
        }
        self.key_in_force(work).await
    }

    /// The key that the store says, not the one this process has known longest.
    async fn key_in_force(&self, work: &mut AnyConnection) -> Result<Arc<Sealer>, StoreError> {
        let row = sqlx::query("SELECT sealed FROM seal WHERE id = 'store'").fetch_one(work).await?;
        self.key.that_opens("seal", "store", row.try_get("sealed")?, CHECK).ok_or(StoreError::WrongKey)
    }
}

/// Runs a request, but no longer than [`PATIENCE`]. A transaction given up is rolled back.
async fn within<T>(request: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
    within_for(0, request).await
}

/// The same for a request over so many rows, each of which may take two milliseconds more.
async fn within_for<T>(rows: u64, request: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
    tokio::time::timeout(patience(rows), request).await.unwrap_or(Err(StoreError::Timeout))
}

/// How long a request over so many rows may take.
fn patience(rows: u64) -> Duration {
    PATIENCE + Duration::from_millis(rows.saturating_mul(2))
}

/// Unix time in milliseconds.
fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// Numbers of ours that a BIGINT holds.
fn bigint(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn octets(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

#[cfg(test)]
pub(crate) mod tests;
