//! Tenants as a whole: what is put comes back to the letter, and two who change the same do not overwrite each other.

use super::*;

async fn what_is_exported_and_put_back_is_the_same(world: World) {
    let exported = world.asks("GET", "/api/v1/tenants/contoso/export", None);
    let (text, tag) = (exported.text(), exported.header("etag").unwrap().to_owned());
    assert_eq!(text, parse(&file("contoso", "contoso.example")).to_json());
    let client = world.client().token(&world.contoso).header("If-Match", &tag);
    let put = client.send("PUT", "/api/v1/tenants/contoso", Some(("application/json", text.as_bytes())));
    assert_eq!(put.header("etag"), Some("\"2\""));
    assert_eq!(put.done(), json!({"revision": 2, "dry_run": false}));
    assert_eq!(world.asks("GET", "/api/v1/tenants/contoso/export", None).text(), text);
    assert!(world.store.history(&id("contoso"), "standard").await.unwrap().len() == 1, "nothing changed");
}

async fn a_tenant_is_made_changed_and_removed(world: World) {
    let new = file("fabrikam", "fabrikam.example");
    let created = world.operates("POST", "/api/v1/tenants", Some(new.clone()));
    assert_eq!((created.status, created.header("location")), (201, Some("/api/v1/tenants/fabrikam")));
    let refused = world.operates("POST", "/api/v1/tenants", Some(new.clone())).refused();
    assert_eq!(refused, (409, "exists".to_owned(), "-".to_owned()));
    let one = world.operates("GET", "/api/v1/tenants/fabrikam", None);
    assert_eq!(one.header("etag"), Some("\"1\""));
    assert_eq!(
        one.done(),
        json!({"id": "fabrikam", "name": "fabrikam Ltd", "mode": "live",
        "domains": ["fabrikam.example"], "revision": 1})
    );
    let mut changed = new;
    changed["name"] = json!("Fabrikam AG");
    changed["signatures"].as_array_mut().unwrap().remove(1);
    let path = "/api/v1/tenants/fabrikam?reason=renamed";
    let client = world.client().token(&world.operator);
    client.clone().header("If-Match", "*").ask("PUT", path, Some(changed.clone())).done();
    let act = world.last_act("fabrikam").await;
    assert_eq!(
        (act.action.as_str(), act.reason.as_deref(), act.revision),
        ("tenant.replace", Some("renamed"), Some(2))
    );
    assert_eq!(act.before, Some(json!({"name": "fabrikam Ltd", "signature_versions": {"short": 1}})));
    assert_eq!(act.after, Some(json!({"name": "Fabrikam AG", "signatures": {"went": 1}})));
    assert!(act.author.starts_with("token tk_") && act.author.ends_with("(test)"), "{}", act.author);

    world.operates("DELETE", "/api/v1/tenants/fabrikam", None).done();
    assert_eq!(world.operates("GET", "/api/v1/tenants/fabrikam", None).refused().0, 404);
    assert_eq!(world.operates("DELETE", "/api/v1/tenants/fabrikam", None).refused().0, 404);
    // What was done to it outlives it.
    let trail = world.operates("GET", "/api/v1/tenants/fabrikam/audit?limit=2", None).done();
    let actions: Vec<&str> =
        trail["acts"].as_array().unwrap().iter().map(|act| act["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["tenant.delete", "tenant.replace"]);
    let next = format!("/api/v1/tenants/fabrikam/audit?after={}", trail["next"].as_str().unwrap());
    assert_eq!(world.operates("GET", &next, None).done()["acts"][0]["action"], "tenant.create");
}

async fn who_is_late_is_told_and_changes_nothing(world: World) {
    let mut changed = file("contoso", "contoso.example");
    changed["name"] = json!("Contoso AG");
    let path = "/api/v1/tenants/contoso";
    let put = |tag: &str| {
        world.client().token(&world.contoso).header("If-Match", tag).ask("PUT", path, Some(changed.clone()))
    };
    put("\"1\"").done();
    let before = world.state().await;
    let late = put("\"1\"");
    assert_eq!(late.refused(), (412, "changed".to_owned(), "If-Match".to_owned()));
    assert!(late.text().contains("revision 2"), "{}", late.text());
    assert_eq!(
        world.asks("PUT", path, Some(changed.clone())).refused(),
        (412, "changed".to_owned(), "If-Match".to_owned())
    );
    assert_eq!(put("2").refused(), (400, "malformed".to_owned(), "If-Match".to_owned()));
    for (method, path, body) in [
        ("DELETE", "/api/v1/tenants/contoso", None),
        ("PUT", "/api/v1/tenants/contoso/mode", Some(json!({"mode": "bypass"}))),
    ] {
        let client = world.client().token(&world.operator).header("If-Match", "\"1\"");
        assert_eq!(client.ask(method, path, body).refused().0, 412, "{method} {path}");
    }
    assert_eq!(world.state().await, before);
}

async fn a_dry_run_tells_all_and_changes_nothing(world: World) {
    let before = world.state().await;
    let mut changed = file("contoso", "contoso.example");
    changed["name"] = json!("Contoso AG");
    let client = || world.client().token(&world.operator).header("If-Match", "*");
    let path = "/api/v1/tenants/contoso?dry_run=true";
    let answer = client().ask("PUT", path, Some(changed.clone()));
    assert_eq!(answer.header("etag"), None);
    assert_eq!(answer.done(), json!({"revision": 2, "dry_run": true}));
    changed["domains"] = json!(["contoso.example", "eve.example"]);
    assert_eq!(
        client().ask("PUT", path, Some(changed)).refused(),
        (422, "invalid".to_owned(), "/domains/1".to_owned())
    );
    client().ask("DELETE", path, None).done();
    client().ask("PUT", "/api/v1/tenants/contoso/mode?dry_run=true", Some(json!({"mode": "bypass"}))).done();
    world.operates("POST", "/api/v1/tenants?dry_run=true", Some(file("new", "new.example"))).done();
    assert_eq!(world.state().await, before);
}

async fn lists_come_in_pages(world: World) {
    let ids = |list: &Value| -> Vec<String> {
        list["tenants"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
    };
    let first = world.operates("GET", "/api/v1/tenants?limit=1", None).done();
    assert_eq!((ids(&first), first["next"].as_str()), (vec!["contoso".to_owned()], Some("contoso")));
    let second = world.operates("GET", "/api/v1/tenants?limit=2&after=contoso", None).done();
    assert_eq!((ids(&second), second.get("next")), (vec!["eve".to_owned()], None));
    assert_eq!(ids(&world.asks("GET", "/api/v1/tenants", None).done()), ["contoso"], "of a tenant's token its own");
    assert_eq!(world.operates("GET", "/api/v1/tenants?limit=0", None).refused().2, "?limit");
}

/// A site whose database is a standby shows everything and changes nothing, and says why.
#[tokio::test]
async fn a_standby_is_shown_and_not_changed() {
    let server = Postgres::start().unwrap();
    let database = server.database().unwrap();
    let primary = World::at(tempfile::tempdir().unwrap(), server.address(&database)).await;
    let standby = server.standby().unwrap();
    let key_file = primary._folder.path().join("signet.key");
    let store = config::Store { url: standby.address(&database), key_file };
    let api = start(beginning(None, 1 << 20, store), None).unwrap();
    let client = || Client::new(api.address()).token(&primary.operator);
    client().ask("GET", "/api/v1/tenants/contoso/export", None).done();
    let mode = client().ask("PUT", "/api/v1/tenants/contoso/mode", Some(json!({"mode": "bypass"})));
    assert_eq!((mode.refused().0, mode.header("retry-after")), (503, None));
    assert!(mode.text().contains("standby"), "{}", mode.text());
}

on_both! {
    what_is_exported_and_put_back_is_the_same,
    a_tenant_is_made_changed_and_removed,
    who_is_late_is_told_and_changes_nothing,
    a_dry_run_tells_all_and_changes_nothing,
    lists_come_in_pages,
}
