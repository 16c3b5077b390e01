//! Authenticator apps: a code is good once, in its time and for its account; what signs in without the app, once each.

use totp_rs::Builder;

use super::accounts::{HOUR_MS, MINUTE_MS, verified};
use super::*;
use crate::account::Authenticator;
use crate::store::account::TRIES;

/// The start of a step.
const START_MS: i64 = 30_000 * 40_000_000;
const STEP_MS: i64 = 30_000;

/// What the app shows at a time.
fn shown(app: &Authenticator, now_ms: i64) -> String {
    let secret = totp_rs::Secret::try_from_base32(app.typed()).unwrap();
    Builder::new().with_secret(secret).build().unwrap().generate(u64::try_from(now_ms / 1000).unwrap()).to_string()
}

/// An account whose app is in use since [`START_MS`], with its recovery codes.
async fn with_app(store: &Store) -> (Account, Authenticator, Vec<String>) {
    let account = verified(store, "contoso", START_MS).await;
    let app = store.begin_totp(&account.id, START_MS).await.unwrap();
    let codes = store.confirm_totp(&account.id, &shown(&app, START_MS), START_MS).await.unwrap().unwrap();
    (account, app, codes)
}

/// A sign-in that waits for a code: shows one.
async fn sign_in(store: &Store, account: &Account, code: &str, now_ms: i64) -> Shown {
    let attempt = store.challenge(&account.id, Purpose::Totp, now_ms, HOUR_MS).await.unwrap();
    assert_eq!(attempt.code, "", "nothing is mailed");
    store.show_code(&attempt.token, code, now_ms).await.unwrap()
}

async fn an_app_counts_from_its_first_code_on(place: Place) {
    let store = place.open().await;
    let account = verified(&store, "contoso", START_MS).await;
    let none = StoreError::Unknown { what: "authenticator app of", id: account.id.clone() };
    assert_eq!(store.confirm_totp(&account.id, "000000", START_MS).await, Err(none.clone()));
    let first = store.begin_totp(&account.id, START_MS).await.unwrap();
    let second = store.begin_totp(&account.id, START_MS).await.unwrap();
    assert_eq!(store.totp(&account.id).await, Ok(None), "not in use yet");
    let mailed = store.challenge(&account.id, Purpose::Code, START_MS, HOUR_MS).await.unwrap();
    assert_eq!(
        store.confirm_totp(&account.id, &shown(&first, START_MS), START_MS).await,
        Ok(None),
        "the first is void"
    );
    let codes = store.confirm_totp(&account.id, &shown(&second, START_MS), START_MS).await.unwrap().unwrap();
    assert_eq!((codes.len(), store.totp(&account.id).await), (10, Ok(Some(10))));
    assert_eq!(store.show_code(&mailed.token, &mailed.code, START_MS).await, Ok(Shown::Gone), "a mailed code is void");
    let there = StoreError::There { what: "authenticator app of", id: account.id.clone() };
    assert_eq!(store.begin_totp(&account.id, START_MS).await.err(), Some(there), "nobody replaces it unseen");
    assert_eq!(store.confirm_totp(&account.id, &shown(&second, START_MS), START_MS).await, Err(none));
    let acts = store.audit(None, None, 1).await.unwrap();
    assert_eq!((acts[0].action.as_str(), acts[0].object.as_str()), ("account.totp", account.id.as_str()));
    // Neither the secret nor a recovery code lies open, on SQLite where the file can be read.
    let octets = place.octets();
    for secret in [&codes[0], &second.typed()] {
        assert!(!octets.windows(secret.len()).any(|part| part.eq_ignore_ascii_case(secret.as_bytes())));
    }
    store.end_totp(&account.id).await.unwrap();
    assert_eq!(store.totp(&account.id).await, Ok(None));
    assert_eq!(count(&store, "SELECT count(*) FROM recovery").await, 0);
    assert_eq!(store.audit(None, None, 1).await.unwrap()[0].action, "account.no_totp");
    // A secret nobody confirms is forgotten.
    store.begin_totp(&account.id, START_MS).await.unwrap();
    store.forget_the_old(START_MS + 23 * HOUR_MS).await.unwrap();
    assert_eq!(count(&store, "SELECT count(*) FROM totp").await, 1);
    store.forget_the_old(START_MS + 25 * HOUR_MS).await.unwrap();
    assert_eq!(count(&store, "SELECT count(*) FROM totp").await, 0);
}

async fn a_code_of_an_app_is_taken_once_and_never_after_a_later_one(place: Place) {
    let store = place.open().await;
    let (account, app, _) = with_app(&store).await;
    let right = Shown::Right(account.id.clone());
    let wrong = Shown::Wrong(TRIES - 1);
    let of = |steps: i64| shown(&app, START_MS + steps * STEP_MS);
    assert_eq!(sign_in(&store, &account, &of(0), START_MS).await, wrong, "that of the set-up was taken");
    let soon = START_MS + 2 * STEP_MS;
    assert_eq!(sign_in(&store, &account, &of(4), soon).await, wrong, "two steps early");
    assert_eq!(sign_in(&store, &account, &of(3), soon).await, right, "a clock that is ahead");
    assert_eq!(sign_in(&store, &account, &of(3), soon).await, wrong, "replayed");
    assert_eq!(sign_in(&store, &account, &of(2), soon).await, wrong, "older than the last");
    assert_eq!(sign_in(&store, &account, &of(10), soon + 9 * STEP_MS).await, right, "a clock that is behind");
    // Of its account alone, and a wrong one costs a try.
    let attempt = store.challenge(&account.id, Purpose::Totp, soon, 10 * MINUTE_MS).await.unwrap();
    for left in (1..TRIES).rev() {
        assert_eq!(store.show_code(&attempt.token, "abc", soon).await, Ok(Shown::Wrong(left)));
    }
    let later = soon + 11 * STEP_MS;
    assert_eq!(store.show_code(&attempt.token, "", later).await, Ok(Shown::Gone));
    assert_eq!(store.show_code(&attempt.token, &of(13), later).await, Ok(Shown::Gone), "the right one is too late");
    assert_eq!(store.another_code(&attempt.token, later, 0, HOUR_MS).await, Ok(None), "none is mailed");
}

async fn a_recovery_code_signs_in_once(place: Place) {
    let store = place.open().await;
    let (account, _, codes) = with_app(&store).await;
    let recovered = Shown::Recovered(account.id.clone());
    let typed = format!(" {}-{} ", codes[0][..8].to_uppercase(), &codes[0][8..]);
    assert_eq!(sign_in(&store, &account, &typed, START_MS).await, recovered);
    assert_eq!(sign_in(&store, &account, &codes[0], START_MS).await, Shown::Wrong(TRIES - 1), "used up");
    assert_eq!(store.totp(&account.id).await, Ok(Some(9)));
    assert_eq!(sign_in(&store, &account, &codes[9], START_MS).await, recovered);
    // Those of an app before are none of the next.
    store.end_totp(&account.id).await.unwrap();
    assert_eq!(sign_in(&store, &account, &codes[1], START_MS).await, Shown::Wrong(TRIES - 1));
    let app = store.begin_totp(&account.id, START_MS).await.unwrap();
    store.confirm_totp(&account.id, &shown(&app, START_MS), START_MS).await.unwrap().unwrap();
    assert_eq!(sign_in(&store, &account, &codes[1], START_MS).await, Shown::Wrong(TRIES - 1));
    store.erase_account(&account.id).await.unwrap();
    for rows in ["SELECT count(*) FROM totp", "SELECT count(*) FROM recovery"] {
        assert_eq!(count(&store, rows).await, 0, "{rows}");
    }
}

async fn a_secret_is_sealed_anew_with_another_key(place: Place) {
    let store = place.open().await;
    let (account, app, _) = with_app(&store).await;
    crate::config::add_key(&place.path("signet.key")).unwrap();
    let command = place.open().await;
    // The secrets of contoso, and that of the app.
    assert_eq!(command.rotate_key().await, Ok(Rotated { sealed: 2, before: 0 }));
    let next = START_MS + STEP_MS;
    let right = Shown::Right(account.id.clone());
    assert_eq!(sign_in(&store, &account, &shown(&app, next), next).await, right, "a running process follows");
}

on_both! {
    an_app_counts_from_its_first_code_on,
    a_code_of_an_app_is_taken_once_and_never_after_a_later_one,
    a_recovery_code_signs_in_once,
    a_secret_is_sealed_anew_with_another_key,
}
