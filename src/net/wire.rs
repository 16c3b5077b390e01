//! A socket with what was read from it and what is to be written to it, plain or under TLS.
//!
//! Reading never copies: octets land in one buffer from which the state machines split slices. Writing takes slices
//! in order, many to a system call; many short neighbours are put together first.

use std::collections::VecDeque;
use std::future::Future;
use std::io::{self, IoSlice};
use std::mem::MaybeUninit;
use std::ops::Range;
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

use super::read_ahead::ReadAhead;

/// One side of a mail session.
pub struct Wire {
    stream: Stream,
    /// Read and not yet taken.
    pub input: BytesMut,
    output: VecDeque<Bytes>,
    queued: usize,
    needs_flush: bool,
    ended: bool,
    /// For the next read; it follows what the last ones brought.
    room: usize,
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
    Tls(Box<TlsStream<ReadAhead>>),
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
            room: READ_BYTES.start,
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

    /// Octets of the peer are there that nobody has taken: here, under TLS, or with the kernel, which is asked anew.
    pub fn has_unread(&self) -> bool {
        !self.input.is_empty() || self.stream.has_unread()
    }

    /// Reads once. `Ready(Ok(0))` is the end.
    pub fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        if self.ended {
            return Poll::Ready(Ok(0));
        }
        if self.stream.poll_readable(cx).is_pending() {
            self.release_room();
            return Poll::Pending;
        }
        if self.input.capacity() - self.input.len() < self.room / 4 {
            self.input.reserve(self.room);
        }
        let room = self.input.capacity() - self.input.len();
        let read = match &mut self.stream {
            Stream::Plain(stream) => pin!(stream.read_buf(&mut self.input)).poll(cx),
            Stream::Tls(stream) => pin!(stream.read_buf(&mut self.input)).poll(cx),
            Stream::Gone => Poll::Ready(Ok(0)),
        };
        let Poll::Ready(read) = read else {
            self.release_room();
            return Poll::Pending;
        };
        match read {
            Ok(octets) if octets == room => self.room = (self.room * 2).min(READ_BYTES.end),
            Ok(octets) if octets < self.room / 4 => self.room = (self.room / 2).max(READ_BYTES.start),
            _ => {}
        }
        self.ended = !matches!(read, Ok(octets) if octets > 0);
        Poll::Ready(read)
    }

    /// A session with nothing to read keeps no memory for it. While slices of the buffer are in use the rest of it stays:
    /// a peer that sends an octet at a time does not get a buffer for each.
    fn release_room(&mut self) {
        if self.input.is_empty() && self.input.try_reclaim(READ_BYTES.start) {
            self.input = BytesMut::new();
        }
    }

    /// Writes until everything is written. `Ready(Ok(()))` means flushed.
    pub fn poll_write(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.queued > 0 {
            self.join_short_slices();
            let mut slices = [IoSlice::new(&[]); SLICES];
            let count =
                self.output.iter().zip(&mut slices).map(|(octets, slice)| *slice = IoSlice::new(octets)).count();
            let slices = slices.get(..count).unwrap_or_default();
            failpoint!("half_written", {
                let two = slices.first().and_then(|first| first.get(..2)).unwrap_or_default();
                ready!(self.stream.poll_write(cx, &[IoSlice::new(two)]))?;
                ready!(self.stream.poll_flush(cx))?;
                std::process::abort()
            });
            let written = ready!(self.stream.poll_write(cx, slices))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.needs_flush = true;
            self.written(written);
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
    /// A handshake that fails or takes longer than `patience`; the wire is of no use then.
    pub async fn accept_tls(&mut self, config: Arc<rustls::ServerConfig>, patience: Duration) -> io::Result<TlsFacts> {
        let stream = ReadAhead::new(self.take_plain()?);
        let stream = tokio::time::timeout(patience, TlsAcceptor::from(config).accept(stream)).await??;
        Ok(self.secured(stream.into()))
    }

    /// The client's half of STARTTLS. The dialler bounds its time.
    ///
    /// # Errors
    /// A handshake that fails, a certificate that does not fit `name` included; the wire is of no use then.
    pub async fn connect_tls(
        &mut self,
        config: Arc<rustls::ClientConfig>,
        name: ServerName<'static>,
    ) -> io::Result<TlsFacts> {
        let stream = ReadAhead::new(self.take_plain()?);
        let stream = TlsConnector::from(config).connect(name, stream).await?;
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

    fn secured(&mut self, stream: TlsStream<ReadAhead>) -> TlsFacts {
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

    /// Forgets octets that were written.
    fn written(&mut self, octets: usize) {
        self.queued = self.queued.saturating_sub(octets);
        let mut left = octets;
        while let Some(front) = self.output.front_mut() {
            if front.len() > left {
                return front.advance(left);
            }
            left -= front.len();
            self.output.pop_front();
        }
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
    /// Whether a read may bring something. Not before that a read needs memory.
    fn poll_readable(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        match self {
            Stream::Plain(stream) => stream.poll_read_ready(cx).map(drop),
            // What was decrypted already, or the end of the session, waits for no octet of the socket.
            Stream::Tls(stream) if !stream.get_ref().1.wants_read() => Poll::Ready(()),
            Stream::Tls(stream) => stream.get_ref().0.poll_read_ready(cx).map(drop),
            Stream::Gone => Poll::Ready(()),
        }
    }

    fn has_unread(&self) -> bool {
        match self {
            Stream::Plain(stream) => waits_in(stream),
            Stream::Tls(stream) => {
                let (socket, session) = stream.get_ref();
                !session.wants_read() || socket.has_unread()
            }
            Stream::Gone => false,
        }
    }

    fn poll_write(&mut self, cx: &mut Context<'_>, slices: &[IoSlice<'_>]) -> Poll<io::Result<usize>> {
        match self {
            Stream::Plain(stream) => Pin::new(stream).poll_write_vectored(cx, slices),
            Stream::Tls(stream) => Pin::new(stream).poll_write_vectored(cx, slices),
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

/// Whether the kernel has octets of this socket. What the runtime knows may be older than they are.
pub(super) fn waits_in(stream: &TcpStream) -> bool {
    SockRef::from(stream).peek(&mut [MaybeUninit::uninit()]).is_ok_and(|octets| octets > 0)
}

/// Room for one read, from a session that says little to one that sends a large mail.
const READ_BYTES: Range<usize> = 16 * 1024..64 * 1024;
/// Slices written in one system call.
const SLICES: usize = 64;
/// Slices below this are joined with their neighbours.
const SHORT_BYTES: usize = 2 * 1024;
/// The longest TLS record's worth of content (RFC 8446 section 5.1).
const RECORD_BYTES: usize = 16 * 1024;
/// Azure's balancer forgets an idle flow after 4 minutes.
const KEEP_ALIVE: Duration = Duration::from_secs(60);
/// Written octets that nobody acknowledges for so long mean a dead peer.
const UNACKNOWLEDGED: Duration = Duration::from_secs(120);
const GOODBYE: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests;
