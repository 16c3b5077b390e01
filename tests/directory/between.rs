//! What comes between: other changes of the tenant before, during and after a read of its directory, on both stores.
//! Nobody is lost by them, nobody stays who is gone, and nothing is kept that was asked for before.

use serde_json::json;
use signet::directory::{Batch, Change, Cursor, Depth, Sink};
use signet::store::{Store, StoreError};
use signet::tenant::{PersonEntry, TenantFile};
use sqlx::{Executor, Row};
use standin::graph::{Directory, Removed, Sizes, group_id, user_id};

use crate::kept::{owners, person};
use crate::place::{Place, file, on_both, tenant, view};
use crate::world::World;

fn batch(round: u64, changes: Vec<Change>) -> Batch {
    Batch { round, changes, cursor: Cursor::default() }
}

async fn loaded(store: &Store) -> TenantFile {
    let file = store.load(&tenant()).await.unwrap().unwrap().file;
    assert_eq!(file.problems(), []);
    file
}

async fn is_due(store: &Store) -> bool {
    store.due_syncs(10).await.unwrap() == [tenant()]
}

fn entry(id: &str, address: &str) -> PersonEntry {
    PersonEntry { id: id.to_owned(), addresses: vec![address.to_owned()], ..PersonEntry::default() }
}

async fn who_loses_an_address_and_is_not_seen_goes_with_the_sweep(place: Place) {
    let store = place.open().await;
    store.import(&file(json!({"directory": {}}))).await.unwrap();
    let mut sink = place.take(&store).await.sink;
    let gone = person("gone", &["ada@contoso.example", "info@contoso.example"]);
    sink.keep(batch(1, vec![gone, Change::SweepPeople])).await.unwrap();
    sink.keep(batch(2, vec![person("heir", &["info@contoso.example"])])).await.unwrap();
    sink.keep(batch(2, vec![Change::SweepPeople])).await.unwrap();
    assert_eq!(owners(&loaded(&store).await), [("info@contoso.example".to_owned(), "heir".to_owned())]);
}

async fn whom_a_file_stood_before_is_read_when_the_file_names_them_no_more(place: Place) {
    let mut world = World::new(Directory::generated(20, 4)).await;
    let store = place.open().await;
    let own = file(json!({"directory": {}, "people": [{"id": user_id(3), "addresses": ["own@contoso.example"]},
        {"id": "other", "addresses": ["other@contoso.example"]}], "groups": [{"id": group_id(1)}]}));
    store.import(&own).await.unwrap();
    store.apply_csv(&tenant(), &[entry(&user_id(4), "sheet@contoso.example")]).await.unwrap();
    place.sync_in_turn(&store, &mut world).await;
    let without_other = file(json!({"directory": {}, "people": own.people[..1], "groups": own.groups}));
    store.import(&without_other).await.unwrap();
    assert!(!is_due(&store).await, "nobody of the directory's was passed over for them");

    // The sheet's, then the file's person, then its group; each as the first of its kind, and during a run.
    store.apply_csv(&tenant(), &[]).await.unwrap();
    place.sync_in_turn(&store, &mut world).await;
    let mut taken = loaded(&store).await;
    taken.people.retain(|person| person.id == user_id(4));
    assert_eq!(taken.people.len(), 1);
    let without_person = file(json!({"directory": {}, "groups": own.groups}));
    store.import(&without_person).await.unwrap();
    place.sync_in_turn(&store, &mut world).await;
    store.ask_for_sync(&tenant(), Depth::Changes).await.unwrap();
    let mut under_way = place.take(&store).await;
    store.import(&file(json!({"directory": {}}))).await.unwrap();
    assert!(under_way.sink.keep(batch(9, Vec::new())).await.is_err());
    place.sync_in_turn(&store, &mut world).await;
    assert_eq!(view(&loaded(&store).await), world.expected());
    assert!(!is_due(&store).await);
}

async fn a_csv_file_that_is_put_back_takes_nobody_from_the_tenant_file(place: Place) {
    let store = place.open().await;
    store.import(&file(json!({}))).await.unwrap();
    store.apply_csv(&tenant(), &[entry("ada", "ada@contoso.example")]).await.unwrap();
    store.apply_csv(&tenant(), &[]).await.unwrap();
    let own = file(json!({"people": [{"id": "ada", "addresses": ["lovelace@contoso.example"]}]}));
    store.import(&own).await.unwrap();
    let refused = store.rollback_csv(&tenant()).await.unwrap_err();
    assert!(matches!(&refused, StoreError::Problems(problems) if problems[0].message.contains("in use")), "{refused}");
    let refused = store.apply_csv(&tenant(), &[entry("ada", "ada@contoso.example")]).await.unwrap_err();
    assert!(matches!(refused, StoreError::Problems(_)), "{refused}");
    assert_eq!(store.export(&tenant()).await.unwrap().unwrap().to_json(), own.to_json());
    store.import(&own).await.unwrap();
}

async fn another_order_is_read_at_once_and_who_reads_the_old_one_keeps_nothing(place: Place) {
    let store = place.open().await;
    let order = |directory| file(json!({"directory": directory}));
    let page = || batch(1, vec![person("a", &["a@contoso.example"])]);
    store.import(&order(json!({}))).await.unwrap();
    let mut other = order(json!({}));
    other.microsoft_tenant_id = Some("00000000-0000-4000-8000-000000000009".into());
    let group = json!({"only_group": group_id(1)});
    for next in [order(group.clone()), order(json!({"extra": {"employeeId": "number"}})), other] {
        store.ask_for_sync(&tenant(), Depth::Changes).await.unwrap();
        let mut taken = place.take(&store).await;
        taken.sink.keep(page()).await.unwrap();
        store.import(&next).await.unwrap();
        assert!(taken.sink.keep(page()).await.is_err(), "{next:?}");
        let taken = place.take(&store).await;
        place.end(&store, &taken).await;
        // The same again is no news.
        store.import(&next).await.unwrap();
        assert!(!is_due(&store).await);
    }
    store.set_directory(&tenant(), serde_json::from_value(group).unwrap()).await.unwrap();
    let mut taken = place.take(&store).await;
    store.import(&file(json!({}))).await.unwrap();
    assert!(taken.sink.keep(page()).await.is_err(), "it is not to be read any more");
    assert!(!is_due(&store).await);
    assert_eq!(loaded(&store).await.people.len(), 1, "what was read stays");
    // Consent comes while a run that has none is about to fail.
    store.import(&order(json!({}))).await.unwrap();
    let taken = place.take(&store).await;
    let word = store.ask_for_consent(&tenant()).await.unwrap();
    assert!(store.consent_given(&tenant(), &word).await.unwrap());
    assert!(is_due(&store).await);
    assert_eq!(store.keep_sync(&tenant(), &taken.holder, 1, &Default::default()).await, Err(StoreError::SyncTaken));
}

async fn a_page_waits_for_a_large_import(place: Place) {
    let store = place.open().await;
    store.import(&file(json!({"directory": {}}))).await.unwrap();
    let mut taken = place.take(&store).await;
    let busy = place.busy().await;
    let page = tokio::spawn(async move { taken.sink.keep(batch(1, vec![person("a", &["a@contoso.example"])])).await });
    // Others give up meanwhile, one after the other: so the page has been tried in vain, too.
    for _ in 0..2 {
        let refused = store.set_mode(&tenant(), Default::default()).await.unwrap_err();
        assert_eq!(refused, StoreError::Timeout);
    }
    assert!(!page.is_finished());
    drop(busy);
    page.await.unwrap().unwrap();
    assert_eq!(loaded(&store).await.people.len(), 1);
}

async fn reads_and_imports_at_the_same_time_lose_nothing(place: Place) {
    let mut world = World::new(Directory::generated(60, 8)).await;
    world.cloud.sizes(Sizes { page: 5, members: 10 });
    let (store, other) = (place.open().await, place.open().await);
    let own = |round: usize| {
        let person = |number: usize| {
            json!({"id": format!("own{number}"), "attributes": {"jobTitle": format!("{round}")},
            "addresses": [format!("own{number}@contoso.example")]})
        };
        file(json!({"directory": {}, "people": (round..round + 40).map(person).collect::<Vec<_>>()}))
    };
    store.import(&own(0)).await.unwrap();
    let imports = tokio::spawn(async move {
        for round in 1..20 {
            other.import(&own(round)).await.unwrap();
        }
        own(19)
    });
    let mut reads = 0;
    while reads < 2 || !imports.is_finished() {
        place.sync(&store, &mut world, Depth::Everything).await.unwrap();
        reads += 1;
    }
    let last = imports.await.unwrap();
    let mut all = loaded(&store).await;
    assert_eq!(store.export(&tenant()).await.unwrap().unwrap().to_json(), last.to_json());
    assert_eq!(all.people.iter().filter(|person| person.id.starts_with("own")).count(), last.people.len());
    all.people.retain(|person| !person.id.starts_with("own"));
    assert_eq!(view(&all), world.expected());
}

async fn after_a_cursor_that_cannot_be_read_nobody_stays_who_is_gone(place: Place) {
    let mut world = World::new(Directory::generated(20, 4)).await;
    let store = place.open().await;
    store.import(&file(json!({"directory": {}}))).await.unwrap();
    place.sync(&store, &mut world, Depth::Changes).await.unwrap();
    world.cloud.edit(|directory| {
        directory.remove_user(6, Removed::Hard);
        directory.remove_group(2, Removed::Hard);
        directory.leave(0, standin::graph::Member::User(3));
    });
    let newer = r#"UPDATE directory SET read_to = '{"of a newer program": 1}'"#;
    place.connect().await.execute(newer).await.unwrap();
    place.sync(&store, &mut world, Depth::Changes).await.unwrap();
    assert_eq!(view(&loaded(&store).await), world.expected());
}

async fn everything_stays_asked_for_whoever_comes_late(place: Place) {
    let store = place.open().await;
    store.import(&file(json!({"directory": {}}))).await.unwrap();
    let mut late = place.take(&store).await;
    store.keep_sync(&tenant(), &late.holder, -1, &Default::default()).await.unwrap();
    store.ask_for_sync(&tenant(), Depth::Everything).await.unwrap();
    assert!(late.sink.keep(batch(1, Vec::new())).await.is_err());
    assert_eq!(place.take(&store).await.depth, Depth::Everything);
}

async fn the_file_is_no_longer_for_what_is_beside_it_which_is_counted_whole(place: Place) {
    let mut world = World::new(Directory::generated(60, 8)).await;
    let store = place.open().await;
    store.import(&file(json!({"directory": {}}))).await.unwrap();
    let before = store.octets(&tenant()).await.unwrap();
    place.sync_in_turn(&store, &mut world).await;
    store.apply_csv(&tenant(), &[entry("sheet", "sheet@contoso.example")]).await.unwrap();
    assert_eq!(store.octets(&tenant()).await.unwrap(), before);
    // Groups go with their members, of whom nobody speaks.
    world.cloud.edit(|directory| (0..8).for_each(|group| directory.remove_group(group, Removed::Hard)));
    store.ask_for_sync(&tenant(), Depth::Changes).await.unwrap();
    place.sync_in_turn(&store, &mut world).await;
    let sql = "SELECT CAST((SELECT SUM(LENGTH(data)) FROM person) AS BIGINT) AS people, octets FROM directory";
    let row = place.connect().await.fetch_one(sql).await.unwrap();
    let (people, counted): (i64, i64) = (row.get("people"), row.get("octets"));
    assert_eq!(counted, people);
    assert_eq!(store.octets(&tenant()).await.unwrap(), before);
}

async fn a_rule_for_somebody_whose_address_a_sheet_has_still_compiles(place: Place) {
    let store = place.open().await;
    let own = file(json!({"people": [{"id": "ada", "addresses": ["ada@contoso.example"]},
        {"id": "bob", "addresses": ["bob@contoso.example"]}], "groups": [{"id": "all", "members": ["ada", "bob"]}],
        "mode": {"pilot": {"people": ["ada"]}},
        "send_as": [{"people": ["ada", "bob"], "addresses": ["bob@contoso.example"], "signature_of": "from"}]}));
    store.import(&own).await.unwrap();
    store.apply_csv(&tenant(), &[entry("sheet", "ada@contoso.example")]).await.unwrap();
    let stored = store.load(&tenant()).await.unwrap().unwrap();
    signet::tenant::Snapshot::compile(stored.file, stored.secrets, stored.revision).unwrap();
    let again = store.export(&tenant()).await.unwrap().unwrap();
    assert_eq!(again.to_json(), own.to_json());
    store.import(&again).await.unwrap();
}

on_both! {
    who_loses_an_address_and_is_not_seen_goes_with_the_sweep,
    whom_a_file_stood_before_is_read_when_the_file_names_them_no_more,
    a_csv_file_that_is_put_back_takes_nobody_from_the_tenant_file,
    another_order_is_read_at_once_and_who_reads_the_old_one_keeps_nothing,
    a_page_waits_for_a_large_import,
    reads_and_imports_at_the_same_time_lose_nothing,
    after_a_cursor_that_cannot_be_read_nobody_stays_who_is_gone,
    everything_stays_asked_for_whoever_comes_late,
    the_file_is_no_longer_for_what_is_beside_it_which_is_counted_whole,
    a_rule_for_somebody_whose_address_a_sheet_has_still_compiles,
}
