//! An organisation leaves: its mail goes on unsigned, nobody switches it on beside that, and it can stay after all.

use serde_json::json;

use super::world::World;
use super::*;
use crate::bench::{MARK, run};

#[test]
fn who_leaves_loses_no_mail_and_may_stay_after_all() {
    run(|| async {
        let world = World::start().await;
        let (ada, tenant) = world.owner("ada@northwind.example").await;
        world.connected(&ada, &tenant).await;
        world.signs(&ada, &tenant).await;

        // Another administrator may not, nor an owner who has not shown the password for a while.
        let leaving = format!("{tenant}/leaving");
        assert_eq!(ada.done("GET", &format!("{tenant}/organisation"), None).await["leaving"], Value::Null);
        ada.done("POST", &format!("{leaving}?dry_run=true"), None).await;
        assert_eq!(ada.done("GET", &format!("{tenant}/organisation"), None).await["leaving"], Value::Null);
        let before = world.console.mailbox.accepted().len();
        ada.done("POST", &leaving, None).await;
        let told = world.console.mail(before + 1, "ada@northwind.example").await;
        assert!(told.contains("leaves Signet") && told.contains(&format!("/t{}/settings", &tenant[8..])), "{told}");
        let now = ada.done("GET", &format!("{tenant}/organisation"), None).await;
        assert!(now["leaving"]["ends"].is_string() && now["leaving"]["last_mail"].is_null(), "{now}");
        let live = Some(json!({"mode": "live"}));
        assert_eq!(ada.refused("PUT", &format!("{tenant}/mode"), live).await, (409, "leaving".to_owned()));
        assert_eq!(ada.refused("POST", &leaving, None).await, (409, "leaving".to_owned()));
        assert_eq!(ada.refused("POST", &format!("{tenant}/directory/sync"), Some(json!({}))).await.0, 409);

        // Each message is relayed, soon without a signature, and noted.
        world.until_mail(|text| !text.contains(MARK)).await;
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
        while ada.done("GET", &format!("{tenant}/organisation"), None).await["leaving"]["last_mail"].is_null() {
            assert!(std::time::Instant::now() < deadline, "its mail is not noted");
        }
        ada.done("DELETE", &leaving, None).await;
        assert_eq!(ada.done("GET", &format!("{tenant}/mode"), None).await["mode"], "live");
        world.until_mail(|text| text.contains(MARK)).await;
        assert_eq!(ada.refused("DELETE", &leaving, None).await.0, 404);
    });
}

#[test]
fn only_an_owner_lets_the_organisation_leave() {
    run(|| async {
        let console = Console::start("").await;
        for role in [signet::account::Role::Administrator, signet::account::Role::Editor] {
            let browser = console.member(role).await;
            for method in ["POST", "DELETE"] {
                let refused = browser.refused(method, "/tenants/contoso/leaving", None).await;
                assert_eq!(refused, (403, "forbidden".to_owned()), "{method} {role:?}");
            }
        }
    });
}

#[test]
fn name_and_retention_are_the_organisations_own() {
    run(|| async {
        let world = World::start().await;
        let (ada, tenant) = world.owner("ada@northwind.example").await;
        let path = format!("{tenant}/organisation");
        let now = ada.done("GET", &path, None).await;
        assert_eq!((&now["name"], &now["retention_days"]), (&json!("Contoso Ltd."), &json!(90)));
        assert_eq!((&now["subscription"]["state"], &now["subscription"]["trial_days"]), (&json!("none"), &json!(30)));
        ada.done("PUT", &path, Some(json!({"name": " Northwind ", "retention_days": 0}))).await;
        let now = ada.done("GET", &path, None).await;
        assert_eq!((&now["name"], &now["retention_days"]), (&json!("Northwind"), &json!(0)));
        assert_eq!(ada.done("GET", "/session", None).await["tenants"][0]["name"], "Northwind");
        for (body, place) in [
            (json!({"name": "Northwind", "retention_days": 366}), ""),
            (json!({"name": "  ", "retention_days": 1}), "/name"),
        ] {
            let answer = ada.ask("PUT", &path, Some(body)).await;
            assert!(answer.status == 422 && answer.body.contains(place), "{answer:?}");
        }
    });
}
