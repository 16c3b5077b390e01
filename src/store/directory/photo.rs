//! Photos of a directory's people: an image of the tenant each, named by its person.
//!
//! The picture lies with those of the file, by its hash; the person's entry names the image. Photos are kept in batches, each
//! of which raises one revision, and none where nothing changed. When somebody was looked at is kept too: who was longest
//! ago comes first in the next run. Who has no photo any more, or is gone, leaves nothing behind.

use std::collections::{HashMap, HashSet};

use base64::{Engine, engine::general_purpose::STANDARD};
use sqlx::{AssertSqlSafe, Row};

use super::rows::place;
use super::sink::{DirectorySink, Writing};
use super::{within, within_for};
use crate::directory::{NotKept, Photo, PhotoChange, PhotoSink, Seen, Wanted};
use crate::store::backend::{self, Scope};
use crate::store::put::{hash, json};
use crate::store::rows::{DIRECTORY, Table};
use crate::store::statement::{lists, marks, numbered, pieces, rows};
use crate::store::{Store, StoreError, now_ms, octets, read};
use crate::tenant::{ImageEntry, PersonEntry, SignatureEntry, TenantId};

/// How often a batch is tried when others came between.
const TRIES: u32 = 5;

/// What of a photo is kept.
struct Kept {
    /// Empty without a photo.
    image: String,
    /// Of the picture.
    hash: Option<String>,
}

/// What is written of a batch.
#[derive(Default)]
struct Pages<'a> {
    /// Person, image and tag of everybody who was looked at.
    looked_at: Vec<(&'a str, String, String)>,
    /// Hash and base64 of new pictures.
    pictures: Vec<(String, String)>,
    /// Images that show them, and what they are.
    images: Vec<(String, String, String)>,
    /// Whose entry names another image, or none.
    people: Vec<(&'a str, String)>,
    /// Images that go, or that show another picture; and what they showed.
    old_images: Vec<String>,
    old_pictures: HashSet<String>,
}

impl Store {
    /// How large signatures that are switched on show a photo at the most, in pixels; `None`: none does.
    pub async fn photo_pixels(&self, tenant: &TenantId) -> Result<Option<u32>, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Tenant(tenant.as_str())).await?;
            let rows = sqlx::query("SELECT data FROM signature WHERE tenant = $1").bind(tenant.as_str());
            let mut largest = None;
            for row in rows.fetch_all(&mut *work).await? {
                let signature: SignatureEntry = read::parse(row.try_get("data")?)?;
                if signature.enabled {
                    largest = largest.max(signature.design.photo_pixels().map(u32::from));
                }
            }
            Ok(largest)
        })
        .await
    }

    /// Of these people those of the directory, with the tags of the photos that are kept; who was looked at longest ago
    /// comes first. Gives with them how many were never looked at: the first of them.
    pub async fn photos_wanted(
        &self,
        tenant: &TenantId,
        people: Vec<String>,
    ) -> Result<(Vec<Wanted>, usize), StoreError> {
        within_for(octets(people.len()), async {
            let mut work = self.backend.read(Scope::Tenant(tenant.as_str())).await?;
            let own = sqlx::query(
                "SELECT person.id, photo.etag, photo.checked_ms FROM person LEFT JOIN photo ON \
                 photo.tenant = person.tenant AND photo.person = person.id \
                 WHERE person.tenant = $1 AND person.source = 'directory'",
            );
            let mut known: HashMap<String, (i64, Option<String>)> = HashMap::new();
            for row in own.bind(tenant.as_str()).fetch_all(&mut *work).await? {
                let etag: Option<String> = row.try_get("etag")?;
                let checked: Option<i64> = row.try_get("checked_ms")?;
                let etag = etag.filter(|etag| !etag.is_empty());
                known.insert(row.try_get("id")?, (checked.unwrap_or_default(), etag));
            }
            let wanted = people.into_iter().filter_map(|person| {
                let (checked_ms, etag) = known.remove(&person)?;
                Some((checked_ms, Wanted { person, etag }))
            });
            let mut wanted: Vec<(i64, Wanted)> = wanted.collect();
            wanted.sort_by_key(|(checked_ms, _)| *checked_ms);
            let never = wanted.iter().filter(|(checked_ms, _)| *checked_ms == 0).count();
            Ok((wanted.into_iter().map(|(_, wanted)| wanted).collect(), never))
        })
        .await
    }
}

impl PhotoSink for DirectorySink {
    async fn keep_photos(&mut self, seen: Vec<Seen>) -> Result<(), NotKept> {
        let mut last = StoreError::Timeout;
        for _ in 0..TRIES {
            match within_for(octets(seen.len()) * 4, self.write_photos(&seen)).await {
                Ok(()) => return Ok(()),
                Err(error @ (StoreError::Conflict | StoreError::Timeout)) => last = error,
                Err(error) => return Err(NotKept(error.to_string())),
            }
        }
        Err(NotKept(last.to_string()))
    }
}

impl DirectorySink {
    async fn write_photos(&self, seen: &[Seen]) -> Result<(), StoreError> {
        let tenant = self.tenant.as_str();
        let mut work = self.store.backend.write(Scope::Tenant(tenant)).await?;
        self.enter(&mut work, None).await?;
        let mut writing = Writing { work: &mut work, tenant, round: 0, changed: false, grown: 0 };
        let pages = writing.judge(seen).await?;
        writing.write_pages(&pages).await?;
        match writing.end().await? {
            true => self.store.finish(work, &[tenant]).await,
            false => Ok(work.commit().await?),
        }
    }
}

impl Writing<'_> {
    /// What is to be written for those whom the directory still has.
    async fn judge<'a>(&mut self, seen: &'a [Seen]) -> Result<Pages<'a>, StoreError> {
        let ids: Vec<&str> = seen.iter().map(|one| one.person.as_str()).collect();
        let people = self.known(Table::Person, &ids).await?;
        let mut kept = self.photos_of(&ids).await?;
        let mut pages = Pages::default();
        for Seen { person, change } in seen {
            // Gone since the photo was asked for.
            let Some(row) = people.get(person).filter(|row| row.own) else { continue };
            let (tag, before) = kept.remove(person).unwrap_or_default();
            let now = match change {
                None => {
                    pages.looked_at.push((person, before.map(|kept| kept.image).unwrap_or_default(), tag));
                    continue;
                }
                Some(PhotoChange::New(photo)) => Some(photo),
                Some(PhotoChange::Gone) => None,
            };
            let image = now.map(|photo| pages.show(person, photo, before.as_ref())).transpose()?;
            if let Some(Kept { image: old, hash }) = before.filter(|before| image.as_ref() != Some(&before.image)) {
                pages.old_images.push(old);
                pages.old_pictures.extend(hash);
            }
            let mut entry: PersonEntry = read::parse(&row.data)?;
            if entry.photo != image {
                entry.photo.clone_from(&image);
                let data = json(&entry)?;
                self.grow(row.data.len(), data.len());
                pages.people.push((person, data));
            }
            let tag = now.map(|photo| photo.etag.clone()).unwrap_or_default();
            pages.looked_at.push((person, image.unwrap_or_default(), tag));
        }
        Ok(pages)
    }

    /// Tag and photo, by person.
    async fn photos_of(&mut self, people: &[&str]) -> Result<HashMap<String, (String, Option<Kept>)>, StoreError> {
        let mut found = HashMap::with_capacity(people.len());
        for list in lists(people) {
            let sql = format!(
                "SELECT photo.person, photo.etag, photo.image, image.external_id FROM photo LEFT JOIN image ON \
                 image.tenant = photo.tenant AND image.id = photo.image AND image.source = 'directory' \
                 WHERE photo.tenant = ? AND photo.person IN ({})",
                marks(list.len())
            );
            let query = sqlx::query(AssertSqlSafe(numbered(self.work, &sql))).bind(self.tenant);
            for row in list.iter().fold(query, |query, one| query.bind(*one)).fetch_all(&mut *self.work).await? {
                let (image, hash): (String, Option<String>) = (row.try_get("image")?, row.try_get("external_id")?);
                let kept = (!image.is_empty()).then_some(Kept { image, hash });
                found.insert(row.try_get("person")?, (row.try_get("etag")?, kept));
            }
        }
        Ok(found)
    }

    /// Pictures come before the images that show them, and go after.
    async fn write_pages(&mut self, pages: &Pages<'_>) -> Result<(), StoreError> {
        let Pages { looked_at, pictures, images, people, old_images, old_pictures } = pages;
        if !images.is_empty() || !people.is_empty() || !old_images.is_empty() {
            self.change().await?;
        }
        let old_pictures: Vec<&str> = old_pictures.iter().map(String::as_str).collect();
        self.drop_images(&old_images.iter().map(String::as_str).collect::<Vec<_>>()).await?;
        for (hash, base64) in pictures {
            sqlx::query("INSERT INTO picture (tenant, hash, base64) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
                .bind(self.tenant)
                .bind(hash.as_str())
                .bind(base64.as_str())
                .execute(&mut *self.work)
                .await?;
        }
        self.write_images(images).await?;
        for (person, data) in people {
            sqlx::query("UPDATE person SET data = $1 WHERE tenant = $2 AND id = $3 AND source = 'directory'")
                .bind(data.as_str())
                .bind(self.tenant)
                .bind(*person)
                .execute(&mut *self.work)
                .await?;
        }
        self.write_looked_at(looked_at).await?;
        self.drop_pictures_of_nothing(&old_pictures).await
    }

    async fn write_images(&mut self, images: &[(String, String, String)]) -> Result<(), StoreError> {
        for piece in pieces(images) {
            let sql = format!(
                "INSERT INTO image (tenant, id, position, source, external_id, data) VALUES {} ON CONFLICT (tenant, id) \
                 DO UPDATE SET external_id = excluded.external_id, data = excluded.data WHERE image.source = 'directory'",
                rows(backend::is_postgres(self.work), 1, piece.len(), 6)
            );
            let query = piece.iter().fold(sqlx::query(AssertSqlSafe(sql)), |query, (id, hash, data)| {
                let query = query.bind(self.tenant).bind(id.as_str()).bind(place(id)).bind(DIRECTORY.source);
                query.bind(hash.as_str()).bind(data.as_str())
            });
            query.execute(&mut *self.work).await?;
            let ids: Vec<&str> = piece.iter().map(|(id, ..)| id.as_str()).collect();
            self.grown += self.shown_by(&ids).await?;
        }
        Ok(())
    }

    async fn write_looked_at(&mut self, looked_at: &[(&str, String, String)]) -> Result<(), StoreError> {
        let now = now_ms();
        for piece in pieces(looked_at) {
            let sql = format!(
                "INSERT INTO photo (tenant, person, image, etag, checked_ms) VALUES {} ON CONFLICT (tenant, person) \
                 DO UPDATE SET image = excluded.image, etag = excluded.etag, checked_ms = excluded.checked_ms",
                rows(backend::is_postgres(self.work), 1, piece.len(), 5)
            );
            let query = piece.iter().fold(sqlx::query(AssertSqlSafe(sql)), |query, (person, image, tag)| {
                query.bind(self.tenant).bind(*person).bind(image.as_str()).bind(tag.as_str()).bind(now)
            });
            query.execute(&mut *self.work).await?;
        }
        Ok(())
    }

    /// Photos of these people, who are gone, go.
    pub(super) async fn drop_photos(&mut self, people: &[&str]) -> Result<(), StoreError> {
        let kept = self.photos_of(people).await?;
        if kept.is_empty() {
            return Ok(());
        }
        for list in lists(people) {
            let sql = format!("DELETE FROM photo WHERE tenant = ? AND person IN ({})", marks(list.len()));
            let query = sqlx::query(AssertSqlSafe(numbered(self.work, &sql))).bind(self.tenant);
            list.iter().fold(query, |query, one| query.bind(*one)).execute(&mut *self.work).await?;
        }
        let kept: Vec<Kept> = kept.into_values().filter_map(|(_, kept)| kept).collect();
        self.drop_images(&kept.iter().map(|kept| kept.image.as_str()).collect::<Vec<_>>()).await?;
        let pictures: HashSet<&str> = kept.iter().filter_map(|kept| kept.hash.as_deref()).collect();
        self.drop_pictures_of_nothing(&pictures.into_iter().collect::<Vec<_>>()).await
    }

    /// Photos of people who are gone go, whoever they were; what is stored has to be counted afterwards.
    pub(super) async fn drop_photos_of_nobody(&mut self) -> Result<(), StoreError> {
        for sql in [
            "DELETE FROM photo WHERE tenant = $1 AND NOT EXISTS (SELECT 1 FROM person WHERE \
             person.tenant = photo.tenant AND person.id = photo.person AND person.source = 'directory')",
            "DELETE FROM image WHERE tenant = $1 AND source = 'directory' AND id NOT IN \
             (SELECT image FROM photo WHERE tenant = $1)",
            "DELETE FROM picture WHERE tenant = $1 AND NOT EXISTS (SELECT 1 FROM image WHERE \
             image.tenant = picture.tenant AND image.external_id = picture.hash) AND NOT EXISTS (SELECT 1 FROM image \
             WHERE image.tenant = picture.tenant AND image.source = 'file' AND \
             image.data LIKE '%' || picture.hash || '%')",
        ] {
            let gone = sqlx::query(sql).bind(self.tenant).execute(&mut *self.work).await?;
            if gone.rows_affected() == 0 {
                break;
            }
        }
        Ok(())
    }

    async fn drop_images(&mut self, ids: &[&str]) -> Result<(), StoreError> {
        for list in lists(ids) {
            self.grown -= self.shown_by(&list).await?;
            let sql = format!(
                "DELETE FROM image WHERE tenant = ? AND source = 'directory' AND id IN ({})",
                marks(list.len())
            );
            let query = sqlx::query(AssertSqlSafe(numbered(self.work, &sql))).bind(self.tenant);
            list.iter().fold(query, |query, one| query.bind(*one)).execute(&mut *self.work).await?;
        }
        Ok(())
    }

    /// Octets of the pictures that these images show.
    async fn shown_by(&mut self, images: &[&str]) -> Result<i64, StoreError> {
        let mut sum = 0;
        for list in lists(images) {
            let sql = format!(
                "SELECT CAST(COALESCE(SUM(LENGTH(picture.base64)), 0) AS BIGINT) AS octets FROM image JOIN picture ON \
                 picture.tenant = image.tenant AND picture.hash = image.external_id \
                 WHERE image.tenant = ? AND image.source = 'directory' AND image.id IN ({})",
                marks(list.len())
            );
            let query = sqlx::query(AssertSqlSafe(numbered(self.work, &sql))).bind(self.tenant);
            let row = list.iter().fold(query, |query, one| query.bind(*one)).fetch_one(&mut *self.work).await?;
            sum += row.try_get::<i64, _>("octets")?;
        }
        Ok(sum)
    }

    /// Of these pictures those that no image shows go. Images name them by hash: those of the directory in `external_id`,
    /// those of the file in their entry.
    async fn drop_pictures_of_nothing(&mut self, hashes: &[&str]) -> Result<(), StoreError> {
        for list in lists(hashes) {
            let sql = format!(
                "DELETE FROM picture WHERE tenant = ? AND hash IN ({}) AND NOT EXISTS (SELECT 1 FROM image WHERE \
                 image.tenant = picture.tenant AND image.external_id = picture.hash) AND NOT EXISTS (SELECT 1 FROM image \
                 WHERE image.tenant = picture.tenant AND image.source = 'file' AND \
                 image.data LIKE '%' || picture.hash || '%')",
                marks(list.len())
            );
            let query = sqlx::query(AssertSqlSafe(numbered(self.work, &sql))).bind(self.tenant);
            list.iter().fold(query, |query, one| query.bind(*one)).execute(&mut *self.work).await?;
        }
        Ok(())
    }
}

impl Pages<'_> {
    /// Shows a photo: gives the id of its image. The same picture is not shown anew.
    fn show(&mut self, person: &str, photo: &Photo, before: Option<&Kept>) -> Result<String, StoreError> {
        let base64 = STANDARD.encode(&photo.octets);
        let picture = hash(&base64);
        if let Some(Kept { image, hash: Some(old) }) = before
            && *old == picture
        {
            return Ok(image.clone());
        }
        // An id of a directory may be as long as an id can be. Another picture is another image: what comes and what
        // goes is counted each by itself.
        let digest: String = hash(&format!("{person} {picture}")).chars().take(40).collect();
        let image = format!("photo-{digest}");
        let content_type = photo.content_type;
        let data = json(&ImageEntry { id: image.clone(), content_type, base64: picture.clone() })?;
        self.pictures.push((picture.clone(), base64));
        self.images.push((image.clone(), picture, data));
        Ok(image)
    }
}
