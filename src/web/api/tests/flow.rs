//! What came through: counted, listed page by page, and exported.

use super::*;
use crate::events::Verdict;
use crate::store::tests::decisions::{decision, observed, without_signature};
use crate::store::{Decision, Recorder};
use crate::tenant::{Got, Share};

const STATISTICS: &str = "/api/v1/tenants/contoso/statistics";
const DECISIONS: &str = "/api/v1/tenants/contoso/decisions";

/// Five that one recipient gets with `short` and `standard` and the other had already, four that are left for `no_signature` (of
/// one of them half for `observe`), three that were repeated, two deferred and one refused.
async fn record(world: &World) {
    let id = id("contoso");
    let key = world.store.load(&id).await.unwrap().unwrap().secrets.trace_key;
    let (recorder, task) = Recorder::start(world.store.clone());
    let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
    let share = |got, recipients: &[usize]| Share { got, recipients: recipients.to_vec() };
    let signed = || vec![share(Got::Signed(words(&["short", "standard"])), &[0]), share(Got::Repeated, &[1])];
    let (observed, without) = (observed(words(&["banner", "fair"])), without_signature());
    let kinds = [
        (5, signed(), Verdict::Accepted),
        (3, vec![share(without.clone(), &[0, 1])], Verdict::Accepted),
        (1, vec![share(observed, &[0]), share(without, &[1])], Verdict::Accepted),
        (3, vec![share(Got::Repeated, &[0, 1])], Verdict::Accepted),
        (2, signed(), Verdict::Deferred),
        (1, signed(), Verdict::Refused),
    ];
    let mut number = 0;
    for (count, shares, verdict) in kinds {
        for _ in 0..count {
            number += 1;
            let sender = "=cmd|' /C calc'!A0@contoso.example".to_owned();
            let one = decision(&id, key, number);
            recorder.record(Decision { shares: shares.clone(), verdict, sender, ..one });
        }
    }
    drop(recorder);
    task.await.unwrap();
}

async fn what_came_of_messages_is_counted(world: World) {
    record(&world).await;
    let told = world.asks("GET", STATISTICS, None).done();
    let sum = &told["sum"];
    let kinds = ["messages", "signed", "left", "repeated", "deferred", "refused", "lost"];
    assert_eq!(kinds.map(|kind| sum[kind].as_u64().unwrap()), [15, 5, 4, 3, 2, 1, 0], "{sum}");
    assert_eq!((&sum["bytes_in"], &told["before"]["messages"]), (&json!(75_000), &json!(0)));
    let p50 = sum["latency"]["p50"].as_f64().unwrap();
    assert!((12.0..15.0).contains(&p50) && sum["own_work"]["p99"].is_number(), "{sum}");
    let reasons = json!([{"reason": "no_signature", "messages": 3}, {"reason": "observe", "messages": 1}]);
    assert_eq!(told["reasons"], reasons);
    let signatures = json!([{"signature": "short", "messages": 5}, {"signature": "standard", "messages": 5}]);
    assert_eq!(told["signatures"], signatures);
    assert_eq!((&told["sites"][0]["site"], &told["sites"][0]["messages"]), (&json!("eu-a"), &json!(15)));
    let steps = told["steps"].as_array().unwrap();
    assert!((96..=98).contains(&steps.len()) && told["step_seconds"] == 900, "{}", steps.len());
    let messages: u64 = steps.iter().map(|step| step["messages"].as_u64().unwrap()).sum();
    assert_eq!(messages, 15);

    for (query, place) in [
        ("from=yesterday", "?from"),
        ("from=2026-12-01T09:00:00Z&until=2026-12-01T09:00:00Z", "?from"),
        ("from=2020-12-01T09:00:00Z", "?from"),
        ("step=60", "?step"),
        ("step=x", "?"),
    ] {
        let refused = world.asks("GET", &format!("{STATISTICS}?{query}"), None).refused();
        assert_eq!(refused, (400, "malformed".to_owned(), place.to_owned()), "{query}");
    }
    let eve = token(&world.store, Some("eve"), &Permission::ALL).await;
    let told = world.client().token(&eve).ask("GET", &STATISTICS.replace("contoso", "eve"), None).done();
    assert_eq!(told["sum"]["messages"], 0);
}

/// Who wants no records kept is connected all the same.
async fn mail_is_seen_also_where_no_records_are_kept(world: World) {
    let connection = "/api/v1/tenants/contoso/connection";
    world.store.set_retention(&id("contoso"), 0).await.unwrap();
    assert_eq!(world.asks("GET", connection, None).done()["last_mail"], Value::Null);
    record(&world).await;
    assert_eq!(world.asks("GET", DECISIONS, None).done()["decisions"], json!([]));
    let now = world.asks("GET", connection, None).done();
    assert!(now["last_mail"].is_string() && now["last_signed"].is_null(), "{now}");
}

async fn records_are_walked_page_by_page_by_what_came_of_them(world: World) {
    record(&world).await;
    let ids = |query: &str| -> Vec<String> {
        let (mut ids, mut after) = (Vec::new(), String::new());
        loop {
            let page = world.asks("GET", &format!("{DECISIONS}?{query}&limit=2&after={after}"), None).done();
            let found = page["decisions"].as_array().unwrap();
            assert!(found.len() <= 2);
            ids.extend(found.iter().map(|one| one["id"].as_str().unwrap().to_owned()));
            let Some(next) = page["next"].as_str() else { return ids };
            next.clone_into(&mut after);
        }
    };
    let all = ids("");
    let mut sorted = all.clone();
    sorted.sort_by(|one, other| other.cmp(one));
    sorted.dedup();
    assert_eq!((all.len(), &all), (15, &sorted), "each once, the newest first");
    for (query, count) in [
        ("outcome=signed", 5),
        ("outcome=left", 4),
        ("outcome=repeated", 3),
        ("outcome=deferred", 2),
        ("outcome=refused", 1),
        ("outcome=lost", 0),
        ("reason=no_signature", 4),
        ("reason=bypass", 0),
        ("signature=standard", 5),
        ("signature=short", 5),
        ("reason=observe", 1),
        ("reason=observe&signature=banner", 1),
        ("signature=fair", 1),
        ("outcome=signed&signature=fair", 0),
        ("signature=recipients", 0),
        ("signature=would_be", 0),
        ("signature=no_signature", 0),
        ("signature=repeated", 0),
        ("signature=sta%25", 0),
        ("outcome=left&signature=standard", 0),
        ("outcome=deferred&address=bob.canary%40fabrikam.example", 2),
        ("until=2020-01-01T00:00:00Z", 0),
    ] {
        assert_eq!(ids(query).len(), count, "{query}");
    }
    let legs =
        |query: &str| world.asks("GET", &format!("{DECISIONS}?{query}"), None).done()["decisions"][0]["legs"].clone();
    let (signed, repeated) =
        (json!({"signatures": ["short", "standard"], "recipients": [0]}), json!({"ledger": "repeated"}));
    assert_eq!(legs("outcome=repeated"), json!([repeated]));
    assert_eq!(legs("outcome=signed"), json!([signed, {"ledger": "repeated", "recipients": [1]}]));
    let found = json!({"reason": "observe", "would_be": ["banner", "fair"], "recipients": [0]});
    assert_eq!(legs("reason=observe"), json!([found, {"reason": "no_signature", "recipients": [1]}]));
    for (query, place) in [("outcome=good", "?outcome"), ("after=x", "?after"), ("limit=0", "?limit")] {
        let refused = world.asks("GET", &format!("{DECISIONS}?{query}"), None).refused();
        assert_eq!(refused, (400, "malformed".to_owned(), place.to_owned()), "{query}");
    }
}

async fn records_are_exported_and_no_cell_is_a_formula(world: World) {
    record(&world).await;
    let export = |query: &str| world.asks("GET", &format!("{DECISIONS}.csv?{query}"), None);
    let answer = export("outcome=signed");
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/csv; charset=utf-8")));
    assert_eq!(answer.header("content-disposition"), Some("attachment; filename=\"messages-contoso.csv\""));
    let text = answer.text();
    assert_eq!(text.matches("\r\n2").count(), 5, "{text}");
    assert!(text.contains("time,outcome,reasons,signatures,sender"), "{text}");
    assert!(
        text.contains(",signed,,short standard,'=cmd|' /C calc'!A0@contoso.example,bob.canary@fabrikam.example"),
        "{text}"
    );
    assert!(!text.contains(",=") && !text.contains("\n="), "{text}");
    assert!(text.contains(",total_ms,id,would_be\r\n"), "{text}");
    assert!(export("reason=observe").text().contains(",banner fair\r\n"));
    assert_eq!(export("").text().matches("\r\n2").count(), 15);
    assert_eq!(export("limit=1&after=").text().matches("\r\n2").count(), 15, "all that fit");
    assert_eq!(export("outcome=good").refused().2, "?outcome");
}

on_both! {
    what_came_of_messages_is_counted,
    mail_is_seen_also_where_no_records_are_kept,
    records_are_walked_page_by_page_by_what_came_of_them,
    records_are_exported_and_no_cell_is_a_formula,
}
