//! The images of a tenant, one by one: listed, read, put and removed.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sqlx::{AnyConnection, Row};

use super::audit::Act;
use super::backend::Scope;
use super::change::Touches;
use super::library::Library;
use super::{Store, StoreError, bigint, now_ms, octets, put, read, within};
use crate::tenant::{ImageEntry, ImageType, Problem, Revision, TenantId};

/// An image without its picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageInfo {
    pub id: String,
    pub content_type: ImageType,
    /// Octets of the picture.
    pub octets: u64,
    /// SHA-256 of its base64, in hex.
    pub hash: String,
}

/// Room behind the last row of a list.
const STEP: i64 = 1 << 20;

impl Store {
    /// All images that are kept by hand, by id.
    pub async fn images(&self, tenant: &TenantId) -> Result<Vec<ImageInfo>, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Tenant(tenant.as_str())).await?;
            read::settings(&mut work, tenant).await?;
            let rows = sqlx::query(
                "SELECT image.data, picture.hash, LENGTH(picture.base64) AS letters, \
                 SUBSTR(picture.base64, LENGTH(picture.base64) - 1, 2) AS last FROM image \
                 JOIN picture ON picture.tenant = image.tenant AND image.data LIKE '%' || picture.hash || '%' \
                 WHERE image.tenant = $1 AND image.source = 'file' ORDER BY image.id",
            )
            .bind(tenant.as_str())
            .fetch_all(&mut *work)
            .await?;
            let info = |row: &sqlx::any::AnyRow| {
                let entry: ImageEntry = read::parse(row.try_get("data")?)?;
                let (letters, last): (i64, String) = (number(row, "letters")?, row.try_get("last")?);
                let filling = octets(last.matches('=').count());
                let size = u64::try_from(letters).unwrap_or_default() / 4 * 3;
                let hash = row.try_get("hash")?;
                Ok(ImageInfo { id: entry.id, content_type: entry.content_type, octets: size - filling.min(size), hash })
            };
            rows.iter().map(info).collect()
        })
        .await
    }

    /// One image with its picture.
    pub async fn image(&self, tenant: &TenantId, id: &str) -> Result<Option<(ImageType, Vec<u8>)>, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Tenant(tenant.as_str())).await?;
            let Some(entry) = shown(&mut work, tenant.as_str(), id).await? else { return Ok(None) };
            let row = sqlx::query("SELECT base64 FROM picture WHERE tenant = $1 AND hash = $2")
                .bind(tenant.as_str())
                .bind(entry.base64.as_str())
                .fetch_one(&mut *work)
                .await?;
            let picture = STANDARD.decode(row.try_get::<&str, _>("base64")?);
            let picture = picture.map_err(|_| StoreError::Corrupt(format!("image {id}")))?;
            Ok(Some((entry.content_type, picture)))
        })
        .await
    }

    /// Puts an image, new or in place of the one of its id.
    ///
    /// # Errors
    /// [`StoreError::Problems`] with places as in a tenant file whose only image it is.
    pub async fn put_image(&self, tenant: &TenantId, image: &ImageEntry) -> Result<Revision, StoreError> {
        let id = tenant.as_str();
        within(async {
            let mut work = self.backend.write(Scope::Tenant(id)).await?;
            let revision = self.begin_change(&mut work, id, now_ms(), Touches::Rules).await?;
            let mut file = read::settings(&mut work, tenant).await?;
            file.images = vec![image.clone()];
            let problems: Vec<Problem> =
                file.problems().into_iter().filter(|problem| problem.place.starts_with("/images")).collect();
            if !problems.is_empty() {
                return Err(StoreError::Problems(problems));
            }
            let before = shown(&mut work, id, &image.id).await?;
            let hash = put::hash(&image.base64);
            sqlx::query("INSERT INTO picture (tenant, hash, base64) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
                .bind(id)
                .bind(hash.as_str())
                .bind(image.base64.as_str())
                .execute(&mut *work)
                .await?;
            let data = put::json(&ImageEntry { base64: hash.clone(), ..image.clone() })?;
            sqlx::query(
                "INSERT INTO image (tenant, id, position, data) VALUES ($1, $2, \
                 (SELECT COALESCE(MAX(position), 0) + $3 FROM image WHERE tenant = $4 AND source = 'file'), $5) \
                 ON CONFLICT (tenant, id) DO UPDATE SET data = excluded.data, source = excluded.source",
            )
            .bind(id)
            .bind(image.id.as_str())
            .bind(STEP)
            .bind(id)
            .bind(data)
            .execute(&mut *work)
            .await?;
            grow(&mut work, id, bigint(octets(image.base64.len()))).await?;
            if let Some(before) = before.as_ref().filter(|before| before.base64 != hash) {
                drop_picture(&mut work, id, &before.base64).await?;
            }
            let before = before.map(|before| serde_json::json!({"hash": before.base64}));
            let after = Some(serde_json::json!({"hash": hash, "type": image.content_type}));
            let act = Act {
                tenant: Some(id),
                action: "image.put",
                object: &image.id,
                before,
                after,
                revision: Some(revision),
            };
            self.witness(&mut work, act).await?;
            self.finish(work, &[id]).await?;
            Ok(revision)
        })
        .await
    }

    /// Removes an image that nothing shows and the brand does not name.
    ///
    /// # Errors
    /// [`StoreError::Problems`] with who shows or names it.
    pub async fn remove_image(&self, tenant: &TenantId, image: &str) -> Result<Revision, StoreError> {
        within(async {
            let mut library = self.open_library(tenant).await?;
            let Library { work, file, .. } = &mut library;
            let entry = shown(work, tenant.as_str(), image).await?;
            let entry = entry.ok_or_else(|| StoreError::Unknown { what: "image", id: image.to_owned() })?;
            file.images.retain(|one| one.id != image);
            if let Some(person) = person_with_photo(work, tenant.as_str(), image).await? {
                let message = format!("the person `{person}` has it as photo");
                return Err(StoreError::Problems(vec![Problem { place: String::new(), message }]));
            }
            sqlx::query("DELETE FROM image WHERE tenant = $1 AND id = $2")
                .bind(tenant.as_str())
                .bind(image)
                .execute(&mut **work)
                .await?;
            drop_picture(work, tenant.as_str(), &entry.base64).await?;
            self.save_library(library, "image.remove", image).await
        })
        .await
    }
}

/// Its row, in which the hash stands for the picture.
async fn shown(work: &mut AnyConnection, tenant: &str, id: &str) -> Result<Option<ImageEntry>, StoreError> {
    read::one(work, super::rows::Table::Image, tenant, id).await
}

async fn person_with_photo(work: &mut AnyConnection, tenant: &str, image: &str) -> Result<Option<String>, StoreError> {
    let row =
        sqlx::query("SELECT id FROM person WHERE tenant = $1 AND data LIKE '%\"photo\":\"' || $2 || '\"%' LIMIT 1")
            .bind(tenant)
            .bind(image)
            .fetch_optional(work)
            .await?;
    Ok(row.map(|row| row.try_get("id")).transpose()?)
}

/// A picture that no image shows any more goes.
async fn drop_picture(work: &mut AnyConnection, tenant: &str, hash: &str) -> Result<(), StoreError> {
    sqlx::query(
        "DELETE FROM picture WHERE tenant = $1 AND hash = $2 AND NOT EXISTS \
         (SELECT 1 FROM image WHERE image.tenant = picture.tenant AND image.data LIKE '%' || picture.hash || '%')",
    )
    .bind(tenant)
    .bind(hash)
    .execute(work)
    .await?;
    Ok(())
}

async fn grow(work: &mut AnyConnection, tenant: &str, by: i64) -> Result<(), StoreError> {
    let grown = sqlx::query("UPDATE tenant SET octets = octets + $1, changed_ms = $2 WHERE id = $3");
    grown.bind(by).bind(now_ms()).bind(tenant).execute(work).await?;
    Ok(())
}

/// PostgreSQL counts letters in an INTEGER, SQLite in its one kind of number.
fn number(row: &sqlx::any::AnyRow, column: &str) -> Result<i64, StoreError> {
    match row.try_get::<i64, _>(column) {
        Ok(number) => Ok(number),
        Err(_) => Ok(i64::from(row.try_get::<i32, _>(column)?)),
    }
}
