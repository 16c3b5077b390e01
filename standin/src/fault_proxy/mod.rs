//! A TCP proxy that does harm on demand, between the sender and the appliance or between it and the next hop.
//!
//! A [`Fault`] names a way, a point in the octets of that way, and what happens there. Points are counted or found in
//! the octets alone, however they are cut into reads, so that a fault strikes at the same octet each time; TLS passes
//! through as any octets do. What struck is on record ([`FaultProxy::struck`]), with its time. The target can be
//! changed while it runs: an appliance that comes back on another port stays reachable at the same address.

mod fault;
mod lane;

#[cfg(test)]
mod tests;

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinSet};

pub use fault::{Act, Fault, Point, Way};

use lane::{Broken, Lane};

/// A running proxy; dropping it cuts every connection.
pub struct FaultProxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    task: Mutex<AbortHandle>,
}

/// A port whose SYNs are dropped; see [`FaultProxy::black_hole`].
pub struct BlackHole {
    _listener: TcpListener,
    _waiting: Vec<TcpStream>,
}

/// One fault that happened.
#[derive(Debug, Clone)]
pub struct Struck {
    /// From 1, in the order the connections came.
    pub connection: usize,
    pub way: Way,
    /// Octets of this way that had been handed on.
    pub forwarded: u64,
    pub act: Act,
    pub at: Instant,
}

/// What the connections share.
pub(super) struct Shared {
    faults: Mutex<Vec<(usize, Fault)>>,
    target: Mutex<SocketAddr>,
    struck: watch::Sender<Vec<Struck>>,
    connections: watch::Sender<usize>,
}

impl FaultProxy {
    /// Listens on a free port of 127.0.0.1 and forwards to `target`, as tasks of the current runtime.
    pub async fn start(target: SocketAddr) -> io::Result<FaultProxy> {
        FaultProxy::start_at(SocketAddr::from(([127, 0, 0, 1], 0)), target).await
    }

    /// The same at an address of the caller's choice.
    pub async fn start_at(address: SocketAddr, target: SocketAddr) -> io::Result<FaultProxy> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            faults: Mutex::default(),
            target: Mutex::new(target),
            struck: watch::Sender::default(),
            connections: watch::Sender::new(0),
        });
        let task = Mutex::new(tokio::spawn(serve(listener, shared.clone())).abort_handle());
        Ok(FaultProxy { address, shared, task })
    }

    /// Cuts every connection and closes the port: newcomers are refused by the kernel.
    pub async fn close(&self) -> io::Result<()> {
        let closed = async {
            lock(&self.task).abort();
            // The task lets go of the port at its next turn.
            while TcpStream::connect(self.address).await.is_ok() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, closed).await.map_err(io::Error::from)
    }

    /// Behind [`FaultProxy::close`]: listens again at the same address.
    pub async fn open(&self) -> io::Result<()> {
        let listener = TcpListener::bind(self.address).await?;
        *lock(&self.task) = tokio::spawn(serve(listener, self.shared.clone())).abort_handle();
        Ok(())
    }

    /// Behind [`FaultProxy::close`]: a port that answers nothing, as behind a firewall that drops, for as long as the
    /// value lives. Its queue is full, so the kernel drops every SYN.
    pub async fn black_hole(&self) -> io::Result<BlackHole> {
        let socket = TcpSocket::new_v4()?;
        socket.set_reuseaddr(true)?;
        socket.bind(self.address)?;
        let listener = socket.listen(1)?;
        let mut waiting = Vec::new();
        // The queue takes one more than was asked for; after that nothing answers.
        while let Ok(stream) = tokio::time::timeout(UNANSWERED, TcpStream::connect(self.address)).await {
            waiting.push(stream?);
        }
        Ok(BlackHole { _listener: listener, _waiting: waiting })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Connections from now on go there.
    pub fn forward_to(&self, target: SocketAddr) {
        *lock(&self.shared.target) = target;
    }

    /// Adds a fault behind those given before; of several at the same octet the first given strikes first.
    pub fn fault(&self, fault: Fault) {
        let mut faults = lock(&self.shared.faults);
        let id = faults.last().map_or(0, |(id, _)| id + 1);
        faults.push((id, fault));
    }

    /// Takes all faults away. What they did to connections that live stays done.
    pub fn behave(&self) {
        lock(&self.shared.faults).iter_mut().for_each(|(_, fault)| fault.times = 0);
    }

    /// Everything that struck up to now.
    pub fn struck(&self) -> Vec<Struck> {
        self.shared.struck.borrow().clone()
    }

    /// Waits until so many faults have struck; `false` after the deadline.
    pub async fn wait_for(&self, count: usize, deadline: Duration) -> bool {
        let mut struck = self.shared.struck.subscribe();
        let wait = struck.wait_for(|struck| struck.len() >= count);
        tokio::time::timeout(deadline, wait).await.is_ok_and(|done| done.is_ok())
    }

    /// Connections taken up to now.
    pub fn connections(&self) -> usize {
        *self.shared.connections.borrow()
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        lock(&self.task).abort();
    }
}

impl Shared {
    fn faults(&self) -> MutexGuard<'_, Vec<(usize, Fault)>> {
        lock(&self.faults)
    }

    fn note(&self, struck: Struck) {
        self.struck.send_modify(|all| all.push(struck));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    // The set is dropped, and every connection with it, when this task is aborted.
    let mut carried = JoinSet::new();
    loop {
        while carried.try_join_next().is_some() {}
        let Ok((client, _)) = listener.accept().await else { continue };
        let mut number = 0;
        shared.connections.send_modify(|count| {
            *count += 1;
            number = *count;
        });
        carried.spawn(carry(client, number, shared.clone()));
    }
}

/// Carries one connection until both its ways are over or a fault breaks it.
async fn carry(mut client: TcpStream, number: usize, shared: Arc<Shared>) {
    let target = *lock(&shared.target);
    let Ok(mut server) = TcpStream::connect(target).await else {
        // As if the port itself had refused.
        let _ = client.set_zero_linger();
        return;
    };
    // Without it an octet alone would wait for its acknowledgement. A socket that is gone already fails at once.
    let _ = client.set_nodelay(true);
    let _ = server.set_nodelay(true);
    let broken = {
        let (from_client, to_client) = client.split();
        let (from_server, to_server) = server.split();
        let up = Lane::new(Way::ToServer, number, &shared).run(from_client, to_server);
        let down = Lane::new(Way::ToClient, number, &shared).run(from_server, to_client);
        tokio::try_join!(up, down).err()
    };
    if broken == Some(Broken::Reset) {
        // A socket that is gone needs no RST.
        let _ = client.set_zero_linger();
        let _ = server.set_zero_linger();
    }
}

/// Closing a port of one's own takes no longer.
const PATIENCE: Duration = Duration::from_secs(10);
/// A connection on loopback that is not made by then hangs: its SYN was dropped.
const UNANSWERED: Duration = Duration::from_millis(300);
