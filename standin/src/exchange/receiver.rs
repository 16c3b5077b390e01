//! Exchange Online as the next hop: a listener on a free port, its configuration, and what a test may ask of it.
//!
//! It is a set of tasks of the runtime it is started in and ends when its handle is dropped. Waiting for messages or
//! for any condition on the record has a deadline and then tells what was seen.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustls::RootCertStore;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinSet};

use super::offer::Offer;
use super::record::{Accepted, Conversation, Record};
use super::script::{At, Rule};
use super::session;
use crate::certificates::Identity;
use crate::tls;
use crate::wire::{EndOfData, Wire};

/// How the receiver presents itself and whom it trusts.
#[derive(Clone)]
pub struct ReceiverConfig {
    /// In greeting, EHLO and success replies.
    pub host_name: String,
    /// Shown in the handshake; the first that the peer can verify. Give P-256 and RSA for both.
    pub identities: Vec<Identity>,
    /// Whose client certificates count.
    pub client_roots: Option<Arc<RootCertStore>>,
    /// Inbound connectors: who is a tenant. Empty: no relay check at all, mail of anybody is taken.
    pub connectors: Vec<Connector>,
    pub tls: TlsOffer,
    pub offer: Offer,
    /// Where the relay check answers 5.7.64: [`At::Mail`] or [`At::Rcpt`].
    pub deny_at: At,
    pub end_of_data: EndOfData,
    /// More `Received` fields than this are a loop (554 5.4.14).
    pub hops: usize,
    pub address: IpAddr,
    /// For [`Receiver::wait_for`] and [`Receiver::wait_until`].
    pub deadline: Duration,
}

/// An inbound connector: mail over TLS with this certificate name is this tenant's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connector {
    /// `TlsSenderCertificateName`, an accepted domain of the tenant.
    pub certificate_name: String,
    pub tenant: String,
}

/// Whether STARTTLS is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsOffer {
    /// MAIL without it is answered by `451 5.7.3 STARTTLS is required to send mail`.
    Required,
    /// MAIL without it goes on to the relay check.
    Optional,
    /// Not offered; the command is unknown.
    Off,
}

impl ReceiverConfig {
    /// Like the front end of a tenant's `*.mail.protection.outlook.com`: full offer, TLS, certificate matched to a
    /// connector.
    pub fn exchange_online(identity: Identity, client_roots: Arc<RootCertStore>) -> ReceiverConfig {
        ReceiverConfig {
            host_name: "AM5EUR02FT017.mail.protection.outlook.com".to_owned(),
            identities: vec![identity],
            client_roots: Some(client_roots),
            connectors: Vec::new(),
            tls: TlsOffer::Optional,
            offer: Offer::exchange_online(),
            deny_at: At::Rcpt,
            end_of_data: EndOfData::Strict,
            hops: 30,
            address: IpAddr::V4(Ipv4Addr::LOCALHOST),
            deadline: Duration::from_secs(30),
        }
    }

    /// A next hop on loopback without TLS that takes everything.
    pub fn plain() -> ReceiverConfig {
        ReceiverConfig {
            identities: Vec::new(),
            client_roots: None,
            tls: TlsOffer::Off,
            offer: Offer::exchange_online().without("STARTTLS"),
            host_name: "next-hop.example".to_owned(),
            connectors: Vec::new(),
            deny_at: At::Rcpt,
            end_of_data: EndOfData::Strict,
            hops: 30,
            address: IpAddr::V4(Ipv4Addr::LOCALHOST),
            deadline: Duration::from_secs(30),
        }
    }

    /// Adds an inbound connector.
    pub fn connector(mut self, certificate_name: &str, tenant: &str) -> ReceiverConfig {
        let connector = Connector { certificate_name: certificate_name.to_owned(), tenant: tenant.to_owned() };
        self.connectors.push(connector);
        self
    }

    pub fn offer(mut self, offer: Offer) -> ReceiverConfig {
        self.offer = offer;
        self
    }
}

/// A running receiver; dropping it closes the listener and cuts every session.
pub struct Receiver {
    address: SocketAddr,
    shared: Arc<Shared>,
    listener: AbortHandle,
}

/// What sessions and the test's handle share.
pub(super) struct Shared {
    pub config: ReceiverConfig,
    pub tls: Option<Arc<rustls::ServerConfig>>,
    pub roots: Arc<RootCertStore>,
    rules: Mutex<Vec<Rule>>,
    record: watch::Sender<Record>,
}

impl Receiver {
    /// Binds a free port and serves from now on, as tasks of the current runtime.
    pub async fn start(config: ReceiverConfig) -> io::Result<Receiver> {
        let tls = match config.tls {
            TlsOffer::Off => None,
            TlsOffer::Required | TlsOffer::Optional => Some(tls::server_config(&config.identities)?),
        };
        let listener = TcpListener::bind((config.address, 0)).await?;
        let address = listener.local_addr()?;
        let roots = config.client_roots.clone().unwrap_or_else(|| Arc::new(RootCertStore::empty()));
        let shared = Arc::new(Shared { config, tls, roots, rules: Mutex::default(), record: watch::Sender::default() });
        let listener = tokio::spawn(serve(listener, shared.clone())).abort_handle();
        Ok(Receiver { address, shared, listener })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Adds a rule behind those given before.
    pub fn script(&self, rule: Rule) {
        self.shared.rules().push(rule);
    }

    /// Takes all rules away.
    pub fn behave(&self) {
        self.shared.rules().clear();
    }

    /// A copy of everything up to now.
    pub fn record(&self) -> Record {
        self.shared.record.borrow().clone()
    }

    /// Every message taken up to now.
    pub fn accepted(&self) -> Vec<Accepted> {
        self.shared.record.borrow().accepted.clone()
    }

    /// Waits until at least `count` messages were taken and gives all of them; an error tells what was seen when
    /// the deadline passed.
    pub async fn wait_for(&self, count: usize) -> io::Result<Vec<Accepted>> {
        Ok(self.wait_until(|record| record.accepted.len() >= count).await?.accepted)
    }

    /// Waits until the record fulfils a condition.
    pub async fn wait_until(&self, condition: impl FnMut(&Record) -> bool) -> io::Result<Record> {
        let mut condition = condition;
        let mut record = self.shared.record.subscribe();
        let wait = record.wait_for(|record| condition(record));
        if let Ok(Ok(record)) = tokio::time::timeout(self.shared.config.deadline, wait).await {
            return Ok(record.clone());
        }
        let seen = self.record();
        let message = format!("{} messages were taken; conversations: {:#?}", seen.accepted.len(), seen.conversations);
        Err(io::Error::new(io::ErrorKind::TimedOut, message))
    }

    /// The record as it grows.
    pub(crate) fn watch(&self) -> watch::Receiver<Record> {
        self.shared.record.subscribe()
    }

    /// Closes the listener and cuts every session, as dropping does; the record stays readable.
    pub fn stop(&self) {
        self.listener.abort();
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.listener.abort();
    }
}

impl Shared {
    pub fn rules(&self) -> MutexGuard<'_, Vec<Rule>> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn accept(&self, message: Accepted) {
        self.record.send_modify(|record| record.accepted.push(message));
    }

    pub fn note(&self, session: usize, change: impl FnOnce(&mut Conversation)) {
        self.record.send_modify(|record| {
            if let Some(conversation) = session.checked_sub(1).and_then(|at| record.conversations.get_mut(at)) {
                change(conversation);
            }
        });
    }

    fn begin(&self) -> usize {
        let mut session = 0;
        self.record.send_modify(|record| {
            session = record.conversations.len() + 1;
            record.conversations.push(Conversation { session, ..Conversation::default() });
        });
        session
    }
}

async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    // The set is dropped, and every session with it, when this task is aborted.
    let mut sessions = JoinSet::new();
    loop {
        while sessions.try_join_next().is_some() {}
        let Ok((stream, peer)) = listener.accept().await else { continue };
        let Ok(wire) = Wire::new(stream) else { continue };
        let number = shared.begin();
        sessions.spawn(session::run(wire, peer, number, shared.clone()));
    }
}
