//! Decision records: sealed, found again, deleted in time, and never in the way.

use uuid::Uuid;

use super::*;
use crate::events::{Stages, Verdict};
use crate::imprint::{Kind, Reason};
use crate::store::Search;
use crate::tenant::{Got, Share};

pub(crate) fn observed(would_be: Vec<String>) -> Got {
    Got::Left { reason: Reason::Observe, would_be }
}

pub(crate) fn without_signature() -> Got {
    Got::left(Reason::NoSignature)
}

pub(crate) fn decision(tenant: &TenantId, trace_key: [u8; 32], number: u32) -> Decision {
    Decision {
        id: Uuid::now_v7(),
        tenant: tenant.clone(),
        trace_key,
        time_ms: now_ms(),
        site: "eu-a".to_owned(),
        message_id: format!("<canary-{number}@contoso.example>"),
        sender: "Ada@contoso.example".to_owned(),
        recipients: vec!["bob.canary@fabrikam.example".to_owned(), format!("r{number}@fabrikam.example")],
        person: Some("ada".to_owned()),
        kind: Some(Kind::Reply),
        shares: vec![
            Share { got: Got::Signed(vec!["standard".to_owned()]), recipients: vec![0] },
            Share { got: without_signature(), recipients: vec![1] },
        ],
        revision: Revision(7),
        octets_in: 5000,
        octets_out: 7000,
        next_hop_code: Some(250),
        verdict: Verdict::Accepted,
        stages: Stages { total: Duration::from_millis(12), ..Stages::default() },
    }
}

async fn a_decision_is_found_by_address_and_message_id_by_its_tenant_only(place: Place) {
    let store = place.open().await;
    let (contoso, eve) = (file("contoso", "contoso.example"), file("eve", "eve.example"));
    store.import(&contoso).await.unwrap();
    store.import(&eve).await.unwrap();
    let key = store.load(&contoso.id).await.unwrap().unwrap().secrets.trace_key;
    let written: Vec<_> = (0..3).map(|number| decision(&contoso.id, key, number)).collect();
    let unknown = decision(&tenant("gone"), key, 9);
    assert_eq!(store.record(&[written.as_slice(), &[unknown]].concat()).await.unwrap(), 3);

    let address = |text: &str| Sought::Address(text.to_owned());
    let found = async |id: &TenantId, sought: Sought| store.decisions(id, &sought, 10).await.unwrap();
    assert_eq!(found(&contoso.id, address("BOB.canary@fabrikam.example")).await.len(), 3);
    assert_eq!(found(&contoso.id, address("ada@CONTOSO.example")).await.len(), 3);
    assert_eq!(found(&contoso.id, address("r1@fabrikam.example")).await.len(), 1);
    assert_eq!(found(&eve.id, address("ada@contoso.example")).await, []);
    let newest = async |id: &TenantId| store.find(id, &Search::newest(10)).await.map(|found| found.len());
    assert_eq!((newest(&contoso.id).await, newest(&eve.id).await), (Ok(3), Ok(0)));
    let one = found(&contoso.id, Sought::MessageId("<canary-2@contoso.example>".to_owned())).await;
    let [one] = one.as_slice() else { panic!("{one:?}") };
    assert_eq!((one.id.as_str(), one.sender.as_str()), (written[2].id.to_string().as_str(), "Ada@contoso.example"));
    assert_eq!(one.recipients, written[2].recipients);
    assert_eq!(
        one.legs,
        r#"[{"signatures":["standard"],"recipients":[0]},{"reason":"no_signature","recipients":[1]}]"#
    );
    assert_eq!((one.kind.as_deref(), one.verdict.as_str(), one.next_hop_code), (Some("reply"), "accepted", Some(250)));
    assert!(one.stages.contains(r#""total":12"#), "{}", one.stages);
}

async fn records_are_kept_as_long_as_the_tenant_says(place: Place) {
    let store = place.open().await;
    let contoso = file("contoso", "contoso.example");
    store.import(&contoso).await.unwrap();
    let key = store.load(&contoso.id).await.unwrap().unwrap().secrets.trace_key;
    store.record(&[decision(&contoso.id, key, 1)]).await.unwrap();
    let day = 86_400_000;
    assert_eq!(store.delete_old_decisions(now_ms() + 89 * day).await.unwrap(), 0);
    assert_eq!(store.set_retention(&contoso.id, 366).await, Err(StoreError::Retention(366)));
    store.set_retention(&contoso.id, 30).await.unwrap();
    assert_eq!(store.delete_old_decisions(now_ms() + 29 * day).await.unwrap(), 0);
    assert_eq!(store.delete_old_decisions(now_ms() + 31 * day).await.unwrap(), 1);
    store.set_retention(&contoso.id, 0).await.unwrap();
    assert_eq!(store.record(&[decision(&contoso.id, key, 2)]).await.unwrap(), 0);
    // An import leaves the setting alone, and a deleted tenant takes its records along.
    store.import(&contoso).await.unwrap();
    assert_eq!(store.record(&[decision(&contoso.id, key, 3)]).await.unwrap(), 0);
    store.set_retention(&contoso.id, 1).await.unwrap();
    store.record(&[decision(&contoso.id, key, 4)]).await.unwrap();
    store.delete(&contoso.id).await.unwrap();
    assert_eq!(count(&store, "SELECT count(*) FROM decision").await, 0);
}

/// Records of a tenant, so many, an hour apart up to now.
async fn many(store: &Store, tenant: &str, number: i64) {
    let mut work = store.backend.write(Scope::Region).await.unwrap();
    sqlx::query(
        "WITH RECURSIVE n (n) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT n + 1 FROM n WHERE n < $1) \
         INSERT INTO decision (id, tenant, time_ms, site, message_id_hash, sender_hash, recipient_hashes, sealed, legs, \
         revision, octets_in, octets_out, verdict, stages) \
         SELECT $2 || n, $2, $3 - (n - 1) * 3600000, '', '', '', '', '', '', 1, 1, 1, '', '' FROM n",
    )
    .bind(number)
    .bind(tenant)
    .bind(now_ms())
    .execute(&mut *work)
    .await
    .unwrap();
    work.commit().await.unwrap();
}

async fn many_records_go_with_their_time_and_with_their_tenant(place: Place) {
    let store = place.open().await;
    for id in ["a", "b", "c"] {
        store.import(&file(id, &format!("{id}.example"))).await.unwrap();
        many(&store, id, 2500).await;
    }
    store.set_retention(&tenant("b"), 1).await.unwrap();
    // After a crash in the middle of it.
    store.take_out(&tenant("c")).await.unwrap();
    let left = async || count(&store, "SELECT count(*) FROM decision").await;
    assert_eq!(left().await, 7500);
    let deleted = store.delete_old_decisions(now_ms() - 1_800_000).await.unwrap();
    assert_eq!(deleted, (2500 - 2161) + (2500 - 25) + 2500);
    store.delete(&tenant("a")).await.unwrap();
    assert_eq!(left().await, 25, "those of b's last day");
    // Back again, what is left of an earlier life is neither found nor in the way.
    many(&store, "c", 3).await;
    let again = file("c", "c.example");
    store.import(&again).await.unwrap();
    let key = store.load(&again.id).await.unwrap().unwrap().secrets.trace_key;
    store.record(&[decision(&again.id, key, 1)]).await.unwrap();
    let found = store.decisions(&again.id, &Sought::Address("ada@contoso.example".to_owned()), 10).await.unwrap();
    assert_eq!(found.len(), 1);
}

#[tokio::test]
async fn no_deletion_of_records_looks_at_all_of_them() {
    let place = Place::sqlite();
    let store = place.open().await;
    for sql in [decision::OLDEST, decision::DELETE_OLD] {
        let mut work = store.backend.read(Scope::Region).await.unwrap();
        let plan = sqlx::query(sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"))).fetch_all(&mut *work).await;
        let plan: Vec<String> = plan.unwrap().iter().map(|row| row.try_get("detail").unwrap()).collect();
        assert!(plan.iter().any(|step| step.contains("SEARCH decision USING")), "{plan:?}");
        assert!(!plan.iter().any(|step| step.contains("SCAN decision") || step.contains("TEMP B-TREE")), "{plan:?}");
    }
}

async fn the_recorder_writes_what_waits_and_drops_what_does_not_fit(place: Place) {
    let store = place.open().await;
    let contoso = file("contoso", "contoso.example");
    store.import(&contoso).await.unwrap();
    let key = store.load(&contoso.id).await.unwrap().unwrap().secrets.trace_key;
    let (recorder, task) = Recorder::start(store.clone());
    for number in 0..600 {
        recorder.record(decision(&contoso.id, key, number));
    }
    // More than all the memory for the queue.
    let mut huge = decision(&contoso.id, key, 601);
    huge.message_id = "x".repeat(17 * 1024 * 1024);
    let dropped = || crate::metrics::metrics().decision_dropped_total.with_label_values(&["full"]).get();
    let before = dropped();
    recorder.record(huge);
    drop(recorder);
    task.await.unwrap();
    assert_eq!(dropped() - before, 1);
    let found = store.decisions(&contoso.id, &Sought::Address("ada@contoso.example".to_owned()), 1000).await.unwrap();
    assert_eq!(found.len(), 600);
}

async fn a_store_that_is_gone_costs_records_and_never_waits(place: Place) {
    let store = place.open().await;
    let contoso = file("contoso", "contoso.example");
    store.import(&contoso).await.unwrap();
    let (recorder, task) = Recorder::start(store.clone());
    store.close().await;
    let dropped = || crate::metrics::metrics().decision_dropped_total.with_label_values(&["store"]).get();
    let before = dropped();
    for number in 0..10 {
        recorder.record(decision(&contoso.id, [1; 32], number));
    }
    drop(recorder);
    task.await.unwrap();
    assert_eq!(dropped() - before, 10);
    assert!(matches!(store.list().await, Err(StoreError::Unavailable(_))));
}

on_both! {
    a_decision_is_found_by_address_and_message_id_by_its_tenant_only,
    records_are_kept_as_long_as_the_tenant_says,
    many_records_go_with_their_time_and_with_their_tenant,
    the_recorder_writes_what_waits_and_drops_what_does_not_fit,
    a_store_that_is_gone_costs_records_and_never_waits,
}
