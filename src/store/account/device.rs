//! Browsers that their owners trust: they show no code when they sign in again.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sqlx::Row;
use sqlx::any::AnyRow;
use uuid::Uuid;

use super::hash;
use crate::store::backend::Scope;
use crate::store::{Store, StoreError, secrets, within};

/// A trusted browser, as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    pub id: String,
    pub name: String,
    /// Unix times in milliseconds.
    pub created_ms: i64,
    pub seen_ms: i64,
    pub expires_ms: i64,
}

impl Store {
    /// Trusts a browser for so long, and gives what it will show.
    pub async fn trust_device(
        &self,
        account: &str,
        name: &str,
        now_ms: i64,
        lasts_ms: i64,
    ) -> Result<String, StoreError> {
        let token = URL_SAFE_NO_PAD.encode(secrets::random::<32>()?);
        within(async {
            let mut work = self.backend.write(Scope::Region).await?;
            sqlx::query(
                "INSERT INTO device (id, account, hash, name, created_ms, seen_ms, expires_ms) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind(format!("dv_{}", Uuid::now_v7().simple()))
            .bind(account)
            .bind(hash(&token))
            .bind(name)
            .bind(now_ms)
            .bind(now_ms)
            .bind(now_ms.saturating_add(lasts_ms))
            .execute(&mut *work)
            .await?;
            Ok(work.commit().await?)
        })
        .await?;
        Ok(token)
    }

    /// The browser that shows this, if the account trusts it.
    pub async fn device_of(&self, account: &str, token: &str, now_ms: i64) -> Result<Option<Device>, StoreError> {
        within(async {
            let mut work = self.backend.write(Scope::Region).await?;
            let row = sqlx::query(
                "UPDATE device SET seen_ms = $1 WHERE hash = $2 AND account = $3 AND expires_ms > $4 RETURNING *",
            )
            .bind(now_ms)
            .bind(hash(token))
            .bind(account)
            .bind(now_ms)
            .fetch_optional(&mut *work)
            .await?;
            let device = row.as_ref().map(device).transpose()?;
            work.commit().await?;
            Ok(device)
        })
        .await
    }

    /// The browsers an account trusts, the newest first.
    pub async fn devices(&self, account: &str, now_ms: i64) -> Result<Vec<Device>, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Region).await?;
            let rows = sqlx::query("SELECT * FROM device WHERE account = $1 AND expires_ms > $2 ORDER BY id DESC")
                .bind(account)
                .bind(now_ms)
                .fetch_all(&mut *work)
                .await?;
            rows.iter().map(device).collect()
        })
        .await
    }

    /// Trusts one of them no more, or none.
    pub async fn forget_device(&self, account: &str, id: Option<&str>) -> Result<(), StoreError> {
        within(async {
            let mut work = self.backend.write(Scope::Region).await?;
            let query = match id {
                Some(id) => sqlx::query("DELETE FROM device WHERE account = $1 AND id = $2").bind(account).bind(id),
                None => sqlx::query("DELETE FROM device WHERE account = $1").bind(account),
            };
            query.execute(&mut *work).await?;
            Ok(work.commit().await?)
        })
        .await
    }
}

fn device(row: &AnyRow) -> Result<Device, StoreError> {
    Ok(Device {
        id: row.try_get("id")?,
        name: row.try_get("name")?,
        created_ms: row.try_get("created_ms")?,
        seen_ms: row.try_get("seen_ms")?,
        expires_ms: row.try_get("expires_ms")?,
    })
}
