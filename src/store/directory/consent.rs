//! Consent that was asked for: what its answer must carry, for one answer and for a time.
//!
//! Of the secret word in the link only a digest is kept. An answer tells us no more than when to look: whether consent
//! was given is told by Microsoft alone, with a token. Until then the word stays good, so that an answer for which
//! Microsoft had no time can be given again; it is used up by the transaction that believes it.

use aws_lc_rs::digest::{SHA256, digest};
use serde_json::{Value, json};
use sqlx::AnyConnection;

use super::{may_be_read, within};
use crate::directory::Depth;
use crate::store::audit::Act;
use crate::store::backend::Scope;
use crate::store::{Store, StoreError, now_ms};
use crate::tenant::TenantId;

/// How long an administrator may take to answer, in milliseconds.
const ANSWER_MS: i64 = 3_600_000;

impl Store {
    /// Makes the word by which an answer to this request for consent is known. An earlier one counts no more. On trial
    /// the word is good for nothing.
    ///
    /// # Errors
    /// [`StoreError::NoDirectory`] when the tenant file asks for no directory.
    pub async fn ask_for_consent(&self, tenant: &TenantId) -> Result<String, StoreError> {
        let mut random = [0; 32];
        aws_lc_rs::rand::fill(&mut random).map_err(|_| StoreError::Unavailable("no randomness".to_owned()))?;
        let (state, id) = (hex(&random), tenant.as_str());
        within(async {
            let mut work = self.backend.write(Scope::Tenant(id)).await?;
            self.expect(&mut work, id).await?;
            may_be_read(&mut work, id, now_ms()).await?;
            let until_ms = now_ms().saturating_add(ANSWER_MS);
            let asked =
                sqlx::query("UPDATE directory SET asked_digest = $1, asked_ms = $2 WHERE tenant = $3 AND enabled = 1")
                    .bind(hex(digest(&SHA256, state.as_bytes()).as_ref()))
                    .bind(until_ms)
                    .bind(id)
                    .execute(&mut *work)
                    .await?;
            if asked.rows_affected() == 0 {
                return Err(StoreError::NoDirectory(id.to_owned()));
            }
            self.witness_consent(&mut work, id, json!({"asked_until_ms": until_ms})).await?;
            self.settle(work).await?;
            Ok(state)
        })
        .await
    }

    /// Whether this word belongs to the tenant's request and is still good.
    pub async fn consent_is_asked(&self, tenant: &TenantId, state: &str) -> Result<bool, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Tenant(tenant.as_str())).await?;
            self.expect(&mut work, tenant.as_str()).await?;
            let asked = sqlx::query(
                "SELECT tenant FROM directory WHERE tenant = $1 AND enabled = 1 AND asked_digest = $2 AND asked_ms > $3",
            )
            .bind(tenant.as_str())
            .bind(hex(digest(&SHA256, state.as_bytes()).as_ref()))
            .bind(now_ms());
            Ok(asked.fetch_optional(&mut *work).await?.is_some())
        })
        .await
    }

    /// Microsoft has given a token to whom this word was given: the word is used up, and the directory is read at once,
    /// whatever went wrong before. `false`: the word is not good any more, and nothing is changed.
    pub async fn consent_given(&self, tenant: &TenantId, state: &str) -> Result<bool, StoreError> {
        let (id, now) = (tenant.as_str(), now_ms());
        within(async {
            let mut work = self.backend.write(Scope::Tenant(id)).await?;
            self.expect(&mut work, id).await?;
            let given = sqlx::query(
                "UPDATE directory SET asked_digest = NULL, asked_ms = NULL, granted_ms = $1, failures = 0 \
                 WHERE tenant = $2 AND enabled = 1 AND asked_digest = $3 AND asked_ms > $1",
            )
            .bind(now)
            .bind(id)
            .bind(hex(digest(&SHA256, state.as_bytes()).as_ref()))
            .execute(&mut *work)
            .await?;
            if given.rows_affected() == 0 {
                return Ok(false);
            }
            // A run that began without consent fails, and is not to say when the next one begins.
            super::begin_anew(&mut work, id, Depth::Changes, now).await?;
            self.witness_consent(&mut work, id, json!({"granted_ms": now})).await?;
            self.settle(work).await?;
            Ok(true)
        })
        .await
    }

    async fn witness_consent(&self, work: &mut AnyConnection, tenant: &str, after: Value) -> Result<(), StoreError> {
        let (action, after) = ("directory.consent", Some(after));
        let act = Act { tenant: Some(tenant), action, object: "", before: None, after, revision: None };
        self.witness(work, act).await
    }
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}
