//! A socket with what was read from it and what is to be written to it, plain or under TLS.
//!
//! Reading never copies: octets land in one buffer from which the state machines split slices. Writing takes slices
//! in order; short neighbours are put together so that they share a record and a system call.

use std::collections::VecDeque;
use std::future::Future;
use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Buf, Bytes, BytesMut};
use rustls::pki_types::{CertificateDer, ServerName};
use socket2::{SockRef, TcpKeepalive};
use tokio::io::{AsyncReadExt, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::{TlsAcceptor, TlsConnector, TlsStream};

/// One side of a mail session.
pub struct Wire {
    stream: Stream,
    /// Read and not yet taken.
    pub input: BytesMut,
    output: VecDeque<Bytes>,
    queued: usize,
    needs_flush: bool,
    ended: bool,
}

/// What the handshake settled.
#[derive(Debug, Clone)]
pub struct TlsFacts {
    /// For example `TLSv1.3, TLS13_AES_256_GCM_SHA384`.
    pub description: String,
    /// The peer's chain, verified; empty when it showed none.
    pub peer: Vec<CertificateDer<'static>>,
}

enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
    /// Between the two, and after a handshake that failed.
    Gone,
}

impl Wire {
    /// Takes over a connected socket: no delay, keep-alive each minute, so that balancers do not forget a session
    /// that waits for a verdict.
    pub fn new(stream: TcpStream) -> Wire {
        let _ = stream.set_nodelay(true);
        let socket = SockRef::from(&stream);
        let _ = socket.set_tcp_keepalive(&TcpKeepalive::new().with_time(KEEP_ALIVE).with_interval(KEEP_ALIVE));
        let _ = socket.set_tcp_user_timeout(Some(UNACKNOWLEDGED));
        Wire {
            stream: Stream::Plain(stream),
            input: BytesMut::new(),
            output: VecDeque::new(),
            queued: 0,
            needs_flush: false,
            ended: false,
        }
    }

    /// Adds octets to be written.
    pub fn queue(&mut self, bytes: Bytes) {
        if !bytes.is_empty() {
            self.queued += bytes.len();
            self.output.push_back(bytes);
        }
    }

    /// Octets that wait to be written.
    pub fn queued(&self) -> usize {
        self.queued
    }

    /// Forgets what waits to be written: the peer is gone.
    pub fn discard_output(&mut self) {
        self.output.clear();
        self.queued = 0;
        self.needs_flush = false;
    }

    /// Everything was handed to the kernel.
    pub fn is_flushed(&self) -> bool {
        self.queued == 0 && !self.needs_flush
    }

    /// The peer has closed its side, or the connection is broken.
    pub fn has_ended(&self) -> bool {
        self.ended
    }

    /// Reads once. `Ready(Ok(0))` is the end.
    pub fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        if self.ended {
            return Poll::Ready(Ok(0));
        }
        if self.input.capacity() - self.input.len() < READ_BYTES / 4 {
            self.input.reserve(READ_BYTES);
        }
        let read = match &mut self.stream {
            Stream::Plain(stream) => ready!(pin!(stream.read_buf(&mut self.input)).poll(cx)),
            Stream::Tls(stream) => ready!(pin!(stream.read_buf(&mut self.input)).poll(cx)),
            Stream::Gone => Ok(0),
        };
        self.ended = !matches!(read, Ok(octets) if octets > 0);
        Poll::Ready(read)
    }

    /// Writes until everything is written. `Ready(Ok(()))` means flushed.
    pub fn poll_write(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.queued > 0 {
            self.join_short_slices();
            let Some(front) = self.output.front_mut() else { break };
            let written = ready!(self.stream.poll_write(cx, front))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            front.advance(written);
            self.queued -= written;
            self.needs_flush = true;
            if front.is_empty() {
                self.output.pop_front();
            }
        }
        if self.needs_flush {
            ready!(self.stream.poll_flush(cx))?;
            self.needs_flush = false;
        }
        Poll::Ready(Ok(()))
    }

    /// The server's half of STARTTLS. Nothing may be left in `input`.
    ///
    /// # Errors
    /// A handshake that fails or does not end in 30 s; the wire is of no use then.
    pub async fn accept_tls(&mut self, config: Arc<rustls::ServerConfig>) -> io::Result<TlsFacts> {
        let stream = self.take_plain()?;
        let stream = tokio::time::timeout(HANDSHAKE, TlsAcceptor::from(config).accept(stream)).await??;
        Ok(self.secured(stream.into()))
    }

    /// The client's half of STARTTLS.
    ///
    /// # Errors
    /// As [`Wire::accept_tls`], a certificate that does not fit `name` included.
    pub async fn connect_tls(
        &mut self,
        config: Arc<rustls::ClientConfig>,
        name: ServerName<'static>,
    ) -> io::Result<TlsFacts> {
        let stream = self.take_plain()?;
        let stream = tokio::time::timeout(HANDSHAKE, TlsConnector::from(config).connect(name, stream)).await??;
        Ok(self.secured(stream.into()))
    }

    /// Says goodbye on the TLS layer and closes our side.
    pub async fn shut_down(&mut self) {
        let closing = async {
            match &mut self.stream {
                Stream::Plain(stream) => tokio::io::AsyncWriteExt::shutdown(stream).await,
                Stream::Tls(stream) => tokio::io::AsyncWriteExt::shutdown(stream).await,
                Stream::Gone => Ok(()),
            }
        };
        // The peer may be gone already: then there is nobody to say goodbye to.
        let _ = tokio::time::timeout(GOODBYE, closing).await;
    }

    fn take_plain(&mut self) -> io::Result<TcpStream> {
        match std::mem::replace(&mut self.stream, Stream::Gone) {
            Stream::Plain(stream) if self.input.is_empty() => Ok(stream),
            _ => Err(io::Error::new(io::ErrorKind::InvalidData, "octets before the handshake")),
        }
    }

    fn secured(&mut self, stream: TlsStream<TcpStream>) -> TlsFacts {
        let session = stream.get_ref().1;
        let version = match session.protocol_version() {
            Some(rustls::ProtocolVersion::TLSv1_3) => "TLSv1.3",
            Some(rustls::ProtocolVersion::TLSv1_2) => "TLSv1.2",
            _ => "TLS",
        };
        let suite = session.negotiated_cipher_suite().and_then(|suite| suite.suite().as_str()).unwrap_or("unknown");
        let peer = session.peer_certificates().unwrap_or_default().iter().map(|one| one.clone().into_owned()).collect();
        let facts = TlsFacts { description: format!("{version}, {suite}"), peer };
        self.stream = Stream::Tls(Box::new(stream));
        facts
    }

    /// Puts short slices at the front of the queue together, up to one TLS record.
    fn join_short_slices(&mut self) {
        let short = |slice: Option<&Bytes>| slice.is_some_and(|slice| slice.len() < SHORT_BYTES);
        if !short(self.output.front()) || !short(self.output.get(1)) {
            return;
        }
        let mut joined = BytesMut::with_capacity(RECORD_BYTES);
        while short(self.output.front()) && joined.len() + SHORT_BYTES <= RECORD_BYTES {
            let Some(slice) = self.output.pop_front() else { break };
            joined.extend_from_slice(&slice);
        }
        self.output.push_front(joined.freeze());
    }
}

impl Stream {
    fn poll_write(&mut self, cx: &mut Context<'_>, octets: &[u8]) -> Poll<io::Result<usize>> {
        match self {
            Stream::Plain(stream) => Pin::new(stream).poll_write(cx, octets),
            Stream::Tls(stream) => Pin::new(stream).poll_write(cx, octets),
            Stream::Gone => Poll::Ready(Err(io::ErrorKind::NotConnected.into())),
        }
    }

    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Stream::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Stream::Tls(stream) => Pin::new(stream).poll_flush(cx),
            Stream::Gone => Poll::Ready(Ok(())),
        }
    }
}

/// Room for one read.
const READ_BYTES: usize = 64 * 1024;
/// Slices below this are joined with their neighbours.
const SHORT_BYTES: usize = 2 * 1024;
/// The longest TLS record's worth of content (RFC 8446 section 5.1).
const RECORD_BYTES: usize = 16 * 1024;
/// Azure's balancer forgets an idle flow after 4 minutes.
const KEEP_ALIVE: Duration = Duration::from_secs(60);
/// Written octets that nobody acknowledges for so long mean a dead peer.
const UNACKNOWLEDGED: Duration = Duration::from_secs(120);
const HANDSHAKE: Duration = Duration::from_secs(30);
const GOODBYE: Duration = Duration::from_secs(1);
