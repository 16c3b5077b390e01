//! The brand: set at the revision that was seen, by whoever draws, and told where it is wrong.

use super::*;

const BRAND: &str = "/api/v1/tenants/contoso/brand";

fn brand() -> Value {
    json!({"colours": [{"name": "Petrol", "colour": "#00635d"}], "fonts": ["Georgia, serif"],
        "logos": [{"name": "Wordmark", "image": "logo", "alt": "Contoso"}]})
}

async fn a_brand_is_set_at_the_revision_that_was_seen(world: World) {
    let first = world.asks("GET", BRAND, None);
    let tag = first.header("etag").unwrap().to_owned();
    assert_eq!(first.json(), json!({"colours": [], "fonts": [], "logos": []}));

    let before = world.state().await;
    let tried = world.asks("PUT", &format!("{BRAND}?dry_run=true"), Some(brand()));
    assert_eq!((tried.status, tried.header("etag")), (200, None), "{}", tried.text());
    assert_eq!(world.state().await, before, "it was only tried");

    let seen = |tag: &str| world.client().token(&world.contoso).header("If-Match", tag);
    assert_eq!(seen(&tag).ask("PUT", BRAND, Some(brand())).done()["revision"], 2);
    let refused = seen(&tag).ask("PUT", BRAND, Some(json!({}))).refused();
    assert_eq!((refused.0, refused.2.as_str()), (412, "If-Match"));
    assert_eq!(world.asks("GET", BRAND, None).json(), brand());
    let act = world.last_act("contoso").await;
    assert_eq!((act.action.as_str(), &act.after), ("brand.set", &Some(json!({"brand": brand()}))));
    let exported = world.asks("GET", "/api/v1/tenants/contoso/export", None).done();
    assert_eq!(exported["brand"], brand());
}

async fn what_is_wrong_is_told_by_its_place_and_what_it_names_stays(world: World) {
    let before = world.state().await;
    for (key, value, place) in [
        ("colours", json!([{"name": "Petrol", "colour": "green"}]), "/colours/0/colour"),
        ("colours", json!([{"name": "x", "colour": "#000000"}, {"name": "X", "colour": "#ffffff"}]), "/colours/1/name"),
        ("fonts", json!(["Arial;"]), "/fonts/0"),
        ("logos", json!([{"name": "Wordmark", "image": "none"}]), "/logos/0/image"),
    ] {
        let mut wrong = brand();
        wrong[key] = value;
        let refused = world.asks("PUT", BRAND, Some(wrong)).refused();
        assert_eq!((refused.0, refused.2.as_str()), (422, place));
    }
    assert_eq!(world.asks("PUT", BRAND, Some(json!({"colors": []}))).refused().0, 422);
    assert_eq!(world.state().await, before);

    world.asks("PUT", BRAND, Some(brand())).done();
    let refused = world.asks("DELETE", "/api/v1/tenants/contoso/images/logo", None).refused();
    assert_eq!((refused.0, refused.2.as_str()), (422, "/brand/logos/0/image"));
}

async fn whoever_draws_sets_it_and_whoever_looks_does_not(world: World) {
    let designer = token(&world.store, Some("contoso"), &[Permission::SignaturesRead, Permission::DraftsWrite]).await;
    world.client().token(&designer).ask("PUT", BRAND, Some(brand())).done();
    let reader = token(&world.store, Some("contoso"), &[Permission::SignaturesRead]).await;
    assert_eq!(world.client().token(&reader).ask("GET", BRAND, None).done(), brand());
    assert_eq!(world.client().token(&reader).ask("PUT", BRAND, Some(json!({}))).refused().0, 403);
}

on_both! {
    a_brand_is_set_at_the_revision_that_was_seen,
    what_is_wrong_is_told_by_its_place_and_what_it_names_stays,
    whoever_draws_sets_it_and_whoever_looks_does_not,
}
