//! The operator's bypass of the whole region: one row, told to those who follow as any change.

use serde::{Deserialize, Serialize};
use sqlx::Row;

use super::audit::Act;
use super::backend::{Scope, is_postgres};
use super::{Store, StoreError, now_ms, put, read, wake, within};

const ID: &str = "bypass";

/// Since when, until when and why everything of the region is relayed unsigned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bypass {
    /// Unix time in milliseconds.
    pub since_ms: i64,
    /// The same; `None`: until it is ended.
    pub until_ms: Option<i64>,
    pub author: String,
    pub reason: Option<String>,
}

impl Store {
    /// The bypass in force; `None` when there is none, or it has ended by itself.
    pub async fn bypass(&self) -> Result<Option<Bypass>, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Region).await?;
            let row = sqlx::query("SELECT value FROM region WHERE id = $1").bind(ID).fetch_optional(&mut *work).await?;
            let known: Option<Bypass> = row.map(|row| read::parse(row.try_get("value")?)).transpose()?;
            Ok(known.filter(|bypass| bypass.until_ms.is_none_or(|end| end > now_ms())))
        })
        .await
    }

    /// Relays everything unsigned from now on, until an instant (unix milliseconds) or until it is ended.
    pub async fn begin_bypass(&self, until_ms: Option<i64>) -> Result<Bypass, StoreError> {
        let (author, reason) = (self.terms.author.to_string(), self.terms.reason.as_deref().map(str::to_owned));
        let bypass = Bypass { since_ms: now_ms(), until_ms, author, reason };
        self.put_bypass(Some(&bypass)).await?;
        Ok(bypass)
    }

    /// Signs again.
    pub async fn end_bypass(&self) -> Result<(), StoreError> {
        self.put_bypass(None).await
    }

    async fn put_bypass(&self, bypass: Option<&Bypass>) -> Result<(), StoreError> {
        within(async {
            let mut work = self.backend.write(Scope::Region).await?;
            let row = sqlx::query("SELECT value FROM region WHERE id = $1").bind(ID).fetch_optional(&mut *work).await?;
            let before = row.map(|row| read::parse(row.try_get("value")?)).transpose()?;
            match bypass {
                Some(bypass) => {
                    let put = sqlx::query(
                        "INSERT INTO region (id, value) VALUES ($1, $2) \
                         ON CONFLICT (id) DO UPDATE SET value = excluded.value",
                    );
                    put.bind(ID).bind(put::json(bypass)?).execute(&mut *work).await?;
                }
                None => {
                    sqlx::query("DELETE FROM region WHERE id = $1").bind(ID).execute(&mut *work).await?;
                }
            }
            let action = if bypass.is_some() { "bypass.begin" } else { "bypass.end" };
            let after = bypass.and_then(|bypass| serde_json::to_value(bypass).ok());
            let act = Act { tenant: None, action, object: "", before, after, revision: None };
            self.witness(&mut work, act).await?;
            if self.terms.on_trial {
                return Ok(work.rollback().await?);
            }
            if is_postgres(&work) {
                wake::notify(&mut work).await?;
            }
            work.commit().await?;
            self.wake.now();
            Ok(())
        })
        .await
    }
}
