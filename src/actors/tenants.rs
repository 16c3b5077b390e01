//! The single writer of the index of tenants: asks the store what changed, when the store hints at it and at least twice a
//! second, compiles that off the mail path and publishes it for every core at once; and the parent of the loaders, one for
//! each tenant whose rules and people are in memory ([`super::tenant_cache`]).
//!
//! Each change is read once, and only what it touches is made anew: with a hundred thousand tenants a look that finds
//! nothing costs what it costs with one. The mail path reads [`Tenancy`] and never waits for the store. When the store
//! is gone the last state serves on; after a minute without it, whom the index does not know is told 451 instead of
//! 550.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use actix::prelude::*;
use rustls::RootCertStore;
use tokio::sync::mpsc;

use super::cache::Want;
use super::copier::{self, Copier};
use super::look::{self, Changes, Loaded, Look};
use super::tenancy::Tenancy;
use super::tenant_cache::{self, Leave, Loads, TenantCache};
use crate::events::{self, health::Health};
use crate::store::{Copies, Cursor, Store, StoreError, Woken};
use crate::tenant::{Tenant, TenantId};

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
    /// What messages want of the loaders, until the actor has begun.
    wanted: Option<mpsc::UnboundedReceiver<Want>>,
    loads: Arc<Loads>,
    loaders: HashMap<TenantId, Addr<TenantCache>>,
    copier: Copier,
}

/// The snapshots of these tenants have left the cache.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Evicted(pub Vec<TenantId>);

/// Certificates of next hops may come from these roots from now on.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Trust(pub Arc<RootCertStore>);

impl Tenants {
    /// `wanted`: what messages want of the loaders; `copies`: those of this machine.
    pub fn new(
        store: Store,
        tenancy: Arc<Tenancy>,
        health: Arc<Health>,
        wanted: mpsc::UnboundedReceiver<Want>,
        copies: Option<Copies>,
    ) -> Tenants {
        Tenants {
            copier: Copier::default(),
            loads: Arc::new(Loads::new(store.clone(), tenancy.cache().clone(), copies)),
            store,
            tenancy,
            health,
            cursor: Cursor::default(),
            woken: None,
            pending: HashMap::new(),
            named_anew: None,
            wanted: Some(wanted),
            loaders: HashMap::new(),
        }
    }

    /// Reads the store once and publishes; for the start, before the first connection is taken.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn look(&mut self) -> Result<(), StoreError> {
        let look = look::look(self.store.clone(), self.cursor).await;
        self.take_in(look)
    }

    /// Takes the index from the sealed copy of this machine, for a start without the store; what the store says when it
    /// is back counts from its beginning. False when there is no copy that can be used.
    pub async fn look_at_copy(&mut self) -> bool {
        let began = Instant::now();
        let Some(copies) = self.loads.copies.clone() else { return false };
        let read = tokio::task::spawn_blocking(move || {
            Ok(copies.index()?.map(|copy| (copy.time_ms, look::copied(copy.tenants))))
        });
        let copy = match read.await.unwrap_or(Err(StoreError::Sealed)) {
            Ok(Some(copy)) => copy,
            Ok(None) => return false,
            Err(error) => {
                events::CopyRefused { tenant: None, cause: &error }.emit();
                return false;
            }
        };
        (_, self.pending) = copy;
        self.apply(began);
        self.named_anew = Some(HashSet::new());
        self.health.snapshot_copied(copy.0, self.tenancy.state().region.len());
        true
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
        if found || self.named_anew.is_some() {
            self.apply(began);
        }
        // While somebody is left out whom the store names, whoever is not known may exist.
        if self.pending.is_empty() {
            self.tenancy.publish(|state| state.looked = Some(Instant::now()));
        }
        self.health.fault("store", None);
        self.health.snapshot_checked(self.tenancy.state().region.len());
        Ok(())
    }

    fn apply(&mut self, began: Instant) {
        if let Some(named) = &self.named_anew {
            let region = self.tenancy.region().0;
            let gone = region.tenants().map(|tenant| tenant.id()).filter(|id| !named.contains(id));
            self.pending.extend(gone.map(|id| (id.clone(), None)));
        }
        let mut pending = std::mem::take(&mut self.pending);
        let tenant = |loaded: &Option<Loaded>| loaded.as_ref().map(|loaded| loaded.tenant.clone());
        let mut changes: HashMap<_, _> = pending.iter().map(|(id, loaded)| (id.clone(), tenant(loaded))).collect();
        let region = self.tenancy.region().0;
        // Two tenants claim the same, which the store should have refused: they stay what they were, until the next
        // change may have mended it.
        let (region, clashing) = match region.changed(&changes) {
            Ok(region) => (region, Vec::new()),
            Err(_) => region.changed_without_clashes(&changes),
        };
        for id in clashing {
            let revision = changes.remove(&id).flatten().map_or(0, |tenant| tenant.edition().revision.0);
            events::SnapshotRefused { tenant: id.as_str(), revision, problems: 1 }.emit();
            self.pending.extend(pending.remove_entry(&id));
        }
        let tenants = region.len();
        self.named_anew = None;
        self.tenancy.publish(|state| {
            state.region = Arc::new(region);
            for (id, loaded) in pending {
                state.clients.show(&id, loaded.and_then(|loaded| loaded.certificate));
            }
        });
        self.tell_loaders(&changes);
        self.copier.index_changed(changes.values().any(Option::is_none));
        events::SnapshotPublished { changed: changes.len(), tenants, took: began.elapsed() }.emit();
    }

    /// Whoever is loaded loads again, and whoever is gone is forgotten.
    fn tell_loaders(&mut self, changes: &HashMap<TenantId, Option<Arc<Tenant>>>) {
        let loaded: Vec<TenantId> = match self.loaders.len() < changes.len() {
            true => self.loaders.keys().filter(|id| changes.contains_key(*id)).cloned().collect(),
            false => changes.keys().filter(|id| self.loaders.contains_key(*id)).cloned().collect(),
        };
        for id in loaded {
            match (changes.get(&id).cloned().flatten(), self.loaders.get(&id)) {
                (Some(tenant), Some(loader)) => loader.do_send(tenant_cache::Changed(tenant)),
                _ => self.dismiss(&id),
            }
        }
    }

    fn dismiss(&mut self, tenant: &TenantId) {
        if let Some(loader) = self.loaders.remove(tenant) {
            loader.do_send(Leave);
        }
    }

    /// Copies the index where it has changed, and tidies the copies.
    fn copy(&mut self, copies: &Copies, ctx: &mut Context<Self>) {
        // What was taken from a copy is not written over it.
        let state = self.tenancy.state();
        let wrote = || self.loads.wrote.swap(false, Ordering::Relaxed);
        if state.looked.is_none() || !self.copier.is_due(wrote, Instant::now()) {
            return;
        }
        let (began, copies) = (Instant::now(), copies.clone());
        let work = tokio::task::spawn_blocking(move || copier::copy(&copies, &state.region, &state.clients));
        ctx.spawn(work.into_actor(self).map(move |_, tenants, _| tenants.copier.done(began.elapsed())));
    }

    /// Waits for a hint or a moment, looks, takes in, and so on; one look at a time.
    fn follow(&mut self, ctx: &mut Context<Self>) {
        let (store, cursor) = (self.store.clone(), self.cursor);
        let mut woken = self.woken.take().unwrap_or_else(|| store.woken());
        let look = async move {
            if tokio::time::timeout(POLL, woken.hint()).await.is_ok() {
                tokio::time::sleep(GATHER).await;
            }
            (look::look(store, cursor).await, woken)
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
        if let Some(mut wanted) = self.wanted.take() {
            ctx.add_message_stream(futures_util::stream::poll_fn(move |cx| wanted.poll_recv(cx)));
        }
        if let Some(copies) = self.loads.copies.clone() {
            ctx.run_interval(LOOK_AT_COPIES, move |tenants, ctx| tenants.copy(&copies, ctx));
        }
        self.follow(ctx);
    }
}

impl Handler<Want> for Tenants {
    type Result = ();

    /// Of a tenant that has gone meanwhile nothing is loaded.
    fn handle(&mut self, want: Want, ctx: &mut Context<Self>) {
        let Some(tenant) = self.tenancy.region().0.get(want.tenant.id()).cloned() else { return };
        let (loads, itself) = (&self.loads, ctx.address());
        let begin = || TenantCache::new(loads.clone(), itself, tenant.clone()).start();
        let known = self.loaders.get(tenant.id()).filter(|loader| loader.connected()).cloned();
        // One that a panic ended begins anew.
        let loader = known.unwrap_or_else(|| {
            let loader = begin();
            self.loaders.insert(tenant.id().clone(), loader.clone());
            loader
        });
        loader.do_send(want);
    }
}

impl Handler<Evicted> for Tenants {
    type Result = ();

    fn handle(&mut self, Evicted(tenants): Evicted, _ctx: &mut Context<Self>) {
        for tenant in tenants {
            self.dismiss(&tenant);
        }
    }
}

impl Handler<Trust> for Tenants {
    type Result = ();

    fn handle(&mut self, Trust(roots): Trust, _ctx: &mut Context<Self>) {
        self.tenancy.publish(|state| state.clients.trust(roots));
    }
}

/// Longest without a look: a hint may be lost.
const POLL: Duration = Duration::from_millis(500);
/// How long a hint waits for others.
const GATHER: Duration = Duration::from_millis(10);
/// How often it is looked whether there is something to copy.
const LOOK_AT_COPIES: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::path::Path;

    use super::super::cache::Cache;
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
        served.map(|(number, it)| format!("d{number} {} {}", it.id(), it.edition().revision)).collect()
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
        let (cache, wanted) = Cache::new(1 << 20, Duration::from_secs(60));
        let tenancy = Arc::new(Tenancy::empty(Arc::new(RootCertStore::empty()), Arc::new(cache)));
        let mut tenants = Tenants::new(store.clone(), tenancy.clone(), Arc::new(Health::new("eu-a")), wanted, None);
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
