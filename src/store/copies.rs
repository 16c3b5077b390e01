//! Sealed copies on this machine of what an edge has read: the index of all tenants, and rules, people and photos of those
//! it has loaded, so that it starts and serves while the database is gone.
//!
//! A copy is sealed with the store's key, bound to its tenant, and used only as a whole. It says of which edition it is: one
//! of the edition that the index knows is as good as the store, and spares asking it. The copies stay within a bound of
//! octets, those that were used longest ago leave; a deleted tenant's goes with it. Everything here blocks.

use std::io::{BufRead, BufReader, BufWriter, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::sealed_file::{SealedReader, SealedWriter, unreadable, unwritable};
use super::secrets::Plain;
use super::{ClientCertificate, Entry, Parts, PeopleRows, SealKey, Store, StoreError, now_ms};
use crate::tenant::{Album, AlbumEntry, Edition, ImageType, Tenant, TenantFile, TenantId};

/// A folder of copies. Clones share it.
#[derive(Debug, Clone)]
pub struct Copies {
    folder: Arc<Path>,
    key: Arc<SealKey>,
    /// Of tenants; the index comes on top.
    most_bytes: u64,
}

/// An entry of the index with its editions: of the tenant and of its people.
#[derive(Debug, Clone, PartialEq)]
pub struct Indexed {
    pub entry: Entry,
    pub edition: Edition,
    pub people_edition: Edition,
}

/// The index as it was copied.
pub struct IndexCopy {
    /// Unix time in milliseconds.
    pub time_ms: i64,
    pub tenants: Vec<Indexed>,
}

/// The first line of a copy of rules, or of people.
#[derive(Serialize, Deserialize)]
struct Head {
    edition: Edition,
    /// Of people: the digest of their photos, 0 without any.
    photos: u64,
}

/// The first line of a copy of photos.
#[derive(Serialize, Deserialize)]
struct AlbumHead {
    photos: u64,
}

#[derive(Serialize, Deserialize)]
struct AlbumLine {
    id: String,
    content_type: ImageType,
    hash: String,
    base64: String,
}

#[derive(Serialize, Deserialize)]
struct Rules<F> {
    file: F,
    secrets: Plain,
}

#[derive(Serialize, Deserialize)]
struct IndexHead {
    time_ms: i64,
}

#[derive(Serialize, Deserialize)]
struct IndexLine {
    edition: Edition,
    people_edition: Edition,
    settings: TenantFile,
    secrets: Plain,
    certificate: Option<Certificate>,
}

#[derive(Serialize, Deserialize)]
struct Certificate {
    chain: String,
    key: String,
    not_after_ms: i64,
}

impl Store {
    /// The copies of this store in a folder, which is made if it is not there; at most so many octets of tenants.
    ///
    /// # Errors
    /// When the folder cannot be made or written to.
    pub fn copies(&self, folder: &Path, most_bytes: u64) -> Result<Copies, StoreError> {
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(unwritable)?;
        let copies = Copies { folder: folder.into(), key: self.key.clone(), most_bytes };
        copies.writer(".try", "try").and_then(SealedWriter::finish)?;
        std::fs::remove_file(copies.place(".try")).map_err(unwritable)?;
        Ok(copies)
    }
}

impl Copies {
    /// The editions of the rules and of the people that are copied of a tenant; `None` without a copy.
    pub fn editions(&self, tenant: &TenantId) -> Result<Option<(Edition, Edition)>, StoreError> {
        let Some(mut rules) = self.reader(&rules_of(tenant))? else { return Ok(None) };
        let Some(mut people) = self.reader(&people_of(tenant))? else { return Ok(None) };
        let (rules, people): (Head, Head) = (line(&mut rules)?, line(&mut people)?);
        Ok(Some((rules.edition, people.edition)))
    }

    /// Rules and people of a tenant as they were copied.
    pub fn read(&self, tenant: &TenantId) -> Result<Option<Parts>, StoreError> {
        let Some(mut of_rules) = self.reader(&rules_of(tenant))? else { return Ok(None) };
        let Some(mut of_people) = self.reader(&people_of(tenant))? else { return Ok(None) };
        let Head { edition, .. } = line(&mut of_rules)?;
        let Rules { file, secrets }: Rules<TenantFile> = rest(of_rules)?;
        let Head { edition: people_edition, photos } = line(&mut of_people)?;
        let mut people: PeopleRows = rest(of_people)?;
        if photos != 0 {
            let Some(album) = self.photos(tenant, photos)? else { return Ok(None) };
            people.photos = album;
        }
        for name in names(tenant) {
            // When it was used last. Where that cannot be noted it leaves earlier.
            let _ = std::fs::File::open(self.place(&name)).and_then(|file| file.set_modified(SystemTime::now()));
        }
        let secrets = secrets.read()?;
        Ok(Some(Parts { rules: file, secrets, edition, people_edition, people: Some(people) }))
    }

    /// The photos of this digest, if they are those that are copied.
    fn photos(&self, tenant: &TenantId, digest: u64) -> Result<Option<Vec<AlbumEntry>>, StoreError> {
        let Some(mut reader) = self.reader(&photos_of(tenant))? else { return Ok(None) };
        let AlbumHead { photos } = line(&mut reader)?;
        if photos != digest {
            return Ok(None);
        }
        let lines = serde_json::Deserializer::from_reader(reader).into_iter::<AlbumLine>();
        lines.map(|line| entry(line.map_err(corrupt)?)).collect::<Result<_, _>>().map(Some)
    }

    /// Copies what was read of a tenant: its rules, and its people where they were read, whose photos are in the album;
    /// `is_new`: so they were not before. Gives the octets written.
    pub fn write(&self, tenant: &TenantId, parts: &Parts, album: &Album, is_new: bool) -> Result<u64, StoreError> {
        let mut octets = 0;
        if let Some(people) = &parts.people {
            // Before the people: those name them, and others do not count.
            if is_new && album.digest() != 0 {
                octets += self.put_photos(tenant, album)?;
            }
            let head = Head { edition: parts.people_edition, photos: album.digest() };
            octets += self.put(&people_of(tenant), &head, people)?;
        }
        let head = Head { edition: parts.edition, photos: 0 };
        let rules = Rules { file: &parts.rules, secrets: Plain::of(&parts.secrets) };
        Ok(octets + self.put(&rules_of(tenant), &head, &rules)?)
    }

    /// Removes what is copied of a tenant.
    pub fn remove(&self, tenant: &TenantId) -> Result<(), StoreError> {
        for name in names(tenant) {
            match std::fs::remove_file(self.place(&name)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(unwritable(error)),
                _ => {}
            }
        }
        Ok(())
    }

    /// The index as it was copied last.
    pub fn index(&self) -> Result<Option<IndexCopy>, StoreError> {
        let Some(mut reader) = self.reader(INDEX)? else { return Ok(None) };
        let IndexHead { time_ms } = line(&mut reader)?;
        let lines = serde_json::Deserializer::from_reader(reader).into_iter::<IndexLine>();
        let tenants = lines.map(|line| indexed(line.map_err(corrupt)?)).collect::<Result<_, _>>()?;
        Ok(Some(IndexCopy { time_ms, tenants }))
    }

    /// Copies the index, one entry after the other. Gives the octets written.
    pub fn write_index(
        &self,
        tenants: impl Iterator<Item = (Arc<Tenant>, Option<Arc<ClientCertificate>>)>,
    ) -> Result<u64, StoreError> {
        let mut writer = BufWriter::with_capacity(BUFFER, self.writer(INDEX, INDEX)?);
        put_line(&mut writer, &IndexHead { time_ms: now_ms() })?;
        for (tenant, certificate) in tenants {
            let certificate = certificate.map(|one| Certificate {
                chain: String::from_utf8_lossy(&one.chain_pem).into_owned(),
                key: String::from_utf8_lossy(&one.key_pem).into_owned(),
                not_after_ms: one.not_after_ms,
            });
            let line = IndexLine {
                edition: tenant.edition(),
                people_edition: tenant.people_edition(),
                settings: tenant.settings(),
                secrets: Plain::of(tenant.secrets()),
                certificate,
            };
            put_line(&mut writer, &line)?;
        }
        writer.into_inner().map_err(|error| unwritable(error.into_error()))?.finish()
    }

    /// Removes the copies of tenants that are not known, then, down to the bound, those used longest ago. Gives the octets
    /// that are left, and how many tenants' copies left for want of room.
    pub fn tidy(&self, is_known: impl Fn(&str) -> bool) -> Result<(u64, usize), StoreError> {
        let mut kept: Vec<(SystemTime, u64, TenantId)> = Vec::new();
        for file in std::fs::read_dir(&self.folder).map_err(unreadable)?.flatten() {
            let name = file.file_name().to_string_lossy().into_owned();
            // Only what has such a name is ours.
            let part = [RULES, PEOPLE, PHOTOS].iter().find_map(|suffix| name.strip_suffix(suffix));
            let ours = part.and_then(TenantId::parse);
            let forgotten = name.ends_with(".new") && is_old(&file);
            if ours.as_ref().is_some_and(|tenant| !is_known(tenant.as_str())) || forgotten {
                // Whoever is quicker has done the same.
                let _ = std::fs::remove_file(file.path());
            } else if let (Some(tenant), Ok(meta)) = (ours, file.metadata()) {
                kept.push((meta.modified().unwrap_or(SystemTime::UNIX_EPOCH), meta.blocks() * 512, tenant));
            }
        }
        let mut octets: u64 = kept.iter().map(|(_, octets, _)| octets).sum();
        kept.sort_unstable_by_key(|(used, ..)| *used);
        let mut left = 0;
        for (_, bytes, tenant) in kept {
            if octets <= self.most_bytes {
                break;
            }
            octets -= bytes;
            self.remove(&tenant)?;
            left += 1;
        }
        Ok((octets, left))
    }

    fn place(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn put(&self, name: &str, head: &impl Serialize, body: &impl Serialize) -> Result<u64, StoreError> {
        let mut writer = BufWriter::with_capacity(BUFFER, self.writer(name, name)?);
        put_line(&mut writer, head)?;
        put_line(&mut writer, body)?;
        writer.into_inner().map_err(|error| unwritable(error.into_error()))?.finish()
    }

    fn put_photos(&self, tenant: &TenantId, album: &Album) -> Result<u64, StoreError> {
        let name = photos_of(tenant);
        let mut writer = BufWriter::with_capacity(BUFFER, self.writer(&name, &name)?);
        put_line(&mut writer, &AlbumHead { photos: album.digest() })?;
        for AlbumEntry { id, content_type, hash, picture } in album.entries() {
            let base64 = STANDARD.encode(picture.unwrap_or_default());
            put_line(&mut writer, &AlbumLine { id, content_type, hash, base64 })?;
        }
        writer.into_inner().map_err(|error| unwritable(error.into_error()))?.finish()
    }

    fn writer(&self, place: &str, name: &str) -> Result<SealedWriter, StoreError> {
        SealedWriter::create(&self.place(place), name, self.key.of_new_copies()?)
    }

    fn reader(&self, name: &str) -> Result<Option<BufReader<SealedReader>>, StoreError> {
        let reader = SealedReader::open(&self.place(name), name, self.key.of_copies())?;
        Ok(reader.map(|reader| BufReader::with_capacity(BUFFER, reader)))
    }
}

fn put_line(writer: &mut impl Write, value: &impl Serialize) -> Result<(), StoreError> {
    serde_json::to_writer(&mut *writer, value).map_err(|error| unwritable(error.into()))?;
    writer.write_all(b"\n").map_err(unwritable)
}

fn line<T: DeserializeOwned>(reader: &mut impl BufRead) -> Result<T, StoreError> {
    let mut line = Vec::new();
    reader.read_until(b'\n', &mut line).map_err(|_| StoreError::Sealed)?;
    serde_json::from_slice(&line).map_err(corrupt)
}

/// All that follows; to the end, for only that says that nothing is missing.
fn rest<T: DeserializeOwned>(reader: impl BufRead) -> Result<T, StoreError> {
    serde_json::from_reader(reader).map_err(corrupt)
}

fn corrupt(error: serde_json::Error) -> StoreError {
    if error.is_io() { StoreError::Sealed } else { StoreError::Corrupt(format!("a sealed copy: {error}")) }
}

fn entry(line: AlbumLine) -> Result<AlbumEntry, StoreError> {
    let AlbumLine { id, content_type, hash, base64 } = line;
    let picture = STANDARD.decode(base64).map_err(|_| StoreError::Corrupt("a sealed copy: a photo".to_owned()))?;
    Ok(AlbumEntry { id, content_type, hash, picture: Some(picture.into()) })
}

fn indexed(line: IndexLine) -> Result<Indexed, StoreError> {
    let certificate = line.certificate.map(|one| ClientCertificate {
        chain_pem: one.chain.into_bytes(),
        key_pem: one.key.into_bytes(),
        not_after_ms: one.not_after_ms,
    });
    let entry = Entry { settings: line.settings, secrets: line.secrets.read()?, certificate };
    Ok(Indexed { entry, edition: line.edition, people_edition: line.people_edition })
}

/// Nobody writes it any more.
fn is_old(file: &std::fs::DirEntry) -> bool {
    let modified = file.metadata().and_then(|meta| meta.modified());
    modified.is_ok_and(|modified| modified.elapsed().is_ok_and(|age| age.as_secs() > 3600))
}

/// Of names, which no tenant has of itself.
const RULES: &str = "+rules";
const PEOPLE: &str = "+people";
const PHOTOS: &str = "+photos";
const INDEX: &str = "+index";

fn rules_of(tenant: &TenantId) -> String {
    format!("{tenant}{RULES}")
}

fn people_of(tenant: &TenantId) -> String {
    format!("{tenant}{PEOPLE}")
}

fn photos_of(tenant: &TenantId) -> String {
    format!("{tenant}{PHOTOS}")
}

fn names(tenant: &TenantId) -> [String; 3] {
    [rules_of(tenant), people_of(tenant), photos_of(tenant)]
}

const BUFFER: usize = 64 << 10;
