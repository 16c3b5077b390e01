//! Facts of people put right by hand: they stand over whatever a file, a CSV file or the directory says, before and after.

use super::*;

const ADA: &str = "/api/v1/tenants/contoso/people/ada";

fn own(world: &World, attribute: &str, value: &str) -> Answer {
    world.asks("PUT", &format!("{ADA}/overrides/{attribute}"), Some(json!({"value": value})))
}

/// How Ada's messages are signed.
fn drawn(world: &World) -> String {
    let path = "/api/v1/tenants/contoso/signatures/standard/preview?person=ada";
    world.asks("GET", path, None).done()["plain"].as_str().unwrap().to_owned()
}

async fn what_was_put_right_is_shown_found_told_and_taken_back(world: World) {
    let before = drawn(&world);
    let exported = world.asks("GET", "/api/v1/tenants/contoso/export", None).done();
    own(&world, "jobTitle", "Captain").done();
    own(&world, "custom.pronouns", "she").done();
    assert!(drawn(&world).contains("Captain") && !drawn(&world).contains("Engineer"), "{}", drawn(&world));
    let person = world.asks("GET", ADA, None).done();
    assert_eq!(person["overrides"], json!({"custom.pronouns": "she", "jobTitle": "Captain"}));
    assert_eq!(person["attributes"]["jobTitle"], "Engineer", "what the directory says stays to be seen");
    let found = world.asks("GET", "/api/v1/tenants/contoso/people?search=captain", None).done();
    assert_eq!(found["people"][0]["id"], "ada");
    let told = world.asks("GET", &format!("{ADA}/overrides"), None).done();
    let one = &told["overrides"][1];
    assert_eq!(
        (&one["attribute"], &one["value"], &one["who"]),
        (&json!("jobTitle"), &json!("Captain"), &json!("test"))
    );
    // An edge loads it as it is shown; the file is what was imported.
    let stored = world.store.load(&id("contoso")).await.unwrap().unwrap();
    assert_eq!(stored.file.people[0].overrides.len(), 2);
    assert_eq!(world.asks("GET", "/api/v1/tenants/contoso/export", None).done(), exported);

    own(&world, "jobTitle", "").done();
    assert!(!drawn(&world).contains("Engineer") && !drawn(&world).contains("Captain"), "an empty one hides");
    for attribute in ["jobTitle", "custom.pronouns"] {
        world.asks("DELETE", &format!("{ADA}/overrides/{attribute}"), None).done();
    }
    assert_eq!(drawn(&world), before);
    assert_eq!(world.asks("DELETE", &format!("{ADA}/overrides/jobTitle"), None).refused().0, 404);
    let act = world.last_act("contoso").await;
    assert_eq!((act.action.as_str(), act.object.as_str()), ("override.remove", "ada"));
}

async fn what_cannot_be_put_right_is_told(world: World) {
    let before = world.state().await;
    let long = "x".repeat(5000);
    let table = [
        ("ada", "jobTitle", long.as_str(), 422),
        ("ada", "manager.city", "x", 422),
        ("ada", "shoeSize", "x", 404),
        ("nobody", "jobTitle", "x", 404),
    ];
    for (person, attribute, value, status) in table {
        let path = format!("/api/v1/tenants/contoso/people/{person}/overrides/{attribute}");
        let refused = world.asks("PUT", &path, Some(json!({"value": value}))).refused();
        assert_eq!(refused.0, status, "{person} {attribute}");
    }
    let path = format!("{ADA}/overrides/jobTitle?dry_run=true");
    world.asks("PUT", &path, Some(json!({"value": "Captain"}))).done();
    let reader = token(&world.store, Some("contoso"), &[Permission::PeopleRead]).await;
    let path = format!("{ADA}/overrides/jobTitle");
    assert_eq!(world.client().token(&reader).ask("PUT", &path, Some(json!({"value": "x"}))).refused().0, 403);
    assert_eq!(world.state().await, before);
    let foreign = token(&world.store, Some("eve"), &Permission::ALL).await;
    own(&world, "jobTitle", "Captain").done();
    let eves = world.client().token(&foreign).ask("GET", "/api/v1/tenants/eve/overrides", None).done();
    assert_eq!(eves, json!({"overrides": []}));
    let eves = world.client().token(&foreign).ask("GET", "/api/v1/tenants/eve/people/ada", None).done();
    assert_eq!(eves.get("overrides"), None);
}

/// What is read anew, and what is put right: in either order the same comes of it.
async fn a_file_taken_before_and_after_makes_no_difference(world: World) {
    let title = |title: &str| {
        let mut file = file("contoso", "contoso.example");
        file["people"][0]["attributes"]["jobTitle"] = json!(title);
        file["people"][0]["attributes"]["city"] = json!("Graz");
        file
    };
    let take = |file: Value| {
        let asked = world.client().token(&world.contoso).header("If-Match", "*");
        asked.ask("PUT", "/api/v1/tenants/contoso", Some(file)).done();
    };
    let ada = || world.asks("GET", ADA, None).done();
    let nobody = json!([]);
    for value in ["Captain", "", "Engineer"] {
        own(&world, "jobTitle", value).done();
        take(title("Chief"));
        let first = ada();
        world.asks("DELETE", &format!("{ADA}/overrides/jobTitle"), None).done();
        take(title("Engineer"));
        take(title("Chief"));
        own(&world, "jobTitle", value).done();
        assert_eq!(ada(), first);
        assert_eq!((&first["attributes"]["city"], &first["overrides"]), (&json!("Graz"), &json!({"jobTitle": value})));
        // Who goes and comes again is as before.
        let mut gone = title("Chief");
        gone["people"] = nobody.clone();
        gone["groups"] = nobody.clone();
        gone["signatures"] = nobody.clone();
        take(gone);
        assert_eq!(world.asks("GET", ADA, None).refused().0, 404);
        take(title("Chief"));
        assert_eq!(ada(), first);
    }
    // CSV files and the tenant file keep people in one table; an override knows them by their id.
    let listed = world.asks("GET", "/api/v1/tenants/contoso/overrides", None).done();
    assert_eq!(listed["overrides"].as_array().unwrap().len(), 1);
}

on_both! {
    what_was_put_right_is_shown_found_told_and_taken_back,
    what_cannot_be_put_right_is_told,
    a_file_taken_before_and_after_makes_no_difference,
}
