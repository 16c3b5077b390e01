//! Writing decision records: a whole batch in one transaction, many rows to a statement.
//!
//! A statement costs a trip to SQLite's thread and back, a tenant's keys cost two derivations, a transaction costs a
//! sync of the disk: each is paid once for many records. Records of tenants that keep none, or that are gone, are
//! passed over by the statement itself. It goes to a connection of the database's own kind: `sqlx::Any` would copy
//! each of a thousand values twice.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt::Write;
use std::sync::LazyLock;

use serde::{Serialize, Serializer};
use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Database, Encode, PgConnection, Postgres, Sqlite, SqliteConnection, Type};

use super::backend::Own;
use super::decision::{WHAT, address_hash};
use super::seal::{Hasher, Sealer};
use super::{Decision, Store, StoreError, bigint, within};
use crate::events::{Stages, kind_word, milliseconds};
use crate::tenant::{Got, Share, TenantId};

const COLUMNS: [&str; 17] = [
    "id",
    "tenant",
    "time_ms",
    "site",
    "message_id_hash",
    "sender_hash",
    "recipient_hashes",
    "sealed",
    "person",
    "kind",
    "legs",
    "revision",
    "octets_in",
    "octets_out",
    "next_hop_code",
    "verdict",
    "stages",
];

/// Rows to a statement, and its text. Few sizes, so that each is prepared once.
type Statements = [(usize, String); 3];

static OF_SQLITE: LazyLock<Statements> = LazyLock::new(|| SIZES.map(|rows| (rows, statement(false, rows))));
static OF_POSTGRES: LazyLock<Statements> = LazyLock::new(|| SIZES.map(|rows| (rows, statement(true, rows))));

const SIZES: [usize; 3] = [64, 8, 1];

/// What is derived from a tenant's trace key.
struct TenantKeys {
    hasher: Hasher,
    seal: Sealer,
}

/// Those of the tenants of one batch.
#[derive(Default)]
struct Keys<'a>(BTreeMap<(&'a TenantId, &'a [u8; 32]), TenantKeys>);

impl Store {
    /// Writes records, in one transaction. Those of tenants that keep none, or that are gone, are passed over.
    /// Gives the number written.
    pub async fn record(&self, decisions: &[Decision]) -> Result<u64, StoreError> {
        within(async {
            self.backend.must_be_reached()?;
            match &self.backend.own {
                Own::Sqlite(pool) => {
                    let mut work = pool.begin().await?;
                    let mut written = 0;
                    let mut keys = Keys::default();
                    for (statement, piece) in pieces(&OF_SQLITE, decisions) {
                        written += to_sqlite(&mut work, statement, piece, &mut keys).await?;
                    }
                    work.commit().await?;
                    Ok(written)
                }
                Own::Postgres(pool) => {
                    let mut work = pool.begin().await?;
                    // As with SQLite: the last records before the machine dies may go with it.
                    sqlx::query(
                        "SELECT set_config('signet.tenant', '*', true), set_config('synchronous_commit', 'off', true)",
                    )
                    .execute(&mut *work)
                    .await?;
                    let mut written = 0;
                    let mut keys = Keys::default();
                    for (statement, piece) in pieces(&OF_POSTGRES, decisions) {
                        written += to_postgres(&mut work, statement, piece, &mut keys).await?;
                    }
                    work.commit().await?;
                    Ok(written)
                }
            }
        })
        .await
    }
}

impl<'a> Keys<'a> {
    fn of(&mut self, decision: &'a Decision) -> Result<&TenantKeys, StoreError> {
        let trace_key = &decision.trace_key;
        match self.0.entry((&decision.tenant, trace_key)) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(new) => {
                Ok(new.insert(TenantKeys { hasher: Hasher::new(trace_key)?, seal: Sealer::of_records(trace_key)? }))
            }
        }
    }
}

/// Each statement with the records it takes.
fn pieces<'a>(
    statements: &'static Statements,
    mut rest: &'a [Decision],
) -> impl Iterator<Item = (&'static str, &'a [Decision])> {
    std::iter::from_fn(move || {
        let fits = |(rows, text): &'static (usize, String)| Some((text.as_str(), rest.split_at_checked(*rows)?));
        let (statement, (now, later)) = statements.iter().find_map(fits)?;
        rest = later;
        Some((statement, now))
    })
}

/// Takes so many rows, and keeps those whose tenant keeps records.
fn statement(postgres: bool, rows: usize) -> String {
    let mut sql = format!("INSERT INTO decision ({}) SELECT ", COLUMNS.join(", "));
    for column in 1..=COLUMNS.len() {
        let _ = write!(sql, "{}given.column{column}", if column == 1 { "" } else { ", " });
    }
    sql.push_str(" FROM (VALUES ");
    sql.push_str(&super::statement::rows(postgres, 1, rows, COLUMNS.len()));
    sql.push_str(") AS given JOIN tenant ON tenant.id = given.column2 WHERE tenant.retention_days > 0");
    sql
}

async fn to_sqlite<'a>(
    work: &mut SqliteConnection,
    statement: &'static str,
    decisions: &'a [Decision],
    keys: &mut Keys<'a>,
) -> Result<u64, StoreError> {
    let mut query: Query<'_, Sqlite, SqliteArguments> = sqlx::query(statement);
    for decision in decisions {
        query = bind(query, decision, keys.of(decision)?)?;
    }
    Ok(query.execute(work).await?.rows_affected())
}

async fn to_postgres<'a>(
    work: &mut PgConnection,
    statement: &'static str,
    decisions: &'a [Decision],
    keys: &mut Keys<'a>,
) -> Result<u64, StoreError> {
    let mut query: Query<'_, Postgres, PgArguments> = sqlx::query(statement);
    for decision in decisions {
        query = bind(query, decision, keys.of(decision)?)?;
    }
    Ok(query.execute(work).await?.rows_affected())
}

fn bind<'q, DB>(
    query: Query<'q, DB, DB::Arguments>,
    decision: &'q Decision,
    keys: &TenantKeys,
) -> Result<Query<'q, DB, DB::Arguments>, StoreError>
where
    DB: Database,
    &'q str: Encode<'q, DB> + Type<DB>,
    String: Encode<'q, DB> + Type<DB>,
    i64: Encode<'q, DB> + Type<DB>,
    Option<&'q str>: Encode<'q, DB> + Type<DB>,
    Option<i64>: Encode<'q, DB> + Type<DB>,
{
    let recipients: Vec<String> =
        decision.recipients.iter().map(|recipient| address_hash(&keys.hasher, recipient)).collect();
    let id = decision.id.to_string();
    let sealed = sealed(decision, &id, &keys.seal)?;
    Ok(query
        .bind(id)
        .bind(decision.tenant.as_str())
        .bind(decision.time_ms)
        .bind(decision.site.as_str())
        .bind(keys.hasher.hash("message_id", &decision.message_id))
        .bind(address_hash(&keys.hasher, &decision.sender))
        .bind(recipients.join(" "))
        .bind(sealed)
        .bind(decision.person.as_deref())
        .bind(decision.kind.map(kind_word))
        .bind(legs(decision)?)
        .bind(bigint(decision.revision.0))
        .bind(bigint(decision.octets_in))
        .bind(bigint(decision.octets_out))
        .bind(decision.next_hop_code.map(i64::from))
        .bind(decision.verdict.word())
        .bind(json(&Milliseconds(&decision.stages))?))
}

fn sealed(decision: &Decision, id: &str, key: &Sealer) -> Result<String, StoreError> {
    #[derive(Serialize)]
    struct Plain<'a> {
        message_id: &'a str,
        sender: &'a str,
        recipients: &'a [String],
    }
    let plain = Plain { message_id: &decision.message_id, sender: &decision.sender, recipients: &decision.recipients };
    key.seal(WHAT, id, json(&plain)?.into_bytes())
}

fn json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|_| StoreError::Sealed)
}

/// The shares as they are stored. What they got comes first: `find.rs` looks for it.
fn legs(decision: &Decision) -> Result<String, StoreError> {
    let all = decision.recipients.len();
    json(&decision.shares.iter().map(|share| Leg::of(share, all)).collect::<Vec<_>>())
}

/// One share as it is stored.
#[derive(Serialize, Default)]
struct Leg<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    signatures: Option<&'a [String]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ledger: Option<&'static str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    would_be: &'a [String],
    /// Not where it is all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    recipients: Option<&'a [usize]>,
}

impl<'a> Leg<'a> {
    /// `all`: how many recipients there are.
    fn of(share: &'a Share, all: usize) -> Leg<'a> {
        let recipients = (share.recipients.len() < all).then_some(share.recipients.as_slice());
        let leg = Leg { recipients, ..Leg::default() };
        match &share.got {
            Got::Signed(ids) => Leg { signatures: Some(ids), ..leg },
            Got::Left { reason, would_be } => Leg { reason: Some(reason.word()), would_be, ..leg },
            Got::Repeated => Leg { ledger: Some("repeated"), ..leg },
        }
    }
}

/// Stages as they are stored.
struct Milliseconds<'a>(&'a Stages);

impl Serialize for Milliseconds<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.words().map(|(word, time)| (word, milliseconds(time))))
    }
}
