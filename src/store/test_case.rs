//! Test cases of tenants, and the gate before a change of signatures: it is made only when all of them pass on what it
//! makes, in the same transaction.

use jiff::Timestamp;
use serde_json::json;
use sqlx::{AnyConnection, Row};
use uuid::Uuid;

use super::audit::Act;
use super::backend::Scope;
use super::put::json as text;
use super::{Cast, Store, StoreError, now_ms, read, within};
use crate::tenant::{Deviation, Snapshot, TenantId, TestCase};

/// Cases of one tenant.
const MOST: i64 = 200;

/// A case as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCase {
    pub id: String,
    pub time_ms: i64,
    pub author: String,
    pub case: TestCase,
}

/// A case that would get something else than it expects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedCase {
    pub id: String,
    pub name: String,
    pub deviations: Vec<Deviation>,
}

/// Whether a change of signatures is made when test cases fail.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Cases {
    /// Nobody asks: the operator's commands.
    #[default]
    NotAsked,
    MustPass,
    /// They may fail; that they did is written down.
    MayFail,
}

impl Store {
    /// All test cases of a tenant, by their ids, each with whether it passes now.
    pub async fn test_cases(&self, tenant: &TenantId) -> Result<Vec<(StoredCase, Vec<Deviation>)>, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Tenant(tenant.as_str())).await?;
            read::settings(&mut work, tenant).await?;
            let cases = stored(&mut work, tenant).await?;
            self.tried(&mut work, tenant, cases).await
        })
        .await
    }

    /// Keeps a new case. Gives its id.
    pub async fn create_test_case(&self, tenant: &TenantId, case: &TestCase) -> Result<String, StoreError> {
        let id = format!("tc_{}", Uuid::now_v7().simple());
        within(async {
            let mut work = self.open_cases(tenant, case).await?;
            let row = sqlx::query("SELECT COUNT(*) AS cases FROM test_case WHERE tenant = $1").bind(tenant.as_str());
            let there: i64 = row.fetch_one(&mut *work).await?.try_get("cases")?;
            if there >= MOST {
                return Err(StoreError::Full { what: "test cases", most: MOST });
            }
            sqlx::query("INSERT INTO test_case (tenant, id, time_ms, author, data) VALUES ($1, $2, $3, $4, $5)")
                .bind(tenant.as_str())
                .bind(id.as_str())
                .bind(now_ms())
                .bind(&*self.terms.author)
                .bind(text(case)?)
                .execute(&mut *work)
                .await?;
            self.witness_case(&mut work, tenant, "case.create", &id, Some(case)).await?;
            self.settle(work).await?;
            Ok(id.clone())
        })
        .await
    }

    pub async fn replace_test_case(&self, tenant: &TenantId, id: &str, case: &TestCase) -> Result<(), StoreError> {
        within(async {
            let mut work = self.open_cases(tenant, case).await?;
            let done =
                sqlx::query("UPDATE test_case SET time_ms = $1, author = $2, data = $3 WHERE tenant = $4 AND id = $5")
                    .bind(now_ms())
                    .bind(&*self.terms.author)
                    .bind(text(case)?)
                    .bind(tenant.as_str())
                    .bind(id)
                    .execute(&mut *work)
                    .await?;
            if done.rows_affected() == 0 {
                return Err(unknown(id));
            }
            self.witness_case(&mut work, tenant, "case.replace", id, Some(case)).await?;
            self.settle(work).await
        })
        .await
    }

    pub async fn delete_test_case(&self, tenant: &TenantId, id: &str) -> Result<(), StoreError> {
        within(async {
            let mut work = self.backend.write(Scope::Tenant(tenant.as_str())).await?;
            self.expect(&mut work, tenant.as_str()).await?;
            let done = sqlx::query("DELETE FROM test_case WHERE tenant = $1 AND id = $2")
                .bind(tenant.as_str())
                .bind(id)
                .execute(&mut *work)
                .await?;
            if done.rows_affected() == 0 {
                return Err(unknown(id));
            }
            self.witness_case(&mut work, tenant, "case.remove", id, None).await?;
            self.settle(work).await
        })
        .await
    }

    async fn open_cases(
        &self,
        tenant: &TenantId,
        case: &TestCase,
    ) -> Result<sqlx::Transaction<'static, sqlx::Any>, StoreError> {
        let problems = case.problems();
        if !problems.is_empty() {
            return Err(StoreError::Problems(problems));
        }
        let mut work = self.backend.write(Scope::Tenant(tenant.as_str())).await?;
        self.expect(&mut work, tenant.as_str()).await?;
        read::settings(&mut work, tenant).await?;
        Ok(work)
    }

    /// No address stands in the audit trail: the name alone.
    async fn witness_case(
        &self,
        work: &mut AnyConnection,
        tenant: &TenantId,
        action: &'static str,
        id: &str,
        case: Option<&TestCase>,
    ) -> Result<(), StoreError> {
        let after = case.map(|case| json!({"name": case.name}));
        let tenant = Some(tenant.as_str());
        self.witness(work, Act { tenant, action, object: id, before: None, after, revision: None }).await
    }

    /// The gate: all cases pass on the tenant as this transaction has made it, or the change is not made.
    pub(super) async fn try_cases(&self, work: &mut AnyConnection, tenant: &TenantId) -> Result<(), StoreError> {
        if self.terms.cases == Cases::NotAsked {
            return Ok(());
        }
        let cases = stored(work, tenant).await?;
        let tried = self.tried(work, tenant, cases).await?;
        let failed = tried.into_iter().filter(|(_, deviations)| !deviations.is_empty());
        let failed: Vec<FailedCase> = failed
            .map(|(StoredCase { id, case, .. }, deviations)| FailedCase { id, name: case.name, deviations })
            .collect();
        match self.terms.cases {
            _ if failed.is_empty() => Ok(()),
            Cases::MayFail => {
                let names: Vec<&str> = failed.iter().map(|case| case.name.as_str()).collect();
                let (tenant, action) = (Some(tenant.as_str()), "case.override");
                let after = Some(json!({"failed": names}));
                self.witness(work, Act { tenant, action, object: "", before: None, after, revision: None }).await
            }
            Cases::MustPass | Cases::NotAsked => Err(StoreError::Cases(failed)),
        }
    }

    async fn tried(
        &self,
        work: &mut AnyConnection,
        tenant: &TenantId,
        cases: Vec<StoredCase>,
    ) -> Result<Vec<(StoredCase, Vec<Deviation>)>, StoreError> {
        if cases.is_empty() {
            return Ok(Vec::new());
        }
        let mut addresses: Vec<String> = cases.iter().flat_map(|one| one.case.message.addresses()).collect();
        addresses.sort();
        addresses.dedup();
        let scene = self.stage(work, tenant, &Cast { addresses, ..Cast::default() }).await?;
        let stored = scene.ok_or_else(|| StoreError::UnknownTenant(tenant.as_str().to_owned()))?;
        let trying = tokio::task::spawn_blocking(move || {
            let snapshot = Snapshot::compile(stored.file, stored.secrets, stored.revision);
            let snapshot = snapshot.map_err(StoreError::Problems)?;
            let now = Timestamp::now();
            let tried = cases.into_iter().map(|one| {
                let deviations = one.case.deviations(&snapshot, now);
                (one, deviations)
            });
            Ok(tried.collect())
        });
        trying.await.unwrap_or(Err(StoreError::Timeout))
    }
}

async fn stored(work: &mut AnyConnection, tenant: &TenantId) -> Result<Vec<StoredCase>, StoreError> {
    let rows = sqlx::query("SELECT id, time_ms, author, data FROM test_case WHERE tenant = $1 ORDER BY id");
    let rows = rows.bind(tenant.as_str()).fetch_all(work).await?;
    let one = |row: &sqlx::any::AnyRow| {
        Ok(StoredCase {
            id: row.try_get("id")?,
            time_ms: row.try_get("time_ms")?,
            author: row.try_get("author")?,
            case: read::parse(row.try_get("data")?)?,
        })
    };
    rows.iter().map(one).collect()
}

fn unknown(id: &str) -> StoreError {
    StoreError::Unknown { what: "test case", id: id.to_owned() }
}
