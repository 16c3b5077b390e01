//! Photos of people, for those whose signature shows one: read when they changed, at most four at a time.
//!
//! Changes of photos are in no delta, so each is asked for by its tag, and downloaded only when that is another. The
//! size is 240 pixels, twice what a signature shows, else whatever there is, up to the size the tenant file allows.
//! One person's photo that cannot be read costs that photo alone.

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use serde_json::Value;
use tokio::sync::watch;

use super::{DirectoryError, Graph, NotKept, Progress, Stage};
use crate::tenant::ImageType;

/// Requests under way at a time: what Exchange Online allows an application.
const AT_ONCE: usize = 4;

/// So many photos in a row for which Microsoft had an error of its own, each tried again and again, are an outage.
const BUSY: u32 = 8;

/// Most octets of a photo: those of an image in the tenant file.
const PHOTO_BYTES: usize = 1 << 20;

/// Whose photo is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The directory's id.
    pub person: String,
    /// The tag of the photo we have.
    pub etag: Option<String>,
}

/// What became of one person's photo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PhotoChange {
    /// Another than the one we have.
    New(Photo),
    /// There is none.
    Gone,
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    pub etag: String,
    pub content_type: ImageType,
    pub octets: Bytes,
}

/// What keeps the photos.
pub trait PhotoSink {
    /// Keeps one change.
    fn keep_photo(&mut self, person: &str, change: PhotoChange) -> impl Future<Output = Result<(), NotKept>> + Send;
}

/// What a run has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Photos {
    pub new: u64,
    pub gone: u64,
    pub same: u64,
    /// Could not be read this time; what we have stays.
    pub failed: u64,
}

/// Reads the photos that changed.
///
/// # Errors
/// What concerns all of them: no consent, throttled for long, no connection. What was read before is kept.
pub async fn photos<S: PhotoSink>(
    graph: &Graph,
    wanted: Vec<Wanted>,
    sink: &mut S,
    progress: &watch::Sender<Progress>,
) -> Result<Photos, DirectoryError> {
    progress.send_modify(|progress| progress.stage = Stage::Photos);
    let waiting = |wait| progress.send_modify(|progress| progress.waiting = Some(wait));
    let one = |wanted: Wanted| async move {
        let found = look(graph, &wanted, &waiting).await;
        (wanted.person, found)
    };
    let mut answers = stream::iter(wanted).map(one).buffer_unordered(AT_ONCE);
    let (mut done, mut busy) = (Photos::default(), 0);
    while let Some((person, found)) = answers.next().await {
        progress.send_modify(|progress| progress.waiting = None);
        let change = match found {
            Ok(Some(change)) => {
                busy = 0;
                change
            }
            Ok(None) => {
                busy = 0;
                done.same += 1;
                continue;
            }
            Err(error) if concerns_all(&error) => return Err(error),
            Err(error) => {
                done.failed += 1;
                busy = if matches!(error, DirectoryError::Temporary { .. }) { busy + 1 } else { 0 };
                if busy >= BUSY {
                    return Err(error);
                }
                continue;
            }
        };
        let count = if matches!(change, PhotoChange::Gone) { &mut done.gone } else { &mut done.new };
        *count += 1;
        sink.keep_photo(&person, change).await.map_err(|NotKept(why)| DirectoryError::NotKept(why))?;
    }
    Ok(done)
}

/// `None` when it is the one we have, or there is none and we have none.
async fn look(
    graph: &Graph,
    wanted: &Wanted,
    waiting: &super::graph::Waiting<'_>,
) -> Result<Option<PhotoChange>, DirectoryError> {
    let Wanted { person, etag } = wanted;
    let address = |rest: &str| graph.endpoints().graph(&format!("users/{person}/{rest}"));
    let gone = || etag.is_some().then_some(PhotoChange::Gone);
    if super::page::id(&serde_json::json!({ "id": person })).is_none() {
        return Err(DirectoryError::Name(person.clone()));
    }
    let Some(about) = found(graph.get(&address("photo"), waiting).await)? else { return Ok(gone()) };
    let about: Value = serde_json::from_slice(&about)
        .map_err(|_| DirectoryError::Unreadable("what a photo is like could not be read".into()))?;
    // Without a photo some mailboxes answer with a picture of one pixel.
    let empty = about.get("width").and_then(Value::as_u64).is_some_and(|width| width <= 1);
    let tag = super::page::text(&about, "@odata.mediaEtag").unwrap_or_default().to_owned();
    if empty {
        return Ok(gone());
    }
    if !tag.is_empty() && etag.as_ref() == Some(&tag) {
        return Ok(None);
    }
    for path in ["photos/240x240/$value", "photo/$value"] {
        let Some(octets) = found(graph.get_bounded(&address(path), PHOTO_BYTES, waiting).await)? else { continue };
        let content_type = kind(&octets).ok_or_else(|| DirectoryError::Unreadable("a photo is no picture".into()))?;
        return Ok(Some(PhotoChange::New(Photo { etag: tag, content_type, octets })));
    }
    Ok(gone())
}

/// A 404 is an answer: nothing there.
fn found(answer: Result<Bytes, DirectoryError>) -> Result<Option<Bytes>, DirectoryError> {
    match answer {
        Ok(body) => Ok(Some(body)),
        Err(DirectoryError::Refused { status: 404, .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whatever the header says: what a picture begins with is what mail programs go by.
fn kind(octets: &[u8]) -> Option<ImageType> {
    [ImageType::Jpeg, ImageType::Png, ImageType::Gif].into_iter().find(|kind| kind.begins(octets))
}

fn concerns_all(error: &DirectoryError) -> bool {
    matches!(
        error,
        DirectoryError::Throttled { .. }
            | DirectoryError::Unreachable(_)
            | DirectoryError::Unauthorized
            | DirectoryError::ConsentRevoked(_)
            | DirectoryError::CertificateUnknown(_)
            | DirectoryError::Clock(_)
            | DirectoryError::UnknownTenant(_)
            | DirectoryError::Credentials(_)
    )
}
