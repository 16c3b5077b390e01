//! The loader of one tenant: reads its rules and people when a message wants them, and again when they have changed.
//!
//! Several messages wait for one load. A load that takes longer than they wait is finished all the same, for those that
//! come later. What is loaded serves until the next is whole. Where people change page by page they are not read for each
//! page: after a load that took a time the next of its kind waits nine times that long, so that no tenant takes more than
//! a tenth of a core; a small one is read again within a second. A store that fails is asked again after a while, and
//! until then nobody waits for it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use actix::prelude::*;
use tokio::sync::{Semaphore, oneshot};

use super::cache::{Cache, Want};
use super::copier;
use super::tenants::{Evicted, Tenants};
use crate::events::{self, SnapshotSource};
use crate::store::{Copies, Parts, Reading, Store, StoreError};
use crate::tenant::{Album, Edition, People, Snapshot, Tenant, TenantId};

/// What all loaders share.
pub struct Loads {
    pub store: Store,
    pub cache: Arc<Cache>,
    /// On this machine, if it keeps any.
    pub copies: Option<Copies>,
    /// Some were written since this was asked last.
    pub wrote: AtomicBool,
    /// Who waits for mail, for rules alone and for people has turns of their own: half a million people keep no message
    /// and no saved signature waiting.
    pub first: Semaphore,
    pub rules: Semaphore,
    pub people: Semaphore,
    /// Who finds what it needs on this machine waits for no database.
    pub disk: Semaphore,
}

/// One tenant's loader.
pub struct TenantCache {
    loads: Arc<Loads>,
    tenants: Addr<Tenants>,
    /// As the index has it.
    tenant: Arc<Tenant>,
    waiting: Vec<oneshot::Sender<Option<Arc<Snapshot>>>>,
    loading: bool,
    /// The index may know of something newer than what is loaded.
    outdated: bool,
    /// When rules, and people, may be read again.
    next_rules: Instant,
    next_people: Instant,
    failed: Option<Instant>,
    /// The moment at which it looks again.
    again: Option<SpawnHandle>,
    /// It is not needed any more.
    left: bool,
}

/// The index has another entry of the tenant.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Changed(pub Arc<Tenant>);

/// The tenant's snapshot has left, or the tenant itself.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Leave;

#[derive(Message)]
#[rtype(result = "()")]
struct Again;

impl Message for Want {
    type Result = ();
}

/// What a load gave.
struct Done {
    snapshot: Result<Option<Arc<Snapshot>>, StoreError>,
    wanted: Reading,
    took: Duration,
}

impl Loads {
    pub fn new(store: Store, cache: Arc<Cache>, copies: Option<Copies>) -> Loads {
        let turns = |count| Semaphore::new(count);
        let wrote = AtomicBool::new(false);
        let (first, disk) = (turns(FIRST), turns(FIRST));
        Loads { store, cache, copies, wrote, first, rules: turns(1), people: turns(1), disk }
    }

    /// Reads and compiles; `known`: what is loaded.
    async fn load(self: Arc<Loads>, tenant: Arc<Tenant>, known: Option<Arc<Snapshot>>, wanted: Reading) -> Done {
        let began = Instant::now();
        let snapshot = match known {
            None => self.clone().load_first(&tenant).await,
            known => self.clone().read_store(&tenant, known, wanted).await,
        };
        Done { snapshot, wanted, took: began.elapsed() }
    }

    /// From the copy where it is what the index knows, else from the store; from an older copy where the store does not
    /// answer soon.
    async fn load_first(self: Arc<Loads>, tenant: &Arc<Tenant>) -> Result<Option<Arc<Snapshot>>, StoreError> {
        let copied = self.copied(tenant).await;
        if copied == Some((tenant.edition(), tenant.people_edition()))
            && let Some(snapshot) = self.read_copy(tenant).await
        {
            return Ok(Some(snapshot));
        }
        let asked = self.clone().read_store(tenant, None, Reading::All);
        if copied.is_none() {
            return asked.await;
        }
        match tokio::time::timeout(COPY_AFTER, asked).await.unwrap_or(Err(StoreError::Timeout)) {
            Ok(snapshot) => Ok(snapshot),
            Err(error) => self.read_copy(tenant).await.map(Some).ok_or(error),
        }
    }

    async fn read_store(
        self: Arc<Loads>,
        tenant: &Tenant,
        known: Option<Arc<Snapshot>>,
        wanted: Reading,
    ) -> Result<Option<Arc<Snapshot>>, StoreError> {
        let turns = match (&known, wanted) {
            (None, _) => &self.first,
            (_, Reading::Rules) => &self.rules,
            _ => &self.people,
        };
        let _turn = turns.acquire().await;
        let began = Instant::now();
        let before = known.as_ref().map(|known| known.album().clone()).unwrap_or_default();
        let pictures = before.hashes();
        let read = self.store.parts(tenant.id(), wanted, |hash| pictures.contains(hash)).await?;
        let Some(mut parts) = read else { return Ok(None) };
        let loads = self.clone();
        let compile = move || {
            let album = album_of(&mut parts, &before);
            let is_new = known.is_none() || album.digest() != before.digest();
            loads.copy(&parts, &album, is_new);
            compiled(parts, album, known)
        };
        let snapshot = tokio::task::spawn_blocking(compile).await.ok().flatten();
        events::SnapshotLoaded { source: SnapshotSource::Store, took: began.elapsed() }.emit();
        Ok(snapshot)
    }

    /// A disk that is full costs the copy, not the mail.
    fn copy(&self, parts: &Parts, album: &Album, is_new: bool) {
        let Some(copies) = &self.copies else { return };
        match copies.write(&parts.rules.id, parts, album, is_new) {
            Ok(_) => {
                self.wrote.store(true, Ordering::Relaxed);
                events::CopyWritten { part: events::CopyPart::Tenant }.emit();
            }
            Err(error) => copier::failed(&error),
        }
    }

    /// The editions of what is copied.
    async fn copied(&self, tenant: &Arc<Tenant>) -> Option<(Edition, Edition)> {
        self.of_copies(tenant, |copies, tenant| copies.editions(tenant)).await
    }

    async fn read_copy(&self, tenant: &Arc<Tenant>) -> Option<Arc<Snapshot>> {
        let _turn = self.disk.acquire().await;
        let began = Instant::now();
        let read = |copies: &Copies, tenant: &TenantId| {
            let parts = copies.read(tenant)?.filter(|parts| parts.rules.id == *tenant);
            Ok(parts.and_then(|mut parts| {
                let album = album_of(&mut parts, &Arc::default());
                compiled(parts, album, None)
            }))
        };
        let snapshot = self.of_copies(tenant, read).await;
        events::SnapshotLoaded { source: SnapshotSource::Copy, took: began.elapsed() }.emit();
        snapshot
    }

    /// A copy that cannot be used is told of, and counts as none.
    async fn of_copies<T: Send + 'static>(
        &self,
        tenant: &Arc<Tenant>,
        ask: impl FnOnce(&Copies, &TenantId) -> Result<Option<T>, StoreError> + Send + 'static,
    ) -> Option<T> {
        let copies = self.copies.clone()?;
        let tenant = tenant.clone();
        let asked = tokio::task::spawn_blocking(move || {
            ask(&copies, tenant.id()).unwrap_or_else(|error| {
                events::CopyRefused { tenant: Some(tenant.id().as_str()), cause: &error }.emit();
                None
            })
        });
        asked.await.ok().flatten()
    }
}

/// A panic, which was told of when it happened, is its tenant's alone.
fn compiled(parts: Parts, album: Arc<Album>, known: Option<Arc<Snapshot>>) -> Option<Arc<Snapshot>> {
    catch_unwind(AssertUnwindSafe(|| compile(parts, album, known))).ok().flatten()
}

/// The photos that came with the people, else those of before.
fn album_of(parts: &mut Parts, before: &Arc<Album>) -> Arc<Album> {
    match &mut parts.people {
        Some(rows) => Arc::new(Album::compile(std::mem::take(&mut rows.photos), before)),
        None => before.clone(),
    }
}

fn compile(parts: Parts, album: Arc<Album>, known: Option<Arc<Snapshot>>) -> Option<Arc<Snapshot>> {
    let Parts { rules, secrets, edition, people_edition, people } = parts;
    failpoint!("snapshot", {
        events::SnapshotRefused { tenant: rules.id.as_str(), revision: edition.revision.0, problems: 1 }.emit();
        return None;
    });
    let people = match people {
        Some(rows) => Arc::new(People::compile(rows.people, &rows.groups, people_edition)),
        None => known?.people_part().clone(),
    };
    Some(Arc::new(Snapshot::of_parts(rules, people, album, secrets, edition)))
}

impl TenantCache {
    pub fn new(loads: Arc<Loads>, tenants: Addr<Tenants>, tenant: Arc<Tenant>) -> TenantCache {
        let now = Instant::now();
        TenantCache {
            loads,
            tenants,
            tenant,
            waiting: Vec::new(),
            loading: false,
            outdated: false,
            next_rules: now,
            next_people: now,
            failed: None,
            again: None,
            left: false,
        }
    }

    /// What is to be read now, if anything; else when to ask again.
    fn due(&self, known: Option<&Snapshot>, now: Instant) -> Result<Reading, Option<Instant>> {
        let Some(known) = known else {
            return if self.waiting.is_empty() { Err(None) } else { Ok(Reading::All) };
        };
        if !self.outdated {
            return Err(None);
        }
        let after_failure = self.failed.map(|failed| failed + AGAIN);
        if let Some(at) = after_failure.filter(|at| *at > now) {
            return Err(Some(at));
        }
        let people_now = self.tenant.people_edition() != known.people_part().edition();
        let rules_now = self.tenant.edition() != known.edition();
        match (people_now && self.next_people <= now, rules_now && self.next_rules <= now) {
            (true, _) => Ok(Reading::PeopleAfter(known.people_part().edition())),
            (false, true) => Ok(Reading::Rules),
            (false, false) => {
                let people = people_now.then_some(self.next_people);
                Err(people.into_iter().chain(rules_now.then_some(self.next_rules)).min())
            }
        }
    }

    fn go_on(&mut self, ctx: &mut Context<Self>) {
        if self.loading || self.left && self.waiting.is_empty() {
            return;
        }
        let known = self.loads.cache.peek(self.tenant.id());
        let wanted = match self.due(known.as_deref(), Instant::now()) {
            Ok(wanted) => wanted,
            Err(Some(at)) => {
                let again = ctx.notify_later(Again, at.saturating_duration_since(Instant::now()));
                if let Some(before) = self.again.replace(again) {
                    ctx.cancel_future(before);
                }
                return;
            }
            Err(None) => return,
        };
        self.loading = true;
        let (loads, tenant) = (self.loads.clone(), self.tenant.clone());
        ctx.spawn(loads.load(tenant, known, wanted).into_actor(self).map(|done, cache, ctx| {
            cache.loading = false;
            cache.take_in(done);
            cache.go_on(ctx);
        }));
    }

    fn take_in(&mut self, Done { snapshot, wanted, took }: Done) {
        let now = Instant::now();
        self.next_rules = now + took * DUTY;
        if wanted != Reading::Rules {
            self.next_people = now + took * DUTY;
        }
        let snapshot = snapshot.unwrap_or_else(|error| {
            events::StoreFailed { asked: "tenant", cause: &error }.emit();
            None
        });
        self.failed = snapshot.is_none().then_some(now);
        for tell in self.waiting.drain(..) {
            // Whoever has waited long enough is not there any more.
            let _ = tell.send(snapshot.clone());
        }
        let Some(snapshot) = snapshot.filter(|_| !self.left) else { return };
        self.outdated = is_older(snapshot.edition(), self.tenant.edition())
            || is_older(snapshot.people_part().edition(), self.tenant.people_edition());
        let evicted = self.loads.cache.keep(snapshot);
        if !evicted.is_empty() {
            self.tenants.do_send(Evicted(evicted));
        }
    }
}

/// Whether what was loaded is not what the index knows, nor anything newer, which the index is about to be told.
fn is_older(loaded: Edition, known: Edition) -> bool {
    loaded != known && loaded.revision <= known.revision
}

impl Actor for TenantCache {
    type Context = Context<Self>;
}

impl Handler<Want> for TenantCache {
    type Result = ();

    fn handle(&mut self, Want { tenant: _, tell }: Want, ctx: &mut Context<Self>) {
        let known = self.loads.cache.peek(self.tenant.id());
        let just_failed = self.failed.is_some_and(|failed| failed.elapsed() < AGAIN);
        if known.is_some() || just_failed && !self.loading {
            let _ = tell.send(known);
            return;
        }
        self.waiting.push(tell);
        self.go_on(ctx);
    }
}

impl Handler<Changed> for TenantCache {
    type Result = ();

    fn handle(&mut self, Changed(tenant): Changed, ctx: &mut Context<Self>) {
        self.tenant = tenant;
        self.outdated = true;
        self.go_on(ctx);
    }
}

impl Handler<Again> for TenantCache {
    type Result = ();

    fn handle(&mut self, Again: Again, ctx: &mut Context<Self>) {
        self.go_on(ctx);
    }
}

impl Handler<Leave> for TenantCache {
    type Result = ();

    fn handle(&mut self, Leave: Leave, _ctx: &mut Context<Self>) {
        self.left = true;
        // It may have been loaded again between its leaving and this word of it.
        self.loads.cache.forget(self.tenant.id());
    }
}

/// Of the time of a tenant's loads this many parts are waited for each that is worked.
const DUTY: u32 = 9;
/// Tenants without anything in memory that are loaded at the same time.
const FIRST: usize = 2;
/// When an older copy is used where the store has not answered.
const COPY_AFTER: Duration = Duration::from_secs(1);
/// When a load that failed is tried again.
const AGAIN: Duration = Duration::from_secs(5);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tenant::Revision;

    #[test]
    fn what_is_newer_than_the_index_is_not_read_again_and_what_is_of_another_past_is() {
        let edition = |revision, time_ms| Edition { revision: Revision(revision), time_ms };
        let known = edition(5, 50);
        for (loaded, older) in [
            (edition(5, 50), false),
            (edition(4, 40), true),
            // Read before the index heard of it.
            (edition(6, 60), false),
            // The store went back to an earlier state and was changed again.
            (edition(5, 45), true),
        ] {
            assert_eq!(is_older(loaded, known), older, "{loaded:?}");
        }
    }
}
