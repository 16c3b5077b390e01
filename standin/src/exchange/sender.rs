//! Exchange Online as the sender: it connects to the smart host of a Send connector, checks its certificate against
//! the connector's `TlsDomain`, shows its own, and hands messages over. What was answered is reported reply by
//! reply; what is temporary is tried again on a schedule like the real one, as fast as the test wants.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;

use super::delivery::Delivery;
use super::outgoing::{Cut, Framing, Outgoing};
use crate::certificates::Identity;
use crate::tls;
use crate::wire::{Reply, Wire, stuff};

/// How the sender presents itself and what it checks.
#[derive(Clone)]
pub struct SenderConfig {
    pub hello_name: String,
    pub tls: SenderTls,
    /// Envelope and DATA, or BDAT and its chunks, in one go where PIPELINING is offered.
    pub pipelining: bool,
    /// For each reply.
    pub deadline: Duration,
}

/// Whether TLS is used.
#[derive(Clone)]
pub enum SenderTls {
    /// STARTTLS or no mail; the server's certificate must be for this name.
    Domain(String, Arc<ClientConfig>),
    /// Never.
    Off,
}

impl SenderConfig {
    /// As a Send connector with `TlsSettings DomainValidation`. `identity` is the certificate of
    /// `mail.protection.outlook.com`, `None` for none.
    pub fn exchange_online(
        tls_domain: &str,
        roots: Arc<RootCertStore>,
        identity: Option<&Identity>,
    ) -> io::Result<SenderConfig> {
        Ok(SenderConfig {
            hello_name: "EUR05-DB8-obe.outbound.protection.outlook.com".to_owned(),
            tls: SenderTls::Domain(tls_domain.to_owned(), tls::client_config(roots, identity)?),
            pipelining: true,
            deadline: Duration::from_secs(30),
        })
    }

    /// A mail server on loopback without TLS.
    pub fn plain() -> SenderConfig {
        SenderConfig {
            hello_name: "mx.example".to_owned(),
            tls: SenderTls::Off,
            pipelining: true,
            deadline: Duration::from_secs(30),
        }
    }
}

/// One session, ready for mail.
pub struct Sender {
    wire: Wire,
    pub(super) config: SenderConfig,
    offer: Vec<String>,
    /// When the last octet of the running message was about to be written.
    written: Option<Instant>,
}

impl Sender {
    /// Connects up to the second EHLO. Any answer but a success is an error that names it.
    pub async fn connect(address: SocketAddr, config: &SenderConfig) -> io::Result<Sender> {
        let stream = tokio::time::timeout(config.deadline, TcpStream::connect(address)).await??;
        Sender::over(stream, config).await
    }

    /// The same over a connection that is there already, for example from an address of the test's choice.
    pub async fn over(stream: TcpStream, config: &SenderConfig) -> io::Result<Sender> {
        let mut sender = Sender { wire: Wire::new(stream)?, config: config.clone(), offer: Vec::new(), written: None };
        expect(sender.reply().await?)?;
        sender.hello().await?;
        if let SenderTls::Domain(name, client) = &config.tls {
            if !sender.offers("STARTTLS") {
                return Err(io::Error::other("STARTTLS is not offered"));
            }
            expect(sender.command("STARTTLS").await?)?;
            if !sender.wire.ahead().is_empty() {
                return Err(io::Error::other("octets before the handshake"));
            }
            tokio::time::timeout(config.deadline, sender.wire.connect_tls(client.clone(), name)).await??;
            sender.hello().await?;
        }
        Ok(sender)
    }

    /// Keywords of the last EHLO, with their values.
    pub fn offer(&self) -> &[String] {
        &self.offer
    }

    pub fn offers(&self, keyword: &str) -> bool {
        self.offer.iter().any(|line| line.split(' ').next().is_some_and(|word| word.eq_ignore_ascii_case(keyword)))
    }

    /// Writes one command line and reads its reply.
    pub async fn command(&mut self, line: &str) -> io::Result<Reply> {
        self.wire.write(format!("{line}\r\n").as_bytes()).await?;
        self.reply().await
    }

    /// Reads one reply; none within the deadline is an error.
    pub async fn reply(&mut self) -> io::Result<Reply> {
        tokio::time::timeout(self.config.deadline, Reply::read(&mut self.wire)).await?
    }

    /// The socket itself, for octets that no sender would write.
    pub fn wire(&mut self) -> &mut Wire {
        &mut self.wire
    }

    /// Hands one message over. A session that breaks off is in [`Delivery::lost`]; after a refused envelope the
    /// transaction is reset, so that the next message may follow in the same session.
    pub async fn send(&mut self, message: &Outgoing) -> Delivery {
        let mut delivery = Delivery::default();
        self.written = None;
        if let Err(error) = self.transact(message, &mut delivery).await {
            // Often the last word is there, and the error only says that nobody listens any more.
            if delivery.end.is_none() && message.cut.is_none() {
                let word = tokio::time::timeout(LAST_WORD, Reply::read(&mut self.wire)).await;
                delivery.end = word.ok().and_then(Result::ok).filter(|reply| !reply.is_success());
            }
            delivery.lost = Some(error.to_string());
            self.wire.cut();
        }
        delivery.written = self.written;
        delivery
    }

    /// QUIT and the end of the connection.
    pub async fn quit(mut self) -> io::Result<Reply> {
        let reply = self.command("QUIT").await;
        self.wire.close().await?;
        reply
    }

    async fn hello(&mut self) -> io::Result<()> {
        let line = format!("EHLO {}", self.config.hello_name);
        let reply = self.command(&line).await?;
        self.offer = expect(reply)?.lines.into_iter().skip(1).collect();
        Ok(())
    }

    async fn transact(&mut self, message: &Outgoing, delivery: &mut Delivery) -> io::Result<()> {
        let in_chunks = matches!(message.framing, Framing::Chunks(_) | Framing::ChunksThenEmpty(_));
        let pipelining = self.config.pipelining && self.offers("PIPELINING");
        let mut commands = vec![message.mail_command(|keyword| self.offers(keyword))];
        commands.extend(message.recipients.iter().map(|known| known.command(|keyword| self.offers(keyword))));
        if pipelining {
            let data = if in_chunks { "" } else { "DATA\r\n" };
            self.wire.write((commands.concat() + data).as_bytes()).await?;
        }
        for (index, command) in commands.iter().enumerate() {
            if !pipelining {
                self.wire.write(command.as_bytes()).await?;
            }
            let reply = self.reply().await?;
            if index == 0 { delivery.mail = Some(reply) } else { delivery.recipients.push(reply) }
        }
        let wanted =
            delivery.recipients.iter().any(Reply::is_success) && delivery.mail.as_ref().is_some_and(Reply::is_success);
        if in_chunks {
            if !wanted {
                return self.command("RSET").await.map(drop);
            }
            return self.write_chunks(message, pipelining, delivery).await;
        }
        if !pipelining {
            if !wanted {
                return self.command("RSET").await.map(drop);
            }
            self.wire.write(b"DATA\r\n").await?;
        }
        let reply = self.reply().await?;
        let opened = reply.code == 354;
        delivery.data = Some(reply);
        match (opened, wanted) {
            (true, true) => self.write_data(message, delivery).await,
            // RFC 2920 section 3.1: a server may take DATA without recipients; nothing must be delivered.
            (true, false) => {
                self.wire.write(b".\r\n").await?;
                self.reply().await?;
                self.command("RSET").await.map(drop)
            }
            (false, _) => self.command("RSET").await.map(drop),
        }
    }

    async fn write_data(&mut self, message: &Outgoing, delivery: &mut Delivery) -> io::Result<()> {
        let wire = match message.framing {
            Framing::Verbatim => message.content.to_vec(),
            _ => stuff(&message.content),
        };
        self.write_content(&wire, 0, wire.len() as u64, message).await?;
        if message.cut.is_some() {
            return self.cut(message);
        }
        delivery.end = Some(self.reply().await?);
        Ok(())
    }

    async fn write_chunks(&mut self, message: &Outgoing, pipelining: bool, delivery: &mut Delivery) -> io::Result<()> {
        let (octets, empty_last) = match message.framing {
            Framing::ChunksThenEmpty(octets) => (octets, true),
            Framing::Chunks(octets) => (octets, false),
            Framing::Data | Framing::Verbatim => (usize::MAX, false),
        };
        let mut chunks: Vec<&[u8]> = message.content.chunks(octets.max(1)).collect();
        if empty_last || chunks.is_empty() {
            chunks.push(&[]);
        }
        // Unread replies would turn the FIN behind the last octet into an RST, which destroys octets under way.
        let lockstep = !pipelining || message.cut == Some(Cut::AfterEnd);
        let count = chunks.len();
        let mut written = 0;
        for (index, chunk) in chunks.into_iter().enumerate() {
            let last = if index + 1 == count { " LAST" } else { "" };
            if chunk.is_empty() {
                self.written = Some(Instant::now());
            }
            self.wire.write(format!("BDAT {}{last}\r\n", chunk.len()).as_bytes()).await?;
            self.write_content(chunk, written, message.content.len() as u64, message).await?;
            written += chunk.len() as u64;
            if last.is_empty() && lockstep {
                let reply = self.reply().await?;
                let refused = !reply.is_success();
                delivery.chunks.push(reply);
                if refused {
                    return self.command("RSET").await.map(drop);
                }
            }
        }
        if message.cut.is_some() {
            return self.cut(message);
        }
        while delivery.chunks.len() + 1 < count {
            delivery.chunks.push(self.reply().await?);
        }
        delivery.end = Some(self.reply().await?);
        Ok(())
    }

    /// Writes content that begins at `offset` of `total`, up to where the message is to be cut.
    async fn write_content(&mut self, content: &[u8], offset: u64, total: u64, message: &Outgoing) -> io::Result<()> {
        let stop = match message.cut {
            None | Some(Cut::AfterEnd) => total,
            Some(Cut::BeforeEnd) => total.saturating_sub(1),
            Some(Cut::After(octets) | Cut::ResetAfter(octets)) => octets.min(total),
        };
        let here = usize::try_from(stop.saturating_sub(offset)).unwrap_or(usize::MAX).min(content.len());
        let (now, later) = content.split_at(here);
        let (piece, pause) = message.pace.unwrap_or((usize::MAX, Duration::ZERO));
        let ends = message.last_octet_apart && later.is_empty() && offset + content.len() as u64 == total;
        let (now, last) = now.split_at(now.len() - usize::from(ends && !now.is_empty()));
        for piece in now.chunks(piece.max(1)) {
            self.wire.write(piece).await?;
            if !pause.is_zero() {
                tokio::time::sleep(pause).await;
            }
        }
        if !last.is_empty() {
            self.written = Some(Instant::now());
            self.wire.write(last).await?;
        }
        if later.is_empty() { Ok(()) } else { self.cut(message) }
    }

    /// Breaks the connection off and says so.
    fn cut(&mut self, message: &Outgoing) -> io::Result<()> {
        if matches!(message.cut, Some(Cut::ResetAfter(_))) {
            self.wire.reset()?;
        } else {
            self.wire.cut();
        }
        Err(io::Error::other("cut as asked"))
    }
}

fn expect(reply: Reply) -> io::Result<Reply> {
    if reply.is_success() { Ok(reply) } else { Err(io::Error::other(reply.to_string())) }
}

/// How long a reply is waited for after the connection has failed: what was sent is already here.
const LAST_WORD: Duration = Duration::from_secs(1);
