//! Photos: read for whom they are wanted, when they changed.

use std::collections::BTreeMap;

use signet::directory::{DirectoryError, NotKept, PhotoChange, PhotoSink, Wanted, photos};
use signet::tenant::ImageType;
use standin::graph::{Consent, Directory, Fault, user_id};

use crate::world::World;

#[derive(Default)]
struct Album(BTreeMap<String, (String, Vec<u8>)>);

impl PhotoSink for Album {
    async fn keep_photo(&mut self, person: &str, change: PhotoChange) -> Result<(), NotKept> {
        match change {
            PhotoChange::New(photo) => {
                assert_eq!(photo.content_type, ImageType::Jpeg);
                self.0.insert(person.to_owned(), (photo.etag, photo.octets.to_vec()));
            }
            PhotoChange::Gone => drop(self.0.remove(person)),
        }
        Ok(())
    }
}

impl Album {
    fn wanted(&self, people: std::ops::Range<usize>) -> Vec<Wanted> {
        let etag = |id: &str| self.0.get(id).map(|(etag, _)| etag.clone());
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
    let done = photos(&world.graph, album.wanted(0..40), &mut album, &world.progress).await.unwrap();
    assert_eq!((done.new, done.gone, done.same, done.failed), (30, 0, 10, 0));
    assert_eq!(album.0[&user_id(7)], ("\"tag7\"".to_owned(), [JPEG, user_id(7).as_bytes()].concat()));
    let before = world.cloud.seen().len();
    world.cloud.photo(3, Some(("\"other\"", JPEG)));
    world.cloud.photo(4, None);
    let done = photos(&world.graph, album.wanted(0..40), &mut album, &world.progress).await.unwrap();
    assert_eq!((done.new, done.gone, done.same, done.failed), (1, 1, 38, 0));
    assert_eq!(world.cloud.seen().len() - before, 41);
    assert_eq!(album.0[&user_id(3)].1, JPEG);
    assert!(!album.0.contains_key(&user_id(4)));
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
    let done = photos(&world.graph, wanted, &mut album, &world.progress).await.unwrap();
    assert_eq!((done.new, done.failed), (6, 5));
}

#[tokio::test]
async fn what_concerns_all_ends_the_run() {
    let world = world().await;
    let mut album = Album::default();
    world.cloud.consent(Consent::Insufficient);
    let done = photos(&world.graph, album.wanted(0..10), &mut album, &world.progress).await;
    assert_eq!(done, Err(DirectoryError::ConsentRevoked("Authorization_RequestDenied".into())));
}

#[tokio::test]
async fn no_more_than_four_are_asked_for_at_a_time() {
    let world = world().await;
    let mut album = Album::default();
    photos(&world.graph, album.wanted(0..30), &mut album, &world.progress).await.unwrap();
    assert!(world.cloud.most_connections() <= 4, "{}", world.cloud.most_connections());
}
