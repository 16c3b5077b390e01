//! The index of all tenants of a region: whose domain, certificate, network or Microsoft id is it?
//!
//! An answer is certain: what two tenants claim is refused when the index is made, never decided by order. A region
//! never changes; [`Region::changed`] makes the next one, at a cost that depends on what changed and not on how many
//! tenants there are.

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;
use std::sync::Arc;

use super::networks::Networks;
use super::shared_map::SharedMap;
use super::{HostedImage, Peer, Problem, Snapshot, TenantId};

/// All tenants. Empty by default.
#[derive(Debug, Default, Clone)]
pub struct Region {
    tenants: SharedMap<Arc<str>, Arc<Snapshot>>,
    domains: SharedMap<Arc<str>, Arc<Snapshot>>,
    microsoft_ids: SharedMap<Arc<str>, Arc<Snapshot>>,
    certificates: SharedMap<Arc<str>, Arc<Snapshot>>,
    networks: Networks<Arc<Snapshot>>,
    /// By file name, which is the hash of the content: the same for all tenants that have it, with their number.
    images: SharedMap<Arc<str>, (HostedImage, usize)>,
}

impl Region {
    /// Makes the index.
    ///
    /// # Errors
    /// Every claim that two tenants make; the place names the later one's key, of two networks of which one holds the
    /// other the smaller one's.
    pub fn new(snapshots: Vec<Arc<Snapshot>>) -> Result<Region, Vec<Problem>> {
        Region::default().with(&snapshots.iter().collect::<Vec<_>>())
    }

    /// The index after some tenants changed or came, and others went (`None`). All at once: a claim may go from one
    /// of them to another.
    ///
    /// # Errors
    /// As [`Region::new`].
    pub fn changed(&self, changes: &HashMap<TenantId, Option<Arc<Snapshot>>>) -> Result<Region, Vec<Problem>> {
        let mut region = self.clone();
        for id in changes.keys() {
            region.remove(id);
        }
        region.with(&changes.values().flatten().collect::<Vec<_>>())
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
        self.networks.of(address.to_canonical())
    }

    /// The image served at `/i/<file name>`.
    pub fn image(&self, file_name: &str) -> Option<&HostedImage> {
        self.images.get(file_name).map(|(image, _)| image)
    }

    pub fn get(&self, id: &TenantId) -> Option<&Arc<Snapshot>> {
        self.tenants.get(id.as_str())
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

    fn with(mut self, snapshots: &[&Arc<Snapshot>]) -> Result<Region, Vec<Problem>> {
        let mut problems = Vec::new();
        for snapshot in snapshots {
            self.add(snapshot, &mut problems);
        }
        let new: HashSet<&TenantId> = snapshots.iter().map(|snapshot| snapshot.id()).collect();
        for snapshot in snapshots {
            self.check_networks(snapshot, &new, &mut problems);
        }
        if problems.is_empty() { Ok(self) } else { Err(problems) }
    }

    /// A network within one of another tenant's: an address in it would be both's. A tenant that was there before is
    /// not looked at by itself.
    fn check_networks(&self, snapshot: &Snapshot, new: &HashSet<&TenantId>, problems: &mut Vec<Problem>) {
        let Peer::Network { networks, .. } = snapshot.peer() else { return };
        for (at, network) in networks.iter().enumerate() {
            if let Some(other) = self.networks.around(*network).find(|other| other.id() != snapshot.id()) {
                let message =
                    format!("network {network} of tenant {} lies in one of tenant {}", snapshot.id(), other.id());
                problems.push(Problem::at(format!("/peer/networks/{at}"), message));
            }
            if let Some((held, other)) = self.networks.within(*network).find(|(_, other)| !new.contains(other.id())) {
                let message =
                    format!("network {held} of tenant {} lies in one of tenant {}", other.id(), snapshot.id());
                problems.push(Problem::at("/peer/networks", message));
            }
        }
    }

    fn add(&mut self, snapshot: &Arc<Snapshot>, problems: &mut Vec<Problem>) {
        let mut claim = |place: &str, what: &str, other: Option<Arc<Snapshot>>| {
            // Two spellings of one domain in one file are no theft.
            if let Some(other) = other.filter(|other| !Arc::ptr_eq(other, snapshot)) {
                let message = format!("{what} belongs to tenant {} and to tenant {}", other.id(), snapshot.id());
                problems.push(Problem::at(place, message));
            }
        };
        let id = snapshot.id();
        claim("/id", &format!("id {id}"), self.tenants.insert(id.as_str().into(), Arc::clone(snapshot)));
        for (at, domain) in snapshot.domains().iter().enumerate() {
            let other = self.domains.insert(domain.as_str().into(), Arc::clone(snapshot));
            claim(&format!("/domains/{at}"), &format!("domain {domain}"), other);
        }
        if let Some(id) = snapshot.microsoft_tenant_id() {
            let other = self.microsoft_ids.insert(id.into(), Arc::clone(snapshot));
            claim("/microsoft_tenant_id", &format!("Microsoft tenant {id}"), other);
        }
        for image in snapshot.hosted_images() {
            let had = self.images.get(image.file_name()).map_or(0, |(_, tenants)| *tenants);
            self.images.insert(image.file_name().into(), (image.clone(), had + 1));
        }
        match snapshot.peer() {
            Peer::Microsoft { .. } => {}
            Peer::Certificate { name, .. } => {
                let other = self.certificates.insert(name.to_lowercase().into(), Arc::clone(snapshot));
                claim("/peer/name", &format!("certificate name {name}"), other);
            }
            Peer::Network { networks, .. } => {
                for (at, network) in networks.iter().enumerate() {
                    let other = self.networks.insert(*network, Arc::clone(snapshot));
                    claim(&format!("/peer/networks/{at}"), &format!("network {network}"), other);
                }
            }
        }
    }

    /// Takes a tenant out with all it claims; in a region that was made, every claim of a tenant is its own.
    fn remove(&mut self, id: &TenantId) {
        let Some(snapshot) = self.tenants.remove(id.as_str()) else { return };
        for domain in snapshot.domains() {
            self.domains.remove(domain.as_str());
        }
        if let Some(id) = snapshot.microsoft_tenant_id() {
            self.microsoft_ids.remove(id);
        }
        for image in snapshot.hosted_images() {
            if let Some((held, tenants)) = self.images.remove(image.file_name())
                && tenants > 1
            {
                self.images.insert(image.file_name().into(), (held, tenants - 1));
            }
        }
        match snapshot.peer() {
            Peer::Microsoft { .. } => {}
            Peer::Certificate { name, .. } => {
                self.certificates.remove(name.to_lowercase().as_str());
            }
            Peer::Network { networks, .. } => {
                for network in networks {
                    self.networks.remove(*network);
                }
            }
        }
    }
}
