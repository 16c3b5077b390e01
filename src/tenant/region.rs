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
use super::{Domain, Peer, Problem, Tenant, TenantId};

/// All tenants. Empty by default.
#[derive(Debug, Default, Clone)]
pub struct Region {
    tenants: SharedMap<Arc<str>, Arc<Tenant>>,
    domains: SharedMap<Arc<str>, Arc<Tenant>>,
    microsoft_ids: SharedMap<Arc<str>, Arc<Tenant>>,
    certificates: SharedMap<Arc<str>, Arc<Tenant>>,
    networks: Networks<Arc<Tenant>>,
}

impl Region {
    /// Makes the index.
    ///
    /// # Errors
    /// Every claim that two tenants make; the place names the later one's key, of two networks of which one holds the
    /// other the smaller one's.
    pub fn new(tenants: Vec<Arc<Tenant>>) -> Result<Region, Vec<Problem>> {
        Region::default().with(&tenants.iter().collect::<Vec<_>>())
    }

    /// The index after some tenants changed or came, and others went (`None`). All at once: a claim may go from one
    /// of them to another.
    ///
    /// # Errors
    /// As [`Region::new`].
    pub fn changed(&self, changes: &HashMap<TenantId, Option<Arc<Tenant>>>) -> Result<Region, Vec<Problem>> {
        let mut region = self.clone();
        for id in changes.keys() {
            region.remove(id);
        }
        region.with(&changes.values().flatten().collect::<Vec<_>>())
    }

    /// The same where some claim what is another's: they are left as they were, and named; everybody else changes.
    pub fn changed_without_clashes(&self, changes: &HashMap<TenantId, Option<Arc<Tenant>>>) -> (Region, Vec<TenantId>) {
        let mut region = self.clone();
        changes.iter().filter(|(_, tenant)| tenant.is_none()).for_each(|(id, _)| region.remove(id));
        let mut waiting: Vec<(&TenantId, &Arc<Tenant>)> =
            changes.iter().filter_map(|(id, tenant)| Some((id, tenant.as_ref()?))).collect();
        // In an order that is the same everywhere; who waits for what another gives up comes again.
        waiting.sort_unstable_by_key(|(id, _)| *id);
        loop {
            let before = waiting.len();
            waiting.retain(|(id, tenant)| {
                let one = HashMap::from([((*id).clone(), Some(Arc::clone(tenant)))]);
                match region.changed(&one) {
                    Ok(next) => region = next,
                    Err(_) => return true,
                }
                false
            });
            if waiting.is_empty() || waiting.len() == before {
                return (region, waiting.into_iter().map(|(id, _)| id.clone()).collect());
            }
        }
    }

    pub fn empty() -> Region {
        Region::default()
    }

    /// The tenant of a domain, however it is spelled.
    pub fn by_domain(&self, domain: &str) -> Option<&Arc<Tenant>> {
        self.domains.get(&*Domain::normal(domain))
    }

    /// The tenant of a Microsoft 365 tenant id; case does not matter.
    pub fn by_microsoft_id(&self, id: &str) -> Option<&Arc<Tenant>> {
        self.microsoft_ids.get(id.to_ascii_lowercase().as_str())
    }

    /// The tenant whose peer shows a certificate of this name.
    pub fn by_certificate_name(&self, name: &str) -> Option<&Arc<Tenant>> {
        self.certificates.get(&*Domain::normal(name))
    }

    /// The tenant whose peer connects from this address.
    pub fn by_network(&self, address: IpAddr) -> Option<&Arc<Tenant>> {
        // An IPv4 peer of a dual-stack listener shows itself as ::ffff:a.b.c.d.
        self.networks.of(address.to_canonical())
    }

    pub fn get(&self, id: &TenantId) -> Option<&Arc<Tenant>> {
        self.tenants.get(id.as_str())
    }

    /// All tenants, in no order.
    pub fn tenants(&self) -> impl Iterator<Item = &Arc<Tenant>> {
        self.tenants.values()
    }

    pub fn len(&self) -> usize {
        self.tenants.len()
    }

    pub fn is_empty(&self) -> bool {
        self.tenants.is_empty()
    }

    fn with(mut self, tenants: &[&Arc<Tenant>]) -> Result<Region, Vec<Problem>> {
        let mut problems = Vec::new();
        for tenant in tenants {
            self.add(tenant, &mut problems);
        }
        let new: HashSet<&TenantId> = tenants.iter().map(|tenant| tenant.id()).collect();
        for tenant in tenants {
            self.check_networks(tenant, &new, &mut problems);
        }
        if problems.is_empty() { Ok(self) } else { Err(problems) }
    }

    /// A network within one of another tenant's: an address in it would be both's. A tenant that was there before is
    /// not looked at by itself.
    fn check_networks(&self, tenant: &Tenant, new: &HashSet<&TenantId>, problems: &mut Vec<Problem>) {
        let Peer::Network { networks, .. } = tenant.peer() else { return };
        for (at, network) in networks.iter().enumerate() {
            if let Some(other) = self.networks.around(*network).find(|other| other.id() != tenant.id()) {
                let message =
                    format!("network {network} of tenant {} lies in one of tenant {}", tenant.id(), other.id());
                problems.push(Problem::at(format!("/peer/networks/{at}"), message));
            }
            if let Some((held, other)) = self.networks.within(*network).find(|(_, other)| !new.contains(other.id())) {
                let message = format!("network {held} of tenant {} lies in one of tenant {}", other.id(), tenant.id());
                problems.push(Problem::at("/peer/networks", message));
            }
        }
    }

    fn add(&mut self, tenant: &Arc<Tenant>, problems: &mut Vec<Problem>) {
        let mut claim = |place: &str, what: &str, other: Option<Arc<Tenant>>| {
            // Two spellings of one domain in one file are no theft.
            if let Some(other) = other.filter(|other| !Arc::ptr_eq(other, tenant)) {
                let message = format!("{what} belongs to tenant {} and to tenant {}", other.id(), tenant.id());
                problems.push(Problem::at(place, message));
            }
        };
        let id = tenant.id();
        claim("/id", &format!("id {id}"), self.tenants.insert(id.as_str().into(), Arc::clone(tenant)));
        for (at, domain) in tenant.domains().iter().enumerate() {
            let other = self.domains.insert(domain.as_str().into(), Arc::clone(tenant));
            claim(&format!("/domains/{at}"), &format!("domain {domain}"), other);
        }
        if let Some(id) = tenant.microsoft_tenant_id() {
            let other = self.microsoft_ids.insert(id.into(), Arc::clone(tenant));
            claim("/microsoft_tenant_id", &format!("Microsoft tenant {id}"), other);
        }
        match tenant.peer() {
            Peer::Microsoft { .. } => {}
            Peer::Certificate { name, .. } => {
                let other = self.certificates.insert(Domain::normal(name).into(), Arc::clone(tenant));
                claim("/peer/name", &format!("certificate name {name}"), other);
            }
            Peer::Network { networks, .. } => {
                for (at, network) in networks.iter().enumerate() {
                    let other = self.networks.insert(*network, Arc::clone(tenant));
                    claim(&format!("/peer/networks/{at}"), &format!("network {network}"), other);
                }
            }
        }
    }

    /// Takes a tenant out with all it claims; in a region that was made, every claim of a tenant is its own.
    fn remove(&mut self, id: &TenantId) {
        let Some(tenant) = self.tenants.remove(id.as_str()) else { return };
        for domain in tenant.domains() {
            self.domains.remove(domain.as_str());
        }
        if let Some(id) = tenant.microsoft_tenant_id() {
            self.microsoft_ids.remove(id);
        }
        match tenant.peer() {
            Peer::Microsoft { .. } => {}
            Peer::Certificate { name, .. } => {
                self.certificates.remove(&*Domain::normal(name));
            }
            Peer::Network { networks, .. } => {
                for network in networks {
                    self.networks.remove(*network);
                }
            }
        }
    }
}
