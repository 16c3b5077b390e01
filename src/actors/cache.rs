//! The rules and people of the tenants that have mail under way, within a budget of memory.
//!
//! The mail path finds what is there without a lock, a wait or any I/O. What is not there is asked of the tenant's loader
//! ([`super::tenant_cache`]), and waited for no longer than a message may wait: after that the message goes on unsigned.
//! When the budget is passed, those that nobody uses leave, the one that was used longest ago first; one in use never
//! does, for that would free nothing.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use tokio::sync::{mpsc, oneshot};

use crate::events::{self, SnapshotAnswer};
use crate::metrics::metrics;
use crate::net::Rules;
use crate::tenant::{SharedMap, Snapshot, Tenant, TenantId};

/// What is loaded.
pub struct Cache {
    slots: ArcSwap<Slots>,
    /// Held by whoever changes the slots.
    writing: Mutex<()>,
    wants: mpsc::UnboundedSender<Want>,
    bounds: Bounds,
    began: Instant,
}

type Slots = SharedMap<Arc<str>, Arc<Slot>>;

/// What a running process may change.
struct Bounds {
    bytes: AtomicUsize,
    patience_ms: AtomicU64,
}

struct Slot {
    snapshot: Arc<Snapshot>,
    /// Milliseconds since the cache began.
    used_ms: AtomicU64,
}

/// A tenant's rules and people are wanted by a message.
pub struct Want {
    pub tenant: Arc<Tenant>,
    pub tell: oneshot::Sender<Option<Arc<Snapshot>>>,
}

impl Cache {
    /// Nothing yet. `bytes`: the budget; `patience`: the longest wait of a message. Gives what is wanted of the loaders.
    pub fn new(bytes: usize, patience: Duration) -> (Cache, mpsc::UnboundedReceiver<Want>) {
        let (wants, wanted) = mpsc::unbounded_channel();
        let bounds = Bounds { bytes: AtomicUsize::new(bytes), patience_ms: AtomicU64::new(0) };
        let cache =
            Cache { slots: ArcSwap::default(), writing: Mutex::default(), wants, bounds, began: Instant::now() };
        cache.bound(bytes, patience);
        (cache, wanted)
    }

    /// Other bounds from now on; what is loaded leaves when the next is loaded.
    pub fn bound(&self, bytes: usize, patience: Duration) {
        self.bounds.bytes.store(bytes, Ordering::Relaxed);
        self.bounds.patience_ms.store(u64::try_from(patience.as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// For a message of the tenant.
    pub fn rules(&self, tenant: &Arc<Tenant>) -> Rules {
        let slots = self.slots.load();
        if let Some(slot) = slots.get(tenant.id().as_str()) {
            slot.used_ms.store(self.now_ms(), Ordering::Relaxed);
            SnapshotAnswer::Memory.count();
            return Rules::There(slot.snapshot.clone());
        }
        let (tell, told) = oneshot::channel();
        // Without the loaders nothing comes, which the other end of the channel says at once.
        let _ = self.wants.send(Want { tenant: tenant.clone(), tell });
        let patience = Duration::from_millis(self.bounds.patience_ms.load(Ordering::Relaxed));
        let tenant = tenant.clone();
        Rules::Come(Box::pin(async move {
            let came = tokio::time::timeout(patience, told).await.ok().and_then(Result::ok).flatten();
            match &came {
                Some(_) => SnapshotAnswer::Loaded.count(),
                None => events::SnapshotMissing { tenant: tenant.id().as_str() }.emit(),
            }
            came
        }))
    }

    /// What is loaded of a tenant; nobody counts as using it by that.
    pub fn peek(&self, tenant: &TenantId) -> Option<Arc<Snapshot>> {
        self.slots.load().get(tenant.as_str()).map(|slot| slot.snapshot.clone())
    }

    /// Keeps a snapshot in the place of the tenant's last one, and makes room for it. Gives whose had to leave.
    pub fn keep(&self, snapshot: Arc<Snapshot>) -> Vec<TenantId> {
        self.change(|slots| {
            let used_ms = AtomicU64::new(self.now_ms());
            slots.insert(snapshot.id().as_str().into(), Arc::new(Slot { snapshot: snapshot.clone(), used_ms }));
            self.make_room(slots, snapshot.id())
        })
    }

    /// The tenant's snapshot is not needed here any more.
    pub fn forget(&self, tenant: &TenantId) {
        self.change(|slots| {
            slots.remove(tenant.as_str());
        });
    }

    fn change<T>(&self, change: impl FnOnce(&mut Slots) -> T) -> T {
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut slots = Slots::clone(&self.slots.load());
        let done = change(&mut slots);
        let bytes: usize = slots.values().map(|slot| cost(slot)).sum();
        events::SnapshotsLoaded { tenants: slots.len(), bytes }.emit();
        self.slots.store(Arc::new(slots));
        done
    }

    /// The stamps that snapshots keep grow with use, so all of them are counted anew: a few thousand.
    fn make_room(&self, slots: &mut Slots, but: &TenantId) -> Vec<TenantId> {
        let mut bytes: usize = slots.values().map(|slot| cost(slot)).sum();
        let most = self.bounds.bytes.load(Ordering::Relaxed);
        if bytes <= most {
            return Vec::new();
        }
        let mut unused: Vec<Arc<Slot>> = slots.values().filter(|slot| slot.snapshot.id() != but).cloned().collect();
        unused.sort_unstable_by_key(|slot| slot.used_ms.load(Ordering::Relaxed));
        let mut left = Vec::new();
        for slot in unused {
            if bytes <= most / EIGHTHS * (EIGHTHS - 1) {
                break;
            }
            // Whoever finds it from now on gets a reference; it stays with them for as long as they use it.
            if Arc::strong_count(&slot.snapshot) == 1 {
                bytes -= cost(&slot).min(bytes);
                slots.remove(slot.snapshot.id().as_str());
                left.push(slot.snapshot.id().clone());
            }
        }
        metrics().snapshot_evicted_total.inc_by(u64::try_from(left.len()).unwrap_or(u64::MAX));
        left
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

fn cost(slot: &Slot) -> usize {
    slot.snapshot.memory_bytes() + LOADER_BYTES
}

/// When there is no room an eighth is made, so that not every snapshot makes it anew.
const EIGHTHS: usize = 8;
/// What a loaded tenant costs beside its snapshot: its loader and its slot.
const LOADER_BYTES: usize = 4 << 10;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::imprint::StampKey;
    use crate::tenant::{Revision, Secrets, TenantFile};

    fn snapshot(id: &str) -> Arc<Snapshot> {
        let people: Vec<_> = (0..100)
            .map(|n| serde_json::json!({"id": format!("p{n}"), "addresses": [format!("p{n}@{id}.example")]}))
            .collect();
        let file = serde_json::json!({"signet": 1, "id": id, "name": id, "domains": [format!("{id}.example")],
            "people": people,
            "peer": {"proof": "certificate", "name": format!("mx.{id}.example"), "next_hop": {"host": "in.example"}}});
        let file = TenantFile::parse(file.to_string().as_bytes()).unwrap();
        let stamp_keys = vec![StampKey { id: "k1".into(), secret: [1; 32] }];
        let secrets = Secrets { stamp_keys, loop_word: "loopword".into(), trace_key: [7; 32] };
        Arc::new(Snapshot::compile(file, secrets, Revision(1)).unwrap())
    }

    fn id(id: &str) -> TenantId {
        TenantId::parse(id).unwrap()
    }

    #[test]
    fn who_was_used_longest_ago_leaves_and_who_is_in_use_never() {
        let one = snapshot("a").memory_bytes() + LOADER_BYTES;
        let (cache, _wanted) = Cache::new(one * 9 / 2, Duration::ZERO);
        let names = ["a", "b", "c", "d"];
        for name in names {
            assert!(cache.keep(snapshot(name)).is_empty());
        }
        let in_use = cache.peek(&id("a")).unwrap();
        for (used, name) in (1..).zip(["b", "d", "c", "a"]) {
            cache.slots.load().get(name).unwrap().used_ms.store(used, Ordering::Relaxed);
        }
        cache.slots.load().get("a").unwrap().used_ms.store(0, Ordering::Relaxed);
        assert_eq!(cache.keep(snapshot("e")), [id("b"), id("d")]);
        let there = |name: &&str| cache.peek(&id(name)).is_some();
        assert!(["a", "c", "e"].iter().all(there) && !["b", "d"].iter().any(there));
        drop(in_use);
        // One that is larger than all the room there is stays while it is the newest.
        cache.bound(one / 2, Duration::ZERO);
        assert_eq!(cache.keep(snapshot("f")).len(), 3);
        assert!(there(&"f"));
        cache.forget(&id("f"));
        assert!(!there(&"f"));
    }
}
