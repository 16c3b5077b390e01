//! People at the door: who asks for nobody learns nothing by the answer or by the work that it takes, and what matters
//! most asks for the password again.

use super::super::failures::MOST_FAILURES;
use super::*;
use crate::account::Role;
use crate::config::{Mail, MailSecurity};
use crate::store::{By, hashed};

/// A console with strangers who may sign up; its mail goes nowhere.
fn with_sign_up(start: &mut Start) {
    start.console.accounts.sign_up = true;
    start.mail = Some(Mail {
        host: "127.0.0.1".to_owned(),
        port: 1,
        security: MailSecurity::Plaintext,
        login: None,
        from: "Signet <signet@console.example>".to_owned(),
        roots: None,
    });
}

async fn who_is_unknown_costs_what_who_is_known_does(world: World) {
    world.member("contoso", Role::Owner).await;
    let world = world.begun_with(with_sign_up);
    let ask = |path: &str, body: Value| {
        let client = world.client().header("Sec-Fetch-Site", "same-origin");
        client.ask("POST", &format!("/api/v1{path}"), Some(body))
    };
    let mut told = Vec::new();
    for (name, email) in [("known", "owner@contoso.example"), ("unknown", "nobody@contoso.example")] {
        let (wrong, new) = (format!("wrong-otter-81-{name}"), format!("wet-otter-93-plumb-{name}"));
        let sign_up = json!({"first_name": "A", "last_name": "B", "company": "C", "telephone": "1", "email": email,
            "address_line_1": "D", "city": "E", "country": "NL", "password": new});
        let answers = [
            ask("/sign-in", json!({"email": email, "password": wrong})),
            ask("/password/forgot", json!({"email": email})),
            ask("/sign-up", sign_up),
        ];
        let answers = answers.map(|answer| (answer.status, answer.text().replace(email, "…")));
        told.push((answers, hashed::times(&wrong), hashed::times(&new)));
    }
    assert_eq!(told[0], told[1]);
    let (answers, signing_in, signing_up) = &told[0];
    assert_eq!((answers[0].0, answers[1].0, answers[2].0), (401, 202, 202), "{answers:?}");
    assert_eq!((signing_in, signing_up), (&1, &1), "each is hashed, whether there is an account or not");
}

/// How long ago the password was shown that is asked for again, and still the session is good.
const LONG_AGO_MS: i64 = 16 * 60_000;

async fn what_matters_most_asks_for_the_password_again(world: World) {
    let account = world.member("contoso", Role::Owner).await;
    let now = jiff::Timestamp::now().as_millisecond();
    let old = world.store.begin_session(&account, "a browser", &By::Password, now - LONG_AGO_MS).await.unwrap();
    let before = world.state().await;
    let ask = |method: &str, path: &str, body: Option<Value>| {
        let client = world.client().header("Cookie", &format!("signet={old}")).header("Sec-Fetch-Site", "same-origin");
        client.ask(method, &format!("/api/v1{path}"), body)
    };
    assert_eq!(ask("GET", "/session", None).status, 200, "it is still signed in");
    let member = format!("/tenants/contoso/members/{account}");
    for (method, path, body) in [
        ("POST", "/account/totp", None),
        ("PUT", "/account/totp", Some(json!({"code": "123456"}))),
        ("DELETE", "/account/totp", None),
        ("DELETE", "/account", None),
        ("PUT", &member, Some(json!({"role": "support"}))),
        ("DELETE", &member, None),
        ("POST", "/tenants/contoso/tokens", Some(json!({"name": "x", "scopes": ["tenant:read"], "days": 1}))),
        ("POST", "/tenants/contoso/invitations", Some(json!({"email": "a@b.example", "role": "editor"}))),
        ("PUT", "/tenants/contoso/connection/certificate", Some(json!({"chain": "x", "key": "x"}))),
    ] {
        let answer = ask(method, path, body);
        assert_eq!(answer.refused(), (403, "reauthenticate".to_owned(), "-".to_owned()), "{method} {path}");
    }
    // Another password takes the old one, whenever that was typed last.
    let change = Some(json!({"old": "wrong", "new": "wet-otter-93-plumb"}));
    assert_eq!(ask("POST", "/account/password", change).refused().1, "wrong");
    assert_eq!(world.state().await, before);
    let password = Some(json!({"password": "wet-otter-81-plumb"}));
    assert_eq!(ask("POST", "/session/confirm", password).status, 204);
    let token = Some(json!({"name": "x", "scopes": ["tenant:read"], "days": 1}));
    assert_eq!(ask("POST", "/tenants/contoso/tokens", token).status, 201);
}

/// Longer than any password: nobody's, so that it is not hashed.
fn too_long() -> String {
    "x".repeat(crate::account::MOST_CHARACTERS + 1)
}

async fn who_is_unknown_waits_as_who_is_known_does(world: World) {
    world.member("contoso", Role::Owner).await;
    let ask = |email: &str| {
        let client = world.client().header("Sec-Fetch-Site", "same-origin");
        let answer = client.ask("POST", "/api/v1/sign-in", Some(json!({"email": email, "password": too_long()})));
        (answer.status, answer.text())
    };
    // However the address is written, it is the same one.
    let known = ["owner@contoso.example", "Owner@Contoso.example", " OWNER@contoso.example "];
    let unknown = ["nobody@contoso.example", "Nobody@Contoso.example", " NOBODY@contoso.example "];
    let [known, unknown] = [known, unknown].map(|emails| emails.iter().cycle().take(7).map(|one| ask(one)).collect());
    let (known, unknown): (Vec<_>, Vec<_>) = (known, unknown);
    assert_eq!(known, unknown);
    assert_eq!(known.iter().map(|(status, _)| *status).collect::<Vec<_>>(), [401, 401, 401, 401, 401, 429, 429]);
}

async fn who_fails_for_many_addresses_waits_but_in_a_trusted_browser(world: World) {
    let account = world.member("contoso", Role::Owner).await;
    let now = jiff::Timestamp::now().as_millisecond();
    let trusted = world.store.trust_device(&account, "a browser", now, 60_000).await.unwrap();
    let ask = |cookie: &str, email: &str, password: &str| {
        let client = world.client().header("Sec-Fetch-Site", "same-origin").header("Cookie", cookie);
        client.ask("POST", "/api/v1/sign-in", Some(json!({"email": email, "password": password})))
    };
    for number in 0..MOST_FAILURES {
        assert_eq!(ask("", &format!("n{number}@contoso.example"), &too_long()).status, 401, "{number}");
    }
    let own = "owner@contoso.example";
    for cookie in ["", "signet-device=made-up"] {
        let refused = ask(cookie, own, "wet-otter-81-plumb").refused();
        assert_eq!((refused.0, refused.1.as_str()), (429, "too_many"), "{cookie:?}");
    }
    let signed_in = ask(&format!("signet-device={trusted}"), own, "wet-otter-81-plumb").done();
    assert_eq!(signed_in["state"], "signed_in");
}

/// Codes that are guessed and mails that are asked for count together, for both.
async fn who_guesses_codes_or_asks_for_mails_too_often_waits(world: World) {
    let ask = |path: &str, body: serde_json::Value| {
        let client = world.client().header("Sec-Fetch-Site", "same-origin").header("Cookie", "signet-attempt=made-up");
        client.ask("POST", &format!("/api/v1{path}"), Some(body)).status
    };
    let code = || ask("/sign-in/code", json!({"code": "000000", "remember": false}));
    let mail = |number: u32| ask("/password/forgot", json!({"email": format!("n{number}@contoso.example")}));
    for number in 0..MOST_FAILURES / 2 {
        assert_eq!((code(), mail(number)), (410, 202), "{number}");
    }
    assert_eq!((code(), mail(MOST_FAILURES)), (429, 429));
}

async fn a_session_that_was_ended_is_good_no_more_and_only_its_owner_ends_it(world: World) {
    let (ada, eve) = (world.member("contoso", Role::Owner).await, world.member("eve", Role::Owner).await);
    let (cookie, other) = (world.session(&ada).await, world.session(&eve).await);
    let ask = |cookie: &str, method: &str, path: &str| {
        let client = world.client().header("Cookie", cookie).header("Sec-Fetch-Site", "same-origin");
        client.ask(method, &format!("/api/v1{path}"), None)
    };
    let now = jiff::Timestamp::now().as_millisecond();
    let trusted = world.store.trust_device(&ada, "a browser", now, 60_000).await.unwrap();
    let sessions = ask(&cookie, "GET", "/account/sessions").done();
    let devices = ask(&cookie, "GET", "/account/devices").done();
    for path in [
        format!("/account/sessions/{}", sessions["sessions"][0]["id"].as_str().unwrap()),
        format!("/account/devices/{}", devices["devices"][0]["id"].as_str().unwrap()),
        "/account/devices".to_owned(),
    ] {
        assert_eq!(ask(&other, "DELETE", &path).status, 204, "nothing is told of others'");
    }
    assert_eq!(ask(&cookie, "GET", "/session").status, 200, "another has not ended it");
    assert!(world.store.device_of(&ada, &trusted, now).await.unwrap().is_some(), "nor forgotten the browser");
    // Whoever has kept the cookie has nothing by it.
    assert_eq!(ask(&cookie, "POST", "/sign-out").status, 204);
    assert_eq!(ask(&cookie, "GET", "/session").status, 401);
    assert_eq!(ask(&other, "GET", "/session").status, 200);
}

async fn a_token_gives_no_more_than_it_has(world: World) {
    let maker = token(&world.store, Some("contoso"), &[Permission::TeamWrite, Permission::TenantRead]).await;
    let ask = |scopes: Value| {
        let body = json!({"name": "x", "scopes": scopes, "days": 1});
        world.client().token(&maker).ask("POST", "/api/v1/tenants/contoso/tokens", Some(body))
    };
    assert_eq!(ask(json!(["tenant:read"])).status, 201);
    let refused = ask(json!(["tenant:read", "tenant:write"])).refused();
    assert_eq!(refused, (422, "invalid".to_owned(), "/scopes/1".to_owned()));
}

on_both! {
    a_token_gives_no_more_than_it_has,
    who_is_unknown_costs_what_who_is_known_does,
    who_is_unknown_waits_as_who_is_known_does,
    who_fails_for_many_addresses_waits_but_in_a_trusted_browser,
    who_guesses_codes_or_asks_for_mails_too_often_waits,
    a_session_that_was_ended_is_good_no_more_and_only_its_owner_ends_it,
    what_matters_most_asks_for_the_password_again,
}
