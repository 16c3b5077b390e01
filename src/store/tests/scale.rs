//! The largest tenant there may be, with figures; for whoever changes how rows are written or read.

use std::time::Instant;

use super::*;

async fn half_a_million_people(place: Place) {
    let store = place.open().await;
    let mut file = file("contoso", "contoso.example");
    file.people = (0..500_000)
        .map(|number| {
            let entry = serde_json::json!({
                "id": format!("p{number}"), "addresses": [format!("p{number}@contoso.example")],
                "attributes": {"displayName": format!("Person {number}"), "jobTitle": "Engineer", "city": "Bonn"},
            });
            serde_json::from_value(entry).unwrap()
        })
        .collect();
    let ids: Vec<String> = file.people.iter().map(|person| person.id.clone()).collect();
    file.groups = vec![serde_json::from_value(serde_json::json!({"id": "all", "members": ids})).unwrap()];
    let import = async |what: &str, file: &TenantFile| {
        let began = Instant::now();
        store.import(file).await.unwrap();
        println!("{what}: {:.1} s", began.elapsed().as_secs_f64());
    };
    import("imported", &file).await;
    import("imported again", &file).await;
    let person = file.people.remove(499_999);
    file.people.insert(3, person);
    import("one moved", &file).await;
    let began = Instant::now();
    assert_eq!(store.load(&file.id).await.unwrap().unwrap().file, file);
    println!("loaded: {:.1} s", began.elapsed().as_secs_f64());
}

#[tokio::test]
#[ignore = "minutes"]
async fn half_a_million_people_in_sqlite() {
    half_a_million_people(Place::sqlite()).await;
}

#[tokio::test]
#[ignore = "minutes"]
async fn half_a_million_people_in_postgresql() {
    half_a_million_people(Place::postgres()).await;
}
