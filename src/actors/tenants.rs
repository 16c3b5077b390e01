//! The single writer of snapshots: asks the store what changed, when the store hints at it and at least twice a second,
//! compiles that off the mail path and publishes it for every core at once.
//!
//! Each change is read once, and only what it touches is made anew: with a hundred thousand tenants a look that finds
//! nothing costs what it costs with one. The mail path reads [`Tenancy`] and never waits for the store. When the store
//! is gone the last state serves on; after a minute without it, whom the index does not know is told 451 instead of
//! 550.

use std::collections::{HashMap, HashSet};
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
    /// Whom the store has named since it was found to be an earlier state of itself; whom it has not is gone.
    named_anew: Option<HashSet<TenantId>>,
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
        let (cursor, pending) = (Cursor::default(), HashMap::new());
        Tenants { store, tenancy, health, cursor, woken: None, pending, named_anew: None }
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
        let (found, began) = (look.anew || !look.changes.is_empty(), look.began);
        if look.anew {
            self.pending.clear();
            self.named_anew = Some(look.named);
        } else if let Some(named) = &mut self.named_anew {
            named.extend(look.named);
        }
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
        if let Some(named) = &self.named_anew {
            let region = self.tenancy.region().0;
            let gone = region.tenants().map(|tenant| tenant.id()).filter(|id| !named.contains(id));
            self.pending.extend(gone.map(|id| (id.clone(), None)));
        }
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
        self.named_anew = None;
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
    /// Whom the store named, those too that cannot be used.
    named: HashSet<TenantId>,
    /// From the beginning: the store is an earlier state of itself.
    anew: bool,
    cursor: Cursor,
    failed: Option<StoreError>,
    began: Instant,
}

/// Everything that changed after a change, up to the moment at which the store knows no more; with an error, up to
/// the change before it.
async fn look(store: Store, cursor: Cursor) -> Look {
    let (changes, named, began) = (HashMap::new(), HashSet::new(), Instant::now());
    let mut look = Look { changes, named, anew: false, cursor, failed: None, began };
    loop {
        let page = match store.changes_after(look.cursor).await {
            Ok(page) => page,
            Err(error) => {
                look.failed = Some(error);
                return look;
            }
        };
        look.cursor = page.cursor;
        if page.anew {
            (look.changes, look.named, look.anew) = (HashMap::new(), HashSet::new(), true);
        }
        look.named.extend(page.changed.iter().map(|changed| changed.tenant.clone()));
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::path::Path;

    use super::*;
    use crate::config::create_key_file;
    use crate::store::SealKey;
    use crate::tenant::{Mode, TenantFile};

    async fn open(folder: &Path, name: &str) -> Store {
        let key = SealKey::read(&folder.join("signet.key")).unwrap();
        Store::open(&format!("sqlite:{}", folder.join(name).display()), key).await.unwrap()
    }

    fn file(id: &str, domain: &str) -> TenantFile {
        let file = serde_json::json!({"signet": 1, "id": id, "name": id, "domains": [domain],
            "peer": {"proof": "certificate", "name": format!("mx.{id}.example"), "next_hop": {"host": "in.example"}}});
        TenantFile::parse(file.to_string().as_bytes()).unwrap()
    }

    /// Who is served, at which revision, and for which of four domains.
    fn served(tenancy: &Tenancy) -> Vec<String> {
        let region = tenancy.region().0;
        let owner = |number| region.by_domain(&format!("d{number}.example")).map(|it| (number, it));
        let served = (0..4).filter_map(owner);
        served.map(|(number, it)| format!("d{number} {} {}", it.id(), it.revision())).collect()
    }

    #[tokio::test]
    async fn what_is_served_follows_the_store_forward_and_back() {
        let place = tempfile::tempdir().unwrap();
        create_key_file(&place.path().join("signet.key")).unwrap();
        let store = open(place.path(), "first.db").await;
        for (id, domain) in [("a", "d0.example"), ("b", "d1.example")] {
            store.import(&file(id, domain)).await.unwrap();
        }
        store.close().await;
        std::fs::copy(place.path().join("first.db"), place.path().join("second.db")).unwrap();

        let store = open(place.path(), "first.db").await;
        let tenancy = Arc::new(Tenancy::empty(Arc::new(RootCertStore::empty())));
        let mut tenants = Tenants::new(store.clone(), tenancy.clone(), Arc::new(Health::new("eu-a")));
        tenants.look().await.unwrap();
        assert_eq!(served(&tenancy), ["d0 a 1", "d1 b 1"]);
        // A domain goes from one tenant to another between two looks, and the one that gave it up is read later.
        store.import(&file("a", "d2.example")).await.unwrap();
        store.import(&file("b", "d0.example")).await.unwrap();
        store.set_mode(&TenantId::parse("a").unwrap(), Mode::Bypass).await.unwrap();
        store.import(&file("c", "d3.example")).await.unwrap();
        tenants.look().await.unwrap();
        assert_eq!(served(&tenancy), ["d0 b 2", "d2 a 3", "d3 c 1"]);

        // The copy of yesterday is put in the store's place: c was not there then.
        tenants.store = open(place.path(), "second.db").await;
        tenants.look().await.unwrap();
        assert_eq!(served(&tenancy), ["d0 a 1", "d1 b 1"]);
        tenants.store.import(&file("c", "d3.example")).await.unwrap();
        tenants.look().await.unwrap();
        assert_eq!(served(&tenancy), ["d0 a 1", "d1 b 1", "d3 c 1"]);
    }
}
