//! What stands at the head of every answer, whatever it is: pages, files, answers of the API, refusals of every kind.

use super::*;

/// Reached by TLS: a proxy before it, as its address says.
async fn behind_tls() -> World {
    World::on_sqlite().await.begun_with(|start| {
        start.console.url = Some("https://console.example".to_owned());
        start.console.http_address = Some(([127, 0, 0, 1], 0).into());
    })
}

#[tokio::test]
async fn every_answer_says_what_browsers_must_not_do_with_it() {
    let world = behind_tls().await;
    let (client, operator) = (|| world.client(), world.operator.clone());
    let page = client().ask("GET", "/", None);
    let script = page.text().split("src=\"/assets/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let large = vec![b' '; 5 << 20];
    let is_json = |octets| Some(("application/json", octets));
    let mut answers = vec![
        (200, page),
        (200, client().ask("GET", &format!("/assets/{script}"), None)),
        (200, client().ask("GET", "/t/contoso/signatures", None)),
        (200, client().token(&operator).ask("GET", "/api/v1/tenants", None)),
        (204, client().header("Sec-Fetch-Site", "same-origin").ask("POST", "/api/v1/sign-out", None)),
        (401, client().ask("GET", "/api/v1/tenants", None)),
        (403, client().ask("POST", "/api/v1/sign-in", Some(json!({})))),
        (404, client().ask("GET", "/assets/none.js", None)),
        (404, client().token(&operator).ask("GET", "/api/v1/none", None)),
        (405, client().token(&operator).ask("PATCH", "/api/v1/tenants", None)),
        (413, client().token(&operator).send("POST", "/api/v1/tenants", is_json(&large[..]))),
        (415, client().token(&operator).send("POST", "/api/v1/tenants", Some(("text/plain", b"x")))),
        (422, client().token(&operator).send("POST", "/api/v1/tenants", is_json(&b"{}"[..]))),
    ];
    // A fault of ours: the store is no store any more.
    for entry in std::fs::read_dir(world._folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("signet.db")) {
            std::fs::write(path, b"no store").unwrap();
        }
    }
    let broken = client().token(&operator).ask("GET", "/api/v1/tenants/contoso", None);
    assert!(broken.status >= 500, "{broken:?}");
    answers.push((broken.status, broken));
    for (wanted, answer) in answers {
        assert_eq!(answer.status, wanted, "{answer:?}");
        let policy = answer.header("content-security-policy").unwrap_or_default();
        assert!(policy.starts_with("default-src 'none';") && policy.contains("frame-ancestors 'none'"), "{answer:?}");
        assert!(!policy.contains("script-src 'unsafe") && !policy.contains("'unsafe-eval'"), "{policy}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-resource-policy", "same-origin"),
            ("strict-transport-security", "max-age=63072000; includeSubDomains"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{wanted}: {:?}", answer.headers);
        }
        assert_eq!(answer.header("server"), None);
    }
}

#[tokio::test]
async fn plain_http_leads_to_https_alone() {
    let world = behind_tls().await;
    let client = Client::new(world.api.http_address().unwrap());
    let answer = client.header("Cookie", "__Host-signet=abc").ask("POST", "/api/v1/sign-in", Some(json!({})));
    assert_eq!((answer.status, answer.header("location")), (308, Some("https://console.example/api/v1/sign-in")));
    assert_eq!(answer.body, b"");
}
