//! Writes a tenant file as rows.

use std::collections::HashSet;

use aws_lc_rs::digest::{SHA256, digest};
use sqlx::{AnyConnection, Row};

use super::rows::{Difference, Done, FILE, Table, replace};
use super::tally::{Tally, Versions};
use super::{Store, StoreError, bigint, change, claim, directory, draft, members, octets, rows, secrets};
use crate::tenant::{GroupEntry, ImageEntry, PersonEntry, SignatureEntry, TenantFile};

impl Store {
    /// Makes the tenant's rows those of the file, and tells what that was. The tenant's revision is taken already.
    pub(super) async fn put(
        &self,
        work: &mut AnyConnection,
        file: &TenantFile,
        now_ms: i64,
    ) -> Result<Tally, StoreError> {
        let id = file.id.as_str();
        let mut tally = Tally::default();
        let Settings { before, had, now } = settings(work, file, now_ms).await?;
        tally.settings(before.as_deref().map(parse).transpose()?.as_ref(), &parse(&now)?);
        let mut size = octets(now.len());
        size += images(work, id, &file.images, &mut tally).await?;
        let people = people(work, id, &file.people, &mut tally).await?;
        let groups = groups(work, id, &file.groups, &mut tally).await?;
        size += people.octets + groups.octets;
        let beside = directory::octets_beside(work, id).await?;
        // Which of the people beside the file's fit it, depends on its domains.
        let fits = beside == 0 || had.is_some_and(|had| had.domains == file.domains);
        if people.changed || groups.changed || !fits {
            change::people_changed(work, id).await?;
        }
        let (difference, versions) = self.signatures(work, id, &file.signatures, now_ms).await?;
        tally.rows("signatures", &difference);
        tally.versions(&versions);
        size += difference.octets;
        size += beside;
        sqlx::query("UPDATE tenant SET octets = $1 WHERE id = $2")
            .bind(bigint(size))
            .bind(id)
            .execute(&mut *work)
            .await?;
        // Last what others may wait for: who claims a network, and who changes the key.
        claim::replace(work, file).await?;
        let known = sqlx::query("SELECT tenant FROM secret WHERE tenant = $1").bind(id).fetch_optional(&mut *work);
        if known.await?.is_none() {
            let sealed = secrets::seal(&*self.sealer(work).await?, id, &secrets::make()?)?;
            sqlx::query("INSERT INTO secret (tenant, sealed) VALUES ($1, $2)")
                .bind(id)
                .bind(sealed)
                .execute(&mut *work)
                .await?;
        }
        Ok(tally)
    }

    pub(super) async fn signatures(
        &self,
        work: &mut AnyConnection,
        tenant: &str,
        signatures: &[SignatureEntry],
        now_ms: i64,
    ) -> Result<(Difference, Vec<Versions>), StoreError> {
        let difference = replace(work, Table::Signature, FILE, tenant, signatures, |one| &one.id, json).await?;
        let versions = self.remember(work, tenant, signatures, &difference, now_ms).await?;
        draft::forget(work, tenant, &difference.removed).await?;
        Ok((difference, versions))
    }
}

/// All of a file that lies in no rows of its own.
pub(super) struct Settings {
    /// As it was, if the tenant is not new.
    before: Option<String>,
    had: Option<TenantFile>,
    /// As it is written.
    now: String,
}

/// Writes all of the file that lies in no rows of its own.
pub(super) async fn settings(work: &mut AnyConnection, file: &TenantFile, now_ms: i64) -> Result<Settings, StoreError> {
    let row = sqlx::query("SELECT settings FROM tenant WHERE id = $1").bind(file.id.as_str());
    let before: Option<String> =
        row.fetch_optional(&mut *work).await?.map(|row| row.try_get("settings")).transpose()?;
    let had: Option<TenantFile> = before.as_deref().map(super::read::parse).transpose()?;
    let text = json(&without_rows(file))?;
    sqlx::query(
        "INSERT INTO tenant (id, name, settings, octets, created_ms, changed_ms) VALUES ($1, $2, $3, 0, $4, $5) \
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, settings = excluded.settings, \
         changed_ms = excluded.changed_ms",
    )
    .bind(file.id.as_str())
    .bind(&file.name)
    .bind(text.as_str())
    .bind(now_ms)
    .bind(now_ms)
    .execute(&mut *work)
    .await?;
    directory::enable(work, had.as_ref(), file, now_ms).await?;
    Ok(Settings { before, had, now: text })
}

/// What is stored as settings. Field by field: whoever adds one decides here whether it is a setting or rows.
fn without_rows(file: &TenantFile) -> TenantFile {
    TenantFile {
        signet: file.signet,
        id: file.id.clone(),
        name: file.name.clone(),
        on_failure: file.on_failure,
        microsoft_tenant_id: file.microsoft_tenant_id.clone(),
        mode: file.mode.clone(),
        mode_ends: file.mode_ends.clone(),
        domains: file.domains.clone(),
        peer: file.peer.clone(),
        image_base: file.image_base.clone(),
        reply_separators: file.reply_separators.clone(),
        directory: file.directory.clone(),
        groups: Vec::new(),
        people: Vec::new(),
        send_as: file.send_as.clone(),
        images: Vec::new(),
        brand: file.brand.clone(),
        folders: file.folders.clone(),
        signatures: Vec::new(),
    }
}

async fn people(
    work: &mut AnyConnection,
    tenant: &str,
    people: &[PersonEntry],
    tally: &mut Tally,
) -> Result<Done, StoreError> {
    let difference = replace(work, Table::Person, FILE, tenant, people, |one| &one.id, json).await?;
    tally.rows("people", &difference);
    members::replace_addresses(work, FILE, tenant, people, &difference).await?;
    Ok(Done { octets: difference.octets, changed: difference.is_some() })
}

async fn groups(
    work: &mut AnyConnection,
    tenant: &str,
    groups: &[GroupEntry],
    tally: &mut Tally,
) -> Result<Done, StoreError> {
    let alone = |group: &GroupEntry| {
        let GroupEntry { id, name, members: _, groups: _ } = group;
        json(&GroupEntry { id: id.clone(), name: name.clone(), members: Vec::new(), groups: Vec::new() })
    };
    let difference = replace(work, Table::Group, FILE, tenant, groups, |one| &one.id, alone).await?;
    tally.rows("groups", &difference);
    let members = members::replace(work, tenant, groups).await?;
    Ok(Done { octets: difference.octets + members.octets, changed: difference.is_some() || members.changed })
}

/// Pictures come before the images that show them, and go after.
async fn images(
    work: &mut AnyConnection,
    tenant: &str,
    images: &[ImageEntry],
    tally: &mut Tally,
) -> Result<u64, StoreError> {
    let images: Vec<(&ImageEntry, String)> = images.iter().map(|image| (image, hash(&image.base64))).collect();
    // But for those that images of the directory show.
    let rows = sqlx::query(
        "SELECT hash FROM picture WHERE tenant = $1 AND NOT EXISTS (SELECT 1 FROM image WHERE \
         image.tenant = picture.tenant AND image.external_id = picture.hash AND image.source <> 'file')",
    )
    .bind(tenant)
    .fetch_all(&mut *work)
    .await?;
    let mut stored: HashSet<String> = HashSet::with_capacity(rows.len());
    for row in rows {
        stored.insert(row.try_get("hash")?);
    }
    let mut wanted = HashSet::new();
    for (image, hash) in &images {
        if wanted.insert(hash.as_str()) && !stored.remove(hash) {
            sqlx::query("INSERT INTO picture (tenant, hash, base64) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
                .bind(tenant)
                .bind(hash.as_str())
                .bind(image.base64.as_str())
                .execute(&mut *work)
                .await?;
        }
    }
    let shown = |(image, hash): &(&ImageEntry, String)| {
        json(&ImageEntry { base64: hash.clone(), id: image.id.clone(), content_type: image.content_type })
    };
    let difference = replace(work, Table::Image, FILE, tenant, &images, |(image, _)| &image.id, shown).await?;
    tally.rows("images", &difference);
    rows::remove(work, "picture", "hash", tenant, &stored.into_iter().collect::<Vec<_>>()).await?;
    let pictures: usize = images.iter().map(|(image, _)| image.base64.len()).sum();
    Ok(difference.octets + octets(pictures))
}

/// SHA-256 in hex.
pub(super) fn hash(text: &str) -> String {
    digest(&SHA256, text.as_bytes()).as_ref().iter().map(|octet| format!("{octet:02x}")).collect()
}

fn parse(text: &str) -> Result<serde_json::Value, StoreError> {
    super::read::parse(text)
}

pub(super) fn json(value: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Corrupt(error.to_string()))
}
