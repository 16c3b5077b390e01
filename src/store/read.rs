//! What is asked of the tenants: one, a list; and how rows become a tenant file again.

use std::collections::{HashMap, HashSet};

use futures_util::TryStreamExt;
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Row};

use super::backend::Scope;
use super::members::{self, Members};
use super::overrides::{self, Overrides};
use super::rows::{Table, Whose, read as entries};
use super::statement::{lists, marks, numbered};
use super::{Store, StoreError, directory, secrets, within, within_for};
use crate::tenant::{
    GroupEntry, ImageEntry, Mode, PersonEntry, Revision, Secrets, SignatureEntry, TenantFile, TenantId,
};

/// Octets that count as a row where time is given by rows.
pub(super) const OCTETS_TO_A_ROW: u64 = 256;

/// A tenant as it is stored.
#[derive(Clone, PartialEq)]
pub struct Stored {
    pub file: TenantFile,
    pub secrets: Secrets,
    pub revision: Revision,
}

impl std::fmt::Debug for Stored {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Stored({:?} at {:?})", self.file.id, self.revision)
    }
}

/// A tenant in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub id: TenantId,
    pub name: String,
    pub mode: Mode,
    pub domains: Vec<String>,
    pub revision: Revision,
    /// End of the client certificate's life, unix time in milliseconds.
    pub certificate_not_after_ms: Option<i64>,
}

impl Store {
    /// One tenant with its secrets.
    pub async fn load(&self, tenant: &TenantId) -> Result<Option<Stored>, StoreError> {
        let Some((rows, mut work)) = self.begin(tenant).await? else { return Ok(None) };
        within_for(rows, async {
            let row = sqlx::query(
                "SELECT tenant.id, tenant.settings, secret.sealed, revision.revision FROM tenant \
                 JOIN secret ON secret.tenant = tenant.id JOIN revision ON revision.tenant = tenant.id \
                 WHERE tenant.id = $1",
            )
            .bind(tenant.as_str())
            .fetch_optional(&mut *work)
            .await?;
            let Some(row) = row else { return Ok(None) };
            let id = tenant.as_str();
            let mut rows = Assembly::read(&mut work, &[id], Whose::All).await?;
            let (mut file, mut photos) = rows.file(id, row.try_get("settings")?)?;
            show(&mut work, id, &mut photos).await?;
            file.images.extend(photos);
            let secrets = secrets::open(&self.key, id, row.try_get("sealed")?)?;
            Ok(Some(Stored { file, secrets, revision: revision(row.try_get("revision")?)? }))
        })
        .await
    }

    /// The tenant's file as it was imported, without any secret.
    pub async fn export(&self, tenant: &TenantId) -> Result<Option<TenantFile>, StoreError> {
        let Some((rows, mut work)) = self.begin(tenant).await? else { return Ok(None) };
        within_for(rows, file(&mut work, tenant)).await.map(Some)
    }

    /// The same with the revision at which it is so.
    pub async fn export_at(&self, tenant: &TenantId) -> Result<Option<(TenantFile, Revision)>, StoreError> {
        let Some((rows, mut work)) = self.begin(tenant).await? else { return Ok(None) };
        within_for(rows, async {
            let row = sqlx::query("SELECT revision FROM revision WHERE tenant = $1").bind(tenant.as_str());
            let at = revision(row.fetch_one(&mut *work).await?.try_get("revision")?)?;
            Ok(Some((file(&mut work, tenant).await?, at)))
        })
        .await
    }

    /// About how many octets the tenant's file has; what directories and CSV files tell is none of it.
    pub async fn octets(&self, tenant: &TenantId) -> Result<Option<u64>, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Tenant(tenant.as_str())).await?;
            let row = sqlx::query("SELECT octets FROM tenant WHERE id = $1").bind(tenant.as_str());
            let octets: Option<i64> =
                row.fetch_optional(&mut *work).await?.map(|row| row.try_get("octets")).transpose()?;
            let beside = directory::octets_beside(&mut work, tenant.as_str()).await?;
            Ok(octets.map(|octets| u64::try_from(octets).unwrap_or_default().saturating_sub(beside)))
        })
        .await
    }

    /// The tenant's file without people, groups, images and signatures.
    pub async fn settings(&self, tenant: &TenantId) -> Result<TenantFile, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Tenant(tenant.as_str())).await?;
            settings(&mut work, tenant).await
        })
        .await
    }

    /// A transaction that reads one tenant, and about how many rows there are; `None` without such a tenant.
    async fn begin(
        &self,
        tenant: &TenantId,
    ) -> Result<Option<(u64, sqlx::Transaction<'static, sqlx::Any>)>, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Tenant(tenant.as_str())).await?;
            Ok(rows(&mut work, tenant).await?.map(|rows| (rows, work)))
        })
        .await
    }

    /// All tenants in short, by id.
    pub async fn list(&self) -> Result<Vec<Listed>, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Region).await?;
            let rows = sqlx::query(AssertSqlSafe(format!("{LISTED} ORDER BY tenant.id"))).fetch_all(&mut *work).await?;
            rows.iter().map(listed).collect()
        })
        .await
    }

    /// One tenant in short.
    pub async fn listed(&self, tenant: &TenantId) -> Result<Option<Listed>, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Tenant(tenant.as_str())).await?;
            let sql = format!("{LISTED} WHERE tenant.id = $1");
            let row = sqlx::query(AssertSqlSafe(sql)).bind(tenant.as_str()).fetch_optional(&mut *work).await?;
            row.as_ref().map(listed).transpose()
        })
        .await
    }

    /// At most `most` tenants in short whose ids come after one, by id.
    pub async fn list_after(&self, after: &str, most: u32) -> Result<Vec<Listed>, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Region).await?;
            let sql = format!("{LISTED} WHERE tenant.id > $1 ORDER BY tenant.id LIMIT $2");
            let query = sqlx::query(AssertSqlSafe(sql)).bind(after).bind(i64::from(most));
            query.fetch_all(&mut *work).await?.iter().map(listed).collect()
        })
        .await
    }

    /// A tenant's secrets alone.
    pub(super) async fn secrets(&self, tenant: &TenantId) -> Result<Secrets, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Tenant(tenant.as_str())).await?;
            let row = sqlx::query("SELECT sealed FROM secret WHERE tenant = $1")
                .bind(tenant.as_str())
                .fetch_optional(&mut *work)
                .await?;
            let row = row.ok_or_else(|| StoreError::UnknownTenant(tenant.as_str().to_owned()))?;
            secrets::open(&self.key, tenant.as_str(), row.try_get("sealed")?)
        })
        .await
    }
}

/// The rows of some tenants, to be put together.
pub(super) struct Assembly {
    people: HashMap<String, Result<Vec<PersonEntry>, StoreError>>,
    overrides: HashMap<String, Overrides>,
    groups: HashMap<String, Result<Vec<GroupEntry>, StoreError>>,
    members: HashMap<String, HashMap<String, Members>>,
    images: HashMap<String, Result<Vec<ImageEntry>, StoreError>>,
    /// Images of the directory, which come with its people; their hashes stand for the pictures.
    photos: HashMap<String, Result<Vec<ImageEntry>, StoreError>>,
    signatures: HashMap<String, Result<Vec<SignatureEntry>, StoreError>>,
    /// Those with rows beside the file's, which may not fit it.
    beside: HashSet<String>,
}

impl Assembly {
    pub async fn read(work: &mut AnyConnection, tenants: &[&str], whose: Whose) -> Result<Assembly, StoreError> {
        let mut rows = Assembly::rules(work, tenants, whose).await?;
        rows.add_people(work, tenants, whose).await?;
        Ok(rows)
    }

    /// Everything but people, their photos, groups and memberships.
    pub async fn rules(work: &mut AnyConnection, tenants: &[&str], whose: Whose) -> Result<Assembly, StoreError> {
        let beside = if whose == Whose::All { directory::with_rows(work, tenants).await? } else { HashSet::new() };
        let mut images = entries(work, Table::Image, tenants, Whose::File).await?;
        for (tenant, images) in &mut images {
            if let Ok(entries) = images
                && let Err(error) = show(work, tenant, entries).await
            {
                match error {
                    StoreError::Corrupt(_) => *images = Err(error),
                    error => return Err(error),
                }
            }
        }
        Ok(Assembly {
            people: HashMap::new(),
            overrides: HashMap::new(),
            groups: HashMap::new(),
            members: HashMap::new(),
            images,
            photos: HashMap::new(),
            signatures: entries(work, Table::Signature, tenants, whose).await?,
            beside,
        })
    }

    /// Those too.
    pub async fn add_people(
        &mut self,
        work: &mut AnyConnection,
        tenants: &[&str],
        whose: Whose,
    ) -> Result<(), StoreError> {
        self.people = entries(work, Table::Person, tenants, whose).await?;
        if whose == Whose::All {
            self.overrides = overrides::of_tenants(work, tenants).await?;
        }
        self.groups = entries(work, Table::Group, tenants, whose).await?;
        self.members = members::read(work, tenants, whose).await?;
        if whose == Whose::All {
            self.photos = entries(work, Table::Image, tenants, Whose::Directory).await?;
        }
        Ok(())
    }

    /// The file of one of them, and beside it the photos of its people, in which hashes stand for the pictures.
    pub fn file(&mut self, id: &str, settings: &str) -> Result<(TenantFile, Vec<ImageEntry>), StoreError> {
        let mut file: TenantFile = parse(settings)?;
        if file.id.as_str() != id {
            return Err(StoreError::Corrupt(format!("tenant {id} has the file of another")));
        }
        file.people = self.people.remove(id).transpose()?.unwrap_or_default();
        if let Some(mut overrides) = self.overrides.remove(id) {
            for person in &mut file.people {
                person.overrides.extend(overrides.remove(&person.id).unwrap_or_default());
            }
        }
        file.groups = self.groups.remove(id).transpose()?.unwrap_or_default();
        let mut members = self.members.remove(id).unwrap_or_default();
        for group in &mut file.groups {
            if let Some(members) = members.remove(&group.id) {
                members.join(group);
            }
        }
        file.images = self.images.remove(id).transpose()?.unwrap_or_default();
        let own = file.images.len();
        file.images.extend(self.photos.remove(id).transpose()?.unwrap_or_default());
        file.signatures = self.signatures.remove(id).transpose()?.unwrap_or_default();
        if self.beside.contains(id) {
            file.fit();
        }
        let photos = file.images.split_off(own);
        Ok((file, photos))
    }
}

/// Puts the pictures into images in which their hashes stand for them.
async fn show(work: &mut AnyConnection, tenant: &str, images: &mut [ImageEntry]) -> Result<(), StoreError> {
    let hashes: HashSet<&str> = images.iter().map(|image| image.base64.as_str()).collect();
    let mut found: HashMap<String, String> = HashMap::with_capacity(hashes.len());
    pictures(work, tenant, &hashes.into_iter().collect::<Vec<_>>(), |hash, base64| {
        found.insert(hash.to_owned(), base64.to_owned());
        Ok(())
    })
    .await?;
    for image in images {
        let picture = found.get(&image.base64);
        image.base64 =
            picture.cloned().ok_or_else(|| StoreError::Corrupt(format!("tenant {tenant} lacks image {}", image.id)))?;
    }
    Ok(())
}

/// Hands on the pictures of these hashes, one by one, in base64.
pub(super) async fn pictures(
    work: &mut AnyConnection,
    tenant: &str,
    hashes: &[&str],
    mut take: impl FnMut(&str, &str) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    for hashes in lists(hashes) {
        let sql = format!("SELECT hash, base64 FROM picture WHERE tenant = ? AND hash IN ({})", marks(hashes.len()));
        let query = sqlx::query(AssertSqlSafe(numbered(work, &sql))).bind(tenant);
        let mut rows = hashes.iter().fold(query, |query, hash| query.bind(*hash)).fetch(&mut *work);
        while let Some(row) = rows.try_next().await? {
            take(row.try_get("hash")?, row.try_get("base64")?)?;
        }
    }
    Ok(())
}

/// The file of a tenant as it was imported, within a transaction.
pub(super) async fn file(work: &mut AnyConnection, tenant: &TenantId) -> Result<TenantFile, StoreError> {
    let settings = settings_text(work, tenant).await?;
    let (file, _) = Assembly::read(work, &[tenant.as_str()], Whose::File).await?.file(tenant.as_str(), &settings)?;
    Ok(file)
}

/// About how many rows a tenant has.
pub(super) async fn rows(work: &mut AnyConnection, tenant: &TenantId) -> Result<Option<u64>, StoreError> {
    let row = sqlx::query("SELECT octets FROM tenant WHERE id = $1").bind(tenant.as_str()).fetch_optional(work).await?;
    let octets: Option<i64> = row.map(|row| row.try_get("octets")).transpose()?;
    Ok(octets.map(|octets| u64::try_from(octets).unwrap_or_default() / OCTETS_TO_A_ROW))
}

/// The file of a tenant without what lies in rows of its own.
pub(super) async fn settings(work: &mut AnyConnection, tenant: &TenantId) -> Result<TenantFile, StoreError> {
    parse(&settings_text(work, tenant).await?)
}

async fn settings_text(work: &mut AnyConnection, tenant: &TenantId) -> Result<String, StoreError> {
    let row =
        sqlx::query("SELECT settings FROM tenant WHERE id = $1").bind(tenant.as_str()).fetch_optional(work).await?;
    Ok(row.ok_or_else(|| StoreError::UnknownTenant(tenant.as_str().to_owned()))?.try_get("settings")?)
}

/// One entry of a tenant.
pub(super) async fn one<T: DeserializeOwned>(
    work: &mut AnyConnection,
    table: Table,
    tenant: &str,
    id: &str,
) -> Result<Option<T>, StoreError> {
    let sql = format!("SELECT data FROM {} WHERE tenant = $1 AND id = $2", table.name());
    let row = sqlx::query(AssertSqlSafe(sql)).bind(tenant).bind(id).fetch_optional(work).await?;
    row.map(|row| parse(row.try_get("data")?)).transpose()
}

pub(super) fn parse<T: DeserializeOwned>(json: &str) -> Result<T, StoreError> {
    serde_json::from_str(json).map_err(|error| StoreError::Corrupt(format!("a row of a tenant: {error}")))
}

pub(super) fn revision(number: i64) -> Result<Revision, StoreError> {
    u64::try_from(number).map(Revision).map_err(|_| StoreError::Corrupt(format!("revision {number}")))
}

fn listed(row: &AnyRow) -> Result<Listed, StoreError> {
    let file: TenantFile = parse(row.try_get("settings")?)?;
    Ok(Listed {
        mode: file.mode_at(Timestamp::now()).clone(),
        id: file.id,
        name: file.name,
        domains: file.domains,
        revision: revision(row.try_get("revision")?)?,
        certificate_not_after_ms: row.try_get("not_after_ms")?,
    })
}

const LISTED: &str = "SELECT tenant.settings, revision.revision, certificate.not_after_ms FROM tenant \
                      JOIN revision ON revision.tenant = tenant.id \
                      LEFT JOIN certificate ON certificate.tenant = tenant.id";
