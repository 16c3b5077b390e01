//! Nobody reaches another tenant: every route of the document with another's ids, in the path and beside one's own,
//! by a token, by somebody who has signed in, and by a token of the region that permits nothing. Nothing of the other
//! is told, nothing of it changes.

use super::operations::{Operation, operations};
use super::*;
use crate::account::{Details, Email, Role};
use crate::store::{By, hash_password};

/// Stands in all that eve has, and in no answer to contoso.
const MARK: &str = "peregrine";
const DAY_MS: i64 = 86_400_000;

/// Ids of things that eve has and contoso has not, by the name that the document gives their place.
struct Ids(Vec<(&'static str, String)>);

impl Ids {
    fn of(&self, name: &str) -> String {
        let known = self.0.iter().find(|(own, _)| *own == name);
        known.unwrap_or_else(|| panic!("a route has {{{name}}}: give eve one, so that contoso asks for it")).1.clone()
    }
}

/// Routes on which another's id means one's own thing, or nobody's; what is answered.
const ELSEWHERE: [(&str, &str, u16); 7] = [
    // What is sent is judged before it is looked for.
    ("PUT", "/api/v1/tenants/{tenant}/cases/{case}", 422),
    ("PUT", "/api/v1/tenants/{tenant}/signatures/{signature}/draft", 422),
    ("PUT", "/api/v1/tenants/{tenant}/signatures/{signature}/draft/state", 422),
    // Of somebody whom nobody knows nothing was put right.
    ("GET", "/api/v1/tenants/{tenant}/people/{person}/overrides", 200),
    ("GET", "/api/v1/tenants/{tenant}/templates/{template}", 200),
    ("POST", "/api/v1/tenants/{tenant}/templates/{template}", 201),
    ("PUT", "/api/v1/tenants/{tenant}/images/{image}", 200),
];

impl World {
    /// A tenant with one of everything, none of which contoso has.
    async fn fill_eve(&self) -> Ids {
        let mut wanted = file("eve", "eve.example");
        wanted["name"] = json!(format!("{MARK} Ltd"));
        wanted["folders"][0]["id"] = json!("eves-folder");
        wanted["groups"][0]["id"] = json!("eves-group");
        wanted["groups"][0]["members"] = json!(["eves-person"]);
        wanted["people"] = json!([{"id": "eves-person", "addresses": ["one@eve.example"],
            "attributes": {"displayName": MARK}}]);
        wanted["images"][0]["id"] = json!("eves-image");
        wanted["signatures"] = json!([signature("eves-signature", MARK)]);
        wanted["signatures"][0]["applies"] = json!({"senders": {"groups": ["eves-group"]}});
        self.store.import(&parse(&wanted)).await.unwrap();
        // So that there is a version before.
        wanted["signatures"][0]["name"] = json!(format!("{MARK} again"));
        self.store.import(&parse(&wanted)).await.unwrap();
        let now = jiff::Timestamp::now().as_millisecond();
        let account = self.member("eve", Role::Owner).await;
        let invited = Email::parse("new@eve.example").unwrap();
        let invited = self.store.invite(&id("eve"), "new@eve.example", &invited, Role::Editor, now, DAY_MS).await;
        let (token, _) = token_until(&self.store, Some("eve"), &[Permission::TenantRead], now + DAY_MS).await;
        Ids(vec![
            ("tenant", "eve".to_owned()),
            ("signature", "eves-signature".to_owned()),
            ("version", "1".to_owned()),
            ("folder", "eves-folder".to_owned()),
            ("group", "eves-group".to_owned()),
            ("image", "eves-image".to_owned()),
            ("person", "eves-person".to_owned()),
            ("domain", "eve.example".to_owned()),
            ("account", account),
            ("invitation", invited.unwrap().invitation.id),
            ("token", token),
            ("template", self.template()),
            ("to", "1".to_owned()),
            ("case", self.case_of_eve()),
            ("attribute", "jobTitle".to_owned()),
        ])
    }

    /// A draft, a fact put right and a test case of eve's; the id of the last.
    fn case_of_eve(&self) -> String {
        let eve = "/api/v1/tenants/eve";
        let draft = json!({"draft": signature("eves-signature", MARK)});
        self.operates("PUT", &format!("{eve}/signatures/eves-signature/draft"), Some(draft)).done();
        let title = format!("{eve}/people/eves-person/overrides/jobTitle");
        self.operates("PUT", &title, Some(json!({"value": MARK}))).done();
        let message = json!({"from": "one@eve.example", "to": ["bob@example.org"]});
        let message = self.operates("POST", &format!("{eve}/explain"), Some(message)).done()["message"].clone();
        let case = json!({"name": MARK, "message": message,
            "expected": [{"recipient": "bob@example.org", "signatures": []}]});
        self.operates("POST", &format!("{eve}/cases"), Some(case)).done();
        let listed = self.operates("GET", &format!("{eve}/cases"), None).done();
        listed["cases"][0]["id"].as_str().unwrap().to_owned()
    }

    /// A template: they are everybody's.
    fn template(&self) -> String {
        let listed = self.asks("GET", "/api/v1/tenants/contoso/templates", None).done();
        listed["templates"][0]["id"].as_str().unwrap().to_owned()
    }

    /// Somebody of the team of a tenant; the id of the account.
    pub(super) async fn member(&self, tenant: &str, role: Role) -> String {
        let text = |text: &str| text.to_owned();
        let typed = format!("{}@{tenant}.example", role.word());
        let details = Details {
            first_name: text("A"),
            last_name: text("B"),
            full_name: text("A B"),
            company: text(tenant),
            telephone: String::new(),
            email: typed.clone(),
            address_line_1: String::new(),
            address_line_2: String::new(),
            city: String::new(),
            postcode: String::new(),
            country: String::new(),
        };
        let (email, password) = (Email::parse(&typed).unwrap(), hash_password("wet-otter-81-plumb").unwrap());
        let now = jiff::Timestamp::now().as_millisecond();
        self.store.enrol(&details, &email, Some(&password), &id(tenant), role, now).await.unwrap();
        self.store.account_of(&email).await.unwrap().unwrap().id
    }

    /// The cookie of somebody who has signed in.
    pub(super) async fn session(&self, account: &str) -> String {
        let now = jiff::Timestamp::now().as_millisecond();
        format!("signet={}", self.store.begin_session(account, "a browser", &By::Password, now).await.unwrap())
    }

    /// All that a tenant is and what was done to it.
    async fn whole(&self, tenant: &str) -> String {
        let tenant = id(tenant);
        let file = self.store.export(&tenant).await.unwrap().map(|file| file.to_json());
        let revision = self.store.revision(&tenant).await.unwrap();
        let acts = self.store.audit(Some(&tenant), None, 1000).await.unwrap();
        let (team, invitations) =
            (self.store.team(&tenant).await.unwrap(), self.store.invitations(&tenant).await.unwrap());
        let mut tokens = self.store.tokens(Some(&tenant)).await.unwrap();
        tokens.iter_mut().for_each(|token| token.last_used_ms = None);
        format!("{file:?} {revision:?} {acts:?} {team:?} {invitations:?} {tokens:?}")
    }
}

/// Whoever asks, by name.
async fn askers(world: &World) -> [(&'static str, Client); 2] {
    let account = world.member("contoso", Role::Owner).await;
    let session = world.session(&account).await;
    let signed_in = world.client().header("Cookie", &session).header("Sec-Fetch-Site", "same-origin");
    [("a token of contoso", world.client().token(&world.contoso)), ("an owner of contoso", signed_in)]
}

/// Asks with a body that names the same thing as the path.
fn ask(client: &Client, operation: &Operation, path: &str) -> Answer {
    let body = operation.body.clone().map(|(kind, octets)| match serde_json::from_slice::<Value>(&octets) {
        Ok(mut value) if value.get("id").is_some() => {
            value["id"] = json!(path.rsplit('/').next().unwrap());
            (kind, value.to_string().into_bytes())
        }
        _ => (kind, octets),
    });
    let body = body.as_ref().map(|(kind, octets)| (kind.as_str(), octets.as_slice()));
    client.clone().header("If-Match", "*").send(&operation.method, path, body)
}

async fn another_tenant_is_not_there_on_any_route(world: World) {
    let ids = world.fill_eve().await;
    let nothing = token(&world.store, None, &[]).await;
    let nothing = world.client().token(&nothing);
    let before = world.whole("eve").await;
    let (askers, mut asked, mut faults) = (askers(&world).await, 0, Vec::new());
    for operation in operations().iter().filter(|operation| operation.names().first() == Some(&"tenant")) {
        let path = operation.filled(|name| ids.of(name));
        let nobody = [("a token without a scope", nothing.clone())];
        for (who, client) in askers.iter().chain(&nobody) {
            let answer = ask(client, operation, &path);
            let text = String::from_utf8_lossy(&answer.body);
            let wanted = if who.contains("contoso") { 404 } else { 403 };
            if answer.status != wanted || text.contains(MARK) {
                faults.push(format!("{} {path} by {who}: {} {text}", operation.method, answer.status));
            }
        }
        asked += 1;
    }
    assert_eq!(faults, Vec::<String>::new());
    assert!(asked > 60, "{asked}");
    assert_eq!(world.whole("eve").await, before);
}

async fn anothers_things_are_not_among_ones_own(world: World) {
    let ids = world.fill_eve().await;
    let before = world.whole("eve").await;
    let (askers, mut asked, mut faults) = (askers(&world).await, 0, Vec::new());
    for operation in operations().iter().filter(|operation| operation.names().first() == Some(&"tenant")) {
        if operation.names().len() < 2 {
            continue;
        }
        let path = operation.filled(|name| if name == "tenant" { "contoso".to_owned() } else { ids.of(name) });
        let known = ELSEWHERE.iter().find(|(method, path, _)| (*method, *path) == (&operation.method, &operation.path));
        for (who, client) in &askers {
            let answer = ask(client, operation, &path);
            let text = String::from_utf8_lossy(&answer.body);
            if answer.status != known.map_or(404, |known| known.2) || text.contains(MARK) {
                faults.push(format!("{} {path} by {who}: {} {text}", operation.method, answer.status));
            }
        }
        asked += 1;
    }
    assert_eq!(faults, Vec::<String>::new());
    assert!(asked > 20, "{asked}");
    assert_eq!(world.whole("eve").await, before);
}

/// Another's id in a body, a query or a cursor.
async fn anothers_things_are_named_in_vain(world: World) {
    let ids = world.fill_eve().await;
    let before = world.whole("eve").await;
    let signature = |applies: Value, block: Value| {
        json!({"id": "mine", "name": "Mine", "enabled": true, "applies": applies,
            "design": {"version": 1, "blocks": [block]}})
    };
    let text = json!({"type": "text", "lines": [["Hello"]]});
    let at = |rest: &str| format!("/api/v1/tenants/contoso{rest}");
    let mut foldered = signature(json!({}), text.clone());
    foldered["folder"] = json!("eves-folder");
    for (method, path, body) in [
        ("POST", at("/signatures"), foldered),
        ("POST", at("/signatures"), signature(json!({"senders": {"groups": ["eves-group"]}}), text.clone())),
        ("POST", at("/signatures"), signature(json!({}), json!({"type": "image", "image": "eves-image", "width": 10}))),
        ("PUT", at("/signature-order"), json!({"signatures": ["standard", "short", "eves-signature"]})),
        ("PUT", at("/mode"), json!({"mode": {"pilot": {"groups": ["eves-group"]}}})),
        ("POST", at("/preview"), json!({"signature": signature(json!({}), text), "person": "eves-person"})),
        ("POST", at("/explain"), json!({"from": "one@eve.example", "to": ["bob@example.org"]})),
        ("POST", at("/connection/domains"), json!({"domain": "eve.example"})),
        ("PUT", at("/connection/certificate"), json!({"chain": "none", "key": "none"})),
    ] {
        // With contoso's own it would be done.
        let given = body.to_string();
        let own = given.replace("eves-folder", "campaigns").replace("eves-group", "sales");
        let own = own.replace("eves-image", "logo").replace("eves-person", "ada").replace(",\"eves-signature\"", "");
        if own != given {
            let own = world.asks(method, &format!("{path}?dry_run=true"), serde_json::from_str(&own).ok());
            assert!(own.status < 300, "{method} {path}: {}", own.text());
        }
        let answer = world.asks(method, &path, Some(body));
        assert!(!answer.text().contains(MARK), "{method} {path}: {}", answer.text());
        let is_asked_in_vain = answer.status >= 400 || path.ends_with("/explain");
        assert!(is_asked_in_vain, "{method} {path}: {}", answer.text());
    }
    for path in [
        "/people?search=peregrine",
        "/people?after=eves",
        "/groups?search=eves-group",
        "/groups/sales/members?after=eve",
        "/decisions?address=one%40eve.example",
        "/audit",
        "/tokens",
        "/members",
        "/invitations",
        "/images",
        "/cases",
        "/signatures",
        "/decisions",
        "/signatures/standard/preview?person=eves-person",
    ] {
        let answer = world.asks("GET", &at(path), None);
        let text = String::from_utf8_lossy(&answer.body);
        assert!(!text.contains(MARK) && !text.contains("eve.example"), "{path}: {text}");
    }
    assert_eq!(ids.of("tenant"), "eve");
    assert_eq!(world.whole("eve").await, before);
}

on_both! {
    another_tenant_is_not_there_on_any_route,
    anothers_things_are_not_among_ones_own,
    anothers_things_are_named_in_vain,
}
