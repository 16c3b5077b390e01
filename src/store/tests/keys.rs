//! A new key: everything is sealed with it, a running process follows, and what was begun is finished later.

use super::*;
use crate::config::add_key;

async fn filled(place: &Place) -> Store {
    let store = place.open().await;
    let files: Vec<_> = (0..450).map(|n| file(&format!("t{n}"), &format!("t{n}.example"))).collect();
    for files in files.chunks(90) {
        store.import_all(files).await.unwrap();
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

on_both! {
    everything_is_sealed_anew_and_a_running_process_follows,
    a_change_of_keys_that_was_interrupted_is_finished_and_loses_nothing,
}
