//! Photos in a real store: kept with their people and no longer, told of in few revisions, and read by those alone who
//! show them.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::json;
use signet::directory::{Depth, PhotoOrder, PhotoSink, Photos, Seen, photos};
use signet::store::{Cast, Reading, Store};
use signet::tenant::{Album, TenantFile};
use standin::graph::{Cloud, Directory, Removed, user_id};
use standin::mails::base64_lines;

use crate::place::{Place, file, on_both, tenant};
use crate::world::World;

const ORDER: PhotoOrder = PhotoOrder { pixels: 80, time: Duration::from_secs(600) };
const SHARED: &[u8] = b"\xff\xd8\xff\xe0 of two";
const ANOTHER: &[u8] = b"\xff\xd8\xff\xe0 another";
const THIRD: &[u8] = b"\xff\xd8\xff\xe0 a third";

/// Four people: two with one picture, one with a picture, one without.
async fn four_people() -> World {
    let world = World::new(Directory::default()).await;
    let add = |directory: &mut Directory| {
        for name in ["ada", "bob", "cy", "dan"] {
            directory.add_user(json!({"mail": format!("{name}@contoso.example"), "displayName": name}));
        }
    };
    world.cloud.edit(add);
    show(&world.cloud, 0, "a", SHARED);
    show(&world.cloud, 1, "b", SHARED);
    show(&world.cloud, 2, "c", ANOTHER);
    world
}

fn show(cloud: &Cloud, user: usize, tag: &str, picture: &[u8]) {
    cloud.photo(user, Some((tag, picture)));
}

fn own() -> TenantFile {
    file(json!({
        "directory": {}, "images": [{"id": "logo", "type": "image/jpeg", "base64": base64(THIRD)}],
        "people": [{"id": "own", "addresses": ["own@contoso.example"], "photo": "logo"}],
        "signatures": [{"id": "s", "enabled": true, "applies": {},
            "design": {"version": 1, "blocks": [{"type": "photo", "width": 80}]}}],
    }))
}

/// The second half of a run.
async fn look(place: &Place, store: &Store, world: &World) -> Photos {
    let mut taken = place.take(store).await;
    let (wanted, _) = store.photos_wanted(&tenant(), (0..4).map(user_id).collect()).await.unwrap();
    let done = photos(&world.graph, wanted, &ORDER, &mut taken.sink, &world.progress).await.unwrap();
    place.give_back(store, &taken).await;
    done
}

/// What each of the directory's people shows; each image is somebody's.
async fn shown(store: &Store) -> BTreeMap<usize, String> {
    let loaded = store.load(&tenant()).await.unwrap().unwrap().file;
    assert_eq!(loaded.problems(), []);
    let mut images: BTreeMap<&str, &str> =
        loaded.images.iter().map(|image| (image.id.as_str(), image.base64.as_str())).collect();
    assert_eq!(images.remove("logo"), Some(base64(THIRD).as_str()));
    let number = |id: &str| (0..4).find(|number| user_id(*number) == id);
    let photos = loaded.people.iter().filter_map(|person| Some((number(&person.id)?, person.photo.as_deref()?)));
    let photos: BTreeMap<usize, &str> = photos.collect();
    assert_eq!(photos.values().collect::<std::collections::BTreeSet<_>>().len(), images.len(), "an image of nobody's");
    photos.into_iter().map(|(number, image)| (number, images[image].to_owned())).collect()
}

fn pictures(expected: &[(usize, &[u8])]) -> BTreeMap<usize, String> {
    expected.iter().map(|(number, picture)| (*number, base64(picture))).collect()
}

fn base64(octets: &[u8]) -> String {
    base64_lines(octets).replace("\r\n", "")
}

async fn photos_come_change_and_go_with_their_people(place: Place) {
    let mut world = four_people().await;
    let store = place.open().await;
    store.import(&own()).await.unwrap();
    let of_file = store.octets(&tenant()).await.unwrap().unwrap();
    place.sync(&store, &mut world, Depth::Changes).await.unwrap();
    assert_eq!(store.photo_pixels(&tenant()).await.unwrap(), Some(80));
    let revision = async || store.revision(&tenant()).await.unwrap().unwrap().0;

    let before = revision().await;
    let done = look(&place, &store, &world).await;
    assert_eq!((done.new, done.same, done.left), (3, 1, 0));
    assert_eq!(shown(&store).await, pictures(&[(0, SHARED), (1, SHARED), (2, ANOTHER)]));
    assert_eq!(revision().await, before + 1, "one revision for all of them");
    let full = store.octets(&tenant()).await.unwrap();
    // Another tag of the same picture is nothing new to an edge.
    show(&world.cloud, 2, "another tag", ANOTHER);
    assert_eq!(look(&place, &store, &world).await.new, 1);
    assert_eq!(look(&place, &store, &world).await.same, 4);
    assert_eq!((revision().await, store.octets(&tenant()).await.unwrap()), (before + 1, full));

    // A picture of two stays while one of them shows it; the file's picture stays whoever shows it no longer.
    show(&world.cloud, 0, "third", THIRD);
    look(&place, &store, &world).await;
    assert_eq!(shown(&store).await, pictures(&[(0, THIRD), (1, SHARED), (2, ANOTHER)]));
    world.cloud.photo(0, None);
    assert_eq!(look(&place, &store, &world).await.gone, 1);
    assert_eq!(shown(&store).await, pictures(&[(1, SHARED), (2, ANOTHER)]));
    // An import and a read in full leave photos alone, and neither export nor the file has any.
    store.import(&own()).await.unwrap();
    place.sync(&store, &mut world, Depth::Everything).await.unwrap();
    assert_eq!(shown(&store).await, pictures(&[(1, SHARED), (2, ANOTHER)]));
    assert_eq!(store.export(&tenant()).await.unwrap().unwrap().to_json(), own().to_json());
    let scene = store.scene(&tenant(), &Cast { people: vec![user_id(2)], ..Cast::default() }).await.unwrap();
    assert!(scene.unwrap().file.images.iter().any(|image| image.base64 == base64(ANOTHER)));

    world.cloud.edit(|directory| directory.remove_user(1, Removed::Soft));
    place.sync(&store, &mut world, Depth::Changes).await.unwrap();
    assert_eq!(shown(&store).await, pictures(&[(2, ANOTHER)]));
    // What came and went is not counted any more.
    world.cloud.photo(2, None);
    look(&place, &store, &world).await;
    let counted = store.octets(&tenant()).await.unwrap();
    place.sync(&store, &mut world, Depth::Everything).await.unwrap();
    assert_eq!(store.octets(&tenant()).await.unwrap(), counted);
    show(&world.cloud, 2, "again", ANOTHER);
    look(&place, &store, &world).await;
    store.disconnect_directory(&tenant()).await.unwrap();
    assert_eq!(shown(&store).await, pictures(&[]));
    let left = store.octets(&tenant()).await.unwrap().unwrap();
    assert!(left <= of_file, "{left} {of_file}");
}

async fn who_was_looked_at_longest_ago_comes_first(place: Place) {
    let mut world = four_people().await;
    let store = place.open().await;
    store.import(&own()).await.unwrap();
    place.sync(&store, &mut world, Depth::Changes).await.unwrap();
    let wanted = async || {
        let people = (0..4).rev().map(user_id).chain(["nobody".to_owned(), "own".to_owned()]).collect();
        let (wanted, never) = store.photos_wanted(&tenant(), people).await.unwrap();
        let number = |person: &str| (0..4).find(|number| user_id(*number) == *person).unwrap();
        (wanted.iter().map(|wanted| number(&wanted.person)).collect::<Vec<_>>(), never)
    };
    assert_eq!(wanted().await, (vec![3, 2, 1, 0], 4));
    let looked_at = async |person: usize| {
        let mut taken = place.take(&store).await;
        taken.sink.keep_photos(vec![Seen { person: user_id(person), change: None }]).await.unwrap();
        place.give_back(&store, &taken).await;
        let now = jiff::Timestamp::now();
        // The next one is looked at at another millisecond.
        while jiff::Timestamp::now().as_millisecond() == now.as_millisecond() {
            tokio::task::yield_now().await;
        }
    };
    looked_at(2).await;
    looked_at(3).await;
    assert_eq!(wanted().await, (vec![1, 0, 2, 3], 2));
    looked_at(2).await;
    assert_eq!(wanted().await, (vec![1, 0, 3, 2], 2));
    // Who lost the run keeps nothing.
    let mut taken = place.take(&store).await;
    place.give_back(&store, &taken).await;
    assert!(taken.sink.keep_photos(vec![Seen { person: user_id(0), change: None }]).await.is_err());
    assert_eq!(wanted().await.1, 2);
}

async fn an_edge_reads_a_picture_once(place: Place) {
    let mut world = four_people().await;
    let store = place.open().await;
    store.import(&own()).await.unwrap();
    place.sync(&store, &mut world, Depth::Changes).await.unwrap();
    look(&place, &store, &world).await;
    let read = async |wanted, known: &Album| {
        let hashes = known.hashes();
        store.parts(&tenant(), wanted, |hash| hashes.contains(hash)).await.unwrap().unwrap()
    };
    let mut first = read(Reading::All, &Album::default()).await;
    assert_eq!(first.rules.images.len(), 1, "only the file's");
    let rows = std::mem::take(&mut first.people.as_mut().unwrap().photos);
    assert!(rows.len() == 3 && rows.iter().all(|row| row.picture.is_some()));
    let album = Album::compile(rows, &Album::default());
    // A saved signature reads none, and other people none but the new one.
    let rules = read(Reading::Rules, &album).await;
    assert!(rules.people.is_none() && rules.rules.images.len() == 1);
    show(&world.cloud, 3, "new", THIRD);
    look(&place, &store, &world).await;
    let mut next = read(Reading::PeopleAfter(first.people_edition), &album).await;
    let rows = std::mem::take(&mut next.people.as_mut().unwrap().photos);
    assert_eq!((rows.len(), rows.iter().filter(|row| row.picture.is_some()).count()), (4, 1));
    let next_album = Album::compile(rows, &album);
    assert_eq!(next_album.entries().count(), 4);

    // The copy on the machine has them, and is used as a whole or not at all.
    let copies = store.copies(&place.folder.path().join("copies"), 1 << 20).unwrap();
    copies.write(&tenant(), &first, &album, true).unwrap();
    let copied = copies.read(&tenant()).unwrap().unwrap().people.unwrap().photos;
    assert_eq!(Album::compile(copied, &Album::default()).digest(), album.digest());
    copies.write(&tenant(), &next, &next_album, false).unwrap();
    assert!(copies.read(&tenant()).unwrap().is_none(), "people without their photos");
    copies.write(&tenant(), &next, &next_album, true).unwrap();
    let copied = copies.read(&tenant()).unwrap().unwrap().people.unwrap().photos;
    assert_eq!(Album::compile(copied, &Album::default()).digest(), next_album.digest());
    copies.remove(&tenant()).unwrap();
    let left: Vec<_> = std::fs::read_dir(place.folder.path().join("copies")).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}

on_both! {
    photos_come_change_and_go_with_their_people,
    who_was_looked_at_longest_ago_comes_first,
    an_edge_reads_a_picture_once,
}
