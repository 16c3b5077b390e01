//! The two databases a store may lie in: one SQLite file, or PostgreSQL. The same tables, and the same questions, asked
//! through `sqlx::Any`; what differs between the two is in this file, but for decision records (`record.rs`), which
//! are many enough to be written by a connection made for them, and for LISTEN (`wake.rs`).
//!
//! Every question is asked in a transaction for one tenant or for the region ([`Scope`]), so that what is read belongs
//! together and PostgreSQL shows no other tenant's rows. Nothing waits for ever: neither for the database, nor in it.

use std::path::Path;
use std::str::FromStr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::migrate::Migrator;
use sqlx::pool::PoolOptions;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Any, AnyConnection, AnyPool, AssertSqlSafe, ConnectOptions, Database, Executor, Row, Transaction};

use super::{PATIENCE, StoreError};

/// Connections for questions: SQLite has one writer, the others read.
const CONNECTIONS: u32 = 8;

/// Longest a statement may take in PostgreSQL, whoever waits for it.
const STATEMENT: Duration = Duration::from_secs(60);

static TABLES: Migrator = sqlx::migrate!("./migrations");
static SQLITE: Migrator = sqlx::migrate!("./migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("./migrations/postgres");

/// Connections to the database.
#[derive(Debug, Clone)]
pub(super) struct Backend {
    pub pool: AnyPool,
    pub own: Own,
    /// What was found out when the database was first reached; nothing is asked of it before.
    reached: Arc<OnceLock<Reached>>,
}

#[derive(Debug, Clone, Copy)]
struct Reached {
    /// A standby takes no writes.
    standby: bool,
}

/// What is asked of one kind of database only.
#[derive(Debug, Clone)]
pub(super) enum Own {
    /// The one connection that writes decision records: its pages stay in its cache.
    Sqlite(SqlitePool),
    /// For decision records and LISTEN.
    Postgres(PgPool),
}

/// Whose rows a transaction sees.
#[derive(Debug, Clone, Copy)]
pub(super) enum Scope<'a> {
    Tenant(&'a str),
    Region,
}

impl Backend {
    /// Knows where the database is. Nothing is asked of it until it was reached.
    pub fn new(url: &str) -> Result<Backend, StoreError> {
        sqlx::any::install_default_drivers();
        match url.split_once(':') {
            Some(("sqlite", path)) => sqlite(path.strip_prefix("//").unwrap_or(path)),
            Some(("postgres" | "postgresql", _)) => postgres(url),
            _ => Err(StoreError::Unavailable("its address begins with sqlite: or postgres:".to_owned())),
        }
    }

    /// Connects, judges what is there, and brings the tables up to date.
    pub async fn reach(&self) -> Result<(), StoreError> {
        let standby = match &self.own {
            Own::Sqlite(_) => false,
            Own::Postgres(_) => self.judge_user().await?,
        };
        self.migrate(standby).await?;
        self.reached.get_or_init(|| Reached { standby });
        Ok(())
    }

    pub fn is_reached(&self) -> bool {
        self.reached.get().is_some()
    }

    /// # Errors
    /// It was not reached yet.
    pub fn must_be_reached(&self) -> Result<(), StoreError> {
        match self.is_reached() {
            true => Ok(()),
            false => Err(StoreError::Unavailable("it was not reached since the start".to_owned())),
        }
    }

    /// Whether it takes no writes; `false` also while that is not known.
    pub fn is_standby(&self) -> bool {
        self.reached.get().is_some_and(|reached| reached.standby)
    }

    /// Whether it lies in another process, which may be gone while this one runs.
    pub fn is_elsewhere(&self) -> bool {
        matches!(self.own, Own::Postgres(_))
    }

    /// Whether this is a standby.
    ///
    /// # Errors
    /// [`StoreError::Superuser`].
    async fn judge_user(&self) -> Result<bool, StoreError> {
        let row = sqlx::query(USER).fetch_one(&self.pool).await?;
        if row.try_get::<i64, _>("above")? != 0 {
            return Err(StoreError::Superuser(row.try_get("name")?));
        }
        Ok(row.try_get::<i64, _>("standby")? != 0)
    }

    /// Waits for requests under way and closes the connections.
    pub async fn close(&self) {
        match &self.own {
            Own::Sqlite(pool) => pool.close().await,
            Own::Postgres(pool) => pool.close().await,
        }
        self.pool.close().await;
    }

    /// A transaction in which everything is read as it is at one moment.
    pub async fn read(&self, scope: Scope<'_>) -> Result<Transaction<'static, Any>, StoreError> {
        self.must_be_reached()?;
        let mut work = self
            .pool
            .begin_with(match self.own {
                Own::Sqlite(_) => "BEGIN",
                Own::Postgres(_) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            })
            .await?;
        enter(&mut work, scope).await?;
        Ok(work)
    }

    /// A transaction that changes something. SQLite's one writer is waited for here, not in the middle.
    pub async fn write(&self, scope: Scope<'_>) -> Result<Transaction<'static, Any>, StoreError> {
        self.must_be_reached()?;
        let mut work = self
            .pool
            .begin_with(match self.own {
                Own::Sqlite(_) => "BEGIN IMMEDIATE",
                Own::Postgres(_) => "BEGIN",
            })
            .await?;
        enter(&mut work, scope).await?;
        Ok(work)
    }

    async fn migrate(&self, standby: bool) -> Result<(), StoreError> {
        let wrong = |error: sqlx::migrate::MigrateError| StoreError::Schema(error.to_string());
        let migrations = match self.own {
            Own::Sqlite(_) => TABLES.iter().chain(SQLITE.iter()).cloned().collect(),
            Own::Postgres(_) => TABLES.iter().chain(POSTGRES.iter()).cloned().collect(),
        };
        let migrator = Migrator::with_migrations(migrations);
        match standby {
            false => migrator.run(&self.pool).await.map_err(wrong),
            true => self.check_schema(&migrator).await,
        }
    }

    /// A standby has what its primary has made.
    async fn check_schema(&self, migrator: &Migrator) -> Result<(), StoreError> {
        let row = sqlx::query("SELECT MAX(version) AS newest FROM _sqlx_migrations").fetch_one(&self.pool).await?;
        let newest: Option<i64> = row.try_get("newest")?;
        match newest == migrator.iter().map(|one| one.version).max() {
            true => Ok(()),
            false => Err(StoreError::Schema("this standby's primary has another".to_owned())),
        }
    }
}

/// From here on the transaction sees the rows of this tenant, or all.
pub(super) async fn enter(work: &mut AnyConnection, scope: Scope<'_>) -> Result<(), StoreError> {
    if is_postgres(work) {
        let whose = match scope {
            Scope::Tenant(id) => id,
            Scope::Region => "*",
        };
        sqlx::query("SELECT set_config('signet.tenant', $1, true)").bind(whose).execute(work).await?;
    }
    Ok(())
}

/// A statement of this transaction may take as long as whoever waits for it.
pub(super) async fn allow(work: &mut AnyConnection, patience: Duration) -> Result<(), StoreError> {
    if is_postgres(work) {
        let longest = patience.max(STATEMENT).as_millis().to_string();
        sqlx::query("SELECT set_config('statement_timeout', $1, true)").bind(longest).execute(work).await?;
    }
    Ok(())
}

pub(super) fn is_postgres(connection: &AnyConnection) -> bool {
    connection.backend_name() == "PostgreSQL"
}

fn sqlite(path: &str) -> Result<Backend, StoreError> {
    create_for_owner(Path::new(path))?;
    let options = SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        // The last records before the machine dies may go with it; the file stays whole, and what others saved stays
        // saved: their commits sync these as well.
        .synchronous(SqliteSynchronous::Normal)
        .busy_timeout(PATIENCE)
        .pragma("temp_store", "MEMORY")
        .pragma("secure_delete", "ON")
        .pragma("wal_autocheckpoint", "4000")
        .disable_statement_logging();
    let own =
        Own::Sqlite(SqlitePoolOptions::new().max_connections(1).acquire_timeout(PATIENCE).connect_lazy_with(options));
    // A tenant that was reported as saved is saved, whatever happens to the machine; nothing of ours goes to temporary
    // files.
    let setting = format!(
        "PRAGMA busy_timeout = {}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; \
         PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON",
        PATIENCE.as_millis()
    );
    let pool = pool(setting).connect_lazy_with(address(&format!("sqlite:{}", escaped(path)))?);
    Ok(Backend { pool, own, reached: Arc::default() })
}

fn postgres(url: &str) -> Result<Backend, StoreError> {
    let setting = format!(
        "SET statement_timeout = {}; SET lock_timeout = {}; SET idle_in_transaction_session_timeout = {}",
        STATEMENT.as_millis(),
        PATIENCE.as_millis(),
        STATEMENT.as_millis()
    );
    // Neither the address nor what is wrong with it is told: a password stands in it.
    let options = PgConnectOptions::from_str(url).map_err(|_| unreadable())?;
    let options = options.application_name("signet").disable_statement_logging();
    let own = PgPoolOptions::new().max_connections(2).acquire_timeout(PATIENCE);
    let own = Own::Postgres(at_connection(own, setting.clone()).connect_lazy_with(options));
    let pool = pool(setting).connect_lazy_with(address(url)?);
    Ok(Backend { pool, own, reached: Arc::default() })
}

const USER: &str = "SELECT rolname::text AS name, \
                    CASE WHEN rolsuper OR rolbypassrls THEN 1::bigint ELSE 0 END AS above, \
                    CASE WHEN pg_is_in_recovery() THEN 1::bigint ELSE 0 END AS standby \
                    FROM pg_roles WHERE rolname = current_user";

fn pool(setting: String) -> PoolOptions<Any> {
    at_connection(AnyPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(PATIENCE), setting)
}

fn at_connection<DB: Database>(options: PoolOptions<DB>, setting: String) -> PoolOptions<DB>
where
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
{
    options.after_connect(move |connection, _| {
        let setting = setting.clone();
        Box::pin(async move {
            connection.execute(AssertSqlSafe(setting)).await?;
            Ok(())
        })
    })
}

fn address(url: &str) -> Result<AnyConnectOptions, StoreError> {
    Ok(AnyConnectOptions::from_str(url).map_err(|_| unreadable())?.disable_statement_logging())
}

fn unreadable() -> StoreError {
    StoreError::Unavailable("its address cannot be read; write postgres://USER:PASSWORD@HOST/DATABASE".to_owned())
}

/// A path as a part of an address.
fn escaped(path: &str) -> String {
    let plain = |octet: u8| octet.is_ascii_alphanumeric() || b"/._-".contains(&octet);
    path.bytes().fold(String::new(), |mut text, octet| {
        match plain(octet) {
            true => text.push(char::from(octet)),
            false => text.push_str(&format!("%{octet:02X}")),
        }
        text
    })
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
