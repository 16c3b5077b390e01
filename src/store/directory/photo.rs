//! Photos of a directory's people: an image of the tenant each, named by its person.
//!
//! The picture lies with those of the file, by its hash; the person's entry names the image. Who has no photo any more,
//! or is gone, leaves nothing behind.

use std::collections::{HashMap, HashSet};

use base64::{Engine, engine::general_purpose::STANDARD};
use sqlx::{AssertSqlSafe, Row};

use super::rows::place;
use super::sink::{DirectorySink, Writing};
use super::{within, within_for};
use crate::directory::{NotKept, Photo, PhotoChange, PhotoSink, Wanted};
use crate::store::backend::Scope;
use crate::store::put::{hash, json};
use crate::store::rows::{DIRECTORY, Table};
use crate::store::{Store, StoreError, read};
use crate::tenant::{ImageEntry, PersonEntry, SignatureEntry, TenantId};

impl Store {
    /// Whether a signature that is switched on has a place for a photo.
    pub async fn shows_photos(&self, tenant: &TenantId) -> Result<bool, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Tenant(tenant.as_str())).await?;
            let rows = sqlx::query("SELECT data FROM signature WHERE tenant = $1").bind(tenant.as_str());
            for row in rows.fetch_all(&mut *work).await? {
                let signature: SignatureEntry = read::parse(row.try_get("data")?)?;
                if signature.enabled && signature.design.shows_photo() {
                    return Ok(true);
                }
            }
            Ok(false)
        })
        .await
    }

    /// Of these people those of the directory, with the tags of the photos that are kept.
    pub async fn photos_wanted(&self, tenant: &TenantId, people: Vec<String>) -> Result<Vec<Wanted>, StoreError> {
        within_for(crate::store::octets(people.len()), async {
            let mut work = self.backend.read(Scope::Tenant(tenant.as_str())).await?;
            let own = sqlx::query("SELECT id FROM person WHERE tenant = $1 AND source = 'directory'");
            let mut there = HashSet::new();
            for row in own.bind(tenant.as_str()).fetch_all(&mut *work).await? {
                there.insert(row.try_get::<String, _>("id")?);
            }
            let tags = sqlx::query("SELECT person, etag FROM photo WHERE tenant = $1").bind(tenant.as_str());
            let mut etags: HashMap<String, String> = HashMap::new();
            for row in tags.fetch_all(&mut *work).await? {
                etags.insert(row.try_get("person")?, row.try_get("etag")?);
            }
            let wanted = people.into_iter().filter(|id| there.contains(id));
            Ok(wanted.map(|person| Wanted { etag: etags.remove(&person), person }).collect())
        })
        .await
    }
}

impl PhotoSink for DirectorySink {
    async fn keep_photo(&mut self, person: &str, change: PhotoChange) -> Result<(), NotKept> {
        within(self.write_photo(person, change)).await.map_err(|error| NotKept(error.to_string()))
    }
}

impl DirectorySink {
    async fn write_photo(&self, person: &str, change: PhotoChange) -> Result<(), StoreError> {
        let tenant = self.tenant.as_str();
        let mut work = self.store.backend.write(Scope::Tenant(tenant)).await?;
        self.enter(&mut work, None).await?;
        let mut writing = Writing { work: &mut work, tenant, round: 0, changed: false, grown: 0 };
        let known = writing.known(Table::Person, &[person]).await?;
        // Gone since the photo was asked for.
        let Some(row) = known.get(person).filter(|row| row.own) else { return Ok(()) };
        let mut entry: PersonEntry = read::parse(&row.data)?;
        writing.change().await?;
        let old = writing.picture_of(person).await?;
        entry.photo = match change {
            PhotoChange::New(photo) => Some(writing.keep_picture(person, photo).await?),
            PhotoChange::Gone => {
                writing.forget_photo(person).await?;
                None
            }
        };
        let data = json(&entry)?;
        writing.grow(row.data.len(), data.len());
        sqlx::query("UPDATE person SET data = $1 WHERE tenant = $2 AND id = $3 AND source = 'directory'")
            .bind(data)
            .bind(tenant)
            .bind(person)
            .execute(&mut *writing.work)
            .await?;
        if old.is_some() {
            writing.drop_pictures_of_nothing(old.as_deref()).await?;
        }
        writing.end().await?;
        self.store.finish(work, &[tenant]).await
    }
}

impl Writing<'_> {
    /// Gives the id of the image.
    async fn keep_picture(&mut self, person: &str, photo: Photo) -> Result<String, StoreError> {
        // An id of a directory may be as long as an id can be.
        let digest: String = hash(person).chars().take(40).collect();
        let image = format!("photo-{digest}");
        let Photo { etag, content_type, octets } = photo;
        let base64 = STANDARD.encode(&octets);
        let picture = hash(&base64);
        self.forget_photo(person).await?;
        self.grow(0, base64.len());
        sqlx::query("INSERT INTO picture (tenant, hash, base64) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
            .bind(self.tenant)
            .bind(picture.as_str())
            .bind(base64)
            .execute(&mut *self.work)
            .await?;
        let data = json(&ImageEntry { id: image.clone(), content_type, base64: picture.clone() })?;
        sqlx::query(
            "INSERT INTO image (tenant, id, position, source, external_id, data) VALUES ($1, $2, $3, $4, $5, $6) \
             ON CONFLICT DO NOTHING",
        )
        .bind(self.tenant)
        .bind(image.as_str())
        .bind(place(&image))
        .bind(DIRECTORY.source)
        .bind(picture)
        .bind(data)
        .execute(&mut *self.work)
        .await?;
        sqlx::query("INSERT INTO photo (tenant, person, image, etag) VALUES ($1, $2, $3, $4)")
            .bind(self.tenant)
            .bind(person)
            .bind(image.as_str())
            .bind(etag)
            .execute(&mut *self.work)
            .await?;
        Ok(image)
    }

    async fn forget_photo(&mut self, person: &str) -> Result<(), StoreError> {
        for sql in [
            "DELETE FROM image WHERE tenant = $1 AND source = 'directory' AND id IN \
             (SELECT image FROM photo WHERE tenant = $1 AND person = $2)",
            "DELETE FROM photo WHERE tenant = $1 AND person = $2",
        ] {
            sqlx::query(sql).bind(self.tenant).bind(person).execute(&mut *self.work).await?;
        }
        Ok(())
    }

    /// Photos of people who are gone go.
    pub(super) async fn drop_photos_of_nobody(&mut self) -> Result<(), StoreError> {
        let old = sqlx::query(
            "DELETE FROM photo WHERE tenant = $1 AND NOT EXISTS (SELECT 1 FROM person WHERE \
             person.tenant = photo.tenant AND person.id = photo.person AND person.source = 'directory')",
        );
        if old.bind(self.tenant).execute(&mut *self.work).await?.rows_affected() == 0 {
            return Ok(());
        }
        sqlx::query(
            "DELETE FROM image WHERE tenant = $1 AND source = 'directory' AND NOT EXISTS (SELECT 1 FROM photo WHERE \
             photo.tenant = image.tenant AND photo.image = image.id)",
        )
        .bind(self.tenant)
        .execute(&mut *self.work)
        .await?;
        self.drop_pictures_of_nothing(None).await
    }

    async fn picture_of(&mut self, person: &str) -> Result<Option<String>, StoreError> {
        let row = sqlx::query(
            "SELECT image.external_id AS hash FROM image JOIN photo ON photo.tenant = image.tenant \
             AND photo.image = image.id WHERE photo.tenant = $1 AND photo.person = $2",
        )
        .bind(self.tenant)
        .bind(person)
        .fetch_optional(&mut *self.work)
        .await?;
        Ok(row.map(|row| row.try_get("hash")).transpose()?.flatten())
    }

    /// One picture, or all that no image shows. Images name them by hash: those of the directory in `external_id`,
    /// those of the file in their entry.
    async fn drop_pictures_of_nothing(&mut self, hash: Option<&str>) -> Result<(), StoreError> {
        let shown_by_none = "NOT EXISTS (SELECT 1 FROM image WHERE image.tenant = picture.tenant \
             AND image.external_id = picture.hash) AND NOT EXISTS (SELECT 1 FROM image WHERE \
             image.tenant = picture.tenant AND image.source = 'file' AND image.data LIKE '%' || picture.hash || '%')";
        let which = if hash.is_some() { "hash = $2 AND " } else { "" };
        let sql = format!("DELETE FROM picture WHERE tenant = $1 AND {which}{shown_by_none}");
        let query = sqlx::query(AssertSqlSafe(sql)).bind(self.tenant);
        let query = if let Some(hash) = hash { query.bind(hash) } else { query };
        query.execute(&mut *self.work).await?;
        Ok(())
    }
}
