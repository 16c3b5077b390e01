//! What scenarios share: the appliance between a sender and a next hop that both play Exchange Online.

use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};
use standin::appliance::{Appliance, HOST_NAME, Listener, Setup};
use standin::certificates::Request;
use standin::exchange::{ExchangeHeaders, Outgoing, Receiver, ReceiverConfig, Sender, SenderConfig};
use tempfile::TempDir;

/// Microsoft's id of the tenant Contoso.
pub const CONTOSO: &str = "bf24ff3e-ad0a-4c79-a44a-df7092489e22";
/// The name in the tenant's client certificate, an accepted domain of Contoso.
pub const CONTOSO_CERTIFICATE: &str = "k1.contoso.signet.example";
/// What the signature of every test begins with.
pub const MARK: &str = "Kind regards from";

/// An appliance with the tenant Contoso, and its Exchange Online.
pub struct Bench {
    pub setup: Setup,
    pub appliance: Appliance,
    pub exchange: Receiver,
    /// Dropped last.
    _folder: TempDir,
}

/// What is different from the usual.
pub struct Plan {
    pub listeners: Vec<Listener>,
    /// Appended to the configuration.
    pub configuration: String,
    /// Of the next hop.
    pub exchange: Box<dyn FnOnce(ReceiverConfig) -> ReceiverConfig>,
    /// Of the tenant file.
    pub tenant: Box<dyn FnOnce(&mut Value)>,
    /// Files of more tenants, whose next hop is at this port, with the names in their certificates.
    pub more_tenants: Box<dyn FnOnce(u16) -> Vec<(Value, String)>>,
    /// Of the process: keys of the configuration as variables, `TMPDIR`.
    pub environment: Vec<(String, String)>,
    /// Where the store lies, if not in a file of SQLite.
    pub store: Option<String>,
    /// Another user to run the process as than the test's own.
    pub user: Option<u32>,
}

impl Default for Plan {
    fn default() -> Plan {
        Plan {
            listeners: vec![Listener::Microsoft],
            configuration: String::new(),
            exchange: Box::new(|config| config),
            tenant: Box::new(|_| {}),
            more_tenants: Box::new(|_| Vec::new()),
            environment: Vec::new(),
            store: None,
            user: None,
        }
    }
}

impl Bench {
    pub async fn start() -> Bench {
        Bench::with(Plan::default()).await
    }

    pub async fn with(plan: Plan) -> Bench {
        let folder = tempfile::tempdir().unwrap();
        let setup = Setup::new(folder.path(), &plan.listeners, &plan.configuration).unwrap();
        if let Some(url) = &plan.store {
            setup.keep_store_at(url).unwrap();
        }
        let exchange = next_hop(&setup, plan.exchange).await;
        let mut tenant = contoso(exchange.port());
        (plan.tenant)(&mut tenant);
        setup.tenant(&tenant, Some(CONTOSO_CERTIFICATE)).unwrap();
        for (tenant, certificate) in (plan.more_tenants)(exchange.port()) {
            setup.tenant(&tenant, Some(&certificate)).unwrap();
        }
        let mut command = setup.run_command();
        if let Some(user) = plan.user {
            command = as_user(&command, user, folder.path());
        }
        // Where the mail of a tenant goes on to that connects itself.
        command.env("SIGNET_NEXT_HOP_PORT", exchange.port().to_string());
        command.envs(plan.environment);
        let appliance = Appliance::start(command).unwrap();
        Bench { setup, appliance, exchange, _folder: folder }
    }

    /// How Exchange Online connects.
    pub fn sender_config(&self) -> SenderConfig {
        let identity = self.setup.microsoft().unwrap();
        let roots = self.setup.authority.roots().unwrap();
        SenderConfig::exchange_online(HOST_NAME, roots, Some(&identity)).unwrap()
    }

    /// A session of Exchange Online's.
    pub async fn sender(&self) -> Sender {
        Sender::connect(self.appliance.listeners[0], &self.sender_config()).await.unwrap()
    }

    /// The metrics as they are now.
    pub async fn metrics(&self) -> String {
        http_body(self.appliance.ops, "/metrics").await
    }

    /// One series of the metrics, as it stands in the page without its value.
    pub async fn metric(&self, series: &str) -> f64 {
        let page = self.metrics().await;
        let value = page.lines().find_map(|line| line.strip_prefix(series)?.trim().parse().ok());
        value.unwrap_or_else(|| panic!("no {series} in\n{page}"))
    }

    /// Waits until that series is as wanted: what happens behind an answer is counted after it.
    pub async fn until_metric(&self, series: &str, wanted: impl Fn(f64) -> bool) {
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
        while !wanted(self.metric(series).await) {
            assert!(std::time::Instant::now() < deadline, "{series}\n{}", self.metrics().await);
            // Between two looks; what ends the wait is the condition.
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }
}

/// A plain mail of Ada's with this content type and body, as her client would write it.
pub fn mail_of(content_type: &str, body: &[u8]) -> Vec<u8> {
    static NUMBER: AtomicU64 = AtomicU64::new(1);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let head = format!(
        "From: Ada Vance <ada@contoso.example>\r\nTo: bob@example.org\r\nSubject: Figures\r\n\
         Date: Wed, 17 Feb 2021 13:11:20 +0000\r\nMessage-ID: <{number}@contoso.example>\r\nMIME-Version: 1.0\r\n\
         Content-Type: {content_type}\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}

/// The content below the fields that the appliance puts on top, `Received` and the stamp.
pub fn below_additions(content: &[u8]) -> &[u8] {
    let mut rest = content;
    for name in [&b"Received: from "[..], b"X-Signet-Stamp: "] {
        assert!(rest.starts_with(name), "{}", String::from_utf8_lossy(&rest[..rest.len().min(400)]));
        let mut end = memchr::memchr(b'\n', rest).unwrap() + 1;
        while matches!(rest.get(end), Some(b' ' | b'\t')) {
            end += memchr::memchr(b'\n', &rest[end..]).unwrap() + 1;
        }
        rest = &rest[end..];
    }
    rest
}

/// The same command as another user, who gets the folder and a copy of the binary in it.
fn as_user(command: &Command, user: u32, folder: &Path) -> Command {
    let binary = folder.join("signet");
    std::fs::copy(command.get_program(), &binary).unwrap();
    chown(folder, Some(user), Some(user)).unwrap();
    for file in std::fs::read_dir(folder).unwrap() {
        chown(file.unwrap().path(), Some(user), Some(user)).unwrap();
    }
    let mut other = Command::new(binary);
    other.args(command.get_args()).current_dir(folder).uid(user).gid(user);
    other
}

/// Exchange Online of Contoso as the next hop.
async fn next_hop(setup: &Setup, change: impl FnOnce(ReceiverConfig) -> ReceiverConfig) -> Receiver {
    let names = Request::server("mail.protection.outlook.com").also("*.outlook.example");
    let identity = setup.authority.issue(names).unwrap();
    let config = ReceiverConfig::exchange_online(identity, setup.authority.roots().unwrap());
    let config = config.connector(CONTOSO_CERTIFICATE, "contoso");
    Receiver::start(change(config)).await.unwrap()
}

/// The tenant file of Contoso.
pub fn contoso(next_hop_port: u16) -> Value {
    json!({
        "signet": 1, "id": "contoso", "name": "Contoso", "microsoft_tenant_id": CONTOSO,
        "domains": ["contoso.example"],
        "peer": {"proof": "microsoft", "next_hop": {
            "host": "127.0.0.1", "port": next_hop_port, "name": "mail.protection.outlook.com"}},
        "people": [{"id": "ada", "addresses": ["ada@contoso.example"],
            "attributes": {"displayName": "Ada Vance", "jobTitle": "Engineer"}}],
        "signatures": [{"id": "standard", "name": "Standard", "enabled": true, "place": "reply", "images": "hosted",
            "then_continue": false, "applies": {},
            "design": {"version": 1, "blocks": [{"type": "text", "lines": [
                [format!("{MARK} "), {"field": "displayName"}], [{"field": "jobTitle"}]]}]}}]
    })
}

/// A mail of Ada's as Exchange Online hands it over.
pub fn from_exchange(mail: &[u8]) -> Vec<u8> {
    ExchangeHeaders::new(CONTOSO, "contoso.example").around(mail)
}

/// The same in an envelope to Bob.
pub fn outgoing(mail: &[u8]) -> Outgoing {
    Outgoing::new("ada@contoso.example", &["bob@example.org"], from_exchange(mail)).organization("contoso.example")
}

/// Fetches a page over HTTP.
pub async fn http_body(address: std::net::SocketAddr, path: &str) -> String {
    http(address, path).await.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default()
}

/// The whole answer, status and head too.
pub async fn http(address: std::net::SocketAddr, path: &str) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").as_bytes()).await.unwrap();
    let mut page = String::new();
    stream.read_to_string(&mut page).await.unwrap();
    page
}

/// Runs an async scenario.
pub fn run<F: Future<Output = ()>>(scenario: impl FnOnce() -> F) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(scenario());
}

/// What the sender was told at the end.
pub fn end_code(delivery: &standin::exchange::Delivery) -> u16 {
    delivery.end.as_ref().map_or(0, |reply| reply.code)
}

/// Waits until `condition` gives something; `seen` tells what was there instead when the deadline passed.
pub fn until<T>(what: &str, condition: impl FnMut() -> Option<T>, seen: impl Fn() -> String) -> T {
    until_within(30, what, condition, seen)
}

/// The same with a deadline of one's own.
pub fn until_within<T>(
    seconds: u64,
    what: &str,
    mut condition: impl FnMut() -> Option<T>,
    seen: impl Fn() -> String,
) -> T {
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(seconds);
    loop {
        if let Some(found) = condition() {
            return found;
        }
        assert!(std::time::Instant::now() < deadline, "waited in vain for {what}:\n{}", seen());
        // Between two looks; what ends the wait is the condition.
        std::thread::park_timeout(std::time::Duration::from_millis(20));
    }
}
