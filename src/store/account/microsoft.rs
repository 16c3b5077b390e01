//! Microsoft accounts that are linked with accounts here, and what Microsoft has just said of who sits at a browser.
//!
//! Somebody is found by the two ids and by nothing else: an address in a token is what an organisation writes there. One
//! Microsoft account opens one account, and an account is opened by one.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::{Account, account, hash};
use crate::store::audit::Act;
use crate::store::backend::Scope;
use crate::store::{Store, StoreError, secrets, within};

/// Who somebody is at Microsoft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MicrosoftId {
    pub organisation: String,
    pub person: String,
}

/// The Microsoft account of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linked {
    pub id: MicrosoftId,
    /// The name of the tenant that is this organisation, if there is one.
    pub tenant: Option<String>,
    /// Unix time in milliseconds.
    pub since_ms: i64,
}

impl Store {
    /// The account that a Microsoft account opens.
    pub async fn account_of_microsoft(&self, id: &MicrosoftId) -> Result<Option<Account>, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Region).await?;
            let row = sqlx::query(
                "SELECT account.* FROM account JOIN microsoft ON microsoft.account = account.id \
                 WHERE microsoft.organisation = $1 AND microsoft.person = $2",
            )
            .bind(id.organisation.as_str())
            .bind(id.person.as_str())
            .fetch_optional(&mut *work)
            .await?;
            row.as_ref().map(account).transpose()
        })
        .await
    }

    pub async fn microsoft_of(&self, account: &str) -> Result<Option<Linked>, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Region).await?;
            let row = sqlx::query(
                "SELECT microsoft.*, tenant.name FROM microsoft \
                 LEFT JOIN claim ON claim.kind = 'microsoft' AND claim.value = microsoft.organisation \
                 LEFT JOIN tenant ON tenant.id = claim.tenant WHERE microsoft.account = $1",
            )
            .bind(account)
            .fetch_optional(&mut *work)
            .await?;
            row.as_ref().map(linked).transpose()
        })
        .await
    }

    /// Links a Microsoft account with an account.
    ///
    /// # Errors
    /// [`StoreError::There`] when it opens another one, or this one is opened by another.
    pub async fn link_microsoft(&self, account: &str, id: &MicrosoftId, now_ms: i64) -> Result<(), StoreError> {
        within(async {
            let mut work = self.backend.write(Scope::Region).await?;
            let done = sqlx::query(
                "INSERT INTO microsoft (organisation, person, account, since_ms) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT DO NOTHING",
            )
            .bind(id.organisation.as_str())
            .bind(id.person.as_str())
            .bind(account)
            .bind(now_ms)
            .execute(&mut *work)
            .await?;
            if done.rows_affected() == 0 {
                return Err(StoreError::There {
                    what: "link of this Microsoft account, or of",
                    id: account.to_owned(),
                });
            }
            let after = Some(json!({"organisation": id.organisation}));
            let action = "account.microsoft.link";
            self.witness(&mut work, Act { tenant: None, action, object: account, before: None, after, revision: None })
                .await?;
            Ok(work.commit().await?)
        })
        .await
    }

    /// Takes the link away; every session that began by it ends. Gives whether there was one.
    pub async fn unlink_microsoft(&self, account: &str) -> Result<bool, StoreError> {
        within(async {
            let mut work = self.backend.write(Scope::Region).await?;
            let row = sqlx::query("DELETE FROM microsoft WHERE account = $1 RETURNING organisation").bind(account);
            let Some(row) = row.fetch_optional(&mut *work).await? else { return Ok(false) };
            sqlx::query("DELETE FROM session WHERE account = $1 AND organisation IS NOT NULL")
                .bind(account)
                .execute(&mut *work)
                .await?;
            let before = Some(json!({"organisation": row.try_get::<String, _>("organisation")?}));
            let action = "account.microsoft.unlink";
            self.witness(&mut work, Act { tenant: None, action, object: account, before, after: None, revision: None })
                .await?;
            work.commit().await?;
            Ok(true)
        })
        .await
    }

    /// Remembers for a while whom Microsoft says the owner of a browser is; gives what the browser will show.
    pub async fn show_microsoft(&self, id: &MicrosoftId, now_ms: i64, valid_ms: i64) -> Result<String, StoreError> {
        let token = URL_SAFE_NO_PAD.encode(secrets::random::<32>()?);
        within(async {
            let mut work = self.backend.write(Scope::Region).await?;
            sqlx::query("INSERT INTO microsoft_shown (hash, organisation, person, expires_ms) VALUES ($1, $2, $3, $4)")
                .bind(hash(&token))
                .bind(id.organisation.as_str())
                .bind(id.person.as_str())
                .bind(now_ms.saturating_add(valid_ms))
                .execute(&mut *work)
                .await?;
            Ok(work.commit().await?)
        })
        .await?;
        Ok(token)
    }

    /// Whom Microsoft said the owner of a browser is.
    pub async fn shown_by_microsoft(&self, token: &str, now_ms: i64) -> Result<Option<MicrosoftId>, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Region).await?;
            let row = sqlx::query("SELECT * FROM microsoft_shown WHERE hash = $1 AND expires_ms > $2")
                .bind(hash(token))
                .bind(now_ms)
                .fetch_optional(&mut *work)
                .await?;
            row.as_ref().map(id).transpose()
        })
        .await
    }

    /// It was used.
    pub async fn forget_microsoft(&self, token: &str) -> Result<(), StoreError> {
        within(async {
            let mut work = self.backend.write(Scope::Region).await?;
            sqlx::query("DELETE FROM microsoft_shown WHERE hash = $1").bind(hash(token)).execute(&mut *work).await?;
            Ok(work.commit().await?)
        })
        .await
    }
}

fn id(row: &AnyRow) -> Result<MicrosoftId, StoreError> {
    Ok(MicrosoftId { organisation: row.try_get("organisation")?, person: row.try_get("person")? })
}

fn linked(row: &AnyRow) -> Result<Linked, StoreError> {
    Ok(Linked { id: id(row)?, tenant: row.try_get("name")?, since_ms: row.try_get("since_ms")? })
}
