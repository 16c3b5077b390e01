//! The audit trail over the wire: found by who, what and when, exported, and proven.

use super::*;

const AUDIT: &str = "/api/v1/tenants/contoso/audit";
const MODE: &str = "/api/v1/tenants/contoso/mode";

fn act(world: &World) {
    for mode in ["bypass", "observe", "live"] {
        world.asks("PUT", &format!("{MODE}?reason=%3Da%20drill"), Some(json!({"mode": mode}))).done();
    }
}

async fn acts_are_filtered_and_say_where_from(world: World) {
    act(&world);
    let acts = |query: &str| world.asks("GET", &format!("{AUDIT}?{query}"), None).done()["acts"].clone();
    let modes = acts("action=mode");
    assert_eq!(modes.as_array().unwrap().len(), 3, "{modes}");
    let newest = &modes[0];
    assert_eq!((&newest["ip"], &newest["who"]), (&json!("127.0.0.1"), &json!("test")), "{newest}");
    let author = newest["author"].as_str().unwrap().split(' ').nth(1).unwrap();
    assert_eq!(acts(&format!("author={author}")).as_array().unwrap().len(), 3);
    assert_eq!(acts("author=command"), json!([]));
    assert_eq!(acts("until=2020-01-01T00:00:00Z"), json!([]));
    assert_eq!(acts("object=standard"), json!([]));
    let page = world.asks("GET", &format!("{AUDIT}?action=mode.set&limit=2"), None).done();
    let next = world.asks("GET", &format!("{AUDIT}?action=mode.set&after={}", page["next"].as_str().unwrap()), None);
    assert_eq!(next.done()["acts"], json!([modes[2]]));
    assert_eq!(world.asks("GET", &format!("{AUDIT}?limit=0"), None).refused().2, "?limit");
    assert_eq!(world.asks("GET", &format!("{AUDIT}?from=x"), None).refused().2, "?from");
}

async fn the_trail_is_exported(world: World) {
    act(&world);
    let csv = world.asks("GET", &format!("{AUDIT}.csv?action=mode"), None);
    assert_eq!(csv.header("content-disposition"), Some("attachment; filename=\"audit-contoso.csv\""));
    let csv = csv.text();
    assert_eq!((csv.matches("mode.set").count(), csv.matches("'=a drill").count()), (3, 3), "{csv}");
    let lines = world.asks("GET", &format!("{AUDIT}.jsonl"), None);
    assert_eq!(lines.header("content-type"), Some("application/jsonl"));
    let lines = lines.text();
    // With the frames of a body whose length is not known.
    let acts: Vec<Value> =
        lines.lines().filter_map(|line| serde_json::from_str(line).ok()).filter(Value::is_object).collect();
    let listed = world.asks("GET", AUDIT, None).done();
    assert_eq!(Value::from(acts), listed["acts"]);
}

async fn the_trail_is_proven_unbroken_or_where_it_is_broken(world: World) {
    act(&world);
    let path = format!("{AUDIT}/verification");
    let told = world.asks("GET", &path, None).done();
    assert_eq!((&told["unbroken"], &told["acts"]), (&json!(true), &told["number"]), "{told}");
    let newest = world.asks("GET", AUDIT, None).done()["acts"][0].clone();
    assert_eq!(told["hash"], newest["hash"]);
    assert!(told["since"].is_string() && told.get("broken").is_none());
    let region = world.operates("GET", "/api/v1/region/audit/verification", None).done();
    assert_eq!(region["unbroken"], true);
}

/// Method, path and body of a change that can be made here, in an order in which each can be.
fn changes() -> Vec<(&'static str, String, Option<Value>)> {
    let of = |path: &str| format!("/api/v1/tenants/contoso{path}");
    let switch = || Some(json!({"enabled": false}));
    let mut renamed = file("contoso", "contoso.example");
    renamed["name"] = json!("Contoso AG");
    renamed["microsoft_tenant_id"] = json!("bf24ff3e-1111-4000-8000-000000000001");
    vec![
        ("PUT", "/api/v1/region/bypass".to_owned(), Some(json!({"for": "2h"}))),
        ("DELETE", "/api/v1/region/bypass".to_owned(), None),
        ("POST", "/api/v1/tenants".to_owned(), Some(file("fabrikam", "fabrikam.example"))),
        ("DELETE", "/api/v1/tenants/fabrikam".to_owned(), None),
        ("PUT", of(""), Some(renamed)),
        ("POST", of("/signatures"), Some(signature("third", "Yours"))),
        ("PUT", of("/signatures/third"), Some(signature("third", "Best regards"))),
        ("PUT", of("/signatures/third/enabled"), switch()),
        ("PUT", of("/signature-order"), Some(json!({"signatures": ["third", "standard", "short"]}))),
        ("DELETE", of("/signatures/third"), None),
        ("PUT", of("/people/ada/overrides/jobTitle"), Some(json!({"value": "Lead"}))),
        ("DELETE", of("/people/ada/overrides/jobTitle"), None),
        ("POST", of("/signatures/third/versions/1/restore"), None),
        ("PUT", of("/folders"), Some(json!({"folders": [{"id": "campaigns", "name": "Offers", "enabled": true}]}))),
        ("PUT", of("/folders/campaigns/enabled"), switch()),
        ("DELETE", of("/images/logo"), None),
        ("PUT", of("/brand"), Some(json!({"fonts": ["Georgia, serif"]}))),
        ("PUT", of("/mode"), Some(json!({"mode": "observe"}))),
        ("PUT", of("/organisation"), Some(json!({"name": "Contoso SE", "retention_days": 90}))),
        ("PUT", of("/directory"), Some(json!({}))),
        ("POST", of("/directory/sync"), Some(json!({}))),
        ("DELETE", of("/directory"), None),
        ("POST", of("/tokens"), Some(json!({"name": "export", "scopes": ["tenant:read"], "days": 30}))),
        ("POST", of("/leaving"), None),
        ("DELETE", of("/leaving"), None),
    ]
}

/// What changes nothing, and what can only be done with Microsoft, DNS or mail at hand, or by people: by which test each is
/// shown to be an act.
const NOT_HERE: [(&str, &str); 28] = [
    ("POST /tenants/{tenant}/import", "changes nothing"),
    ("PUT /tenants/{tenant}/signatures/{signature}/draft", "autosave is no act; what is asked of others is"),
    ("DELETE /tenants/{tenant}/signatures/{signature}/draft", "api draft"),
    ("PUT /tenants/{tenant}/signatures/{signature}/draft/state", "api draft"),
    ("POST /tenants/{tenant}/cases", "api cases"),
    ("PUT /tenants/{tenant}/cases/{case}", "api cases"),
    ("DELETE /tenants/{tenant}/cases/{case}", "api cases"),
    ("PUT /tenants/{tenant}/sign-in", "e2e console::microsoft"),
    ("POST /tenants/{tenant}/explain", "changes nothing"),
    ("POST /tenants/{tenant}/explain-message", "changes nothing"),
    ("POST /tenants/{tenant}/preview", "changes nothing"),
    ("POST /tenants/{tenant}/connection/inspection", "changes nothing"),
    (
        "POST /tenants/{tenant}/templates/{template}",
        "an act for each picture that it brings, and one for the signature",
    ),
    ("PUT /tenants/{tenant}/images/{image}", "no JSON: below"),
    ("POST /tenants/{tenant}/csv", "no JSON: below"),
    ("POST /tenants/{tenant}/csv/rollback", "after that: below"),
    ("DELETE /tenants/{tenant}/tokens/{token}", "its id is made up by the program: below"),
    ("PUT /tenants/{tenant}/connection/certificate", "e2e console::connection"),
    ("POST /tenants/{tenant}/connection/domains", "e2e console::connection"),
    ("DELETE /tenants/{tenant}/connection/domains/{domain}", "e2e console::connection"),
    ("POST /tenants/{tenant}/directory/consent", "leads to Microsoft"),
    ("PUT /tenants/{tenant}/directory/consent", "directory consent"),
    ("POST /tenants/{tenant}/invitations", "store invitations"),
    ("DELETE /tenants/{tenant}/invitations/{invitation}", "store invitations"),
    ("POST /tenants/{tenant}/invitations/{invitation}/again", "store invitations"),
    ("PUT /tenants/{tenant}/members/{account}", "store accounts"),
    ("DELETE /tenants/{tenant}/members/{account}", "store accounts"),
    ("POST /tenants/{tenant}/trial", "store terms_of_use"),
];

async fn every_route_that_changes_something_writes_one_act(world: World) {
    let acts = async || {
        let mut sum = 0;
        for trail in world.store.trails().await.unwrap() {
            sum += world.store.verify_audit(trail.as_ref()).await.unwrap().number;
        }
        sum
    };
    let changes = changes();
    let mut before = acts().await;
    let mut one_more = async |what: String, answer: Answer| {
        assert!((200..300).contains(&answer.status), "{what}: {} {}", answer.status, answer.text());
        let now = acts().await;
        assert_eq!(now, before + 1, "{what}");
        before = now;
        answer
    };
    for (method, path, body) in &changes {
        let client = world.client().token(&world.operator);
        let client = if *method == "PUT" { client.header("If-Match", "*") } else { client };
        one_more(format!("{method} {path}"), client.ask(method, path, body.clone())).await;
    }
    let contoso = "/api/v1/tenants/contoso";
    let send = |method: &str, path: &str, kind: &str, octets: &[u8]| {
        world.client().token(&world.contoso).send(method, &format!("{contoso}{path}"), Some((kind, octets)))
    };
    one_more("PUT image".to_owned(), send("PUT", "/images/dot", "image/gif", b"GIF89a\x01\0\x01\0\0\0\0;")).await;
    one_more("POST csv".to_owned(), send("POST", "/csv", "text/csv", b"Email,Name\neve@contoso.example,Eve\n")).await;
    one_more("rollback".to_owned(), world.asks("POST", &format!("{contoso}/csv/rollback"), None)).await;
    let tokens = world.asks("GET", &format!("{contoso}/tokens"), None).done();
    let export = tokens["tokens"].as_array().unwrap().iter().find(|token| token["name"] == "export").unwrap();
    let path = format!("{contoso}/tokens/{}", export["id"].as_str().unwrap());
    one_more("DELETE token".to_owned(), world.asks("DELETE", &path, None)).await;

    // No route was forgotten.
    let document: Value = serde_json::from_str(&crate::web::api::document()).unwrap();
    for (path, methods) in document["paths"].as_object().unwrap() {
        let parts: Vec<&str> = path.split('/').collect();
        for (method, operation) in methods.as_object().unwrap().iter().filter(|(method, _)| *method != "get") {
            let named = format!("{} {}", method.to_uppercase(), path.replace("/api/v1", ""));
            let is_like = |given: &str| {
                let given: Vec<&str> = given.split('?').next().unwrap().split('/').collect();
                given.len() == parts.len()
                    && given.iter().zip(&parts).all(|(one, part)| part.starts_with('{') || one == part)
            };
            let done = changes.iter().any(|(verb, path, _)| verb.eq_ignore_ascii_case(method) && is_like(path));
            let of_people = operation["security"][0]["token"].is_null();
            assert!(
                done || of_people || NOT_HERE.iter().any(|(route, _)| *route == named),
                "{named} is in neither list"
            );
        }
    }
}

on_both! {
    every_route_that_changes_something_writes_one_act,
    acts_are_filtered_and_say_where_from,
    the_trail_is_exported,
    the_trail_is_proven_unbroken_or_where_it_is_broken,
}
