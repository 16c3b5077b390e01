//! Roles: what each may not do is not possible, on any route of the document, and not shown, on any page.

use serde_json::json;
use signet::account::{Permission, Role};

use super::mail::TO;
use super::story::tell;
use super::world::World;
use super::*;
use crate::bench::run;

const TENANT: &str = "contoso";

impl Console {
    /// Somebody of contoso's team who has signed in.
    pub(super) async fn member(&self, role: Role) -> Browser {
        let email = format!("{}@contoso.example", role.word());
        let arguments = [
            "account",
            "add",
            TENANT,
            "--email",
            &email,
            "--role",
            role.word(),
            "--first-name",
            role.word(),
            "--last-name",
            "Lind",
        ];
        self.bench.setup.signet_told(&arguments, &format!("{PASSWORD}\n")).unwrap();
        let browser = self.browser();
        self.signs_in(&browser, &email, false).await;
        browser
    }
}

/// Method, path for contoso, scope, of every route of a tenant.
fn routes() -> Vec<(String, String, Permission)> {
    let document: Value = serde_json::from_str(include_str!("../../../docs/openapi.json")).unwrap();
    let mut routes = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        let Some(path) = path.strip_prefix("/api/v1").filter(|path| path.starts_with("/tenants/{tenant}")) else {
            continue;
        };
        let filled: Vec<&str> = path.split('/').map(|part| if part.starts_with('{') { "1" } else { part }).collect();
        let filled = filled.join("/").replacen("/tenants/1", &format!("/tenants/{TENANT}"), 1);
        for (method, operation) in methods.as_object().unwrap() {
            let Some(scope) = operation["security"][0]["token"][0].as_str() else { continue };
            routes.push((method.to_uppercase(), filled.clone(), Permission::parse(scope).unwrap()));
        }
    }
    assert!(routes.len() > 40, "{routes:?}");
    routes
}

#[test]
fn what_a_role_does_not_permit_is_refused_on_every_route() {
    run(|| async {
        let console = Console::start("").await;
        let state = console.bench.setup.signet(&["tenant", "list"]).unwrap();
        for role in Role::ALL {
            let browser = console.member(role).await;
            let session = browser.done("GET", "/session", None).await;
            let scopes: Vec<&str> = role.permissions().map(|permission| permission.word()).collect();
            assert_eq!(
                (&session["tenants"][0]["role"], &session["tenants"][0]["scopes"]),
                (&json!(role.word()), &json!(scopes))
            );
            for (method, path, scope) in routes() {
                match role.permits(scope) {
                    false => {
                        let answer = browser.ask(&method, &path, Some(json!({}))).await;
                        assert_eq!(answer.status, 403, "{} {method} {path}: {answer:?}", role.word());
                        assert!(answer.body.contains(scope.word()) && answer.body.contains(role.word()), "{answer:?}");
                    }
                    // What it permits is looked at, and not done.
                    true if method == "GET" => {
                        let answer = browser.ask(&method, &path, None).await;
                        assert!(
                            matches!(answer.status, 200 | 400 | 404)
                                // Nothing is connected, and no application is there by which Microsoft is asked.
                                || (path.contains("/connection/") && matches!(answer.status, 422 | 503)),
                            "{} {method} {path}: {answer:?}",
                            role.word()
                        );
                    }
                    true => {}
                }
                // Another tenant is not there, whatever the role.
                let elsewhere = browser.ask(&method, &path.replace(TENANT, "fabrikam"), None).await;
                assert_eq!(elsewhere.status, 404, "{} {method} {path}: {elsewhere:?}", role.word());
            }
            assert_eq!(browser.refused("POST", "/tenants", Some(json!({}))).await.0, 403);
            assert_eq!(browser.refused("DELETE", "/tenants/contoso", None).await.0, 403, "tenants are the operator's");
        }
        assert_eq!(console.bench.setup.signet(&["tenant", "list"]).unwrap(), state);
    });
}

#[test]
fn nobody_gives_more_than_one_has() {
    run(|| async {
        let console = Console::start("").await;
        let (owner, administrator) = (console.member(Role::Owner).await, console.member(Role::Administrator).await);
        let signet = |arguments: &[&str]| console.bench.setup.signet(arguments);
        let listed = signet(&["account", "list", "contoso"]).unwrap();
        assert_eq!(listed, "owner@contoso.example\towner\nadministrator@contoso.example\tadministrator\n");
        let refused = signet(&["account", "remove", "contoso", "--email", "owner@contoso.example"]).unwrap_err();
        assert!(refused.to_string().contains("without an owner"), "{refused}");
        let team = owner.done("GET", "/tenants/contoso/members", None).await;
        let id = |role: &str| {
            let members = team["members"].as_array().unwrap();
            members.iter().find(|one| one["role"] == role).unwrap()["account"].as_str().unwrap().to_owned()
        };
        let (own, other) = (
            format!("/tenants/contoso/members/{}", id("owner")),
            format!("/tenants/contoso/members/{}", id("administrator")),
        );
        let role = |word: &str| Some(json!({"role": word}));
        let forbidden = (403, "forbidden".to_owned());
        assert_eq!(administrator.refused("PUT", &other, role("owner")).await, forbidden);
        assert_eq!(administrator.refused("DELETE", &own, None).await, forbidden);
        assert_eq!(owner.refused("DELETE", &own, None).await, (409, "exists".to_owned()), "the last owner stays");
        assert_eq!(owner.refused("PUT", &other, role("king")).await, (422, "invalid".to_owned()));
        owner.done("PUT", &other, role("editor")).await;
        // What was taken away counts for the next request.
        assert_eq!(administrator.refused("GET", "/tenants/contoso/audit", None).await, forbidden);
        owner.done("DELETE", &other, None).await;
        assert_eq!(administrator.refused("GET", "/tenants/contoso", None).await, (404, "not_found".to_owned()));

        // A token has no more than its maker, and is told once.
        let wanted = |scopes: Value| Some(json!({"name": "export", "scopes": scopes, "days": 30}));
        let made = owner.done("POST", "/tenants/contoso/tokens", wanted(json!(["tenant:read"]))).await;
        let listed = owner.done("GET", "/tenants/contoso/tokens", None).await;
        assert!(!listed.to_string().contains(made["token"].as_str().unwrap()));
        assert_eq!(owner.refused("POST", "/tenants/contoso/tokens", wanted(json!([]))).await.0, 422);
        assert_eq!(owner.refused("DELETE", "/tenants/contoso/tokens/tk_other", None).await.0, 404);
        owner.done("DELETE", &format!("/tenants/contoso/tokens/{}", made["id"].as_str().unwrap()), None).await;
        let listed = owner.done("GET", "/tenants/contoso/tokens", None).await;
        assert!(listed["tokens"][0]["revoked"].is_string(), "{listed}");
    });
}

#[test]
fn each_role_sees_what_it_may_do_and_does_what_it_is_for() {
    run(|| async {
        let world = World::of_contoso(&["Ada Vance"]).await;
        let console = &world.console;
        let mut members = serde_json::Map::new();
        for role in Role::ALL {
            let browser = console.member(role).await;
            if role == Role::Owner {
                console.mail_came(&browser).await;
            }
            let permits: Vec<&str> = role.permissions().map(Permission::word).collect();
            let cookies = &*browser.cookies.lock().unwrap();
            members.insert(role.word().to_owned(), json!({"cookies": cookies, "permits": permits}));
        }
        let knows = [
            ("CONSOLE", format!("http://{}", console.address)),
            ("MEMBERS", json!(members).to_string()),
            ("TENANT", TENANT.to_owned()),
            ("TO", TO.to_owned()),
        ];
        let (mut saw, mut did) = (0, Vec::new());
        tell("roles.mjs", &knows, async |asked| {
            match asked["did"].as_str() {
                Some(role) => did.push(role.to_owned()),
                None => saw += 1,
            }
            json!({})
        })
        .await;
        assert_eq!(saw, Role::ALL.len());
        did.sort();
        let mut all = Role::ALL.map(Role::word);
        all.sort_unstable();
        assert_eq!(did, all);
    });
}
