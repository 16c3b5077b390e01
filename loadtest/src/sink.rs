//! The sink: takes everything as fast as it comes and keeps nothing but counts and the numbers of the messages, on a
//! thread of its own whose processor time is known. It listens three times: in plain, with STARTTLS, and with TLS
//! from the first octet. For the checks outside of measurements it can keep whole messages, or the digest of what
//! stands between the first and the last line of the filler.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::Duration;

use bytes::BytesMut;
use rustls::ServerConfig;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::intake::{Connection, offer};
use crate::process;

/// A running sink; it ends with the process.
pub struct Sink {
    pub addresses: Addresses,
    shared: Arc<Shared>,
}

/// Where it listens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Addresses {
    pub plain: SocketAddr,
    /// Demands STARTTLS; nobody is served here when the sink has no certificate.
    pub starttls: SocketAddr,
    /// TLS from the first octet.
    pub implicit: SocketAddr,
}

/// What is done with content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Look {
    #[default]
    Count,
    /// Keep whole messages, and the digest of their filler.
    Keep,
    /// SHA-256 of the filler.
    Digest,
}

/// What was looked at.
#[derive(Debug, Default)]
pub struct Seen {
    pub messages: Vec<Vec<u8>>,
    pub digests: Vec<[u8; 32]>,
}

/// What the sessions have in common.
#[derive(Default)]
pub(crate) struct Shared {
    messages: AtomicU64,
    octets: AtomicU64,
    /// Processor time of the thread in nanoseconds.
    cost: AtomicU64,
    delay_nanoseconds: AtomicU64,
    pause_nanoseconds: AtomicU64,
    taken: Mutex<Taken>,
    tls: Option<Arc<ServerConfig>>,
}

#[derive(Default)]
struct Taken {
    look: Look,
    seen: Seen,
    ids: Vec<u64>,
}

impl Sink {
    /// Binds and serves from now on.
    pub fn start(tls: Option<Arc<ServerConfig>>) -> io::Result<Sink> {
        let shared = Arc::new(Shared { tls, ..Shared::default() });
        let serving = shared.clone();
        let (tell, told) = mpsc::channel();
        std::thread::Builder::new().name("sink".to_owned()).spawn(move || {
            let served = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .and_then(|runtime| tokio::task::LocalSet::new().block_on(&runtime, serve(serving, tell)));
            if let Err(error) = served {
                eprintln!("loadtest: the sink has ended: {error}");
            }
        })?;
        let addresses = told.recv().map_err(|_| io::Error::other("the sink cannot listen"))?;
        Ok(Sink { addresses, shared })
    }

    /// Messages taken up to now.
    pub fn messages(&self) -> u64 {
        self.shared.messages.load(Ordering::Acquire)
    }

    /// Octets of their content.
    pub fn octets(&self) -> u64 {
        self.shared.octets.load(Ordering::Acquire)
    }

    /// Processor time of the sink's thread, a few milliseconds old at most while it works.
    pub fn cost(&self) -> Duration {
        Duration::from_nanos(self.shared.cost.load(Ordering::Acquire))
    }

    /// Changes what is done with messages that begin from now on.
    pub fn look(&self, look: Look) {
        self.shared.taken().look = look;
    }

    /// Takes out what was looked at.
    pub fn seen(&self) -> Seen {
        std::mem::take(&mut self.shared.taken().seen)
    }

    /// Takes out the numbers of the messages that came since the last time, in order; one that has none is 0.
    pub fn ids(&self) -> Vec<u64> {
        let mut ids = std::mem::take(&mut self.shared.taken().ids);
        ids.sort_unstable();
        ids
    }

    /// From now on the end of a message is answered so much later.
    pub fn delay(&self, delay: Duration) {
        self.shared.delay_nanoseconds.store(nanoseconds(delay), Ordering::Release);
    }

    /// From now on nothing is read for so long once 64 KiB of a message have come.
    pub fn pause(&self, pause: Duration) {
        self.shared.pause_nanoseconds.store(nanoseconds(pause), Ordering::Release);
    }
}

impl Shared {
    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn wanted(&self) -> Look {
        self.taken().look
    }

    pub(crate) fn delay(&self) -> Duration {
        Duration::from_nanos(self.delay_nanoseconds.load(Ordering::Acquire))
    }

    pub(crate) fn pause(&self) -> Duration {
        Duration::from_nanos(self.pause_nanoseconds.load(Ordering::Acquire))
    }

    /// One more message.
    pub(crate) fn take(&self, id: u64, octets: u64, message: Option<Vec<u8>>, digest: Option<[u8; 32]>) {
        let mut taken = self.taken();
        taken.ids.push(id);
        taken.seen.messages.extend(message);
        taken.seen.digests.extend(digest);
        self.octets.fetch_add(octets, Ordering::Release);
        self.messages.fetch_add(1, Ordering::Release);
    }
}

/// How a listener begins.
#[derive(Clone, Copy)]
enum Way {
    Plain,
    StartTls,
    Implicit,
}

async fn serve(shared: Arc<Shared>, tell: mpsc::Sender<Addresses>) -> io::Result<()> {
    let (plain, starttls, implicit) = (listen()?, listen()?, listen()?);
    let addresses =
        Addresses { plain: plain.local_addr()?, starttls: starttls.local_addr()?, implicit: implicit.local_addr()? };
    // Nobody waits for the addresses any more: nobody to serve either.
    tell.send(addresses).map_err(io::Error::other)?;
    for (listener, way) in [(starttls, Way::StartTls), (implicit, Way::Implicit)] {
        tokio::task::spawn_local(accept(listener, way, shared.clone()));
    }
    let clock = shared.clone();
    tokio::task::spawn_local(async move {
        loop {
            clock.cost.store(nanoseconds(process::thread_time()), Ordering::Release);
            tokio::time::sleep(CLOCK).await;
        }
    });
    accept(plain, Way::Plain, shared).await
}

/// With room for thousands who come at once.
fn listen() -> io::Result<TcpListener> {
    let socket = TcpSocket::new_v4()?;
    socket.bind((Ipv4Addr::LOCALHOST, 0).into())?;
    socket.listen(1 << 14)
}

async fn accept(listener: TcpListener, way: Way, shared: Arc<Shared>) -> io::Result<()> {
    loop {
        match listener.accept().await {
            // A session that breaks is seen by who counts messages.
            Ok((socket, _)) => drop(tokio::task::spawn_local(session(socket, way, shared.clone()))),
            // Too many open files, most likely: room comes when a session ends.
            Err(_) => tokio::time::sleep(CLOCK).await,
        }
    }
}

async fn session(mut socket: TcpStream, way: Way, shared: Arc<Shared>) -> io::Result<()> {
    socket.set_nodelay(true)?;
    let no_certificate = || io::Error::other("no certificate");
    match way {
        Way::Plain => {
            socket.write_all(GREETING).await?;
            Connection::new(Box::new(socket), shared).converse().await
        }
        Way::Implicit => {
            let config = shared.tls.clone().ok_or_else(no_certificate)?;
            let mut tls = TlsAcceptor::from(config).accept(socket).await?;
            tls.write_all(GREETING).await?;
            tls.flush().await?;
            Connection::new(Box::new(tls), shared).converse().await
        }
        Way::StartTls => {
            let config = shared.tls.clone().ok_or_else(no_certificate)?;
            socket.write_all(GREETING).await?;
            if !until_starttls(&mut socket).await? {
                return Ok(());
            }
            let tls = TlsAcceptor::from(config).accept(socket).await?;
            Connection::new(Box::new(tls), shared).converse().await
        }
    }
}

/// Answers until STARTTLS is granted; whether it was.
async fn until_starttls(socket: &mut TcpStream) -> io::Result<bool> {
    let mut input = BytesMut::new();
    loop {
        let line = loop {
            if let Some(end) = memchr::memchr(b'\n', &input) {
                break input.split_to(end + 1);
            }
            if socket.read_buf(&mut input).await? == 0 {
                return Ok(false);
            }
        };
        match line.get(..4).map(<[u8]>::to_ascii_uppercase).as_deref() {
            Some(b"EHLO") => socket.write_all(offer("250-STARTTLS\r\n").as_bytes()).await?,
            Some(b"STAR") => {
                socket.write_all(b"220 2.0.0 Ready\r\n").await?;
                return Ok(true);
            }
            Some(b"QUIT") => {
                socket.write_all(b"221 2.0.0 Bye\r\n").await?;
                return Ok(false);
            }
            _ => socket.write_all(b"530 5.7.0 Must issue a STARTTLS command first\r\n").await?,
        }
    }
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

const GREETING: &[u8] = b"220 sink.example ESMTP\r\n";
/// How often the thread's processor time is noted; a reader waits two of these.
pub const CLOCK: Duration = Duration::from_millis(5);
