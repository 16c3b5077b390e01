//! Every change of a tenant: one transaction, one new revision.
//!
//! A change begins by taking the tenant's revision, so that no other change of this tenant comes between what is read
//! and what is written. It ends by taking its number among the changes of all tenants ([`super::feed`]), which is held
//! for no longer than the commit takes: a large import keeps no other tenant waiting, where the database allows.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::json;
use sqlx::{Acquire, Any, AnyConnection, Row, Transaction};

use super::audit::Act;
use super::backend::{Scope, enter, is_postgres};
use super::rows::Table;
use super::{Store, StoreError, bigint, feed, leaving, now_ms, octets, put, read, wake, within, within_for};
use crate::events::StoreFailed;
use crate::tenant::{GroupEntry, Mode, Revision, TenantFile, TenantId};

/// How often a change is made when others came between.
const TRIES: u32 = 5;

/// Rows of a file that is taken together with others.
const SMALL: u64 = 1000;

impl Store {
    /// Takes a tenant file, new or changed: its rows become those of the file, and what did not change is not
    /// written. At the first import the tenant's secrets are made; later imports keep them.
    ///
    /// # Errors
    /// [`StoreError::Problems`] with everything that is wrong with the file, claims of other tenants included.
    /// Nothing is changed then.
    pub async fn import(&self, file: &TenantFile) -> Result<Revision, StoreError> {
        self.import_all(std::slice::from_ref(file)).await.pop().unwrap_or(Err(StoreError::Conflict))
    }

    /// Takes many tenant files as [`Store::import`] takes one, each whole or not at all, and makes small ones lasting
    /// together, which is most of what their import costs. No more than a hundred, for whoever changes one of these
    /// tenants waits meanwhile; for the same reason a large one comes by itself.
    pub async fn import_all(&self, files: &[TenantFile]) -> Vec<Result<Revision, StoreError>> {
        let mut taken = Vec::with_capacity(files.len());
        for files in files.chunk_by(|one, next| rows(one).max(rows(next)) <= SMALL) {
            match self.import_together(files).await {
                Ok(some) => taken.extend(some),
                Err(error) => taken.extend(vec![Err(error); files.len()]),
            }
        }
        taken
    }

    /// What is wrong with a file is told in its place; an error means that none was taken.
    async fn import_together(&self, files: &[TenantFile]) -> Result<Vec<Result<Revision, StoreError>>, StoreError> {
        let problems: Vec<_> = files.iter().map(TenantFile::problems).collect();
        let rows = self.rows_touched(files).await?;
        for _ in 1..TRIES {
            match within_for(rows, self.try_import(files, &problems)).await {
                Err(StoreError::Conflict) => {}
                done => return done,
            }
        }
        within_for(rows, self.try_import(files, &problems)).await
    }

    /// About how many rows come and how many may have to go.
    pub(super) async fn rows_touched(&self, files: &[TenantFile]) -> Result<u64, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Region).await?;
            let mut sum = files.iter().map(rows).sum();
            for file in files {
                sum += read::rows(&mut work, &file.id).await?.unwrap_or_default();
            }
            Ok(sum)
        })
        .await
    }

    async fn try_import(
        &self,
        files: &[TenantFile],
        problems: &[Vec<crate::tenant::Problem>],
    ) -> Result<Vec<Result<Revision, StoreError>>, StoreError> {
        let mut taken: Vec<Result<Revision, StoreError>> =
            problems.iter().map(|problems| Err(StoreError::Problems(problems.clone()))).collect();
        // In the order of their names, so that two that import the same tenants do not wait for each other.
        let mut good: Vec<_> = files.iter().zip(problems).zip(&mut taken).collect();
        good.retain(|((_, problems), _)| problems.is_empty());
        good.sort_by_key(|((file, _), _)| &file.id);
        if good.is_empty() {
            return Ok(taken);
        }
        let mut all = self.backend.write(Scope::Region).await?;
        let mut changed = Vec::with_capacity(good.len());
        for ((file, _), place) in good {
            let mut work = all.begin().await?;
            enter(&mut work, Scope::Tenant(file.id.as_str())).await?;
            match self.take(&mut work, file).await {
                Ok(revision) => {
                    work.commit().await?;
                    changed.push(file.id.as_str());
                    *place = Ok(revision);
                }
                Err(refused @ (StoreError::Problems(_) | StoreError::Leaving(_) | StoreError::Cases(_))) => {
                    work.rollback().await?;
                    *place = Err(refused);
                }
                Err(error) => return Err(error),
            }
        }
        // A tenant may be among them twice.
        changed.dedup();
        enter(&mut all, Scope::Region).await?;
        self.finish(all, &changed).await?;
        Ok(taken)
    }

    async fn take(&self, work: &mut AnyConnection, file: &TenantFile) -> Result<Revision, StoreError> {
        let (id, now) = (file.id.as_str(), now_ms());
        let revision = self.begin_change(work, id, now, Touches::Rules).await?;
        leaving::must_stay(work, id).await?;
        let tally = self.put(work, file, now).await?;
        let action = if tally.is_new { "tenant.create" } else { "tenant.replace" };
        let (before, after) = tally.sides();
        let act = Act { tenant: Some(id), action, object: "", before, after, revision: Some(revision) };
        self.witness(work, act).await?;
        self.try_cases(work, &file.id).await?;
        Ok(revision)
    }

    /// Changes how far the service is switched on for a tenant.
    pub async fn set_mode(&self, tenant: &TenantId, mode: Mode) -> Result<Revision, StoreError> {
        self.switch_to(tenant, mode, None).await
    }

    /// The same for a time; then it is as before.
    pub async fn set_mode_until(
        &self,
        tenant: &TenantId,
        mode: Mode,
        until: Timestamp,
    ) -> Result<Revision, StoreError> {
        self.switch_to(tenant, mode, Some(until)).await
    }

    async fn switch_to(&self, tenant: &TenantId, mode: Mode, until: Option<Timestamp>) -> Result<Revision, StoreError> {
        within(async {
            let (id, now) = (tenant.as_str(), now_ms());
            let mut work = self.backend.write(Scope::Tenant(id)).await?;
            let revision = self.begin_change(&mut work, id, now, Touches::Rules).await?;
            let mut file = read::settings(&mut work, tenant).await?;
            leaving::must_stay(&mut work, id).await?;
            let stance = |file: &TenantFile| Some(json!({"mode": file.mode, "mode_ends": file.mode_ends}));
            let before = stance(&file);
            file.switch_to(mode, until);
            let after = stance(&file);
            // Only whom the mode names is looked up; of the rest nothing changes.
            self.fetch_named(&mut work, &mut file).await?;
            let problems: Vec<_> =
                file.problems().into_iter().filter(|problem| problem.place.starts_with("/mode")).collect();
            if !problems.is_empty() {
                return Err(StoreError::Problems(problems));
            }
            put::settings(&mut work, &file, now).await?;
            let act = Act { tenant: Some(id), action: "mode.set", object: "", before, after, revision: Some(revision) };
            self.witness(&mut work, act).await?;
            self.finish(work, &[id]).await?;
            Ok(revision)
        })
        .await
    }

    /// The people and groups that the mode names, and the one that comes after it.
    async fn fetch_named(&self, work: &mut AnyConnection, file: &mut TenantFile) -> Result<(), StoreError> {
        let after = file.mode_ends.iter().map(|ends| &ends.then);
        let (mut people, mut groups) = (BTreeSet::new(), BTreeSet::new());
        for mode in std::iter::once(&file.mode).chain(after) {
            if let Mode::Pilot { people: named, groups: named_groups, .. } = mode {
                people.extend(named.iter().cloned());
                groups.extend(named_groups.iter().cloned());
            }
        }
        for id in &people {
            file.people.extend(read::one(work, Table::Person, file.id.as_str(), id).await?);
        }
        for id in &groups {
            let group: Option<GroupEntry> = read::one(work, Table::Group, file.id.as_str(), id).await?;
            file.groups.extend(group);
        }
        Ok(())
    }

    /// Removes a tenant with its secrets, certificate, history and records. What was sealed for it never opens again.
    /// Records that could not be removed at once, since they are many, go with those that have had their time.
    pub async fn delete(&self, tenant: &TenantId) -> Result<(), StoreError> {
        self.take_out(tenant).await?;
        if self.terms.on_trial {
            return Ok(());
        }
        if let Err(error) = self.delete_old_decisions_of(tenant.as_str(), now_ms()).await {
            StoreFailed { asked: "delete_old_decisions", cause: &error }.emit();
        }
        Ok(())
    }

    /// All but its decision records.
    pub(super) async fn take_out(&self, tenant: &TenantId) -> Result<(), StoreError> {
        let (id, now) = (tenant.as_str(), now_ms());
        let (mut work, rows) = within(async {
            let mut work = self.backend.write(Scope::Tenant(id)).await?;
            let rows = read::rows(&mut work, tenant).await?;
            Ok((work, rows.ok_or_else(|| StoreError::UnknownTenant(id.to_owned()))?))
        })
        .await?;
        within_for(rows, async {
            // Should it come again, nobody takes the people of its first life for those of its second.
            let revision = self.begin_change(&mut work, id, now, Touches::People).await?;
            sqlx::query("UPDATE revision SET deleted = 1 WHERE tenant = $1").bind(id).execute(&mut *work).await?;
            sqlx::query("DELETE FROM doubt WHERE tenant = $1").bind(id).execute(&mut *work).await?;
            sqlx::query("DELETE FROM flow WHERE tenant = $1").bind(id).execute(&mut *work).await?;
            let done = sqlx::query("DELETE FROM tenant WHERE id = $1").bind(id).execute(&mut *work).await?;
            if done.rows_affected() == 0 {
                return Err(StoreError::UnknownTenant(id.to_owned()));
            }
            let (tenant, action) = (Some(id), "tenant.delete");
            let act = Act { tenant, action, object: "", before: None, after: None, revision: Some(revision) };
            self.witness(&mut work, act).await?;
            self.finish(work, &[id]).await
        })
        .await
    }

    /// Numbers the changes of these tenants, makes them lasting, and tells whoever follows. The transaction sees the
    /// revisions of all of them. On trial it undoes them instead.
    pub(super) async fn finish(&self, mut work: Transaction<'static, Any>, tenants: &[&str]) -> Result<(), StoreError> {
        if self.terms.on_trial {
            return Ok(work.rollback().await?);
        }
        let last = feed::numbers(&mut work, bigint(octets(tenants.len()))).await?;
        for (number, tenant) in (0..).zip(tenants.iter().rev()) {
            sqlx::query("UPDATE revision SET change_number = $1 WHERE tenant = $2")
                .bind(last - number)
                .bind(*tenant)
                .execute(&mut *work)
                .await?;
        }
        if is_postgres(&work) {
            wake::notify(&mut work).await?;
        }
        work.commit().await?;
        self.wake.now();
        Ok(())
    }
}

/// What a change touches, and an edge reads again for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Touches {
    /// Everything but people, groups and memberships.
    Rules,
    /// Those too.
    People,
}

/// The next revision of a tenant. First in each transaction that changes it: others wait here until this one has
/// ended.
pub(super) async fn next_revision(
    work: &mut AnyConnection,
    tenant: &str,
    now_ms: i64,
    touches: Touches,
) -> Result<Revision, StoreError> {
    let row = sqlx::query(
        "INSERT INTO revision (tenant, revision, changed_ms, people_revision, people_ms, deleted) \
         VALUES ($1, 1, $2, 1, $3, 0) ON CONFLICT (tenant) DO UPDATE SET revision = revision.revision + 1, \
         changed_ms = excluded.changed_ms, deleted = 0 RETURNING revision",
    )
    .bind(tenant)
    .bind(now_ms)
    .bind(now_ms)
    .fetch_one(&mut *work)
    .await?;
    if touches == Touches::People {
        people_changed(work, tenant).await?;
    }
    read::revision(row.try_get("revision")?)
}

/// The revision that the transaction has taken touches people, groups or memberships after all.
pub(super) async fn people_changed(work: &mut AnyConnection, tenant: &str) -> Result<(), StoreError> {
    sqlx::query("UPDATE revision SET people_revision = revision, people_ms = changed_ms WHERE tenant = $1")
        .bind(tenant)
        .execute(work)
        .await?;
    Ok(())
}

/// About how many rows a file makes.
fn rows(file: &TenantFile) -> u64 {
    let members: usize = file.groups.iter().map(|group| 1 + group.members.len() + group.groups.len()).sum();
    octets(1 + file.people.len() * 2 + members + file.images.len() * 2 + file.signatures.len() * 2)
}
