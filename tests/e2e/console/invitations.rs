//! Invitations: by real mail to a team, with a new account or with one that is there, and what is refused.

use serde_json::json;
use signet::account::Role;

use super::*;
use crate::bench::run;

const ALL: &str = "/tenants/contoso/invitations";
const BOB: &str = "bob@fabrikam.example";

fn refusal(status: u16, word: &str) -> (u16, String) {
    (status, word.to_owned())
}

fn wanted(email: &str, role: &str) -> Option<Value> {
    Some(json!({"email": email, "role": role}))
}

fn accepted(token: &str, password: &str) -> Option<Value> {
    Some(json!({"token": token, "first_name": "Bob", "last_name": "Berg", "password": password}))
}

fn shown(token: &str) -> Option<Value> {
    Some(json!({"token": token}))
}

impl Console {
    /// Invites somebody, and gives the invitation's id and the token of the mail.
    async fn invites(&self, browser: &Browser, email: &str, role: &str) -> (String, String) {
        let before = self.mailbox.accepted().len();
        let made = browser.done("POST", ALL, wanted(email, role)).await;
        let mail = self.mail(before + 1, email).await;
        assert!(mail.contains("@contoso.example invites you") && mail.contains(role), "{mail}");
        (made["id"].as_str().unwrap().to_owned(), link(&mail, "http://127.0.0.1:1/invitation#"))
    }
}

#[test]
fn whoever_has_no_account_gets_one_and_belongs_to_the_team() {
    run(|| async {
        let console = Console::start("").await;
        let owner = console.member(Role::Owner).await;
        let (id, token) = console.invites(&owner, BOB, "editor").await;
        let listed = owner.done("GET", ALL, None).await;
        assert_eq!((&listed["invitations"][0]["id"], &listed["invitations"][0]["email"]), (&json!(id), &json!(BOB)));
        assert!(!listed.to_string().contains(&token), "a link is told once, by mail");

        let browser = console.browser();
        let told = browser.done("POST", "/invitations/look", shown(&token)).await;
        assert_eq!(
            (&told["email"], &told["role"], &told["has_account"]),
            (&json!(BOB), &json!("editor"), &json!(false))
        );
        // What is wrong does not use up the link.
        assert_eq!(browser.refused("POST", "/invitations/accept", accepted(&token, "Fabrikam1")).await.0, 422);
        let nameless = Some(json!({"token": token, "first_name": " ", "last_name": "B", "password": PASSWORD}));
        assert_eq!(browser.refused("POST", "/invitations/accept", nameless).await, refusal(422, "invalid"));
        let joined = browser.done("POST", "/invitations/accept", accepted(&token, PASSWORD)).await;
        assert_eq!(joined, json!({"email": BOB, "tenant": "contoso"}));
        let gone = refusal(410, "gone");
        assert_eq!(browser.refused("POST", "/invitations/accept", accepted(&token, PASSWORD)).await, gone);
        assert_eq!(browser.refused("POST", "/invitations/look", shown(&token)).await, gone);
        assert_eq!(browser.refused("GET", "/session", None).await, refusal(401, "unauthorized"), "nobody is signed in");

        console.signs_in(&browser, BOB, false).await;
        let session = browser.done("GET", "/session", None).await;
        assert_eq!(
            (&session["tenants"][0]["id"], &session["tenants"][0]["role"]),
            (&json!("contoso"), &json!("editor"))
        );
        assert_eq!(owner.done("GET", ALL, None).await, json!({"invitations": []}));
        let again = owner.refused("POST", ALL, wanted(&BOB.to_uppercase(), "auditor")).await;
        assert_eq!(again, refusal(409, "exists"), "whoever is a member is not invited");
    });
}

#[test]
fn whoever_has_an_account_signs_in_and_joins() {
    run(|| async {
        let console = Console::start("").await;
        let (owner, bob) = (console.member(Role::Owner).await, console.owner(BOB, false).await);
        let (_, token) = console.invites(&owner, BOB, "auditor").await;
        let stranger = console.browser();
        assert_eq!(stranger.done("POST", "/invitations/look", shown(&token)).await["has_account"], true);
        assert_eq!(
            stranger.refused("POST", "/invitations/accept", accepted(&token, PASSWORD)).await,
            refusal(409, "exists"),
            "a link sets no password"
        );
        assert_eq!(stranger.refused("POST", "/invitations/join", shown(&token)).await, refusal(401, "unauthorized"));
        assert_eq!(
            owner.refused("POST", "/invitations/join", shown(&token)).await,
            refusal(403, "forbidden"),
            "for another address"
        );
        bob.done("POST", "/invitations/join", shown(&token)).await;
        assert_eq!(bob.refused("POST", "/invitations/join", shown(&token)).await, refusal(410, "gone"));
        let tenants = bob.done("GET", "/session", None).await["tenants"].clone();
        let roles: Vec<(&str, &str)> = tenants
            .as_array()
            .unwrap()
            .iter()
            .map(|one| (one["id"].as_str().unwrap(), one["role"].as_str().unwrap()))
            .filter(|(id, _)| *id == "contoso")
            .collect();
        assert_eq!((tenants.as_array().unwrap().len(), roles), (2, vec![("contoso", "auditor")]));
    });
}

#[test]
fn what_is_refused_invites_nobody() {
    run(|| async {
        let console = Console::start("").await;
        let (owner, administrator) = (console.member(Role::Owner).await, console.member(Role::Administrator).await);
        let before = console.mailbox.accepted().len();
        for (browser, email, role, status, word) in [
            (&administrator, BOB, "owner", 403, "forbidden"),
            (&owner, BOB, "king", 422, "invalid"),
            (&owner, "bob", "editor", 422, "invalid"),
            (&owner, "bob@localhost", "editor", 422, "invalid"),
            (&owner, "a@b.example\r\nBcc: c@d.example", "editor", 422, "invalid"),
            (&owner, "administrator@contoso.example", "editor", 409, "exists"),
        ] {
            assert_eq!(
                browser.refused("POST", ALL, wanted(email, role)).await,
                refusal(status, word),
                "{email} {role}"
            );
        }
        for role in [Role::Editor, Role::Auditor] {
            let member = console.member(role).await;
            assert_eq!(member.refused("POST", ALL, wanted(BOB, "support")).await, refusal(403, "forbidden"));
            assert!(member.ask("GET", ALL, None).await.status == 200);
        }
        let signed_in = 2 * 2;
        assert_eq!(console.mailbox.accepted().len(), before + signed_in, "no further mail");

        // What an owner offers is not an administrator's to mail again or to take away.
        let (id, _) = console.invites(&owner, BOB, "owner").await;
        let one = format!("{ALL}/{id}");
        assert_eq!(administrator.refused("DELETE", &one, None).await, refusal(403, "forbidden"));
        assert_eq!(administrator.refused("POST", &format!("{one}/again"), None).await, refusal(403, "forbidden"));
        assert_eq!(owner.refused("DELETE", &format!("{ALL}/iv_other"), None).await, refusal(404, "not_found"));
        assert_eq!(owner.refused("POST", ALL, wanted(BOB, "editor")).await, refusal(409, "exists"), "open already");
        owner.done("DELETE", &one, None).await;
        // Tried only, nothing is mailed and nothing stays.
        let before = console.mailbox.accepted().len();
        owner.done("POST", &format!("{ALL}?dry_run=true"), wanted(BOB, "editor")).await;
        assert_eq!(owner.done("GET", ALL, None).await, json!({"invitations": []}));
        let (_, token) = console.invites(&owner, BOB, "editor").await;
        assert_eq!(console.mailbox.accepted().len(), before + 1);
        let log = console.bench.appliance.log();
        assert!(!log.contains(&token) && !log.contains(BOB), "{log}");
    });
}

#[test]
fn a_link_is_good_until_another_is_mailed_and_few_are_mailed_to_one_address() {
    run(|| async {
        let console = Console::start("").await;
        let owner = console.member(Role::Owner).await;
        let (id, first) = console.invites(&owner, BOB, "editor").await;
        let before = console.mailbox.accepted().len();
        owner.done("POST", &format!("{ALL}/{id}/again"), None).await;
        let second = link(&console.mail(before + 1, BOB).await, "/invitation#");
        let browser = console.browser();
        assert_eq!(browser.refused("POST", "/invitations/look", shown(&first)).await, refusal(410, "gone"));
        browser.done("POST", "/invitations/look", shown(&second)).await;
        let mut refused = None;
        for _ in 0..8 {
            let answer = owner.ask("POST", &format!("{ALL}/{id}/again"), None).await;
            if answer.status != 200 {
                refused = Some(answer);
                break;
            }
        }
        assert_eq!(refused.map(|answer| answer.status), Some(429));
        owner.done("DELETE", &format!("{ALL}/{id}"), None).await;
        let around = owner.refused("POST", ALL, wanted(BOB, "editor")).await;
        assert_eq!(around, refusal(429, "too_many"), "nor by a new one");
        // Others are invited all the same.
        owner.done("POST", ALL, wanted("zoe@fabrikam.example", "editor")).await;
    });
}

/// Nobody learns by inviting who has an account.
#[test]
fn an_invitation_is_the_same_whether_there_is_an_account() {
    run(|| async {
        let console = Console::start("").await;
        let owner = console.member(Role::Owner).await;
        console.owner(BOB, false).await;
        let before = console.mailbox.accepted().len();
        let known = owner.ask("POST", ALL, wanted(BOB, "editor")).await;
        let unknown = owner.ask("POST", ALL, wanted("zoe@fabrikam.example", "editor")).await;
        let shape = |body: &str| -> Vec<String> {
            let value: Value = serde_json::from_str(body).unwrap();
            value.as_object().unwrap().keys().cloned().collect()
        };
        assert_eq!((known.status, shape(&known.body)), (unknown.status, shape(&unknown.body)));
        let same = |mail: String, to: &str| mail.replace(&link(&mail, "/invitation#"), "").replace(to, "");
        let mails = (console.mail(before + 1, BOB).await, console.mail(before + 2, "zoe@fabrikam.example").await);
        assert_eq!(same(mails.0, BOB), same(mails.1, "zoe@fabrikam.example"));
    });
}
