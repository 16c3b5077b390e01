//! The tenants as the mail path sees them: one value behind one [`ArcSwap`], read without a lock, and what is loaded of them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use rustls::{ClientConfig, RootCertStore};

use super::cache::Cache;
use super::clients::Clients;
use crate::net::Rules;
use crate::tenant::{Region, Tenant, TenantId};
use crate::transit::Index;

/// All tenants as the mail path sees them.
pub struct Tenancy {
    current: ArcSwap<State>,
    cache: Arc<Cache>,
}

/// What is swapped whole.
#[derive(Clone)]
pub(super) struct State {
    pub region: Arc<Region>,
    pub clients: Clients,
    /// `None`: never; what is there comes from a copy.
    pub looked: Option<Instant>,
}

impl Tenancy {
    /// Nobody yet. `next_hop_roots`: whom certificates of next hops may come from.
    pub fn empty(next_hop_roots: Arc<RootCertStore>, cache: Arc<Cache>) -> Tenancy {
        let (region, clients) = (Arc::new(Region::empty()), Clients::new(next_hop_roots));
        Tenancy { current: ArcSwap::from_pointee(State { region, clients, looked: None }), cache }
    }

    /// A tenant's rules and people, for one message.
    pub fn rules(&self, tenant: &Arc<Tenant>) -> Rules {
        self.cache.rules(tenant)
    }

    pub fn cache(&self) -> &Arc<Cache> {
        &self.cache
    }

    /// The tenants, and whether that is what the store says now.
    pub fn region(&self) -> (Arc<Region>, Index) {
        let state = self.current.load();
        let fresh = state.looked.is_some_and(|looked| looked.elapsed() < FRESH);
        let index = if fresh { Index::Fresh } else { Index::Stale };
        (state.region.clone(), index)
    }

    /// TLS with the tenant's own certificate; `None` when TLS cannot use it.
    pub fn tls(&self, tenant: &TenantId) -> Option<Arc<ClientConfig>> {
        self.current.load().clients.config(tenant)
    }

    pub(super) fn state(&self) -> Arc<State> {
        self.current.load_full()
    }

    /// For the one writer: the next state, made of the one in force.
    pub(super) fn publish(&self, change: impl FnOnce(&mut State)) {
        let mut state = State::clone(&self.current.load());
        change(&mut state);
        self.current.store(Arc::new(state));
    }
}

/// An index older than this refuses nobody for good.
const FRESH: Duration = Duration::from_secs(60);
