//! What was put right by hand and what the directory says meet in any order, and the same comes of it.

use std::collections::BTreeMap;

use serde_json::json;
use signet::directory::{Batch, Change, Cursor, Person, Sink};
use signet::store::StoreError;
use signet::tenant::{Attribute, Fact, PersonEntry};

use crate::place::{Place, file, on_both, tenant};

/// What the directory tells, one batch after the other; the last two are a full read that no longer has the other person.
fn told() -> Vec<(u64, Vec<Change>)> {
    let ada = |title: &str| {
        let attributes =
            BTreeMap::from([(Attribute::JobTitle, title.to_owned()), (Attribute::City, "Graz".to_owned())]);
        let addresses = vec!["ada@contoso.example".to_owned()];
        Change::Person(Person { id: "ada".into(), addresses, attributes, custom: BTreeMap::new(), enabled: true })
    };
    vec![
        (1, vec![ada("Engineer"), crate::kept::person("bob", &["bob@contoso.example"])]),
        (1, vec![ada("Head")]),
        (1, vec![ada("Head"), crate::kept::person("ada2", &["ada@contoso.example"])]),
        (1, vec![Change::PersonGone { id: "ada".into() }, Change::PersonGone { id: "ada2".into() }]),
        (1, vec![ada("Engineer")]),
        (2, vec![ada("Chief")]),
        (2, vec![Change::SweepPeople]),
    ]
}

async fn sync_then_override_is_override_then_sync(place: Place) {
    let store = place.open().await;
    store.import(&file(json!({"directory": {}}))).await.unwrap();
    let mut sink = place.take(&store).await.sink;
    let title = Fact::parse("jobTitle").unwrap();
    let mut come: Vec<(usize, Vec<PersonEntry>)> = Vec::new();
    let all = told().len();
    for at in 0..=all {
        let mut set = 0;
        for (number, (round, changes)) in told().into_iter().chain([(2, Vec::new())]).enumerate() {
            if number == at {
                match store.set_override(&tenant(), "ada", &title, Some("Captain")).await {
                    Ok(_) => set += 1,
                    // Whoever is not there at this moment.
                    Err(StoreError::Unknown { what: "person", .. }) => {}
                    Err(error) => panic!("{error}"),
                }
            }
            if number < all {
                let round = round + 2 * u64::try_from(at).unwrap();
                sink.keep(Batch { round, changes, cursor: Cursor::default() }).await.unwrap();
            }
        }
        let loaded = store.load(&tenant()).await.unwrap().unwrap().file;
        assert_eq!(loaded.problems(), []);
        if set > 0 {
            come.push((at, loaded.people));
            store.set_override(&tenant(), "ada", &title, None).await.unwrap();
        }
        let ada = store.person(&tenant(), "ada").await.unwrap().unwrap();
        assert_eq!((ada.attributes[&Attribute::JobTitle].as_str(), ada.overrides.len()), ("Chief", 0));
    }
    let (_, last) = come.last().cloned().unwrap();
    assert_eq!(last.iter().find(|one| one.id == "ada").unwrap().overrides[&title], "Captain");
    assert!(come.len() >= 5, "{come:?}");
    for (at, people) in come {
        assert_eq!(people, last, "put right before batch {at}");
    }
}

on_both! { sync_then_override_is_override_then_sync }
