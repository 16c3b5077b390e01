//! Test cases: kept without any content, tried whenever they are looked at, and a gate before every change of signatures.

use super::*;

const CASES: &str = "/api/v1/tenants/contoso/cases";
const STANDARD: &str = "/api/v1/tenants/contoso/signatures/standard";

/// A message from Ada to somebody, as the tester tells it, with who is to get what.
fn case(world: &World, name: &str, to: &str, expected: &[&str]) -> Value {
    let body = json!({"from": "ada@contoso.example", "to": [to], "subject": "Offer"});
    let told = world.asks("POST", "/api/v1/tenants/contoso/explain", Some(body)).done();
    json!({"name": name, "message": told["message"], "expected": [{"recipient": to, "signatures": expected}]})
}

fn states(world: &World) -> Vec<(String, bool)> {
    let listed = world.asks("GET", CASES, None).done();
    let cases = listed["cases"].as_array().unwrap();
    cases.iter().map(|one| (one["case"]["name"].as_str().unwrap().to_owned(), one["passes"] == true)).collect()
}

async fn cases_are_kept_tried_changed_and_removed(world: World) {
    let good = case(&world, "Customers", "x@other.example", &["standard"]);
    let id = world.asks("POST", CASES, Some(good.clone())).done()["id"].as_str().unwrap().to_owned();
    world.asks("POST", CASES, Some(case(&world, "Wrong", "x@other.example", &["short"]))).done();
    assert_eq!(states(&world), [("Customers".to_owned(), true), ("Wrong".to_owned(), false)]);
    let listed = world.asks("GET", CASES, None).done();
    assert_eq!(listed["cases"][0]["case"], good);
    let deviation = &listed["cases"][1]["deviations"][0];
    assert_eq!((&deviation["got"], &deviation["expected"]), (&json!(["standard"]), &json!(["short"])));
    assert!(deviation["why"].as_str().unwrap().contains("short"), "{deviation}");

    let path = format!("{CASES}/{id}");
    let mut other = good.clone();
    other["expected"][0]["signatures"] = json!([]);
    assert_eq!(world.asks("PUT", &path, Some(other)).status, 204);
    assert_eq!(states(&world)[0], ("Customers".to_owned(), false));
    assert_eq!(world.asks("DELETE", &format!("{path}?dry_run=true"), None).status, 204);
    assert_eq!(world.asks("DELETE", &path, None).status, 204);
    assert_eq!(world.asks("DELETE", &path, None).refused().0, 404);
    assert_eq!(world.asks("PUT", &path, Some(good)).refused().0, 404);
    assert_eq!(states(&world).len(), 1);
    assert_eq!(world.last_act("contoso").await.action, "case.remove");
}

async fn of_a_message_at_hand_no_content_is_kept(world: World) {
    let message = "From: Ada <ada@contoso.example>\r\nTo: x@other.example\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n\
        Message-ID: <secret-1@contoso.example>\r\nX-Secret: secret-2\r\nX-MS-TNEF-Correlator: <secret-3>\r\n\
        Content-Type: multipart/mixed; boundary=secret-4\r\n\r\n--secret-4\r\nContent-Type: text/plain\r\n\r\nsecret-5\r\n--secret-4--\r\n";
    let path = "/api/v1/tenants/contoso/explain-message?to=x@other.example";
    let asked = world.client().token(&world.contoso);
    let told = asked.send("POST", path, Some(("message/rfc822", message.as_bytes()))).done();
    let kept = told["message"].to_string();
    assert!(kept.contains("multipart/mixed") && kept.contains("Subject"), "{kept}");
    assert!(!kept.contains("secret"), "{kept}");
    // What it does not keep it does not take either.
    let whole = |change: fn(&mut Value)| {
        let mut message = told["message"].clone();
        change(&mut message);
        json!({"name": "x", "message": message, "expected": [{"recipient": "x@other.example", "signatures": []}]})
    };
    assert_eq!(world.asks("POST", CASES, Some(whole(|_| {}))).status, 201);
    type Change = fn(&mut Value);
    let table: &[(Change, &str)] = &[
        (|one| one["headers"][0]["name"] = json!("X-Secret"), "/message/headers/0/name"),
        (|one| one["headers"][0]["value"] = json!("a\r\nBcc: b"), "/message/headers/0/value"),
        (|one| one["recipients"] = json!([]), "/message/recipients"),
        (|one| one["recipients"] = json!(["x@other.example", "nobody"]), "/message/recipients/1"),
        (|one| one["recipients"] = json!(["y@other.example"]), "/expected/0/recipient"),
        (|one| one["body"] = json!("secret"), "/message/body"),
    ];
    for (change, place) in table {
        let refused = world.asks("POST", CASES, Some(whole(*change))).refused();
        assert_eq!((refused.0, refused.2.as_str()), (422, *place));
    }
}

async fn a_change_that_would_fail_a_case_is_not_made(world: World) {
    world.asks("POST", CASES, Some(case(&world, "Customers", "x@other.example", &["standard"]))).done();
    let exported = || world.asks("GET", "/api/v1/tenants/contoso/export", None).done();
    let before = exported();
    let mut inside = signature("standard", "Kind regards");
    inside["applies"]["recipients"] = json!("internal");
    let mut file = before.clone();
    file["signatures"][0] = inside.clone();
    let changes: Vec<(&str, String, Option<Value>)> = vec![
        ("PUT", STANDARD.into(), Some(inside.clone())),
        ("DELETE", STANDARD.into(), None),
        ("PUT", format!("{STANDARD}/enabled"), Some(json!({"enabled": false}))),
        ("PUT", "/api/v1/tenants/contoso/signature-order".into(), Some(json!({"signatures": ["short", "standard"]}))),
    ];
    for (method, path, body) in &changes {
        let refused = world.asks(method, path, body.clone());
        assert_eq!(refused.refused(), (409, "cases".to_owned(), "-".to_owned()), "{method} {path}");
        let told = refused.json();
        let failing = &told["cases"][0];
        let got = &failing["deviations"][0]["got"];
        assert_eq!((&failing["name"], got), (&json!("Customers"), &json!(["short"])), "{told}");
    }
    let put = |query: &str| {
        let asked = world.client().token(&world.contoso).header("If-Match", "*");
        asked.ask("PUT", &format!("/api/v1/tenants/contoso{query}"), Some(file.clone()))
    };
    assert_eq!(put("").refused().1, "cases", "the tenant as a whole");
    assert_eq!(exported(), before, "nothing was changed");

    // What leaves the case as it is is made, and what does not by those alone who answer for it, with a reason.
    world.asks("PUT", STANDARD, Some(signature("standard", "Good day"))).done();
    let path = format!("{STANDARD}?override_cases=true");
    assert_eq!(world.asks("PUT", &path, Some(inside.clone())).refused(), (422, "invalid".into(), "?reason".into()));
    let path = format!("{path}&reason=they+moved");
    let editor = token(&world.store, Some("contoso"), &[Permission::SignaturesRead, Permission::SignaturesWrite]).await;
    assert_eq!(world.client().token(&editor).ask("PUT", &path, Some(inside.clone())).refused().0, 403);
    world.asks("PUT", &path, Some(inside)).done();
    assert_eq!(states(&world), [("Customers".to_owned(), false)]);
    let acts = world.store.audit(Some(&id("contoso")), None, 2).await.unwrap();
    let over = acts.iter().find(|act| act.action == "case.override").unwrap();
    assert_eq!((over.reason.as_deref(), &over.after), (Some("they moved"), &Some(json!({"failed": ["Customers"]}))));
}

async fn cases_belong_to_their_tenant_and_are_bounded(world: World) {
    let one = case(&world, "Customers", "x@other.example", &["standard"]);
    world.asks("POST", CASES, Some(one.clone())).done();
    let foreign = token(&world.store, Some("eve"), &Permission::ALL).await;
    let listed = world.client().token(&foreign).ask("GET", "/api/v1/tenants/eve/cases", None).done();
    assert_eq!(listed, json!({"cases": []}));
    for _ in 1..200 {
        world.asks("POST", CASES, Some(one.clone())).done();
    }
    assert_eq!(world.asks("POST", CASES, Some(one)).refused().0, 422);
    assert!(states(&world).iter().all(|(_, passes)| *passes));
    world.asks("PUT", STANDARD, Some(signature("standard", "Good day"))).done();
}

on_both! {
    cases_are_kept_tried_changed_and_removed,
    of_a_message_at_hand_no_content_is_kept,
    a_change_that_would_fail_a_case_is_not_made,
    cases_belong_to_their_tenant_and_are_bounded,
}
