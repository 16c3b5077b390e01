//! One look at the store: every tenant whose entry in the index changed, read page by page and compiled off the mail path.

use std::collections::{HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

use tokio::task::JoinHandle;

use crate::events;
use crate::store::{Changed, ClientCertificate, Cursor, Entry, Indexed, Store, StoreError};
use crate::tenant::{Edition, Tenant, TenantId};

/// Tenants as they are now; `None` are gone.
pub type Changes = HashMap<TenantId, Option<Loaded>>;

/// A tenant in the index, with the certificate that its next hop knows us by.
pub struct Loaded {
    pub tenant: Arc<Tenant>,
    pub certificate: Option<ClientCertificate>,
}

/// What the store said at one look.
pub struct Look {
    pub changes: Changes,
    /// Whom the store named, those too that cannot be used.
    pub named: HashSet<TenantId>,
    /// From the beginning: the store is an earlier state of itself.
    pub anew: bool,
    pub cursor: Cursor,
    pub failed: Option<StoreError>,
    pub began: Instant,
}

/// Everything that changed after a change, up to the moment at which the store knows no more; with an error, up to
/// the change before it. While one page is compiled the next is read.
pub async fn look(store: Store, cursor: Cursor) -> Look {
    let (changes, named, began) = (HashMap::new(), HashSet::new(), Instant::now());
    let mut look = Look { changes, named, anew: false, cursor, failed: None, began };
    let mut compiling: Option<JoinHandle<Compiled>> = None;
    if let Err(error) = store.reach().await {
        look.failed = Some(error);
        return look;
    }
    loop {
        let page = store.changes_after(look.cursor).await;
        if let Some(compiling) = compiling.take() {
            look.changes.extend(compiling.await.unwrap_or_default());
        }
        let page = match page {
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
            let compile = || page.changed.into_iter().filter_map(compiled).collect();
            compiling = Some(tokio::task::spawn_blocking(compile));
        }
        if !page.more {
            if let Some(compiling) = compiling {
                look.changes.extend(compiling.await.unwrap_or_default());
            }
            return look;
        }
    }
}

type Compiled = Vec<(TenantId, Option<Loaded>)>;

/// A panic, which was told of when it happened, is its tenant's alone.
fn compiled(changed: Changed) -> Option<(TenantId, Option<Loaded>)> {
    catch_unwind(AssertUnwindSafe(|| compile(changed))).ok().flatten()
}

/// Compiles the entry of one tenant. One that cannot be read or does not compile keeps what it had.
fn compile(changed: Changed) -> Option<(TenantId, Option<Loaded>)> {
    let Changed { tenant, edition, people_edition, .. } = &changed;
    match changed.live() {
        // Nobody hands its mail in yet.
        Ok(Some(entry)) if entry.settings.peer.is_none() => Some((tenant.clone(), None)),
        Ok(Some(entry)) => entered(entry, *edition, *people_edition).map(|loaded| (tenant.clone(), Some(loaded))),
        Ok(None) => Some((tenant.clone(), None)),
        Err(error) => {
            events::StoreFailed { asked: "tenant", cause: &error }.emit();
            refuse(tenant, *edition, 1);
            None
        }
    }
}

/// What a copy of the index has, as a look would have given it.
pub fn copied(tenants: Vec<Indexed>) -> Changes {
    let one = |Indexed { entry, edition, people_edition }| {
        let loaded = entered(entry, edition, people_edition)?;
        Some((loaded.tenant.id().clone(), Some(loaded)))
    };
    tenants.into_iter().filter(|indexed| indexed.entry.settings.peer.is_some()).filter_map(one).collect()
}

fn entered(entry: Entry, edition: Edition, people_edition: Edition) -> Option<Loaded> {
    let Entry { settings, secrets, certificate } = entry;
    let id = settings.id.clone();
    match Tenant::new(settings, secrets, edition, people_edition) {
        Ok(tenant) => Some(Loaded { tenant: Arc::new(tenant), certificate }),
        Err(problems) => {
            refuse(&id, edition, problems.len());
            None
        }
    }
}

fn refuse(tenant: &TenantId, edition: Edition, problems: usize) {
    events::SnapshotRefused { tenant: tenant.as_str(), revision: edition.revision.0, problems }.emit();
}
