//! The directory kept by a real store, in SQLite and in PostgreSQL: a tenant is compiled from what its directory has
//! beside what its file has, whatever is cut off at whatever moment.

use std::collections::BTreeMap;

use serde_json::json;
use signet::directory::{Batch, Change, Cursor, Depth, Group, Member, NotKept, Person, Sink, sync};
use signet::store::StoreError;
use signet::tenant::{PersonKind, TenantFile};
use standin::graph::{Directory, Removed, Sizes, user_id};

use crate::place::{Place, file, on_both, tenant, view};
use crate::world::World;

const SIZES: Sizes = Sizes { page: 15, members: 10 };

async fn what_is_compiled_is_what_the_directory_has_and_the_file_stays_the_file(place: Place) {
    let mut world = World::new(Directory::generated(60, 12)).await;
    world.cloud.sizes(SIZES);
    let store = place.open().await;
    let own = file(json!({"directory": {}, "people": [{"id": "own", "addresses": ["own@contoso.example"]}],
        "groups": [{"id": "mixed", "members": ["own", user_id(3)]}]}));
    store.import(&own).await.unwrap();
    place.sync(&store, &mut world, Depth::Changes).await.unwrap();
    let check = async |world: &World| {
        let mut loaded = store.load(&tenant()).await.unwrap().unwrap().file;
        assert_eq!(loaded.problems(), []);
        loaded.people.retain(|person| person.id != "own");
        loaded.groups.retain(|group| group.id != "mixed");
        assert_eq!(view(&loaded), world.expected());
        assert_eq!(store.export(&tenant()).await.unwrap().unwrap().to_json(), own.to_json());
    };
    check(&world).await;
    let loaded = store.load(&tenant()).await.unwrap().unwrap().file;
    let mixed = loaded.groups.iter().find(|group| group.id == "mixed").unwrap();
    assert_eq!(mixed.members, ["own".to_owned(), user_id(3)]);
    let shared = loaded.people.iter().find(|person| person.id == user_id(7)).unwrap();
    assert_eq!((shared.kind, shared.custom["companyName"].as_str()), (PersonKind::Shared, "Contoso"));

    world.cloud.edit(|directory| {
        directory.set_user(5, json!({"jobTitle": "Head", "mail": "new@contoso.example"}));
        directory.remove_user(6, Removed::Soft);
        directory.remove_group(4, Removed::Hard);
        directory.leave(0, standin::graph::Member::User(3));
        directory.add_user(json!({"mail": "added@contoso.example"}));
    });
    place.sync(&store, &mut world, Depth::Changes).await.unwrap();
    check(&world).await;
    // What nobody told of is found by a full read; what did not change raises no revision.
    let mut taken = place.take(&store).await;
    let gone = vec![Change::PersonGone { id: user_id(9) }, person("never", &["never@contoso.example"])];
    taken.sink.keep(Batch { round: 0, changes: gone, cursor: taken.cursor.clone() }).await.unwrap();
    place.give_back(&store, &taken).await;
    place.sync(&store, &mut world, Depth::Everything).await.unwrap();
    check(&world).await;
    let before = store.load(&tenant()).await.unwrap().unwrap();
    place.sync(&store, &mut world, Depth::Everything).await.unwrap();
    place.sync(&store, &mut world, Depth::Changes).await.unwrap();
    assert_eq!(store.load(&tenant()).await.unwrap().unwrap(), before);
    // An import deletes nothing of the directory's, and history puts nothing of it into the file.
    store.import(&own).await.unwrap();
    check(&world).await;
}

async fn whatever_is_cut_off_is_kept_whole_or_not_at_all(place: Place) {
    let mut world = World::new(Directory::generated(60, 8)).await;
    world.cloud.sizes(SIZES);
    let store = place.open().await;
    store.import(&file(json!({"directory": {}}))).await.unwrap();
    // The future that keeps a page is dropped after so many steps of its own, at each page once.
    for steps in (0..200).step_by(3) {
        let mut sink = place.take(&store).await;
        let cursor = sink.cursor.clone();
        let mut cut = Cut { sink: &mut sink.sink, steps, page: steps / 9 };
        let _ = sync(&world.graph, &world.order, Depth::Changes, cursor, &mut cut, &world.progress).await;
        let loaded = store.load(&tenant()).await.unwrap().unwrap().file;
        assert_eq!(loaded.problems(), []);
        place.give_back(&store, &sink).await;
    }
    place.sync(&store, &mut world, Depth::Changes).await.unwrap();
    let loaded = store.load(&tenant()).await.unwrap().unwrap().file;
    assert_eq!(view(&loaded), world.expected());
}

/// Drops the keeping of one page after so many polls, and everything with it.
struct Cut<'a, S> {
    sink: &'a mut S,
    steps: usize,
    page: usize,
}

impl<S: Sink + Send> Sink for Cut<'_, S> {
    async fn keep(&mut self, batch: Batch) -> Result<(), NotKept> {
        if self.page > 0 {
            self.page -= 1;
            return self.sink.keep(batch).await;
        }
        let mut left = self.steps;
        let mut keep = Box::pin(self.sink.keep(batch));
        let kept = std::future::poll_fn(|context| {
            if left == 0 {
                return std::task::Poll::Ready(None);
            }
            left -= 1;
            keep.as_mut().poll(context).map(Some)
        })
        .await;
        kept.unwrap_or_else(|| Err(NotKept("cut off".to_owned())))
    }
}

pub fn person(id: &str, addresses: &[&str]) -> Change {
    let addresses = addresses.iter().map(|address| (*address).to_owned()).collect();
    let (attributes, custom) = (BTreeMap::new(), BTreeMap::new());
    Change::Person(Person { id: id.to_owned(), addresses, attributes, custom, enabled: true })
}

pub fn owners(file: &TenantFile) -> Vec<(String, String)> {
    let mut owners: Vec<_> = file
        .people
        .iter()
        .flat_map(|person| person.addresses.iter().map(|address| (address.clone(), person.id.clone())))
        .collect();
    owners.sort();
    owners
}

async fn an_address_has_one_person_and_the_directory_comes_before_the_file(place: Place) {
    let store = place.open().await;
    let own = file(json!({"directory": {}, "people": [
        {"id": "file", "addresses": ["ada@contoso.example", "file@contoso.example"]},
        {"id": "same-id", "addresses": ["same@contoso.example"]}]}));
    store.import(&own).await.unwrap();
    let mut sink = place.take(&store).await.sink;
    let mut keep = async |round, changes| sink.keep(Batch { round, changes, cursor: Cursor::default() }).await.unwrap();
    let shown = async || {
        let loaded = store.load(&tenant()).await.unwrap().unwrap().file;
        assert_eq!(loaded.problems(), []);
        owners(&loaded)
            .into_iter()
            .map(|(address, id)| format!("{} {id}", address.split('@').next().unwrap()))
            .collect::<Vec<_>>()
    };
    let manager =
        |person: &str, of: Option<&str>| Change::Manager { person: person.into(), manager: of.map(Into::into) };
    keep(
        1,
        vec![
            person("d1", &["ada@contoso.example", "one@contoso.example"]),
            manager("d1", Some("d2")),
            person("abroad", &["x@fabrikam.example"]),
            person("same-id", &["other@contoso.example"]),
        ],
    )
    .await;
    assert_eq!(shown().await, ["ada d1", "file file", "one d1", "same same-id"]);
    // It moves to somebody else, who was known and is now, before its old owner is heard of again.
    keep(1, vec![person("d2", &["two@contoso.example"])]).await;
    keep(1, vec![person("d2", &["two@contoso.example", "one@contoso.example"])]).await;
    assert_eq!(shown().await, ["ada d1", "file file", "one d2", "same same-id", "two d2"]);
    keep(1, vec![person("d1", &["ada@contoso.example", "one@contoso.example"])]).await;
    assert_eq!(shown().await, ["ada d1", "file file", "one d1", "same same-id", "two d2"]);
    let loaded = store.load(&tenant()).await.unwrap().unwrap().file;
    let d1 = loaded.people.iter().find(|person| person.id == "d1").unwrap();
    assert_eq!(d1.manager.as_deref(), Some("d2"), "silence about the manager is no news");
    // Gone, it is the file's again.
    keep(1, vec![Change::PersonGone { id: "d1".into() }, Change::PersonGone { id: "nobody".into() }]).await;
    assert_eq!(shown().await, ["ada file", "file file", "same same-id", "two d2"]);
    let taken = file(json!({"directory": {}, "people": [{"id": "d2", "addresses": ["new@contoso.example"]}]}));
    let Err(StoreError::Problems(problems)) = store.import(&taken).await else { panic!("an id of the directory") };
    assert_eq!(problems[0].place, "/people/0/id");
}

async fn members_may_come_before_people_and_sweeps_take_what_is_older(place: Place) {
    let store = place.open().await;
    store.import(&file(json!({"directory": {}, "groups": [{"id": "own"}]}))).await.unwrap();
    let mut sink = place.take(&store).await.sink;
    let mut keep = async |round, changes| sink.keep(Batch { round, changes, cursor: Cursor::default() }).await.unwrap();
    let shown = async || {
        let loaded = store.load(&tenant()).await.unwrap().unwrap().file;
        assert_eq!(loaded.problems(), []);
        let short = |group: &signet::tenant::GroupEntry| {
            format!("{}: {} {}", group.id, group.members.join(","), group.groups.join(","))
        };
        loaded.groups.iter().map(short).collect::<Vec<_>>()
    };
    let group = |id: &str| Change::Group(Group { id: id.into(), name: Some(id.to_uppercase()) });
    let joined = |group: &str, members: &[&str]| Change::Members {
        group: group.into(),
        joined: members.iter().map(|id| Member::Person((*id).into())).chain([Member::Group("g2".into())]).collect(),
        left: Vec::new(),
    };
    keep(1, vec![group("g1"), joined("g1", &["a", "b"]), joined("own", &["a"]), joined("unknown", &["a"])]).await;
    assert_eq!(shown().await, ["own:  ", "g1:  "]);
    keep(1, vec![person("a", &["a@contoso.example"]), person("b", &["b@contoso.example"])]).await;
    assert_eq!(shown().await, ["own:  ", "g1: a,b "]);
    // The next full read sees one of them, and another group.
    keep(2, vec![group("g1"), joined("g1", &["b"]), group("g2")]).await;
    keep(2, vec![Change::SweepGroups]).await;
    keep(2, vec![person("b", &["b@contoso.example"]), Change::SweepPeople]).await;
    let mut groups = shown().await;
    groups.sort();
    assert_eq!(groups, ["g1: b g2", "g2:  ", "own:  "]);
    keep(2, vec![Change::GroupGone { id: "g1".into() }, Change::GroupGone { id: "own".into() }]).await;
    assert_eq!(shown().await, ["own:  ", "g2:  "]);
}

async fn one_runs_and_who_lost_the_run_keeps_nothing(place: Place) {
    let (store, other) = (place.open().await, place.open().await);
    store.import(&file(json!({}))).await.unwrap();
    assert!(matches!(store.ask_for_sync(&tenant(), Depth::Changes).await, Err(StoreError::NoDirectory(_))));
    assert_eq!(store.due_syncs(10).await.unwrap(), []);
    store.set_directory(&tenant(), Default::default()).await.unwrap();
    assert_eq!(other.due_syncs(10).await.unwrap(), [tenant()]);
    let id = tenant();
    let (first, second) = tokio::join!(store.begin_sync(&id, "one", 60_000), other.begin_sync(&id, "two", 60_000));
    let (first, second) = (first.unwrap().is_some(), second.unwrap().is_some());
    assert!(first != second, "{first} {second}");
    let (winner, loser) = if first { ("one", "two") } else { ("two", "one") };
    assert_eq!(store.due_syncs(10).await.unwrap(), []);
    assert_eq!(store.ask_for_sync(&tenant(), Depth::Changes).await, Err(StoreError::SyncRunning));
    let batch = || Batch { round: 1, changes: vec![person("a", &["a@contoso.example"])], cursor: Cursor::default() };
    let mut sink = other.directory_sink(&tenant(), loser);
    assert!(sink.keep(batch()).await.unwrap_err().0.contains("another process"));
    store.directory_sink(&tenant(), winner).keep(batch()).await.unwrap();
    // The winner says nothing for longer than its lease.
    store.keep_sync(&tenant(), winner, -1, &Default::default()).await.unwrap();
    assert!(other.begin_sync(&tenant(), "three", 60_000).await.unwrap().is_some());
    assert_eq!(store.keep_sync(&tenant(), winner, 60_000, &Default::default()).await, Err(StoreError::SyncTaken));
    assert!(store.directory_sink(&tenant(), winner).keep(batch()).await.is_err());
    let status = store.directory_status(&tenant()).await.unwrap().unwrap();
    assert!(status.running && status.people == 1, "{status:?}");
    // Forgotten, people and all; the run under way keeps nothing any more.
    store.disconnect_directory(&tenant()).await.unwrap();
    assert!(store.directory_sink(&tenant(), "three").keep(batch()).await.is_err());
    let stored = store.load(&tenant()).await.unwrap().unwrap().file;
    assert_eq!((stored.people.len(), stored.directory), (0, None));
}

on_both! {
    what_is_compiled_is_what_the_directory_has_and_the_file_stays_the_file,
    whatever_is_cut_off_is_kept_whole_or_not_at_all,
    an_address_has_one_person_and_the_directory_comes_before_the_file,
    members_may_come_before_people_and_sweeps_take_what_is_older,
    one_runs_and_who_lost_the_run_keeps_nothing,
}
