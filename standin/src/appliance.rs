//! The real `signet` binary as a child process, with a configuration, certificates and tenants made for it.
//!
//! Used by end-to-end tests and by the demo. It is a parent and a worker; what counts for mail is the worker. Ports are never fixed: the binary binds free ones and says so in its log.

use std::fmt::Write as _;
use std::io::{self, BufRead, BufReader, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::certificates::{Authority, Identity, Request};

/// How one listener of the appliance proves its peers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listener {
    /// Exchange Online's certificate and headers.
    Microsoft,
    /// A tenant's own client certificate.
    Certificate,
    /// A tenant's network, without TLS, on loopback.
    Network,
}

/// Everything the appliance needs in a folder of its own.
pub struct Setup {
    pub folder: PathBuf,
    pub authority: Authority,
    binary: PathBuf,
}

/// A running appliance. Killed when dropped.
#[derive(Debug)]
pub struct Appliance {
    child: Child,
    lines: Arc<Lines>,
    /// As bound, in the order of the configuration.
    pub listeners: Vec<SocketAddr>,
    /// Probes and metrics.
    pub ops: SocketAddr,
}

#[derive(Debug, Default)]
struct Lines {
    seen: Mutex<Seen>,
    more: Condvar,
}

#[derive(Debug, Default)]
struct Seen {
    lines: Vec<String>,
    ended: bool,
    held: bool,
}

/// The name the appliance has in its certificate and in `Received`.
pub const HOST_NAME: &str = "eu-a.signet.example";
/// The name Exchange Online has in its own.
pub const MICROSOFT: &str = "mail.protection.outlook.com";
/// How long anything of the appliance's may take.
const DEADLINE: Duration = Duration::from_secs(60);
const STARTED: &str = "Started.";
const OPS_STARTED: &str = "Ops listener started.";

impl Setup {
    /// Certificates, key file and configuration in `folder`; one address for each listener. `more` is appended to the
    /// configuration.
    pub fn new(folder: &Path, listeners: &[Listener], more: &str) -> io::Result<Setup> {
        let authority = Authority::new("Signet test authority")?;
        authority.write_root(folder, "root")?;
        authority.issue(Request::server(HOST_NAME))?.write(folder, "smtp")?;
        authority.issue(Request::server(HOST_NAME).rsa())?.write(folder, "smtp-rsa")?;
        let setup = Setup { folder: folder.to_owned(), authority, binary: binary()? };
        std::fs::write(setup.config(), configuration(folder, listeners, more))?;
        setup.signet(&["key"])?;
        Ok(setup)
    }

    /// The configuration file.
    pub fn config(&self) -> PathBuf {
        self.folder.join("signet.toml")
    }

    /// Puts the store elsewhere than in a file of SQLite.
    pub fn keep_store_at(&self, url: &str) -> io::Result<()> {
        let configuration = std::fs::read_to_string(self.config())?;
        let sqlite = format!("sqlite:{}", self.folder.join("signet.db").display());
        std::fs::write(self.config(), configuration.replace(&sqlite, url))
    }

    /// The client certificate Exchange Online shows.
    pub fn microsoft(&self) -> io::Result<Identity> {
        self.authority.issue(Request::client(MICROSOFT))
    }

    /// Imports a tenant, and its certificate for the next hop when `client_name` is given.
    pub fn tenant(&self, file: &Value, client_name: Option<&str>) -> io::Result<()> {
        let id = file["id"].as_str().unwrap_or_default().to_owned();
        let path = self.folder.join(format!("{id}.json"));
        std::fs::write(&path, file.to_string())?;
        self.signet(&["tenant", "import", &path.display().to_string()])?;
        if let Some(name) = client_name {
            let files = self.authority.issue(Request::client(name))?.write(&self.folder, &id)?;
            let (chain, key) = (files.chain.display().to_string(), files.key.display().to_string());
            self.signet(&["tenant", "certificate", &id, "--chain", &chain, "--key", &key])?;
        }
        Ok(())
    }

    /// Runs one command of the binary and gives its output; fails with what it said.
    pub fn signet(&self, arguments: &[&str]) -> io::Result<String> {
        self.signet_told(arguments, "")
    }

    /// The same with this on standard input.
    pub fn signet_told(&self, arguments: &[&str], input: &str) -> io::Result<String> {
        let mut child = Command::new(&self.binary)
            .args(arguments)
            .arg("--config")
            .arg(self.config())
            .current_dir(&self.folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            // Who asks for nothing may have ended by now.
            drop(stdin.write_all(input.as_bytes()));
        }
        let output = child.wait_with_output()?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            return Err(io::Error::other(format!("signet {}: {}: {said}", arguments.join(" "), output.status)));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// The command that runs the edge, for whoever puts something in front of it.
    pub fn run_command(&self) -> Command {
        let mut command = Command::new(&self.binary);
        command.arg("run").arg("--config").arg(self.config()).current_dir(&self.folder);
        command
    }

    /// The same with the binary that has failpoints (`cargo build --features faults --bin signet-faults`).
    pub fn faulty_command(&self) -> io::Result<Command> {
        let faulty = self.binary.with_file_name("signet-faults");
        if !faulty.is_file() {
            return Err(io::Error::other("signet-faults is not built; `make faults` does"));
        }
        let mut command = Command::new(faulty);
        command.arg("run").arg("--config").arg(self.config()).current_dir(&self.folder);
        Ok(command)
    }

    /// Starts the edge and waits until it takes mail.
    pub fn start(&self) -> io::Result<Appliance> {
        Appliance::start(self.run_command())
    }
}

impl Appliance {
    /// Starts `command`, whose standard output is the edge's log.
    pub fn start(mut command: Command) -> io::Result<Appliance> {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let lines = Arc::new(Lines::default());
        let log = child.stdout.take().ok_or_else(|| io::Error::other("no standard output"))?;
        let said = child.stderr.take().ok_or_else(|| io::Error::other("no standard error"))?;
        let both = Arc::clone(&lines);
        std::thread::spawn(move || both.take(log));
        let errors = Arc::clone(&lines);
        std::thread::spawn(move || errors.take_errors(said));
        let mut appliance =
            Appliance { child, lines, listeners: Vec::new(), ops: SocketAddr::from(([127, 0, 0, 1], 0)) };
        appliance.wait_for_start(1)?;
        Ok(appliance)
    }

    /// The first log line with this message.
    pub fn wait_for_event(&self, message: &str) -> io::Result<Value> {
        let events = self.wait_for_events(message, 1)?;
        events.into_iter().next().ok_or_else(|| io::Error::other("no event"))
    }

    /// The log lines with this message, once there are `count`.
    pub fn wait_for_events(&self, message: &str, count: usize) -> io::Result<Vec<Value>> {
        let until = Instant::now() + DEADLINE;
        let mut seen = self.lines.lock();
        loop {
            let found: Vec<Value> = events(&seen.lines, message).collect();
            if found.len() >= count {
                return Ok(found);
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() || seen.ended {
                return Err(io::Error::other(format!("no {message:?} in the log:\n{}", seen.lines.join("\n"))));
            }
            seen = self.lines.more.wait_timeout(seen, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Reads no more of its log, as a collector that hangs, until it is told otherwise.
    pub fn hold_log(&self, held: bool) {
        self.lines.lock().held = held;
        self.lines.more.notify_all();
    }

    /// The log so far.
    pub fn log(&self) -> String {
        self.lines.lock().lines.join("\n")
    }

    /// The number of the process that takes mail: the worker, as the newest start tells.
    pub fn pid(&self) -> u32 {
        let seen = self.lines.lock();
        let started = events(&seen.lines, STARTED).last();
        let pid = started.and_then(|started| started["pid"].as_u64()).and_then(|pid| u32::try_from(pid).ok());
        pid.unwrap_or_else(|| self.child.id())
    }

    /// The number of the process that was started: the parent of the worker.
    pub fn parent(&self) -> u32 {
        self.child.id()
    }

    /// Waits until workers have been started so many times in all, and takes the newest one's addresses.
    pub fn wait_for_start(&mut self, count: usize) -> io::Result<()> {
        let started = self.wait_for_events(STARTED, count)?;
        let ops = self.wait_for_events(OPS_STARTED, count)?;
        if let (Some(started), Some(ops)) = (started.last(), ops.last()) {
            self.listeners = addresses(&started["listeners"])?;
            self.ops = parse(&ops["address"])?;
        }
        Ok(())
    }

    /// Ends parent and worker at once, as a machine that dies.
    pub fn kill(&mut self) -> io::Result<()> {
        self.child.kill()?;
        self.child.wait().map(drop)
    }

    /// Asks it to end in order, as a container's runtime would.
    pub fn terminate(&self) -> io::Result<()> {
        self.signal("TERM")
    }

    /// Asks it to read its configuration again; that it did is in the log.
    pub fn reload(&self) -> io::Result<()> {
        self.signal("HUP")
    }

    /// Sends the parent a signal, by name.
    pub fn signal(&self, name: &str) -> io::Result<()> {
        send(name, self.parent())
    }

    /// Sends the worker one.
    pub fn signal_worker(&self, name: &str) -> io::Result<()> {
        send(name, self.pid())
    }

    /// Waits for its end.
    pub fn wait(mut self) -> io::Result<ExitStatus> {
        let until = Instant::now() + DEADLINE;
        let mut seen = self.lines.lock();
        while !seen.ended {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(io::Error::other(format!("it does not end:\n{}", seen.lines.join("\n"))));
            }
            seen = self.lines.more.wait_timeout(seen, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        drop(seen);
        self.child.wait()
    }
}

impl Drop for Appliance {
    fn drop(&mut self) {
        // It may have ended by itself already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Lines {
    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, log: impl io::Read) {
        for line in BufReader::new(log).lines() {
            let Ok(line) = line else { break };
            let mut seen = self.lock();
            seen.lines.push(line);
            self.more.notify_all();
            while seen.held {
                seen = self.more.wait(seen).unwrap_or_else(PoisonError::into_inner);
            }
        }
        self.lock().ended = true;
        self.more.notify_all();
    }

    fn take_errors(&self, said: impl io::Read) {
        for line in BufReader::new(said).lines().map_while(Result::ok) {
            self.lock().lines.push(line);
            self.more.notify_all();
        }
    }
}

fn send(signal: &str, pid: u32) -> io::Result<()> {
    let status = Command::new("kill").args([&format!("-{signal}"), &pid.to_string()]).status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other("kill failed")) }
}

/// The binary beside the one that runs: tests lie in `deps`, the demo beside it.
fn binary() -> io::Result<PathBuf> {
    if let Some(given) = std::env::var_os("SIGNET_BINARY") {
        return Ok(PathBuf::from(given));
    }
    let own = std::env::current_exe()?;
    let places = own.ancestors().skip(1).take(2).map(|folder| folder.join("signet"));
    let found = places.into_iter().find(|place| place.is_file());
    found.ok_or_else(|| io::Error::other("the signet binary is not built; run `cargo build --workspace` first"))
}

fn configuration(folder: &Path, listeners: &[Listener], more: &str) -> String {
    let at = |name: &str| folder.join(name).display().to_string();
    let mut text = format!(
        "role = \"all\"\nsite = \"eu-a\"\n[store]\nurl = \"sqlite:{}\"\nkey_file = \"{}\"\n[smtp]\nhost_name = \"{HOST_NAME}\"\n\
         [next_hop]\nroots = \"{}\"\nsuffixes = [\"127.0.0.1\", \"outlook.example\"]\nprivate_addresses = true\n\
         [drain]\nnotice_seconds = 0\ngrace_seconds = 0\n[ops]\naddress = \"127.0.0.1:0\"\n[log]\nformat = \"json\"\nlevel = \"debug\"\n",
        at("signet.db"),
        at("signet.key"),
        at("root.pem"),
    );
    for listener in listeners {
        let _ = write!(text, "[[listener]]\naddress = \"127.0.0.1:0\"\n");
        let _ = match listener {
            Listener::Network => write!(text, "proof = \"network\"\nplaintext = true\n"),
            Listener::Microsoft | Listener::Certificate => {
                let proof = if *listener == Listener::Microsoft { "microsoft" } else { "certificate" };
                write!(
                    text,
                    "proof = \"{proof}\"\ncertificate = \"{}\"\nkey = \"{}\"\n\
                     certificate_2 = \"{}\"\nkey_2 = \"{}\"\nclient_roots = \"{}\"\n",
                    at("smtp.pem"),
                    at("smtp.key"),
                    at("smtp-rsa.pem"),
                    at("smtp-rsa.key"),
                    at("root.pem")
                )
            }
        };
    }
    text.push_str(more);
    text
}

fn events<'a>(lines: &'a [String], message: &'a str) -> impl Iterator<Item = Value> + 'a {
    let parsed = lines.iter().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    parsed.filter(move |event| event["message"] == message)
}

fn parse(value: &Value) -> io::Result<SocketAddr> {
    let text = value.as_str().unwrap_or_default();
    text.parse().map_err(|_| io::Error::other(format!("{value} is no address")))
}

/// `[127.0.0.1:1, 127.0.0.1:2]`, as the log shows a list.
fn addresses(value: &Value) -> io::Result<Vec<SocketAddr>> {
    let text = value.as_str().unwrap_or_default();
    let inner = text.trim_matches(['[', ']']);
    inner.split(',').map(|one| parse(&Value::String(one.trim().to_owned()))).collect()
}
