//! What the edges follow: whoever asks again and again ends where the store is, and is told each change once.
use std::collections::BTreeMap;

use super::*;

/// An edge: what it knows, and how often it was told something.
#[derive(Default)]
struct Edge {
    cursor: Cursor,
    knows: BTreeMap<String, u64>,
    told: usize,
}

impl Edge {
    async fn look(&mut self, store: &Store) {
        loop {
            let changes = store.changes_after(self.cursor).await.unwrap();
            assert!(!changes.anew && changes.cursor >= self.cursor);
            assert_eq!(changes.changed.is_empty(), changes.cursor == self.cursor);
            self.cursor = changes.cursor;
            self.told += changes.changed.len();
            for Changed { tenant, revision, live } in changes.changed {
                match live.unwrap() {
                    Some(live) => {
                        assert_eq!((&live.stored.file.id, live.stored.revision), (&tenant, revision));
                        self.knows.insert(tenant.as_str().to_owned(), revision.0)
                    }
                    None => self.knows.remove(tenant.as_str()),
                };
            }
            if !changes.more {
                return;
            }
        }
    }
}

/// All changes from the first, in order, in short.
pub(super) async fn all(store: &Store) -> Vec<String> {
    let changes = store.changes_after(Cursor::default()).await.unwrap();
    let short = |one: &Changed| {
        let gone = if one.live.as_ref().unwrap().is_none() { " gone" } else { "" };
        format!("{} {}{gone}", one.tenant.as_str(), one.revision)
    };
    changes.changed.iter().map(short).collect()
}

async fn in_the_store(store: &Store) -> BTreeMap<String, u64> {
    let everyone = store.tenants().await.unwrap();
    everyone.tenants.into_iter().map(|it| (it.file.id.as_str().to_owned(), it.revision.0)).collect()
}

#[tokio::test]
async fn an_edge_sees_what_a_command_changes_in_another_process_and_sees_it_once() {
    let place = Place::new();
    let (edge_store, command) = (place.open().await, place.open().await);
    let mut edge = Edge::default();
    edge.look(&edge_store).await;
    assert_eq!(edge.told, 0);
    let contoso = file("contoso", "contoso.example");
    for (told, mode) in [(1, Mode::Live), (2, Mode::Bypass)] {
        command.import(&contoso).await.unwrap();
        command.set_mode(&contoso.id, mode).await.unwrap();
        for _ in 0..3 {
            edge.look(&edge_store).await;
            assert_eq!((edge.told, &edge.knows), (told, &in_the_store(&command).await));
        }
    }
    let (chain, key) = pair(800);
    command.set_certificate(&contoso.id, chain.as_bytes(), key.as_bytes()).await.unwrap();
    let changes = edge_store.changes_after(edge.cursor).await.unwrap().changed;
    let live = changes.into_iter().next().unwrap().live.unwrap().unwrap();
    assert_eq!(live.stored.file.mode, Mode::Bypass);
    assert_eq!(live.certificate.unwrap().key_pem, key.as_bytes());
}

#[tokio::test]
async fn a_change_that_is_not_committed_is_neither_seen_nor_passed_over() {
    let place = Place::new();
    let (store, other) = (place.open().await, place.open().await);
    store.import(&file("a", "a.example")).await.unwrap();
    let mut edge = Edge::default();
    edge.look(&store).await;
    for (commits, revision) in [(false, 1), (true, 2)] {
        let mut work = other.pool.begin().await.unwrap();
        change::next_revision(&mut work, "a", 1).await.unwrap();
        edge.look(&store).await;
        assert_eq!(edge.told, 1, "an open transaction was seen");
        if commits {
            work.commit().await.unwrap()
        } else {
            work.rollback().await.unwrap()
        }
        edge.look(&store).await;
        assert_eq!(edge.knows.get("a"), Some(&revision));
    }
    assert_eq!(edge.told, 2);
}

#[tokio::test]
async fn a_tenant_that_cannot_be_read_hides_no_other() {
    let place = Place::new();
    let store = place.open().await;
    for id in ["a", "b", "c"] {
        store.import(&file(id, &format!("{id}.example"))).await.unwrap();
    }
    sqlx::query("UPDATE secret SET sealed = 'nonsense' WHERE tenant = 'b'").execute(&store.pool).await.unwrap();
    let changes = store.changes_after(Cursor::default()).await.unwrap();
    let readable: Vec<bool> = changes.changed.iter().map(|one| one.live.is_ok()).collect();
    assert_eq!((readable, changes.more), (vec![true, false, true], false));
}

#[tokio::test]
async fn many_and_large_tenants_come_in_parts() {
    let place = Place::new();
    let store = place.open().await;
    let mut files: Vec<TenantFile> = (0..300).map(|n| file(&format!("t{n}"), &format!("t{n}.example"))).collect();
    // Three of these are more than one answer may hold.
    for file in files.iter_mut().take(3) {
        let photo = |n| serde_json::json!({"id": n, "type": "image/png", "base64": "iVBORw0KGgoA".repeat(100_000)});
        file.images = ["a", "b", "c"].map(|n| serde_json::from_value(photo(n)).unwrap()).into();
    }
    for chunk in files.chunks(100) {
        assert!(store.import_all(chunk).await.unwrap().iter().all(Result::is_ok));
    }
    let (mut cursor, mut parts) = (Cursor::default(), Vec::new());
    loop {
        let changes = store.changes_after(cursor).await.unwrap();
        (cursor, _) = (changes.cursor, parts.push(changes.changed.len()));
        if !changes.more {
            break;
        }
    }
    assert_eq!(parts, [3, 256, 41]);
}

/// Imports, deletions, refusals and looks in any order, by two processes and two edges.
#[tokio::test]
async fn whatever_the_order_of_changes_and_looks_edges_end_where_the_store_is() {
    let place = Place::new();
    let commands = [place.open().await, place.open().await];
    let mut edges = [Edge::default(), Edge::default()];
    let seed = u64::try_from(now_ms()).unwrap();
    println!("seed {seed}");
    let (mut state, mut committed) = (seed | 1, 0);
    let mut random = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    for _ in 0..400 {
        let command = &commands[usize::try_from(random(2)).unwrap()];
        let number = random(5);
        let id = format!("t{number}");
        let done = match random(6) {
            // A domain of one of five: some imports are refused, and raise no number.
            0 => command.import(&file(&id, &format!("d{}.example", random(5)))).await.is_ok(),
            1 => command.delete(&tenant(&id)).await.is_ok(),
            2 => command.set_mode(&tenant(&id), Mode::Observe).await.is_ok(),
            3 => {
                let files: Vec<_> =
                    (0..3).map(|n| file(&format!("t{n}"), &format!("d{}.example", random(5)))).collect();
                committed += command.import_all(&files).await.unwrap().iter().filter(|one| one.is_ok()).count();
                false
            }
            at => {
                let edge = &mut edges[usize::try_from(at - 4).unwrap()];
                edge.look(command).await;
                assert_eq!(edge.knows, in_the_store(command).await);
                false
            }
        };
        committed += usize::from(done);
    }
    for edge in &mut edges {
        edge.look(&commands[0]).await;
        assert_eq!(edge.knows, in_the_store(&commands[1]).await);
        assert!(edge.told <= committed, "{} changes were told {} times", committed, edge.told);
    }
    assert!(committed > 50, "nothing happened");
}

#[tokio::test]
async fn of_many_files_each_is_taken_whole_or_not_at_all() {
    let place = Place::new();
    let store = place.open().await;
    let mut faulty = file("faulty", "faulty.example");
    faulty.domains.push("not a domain".to_owned());
    let mut thief = file("thief", "thief.example");
    thief.domains.push("a.example".to_owned());
    let files = [file("a", "a.example"), faulty, thief, file("b", "b.example"), file("a", "a.example")];
    let taken = store.import_all(&files).await.unwrap();
    let revisions: Vec<Option<u64>> = taken.iter().map(|one| one.as_ref().ok().map(|revision| revision.0)).collect();
    assert_eq!(revisions, [Some(1), None, None, Some(1), Some(2)]);
    assert!(matches!(&taken[2], Err(StoreError::Problems(problems)) if problems[0].place == "/domains/1"));
    assert_eq!(all(&store).await, ["b 1", "a 2"]);
    // What the refused one claimed beside is free.
    store.import(&file("other", "thief.example")).await.unwrap();
    assert!(store.import_all(&[]).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_store_from_before_the_feed_is_followed_from_its_first_change() {
    let place = Place::new();
    let store = place.open().await;
    for id in ["b", "a", "c"] {
        store.import(&file(id, &format!("{id}.example"))).await.unwrap();
    }
    store.delete(&tenant("b")).await.unwrap();
    for (changed_ms, id) in [(1, "c"), (2, "b"), (3, "a")] {
        let query = sqlx::query("UPDATE revision SET changed_ms = $1 WHERE tenant = $2").bind(changed_ms).bind(id);
        query.execute(&store.pool).await.unwrap();
    }
    for sql in [
        "DROP INDEX revision_change_number",
        "ALTER TABLE revision DROP COLUMN change_number",
        "DROP TABLE feed",
        "CREATE INDEX revision_changed ON revision (changed_ms)",
        "DELETE FROM _sqlx_migrations WHERE version = 4",
    ] {
        sqlx::query(sql).execute(&store.pool).await.unwrap();
    }
    store.close().await;
    let store = place.open().await;
    assert_eq!(all(&store).await, ["c 1", "b 2 gone", "a 1"]);
    store.set_mode(&tenant("c"), Mode::Bypass).await.unwrap();
    assert_eq!(all(&store).await, ["b 2 gone", "a 1", "c 2"]);
}
