//! Signatures and folders, one by one: each change is one revision and one act, and leaves everything else as it was.

use super::*;

const ALL: &str = "/api/v1/tenants/contoso/signatures";

fn ids(world: &World) -> Vec<String> {
    let list = world.asks("GET", ALL, None).done();
    list["signatures"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

async fn signatures_are_made_changed_moved_and_removed(world: World) {
    let exported = || world.asks("GET", "/api/v1/tenants/contoso/export", None).done();
    let mut wanted = exported();
    let mut new = signature("third", "Cheers");
    new["enabled"] = json!(false);
    let made = world.asks("POST", ALL, Some(new.clone()));
    assert_eq!((made.status, made.header("location")), (201, Some("/api/v1/tenants/contoso/signatures/third")));
    assert_eq!(ids(&world), ["standard", "short", "third"]);
    assert_eq!(world.asks("POST", ALL, Some(new.clone())).refused().0, 409);

    let third = format!("{ALL}/third");
    let mut saved = world.asks("GET", &third, None);
    let tag = saved.header("etag").unwrap().to_owned();
    let mut entry = saved.json();
    entry["folder"] = json!("campaigns");
    let put = |tag: &str| {
        world.client().token(&world.contoso).header("If-Match", tag).ask("PUT", &third, Some(entry.clone()))
    };
    put(&tag).done();
    assert_eq!(put(&tag).refused().0, 412);
    saved = world.asks("GET", &third, None);
    assert_eq!(saved.json(), entry);

    world.asks("PUT", &format!("{third}/enabled"), Some(json!({"enabled": true}))).done();
    entry["enabled"] = json!(true);
    let order = "/api/v1/tenants/contoso/signature-order";
    world.asks("PUT", order, Some(json!({"signatures": ["third", "standard", "short"]}))).done();
    assert_eq!(ids(&world), ["third", "standard", "short"]);
    world.asks("PUT", "/api/v1/tenants/contoso/folders/campaigns/enabled", Some(json!({"enabled": false}))).done();
    world.asks("DELETE", &format!("{ALL}/short"), None).done();
    // All of it, and nothing else.
    wanted["folders"][0]["enabled"] = json!(false);
    let standard = wanted["signatures"][0].clone();
    wanted["signatures"] = json!([entry, standard]);
    assert_eq!(exported(), wanted);
    let trail = world.asks("GET", "/api/v1/tenants/contoso/audit", None).done();
    let told: Vec<String> = trail["acts"]
        .as_array()
        .unwrap()
        .iter()
        .rev()
        .skip(2)
        .map(|act| {
            format!("{} {} {}", act["action"].as_str().unwrap(), act["object"].as_str().unwrap(), act["revision"])
        })
        .collect();
    assert_eq!(
        told,
        [
            "signature.create third 2",
            "signature.replace third 3",
            "signature.switch third 4",
            "signature.order  5",
            "folder.switch campaigns 6",
            "signature.remove short 7"
        ]
    );
    // An edge takes it.
    let stored = world.store.load(&id("contoso")).await.unwrap().unwrap();
    crate::tenant::Snapshot::compile(stored.file, stored.secrets, stored.revision).unwrap();
}

/// A change of a signature, and the place and a word of what is then told.
type Wrong = (fn(&mut Value), &'static str, &'static str);

async fn a_signature_that_is_wrong_is_told_with_its_place(world: World) {
    let table: &[Wrong] = &[
        (|one| one["colour"] = json!("red"), "/colour", "unknown field"),
        (|one| one["id"] = json!("short"), "/id", "an id never changes"),
        (|one| one["folder"] = json!("none"), "/folder", "no folder"),
        (|one| one["design"]["blocks"] = json!([{"type": "video"}]), "/design/blocks/0", "video"),
        (
            |one| one["design"]["blocks"] = json!([{"type": "logo", "image": "none", "width": 80}]),
            "/design/blocks/0/image",
            "no image",
        ),
        (|one| one["applies"]["senders"]["people"] = json!(["zoe"]), "/applies/senders/people/0", "no person"),
        (
            |one| one["applies"]["except"] = json!({"senders": {"groups": ["none"]}}),
            "/applies/except/senders/groups/0",
            "no group",
        ),
        (|one| one["trial"] = json!({}), "/trial", "nobody"),
        (
            |one| {
                one["applies"]["senders"]["attributes"] =
                    json!([{"field": "jobTitle", "is": "matches", "value": "(a{1000}){1000}"}])
            },
            "/applies/senders/attributes/0/value",
            "too large",
        ),
        (
            |one| {
                one["applies"]["schedule"] =
                    json!({"from": "2030-01-02", "until": "2030-01-01", "zone": "Europe/Vienna"})
            },
            "/applies/schedule",
            "",
        ),
    ];
    let (before, mut faults) = (world.state().await, Vec::<String>::new());
    for (change, place, word) in table {
        let mut wrong = signature("standard", "Kind regards");
        change(&mut wrong);
        for query in ["", "?dry_run=true"] {
            let answer = world.asks("PUT", &format!("{ALL}/standard{query}"), Some(wrong.clone()));
            let (status, _, at) = answer.refused();
            if status != 422 || !at.starts_with(place) || !answer.text().contains(word) {
                faults.push(format!("{place}: {}", answer.text()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let body = || Some(signature("none", "x"));
    for (method, path, body, status, place) in [
        ("PUT", format!("{ALL}/none"), body(), 404, "-"),
        ("DELETE", format!("{ALL}/none"), None, 404, "-"),
        ("PUT", format!("{ALL}/none/enabled"), Some(json!({"enabled": true})), 404, "-"),
        ("PUT", format!("{ALL}/standard/enabled"), Some(json!({"enabled": "yes"})), 422, "/enabled"),
        (
            "PUT",
            "/api/v1/tenants/contoso/signature-order".into(),
            Some(json!({"signatures": ["standard"]})),
            422,
            "/signatures",
        ),
        (
            "PUT",
            "/api/v1/tenants/contoso/signature-order".into(),
            Some(json!({"signatures": ["standard", "standard"]})),
            422,
            "/signatures/1",
        ),
        ("PUT", "/api/v1/tenants/contoso/folders/none/enabled".into(), Some(json!({"enabled": true})), 404, "-"),
        (
            "PUT",
            "/api/v1/tenants/contoso/folders".into(),
            Some(json!({"folders": [{"id": "a"}, {"id": "a"}]})),
            422,
            "/folders/1/id",
        ),
        ("POST", format!("{ALL}/standard/versions/9/restore"), None, 404, "-"),
        ("POST", format!("{ALL}/none/versions/1/restore"), None, 404, "-"),
        ("POST", format!("{ALL}/standard/versions/x/restore"), None, 404, "-"),
        ("GET", format!("{ALL}/none/versions"), None, 404, "-"),
        ("GET", format!("{ALL}/standard/versions/7/differences"), None, 404, "-"),
        ("GET", format!("{ALL}/none/preview?person=ada"), None, 404, "-"),
        ("GET", format!("{ALL}/standard/preview?person=zoe"), None, 404, "-"),
        ("GET", format!("{ALL}/standard/preview"), None, 400, "?"),
    ] {
        let answer = world.asks(method, &path, body);
        let (said, _, at) = answer.refused();
        assert_eq!((said, at.as_str()), (status, place), "{method} {path}: {}", answer.text());
    }
    assert_eq!(world.state().await, before);
}

async fn what_a_signature_was_is_told_and_comes_back(world: World) {
    let one = format!("{ALL}/standard");
    let mut entry = world.asks("GET", &one, None).done();
    let first = entry.clone();
    entry["name"] = json!("Everyone");
    entry["design"]["blocks"][0]["lines"][0] = json!(["Best regards ", {"field": "displayName"}]);
    world.asks("PUT", &one, Some(entry.clone())).done();
    world.asks("DELETE", &one, None).done();
    let versions = world.asks("GET", &format!("{one}/versions"), None).done();
    let told: Vec<_> = versions["versions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|version| {
            assert!(version["time"].is_string() && version["author"].is_string());
            (version["version"].as_i64().unwrap(), version["removed"].as_bool().unwrap(), version["name"].as_str())
        })
        .collect();
    assert_eq!(told, [(3, true, None), (2, false, Some("Everyone")), (1, false, Some("standard"))]);
    assert_eq!(world.asks("GET", &format!("{one}/versions/2"), None).done()["signature"], entry);

    let differences = world.asks("GET", &format!("{one}/versions/2/differences"), None).done();
    assert_eq!((&differences["from"], &differences["to"]), (&json!(1), &json!(2)));
    let sentences: Vec<&str> =
        differences["differences"].as_array().unwrap().iter().map(|one| one["sentence"].as_str().unwrap()).collect();
    assert_eq!(
        sentences,
        [
            "design, block 1, line 1: “Kind regards {displayName}” is “Best regards {displayName}” now",
            "name: “standard” is “Everyone” now",
        ]
    );
    let gone = world.asks("GET", &format!("{one}/versions/3/differences"), None).done();
    assert_eq!(gone["differences"][0]["sentence"], "the signature was removed");
    let back = world.asks("GET", &format!("{one}/versions/1/differences?from=2"), None).done();
    assert_eq!(back["differences"].as_array().unwrap().len(), 2);

    world.asks("POST", &format!("{one}/versions/1/restore"), None).done();
    assert_eq!(world.asks("GET", &one, None).done(), first);
    assert_eq!(ids(&world), ["short", "standard"], "one that is gone comes back at the end");
    assert_eq!(
        world.last_act("contoso").await.after,
        Some(json!({"signatures": {"came": 1}, "signature_versions": {"standard": 4}}))
    );
}

on_both! {
    signatures_are_made_changed_moved_and_removed,
    a_signature_that_is_wrong_is_told_with_its_place,
    what_a_signature_was_is_told_and_comes_back,
}
