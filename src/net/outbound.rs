//! Sessions to next hops: dialled, greeted, secured, ready for MAIL.
//!
//! Every address of the host is tried. TLS is never left out but where the tenant's configuration
//! says plaintext, which it may for loopback alone; the certificate must be for the configured name. A refusal here
//! is about us, so it never bounces a message.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::Bytes;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio::sync::OwnedSemaphorePermit;

use super::pace::Pace;
use super::resolver::{Resolver, ResolverError};
use super::wire::Wire;
use crate::config;
use crate::events;
use crate::metrics::metrics;
use crate::smtp::{Asked, Client, ClientConfig as SmtpConfig, ClientError, Event, Reply, Tls};
use crate::tenant::{NextHop, Revision};
use crate::transit::Refusal;

/// A session to a next hop. It moves between the pool and the future of the message that uses it. `C` is its state
/// machine, and `()` while that is lent to a [`Session`](crate::transit::Session).
pub struct Outbound<C = Box<Client>> {
    pub wire: Wire,
    pub client: C,
    /// It carried a message before.
    pub reused: bool,
    /// How long it may take for our octets.
    pace: Pace,
    /// What it was opened for.
    pub opened_for: Option<OpenedFor>,
    /// The right to be in use, of the tenant's share.
    pub permit: Option<OwnedSemaphorePermit>,
    open: OpenSession,
}

/// The state of the world that a session was opened in; in another one it is not used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenedFor {
    /// Of the tenant.
    pub revision: Revision,
    /// Number of the settings.
    pub settings: u64,
}

/// Counts a session as open until it is dropped.
struct OpenSession;

/// Opens sessions.
pub struct Dialer {
    resolver: Arc<Resolver>,
    secure: Arc<SmtpConfig>,
    plaintext: Arc<SmtpConfig>,
    connect_timeout: Duration,
    hello_timeout: Duration,
    stall: Duration,
}

impl<C> Outbound<C> {
    /// Moves octets both ways, as far as the wire goes now.
    pub fn exchange(&mut self, cx: &mut Context<'_>, now: Instant) -> Exchange {
        let waiting = self.wire.queued();
        let mut broken = false;
        if let Poll::Ready(Err(_)) = self.wire.poll_write(cx) {
            broken = true;
        }
        let wrote = self.wire.queued() < waiting;
        if wrote {
            self.pace.moved(waiting - self.wire.queued(), now);
        }
        let mut moved = broken || wrote;
        if !self.wire.has_ended()
            && let Poll::Ready(read) = self.wire.poll_read(cx)
        {
            moved = true;
            broken |= read.is_err();
        }
        Exchange { moved, ended: broken || (moved && self.wire.has_ended()) }
    }

    /// When a next hop that takes none of our octets, or too few, is given up; `None` while none wait.
    pub fn stalls_at(&self) -> Option<Instant> {
        (self.wire.queued() > 0).then(|| self.pace.until())
    }

    /// Octets for the next hop.
    pub fn queue(&mut self, bytes: Bytes, now: Instant) {
        if self.wire.queued() == 0 {
            self.pace.begin(now);
        }
        self.wire.queue(bytes);
    }

    fn with<D>(self, client: D) -> (Outbound<D>, C) {
        let Outbound { wire, client: before, reused, pace, opened_for, permit, open } = self;
        (Outbound { wire, client, reused, pace, opened_for, permit, open }, before)
    }
}

impl Outbound<()> {
    /// The state machine is back.
    pub fn join(self, client: Box<Client>) -> Outbound {
        self.with(client).0
    }
}

impl Outbound {
    /// Lends the state machine out; this moves its octets in the meantime.
    pub fn split(self) -> (Outbound<()>, Box<Client>) {
        self.with(())
    }

    /// Moves octets both ways. `Ready` when something moved: look for events and for room.
    pub fn poll(&mut self, cx: &mut Context<'_>, now: Instant) -> Poll<()> {
        self.collect(now);
        let Exchange { moved, ended } = self.exchange(cx, now);
        if !self.wire.input.is_empty() {
            self.client.feed(&mut self.wire.input, now);
        }
        if ended {
            self.client.closed_by_peer(now);
        }
        if moved { Poll::Ready(()) } else { Poll::Pending }
    }

    /// When [`Outbound::deadline_passed`] is due: an answer that does not come, or octets that are not taken.
    fn deadline(&self) -> Option<Instant> {
        self.client.poll_timeout().into_iter().chain(self.stalls_at()).min()
    }

    /// A next hop that answers or takes nothing is given up.
    fn deadline_passed(&mut self, now: Instant) {
        self.client.handle_timeout(now);
        if self.stalls_at().is_some_and(|at| now >= at) {
            self.client.closed_by_peer(now);
        }
    }

    /// Waits for the next event, keeping the deadlines.
    pub async fn next_event(&mut self) -> Event {
        loop {
            if let Some(event) = self.client.poll_event() {
                return event;
            }
            self.collect(Instant::now());
            let deadline = self.deadline();
            let moved = std::future::poll_fn(|cx| self.poll(cx, Instant::now()));
            match deadline {
                Some(deadline) => {
                    if tokio::time::timeout_at(deadline.into(), pin!(moved)).await.is_err() {
                        self.deadline_passed(Instant::now());
                    }
                }
                None => moved.await,
            }
        }
    }

    /// From the greeting to where MAIL can begin.
    async fn greet(&mut self, next_hop: &NextHop, tls: Arc<ClientConfig>) -> Result<(), Refusal> {
        loop {
            match self.next_event().await {
                Event::Ready => return Ok(()),
                Event::UpgradeTls => {
                    let name = next_hop.certificate_name().to_owned();
                    let name = ServerName::try_from(name).map_err(|_| Refusal::Tls)?;
                    if let Err(error) = self.wire.connect_tls(tls.clone(), name).await {
                        let (side, peer, cause) = (events::Side::NextHop, &next_hop.host, &error.to_string());
                        events::TlsFailed { side, peer, cause }.emit();
                        return Err(Refusal::Tls);
                    }
                    self.client.tls_established(Instant::now());
                }
                Event::Failed(error) => return Err(refusal_of(error)),
                Event::Reply(..) | Event::Late => return Err(Refusal::Garbled),
            }
        }
    }

    /// Gets the session back to where the next MAIL can begin. False when it is of no use any more.
    pub async fn tidy(&mut self) -> bool {
        let clean = async {
            if !self.client.is_idle() {
                self.client.reset(Instant::now());
            }
            while !self.client.is_idle() {
                match self.next_event().await {
                    Event::Failed(_) => return false,
                    Event::Reply(Asked::Reset, reply) if !reply.is_success() => return false,
                    _ => {}
                }
            }
            // Answers of the message that is over: the next one must not take them for its own.
            while self.client.poll_event().is_some() {}
            true
        };
        tokio::time::timeout(TIDY, clean).await.unwrap_or(false)
    }

    /// Says goodbye and closes.
    pub async fn quit(mut self) {
        self.client.quit(Instant::now());
        let goodbye =
            async { while !matches!(self.next_event().await, Event::Reply(Asked::Quit, _) | Event::Failed(_)) {} };
        // A next hop that does not answer QUIT is left alone.
        let _ = tokio::time::timeout(QUIT, goodbye).await;
        self.wire.shut_down().await;
    }

    /// The peer has said something, or goodbye, while nobody had asked.
    pub fn is_stale(&mut self) -> bool {
        let mut cx = Context::from_waker(std::task::Waker::noop());
        self.poll(&mut cx, Instant::now()).is_ready() || self.wire.has_ended() || !self.client.is_idle()
    }

    /// Hands what the client wants to say to the wire.
    fn collect(&mut self, now: Instant) {
        while let Some(bytes) = self.client.poll_transmit() {
            self.queue(bytes, now);
        }
    }
}

/// What an exchange of octets came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exchange {
    /// Octets went either way, or the connection ended: look for events and for room.
    pub moved: bool,
    /// The next hop closed, or the connection broke.
    pub ended: bool,
}

impl OpenSession {
    fn new() -> OpenSession {
        metrics().next_hop_open_sessions.inc();
        OpenSession
    }
}

impl Drop for OpenSession {
    fn drop(&mut self) {
        metrics().next_hop_open_sessions.dec();
    }
}

impl Dialer {
    /// `hello_name`: how this edge calls itself.
    /// `late_verdict`: see [`SmtpConfig`].
    pub fn new(resolver: Arc<Resolver>, hello_name: &str, limits: &config::NextHop, late_verdict: Duration) -> Dialer {
        let config = |tls| {
            Arc::new(SmtpConfig {
                hello_timeout: limits.hello_timeout,
                envelope_timeout: limits.command_timeout,
                data_timeout: limits.command_timeout,
                verdict_timeout: limits.verdict_timeout,
                late_verdict,
                ..SmtpConfig::new(hello_name, tls)
            })
        };
        let (secure, plaintext) = (config(Tls::Required), config(Tls::Off));
        Dialer {
            resolver,
            secure,
            plaintext,
            connect_timeout: limits.connect_timeout,
            hello_timeout: limits.hello_timeout,
            stall: limits.command_timeout,
        }
    }

    /// Opens a session. `tls` carries the tenant's certificate.
    ///
    /// # Errors
    /// See [`Refusal`]; of several addresses the last one's.
    pub async fn dial(&self, next_hop: &NextHop, tls: Arc<ClientConfig>) -> Result<Outbound, Refusal> {
        let addresses = self.resolver.addresses(&next_hop.host, Instant::now()).await.map_err(|error| match error {
            ResolverError::Private => Refusal::Address,
            _ => Refusal::Unresolved,
        })?;
        let mut refusal = Refusal::Unreachable;
        for address in addresses.into_iter().take(ADDRESSES) {
            match self.dial_address(SocketAddr::new(address, next_hop.port), next_hop, tls.clone()).await {
                Ok(outbound) => return Ok(outbound),
                Err(why) => refusal = why,
            }
        }
        Err(refusal)
    }

    async fn dial_address(
        &self,
        address: SocketAddr,
        next_hop: &NextHop,
        tls: Arc<ClientConfig>,
    ) -> Result<Outbound, Refusal> {
        // A plaintext hop on another machine is refused with the configuration; here it is refused once more.
        if next_hop.plaintext && !address.ip().is_loopback() {
            return Err(Refusal::Tls);
        }
        failpoint!("dial", return Err(Refusal::Unreachable));
        let stream = tokio::time::timeout(self.connect_timeout, TcpStream::connect(address)).await;
        let stream = stream.ok().and_then(Result::ok).ok_or(Refusal::Unreachable)?;
        let config = if next_hop.plaintext { &self.plaintext } else { &self.secure };
        let now = Instant::now();
        let client = Box::new(Client::new(config.clone(), now));
        let mut outbound = Outbound {
            wire: Wire::new(stream),
            client,
            reused: false,
            pace: Pace::new(self.stall, now),
            opened_for: None,
            permit: None,
            open: OpenSession::new(),
        };
        // Each step has its own deadline; together they have this one, so that a slow address leaves time for the next.
        tokio::time::timeout(self.hello_timeout, outbound.greet(next_hop, tls))
            .await
            .unwrap_or(Err(Refusal::Timeout))?;
        Ok(outbound)
    }
}

fn refusal_of(error: ClientError) -> Refusal {
    match error {
        ClientError::Greeting(reply) | ClientError::Hello(reply) | ClientError::Closing(reply) => {
            Refusal::Session(as_refusal(reply))
        }
        ClientError::NoStartTls | ClientError::StartTls(_) => Refusal::Tls,
        ClientError::Garbled | ClientError::EarlyOctets => Refusal::Garbled,
        ClientError::Timeout => Refusal::Timeout,
        _ => Refusal::Broken,
    }
}

/// A greeting that is neither a success nor a refusal is not believed.
fn as_refusal(reply: Reply) -> Reply {
    if reply.is_success() { Reply::next_hop_garbled() } else { reply }
}

/// Addresses tried for one message.
const ADDRESSES: usize = 6;
/// How long a session may take to answer QUIT.
const QUIT: Duration = Duration::from_secs(2);
/// How long it may take to answer RSET before it is given up.
const TIDY: Duration = Duration::from_secs(10);
