//! Photos: read for whom they are wanted, when they changed, and in a size that does.

use std::collections::BTreeMap;
use std::time::Duration;

use signet::directory::{
    DirectoryError, NotKept, PHOTO_BYTES, PhotoChange, PhotoOrder, PhotoSink, Photos, Seen, Wanted, photos,
};
use signet::tenant::ImageType;
use standin::graph::{Consent, Directory, Fault, user_id};

use crate::world::World;

#[derive(Default)]
struct Album {
    photos: BTreeMap<String, (String, Vec<u8>)>,
    /// How many were looked at, by batch.
    batches: Vec<usize>,
}

impl PhotoSink for Album {
    async fn keep_photos(&mut self, seen: Vec<Seen>) -> Result<(), NotKept> {
        self.batches.push(seen.len());
        for Seen { person, change } in seen {
            match change {
                Some(PhotoChange::New(photo)) => {
                    assert_eq!(photo.content_type, ImageType::Jpeg);
                    self.photos.insert(person, (photo.etag, photo.octets.to_vec()));
                }
                Some(PhotoChange::Gone) => drop(self.photos.remove(&person)),
                None => {}
            }
        }
        Ok(())
    }
}

const ORDER: PhotoOrder = PhotoOrder { pixels: 76, time: Duration::from_secs(600) };

async fn read(world: &World, wanted: Vec<Wanted>, album: &mut Album) -> Result<Photos, DirectoryError> {
    photos(&world.graph, wanted, &ORDER, album, &world.progress).await
}

impl Album {
    fn wanted(&self, people: std::ops::Range<usize>) -> Vec<Wanted> {
        let etag = |id: &str| self.photos.get(id).map(|(etag, _)| etag.clone());
        people.map(user_id).map(|id| Wanted { etag: etag(&id), person: id }).collect()
    }
}

const JPEG: &[u8] = b"\xff\xd8\xff\xe0 a picture";

async fn world() -> World {
    let world = World::new(Directory::generated(40, 0)).await;
    for user in 0..30 {
        world.cloud.photo(user, Some((&format!("\"tag{user}\""), &[JPEG, user_id(user).as_bytes()].concat())));
    }
    world
}

#[tokio::test]
async fn a_photo_is_read_when_it_changed() {
    let world = world().await;
    let mut album = Album::default();
    let done = read(&world, album.wanted(0..40), &mut album).await.unwrap();
    assert_eq!((done.new, done.gone, done.same, done.failed), (30, 0, 10, 0));
    assert_eq!(album.photos[&user_id(7)], ("120 \"tag7\"".to_owned(), [JPEG, user_id(7).as_bytes()].concat()));
    let before = world.cloud.seen().len();
    world.cloud.photo(3, Some(("\"other\"", JPEG)));
    world.cloud.photo(4, None);
    let done = read(&world, album.wanted(0..40), &mut album).await.unwrap();
    assert_eq!((done.new, done.gone, done.same, done.failed), (1, 1, 38, 0));
    assert_eq!(world.cloud.seen().len() - before, 41);
    assert_eq!(album.batches, [40, 40], "each is looked at, and kept with the others");
    assert_eq!(album.photos[&user_id(3)].1, JPEG);
    assert!(!album.photos.contains_key(&user_id(4)));
}

#[tokio::test]
async fn one_photo_that_cannot_be_read_costs_itself_alone() {
    let world = world().await;
    let mut album = Album::default();
    world.cloud.photo(1, Some(("\"a\"", b"<svg onload=alert(1)>")));
    world.cloud.photo(2, Some(("\"b\"", &[JPEG, &vec![0; 2 << 20]].concat())));
    world.cloud.fail(&user_id(5), 0, 99, Fault::Status(500));
    world.cloud.fail(&user_id(6), 0, 99, Fault::Body(b"{}".to_vec()));
    let mut wanted = album.wanted(0..10);
    wanted.push(Wanted { person: "../me".into(), etag: None });
    let done = read(&world, wanted, &mut album).await.unwrap();
    assert_eq!((done.new, done.failed), (6, 5));
}

#[tokio::test]
async fn a_photo_is_asked_for_in_the_size_that_does_and_in_smaller_ones_where_it_is_too_large() {
    let world = world().await;
    let mut album = Album::default();
    let sizes = |since: usize| -> Vec<String> {
        let asked = world.asked(since).into_iter().filter(|target| target.contains("$value"));
        asked.map(|target| target.rsplit('/').nth(1).unwrap().to_owned()).collect()
    };
    let before = world.cloud.seen().len();
    read(&world, album.wanted(7..8), &mut album).await.unwrap();
    assert_eq!(sizes(before), ["120x120"]);
    // Larger ones are shown now: the same photo is read in another size.
    let before = world.cloud.seen().len();
    let order = PhotoOrder { pixels: 100, ..ORDER };
    photos(&world.graph, album.wanted(7..8), &order, &mut album, &world.progress).await.unwrap();
    assert_eq!(sizes(before), ["240x240"]);
    // What is too large at every size is left out, and what there was stays.
    world.cloud.photo(7, Some(("\"large\"", &[JPEG, &vec![0; PHOTO_BYTES]].concat())));
    let before = world.cloud.seen().len();
    let done = read(&world, album.wanted(7..8), &mut album).await.unwrap();
    assert_eq!(
        (done.failed, sizes(before)),
        (1, ["120x120", "96x96", "64x64", "48x48", "photo"].map(Into::into).into())
    );
    assert!(album.photos.contains_key(&user_id(7)));
}

#[tokio::test]
async fn when_the_time_is_over_the_others_are_left_and_counted() {
    let world = world().await;
    let mut album = Album::default();
    let order = PhotoOrder { time: Duration::ZERO, ..ORDER };
    let done = photos(&world.graph, album.wanted(0..40), &order, &mut album, &world.progress).await.unwrap();
    assert_eq!(done, Photos { left: 40, ..Photos::default() });
    assert!(album.batches.is_empty());
}

#[tokio::test]
async fn what_was_read_before_a_fault_of_all_is_kept() {
    let world = world().await;
    let mut album = Album::default();
    // Longer than anybody waits.
    world.cloud.fail(&user_id(25), 0, 99, Fault::Throttle { seconds: 3600 });
    let done = read(&world, album.wanted(0..30), &mut album).await;
    assert!(matches!(done, Err(DirectoryError::Throttled { .. })), "{done:?}");
    // Of the others four are under way at a time.
    assert!(album.photos.len() >= 21, "{}", album.photos.len());
}

#[tokio::test]
async fn what_concerns_all_ends_the_run() {
    let world = world().await;
    let mut album = Album::default();
    world.cloud.consent(Consent::Insufficient);
    let done = read(&world, album.wanted(0..10), &mut album).await;
    assert_eq!(done, Err(DirectoryError::ConsentRevoked("Authorization_RequestDenied".into())));
}

#[tokio::test]
async fn no_more_than_four_are_asked_for_at_a_time() {
    let world = world().await;
    let mut album = Album::default();
    read(&world, album.wanted(0..30), &mut album).await.unwrap();
    assert!(world.cloud.most_connections() <= 4, "{}", world.cloud.most_connections());
}
