//! Tokens of the API: made, listed, revoked, and known again by their hash.
//!
//! A token is 256 random bits, told once, when it is made. It belongs to one tenant or to the region, permits what its
//! scopes say, and ends by itself. Whoever asks with it is looked up each time, so that a revoked one ends at once.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use sha2::{Digest, Sha256};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};
use uuid::Uuid;

use super::audit::Act;
use super::backend::Scope;
use super::{Store, StoreError, now_ms, secrets, within};
use crate::account::Permission;
use crate::tenant::TenantId;

/// What every token begins with, so that a scanner of sources knows one.
pub const TOKEN_PREFIX: &str = "sgn_";

/// How exact the time of the last use is, in milliseconds: it is not worth a write for every request.
const LAST_USE_EVERY_MS: i64 = 60_000;

/// A token as it is listed; the token itself is not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub id: String,
    pub name: String,
    /// `None`: the region, for the operator.
    pub tenant: Option<TenantId>,
    pub scopes: Vec<Permission>,
    /// Times in unix milliseconds.
    pub created_ms: i64,
    pub created_by: String,
    pub expires_ms: i64,
    pub revoked_ms: Option<i64>,
    pub last_used_ms: Option<i64>,
}

/// A token to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewToken {
    pub name: String,
    pub tenant: Option<TenantId>,
    pub scopes: Vec<Permission>,
    /// Unix time in milliseconds.
    pub expires_ms: i64,
}

/// What a text that may be a token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Presented {
    Good(Token),
    Expired,
    Revoked,
    Unknown,
}

impl Store {
    /// Makes a token and gives it, with its id; nobody can tell it again.
    ///
    /// # Errors
    /// [`StoreError::UnknownTenant`] when it is for a tenant that is not there.
    pub async fn create_token(&self, new: &NewToken) -> Result<(String, String), StoreError> {
        let text = format!("{TOKEN_PREFIX}{}", URL_SAFE_NO_PAD.encode(secrets::random::<32>()?));
        let id = format!("tk_{}", Uuid::now_v7().simple());
        let scopes: Vec<&str> = new.scopes.iter().map(|scope| scope.word()).collect();
        let tenant = new.tenant.as_ref().map(TenantId::as_str);
        within(async {
            let mut work = self.backend.write(Scope::Region).await?;
            if let Some(tenant) = tenant {
                let there = sqlx::query("SELECT id FROM tenant WHERE id = $1").bind(tenant).fetch_optional(&mut *work);
                there.await?.ok_or_else(|| StoreError::UnknownTenant(tenant.to_owned()))?;
            }
            sqlx::query(
                "INSERT INTO token (id, hash, name, tenant, scopes, created_ms, created_by, expires_ms) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            )
            .bind(id.as_str())
            .bind(hash(&text))
            .bind(new.name.as_str())
            .bind(tenant)
            .bind(scopes.join(" "))
            .bind(now_ms())
            .bind(&*self.terms.author)
            .bind(new.expires_ms)
            .execute(&mut *work)
            .await?;
            let after = json!({"name": new.name, "scopes": scopes, "expires_ms": new.expires_ms});
            let act =
                Act { tenant, action: "token.create", object: &id, before: None, after: Some(after), revision: None };
            self.witness(&mut work, act).await?;
            Ok(work.commit().await?)
        })
        .await?;
        Ok((id, text))
    }

    /// All tokens, or those of one tenant, the newest first.
    pub async fn tokens(&self, tenant: Option<&TenantId>) -> Result<Vec<Token>, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Region).await?;
            let rows = match tenant {
                Some(tenant) => {
                    let query = sqlx::query("SELECT * FROM token WHERE tenant = $1 ORDER BY id DESC");
                    query.bind(tenant.as_str()).fetch_all(&mut *work).await?
                }
                None => sqlx::query("SELECT * FROM token ORDER BY id DESC").fetch_all(&mut *work).await?,
            };
            rows.iter().map(token).collect()
        })
        .await
    }

    /// Ends a token at once. One that is revoked already stays so.
    ///
    /// # Errors
    /// [`StoreError::UnknownToken`].
    pub async fn revoke_token(&self, id: &str) -> Result<(), StoreError> {
        within(async {
            let mut work = self.backend.write(Scope::Region).await?;
            let row = sqlx::query("SELECT * FROM token WHERE id = $1").bind(id).fetch_optional(&mut *work).await?;
            let known = row.as_ref().map(token).transpose()?.ok_or_else(|| StoreError::UnknownToken(id.to_owned()))?;
            sqlx::query("UPDATE token SET revoked_ms = $1 WHERE id = $2 AND revoked_ms IS NULL")
                .bind(now_ms())
                .bind(id)
                .execute(&mut *work)
                .await?;
            let before = Some(json!({"name": known.name}));
            let tenant = known.tenant.as_ref().map(TenantId::as_str);
            let act = Act { tenant, action: "token.revoke", object: id, before, after: None, revision: None };
            self.witness(&mut work, act).await?;
            Ok(work.commit().await?)
        })
        .await
    }

    /// What a text that somebody presents as a token is, and notes that it was used.
    pub async fn present_token(&self, text: &str) -> Result<Presented, StoreError> {
        let known = within(async {
            let mut work = self.backend.read(Scope::Region).await?;
            let row = sqlx::query("SELECT * FROM token WHERE hash = $1").bind(hash(text)).fetch_optional(&mut *work);
            row.await?.as_ref().map(token).transpose()
        })
        .await?;
        let now = now_ms();
        Ok(match known {
            None => Presented::Unknown,
            Some(token) if token.revoked_ms.is_some() => Presented::Revoked,
            Some(token) if token.expires_ms <= now => Presented::Expired,
            Some(token) => {
                if token.last_used_ms.is_none_or(|last| now - last >= LAST_USE_EVERY_MS) && !self.backend.is_standby() {
                    // Of use to people alone: a store that cannot write it now answers all the same.
                    let _ = self.note_use(&token.id, now).await;
                }
                Presented::Good(token)
            }
        })
    }

    async fn note_use(&self, id: &str, now_ms: i64) -> Result<(), StoreError> {
        within(async {
            let mut work = self.backend.write(Scope::Region).await?;
            note(&mut work, id, now_ms).await?;
            Ok(work.commit().await?)
        })
        .await
    }
}

async fn note(work: &mut AnyConnection, id: &str, now_ms: i64) -> Result<(), StoreError> {
    sqlx::query("UPDATE token SET last_used_ms = $1 WHERE id = $2").bind(now_ms).bind(id).execute(work).await?;
    Ok(())
}

/// SHA-256 in hex.
fn hash(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|octet| format!("{octet:02x}")).collect()
}

fn token(row: &AnyRow) -> Result<Token, StoreError> {
    let (tenant, scopes): (Option<&str>, &str) = (row.try_get("tenant")?, row.try_get("scopes")?);
    let corrupt = |what: &str| StoreError::Corrupt(format!("{what} of a token"));
    Ok(Token {
        id: row.try_get("id")?,
        name: row.try_get("name")?,
        tenant: tenant.map(|id| TenantId::parse(id).ok_or_else(|| corrupt("the tenant"))).transpose()?,
        // A scope that a later program knows permits nothing here.
        scopes: scopes.split(' ').filter_map(Permission::parse).collect(),
        created_ms: row.try_get("created_ms")?,
        created_by: row.try_get("created_by")?,
        expires_ms: row.try_get("expires_ms")?,
        revoked_ms: row.try_get("revoked_ms")?,
        last_used_ms: row.try_get("last_used_ms")?,
    })
}
