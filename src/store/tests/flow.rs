//! The flow of mail in numbers: nothing is counted twice or not at all, however often it is written and merged.

use super::*;
use crate::events::Verdict;
use crate::imprint::Reason;
use crate::store::flow::{DAY_MS, HOUR_MS, MINUTE_MS, Tallies};
use crate::tenant::{Got, Share};

/// Midnight of some day.
const DAY: i64 = 20_000 * DAY_MS;

fn at(tenant: &TenantId, time_ms: i64, got: Got, verdict: Verdict) -> Decision {
    let shares = vec![Share { got, recipients: vec![0, 1] }];
    Decision { time_ms, shares, verdict, ..decision(tenant, [1; 32], 1) }
}

fn signed() -> Got {
    Got::Signed(vec!["standard".to_owned(), "fair".to_owned()])
}

/// One of each kind.
fn one_of_each(tenant: &TenantId, time_ms: i64) -> Vec<Decision> {
    vec![
        at(tenant, time_ms, signed(), Verdict::Accepted),
        at(tenant, time_ms, Got::left(Reason::Observe), Verdict::Accepted),
        at(tenant, time_ms, Got::Repeated, Verdict::Accepted),
        at(tenant, time_ms, signed(), Verdict::Deferred),
        at(tenant, time_ms, signed(), Verdict::Refused),
        at(tenant, time_ms, signed(), Verdict::Lost),
    ]
}

async fn hand(store: &Store, tallies: &mut Tallies, decisions: &[Decision]) {
    decisions.iter().for_each(|decision| tallies.count(decision));
    store.write_tallies(tallies).await.unwrap();
}

async fn what_came_of_messages_is_counted_without_any_record(place: Place) {
    let store = place.open().await;
    let (contoso, eve) = (file("contoso", "contoso.example"), file("eve", "eve.example"));
    store.import(&contoso).await.unwrap();
    store.import(&eve).await.unwrap();
    store.set_retention(&contoso.id, 0).await.unwrap();
    let mut tallies = Tallies::default();
    hand(&store, &mut tallies, &one_of_each(&contoso.id, DAY + 1)).await;
    // The same minute again: the row is written once more, and holds all of it.
    hand(&store, &mut tallies, &one_of_each(&contoso.id, DAY + 2)).await;
    hand(&store, &mut tallies, &one_of_each(&tenant("gone"), DAY + 2)).await;
    // Another process, another minute.
    hand(&store, &mut Tallies::default(), &one_of_each(&contoso.id, DAY + MINUTE_MS)).await;

    let flow = store.flow(&contoso.id, DAY..DAY + HOUR_MS, MINUTE_MS).await.unwrap();
    let messages: Vec<_> = flow.steps.iter().map(|(start, counts)| (start - DAY, counts.messages())).collect();
    assert_eq!(messages, [(0, 12), (MINUTE_MS, 6)]);
    let sum = flow.sum();
    let kinds = [sum.signed, sum.left, sum.repeated, sum.deferred, sum.refused, sum.lost];
    assert_eq!((kinds, sum.octets_in, sum.octets_out), ([3; 6], 18 * 5000, 18 * 7000));
    assert_eq!(sum.reasons.into_iter().collect::<Vec<_>>(), [("observe".to_owned(), 3)]);
    assert_eq!(sum.signatures.into_iter().collect::<Vec<_>>(), [("fair".to_owned(), 3), ("standard".to_owned(), 3)]);
    assert_eq!(flow.sites["eu-a"].messages(), 18);
    let median = sum.total.within(0.5).unwrap();
    assert!((12..15).contains(&median.as_millis()), "{median:?}");
    assert_eq!(store.flow(&eve.id, 0..i64::MAX, DAY_MS).await.unwrap(), Flow::default());
    let unknown = store.flow(&tenant("gone"), 0..i64::MAX, DAY_MS).await;
    assert_eq!(unknown, Err(StoreError::UnknownTenant("gone".to_owned())));
    store.delete(&contoso.id).await.unwrap();
    assert_eq!(count(&store, "SELECT count(*) FROM flow").await, 0);
}

async fn minutes_become_hours_and_hours_days_and_no_message_is_lost(place: Place) {
    let store = place.open().await;
    let contoso = file("contoso", "contoso.example");
    store.import(&contoso).await.unwrap();
    let (mut one, mut other) = (Tallies::default(), Tallies::default());
    for minute in [0, 1, 59, 60, 24 * 60, 3 * 24 * 60] {
        let decisions = one_of_each(&contoso.id, DAY + minute * MINUTE_MS);
        hand(&store, &mut one, &decisions).await;
        hand(&store, &mut other, &decisions).await;
    }
    let rows = async || count(&store, "SELECT count(*) FROM flow").await;
    let all = async || store.flow(&contoso.id, 0..i64::MAX, DAY_MS).await.unwrap();
    let (before, now) = (all().await, DAY + 3 * DAY_MS + HOUR_MS);
    assert_eq!((rows().await, before.sum().messages()), (12, 72));
    store.merge_flow(now).await.unwrap();
    assert_eq!((rows().await, all().await), (3 + 2, before.clone()), "an hour each, and the minutes of this day");
    let hours = store.flow(&contoso.id, DAY..DAY + DAY_MS, HOUR_MS).await.unwrap();
    let hours: Vec<_> = hours.steps.iter().map(|(start, counts)| (start - DAY, counts.messages())).collect();
    assert_eq!(hours, [(0, 36), (HOUR_MS, 12)]);
    // Who could not reach the store until now adds to what was merged.
    hand(&store, &mut Tallies::default(), &one_of_each(&contoso.id, DAY + 30 * MINUTE_MS)).await;
    store.merge_flow(now).await.unwrap();
    assert_eq!((rows().await, all().await.sum().messages()), (5, 78));
    store.merge_flow(now).await.unwrap();
    assert_eq!((rows().await, all().await.sum().messages()), (5, 78), "once");

    store.merge_flow(now + 200 * DAY_MS).await.unwrap();
    assert_eq!((rows().await, all().await.sum().messages()), (3, 78), "a row a day");
    store.merge_flow(now + 500 * DAY_MS).await.unwrap();
    assert_eq!(rows().await, 0);
}

async fn two_that_merge_at_once_count_nothing_twice(place: Place) {
    let store = place.open().await;
    let contoso = file("contoso", "contoso.example");
    store.import(&contoso).await.unwrap();
    let mut tallies = Tallies::default();
    for hour in 0..50 {
        hand(&store, &mut tallies, &one_of_each(&contoso.id, DAY + hour * HOUR_MS)).await;
    }
    let now = DAY + 60 * DAY_MS;
    let merged = tokio::join!(store.merge_flow(now), store.merge_flow(now), store.merge_flow(now));
    assert!(merged.0.is_ok() && merged.1.is_ok() && merged.2.is_ok(), "{merged:?}");
    let flow = store.flow(&contoso.id, 0..i64::MAX, DAY_MS).await.unwrap();
    assert_eq!(flow.sum().messages(), 300);
}

#[tokio::test]
async fn what_could_not_be_written_is_written_later_and_forgotten_in_the_end() {
    let place = Place::sqlite();
    let store = place.open().await;
    let contoso = file("contoso", "contoso.example");
    store.import(&contoso).await.unwrap();
    let mut tallies = Tallies::default();
    one_of_each(&contoso.id, now_ms()).iter().for_each(|decision| tallies.count(decision));
    sql(&store, "CREATE TRIGGER full BEFORE INSERT ON flow BEGIN SELECT RAISE(ABORT, 'the disk is full'); END").await;
    store.write_tallies(&mut tallies).await.unwrap_err();
    sql(&store, "DROP TRIGGER full").await;
    hand(&store, &mut tallies, &[]).await;
    let flow = store.flow(&contoso.id, 0..i64::MAX, DAY_MS).await.unwrap();
    assert_eq!(flow.sum().messages(), 6);
    // A clock that goes back an hour begins no row anew that was forgotten.
    hand(&store, &mut tallies, &one_of_each(&contoso.id, now_ms() + HOUR_MS)).await;
    hand(&store, &mut tallies, &one_of_each(&contoso.id, now_ms())).await;
    let flow = store.flow(&contoso.id, 0..i64::MAX, DAY_MS).await.unwrap();
    assert_eq!(flow.sum().messages(), 18);
    one_of_each(&contoso.id, now_ms() + 3 * DAY_MS).iter().for_each(|decision| tallies.count(decision));
    tallies.not_written();
    assert_eq!(tallies.unwritten().len(), 1, "the newest");
}

/// A million rows of a tenant, and a million of others, change nothing of what a dashboard reads.
#[tokio::test]
async fn a_dashboard_reads_the_rows_of_its_time_alone() {
    let place = Place::sqlite();
    let store = place.open().await;
    for (sql, wanted) in [
        (
            crate::store::flow::READ,
            "SEARCH flow USING INDEX sqlite_autoindex_flow_1 (tenant=? AND start_ms>? AND start_ms<?)",
        ),
        (crate::store::flow::AGED, "SEARCH flow USING INDEX flow_span (span_ms=? AND start_ms<?)"),
    ] {
        let mut work = store.backend.read(Scope::Region).await.unwrap();
        let plan = sqlx::query(sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"))).fetch_all(&mut *work).await;
        let plan: Vec<String> = plan.unwrap().iter().map(|row| row.try_get("detail").unwrap()).collect();
        assert!(plan.iter().any(|step| step == wanted), "{plan:?}");
    }
}

on_both! {
    what_came_of_messages_is_counted_without_any_record,
    minutes_become_hours_and_hours_days_and_no_message_is_lost,
    two_that_merge_at_once_count_nothing_twice,
}
