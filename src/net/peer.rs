//! Who is at the other end of a connection, and what that proves.
//!
//! An address proves a tenant only when it is the sender's own: that of the connection, or the one that a configured
//! balancer has named. The balancer's own address stands for everybody behind it, so it proves nothing. A
//! certificate proves the one tenant whose name it carries; one with the names of two proves neither.

use std::net::IpAddr;
use std::sync::Arc;

use ipnet::IpNet;
use rustls::pki_types::CertificateDer;

use super::edge::ListenerProof;
use super::tls;
use crate::tenant::{Region, Tenant};
use crate::transit::Proof;

/// The other end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Peer {
    /// The sender, by the connection's address or by a balancer's word.
    Sender(IpAddr),
    /// A balancer that named nobody.
    Balancer(IpAddr),
}

impl Peer {
    /// The address for log and `Received`; an IPv4 one as such.
    pub fn address(self) -> IpAddr {
        match self {
            Peer::Sender(address) | Peer::Balancer(address) => address.to_canonical(),
        }
    }
}

/// The load balancers in front of the listeners.
#[derive(Debug, Clone, Default)]
pub struct Balancers {
    /// Those of this listener: each of their connections begins with a header.
    pub of_listener: Vec<IpNet>,
    /// Those of any listener that is reached from other machines.
    pub of_any: Vec<IpNet>,
}

impl Balancers {
    /// Whether a header must come from this address.
    pub fn must_name(&self, address: IpAddr) -> bool {
        holds(&self.of_listener, address)
    }

    /// The other end of a connection without a header.
    pub fn direct(&self, address: IpAddr) -> Peer {
        if holds(&self.of_any, address) { Peer::Balancer(address) } else { Peer::Sender(address) }
    }
}

fn holds(networks: &[IpNet], address: IpAddr) -> bool {
    let address = address.to_canonical();
    networks.iter().any(|network| network.contains(&address))
}

/// What the peer has proven, by the rule of the listener. `certificate`: the peer's own, verified.
pub(super) fn proof(
    rule: &ListenerProof,
    peer: Peer,
    certificate: Option<&CertificateDer<'_>>,
    region: impl FnOnce() -> Arc<Region>,
) -> Proof {
    let of = |tenant: &Tenant| Proof::Tenant(tenant.id().clone());
    match (rule, peer, certificate) {
        (ListenerProof::Microsoft { client_name }, _, Some(certificate))
            if tls::is_for_name(certificate, client_name) =>
        {
            Proof::Microsoft
        }
        (ListenerProof::Microsoft { .. }, _, Some(_)) => Proof::Stranger,
        (ListenerProof::Certificate, _, Some(certificate)) => {
            let region = region();
            let names = tls::names(certificate);
            let mut tenants = names.iter().filter_map(|name| region.by_certificate_name(name));
            match tenants.next() {
                Some(tenant) if tenants.all(|other| other.id() == tenant.id()) => of(tenant),
                _ => Proof::Stranger,
            }
        }
        (ListenerProof::Network, Peer::Sender(address), _) => {
            region().by_network(address).map_or(Proof::Unproven, |tenant| of(tenant))
        }
        _ => Proof::Unproven,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::imprint::StampKey;
    use crate::tenant::{Edition, Secrets, TenantFile, TenantId};

    fn region() -> Arc<Region> {
        let tenant = |id: &str, peer: serde_json::Value| {
            let file = serde_json::json!({"signet": 1, "id": id, "name": id, "domains": [format!("{id}.example")],
                "peer": peer});
            let file = TenantFile::parse(file.to_string().as_bytes()).unwrap();
            let stamp_keys = vec![StampKey { id: "k1".into(), secret: [1; 32] }];
            let secrets = Secrets { stamp_keys, loop_word: "loopword".into(), trace_key: [7; 32] };
            Arc::new(Tenant::new(file, secrets, Edition::default(), Edition::default()).unwrap())
        };
        let hop = || serde_json::json!({"host": "in.example"});
        let named = |name: &str| serde_json::json!({"proof": "certificate", "name": name, "next_hop": hop()});
        let network = serde_json::json!({"proof": "network", "networks": ["10.0.0.0/8"], "next_hop": hop()});
        let tenants =
            vec![tenant("a", named("mx.a.example")), tenant("b", named("mx.b.example")), tenant("c", network)];
        Arc::new(Region::new(tenants).unwrap())
    }

    fn certificate(names: &[&str]) -> CertificateDer<'static> {
        let key = rcgen::KeyPair::generate().unwrap();
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        rcgen::CertificateParams::new(names).unwrap().self_signed(&key).unwrap().into()
    }

    fn tenant(id: &str) -> Proof {
        Proof::Tenant(TenantId::parse(id).unwrap())
    }

    #[test]
    fn a_certificate_proves_one_tenant_or_none() {
        let sender = Peer::Sender([10, 0, 0, 1].into());
        for (names, expected) in [
            (&["mx.a.example"][..], tenant("a")),
            (&["MX.B.example", "other.example"], tenant("b")),
            (&["mx.a.example", "mx.b.example"], Proof::Stranger),
            (&["mx.c.example"], Proof::Stranger),
            (&["*.a.example"], Proof::Stranger),
        ] {
            let certificate = certificate(names);
            assert_eq!(proof(&ListenerProof::Certificate, sender, Some(&certificate), region), expected, "{names:?}");
        }
        assert_eq!(proof(&ListenerProof::Certificate, sender, None, region), Proof::Unproven);
        let microsoft = ListenerProof::Microsoft { client_name: "mail.protection.outlook.com".to_owned() };
        let exchange = certificate(&["mail.protection.outlook.com"]);
        assert_eq!(proof(&microsoft, Peer::Balancer([10, 0, 0, 1].into()), Some(&exchange), region), Proof::Microsoft);
        assert_eq!(proof(&microsoft, sender, Some(&certificate(&["mx.a.example"])), region), Proof::Stranger);
    }

    #[test]
    fn the_address_of_a_balancer_proves_nothing() {
        let address = |text: &str| text.parse::<IpAddr>().unwrap();
        for (peer, expected) in [
            (Peer::Sender(address("10.1.2.3")), tenant("c")),
            (Peer::Sender(address("::ffff:10.1.2.3")), tenant("c")),
            (Peer::Sender(address("192.0.2.1")), Proof::Unproven),
            (Peer::Balancer(address("10.1.2.3")), Proof::Unproven),
        ] {
            assert_eq!(proof(&ListenerProof::Network, peer, None, region), expected, "{peer:?}");
        }
        let network = |text: &str| text.parse::<IpNet>().unwrap();
        let balancers = Balancers {
            of_listener: vec![network("10.0.0.0/28")],
            of_any: vec![network("10.0.0.0/28"), network("fd00::1/128")],
        };
        assert!(balancers.must_name(address("10.0.0.5")) && balancers.must_name(address("::ffff:10.0.0.5")));
        assert!(!balancers.must_name(address("fd00::1")) && !balancers.must_name(address("10.0.0.16")));
        assert_eq!(balancers.direct(address("fd00::1")), Peer::Balancer(address("fd00::1")));
        assert_eq!(balancers.direct(address("10.0.0.16")), Peer::Sender(address("10.0.0.16")));
    }
}
