//! Listening sockets that several cores share.
//!
//! Each core has a listener of its own on the same address (SO_REUSEPORT) and the kernel spreads connections over
//! them.

use std::io;
use std::net::{SocketAddr, TcpListener};

use socket2::{Domain, Protocol, Socket, Type};

/// Connections the kernel keeps for us before they are accepted.
const BACKLOG: i32 = 1024;

/// Binds `address` so that further calls may bind the same one. Port 0 picks a free port at the first call; give the
/// address of the first listener to the next.
///
/// # Errors
/// What the operating system says, an address in use by somebody else above all.
pub fn bind_shared(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    if address.is_ipv6() {
        socket.set_only_v6(true)?;
    }
    socket.set_reuse_address(true)?;
    socket.set_reuse_port(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}
