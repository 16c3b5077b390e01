//! Writing decision records: a whole batch in one transaction, many rows to a statement.
//!
//! A statement costs a trip to SQLite's thread and back, a tenant's keys cost two derivations, a transaction costs a
//! sync of the disk: each is paid once for many records. Records of tenants that keep none, or that are gone, are
//! passed over by the statement itself.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt::Write;
use std::sync::LazyLock;

use serde::{Serialize, Serializer};
use sqlx::query::Query;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Sqlite, SqliteConnection};

use super::decision::{WHAT, address_hash};
use super::seal::Hasher;
use super::{Decision, Leg, SealKey, Store, StoreError, bigint, within};
use crate::events::{Stages, kind_word, milliseconds};
use crate::tenant::TenantId;

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
static STATEMENTS: LazyLock<[(usize, String); 3]> = LazyLock::new(|| [64, 8, 1].map(|rows| (rows, statement(rows))));

/// What is derived from a tenant's trace key.
struct Keys {
    hasher: Hasher,
    seal: SealKey,
}

impl Store {
    /// Writes records, in one transaction. Those of tenants that keep none, or that are gone, are passed over.
    /// Gives the number written.
    pub async fn record(&self, decisions: &[Decision]) -> Result<u64, StoreError> {
        within(async {
            let mut work = self.records.begin().await?;
            let mut keys: BTreeMap<(&TenantId, &[u8; 32]), Keys> = BTreeMap::new();
            let (mut rest, mut written) = (decisions, 0);
            for (rows, statement) in STATEMENTS.iter() {
                while let Some((now, later)) = rest.split_at_checked(*rows).filter(|_| !rest.is_empty()) {
                    written += insert(&mut work, statement, now, &mut keys).await?;
                    rest = later;
                }
            }
            work.commit().await?;
            Ok(written)
        })
        .await
    }
}

impl Keys {
    fn new(trace_key: &[u8; 32]) -> Result<Keys, StoreError> {
        Ok(Keys { hasher: Hasher::new(trace_key)?, seal: SealKey::of_records(trace_key)? })
    }
}

/// Takes so many rows, and keeps those whose tenant keeps records.
fn statement(rows: usize) -> String {
    let mut sql = format!("INSERT INTO decision ({}) SELECT ", COLUMNS.join(", "));
    for column in 1..=COLUMNS.len() {
        let _ = write!(sql, "{}given.column{column}", if column == 1 { "" } else { ", " });
    }
    sql.push_str(" FROM (VALUES ");
    // Without numbers: SQLite looks each of a thousand names up in a list.
    let row = format!("({})", ["?"; COLUMNS.len()].join(", "));
    sql.push_str(&vec![row; rows].join(", "));
    sql.push_str(") AS given JOIN tenant ON tenant.id = given.column2 WHERE tenant.retention_days > 0");
    sql
}

async fn insert<'a>(
    work: &mut SqliteConnection,
    statement: &'static str,
    decisions: &'a [Decision],
    keys: &mut BTreeMap<(&'a TenantId, &'a [u8; 32]), Keys>,
) -> Result<u64, StoreError> {
    let mut query = sqlx::query(statement);
    for decision in decisions {
        let whose = (&decision.tenant, &decision.trace_key);
        let keys = match keys.entry(whose) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(Keys::new(&decision.trace_key)?),
        };
        query = bind(query, decision, keys)?;
    }
    Ok(query.execute(work).await?.rows_affected())
}

fn bind<'q>(
    query: Query<'q, Sqlite, SqliteArguments>,
    decision: &'q Decision,
    keys: &Keys,
) -> Result<Query<'q, Sqlite, SqliteArguments>, StoreError> {
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
        .bind(json(&decision.legs)?)
        .bind(bigint(decision.revision.0))
        .bind(bigint(decision.octets_in))
        .bind(bigint(decision.octets_out))
        .bind(decision.next_hop_code.map(i64::from))
        .bind(decision.verdict.word())
        .bind(json(&Milliseconds(&decision.stages))?))
}

fn sealed(decision: &Decision, id: &str, key: &SealKey) -> Result<String, StoreError> {
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

impl Serialize for Leg {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Leg::Signed(ids) => serializer.collect_map([("signatures", ids)]),
            Leg::Left(reason) => serializer.collect_map([("reason", reason.word())]),
            Leg::Repeated => serializer.collect_map([("ledger", "repeated")]),
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
