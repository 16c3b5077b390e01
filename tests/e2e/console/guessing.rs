//! Whoever guesses: a thousand tries keep nobody out who comes by a trusted browser, and what one browser has is of no
//! use to another account.

use serde_json::json;

use super::*;
use crate::bench::run;

const TRIES: usize = 1000;

#[test]
fn a_thousand_tries_keep_nobody_from_a_trusted_browser() {
    run(|| async {
        let console = Console::start("").await;
        let (email, wrong) = ("ada@contoso.example", "wrong-otter-81");
        let owner = console.owner(email, true).await;
        owner.done("POST", "/sign-out", None).await;
        let guesser = console.browser();
        let mut tried = 0;
        for _ in 0..TRIES {
            let refused = guesser.refused("POST", "/sign-in", Some(json!({"email": email, "password": wrong}))).await;
            match refused.0 {
                401 => tried += 1,
                429 => {}
                status => panic!("{status}"),
            }
        }
        assert!((5..=20).contains(&tried), "{tried} passwords were looked at");
        let with = |password: &str| Some(json!({"email": email, "password": password}));
        assert_eq!(guesser.refused("POST", "/sign-in", with(PASSWORD)).await.0, 429, "even with the right one");
        // All came from one address, which is the victim's too.
        assert_eq!(owner.done("POST", "/sign-in", with(PASSWORD)).await["state"], "signed_in");
        // A cookie that is no trusted browser's opens nothing.
        guesser.cookies.lock().unwrap().insert("signet-device".to_owned(), "made-up".to_owned());
        assert_eq!(guesser.refused("POST", "/sign-in", with(PASSWORD)).await.0, 429);
    });
}

#[test]
fn a_trusted_browser_is_of_one_account() {
    run(|| async {
        let console = Console::start("").await;
        let ada = console.owner("ada@contoso.example", true).await;
        console.owner("bob@contoso.example", false).await;
        let stolen = ada.copy();
        let bob = Some(json!({"email": "bob@contoso.example", "password": PASSWORD}));
        assert_eq!(stolen.done("POST", "/sign-in", bob).await["state"], "code", "it is asked for Bob's code");
    });
}
