//! A tenant's client certificate, by which its next hop knows us.
//!
//! Taken only when chain and key parse, belong together and the certificate is not past its end; the key is sealed.

use sqlx::Row;
use sqlx::any::AnyRow;

use super::audit::Act;
use super::backend::Scope;
use super::change::Touches;
use super::{SealKey, Store, StoreError, now_ms, within};
use crate::config::Pair;
use crate::tenant::TenantId;

pub(super) const WHAT: &str = "certificate";

/// A chain and its key, both PEM.
#[derive(Clone, PartialEq, Eq)]
pub struct ClientCertificate {
    pub chain_pem: Vec<u8>,
    pub key_pem: Vec<u8>,
    /// End of the certificate's life, unix time in milliseconds.
    pub not_after_ms: i64,
}

impl std::fmt::Debug for ClientCertificate {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "ClientCertificate(until {})", self.not_after_ms)
    }
}

impl Drop for ClientCertificate {
    fn drop(&mut self) {
        self.key_pem.fill(0);
        std::hint::black_box(&self.key_pem);
    }
}

impl Store {
    /// Replaces the tenant's client certificate. The edges take it up with the tenant's new revision.
    pub async fn set_certificate(&self, tenant: &TenantId, chain_pem: &[u8], key_pem: &[u8]) -> Result<(), StoreError> {
        let pair = Pair::parse(chain_pem, key_pem).map_err(StoreError::Pair)?;
        let now = now_ms();
        if pair.not_after_ms <= now {
            return Err(StoreError::Expired);
        }
        let chain = String::from_utf8_lossy(chain_pem).into_owned();
        within(async {
            let id = tenant.as_str();
            let mut work = self.backend.write(Scope::Tenant(id)).await?;
            let revision = self.begin_change(&mut work, id, now, Touches::Rules).await?;
            let known = sqlx::query("UPDATE tenant SET changed_ms = $1 WHERE id = $2").bind(now).bind(id);
            if known.execute(&mut *work).await?.rows_affected() == 0 {
                return Err(StoreError::UnknownTenant(id.to_owned()));
            }
            let sealed = self.sealer(&mut work).await?.seal(WHAT, id, key_pem)?;
            sqlx::query(
                "INSERT INTO certificate (tenant, chain, sealed_key, not_after_ms, changed_ms) \
                 VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant) DO UPDATE SET chain = excluded.chain, \
                 sealed_key = excluded.sealed_key, not_after_ms = excluded.not_after_ms, \
                 changed_ms = excluded.changed_ms",
            )
            .bind(id)
            .bind(chain)
            .bind(sealed)
            .bind(pair.not_after_ms)
            .bind(now)
            .execute(&mut *work)
            .await?;
            let after = Some(serde_json::json!({"not_after_ms": pair.not_after_ms, "names": pair.names}));
            let act = Act {
                tenant: Some(id),
                action: "certificate.set",
                object: "",
                before: None,
                after,
                revision: Some(revision),
            };
            self.witness(&mut work, act).await?;
            self.finish(work, &[id]).await
        })
        .await
    }

    /// The tenant's client certificate, if it has one.
    pub async fn certificate(&self, tenant: &TenantId) -> Result<Option<ClientCertificate>, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Tenant(tenant.as_str())).await?;
            let row = sqlx::query("SELECT chain, sealed_key, not_after_ms FROM certificate WHERE tenant = $1")
                .bind(tenant.as_str())
                .fetch_optional(&mut *work)
                .await?;
            row.map(|row| Texts::of(&row)?.open(&self.key, tenant)).transpose()
        })
        .await
    }
}

/// A certificate as it is stored.
pub(super) struct Texts {
    chain: String,
    sealed_key: String,
    not_after_ms: i64,
}

impl Texts {
    /// From a row with `chain`, `sealed_key` and `not_after_ms`.
    pub fn of(row: &AnyRow) -> Result<Texts, StoreError> {
        let (chain, sealed_key) = (row.try_get("chain")?, row.try_get("sealed_key")?);
        Ok(Texts { chain, sealed_key, not_after_ms: row.try_get("not_after_ms")? })
    }

    pub fn open(&self, key: &SealKey, tenant: &TenantId) -> Result<ClientCertificate, StoreError> {
        Ok(ClientCertificate {
            chain_pem: self.chain.clone().into_bytes(),
            key_pem: key.open(WHAT, tenant.as_str(), &self.sealed_key)?,
            not_after_ms: self.not_after_ms,
        })
    }

    pub fn octets(&self) -> usize {
        self.chain.len() + self.sealed_key.len()
    }
}
