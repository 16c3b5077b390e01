//! What of the directory is read, as a change of the tenant file; and the end of it.

use serde_json::json;

use super::sink::Writing;
use super::{may_be_read, patience, within, within_for};
use crate::store::audit::Act;
use crate::store::backend::{Scope, allow};
use crate::store::change::Touches;
use crate::store::{Store, StoreError, now_ms, put, read};
use crate::tenant::{DirectoryEntry, Revision, TenantId};

impl Store {
    /// The organisation's id at Microsoft, as the tenant file has it.
    pub async fn organisation(&self, tenant: &TenantId) -> Result<Option<String>, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Tenant(tenant.as_str())).await?;
            Ok(read::settings(&mut work, tenant).await?.microsoft_tenant_id)
        })
        .await
    }

    /// Reads the directory from now on, in this way. The next run begins at once.
    ///
    /// # Errors
    /// [`StoreError::Problems`] with what cannot be asked for.
    pub async fn set_directory(&self, tenant: &TenantId, directory: DirectoryEntry) -> Result<Revision, StoreError> {
        within(async {
            let (id, now) = (tenant.as_str(), now_ms());
            let mut work = self.backend.write(Scope::Tenant(id)).await?;
            let revision = self.begin_change(&mut work, id, now, Touches::People).await?;
            let mut file = read::settings(&mut work, tenant).await?;
            may_be_read(&mut work, id, now).await?;
            let before = file.directory.replace(directory).map(|before| json!({"directory": before}));
            let after = Some(json!({"directory": file.directory}));
            let about = |place: &str| place.starts_with("/directory") || place.starts_with("/microsoft_tenant_id");
            let problems: Vec<_> = file.problems().into_iter().filter(|problem| about(&problem.place)).collect();
            if !problems.is_empty() {
                return Err(StoreError::Problems(problems));
            }
            put::settings(&mut work, &file, now).await?;
            let due = sqlx::query("UPDATE directory SET due_ms = $1 WHERE tenant = $2");
            due.bind(now).bind(id).execute(&mut *work).await?;
            let action = "directory.connect";
            let act = Act { tenant: Some(id), action, object: "", before, after, revision: Some(revision) };
            self.witness(&mut work, act).await?;
            self.finish(work, &[id]).await?;
            Ok(revision)
        })
        .await
    }

    /// Reads the directory no longer, and forgets its people and groups, photos and all. A run under way keeps
    /// nothing any more.
    ///
    /// # Errors
    /// [`StoreError::Problems`] while the file names people or groups that only the directory has.
    pub async fn disconnect_directory(&self, tenant: &TenantId) -> Result<Revision, StoreError> {
        let id = tenant.as_str();
        let (mut work, revision, rows) = within(async {
            let mut work = self.backend.write(Scope::Tenant(id)).await?;
            let revision = self.begin_change(&mut work, id, now_ms(), Touches::People).await?;
            let rows = read::rows(&mut work, tenant).await?.unwrap_or_default();
            Ok((work, revision, rows))
        })
        .await?;
        within_for(rows, async {
            allow(&mut work, patience(rows)).await?;
            let mut file = read::file(&mut work, tenant).await?;
            let before = file.directory.take().map(|before| json!({"directory": before}));
            let problems = file.problems();
            if !problems.is_empty() {
                return Err(StoreError::Problems(problems));
            }
            put::settings(&mut work, &file, now_ms()).await?;
            for sql in [
                "DELETE FROM person WHERE tenant = $1 AND source = 'directory'",
                "DELETE FROM grp WHERE tenant = $1 AND source = 'directory'",
                "UPDATE directory SET read_to = '', holder = '', until_ms = 0, not_before_ms = 0, failures = 0, \
                 everything = 0, progress = '', result = '', granted_ms = NULL, asked_digest = NULL, asked_ms = NULL \
                 WHERE tenant = $1",
            ] {
                sqlx::query(sql).bind(id).execute(&mut *work).await?;
            }
            let mut writing = Writing { work: &mut work, tenant: id, round: 0, changed: true, grown: 0 };
            writing.drop_photos_of_nobody().await?;
            if super::has_row(writing.work, id).await? {
                writing.count().await?;
            }
            writing.end().await?;
            let action = "directory.disconnect";
            let act = Act { tenant: Some(id), action, object: "", before, after: None, revision: Some(revision) };
            self.witness(&mut work, act).await?;
            self.finish(work, &[id]).await?;
            Ok(revision)
        })
        .await
    }
}
