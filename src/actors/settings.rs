//! What a checked configuration becomes: everything a session takes from it, made whole before it is put in force.
//!
//! One value behind one [`ArcSwap`]: a connection looks at it once, when it arrives, and keeps what it saw to its end.
//! Sessions to next hops look when they are opened. Nothing here has a port, a thread or a file that stays open, so
//! that settings which cannot be made leave the running ones as they were.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use rustls::RootCertStore;

use super::run::StartError;
use crate::config::{self, Config, Pair, PairFiles, Proof, Security};
use crate::imprint;
use crate::net::{self, Balancers, Dialer, ListenerProof, Private, Resolver, TlsListener};
use crate::smtp::{ClientAttribute, Extensions, ServerConfig, Tls};
use crate::transit::{self, Guard, RegionBypass, SharedLedger};

/// The settings in force.
pub type Current = Arc<ArcSwap<Settings>>;

/// Everything that may change while the process runs.
pub struct Settings {
    /// Higher with each reload: a session to a next hop that was opened under a lower one is not kept.
    pub number: u64,
    pub config: Config,
    /// In the order of the configuration.
    pub listeners: Vec<Prepared>,
    pub context: Arc<transit::Context>,
    pub dialer: Dialer,
    /// Whom certificates of next hops may come from.
    pub next_hop_roots: Arc<RootCertStore>,
    pub certificates: Vec<Certificate>,
    resolver: Arc<Resolver>,
}

/// What a reload does not touch: the memory of messages, which every message may ask.
#[derive(Debug, Clone)]
pub struct Lasting {
    pub guard: Option<Arc<dyn Guard>>,
    pub ledger: Option<SharedLedger>,
    /// The operator's switch for the whole region.
    pub bypass: Arc<RegionBypass>,
}

/// A listener with everything it needs but its socket.
pub struct Prepared {
    pub tls: Option<Arc<TlsListener>>,
    pub server: Arc<ServerConfig>,
    pub proof: ListenerProof,
    pub balancers: Balancers,
    /// The proof as a word of metrics.
    pub word: &'static str,
}

/// A certificate of a listener.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Certificate {
    /// Number of the listener in the configuration.
    pub listener: usize,
    pub file: PathBuf,
    /// End of its life, unix time in milliseconds.
    pub not_after_ms: i64,
}

impl Settings {
    /// Reads certificates and roots. `before`: those in force, of which the resolver is kept, with all it knows, where
    /// nothing about it changed. `ledger`: the process's, for as long as it runs. Blocks.
    ///
    /// # Errors
    /// Files that were good when the configuration was checked and are not any more; a resolver that cannot be had.
    pub fn make(config: Config, before: Option<&Settings>, lasting: Lasting) -> Result<Settings, StartError> {
        let mut certificates = Vec::new();
        let listeners = config.listeners.iter().enumerate();
        let listeners = listeners
            .map(|(number, listener)| prepare(&config, number, listener, &mut certificates))
            .collect::<Result<Vec<_>, _>>()?;
        let next_hop_roots = match &config.next_hop.roots {
            Some(file) => config::roots(file).map_err(|error| StartError::Tls(error.to_string()))?,
            None => net::public_roots(),
        };
        let resolver = match before.filter(|before| asks_the_same(&before.config, &config)) {
            Some(before) => before.resolver.clone(),
            None => Arc::new(resolver(&config)?),
        };
        let context = transit::Context {
            verdict_timeout: config.next_hop.verdict_timeout,
            host_name: config.smtp.host_name.clone(),
            site: config.site.clone(),
            image_base_url: config.images.base_url.clone(),
            limits: imprint::Limits { hold_bytes: config.imprint.hold_bytes, ..imprint::Limits::default() },
            guard: lasting.guard,
            ledger: lasting.ledger,
            bypass: lasting.bypass,
        };
        let late_verdict = if context.ledger.is_some() { LATE_VERDICT } else { Duration::ZERO };
        Ok(Settings {
            number: before.map_or(0, |before| before.number + 1),
            listeners,
            context: Arc::new(context),
            dialer: Dialer::new(resolver.clone(), &config.smtp.host_name, &config.next_hop, late_verdict),
            next_hop_roots: Arc::new(next_hop_roots),
            certificates,
            resolver,
            config,
        })
    }
}

fn prepare(
    config: &Config,
    number: usize,
    listener: &config::Listener,
    certificates: &mut Vec<Certificate>,
) -> Result<Prepared, StartError> {
    let (proof, roots) = match &listener.proof {
        Proof::Microsoft { client_name, client_roots } => {
            (ListenerProof::Microsoft { client_name: client_name.clone() }, client_roots.as_deref())
        }
        Proof::Certificate { client_roots } => (ListenerProof::Certificate, client_roots.as_deref()),
        Proof::Network => (ListenerProof::Network, None),
    };
    let tls = match &listener.security {
        Security::Tls(files) => Some(Arc::new(listener_tls(files, roots, |file, not_after_ms| {
            certificates.push(Certificate { listener: number, file: file.to_owned(), not_after_ms });
        })?)),
        Security::Plaintext => None,
    };
    let mut offer = Extensions::for_microsoft(config.smtp.max_message_bytes);
    offer.starttls = tls.is_some();
    offer.xoorg = matches!(proof, ListenerProof::Microsoft { .. });
    if matches!(proof, ListenerProof::Network) {
        offer.xforward = ClientAttribute::ALL.to_vec();
    }
    let mode = if tls.is_some() { Tls::Required } else { Tls::Off };
    let mut server = ServerConfig::new(config.smtp.host_name.clone(), offer, mode);
    server.limits.max_recipients = config.smtp.max_recipients;
    server.timeouts.idle = config.smtp.command_timeout;
    server.timeouts.stall = config.smtp.data_timeout;
    server.timeouts.handshake = config.smtp.tls_timeout;
    let balancers = balancers(config, listener);
    Ok(Prepared { tls, server: Arc::new(server), proof, balancers, word: listener.proof.word() })
}

/// A listener without TLS is reached from this machine alone: whoever talks to it speaks for itself.
fn balancers(config: &Config, listener: &config::Listener) -> Balancers {
    let of_any = match listener.security {
        Security::Plaintext => Vec::new(),
        Security::Tls(_) => config.listeners.iter().flat_map(|one| one.proxy_from.clone()).collect(),
    };
    Balancers { of_listener: listener.proxy_from.clone(), of_any }
}

fn listener_tls(
    files: &[PairFiles],
    roots: Option<&Path>,
    mut lives_until: impl FnMut(&Path, i64),
) -> Result<TlsListener, StartError> {
    let unusable = |error: config::PairError| StartError::Tls(error.to_string());
    let pairs = files.iter().map(Pair::read).collect::<Result<Vec<_>, _>>().map_err(unusable)?;
    for (pair, files) in pairs.iter().zip(files) {
        lives_until(&files.certificate, pair.not_after_ms);
    }
    let roots = match roots {
        Some(file) => config::roots(file).map_err(unusable)?,
        None => net::public_roots(),
    };
    TlsListener::new(pairs, roots).map_err(|error| StartError::Tls(error.to_string()))
}

fn asks_the_same(before: &Config, now: &Config) -> bool {
    let asks = |config: &Config| (config.next_hop.resolver.clone(), config.next_hop.private_addresses);
    asks(before) == asks(now)
}

fn resolver(config: &Config) -> Result<Resolver, StartError> {
    let private = if config.next_hop.private_addresses { Private::Allowed } else { Private::Refused };
    Resolver::new(&config.next_hop.resolver, private).map_err(|error| StartError::Resolver(error.to_string()))
}

/// How long a next hop is listened to after its sender was told to try later (fault 47).
const LATE_VERDICT: Duration = Duration::from_secs(60);
