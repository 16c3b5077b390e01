//! The API over real sockets, on SQLite and on PostgreSQL: what is asked is done, what is wrong is told with its place
//! and changes nothing, and nobody sees what is another's.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod accounts;
mod audit;
mod auth;
mod brand;
mod cases;
mod client;
mod crossing;
mod directory;
mod document;
mod drafts;
mod flow;
mod heads;
mod images;
mod import;
mod mode;
mod operations;
mod overrides;
mod people;
mod refusals;
mod region;
mod signatures;
mod sites;
mod tenants;

use std::sync::OnceLock;
use std::time::Duration;

use client::{Answer, Client};
use serde_json::{Value, json};

use super::{Api, OfEdge, Start, start};
use crate::account::{Permission, Profile};
use crate::config::{self, Console, PairFiles, create_key_file};
use crate::store::tests::postgres::Postgres;
use crate::store::{NewToken, SealKey, Store};
use crate::tenant::{TenantFile, TenantId};

/// Each test once for SQLite and once for PostgreSQL.
macro_rules! on_both {
    ($($test:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test]
            async fn $test() {
                super::$test(crate::web::api::tests::World::on_sqlite().await).await
            })+
        }
        mod on_postgres {
            $(#[tokio::test]
            async fn $test() {
                super::$test(crate::web::api::tests::World::on_postgres().await).await
            })+
        }
    };
}
use on_both;

/// An API with two tenants, `contoso` and `eve`.
struct World {
    /// Where the store is.
    settings: config::Store,
    store: Store,
    api: Api,
    /// Of the region, with all scopes.
    operator: String,
    /// Of contoso, with all scopes.
    contoso: String,
    /// With the key of the store.
    _folder: tempfile::TempDir,
}

impl World {
    async fn on_sqlite() -> World {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("signet.db").display());
        World::at(folder, url).await
    }

    async fn on_postgres() -> World {
        static SERVER: OnceLock<Postgres> = OnceLock::new();
        let server = SERVER.get_or_init(|| Postgres::start().unwrap());
        let url = server.address(&server.database().unwrap());
        World::at(tempfile::tempdir().unwrap(), url).await
    }

    async fn at(folder: tempfile::TempDir, url: String) -> World {
        let key_file = folder.path().join("signet.key");
        create_key_file(&key_file).unwrap();
        let store = Store::open(&url, SealKey::read(&key_file).unwrap()).await.unwrap();
        for (id, domain) in [("contoso", "contoso.example"), ("eve", "eve.example")] {
            store.import(&parse(&file(id, domain))).await.unwrap();
        }
        let settings = config::Store { url, key_file };
        let begin = beginning(None, 4 << 20, settings.clone());
        let api = start(begin, Some(store.clone())).unwrap();
        let operator = token(&store, None, &Permission::ALL).await;
        let contoso = token(&store, Some("contoso"), &Permission::ALL).await;
        World { settings, store, api, operator, contoso, _folder: folder }
    }

    /// The same with an API that is configured otherwise.
    fn begun_with(self, change: impl FnOnce(&mut Start)) -> World {
        let mut begin = beginning(None, 4 << 20, self.settings.clone());
        change(&mut begin);
        World { api: start(begin, Some(self.store.clone())).unwrap(), ..self }
    }

    fn client(&self) -> Client {
        Client::new(self.api.address())
    }

    /// A request of contoso's, with a body of JSON or none.
    fn asks(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        self.client().token(&self.contoso).ask(method, path, body)
    }

    /// A request of the operator's.
    fn operates(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        self.client().token(&self.operator).ask(method, path, body)
    }

    /// What all tenants are, by digest, and what was done to them.
    async fn state(&self) -> Vec<String> {
        let mut state = Vec::new();
        for listed in self.store.list().await.unwrap() {
            let file = self.store.export(&listed.id).await.unwrap().unwrap();
            let digest = xxhash_rust::xxh3::xxh3_64(file.to_json().as_bytes());
            state.push(format!("{} at {}: {digest}", listed.id, listed.revision));
            let acts = self.store.audit(Some(&listed.id), None, 1000).await.unwrap();
            let acts = acts.into_iter().filter(|act| !act.action.starts_with("token."));
            state.extend(acts.map(|act| act.action));
        }
        state
    }

    async fn last_act(&self, tenant: &str) -> crate::store::Audited {
        self.store.audit(Some(&id(tenant)), None, 1).await.unwrap().remove(0)
    }
}

/// What an API begins with whose configuration says nothing of accounts.
pub fn beginning(pair: Option<PairFiles>, max_body_bytes: usize, store: config::Store) -> Start {
    let minutes = |minutes: u64| Duration::from_secs(minutes * 60);
    let accounts = config::Accounts {
        trial: Some(std::time::Duration::from_secs(30 * 86_400)),
        sign_up: false,
        microsoft: false,
        profile: Profile::Strict,
        reminder: None,
        code: minutes(10),
        device: minutes(60),
        idle: minutes(30),
        session: minutes(12 * 60),
        region: None,
        others: Vec::new(),
    };
    let address = ([127, 0, 0, 1], 0).into();
    Start {
        console: Console { address, http_address: None, pair, max_body_bytes, url: None, accounts },
        store,
        image_base: None,
        directory: None,
        mail: None,
        next_hop: next_hop(),
        edge: OfEdge { host_name: "eu.signet.example".to_owned(), max_message_bytes: 150 << 20 },
    }
}

fn next_hop() -> config::NextHop {
    let seconds = Duration::from_secs;
    config::NextHop {
        roots: None,
        suffixes: vec!["mail.protection.outlook.com".to_owned()],
        port: 25,
        private_addresses: false,
        resolver: vec![([127, 0, 0, 1], 1).into()],
        connect_timeout: seconds(1),
        hello_timeout: seconds(1),
        command_timeout: seconds(1),
        verdict_timeout: seconds(1),
        lease_timeout: seconds(1),
        sessions_per_tenant: 1,
        idle_sessions: 0,
        idle_timeout: seconds(1),
    }
}

async fn token(store: &Store, tenant: Option<&str>, scopes: &[Permission]) -> String {
    let expires_ms = jiff::Timestamp::now().as_millisecond() + 60_000;
    token_until(store, tenant, scopes, expires_ms).await.1
}

async fn token_until(store: &Store, tenant: Option<&str>, scopes: &[Permission], end: i64) -> (String, String) {
    let tenant = tenant.map(id);
    let new = NewToken { name: "test".to_owned(), tenant, scopes: scopes.to_vec(), expires_ms: end };
    store.create_token(&new).await.unwrap()
}

fn id(tenant: &str) -> TenantId {
    TenantId::parse(tenant).unwrap()
}

fn file(id: &str, domain: &str) -> Value {
    json!({
        "signet": 1, "id": id, "name": format!("{id} Ltd"), "domains": [domain],
        "peer": {"proof": "certificate", "name": format!("mx.{domain}"), "next_hop": {"host": format!("in.{domain}")}},
        "groups": [{"id": "sales", "name": "Sales", "members": ["ada"], "groups": []}],
        "people": [
            {"id": "ada", "addresses": [format!("ada@{domain}"), format!("a.vance@{domain}")],
             "attributes": {"displayName": "Ada Vance", "jobTitle": "Engineer"}, "manager": "bob"},
            {"id": "bob", "addresses": [format!("bob@{domain}")], "attributes": {"displayName": "Bob Ødegård"}}],
        "images": [{"id": "logo", "type": "image/png", "base64": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="}],
        "folders": [{"id": "campaigns", "name": "Campaigns", "enabled": true}],
        "signatures": [signature("standard", "Kind regards"), signature("short", "Regards")],
    })
}

fn signature(id: &str, text: &str) -> Value {
    json!({"id": id, "name": id, "enabled": true, "applies": {"senders": {"groups": ["sales"]}},
        "design": {"version": 1, "blocks": [{"type": "text", "lines": [[format!("{text} "), {"field": "displayName"}], [{"field": "jobTitle"}]]}]}})
}

fn parse(file: &Value) -> TenantFile {
    TenantFile::parse(file.to_string().as_bytes()).unwrap()
}
