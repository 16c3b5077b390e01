//! A cloud, a client of it, and what the client has read so far.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use rustls::RootCertStore;
use serde_json::Value;
use signet::config::Pair;
use signet::directory::{
    Credentials, Depth, DirectoryError, Endpoints, Graph, Http, Order, Patience, Progress, Summary, sync,
};
use standin::certificates::{Identity, Request};
use standin::graph::{CLIENT, Cloud, Directory, Member, Properties, TENANT, group_id, user_id};
use tokio::sync::{Notify, watch};

use crate::memory::{Death, Memory, Shown, View, When};

pub struct World {
    pub cloud: Cloud,
    pub graph: Graph,
    pub memory: Memory,
    pub order: Order,
    pub progress: watch::Sender<Progress>,
}

/// Waits as short as can be, and no more attempts than a test can count.
pub const PATIENCE: Patience = Patience {
    attempts: 4,
    first: Duration::from_millis(1),
    longest: Duration::from_secs(5),
    deadline: Duration::from_secs(60),
};

impl World {
    pub async fn new(directory: Directory) -> World {
        let cloud = Cloud::start(directory).await.expect("the stand-in starts");
        let identity = identity(Key::Shared);
        cloud.register(&identity);
        let graph = graph(&cloud.url(), &identity, RootCertStore::empty());
        World {
            cloud,
            graph,
            memory: Memory::default(),
            order: Order::default(),
            progress: watch::Sender::new(Progress::default()),
        }
    }

    /// Reads what changed.
    pub async fn sync(&mut self) -> Result<Summary, DirectoryError> {
        self.read(Depth::Changes).await
    }

    pub async fn read(&mut self, depth: Depth) -> Result<Summary, DirectoryError> {
        let cursor = self.memory.cursor();
        sync(&self.graph, &self.order, depth, cursor, &mut self.memory, &self.progress).await
    }

    /// Reads until the process dies at a batch; `false` when the run was over before.
    pub async fn sync_and_die(&mut self, after: u64, when: When) -> bool {
        let told = Arc::new(Notify::new());
        self.memory.death = Some(Death { after, when, told: told.clone() });
        let died = tokio::select! {
            done = self.sync() => {
                done.expect("the run ends well");
                false
            }
            () = told.notified() => true,
        };
        self.memory.death = None;
        died
    }

    /// What was read is what there is.
    pub fn check(&self) {
        let expected = self.expected();
        let found = self.memory.view();
        for (id, shown) in &expected.people {
            assert_eq!(found.people.get(id), Some(shown), "person {id}");
        }
        for (id, group) in &expected.groups {
            assert_eq!(found.groups.get(id), Some(group), "group {id}");
        }
        assert_eq!(found, expected);
    }

    /// What there is, as the stand-in's own data has it.
    pub fn expected(&self) -> View {
        self.cloud.edit(|directory| expected(directory))
    }

    /// What was asked of Graph, but for the first so many requests.
    pub fn asked(&self, since: usize) -> Vec<String> {
        self.cloud.seen().into_iter().skip(since).filter(|seen| seen.method == "GET").map(|seen| seen.target).collect()
    }
}

/// The application's certificate: making a key takes longer than most tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    Shared,
    Fresh,
}

pub fn identity(key: Key) -> Identity {
    static SHARED: OnceLock<Identity> = OnceLock::new();
    let fresh = || Identity::self_signed(Request::client("signet.example").rsa()).expect("a certificate is made");
    if key == Key::Shared { SHARED.get_or_init(fresh).clone() } else { fresh() }
}

pub fn pair(identity: &Identity) -> Pair {
    Pair::parse(identity.chain_pem().as_bytes(), identity.key_pem().as_bytes()).expect("a pair")
}

/// A client of the application that trusts these roots.
pub fn graph(url: &str, identity: &Identity, roots: RootCertStore) -> Graph {
    let credentials = Credentials::new(TENANT, CLIENT, pair(identity)).expect("credentials");
    let endpoints = Endpoints::new(url, url).expect("endpoints");
    Graph::new(Http::new(roots).expect("a client"), endpoints, credentials, PATIENCE)
}

/// A client with credentials and patience of its own.
pub fn graph_of(url: &str, credentials: Credentials, patience: Patience) -> Graph {
    let endpoints = Endpoints::new(url, url).expect("endpoints");
    Graph::new(Http::new(RootCertStore::empty()).expect("a client"), endpoints, credentials, patience)
}

/// The directory as the stand-in's own data has it.
fn expected(directory: &Directory) -> View {
    let people: BTreeMap<String, Shown> = (0..directory.user_count())
        .filter_map(|number| Some((user_id(number), person(&directory.user(number)?)?)))
        .collect();
    let groups: BTreeMap<_, _> = (0..directory.group_count())
        .filter_map(|number| {
            let members: BTreeSet<String> = directory
                .members(number)?
                .into_iter()
                .filter(|member| match member {
                    Member::User(_) => people.contains_key(&member.id()),
                    Member::Group(group) => directory.group_name(*group).is_some(),
                    Member::Device(_) => false,
                })
                .map(Member::id)
                .collect();
            Some((group_id(number), (directory.group_name(number)?.to_owned(), members)))
        })
        .collect();
    View { people, groups }
}

fn person(user: &Properties) -> Option<Shown> {
    let text = |name: &str| user.get(name).and_then(Value::as_str).map(str::to_owned);
    if text("userType").as_deref() == Some("Guest") {
        return None;
    }
    let mut addresses: Vec<String> = Vec::new();
    let proxies = user.get("proxyAddresses").and_then(Value::as_array).cloned().unwrap_or_default();
    let proxies: Vec<String> = proxies.iter().filter_map(|proxy| proxy.as_str().map(str::to_owned)).collect();
    for mark in ["SMTP:", "mail", "smtp:"] {
        let found = proxies.iter().filter_map(|proxy| proxy.strip_prefix(mark).map(str::to_lowercase));
        let mail = text("mail").filter(|_| mark == "mail").map(|mail| mail.to_lowercase());
        for address in found.chain(mail) {
            if !addresses.contains(&address) {
                addresses.push(address);
            }
        }
    }
    if addresses.is_empty() {
        return None;
    }
    const NAMES: &[(&str, &str)] = &[
        ("displayName", "displayName"),
        ("givenName", "firstName"),
        ("surname", "lastName"),
        ("mail", "emailAddress"),
        ("jobTitle", "jobTitle"),
        ("department", "department"),
        ("officeLocation", "office"),
        ("city", "city"),
        ("country", "country"),
        ("state", "state"),
        ("streetAddress", "streetAddress"),
        ("postalCode", "postalCode"),
        ("mobilePhone", "mobileNumber"),
        ("faxNumber", "faxNumber"),
    ];
    let mut attributes: BTreeMap<String, String> =
        NAMES.iter().filter_map(|(from, to)| Some(((*to).to_owned(), text(from)?))).collect();
    attributes.entry("emailAddress".into()).or_insert_with(|| addresses[0].clone());
    let phone = user.get("businessPhones").and_then(|phones| phones.get(0)).and_then(Value::as_str);
    attributes.extend(phone.map(|phone| ("telephoneNumber".to_owned(), phone.to_owned())));
    if let Some(Value::Object(free)) = user.get("onPremisesExtensionAttributes") {
        let free = free.iter().filter_map(|(name, value)| Some((name, value.as_str()?)));
        attributes.extend(free.map(|(name, value)| (name.replace("Attribute", ""), value.to_owned())));
    }
    let enabled = user.get("accountEnabled").and_then(Value::as_bool).unwrap_or(true);
    Some(Shown { addresses, attributes, enabled, manager: None })
}
