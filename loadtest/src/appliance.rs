//! Signet itself, started for a run: configuration, tenant and certificates in a folder of its own, free ports, and
//! the process to measure.
//!
//! Set up by Signet's own commands only, as an operator would; whatever fails is told with what Signet said. The
//! process is killed and its folder removed at the end.

use std::fs::File;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use standin::certificates::{Authority, Identity, Request};
use standin::mails::base64_lines;
use tempfile::TempDir;

use crate::message::{DOMAIN, TENANT, address};
use crate::process::Process;
use crate::scenario::Proof;

/// A running Signet; killed when dropped.
pub struct Appliance {
    child: Child,
    /// Where it takes mail.
    pub address: SocketAddr,
    folder: TempDir,
}

/// Who is who in a run with TLS.
pub struct Certificates {
    pub authority: Authority,
    /// Signet's, as a server.
    pub edge: Identity,
    /// The tenant's, which Signet shows to the next hop.
    pub tenant: Identity,
    /// The next hop's.
    pub sink: Identity,
    /// The sender's.
    pub generator: Identity,
}

/// Signet's name.
pub const EDGE: &str = "smtp.load.example";
/// The next hop's name, and the sender's with proof `microsoft`.
pub const MICROSOFT: &str = "mail.protection.outlook.com";
/// The sender's name with proof `certificate`.
pub const PEER: &str = "mx.load.example";

impl Certificates {
    pub fn make(proof: Proof) -> io::Result<Certificates> {
        let authority = Authority::new("Load test")?;
        let generator = if proof == Proof::Certificate { PEER } else { MICROSOFT };
        Ok(Certificates {
            edge: authority.issue(Request::server(EDGE))?,
            tenant: authority.issue(Request::client("k1.smtp.load.example"))?,
            sink: authority.issue(Request::server(MICROSOFT))?,
            generator: authority.issue(Request::client(generator))?,
            authority,
        })
    }
}

/// What the appliance is set up for.
pub struct Setup<'a> {
    pub program: &'a Path,
    pub proof: Proof,
    pub people: u32,
    /// Sessions that the generator will hold.
    pub connections: usize,
    pub certificates: &'a Certificates,
    /// Where the next hop listens.
    pub sink: SocketAddr,
}

impl Appliance {
    /// Sets everything up by Signet's own commands and waits until it says that it is ready.
    pub fn start(setup: &Setup<'_>) -> io::Result<Appliance> {
        let program = setup
            .program
            .canonicalize()
            .map_err(|error| io::Error::other(format!("{}: {error}; build it first", setup.program.display())))?;
        let folder = tempfile::tempdir()?;
        let (smtp, ops) = (free_port()?, free_port()?);
        setup.write(folder.path(), smtp, ops)?;
        let signet = |arguments: &[&str]| command(&program, folder.path(), arguments);
        signet(&["tenant", "import", "tenant.json"])?;
        if setup.proof.uses_tls() {
            signet(&["tenant", "certificate", TENANT, "--chain", "tenant.pem", "--key", "tenant.key"])?;
        }
        let log = File::create(folder.path().join("signet.log"))?;
        let child = Command::new(&program)
            .args(["run", "--config", "signet.toml"])
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()?;
        let mut appliance = Appliance { child, address: (Ipv4Addr::LOCALHOST, smtp).into(), folder };
        appliance.wait_until_ready((Ipv4Addr::LOCALHOST, ops).into())?;
        Ok(appliance)
    }

    pub fn process(&self) -> Process {
        Process::new(self.child.id())
    }

    /// What it has written to its log.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("signet.log")).unwrap_or_default()
    }

    fn wait_until_ready(&mut self, ops: SocketAddr) -> io::Result<()> {
        let deadline = Instant::now() + READY;
        while !is_ready(ops) {
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
        std::fs::write(folder.join("signet.toml"), self.configuration(smtp, ops))?;
        std::fs::write(folder.join("tenant.json"), serde_json::to_vec(&self.tenant())?)
    }

    fn configuration(&self, smtp: u16, ops: u16) -> String {
        let listener = match self.proof {
            Proof::Network => "proof = \"network\"\nplaintext = true".to_owned(),
            Proof::Certificate | Proof::Microsoft => {
                let proof = if self.proof == Proof::Microsoft { "microsoft" } else { "certificate" };
                format!(
                    "proof = \"{proof}\"\ncertificate = \"edge.pem\"\nkey = \"edge.key\"\nclient_roots = \"roots.pem\""
                )
            }
        };
        // As many idle sessions as there are senders, so that what is measured is mail, not handshakes.
        let idle = self.connections.clamp(2, 100);
        // Room for a message in each session; the default is enough for five hundred.
        let in_flight = (self.connections as u64 + 1) * (1 << 20);
        format!(
            "role = \"all\"\nsite = \"load\"\n[store]\nurl = \"sqlite:signet.db\"\nkey_file = \"signet.key\"\n\
             [smtp]\nhost_name = \"{EDGE}\"\nmax_message_bytes = 157286400\nmax_connections = {}\nbytes_in_flight = {}\n\
             [[listener]]\naddress = \"127.0.0.1:{smtp}\"\n{listener}\n\
             [next_hop]\nroots = \"roots.pem\"\nsuffixes = [\"127.0.0.1\"]\nprivate_addresses = true\n\
             sessions_per_tenant = 1000\nidle_sessions = {idle}\n\
             [ops]\naddress = \"127.0.0.1:{ops}\"\n[log]\nformat = \"text\"\nlevel = \"warn\"\n",
            self.connections + 100,
            in_flight.max(256 << 20)
        )
    }

    fn tenant(&self) -> Value {
        let next_hop = json!({"host": "127.0.0.1", "port": self.sink.port(), "name": MICROSOFT});
        let peer = match self.proof {
            Proof::Microsoft => json!({"proof": "microsoft", "next_hop": next_hop}),
            Proof::Certificate => json!({"proof": "certificate", "name": PEER, "next_hop": next_hop}),
            Proof::Network => json!({"proof": "network", "networks": ["127.0.0.1/32"],
                "next_hop": {"host": "127.0.0.1", "port": self.sink.port(), "plaintext": true}}),
        };
        let people: Vec<Value> = (0..self.people).map(person).collect();
        let text = |line: Value| json!({"type": "text", "lines": [line]});
        json!({
            "signet": 1, "id": TENANT, "name": "Load", "on_failure": "defer", "microsoft_tenant_id": TENANT,
            "domains": [DOMAIN], "peer": peer, "people": people,
            "signatures": [{
                "id": "standard", "name": "Standard", "enabled": true, "place": "reply",
                "design": {"version": 1, "blocks": [
                    text(json!([{"field": "displayName"}])),
                    text(json!([{"field": "jobTitle"}, ", ", {"field": "department"}])),
                    text(json!(["T ", {"field": "telephoneNumber"}])),
                    text(json!([{"field": "streetAddress"}, ", ", {"field": "city"}])),
                ]}
            }]
        })
    }
}

/// One of the senders. The display name is what [`crate::verify`] looks for.
fn person(number: u32) -> Value {
    let number = format!("{number:08}");
    json!({
        "id": format!("p{number}"), "addresses": [address(&number)],
        "attributes": {
            "displayName": display_name(&number), "jobTitle": "Test engineer", "department": "Bench",
            "telephoneNumber": format!("+44 20 {number}"), "streetAddress": "1 Loopback Lane", "city": "Localhost"
        }
    })
}

/// One word, so that no line break falls into it.
pub fn display_name(number: &str) -> String {
    format!("Tester{number}")
}

fn command(program: &Path, folder: &Path, arguments: &[&str]) -> io::Result<()> {
    let output = Command::new(program).args(arguments).current_dir(folder).stdin(Stdio::null()).output()?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    Err(io::Error::other(format!("signet {}: {}: {said}", arguments.join(" "), output.status)))
}

/// Free at this moment; the appliance is the next to ask for it.
fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

fn is_ready(ops: SocketAddr) -> bool {
    let ask = || -> io::Result<bool> {
        let mut stream = TcpStream::connect_timeout(&ops, Duration::from_secs(1))?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer.starts_with("HTTP/1.1 200"))
    };
    ask().unwrap_or_default()
}

const READY: Duration = Duration::from_secs(60);
