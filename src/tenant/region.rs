//! The index of all tenants of a region: whose domain, certificate, network or Microsoft id is it?
//!
//! An answer is certain: what two tenants claim is refused when the index is made, never decided by order.

use std::collections::{BTreeSet, HashMap};
use std::net::IpAddr;
use std::sync::Arc;

use ipnet::IpNet;

use super::{HostedImage, Peer, Problem, Snapshot, TenantId};

/// All tenants. Empty by default.
#[derive(Debug, Default)]
pub struct Region {
    tenants: HashMap<TenantId, Arc<Snapshot>>,
    domains: HashMap<String, Arc<Snapshot>>,
    microsoft_ids: HashMap<String, Arc<Snapshot>>,
    certificates: HashMap<String, Arc<Snapshot>>,
    networks: HashMap<IpNet, Arc<Snapshot>>,
    /// Lengths of prefixes that occur, the longest last.
    prefixes: BTreeSet<u8>,
    /// By file name, which is the hash of the content: the same for all tenants that have it.
    images: HashMap<String, HostedImage>,
}

impl Region {
    /// Makes the index.
    ///
    /// # Errors
    /// Every claim that two tenants make; the place names the later one's key, of two networks of which one holds the
    /// other the smaller one's.
    pub fn new(snapshots: Vec<Arc<Snapshot>>) -> Result<Region, Vec<Problem>> {
        let mut region = Region::default();
        let mut problems = Vec::new();
        for snapshot in &snapshots {
            region.add(snapshot, &mut problems);
        }
        for snapshot in &snapshots {
            region.check_networks(snapshot, &mut problems);
        }
        if problems.is_empty() { Ok(region) } else { Err(problems) }
    }

    pub fn empty() -> Region {
        Region::default()
    }

    /// The tenant of a domain; case does not matter.
    pub fn by_domain(&self, domain: &str) -> Option<&Arc<Snapshot>> {
        self.domains.get(domain.to_lowercase().as_str())
    }

    /// The tenant of a Microsoft 365 tenant id; case does not matter.
    pub fn by_microsoft_id(&self, id: &str) -> Option<&Arc<Snapshot>> {
        self.microsoft_ids.get(id.to_ascii_lowercase().as_str())
    }

    /// The tenant whose peer shows a certificate of this name.
    pub fn by_certificate_name(&self, name: &str) -> Option<&Arc<Snapshot>> {
        self.certificates.get(name.to_lowercase().as_str())
    }

    /// The tenant whose peer connects from this address.
    pub fn by_network(&self, address: IpAddr) -> Option<&Arc<Snapshot>> {
        // An IPv4 peer of a dual-stack listener shows itself as ::ffff:a.b.c.d.
        let address = address.to_canonical();
        self.prefixes.iter().rev().find_map(|length| {
            let network = IpNet::new(address, *length).ok()?.trunc();
            self.networks.get(&network)
        })
    }

    /// The image served at `/i/<file name>`.
    pub fn image(&self, file_name: &str) -> Option<&HostedImage> {
        self.images.get(file_name)
    }

    pub fn get(&self, id: &TenantId) -> Option<&Arc<Snapshot>> {
        self.tenants.get(id)
    }

    /// All tenants, in no order.
    pub fn tenants(&self) -> impl Iterator<Item = &Arc<Snapshot>> {
        self.tenants.values()
    }

    pub fn len(&self) -> usize {
        self.tenants.len()
    }

    pub fn is_empty(&self) -> bool {
        self.tenants.is_empty()
    }

    /// A network within one of another tenant's: an address in it would be both's.
    fn check_networks(&self, snapshot: &Snapshot, problems: &mut Vec<Problem>) {
        let Peer::Network { networks, .. } = snapshot.peer() else { return };
        for (at, network) in networks.iter().enumerate() {
            let wider = self.prefixes.range(..network.prefix_len());
            let holders =
                wider.filter_map(|length| self.networks.get(&IpNet::new(network.addr(), *length).ok()?.trunc()));
            if let Some(other) = holders.into_iter().find(|other| other.id() != snapshot.id()) {
                let message =
                    format!("network {network} of tenant {} lies in one of tenant {}", snapshot.id(), other.id());
                problems.push(Problem::at(format!("/peer/networks/{at}"), message));
            }
        }
    }

    fn add(&mut self, snapshot: &Arc<Snapshot>, problems: &mut Vec<Problem>) {
        let mut claim = |place: &str, what: &str, other: Option<Arc<Snapshot>>| {
            if let Some(other) = other {
                let message = format!("{what} belongs to tenant {} and to tenant {}", other.id(), snapshot.id());
                problems.push(Problem::at(place, message));
            }
        };
        let id = snapshot.id();
        claim("/id", &format!("id {id}"), self.tenants.insert(id.clone(), Arc::clone(snapshot)));
        for (at, domain) in snapshot.domains().iter().enumerate() {
            let other = self.domains.insert(domain.as_str().to_owned(), Arc::clone(snapshot));
            claim(&format!("/domains/{at}"), &format!("domain {domain}"), other);
        }
        if let Some(id) = snapshot.microsoft_tenant_id() {
            let other = self.microsoft_ids.insert(id.to_owned(), Arc::clone(snapshot));
            claim("/microsoft_tenant_id", &format!("Microsoft tenant {id}"), other);
        }
        let images = snapshot.hosted_images().map(|image| (image.file_name().to_owned(), image.clone()));
        self.images.extend(images);
        match snapshot.peer() {
            Peer::Microsoft { .. } => {}
            Peer::Certificate { name, .. } => {
                let other = self.certificates.insert(name.to_lowercase(), Arc::clone(snapshot));
                claim("/peer/name", &format!("certificate name {name}"), other);
            }
            Peer::Network { networks, .. } => {
                for (at, network) in networks.iter().enumerate() {
                    self.prefixes.insert(network.prefix_len());
                    let other = self.networks.insert(network.trunc(), Arc::clone(snapshot));
                    claim(&format!("/peer/networks/{at}"), &format!("network {network}"), other);
                }
            }
        }
    }
}
