//! `signet health`: asks `/readyz` of the edge that runs with the same configuration, for container health checks.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::path::Path;
use std::time::Duration;

use signet::config::Ops;

use super::{Failure, tell};

const PATIENCE: Duration = Duration::from_secs(5);

/// An answer longer than this is not ours.
const ANSWER_BYTES: u64 = 64 * 1024;

pub(super) fn perform(file: &Path, output: &mut impl Write) -> Result<(), Failure> {
    let ops = Ops::load(file).map_err(|problems| Failure::configuration(file, &problems))?;
    let (status, state) = ask(ops.address, "/readyz")?;
    let state = state.trim();
    match status.starts_with("HTTP/1.1 200 ") {
        true => tell(output, &format!("{state}\n")),
        false => Err(Failure::new(if state.is_empty() { "no answer" } else { state })),
    }
}

/// The head and the body of a page of the running edge.
pub(super) fn ask(address: SocketAddr, path: &str) -> Result<(String, String), Failure> {
    let address = reachable(address);
    let answer = fetch(address, path).map_err(|error| Failure::new(format!("{address}: {error}")))?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    Ok((head.to_owned(), body.to_owned()))
}

fn fetch(address: SocketAddr, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.take(ANSWER_BYTES).read_to_string(&mut answer)?;
    Ok(answer)
}

/// A listener on all addresses is asked on loopback.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    address
}
