//! Whether a tenant may use what is paid for: the reading of its directory (requirement P28). Mail never asks here.
//!
//! A tenant that its operator has made may, until the operator says otherwise. One that somebody made by signing up has
//! to begin its trial first, once.

use serde_json::json;
use sqlx::{AnyConnection, Row};

use super::audit::Act;
use super::backend::Scope;
use super::{Store, StoreError, read, within};
use crate::tenant::TenantId;

/// What a tenant may use, and for how long. Unix times in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subscription {
    /// Neither a trial was begun nor anything subscribed.
    None,
    Trial {
        since_ms: i64,
        ends_ms: i64,
    },
    /// `ends_ms`: `None` is without end.
    Subscribed {
        ends_ms: Option<i64>,
    },
}

impl Subscription {
    pub fn is_in_force(self, now_ms: i64) -> bool {
        match self {
            Subscription::None => false,
            Subscription::Trial { ends_ms, .. } => now_ms < ends_ms,
            Subscription::Subscribed { ends_ms } => ends_ms.is_none_or(|ends| now_ms < ends),
        }
    }
}

impl Store {
    pub async fn subscription(&self, tenant: &TenantId) -> Result<Subscription, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Tenant(tenant.as_str())).await?;
            of(&mut work, tenant.as_str()).await
        })
        .await
    }

    /// Begins the trial of a tenant; the directory is read at once, if there is one to read.
    ///
    /// # Errors
    /// [`StoreError::HadTrial`] when it was begun before, or is not needed.
    pub async fn begin_trial(&self, tenant: &TenantId, now_ms: i64, lasts_ms: i64) -> Result<Subscription, StoreError> {
        let trial = Subscription::Trial { since_ms: now_ms, ends_ms: now_ms.saturating_add(lasts_ms) };
        within(async {
            let id = tenant.as_str();
            let mut work = self.backend.write(Scope::Tenant(id)).await?;
            self.expect(&mut work, id).await?;
            read::settings(&mut work, tenant).await?;
            if of(&mut work, id).await? != Subscription::None {
                return Err(StoreError::HadTrial(id.to_owned()));
            }
            self.put_subscription(&mut work, id, trial, now_ms).await?;
            self.settle(work).await?;
            Ok(trial)
        })
        .await
    }

    /// Says on the word of the operator until when a tenant is subscribed.
    pub async fn subscribe(&self, tenant: &TenantId, ends_ms: Option<i64>, now_ms: i64) -> Result<(), StoreError> {
        within(async {
            let mut work = self.backend.write(Scope::Tenant(tenant.as_str())).await?;
            read::settings(&mut work, tenant).await?;
            self.put_subscription(&mut work, tenant.as_str(), Subscription::Subscribed { ends_ms }, now_ms).await?;
            self.settle(work).await
        })
        .await
    }

    async fn put_subscription(
        &self,
        work: &mut AnyConnection,
        tenant: &str,
        subscription: Subscription,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let (state, ends_ms) = words(subscription);
        sqlx::query(
            "INSERT INTO subscription (tenant, state, since_ms, ends_ms) VALUES ($1, $2, $3, $4) ON CONFLICT (tenant) \
             DO UPDATE SET state = excluded.state, since_ms = excluded.since_ms, ends_ms = excluded.ends_ms",
        )
        .bind(tenant)
        .bind(state)
        .bind(now_ms)
        .bind(ends_ms)
        .execute(&mut *work)
        .await?;
        // What was put off for want of it has waited long enough.
        sqlx::query("UPDATE directory SET due_ms = $1 WHERE tenant = $2")
            .bind(now_ms)
            .bind(tenant)
            .execute(&mut *work)
            .await?;
        let after = Some(json!({"state": state, "ends_ms": ends_ms}));
        let act =
            Act { tenant: Some(tenant), action: "subscription.set", object: "", before: None, after, revision: None };
        self.witness(work, act).await
    }
}

/// Somebody has made the tenant by signing up: there is no subscription until one is begun.
pub(super) async fn none_yet(work: &mut AnyConnection, tenant: &str, now_ms: i64) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO subscription (tenant, state, since_ms) VALUES ($1, 'none', $2) ON CONFLICT (tenant) DO NOTHING",
    )
    .bind(tenant)
    .bind(now_ms)
    .execute(work)
    .await?;
    Ok(())
}

/// # Errors
/// [`StoreError::NotSubscribed`] while nothing is in force.
pub(super) async fn must_be_in_force(work: &mut AnyConnection, tenant: &str, now_ms: i64) -> Result<(), StoreError> {
    match of(work, tenant).await?.is_in_force(now_ms) {
        true => Ok(()),
        false => Err(StoreError::NotSubscribed(tenant.to_owned())),
    }
}

async fn of(work: &mut AnyConnection, tenant: &str) -> Result<Subscription, StoreError> {
    let row = sqlx::query("SELECT state, since_ms, ends_ms FROM subscription WHERE tenant = $1").bind(tenant);
    let Some(row) = row.fetch_optional(work).await? else { return Ok(Subscription::Subscribed { ends_ms: None }) };
    let (state, ends_ms): (String, Option<i64>) = (row.try_get("state")?, row.try_get("ends_ms")?);
    match (state.as_str(), ends_ms) {
        ("none", _) => Ok(Subscription::None),
        ("trial", Some(ends_ms)) => Ok(Subscription::Trial { since_ms: row.try_get("since_ms")?, ends_ms }),
        ("subscribed", ends_ms) => Ok(Subscription::Subscribed { ends_ms }),
        _ => Err(StoreError::Corrupt(format!("a subscription of the state {state}"))),
    }
}

fn words(subscription: Subscription) -> (&'static str, Option<i64>) {
    match subscription {
        Subscription::None => ("none", None),
        Subscription::Trial { ends_ms, .. } => ("trial", Some(ends_ms)),
        Subscription::Subscribed { ends_ms } => ("subscribed", ends_ms),
    }
}
