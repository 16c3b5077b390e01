//! Where rows are played: an appliance, the next hop behind it, and a proxy on each side of it.

use std::io::Write;
use std::net::IpAddr;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};
use standin::appliance::{Appliance, HOST_NAME, Listener, Setup};
use standin::certificates::{Identity, Request};
use standin::conservation::plain_mail;
use standin::exchange::{Accepted, Offer, ReceiverConfig, SenderConfig, TlsOffer};
use standin::fault_proxy::FaultProxy;
use standin::names::Names;
use tempfile::TempDir;

use super::case::Ledger;
use super::row::Kind;
use crate::bench::{Bench, Plan, http, outgoing};

/// Everything between a sender and the record of the next hop.
pub struct Stage {
    pub kind: Kind,
    pub bench: Bench,
    /// Where the sender connects.
    pub sender: FaultProxy,
    /// Where the appliance connects.
    pub next_hop: FaultProxy,
    environment: Vec<(String, String)>,
    /// Where failpoints are armed.
    points: TempDir,
    names: Option<Names>,
    /// Messages made so far.
    pub made: usize,
}

impl Stage {
    pub async fn start(kind: Kind, ledger: Ledger) -> Stage {
        let points = tempfile::tempdir().unwrap();
        // Forwards to the next hop as soon as that has a port.
        let next_hop = FaultProxy::start(([127, 0, 0, 1], 9).into()).await.unwrap();
        let names = name_server(kind).await;
        let mut environment = keys(kind, ledger);
        environment.push(("FAILPOINTS".to_owned(), points.path().display().to_string()));
        if let Some(names) = &names {
            environment.push(("SIGNET_NEXT_HOP_RESOLVER".to_owned(), names.address.to_string()));
        }
        let port = next_hop.port();
        let plan = Plan {
            listeners: vec![if kind.is_plain() { Listener::Network } else { Listener::Microsoft }],
            exchange: Box::new(move |config| receiver(kind, config)),
            tenant: Box::new(move |tenant| change(kind, tenant, port)),
            environment: environment.clone(),
            ..Plan::default()
        };
        let bench = Bench::with(plan).await;
        next_hop.forward_to(bench.exchange.address());
        let sender = FaultProxy::start(bench.appliance.listeners[0]).await.unwrap();
        let mut stage = Stage { kind, bench, sender, next_hop, environment, points, names, made: 0 };
        stage.prepare().await;
        stage
    }

    /// What can only be done once it runs.
    async fn prepare(&mut self) {
        match self.kind {
            Kind::Bypassed => {
                self.bench.setup.signet(&["tenant", "mode", "contoso", "bypass"]).unwrap();
            }
            Kind::NameServerGone => {
                let warm = outgoing(&plain_mail("warm", "ada@contoso.example", 500));
                assert!(self.bench.sender().await.send(&warm).await.is_accepted());
                if let Some(names) = self.names.take() {
                    names.stop().await.unwrap();
                }
            }
            Kind::Failpoints => self.restart(),
            Kind::FullDisk => {
                self.restart();
                fill(&self.bench);
            }
            Kind::ExpiredCertificate => {
                let authority = &self.bench.setup.authority;
                for (stem, request) in
                    [("smtp", Request::server(HOST_NAME)), ("smtp-rsa", Request::server(HOST_NAME).rsa())]
                {
                    authority.issue(request.expired()).unwrap().write(&self.bench.setup.folder, stem).unwrap();
                }
                self.restart();
                let ready = http(self.bench.appliance.ops, "/readyz").await;
                assert!(ready.starts_with("HTTP/1.1 503"), "{ready}");
            }
            Kind::OtherClock => {
                self.set_clock("+0");
                let library = faked_clock();
                let file = self.point("clock").display().to_string();
                for (key, value) in [
                    ("LD_PRELOAD", library.as_str()),
                    ("FAKETIME_TIMESTAMP_FILE", &file),
                    ("FAKETIME_NO_CACHE", "1"),
                    ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
                ] {
                    self.environment.push((key.to_owned(), value.to_owned()));
                }
                self.restart();
            }
            _ => {}
        }
    }

    /// Starts the appliance anew; the sender finds it where it was.
    pub fn restart(&mut self) {
        let mut command = match self.kind {
            Kind::Failpoints => self.bench.setup.faulty_command().unwrap(),
            Kind::FullDisk => on_a_small_disk(&self.bench.setup),
            _ => self.bench.setup.run_command(),
        };
        command.envs(self.environment.iter().map(|(key, value)| (key, value)));
        self.bench.appliance = Appliance::start(command).unwrap();
        self.sender.forward_to(self.bench.appliance.listeners[0]);
    }

    /// How its senders connect.
    pub fn sender_config(&self, patience: Duration) -> SenderConfig {
        let config = if self.kind.is_plain() { SenderConfig::plain() } else { self.bench.sender_config() };
        SenderConfig { deadline: patience, ..config }
    }

    /// Waits until no sender's session is left: whatever was under way has its verdict.
    pub async fn quiet(&self) {
        let deadline = tokio::time::Instant::now() + DEADLINE;
        while self.bench.metric("signet_connection_open_sessions").await > 0.0 {
            assert!(tokio::time::Instant::now() < deadline, "sessions stay open:\n{}", self.bench.appliance.log());
            // Between two looks; what ends the wait is the condition.
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Waits until the log says this.
    pub async fn until_logged(&self, what: &str) {
        let deadline = tokio::time::Instant::now() + DEADLINE;
        while !self.bench.appliance.log().contains(what) {
            assert!(tokio::time::Instant::now() < deadline, "no {what}:\n{}", self.bench.appliance.log());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// What the next hop took with this in its Message-ID.
    pub fn taken(&self, id: &str) -> Vec<Accepted> {
        let of_it = |message: &Accepted| message.header("Message-ID").is_some_and(|value| value.contains(id));
        self.bench.exchange.accepted().into_iter().filter(of_it).collect()
    }

    /// Nothing is broken any more.
    pub fn heal(&self) {
        self.bench.exchange.behave();
        self.sender.behave();
        self.next_hop.behave();
    }

    /// The wall clock of the process, as an offset that libfaketime understands.
    pub fn set_clock(&self, offset: &str) {
        std::fs::write(self.point("clock"), offset).unwrap();
    }

    /// Arms a failpoint: it strikes once, in whichever process comes there first.
    pub fn arm(&self, point: &str, action: &str) {
        std::fs::write(self.point(point), action).unwrap();
    }

    /// Takes it back.
    pub fn disarm(&self, point: &str) {
        // It may strike at this very moment.
        let _ = std::fs::remove_file(self.point(point));
    }

    /// Whether it has struck.
    pub fn has_struck(&self, point: &str) -> bool {
        !self.point(point).exists()
    }

    /// Waits for that: some points lie behind the delivery. False when nobody came by.
    pub async fn until_struck(&self, point: &str) -> bool {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        while !self.has_struck(point) {
            if tokio::time::Instant::now() >= deadline {
                return false;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        true
    }

    /// The file that arms a failpoint.
    pub fn point(&self, name: &str) -> PathBuf {
        self.points.path().join(name)
    }
}

/// Keys of the configuration.
fn keys(kind: Kind, ledger: Ledger) -> Vec<(String, String)> {
    let more: &[(&str, &str)] = match kind {
        Kind::HastyWithSenders => {
            &[("SMTP_COMMAND_SECONDS", "1"), ("SMTP_DATA_SECONDS", "1"), ("SMTP_TLS_SECONDS", "1")]
        }
        Kind::HastyWithNextHops => &[
            ("NEXT_HOP_CONNECT_SECONDS", "1"),
            ("NEXT_HOP_HELLO_SECONDS", "1"),
            ("NEXT_HOP_COMMAND_SECONDS", "1"),
            ("NEXT_HOP_VERDICT_SECONDS", "1"),
        ],
        Kind::FewConnections => &[("SMTP_MAX_CONNECTIONS", "4")],
        Kind::SmallMessages => &[("SMTP_MAX_MESSAGE_BYTES", "100000")],
        Kind::LittleMemory => &[
            ("SMTP_BYTES_IN_FLIGHT", "1048576"),
            ("IMPRINT_HOLD_BYTES", "65536"),
            // What is short is memory alone.
            ("NEXT_HOP_SESSIONS_PER_TENANT", "1000"),
        ],
        Kind::NoTime | Kind::Deferring => &[("IMPRINT_WORK_MILLISECONDS", "1")],
        Kind::PrivateAddress => &[("NEXT_HOP_PRIVATE_ADDRESSES", "false")],
        _ => &[],
    };
    let ledger: &[(&str, &str)] = match ledger {
        Ledger::Off => &[("SMTP_LEDGER", "false")],
        Ledger::On => &[("SMTP_LEDGER", "true")],
    };
    // Each message has a session of its own to the next hop, so that a fault of one is no fault of the next.
    let all = [("NEXT_HOP_IDLE_SESSIONS", "0")].iter().chain(more).chain(ledger);
    all.map(|(key, value)| (format!("SIGNET_{key}"), (*value).to_owned())).collect()
}

/// The next hop.
fn receiver(kind: Kind, config: ReceiverConfig) -> ReceiverConfig {
    match kind {
        Kind::Plain | Kind::OtherClock => ReceiverConfig::plain(),
        Kind::NextHopInPlain => {
            let offer = Offer::exchange_online().without("STARTTLS");
            ReceiverConfig { tls: TlsOffer::Off, ..config.offer(offer) }
        }
        Kind::StrangeAuthority => {
            let stranger = Identity::self_signed(Request::server("mail.protection.outlook.com")).unwrap();
            ReceiverConfig { identities: vec![stranger], ..config }
        }
        _ => config,
    }
}

/// The tenant's file; its next hop is the proxy.
fn change(kind: Kind, tenant: &mut Value, port: u16) {
    tenant["peer"]["next_hop"]["port"] = json!(port);
    match kind {
        Kind::Plain | Kind::OtherClock => {
            tenant["peer"] = json!({"proof": "network", "networks": ["127.0.0.1/32"],
                "next_hop": {"host": "127.0.0.1", "port": port, "plaintext": true}});
        }
        Kind::Deferring => tenant["on_failure"] = json!("defer"),
        Kind::WrongName => tenant["peer"]["next_hop"]["name"] = json!("mail.other.example"),
        Kind::TwoAddresses | Kind::NoName | Kind::NameServerGone | Kind::PrivateAddress => {
            tenant["peer"]["next_hop"]["host"] = json!("contoso.outlook.example");
        }
        _ => {}
    }
}

async fn name_server(kind: Kind) -> Option<Names> {
    let addresses: &[&str] = match kind {
        Kind::TwoAddresses => &["127.0.0.9", "127.0.0.1"],
        Kind::NameServerGone | Kind::PrivateAddress => &["127.0.0.1"],
        Kind::NoName => &[],
        _ => return None,
    };
    let addresses: Vec<(&str, IpAddr)> =
        addresses.iter().map(|address| ("contoso", address.parse().unwrap())).collect();
    Some(Names::serve(&addresses).await.unwrap())
}

/// The library that `faketime` preloads.
fn faked_clock() -> String {
    let folders = std::fs::read_dir("/usr/lib").unwrap().map(|entry| entry.unwrap().path().join("faketime"));
    let mut libraries = folders.map(|folder| folder.join("libfaketimeMT.so.1"));
    let found = libraries.find(|library| library.exists());
    found.expect("the package faketime is missing; tools/setup-tests.sh installs it").display().to_string()
}

/// The command in a mount namespace of its own, its folder on a disk of 8 MiB that is there for it alone.
fn on_a_small_disk(setup: &Setup) -> Command {
    let (run, folder) = (setup.run_command(), setup.folder.display().to_string());
    let script = "copy=$(mktemp -d) && cp -a \"$1/.\" \"$copy\" && mount -t tmpfs -o size=8m none \"$1\" \
        && cp -a \"$copy/.\" \"$1\" && rm -r \"$copy\" && shift && exec \"$@\"";
    let mut command = Command::new("unshare");
    command.args(["--mount", "sh", "-c", script, "sh", &folder]).arg(run.get_program()).args(run.get_args());
    command
}

/// Fills the disk of a process that runs on a small one.
fn fill(bench: &Bench) {
    let folder = bench.setup.folder.display();
    let root = format!("/proc/{}/root{folder}/fill", bench.appliance.pid());
    let mut file = std::fs::File::create(root).unwrap();
    let block = vec![b'x'; 4096];
    while file.write_all(&block).is_ok() {}
}

/// For what comes of itself behind a delivery.
const PATIENCE: Duration = Duration::from_secs(10);
/// For everything that has to come.
pub const DEADLINE: Duration = Duration::from_secs(60);
