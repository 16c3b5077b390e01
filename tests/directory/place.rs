//! A store of its own for each test, in a file of SQLite or in a real PostgreSQL, with one tenant whose directory is
//! read.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use serde_json::{Value, json};
use signet::config::create_key_file;
use signet::directory::{Cursor, Depth, DirectoryError, Summary, sync};
use signet::store::{DirectorySink, SealKey, Store, SyncEnd, SyncEnded, SyncResult};
use signet::tenant::{PersonKind, TenantFile, TenantId};
use sqlx::{AnyConnection, Connection, Executor};
use standin::postgres::Postgres;

use crate::memory::{Shown, View};
use crate::world::World;

/// Each test once for SQLite and once for PostgreSQL.
macro_rules! on_both {
    ($($test:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test]
            async fn $test() {
                super::$test(crate::place::Place::sqlite()).await
            })+
        }
        mod on_postgres {
            $(#[tokio::test]
            async fn $test() {
                super::$test(crate::place::Place::postgres()).await
            })+
        }
    };
}
pub(crate) use on_both;

/// Where a store lies.
pub struct Place {
    pub folder: tempfile::TempDir,
    database: Option<String>,
}

/// A run that was begun.
pub struct Taken {
    pub sink: DirectorySink,
    pub cursor: Cursor,
    pub depth: Depth,
    pub holder: String,
}

impl Place {
    pub fn sqlite() -> Place {
        let folder = tempfile::tempdir().unwrap();
        create_key_file(&folder.path().join("signet.key")).unwrap();
        Place { folder, database: None }
    }

    pub fn postgres() -> Place {
        Place { database: Some(server().database().unwrap()), ..Place::sqlite() }
    }

    pub fn url(&self) -> String {
        match &self.database {
            Some(database) => server().address(database),
            None => format!("sqlite:{}", self.folder.path().join("signet.db").display()),
        }
    }

    pub async fn open(&self) -> Store {
        let key = SealKey::read(&self.folder.path().join("signet.key")).unwrap();
        Store::open(&self.url(), key).await.unwrap()
    }

    /// Begins a run.
    pub async fn take(&self, store: &Store) -> Taken {
        static NUMBER: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
        let holder = format!("run {}", NUMBER.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
        let job = store.begin_sync(&tenant(), &holder, 600_000).await.unwrap().expect("the tenant is due");
        let sink = store.directory_sink(&tenant(), &holder);
        Taken { sink, cursor: job.cursor, depth: job.depth, holder }
    }

    /// Ends it, such that the next one is due.
    pub async fn give_back(&self, store: &Store, taken: &Taken) {
        store.end_sync(&tenant(), &taken.holder, &end(0)).await.unwrap();
    }

    /// Ends it as it ends by itself: the next one is not due for long.
    pub async fn end(&self, store: &Store, taken: &Taken) {
        store.end_sync(&tenant(), &taken.holder, &end(i64::MAX / 2)).await.unwrap();
    }

    /// A whole run.
    pub async fn sync(&self, store: &Store, world: &mut World, depth: Depth) -> Result<Summary, DirectoryError> {
        let mut taken = self.take(store).await;
        let cursor = taken.cursor.clone();
        let done = sync(&world.graph, &world.order, depth, cursor, &mut taken.sink, &world.progress).await;
        self.give_back(store, &taken).await;
        done
    }

    /// The run that is due, as deep as it is to be; after it none is for long.
    pub async fn sync_in_turn(&self, store: &Store, world: &mut World) -> Summary {
        let mut taken = self.take(store).await;
        let (cursor, depth) = (taken.cursor.clone(), taken.depth);
        let done = sync(&world.graph, &world.order, depth, cursor, &mut taken.sink, &world.progress).await.unwrap();
        self.end(store, &taken).await;
        done
    }

    /// A connection past the store, which sees the rows of every tenant.
    pub async fn connect(&self) -> AnyConnection {
        sqlx::any::install_default_drivers();
        let mut connection = AnyConnection::connect(&self.url()).await.unwrap();
        if self.database.is_some() {
            connection.execute("SELECT set_config('signet.tenant', '*', false)").await.unwrap();
        }
        connection
    }

    /// Holds what a change of the tenant waits for, as a large import does, until the connection is dropped.
    pub async fn busy(&self) -> AnyConnection {
        let mut connection = self.connect().await;
        let begin = match &self.database {
            Some(_) => "BEGIN; SELECT revision FROM revision FOR UPDATE",
            None => "BEGIN IMMEDIATE",
        };
        connection.execute(begin).await.unwrap();
        connection
    }
}

fn end(due_ms: i64) -> SyncEnd {
    let result = SyncResult {
        began_ms: 0,
        ended_ms: 0,
        ended: SyncEnded::Done,
        text: String::new(),
        done: Summary { people: 1, ..Summary::default() },
        photos: 0,
    };
    SyncEnd { result, due_ms, not_before_ms: 0, failures: 0, anew: false, granted: true }
}

/// The one PostgreSQL that all tests of this process share.
fn server() -> &'static Postgres {
    static SERVER: OnceLock<Postgres> = OnceLock::new();
    SERVER.get_or_init(|| Postgres::start().unwrap())
}

pub fn tenant() -> TenantId {
    TenantId::parse("contoso").unwrap()
}

/// Contoso's tenant file, with more in it.
pub fn file(more: Value) -> TenantFile {
    let mut file = json!({
        "signet": 1, "id": "contoso", "name": "Contoso", "domains": ["contoso.example"],
        "microsoft_tenant_id": standin::graph::TENANT,
        "peer": {"proof": "certificate", "name": "mx.contoso.example", "next_hop": {"host": "in.contoso.example"}},
    });
    for (key, value) in more.as_object().unwrap() {
        file[key] = value.clone();
    }
    TenantFile::parse(file.to_string().as_bytes()).unwrap()
}

/// What of a tenant file the tests compare.
pub fn view(file: &TenantFile) -> View {
    let people = file.people.iter().map(|person| {
        let attributes = person.attributes.iter().map(|(name, value)| (name.word().to_owned(), value.clone()));
        let shown = Shown {
            addresses: person.addresses.clone(),
            attributes: attributes.collect(),
            enabled: person.kind == PersonKind::User,
            manager: person.manager.clone(),
        };
        (person.id.clone(), shown)
    });
    let groups = file.groups.iter().map(|group| {
        let members: BTreeSet<String> = group.members.iter().chain(&group.groups).cloned().collect();
        (group.id.clone(), (group.name.clone(), members))
    });
    View { people: people.collect(), groups: groups.collect() }
}
