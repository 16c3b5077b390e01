//! What is asked of the tenants: one, all, a list.

use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::{Everyone, Listed, Store, StoreError, Stored, secrets, within};
use crate::tenant::{Revision, TenantFile, TenantId};

const STORED: &str = "SELECT tenant.id, tenant.file, secret.sealed, revision.revision FROM tenant \
                      JOIN secret ON secret.tenant = tenant.id JOIN revision ON revision.tenant = tenant.id";

impl Store {
    /// One tenant with its secrets.
    pub async fn load(&self, tenant: &TenantId) -> Result<Option<Stored>, StoreError> {
        within(async {
            let row = sqlx::query(sqlx::AssertSqlSafe(format!("{STORED} WHERE tenant.id = $1")))
                .bind(tenant.as_str())
                .fetch_optional(&self.pool)
                .await?;
            row.map(|row| self.stored(&row)).transpose()
        })
        .await
    }

    /// All tenants with their secrets, by id.
    pub async fn tenants(&self) -> Result<Everyone, StoreError> {
        within(async {
            let rows =
                sqlx::query(sqlx::AssertSqlSafe(format!("{STORED} ORDER BY tenant.id"))).fetch_all(&self.pool).await?;
            let mut everyone = Everyone::default();
            for row in rows {
                match self.stored(&row) {
                    Ok(stored) => everyone.tenants.push(stored),
                    Err(error) => everyone.broken.push((row.try_get("id")?, error)),
                }
            }
            Ok(everyone)
        })
        .await
    }

    /// The tenant's file as it was imported, without any secret.
    pub async fn export(&self, tenant: &TenantId) -> Result<Option<TenantFile>, StoreError> {
        within(async {
            let row = sqlx::query("SELECT file FROM tenant WHERE id = $1")
                .bind(tenant.as_str())
                .fetch_optional(&self.pool)
                .await?;
            row.map(|row| file(row.try_get("file")?)).transpose()
        })
        .await
    }

    /// All tenants in short, by id.
    pub async fn list(&self) -> Result<Vec<Listed>, StoreError> {
        within(async {
            let rows = sqlx::query(
                "SELECT tenant.file, revision.revision, certificate.not_after_ms FROM tenant \
                 JOIN revision ON revision.tenant = tenant.id \
                 LEFT JOIN certificate ON certificate.tenant = tenant.id ORDER BY tenant.id",
            )
            .fetch_all(&self.pool)
            .await?;
            rows.iter().map(listed).collect()
        })
        .await
    }

    pub(super) fn stored(&self, row: &SqliteRow) -> Result<Stored, StoreError> {
        let file = file(row.try_get("file")?)?;
        let sealed: String = row.try_get("sealed")?;
        // By the row's own id: a file put under another tenant's name opens nothing.
        let id: String = row.try_get("id")?;
        if file.id.as_str() != id {
            return Err(StoreError::Corrupt(format!("tenant {id} has the file of another")));
        }
        let secrets = secrets::open(&self.key, &id, &sealed)?;
        Ok(Stored { file, secrets, revision: revision(row.try_get("revision")?)? })
    }
}

pub(super) fn file(json: String) -> Result<TenantFile, StoreError> {
    serde_json::from_str(&json).map_err(|error| StoreError::Corrupt(format!("a tenant file: {error}")))
}

pub(super) fn revision(number: i64) -> Result<Revision, StoreError> {
    u64::try_from(number).map(Revision).map_err(|_| StoreError::Corrupt(format!("revision {number}")))
}

fn listed(row: &SqliteRow) -> Result<Listed, StoreError> {
    let file = file(row.try_get("file")?)?;
    Ok(Listed {
        id: file.id,
        name: file.name,
        mode: file.mode,
        domains: file.domains,
        revision: revision(row.try_get("revision")?)?,
        certificate_not_after_ms: row.try_get("not_after_ms")?,
    })
}
