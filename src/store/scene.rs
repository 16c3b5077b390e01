//! What of a tenant a question about a few people needs: all of its settings and signatures, and of its people those
//! whom the question, the signatures and the settings name.
//!
//! It is a tenant file of its own, compiles as any, and gives the same answer to the question as the whole would: a
//! tenant of half a million people is asked as fast as one of ten.

use sqlx::{AnyConnection, AssertSqlSafe, Row};

use super::backend::Scope;
use super::library::{named, names_in_signatures, problems_of, texts};
use super::members::Members;
use super::read::{self, Stored};
use super::rows::{Table, Whose, read as entries};
use super::statement::{among, lists, numbered};
use super::{Store, StoreError, directory, draft, overrides, secrets, within};
use crate::tenant::{Address, GroupEntry, ImageEntry, PersonEntry, SignatureEntry, TenantFile, TenantId, library};

/// Whom a question is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cast {
    /// Ids of people.
    pub people: Vec<String>,
    /// Addresses, of whomever they are.
    pub addresses: Vec<String>,
    /// What is asked is whether drafts count: as if those that could be published were, and switched on.
    pub drafts: Drafts,
}

/// Whether drafts count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Drafts {
    #[default]
    Without,
    With,
}

impl Store {
    /// As much of a tenant as a question about these needs.
    pub async fn scene(&self, tenant: &TenantId, cast: &Cast) -> Result<Option<Stored>, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Tenant(tenant.as_str())).await?;
            self.stage(&mut work, tenant, cast).await
        })
        .await
    }

    /// The same within a transaction, as this has made it.
    pub(super) async fn stage(
        &self,
        work: &mut AnyConnection,
        tenant: &TenantId,
        cast: &Cast,
    ) -> Result<Option<Stored>, StoreError> {
        let id = tenant.as_str();
        let row = sqlx::query(
            "SELECT tenant.settings, secret.sealed, revision.revision FROM tenant \
                 JOIN secret ON secret.tenant = tenant.id JOIN revision ON revision.tenant = tenant.id \
                 WHERE tenant.id = $1",
        )
        .bind(id)
        .fetch_optional(&mut *work)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let mut file: TenantFile = read::parse(row.try_get("settings")?)?;
        let secrets = secrets::open(&self.key, id, row.try_get("sealed")?)?;
        let revision = read::revision(row.try_get("revision")?)?;
        file.signatures =
            entries(work, Table::Signature, &[id], Whose::File).await?.remove(id).transpose()?.unwrap_or_default();
        if cast.drafts == Drafts::With {
            publish_drafts(work, &mut file).await?;
        }
        people(work, &mut file, cast).await?;
        groups(work, &mut file).await?;
        images(work, &mut file).await?;
        if cast.drafts == Drafts::With {
            show_library(&mut file);
        }
        directory::fit(work, &mut file).await?;
        Ok(Some(Stored { file, secrets, revision }))
    }
}

/// Drafts in the place of their signatures, proposals behind them; what could not be published stays as it is.
async fn publish_drafts(work: &mut AnyConnection, file: &mut TenantFile) -> Result<(), StoreError> {
    for entry in draft::entries(work, file.id.as_str()).await? {
        if !problems_of(work, &file.id, &entry).await?.is_empty() {
            continue;
        }
        let entry = SignatureEntry { enabled: true, ..entry };
        match file.signatures.iter_mut().find(|one| one.id == entry.id) {
            Some(there) => *there = entry,
            None => file.signatures.push(entry),
        }
    }
    Ok(())
}

/// A design of the library is tried before its pictures are the tenant's.
fn show_library(file: &mut TenantFile) {
    for signature in &file.signatures {
        let missing = library::pictures_of(signature, |name| file.images.iter().any(|image| image.id == name));
        file.images.extend(missing);
    }
}

/// Those of the cast, those whom settings and signatures name, and the managers of all of them.
async fn people(work: &mut AnyConnection, file: &mut TenantFile, cast: &Cast) -> Result<(), StoreError> {
    let tenant = file.id.as_str().to_owned();
    let mut ids = cast.people.clone();
    ids.extend(names_in_signatures(&file.signatures));
    for part in
        [serde_json::to_value(&file.mode), serde_json::to_value(&file.mode_ends), serde_json::to_value(&file.send_as)]
    {
        texts(&part.unwrap_or_default(), &mut ids);
    }
    let lent = file.send_as.iter().flat_map(|entry| &entry.addresses);
    let addresses: Vec<String> =
        cast.addresses.iter().chain(lent).map(|address| Address::normal(address).into_owned()).collect();
    ids.extend(owners(work, &tenant, &addresses).await?);
    file.people = named::<PersonEntry>(work, Table::Person, &tenant, &ids).await?;
    let there: Vec<&str> = file.people.iter().map(|person| person.id.as_str()).collect();
    let managers = file.people.iter().filter_map(|person| person.manager.clone());
    let managers: Vec<String> = managers.filter(|id| !there.contains(&id.as_str())).collect();
    file.people.extend(named::<PersonEntry>(work, Table::Person, &tenant, &managers).await?);
    overrides::apply(work, &tenant, &mut file.people).await
}

/// Whose addresses these are.
async fn owners(work: &mut AnyConnection, tenant: &str, addresses: &[String]) -> Result<Vec<String>, StoreError> {
    let mut found = Vec::new();
    for addresses in lists(addresses) {
        let named = among(work, "person_address", &["tenant", "address"], addresses.len());
        let sql = format!("SELECT person FROM person_address WHERE {named}");
        let query = sqlx::query(AssertSqlSafe(numbered(work, &sql))).bind(tenant);
        let query = addresses.iter().fold(query, |query, one| query.bind(*one));
        for row in query.fetch_all(&mut *work).await? {
            found.push(row.try_get("person")?);
        }
    }
    Ok(found)
}

/// Every group, with those members alone that are in the file.
async fn groups(work: &mut AnyConnection, file: &mut TenantFile) -> Result<(), StoreError> {
    let tenant = file.id.as_str().to_owned();
    let groups = entries::<GroupEntry>(work, Table::Group, &[&tenant], Whose::All).await?.remove(&tenant);
    file.groups = groups.transpose()?.unwrap_or_default();
    let ids: Vec<&str> = file.people.iter().map(|person| person.id.as_str()).collect();
    let mut members = Members::of_groups(work, &tenant).await?;
    Members::add_people(work, &tenant, &ids, &mut members).await?;
    for group in &mut file.groups {
        if let Some(members) = members.remove(&group.id) {
            members.join(group);
        }
    }
    Ok(())
}

/// Those kept by hand, and the photos of the people in the file.
async fn images(work: &mut AnyConnection, file: &mut TenantFile) -> Result<(), StoreError> {
    let tenant = file.id.as_str();
    let by_hand = sqlx::query("SELECT data FROM image WHERE tenant = $1 AND source = 'file' ORDER BY position");
    let mut images: Vec<ImageEntry> = Vec::new();
    for row in by_hand.bind(tenant).fetch_all(&mut *work).await? {
        images.push(read::parse(row.try_get("data")?)?);
    }
    let there: Vec<&str> = images.iter().map(|image| image.id.as_str()).collect();
    let photos = file.people.iter().filter_map(|person| person.photo.clone());
    let photos: Vec<String> = photos.filter(|id| !there.contains(&id.as_str())).collect();
    images.extend(named::<ImageEntry>(work, Table::Image, tenant, &photos).await?);
    for image in &mut images {
        let row = sqlx::query("SELECT base64 FROM picture WHERE tenant = $1 AND hash = $2")
            .bind(tenant)
            .bind(image.base64.as_str())
            .fetch_one(&mut *work)
            .await?;
        image.base64 = row.try_get("base64")?;
    }
    file.images = images;
    Ok(())
}
