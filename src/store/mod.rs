//! What is kept: tenants, their secrets and certificates, the decision records, and hashes of what is in doubt. Never a
//! message.
//!
//! One SQLite file. Every change is one transaction that also raises the tenant's revision, by which the edges see
//! it. Secrets are sealed ([`seal`]); a store opened with another key says so at once. No request takes longer than
//! [`PATIENCE`]; the mail path asks nothing here.

mod certificate;
mod change;
mod claim;
mod decision;
mod doubt;
mod error;
mod feed;
mod read;
mod record;
mod recorder;
mod seal;
mod secrets;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Row};

use crate::tenant::{Mode, Revision, Secrets, TenantFile, TenantId};

pub use certificate::ClientCertificate;
pub use decision::{Decision, Leg, Recorded, Sought};
pub use doubt::{Doubt, DoubtChange};
pub use error::StoreError;
pub use recorder::Recorder;
pub use seal::SealKey;

/// Longest wait for the answer to one request.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// Connections to the file: SQLite has one writer, the others read.
const CONNECTIONS: u32 = 4;

/// The text that is sealed into every store to know its key again.
const CHECK: &[u8] = b"signet";

/// A handle; clones share the connections.
#[derive(Debug, Clone)]
pub struct Store {
    pool: SqlitePool,
    /// The one connection that writes decision records: its pages stay in its cache.
    records: SqlitePool,
    key: Arc<SealKey>,
}

/// A tenant as it is stored.
#[derive(Clone, PartialEq)]
pub struct Stored {
    pub file: TenantFile,
    pub secrets: Secrets,
    pub revision: Revision,
}

impl std::fmt::Debug for Stored {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Stored({:?} at {:?})", self.file.id, self.revision)
    }
}

/// All tenants; one that cannot be read does not hide the others.
#[derive(Debug, Default)]
pub struct Everyone {
    pub tenants: Vec<Stored>,
    pub broken: Vec<(String, StoreError)>,
}

/// A tenant in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub id: TenantId,
    pub name: String,
    pub mode: Mode,
    pub domains: Vec<String>,
    pub revision: Revision,
    /// End of the client certificate's life, unix time in milliseconds.
    pub certificate_not_after_ms: Option<i64>,
}

/// A point in the order of all changes of tenants; the default stands before the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Cursor(i64);

/// Tenants that changed after a cursor.
#[derive(Debug)]
pub struct Changes {
    pub changed: Vec<Changed>,
    /// Where to go on.
    pub cursor: Cursor,
    /// There may be more already.
    pub more: bool,
    /// The store is not what it was, but an earlier state of it: what is known counts no more, everything comes again.
    pub anew: bool,
}

/// A tenant that changed.
#[derive(Debug)]
pub struct Changed {
    pub tenant: TenantId,
    pub revision: Revision,
    /// `None` when it was deleted, an error when it cannot be read.
    pub live: Result<Option<Live>, StoreError>,
}

/// All that an edge needs of a tenant.
#[derive(Debug)]
pub struct Live {
    pub stored: Stored,
    pub certificate: Option<ClientCertificate>,
}

impl Store {
    /// Opens the store, makes it if it is not there, and brings its schema up to date.
    ///
    /// # Errors
    /// [`StoreError::WrongKey`] when it was made with another key.
    pub async fn open(url: &str, key: SealKey) -> Result<Store, StoreError> {
        let path = url.strip_prefix("sqlite:").ok_or_else(|| StoreError::Unavailable(format!("{url}: not sqlite:")))?;
        create_for_owner(Path::new(path))?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .journal_mode(SqliteJournalMode::Wal)
            // A tenant that was reported as saved is saved, whatever happens to the machine.
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(PATIENCE)
            // Nothing of ours goes to temporary files.
            .pragma("temp_store", "MEMORY")
            .pragma("secure_delete", "ON")
            .disable_statement_logging();
        let pool = |connections| SqlitePoolOptions::new().max_connections(connections).acquire_timeout(PATIENCE);
        // The last records before the machine dies may go with it; the file stays whole, and what others saved stays
        // saved: their commits sync these as well.
        let records = options.clone().synchronous(SqliteSynchronous::Normal).pragma("wal_autocheckpoint", "4000");
        let records = pool(1).connect_lazy_with(records);
        let pool = pool(CONNECTIONS).connect_with(options).await?;
        sqlx::migrate!("./migrations").run(&pool).await.map_err(|error| StoreError::Schema(error.to_string()))?;
        let store = Store { pool, records, key: Arc::new(key) };
        store.check_key().await?;
        Ok(store)
    }

    /// Waits for requests under way and closes the file.
    pub async fn close(&self) {
        self.records.close().await;
        self.pool.close().await;
    }

    async fn check_key(&self) -> Result<(), StoreError> {
        let sealed = self.key.seal("seal", "store", CHECK)?;
        sqlx::query("INSERT INTO seal (id, sealed) VALUES ('store', $1) ON CONFLICT (id) DO NOTHING")
            .bind(sealed)
            .execute(&self.pool)
            .await?;
        let row = sqlx::query("SELECT sealed FROM seal WHERE id = 'store'").fetch_one(&self.pool).await?;
        let sealed: String = row.try_get("sealed")?;
        match self.key.open("seal", "store", &sealed) {
            Ok(plain) if plain == CHECK => Ok(()),
            _ => Err(StoreError::WrongKey),
        }
    }
}

/// Runs a request, but no longer than [`PATIENCE`]. A transaction given up is rolled back.
async fn within<T>(request: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
    tokio::time::timeout(PATIENCE, request).await.unwrap_or(Err(StoreError::Timeout))
}

/// SQLite would make the file with the rights that the process happens to give.
fn create_for_owner(path: &Path) -> Result<(), StoreError> {
    use std::os::unix::fs::OpenOptionsExt;
    let made = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    match made {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(StoreError::Unavailable(format!("{}: {error}", path.display()))),
    }
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

#[cfg(test)]
mod tests;
