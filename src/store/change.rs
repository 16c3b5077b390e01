//! Every change of a tenant: one transaction, one new revision.

use sqlx::{Acquire, Row, SqliteConnection};

use super::{Store, StoreError, claim, feed, now_ms, read, secrets, within};
use crate::tenant::{Mode, Revision, TenantFile, TenantId};

impl Store {
    /// Takes a tenant file, new or changed. At the first import the tenant's secrets are made; later imports keep
    /// them.
    ///
    /// # Errors
    /// [`StoreError::Problems`] with everything that is wrong with the file, claims of other tenants included.
    /// Nothing is changed then.
    pub async fn import(&self, file: &TenantFile) -> Result<Revision, StoreError> {
        let problems = file.problems();
        if !problems.is_empty() {
            return Err(StoreError::Problems(problems));
        }
        within(async {
            let mut work = self.pool.begin().await?;
            let revision = self.take(&mut work, file).await?;
            work.commit().await?;
            Ok(revision)
        })
        .await
    }

    /// Takes many tenant files as [`Store::import`] takes one, each whole or not at all, and makes them lasting
    /// together, which is most of what an import costs. No more than a hundred, for others wait to write meanwhile.
    ///
    /// # Errors
    /// When nothing could be made lasting; what is wrong with a file is told in its place.
    pub async fn import_all(&self, files: &[TenantFile]) -> Result<Vec<Result<Revision, StoreError>>, StoreError> {
        within(async {
            let mut taken = Vec::with_capacity(files.len());
            let mut all = self.pool.begin().await?;
            // The one writer's place at once: a transaction that has begun to read may not get it any more.
            sqlx::query("UPDATE feed SET change_number = change_number WHERE id = 'tenant'").execute(&mut *all).await?;
            for file in files {
                let problems = file.problems();
                if !problems.is_empty() {
                    taken.push(Err(StoreError::Problems(problems)));
                    continue;
                }
                let mut work = all.begin().await?;
                match self.take(&mut work, file).await {
                    Ok(revision) => {
                        work.commit().await?;
                        taken.push(Ok(revision));
                    }
                    Err(refused @ StoreError::Problems(_)) => {
                        work.rollback().await?;
                        taken.push(Err(refused));
                    }
                    Err(error) => return Err(error),
                }
            }
            all.commit().await?;
            Ok(taken)
        })
        .await
    }

    async fn take(&self, work: &mut SqliteConnection, file: &TenantFile) -> Result<Revision, StoreError> {
        let (id, now) = (file.id.as_str(), now_ms());
        let revision = next_revision(work, id, now).await?;
        sqlx::query(
            "INSERT INTO tenant (id, name, file, created_ms, changed_ms) VALUES ($1, $2, $3, $4, $4) \
             ON CONFLICT (id) DO UPDATE SET name = excluded.name, file = excluded.file, \
             changed_ms = excluded.changed_ms",
        )
        .bind(id)
        .bind(&file.name)
        .bind(to_json(file)?)
        .bind(now)
        .execute(&mut *work)
        .await?;
        claim::replace(work, file).await?;
        let sealed = secrets::seal(&self.key, id, &secrets::make()?)?;
        sqlx::query("INSERT INTO secret (tenant, sealed) VALUES ($1, $2) ON CONFLICT (tenant) DO NOTHING")
            .bind(id)
            .bind(sealed)
            .execute(work)
            .await?;
        Ok(revision)
    }

    /// Changes how far the service is switched on for a tenant.
    pub async fn set_mode(&self, tenant: &TenantId, mode: Mode) -> Result<Revision, StoreError> {
        within(async {
            let (id, now) = (tenant.as_str(), now_ms());
            let mut work = self.pool.begin().await?;
            let revision = next_revision(&mut work, id, now).await?;
            let row = sqlx::query("SELECT file FROM tenant WHERE id = $1").bind(id).fetch_optional(&mut *work).await?;
            let row = row.ok_or_else(|| StoreError::UnknownTenant(id.to_owned()))?;
            let mut file = read::file(row.try_get("file")?)?;
            file.mode = mode;
            let problems = file.problems();
            if !problems.is_empty() {
                return Err(StoreError::Problems(problems));
            }
            sqlx::query("UPDATE tenant SET file = $2, changed_ms = $3 WHERE id = $1")
                .bind(id)
                .bind(to_json(&file)?)
                .bind(now)
                .execute(&mut *work)
                .await?;
            work.commit().await?;
            Ok(revision)
        })
        .await
    }

    /// How many days the tenant's decision records are kept; 0 keeps none.
    pub async fn set_retention(&self, tenant: &TenantId, days: u32) -> Result<(), StoreError> {
        if days > 365 {
            return Err(StoreError::Retention(days));
        }
        within(async {
            let done = sqlx::query("UPDATE tenant SET retention_days = $2 WHERE id = $1")
                .bind(tenant.as_str())
                .bind(i64::from(days))
                .execute(&self.pool)
                .await?;
            match done.rows_affected() {
                0 => Err(StoreError::UnknownTenant(tenant.as_str().to_owned())),
                _ => Ok(()),
            }
        })
        .await
    }

    /// Removes a tenant with its secrets, certificate and records. What was sealed for it never opens again.
    pub async fn delete(&self, tenant: &TenantId) -> Result<(), StoreError> {
        within(async {
            let (id, now) = (tenant.as_str(), now_ms());
            let mut work = self.pool.begin().await?;
            next_revision(&mut work, id, now).await?;
            sqlx::query("UPDATE revision SET deleted = 1 WHERE tenant = $1").bind(id).execute(&mut *work).await?;
            let done = sqlx::query("DELETE FROM tenant WHERE id = $1").bind(id).execute(&mut *work).await?;
            if done.rows_affected() == 0 {
                return Err(StoreError::UnknownTenant(id.to_owned()));
            }
            Ok(work.commit().await?)
        })
        .await
    }
}

/// The next revision of a tenant. First in each transaction: it takes the one writer's place, so that no other
/// change comes between what is read and what is written.
pub(super) async fn next_revision(
    work: &mut SqliteConnection,
    tenant: &str,
    now_ms: i64,
) -> Result<Revision, StoreError> {
    let number = feed::next_number(work).await?;
    let row = sqlx::query(
        "INSERT INTO revision (tenant, revision, changed_ms, deleted, change_number) VALUES ($1, 1, $2, 0, $3) \
         ON CONFLICT (tenant) DO UPDATE SET revision = revision.revision + 1, changed_ms = excluded.changed_ms, \
         deleted = 0, change_number = excluded.change_number RETURNING revision",
    )
    .bind(tenant)
    .bind(now_ms)
    .bind(number)
    .fetch_one(work)
    .await?;
    read::revision(row.try_get("revision")?)
}

/// Marks a tenant as changed.
pub(super) async fn touch(work: &mut SqliteConnection, tenant: &str, now_ms: i64) -> Result<(), StoreError> {
    let done =
        sqlx::query("UPDATE tenant SET changed_ms = $2 WHERE id = $1").bind(tenant).bind(now_ms).execute(work).await?;
    match done.rows_affected() {
        0 => Err(StoreError::UnknownTenant(tenant.to_owned())),
        _ => Ok(()),
    }
}

fn to_json(file: &TenantFile) -> Result<String, StoreError> {
    serde_json::to_string(file).map_err(|error| StoreError::Corrupt(error.to_string()))
}
