//! The generator's side of a session: as little work as can be, but every reply is read and every code is looked at.
//!
//! A refusal before the end of a message is an error of the session; the code of the answer to the end is the result.
//! BDAT is one `BDAT n LAST` (RFC 3030), DATA content comes stuffed from its template.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use bytes::{Buf, BytesMut};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::message;
use crate::scenario::Framing;
use crate::template::{Segment, Template};

/// Where mail goes and how.
#[derive(Clone)]
pub struct Target {
    pub address: SocketAddr,
    /// Client configuration and the name to check; `None`: no TLS.
    pub tls: Option<(Arc<ClientConfig>, String)>,
    pub framing: Framing,
    pub recipient: String,
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
    /// Connects, with STARTTLS where the target wants TLS.
    pub async fn connect(target: &Target) -> io::Result<Session> {
        let socket = TcpStream::connect(target.address).await?;
        socket.set_nodelay(true)?;
        let Some((config, name)) = &target.tls else {
            let mut session = Session::over(Box::new(socket));
            session.expect(2).await?;
            session.hello().await?;
            return Ok(session);
        };
        let mut plain = Session::over(Box::new(socket));
        plain.expect(2).await?;
        plain.hello().await?;
        plain.command(b"STARTTLS\r\n").await?;
        let name = ServerName::try_from(name.clone()).map_err(io::Error::other)?;
        let tls = TlsConnector::from(config.clone()).connect(name, plain.stream).await?;
        let mut session = Session::over(Box::new(tls));
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
    pub async fn send(&mut self, target: &Target, template: &Template, id: u64, sender: u32) -> io::Result<u16> {
        let from = message::address(&format!("{sender:08}"));
        let data = if target.framing == Framing::Data { "DATA\r\n" } else { "" };
        self.output.clear();
        let envelope = format!(
            "MAIL FROM:<{from}> SIZE={} BODY=8BITMIME\r\nRCPT TO:<{}>\r\n{data}",
            template.octets(),
            target.recipient
        );
        self.stream.write_all(envelope.as_bytes()).await?;
        self.stream.flush().await?;
        self.expect(2).await?;
        self.expect(2).await?;
        if target.framing == Framing::Data {
            self.expect(3).await?;
        } else {
            self.output.extend_from_slice(format!("BDAT {} LAST\r\n", template.octets()).as_bytes());
        }
        self.write_content(template, id, sender).await?;
        if target.framing == Framing::Data {
            self.output.extend_from_slice(b".\r\n");
        }
        self.write_output().await?;
        self.stream.flush().await?;
        self.reply().await
    }

    pub async fn quit(&mut self) -> io::Result<()> {
        self.command(b"QUIT\r\n").await?;
        self.stream.shutdown().await
    }

    async fn write_content(&mut self, template: &Template, id: u64, sender: u32) -> io::Result<()> {
        for segment in template.segments() {
            match segment {
                Segment::Repeat(block, times) if template.is_streamed() => {
                    self.write_output().await?;
                    for _ in 0..*times {
                        self.stream.write_all(block).await?;
                    }
                }
                segment => segment.append(id, sender, &mut self.output),
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
