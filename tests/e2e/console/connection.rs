//! A tenant connects itself: its domain is proven by real DNS, the rest is said by Microsoft, and then its mail is signed.

use serde_json::json;
use standin::graph::{Consent, Fault};
use standin::newcomer::CERTIFICATE;
use standin::{appliance, newcomer};

use super::world::World;
use super::*;
use crate::bench::{MARK, run};

fn domain(name: &str) -> Option<Value> {
    Some(json!({"domain": name}))
}

/// Status, place and sentence.
async fn problem(browser: &Browser, method: &str, path: &str, body: Option<Value>) -> (u16, String, String) {
    let answer = browser.ask(method, path, body).await;
    let problem: Value = serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("{answer:?}"));
    let text = |name: &str| problem[name].as_str().unwrap_or_default().to_owned();
    (answer.status, text("place"), text("detail"))
}

#[test]
fn a_new_tenant_connects_itself_and_its_mail_is_signed() {
    run(|| async {
        let world = World::start().await;
        let (ada, tenant) = world.owner("ada@northwind.example").await;
        let connection = format!("{tenant}/connection");
        let now = ada.done("GET", &connection, None).await;
        assert_eq!((&now["missing"], &now["application"]), (&json!(["domain", "certificate"]), &json!(true)));
        assert_eq!(ada.refused("GET", &format!("{connection}/script"), None).await, (422, "invalid".to_owned()));

        // The domain: what is missing is told, then it is there.
        let domains = format!("{connection}/domains");
        let (status, place, sentence) = problem(&ada, "POST", &domains, domain("NorthWind.example")).await;
        assert_eq!((status, place.as_str()), (422, "/domain"), "{sentence}");
        assert!(sentence.contains("no TXT record _signet.northwind.example with signet-domain="), "{sentence}");
        world.set_record(&ada, &tenant).await;
        ada.done("POST", &format!("{domains}?dry_run=true"), domain("northwind.example")).await;
        assert_eq!(ada.done("GET", &connection, None).await["domains"], json!([]));
        ada.done("POST", &domains, domain("NorthWind.example")).await;
        let now = ada.done("GET", &connection, None).await;
        assert_eq!((&now["organisation"], &now["domains"]), (&json!(newcomer::ID), &json!(["northwind.example"])));
        assert_eq!(now["next_hop"]["host"], "northwind-example.outlook.example");
        let again = problem(&ada, "POST", &domains, domain("northwind.example")).await;
        assert_eq!((again.0, again.1.as_str()), (422, "/domain"), "{again:?}");

        // Consent: then Microsoft names the other domains, which need no record.
        let (status, _, sentence) = problem(&ada, "GET", &domains, None).await;
        assert!(status == 422 && sentence.contains("has to consent"), "{status} {sentence}");
        // Not without a trial, which is begun once (requirement P28).
        let directory = format!("{tenant}/directory");
        let early = ada.refused("PUT", &directory, Some(json!({}))).await;
        assert_eq!(early, (402, "not_subscribed".to_owned()));
        ada.done("POST", &format!("{tenant}/trial"), None).await;
        assert_eq!(ada.refused("POST", &format!("{tenant}/trial"), None).await.0, 409);
        ada.done("PUT", &directory, Some(json!({}))).await;
        let link = ada.done("POST", &format!("{tenant}/directory/consent"), None).await["link"].clone();
        world.cloud.consent_of(newcomer::ID, Consent::Given);
        let answer = world.consent(link.as_str().unwrap()).await;
        // Until it has arrived at Microsoft the same answer can be given again, and once it was taken it counts no more.
        let (consent, answer) = (format!("{tenant}/directory/consent"), Some(json!({"answer": answer})));
        world.cloud.consent_of(newcomer::ID, Consent::Withdrawn);
        assert_eq!(ada.refused("PUT", &consent, answer.clone()).await, (409, "not_yet".to_owned()));
        world.cloud.consent_of(newcomer::ID, Consent::Given);
        ada.done("PUT", &consent, answer.clone()).await;
        assert_eq!(ada.refused("PUT", &consent, answer).await, (410, "gone".to_owned()));
        assert!(ada.done("GET", &connection, None).await["consented"].is_string());
        let known = ada.done("GET", &domains, None).await;
        let told = |name: &str| known["domains"].as_array().unwrap().iter().find(|one| one["name"] == name).unwrap();
        assert_eq!(told("northwind.example")["taken"], true);
        assert_eq!(told("northwind.onmicrosoft.example")["taken"], false);
        ada.done("POST", &domains, domain("northwind.onmicrosoft.example")).await;
        ada.done("DELETE", &format!("{domains}/northwind.onmicrosoft.example"), None).await;
        ada.done("POST", &domains, domain("northwind.onmicrosoft.example")).await;

        // The certificate and the script.
        let wrong = json!({"chain": "x", "key": "y"});
        let refused = problem(&ada, "PUT", &format!("{connection}/certificate"), Some(wrong)).await;
        assert_eq!((refused.0, refused.1.as_str()), (422, "/chain"), "{refused:?}");
        let seen = ada.done("PUT", &format!("{connection}/certificate"), Some(world.certificate())).await;
        assert_eq!((&seen["names"], &seen["accepted_name"]), (&json!([CERTIFICATE]), &json!(CERTIFICATE)));
        assert!(seen["remarks"].to_string().contains("public authority"), "{seen}");
        let script = ada.done("GET", &format!("{connection}/script?pilot_group=pilot%40northwind.example"), None).await;
        for part in [CERTIFICATE, appliance::HOST_NAME, "pilot@northwind.example"] {
            assert!(script["script"].as_str().unwrap().contains(part), "{part}: {script}");
        }
        let removal = ada.done("GET", &format!("{connection}/removal"), None).await;
        assert!(removal["script"].as_str().unwrap().contains("Remove-OutboundConnector"));
        // Connectors and rules as somebody has changed them.
        let inspection = ada.done("GET", &format!("{connection}/inspection"), None).await;
        assert!(inspection["script"].as_str().unwrap().contains("Get-InboundConnector"), "{inspection}");
        let shown = json!({"inbound": [{"RequireTls": ["False"], "TlsSenderCertificateName": [CERTIFICATE]}]});
        let judged = ada.done("POST", &format!("{connection}/inspection"), Some(shown)).await;
        let told = |name: &str| judged["checks"].as_array().unwrap().iter().find(|one| one["subject"] == name).unwrap();
        let inbound = told("Signet to Microsoft 365");
        assert_eq!((&inbound["check"], &inbound["outcome"]), (&json!("connector"), &json!("failed")));
        assert!(inbound["advice"].as_str().unwrap().contains("-RequireTls $true"), "{inbound}");
        assert_eq!(told("Signet 3: route to Signet")["found"], "It is not there.");
        let nobody = problem(&ada, "GET", &format!("{connection}/script?pilot_group=pilot"), None).await;
        assert_eq!((nobody.0, nobody.1.as_str()), (422, "?pilot_group"), "{nobody:?}");

        // A signature for everybody, and mail.
        let signature = json!({"id": "standard", "name": "Standard", "enabled": true, "place": "reply", "images": "hosted",
            "then_continue": false, "applies": {},
            "design": {"version": 1, "blocks": [{"type": "text", "lines": [[format!("{MARK} Northwind")]]}]}});
        ada.done("POST", &format!("{tenant}/signatures"), Some(signature)).await;
        ada.done("PUT", &format!("{tenant}/mode"), Some(json!({"mode": "live"}))).await;
        assert_eq!(ada.done("GET", &connection, None).await["last_mail"], Value::Null);
        world.until_mail(|text| text.contains(&format!("{MARK} Northwind"))).await;
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
        while ada.done("GET", &connection, None).await["last_signed"].is_null() {
            assert!(std::time::Instant::now() < deadline, "it is not traced");
        }
    });
}

#[test]
fn a_domain_is_nobody_elses() {
    run(|| async {
        let world = World::start().await;
        let (ada, tenant) = world.owner("ada@northwind.example").await;
        let (eve, of_eve) = world.owner("eve@evil.example").await;
        world.set_record(&ada, &tenant).await;
        let domains = format!("{of_eve}/connection/domains");
        // The record is for Ada's tenant, and what Microsoft knows of Northwind is not for Eve's.
        let refused = problem(&eve, "POST", &domains, domain("northwind.example")).await;
        assert_eq!((refused.0, refused.1.as_str()), (422, "/domain"), "{refused:?}");
        assert!(refused.2.contains("(there is signet-domain="), "{refused:?}");
        assert_eq!(eve.ask("GET", &domains, None).await.status, 422);
        ada.done("POST", &format!("{tenant}/connection/domains"), domain("northwind.example")).await;
        // With a record of her own too: it is taken.
        world.set_record(&eve, &of_eve).await;
        let refused = problem(&eve, "POST", &domains, domain("northwind.example")).await;
        assert_eq!((refused.0, refused.1.as_str()), (422, "/domain"), "{refused:?}");
        assert!(refused.2.contains("belongs to another tenant"), "{refused:?}");
        for (method, path) in [("GET", "connection"), ("GET", "connection/checks"), ("GET", "connection/removal")] {
            assert_eq!(eve.ask(method, &format!("{tenant}/{path}"), None).await.status, 404, "{path}");
        }
        // The last domain stays, as long as mail may come.
        let last = problem(&ada, "DELETE", &format!("{tenant}/connection/domains/northwind.example"), None).await;
        assert_eq!(last.0, 422, "{last:?}");
    });
}

#[test]
fn what_cannot_be_a_domain_or_a_next_hop_is_refused() {
    run(|| async {
        let world = World::start().await;
        let (ada, tenant) = world.owner("ada@northwind.example").await;
        let domains = format!("{tenant}/connection/domains");
        for name in ["", "localhost", "a b.example", "127.0.0.1:25", "http://northwind.example/", "x.example\r\ny"] {
            let refused = problem(&ada, "POST", &domains, domain(name)).await;
            assert_eq!((refused.0, refused.1.as_str()), (422, "/domain"), "{name}: {refused:?}");
        }
        world.set_record(&ada, &tenant).await;
        for host in
            ["127.0.0.1", "mail.evil.example", "outlook.example.evil.example", ".outlook.example", "x.outlook.example/"]
        {
            let body = json!({"domain": "northwind.example", "next_hop": host});
            let refused = problem(&ada, "POST", &domains, Some(body)).await;
            assert_eq!((refused.0, refused.1.as_str()), (422, "/next_hop"), "{host}: {refused:?}");
        }
        // Not in Microsoft 365, and no answer from it.
        world.cloud.domains_of(newcomer::ID, &["other.example"]);
        let refused = problem(&ada, "POST", &domains, domain("northwind.example")).await;
        assert_eq!((refused.0, refused.1.as_str()), (422, "/domain"), "{refused:?}");
        assert!(refused.2.contains("no domain that is verified in Microsoft 365"), "{refused:?}");
        world.cloud.fail("openid-configuration", 0, 9, Fault::Status(503));
        assert_eq!(ada.ask("POST", &domains, domain("northwind.example")).await.status, 503);
        // No answer of the name servers, which is not the same as no record.
        let silent = problem(&ada, "POST", &domains, domain("nobody.example")).await;
        assert_eq!(silent.0, 503, "{silent:?}");
        assert_eq!(ada.done("GET", &format!("{tenant}/connection"), None).await["domains"], json!([]));
    });
}

#[test]
fn the_doctor_tells_what_is_wrong_and_how_it_is_mended() {
    run(|| async {
        let world = World::start().await;
        let (ada, tenant) = world.owner("ada@northwind.example").await;
        world.set_record(&ada, &tenant).await;
        ada.done("POST", &format!("{tenant}/connection/domains"), domain("northwind.example")).await;
        let outcomes = async || {
            let checks = ada.done("GET", &format!("{tenant}/connection/checks"), None).await;
            let word = |check: &Value, name: &str| check[name].as_str().unwrap_or_default().to_owned();
            let checks = checks["checks"].as_array().unwrap().clone();
            for check in &checks {
                let is_good = check["outcome"] == "good";
                assert!(is_good || check["outcome"] == "unknown" || check["advice"].is_string(), "{check}");
            }
            checks.iter().map(|check| (word(check, "check"), word(check, "outcome"))).collect::<Vec<_>>()
        };
        let told = |found: &[(&str, &str)]| -> Vec<(String, String)> {
            found.iter().map(|(check, outcome)| ((*check).to_owned(), (*outcome).to_owned())).collect()
        };
        let before = [
            ("certificate", "failed"),
            ("next_hop", "good"),
            ("spf", "failed"),
            ("dkim", "warning"),
            ("dmarc", "warning"),
            ("returned", "unknown"),
            ("mail", "unknown"),
        ];
        assert_eq!(outcomes().await, told(&before));
        world.text("northwind.example.", "v=spf1 include:a.northwind.example -all").await;
        world.text("a.northwind.example.", "v=spf1 include:spf.protection.outlook.com ~all").await;
        world.text("selector1._domainkey.northwind.example.", "v=DKIM1; k=rsa; p=MIGf").await;
        world.text("_dmarc.northwind.example.", "v=DMARC1; p=reject").await;
        ada.done("PUT", &format!("{tenant}/connection/certificate"), Some(world.certificate())).await;
        let after = [
            // From no public authority.
            ("certificate", "warning"),
            ("next_hop", "good"),
            // The server here says nothing of Microsoft's zone.
            ("spf", "unknown"),
            ("dkim", "good"),
            ("dmarc", "good"),
            ("returned", "unknown"),
            ("mail", "unknown"),
        ];
        assert_eq!(outcomes().await, told(&after));
    });
}
