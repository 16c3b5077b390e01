//! Sessions: who is signed in, by what, in which browser, for how long.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};
use uuid::Uuid;

use super::{Membership, hash, member};
use crate::store::backend::Scope;
use crate::store::{Store, StoreError, secrets, within};

/// Whatever is configured, no session lasts longer.
pub(super) const LONGEST_MS: i64 = 7 * 24 * 3_600_000;

/// How exact the time of the last request is: it is not worth a write for every one.
const SEEN_EVERY_MS: i64 = 60_000;

/// One session, as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub id: String,
    /// Which browser on what.
    pub name: String,
    /// Unix times in milliseconds.
    pub created_ms: i64,
    pub seen_ms: i64,
}

/// By what somebody has signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    Password,
    /// A Microsoft account of the organisation of this id.
    Microsoft(String),
}

/// Whose request it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    pub session: String,
    pub account: String,
    pub by: By,
    /// When its owner last showed who it is.
    pub confirmed_ms: i64,
    /// The teams it belongs to, by tenant.
    pub memberships: Vec<Membership>,
}

impl Store {
    /// Begins a session and gives what the browser will show. Who comes from Microsoft may have signed in there days
    /// ago: that it is still the same person has to be shown before what matters most.
    pub async fn begin_session(&self, account: &str, name: &str, by: &By, now_ms: i64) -> Result<String, StoreError> {
        let token = URL_SAFE_NO_PAD.encode(secrets::random::<32>()?);
        within(async {
            let mut work = self.backend.write(Scope::Region).await?;
            sqlx::query(
                "INSERT INTO session (hash, id, account, name, created_ms, seen_ms, confirmed_ms, organisation) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            )
            .bind(hash(&token))
            .bind(format!("se_{}", Uuid::now_v7().simple()))
            .bind(account)
            .bind(name)
            .bind(now_ms)
            .bind(now_ms)
            .bind(if *by == By::Password { now_ms } else { 0 })
            .bind(match by {
                By::Password => None,
                By::Microsoft(organisation) => Some(organisation.as_str()),
            })
            .execute(&mut *work)
            .await?;
            Ok(work.commit().await?)
        })
        .await?;
        Ok(token)
    }

    /// Whose session a browser shows: `None` if it has ended, was idle or has lasted too long. Notes that it was used.
    pub async fn present_session(
        &self,
        token: &str,
        now_ms: i64,
        idle_ms: i64,
        lasts_ms: i64,
    ) -> Result<Option<SignedIn>, StoreError> {
        let found = within(async {
            let mut work = self.backend.read(Scope::Region).await?;
            let row = sqlx::query("SELECT * FROM session WHERE hash = $1 AND seen_ms > $2 AND created_ms > $3")
                .bind(hash(token))
                .bind(now_ms - idle_ms)
                .bind(now_ms - lasts_ms.min(LONGEST_MS))
                .fetch_optional(&mut *work)
                .await?;
            let Some(row) = row else { return Ok(None) };
            let (account, seen_ms): (String, i64) = (row.try_get("account")?, row.try_get("seen_ms")?);
            let memberships = member::memberships(&mut work, &account).await?;
            let (session, confirmed_ms) = (row.try_get("id")?, row.try_get("confirmed_ms")?);
            let by = row.try_get::<Option<String>, _>("organisation")?.map_or(By::Password, By::Microsoft);
            Ok(Some((SignedIn { session, account, by, confirmed_ms, memberships }, seen_ms)))
        })
        .await?;
        let Some((signed_in, seen_ms)) = found else { return Ok(None) };
        if now_ms - seen_ms >= SEEN_EVERY_MS && !self.is_standby() {
            // A store that cannot write it now answers all the same.
            let _ = self.note_seen(&signed_in.session, now_ms).await;
        }
        Ok(Some(signed_in))
    }

    async fn note_seen(&self, session: &str, now_ms: i64) -> Result<(), StoreError> {
        self.of_session("UPDATE session SET seen_ms = $1 WHERE id = $2", session, now_ms).await
    }

    /// It was shown again who it is.
    pub async fn confirm_session(&self, session: &str, now_ms: i64) -> Result<(), StoreError> {
        self.of_session("UPDATE session SET confirmed_ms = $1 WHERE id = $2", session, now_ms).await
    }

    async fn of_session(&self, sql: &'static str, session: &str, now_ms: i64) -> Result<(), StoreError> {
        within(async {
            let mut work = self.backend.write(Scope::Region).await?;
            sqlx::query(sql).bind(now_ms).bind(session).execute(&mut *work).await?;
            Ok(work.commit().await?)
        })
        .await
    }

    /// The sessions of an account, the newest first.
    pub async fn sessions(&self, account: &str, since_ms: i64) -> Result<Vec<Session>, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Region).await?;
            let rows = sqlx::query("SELECT * FROM session WHERE account = $1 AND seen_ms > $2 ORDER BY id DESC")
                .bind(account)
                .bind(since_ms)
                .fetch_all(&mut *work)
                .await?;
            rows.iter().map(session).collect()
        })
        .await
    }

    /// Ends one session of an account; one that has ended stays so.
    pub async fn end_session(&self, account: &str, session: &str) -> Result<(), StoreError> {
        within(async {
            let mut work = self.backend.write(Scope::Region).await?;
            end(&mut work, account, session).await?;
            Ok(work.commit().await?)
        })
        .await
    }
}

async fn end(work: &mut AnyConnection, account: &str, session: &str) -> Result<(), StoreError> {
    let query = sqlx::query("DELETE FROM session WHERE account = $1 AND id = $2").bind(account).bind(session);
    query.execute(work).await?;
    Ok(())
}

fn session(row: &AnyRow) -> Result<Session, StoreError> {
    Ok(Session {
        id: row.try_get("id")?,
        name: row.try_get("name")?,
        created_ms: row.try_get("created_ms")?,
        seen_ms: row.try_get("seen_ms")?,
    })
}
