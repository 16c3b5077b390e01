//! One tenant compiled at one revision: everything the mail path asks, in hash indices, never changed.
//!
//! It is compiled off the mail path and shared by all cores. Look-ups cost the same for ten people and for half a
//! million. A file with a mistake is refused whole, with every mistake named.

use std::collections::{HashMap, HashSet};
use std::mem::size_of;
use std::sync::Arc;

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::album::Album;
use super::crowd::Crowd;
use super::file::{ImageEntry, ImageType, OnFailure, Peer, Secrets, SendAs, SignatureOf};
use super::identity::domain_of;
use super::mode::{Mode, Stance, Stances};
use super::people::{People, Person};
use super::roster::Roster;
use super::signature::{self, Signature, SwitchedOff};
use super::stamps::{Extent, Stamps};
use super::{Address, Domain, Edition, Problem, Revision, TenantFile, TenantId};
use crate::imprint::StampKey;
use crate::imprint::place::Separators;

/// One tenant at one revision.
pub struct Snapshot {
    id: TenantId,
    name: String,
    edition: Edition,
    stances: Stances,
    on_failure: OnFailure,
    peer: Option<Peer>,
    microsoft_tenant_id: Option<String>,
    image_base: Option<String>,
    separators: Arc<Separators>,
    domains: Vec<Domain>,
    domain_index: HashSet<String>,
    people: Arc<People>,
    /// Memory of the groups that rules name.
    groups_bytes: usize,
    send_as: HashMap<String, Vec<Permission>>,
    images: HashMap<String, HostedImage>,
    /// Beside those of the file.
    album: Arc<Album>,
    signatures: Vec<Arc<Signature>>,
    switched_off: Vec<SwitchedOff>,
    secrets: Secrets,
    stamps: Stamps,
    extent: Extent,
}

/// An image of the tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostedImage {
    kind: ImageType,
    bytes: Bytes,
    /// `<sha256 in hex>.<extension>`.
    file_name: String,
}

/// Who may write from an address that is not their own.
#[derive(Debug, Clone)]
pub(super) struct Permission {
    crowd: Arc<Crowd>,
    signature_of: SignatureOf,
}

impl Snapshot {
    /// Compiles a whole file. Whom or what it names may have gone since it was taken, and is nobody then.
    ///
    /// # Errors
    /// Everything else that is wrong with it, as [`TenantFile::problems`] says, and missing secrets.
    pub fn compile(mut file: TenantFile, secrets: Secrets, revision: Revision) -> Result<Snapshot, Vec<Problem>> {
        let mut problems = file.problems_whoever_is_gone();
        if secrets.stamp_keys.is_empty() || !is_loop_word(&secrets.loop_word) {
            problems.push(Problem::at("", "the tenant has no stamp key, or no loop word of letters, digits, - and _"));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let edition = Edition::of(revision);
        let people = People::compile(std::mem::take(&mut file.people), &file.groups, edition);
        Ok(Snapshot::of_parts(file, Arc::new(people), Arc::default(), secrets, edition))
    }

    /// Of a file that was judged when it was taken, and its people, who may have changed since: whom or what it names
    /// that is not there any more is nobody. People and groups of the file itself are not looked at. `album`: the photos
    /// that the file does not have.
    pub fn of_parts(
        file: TenantFile,
        people: Arc<People>,
        album: Arc<Album>,
        secrets: Secrets,
        edition: Edition,
    ) -> Snapshot {
        let roster = Roster::new(&people);
        let (signatures, switched_off) = signature::compile(file.signatures, &file.folders, &roster);
        let stances = Stances::new(file.mode, file.mode_ends, &roster);
        let send_as = permissions(&file.send_as, &roster);
        let groups_bytes = roster.resolve();
        let domains: Vec<Domain> = file.domains.iter().filter_map(|text| Domain::parse(text)).collect();
        let mut snapshot = Snapshot {
            id: file.id,
            name: file.name,
            edition,
            stances,
            on_failure: file.on_failure,
            peer: file.peer,
            microsoft_tenant_id: file.microsoft_tenant_id.map(|id| id.to_ascii_lowercase()),
            image_base: file.image_base,
            separators: Arc::new(Separators::new(&file.reply_separators)),
            domain_index: domains.iter().map(|domain| domain.as_str().to_owned()).collect(),
            domains,
            send_as,
            images: file
                .images
                .iter()
                .filter_map(|entry| Some((entry.id.clone(), HostedImage::read(entry)?)))
                .collect(),
            album,
            signatures,
            switched_off,
            people,
            groups_bytes,
            secrets,
            stamps: Stamps::default(),
            extent: Extent::default(),
        };
        snapshot.extent = Extent::of(&snapshot);
        snapshot
    }

    pub fn id(&self) -> &TenantId {
        &self.id
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn revision(&self) -> Revision {
        self.edition.revision
    }

    /// The change that made the tenant what this is, but for its people: they have an edition of their own.
    pub fn edition(&self) -> Edition {
        self.edition
    }

    /// Its people, for the next snapshot of the tenant.
    pub fn people_part(&self) -> &Arc<People> {
        &self.people
    }

    /// The directory's photos of its people, for the next snapshot of the tenant.
    pub fn album(&self) -> &Arc<Album> {
        &self.album
    }

    /// About how many octets of memory it takes, its people, their photos and the stamps that it may come to keep included.
    pub fn memory_bytes(&self) -> usize {
        let images: usize = self.images.values().map(|image| image.bytes.len() + IMAGE_BYTES).sum();
        let signatures = (self.signatures.len() + self.switched_off.len()) * SIGNATURE_BYTES;
        let send_as = self.send_as.len() * PERMISSION_BYTES;
        let people = self.people.memory_bytes() + self.album.memory_bytes() + self.groups_bytes;
        size_of::<Snapshot>() + people + images + signatures + send_as + self.stamps.kept_bytes()
    }

    /// How far the service is switched on at this time.
    pub fn mode(&self, now: Timestamp) -> &Mode {
        &self.stance(now).mode
    }

    pub(super) fn stance(&self, now: Timestamp) -> &Stance {
        self.stances.at(now)
    }

    pub fn on_failure(&self) -> OnFailure {
        self.on_failure
    }

    /// `None` while the organisation is not connected.
    pub fn peer(&self) -> Option<&Peer> {
        self.peer.as_ref()
    }

    pub fn domains(&self) -> &[Domain] {
        &self.domains
    }

    /// In lower case.
    pub fn microsoft_tenant_id(&self) -> Option<&str> {
        self.microsoft_tenant_id.as_deref()
    }

    /// Lines that begin quoted text, besides those that begin it everywhere.
    pub(super) fn separators(&self) -> &Arc<Separators> {
        &self.separators
    }

    /// Where the tenant wants its hosted images to be linked, instead of the edge's own address.
    pub fn image_base(&self) -> Option<&str> {
        self.image_base.as_deref()
    }

    pub fn stamp_keys(&self) -> &[StampKey] {
        &self.secrets.stamp_keys
    }

    pub fn loop_word(&self) -> &str {
        &self.secrets.loop_word
    }

    pub fn trace_key(&self) -> &[u8; 32] {
        &self.secrets.trace_key
    }

    /// Whether the address is in a domain of the tenant.
    pub fn is_internal(&self, address: &str) -> bool {
        self.domain_index.contains(&*Domain::normal(domain_of(address)))
    }

    /// The octets that the largest stamp of this tenant can add to a message, encoded. Never less than what
    /// [`Snapshot::stamp`](Snapshot::stamp) gives.
    pub fn largest_stamp_bytes(&self) -> u64 {
        self.extent.largest_stamp_bytes
    }

    /// Whether the signature may be too large to be drawn for somebody.
    pub(super) fn may_be_too_large(&self, signature: &Signature) -> bool {
        self.extent.large.contains(&signature.place_in_order())
    }

    /// Every image, to be served at `/i/<file name>`.
    pub fn hosted_images(&self) -> impl Iterator<Item = &HostedImage> {
        self.images.values().chain(self.album.images())
    }

    /// How many people there are.
    pub fn people_count(&self) -> usize {
        self.people.len()
    }

    /// The person of an address, however it is spelled.
    pub fn person(&self, address: &str) -> Option<&Person> {
        self.people.of_address(address).map(Arc::as_ref)
    }

    pub(super) fn people(&self) -> &People {
        &self.people
    }

    /// The signatures that are switched on, in order.
    pub(super) fn signatures(&self) -> impl DoubleEndedIterator<Item = &Arc<Signature>> {
        self.signatures.iter()
    }

    pub(super) fn image(&self, id: &str) -> Option<&HostedImage> {
        self.images.get(id).or_else(|| self.album.image(id))
    }

    /// The others, in order.
    pub(super) fn switched_off(&self) -> &[SwitchedOff] {
        &self.switched_off
    }

    pub(super) fn stamps(&self) -> &Stamps {
        &self.stamps
    }

    /// The permissions that name this From address.
    pub(super) fn permissions(&self, from: &str) -> impl Iterator<Item = &Permission> {
        self.send_as.get(from).into_iter().flatten()
    }
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Snapshot({}, revision {})", self.id, self.edition.revision)
    }
}

/// Whether the word can stand in a header field, in a mail flow rule and in a regular expression as it is.
pub(super) fn is_loop_word(word: &str) -> bool {
    (1..=64).contains(&word.len()) && word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
}

impl HostedImage {
    /// `None` when the base64 does not decode; such a file was refused.
    fn read(entry: &ImageEntry) -> Option<HostedImage> {
        Some(HostedImage::new(entry.content_type, Bytes::from(STANDARD.decode(&entry.base64).ok()?)))
    }

    pub(super) fn new(kind: ImageType, bytes: Bytes) -> HostedImage {
        let hash: String = Sha256::digest(&bytes).iter().map(|octet| format!("{octet:02x}")).collect();
        HostedImage { kind, bytes, file_name: format!("{hash}.{}", kind.extension()) }
    }

    pub(super) fn kind(&self) -> ImageType {
        self.kind
    }

    /// `<sha256 in hex>.<extension>`.
    pub fn file_name(&self) -> &str {
        &self.file_name
    }

    pub fn content_type(&self) -> &'static str {
        self.kind.content_type()
    }

    pub(super) fn extension(&self) -> &'static str {
        self.kind.extension()
    }

    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }
}

impl Permission {
    pub(super) fn names(&self, person: &Person) -> bool {
        self.crowd.find(person).is_some()
    }

    pub(super) fn signature_of(&self) -> SignatureOf {
        self.signature_of
    }
}

fn permissions(send_as: &[SendAs], roster: &Roster<'_>) -> HashMap<String, Vec<Permission>> {
    let mut found: HashMap<String, Vec<Permission>> = HashMap::new();
    for entry in send_as {
        let crowd = Arc::new(Crowd::new(&entry.people, &entry.groups, roster));
        let permission = Permission { crowd, signature_of: entry.signature_of };
        for address in &entry.addresses {
            found.entry(Address::normal(address).into_owned()).or_default().push(permission.clone());
        }
    }
    found
}

/// What an image costs beside its octets.
pub(super) const IMAGE_BYTES: usize = 320;
/// What a signature takes, its design and conditions with it, as a rule.
const SIGNATURE_BYTES: usize = 8 << 10;
const PERMISSION_BYTES: usize = 256;
