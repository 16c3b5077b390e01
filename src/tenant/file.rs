//! The tenant file: everything an administrator decides about one organisation, as JSON (`"signet": 1`).
//!
//! It carries no secret. Unknown keys are refused. Export then import is identical. Texts stay texts here and are
//! judged by [`TenantFile::problems`], all at once and each with its place; the compiled form with the stricter
//! types is the [`Snapshot`](super::Snapshot). Every key is explained in `docs/tenant-file.md`.

use std::collections::BTreeMap;

use ipnet::IpNet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Applies, Attribute, Brand, Design, DirectoryEntry, Fact, FolderEntry, Layer, Mode, ModeEnds, TenantId, Trial,
};
use crate::imprint::{self, StampKey};

/// One organisation's settings, people and signatures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TenantFile {
    /// Version of this format: 1.
    #[schemars(range(min = 1, max = 1))]
    pub signet: u32,
    /// Name of the tenant in commands and records: 1 to 64 letters, digits, `-`, `_`, `.`. Never changes.
    #[schemars(with = "String", length(min = 1, max = 64))]
    pub id: TenantId,
    /// Name for people to read.
    pub name: String,
    /// What happens to a message that cannot be signed because something of ours failed.
    #[serde(default)]
    pub on_failure: OnFailure,
    /// The tenant's id at Microsoft (a GUID). Needed when `peer.proof` is `microsoft`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub microsoft_tenant_id: Option<String>,
    /// How far the service is switched on.
    #[serde(default, skip_serializing_if = "is_default")]
    pub mode: Mode,
    /// When that ends, and how it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode_ends: Option<ModeEnds>,
    /// Every accepted domain of the organisation. Recipients in them are internal.
    pub domains: Vec<String>,
    /// Who hands mail in, how that is proven, and where the mail goes on to. Without it no mail is taken: the
    /// organisation is not connected yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peer: Option<Peer>,
    /// `https://` address under which hosted images are served, instead of the one the edge is configured with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_base: Option<String>,
    /// Lines by which the organisation's own systems introduce quoted text, such as "Answer above this line": a line
    /// that begins with one, case and quote marks apart.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reply_separators: Vec<String>,
    /// What is read of the organisation's directory at Microsoft; without it, nothing is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub directory: Option<DirectoryEntry>,
    #[serde(default)]
    pub groups: Vec<GroupEntry>,
    #[serde(default)]
    pub people: Vec<PersonEntry>,
    /// Who may write in the name of whom.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub send_as: Vec<SendAs>,
    #[serde(default)]
    pub images: Vec<ImageEntry>,
    /// What whoever draws is offered first. No mail is made of it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub brand: Brand,
    /// In this order they are tried, each with its signatures in theirs; then those in no folder.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub folders: Vec<FolderEntry>,
    /// In this order they are tried; in each layer the first that applies is used.
    #[serde(default)]
    pub signatures: Vec<SignatureEntry>,
}

/// What happens when the signature fails for a reason of our own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum OnFailure {
    /// The message goes on unsigned.
    #[default]
    Pass,
    /// The sender is asked to try again later (451).
    Defer,
}

/// Who hands mail in and how that is proven.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "proof", rename_all = "lowercase", deny_unknown_fields)]
pub enum Peer {
    /// Exchange Online, by its certificate and the tenant id it writes into the headers.
    Microsoft { next_hop: NextHop },
    /// A mail server, by a client certificate of this DNS name.
    Certificate { name: String, next_hop: NextHop },
    /// A mail server, by the network it connects from.
    Network {
        #[schemars(with = "Vec<String>")]
        networks: Vec<IpNet>,
        next_hop: NextHop,
    },
}

/// Where the mail goes on to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NextHop {
    /// DNS name or IP address.
    pub host: String,
    #[serde(default = "smtp_port")]
    pub port: u16,
    /// Name that its certificate must carry; without it, `host`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// No TLS. Only to a loopback address.
    #[serde(default, skip_serializing_if = "is_default")]
    pub plaintext: bool,
}

/// A group of people, for conditions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupEntry {
    pub id: String,
    #[serde(default)]
    pub name: String,
    /// Ids of people.
    #[serde(default)]
    pub members: Vec<String>,
    /// Ids of groups whose members belong to this group too.
    #[serde(default)]
    pub groups: Vec<String>,
}

/// A person who sends mail.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonEntry {
    pub id: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub kind: PersonKind,
    /// Every address the person sends from, aliases included; the first is the primary one.
    pub addresses: Vec<String>,
    #[serde(default)]
    pub attributes: BTreeMap<Attribute, String>,
    /// Facts that the organisation has named itself; a field shows `pronouns` as `custom.pronouns`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub custom: BTreeMap<String, String>,
    /// Shown instead of what `attributes` and `custom` say; an empty value hides it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub overrides: BTreeMap<Fact, String>,
    /// Id of the person's manager. One who is nobody in the file has no facts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manager: Option<String>,
    /// Id of an image, for the photo block.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photo: Option<String>,
}

/// What kind of mailbox it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PersonKind {
    #[default]
    User,
    /// Of several people.
    Shared,
    Room,
}

/// Allows people to write from addresses that are not their own (Send As, Send on Behalf).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SendAs {
    /// Ids of people who may.
    #[serde(default)]
    pub people: Vec<String>,
    /// Ids of groups whose members may.
    #[serde(default)]
    pub groups: Vec<String>,
    /// The From addresses they may use.
    pub addresses: Vec<String>,
    /// Whose signature the message gets.
    #[serde(default)]
    pub signature_of: SignatureOf,
}

/// Whose signature a message written in another's name gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SignatureOf {
    /// The person whose address stands in From.
    #[default]
    From,
    /// The person who wrote it.
    Sender,
}

/// A picture, carried inside the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImageEntry {
    pub id: String,
    #[serde(rename = "type")]
    pub content_type: ImageType,
    /// The picture itself, at most 1 MiB.
    pub base64: String,
}

/// Kinds of pictures that mail programs show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum ImageType {
    #[serde(rename = "image/png")]
    Png,
    #[serde(rename = "image/jpeg")]
    Jpeg,
    #[serde(rename = "image/gif")]
    Gif,
}

/// A signature, banner or disclaimer: when it applies, how it looks and where it goes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignatureEntry {
    pub id: String,
    #[serde(default)]
    pub name: String,
    /// A signature starts switched off.
    #[serde(default)]
    pub enabled: bool,
    /// Id of the folder it lies in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub layer: Layer,
    /// For whom it is used while it is tried out; without it, for everybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trial: Option<Trial>,
    #[serde(default)]
    pub place: Place,
    #[serde(default)]
    pub images: Images,
    #[serde(default, skip_serializing_if = "is_default")]
    pub plain_text: PlainText,
    /// Go on to the next signature of the same layer after this one was used.
    #[serde(default)]
    pub then_continue: bool,
    /// Take the texts of `subject_contains` that stand in the Subject out of it, once each, where this one is used.
    #[serde(default, skip_serializing_if = "is_default")]
    pub remove_keyword: bool,
    #[serde(default)]
    pub applies: Applies,
    pub design: Design,
}

/// Where a signature goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// Under the newest text, above the quoted reply.
    #[default]
    Reply,
    /// Before everything.
    Top,
    /// After everything, the quoted reply included.
    Bottom,
}

/// How pictures travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Images {
    /// The message links to them.
    #[default]
    Hosted,
    /// The message carries them.
    Embedded,
}

/// What becomes of a message that is plain text and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlainText {
    /// It stays plain text, and gets the signature as such.
    #[default]
    Stays,
    /// It gets HTML beside it, with the signature as it was drawn.
    BecomesHtml,
}

/// What the store keeps sealed beside the file.
#[derive(Clone, PartialEq, Eq)]
pub struct Secrets {
    /// The first makes stamps, all of them check.
    pub stamp_keys: Vec<StampKey>,
    /// The word in the stamp that the rule in Exchange looks for.
    pub loop_word: String,
    /// Keys whatever may be seen outside but must not be guessed: the marks of signatures, hashes in records.
    pub trace_key: [u8; 32],
}

impl TenantFile {
    /// Reads a file. Errors say line and column.
    pub fn parse(json: &[u8]) -> Result<TenantFile, Vec<super::Problem>> {
        let file: TenantFile =
            serde_json::from_slice(json).map_err(|error| vec![super::Problem::at("", error.to_string())])?;
        let problems = file.problems();
        if problems.is_empty() { Ok(file) } else { Err(problems) }
    }

    /// The file as it is exported: indented JSON with a final line end.
    pub fn to_json(&self) -> String {
        // Writing into a string cannot fail, and every map in the file has text for keys.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// What is wrong with the file, everything at once; empty when it can be compiled.
    pub fn problems(&self) -> Vec<super::Problem> {
        super::problems::of(self)
    }

    /// The same for a file that was taken before: that it names people or groups who are not there is no problem any
    /// more, for a directory forgets them at any time.
    pub(super) fn problems_whoever_is_gone(&self) -> Vec<super::Problem> {
        super::problems::whoever_is_gone(self)
    }
}

impl Peer {
    pub fn next_hop(&self) -> &NextHop {
        match self {
            Peer::Microsoft { next_hop } | Peer::Certificate { next_hop, .. } | Peer::Network { next_hop, .. } => {
                next_hop
            }
        }
    }
}

impl NextHop {
    /// The name its certificate must carry.
    pub fn certificate_name(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.host)
    }
}

impl ImageType {
    pub fn content_type(self) -> &'static str {
        match self {
            ImageType::Png => "image/png",
            ImageType::Jpeg => "image/jpeg",
            ImageType::Gif => "image/gif",
        }
    }

    pub fn extension(self) -> &'static str {
        match self {
            ImageType::Png => "png",
            ImageType::Jpeg => "jpg",
            ImageType::Gif => "gif",
        }
    }

    /// The first octets every picture of this kind has.
    pub fn begins(self, octets: &[u8]) -> bool {
        match self {
            ImageType::Png => octets.starts_with(b"\x89PNG\r\n\x1a\n"),
            ImageType::Jpeg => octets.starts_with(b"\xff\xd8\xff"),
            ImageType::Gif => octets.starts_with(b"GIF87a") || octets.starts_with(b"GIF89a"),
        }
    }
}

impl From<Place> for imprint::Place {
    fn from(place: Place) -> imprint::Place {
        match place {
            Place::Reply => imprint::Place::Reply,
            Place::Top => imprint::Place::Top,
            Place::Bottom => imprint::Place::Bottom,
        }
    }
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Secrets({} stamp keys)", self.stamp_keys.len())
    }
}

impl Drop for Secrets {
    fn drop(&mut self) {
        self.trace_key.fill(0);
        std::hint::black_box(&self.trace_key);
    }
}

fn smtp_port() -> u16 {
    25
}

pub(super) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
