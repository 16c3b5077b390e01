//! What the edges follow: whoever asks again and again ends where the store is, and is told each change once.
use std::collections::BTreeMap;

use super::*;
use crate::tenant::Edition;

/// Revision and file of each tenant.
type Known = BTreeMap<String, (u64, String)>;

/// An edge on which every tenant has mail under way: what it has loaded, and how often it was told something.
#[derive(Default)]
struct Edge {
    cursor: Cursor,
    loaded: BTreeMap<String, Loaded>,
    told: usize,
    /// How often it read the people of a tenant.
    people_read: usize,
}

struct Loaded {
    rules: TenantFile,
    edition: Edition,
    people: PeopleRows,
    people_edition: Edition,
}

impl Edge {
    async fn look(&mut self, store: &Store) {
        loop {
            let changes = store.changes_after(self.cursor).await.unwrap();
            assert!(!changes.anew && changes.cursor >= self.cursor);
            assert_eq!(changes.changed.is_empty(), changes.cursor == self.cursor);
            self.cursor = changes.cursor;
            self.told += changes.changed.len();
            for changed in changes.changed {
                match changed.live().unwrap() {
                    Some(entry) => {
                        assert_eq!(entry.settings.id, changed.tenant);
                        self.load(store, &changed.tenant).await;
                    }
                    None => drop(self.loaded.remove(changed.tenant.as_str())),
                };
            }
            if !changes.more {
                return;
            }
        }
    }

    /// As the loader of a tenant does: people are read again when they have changed, and only then.
    async fn load(&mut self, store: &Store, tenant: &TenantId) {
        let known = self.loaded.remove(tenant.as_str());
        let wanted = known.as_ref().map_or(Reading::All, |known| Reading::PeopleAfter(known.people_edition));
        // It may be gone already, which the next look tells.
        let Some(parts) = store.parts(tenant, wanted, |_| false).await.unwrap() else { return };
        self.people_read += usize::from(parts.people.is_some());
        let people = parts.people.or(known.map(|known| known.people)).unwrap();
        let Parts { rules, edition, people_edition, .. } = parts;
        self.loaded.insert(tenant.as_str().to_owned(), Loaded { rules, edition, people, people_edition });
    }

    /// What the snapshots are made of, put together.
    fn knows(&self) -> Known {
        let file = |loaded: &Loaded| {
            let PeopleRows { people, groups, .. } = loaded.people.clone();
            TenantFile { people, groups, ..loaded.rules.clone() }.to_json()
        };
        self.loaded.iter().map(|(id, loaded)| (id.clone(), (loaded.edition.revision.0, file(loaded)))).collect()
    }
}

/// All changes from the first, in order, in short.
pub(super) async fn all(store: &Store) -> Vec<String> {
    let changes = store.changes_after(Cursor::default()).await.unwrap();
    let short = |one: &Changed| {
        let gone = if one.live().unwrap().is_none() { " gone" } else { "" };
        format!("{} {}{gone}", one.tenant.as_str(), one.edition.revision)
    };
    changes.changed.iter().map(short).collect()
}

async fn in_the_store(store: &Store) -> Known {
    let mut known = Known::new();
    for listed in store.list().await.unwrap() {
        let stored = store.load(&listed.id).await.unwrap().unwrap();
        known.insert(listed.id.as_str().to_owned(), (stored.revision.0, stored.file.to_json()));
    }
    known
}

async fn an_edge_sees_what_a_command_changes_in_another_process_and_sees_it_once(place: Place) {
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
            assert_eq!((edge.told, edge.knows()), (told, in_the_store(&command).await));
        }
    }
    let (chain, key) = pair(800);
    command.set_certificate(&contoso.id, chain.as_bytes(), key.as_bytes()).await.unwrap();
    let changes = edge_store.changes_after(edge.cursor).await.unwrap().changed;
    let entry = changes[0].live().unwrap().unwrap();
    assert_eq!(entry.settings.mode, Mode::Bypass);
    assert_eq!(entry.certificate.unwrap().key_pem, key.as_bytes());
}

async fn a_change_that_is_not_committed_is_neither_seen_nor_passed_over(place: Place) {
    let (store, other) = (place.open().await, place.open().await);
    store.import(&file("a", "a.example")).await.unwrap();
    let mut edge = Edge::default();
    edge.look(&store).await;
    for (commits, revision) in [(false, 1), (true, 2)] {
        let mut work = other.backend.write(Scope::Region).await.unwrap();
        change::next_revision(&mut work, "a", 1, change::Touches::Rules).await.unwrap();
        crate::store::feed::numbers(&mut work, 1).await.unwrap();
        edge.look(&store).await;
        assert_eq!(edge.told, 1, "an open transaction was seen");
        if commits {
            other.finish(work, &["a"]).await.unwrap()
        } else {
            work.rollback().await.unwrap()
        }
        edge.look(&store).await;
        assert_eq!(edge.knows().get("a").map(|(revision, _)| *revision), Some(revision));
    }
    assert_eq!(edge.told, 2);
}

async fn a_tenant_that_cannot_be_read_hides_no_other(place: Place) {
    let store = place.open().await;
    for id in ["a", "b", "c"] {
        store.import(&file(id, &format!("{id}.example"))).await.unwrap();
    }
    sql(&store, "UPDATE secret SET sealed = 'nonsense' WHERE tenant = 'b'").await;
    let changes = store.changes_after(Cursor::default()).await.unwrap();
    let readable: Vec<bool> = changes.changed.iter().map(|one| one.live().is_ok()).collect();
    assert_eq!((readable, changes.more), (vec![true, false, true], false));
}

async fn a_start_is_told_of_a_hundred_thousand_tenants_in_parts(place: Place) {
    let store = place.open().await;
    let fill = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 9000) \
                INSERT INTO revision (tenant, revision, change_number, changed_ms, people_revision, people_ms, deleted) \
                SELECT 'gone' || n, 1, n, 0, 1, 0, 1 FROM n";
    sql(&store, fill).await;
    sql(&store, "UPDATE feed SET change_number = 9000 WHERE id = 'tenant'").await;
    store.import(&file("a", "a.example")).await.unwrap();
    let (mut cursor, mut parts) = (Cursor::default(), Vec::new());
    loop {
        let changes = store.changes_after(cursor).await.unwrap();
        (cursor, _) = (changes.cursor, parts.push(changes.changed.len()));
        if !changes.more {
            break;
        }
    }
    assert_eq!(parts, [4096, 4096, 809]);
}

/// Whatever else changes, people are read again when people, groups or memberships have changed.
async fn people_are_read_when_they_have_changed_and_only_then(place: Place) {
    let store = place.open().await;
    let mut edge = Edge::default();
    let mut contoso = file("contoso", "contoso.example");
    let group = |members: &[&str]| {
        serde_json::from_value(serde_json::json!({"id": "g", "members": members, "groups": []})).unwrap()
    };
    let design = serde_json::json!({"version": 1, "blocks": [{"type": "text", "lines": [["Hello"]]}]});
    let signature = serde_json::json!({"id": "s", "design": design});
    type Step = Box<dyn Fn(&mut TenantFile)>;
    let steps: [(&str, Step); 8] = [
        ("new", Box::new(|_| {})),
        ("the same again", Box::new(|_| {})),
        (
            "a signature",
            Box::new(move |file| file.signatures = vec![serde_json::from_value(signature.clone()).unwrap()]),
        ),
        ("a group", Box::new(move |file| file.groups = vec![group(&[])])),
        ("a member", Box::new(move |file| file.groups = vec![group(&["ada"])])),
        ("no member", Box::new(move |file| file.groups = vec![group(&[])])),
        ("an attribute", Box::new(|file| file.people[0].attributes.clear())),
        ("nobody", Box::new(|file| file.people.clear())),
    ];
    for ((what, change), read) in steps.iter().zip([1, 1, 1, 2, 3, 4, 5, 6]) {
        change(&mut contoso);
        store.import(&contoso).await.unwrap();
        edge.look(&store).await;
        assert_eq!((edge.people_read, edge.knows()), (read, in_the_store(&store).await), "{what}");
    }
    // What is known of its first life counts for nothing in its second.
    let before = edge.loaded["contoso"].people_edition;
    store.delete(&contoso.id).await.unwrap();
    store.import(&contoso).await.unwrap();
    let parts = store.parts(&contoso.id, Reading::PeopleAfter(before), |_| false).await.unwrap().unwrap();
    assert!(parts.people.is_some() && parts.people_edition != before);
    let parts = store.parts(&contoso.id, Reading::Rules, |_| false).await.unwrap().unwrap();
    assert!(parts.people.is_none());
    assert!(store.parts(&tenant("nobody"), Reading::All, |_| false).await.unwrap().is_none());
}

/// Imports, deletions, refusals and looks in any order, by two processes and two edges.
async fn whatever_the_order_of_changes_and_looks_edges_end_where_the_store_is(place: Place) {
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
                committed += command.import_all(&files).await.iter().filter(|one| one.is_ok()).count();
                false
            }
            at => {
                let edge = &mut edges[usize::try_from(at - 4).unwrap()];
                edge.look(command).await;
                assert_eq!(edge.knows(), in_the_store(command).await);
                false
            }
        };
        committed += usize::from(done);
    }
    for edge in &mut edges {
        edge.look(&commands[0]).await;
        assert_eq!(edge.knows(), in_the_store(&commands[1]).await);
        assert!(edge.told <= committed, "{} changes were told {} times", committed, edge.told);
    }
    assert!(committed > 50, "nothing happened");
}

/// A file of one of six tenants, with up to forty people and one of six domains.
fn any_of(random: &mut impl FnMut(u64) -> u64) -> TenantFile {
    let domain = format!("d{}.example", random(6));
    let mut file = file(&format!("t{}", random(6)), &domain);
    let people = (0..random(40)).map(|number| {
        let entry = serde_json::json!({"id": format!("p{number}"), "addresses": [format!("p{number}@{domain}")]});
        serde_json::from_value(entry).unwrap()
    });
    file.people.extend(people);
    file
}

/// Four change the store at once, each as fast as it can, while two edges follow. Transactions overlap; whatever the
/// order in which they end, nobody is passed over.
async fn edges_follow_many_who_change_the_store_at_once(place: Place) {
    let first = place.open().await;
    let seed = u64::try_from(now_ms()).unwrap();
    println!("seed {seed}");
    let mut changing = tokio::task::JoinSet::new();
    for number in 0..4 {
        let store = place.open().await;
        let mut state = (seed + number) | 1;
        let mut random = move |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        changing.spawn(async move {
            let mut done = 0;
            for _ in 0..40 {
                let is_done = match random(8) {
                    0 => store.delete(&tenant(&format!("t{}", random(6)))).await.is_ok(),
                    1 => store.set_mode(&tenant(&format!("t{}", random(6))), Mode::Observe).await.is_ok(),
                    2 => {
                        let files: Vec<_> = (0..3).map(|_| any_of(&mut random)).collect();
                        store.import_all(&files).await.iter().any(Result::is_ok)
                    }
                    _ => match store.import(&any_of(&mut random)).await {
                        Ok(_) => true,
                        // The domain is another's.
                        Err(StoreError::Problems(_)) => false,
                        Err(error) => panic!("{error}"),
                    },
                };
                done += u64::from(is_done);
            }
            done
        });
    }
    let mut edges = [Edge::default(), Edge::default()];
    let mut done = 0;
    while let Some(ended) = {
        for edge in &mut edges {
            edge.look(&first).await;
        }
        changing.try_join_next().or(if changing.is_empty() { None } else { Some(Ok(0)) })
    } {
        done += ended.unwrap();
    }
    assert!(done > 40, "nothing happened");
    let there = in_the_store(&first).await;
    for edge in &mut edges {
        edge.look(&first).await;
        assert_eq!(edge.knows(), there);
    }
}

async fn of_many_files_each_is_taken_whole_or_not_at_all(place: Place) {
    let store = place.open().await;
    let mut faulty = file("faulty", "faulty.example");
    faulty.domains.push("not a domain".to_owned());
    let mut thief = file("thief", "thief.example");
    thief.domains.push("a.example".to_owned());
    let files = [file("a", "a.example"), faulty, thief, file("b", "b.example"), file("a", "a.example")];
    let taken = store.import_all(&files).await;
    let revisions: Vec<Option<u64>> = taken.iter().map(|one| one.as_ref().ok().map(|revision| revision.0)).collect();
    assert_eq!(revisions, [Some(1), None, None, Some(1), Some(2)]);
    assert!(matches!(&taken[2], Err(StoreError::Problems(problems)) if problems[0].place == "/domains/1"));
    assert_eq!(all(&store).await, ["a 2", "b 1"]);
    // What the refused one claimed beside is free.
    store.import(&file("other", "thief.example")).await.unwrap();
    assert!(store.import_all(&[]).await.is_empty());
}

async fn a_store_that_went_back_is_read_from_the_beginning(place: Place) {
    let store = place.open().await;
    store.import(&file("a", "a.example")).await.unwrap();
    let before = store.changes_after(Cursor::default()).await.unwrap();
    store.import(&file("b", "b.example")).await.unwrap();
    let cursor = store.changes_after(Cursor::default()).await.unwrap().cursor;
    // As a copy from before would be.
    sql(&store, "DELETE FROM tenant WHERE id = 'b'").await;
    sql(&store, "DELETE FROM revision WHERE tenant = 'b'").await;
    sql(&store, "UPDATE feed SET change_number = 1 WHERE id = 'tenant'").await;
    sql(&store, "DELETE FROM change_mark WHERE number > 1").await;
    let changes = store.changes_after(cursor).await.unwrap();
    assert!(changes.anew && changes.more && changes.cursor == Cursor::default());
    assert_eq!(store.changes_after(changes.cursor).await.unwrap().cursor, before.cursor);
    // Others come, as many as there were and then more, before the edge looks again.
    for id in ["c", "d"] {
        store.import(&file(id, &format!("{id}.example"))).await.unwrap();
        let changes = store.changes_after(cursor).await.unwrap();
        assert!(changes.anew && changes.cursor == Cursor::default());
        let changes = store.changes_after(before.cursor).await.unwrap();
        assert!(!changes.anew && changes.changed.last().is_some_and(|last| last.tenant == tenant(id)));
    }
}

on_both! {
    of_many_files_each_is_taken_whole_or_not_at_all,
    a_store_that_went_back_is_read_from_the_beginning,
    edges_follow_many_who_change_the_store_at_once,
    an_edge_sees_what_a_command_changes_in_another_process_and_sees_it_once,
    a_change_that_is_not_committed_is_neither_seen_nor_passed_over,
    a_tenant_that_cannot_be_read_hides_no_other,
    a_start_is_told_of_a_hundred_thousand_tenants_in_parts,
    people_are_read_when_they_have_changed_and_only_then,
    whatever_the_order_of_changes_and_looks_edges_end_where_the_store_is,
}
