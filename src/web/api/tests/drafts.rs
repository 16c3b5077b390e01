//! Drafts: saved over nobody's work, looked at by others, and never in anybody's mail.

use super::*;

const DRAFT: &str = "/api/v1/tenants/contoso/signatures/standard/draft";
const ALL: &str = "/api/v1/tenants/contoso/drafts";

fn sent(text: &str) -> Option<Value> {
    Some(json!({"draft": signature("standard", text), "base": signature("standard", "Kind regards")}))
}

fn save(world: &World, header: (&str, &str), body: Option<Value>) -> Answer {
    world.client().token(&world.contoso).header(header.0, header.1).ask("PUT", DRAFT, body)
}

async fn a_draft_is_saved_over_nobodys_work(world: World) {
    assert_eq!(world.asks("GET", DRAFT, None).refused().0, 404);
    let before = world.asks("GET", "/api/v1/tenants/contoso/export", None);
    let first = world.asks("PUT", DRAFT, sent("Good day"));
    assert_eq!(first.status, 200, "{}", first.text());
    let tag = first.header("etag").unwrap().to_owned();
    assert_eq!(first.json()["problems"], json!([]));

    // Somebody else has begun, saved or discarded meanwhile.
    assert_eq!(world.asks("PUT", DRAFT, sent("Hello")).refused().0, 412);
    let second = save(&world, ("If-Match", &tag), sent("Good evening"));
    let newer = second.header("etag").unwrap().to_owned();
    assert_ne!(newer, tag);
    let refused = save(&world, ("If-Match", &tag), sent("Hello")).refused();
    assert_eq!((refused.0, refused.2.as_str()), (412, "If-Match"));
    let old = world.client().token(&world.contoso).header("If-Match", &tag);
    assert_eq!(old.ask("DELETE", DRAFT, None).refused().0, 412);
    let read = world.asks("GET", DRAFT, None);
    assert_eq!(read.header("etag"), Some(newer.as_str()));
    assert_eq!(read.json()["draft"], signature_as_read(&world, "Good evening"));
    assert_eq!(read.json()["base"]["id"], "standard");

    // Nothing that mail is signed with has changed, nor its revision.
    let after = world.asks("GET", "/api/v1/tenants/contoso/export", None);
    assert_eq!((after.header("etag"), &after.body), (before.header("etag"), &before.body));

    assert_eq!(world.asks("DELETE", DRAFT, None).status, 204);
    assert_eq!(world.asks("DELETE", DRAFT, None).refused().0, 404);
    assert_eq!(save(&world, ("If-Match", &newer), sent("Hello")).refused().0, 412, "it was discarded");
    let again = world.asks("PUT", DRAFT, sent("Hello"));
    assert_ne!(again.header("etag"), Some(newer.as_str()), "a version never comes twice");
}

/// As the API writes it out.
fn signature_as_read(world: &World, text: &str) -> Value {
    let published = world.asks("GET", "/api/v1/tenants/contoso/signatures/standard", None).json();
    let mut entry = published;
    entry["design"]["blocks"][0]["lines"][0][0] = json!(format!("{text} "));
    entry
}

async fn a_draft_may_be_unfinished_and_says_so(world: World) {
    let mut unfinished = sent("Hello").unwrap();
    unfinished["draft"]["design"]["blocks"] = json!([{"type": "logo", "image": "nowhere", "width": 80}]);
    unfinished["draft"]["applies"]["senders"]["groups"] = json!(["nobody"]);
    let kept = world.asks("PUT", DRAFT, Some(unfinished)).done();
    let places: Vec<&str> =
        kept["problems"].as_array().unwrap().iter().map(|one| one["place"].as_str().unwrap()).collect();
    assert!(places.iter().any(|place| place.starts_with("/design/blocks/0")), "{kept}");
    assert!(places.iter().any(|place| place.starts_with("/applies/senders")), "{kept}");
    // A picture of the library comes with the signature that shows it.
    let mut new = json!({"draft": signature("new", "Hello")});
    new["draft"]["design"]["blocks"] = json!([{"type": "logo", "image": "atlas", "width": 80}]);
    let path = "/api/v1/tenants/contoso/signatures/new/draft";
    assert_eq!(world.asks("PUT", path, Some(new.clone())).done()["problems"], json!([]));
    let rendered = world.asks("GET", "/api/v1/tenants/contoso/signatures/new", None);
    assert_eq!(rendered.refused().0, 404, "a proposal is no signature");
    world.asks("POST", "/api/v1/tenants/contoso/signatures", Some(new["draft"].clone())).done();

    let wrong: &[(Value, u16)] = &[
        (json!({"draft": signature("other", "Hello")}), 422),
        (json!({"draft": {"id": "standard", "design": {"version": 1, "blocks": [{"type": "script"}]}}}), 422),
        (json!({"draft": signature("standard", &"x".repeat(600_000))}), 422),
        (json!({}), 422),
    ];
    for (body, status) in wrong {
        let refused = save(&world, ("If-Match", "*"), Some(body.clone()));
        assert_eq!(refused.refused().0, *status, "{}", refused.text());
    }
    let bad = json!({"draft": signature("a b", "Hello")});
    let refused = world.asks("PUT", "/api/v1/tenants/contoso/signatures/a%20b/draft", Some(bad)).refused();
    assert_eq!((refused.0, refused.2.as_str()), (422, "/draft/id"));
}

async fn a_designer_asks_and_an_editor_publishes_or_sends_back(world: World) {
    let scopes = [Permission::SignaturesRead, Permission::DraftsWrite];
    let designer = token(&world.store, Some("contoso"), &scopes).await;
    let designs =
        |method: &str, path: &str, body: Option<Value>| world.client().token(&designer).ask(method, path, body);
    let tag = designs("PUT", DRAFT, sent("Good day")).header("etag").unwrap().to_owned();
    assert_eq!(designs("PUT", "/api/v1/tenants/contoso/signatures/standard", None).refused().0, 403);
    let state = |state: &str| Some(json!({"state": state, "note": " For spring "}));
    let path = format!("{DRAFT}/state");
    assert_eq!(designs("PUT", &path, state("waiting")).status, 204);
    assert_eq!(designs("PUT", &path, state("returned")).refused().0, 403);
    assert_eq!(designs("PUT", &path, state("published")).refused().0, 422);

    let listed = world.asks("GET", ALL, None).done();
    let one = &listed["drafts"][0];
    assert_eq!(
        (&one["signature"], &one["state"], &one["note"], &one["is_new"], &one["who"]),
        (&json!("standard"), &json!("waiting"), &json!("For spring"), &json!(false), &json!("test"))
    );
    let told = world.asks("GET", &format!("{DRAFT}/differences"), None).done();
    assert_eq!(told["differences"].as_array().unwrap().len(), 1, "{told}");
    assert!(told["differences"][0]["sentence"].as_str().unwrap().contains("Good day"), "{told}");

    assert_eq!(world.asks("PUT", &path, state("returned")).status, 204);
    // To ask is no save: who draws goes on at the version that was seen.
    let tag = world.client().token(&designer).header("If-Match", &tag).ask("PUT", DRAFT, sent("Good morning"));
    let tag = tag.header("etag").unwrap().to_owned();
    let draft = world.asks("GET", DRAFT, None).done()["draft"].clone();
    world.asks("PUT", "/api/v1/tenants/contoso/signatures/standard", Some(draft)).done();
    world.client().token(&world.contoso).header("If-Match", &tag).ask("DELETE", DRAFT, None).done();
    assert_eq!(world.asks("GET", ALL, None).done(), json!({"drafts": []}));
    let acts = world.store.audit(Some(&id("contoso")), None, 5).await.unwrap();
    let acts: Vec<&str> = acts.iter().map(|act| act.action.as_str()).collect();
    assert_eq!(acts, ["draft.end", "signature.replace", "draft.return", "draft.ask", "draft.begin"]);
}

async fn the_tester_counts_drafts_when_asked(world: World) {
    let mut draft = sent("Hello").unwrap();
    draft["draft"]["applies"] = json!({"recipients": {"domains": ["friend.example"]}});
    let ask = |drafts: bool, to: &str| {
        let body = json!({"from": "ada@contoso.example", "to": [to], "drafts": drafts});
        let told = world.asks("POST", "/api/v1/tenants/contoso/explain", Some(body)).done();
        let one = &told["explanations"][0];
        let would_be = one["would_be"].as_array().or(one["signatures"].as_array()).unwrap();
        would_be.first().cloned().unwrap_or_default()
    };
    world.asks("PUT", DRAFT, Some(draft)).done();
    assert_eq!((ask(false, "x@other.example"), ask(true, "x@other.example")), (json!("standard"), json!("short")));
    assert_eq!(ask(true, "x@friend.example"), "standard");
    // One that could not be published counts for nothing.
    let mut broken = sent("Hello").unwrap();
    broken["draft"]["applies"] = json!({"senders": {"groups": ["nobody"]}});
    save(&world, ("If-Match", "*"), Some(broken)).done();
    assert_eq!(ask(true, "x@other.example"), "standard");
}

async fn a_draft_goes_with_its_signature_and_its_tenant_and_is_no_others(world: World) {
    world.asks("PUT", DRAFT, sent("Hello")).done();
    world
        .asks("PUT", "/api/v1/tenants/contoso/signatures/new/draft", Some(json!({"draft": signature("new", "Hi")})))
        .done();
    let foreign = token(&world.store, Some("eve"), &Permission::ALL).await;
    let eves = world.client().token(&foreign).ask("GET", "/api/v1/tenants/eve/drafts", None).done();
    assert_eq!(eves, json!({"drafts": []}));
    let eves = world.client().token(&foreign).ask("GET", "/api/v1/tenants/eve/signatures/standard/draft", None);
    assert_eq!(eves.refused().0, 404);
    world.asks("DELETE", "/api/v1/tenants/contoso/signatures/standard", None).done();
    let left = world.asks("GET", ALL, None).done();
    assert_eq!((left["drafts"].as_array().unwrap().len(), &left["drafts"][0]["is_new"]), (1, &json!(true)));
    world.operates("DELETE", "/api/v1/tenants/contoso", None).done();
    world.operates("POST", "/api/v1/tenants", Some(file("contoso", "contoso.example"))).done();
    assert_eq!(world.operates("GET", ALL, None).done(), json!({"drafts": []}));
}

async fn so_many_drafts_are_kept_and_no_more(world: World) {
    let save = |name: &str, query: &str| {
        let path = format!("/api/v1/tenants/contoso/signatures/{name}/draft{query}");
        world.asks("PUT", &path, Some(json!({"draft": signature(name, "Hi")})))
    };
    save("p0", "?dry_run=true").done();
    assert_eq!(world.asks("GET", ALL, None).done(), json!({"drafts": []}), "a trial");
    for number in 0..200 {
        save(&format!("p{number}"), "").done();
    }
    assert_eq!(save("one-more", "").refused().0, 422);
}

on_both! {
    a_draft_is_saved_over_nobodys_work,
    a_draft_may_be_unfinished_and_says_so,
    a_designer_asks_and_an_editor_publishes_or_sends_back,
    the_tester_counts_drafts_when_asked,
    a_draft_goes_with_its_signature_and_its_tenant_and_is_no_others,
    so_many_drafts_are_kept_and_no_more,
}
