//! Drafts: signatures as somebody is drawing them, beside those that mail is signed with. No edge reads one.
//!
//! A signature has at most one draft, for all who draw it. Each save is made at the version that was seen, so that nobody
//! writes over what somebody else has saved meanwhile. A draft may be unfinished: what would keep it from being published
//! is told, and it is kept all the same.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::audit::Act;
use super::backend::Scope;
use super::library::problems_of;
use super::put::json;
use super::{Expected, Store, StoreError, now_ms, read, within};
use crate::tenant::{Problem, SignatureEntry, TenantId};

/// Drafts of one tenant.
const MOST: i64 = 200;
/// Octets of a draft, and of what it began from: more than any design that can be published has.
const MOST_BYTES: usize = 512 << 10;
/// Characters of what is said to a draft.
const MOST_NOTE: usize = 1000;

/// What is to be done with a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DraftState {
    /// It is being drawn.
    Open,
    /// Somebody has asked for it to be published.
    Waiting,
    /// It was sent back.
    Returned,
}

/// A draft without what is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftHead {
    pub signature: String,
    pub name: String,
    pub version: i64,
    pub time_ms: i64,
    pub author: String,
    pub state: DraftState,
    /// Who brought it into this state, and when.
    pub state_author: Option<String>,
    pub state_ms: Option<i64>,
    pub note: Option<String>,
    /// There is no signature of this id yet.
    pub is_new: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    pub head: DraftHead,
    pub entry: SignatureEntry,
    /// The signature that it was begun from; `None` of a proposal.
    pub base: Option<SignatureEntry>,
    /// What would keep it from being published; places in the signature.
    pub problems: Vec<Problem>,
}

/// What came of a save.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftSaved {
    pub version: i64,
    pub time_ms: i64,
    pub problems: Vec<Problem>,
}

impl DraftState {
    pub fn word(self) -> &'static str {
        match self {
            DraftState::Open => "open",
            DraftState::Waiting => "waiting",
            DraftState::Returned => "returned",
        }
    }

    fn parse(word: &str) -> Result<DraftState, StoreError> {
        let all = [DraftState::Open, DraftState::Waiting, DraftState::Returned];
        let found = all.into_iter().find(|state| state.word() == word);
        found.ok_or_else(|| StoreError::Corrupt(format!("a draft is {word}")))
    }
}

impl Store {
    /// All drafts of a tenant, the one saved last first.
    pub async fn drafts(&self, tenant: &TenantId) -> Result<Vec<DraftHead>, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Tenant(tenant.as_str())).await?;
            read::settings(&mut work, tenant).await?;
            let rows = sqlx::query(sqlx::AssertSqlSafe(format!("{HEADS} ORDER BY draft.time_ms DESC, draft.id")));
            rows.bind(tenant.as_str()).fetch_all(&mut *work).await?.iter().map(head).collect()
        })
        .await
    }

    /// The draft of a signature.
    pub async fn draft(&self, tenant: &TenantId, signature: &str) -> Result<Option<Draft>, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Tenant(tenant.as_str())).await?;
            let sql = format!("{HEADS} AND draft.id = $2");
            let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(tenant.as_str()).bind(signature);
            let Some(row) = row.fetch_optional(&mut *work).await? else { return Ok(None) };
            let entry: SignatureEntry = read::parse(row.try_get("data")?)?;
            let base: Option<&str> = row.try_get("base")?;
            let base = base.map(read::parse).transpose()?;
            let problems = problems_of(&mut work, tenant, &entry).await?;
            Ok(Some(Draft { head: head(&row)?, entry, base, problems }))
        })
        .await
    }

    /// Saves a draft, new or over the version that is expected; nothing expected is whatever there is.
    ///
    /// # Errors
    /// [`StoreError::DraftChanged`] when it is at another version; [`StoreError::Problems`] when it is too large.
    pub async fn save_draft(
        &self,
        tenant: &TenantId,
        entry: &SignatureEntry,
        base: Option<&SignatureEntry>,
    ) -> Result<DraftSaved, StoreError> {
        let id = tenant.as_str();
        let (data, base) = (json(entry)?, base.map(json).transpose()?);
        if data.len().max(base.as_deref().map_or(0, str::len)) > MOST_BYTES {
            let message = format!("a draft has at most {MOST_BYTES} octets");
            return Err(StoreError::Problems(vec![Problem::at("", message)]));
        }
        within(async {
            let mut work = self.backend.write(Scope::Tenant(id)).await?;
            let problems = problems_of(&mut work, tenant, entry).await?;
            if let Some(problem) = problems.iter().find(|problem| problem.place == "/id") {
                return Err(StoreError::Problems(vec![problem.clone()]));
            }
            let time_ms = now_ms();
            let saved = sqlx::query(
                "UPDATE draft SET name = $1, time_ms = $2, author = $3, base = $4, data = $5, \
                 version = CASE WHEN version >= $6 THEN version + 1 ELSE $7 END WHERE tenant = $8 AND id = $9 \
                 AND version = COALESCE($10, version) RETURNING version",
            )
            .bind(entry.name.as_str())
            .bind(time_ms)
            .bind(&*self.terms.author)
            .bind(base.as_deref())
            .bind(data.as_str())
            .bind(time_ms)
            .bind(time_ms)
            .bind(id)
            .bind(entry.id.as_str())
            .bind(self.expected_draft());
            let saved = match self.terms.expected {
                Expected::Absent => None,
                Expected::Anything | Expected::At(_) => saved.fetch_optional(&mut *work).await?,
            };
            let version = match saved {
                Some(row) => row.try_get("version")?,
                None if matches!(self.terms.expected, Expected::At(_)) => return Err(StoreError::DraftChanged),
                None => self.begin_draft(&mut work, id, entry, base.as_deref(), &data, time_ms).await?,
            };
            self.settle(work).await?;
            Ok(DraftSaved { version, time_ms, problems })
        })
        .await
    }

    async fn begin_draft(
        &self,
        work: &mut AnyConnection,
        tenant: &str,
        entry: &SignatureEntry,
        base: Option<&str>,
        data: &str,
        time_ms: i64,
    ) -> Result<i64, StoreError> {
        let row = sqlx::query("SELECT COUNT(*) AS drafts FROM draft WHERE tenant = $1").bind(tenant);
        let there: i64 = row.fetch_one(&mut *work).await?.try_get("drafts")?;
        if there >= MOST {
            return Err(StoreError::Full { what: "drafts", most: MOST });
        }
        let made = sqlx::query(
            "INSERT INTO draft (tenant, id, name, version, time_ms, author, base, data) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (tenant, id) DO NOTHING",
        )
        .bind(tenant)
        .bind(entry.id.as_str())
        .bind(entry.name.as_str())
        .bind(time_ms)
        .bind(time_ms)
        .bind(&*self.terms.author)
        .bind(base)
        .bind(data)
        .execute(&mut *work)
        .await?;
        if made.rows_affected() == 0 {
            return Err(StoreError::DraftChanged);
        }
        self.witness_draft(work, tenant, "draft.begin", &entry.id, None).await?;
        Ok(time_ms)
    }

    /// Asks for a draft to be published, sends it back, or takes either back; with a word to it.
    pub async fn mark_draft(
        &self,
        tenant: &TenantId,
        signature: &str,
        state: DraftState,
        note: Option<&str>,
    ) -> Result<(), StoreError> {
        let id = tenant.as_str();
        let note: Option<String> = note.map(|note| note.trim().chars().take(MOST_NOTE).collect());
        within(async {
            let mut work = self.backend.write(Scope::Tenant(id)).await?;
            let done = sqlx::query(
                "UPDATE draft SET state = $1, state_ms = $2, state_author = $3, note = $4 \
                 WHERE tenant = $5 AND id = $6 AND version = COALESCE($7, version)",
            )
            .bind(state.word())
            .bind(now_ms())
            .bind(&*self.terms.author)
            .bind(note.as_deref().filter(|note| !note.is_empty()))
            .bind(id)
            .bind(signature)
            .bind(self.expected_draft())
            .execute(&mut *work)
            .await?;
            if done.rows_affected() == 0 {
                return Err(missing_or_changed(&mut work, id, signature).await?);
            }
            let action = match state {
                DraftState::Open => "draft.reopen",
                DraftState::Waiting => "draft.ask",
                DraftState::Returned => "draft.return",
            };
            self.witness_draft(&mut work, id, action, signature, note.as_deref()).await?;
            self.settle(work).await
        })
        .await
    }

    /// Throws a draft away, or takes it away when it was published.
    pub async fn discard_draft(&self, tenant: &TenantId, signature: &str) -> Result<(), StoreError> {
        let id = tenant.as_str();
        within(async {
            let mut work = self.backend.write(Scope::Tenant(id)).await?;
            let done =
                sqlx::query("DELETE FROM draft WHERE tenant = $1 AND id = $2 AND version = COALESCE($3, version)")
                    .bind(id)
                    .bind(signature)
                    .bind(self.expected_draft())
                    .execute(&mut *work)
                    .await?;
            if done.rows_affected() == 0 {
                return Err(missing_or_changed(&mut work, id, signature).await?);
            }
            self.witness_draft(&mut work, id, "draft.end", signature, None).await?;
            self.settle(work).await
        })
        .await
    }

    /// The version of a draft that a change is made at; `None`: whatever it is.
    fn expected_draft(&self) -> Option<i64> {
        match self.terms.expected {
            Expected::At(version) => Some(super::bigint(version.0)),
            Expected::Anything | Expected::Absent => None,
        }
    }

    async fn witness_draft(
        &self,
        work: &mut AnyConnection,
        tenant: &str,
        action: &'static str,
        signature: &str,
        note: Option<&str>,
    ) -> Result<(), StoreError> {
        let after = note.filter(|note| !note.is_empty()).map(|note| serde_json::json!({"note": note}));
        let act = Act { tenant: Some(tenant), action, object: signature, before: None, after, revision: None };
        self.witness(work, act).await
    }
}

/// A draft goes with its signature.
pub(super) async fn forget(work: &mut AnyConnection, tenant: &str, signatures: &[String]) -> Result<(), StoreError> {
    super::rows::remove(work, "draft", "id", tenant, signatures).await
}

/// What the drafts of a tenant would make of its signatures.
pub(super) async fn entries(work: &mut AnyConnection, tenant: &str) -> Result<Vec<SignatureEntry>, StoreError> {
    let rows = sqlx::query("SELECT data FROM draft WHERE tenant = $1 ORDER BY id").bind(tenant).fetch_all(work).await?;
    rows.iter().map(|row| read::parse(row.try_get("data")?)).collect()
}

async fn missing_or_changed(work: &mut AnyConnection, tenant: &str, id: &str) -> Result<StoreError, StoreError> {
    let row = sqlx::query("SELECT id FROM draft WHERE tenant = $1 AND id = $2").bind(tenant).bind(id);
    Ok(match row.fetch_optional(work).await? {
        Some(_) => StoreError::DraftChanged,
        None => StoreError::Unknown { what: "draft of", id: id.to_owned() },
    })
}

fn head(row: &AnyRow) -> Result<DraftHead, StoreError> {
    let published: Option<&str> = row.try_get("published")?;
    Ok(DraftHead {
        signature: row.try_get("id")?,
        name: row.try_get("name")?,
        version: row.try_get("version")?,
        time_ms: row.try_get("time_ms")?,
        author: row.try_get("author")?,
        state: DraftState::parse(row.try_get("state")?)?,
        state_author: row.try_get("state_author")?,
        state_ms: row.try_get("state_ms")?,
        note: row.try_get("note")?,
        is_new: published.is_none(),
    })
}

const HEADS: &str = "SELECT draft.*, signature.id AS published FROM draft \
                     LEFT JOIN signature ON signature.tenant = draft.tenant AND signature.id = draft.id \
                     WHERE draft.tenant = $1";
