//! Sign-in with a Microsoft account, through real sockets: whom it opens what, and which answers open nothing.

use serde_json::json;
use signet::account::Role;
use standin::graph::http::Request;
use standin::newcomer;

use super::story::tell;
use super::world::World;
use super::*;
use crate::bench::{CONTOSO, http, run};

impl World {
    /// The same, with Contoso as the first organisation, where these people are.
    pub(super) async fn of_contoso(people: &[&str]) -> World {
        let world = World::start().await;
        world.cloud.organisation(CONTOSO);
        for name in people {
            let mail = format!("{}@contoso.example", name.split(' ').next().unwrap().to_lowercase());
            world.cloud.edit(|directory| directory.add_user(json!({"displayName": name, "mail": mail})));
        }
        world
    }

    /// Goes to Microsoft, is somebody there, and comes back with an answer.
    async fn at_microsoft(&self, browser: &Browser, purpose: &str, person: &str) -> Value {
        let begun = browser.done("POST", "/sign-in/microsoft", Some(json!({"purpose": purpose}))).await;
        self.chosen(begun["link"].as_str().unwrap(), person).await
    }

    async fn chosen(&self, link: &str, person: &str) -> Value {
        let path = link.strip_prefix(&self.cloud.url()).expect("a link to Microsoft");
        let address = self.cloud.url().strip_prefix("http://").unwrap().parse().unwrap();
        let answer = http(address, &format!("{path}&person={person}")).await;
        let location = answer.lines().find_map(|line| line.strip_prefix("Location: ")).expect("the way back").trim();
        assert!(location.starts_with("http://127.0.0.1:1/signed-in?"), "{location}");
        let request = Request { target: location.to_owned(), ..Request::default() };
        let part = |name: &str| request.parameter(name).unwrap_or_default();
        json!({"code": part("code"), "state": part("state")})
    }

    /// Links a Microsoft account with that of a browser that has just signed in by password.
    async fn links(&self, browser: &Browser, person: &str) {
        let before = self.console.mailbox.accepted().len();
        let answer = self.at_microsoft(browser, "link", person).await;
        browser.done("PUT", "/account/microsoft", Some(answer)).await;
        self.console.mailbox.wait_for(before + 1).await.unwrap();
    }

    /// Signs in with Microsoft, and by the mailed code if one is asked for; gives how far the first step came.
    async fn enters(&self, browser: &Browser, person: &str, email: &str) -> String {
        let before = self.console.mailbox.accepted().len();
        let answer = self.at_microsoft(browser, "enter", person).await;
        let progress = browser.done("POST", "/sign-in/microsoft/answer", Some(answer)).await;
        if progress["state"] == "code" {
            let code = code(&self.console.mail(before + 1, email).await);
            let told = json!({"code": code, "remember": false});
            assert_eq!(browser.done("POST", "/sign-in/code", Some(told)).await["state"], "signed_in");
            self.console.mail(before + 2, email).await;
        }
        progress["state"].as_str().unwrap().to_owned()
    }
}

fn contoso(number: usize) -> String {
    format!("{CONTOSO}/{number}")
}

fn refusal(status: u16, word: &str) -> (u16, String) {
    (status, word.to_owned())
}

#[test]
fn a_stranger_signs_up_with_microsoft_and_needs_no_password() {
    run(|| async {
        let world = World::of_contoso(&["Ada Vance"]).await;
        let (console, browser) = (&world.console, world.console.browser());
        assert_eq!(browser.done("GET", "/sign-in", None).await, json!({"microsoft": true}));
        let answer = world.at_microsoft(&browser, "enter", &contoso(0)).await;
        let told = browser.done("POST", "/sign-in/microsoft/answer", Some(answer)).await;
        let known = json!({
            "state": "unlinked", "first_name": "Ada", "last_name": "Vance", "email": "ada@contoso.example"
        });
        assert_eq!(told, known);

        let mut form = sign_up("ada@contoso.example");
        form.as_object_mut().unwrap().remove("password");
        // Who has not come from Microsoft needs one.
        let stranger = console.browser();
        assert_eq!(stranger.refused("POST", "/sign-up", Some(form.clone())).await, refusal(422, "invalid"));
        browser.done("POST", "/sign-up", Some(form)).await;
        let token = link(&console.mail(1, "ada@contoso.example").await, "/verify-email#");
        // Until mail was seen to arrive nobody comes in.
        let early = console.browser();
        assert_eq!(world.enters(&early, &contoso(0), "ada@contoso.example").await, "verify");
        assert_eq!(
            browser.refused("POST", "/sign-up/verify", Some(json!({"token": token}))).await,
            refusal(410, "gone")
        );
        let token = link(&console.mail(2, "ada@contoso.example").await, "/verify-email#");
        browser.done("POST", "/sign-up/verify", Some(json!({"token": token}))).await;

        assert_eq!(world.enters(&browser, &contoso(0), "ada@contoso.example").await, "code");
        let session = browser.done("GET", "/session", None).await;
        assert_eq!((&session["confirm_by"], &session["tenants"][0]["role"]), (&json!(["microsoft"]), &json!("owner")));
        let away = session["microsoft_sign_out"].as_str().unwrap();
        assert!(away.starts_with(&format!("{}/{CONTOSO}/oauth2/v2.0/logout?", world.cloud.url())), "{away}");
        let account = browser.done("GET", "/account", None).await;
        assert_eq!(
            (&account["has_password"], &account["microsoft"]["organisation"]),
            (&json!(false), &json!("Contoso"))
        );
        for password in ["", "wet-otter-81-plumb"] {
            let typed = json!({"email": "ada@contoso.example", "password": password});
            assert_eq!(stranger.refused("POST", "/sign-in", Some(typed)).await, refusal(401, "wrong"));
        }

        // What matters most is for who shows again who it is, at Microsoft.
        assert_eq!(browser.refused("DELETE", "/account/microsoft", None).await, refusal(403, "reauthenticate"));
        let answer = world.at_microsoft(&browser, "confirm", &contoso(0)).await;
        browser.done("POST", "/session/confirm/microsoft", Some(answer)).await;
        assert_eq!(browser.refused("DELETE", "/account/microsoft", None).await, refusal(409, "exists"));
    });
}

#[test]
fn a_microsoft_account_is_linked_and_taken_away_by_whoever_shows_the_password() {
    run(|| async {
        let world = World::of_contoso(&["Ada Vance", "Bo Lind"]).await;
        let console = &world.console;
        let ada = console.owner("ada@contoso.example", false).await;
        let before = console.mailbox.accepted().len();
        world.links(&ada, &contoso(0)).await;
        let mail = console.mail(before + 1, "ada@contoso.example").await;
        assert!(mail.contains("A Microsoft account was linked with your account"), "{mail}");

        // The same address at another organisation opens nothing: an address is no proof.
        let northwind = format!("{}/0", newcomer::ID);
        let other = console.browser();
        assert_eq!(world.enters(&other, &northwind, "").await, "unlinked");
        assert_eq!(other.refused("GET", "/session", None).await, refusal(401, "unauthorized"));

        // One opens one, and is opened by one.
        let eve = console.owner("eve@contoso.example", false).await;
        let answer = world.at_microsoft(&eve, "link", &contoso(0)).await;
        assert_eq!(eve.refused("PUT", "/account/microsoft", Some(answer)).await, refusal(409, "exists"));
        let answer = world.at_microsoft(&ada, "link", &contoso(1)).await;
        assert_eq!(ada.refused("PUT", "/account/microsoft", Some(answer)).await, refusal(409, "exists"));
        // Nobody confirms who it is by somebody else's.
        world.links(&eve, &contoso(1)).await;
        let answer = world.at_microsoft(&ada, "confirm", &contoso(1)).await;
        assert_eq!(ada.refused("POST", "/session/confirm/microsoft", Some(answer)).await, refusal(401, "wrong"));

        let elsewhere = console.browser();
        assert_eq!(world.enters(&elsewhere, &contoso(0), "ada@contoso.example").await, "code");
        let session = elsewhere.done("GET", "/session", None).await;
        assert_eq!(session["confirm_by"], json!(["password", "microsoft"]));
        ada.done("DELETE", "/account/microsoft", None).await;
        assert_eq!(elsewhere.refused("GET", "/session", None).await, refusal(401, "unauthorized"));
        assert_eq!(world.enters(&elsewhere, &contoso(0), "").await, "unlinked");
        ada.done("GET", "/session", None).await;
    });
}

#[test]
fn who_is_invited_joins_with_microsoft() {
    run(|| async {
        let world = World::of_contoso(&["Ada Vance", "Bo Lind"]).await;
        let (console, owner) = (&world.console, world.console.member(Role::Owner).await);
        let before = console.mailbox.accepted().len();
        let wanted = json!({"email": "bo@contoso.example", "role": "editor"});
        owner.done("POST", "/tenants/contoso/invitations", Some(wanted)).await;
        let token = link(&console.mail(before + 1, "bo@contoso.example").await, "/invitation#");
        let bo = console.browser();
        let accepted = json!({"token": token, "first_name": "Bo", "last_name": "Lind"});
        assert_eq!(bo.refused("POST", "/invitations/accept", Some(accepted.clone())).await, refusal(422, "invalid"));
        assert_eq!(world.enters(&bo, &contoso(1), "").await, "unlinked");
        bo.done("POST", "/invitations/accept", Some(accepted)).await;
        assert_eq!(world.enters(&bo, &contoso(1), "bo@contoso.example").await, "code");
        bo.done("GET", "/tenants/contoso", None).await;
    });
}

#[test]
fn an_owner_asks_for_microsoft_and_nobody_else_comes_in() {
    run(|| async {
        let world = World::of_contoso(&["Ada Vance", "Bo Lind"]).await;
        let console = &world.console;
        let (owner, editor) = (console.member(Role::Owner).await, console.member(Role::Editor).await);
        world.links(&owner, &contoso(0)).await;
        world.links(&editor, &format!("{}/1", newcomer::ID)).await;
        let path = "/tenants/contoso/sign-in";
        let asked =
            |glass: Value| Some(json!({"microsoft_required": true, "microsoft_suffices": true, "break_glass": glass}));
        // Whoever has not come that way cannot know that it works.
        assert_eq!(owner.refused("PUT", path, asked(Value::Null)).await, refusal(422, "invalid"));
        assert_eq!(editor.refused("PUT", path, asked(Value::Null)).await, refusal(403, "forbidden"));
        let administrator = console.member(Role::Administrator).await;
        assert_eq!(administrator.refused("PUT", path, asked(Value::Null)).await, refusal(403, "forbidden"));

        let by_microsoft = console.browser();
        assert_eq!(world.enters(&by_microsoft, &contoso(0), "owner@contoso.example").await, "code");
        let answer = world.at_microsoft(&by_microsoft, "confirm", &contoso(0)).await;
        by_microsoft.done("POST", "/session/confirm/microsoft", Some(answer)).await;
        assert_eq!(by_microsoft.refused("PUT", path, asked(json!("ac_nobody"))).await, refusal(422, "invalid"));
        let before = console.mailbox.accepted().len();
        by_microsoft.done("PUT", path, asked(Value::Null)).await;
        let mail = console.mail(before + 1, "owner@contoso.example").await;
        assert!(mail.contains("come in with Microsoft alone"), "{mail}");
        let now = by_microsoft.done("GET", path, None).await;
        assert_eq!((&now["microsoft_required"], &now["possible"]), (&json!(true), &json!(true)));

        // By password nobody comes in any more, whenever they have signed in; nor by another organisation.
        for browser in [&owner, &editor] {
            let session = browser.done("GET", "/session", None).await;
            assert_eq!(session["tenants"][0]["closed"], json!(true));
            assert_eq!(browser.refused("GET", "/tenants/contoso", None).await, refusal(403, "microsoft"));
            assert_eq!(browser.done("GET", "/tenants", None).await["tenants"], json!([]));
        }
        let other = console.browser();
        assert_eq!(world.enters(&other, &format!("{}/1", newcomer::ID), "editor@contoso.example").await, "code");
        assert_eq!(other.refused("GET", "/tenants/contoso", None).await, refusal(403, "microsoft"));
        // Whoever does is asked for no code, and told that somebody came in.
        let again = console.browser();
        assert_eq!(world.enters(&again, &contoso(0), "owner@contoso.example").await, "signed_in");
        again.done("GET", "/tenants/contoso", None).await;

        // One owner may keep the way in by password.
        let account = owner.done("GET", "/session", None).await["account"]["id"].clone();
        by_microsoft.done("PUT", path, asked(account)).await;
        owner.done("GET", "/tenants/contoso", None).await;
        let acts = owner.done("GET", "/tenants/contoso/audit", None).await;
        assert_eq!(acts["acts"][0]["action"], "sign_in.rules");
        assert_eq!(editor.refused("GET", "/tenants/contoso", None).await, refusal(403, "microsoft"));
    });
}

#[test]
fn an_answer_counts_once_in_the_browser_that_asked_for_what_it_asked() {
    run(|| async {
        let world = World::of_contoso(&["Ada Vance"]).await;
        let (console, person) = (&world.console, contoso(0));
        let ada = console.owner("ada@contoso.example", false).await;
        let path = "/sign-in/microsoft/answer";
        let browser = console.browser();

        // Another browser has another secret, or none.
        let answer = world.at_microsoft(&browser, "enter", &person).await;
        assert_eq!(console.browser().refused("POST", path, Some(answer.clone())).await, refusal(410, "gone"));
        let other = console.browser();
        world.at_microsoft(&other, "enter", &person).await;
        assert_eq!(other.refused("POST", path, Some(answer.clone())).await, refusal(410, "gone"));
        // Another's code under one's own state: the verifier does not fit.
        let own = world.at_microsoft(&other, "enter", &person).await;
        let mixed = json!({"code": answer["code"], "state": own["state"]});
        assert_eq!(other.refused("POST", path, Some(mixed)).await, refusal(410, "gone"));
        // Of an answer nothing can be changed.
        let right = answer["code"].as_str().unwrap();
        for (code, state) in [
            ("1.AXk-nothing", &answer["state"]),
            ("", &answer["state"]),
            (right, &json!("enter.x")),
            (right, &own["state"]),
        ] {
            let changed = json!({"code": code, "state": state});
            assert_eq!(browser.refused("POST", path, Some(changed)).await, refusal(410, "gone"));
        }
        // Nor can another site give it.
        let mut forged = browser.copy();
        forged.site = "cross-site";
        assert_eq!(forged.refused("POST", path, Some(answer.clone())).await, refusal(403, "forbidden"));
        // Once it counts, and in a copy of the browser no second time.
        let copy = browser.copy();
        assert_eq!(browser.done("POST", path, Some(answer.clone())).await["state"], "unlinked");
        assert_eq!(browser.refused("POST", path, Some(answer.clone())).await, refusal(410, "gone"));
        assert_eq!(copy.refused("POST", path, Some(answer)).await, refusal(410, "gone"));

        // What somebody was led to answer as a sign-in does not link.
        let answer = world.at_microsoft(&ada, "enter", &person).await;
        assert_eq!(ada.refused("PUT", "/account/microsoft", Some(answer)).await, refusal(410, "gone"));
        // Nor does a code that was to go elsewhere.
        world.cloud.register_redirect("http://127.0.0.1:1/signed-in?elsewhere");
        let begun = ada.done("POST", "/sign-in/microsoft", Some(json!({"purpose": "link"}))).await;
        let link = begun["link"].as_str().unwrap().replace("signed-in&", "signed-in%3Felsewhere&");
        let answer = world.chosen(&link, &person).await;
        assert_eq!(ada.refused("PUT", "/account/microsoft", Some(answer)).await, refusal(410, "gone"));
        assert_eq!(
            ada.refused("POST", "/sign-in/microsoft", Some(json!({"purpose": "x"}))).await,
            refusal(422, "invalid")
        );
    });
}

#[test]
fn a_token_that_is_not_as_it_must_be_opens_nothing_and_keys_may_change() {
    run(|| async {
        let world = World::of_contoso(&["Ada Vance"]).await;
        let (path, person) = ("/sign-in/microsoft/answer", contoso(0));
        let browser = world.console.browser();
        let forgeries: [standin::graph::Forge; 7] = [
            |head, _| head["alg"] = json!("none"),
            |head, _| head["alg"] = json!("HS256"),
            |_, claims| claims["nonce"] = json!("another"),
            |_, claims| claims["aud"] = json!("another"),
            |_, claims| claims["tid"] = json!(newcomer::ID),
            |_, claims| claims["exp"] = json!(1),
            |_, claims| claims["oid"] = json!("ada@contoso.example"),
        ];
        for forge in forgeries {
            let answer = world.at_microsoft(&browser, "enter", &person).await;
            world.cloud.forge(forge);
            assert_eq!(browser.refused("POST", path, Some(answer)).await, refusal(401, "wrong"));
        }
        assert_eq!(world.enters(&browser, &person, "").await, "unlinked");
        // A new key is found without anybody doing anything.
        world.cloud.roll_key(true);
        assert_eq!(world.enters(&browser, &person, "").await, "unlinked");
        let read = world.cloud.seen().iter().filter(|seen| seen.target.ends_with("/discovery/v2.0/keys")).count();
        assert_eq!(read, 2, "the keys are kept");
        // And one that nobody has published opens nothing, however often it is tried.
        for _ in 0..2 {
            let answer = world.at_microsoft(&browser, "enter", &person).await;
            world.cloud.forge(|head, _| head["kid"] = json!("unknown"));
            assert_eq!(browser.refused("POST", path, Some(answer)).await, refusal(401, "wrong"));
        }
        let read = world.cloud.seen().iter().filter(|seen| seen.target.ends_with("/discovery/v2.0/keys")).count();
        assert_eq!(read, 2, "nobody has them read again and again");
    });
}

#[test]
fn without_the_operators_word_nobody_signs_in_with_microsoft() {
    run(|| async {
        let console = Console::start("").await;
        let browser = console.browser();
        assert_eq!(browser.done("GET", "/sign-in", None).await, json!({"microsoft": false}));
        let begun = browser.refused("POST", "/sign-in/microsoft", Some(json!({"purpose": "enter"}))).await;
        assert_eq!(begun, refusal(503, "unavailable"));
    });
}

#[test]
fn people_link_come_in_and_are_told_what_to_do_in_a_browser() {
    run(|| async {
        let world = World::of_contoso(&["Ada Vance", "Bo Lind"]).await;
        let console = &world.console;
        let (owner, editor) = (console.member(Role::Owner).await, console.member(Role::Editor).await);
        let cookies = |browser: &Browser| json!(*browser.cookies.lock().unwrap());
        let knows = [
            ("CONSOLE", format!("http://{}", console.address)),
            ("MEMBERS", json!({"owner": cookies(&owner), "editor": cookies(&editor)}).to_string()),
            ("PASSWORD", PASSWORD.to_owned()),
        ];
        let before = console.mailbox.accepted().len();
        tell(
            "microsoft.mjs",
            &knows,
            async |asked| json!({"code": console.code_behind(before, asked["code"].as_str().unwrap()).await}),
        )
        .await;
    });
}
