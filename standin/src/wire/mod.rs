//! The stand-in's own SMTP codec, small and strict: a socket with lines, counted octets and the end of DATA.
//!
//! Written apart from `signet::smtp` on purpose and in the plainest way; whole messages are held in memory, as
//! only a test may do. Lines end with CRLF and nothing else (RFC 5321 section 2.3.8).

mod command;
mod data;
mod reply;

use std::io;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ServerConfig};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::{TlsAcceptor, TlsConnector, TlsStream};

pub use command::{Command, Parameter, parse_path};
pub use data::{DataReader, EndOfData, stuff, unstuff};
pub use reply::Reply;

/// One socket, plain or under TLS, with what was read ahead.
pub struct Wire {
    stream: Stream,
    ahead: BytesMut,
}

enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
    /// Between the two; stays so when a handshake failed.
    Gone,
}

impl Wire {
    pub fn new(stream: TcpStream) -> io::Result<Wire> {
        stream.set_nodelay(true)?;
        Ok(Wire { stream: Stream::Plain(stream), ahead: BytesMut::new() })
    }

    /// Octets read but not yet taken.
    pub fn ahead(&self) -> &[u8] {
        &self.ahead
    }

    /// Reads once; `false` at the end of the stream.
    pub async fn read_more(&mut self) -> io::Result<bool> {
        self.ahead.reserve(64 * 1024);
        let count = match &mut self.stream {
            Stream::Plain(stream) => stream.read_buf(&mut self.ahead).await?,
            Stream::Tls(stream) => stream.read_buf(&mut self.ahead).await?,
            Stream::Gone => 0,
        };
        Ok(count > 0)
    }

    /// The next line without its CRLF; `None` at the end of the stream.
    ///
    /// A bare LF is part of the line. Lines over `limit` octets are an error.
    pub async fn read_line(&mut self, limit: usize) -> io::Result<Option<Bytes>> {
        let mut from = 0;
        loop {
            if let Some(at) = memchr::memmem::find(self.ahead.get(from..).unwrap_or_default(), b"\r\n") {
                let line = self.ahead.split_to(from + at + 2).freeze();
                return Ok(Some(line.slice(..from + at)));
            }
            if self.ahead.len() > limit {
                return Err(io::Error::other("line too long"));
            }
            from = self.ahead.len().saturating_sub(1);
            if !self.read_more().await? {
                return Ok(None);
            }
        }
    }

    /// Takes up to `limit` octets of what is there, reading when there is nothing; empty at the end of the stream.
    pub async fn take(&mut self, limit: u64) -> io::Result<Bytes> {
        if self.ahead.is_empty() && !self.read_more().await? {
            return Ok(Bytes::new());
        }
        let count = usize::try_from(limit).unwrap_or(usize::MAX).min(self.ahead.len());
        Ok(self.ahead.split_to(count).freeze())
    }

    /// Puts octets back in front of what is read next.
    pub fn put_back(&mut self, octets: &[u8]) {
        let rest = std::mem::replace(&mut self.ahead, BytesMut::from(octets));
        self.ahead.extend_from_slice(&rest);
    }

    pub async fn write(&mut self, octets: &[u8]) -> io::Result<()> {
        match &mut self.stream {
            Stream::Plain(stream) => stream.write_all(octets).await,
            Stream::Tls(stream) => {
                stream.write_all(octets).await?;
                stream.flush().await
            }
            Stream::Gone => Err(io::ErrorKind::NotConnected.into()),
        }
    }

    /// The server's side of the handshake.
    pub async fn accept_tls(&mut self, config: Arc<ServerConfig>) -> io::Result<()> {
        let stream = self.plain()?;
        let tls = TlsAcceptor::from(config).accept(stream).await?;
        self.stream = Stream::Tls(Box::new(TlsStream::Server(tls)));
        Ok(())
    }

    /// The client's side of the handshake; `name` is checked and sent as SNI.
    pub async fn connect_tls(&mut self, config: Arc<ClientConfig>, name: &str) -> io::Result<()> {
        let name = ServerName::try_from(name.to_owned()).map_err(io::Error::other)?;
        let stream = self.plain()?;
        let tls = TlsConnector::from(config).connect(name, stream).await?;
        self.stream = Stream::Tls(Box::new(TlsStream::Client(tls)));
        Ok(())
    }

    /// The TLS state, once there is any.
    pub fn tls(&self) -> Option<&TlsStream<TcpStream>> {
        if let Stream::Tls(stream) = &self.stream { Some(stream) } else { None }
    }

    /// Ends our side in order: close_notify where there is TLS, then FIN.
    pub async fn close(&mut self) -> io::Result<()> {
        match &mut self.stream {
            Stream::Plain(stream) => stream.shutdown().await,
            Stream::Tls(stream) => stream.shutdown().await,
            Stream::Gone => Ok(()),
        }
    }

    /// Drops the connection: FIN without close_notify.
    pub fn cut(&mut self) {
        self.stream = Stream::Gone;
    }

    /// Breaks the connection: RST.
    pub fn reset(&mut self) -> io::Result<()> {
        let done = match &self.stream {
            Stream::Plain(stream) => stream.set_zero_linger(),
            Stream::Tls(stream) => stream.get_ref().0.set_zero_linger(),
            Stream::Gone => Ok(()),
        };
        self.stream = Stream::Gone;
        done
    }

    fn plain(&mut self) -> io::Result<TcpStream> {
        match std::mem::replace(&mut self.stream, Stream::Gone) {
            Stream::Plain(stream) => Ok(stream),
            Stream::Tls(_) | Stream::Gone => Err(io::Error::other("no plain connection")),
        }
    }
}
