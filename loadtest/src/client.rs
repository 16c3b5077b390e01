//! The generator's side of a session: as little work as can be, but every reply is read and every code is looked at.
//!
//! A refusal before the end of a message is an error of the session; the code of the answer to the end is the result.
//! BDAT is one `BDAT n LAST` (RFC 3030), DATA content comes stuffed from its template.

use std::io::{self, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use bytes::{Buf, BytesMut};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpSocket;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::message;
use crate::scenario::Framing;
use crate::template::{Copy, Segment, Template};

/// Where mail goes and how.
#[derive(Clone)]
pub struct Target {
    pub address: SocketAddr,
    pub tls: Tls,
    pub framing: Framing,
}

/// Whether and when a session is encrypted.
#[derive(Clone)]
pub enum Tls {
    Never,
    /// STARTTLS (RFC 3207), with the name to check.
    Asked(Arc<ClientConfig>, &'static str),
    /// From the first octet.
    AtOnce(Arc<ClientConfig>, &'static str),
}

/// One session after its last EHLO.
pub struct Session {
    stream: Box<dyn Stream>,
    input: BytesMut,
    output: Vec<u8>,
}

/// A socket, plain or under TLS.
pub trait Stream: AsyncRead + AsyncWrite + Unpin {}
impl<T: AsyncRead + AsyncWrite + Unpin> Stream for T {}

impl Session {
    /// Connects, from an address of one's own where that matters, and says EHLO.
    pub async fn connect(target: &Target, from: Option<Ipv4Addr>) -> io::Result<Session> {
        let socket = TcpSocket::new_v4()?;
        if let Some(from) = from {
            socket.bind((from, 0).into())?;
        }
        let socket = socket.connect(target.address).await?;
        socket.set_nodelay(true)?;
        let mut session = match &target.tls {
            Tls::Never => Session::over(Box::new(socket)),
            Tls::AtOnce(config, name) => Session::over(Box::new(encrypt(config, name, socket).await?)),
            Tls::Asked(config, name) => {
                let mut plain = Session::over(Box::new(socket));
                plain.expect(2).await?;
                plain.hello().await?;
                plain.command(b"STARTTLS\r\n").await?;
                let mut session = Session::over(Box::new(encrypt(config, name, plain.stream).await?));
                session.hello().await?;
                return Ok(session);
            }
        };
        session.expect(2).await?;
        session.hello().await?;
        Ok(session)
    }

    fn over(stream: Box<dyn Stream>) -> Session {
        Session { stream, input: BytesMut::with_capacity(8 * 1024), output: Vec::new() }
    }

    async fn hello(&mut self) -> io::Result<()> {
        self.command(b"EHLO EUR05-DB8-obe.outbound.protection.outlook.com\r\n").await
    }

    /// Sends one message; the code of the answer to its end. A refusal before that is an error.
    pub async fn send(&mut self, target: &Target, template: &Template, copy: Copy) -> io::Result<u16> {
        self.envelope(template, copy, if target.framing == Framing::Data { "DATA\r\n" } else { "" }).await?;
        if target.framing == Framing::Data {
            self.expect(3).await?;
        } else {
            self.output.extend_from_slice(format!("BDAT {} LAST\r\n", template.octets()).as_bytes());
        }
        self.write_content(template, copy).await?;
        if target.framing == Framing::Data {
            self.output.extend_from_slice(b".\r\n");
        }
        self.write_output().await?;
        self.stream.flush().await?;
        self.reply().await
    }

    /// MAIL, RCPT and what is to follow, in one piece; reads the answers to the first two.
    async fn envelope(&mut self, template: &Template, copy: Copy, more: &str) -> io::Result<()> {
        self.output.clear();
        let from = message::address(copy);
        // A Vec takes everything.
        let _ = write!(
            self.output,
            "MAIL FROM:<{from}> SIZE={} BODY=8BITMIME\r\nRCPT TO:<{RECIPIENT}>\r\n{more}",
            template.octets()
        );
        self.write_output().await?;
        self.stream.flush().await?;
        self.expect(2).await?;
        self.expect(2).await
    }

    /// Everything of a message up to where its content begins, answers read.
    pub async fn begin(&mut self, template: &Template, copy: Copy) -> io::Result<()> {
        self.envelope(template, copy, "DATA\r\n").await?;
        self.expect(3).await
    }

    /// One octet, and no more.
    pub async fn trickle(&mut self, octet: u8) -> io::Result<()> {
        self.stream.write_all(&[octet]).await?;
        self.stream.flush().await
    }

    /// Whether it is still there.
    pub async fn noop(&mut self) -> io::Result<()> {
        self.command(b"NOOP\r\n").await
    }

    pub async fn quit(&mut self) -> io::Result<()> {
        self.command(b"QUIT\r\n").await?;
        self.stream.shutdown().await
    }

    async fn write_content(&mut self, template: &Template, copy: Copy) -> io::Result<()> {
        for segment in template.segments() {
            match segment {
                Segment::Repeat(block, times) if template.is_streamed() => {
                    self.write_output().await?;
                    for _ in 0..*times {
                        self.stream.write_all(block).await?;
                    }
                }
                segment => segment.append(copy, &mut self.output),
            }
        }
        Ok(())
    }

    async fn write_output(&mut self) -> io::Result<()> {
        self.stream.write_all(&self.output).await?;
        self.output.clear();
        Ok(())
    }

    async fn command(&mut self, line: &[u8]) -> io::Result<()> {
        self.stream.write_all(line).await?;
        self.stream.flush().await?;
        self.expect(2).await
    }

    async fn expect(&mut self, class: u16) -> io::Result<()> {
        let code = self.reply().await?;
        if code / 100 == class { Ok(()) } else { Err(io::Error::other(format!("answered by {code}"))) }
    }

    /// Reads one reply to its last line; its code.
    async fn reply(&mut self) -> io::Result<u16> {
        loop {
            while let Some(end) = memchr::memchr(b'\n', &self.input) {
                let code = self.input.get(..3).and_then(|digits| std::str::from_utf8(digits).ok()?.parse().ok());
                let last = self.input.get(3) != Some(&b'-');
                self.input.advance(end + 1);
                let code = code.ok_or_else(|| io::Error::other("not a reply"))?;
                if last {
                    return Ok(code);
                }
            }
            if self.stream.read_buf(&mut self.input).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }
}

async fn encrypt<S: Stream>(config: &Arc<ClientConfig>, name: &'static str, stream: S) -> io::Result<TlsStream<S>> {
    let name = ServerName::try_from(name).map_err(io::Error::other)?;
    TlsConnector::from(config.clone()).connect(name, stream).await
}

/// Whom all mail is for.
const RECIPIENT: &str = "bob@fabrikam.example";
