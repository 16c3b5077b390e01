//! An authenticator app in place of mailed codes: set up, asked for, lost and switched off.

use aws_lc_rs::hmac;
use serde_json::json;

use super::*;
use crate::bench::run;

const EMAIL: &str = "ada@contoso.example";

fn refusal(status: u16, word: &str) -> (u16, String) {
    (status, word.to_owned())
}

fn shown(code: &str) -> Option<Value> {
    Some(json!({"code": code}))
}

/// What an app shows of a secret, so many steps from now: RFC 6238 by the book.
fn code_of(secret: &str, steps: u64) -> String {
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits: String = secret.chars().map(|c| format!("{:05b}", alphabet.find(c).unwrap())).collect();
    let octets: Vec<u8> = bits
        .as_bytes()
        .chunks_exact(8)
        .map(|bits| u8::from_str_radix(str::from_utf8(bits).unwrap(), 2).unwrap())
        .collect();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &octets);
    let tag = hmac::sign(&key, &(now / 30 + steps).to_be_bytes());
    let tag = tag.as_ref();
    let at = usize::from(tag[19] & 0xf);
    let number = u32::from_be_bytes(tag[at..at + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

impl Console {
    /// Sets an app up, and gives its secret, a code that was used and the recovery codes.
    async fn sets_up(&self, browser: &Browser) -> (String, String, Vec<String>) {
        let offered = browser.done("POST", "/account/totp", None).await;
        let secret = offered["secret"].as_str().unwrap().to_owned();
        let uri = offered["uri"].as_str().unwrap();
        assert!(uri.starts_with("otpauth://totp/Signet:ada%40contoso.example?") && uri.contains(&secret), "{uri}");
        assert!(offered["qr_svg"].as_str().unwrap().starts_with("<svg "));
        assert_eq!(browser.done("GET", "/account", None).await["totp"], false, "not before a first code");
        assert_eq!(browser.refused("PUT", "/account/totp", shown("12345")).await, refusal(422, "invalid"));
        let (before, code) = (self.mailbox.accepted().len(), code_of(&secret, 0));
        let told = browser.done("PUT", "/account/totp", shown(&code)).await;
        let codes = told["recovery_codes"].as_array().unwrap();
        let codes: Vec<String> = codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect();
        assert!(codes.len() == 10 && codes.iter().all(|code| code.len() == 19), "{codes:?}");
        assert!(self.mail(before + 1, EMAIL).await.contains("authenticator app makes the codes"));
        (secret, code, codes)
    }

    /// Types the password in a browser, which is asked for a code of the app.
    async fn asked_for_app(&self, browser: &Browser) {
        let told = browser.done("POST", "/sign-in", Some(json!({"email": EMAIL, "password": PASSWORD}))).await;
        assert_eq!(told, json!({"state": "code", "factor": "totp", "valid_seconds": 600}));
    }
}

#[test]
fn a_new_browser_is_asked_for_a_code_of_the_app_which_is_good_once() {
    run(|| async {
        let console = Console::start("").await;
        let owner = console.owner(EMAIL, false).await;
        let (secret, used, _) = console.sets_up(&owner).await;
        let account = owner.done("GET", "/account", None).await;
        assert_eq!((&account["totp"], &account["recovery_codes_left"]), (&json!(true), &json!(10)));
        assert!(!account.to_string().contains(&secret), "it is told once");
        assert_eq!(owner.refused("POST", "/account/totp", None).await, refusal(409, "exists"));

        let (browser, other, before) = (console.browser(), console.browser(), console.mailbox.accepted().len());
        console.asked_for_app(&browser).await;
        assert_eq!(browser.refused("POST", "/sign-in/code", shown(&used)).await, refusal(401, "wrong"), "used already");
        assert_eq!(
            browser.refused("POST", "/sign-in/code/again", None).await,
            refusal(429, "too_many"),
            "none by mail"
        );
        // A code of the next step is good as well: clocks differ.
        let next = code_of(&secret, 1);
        assert_eq!(browser.done("POST", "/sign-in/code", shown(&next)).await["state"], "signed_in");
        assert!(console.mail(before + 1, EMAIL).await.contains("signed in to your account"), "and no code was mailed");
        console.asked_for_app(&other).await;
        assert_eq!(other.refused("POST", "/sign-in/code", shown(&next)).await, refusal(401, "wrong"), "replayed");
        // Whoever guesses waits, however often it is begun anew.
        let mut answers = Vec::new();
        for _ in 0..3 {
            for _ in 0..3 {
                answers.push(other.refused("POST", "/sign-in/code", shown("000000")).await);
            }
            console.asked_for_app(&other).await;
        }
        assert!(answers.contains(&refusal(429, "too_many")), "{answers:?}");
        let log = console.bench.appliance.log();
        assert!(!log.contains(&secret), "{log}");
    });
}

#[test]
fn whoever_lost_the_app_signs_in_by_a_recovery_code_and_switches_it_off() {
    run(|| async {
        let console = Console::start("").await;
        let owner = console.owner(EMAIL, false).await;
        let (_, _, codes) = console.sets_up(&owner).await;
        let browser = console.browser();
        console.asked_for_app(&browser).await;
        let before = console.mailbox.accepted().len();
        browser.done("POST", "/sign-in/code", shown(&codes[0].to_uppercase().replace('-', " "))).await;
        let mail = console.mail(before + 1, EMAIL).await;
        assert!(mail.contains("recovery code") && mail.contains("9 of them are left"), "{mail}");
        assert_eq!(browser.done("GET", "/account", None).await["recovery_codes_left"], 9);
        let other = console.browser();
        console.asked_for_app(&other).await;
        assert_eq!(other.refused("POST", "/sign-in/code", shown(&codes[0])).await, refusal(401, "wrong"), "once");

        browser.done("DELETE", "/account/totp", None).await;
        assert!(console.mail(before + 2, EMAIL).await.contains("switched off"));
        assert_eq!(browser.done("GET", "/account", None).await["totp"], false);
        assert_eq!(other.refused("POST", "/sign-in/code", shown(&codes[1])).await, refusal(410, "gone"));
        console.signs_in(&other, EMAIL, false).await;
        // Whoever has lost the recovery codes as well asks the operator.
        console.sets_up(&browser).await;
        let forget = ["account", "forget-app", "--email", EMAIL];
        assert_eq!(console.bench.setup.signet(&forget).unwrap(), format!("{EMAIL}: codes are mailed\n"));
        console.signs_in(&console.browser(), EMAIL, false).await;
        // Switched off what is off: nothing happens, and nobody is written to.
        let before = console.mailbox.accepted().len();
        browser.done("DELETE", "/account/totp", None).await;
        assert_eq!(console.mailbox.accepted().len(), before);
        assert_eq!(browser.refused("PUT", "/account/totp", shown("000000")).await, refusal(404, "not_found"));
    });
}
