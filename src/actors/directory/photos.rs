//! The second half of a run: photos of the people whose signature shows one.
//!
//! It has half of a run's time at the most and begins with those who were looked at longest ago, so that however many
//! there are, each has a turn. Nothing of it reads a picture that is kept.

use tokio::sync::watch;

use super::end::Looked;
use super::run::Shared;
use crate::directory::{DirectoryError, Graph, PhotoOrder, Progress, photos};
use crate::store::{DirectorySink, Parts, Reading, StoreError};
use crate::tenant::{People, Snapshot, TenantId};

impl Shared {
    /// Reads the photos of those whose turn it is.
    pub(super) async fn photos(
        &self,
        graph: &Graph,
        tenant: &TenantId,
        sink: &mut DirectorySink,
        progress: &watch::Sender<Progress>,
    ) -> Result<Looked, DirectoryError> {
        let not_kept = |error: StoreError| DirectoryError::NotKept(error.to_string());
        let Some(pixels) = self.store.photo_pixels(tenant).await.map_err(not_kept)? else {
            return Ok(Looked::default());
        };
        let parts = self.store.parts(tenant, Reading::All, |_| true).await.map_err(not_kept)?;
        let Some(parts) = parts else { return Ok(Looked::default()) };
        let shown = tokio::task::spawn_blocking(move || shown(parts));
        let people = shown.await.unwrap_or_default();
        let (wanted, never) = self.store.photos_wanted(tenant, people).await.map_err(not_kept)?;
        let all = u64::try_from(wanted.len()).unwrap_or(u64::MAX);
        let done = photos(graph, wanted, &PhotoOrder { pixels, time: self.limit / 2 }, sink, progress).await?;
        let looked_at = all.saturating_sub(done.left);
        let some_never = u64::try_from(never).is_ok_and(|never| looked_at < never);
        Ok(Looked { changed: done.new + done.gone, left: done.left, some_never })
    }
}

/// Ids of the people whom a signature with a photo may concern.
fn shown(parts: Parts) -> Vec<String> {
    let Parts { rules, secrets, edition, people_edition, people } = parts;
    let rows = people.unwrap_or_default();
    let people = People::compile(rows.people, &rows.groups, people_edition);
    Snapshot::of_parts(rules, people.into(), std::sync::Arc::default(), secrets, edition).shows_photos_of()
}
