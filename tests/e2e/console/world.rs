//! A console with Northwind beside it, an organisation that is not connected yet.

use serde_json::json;
use standin::certificates::{Identity, Request};
use standin::graph::{CLIENT, Cloud, Consent, Directory};
use standin::newcomer;
use standin::newcomer::{CERTIFICATE, DOMAIN, Registrar};

use super::*;
use crate::bench::{MARK, end_code, http};

/// The console, and what it has to do with.
pub struct World {
    pub console: Console,
    pub registrar: Registrar,
    pub cloud: Cloud,
    pub folder: tempfile::TempDir,
}

impl World {
    pub async fn start() -> World {
        let registrar = Registrar::start().await.unwrap();
        let cloud = Cloud::start(Directory::default()).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let identity = Identity::self_signed(Request::client("signet.example").rsa()).unwrap();
        cloud.register(&identity);
        newcomer::join(&cloud);
        identity.write(folder.path(), "application").unwrap();
        let (url, at) = (cloud.url(), folder.path().join("application").display().to_string());
        let configuration = format!(
            "[directory]\nclient_id = \"{CLIENT}\"\ncertificate = \"{at}.pem\"\nkey = \"{at}.key\"\n\
             login = \"{url}\"\ngraph = \"{url}\"\nredirect = \"https://console.example/consent\"\n"
        );
        let plan = Plan {
            configuration,
            environment: vec![("SIGNET_NEXT_HOP_RESOLVER".to_owned(), registrar.names.address.to_string())],
            exchange: Box::new(|config| config.connector(CERTIFICATE, "northwind")),
            ..Plan::default()
        };
        cloud.register_redirect("http://127.0.0.1:1/signed-in");
        World { console: Console::with("microsoft_sign_in = true", plan).await, registrar, cloud, folder }
    }

    /// Somebody with a tenant of their own: the browser, and the path of the tenant.
    pub async fn owner(&self, email: &str) -> (Browser, String) {
        let browser = self.console.owner(email, false).await;
        let session = browser.done("GET", "/session", None).await;
        let path = format!("/tenants/{}", session["tenants"][0]["id"].as_str().unwrap());
        (browser, path)
    }

    /// Sets the record that proves Northwind's domain for this tenant.
    pub async fn set_record(&self, browser: &Browser, tenant: &str) {
        let proof = browser.done("GET", &format!("{tenant}/connection/proof?domain={DOMAIN}"), None).await;
        assert_eq!((&proof["kind"], &proof["record_name"]), (&json!("TXT"), &json!(format!("_signet.{DOMAIN}"))));
        self.text(&format!("_signet.{DOMAIN}."), proof["record_value"].as_str().unwrap()).await;
    }

    /// Northwind with its certificate and its people, and a signature for everybody.
    pub async fn connected(&self, browser: &Browser, tenant: &str) {
        self.set_record(browser, tenant).await;
        browser.done("POST", &format!("{tenant}/connection/domains"), Some(json!({"domain": DOMAIN}))).await;
        browser.done("PUT", &format!("{tenant}/connection/certificate"), Some(self.certificate())).await;
        browser.done("POST", &format!("{tenant}/trial"), None).await;
        browser.done("PUT", &format!("{tenant}/directory"), Some(json!({}))).await;
        let link = browser.done("POST", &format!("{tenant}/directory/consent"), None).await["link"].clone();
        self.cloud.consent_of(newcomer::ID, Consent::Given);
        let answer = json!({"answer": self.consent(link.as_str().unwrap()).await});
        browser.done("PUT", &format!("{tenant}/directory/consent"), Some(answer)).await;
        let signature = json!({"id": "standard", "name": "Standard", "enabled": true, "place": "reply", "images": "hosted",
            "then_continue": false, "applies": {},
            "design": {"version": 1, "blocks": [{"type": "text", "lines": [[format!("{MARK} Northwind")]]}]}});
        browser.done("POST", &format!("{tenant}/signatures"), Some(signature)).await;
    }

    /// Goes live, and waits for a message that shows it.
    pub async fn signs(&self, browser: &Browser, tenant: &str) {
        browser.done("PUT", &format!("{tenant}/mode"), Some(json!({"mode": "live"}))).await;
        self.until_mail(|text| text.contains(&format!("{MARK} Northwind"))).await;
    }

    /// Sends Northwind's mail until one arrives as it should; each is taken.
    pub async fn until_mail(&self, is_so: impl Fn(&str) -> bool) {
        let bench = &self.console.bench;
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
        for number in 1.. {
            let delivery = bench.sender().await.send(&newcomer::mail(&format!("Figures {number}"))).await;
            assert_eq!(end_code(&delivery), 250, "{delivery:?}");
            if is_so(&bench.exchange.accepted().pop().unwrap().text()) {
                return;
            }
            assert!(std::time::Instant::now() < deadline, "no mail is so");
        }
    }

    pub async fn text(&self, name: &str, text: &str) {
        self.registrar.names.put_text(name, text).await.unwrap();
    }

    /// What the administrator's browser comes back from Microsoft with.
    pub async fn consent(&self, link: &str) -> String {
        let path = link.strip_prefix(&self.cloud.url()).expect("a link to Microsoft");
        let address = self.cloud.url().strip_prefix("http://").unwrap().parse().unwrap();
        let answer = http(address, path).await;
        let location = answer.lines().find_map(|line| line.strip_prefix("Location: ")).expect("the way back");
        assert!(location.starts_with("https://console.example/consent?"), "{location}");
        location.trim().to_owned()
    }

    pub fn certificate(&self) -> Value {
        let identity = self.console.bench.setup.authority.issue(Request::client(CERTIFICATE)).unwrap();
        json!({"chain": identity.chain_pem(), "key": identity.key_pem()})
    }
}
