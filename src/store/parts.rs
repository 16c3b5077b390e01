//! A tenant as an edge loads it: its rules, and its people only where they are others than those it has; with the people
//! their photos, of which only those pictures are read that it does not have. All is read at one moment, so a snapshot
//! that is made of it is a state that the store was in.

use std::collections::{HashMap, HashSet};

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::backend::Scope;
use super::read::{self, Assembly, OCTETS_TO_A_ROW};
use super::rows::Whose;
use super::{Store, StoreError, secrets, within, within_for};
use crate::tenant::{AlbumEntry, Edition, GroupEntry, ImageEntry, PersonEntry, Secrets, TenantFile, TenantId};

/// A tenant at one moment.
#[derive(Debug)]
pub struct Parts {
    /// The tenant file without people and groups, and without the images of the directory.
    pub rules: TenantFile,
    pub secrets: Secrets,
    pub edition: Edition,
    pub people_edition: Edition,
    /// `None`: they are those that are known.
    pub people: Option<PeopleRows>,
}

/// People, groups and who is in them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PeopleRows {
    pub people: Vec<PersonEntry>,
    pub groups: Vec<GroupEntry>,
    /// The directory's photos of them, in no order; a picture that was known is not there.
    #[serde(skip)]
    pub photos: Vec<AlbumEntry>,
}

/// Which rows are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// All of them.
    All,
    /// Without the people if they are still of this edition.
    PeopleAfter(Edition),
    /// Without the people, whatever became of them.
    Rules,
}

impl Store {
    /// Reads a tenant; `None` when there is none. `known`: whether a picture of this hash need not be read.
    pub async fn parts(
        &self,
        tenant: &TenantId,
        wanted: Reading,
        known: impl Fn(&str) -> bool,
    ) -> Result<Option<Parts>, StoreError> {
        let id = tenant.as_str();
        let found = within(async {
            let mut work = self.backend.read(Scope::Tenant(id)).await?;
            let row = sqlx::query(TENANT).bind(id).fetch_optional(&mut *work).await?;
            Ok(row.map(|row| (row, work)))
        })
        .await?;
        let Some((row, mut work)) = found else { return Ok(None) };
        let octets = u64::try_from(row.try_get::<i64, _>("octets")?).unwrap_or_default();
        within_for(octets / OCTETS_TO_A_ROW, self.read_parts(&mut work, id, &row, wanted, known)).await.map(Some)
    }

    async fn read_parts(
        &self,
        work: &mut AnyConnection,
        id: &str,
        row: &AnyRow,
        wanted: Reading,
        known: impl Fn(&str) -> bool,
    ) -> Result<Parts, StoreError> {
        let (edition, people_edition) = editions(row)?;
        let secrets = secrets::open(&self.key, id, row.try_get("sealed")?)?;
        let mut rows = Assembly::rules(work, &[id], Whose::All).await?;
        let with_people = match wanted {
            Reading::All => true,
            Reading::PeopleAfter(known) => known != people_edition,
            Reading::Rules => false,
        };
        if with_people {
            rows.add_people(work, &[id], Whose::All).await?;
        }
        let (mut rules, photos) = rows.file(id, row.try_get("settings")?)?;
        let (people, groups) = (std::mem::take(&mut rules.people), std::mem::take(&mut rules.groups));
        let photos = album(work, id, photos, known).await?;
        let people = with_people.then_some(PeopleRows { people, groups, photos });
        Ok(Parts { rules, secrets, edition, people_edition, people })
    }
}

/// Photos with those of their pictures that are not known. They are decoded as they come, for they may be many.
async fn album(
    work: &mut AnyConnection,
    tenant: &str,
    photos: Vec<ImageEntry>,
    known: impl Fn(&str) -> bool,
) -> Result<Vec<AlbumEntry>, StoreError> {
    let wanted: HashSet<&str> = photos.iter().map(|photo| &*photo.base64).filter(|hash| !known(hash)).collect();
    let mut found: HashMap<String, Bytes> = HashMap::with_capacity(wanted.len());
    read::pictures(work, tenant, &wanted.iter().copied().collect::<Vec<_>>(), |hash, base64| {
        let picture = STANDARD.decode(base64).map_err(|_| StoreError::Corrupt(format!("a photo of {tenant}")))?;
        found.insert(hash.to_owned(), picture.into());
        Ok(())
    })
    .await?;
    if found.len() < wanted.len() {
        return Err(StoreError::Corrupt(format!("tenant {tenant} lacks a photo")));
    }
    let entry = |photo: ImageEntry| {
        let ImageEntry { id, content_type, base64: hash } = photo;
        AlbumEntry { picture: found.get(&hash).cloned(), id, content_type, hash }
    };
    Ok(photos.into_iter().map(entry).collect())
}

/// From a row with `revision`, `changed_ms`, `people_revision` and `people_ms`: of the tenant and of its people.
pub(super) fn editions(row: &AnyRow) -> Result<(Edition, Edition), StoreError> {
    let edition = |revision: &str, time: &str| -> Result<Edition, StoreError> {
        Ok(Edition { revision: read::revision(row.try_get(revision)?)?, time_ms: row.try_get(time)? })
    };
    Ok((edition("revision", "changed_ms")?, edition("people_revision", "people_ms")?))
}

const TENANT: &str = "SELECT tenant.settings, tenant.octets, secret.sealed, revision.revision, revision.changed_ms, \
                      revision.people_revision, revision.people_ms FROM tenant \
                      JOIN secret ON secret.tenant = tenant.id JOIN revision ON revision.tenant = tenant.id \
                      WHERE tenant.id = $1";
