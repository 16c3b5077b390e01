//! The single writer of snapshots: looks at the store twice a second, compiles what changed off the mail path and
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
use crate::events::{self, health::Health};
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
    tls: Arc<HashMap<TenantId, Arc<ClientConfig>>>,
    looked: Instant,
}

/// Keeps [`Tenancy`] current.
pub struct Tenants {
    store: Store,
    next_hop_roots: Arc<RootCertStore>,
    tenancy: Arc<Tenancy>,
    health: Arc<Health>,
    known: HashMap<TenantId, Known>,
    /// Time of the newest change seen, unix milliseconds.
    newest_ms: i64,
}

struct Known {
    snapshot: Arc<Snapshot>,
    /// The tenant's client certificate.
    pair: Option<Pair>,
    tls: Arc<ClientConfig>,
}

/// Certificates of next hops may come from these roots from now on.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Trust(pub Arc<RootCertStore>);

impl Tenancy {
    pub fn empty() -> Tenancy {
        let state = State { region: Arc::new(Region::empty()), tls: Arc::default(), looked: Instant::now() };
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
}

struct Loaded {
    snapshot: Arc<Snapshot>,
    pair: Option<Pair>,
}

/// What the store said at one look.
struct Look {
    changed: Vec<(TenantId, Option<Loaded>)>,
    newest_ms: i64,
    began: Instant,
}

impl Tenants {
    /// `next_hop_roots`: whom certificates of next hops may come from.
    pub fn new(
        store: Store,
        next_hop_roots: Arc<RootCertStore>,
        tenancy: Arc<Tenancy>,
        health: Arc<Health>,
    ) -> Tenants {
        Tenants { store, next_hop_roots, tenancy, health, known: HashMap::new(), newest_ms: 0 }
    }

    /// Reads the store once and publishes; for the start, before the first connection is taken.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn look(&mut self) -> Result<(), StoreError> {
        let look = look(self.store.clone(), self.revisions(), self.newest_ms).await?;
        self.take_in(look);
        Ok(())
    }

    fn revisions(&self) -> HashMap<TenantId, Revision> {
        self.known.iter().map(|(id, known)| (id.clone(), known.snapshot.revision())).collect()
    }

    fn take_in(&mut self, look: Look) {
        self.newest_ms = look.newest_ms;
        self.health.snapshot_checked(self.known.len());
        if look.changed.is_empty() {
            let before = self.tenancy.current.load();
            let state = State { region: before.region.clone(), tls: before.tls.clone(), looked: Instant::now() };
            return self.tenancy.current.store(Arc::new(state));
        }
        let changed = look.changed.len();
        for (id, known) in look.changed {
            match known {
                Some(loaded) => self.know(id, loaded),
                None => drop(self.known.remove(&id)),
            }
        }
        let snapshots: Vec<Arc<Snapshot>> = self.known.values().map(|one| one.snapshot.clone()).collect();
        match Region::new(snapshots) {
            Ok(region) => {
                let tenants = region.len();
                self.health.snapshot_checked(tenants);
                let state = State { region: Arc::new(region), tls: Arc::new(self.tls()), looked: Instant::now() };
                self.tenancy.current.store(Arc::new(state));
                events::SnapshotPublished { changed, tenants, took: look.began.elapsed() }.emit();
            }
            // Two tenants claim the same name, which the store should have refused: what was served serves on.
            Err(problems) => events::SnapshotRefused { tenant: "", revision: 0, problems: problems.len() }.emit(),
        }
    }

    /// A tenant whose certificate TLS cannot use keeps what it had.
    fn know(&mut self, id: TenantId, Loaded { snapshot, pair }: Loaded) {
        if let Ok(tls) = net::client_config(self.next_hop_roots.clone(), pair.clone()) {
            self.known.insert(id, Known { snapshot, pair, tls: Arc::new(tls) });
        }
    }

    fn tls(&self) -> HashMap<TenantId, Arc<ClientConfig>> {
        self.known.iter().map(|(id, one)| (id.clone(), one.tls.clone())).collect()
    }

    /// Looks, takes in, and looks again a second later; one look at a time.
    fn poll(&mut self, ctx: &mut Context<Self>) {
        let look = look(self.store.clone(), self.revisions(), self.newest_ms);
        ctx.spawn(look.into_actor(self).map(|look, tenants, ctx| {
            match look {
                Ok(look) => tenants.take_in(look),
                Err(error) => events::StoreFailed { asked: "tenants", cause: &error }.emit(),
            }
            ctx.run_later(POLL, Tenants::poll);
        }));
    }
}

impl Actor for Tenants {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Context<Self>) {
        ctx.run_later(POLL, Tenants::poll);
    }
}

impl Handler<Trust> for Tenants {
    type Result = ();

    fn handle(&mut self, Trust(roots): Trust, _ctx: &mut Context<Self>) {
        for known in self.known.values_mut() {
            // It could be made with other roots, so it can be made with these.
            if let Ok(tls) = net::client_config(roots.clone(), known.pair.clone()) {
                known.tls = Arc::new(tls);
            }
        }
        self.next_hop_roots = roots;
        let before = self.tenancy.current.load();
        let state = State { region: before.region.clone(), tls: Arc::new(self.tls()), looked: before.looked };
        self.tenancy.current.store(Arc::new(state));
    }
}

/// What has changed in the store; only that is loaded and compiled. Tenants that changed within the overlap are
/// seen again and known by their revision: transactions may become visible out of order.
async fn look(store: Store, revisions: HashMap<TenantId, Revision>, newest_ms: i64) -> Result<Look, StoreError> {
    let mut look = Look { changed: Vec::new(), newest_ms, began: Instant::now() };
    for change in store.revisions_since(newest_ms.saturating_sub(OVERLAP_MS)).await? {
        look.newest_ms = look.newest_ms.max(change.changed_ms);
        let known = revisions.get(&change.tenant);
        match change.deleted {
            true if known.is_some() => look.changed.push((change.tenant, None)),
            false if known != Some(&change.revision) => {
                if let Some(loaded) = load(&store, &change.tenant).await? {
                    look.changed.push((change.tenant, Some(loaded)));
                }
            }
            _ => {}
        }
    }
    Ok(look)
}

/// Loads and compiles one tenant. One that does not compile keeps what it had.
async fn load(store: &Store, id: &TenantId) -> Result<Option<Loaded>, StoreError> {
    failpoint!("snapshot", return Ok(None));
    let Some(stored) = store.load(id).await? else { return Ok(None) };
    let pair = match store.certificate(id).await? {
        Some(certificate) => Pair::parse(&certificate.chain_pem, &certificate.key_pem).ok(),
        None => None,
    };
    let revision = stored.revision;
    let compile = move || Snapshot::compile(stored.file, stored.secrets, stored.revision);
    let compiled = tokio::task::spawn_blocking(compile).await;
    match compiled {
        Ok(Ok(snapshot)) => Ok(Some(Loaded { snapshot: Arc::new(snapshot), pair })),
        Ok(Err(problems)) => {
            events::SnapshotRefused { tenant: id.as_str(), revision: revision.0, problems: problems.len() }.emit();
            Ok(None)
        }
        Err(_) => Ok(None),
    }
}

const POLL: Duration = Duration::from_millis(500);
/// No transaction lasts so long.
const OVERLAP_MS: i64 = 60_000;
/// An index older than this refuses nobody for good.
const FRESH: Duration = Duration::from_secs(60);
