//! The door for changes of signatures and folders: reads what they need of a tenant, lets somebody change it, judges it
//! and writes what differs.
//!
//! People are not read for it, but for those whom signatures name: a signature of a tenant of half a million is saved
//! as fast as any.

use serde_json::Value;
use sqlx::{Any, AnyConnection, AssertSqlSafe, Row, Transaction};

use super::audit::Act;
use super::backend::Scope;
use super::change::Touches;
use super::rows::{Table, Whose, read as entries};
use super::statement::{among, lists, numbered};
use super::tally::Tally;
use super::{Store, StoreError, bigint, now_ms, octets, put, read, within};
use crate::tenant::{
    GroupEntry, ImageEntry, PersonEntry, Problem, Revision, SignatureEntry, TenantFile, TenantId, library,
};

/// A change of signatures under way.
pub(super) struct Library {
    pub work: Transaction<'static, Any>,
    pub revision: Revision,
    /// Settings, folders, signatures in order, and images without their pictures; nobody.
    pub file: TenantFile,
    before: TenantFile,
}

impl Store {
    /// Changes folders and signatures; `edit` is given the tenant's file without people, groups and pictures.
    ///
    /// # Errors
    /// What `edit` says, and [`StoreError::Problems`] when the signatures do not fit the tenant then.
    pub async fn change_signatures(
        &self,
        tenant: &TenantId,
        action: &'static str,
        object: &str,
        edit: impl FnOnce(&mut TenantFile) -> Result<(), StoreError>,
    ) -> Result<Revision, StoreError> {
        within(async {
            let mut library = self.open_library(tenant).await?;
            edit(&mut library.file)?;
            self.save_library(library, action, object).await
        })
        .await
    }

    /// Signatures and folders as they are, and the revision at which they are so.
    pub async fn signatures_of(&self, tenant: &TenantId) -> Result<Option<(TenantFile, Revision)>, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Tenant(tenant.as_str())).await?;
            let row = sqlx::query("SELECT revision FROM revision WHERE tenant = $1 AND deleted = 0");
            let Some(row) = row.bind(tenant.as_str()).fetch_optional(&mut *work).await? else { return Ok(None) };
            let revision = read::revision(row.try_get("revision")?)?;
            Ok(Some((without_people(&mut work, tenant).await?, revision)))
        })
        .await
    }

    pub(super) async fn open_library(&self, tenant: &TenantId) -> Result<Library, StoreError> {
        let id = tenant.as_str();
        let mut work = self.backend.write(Scope::Tenant(id)).await?;
        let revision = self.begin_change(&mut work, id, now_ms(), Touches::Rules).await?;
        let file = without_people(&mut work, tenant).await?;
        Ok(Library { work, revision, before: file.clone(), file })
    }

    pub(super) async fn save_library(
        &self,
        library: Library,
        action: &'static str,
        object: &str,
    ) -> Result<Revision, StoreError> {
        let Library { mut work, revision, mut file, before } = library;
        let (id, now) = (file.id.as_str().to_owned(), now_ms());
        cast(&mut work, &mut file).await?;
        let problems = of_signatures(&file);
        if !problems.is_empty() {
            return Err(StoreError::Problems(problems));
        }
        let mut tally = Tally::default();
        if file.folders != before.folders {
            put::settings(&mut work, &file, now).await?;
            let folders = |file: &TenantFile| serde_json::json!({"folders": file.folders});
            tally.settings(Some(&folders(&before)), &folders(&file));
        }
        let (difference, versions) = self.signatures(&mut work, &id, &file.signatures, now).await?;
        tally.rows("signatures", &difference);
        tally.versions(&versions);
        resize(&mut work, &id, &before.signatures, difference.octets).await?;
        let (before, after) = tally.sides();
        let act = Act { tenant: Some(&id), action, object, before, after, revision: Some(revision) };
        self.witness(&mut work, act).await?;
        self.try_cases(&mut work, &file.id).await?;
        self.finish(work, &[&id]).await?;
        Ok(revision)
    }
}

async fn without_people(work: &mut AnyConnection, tenant: &TenantId) -> Result<TenantFile, StoreError> {
    let id = tenant.as_str();
    let mut file = read::settings(work, tenant).await?;
    file.signatures =
        entries(work, Table::Signature, &[id], Whose::File).await?.remove(id).transpose()?.unwrap_or_default();
    file.images = entries(work, Table::Image, &[id], Whose::File).await?.remove(id).transpose()?.unwrap_or_default();
    for ImageEntry { base64, .. } in &mut file.images {
        base64.clear();
    }
    Ok(file)
}

/// What would keep a signature from being published; places within it. Pictures of the library come with it.
pub(super) async fn problems_of(
    work: &mut AnyConnection,
    tenant: &TenantId,
    entry: &SignatureEntry,
) -> Result<Vec<Problem>, StoreError> {
    let mut file = without_people(work, tenant).await?;
    let at = file.signatures.iter().position(|one| one.id == entry.id).unwrap_or(file.signatures.len());
    file.signatures.truncate(at + 1);
    match file.signatures.get_mut(at) {
        Some(there) => *there = entry.clone(),
        None => file.signatures.push(entry.clone()),
    }
    cast(work, &mut file).await?;
    let there: Vec<String> = file.images.iter().map(|image| image.id.clone()).collect();
    file.images.extend(library::pictures(|name| there.iter().all(|one| one != name)));
    let own = format!("/signatures/{at}");
    let ours = file.problems().into_iter().filter_map(|problem| {
        let place = problem.place.strip_prefix(&own).filter(|rest| rest.is_empty() || rest.starts_with('/'))?;
        Some(Problem::at(place, problem.message))
    });
    Ok(ours.collect())
}

/// Puts in whom the signatures name, so that a name of nobody is told.
async fn cast(work: &mut AnyConnection, file: &mut TenantFile) -> Result<(), StoreError> {
    let names = names_in_signatures(&file.signatures);
    file.people = named::<PersonEntry>(work, Table::Person, file.id.as_str(), &names).await?;
    file.groups = named::<GroupEntry>(work, Table::Group, file.id.as_str(), &names).await?;
    Ok(())
}

/// Of whatever is wrong, what signatures, folders and the brand are to blame for: of the rest not all is there.
fn of_signatures(file: &TenantFile) -> Vec<Problem> {
    let ours = |problem: &Problem| ["/signatures", "/folders", "/brand"].iter().any(|of| problem.place.starts_with(of));
    file.problems().into_iter().filter(ours).collect()
}

/// Every text of a condition that could be the name of a person or a group.
pub(super) fn names_in_signatures(signatures: &[SignatureEntry]) -> Vec<String> {
    let mut names = Vec::new();
    for signature in signatures {
        for part in [serde_json::to_value(&signature.applies), serde_json::to_value(&signature.trial)] {
            texts(&part.unwrap_or_default(), &mut names);
        }
    }
    names
}

pub(super) fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        // The same letters as an id of a tenant.
        Value::String(text) if TenantId::parse(text).is_some() => found.push(text.clone()),
        Value::Array(list) => list.iter().for_each(|value| texts(value, found)),
        Value::Object(object) => object.values().for_each(|value| texts(value, found)),
        _ => {}
    }
}

/// The entries of these names, in no certain order.
pub(super) async fn named<T: serde::de::DeserializeOwned>(
    work: &mut AnyConnection,
    table: Table,
    tenant: &str,
    names: &[String],
) -> Result<Vec<T>, StoreError> {
    let mut names = names.to_vec();
    names.sort();
    names.dedup();
    let mut found = Vec::new();
    for names in lists(&names) {
        let named = among(work, table.name(), &["tenant", "id"], names.len());
        let sql = format!("SELECT DISTINCT data FROM {} WHERE {named}", table.name());
        let query = sqlx::query(AssertSqlSafe(numbered(work, &sql))).bind(tenant);
        let query = names.iter().fold(query, |query, name| query.bind(*name));
        for row in query.fetch_all(&mut *work).await? {
            found.push(read::parse(row.try_get("data")?)?);
        }
    }
    Ok(found)
}

/// The tenant's size by what its signatures have now.
async fn resize(work: &mut AnyConnection, tenant: &str, before: &[SignatureEntry], now: u64) -> Result<(), StoreError> {
    let before: usize =
        before.iter().map(|one| put::json(one).map(|json| json.len())).sum::<Result<usize, StoreError>>()?;
    sqlx::query("UPDATE tenant SET octets = octets + $1 - $2, changed_ms = $3 WHERE id = $4")
        .bind(bigint(now))
        .bind(bigint(octets(before)))
        .bind(now_ms())
        .bind(tenant)
        .execute(work)
        .await?;
    Ok(())
}
