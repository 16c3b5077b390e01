//! Consent that was asked for: what its answer must carry, for one answer and for a time.
//!
//! Of the secret word in the link only a digest is kept. An answer tells us no more than when to look: whether consent
//! was given is told by Microsoft alone, with a token.

use aws_lc_rs::digest::{SHA256, digest};

use super::within;
use crate::directory::Depth;
use crate::store::backend::Scope;
use crate::store::{Store, StoreError, now_ms};
use crate::tenant::TenantId;

/// How long an administrator may take to answer, in milliseconds.
const ANSWER_MS: i64 = 3_600_000;

impl Store {
    /// Makes the word by which an answer to this request for consent is known. An earlier one counts no more.
    ///
    /// # Errors
    /// [`StoreError::NoDirectory`] when the tenant file asks for no directory.
    pub async fn ask_for_consent(&self, tenant: &TenantId) -> Result<String, StoreError> {
        let mut random = [0; 32];
        aws_lc_rs::rand::fill(&mut random).map_err(|_| StoreError::Unavailable("no randomness".to_owned()))?;
        let state = hex(&random);
        within(async {
            let mut work = self.backend.write(Scope::Tenant(tenant.as_str())).await?;
            let asked =
                sqlx::query("UPDATE directory SET asked_digest = $1, asked_ms = $2 WHERE tenant = $3 AND enabled = 1")
                    .bind(hex(digest(&SHA256, state.as_bytes()).as_ref()))
                    .bind(now_ms().saturating_add(ANSWER_MS))
                    .bind(tenant.as_str())
                    .execute(&mut *work)
                    .await?;
            work.commit().await?;
            match asked.rows_affected() {
                0 => Err(StoreError::NoDirectory(tenant.as_str().to_owned())),
                _ => Ok(state),
            }
        })
        .await
    }

    /// Whether this word belongs to the tenant's request; it is good once.
    pub async fn take_consent(&self, tenant: &TenantId, state: &str) -> Result<bool, StoreError> {
        within(async {
            let mut work = self.backend.write(Scope::Tenant(tenant.as_str())).await?;
            let taken = sqlx::query(
                "UPDATE directory SET asked_digest = NULL, asked_ms = NULL WHERE tenant = $1 AND asked_digest = $2 \
                 AND asked_ms > $3",
            )
            .bind(tenant.as_str())
            .bind(hex(digest(&SHA256, state.as_bytes()).as_ref()))
            .bind(now_ms())
            .execute(&mut *work)
            .await?;
            work.commit().await?;
            Ok(taken.rows_affected() == 1)
        })
        .await
    }

    /// Microsoft has given a token: the directory is read at once, whatever went wrong before.
    pub async fn consent_given(&self, tenant: &TenantId) -> Result<(), StoreError> {
        within(async {
            let mut work = self.backend.write(Scope::Tenant(tenant.as_str())).await?;
            let now = now_ms();
            // A run that began without consent fails, and is not to say when the next one begins.
            super::begin_anew(&mut work, tenant.as_str(), Depth::Changes, now).await?;
            sqlx::query("UPDATE directory SET granted_ms = $1, failures = 0 WHERE tenant = $2")
                .bind(now)
                .bind(tenant.as_str())
                .execute(&mut *work)
                .await?;
            Ok(work.commit().await?)
        })
        .await
    }
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}
