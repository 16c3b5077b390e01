//! Whom rules name and who is gone by the next sync, or the next CSV file: the tenant is served on, the name is
//! nobody's, and `signet explain` says what the edge does.

use std::sync::Arc;

use serde_json::{Value, json};
use signet::directory::Depth;
use signet::store::{Reading, Store};
use signet::tenant::{Mode, People, PersonEntry, SignatureEntry, Snapshot};
use standin::appliance::{Listener, Setup};
use standin::graph::{Directory, Member, Removed, group_id, user_id};

use crate::place::{Place, file, on_both, tenant};
use crate::world::World;

fn signature(id: &str, applies: Value) -> SignatureEntry {
    let design = json!({"version": 1, "blocks": [{"type": "text", "lines": [[id]]}]});
    serde_json::from_value(json!({"id": id, "name": id, "enabled": true, "applies": applies, "design": design}))
        .unwrap()
}

/// The tenant as an edge makes it of its rows.
async fn on_the_edge(store: &Store) -> Snapshot {
    let parts = store.parts(&tenant(), Reading::All, |_| false).await.unwrap().unwrap();
    let rows = parts.people.unwrap();
    let people = People::compile(rows.people, &rows.groups, parts.people_edition);
    Snapshot::of_parts(parts.rules, Arc::new(people), Arc::default(), parts.secrets, parts.edition)
}

/// What a message from here to outside gets, as the program explains it: signatures, or a word.
struct Explain {
    setup: Setup,
    _folder: tempfile::TempDir,
}

impl Explain {
    fn new(place: &Place) -> Explain {
        let folder = tempfile::tempdir().unwrap();
        let setup = Setup::new(folder.path(), &[Listener::Network], "").unwrap();
        setup.keep_store_at(&place.url()).unwrap();
        std::fs::copy(place.folder.path().join("signet.key"), folder.path().join("signet.key")).unwrap();
        Explain { setup, _folder: folder }
    }

    fn of(&self, from: &str) -> String {
        let arguments = ["explain", "--tenant", "contoso", "--from", from, "--to", "x@fabrikam.example", "--json"];
        let said = self.setup.signet(&arguments).unwrap();
        let Ok(json) = serde_json::from_str::<Value>(&said) else { return said };
        let answer = if json.is_array() { &json[0] } else { &json["explanations"][0] };
        let ids: Vec<&str> = answer["signatures"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
        answer["left"].as_str().map_or_else(|| ids.join("+"), str::to_owned)
    }
}

async fn a_sync_that_takes_whom_rules_name_leaves_the_rest_served(place: Place) {
    let mut directory = Directory::generated(8, 3);
    let night = directory.add_group("Night");
    directory.join(night, Member::User(5));
    let mut world = World::new(directory).await;
    let store = place.open().await;
    let (person, group) = (user_id(3), group_id(night));
    let lent = json!([{"addresses": ["user6@contoso.example"], "people": [person], "groups": [group],
        "signature_of": "sender"}]);
    store.import(&file(json!({"directory": {}, "send_as": lent}))).await.unwrap();
    place.sync(&store, &mut world, Depth::Changes).await.unwrap();
    let rules = [
        signature("person", json!({"senders": {"people": [person]}})),
        signature("group", json!({"senders": {"groups": [group]}})),
        signature("rest", json!({"except": {"recipients": {"people": [person], "groups": [group]}}})),
    ];
    let write = |file: &mut signet::tenant::TenantFile| {
        file.signatures = rules.to_vec();
        Ok(())
    };
    store.change_signatures(&tenant(), "signature.put", "all", write).await.unwrap();
    let explain = Explain::new(&place);
    let answers = || [3, 5, 6].map(|number| explain.of(&format!("user{number}@contoso.example")));
    assert_eq!(answers(), ["person", "group", "rest"]);

    world.cloud.edit(|directory| {
        directory.remove_user(3, Removed::Hard);
        directory.remove_group(night, Removed::Hard);
    });
    place.sync(&store, &mut world, Depth::Changes).await.unwrap();
    let edge = on_the_edge(&store).await;
    let there = |number: usize| edge.person(&format!("user{number}@contoso.example")).is_some();
    assert_eq!([3, 5, 6].map(there), [false, true, true]);
    let [gone, member, other] = answers();
    assert!(gone.contains("unknown_sender"), "{gone}");
    assert_eq!([member.as_str(), other.as_str()], ["rest", "rest"]);
    let pilot = Mode::Pilot { people: vec![person.clone()], groups: vec![group.clone()], marker: None };
    store.set_mode(&tenant(), pilot).await.unwrap();
    assert_eq!(answers()[1..], ["not_in_pilot", "not_in_pilot"]);
    assert_eq!(on_the_edge(&store).await.people_count(), edge.people_count());
}

async fn a_csv_file_without_whom_rules_name_leaves_the_rest_served(place: Place) {
    let store = place.open().await;
    store.import(&file(json!({"people": [{"id": "own", "addresses": ["own@contoso.example"]}]}))).await.unwrap();
    let eve = PersonEntry { id: "eve".into(), addresses: vec!["eve@contoso.example".into()], ..PersonEntry::default() };
    store.apply_csv(&tenant(), &[eve]).await.unwrap();
    let write = |file: &mut signet::tenant::TenantFile| {
        let except = json!({"except": {"recipients": {"people": ["eve"]}}});
        file.signatures = vec![signature("eve", json!({"senders": {"people": ["eve"]}})), signature("rest", except)];
        Ok(())
    };
    store.change_signatures(&tenant(), "signature.put", "all", write).await.unwrap();
    let explain = Explain::new(&place);
    let answers = || ["eve", "own"].map(|name| explain.of(&format!("{name}@contoso.example")));
    assert_eq!(answers(), ["eve", "rest"]);

    store.apply_csv(&tenant(), &[]).await.unwrap();
    assert!(on_the_edge(&store).await.person("eve@contoso.example").is_none());
    let [gone, own] = answers();
    assert!(gone.contains("unknown_sender"), "{gone}");
    assert_eq!(own, "rest");
    let stored = store.load(&tenant()).await.unwrap().unwrap();
    let whole = Snapshot::compile(stored.file, stored.secrets, stored.revision).unwrap();
    assert_eq!(whole.people_count(), 1);
}

on_both! {
    a_sync_that_takes_whom_rules_name_leaves_the_rest_served,
    a_csv_file_without_whom_rules_name_leaves_the_rest_served,
}
