//! The operator's bypass: begun and ended, with its end and its reason, and written down; and records that are sought.

use super::*;

const BYPASS: &str = "/api/v1/region/bypass";

async fn the_region_is_bypassed_and_signs_again(world: World) {
    assert_eq!(world.operates("GET", BYPASS, None).done(), json!({"on": false}));
    world.operates("PUT", &format!("{BYPASS}?dry_run=true"), Some(json!({}))).done();
    assert_eq!(world.store.bypass().await.unwrap(), None);
    let began = world.operates("PUT", &format!("{BYPASS}?reason=outage"), Some(json!({"for": "90m"}))).done();
    assert_eq!((&began["on"], &began["reason"], began["until"].is_string()), (&json!(true), &json!("outage"), true));
    assert_eq!(world.operates("GET", BYPASS, None).done(), began);
    assert!(world.store.bypass().await.unwrap().unwrap().author.starts_with("token tk_"));
    for (body, place) in [
        (json!({"for": "never"}), "/for"),
        (json!({"until": "2000-01-01T00:00:00Z"}), "/until"),
        (json!({"why": 1}), "/why"),
    ] {
        assert_eq!(world.operates("PUT", BYPASS, Some(body)).refused().2, place);
    }
    assert_eq!(world.operates("GET", BYPASS, None).done(), began, "what is refused changes nothing");
    world.operates("DELETE", BYPASS, None).done();
    assert_eq!(world.store.bypass().await.unwrap(), None);
    let trail = world.operates("GET", "/api/v1/region/audit", None).done();
    let told: Vec<_> = trail["acts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|act| (act["action"].as_str().unwrap(), act["reason"].as_str()))
        .collect();
    assert_eq!(told[..2], [("bypass.end", None), ("bypass.begin", Some("outage"))]);
    assert_eq!(trail["acts"][0]["before"]["reason"], "outage");
    // One whose end has passed is none.
    world.store.begin_bypass(Some(1)).await.unwrap();
    assert_eq!(world.operates("GET", BYPASS, None).done(), json!({"on": false}));
}

async fn records_are_sought_by_one_thing(world: World) {
    let all = "/api/v1/tenants/contoso/decisions";
    assert_eq!(world.asks("GET", all, None).done(), json!({"decisions": []}));
    for (query, place) in [("message_id=a&address=b", "?address"), ("from=then", "?from"), ("limit=0", "?limit")] {
        assert_eq!(world.asks("GET", &format!("{all}?{query}"), None).refused().2, place);
    }
}

on_both! { the_region_is_bypassed_and_signs_again, records_are_sought_by_one_thing }
