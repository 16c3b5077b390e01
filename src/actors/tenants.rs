//! The single writer of snapshots: looks at the store each second, compiles what changed off the mail path and
//! publishes it for every core at once.
//!
//! The mail path reads [`Tenancy`] and never waits for the store. When the store is gone the last state serves on;
//! after a minute without it, whom the index does not know is told 451 instead of 550.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix::prelude::*;
use arc_swap::ArcSwap;
use rustls::{ClientConfig, RootCertStore};

use crate::config::Pair;
use crate::events;
use crate::net;
use crate::store::{Store, StoreError};
use crate::tenant::{Region, Revision, Snapshot, TenantId};
use crate::transit::Index;

/// All tenants as the mail path sees them.
pub struct Tenancy {
    current: ArcSwap<State>,
}

struct State {
    region: Arc<Region>,
    tls: HashMap<TenantId, Arc<ClientConfig>>,
    looked: Instant,
}

/// Keeps [`Tenancy`] current.
pub struct Tenants {
    store: Store,
    next_hop_roots: RootCertStore,
    tenancy: Arc<Tenancy>,
    known: HashMap<TenantId, Known>,
}

#[derive(Clone)]
struct Known {
    revision: Revision,
    snapshot: Arc<Snapshot>,
    tls: Arc<ClientConfig>,
}

impl Tenancy {
    pub fn empty() -> Tenancy {
        let state = State { region: Arc::new(Region::empty()), tls: HashMap::new(), looked: Instant::now() };
        Tenancy { current: ArcSwap::from_pointee(state) }
    }

    /// The tenants, and whether that is what the store says now.
    pub fn region(&self) -> (Arc<Region>, Index) {
        let state = self.current.load();
        let index = if state.looked.elapsed() < FRESH { Index::Fresh } else { Index::Stale };
        (state.region.clone(), index)
    }

    /// TLS with the tenant's own certificate.
    pub fn tls(&self, tenant: &TenantId) -> Option<Arc<ClientConfig>> {
        self.current.load().tls.get(tenant).cloned()
    }

    /// How long ago the store was last read.
    pub fn age(&self) -> Duration {
        self.current.load().looked.elapsed()
    }
}

impl Tenants {
    /// `next_hop_roots`: whom certificates of next hops may come from.
    pub fn new(store: Store, next_hop_roots: RootCertStore, tenancy: Arc<Tenancy>) -> Tenants {
        Tenants { store, next_hop_roots, tenancy, known: HashMap::new() }
    }

    /// Reads the store once and publishes; for the start, before the first connection is taken.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn look(&mut self) -> Result<(), StoreError> {
        let known = read(self.store.clone(), self.next_hop_roots.clone(), self.known.clone()).await?;
        self.publish(known);
        Ok(())
    }

    fn publish(&mut self, known: HashMap<TenantId, Known>) {
        let changed = known.len() != self.known.len()
            || known.iter().any(|(id, now)| self.known.get(id).is_none_or(|before| before.revision != now.revision));
        let state = if changed {
            let snapshots = known.values().map(|one| one.snapshot.clone()).collect();
            match Region::new(snapshots) {
                Ok(region) => {
                    let tls = known.iter().map(|(id, one)| (id.clone(), one.tls.clone())).collect();
                    events::SnapshotPublished { tenants: known.len() }.emit();
                    self.known = known;
                    State { region: Arc::new(region), tls, looked: Instant::now() }
                }
                Err(problems) => {
                    // Two tenants claim the same name: what was served before serves on.
                    events::SnapshotRefused { problems: problems.len() }.emit();
                    return;
                }
            }
        } else {
            let before = self.tenancy.current.load();
            State { region: before.region.clone(), tls: before.tls.clone(), looked: Instant::now() }
        };
        self.tenancy.current.store(Arc::new(state));
    }
}

impl Actor for Tenants {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Context<Self>) {
        ctx.run_later(POLL, Tenants::poll);
    }
}

impl Tenants {
    /// Looks, publishes, and looks again a second later; one look at a time.
    fn poll(&mut self, ctx: &mut Context<Self>) {
        let look = read(self.store.clone(), self.next_hop_roots.clone(), self.known.clone());
        ctx.spawn(look.into_actor(self).map(|read, tenants, ctx| {
            match read {
                Ok(known) => tenants.publish(known),
                Err(error) => events::StoreFailed { cause: &error.to_string() }.emit(),
            }
            ctx.run_later(POLL, Tenants::poll);
        }));
    }
}

/// What the store has now; only what has changed is loaded and compiled.
async fn read(
    store: Store,
    roots: RootCertStore,
    known: HashMap<TenantId, Known>,
) -> Result<HashMap<TenantId, Known>, StoreError> {
    let mut now = HashMap::new();
    for (id, revision) in store.revisions().await? {
        let unchanged = known.get(&id).filter(|one| one.revision == revision);
        let one = match unchanged {
            Some(one) => Some(one.clone()),
            None => load(&store, &roots, &id).await?.or_else(|| known.get(&id).cloned()),
        };
        if let Some(one) = one {
            now.insert(id, one);
        }
    }
    Ok(now)
}

/// Loads and compiles one tenant. One that does not compile keeps what it had.
async fn load(store: &Store, roots: &RootCertStore, id: &TenantId) -> Result<Option<Known>, StoreError> {
    let Some(stored) = store.load(id).await? else { return Ok(None) };
    let pair = match store.certificate(id).await? {
        Some(certificate) => Pair::parse(&certificate.chain_pem, &certificate.key_pem).ok(),
        None => None,
    };
    let Ok(tls) = net::client_config(roots.clone(), pair) else { return Ok(None) };
    let revision = stored.revision;
    let compiled =
        tokio::task::spawn_blocking(move || Snapshot::compile(stored.file, stored.secrets, stored.revision)).await;
    match compiled {
        Ok(Ok(snapshot)) => Ok(Some(Known { revision, snapshot: Arc::new(snapshot), tls: Arc::new(tls) })),
        Ok(Err(problems)) => {
            events::SnapshotRefused { problems: problems.len() }.emit();
            Ok(None)
        }
        Err(_) => Ok(None),
    }
}

const POLL: Duration = Duration::from_secs(1);
/// An index older than this refuses nobody for good.
const FRESH: Duration = Duration::from_secs(60);
