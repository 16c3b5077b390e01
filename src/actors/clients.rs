//! TLS towards next hops: one configuration for all tenants without a certificate of their own, one for each
//! certificate, however many tenants show it.
//!
//! A certificate is read and its configuration made when the first session needs it, so a tenant without mail costs the
//! octets of its certificate alone.
//! Where two tenants share one they share its kept TLS sessions, which prove nothing that their common certificate
//! and roots would not prove again. A copy shares what did not change.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use rustls::client::Resumption;
use rustls::{ClientConfig, RootCertStore};
use sha2::{Digest, Sha256};

use crate::config::Pair;
use crate::net;
use crate::store::ClientCertificate;
use crate::tenant::{SharedMap, TenantId};

/// Who is shown which certificate.
#[derive(Clone)]
pub struct Clients {
    /// Whom certificates of next hops may come from.
    roots: Arc<RootCertStore>,
    without: Arc<Client>,
    of_tenant: SharedMap<Arc<str>, Arc<Client>>,
    /// By the hash of the chain, with the number of tenants.
    by_chain: SharedMap<[u8; 32], (Arc<Client>, usize)>,
}

/// One certificate, or none.
struct Client {
    certificate: Option<Arc<ClientCertificate>>,
    /// Next hops whose TLS sessions are kept.
    next_hops: usize,
    made: ArcSwapOption<Made>,
}

struct Made {
    roots: Arc<RootCertStore>,
    config: Arc<ClientConfig>,
}

impl Clients {
    pub fn new(roots: Arc<RootCertStore>) -> Clients {
        let without = Arc::new(Client { certificate: None, next_hops: NEXT_HOPS_OF_ALL, made: ArcSwapOption::empty() });
        Clients { roots, without, of_tenant: SharedMap::default(), by_chain: SharedMap::default() }
    }

    /// What is shown to the tenant's next hop; `None` when TLS cannot use it.
    pub fn config(&self, tenant: &TenantId) -> Option<Arc<ClientConfig>> {
        self.of_tenant.get(tenant.as_str()).unwrap_or(&self.without).config(&self.roots)
    }

    /// Certificates of next hops may come from these roots from now on.
    pub fn trust(&mut self, roots: Arc<RootCertStore>) {
        self.roots = roots;
    }

    /// The tenant's certificate from now on, or none.
    pub fn show(&mut self, tenant: &TenantId, certificate: Option<ClientCertificate>) {
        if let Some(before) = self.of_tenant.remove(tenant.as_str()) {
            self.release(&before);
        }
        let Some(certificate) = certificate else { return };
        let chain = hash(&certificate);
        let (client, tenants) = self.by_chain.remove(&chain).unwrap_or_else(|| {
            let certificate = Some(Arc::new(certificate));
            (Arc::new(Client { certificate, next_hops: NEXT_HOPS, made: ArcSwapOption::empty() }), 0)
        });
        self.by_chain.insert(chain, (client.clone(), tenants + 1));
        self.of_tenant.insert(tenant.as_str().into(), client);
    }

    /// The tenant's certificate, if it has one.
    pub fn certificate(&self, tenant: &TenantId) -> Option<&Arc<ClientCertificate>> {
        self.of_tenant.get(tenant.as_str()).and_then(|client| client.certificate.as_ref())
    }

    fn release(&mut self, client: &Client) {
        let Some(chain) = client.certificate.as_deref().map(hash) else { return };
        if let Some((client, tenants)) = self.by_chain.remove(&chain)
            && tenants > 1
        {
            self.by_chain.insert(chain, (client, tenants - 1));
        }
    }
}

impl Client {
    /// Two that ask at the same time may both make it; one of the two is kept.
    fn config(&self, roots: &Arc<RootCertStore>) -> Option<Arc<ClientConfig>> {
        if let Some(made) = self.made.load().as_ref().filter(|made| Arc::ptr_eq(&made.roots, roots)) {
            return Some(made.config.clone());
        }
        // One that cannot be read is shown to nobody, as it was refused when it was stored.
        let pair = self.certificate.as_ref().and_then(|pem| Pair::parse(&pem.chain_pem, &pem.key_pem).ok());
        let mut config = net::client_config(roots.clone(), pair).ok()?;
        config.resumption = Resumption::in_memory_sessions(self.next_hops * SESSIONS_OF_ONE);
        let made = Made { roots: roots.clone(), config: Arc::new(config) };
        let config = made.config.clone();
        self.made.store(Some(Arc::new(made)));
        Some(config)
    }
}

/// A key belongs to its certificate, which was checked when the pair was stored; so the chain says all.
fn hash(certificate: &ClientCertificate) -> [u8; 32] {
    Sha256::digest(&certificate.chain_pem).into()
}

/// A certificate is one tenant's as a rule, and a tenant has one next hop.
const NEXT_HOPS: usize = 4;
/// Of all tenants without a certificate.
const NEXT_HOPS_OF_ALL: usize = 512;
/// What rustls keeps of one server.
const SESSIONS_OF_ONE: usize = 8;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn pair() -> ClientCertificate {
        let key = rcgen::KeyPair::generate().unwrap();
        let parameters = rcgen::CertificateParams::new(vec!["signet.contoso.example".to_owned()]).unwrap();
        let chain = parameters.self_signed(&key).unwrap().pem();
        let key_pem = key.serialize_pem().into_bytes();
        ClientCertificate { chain_pem: chain.into_bytes(), key_pem, not_after_ms: 0 }
    }

    fn tenant(id: &str) -> TenantId {
        TenantId::parse(id).unwrap()
    }

    #[test]
    fn equal_certificates_share_a_configuration_and_others_never() {
        let mut clients = Clients::new(Arc::new(net::public_roots()));
        let (one, other) = (pair(), pair());
        for (id, pair) in [("a", Some(&one)), ("b", Some(&one)), ("c", Some(&other)), ("d", None), ("e", None)] {
            clients.show(&tenant(id), pair.cloned());
        }
        let config = |clients: &Clients, id: &str| clients.config(&tenant(id)).unwrap();
        let same =
            |clients: &Clients, one: &str, other: &str| Arc::ptr_eq(&config(clients, one), &config(clients, other));
        for (pair, expected) in [(["a", "b"], true), (["d", "e"], true), (["a", "c"], false), (["a", "d"], false)] {
            assert_eq!(same(&clients, pair[0], pair[1]), expected, "{pair:?}");
        }
        for (id, shows) in [("a", true), ("c", true), ("d", false)] {
            assert_eq!(config(&clients, id).client_auth_cert_resolver.has_certs(), shows, "{id}");
        }
        assert!(same(&clients, "a", "a"), "it is made again for each session");

        // A copy stays as it was.
        let before = clients.clone();
        clients.show(&tenant("a"), Some(other));
        clients.show(&tenant("c"), None);
        assert!(!same(&clients, "a", "b") && same(&clients, "c", "d") && same(&before, "a", "b"));
        clients.show(&tenant("b"), None);
        assert_eq!((clients.by_chain.len(), before.by_chain.len()), (1, 2), "certificates that nobody shows are kept");
    }

    #[test]
    fn other_roots_make_another_configuration() {
        let mut clients = Clients::new(Arc::new(net::public_roots()));
        clients.show(&tenant("a"), Some(pair()));
        for id in ["a", "b"] {
            let mut after = clients.clone();
            let trusted = clients.config(&tenant(id)).unwrap();
            after.trust(Arc::new(net::public_roots()));
            assert!(!Arc::ptr_eq(&trusted, &after.config(&tenant(id)).unwrap()), "{id}");
        }
        clients.trust(Arc::new(RootCertStore::empty()));
        assert!(clients.config(&tenant("a")).is_some());
    }
}
