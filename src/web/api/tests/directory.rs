//! The directory of a tenant and people from CSV files: asked for, looked at, taken and put back, and told when wrong.

use super::*;

const PATH: &str = "/api/v1/tenants/contoso/directory";
const CSV: &str = "/api/v1/tenants/contoso/csv";

async fn a_directory_is_connected_asked_for_and_forgotten(world: World) {
    assert_eq!(world.asks("GET", PATH, None).done(), json!({}));
    let refused = world.asks("POST", &format!("{PATH}/sync"), Some(json!({})));
    assert_eq!(refused.status, 404);
    // Who reads whose directory, only the operator says.
    let wrong = world.asks("PUT", PATH, Some(json!({})));
    assert_eq!((wrong.status, wrong.json()["place"].clone()), (422, json!("/microsoft_tenant_id")));
    let mut file = world.asks("GET", "/api/v1/tenants/contoso/export", None).done();
    file["microsoft_tenant_id"] = json!("bf24ff3e-1111-4000-8000-000000000001");
    world.store.import(&parse(&file)).await.unwrap();
    for (body, place) in [
        (json!({"only_group": "sales"}), "/directory/only_group"),
        (json!({"extra": {"a/b": "c"}}), "/directory/extra/a/b"),
        (json!({"shoes": 1}), "/shoes"),
    ] {
        let wrong = world.asks("PUT", PATH, Some(body));
        assert_eq!((wrong.status, wrong.json()["place"].clone()), (422, json!(place)));
    }
    world.asks("PUT", &format!("{PATH}?dry_run=true"), Some(json!({}))).done();
    assert_eq!(world.asks("GET", PATH, None).done(), json!({}));
    world.asks("PUT", PATH, Some(json!({"extra": {"extension_0_cost": "cost"}}))).done();
    assert_eq!(world.last_act("contoso").await.action, "directory.connect");
    let now = world.asks("GET", PATH, None).done();
    assert_eq!(
        (&now["settings"]["extra"], &now["status"]["running"]),
        (&json!({"extension_0_cost": "cost"}), &json!(false))
    );
    assert!(world.asks("POST", &format!("{PATH}/sync"), Some(json!({"full": true}))).done()["begins_ms"].is_i64());
    assert_eq!(world.last_act("contoso").await.action, "directory.sync");
    // No application is configured here.
    assert_eq!(world.asks("POST", &format!("{PATH}/consent"), None).status, 503);
    assert_eq!(world.asks("GET", "/api/v1/tenants/eve/directory", None).status, 404);
    world.asks("DELETE", PATH, None).done();
    assert_eq!(world.last_act("contoso").await.action, "directory.disconnect");
    assert!(world.asks("GET", PATH, None).done().get("settings").is_none());
}

async fn a_csv_file_is_looked_at_taken_and_put_back(world: World) {
    let send = |path: &str, text: &str| {
        world.client().token(&world.contoso).send("POST", path, Some(("text/csv", text.as_bytes())))
    };
    let before = world.state().await;
    let preview = send(&format!("{CSV}?dry_run=true"), "Email,Name\neve@contoso.example,Eve\n").done();
    assert_eq!((&preview["columns"]["Email"], preview["new"].as_array().unwrap().len()), (&json!("address"), 1));
    let broken = send(CSV, "Email,Name\neve@contoso.example,Eve\nnobody,N\n");
    assert_eq!((broken.status, broken.json()["place"].clone()), (422, json!("line 3, column Email")));
    assert_eq!(world.asks("POST", &format!("{CSV}/rollback"), None).status, 404);
    assert_eq!(world.state().await, before, "a preview, or a broken file, changes nothing");

    let people = async || world.store.load(&id("contoso")).await.unwrap().unwrap().file.people;
    let file_alone = people().await;
    assert_eq!(send(CSV, "Email,Name\neve@contoso.example,Eve\n").done()["dry_run"], json!(false));
    assert_eq!(people().await.len(), file_alone.len() + 1);
    assert_eq!(world.last_act("contoso").await.action, "directory.csv");
    world.asks("POST", &format!("{CSV}/rollback"), None).done();
    assert_eq!(people().await, file_alone);
}

on_both! {
    a_directory_is_connected_asked_for_and_forgotten,
    a_csv_file_is_looked_at_taken_and_put_back,
}
