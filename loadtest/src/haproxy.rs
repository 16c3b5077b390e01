//! HAProxy in TCP mode with TLS on both ends: it decrypts, encrypts and moves octets, and knows nothing of SMTP, so
//! its TLS begins with the first octet where Signet's begins with STARTTLS. Sessions are kept, so that the handshakes
//! do not count and the comparison is fair.
//!
//! An instance of its own in a folder that ends with the run; ended by its process id.

use std::fs;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::appliance::free_port;
use crate::certificates::{Certificates, MICROSOFT};
use crate::process::Tree;
use crate::sink::Addresses;

/// A running instance; ended when dropped.
pub struct Haproxy {
    pub address: SocketAddr,
    child: Child,
    folder: TempDir,
}

impl Haproxy {
    /// Starts it and waits until it takes connections.
    pub fn start(certificates: &Certificates, sink: Addresses) -> io::Result<Haproxy> {
        let folder = tempfile::tempdir()?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()?));
        let files = certificates.edge.write(folder.path(), "edge")?;
        let both = fs::read_to_string(&files.chain)? + &fs::read_to_string(&files.key)?;
        fs::write(folder.path().join("both.pem"), both)?;
        certificates.authority.write_root(folder.path(), "roots")?;
        let at = |name: &str| folder.path().join(name).display().to_string();
        fs::write(at("haproxy.cfg"), configuration(address, sink, &at("both.pem"), &at("roots.pem")))?;
        let said = fs::File::create(at("haproxy.out"))?;
        let missing = |error| io::Error::other(format!("haproxy: {error}; run tools/setup-load.sh"));
        let child = Command::new("haproxy")
            .args(["-db", "-f", &at("haproxy.cfg")])
            .stdin(Stdio::null())
            .stdout(said.try_clone()?)
            .stderr(said)
            .spawn()
            .map_err(missing)?;
        let mut haproxy = Haproxy { address, child, folder };
        let deadline = Instant::now() + READY;
        while TcpStream::connect(address).is_err() {
            if haproxy.child.try_wait()?.is_some() || Instant::now() > deadline {
                return Err(io::Error::other(format!("it does not start: {}", haproxy.log())));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(haproxy)
    }

    pub fn tree(&self) -> Tree {
        Tree::new(self.child.id())
    }

    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("haproxy.out")).unwrap_or_default()
    }
}

impl Drop for Haproxy {
    fn drop(&mut self) {
        // It may have ended by itself; there is nothing left to do then.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The suite is the one that Signet speaks; both ends are checked as far as Signet's are.
fn configuration(address: SocketAddr, sink: Addresses, certificate: &str, roots: &str) -> String {
    format!(
        "global\n    maxconn 4000\n    ssl-default-bind-ciphersuites {SUITE}\n    ssl-default-server-ciphersuites {SUITE}\n\
         defaults\n    mode tcp\n    timeout connect 10s\n    timeout client 300s\n    timeout server 300s\n\
         listen mail\n    bind {address} ssl crt {certificate}\n    \
         server sink {} ssl verify required ca-file {roots} verifyhost {MICROSOFT} sni str({MICROSOFT})\n",
        sink.implicit
    )
}

const SUITE: &str = "TLS_AES_256_GCM_SHA384";
const READY: Duration = Duration::from_secs(10);
