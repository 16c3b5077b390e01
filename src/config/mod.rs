//! What the operator decides: one TOML file, each key also as an environment variable.
//!
//! [`Config::load`] reads both, checks everything (values, files, that a key fits its certificate) before a port is
//! bound, and reports all problems at once, each with its key, its line and what to do. An unknown key is a
//! problem: a misspelt limit must not be silently the default.
//!
//! Relative paths count from the folder of the file. Tenants, people and rules are never configuration: they live
//! in the store. The table of keys is [`keys::KEYS`]; `docs/configuration.md` is made from it.

mod becomes;
mod certificate;
mod check;
mod console;
mod directory;
mod key_file;
pub mod keys;
mod mail;
mod source;
mod suites;
mod value;
mod words;

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ipnet::IpNet;

use crate::imprint::place::WordFiles;

pub use certificate::{Pair, PairError, roots};
pub use console::{Accounts, Console};
pub use key_file::{KeyFileError, add_key, create_key_file, read_key_file, read_key_ring};
pub use suites::{TLS_VERSIONS, tls_provider};
pub use words::word_files;

/// Everything the operator decided, checked.
#[derive(Debug, Clone)]
pub struct Config {
    pub role: Role,
    /// Name of this site, in Received, logs and health.
    pub site: String,
    pub store: Store,
    pub smtp: Smtp,
    /// At least one, but for [`Role::Console`].
    pub listeners: Vec<Listener>,
    pub next_hop: NextHop,
    pub imprint: Imprint,
    pub cache: Cache,
    pub drain: Drain,
    pub reload: Reload,
    pub images: Images,
    /// `None`: this process reads no directory.
    pub directory: Option<Directory>,
    pub ops: Ops,
    /// `None`: no API is served.
    pub console: Option<Console>,
    /// `None`: the console sends no mail, so nobody can sign in to it.
    pub mail: Option<Mail>,
    pub log: Log,
}

/// What this process serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    All,
    Edge,
    Console,
}

/// Where tenants, secrets and decision records are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Store {
    /// `sqlite:` and an absolute or working-directory path.
    pub url: String,
    pub key_file: PathBuf,
}

/// The side towards the sender.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Smtp {
    pub host_name: String,
    pub max_message_bytes: u64,
    pub max_connections: usize,
    pub max_recipients: usize,
    /// Budget of message octets held in memory by the whole process.
    pub bytes_in_flight: u64,
    /// Longest wait for the next command.
    pub command_timeout: Duration,
    /// Longest wait for the next octets of a message.
    pub data_timeout: Duration,
    /// Longest TLS handshake.
    pub tls_timeout: Duration,
    /// Retries of what the next hop has are known again.
    pub ledger: bool,
}

/// One address that takes mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listener {
    /// Port 0 binds any free port.
    pub address: SocketAddr,
    pub proof: Proof,
    pub security: Security,
    /// Load balancers, whose connections begin with a header of the PROXY protocol.
    pub proxy_from: Vec<IpNet>,
}

/// How a sender's tenant is proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// Exchange Online's certificate, then the headers it adds.
    Microsoft { client_name: String, client_roots: Option<PathBuf> },
    /// The client certificate that the tenant's `peer` names.
    Certificate { client_roots: Option<PathBuf> },
    /// The source network that the tenant's `peer` names.
    Network,
}

impl Proof {
    /// The word of the configuration file.
    pub fn word(&self) -> &'static str {
        match self {
            Proof::Microsoft { .. } => "microsoft",
            Proof::Certificate { .. } => "certificate",
            Proof::Network => "network",
        }
    }
}

/// TLS or, on loopback only, none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Security {
    /// One or two pairs (RSA and ECDSA side by side), to be read with [`Pair::read`].
    Tls(Vec<PairFiles>),
    /// Loopback addresses with network proof only.
    Plaintext,
}

/// Where a certificate chain and its key lie, both PEM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairFiles {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

/// The side towards the tenants' mail systems.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextHop {
    /// Roots for next hops' certificates; `None` is the public roots.
    pub roots: Option<PathBuf>,
    /// Domains under which a Microsoft tenant's next hop must lie, lower case.
    pub suffixes: Vec<String>,
    /// Where the next hop of a tenant that connects itself takes mail.
    pub port: u16,
    /// Loopback and private addresses are allowed as answers of the resolver.
    pub private_addresses: bool,
    /// Name servers to ask; empty: those of the system.
    pub resolver: Vec<SocketAddr>,
    pub connect_timeout: Duration,
    /// Greeting, EHLO and TLS together.
    pub hello_timeout: Duration,
    pub command_timeout: Duration,
    /// From the last octet of a message to the answer.
    pub verdict_timeout: Duration,
    pub lease_timeout: Duration,
    pub sessions_per_tenant: usize,
    pub idle_sessions: usize,
    pub idle_timeout: Duration,
}

/// Bounds of the work on one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imprint {
    /// Our own work, not the waiting for octets.
    pub work_limit: Duration,
    pub hold_bytes: usize,
    /// Words of quoted text that take the place of the built-in ones or are added to them.
    pub words: WordFiles,
}

/// What is kept in memory of the tenants' rules and people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cache {
    pub memory_bytes: usize,
    /// Longest wait of a message for rules that are not in memory.
    pub load_timeout: Duration,
    /// Where sealed copies are kept; `None`: nowhere.
    pub folder: Option<PathBuf>,
    /// Bound of the copies of tenants.
    pub disk_bytes: u64,
}

/// How a node leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drain {
    /// How long connections are still taken after `/readyz` has turned red.
    pub notice: Duration,
    /// After this the process ends whatever still runs, but for messages that their next hops have whole.
    pub hard_stop: Duration,
    /// How long after that the answer to those is still awaited, and told.
    pub verdict: Duration,
    /// How long newcomers are still answered, with 421, when no session is left.
    pub grace: Duration,
}

/// How the file is followed while the process runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reload {
    /// Between two looks.
    pub poll: Duration,
}

/// Where hosted images are found by readers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Images {
    /// Without a slash at the end; `None`: images are embedded.
    pub base_url: Option<String>,
}

/// How directories of Microsoft Entra are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directory {
    pub client_id: String,
    /// Registered with the application.
    pub pair: PairFiles,
    /// Where an administrator comes back to after consent.
    pub redirect: Option<String>,
    /// `https://` and a host.
    pub login: String,
    pub graph: String,
    /// `None` is the public roots.
    pub roots: Option<PathBuf>,
    pub every: Duration,
    /// Tenants at the same time.
    pub at_once: usize,
    /// Longest time of one read.
    pub limit: Duration,
    pub lease: Duration,
}

/// Probes and metrics.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ops {
    pub address: SocketAddr,
}

/// How the console sends mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    pub host: String,
    pub port: u16,
    pub security: MailSecurity,
    /// Name and password.
    pub login: Option<MailLogin>,
    /// `Signet <noreply@example.com>`
    pub from: String,
    /// `None` is the public roots.
    pub roots: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailSecurity {
    /// STARTTLS, and nothing without it.
    StartTls,
    /// TLS from the first octet.
    Tls,
    /// Loopback addresses only.
    Plaintext,
}

/// Shows no password, wherever it is printed.
#[derive(Clone, PartialEq, Eq)]
pub struct MailLogin {
    pub user: String,
    pub password: String,
}

impl fmt::Debug for MailLogin {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "MailLogin({})", self.user)
    }
}

/// The log on standard output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Log {
    pub format: LogFormat,
    pub level: LogLevel,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    Json,
    Text,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogLevel {
    Error,
    Warn,
    Info,
    Debug,
}

/// One thing wrong with the configuration.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// 1-based line of the file; `None` for the environment, a default or a key that is missing.
    pub line: Option<usize>,
    /// For example `listener.0.address`; empty when the file as a whole is meant.
    pub key: String,
    /// What is wrong and what to do.
    pub message: String,
    /// The environment variable that the value came from.
    pub variable: Option<String>,
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(out, "line {line}: ")?;
        }
        if let Some(variable) = &self.variable {
            write!(out, "{variable}: ")?;
        } else if !self.key.is_empty() {
            write!(out, "{}: ", self.key)?;
        }
        out.write_str(&self.message)
    }
}

/// Everything wrong with the configuration, in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(Problem::to_string).collect::<Vec<_>>().join("\n"))]
pub struct Problems(pub Vec<Problem>);

impl Config {
    /// Reads the file and the environment of the process and checks everything.
    pub fn load(file: &Path) -> Result<Config, Problems> {
        let (text, folder) = read(file)?;
        Config::parse(&text, &folder, &environment())
    }

    /// The same for a text and variables given; relative paths count from `folder`.
    pub fn parse(text: &str, folder: &Path, variables: &BTreeMap<String, String>) -> Result<Config, Problems> {
        check::whole(text, folder, variables)
    }
}

impl Store {
    /// Only the section `store`, for commands that work on the store beside a running edge: the files of the
    /// listeners need not be there. Unknown keys are problems all the same.
    pub fn load(file: &Path) -> Result<Store, Problems> {
        let (text, folder) = read(file)?;
        Store::parse(&text, &folder, &environment())
    }

    /// The same for a text and variables given.
    pub fn parse(text: &str, folder: &Path, variables: &BTreeMap<String, String>) -> Result<Store, Problems> {
        check::store_only(text, folder, variables)
    }

    /// Only where the key file lies or is to lie, for the command that makes it.
    pub fn key_file(file: &Path) -> Result<PathBuf, Problems> {
        let (text, folder) = read(file)?;
        check::key_file_only(&text, &folder, &environment())
    }
}

impl Directory {
    /// Only the section `directory`, for commands beside a running process.
    pub fn load(file: &Path) -> Result<Option<Directory>, Problems> {
        let (text, folder) = read(file)?;
        check::directory_only(&text, &folder, &environment())
    }
}

impl Ops {
    /// Only the section `ops`, for the probe from outside.
    pub fn load(file: &Path) -> Result<Ops, Problems> {
        let (text, folder) = read(file)?;
        check::ops_only(&text, &folder, &environment())
    }
}

/// The file's text and its folder. A file that is not there is no problem where all came by the environment.
fn read(file: &Path) -> Result<(String, PathBuf), Problems> {
    let folder = file.parent().map(Path::to_path_buf).unwrap_or_default();
    match std::fs::read_to_string(file) {
        Ok(text) => Ok((text, folder)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && given_by_environment() => {
            Ok((String::new(), folder))
        }
        Err(error) => Err(Problems(vec![Problem {
            line: None,
            key: String::new(),
            message: format!("{} cannot be read: {error}; name the file with --config", file.display()),
            variable: None,
        }])),
    }
}

fn given_by_environment() -> bool {
    std::env::var_os("SIGNET_SMTP_HOST_NAME").is_some()
}

/// Only what could be ours: a value that is not UTF-8 is reported as such by its replacement characters.
fn environment() -> BTreeMap<String, String> {
    std::env::vars_os()
        .map(|(name, value)| (name.to_string_lossy().into_owned(), value.to_string_lossy().into_owned()))
        .filter(|(name, _)| name.starts_with(source::PREFIX))
        .collect()
}

#[cfg(test)]
mod tests;
