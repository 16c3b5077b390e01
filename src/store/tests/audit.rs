//! The audit trail: whoever changes it, takes out of it or puts something in is found, and what is kept stays proven.

use super::*;
use crate::store::{ActSearch, Broken, Tampering};

const STATEMENTS_SQLITE: [&str; 4] = [
    "DROP TRIGGER audit_is_not_changed",
    "DROP TRIGGER audit_is_not_deleted",
    "DROP TRIGGER audit_head_does_not_go_back",
    "DROP TRIGGER audit_head_is_not_deleted",
];
const STATEMENTS_POSTGRES: [&str; 2] =
    ["DROP TRIGGER audit_stays ON audit", "DROP TRIGGER audit_head_stays ON audit_head"];

/// What only somebody does who may change the schema: from here on the database lets everything be done to the trail.
pub(super) async fn unguard(store: &Store, place: &Place) {
    let statements: &[&'static str] = match place.database {
        Some(_) => &STATEMENTS_POSTGRES,
        None => &STATEMENTS_SQLITE,
    };
    for statement in statements {
        sql(store, statement).await;
    }
}

/// With a few acts of contoso, some of eve and one of the region.
async fn filled(place: &Place) -> Store {
    let store = place.open().await.for_author("account ac_1").asked_from(Some([192, 0, 2, 7].into()));
    for id in ["contoso", "eve"] {
        store.import(&file(id, &format!("{id}.example"))).await.unwrap();
    }
    let (contoso, because) = (tenant("contoso"), store.because("a drill"));
    for mode in [Mode::Bypass, Mode::Observe, Mode::Live, Mode::Bypass] {
        because.set_mode(&contoso, mode).await.unwrap();
    }
    store.set_retention(&contoso, 30).await.unwrap();
    store
}

async fn broken(store: &Store) -> Option<(Tampering, i64)> {
    let found = store.verify_audit(Some(&tenant("contoso"))).await.unwrap();
    found.broken.map(|Broken { what, number, .. }| (what, number))
}

async fn an_untouched_trail_is_unbroken(place: Place) {
    let store = filled(&place).await;
    let found = store.verify_audit(Some(&tenant("contoso"))).await.unwrap();
    assert_eq!((found.acts, found.number, found.expired, found.broken), (6, 6, 0, None));
    assert!(found.since_ms.is_some() && found.hash.len() == 64);
    assert_eq!(store.verify_audit(Some(&tenant("eve"))).await.unwrap().acts, 1);
    assert_eq!(store.verify_audit(None).await.unwrap().acts, 0);
    let acts = store.audit(Some(&tenant("contoso")), None, 10).await.unwrap();
    assert_eq!(acts[0].hash.as_deref(), Some(found.hash.as_str()));
    assert_eq!((acts[0].ip.as_deref(), acts[0].number), (Some("192.0.2.7"), Some(6)));
    // A trial leaves nothing behind.
    store.on_trial().set_mode(&tenant("contoso"), Mode::Live).await.unwrap();
    assert_eq!(store.verify_audit(Some(&tenant("contoso"))).await.unwrap().number, 6);
}

/// The hash is what the documentation says, so that others can compute it.
#[tokio::test]
async fn the_hash_is_what_the_documentation_says() {
    let place = Place::sqlite();
    let store = filled(&place).await;
    let acts = store.audit(Some(&tenant("eve")), None, 10).await.unwrap();
    let [act] = acts.as_slice() else { panic!("{acts:?}") };
    let text = |value: &Option<serde_json::Value>| value.as_ref().map(ToString::to_string);
    let content = serde_json::json!([
        "",
        "eve",
        1,
        act.id,
        act.time_ms,
        "account ac_1",
        "192.0.2.7",
        "tenant.create",
        "",
        text(&act.before),
        text(&act.after),
        null,
        1,
    ]);
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, content.to_string().as_bytes());
    let hex: String = digest.as_ref().iter().map(|octet| format!("{octet:02x}")).collect();
    assert_eq!(act.hash.as_deref(), Some(hex.as_str()));
}

async fn the_database_lets_nobody_change_it(place: Place) {
    let store = filled(&place).await;
    for tampering in TAMPERINGS.iter().map(|(sql, ..)| *sql).chain([
        "DELETE FROM audit",
        "DELETE FROM audit_head",
        "UPDATE audit_head SET number = number - 1",
    ]) {
        if tampering.starts_with("INSERT") {
            continue;
        }
        let mut work = store.backend.write(Scope::Region).await.unwrap();
        let refused = sqlx::query(tampering).execute(&mut *work).await.unwrap_err().to_string();
        assert!(refused.contains("only ever added to"), "{tampering}: {refused}");
    }
    assert_eq!(broken(&store).await, None);
}

/// What somebody does, and what is found.
const TAMPERINGS: [(&str, Tampering, i64); 12] = [
    ("UPDATE audit SET author = 'account ac_2' WHERE tenant = 'contoso' AND number = 3", Tampering::Changed, 3),
    ("UPDATE audit SET time_ms = time_ms - 1 WHERE tenant = 'contoso' AND number = 1", Tampering::Changed, 1),
    ("UPDATE audit SET reason = NULL WHERE tenant = 'contoso' AND number = 2", Tampering::Changed, 2),
    ("UPDATE audit SET ip = '192.0.2.8' WHERE tenant = 'contoso' AND number = 4", Tampering::Changed, 4),
    ("UPDATE audit SET after = before WHERE tenant = 'contoso' AND number = 5", Tampering::Changed, 5),
    ("UPDATE audit SET action = 'mode.get' WHERE tenant = 'contoso' AND number = 5", Tampering::Changed, 5),
    (
        "UPDATE audit SET hash = (SELECT hash FROM audit WHERE tenant = 'eve') WHERE tenant = 'contoso' AND number = 6",
        Tampering::Changed,
        6,
    ),
    // In another order: the numbers of two are exchanged.
    (
        "UPDATE audit SET number = 7 - number, hash = hash || '' WHERE tenant = 'contoso' AND number IN (2, 5) AND id <> ''",
        Tampering::Changed,
        2,
    ),
    ("DELETE FROM audit WHERE tenant = 'contoso' AND number = 1", Tampering::Removed, 1),
    ("DELETE FROM audit WHERE tenant = 'contoso' AND number = 3", Tampering::Removed, 3),
    // The newest, of which no later act knows.
    ("DELETE FROM audit WHERE tenant = 'contoso' AND number = 6", Tampering::Removed, 6),
    (
        "INSERT INTO audit (id, tenant, time_ms, author, action, object) VALUES ('0', 'contoso', 1, 'a', 'b', '')",
        Tampering::Added,
        7,
    ),
];

async fn whatever_is_done_to_it_is_found(place: Place) {
    let store = filled(&place).await;
    unguard(&store, &place).await;
    sql(&store, "DROP INDEX audit_number").await;
    for (tampering, what, number) in TAMPERINGS {
        for keep in ["CREATE TABLE kept AS SELECT * FROM audit", tampering] {
            sql(&store, keep).await;
        }
        assert_eq!(broken(&store).await, Some((what, number)), "{tampering}");
        for restore in ["DELETE FROM audit", "INSERT INTO audit SELECT * FROM kept", "DROP TABLE kept"] {
            sql(&store, restore).await;
        }
        assert_eq!(broken(&store).await, None, "{tampering}: restored");
        assert!(store.verify_audit(Some(&tenant("eve"))).await.unwrap().broken.is_none(), "{tampering}");
    }
    sql(&store, "DELETE FROM audit_head WHERE tenant = 'contoso'").await;
    assert_eq!(broken(&store).await, Some((Tampering::Added, 6)));
}

async fn those_who_act_at_once_make_one_chain(place: Place) {
    let store = filled(&place).await;
    let other = place.open().await;
    let contoso = tenant("contoso");
    let acts = async |store: &Store| {
        for _ in 0..15 {
            let (tenant, scopes) = (Some(contoso.clone()), Vec::new());
            let new = NewToken { name: "export".to_owned(), tenant, scopes, expires_ms: now_ms() + 60_000 };
            store.create_token(&new).await.unwrap();
        }
    };
    tokio::join!(acts(&store), acts(&other), acts(&store), acts(&other));
    let found = store.verify_audit(Some(&contoso)).await.unwrap();
    assert_eq!((found.acts, found.number, found.broken), (66, 66, None));
}

async fn what_expires_leaves_the_rest_proven(place: Place) {
    let store = filled(&place).await;
    let contoso = tenant("contoso");
    let acts = store.audit(Some(&contoso), None, 10).await.unwrap();
    sql_wait(&acts).await;
    store.set_retention(&contoso, 31).await.unwrap();
    assert_eq!(store.expire_acts(Some(&contoso), acts[5].time_ms).await.unwrap(), 0, "none is as old");
    let before = acts[0].time_ms + 1;
    assert_eq!(store.expire_acts(Some(&contoso), before).await.unwrap(), 6);
    let found = store.verify_audit(Some(&contoso)).await.unwrap();
    assert_eq!((found.acts, found.expired, found.number, found.broken.clone()), (2, 6, 8, None));
    let kept: Vec<String> =
        store.audit(Some(&contoso), None, 10).await.unwrap().into_iter().map(|act| act.action).collect();
    assert_eq!(kept, ["audit.expire", "retention.set"]);
    assert_eq!(store.expire_acts(Some(&contoso), before).await.unwrap(), 0);
    assert_eq!(store.verify_audit(Some(&tenant("eve"))).await.unwrap().acts, 1);
    // One more is taken out than has expired.
    unguard(&store, &place).await;
    sql(&store, "DELETE FROM audit WHERE tenant = 'contoso' AND number = 7").await;
    assert_eq!(broken(&store).await, Some((Tampering::Removed, 7)));
}

/// Until the clock shows another millisecond than the newest of these acts.
async fn sql_wait(acts: &[Audited]) {
    while now_ms() <= acts[0].time_ms {
        tokio::task::yield_now().await;
    }
}

async fn acts_of_the_time_before_are_chained_when_the_store_is_opened(place: Place) {
    let store = filled(&place).await;
    unguard(&store, &place).await;
    sql(&store, "UPDATE audit SET number = NULL, hash = NULL, ip = NULL").await;
    sql(&store, "DELETE FROM audit_head").await;
    assert!(matches!(broken(&store).await, Some((Tampering::Added, _))));
    let store = place.open().await;
    let found = store.verify_audit(Some(&tenant("contoso"))).await.unwrap();
    assert_eq!((found.acts, found.number, found.broken), (6, 6, None));
    let numbers: Vec<_> =
        store.audit(Some(&tenant("contoso")), None, 10).await.unwrap().iter().map(|act| act.number).collect();
    assert_eq!(numbers, [6, 5, 4, 3, 2, 1].map(Some), "in the order of time");
}

async fn acts_are_found_by_who_what_and_when(place: Place) {
    let store = filled(&place).await;
    let contoso = tenant("contoso");
    let (token, command) = (store.for_author("token tk_1 (my, export)"), store.for_author("command by ada"));
    token.set_retention(&contoso, 1).await.unwrap();
    command.set_mode(&contoso, Mode::Live).await.unwrap();
    let found = async |search: ActSearch| -> Vec<String> {
        let acts = store.find_acts(Some(&contoso), &search).await.unwrap();
        acts.into_iter().map(|act| act.action).collect()
    };
    let all = || ActSearch::newest(100);
    let of = |text: &str| Some(text.to_owned());
    assert_eq!(found(ActSearch { author: of("tk_1"), ..all() }).await, ["retention.set"]);
    assert_eq!(found(ActSearch { author: of("tk_"), ..all() }).await, Vec::<String>::new());
    assert_eq!(found(ActSearch { author: of("command"), ..all() }).await, ["mode.set"]);
    assert_eq!(found(ActSearch { author: of("ac_1"), ..all() }).await.len(), 6);
    assert_eq!(found(ActSearch { action: of("mode"), ..all() }).await.len(), 5);
    assert_eq!(found(ActSearch { action: of("mode.set"), author: of("command"), ..all() }).await, ["mode.set"]);
    assert_eq!(found(ActSearch { action: of("mod"), ..all() }).await, Vec::<String>::new());
    assert_eq!(found(ActSearch { object: of("standard"), ..all() }).await, Vec::<String>::new());
    assert_eq!(found(ActSearch { time_ms: 0..1, ..all() }).await, Vec::<String>::new());
    assert_eq!(found(ActSearch { most: 3, ..all() }).await.len(), 3);
}

on_both! {
    an_untouched_trail_is_unbroken,
    the_database_lets_nobody_change_it,
    whatever_is_done_to_it_is_found,
    those_who_act_at_once_make_one_chain,
    what_expires_leaves_the_rest_proven,
    acts_of_the_time_before_are_chained_when_the_store_is_opened,
    acts_are_found_by_who_what_and_when,
}
