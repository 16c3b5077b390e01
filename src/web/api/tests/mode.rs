//! The mode of a tenant: set for good or for a time, written down, and told.

use super::*;

async fn a_mode_is_set_for_good_and_for_a_time(world: World) {
    let path = "/api/v1/tenants/contoso/mode";
    assert_eq!(world.asks("GET", path, None).done(), json!({"mode": "live"}));
    let pilot = json!({"mode": {"pilot": {"people": ["ada"], "groups": [], "marker": null}}});
    assert_eq!(world.asks("PUT", path, Some(pilot.clone())).done()["revision"], 2);
    assert_eq!(world.asks("GET", path, None).done(), pilot);
    let act = world.last_act("contoso").await;
    assert_eq!((act.action.as_str(), &act.before), ("mode.set", &Some(json!({"mode": "live", "mode_ends": null}))));
    assert_eq!(act.after.unwrap()["mode"], pilot["mode"]);

    world.asks("PUT", path, Some(json!({"mode": "bypass", "for": "90m"}))).done();
    let now = world.asks("GET", path, None).done();
    assert_eq!((&now["mode"], &now["ends"]["then"]), (&json!("bypass"), &pilot["mode"]));
    world.asks("PUT", path, Some(json!({"mode": "observe", "until": "2999-01-01T00:00:00Z"}))).done();
    let now = world.asks("GET", path, None).done();
    assert_eq!((&now["mode"], &now["ends"]["at"]), (&json!("observe"), &json!("2999-01-01T00:00:00Z")));
    assert_eq!(now["ends"]["then"], pilot["mode"], "what was before the first");
    world.asks("PUT", path, Some(json!({"mode": "live"}))).done();
    assert_eq!(world.asks("GET", path, None).done(), json!({"mode": "live"}));
}

on_both! { a_mode_is_set_for_good_and_for_a_time }
