//! Bad input: each is told with its status, its place and a sentence, and changes nothing.

use super::*;

/// A change of contoso's file, and the place and a word of what is then told.
type Wrong = (&'static str, fn(&mut Value), &'static str, &'static str);

/// A name, the path, type and body, and what is told: status, word, place.
type WrongBody<'a> = (&'a str, &'a str, (&'a str, &'a [u8]), u16, &'a str, &'a str);

const FILES: &[Wrong] = &[
    ("unknown field", |file| file["colour"] = json!("red"), "/colour", "unknown field `colour`"),
    ("unknown field deeper", |file| file["people"][0]["age"] = json!(7), "/people/0/age", "unknown field"),
    ("wrong type", |file| file["domains"] = json!("contoso.example"), "/domains", "expected a sequence"),
    ("missing", |file| drop(file.as_object_mut().unwrap().remove("domains")), "", "missing field `domains`"),
    (
        "conflicting domain",
        |file| file["domains"] = json!(["contoso.example", "EVE.example"]),
        "/domains/1",
        "another tenant",
    ),
    ("conflicting certificate", |file| file["peer"]["name"] = json!("mx.eve.example"), "/peer/name", "another tenant"),
    ("no domain", |file| file["domains"] = json!([]), "/domains", "at least one"),
    (
        "unknown block",
        |file| file["signatures"][0]["design"]["blocks"][0]["type"] = json!("video"),
        "/signatures/0/design/blocks/0",
        "video",
    ),
    (
        "block of a field nobody knows",
        |file| file["signatures"][0]["design"]["blocks"][0]["lines"][0] = json!([{"field": "shoeSize"}]),
        "/signatures/0/design/blocks/0",
        "a piece of a line",
    ),
    (
        "image that is not there",
        |file| file["signatures"][1]["design"]["blocks"] = json!([{"type": "logo", "image": "none", "width": 80}]),
        "/signatures/1/design/blocks/0/image",
        "no image",
    ),
    (
        "blocks too deep",
        |file| {
            let mut block = json!({"type": "divider"});
            for _ in 0..12 {
                block = json!({"type": "rows", "blocks": [block]});
            }
            file["signatures"][0]["design"]["blocks"] = json!([block]);
        },
        "/signatures/0/design/blocks/0",
        "level",
    ),
    (
        "expression too large",
        |file| {
            file["signatures"][0]["applies"]["senders"]["attributes"] =
                json!([{"field": "jobTitle", "is": "matches", "value": "(a{1000}){1000}"}])
        },
        "/signatures/0/applies/senders/attributes/0/value",
        "too large",
    ),
    (
        "schedule that never is",
        |file| {
            file["signatures"][0]["applies"]["schedule"] =
                json!({"from": "2030-01-02", "until": "2030-01-01", "zone": "Europe/Vienna"})
        },
        "/signatures/0/applies/schedule",
        "",
    ),
    (
        "nobody's group",
        |file| file["signatures"][0]["applies"]["senders"]["groups"] = json!(["none"]),
        "/signatures/0/applies/senders/groups/0",
        "no group",
    ),
    (
        "two people with one address",
        |file| file["people"][1]["addresses"] = json!(["ada@contoso.example"]),
        "/people/1/addresses/0",
        "belongs to",
    ),
    ("a picture that is none", |file| file["images"][0]["base64"] = json!("R0lGODlh"), "/images/0/base64", "image/png"),
    ("another tenant's file", |file| file["id"] = json!("eve"), "/id", "another tenant"),
    ("an id that is none", |file| file["id"] = json!("con/toso"), "/id", ""),
];

async fn a_file_that_is_wrong_is_told_with_its_place(world: World) {
    let (before, mut faults) = (world.state().await, Vec::<String>::new());
    for (name, change, place, word) in FILES {
        let mut wrong = file("contoso", "contoso.example");
        change(&mut wrong);
        for query in ["", "?dry_run=true"] {
            let client = world.client().token(&world.operator).header("If-Match", "*");
            let answer = client.ask("PUT", &format!("/api/v1/tenants/contoso{query}"), Some(wrong.clone()));
            let (status, kind, at) = answer.refused();
            let right = (status, kind.as_str()) == (422, "invalid") && at.starts_with(place);
            if !right || !answer.text().contains(word) {
                faults.push(format!("{name}: {}", answer.text()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert_eq!(world.state().await, before);
}

async fn a_body_that_is_wrong_is_told(world: World) {
    let (before, mut faults) = (world.state().await, Vec::<String>::new());
    let mode = "/api/v1/tenants/contoso/mode";
    let large = vec![b' '; super::super::body::MOST_BYTES + 1];
    let larger = vec![b' '; (4 << 20) + 1];
    let kind = "application/json";
    let table: &[WrongBody<'_>] = &[
        ("broken", mode, (kind, b"{\"mode\": "), 400, "malformed", "/mode"),
        ("no JSON", mode, (kind, b"mode=live"), 400, "malformed", ""),
        ("more after it", mode, (kind, b"{\"mode\": \"live\"} x"), 400, "malformed", ""),
        ("empty", mode, (kind, b""), 400, "malformed", ""),
        ("not UTF-8", mode, (kind, b"{\"mode\": \"\xff\"}"), 400, "malformed", "/mode"),
        ("unknown field", mode, (kind, b"{\"mode\": \"live\", \"why\": 1}"), 422, "invalid", "/why"),
        ("unknown mode", mode, (kind, b"{\"mode\": \"on\"}"), 422, "invalid", "/mode"),
        ("nobody in the pilot", mode, (kind, b"{\"mode\": {\"pilot\": {}}}"), 422, "invalid", "/mode/pilot"),
        (
            "not there",
            mode,
            (kind, b"{\"mode\": {\"pilot\": {\"people\": [\"zoe\"]}}}"),
            422,
            "invalid",
            "/mode/pilot/people/0",
        ),
        ("no time", mode, (kind, b"{\"mode\": \"live\", \"until\": \"soon\"}"), 422, "invalid", "/until"),
        ("past", mode, (kind, b"{\"mode\": \"live\", \"until\": \"2000-01-01T00:00:00Z\"}"), 422, "invalid", "/until"),
        ("no duration", mode, (kind, b"{\"mode\": \"live\", \"for\": \"long\"}"), 422, "invalid", "/for"),
        (
            "both",
            mode,
            (kind, b"{\"mode\": \"live\", \"for\": \"1h\", \"until\": \"2999-01-01T00:00:00Z\"}"),
            422,
            "invalid",
            "/for",
        ),
        ("another type", mode, ("text/plain", b"{\"mode\": \"live\"}"), 415, "media_type", "Content-Type"),
        ("a form", mode, ("application/x-www-form-urlencoded", b"mode=live"), 415, "media_type", "Content-Type"),
        ("too large", mode, (kind, &large), 413, "too_large", "-"),
        ("file too large", "/api/v1/tenants/contoso", (kind, &larger), 413, "too_large", "-"),
        ("file that is none", "/api/v1/tenants/contoso", (kind, b"[]"), 422, "invalid", ""),
    ];
    for (name, path, body, status, word, place) in table {
        let answer = world.client().token(&world.contoso).send("PUT", path, Some(*body));
        if answer.refused() != (*status, (*word).to_owned(), (*place).to_owned()) {
            faults.push(format!("{name}: {}", answer.text()));
        }
    }
    assert!(
        faults.is_empty(),
        "{}",
        faults.join(
            "
"
        )
    );
    // A length that is not told, and is too large all the same.
    let head = format!(
        "PUT {mode} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {}\r\n\
        Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n",
        world.contoso,
        large.len()
    );
    let answer = world.client().octets(&[head.as_bytes(), &large, b"\r\n0\r\n\r\n"].concat());
    assert_eq!(answer.refused().0, 413);
    assert_eq!(world.state().await, before);
}

async fn a_path_that_is_wrong_is_told(world: World) {
    let before = world.state().await;
    for (method, path, status) in [
        ("GET", "/api/v1/tenants/nobody", 404),
        ("GET", "/api/v1/tenants/..%2fcontoso", 404),
        ("GET", "/api/v1/tenants/contoso%00", 404),
        ("GET", "/api/v1/tenants/contoso/", 404),
        ("GET", "/api/v1/tenants/nobody/export", 404),
        ("PUT", "/api/v1/tenants/nobody/mode", 404),
        ("GET", "/api/v1/nothing", 404),
        ("GET", "/api/v2/tenants", 404),
        ("PATCH", "/api/v1/tenants/contoso", 405),
        ("POST", "/api/v1/tenants/contoso/export", 405),
        ("GET", "/api/v1/tenants?limit=many", 400),
        ("DELETE", "/api/v1/tenants/contoso?dry_run=perhaps", 400),
    ] {
        let body = (method == "PUT").then(|| json!({"mode": "live"}));
        let answer = world.operates(method, path, body);
        assert_eq!(answer.refused().0, status, "{method} {path}: {}", answer.text());
    }
    assert_eq!(world.state().await, before);
}

async fn what_is_not_allowed_is_told_with_what_is(world: World) {
    let answer = world.operates("PATCH", "/api/v1/tenants/contoso", None);
    assert_eq!((answer.refused().0, answer.header("allow")), (405, Some("DELETE, GET, PUT")));
    // A whole tenant that is larger than what the API takes is not given either.
    let mut large = file("contoso", "contoso.example");
    large["people"][0]["custom"] = (0..1100).map(|number| (format!("c{number}"), json!("x".repeat(4000)))).collect();
    world.store.import(&parse(&large)).await.unwrap();
    let answer = world.operates("GET", "/api/v1/tenants/contoso/export", None);
    assert_eq!(answer.refused().0, 413);
    assert!(answer.text().contains("signet tenant export"), "{}", answer.text());
}

async fn who_the_tenant_is_only_the_operator_says(world: World) {
    let before = world.state().await;
    let changes: [fn(&mut Value); 3] = [
        |file| file["domains"] = json!(["contoso.example", "contoso.test"]),
        |file| file["microsoft_tenant_id"] = json!("bf24ff3e-ad0a-4c79-a44a-df7092489e22"),
        |file| file["peer"]["next_hop"]["host"] = json!("elsewhere.example"),
    ];
    let put = |token: &str, file: &Value| {
        let client = world.client().token(token).header("If-Match", "*");
        client.ask("PUT", "/api/v1/tenants/contoso", Some(file.clone()))
    };
    for (change, place) in changes.iter().zip(["/domains", "/microsoft_tenant_id", "/peer"]) {
        let mut wanted = file("contoso", "contoso.example");
        change(&mut wanted);
        assert_eq!(put(&world.contoso, &wanted).refused(), (403, "forbidden".to_owned(), place.to_owned()));
    }
    for (method, path) in [("DELETE", "/api/v1/tenants/contoso"), ("POST", "/api/v1/tenants")] {
        assert_eq!(world.asks(method, path, Some(file("new", "new.example"))).refused().0, 403);
    }
    assert_eq!(world.state().await, before);
    let mut wanted = file("contoso", "contoso.example");
    changes[0](&mut wanted);
    put(&world.operator, &wanted).done();
}

on_both! {
    a_file_that_is_wrong_is_told_with_its_place,
    a_body_that_is_wrong_is_told,
    a_path_that_is_wrong_is_told,
    what_is_not_allowed_is_told_with_what_is,
    who_the_tenant_is_only_the_operator_says,
}
