//! Sign-in: the password, the mailed code, the trusted browser, and what ends them.

use serde_json::json;

use super::*;
use crate::bench::run;

const EMAIL: &str = "ada@contoso.example";

fn refusal(status: u16, word: &str) -> (u16, String) {
    (status, word.to_owned())
}

fn with(password: &str) -> Option<Value> {
    Some(json!({"email": EMAIL, "password": password}))
}

#[test]
fn a_trusted_browser_needs_no_code_until_it_is_forgotten() {
    run(|| async {
        let console = Console::start("").await;
        let browser = console.owner(EMAIL, true).await;
        browser.done("POST", "/sign-out", None).await;
        assert_eq!(browser.refused("GET", "/session", None).await, refusal(401, "unauthorized"));
        assert_eq!(browser.done("POST", "/sign-in", with(PASSWORD)).await["state"], "signed_in");
        let devices = browser.done("GET", "/account/devices", None).await;
        assert_eq!(devices["devices"][0]["name"], "Edge on Windows");
        // Another browser has to show a code, and so has this one of another account.
        assert_eq!(console.browser().done("POST", "/sign-in", with(PASSWORD)).await["state"], "code");
        let sessions = browser.done("GET", "/account/sessions", None).await;
        assert_eq!(sessions["sessions"].as_array().unwrap().len(), 1, "{sessions}");
        browser.done("DELETE", "/account/devices", None).await;
        browser.done("POST", "/sign-out", None).await;
        assert_eq!(browser.done("POST", "/sign-in", with(PASSWORD)).await["state"], "code");
    });
}

#[test]
fn a_code_is_of_the_browser_that_typed_the_password() {
    run(|| async {
        let console = Console::start("").await;
        console.owner(EMAIL, false).await;
        let (browser, thief) = (console.browser(), console.browser());
        let before = console.mailbox.accepted().len();
        let progress = browser.done("POST", "/sign-in", with(PASSWORD)).await;
        assert_eq!((&progress["sent_to"], &progress["valid_seconds"]), (&json!("a…@contoso.example"), &json!(600)));
        let right = code(&console.mail(before + 1, EMAIL).await);
        let shown = |code: &str| Some(json!({"code": code}));
        assert_eq!(
            thief.refused("POST", "/sign-in/code", shown(&right)).await,
            refusal(410, "gone"),
            "without the cookie"
        );
        let wrong = if right == "000000" { "000001" } else { "000000" };
        for _ in 0..4 {
            assert_eq!(browser.refused("POST", "/sign-in/code", shown(wrong)).await, refusal(401, "wrong"));
        }
        assert_eq!(browser.refused("POST", "/sign-in/code/again", None).await, refusal(429, "too_many"), "too soon");
        assert_eq!(browser.refused("POST", "/sign-in/code", shown(wrong)).await, refusal(410, "gone"), "guessing ends");
        assert_eq!(
            browser.refused("POST", "/sign-in/code", shown(&right)).await,
            refusal(410, "gone"),
            "even for the right one"
        );
        // White space is no difference, and a cookie that somebody planted is replaced.
        browser.cookies.lock().unwrap().insert("signet".into(), "planted".into());
        browser.done("POST", "/sign-in", with(PASSWORD)).await;
        let next = code(&console.mail(before + 2, EMAIL).await);
        let spaced = format!(" {} {} ", &next[..3], &next[3..]);
        browser.done("POST", "/sign-in/code", shown(&spaced)).await;
        assert_ne!(browser.cookies.lock().unwrap()["signet"], "planted");
        assert_eq!(browser.refused("POST", "/sign-in/code", shown(&next)).await, refusal(410, "gone"), "good once");
    });
}

#[test]
fn who_guesses_passwords_waits_and_a_trusted_browser_does_not() {
    run(|| async {
        let console = Console::start("").await;
        let owner = console.owner(EMAIL, true).await;
        let guesser = console.browser();
        let mut answers = Vec::new();
        for _ in 0..8 {
            answers.push(guesser.refused("POST", "/sign-in", with("wrong-otter-81")).await);
        }
        assert_eq!(answers[..5], vec![refusal(401, "wrong"); 5][..]);
        assert!(answers.contains(&refusal(429, "too_many")), "{answers:?}");
        owner.done("POST", "/sign-out", None).await;
        assert_eq!(owner.done("POST", "/sign-in", with(PASSWORD)).await["state"], "signed_in");
    });
}

#[test]
fn another_password_ends_what_others_have() {
    run(|| async {
        let console = Console::start("").await;
        let browser = console.owner(EMAIL, true).await;
        let thief = browser.copy();
        assert_eq!(thief.ask("GET", "/session", None).await.status, 200);
        let change = |old: &str, new: &str| Some(json!({"old": old, "new": new}));
        for (old, new, wanted) in [
            ("wrong-otter-81", "another-owl-92-brick", refusal(401, "wrong")),
            (PASSWORD, "Contoso1", refusal(422, "invalid")),
            (PASSWORD, "", refusal(422, "invalid")),
        ] {
            assert_eq!(browser.refused("POST", "/account/password", change(old, new)).await, wanted, "{new}");
        }
        let other = console.browser();
        console.signs_in(&other, EMAIL, false).await;
        let before = console.mailbox.accepted().len();
        browser.done("POST", "/account/password", change(PASSWORD, "another-owl-92-brick")).await;
        assert!(console.mail(before + 1, EMAIL).await.contains("password was changed"));
        assert_eq!(browser.ask("GET", "/session", None).await.status, 200, "whoever changed it stays");
        assert_eq!(other.refused("GET", "/session", None).await, refusal(401, "unauthorized"));
        // By a link all sessions end.
        browser.done("POST", "/password/forgot", Some(json!({"email": EMAIL}))).await;
        let token = link(&console.mail(before + 2, EMAIL).await, "/reset-password#");
        let reset = |password: &str| Some(json!({"token": token, "password": password}));
        assert_eq!(
            other.refused("POST", "/password/reset", reset("short")).await,
            refusal(422, "invalid"),
            "the link stays"
        );
        other.done("POST", "/password/reset", reset("third-elk-55-crane")).await;
        assert_eq!(other.refused("POST", "/password/reset", reset("fourth-elk-55-crane")).await, refusal(410, "gone"));
        assert_eq!(browser.refused("GET", "/session", None).await, refusal(401, "unauthorized"));
        assert_eq!(
            browser.done("POST", "/sign-in", with("third-elk-55-crane")).await["state"],
            "code",
            "no browser is trusted"
        );
    });
}

#[test]
fn what_matters_most_asks_for_the_password_and_what_is_erased_is_gone() {
    run(|| async {
        let console = Console::start("").await;
        let browser = console.owner(EMAIL, false).await;
        let own = browser.done("GET", "/account", None).await;
        assert_eq!((&own["email"], &own["country"], &own["postcode"]), (&json!(EMAIL), &json!("NL"), &json!("")));
        let moved = json!({"first_name": "Ada", "last_name": "Vance", "company": "Contoso", "telephone": "1",
            "address_line_1": "Main St 1", "city": "Perth", "country": "AU", "postcode": "6000"});
        assert_eq!(browser.done("PUT", "/account", Some(moved)).await["city"], "Perth");
        assert_eq!(browser.refused("PUT", "/account", Some(json!({"first_name": "A", "last_name": "B"}))).await.0, 422);
        assert_eq!(
            browser.refused("POST", "/session/confirm", Some(json!({"password": "no"}))).await,
            refusal(401, "wrong")
        );
        browser.done("POST", "/session/confirm", Some(json!({"password": PASSWORD}))).await;
        browser.done("DELETE", "/account", None).await;
        assert_eq!(browser.refused("GET", "/session", None).await, refusal(401, "unauthorized"));
        assert_eq!(console.browser().refused("POST", "/sign-in", with(PASSWORD)).await, refusal(401, "wrong"));
        // No line of the log has a password, a code, a link or an address.
        let log = console.bench.appliance.log();
        for secret in [PASSWORD, EMAIL, "Vance", "verify-email"] {
            assert!(!log.contains(secret), "{secret}");
        }
    });
}
