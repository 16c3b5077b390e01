//! A new key: everything is sealed with it, a running process follows, and what was begun is finished later.

use super::*;
use crate::config::add_key;

async fn filled(place: &Place) -> Store {
    let store = place.open().await;
    let files: Vec<_> = (0..450).map(|n| file(&format!("t{n}"), &format!("t{n}.example"))).collect();
    for files in files.chunks(90) {
        store.import_all(files).await;
    }
    let (chain, key) = pair(800);
    store.set_certificate(&tenant("t1"), chain.as_bytes(), key.as_bytes()).await.unwrap();
    store
}

/// Only the newest key is left in the file.
fn forget_old_keys(place: &Place) {
    let file = place.path("signet.key");
    let newest = std::fs::read_to_string(&file).unwrap().lines().last().unwrap().to_owned();
    std::fs::write(file, newest).unwrap();
}

async fn everything_is_sealed_anew_and_a_running_process_follows(place: Place) {
    let running = filled(&place).await;
    let before = running.load(&tenant("t7")).await.unwrap().unwrap().secrets;
    let command = place.open().await;
    assert_eq!(command.rotate_key().await.unwrap(), Rotated { sealed: 0, before: 451 }, "there is no new key");
    add_key(&place.path("signet.key")).unwrap();
    // One that opens the store now has both keys, and the old one is in force.
    let command = place.open().await;
    assert_eq!(command.rotate_key().await.unwrap(), Rotated { sealed: 451, before: 0 });
    assert_eq!(command.rotate_key().await.unwrap(), Rotated { sealed: 0, before: 451 });
    assert!(running.load(&tenant("t7")).await.unwrap().unwrap().secrets == before);
    assert!(running.certificate(&tenant("t1")).await.unwrap().is_some());

    forget_old_keys(&place);
    // What the process with the old key seals from now on, it seals with the new one.
    running.import(&file("late", "late.example")).await.unwrap();
    let later = place.open().await;
    assert!(later.load(&tenant("t7")).await.unwrap().unwrap().secrets == before);
    assert!(later.load(&tenant("late")).await.unwrap().is_some());
}

async fn a_change_of_keys_that_was_interrupted_is_finished_and_loses_nothing(place: Place) {
    let store = filled(&place).await;
    add_key(&place.path("signet.key")).unwrap();
    let store = {
        store.close().await;
        place.open().await
    };
    // In the second batch something cannot be opened: what came before it stays done.
    let good = "UPDATE secret SET sealed = substr(sealed, 2) WHERE tenant = 't290'";
    sql(&store, "UPDATE secret SET sealed = 'x' || sealed WHERE tenant = 't290'").await;
    assert_eq!(store.rotate_key().await, Err(StoreError::Sealed));
    assert!(store.load(&tenant("t1")).await.unwrap().is_some());
    assert!(store.load(&tenant("t99")).await.unwrap().is_some());
    sql(&store, good).await;
    let rotated = store.rotate_key().await.unwrap();
    assert!(rotated.before >= 200 && rotated.sealed >= 51 && rotated.before + rotated.sealed == 451, "{rotated:?}");
    forget_old_keys(&place);
    let store = place.open().await;
    let changes = store.changes_after(Cursor::default()).await.unwrap();
    assert!(changes.changed.iter().all(|one| one.live().is_ok()));
}

#[tokio::test]
async fn what_an_import_under_way_sealed_with_the_old_key_is_sealed_anew() {
    let place = Place::postgres();
    let running = place.open().await;
    add_key(&place.path("signet.key")).unwrap();
    let command = place.open().await;
    let late = file("late", "late.example");
    let mut import = running.backend.write(Scope::Tenant("late")).await.unwrap();
    change::next_revision(&mut import, "late", 1, change::Touches::People).await.unwrap();
    running.put(&mut import, &late, 1).await.unwrap();
    let rotation = tokio::spawn(async move { command.rotate_key().await });
    let waits = "SELECT count(*) FROM pg_locks WHERE NOT granted";
    while !rotation.is_finished() && count(&running, waits).await == 0 {}
    running.finish(import, &["late"]).await.unwrap();
    assert_eq!(rotation.await.unwrap(), Ok(Rotated { sealed: 1, before: 0 }));
    forget_old_keys(&place);
    assert!(place.open().await.load(&late.id).await.unwrap().is_some());
}

#[tokio::test]
async fn whatever_is_sealed_is_sealed_anew() {
    let place = Place::sqlite();
    let store = place.open().await;
    let mut work = store.backend.read(Scope::Region).await.unwrap();
    let columns = "SELECT place.name || '.' || field.name FROM sqlite_master AS place, pragma_table_info(place.name) AS field \
                   WHERE place.type = 'table' AND field.name LIKE 'sealed%'";
    let columns = sqlx::query(columns).fetch_all(&mut *work).await.unwrap();
    let mut sealed: Vec<String> = columns.iter().map(|row| row.try_get(0).unwrap()).collect();
    // The one says which key is in force, the other is sealed by keys of tenants.
    sealed.retain(|column| !["seal.sealed", "decision.sealed"].contains(&column.as_str()));
    sealed.sort_unstable();
    let mut anew: Vec<String> =
        rotate::SEALED.iter().map(|(table, _, column, _)| format!("{table}.{column}")).collect();
    anew.sort_unstable();
    assert_eq!(sealed, anew);
}

on_both! {
    everything_is_sealed_anew_and_a_running_process_follows,
    a_change_of_keys_that_was_interrupted_is_finished_and_loses_nothing,
}
