//! Sign-up: an account and a tenant, for whoever reads the mail of the address and nobody else.

use serde_json::json;

use super::*;
use crate::bench::run;

fn refusal(status: u16, word: &str) -> (u16, String) {
    (status, word.to_owned())
}

#[test]
fn whoever_confirms_the_address_owns_an_account_and_a_tenant() {
    run(|| async {
        let console = Console::start("region = \"eu\"\nother_regions = [\"us=https://us.signet.example\"]").await;
        let browser = console.browser();
        let offer = browser.done("GET", "/sign-up", None).await;
        assert_eq!(
            (&offer["open"], &offer["here"], &offer["password_profile"]),
            (&json!(true), &json!("eu"), &json!("strict"))
        );
        assert_eq!(offer["regions"][0]["sites"], json!(["West Europe - Netherlands", "North Europe - Ireland"]));
        assert_eq!(offer["regions"][1]["console"], "https://us.signet.example/sign-up");
        assert!(offer["countries"].as_array().unwrap().contains(&json!({"code": "US", "region": "us"})));

        // Everything that is wrong is told at once, and makes nothing.
        let wrong = json!({"first_name": "", "last_name": "V", "company": "", "telephone": "1", "email": "ada",
            "address_line_1": "x", "city": "y", "country": "XX", "password": "Contoso1"});
        let answer = browser.ask("POST", "/sign-up", Some(wrong)).await;
        let problem: Value = serde_json::from_str(&answer.body).unwrap();
        let mut places: Vec<&str> =
            problem["problems"].as_array().unwrap().iter().map(|one| one["place"].as_str().unwrap()).collect();
        places.dedup();
        assert_eq!(places, ["/first_name", "/email", "/country", "/company", "/password"], "{problem}");
        assert_eq!(answer.status, 422);

        let email = "ada@contoso.example";
        browser.done("POST", "/sign-up", Some(sign_up(email))).await;
        let token = link(&console.mail(1, email).await, "http://127.0.0.1:1/verify-email#");
        // Before the link was followed there is no account to sign in to; the link is mailed again.
        let progress = browser.done("POST", "/sign-in", Some(json!({"email": email, "password": PASSWORD}))).await;
        assert_eq!(progress["state"], "verify");
        let second = link(&console.mail(2, email).await, "/verify-email#");
        let told = |token: &str| Some(json!({"token": token}));
        assert_eq!(
            browser.refused("POST", "/sign-up/verify", told(&token)).await,
            refusal(410, "gone"),
            "the first is void"
        );
        assert_eq!(browser.refused("POST", "/sign-up/verify", told("x")).await, refusal(410, "gone"));
        browser.done("POST", "/sign-up/verify", told(&second)).await;
        assert_eq!(browser.refused("POST", "/sign-up/verify", told(&second)).await, refusal(410, "gone"));
        assert_eq!(
            browser.refused("GET", "/session", None).await,
            refusal(401, "unauthorized"),
            "a link signs nobody in"
        );

        console.signs_in(&browser, email, false).await;
        let session = browser.done("GET", "/session", None).await;
        assert_eq!(session["account"]["full_name"], "Ada Vance");
        let tenant = &session["tenants"][0];
        assert_eq!((&tenant["name"], &tenant["role"]), (&json!("Contoso Ltd."), &json!("owner")));
        let id = tenant["id"].as_str().unwrap();
        assert!(id.starts_with("contoso-ltd-"), "{id}");
        // It has everything but mail: nothing is connected.
        let summary = browser.done("GET", &format!("/tenants/{id}"), None).await;
        assert_eq!((&summary["mode"], &summary["domains"]), (&json!("observe"), &json!([])));
        // And no other tenant is there for its owner.
        assert_eq!(browser.refused("GET", "/tenants/contoso", None).await, refusal(404, "not_found"));
        assert_eq!(browser.refused("PUT", "/region/bypass", Some(json!({}))).await, refusal(403, "forbidden"));
        let listed = browser.done("GET", "/tenants", None).await;
        assert_eq!(listed["tenants"].as_array().unwrap().len(), 1);
        // To the edge it is nobody's: neither known nor a trouble.
        console.bench.until_metric("signet_snapshot_read_total", |read| read >= 2.0).await;
        assert_eq!(console.bench.metric("signet_tenant_known_tenants").await, 1.0);
        assert_eq!(console.bench.metric("signet_snapshot_refused_total").await, 0.0);
        let acts = browser.done("GET", &format!("/tenants/{id}/audit"), None).await["acts"].clone();
        let told: Vec<(&str, &str)> = acts
            .as_array()
            .unwrap()
            .iter()
            .map(|act| (act["action"].as_str().unwrap(), act["who"].as_str().unwrap()))
            .collect();
        let ada = "Ada Vance <ada@contoso.example>";
        assert_eq!(told, [("member.join", ada), ("tenant.create", ada)]);
        assert_eq!(acts[0]["object_name"], ada);
    });
}

#[test]
fn nobody_learns_who_has_an_account() {
    run(|| async {
        let console = Console::start("").await;
        console.owner("ada@contoso.example", false).await;
        let stranger = console.browser();
        let before = console.mailbox.accepted().len();
        let known = stranger.ask("POST", "/sign-up", Some(sign_up("Ada@Contoso.example"))).await;
        // Mails are sent off beside the answers, each for itself.
        let mail = console.mail(before + 1, "ada@contoso.example").await;
        assert!(mail.contains("You have an account already") || mail.contains("account already"), "{mail}");
        assert!(!mail.contains('#'), "it has no link that changes anything: {mail}");
        let unknown = stranger.ask("POST", "/sign-up", Some(sign_up("Eve@Contoso.example"))).await;
        assert_eq!(
            (known.status, known.body.to_lowercase()),
            (202, unknown.body.to_lowercase().replace("eve@", "ada@"))
        );
        console.mail(before + 2, "Eve@Contoso.example").await;

        for (path, body) in [
            ("/sign-in", json!({"email": "EMAIL", "password": "wrong-otter-81"})),
            ("/password/forgot", json!({"email": "EMAIL"})),
        ] {
            let ask = |email: &str| Some(serde_json::from_str(&body.to_string().replace("EMAIL", email)).unwrap());
            let known = stranger.ask("POST", path, ask("ada@contoso.example")).await;
            let unknown = stranger.ask("POST", path, ask("nobody@contoso.example")).await;
            assert_eq!((known.status, &known.body), (unknown.status, &unknown.body), "{path}");
        }
        // Only the known one gets the mail.
        let mail = console.mail(before + 3, "ada@contoso.example").await;
        assert!(mail.contains("/reset-password#"));
        assert_eq!(console.mailbox.accepted().len(), before + 3);
    });
}

/// Mail to somebody who may not want it: a few to one address, and so many by one source.
#[test]
fn nobody_has_many_mails_sent_to_others() {
    run(|| async {
        let console = Console::start("").await;
        let stranger = console.browser();
        for _ in 0..19 {
            stranger.done("POST", "/sign-up", Some(sign_up("eve@contoso.example"))).await;
        }
        stranger.done("POST", "/sign-up", Some(sign_up("zoe@contoso.example"))).await;
        let other = Some(sign_up("mia@contoso.example"));
        assert_eq!(stranger.refused("POST", "/sign-up", other).await, refusal(429, "too_many"));
        let seen = |record: &standin::exchange::Record| {
            record.accepted.iter().any(|mail| mail.addresses() == ["zoe@contoso.example"])
        };
        // The last one is there, so what was before it has begun.
        let record = console.mailbox.wait_until(seen).await.unwrap();
        let to_eve = record.accepted.iter().filter(|mail| mail.addresses() == ["eve@contoso.example"]).count();
        assert!((1..19).contains(&to_eve), "{to_eve}");
    });
}

#[test]
fn where_strangers_are_not_wanted_nobody_signs_up() {
    run(|| async {
        let console = Console::start("").await;
        let closed =
            Bench::with(Plan { configuration: "[console]\naddress = \"127.0.0.1:0\"\n".into(), ..Plan::default() })
                .await;
        let started = closed.appliance.wait_for_event("API listener started.").unwrap();
        let browser = Browser::new(started["address"].as_str().unwrap().parse().unwrap());
        assert_eq!(browser.done("GET", "/sign-up", None).await["open"], false);
        assert_eq!(browser.refused("POST", "/sign-up", Some(sign_up("a@b.example"))).await, refusal(403, "forbidden"));
        // The pages are there for everybody, and run no script but their own.
        let page = browser.get("GET", "/sign-in", None).await;
        assert!(page.status == 200 && page.body.starts_with("<!"), "{page:?}");
        assert!(
            page.head.contains("script-src 'self';") && page.head.contains("frame-ancestors 'none'"),
            "{}",
            page.head
        );
        // From elsewhere nothing is begun in somebody's browser either.
        let mut other = console.browser();
        for site in ["cross-site", "same-site", "none"] {
            other.site = site;
            for path in ["/sign-up", "/sign-in", "/sign-in/code", "/password/forgot", "/password/reset", "/sign-out"] {
                assert_eq!(
                    other.refused("POST", path, Some(json!({}))).await,
                    refusal(403, "forbidden"),
                    "{site} {path}"
                );
            }
        }
        assert_eq!(console.mailbox.accepted().len(), 0);
    });
}
