//! The single writer of snapshots: asks the store what changed, when the store hints at it and at least twice a second,
//! compiles that off the mail path and publishes it for every core at once.
//!
//! Each change is read once, and only what it touches is made anew: with a hundred thousand tenants a look that finds
//! nothing costs what it costs with one. The mail path reads [`Tenancy`] and never waits for the store. When the store
//! is gone the last state serves on; after a minute without it, whom the index does not know is told 451 instead of
//! 550.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix::prelude::*;
use arc_swap::ArcSwap;
use rustls::{ClientConfig, RootCertStore};

use super::clients::Clients;
use crate::config::Pair;
use crate::events::{self, health::Health};
use crate::store::{Changed, Cursor, Live, Store, StoreError, Woken};
use crate::tenant::{Region, Snapshot, TenantId};
use crate::transit::Index;

/// All tenants as the mail path sees them.
pub struct Tenancy {
    current: ArcSwap<State>,
}

#[derive(Clone)]
struct State {
    region: Arc<Region>,
    clients: Clients,
    looked: Instant,
}

/// Keeps [`Tenancy`] current.
pub struct Tenants {
    store: Store,
    tenancy: Arc<Tenancy>,
    health: Arc<Health>,
    /// The last change that was read.
    cursor: Cursor,
    /// The store's hints, from the first look on.
    woken: Option<Woken>,
    /// Read and not published yet.
    pending: Changes,
}

/// Tenants as they are now; `None` are gone.
type Changes = HashMap<TenantId, Option<Loaded>>;

struct Loaded {
    snapshot: Arc<Snapshot>,
    /// The tenant's client certificate.
    pair: Option<Pair>,
}

/// Certificates of next hops may come from these roots from now on.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Trust(pub Arc<RootCertStore>);

impl Tenancy {
    /// Nobody yet. `next_hop_roots`: whom certificates of next hops may come from.
    pub fn empty(next_hop_roots: Arc<RootCertStore>) -> Tenancy {
        let (region, clients) = (Arc::new(Region::empty()), Clients::new(next_hop_roots));
        Tenancy { current: ArcSwap::from_pointee(State { region, clients, looked: Instant::now() }) }
    }

    /// The tenants, and whether that is what the store says now.
    pub fn region(&self) -> (Arc<Region>, Index) {
        let state = self.current.load();
        let index = if state.looked.elapsed() < FRESH { Index::Fresh } else { Index::Stale };
        (state.region.clone(), index)
    }

    /// TLS with the tenant's own certificate; `None` when TLS cannot use it.
    pub fn tls(&self, tenant: &TenantId) -> Option<Arc<ClientConfig>> {
        self.current.load().clients.config(tenant)
    }

    /// For the one writer: the next state, made of the one in force.
    fn publish(&self, change: impl FnOnce(&mut State)) {
        let mut state = State::clone(&self.current.load());
        change(&mut state);
        self.current.store(Arc::new(state));
    }
}

impl Tenants {
    pub fn new(store: Store, tenancy: Arc<Tenancy>, health: Arc<Health>) -> Tenants {
        Tenants { store, tenancy, health, cursor: Cursor::default(), woken: None, pending: HashMap::new() }
    }

    /// Reads the store once and publishes; for the start, before the first connection is taken.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn look(&mut self) -> Result<(), StoreError> {
        let look = look(self.store.clone(), self.cursor).await;
        self.take_in(look)
    }

    fn take_in(&mut self, look: Look) -> Result<(), StoreError> {
        self.cursor = look.cursor;
        let (found, began) = (!look.changes.is_empty(), look.began);
        self.pending.extend(look.changes);
        // Up to where the store was read the changes may contradict each other: one tenant has what another is yet
        // seen to give up.
        if let Some(error) = look.failed {
            return Err(error);
        }
        self.tenancy.publish(|state| state.looked = Instant::now());
        if found {
            self.apply(began);
        }
        self.health.snapshot_checked(self.tenancy.current.load().region.len());
        Ok(())
    }

    fn apply(&mut self, began: Instant) {
        let snapshot = |loaded: &Option<Loaded>| loaded.as_ref().map(|loaded| loaded.snapshot.clone());
        let changes = self.pending.iter().map(|(id, loaded)| (id.clone(), snapshot(loaded))).collect();
        let region = match self.tenancy.current.load().region.changed(&changes) {
            Ok(region) => region,
            // Two tenants claim the same name, which the store should have refused: what was served serves on, until
            // the next change may have mended it.
            Err(problems) => {
                return events::SnapshotRefused { tenant: "", revision: 0, problems: problems.len() }.emit();
            }
        };
        let tenants = region.len();
        let pending = std::mem::take(&mut self.pending);
        self.tenancy.publish(|state| {
            state.region = Arc::new(region);
            for (id, loaded) in pending {
                state.clients.show(&id, loaded.and_then(|loaded| loaded.pair));
            }
        });
        events::SnapshotPublished { changed: changes.len(), tenants, took: began.elapsed() }.emit();
    }

    /// Waits for a hint or a moment, looks, takes in, and so on; one look at a time.
    fn follow(&mut self, ctx: &mut Context<Self>) {
        let (store, cursor) = (self.store.clone(), self.cursor);
        let mut woken = self.woken.take().unwrap_or_else(|| store.woken());
        let look = async move {
            if tokio::time::timeout(POLL, woken.hint()).await.is_ok() {
                tokio::time::sleep(GATHER).await;
            }
            (look(store, cursor).await, woken)
        };
        ctx.spawn(look.into_actor(self).map(|(look, woken), tenants, ctx| {
            tenants.woken = Some(woken);
            if let Err(error) = tenants.take_in(look) {
                events::StoreFailed { asked: "tenants", cause: &error }.emit();
            }
            tenants.follow(ctx);
        }));
    }
}

impl Actor for Tenants {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Context<Self>) {
        self.follow(ctx);
    }
}

impl Handler<Trust> for Tenants {
    type Result = ();

    fn handle(&mut self, Trust(roots): Trust, _ctx: &mut Context<Self>) {
        self.tenancy.publish(|state| state.clients.trust(roots));
    }
}

/// What the store said at one look.
struct Look {
    changes: Changes,
    cursor: Cursor,
    failed: Option<StoreError>,
    began: Instant,
}

/// Everything that changed after a change, up to the moment at which the store knows no more; with an error, up to
/// the change before it.
async fn look(store: Store, cursor: Cursor) -> Look {
    let mut look = Look { changes: HashMap::new(), cursor, failed: None, began: Instant::now() };
    loop {
        let page = match store.changes_after(look.cursor).await {
            Ok(page) => page,
            Err(error) => {
                look.failed = Some(error);
                return look;
            }
        };
        look.cursor = page.cursor;
        if !page.changed.is_empty() {
            events::TenantsRead { count: page.changed.len() }.emit();
            let compiled = tokio::task::spawn_blocking(|| page.changed.into_iter().filter_map(compiled).collect());
            look.changes.extend(compiled.await.unwrap_or_else(|_| Vec::new()));
        }
        if !page.more {
            return look;
        }
    }
}

/// A panic, which was told of when it happened, is its tenant's alone.
fn compiled(changed: Changed) -> Option<(TenantId, Option<Loaded>)> {
    catch_unwind(AssertUnwindSafe(|| compile(changed))).ok().flatten()
}

/// Compiles one tenant. One that cannot be read or does not compile keeps what it had.
fn compile(changed: Changed) -> Option<(TenantId, Option<Loaded>)> {
    let Changed { tenant, revision, live } = changed;
    let refused = |problems| events::SnapshotRefused { tenant: tenant.as_str(), revision: revision.0, problems }.emit();
    failpoint!("snapshot", return None);
    let Live { stored, certificate } = match live {
        Ok(Some(live)) => live,
        Ok(None) => return Some((tenant, None)),
        Err(error) => {
            events::StoreFailed { asked: "tenant", cause: &error }.emit();
            refused(1);
            return None;
        }
    };
    let pair = certificate.and_then(|pem| Pair::parse(&pem.chain_pem, &pem.key_pem).ok());
    match Snapshot::compile(stored.file, stored.secrets, stored.revision) {
        Ok(snapshot) => Some((tenant, Some(Loaded { snapshot: Arc::new(snapshot), pair }))),
        Err(problems) => {
            refused(problems.len());
            None
        }
    }
}

/// Longest without a look: a hint may be lost.
const POLL: Duration = Duration::from_millis(500);
/// How long a hint waits for others.
const GATHER: Duration = Duration::from_millis(10);
/// An index older than this refuses nobody for good.
const FRESH: Duration = Duration::from_secs(60);
