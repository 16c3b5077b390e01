//! From the values to a [`Config`]: what the sections mean, their files, and what must fit together.
//!
//! Checking goes on after a problem, so that all come at once; no [`Config`] leaves here with one.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ipnet::IpNet;
use rustls::SignatureAlgorithm;

use super::value::{Reader, no_address};
use super::{
    Cache, Config, Directory, Drain, Images, Imprint, Listener, Log, LogFormat, LogLevel, NextHop, Ops, Pair,
    PairError, PairFiles, Problems, Proof, Reload, Role, Security, Smtp, Store, key_file,
};

/// Reads everything.
pub(super) fn whole(text: &str, folder: &Path, variables: &BTreeMap<String, String>) -> Result<Config, Problems> {
    let mut reader = Reader::new(text, folder, variables);
    let role = match reader.word("role") {
        "edge" => Role::Edge,
        "console" => Role::Console,
        _ => Role::All,
    };
    let config = Config {
        role,
        site: reader.site(),
        store: reader.store(),
        smtp: reader.smtp(),
        listeners: reader.listeners(role),
        next_hop: reader.next_hop(),
        imprint: Imprint {
            work_limit: Duration::from_millis(reader.count("imprint.work_milliseconds")),
            hold_bytes: reader.size("imprint.hold_bytes"),
            words: reader.words("imprint.words_folder"),
        },
        cache: Cache {
            memory_bytes: reader.size("cache.memory_bytes"),
            load_timeout: Duration::from_millis(reader.count("cache.load_milliseconds")),
            folder: reader.file("cache.folder"),
            disk_bytes: reader.count("cache.disk_bytes"),
        },
        drain: Drain {
            notice: reader.seconds("drain.notice_seconds"),
            hard_stop: reader.seconds("drain.hard_stop_seconds"),
            verdict: reader.seconds("drain.verdict_seconds"),
            grace: reader.seconds("drain.grace_seconds"),
        },
        reload: Reload { poll: reader.seconds("reload.poll_seconds") },
        images: Images { base_url: reader.base_url() },
        directory: reader.directory(),
        ops: Ops { address: reader.address("ops.address") },
        console: reader.console(role),
        mail: reader.mail(),
        log: reader.log(),
    };
    reader.check_together(&config);
    reader.end(config)
}

/// Reads the section `store` alone.
pub(super) fn store_only(text: &str, folder: &Path, variables: &BTreeMap<String, String>) -> Result<Store, Problems> {
    let mut reader = Reader::new(text, folder, variables);
    let store = reader.store();
    reader.end(store)
}

/// Reads the place of the key file alone; it need not exist.
pub(super) fn key_file_only(
    text: &str,
    folder: &Path,
    variables: &BTreeMap<String, String>,
) -> Result<PathBuf, Problems> {
    let mut reader = Reader::new(text, folder, variables);
    let file = reader.file("store.key_file").unwrap_or_default();
    reader.end(file)
}

/// Reads the section `directory` alone.
pub(super) fn directory_only(
    text: &str,
    folder: &Path,
    variables: &BTreeMap<String, String>,
) -> Result<Option<Directory>, Problems> {
    let mut reader = Reader::new(text, folder, variables);
    let directory = reader.directory();
    reader.end(directory)
}

/// Reads the section `ops` alone.
pub(super) fn ops_only(text: &str, folder: &Path, variables: &BTreeMap<String, String>) -> Result<Ops, Problems> {
    let mut reader = Reader::new(text, folder, variables);
    let address = reader.address("ops.address");
    reader.end(Ops { address })
}

/// The sections.
impl Reader<'_> {
    fn site(&mut self) -> String {
        let site = self.text("site");
        let legal = |octet: u8| octet.is_ascii_alphanumeric() || octet == b'-' || octet == b'.';
        if site.is_empty() || site.len() > 63 || !site.bytes().all(legal) {
            self.wrong("site", format!("{site:?} is no site name; use up to 63 letters, digits, `-` and `.`"));
        }
        site
    }

    fn store(&mut self) -> Store {
        let url = self.text("store.url");
        let key_file = self.file("store.key_file").unwrap_or_default();
        if let Err(error) = key_file::read_key_ring(&key_file) {
            self.wrong("store.key_file", error.to_string());
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Store { url, key_file };
        }
        let path = url.strip_prefix("sqlite:").map(|path| path.strip_prefix("//").unwrap_or(path)).unwrap_or_default();
        if path.is_empty() || path.starts_with(':') || path.contains('?') {
            // Not the whole of it: there may be a password in it.
            let scheme = url.split_once(':').map_or("", |(scheme, _)| scheme);
            let message =
                "is no store; write sqlite: and the name of a file, or postgres://USER:PASSWORD@HOST/DATABASE";
            self.wrong("store.url", format!("{scheme:?} {message}"));
            return Store { url, key_file };
        }
        let path = self.folder.join(path);
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !parent.is_dir() {
            self.wrong("store.url", format!("the folder {} does not exist; make it first", parent.display()));
        }
        Store { url: format!("sqlite:{}", path.display()), key_file }
    }

    fn smtp(&mut self) -> Smtp {
        let host_name = self.text("smtp.host_name");
        if !is_domain(&host_name) && self.is_given("smtp.host_name") {
            self.wrong("smtp.host_name", format!("{host_name:?} is no host name; write one like smtp.example.com"));
        }
        Smtp {
            host_name,
            max_message_bytes: self.count("smtp.max_message_bytes"),
            max_connections: self.size("smtp.max_connections"),
            max_recipients: self.size("smtp.max_recipients"),
            bytes_in_flight: self.count("smtp.bytes_in_flight"),
            command_timeout: self.seconds("smtp.command_seconds"),
            data_timeout: self.seconds("smtp.data_seconds"),
            tls_timeout: self.seconds("smtp.tls_seconds"),
            ledger: self.flag("smtp.ledger"),
        }
    }

    fn next_hop(&mut self) -> NextHop {
        let suffixes: Vec<String> =
            self.list("next_hop.suffixes").into_iter().map(|suffix| suffix.to_ascii_lowercase()).collect();
        if let Some(bad) = suffixes.iter().find(|suffix| !is_domain(suffix) || !suffix.contains('.')) {
            self.wrong("next_hop.suffixes", format!("{bad:?} is no domain of at least two labels"));
        }
        let mut resolver = Vec::new();
        for server in self.list("next_hop.resolver") {
            match server.parse() {
                Ok(address) => resolver.push(address),
                Err(_) => self.wrong("next_hop.resolver", no_address(&server)),
            }
        }
        NextHop {
            roots: self.roots("next_hop.roots"),
            suffixes,
            port: u16::try_from(self.count("next_hop.port")).unwrap_or_default(),
            private_addresses: self.flag("next_hop.private_addresses"),
            resolver,
            connect_timeout: self.seconds("next_hop.connect_seconds"),
            hello_timeout: self.seconds("next_hop.hello_seconds"),
            command_timeout: self.seconds("next_hop.command_seconds"),
            verdict_timeout: self.seconds("next_hop.verdict_seconds"),
            lease_timeout: self.seconds("next_hop.lease_seconds"),
            sessions_per_tenant: self.size("next_hop.sessions_per_tenant"),
            idle_sessions: self.size("next_hop.idle_sessions"),
            idle_timeout: self.seconds("next_hop.idle_seconds"),
        }
    }

    fn base_url(&mut self) -> Option<String> {
        let url = self.text("images.base_url");
        let host = url.strip_prefix("https://").unwrap_or_default();
        let legal = |octet: u8| octet.is_ascii_graphic() && !b"\"'<>?#\\".contains(&octet);
        if !url.is_empty() && (host.is_empty() || host.starts_with('/') || !host.bytes().all(legal)) {
            self.wrong("images.base_url", format!("{url:?} is no https:// address"));
        }
        (!url.is_empty()).then(|| url.trim_end_matches('/').to_owned())
    }

    fn log(&mut self) -> Log {
        let format = match self.word("log.format") {
            "text" => LogFormat::Text,
            _ => LogFormat::Json,
        };
        let level = match self.word("log.level") {
            "error" => LogLevel::Error,
            "warn" => LogLevel::Warn,
            "debug" => LogLevel::Debug,
            _ => LogLevel::Info,
        };
        Log { format, level }
    }

    fn listeners(&mut self, role: Role) -> Vec<Listener> {
        let count = self.source.listeners;
        match (role, count) {
            (Role::Console, 0) => {}
            (Role::Console, _) => {
                self.wrong("listener.0.address", "the role console takes no mail; take the listeners out".to_owned())
            }
            (_, 0) => self.source.problem(None, "listener", "no listener; write at least one [[listener]]".to_owned()),
            _ => {}
        }
        (0..count).map(|number| self.listener(number)).collect()
    }

    fn listener(&mut self, number: usize) -> Listener {
        let key = |name: &str| format!("listener.{number}.{name}");
        let address = self.address(&key("address"));
        let client_roots = self.roots(&key("client_roots"));
        let client_name = self.text(&key("client_name")).to_ascii_lowercase();
        let word = self.word(&key("proof"));
        if word != "microsoft" && self.is_given(&key("client_name")) {
            self.wrong(&key("client_name"), format!("has no meaning with proof {word}; take it out"));
        } else if !is_domain(&client_name) {
            self.wrong(&key("client_name"), format!("{client_name:?} is no host name"));
        }
        if word == "network" && client_roots.is_some() {
            self.wrong(&key("client_roots"), "has no meaning with proof network; take it out".to_owned());
        }
        let proof = match word {
            "certificate" => Proof::Certificate { client_roots },
            "network" => Proof::Network,
            _ => Proof::Microsoft { client_name, client_roots },
        };
        let security = match self.flag(&key("plaintext")) {
            true => self.plaintext(number, address, word),
            false => self.tls(number),
        };
        let proxy_from = self.networks(&key("proxy_from"));
        if security == Security::Plaintext && !proxy_from.is_empty() {
            let message = "senders behind a balancer are on other machines; mail without TLS never leaves this one";
            self.wrong(&key("proxy_from"), message.to_owned());
        }
        Listener { address, proof, security, proxy_from }
    }

    fn networks(&mut self, key: &str) -> Vec<IpNet> {
        let mut networks = Vec::new();
        for text in self.list(key) {
            match text.parse::<IpNet>() {
                Ok(network) => networks.push(network.trunc()),
                Err(_) => {
                    self.wrong(key, format!("{text:?} is no network; write for example 10.0.0.0/28 or fd00::/64"))
                }
            }
        }
        networks
    }

    fn plaintext(&mut self, number: usize, address: SocketAddr, proof: &str) -> Security {
        let key = format!("listener.{number}.plaintext");
        if !address.ip().is_loopback() {
            let ip = address.ip();
            self.wrong(&key, format!("{ip} is not a loopback address; mail without TLS never leaves the machine"));
        }
        if proof != "network" {
            self.wrong(&key, format!("proof {proof} needs a client certificate, so TLS; use proof network"));
        }
        for name in ["certificate", "key", "certificate_2", "key_2"].map(|name| format!("listener.{number}.{name}")) {
            if !self.text(&name).is_empty() {
                self.wrong(&name, "has no meaning with plaintext; take one of them out".to_owned());
            }
        }
        Security::Plaintext
    }

    fn tls(&mut self, number: usize) -> Security {
        let (mut pairs, mut kinds) = (Vec::new(), Vec::new());
        for (certificate, key) in [("certificate", "key"), ("certificate_2", "key_2")] {
            let (certificate, key) = (format!("listener.{number}.{certificate}"), format!("listener.{number}.{key}"));
            match (self.file(&certificate), self.file(&key)) {
                (Some(chain), Some(private)) => {
                    let files = PairFiles { certificate: chain, key: private };
                    let kind = self.check_pair(&certificate, &key, &files);
                    if kind.is_some() && kinds.contains(&kind) {
                        self.wrong(
                            &certificate,
                            "is of the same kind as the first; let one be RSA, one ECDSA".to_owned(),
                        );
                    }
                    kinds.push(kind);
                    pairs.push(files);
                }
                (None, Some(_)) => self.wrong(&certificate, format!("{key} is given, its certificate is not")),
                (Some(_), None) => self.wrong(&key, format!("{certificate} is given, its key is not")),
                (None, None) if certificate.ends_with("certificate") => {
                    self.wrong(&certificate, "name the PEM file; or plaintext = true on a loopback address".to_owned());
                }
                (None, None) => {}
            }
        }
        Security::Tls(pairs)
    }

    /// Reads both files; gives the kind of key when they make a pair.
    pub(super) fn check_pair(&mut self, certificate: &str, key: &str, files: &PairFiles) -> Option<SignatureAlgorithm> {
        let unreadable = |file: &Path| std::fs::read(file).err().map(|error| format!("{}: {error}", file.display()));
        if let Some(error) = unreadable(&files.certificate) {
            self.wrong(certificate, error);
        }
        if let Some(error) = unreadable(&files.key) {
            self.wrong(key, error);
        }
        match Pair::read(files) {
            Ok(pair) => return Some(pair.algorithm()),
            Err(PairError::Unreadable { .. }) => {}
            Err(error @ PairError::Certificate(_)) => {
                self.wrong(certificate, format!("{} {error}", files.certificate.display()));
            }
            Err(error @ PairError::Key(_)) => self.wrong(key, format!("{} {error}", files.key.display())),
            Err(error) => self.wrong(key, format!("{}: {error}", files.key.display())),
        }
        None
    }

    /// What is wrong only in the sight of another key.
    fn check_together(&mut self, config: &Config) {
        let mut seen = vec![config.ops.address];
        if let Some(console) = &config.console {
            if console.address.port() != 0 && console.address == config.ops.address {
                self.wrong("console.address", format!("{} is taken by ops.address", console.address));
            }
            seen.push(console.address);
        }
        for (number, listener) in config.listeners.iter().enumerate() {
            if listener.address.port() != 0 && seen.contains(&listener.address) {
                let message =
                    format!("{} is taken by another listener, ops.address or console.address", listener.address);
                self.wrong(&format!("listener.{number}.address"), message);
            }
            seen.push(listener.address);
        }
        let microsoft = config.listeners.iter().any(|listener| matches!(listener.proof, Proof::Microsoft { .. }));
        if microsoft && config.next_hop.suffixes.is_empty() {
            self.wrong(
                "next_hop.suffixes",
                "is empty, but a listener has proof microsoft; its tenants need one".to_owned(),
            );
        }
        let least = u64::try_from(config.imprint.hold_bytes).unwrap_or(u64::MAX);
        if config.smtp.bytes_in_flight < least {
            self.wrong("smtp.bytes_in_flight", "is less than imprint.hold_bytes; one message would fill it".to_owned());
        }
    }
}

/// Letters, digits and hyphens in labels of at most 63 octets (RFC 5321 section 4.1.2).
fn is_domain(text: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.bytes().all(|octet| octet.is_ascii_alphanumeric() || octet == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= 253 && text.split('.').all(label)
}
