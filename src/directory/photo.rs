//! Photos of people, for those whose signature shows one: read when they changed, at most four at a time.
//!
//! Changes of photos are in no delta, so each is asked for by its tag, and downloaded only when that is another, in the
//! smallest size that does for the signatures. They are handed on in batches with all that were looked at, so that the
//! next run begins with who was looked at longest ago: a run has no more than its share of time. One person's photo that
//! cannot be read costs that photo alone.

use std::future::ready;
use std::time::{Duration, Instant};

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

/// Most octets of a photo. What is larger is taken in a smaller size: it goes into every mail of its person, and each edge
/// has it in memory.
pub const PHOTO_BYTES: usize = 64 << 10;

/// The sizes that Microsoft keeps, in pixels.
const SIZES: [u32; 9] = [48, 64, 96, 120, 240, 360, 432, 504, 648];

/// A batch is handed on when it has so many people,
const BATCH: usize = 1000;
/// or so many octets of pictures,
const BATCH_BYTES: usize = 8 << 20;
/// or was begun so long ago.
const BATCH_TIME: Duration = Duration::from_secs(30);

/// Whose photo is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The directory's id.
    pub person: String,
    /// The tag of the photo we have.
    pub etag: Option<String>,
}

/// How photos are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PhotoOrder {
    /// As many as signatures show of the longer side, in pixels of a usual screen.
    pub pixels: u32,
    /// When that is over no more are asked for.
    pub time: Duration,
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
    /// Microsoft's, and the size it was asked for in.
    pub etag: String,
    pub content_type: ImageType,
    pub octets: Bytes,
}

/// A person who was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub person: String,
    /// `None`: as it was, or it could not be read.
    pub change: Option<PhotoChange>,
}

/// What keeps the photos.
pub trait PhotoSink {
    /// Keeps a batch whole or not at all, and when these people were looked at.
    fn keep_photos(&mut self, seen: Vec<Seen>) -> impl Future<Output = Result<(), NotKept>> + Send;
}

/// What a run has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Photos {
    pub new: u64,
    pub gone: u64,
    pub same: u64,
    /// Could not be read this time; what we have stays.
    pub failed: u64,
    /// Were not looked at, for the time was over.
    pub left: u64,
}

/// Reads the photos that changed, in the order in which they are wanted.
///
/// # Errors
/// What concerns all of them: no consent, throttled for long, no connection. What was read before is kept.
pub async fn photos<S: PhotoSink>(
    graph: &Graph,
    wanted: Vec<Wanted>,
    order: &PhotoOrder,
    sink: &mut S,
    progress: &watch::Sender<Progress>,
) -> Result<Photos, DirectoryError> {
    progress.send_modify(|progress| progress.stage = Stage::Photos);
    let waiting = |wait| progress.send_modify(|progress| progress.waiting = Some(wait));
    let (began, sizes) = (Instant::now(), sizes(order.pixels));
    let all = u64::try_from(wanted.len()).unwrap_or(u64::MAX);
    let one = |wanted: Wanted| async move {
        let found = look(graph, &wanted, sizes, &waiting).await;
        (wanted.person, found)
    };
    let in_time = stream::iter(wanted).take_while(|_| ready(began.elapsed() < order.time));
    let mut answers = in_time.map(one).buffer_unordered(AT_ONCE);
    let (mut count, mut batch) = (Count::default(), Batch::default());
    let ended = loop {
        let Some((person, found)) = answers.next().await else { break Ok(()) };
        progress.send_modify(|progress| progress.waiting = None);
        match count.take(found) {
            Ok(change) => batch.put(Seen { person, change }),
            Err(error) => break Err(error),
        }
        if batch.is_full() {
            batch.hand_on(sink).await?;
        }
    };
    batch.hand_on(sink).await?;
    let Photos { new, gone, same, failed, .. } = count.done;
    ended.map(|()| Photos { left: all.saturating_sub(new + gone + same + failed), ..count.done })
}

/// What was seen and not handed on.
#[derive(Default)]
struct Batch {
    seen: Vec<Seen>,
    octets: usize,
    began: Option<Instant>,
}

impl Batch {
    fn put(&mut self, seen: Seen) {
        if let Some(PhotoChange::New(photo)) = &seen.change {
            self.octets += photo.octets.len();
        }
        self.seen.push(seen);
        self.began.get_or_insert_with(Instant::now);
    }

    fn is_full(&self) -> bool {
        let old = self.began.is_some_and(|began| began.elapsed() >= BATCH_TIME);
        self.seen.len() >= BATCH || self.octets >= BATCH_BYTES || old
    }

    async fn hand_on<S: PhotoSink>(&mut self, sink: &mut S) -> Result<(), DirectoryError> {
        let Batch { seen, .. } = std::mem::take(self);
        if seen.is_empty() {
            return Ok(());
        }
        sink.keep_photos(seen).await.map_err(|NotKept(why)| DirectoryError::NotKept(why))
    }
}

#[derive(Default)]
struct Count {
    done: Photos,
    /// Faults of Microsoft's in a row.
    busy: u32,
}

impl Count {
    /// # Errors
    /// What ends the run.
    fn take(
        &mut self,
        found: Result<Option<PhotoChange>, DirectoryError>,
    ) -> Result<Option<PhotoChange>, DirectoryError> {
        let change = match found {
            Ok(change) => change,
            Err(error) if concerns_all(&error) => return Err(error),
            Err(error) => {
                self.busy = if matches!(error, DirectoryError::Temporary { .. }) { self.busy + 1 } else { 0 };
                if self.busy >= BUSY {
                    return Err(error);
                }
                self.done.failed += 1;
                return Ok(None);
            }
        };
        self.busy = 0;
        let count = match change {
            Some(PhotoChange::New(_)) => &mut self.done.new,
            Some(PhotoChange::Gone) => &mut self.done.gone,
            None => &mut self.done.same,
        };
        *count += 1;
        Ok(change)
    }
}

/// The sizes to ask for, the last one first: half as much again as is shown, so that fine screens have something of it, and
/// then smaller ones.
fn sizes(pixels: u32) -> &'static [u32] {
    let wanted = pixels.saturating_add(pixels / 2);
    let last = SIZES.iter().position(|size| *size >= wanted).unwrap_or(SIZES.len() - 1);
    SIZES.get(..=last).unwrap_or_default()
}

/// `None` when it is the one we have, or there is none and we have none.
async fn look(
    graph: &Graph,
    wanted: &Wanted,
    sizes: &[u32],
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
    let tag = super::page::text(&about, "@odata.mediaEtag").unwrap_or_default();
    if empty {
        return Ok(gone());
    }
    // Signatures that show more of it want another picture.
    let own = format!("{} {tag}", sizes.last().copied().unwrap_or_default());
    if !tag.is_empty() && etag.as_ref() == Some(&own) {
        return Ok(None);
    }
    let mut too_large = None;
    let paths = sizes.iter().rev().map(|size| format!("photos/{size}x{size}/$value"));
    for path in paths.chain(std::iter::once("photo/$value".to_owned())) {
        let octets = match found(graph.get_bounded(&address(&path), PHOTO_BYTES, waiting).await) {
            Ok(Some(octets)) => octets,
            Ok(None) => continue,
            Err(error @ DirectoryError::TooLarge { .. }) => {
                too_large = Some(error);
                continue;
            }
            Err(error) => return Err(error),
        };
        let content_type = kind(&octets).ok_or_else(|| DirectoryError::Unreadable("a photo is no picture".into()))?;
        return Ok(Some(PhotoChange::New(Photo { etag: own, content_type, octets })));
    }
    too_large.map_or_else(|| Ok(gone()), Err)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_size_that_does_comes_first_and_then_smaller_ones() {
        for (pixels, expected) in [(0, 48), (32, 48), (64, 96), (80, 120), (81, 240), (160, 240), (1000, 648)] {
            assert_eq!(sizes(pixels).last(), Some(&expected), "{pixels}");
        }
        assert_eq!(sizes(80), [48, 64, 96, 120]);
        assert_eq!(sizes(u32::MAX), SIZES);
    }
}
