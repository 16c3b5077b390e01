//! Addresses of next hops, by hickory-resolver.
//!
//! The last good answer is kept for a day and used when the name servers do not answer: no message waits for them
//! longer than 1.8 s while an old answer is there (RFC 8767, fault 14); what they say later is for the next one. An
//! answer that points into this machine or a private network is refused unless the configuration allows it (fault 15).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use hickory_resolver::config::{ConnectionConfig, LookupIpStrategy, NameServerConfig, ResolveHosts, ResolverConfig};
use hickory_resolver::net::NetError;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::{ResolverBuilder, TokioResolver};

use super::stale::LastGood;

/// Why there is no address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ResolverError {
    /// The resolver could not be set up, for example for want of /etc/resolv.conf.
    #[error("the resolver cannot be set up: {0}")]
    Setup(String),
    /// No name server gave an address, and none is remembered.
    #[error("no address is known")]
    Unknown,
    /// All addresses are private ones.
    #[error("only private addresses were given, and the configuration does not allow them")]
    Private,
}

/// Whether next hops may have loopback and private addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Private {
    Allowed,
    Refused,
}

/// One for the process; answers are shared by all cores.
pub struct Resolver {
    dns: TokioResolver,
    private: Private,
    last_good: Arc<Mutex<LastGood>>,
}

impl Resolver {
    /// `name_servers`: those to ask; the system's when empty.
    ///
    /// # Errors
    /// [`ResolverError::Setup`].
    pub fn new(name_servers: &[SocketAddr], private: Private) -> Result<Resolver, ResolverError> {
        let mut builder = builder(name_servers)?;
        builder.options_mut().ip_strategy = LookupIpStrategy::Ipv4AndIpv6;
        let dns = builder.build().map_err(setup)?;
        Ok(Resolver { dns, private, last_good: Arc::default() })
    }

    /// The addresses of a host, to be tried in this order.
    ///
    /// # Errors
    /// [`ResolverError::Unknown`] or [`ResolverError::Private`].
    pub async fn addresses(&self, host: &str, now: Instant) -> Result<Vec<IpAddr>, ResolverError> {
        let found = match host.trim_matches(['[', ']']).parse::<IpAddr>() {
            Ok(literal) => vec![literal],
            Err(_) => self.look_up(host, now).await?,
        };
        let allowed: Vec<IpAddr> = match self.private {
            Private::Allowed => found,
            Private::Refused => found.into_iter().filter(|address| is_public(*address)).collect(),
        };
        if allowed.is_empty() { Err(ResolverError::Private) } else { Ok(allowed) }
    }

    async fn look_up(&self, host: &str, now: Instant) -> Result<Vec<IpAddr>, ResolverError> {
        let (at_once, remembered) = {
            let last_good = locked(&self.last_good);
            (last_good.while_silent(host, now), last_good.remembered(host, now))
        };
        if let Some(addresses) = at_once {
            return Ok(addresses);
        }
        // A task of its own: an answer that comes too late for this message is there for the next.
        let asking = tokio::spawn(ask(self.dns.clone(), self.last_good.clone(), host.to_owned()));
        let Some(remembered) = remembered else {
            return asking.await.ok().flatten().ok_or(ResolverError::Unknown);
        };
        match tokio::time::timeout(PATIENCE, asking).await {
            Ok(Ok(Some(addresses))) => Ok(addresses),
            _ => {
                locked(&self.last_good).silent(host, Instant::now());
                Ok(remembered)
            }
        }
    }
}

/// Asks these name servers; the system's when there are none.
pub(super) fn builder(name_servers: &[SocketAddr]) -> Result<ResolverBuilder<TokioRuntimeProvider>, ResolverError> {
    let mut builder = if name_servers.is_empty() {
        TokioResolver::builder_tokio().map_err(setup)?
    } else {
        let servers = name_servers.iter().map(|server| {
            let on_port = |mut connection: ConnectionConfig| {
                connection.port = server.port();
                connection
            };
            let connections = vec![on_port(ConnectionConfig::udp()), on_port(ConnectionConfig::tcp())];
            NameServerConfig::new(server.ip(), true, connections)
        });
        let config = ResolverConfig::from_parts(None, Vec::new(), servers.collect());
        let mut builder = TokioResolver::builder_with_config(config, TokioRuntimeProvider::default());
        builder.options_mut().use_hosts_file = ResolveHosts::Never;
        builder
    };
    let options = builder.options_mut();
    options.timeout = TIMEOUT;
    options.attempts = ATTEMPTS;
    Ok(builder)
}

fn setup(error: NetError) -> ResolverError {
    ResolverError::Setup(error.to_string())
}

async fn ask(dns: TokioResolver, last_good: Arc<Mutex<LastGood>>, host: String) -> Option<Vec<IpAddr>> {
    // The final dot keeps the system's search list out of it.
    let absolute = format!("{}.", host.trim_end_matches('.'));
    let addresses: Vec<IpAddr> = dns.lookup_ip(absolute).await.ok()?.iter().collect();
    if addresses.is_empty() {
        return None;
    }
    locked(&last_good).heard(&host, addresses.clone(), Instant::now());
    Some(addresses)
}

fn locked(last_good: &Mutex<LastGood>) -> MutexGuard<'_, LastGood> {
    last_good.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An address a next hop on the Internet can have.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, ..] = v4.octets();
            let shared = a == 100 && (64..128).contains(&b);
            !(v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_unspecified()
                || v4.is_multicast()
                || v4.is_broadcast()
                || a == 0
                || shared)
        }
        IpAddr::V6(v6) => match embedded(v6) {
            Some(v4) => is_public(v4.into()),
            None => {
                !(v6.is_loopback()
                    || v6.is_unspecified()
                    || v6.is_multicast()
                    || v6.is_unique_local()
                    || v6.is_unicast_link_local())
            }
        },
    }
}

/// The IPv4 address to which one of these leads: mapped (RFC 4291 section 2.5.5.2), by a translator (RFC 6052 section 2.1),
/// by 6to4 (RFC 3056 section 2).
fn embedded(v6: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, d, e, f, g, h] = v6.segments();
    let (high, low) = match [a, b, c, d, e, f] {
        [0, 0, 0, 0, 0, 0xffff] | [0x64, 0xff9b, 0, 0, 0, 0] => (g, h),
        [0x2002, high, low, ..] => (high, low),
        _ => return None,
    };
    Some(Ipv4Addr::from(u32::from(high) << 16 | u32::from(low)))
}

/// How long a message waits for the name servers when an old answer is there: the client response timer of RFC 8767
/// section 5.
const PATIENCE: Duration = Duration::from_millis(1800);
const TIMEOUT: Duration = Duration::from_secs(3);
const ATTEMPTS: usize = 2;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_known() {
        let private = [
            "127.0.0.1",
            "10.1.2.3",
            "192.168.0.1",
            "172.16.9.9",
            "169.254.1.1",
            "100.64.0.1",
            "0.0.0.0",
            "::1",
            "fd00::1",
            "fe80::1",
            "::ffff:127.0.0.1",
            "64:ff9b::10.1.2.3",
            "2002:7f00:1::1",
            "2002:c0a8:1::",
        ];
        let public = [
            "52.101.73.1",
            "2a01:111:f403::1",
            "100.63.0.1",
            "172.32.0.1",
            "::ffff:52.101.73.1",
            "64:ff9b::52.101.73.1",
            "2002:3465:4901::1",
        ];
        for (addresses, expected) in [(&private[..], false), (&public[..], true)] {
            for address in addresses {
                assert_eq!(address.parse().map(is_public), Ok(expected), "{address}");
            }
        }
    }

    #[tokio::test]
    async fn private_addresses_are_refused_unless_they_are_allowed() {
        for (private, is_given) in [(Private::Refused, false), (Private::Allowed, true)] {
            let resolver = Resolver::new(&["127.0.0.1:53".parse().unwrap()], private).unwrap();
            for host in ["127.0.0.1", "[::1]", "10.1.2.3"] {
                assert_eq!(resolver.addresses(host, Instant::now()).await.is_ok(), is_given, "{host}");
            }
            assert!(resolver.addresses("52.101.73.1", Instant::now()).await.is_ok());
        }
    }
}
