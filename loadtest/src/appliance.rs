//! Signet itself, started for a run: configuration, tenants and certificates in a folder of its own, free ports, and
//! the processes to measure. It logs as it does by default, into a file.
//!
//! Set up by Signet's own commands only, as an operator would; whatever fails is told with what Signet said. The
//! process is killed and its folder removed at the end.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use standin::mails::base64_lines;
use tempfile::TempDir;

use crate::certificates::{Certificates, EDGE};
use crate::database::Database;
use crate::directory::Played;
use crate::process::Tree;
use crate::scenario::Proof;
use crate::tenants::Tenants;

/// A running Signet; killed when dropped.
pub struct Appliance {
    child: Child,
    program: PathBuf,
    /// Where it takes mail.
    pub address: SocketAddr,
    ops: SocketAddr,
    folder: TempDir,
    pub timing: Timing,
}

/// How long it took to get there.
#[derive(Debug, Clone, Copy, Default)]
pub struct Timing {
    pub import: Duration,
    pub start: Duration,
}

/// What the appliance is set up for.
pub struct Setup<'a> {
    pub program: &'a Path,
    /// Sessions that the generator will hold.
    pub connections: usize,
    /// Sessions to one tenant's next hop for each core.
    pub sessions_per_tenant: usize,
    /// Longest wait for one of them.
    pub lease_seconds: u32,
    pub certificates: &'a Certificates,
    pub tenants: Tenants,
    /// The database; without it all is in a file.
    pub database: Option<&'a Database>,
    /// Where the people come from; without it only from the tenants' files.
    pub directory: Option<&'a Played>,
}

impl Appliance {
    /// Sets everything up by Signet's own commands and waits until it says that it is ready.
    pub fn start(setup: &Setup<'_>) -> io::Result<Appliance> {
        let named = |error| io::Error::other(format!("{}: {error}; build it first", setup.program.display()));
        let program = setup.program.canonicalize().map_err(named)?;
        let folder = tempfile::tempdir()?;
        let (smtp, ops) = (free_port()?, free_port()?);
        setup.write(folder.path(), smtp, ops)?;
        let began = Instant::now();
        setup.import(&program, folder.path())?;
        let import = began.elapsed();
        if let Some(database) = setup.database {
            database.fill()?;
        }
        let log = OpenOptions::new().create(true).append(true).open(log_of(folder.path()))?;
        let began = Instant::now();
        let child = Command::new(&program)
            .args(["run", "--config", "signet.toml"])
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()?;
        let (address, ops) = ((Ipv4Addr::LOCALHOST, smtp).into(), (Ipv4Addr::LOCALHOST, ops).into());
        let mut appliance = Appliance { child, program, address, ops, folder, timing: Timing::default() };
        appliance.wait_until_ready()?;
        appliance.timing = Timing { import, start: began.elapsed() };
        Ok(appliance)
    }

    pub fn tree(&self) -> Tree {
        Tree::new(self.child.id())
    }

    /// Runs one of Signet's commands beside it; gives what that printed.
    pub fn command(&self, arguments: &[&str]) -> io::Result<String> {
        command(&self.program, self.folder.path(), arguments)
    }

    /// Imports a tenant file.
    pub fn import(&self, file: &serde_json::Value) -> io::Result<()> {
        std::fs::write(self.folder.path().join("tenant.json"), serde_json::to_vec(file)?)?;
        self.command(&["tenant", "import", "tenant.json"]).map(drop)
    }

    /// The end of what it has written to its log.
    pub fn log(&self) -> String {
        let text = std::fs::read(log_of(self.folder.path())).unwrap_or_default();
        String::from_utf8_lossy(text.get(text.len().saturating_sub(SHOWN)..).unwrap_or_default()).into_owned()
    }

    /// Empties the log, which a long run would fill the disk with.
    pub fn forget_log(&self) -> io::Result<()> {
        File::options().write(true).open(log_of(self.folder.path()))?.set_len(0)
    }

    /// What it counts under a name with these labels; 0 where it has not counted yet.
    pub fn metric(&self, series: &str) -> io::Result<f64> {
        let text = ask(self.ops, "/metrics")?;
        let value = text.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
        value.map_or(Ok(0.0), |value| value.trim().parse().map_err(io::Error::other))
    }

    fn wait_until_ready(&mut self) -> io::Result<()> {
        let deadline = Instant::now() + READY;
        while !ask(self.ops, "/readyz").is_ok_and(|answer| answer.starts_with("HTTP/1.1 200")) {
            if let Some(status) = self.child.try_wait()? {
                return Err(io::Error::other(format!("signet has ended ({status}): {}", self.log())));
            }
            if Instant::now() > deadline {
                return Err(io::Error::other(format!("signet does not become ready: {}", self.log())));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }
}

impl Drop for Appliance {
    fn drop(&mut self) {
        // It may have ended by itself; there is nothing left to do then.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Setup<'_> {
    fn write(&self, folder: &Path, smtp: u16, ops: u16) -> io::Result<()> {
        let certificates = self.certificates;
        certificates.authority.write_root(folder, "roots")?;
        certificates.edge.write(folder, "edge")?;
        certificates.tenant.write(folder, "tenant")?;
        // Whoever reads this file learns nothing: the store beside it dies with the run.
        std::fs::write(folder.join("signet.key"), base64_lines(&[7; 32]).trim())?;
        let directory = self.directory.map(|played| played.section(folder)).transpose()?.unwrap_or_default();
        std::fs::write(folder.join("signet.toml"), self.configuration(smtp, ops) + &directory)?;
        self.tenants.write(&folder.join("tenants"))
    }

    /// All tenants; their certificates only while they are few, for one command is one certificate.
    fn import(&self, program: &Path, folder: &Path) -> io::Result<()> {
        let signet = |arguments: &[&str]| command(program, folder, arguments).map(drop);
        signet(&["tenant", "import", "tenants"])?;
        if self.tenants.proof.uses_tls() && self.tenants.count <= MANY {
            for number in 0..self.tenants.count {
                let id = crate::message::guid(&format!("{number:012}"));
                signet(&["tenant", "certificate", &id, "--chain", "tenant.pem", "--key", "tenant.key"])?;
            }
        }
        Ok(())
    }

    fn configuration(&self, smtp: u16, ops: u16) -> String {
        let listener = match self.tenants.proof {
            Proof::Network => "proof = \"network\"\nplaintext = true".to_owned(),
            Proof::Certificate | Proof::Microsoft => {
                let proof = if self.tenants.proof == Proof::Microsoft { "microsoft" } else { "certificate" };
                format!(
                    "proof = \"{proof}\"\ncertificate = \"edge.pem\"\nkey = \"edge.key\"\nclient_roots = \"roots.pem\""
                )
            }
        };
        // As many idle sessions as there are senders, so that what is measured is mail, not handshakes.
        let idle = self.connections.clamp(2, 100);
        // Room for a message in each session; the default is enough for five hundred.
        let in_flight = ((self.connections as u64 + 1) << 20).max(256 << 20);
        let store = self.database.map_or_else(|| "sqlite:signet.db".to_owned(), Database::address);
        format!(
            "role = \"all\"\nsite = \"load\"\n[store]\nurl = \"{store}\"\nkey_file = \"signet.key\"\n\
             [smtp]\nhost_name = \"{EDGE}\"\nmax_message_bytes = 157286400\nmax_connections = {}\n\
             bytes_in_flight = {in_flight}\n[[listener]]\naddress = \"127.0.0.1:{smtp}\"\n{listener}\n\
             [next_hop]\nroots = \"roots.pem\"\nsuffixes = [\"127.0.0.1\"]\nprivate_addresses = true\n\
             sessions_per_tenant = {}\nlease_seconds = {}\nidle_sessions = {idle}\n\
             [ops]\naddress = \"127.0.0.1:{ops}\"\n",
            // One tenant has seven eighths at most.
            self.connections * 5 / 4 + 100,
            self.sessions_per_tenant,
            self.lease_seconds,
        )
    }
}

fn log_of(folder: &Path) -> PathBuf {
    folder.join("signet.log")
}

/// What it printed.
fn command(program: &Path, folder: &Path, arguments: &[&str]) -> io::Result<String> {
    let output = Command::new(program).args(arguments).current_dir(folder).stdin(Stdio::null()).output()?;
    if output.status.success() {
        return String::from_utf8(output.stdout).map_err(io::Error::other);
    }
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(io::Error::other(format!("signet {}: {}: {said}", arguments.join(" "), output.status)))
}

/// Free at this moment; whoever is started next is the next to ask for it.
pub fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

/// The whole answer, its head and all.
fn ask(ops: SocketAddr, path: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&ops, Duration::from_secs(1))?;
    stream.set_read_timeout(Some(Duration::from_secs(2)))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

/// A hundred thousand tenants take their time to be read.
const READY: Duration = Duration::from_secs(300);
/// Octets of the log that are shown.
const SHOWN: usize = 2 * 1024;
/// More tenants than this get no certificate.
const MANY: u32 = 20;
