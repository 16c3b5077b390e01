//! Looking for decision records of one tenant: by Message-ID or address, by time, by what came of the messages. The
//! newest come first, a page at a time.

use std::ops::Range;

use sqlx::AssertSqlSafe;

use super::backend::Scope;
use super::decision::{Recorded, address_hash, recorded};
use super::seal::{Hasher, Sealer};
use super::statement::numbered;
use super::{Store, StoreError, within};
use crate::events::Verdict;
use crate::tenant::TenantId;

/// Whose messages, or which one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sought {
    MessageId(String),
    /// Sender or recipient, without case.
    Address(String),
}

/// What came of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CameOf {
    Signed,
    /// Handed on as it came.
    Left,
    Repeated,
    Deferred,
    Refused,
    Lost,
}

/// Which records. All that is said has to fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    pub sought: Option<Sought>,
    /// Unix milliseconds.
    pub time_ms: Range<i64>,
    pub came_of: Option<CameOf>,
    /// The word of the reason for which it was left.
    pub reason: Option<String>,
    /// The id of a signature that it got, or that the rules found for it.
    pub signature: Option<String>,
    /// Only what is older than this record.
    pub after: Option<Place>,
    pub most: u32,
}

/// The place of a record among the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub time_ms: i64,
    pub id: String,
}

impl CameOf {
    pub const ALL: [CameOf; 6] =
        [CameOf::Signed, CameOf::Left, CameOf::Repeated, CameOf::Deferred, CameOf::Refused, CameOf::Lost];

    pub fn word(self) -> &'static str {
        match self {
            CameOf::Signed => "signed",
            CameOf::Left => "left",
            CameOf::Repeated => "repeated",
            CameOf::Deferred => "deferred",
            CameOf::Refused => "refused",
            CameOf::Lost => "lost",
        }
    }

    pub fn parse(word: &str) -> Option<CameOf> {
        CameOf::ALL.into_iter().find(|one| one.word() == word)
    }

    /// The same as `flow::Counts` counts it. What is looked for in JSON is found by taking it out: LIKE knows jokers, and
    /// the two databases have different words for the rest.
    fn condition(self) -> &'static str {
        match self {
            CameOf::Signed => " AND verdict = 'accepted' AND replace(legs, '{\"signatures\":[\"', '') <> legs",
            CameOf::Left => {
                " AND verdict = 'accepted' AND replace(legs, '{\"signatures\":[\"', '') = legs \
                 AND legs <> '[{\"ledger\":\"repeated\"}]'"
            }
            CameOf::Repeated => " AND verdict = 'accepted' AND legs = '[{\"ledger\":\"repeated\"}]'",
            CameOf::Deferred => " AND verdict = 'deferred'",
            CameOf::Refused => " AND verdict = 'refused'",
            CameOf::Lost => " AND verdict = 'lost'",
        }
    }
}

impl Recorded {
    pub fn place(&self) -> Place {
        Place { time_ms: self.time_ms, id: self.id.clone() }
    }

    /// Somebody got it with a signature, as [`CameOf::Signed`] finds it.
    pub fn is_signed(&self) -> bool {
        self.verdict == Verdict::Accepted.word() && self.legs.contains("{\"signatures\":[\"")
    }
}

impl Search {
    /// The newest of all.
    pub fn newest(most: u32) -> Search {
        Search { sought: None, time_ms: 0..i64::MAX, came_of: None, reason: None, signature: None, after: None, most }
    }

    /// Conditions, and the texts that stand for their `?`.
    fn conditions(&self, hasher: &Hasher) -> (String, Vec<String>) {
        let (mut sql, mut texts) = (String::new(), Vec::new());
        match &self.sought {
            Some(Sought::MessageId(id)) => {
                sql.push_str(" AND message_id_hash = ?");
                texts.push(hasher.hash("message_id", id));
            }
            Some(Sought::Address(address)) => {
                // `_` is a letter of base64url and a joker of LIKE; without meaning at this length.
                sql.push_str(" AND (sender_hash = ? OR recipient_hashes LIKE '%' || ? || '%')");
                texts.extend([address_hash(hasher, address), address_hash(hasher, address)]);
            }
            None => {}
        }
        sql.push_str(self.came_of.map(CameOf::condition).unwrap_or_default());
        if let Some(reason) = &self.reason {
            sql.push_str(" AND verdict = 'accepted' AND replace(legs, ?, '') <> legs");
            texts.push(format!("{{\"reason\":{}", quoted(reason)));
        }
        if let Some(signature) = &self.signature {
            // First or later in a list, which a name of a field is not.
            sql.push_str(
                " AND verdict = 'accepted' AND replace(replace(replace(replace(legs, ?, ''), ?, ''), ?, ''), ?, '') <> legs",
            );
            let id = quoted(signature);
            texts.extend([format!("[{id},"), format!("[{id}]"), format!(",{id},"), format!(",{id}]")]);
        }
        if let Some(after) = &self.after {
            sql.push_str(&format!(" AND (time_ms < {} OR id < ?)", after.time_ms));
            texts.push(after.id.clone());
        }
        (sql, texts)
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

impl Store {
    /// The newest records of one tenant that fit, at most `most`.
    pub async fn decisions(&self, tenant: &TenantId, sought: &Sought, most: u32) -> Result<Vec<Recorded>, StoreError> {
        self.find(tenant, &Search { sought: Some(sought.clone()), ..Search::newest(most) }).await
    }

    /// A page of the records that fit, the newest first.
    pub async fn find(&self, tenant: &TenantId, search: &Search) -> Result<Vec<Recorded>, StoreError> {
        let secrets = self.secrets(tenant).await?;
        let hasher = Hasher::new(&secrets.trace_key)?;
        let key = Sealer::of_records(&secrets.trace_key)?;
        let (conditions, texts) = search.conditions(&hasher);
        // Of the place before only what is as old, or older.
        let until_ms = search.after.as_ref().map_or(i64::MAX, |after| after.time_ms.saturating_add(1));
        within(async {
            let mut work = self.backend.read(Scope::Tenant(tenant.as_str())).await?;
            let sql = format!(
                "SELECT * FROM decision WHERE tenant = ? AND time_ms >= ? AND time_ms < ?{conditions} \
                 ORDER BY time_ms DESC, id DESC LIMIT ?"
            );
            let sql = numbered(&work, &sql);
            let mut query = sqlx::query(AssertSqlSafe(sql))
                .bind(tenant.as_str())
                .bind(search.time_ms.start)
                .bind(search.time_ms.end.min(until_ms));
            for text in &texts {
                query = query.bind(text.as_str());
            }
            let rows = query.bind(i64::from(search.most)).fetch_all(&mut *work).await?;
            rows.iter().map(|row| recorded(&key, row)).collect()
        })
        .await
    }
}
