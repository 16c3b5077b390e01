//! Postfix as a bare proxy: its smtpd takes the mail and hands it to the sink by `smtpd_proxy_filter`. No queue, no
//! signature; under TLS it is encrypted on the way in only, for the filter's side knows no TLS.
//!
//! An instance of its own: configuration, queue and data in a folder that ends with the run, on loopback, on a port
//! that was free. The system's instance is never touched; ours is ended by its process id.

use std::fs;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::appliance::free_port;
use crate::certificates::{Certificates, EDGE};
use crate::process::Tree;
use crate::sink::Addresses;

/// A running instance; ended when dropped.
pub struct Postfix {
    pub address: SocketAddr,
    master: Child,
    folder: TempDir,
}

/// What the proxy needs and no more.
const SERVICES: &str = "pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
";

impl Postfix {
    /// Starts it and waits until it takes connections.
    pub fn start(certificates: &Certificates, sink: Addresses) -> io::Result<Postfix> {
        let user = user()?;
        let folder = tempfile::tempdir()?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()?));
        configure(folder.path(), address, certificates, sink, user)?;
        let etc = folder.path().join("etc");
        let checked = Command::new("postfix").arg("-c").arg(&etc).arg("check").output()?;
        if !checked.status.success() {
            return Err(io::Error::other(String::from_utf8_lossy(&checked.stderr).into_owned()));
        }
        let said = fs::File::create(folder.path().join("master.out"))?;
        let mut command = Command::new("/usr/lib/postfix/sbin/master");
        command.arg("-c").arg(&etc).arg("-d").env("MAIL_CONFIG", &etc).process_group(0);
        let master = command.stdin(Stdio::null()).stdout(said.try_clone()?).stderr(said).spawn()?;
        let mut postfix = Postfix { address, master, folder };
        let deadline = Instant::now() + READY;
        while TcpStream::connect(address).is_err() {
            if postfix.master.try_wait()?.is_some() || Instant::now() > deadline {
                return Err(io::Error::other(format!("it does not start: {}", postfix.log())));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(postfix)
    }

    pub fn tree(&self) -> Tree {
        Tree::new(self.master.id())
    }

    /// The end of what it has written to its log.
    pub fn log(&self) -> String {
        let read = |name: &str| fs::read_to_string(self.folder.path().join(name)).unwrap_or_default();
        let log = read("log") + &read("master.out");
        let lines: Vec<&str> = log.lines().collect();
        lines.get(lines.len().saturating_sub(20)..).unwrap_or_default().join("\n")
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        // The master ends its children when it is asked to end.
        let asked = Command::new("kill").args(["-TERM", &self.master.id().to_string()]).status();
        let deadline = Instant::now() + READY;
        while asked.is_ok() && Instant::now() < deadline && !matches!(self.master.try_wait(), Ok(Some(_))) {
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.master.kill();
        let _ = self.master.wait();
    }
}

fn configure(
    folder: &Path,
    address: SocketAddr,
    certificates: &Certificates,
    sink: Addresses,
    user: u32,
) -> io::Result<()> {
    // Its daemons run as another user and must get at their sockets.
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))?;
    for part in ["etc", "queue", "data"] {
        fs::create_dir_all(folder.join(part))?;
    }
    chown(folder.join("data"), Some(user), None)?;
    certificates.edge.write(&folder.join("etc"), "edge")?;
    let at = |part: &str| folder.join(part).display().to_string();
    let main = format!(
        "compatibility_level = 3.6\nconfig_directory = {}\nqueue_directory = {}\ndata_directory = {}\n\
         maillog_file = {}\nmaillog_file_prefixes = {}\ninet_interfaces = 127.0.0.1\ninet_protocols = ipv4\n\
         myhostname = {EDGE}\nmydestination =\nlocal_recipient_maps =\nalias_maps =\nalias_database =\n\
         smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination\nmynetworks = 127.0.0.0/8\n\
         disable_dns_lookups = yes\nsmtpd_peername_lookup = no\nmessage_size_limit = 160000000\n\
         mailbox_size_limit = 0\ndefault_process_limit = 1000\nsmtpd_client_connection_count_limit = 0\n\
         smtpd_proxy_filter = {}\nsmtpd_tls_security_level = may\nsmtpd_tls_chain_files = {} {}\n",
        at("etc"),
        at("queue"),
        at("data"),
        at("log"),
        folder.display(),
        sink.plain,
        at("etc/edge.key"),
        at("etc/edge.pem"),
    );
    fs::write(folder.join("etc/main.cf"), main)?;
    fs::write(folder.join("etc/master.cf"), format!("{address} inet n - n - - smtpd\n{SERVICES}"))
}

/// The number of Postfix's user; an error says what to do.
fn user() -> io::Result<u32> {
    let missing = || io::Error::other("Postfix is not installed: run tools/setup-load.sh");
    if !Path::new("/usr/lib/postfix/sbin/master").exists() {
        return Err(missing());
    }
    let output = Command::new("id").args(["-u", "postfix"]).output()?;
    String::from_utf8_lossy(&output.stdout).trim().parse().map_err(|_| missing())
}

const READY: Duration = Duration::from_secs(10);
