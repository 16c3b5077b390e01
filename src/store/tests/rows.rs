//! Tenant files as rows: they come back to the letter, and what did not change is not written.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};

use super::*;
use crate::tenant::{GroupEntry, ImageEntry, PersonEntry, SignatureEntry};

fn entry<T: serde::de::DeserializeOwned>(json: serde_json::Value) -> T {
    serde_json::from_value(json).unwrap()
}

fn person(number: usize, word: &str) -> PersonEntry {
    let addresses = [format!("P{number}@contoso.example"), format!("{number}.{word}@contoso.example")];
    let attributes = serde_json::json!({"displayName": format!("{word} \u{1F600} \"'\\ {number}"), "jobTitle": word});
    entry(serde_json::json!({"id": format!("p{number}"), "addresses": addresses, "attributes": attributes}))
}

fn image(number: usize) -> ImageEntry {
    // Some are the same picture under two names.
    let base64 = format!("iVBORw0KGgoAAA{:02}", number / 2);
    entry(serde_json::json!({"id": format!("i{number}"), "type": "image/png", "base64": base64}))
}

fn signature(number: usize, word: &str) -> SignatureEntry {
    let design = serde_json::json!({"version": 1, "blocks": [{"type": "text", "lines": [[word]]}]});
    entry(serde_json::json!({"id": format!("s{number}"), "name": word, "design": design}))
}

/// People, groups, images and signatures in any order, of a few, so that files are alike.
fn any_file() -> impl Strategy<Value = TenantFile> {
    let some = |most: usize| proptest::sample::subsequence((0..most).collect::<Vec<_>>(), 0..=most).prop_shuffle();
    let word = || proptest::sample::select(vec!["red", "green", "blue"]);
    (some(12), some(5), some(5), some(4), word(), word(), any::<proptest::sample::Index>()).prop_map(
        |(people, groups, images, signatures, word, other, at)| {
            let mut file = file("contoso", "contoso.example");
            file.people = people.iter().map(|number| person(*number, word)).collect();
            // One is different.
            if !file.people.is_empty() {
                let at = at.index(file.people.len());
                file.people[at] = person(people[at], other);
            }
            let ids: Vec<&str> = file.people.iter().map(|person| person.id.as_str()).collect();
            let group = |number: &usize| -> GroupEntry {
                let members: Vec<&str> = ids.iter().cycle().skip(*number).take(ids.len() * 2 / 3).copied().collect();
                let inside: Vec<String> = groups.iter().filter(|it| it > &number).map(|it| format!("g{it}")).collect();
                entry(
                    serde_json::json!({"id": format!("g{number}"), "name": word, "members": members, "groups": inside}),
                )
            };
            file.groups = groups.iter().map(group).collect();
            file.images = images.iter().map(|number| image(*number)).collect();
            file.signatures = signatures.iter().map(|number| signature(*number, word)).collect();
            file
        },
    )
}

async fn any_file_after_any_other_comes_back_to_the_letter(place: Place) {
    let store = place.open().await;
    let mut runner = TestRunner::new(Config::default());
    for _ in 0..60 {
        let file = any_file().new_tree(&mut runner).unwrap().current();
        assert_eq!(file.problems(), []);
        store.import(&file).await.unwrap();
        let back = store.export(&file.id).await.unwrap().unwrap();
        assert_eq!(back.to_json(), file.to_json());
        assert_eq!(store.load(&file.id).await.unwrap().unwrap().file, file);
        let addresses: usize = file.people.iter().map(|person| person.addresses.len()).sum();
        let stored = count(&store, "SELECT count(*) FROM person_address").await;
        assert_eq!(stored, i64::try_from(addresses).unwrap());
    }
    // Of pictures none is left behind, and those of two images are kept once.
    let mut file = any_file().new_tree(&mut runner).unwrap().current();
    file.images = vec![image(0), image(1), image(2)];
    store.import(&file).await.unwrap();
    assert_eq!(count(&store, "SELECT count(*) FROM picture").await, 2);
}

async fn what_did_not_change_is_not_written(place: Place) {
    let store = place.open().await;
    let mut file = file("contoso", "contoso.example");
    file.people = (0..400).map(|number| person(number, "red")).collect();
    let everyone: Vec<String> = file.people.iter().map(|person| person.id.clone()).collect();
    file.groups = vec![entry(serde_json::json!({"id": "all", "members": everyone}))];
    store.import(&file).await.unwrap();
    // Whatever is written from here on loses the mark.
    sql(&store, "UPDATE person SET external_id = 'untouched', source = 'file'").await;
    for table in ["person", "grp", "member"] {
        forbid_writing(&store, &place, table).await;
    }
    store.import(&file).await.unwrap();
    allow_writing(&store, &place).await;

    // One more in the middle, one gone, one moved to the front, one promoted.
    file.people.insert(200, person(900, "red"));
    file.people.remove(100);
    let last = file.people.pop().unwrap();
    file.people.insert(0, last);
    file.people[50].attributes.clear();
    file.groups[0].members = file.people.iter().map(|person| person.id.clone()).collect();
    let before = rows(&store).await;
    store.import(&file).await.unwrap();
    assert_eq!(store.export(&file.id).await.unwrap(), Some(file));
    let after = rows(&store).await;
    let changed = after.iter().filter(|row| !before.contains(row)).count();
    assert_eq!(changed, 3, "of 400 people");
}

/// Id and place of every person, and what is said of it.
async fn rows(store: &Store) -> Vec<(String, i64, String)> {
    let mut work = store.backend.read(Scope::Region).await.unwrap();
    let rows = sqlx::query("SELECT id, position, data FROM person").fetch_all(&mut *work).await.unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect()
}

/// From here on whoever writes to the table fails.
async fn forbid_writing(store: &Store, place: &Place, table: &str) {
    let statements: Vec<String> = match &place.database {
        Some(_) => vec![
            "CREATE OR REPLACE FUNCTION forbid() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN RAISE EXCEPTION 'written'; END $$"
                .to_owned(),
            format!(
                "CREATE TRIGGER forbid BEFORE INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW \
                 EXECUTE FUNCTION forbid()"
            ),
        ],
        None => ["INSERT", "UPDATE", "DELETE"]
            .map(|what| {
                format!(
                    "CREATE TRIGGER forbid_{what}_{table} BEFORE {what} ON {table} \
                     BEGIN SELECT RAISE(ABORT, 'written'); END"
                )
            })
            .to_vec(),
    };
    run(store, statements).await;
}

async fn allow_writing(store: &Store, place: &Place) {
    let statements = match &place.database {
        Some(_) => vec!["DROP FUNCTION forbid() CASCADE".to_owned()],
        None => ["INSERT", "UPDATE", "DELETE"]
            .iter()
            .flat_map(|what| ["person", "grp", "member"].map(|table| format!("DROP TRIGGER forbid_{what}_{table}")))
            .collect(),
    };
    run(store, statements).await;
}

async fn run(store: &Store, statements: Vec<String>) {
    let mut work = store.backend.write(Scope::Region).await.unwrap();
    for statement in statements {
        sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&mut *work).await.unwrap();
    }
    work.commit().await.unwrap();
}

on_both! {
    any_file_after_any_other_comes_back_to_the_letter,
    what_did_not_change_is_not_written,
}
