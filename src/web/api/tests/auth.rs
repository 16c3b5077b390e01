//! Who may ask: only a good token, only for its tenant, only what it permits; and what every answer has.

use super::*;
use crate::web::api::failures::MOST_FAILURES;

async fn only_a_good_token_is_let_in(world: World) {
    let now = jiff::Timestamp::now().as_millisecond();
    let (_, expired) = token_until(&world.store, Some("contoso"), &Permission::ALL, now - 1).await;
    let (revoked_id, revoked) = token_until(&world.store, Some("contoso"), &Permission::ALL, now + 60_000).await;
    let path = "/api/v1/tenants/contoso";
    world.client().token(&revoked).ask("GET", path, None).done();
    world.store.revoke_token(&revoked_id).await.unwrap();
    let almost = format!("{}x", &world.contoso[..world.contoso.len() - 1]);
    for (header, word) in [
        ("Bearer", "say who asks"),
        ("Basic c2duXzE6Mg==", "say who asks"),
        ("Bearer sgn_", "not known"),
        (&format!("Bearer {almost}"), "not known"),
        (&format!("Bearer {}", world.contoso.to_lowercase()), "not known"),
        (&format!("Bearer {expired}"), "expired"),
        (&format!("Bearer {revoked}"), "revoked"),
    ] {
        let answer = world.client().header("Authorization", header).ask("GET", path, None);
        assert_eq!(answer.refused(), (401, "unauthorized".to_owned(), "Authorization".to_owned()), "{header}");
        assert!(answer.text().contains(word), "{header}: {}", answer.text());
        assert_eq!(answer.header("www-authenticate"), Some("Bearer realm=\"signet\""));
    }
    assert_eq!(world.client().ask("GET", path, None).refused().0, 401);
    let used = world.store.tokens(Some(&id("contoso"))).await.unwrap();
    let used: Vec<bool> = used.iter().map(|token| token.last_used_ms.is_some()).collect();
    assert_eq!(used, [true, false, false], "what was asked with, what had expired, what nobody used");
    // A token goes with its tenant.
    world.asks("GET", path, None).done();
    world.operates("DELETE", path, None).done();
    assert_eq!(world.asks("GET", path, None).refused().0, 401);
}

async fn who_guesses_waits_and_who_is_known_does_not(world: World) {
    let path = "/api/v1/tenants/contoso";
    world.asks("GET", path, None).done();
    for _ in 0..MOST_FAILURES {
        assert_eq!(world.client().token("sgn_guess").ask("GET", path, None).refused().0, 401);
    }
    let waits = world.client().token("sgn_guess").ask("GET", path, None);
    assert_eq!((waits.refused().0, waits.header("retry-after").is_some()), (429, true));
    let good_but_new = token(&world.store, Some("contoso"), &Permission::ALL).await;
    assert_eq!(world.client().token(&good_but_new).ask("GET", path, None).refused().0, 429);
    world.asks("GET", path, None).done();
}

async fn every_answer_is_for_the_one_who_asked(world: World) {
    for answer in [
        world.asks("GET", "/api/v1/tenants/contoso", None),
        world.client().ask("GET", "/api/v1/tenants/contoso", None),
        world.client().ask("GET", "/api/elsewhere", None),
    ] {
        for (name, value) in [
            ("cache-control", "no-store"),
            ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{answer:?}");
        }
        assert_eq!(answer.header("access-control-allow-origin"), None);
    }
}

on_both! {
    only_a_good_token_is_let_in,
    who_guesses_waits_and_who_is_known_does_not,
    every_answer_is_for_the_one_who_asked,
}
