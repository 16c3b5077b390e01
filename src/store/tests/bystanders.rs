//! What is done for one tenant costs no other anything: neither time, nor records, nor doubts.

use super::*;

fn from_network(id: &str, network: &str) -> TenantFile {
    let mut file = file(id, &format!("{id}.example"));
    let peer = serde_json::json!({"proof": "network", "networks": [network], "next_hop": {"host": "in.example"}});
    file.peer = serde_json::from_value(peer).unwrap();
    file
}

/// With more people than one transaction takes beside other files.
fn large(id: &str) -> TenantFile {
    let mut file = file(id, &format!("{id}.example"));
    let person = |number| {
        let address = format!("p{number}@{id}.example");
        serde_json::from_value(serde_json::json!({"id": format!("p{number}"), "addresses": [address]})).unwrap()
    };
    file.people = (0..1500).map(person).collect();
    file.groups = vec![serde_json::from_value(serde_json::json!({"id": "all", "members": ["p1"]})).unwrap()];
    file
}

#[tokio::test]
async fn an_import_that_claims_no_new_network_lets_others_claim_theirs() {
    let place = Place::postgres();
    let (store, other) = (place.open().await, place.open().await);
    let contoso = from_network("contoso", "10.1.0.0/16");
    store.import(&contoso).await.unwrap();
    let mut import = store.backend.write(Scope::Tenant("contoso")).await.unwrap();
    store.put(&mut import, &contoso, 1).await.unwrap();
    other.import(&from_network("eve", "10.2.0.0/16")).await.unwrap();
    import.rollback().await.unwrap();
}

#[tokio::test]
async fn a_large_file_is_taken_by_itself() {
    let place = Place::sqlite();
    let store = place.open().await;
    // It is the only one with a group.
    sql(&store, "CREATE TRIGGER full BEFORE INSERT ON grp BEGIN SELECT RAISE(ABORT, 'the disk is full'); END").await;
    let files = [file("a", "a.example"), large("b"), file("c", "c.example")];
    let taken = store.import_all(&files).await;
    let taken: Vec<bool> = taken.iter().map(Result::is_ok).collect();
    assert_eq!(taken, [true, false, true]);
}

/// What is replaced has to go, however small the new file is; that takes its time too.
async fn the_time_for_an_import_counts_what_it_replaces(place: Place) {
    let store = place.open().await;
    store.import(&large("contoso")).await.unwrap();
    let small = file("contoso", "contoso.example");
    assert!(store.rows_touched(&[small]).await.unwrap() > 100);
}

#[tokio::test]
async fn a_tenant_that_is_being_deleted_takes_no_records_or_doubts_of_others_along() {
    let place = Place::postgres();
    let (store, other) = (place.open().await, place.open().await);
    let files = [file("contoso", "contoso.example"), file("eve", "eve.example")];
    for file in &files {
        store.import(file).await.unwrap();
    }
    let mut deletion = other.backend.write(Scope::Tenant("contoso")).await.unwrap();
    sqlx::query("DELETE FROM tenant WHERE id = 'contoso'").execute(&mut *deletion).await.unwrap();
    let records = [decision(&files[0].id, [1; 32], 1), decision(&files[1].id, [2; 32], 2)];
    store.record(&records).await.unwrap();
    let doubts = [1, 2].map(|number| Doubt {
        tenant: files[usize::from(number) - 1].id.clone(),
        fingerprint: [number; 16],
        proof: [number; 16],
        recipients: vec![[number; 16]],
        code: 250,
        enhanced: String::new(),
        since_ms: 1,
    });
    store.change_doubts(&doubts.map(DoubtChange::Keep)).await.unwrap();
    deletion.commit().await.unwrap();
    assert_eq!(count(&store, "SELECT count(*) FROM decision WHERE tenant = 'eve'").await, 1);
    assert_eq!(count(&store, "SELECT count(*) FROM doubt WHERE tenant = 'eve'").await, 1);
    assert_eq!(store.delete_old_decisions(0).await.unwrap(), 1, "the record of the tenant that is gone");
}

on_both! {
    the_time_for_an_import_counts_what_it_replaces,
}
