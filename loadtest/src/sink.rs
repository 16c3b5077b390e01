//! The sink: takes everything as fast as it comes and keeps nothing but counts, on a thread of its own whose
//! processor time is known. For the checks outside of measurements it can keep whole messages, or the digest of
//! what stands between the first and the last line of the filler.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

use bytes::{Buf, BytesMut};
use memchr::memmem;
use rustls::ServerConfig;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::client::Stream;
use crate::message::{BEGIN, END};
use crate::process;

/// A running sink; it ends with the process.
pub struct Sink {
    pub address: SocketAddr,
    shared: Arc<Shared>,
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

#[derive(Default)]
struct Shared {
    messages: AtomicU64,
    octets: AtomicU64,
    /// Processor time of the thread in nanoseconds, brought up to date when asked for by `ask`.
    cost: AtomicU64,
    look: Mutex<Look>,
    seen: Mutex<Seen>,
    tls: Option<Arc<ServerConfig>>,
    delay: Duration,
}

impl Sink {
    /// Binds and serves from now on.
    pub fn start(address: Option<SocketAddr>, tls: Option<Arc<ServerConfig>>, delay: Duration) -> io::Result<Sink> {
        let shared = Arc::new(Shared { tls, delay, ..Shared::default() });
        let serving = shared.clone();
        let (tell, told) = mpsc::channel();
        std::thread::Builder::new().name("sink".to_owned()).spawn(move || {
            let served = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .and_then(|runtime| tokio::task::LocalSet::new().block_on(&runtime, serve(address, serving, tell)));
            if let Err(error) = served {
                eprintln!("loadtest: the sink has ended: {error}");
            }
        })?;
        let address = told.recv().map_err(|_| io::Error::other("the sink cannot listen"))?;
        Ok(Sink { address, shared })
    }

    /// Messages taken up to now.
    pub fn messages(&self) -> u64 {
        self.shared.messages.load(Ordering::Acquire)
    }

    /// Octets of their content.
    pub fn octets(&self) -> u64 {
        self.shared.octets.load(Ordering::Acquire)
    }

    /// Processor time of the sink's thread up to its last message.
    pub fn cost(&self) -> Duration {
        Duration::from_nanos(self.shared.cost.load(Ordering::Acquire))
    }

    /// Changes what is done with messages that begin from now on.
    pub fn look(&self, look: Look) {
        *self.shared.look.lock().unwrap_or_else(PoisonError::into_inner) = look;
    }

    /// Takes out what was looked at.
    pub fn seen(&self) -> Seen {
        std::mem::take(&mut *self.shared.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

async fn serve(address: Option<SocketAddr>, shared: Arc<Shared>, tell: mpsc::Sender<SocketAddr>) -> io::Result<()> {
    let address = address.unwrap_or(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0));
    let listener = TcpListener::bind(address).await?;
    // Nobody waits for the address any more: nobody to serve either.
    tell.send(listener.local_addr()?).map_err(io::Error::other)?;
    let clock = shared.clone();
    tokio::task::spawn_local(async move {
        loop {
            let time = u64::try_from(process::thread_time().as_nanos()).unwrap_or(u64::MAX);
            clock.cost.store(time, Ordering::Release);
            tokio::time::sleep(CLOCK).await;
        }
    });
    loop {
        let (socket, _) = listener.accept().await?;
        socket.set_nodelay(true)?;
        // A session that breaks is seen by who counts messages.
        tokio::task::spawn_local(session(socket, shared.clone()));
    }
}

async fn session(mut socket: TcpStream, shared: Arc<Shared>) -> io::Result<()> {
    socket.write_all(b"220 sink.example ESMTP\r\n").await?;
    let Some(config) = shared.tls.clone() else {
        return Connection::new(Box::new(socket), shared).converse("").await;
    };
    let mut input = BytesMut::new();
    loop {
        let line = loop {
            if let Some(end) = memchr::memchr(b'\n', &input) {
                break input.split_to(end + 1);
            }
            if socket.read_buf(&mut input).await? == 0 {
                return Ok(());
            }
        };
        match line.get(..4).map(<[u8]>::to_ascii_uppercase).as_deref() {
            Some(b"EHLO") => socket.write_all(offer("250-STARTTLS\r\n").as_bytes()).await?,
            Some(b"STAR") => break,
            Some(b"QUIT") => return socket.write_all(b"221 2.0.0 Bye\r\n").await,
            _ => socket.write_all(b"530 5.7.0 Must issue a STARTTLS command first\r\n").await?,
        }
    }
    socket.write_all(b"220 2.0.0 Ready\r\n").await?;
    let tls = TlsAcceptor::from(config).accept(socket).await?;
    Connection::new(Box::new(tls), shared).converse("").await
}

fn offer(more: &str) -> String {
    format!(
        "250-sink.example\r\n{more}250-PIPELINING\r\n250-SIZE 157286400\r\n250-DSN\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n250-BINARYMIME\r\n250-CHUNKING\r\n250 SMTPUTF8\r\n"
    )
}

/// A session ready for mail.
struct Connection {
    stream: Box<dyn Stream>,
    input: BytesMut,
    output: Vec<u8>,
    shared: Arc<Shared>,
    content: Content,
}

/// The message coming in.
#[derive(Default)]
struct Content {
    octets: u64,
    look: Look,
    kept: Vec<u8>,
    /// Octets that may be the beginning of a mark, and the digest once the first line was seen.
    carried: Vec<u8>,
    digest: Option<Sha256>,
    finished: Option<[u8; 32]>,
}

impl Connection {
    fn new(stream: Box<dyn Stream>, shared: Arc<Shared>) -> Connection {
        let input = BytesMut::with_capacity(READ);
        Connection { stream, input, output: Vec::new(), shared, content: Content::default() }
    }

    async fn converse(mut self, more: &str) -> io::Result<()> {
        loop {
            while let Some(end) = memchr::memchr(b'\n', &self.input) {
                let line = self.input.split_to(end + 1);
                match line.get(..4).map(<[u8]>::to_ascii_uppercase).as_deref() {
                    Some(b"MAIL") => {
                        self.content = Content::default();
                        self.content.look = *self.shared.look.lock().unwrap_or_else(PoisonError::into_inner);
                        self.output.extend_from_slice(b"250 2.1.0 Sender OK\r\n");
                    }
                    Some(b"RCPT") => self.output.extend_from_slice(b"250 2.1.5 Recipient OK\r\n"),
                    Some(b"DATA") => {
                        self.output.extend_from_slice(b"354 Go ahead\r\n");
                        self.write().await?;
                        self.data().await?;
                    }
                    Some(b"BDAT") => self.chunk(&line).await?,
                    Some(b"EHLO" | b"HELO") => self.output.extend_from_slice(offer(more).as_bytes()),
                    Some(b"QUIT") => {
                        self.output.extend_from_slice(b"221 2.0.0 Bye\r\n");
                        self.write().await?;
                        return self.stream.shutdown().await;
                    }
                    _ => self.output.extend_from_slice(b"250 2.0.0 OK\r\n"),
                }
            }
            self.write().await?;
            if !self.read().await? {
                return Ok(());
            }
        }
    }

    async fn read(&mut self) -> io::Result<bool> {
        self.input.reserve(READ);
        Ok(self.stream.read_buf(&mut self.input).await? > 0)
    }

    async fn write(&mut self) -> io::Result<()> {
        if !self.output.is_empty() {
            self.stream.write_all(&self.output).await?;
            self.stream.flush().await?;
            self.output.clear();
        }
        Ok(())
    }

    /// Content up to CRLF.CRLF; dots are left doubled, which neither counts nor marks mind.
    async fn data(&mut self) -> io::Result<()> {
        let mut first = true;
        loop {
            if first && self.input.starts_with(b".\r\n") {
                self.input.advance(3);
                return self.finish().await;
            }
            if let Some(end) = memmem::find(&self.input, b"\r\n.\r\n") {
                let last = self.input.split_to(end + 2);
                self.input.advance(3);
                self.content.take(&last);
                return self.finish().await;
            }
            // The last four octets may begin the end.
            let ready = self.input.len().saturating_sub(4);
            first &= ready == 0;
            let piece = self.input.split_to(ready);
            self.content.take(&piece);
            if !self.read().await? {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }

    async fn chunk(&mut self, line: &[u8]) -> io::Result<()> {
        let words = String::from_utf8_lossy(line).to_ascii_uppercase();
        let mut words = words.split_whitespace().skip(1);
        let octets: Option<u64> = words.next().and_then(|word| word.parse().ok());
        let mut left = octets.ok_or_else(|| io::Error::other("a BDAT without a count"))?;
        while left > 0 {
            if self.input.is_empty() && !self.read().await? {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let here = usize::try_from(left).unwrap_or(usize::MAX).min(self.input.len());
            let piece = self.input.split_to(here);
            self.content.take(&piece);
            left -= here as u64;
        }
        if words.next() == Some("LAST") {
            return self.finish().await;
        }
        self.output.extend_from_slice(b"250 2.0.0 OK\r\n");
        Ok(())
    }

    async fn finish(&mut self) -> io::Result<()> {
        let content = std::mem::take(&mut self.content);
        self.shared.octets.fetch_add(content.octets, Ordering::Release);
        if content.look != Look::Count {
            let mut seen = self.shared.seen.lock().unwrap_or_else(PoisonError::into_inner);
            seen.digests.extend(content.finished);
            if content.look == Look::Keep {
                seen.messages.push(content.kept);
            }
        }
        self.shared.messages.fetch_add(1, Ordering::Release);
        if !self.shared.delay.is_zero() {
            tokio::time::sleep(self.shared.delay).await;
        }
        self.output.extend_from_slice(b"250 2.6.0 <x@sink.example> Queued mail for delivery\r\n");
        Ok(())
    }
}

impl Content {
    fn take(&mut self, piece: &[u8]) {
        self.octets += piece.len() as u64;
        match self.look {
            Look::Count => {}
            Look::Keep => {
                self.kept.extend_from_slice(piece);
                self.digest(piece);
            }
            Look::Digest => self.digest(piece),
        }
    }

    fn digest(&mut self, piece: &[u8]) {
        if self.finished.is_some() {
            return;
        }
        self.carried.extend_from_slice(piece);
        if self.digest.is_none() {
            match memmem::find(&self.carried, BEGIN) {
                Some(at) => {
                    self.carried.drain(..at);
                    self.digest = Some(Sha256::new());
                }
                None => {
                    self.carried.drain(..self.carried.len().saturating_sub(BEGIN.len()));
                }
            }
        }
        let Some(digest) = &mut self.digest else { return };
        let found = memmem::find(&self.carried, END).map(|at| at + END.len());
        // Without the last mark, what may be its beginning is kept for the next piece.
        let ready = found.unwrap_or(self.carried.len().saturating_sub(END.len()));
        digest.update(self.carried.get(..ready).unwrap_or_default());
        self.carried.drain(..ready);
        if found.is_some() {
            self.finished = self.digest.take().map(|digest| digest.finalize().into());
        }
    }
}

const READ: usize = 256 * 1024;
/// How often the thread's processor time is noted; a reader waits two of these.
pub const CLOCK: Duration = Duration::from_millis(5);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_that_of_the_filler_at_every_split() {
        let filler = [BEGIN, b"abc\r\nxyz", END].concat();
        let message = [b"before".as_slice(), &filler, b"after"].concat();
        let expected: [u8; 32] = Sha256::digest(&filler).into();
        for split in 0..=message.len() {
            let (first, second) = message.split_at(split);
            let mut content = Content { look: Look::Digest, ..Content::default() };
            content.take(first);
            content.take(second);
            assert_eq!(content.finished, Some(expected), "{split}");
        }
    }
}
