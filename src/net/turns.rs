//! Whose turn it is on a core: tenants work one after the other, however many sessions each has.
//!
//! Sessions that can go on wait in one queue of the runtime, so a tenant with five hundred of them would let another's
//! wait for all of them at each of its steps. Here a tenant's sessions have a fifth of a millisecond of work together in
//! each round; those that come later wait in a queue of the tenant's own. A round ends when everybody who could go on
//! had the chance to, and sockets were looked at. Nothing idles: a tenant alone has one round after the other.
//! Memory is bounded by the sessions; a message that is in work is never interrupted.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::pin::pin;
use std::rc::{Rc, Weak};
use std::task::{Context, Poll, Waker, ready};
use std::time::{Duration, Instant};

use crate::tenant::TenantId;

thread_local! {
    /// A thread serves one core.
    static CORE: Rc<Core> = Rc::default();
}

#[derive(Default)]
struct Core {
    round: Cell<u64>,
    /// `None`: those whose tenant is not known at the moment.
    tenants: RefCell<HashMap<Option<TenantId>, Weak<Tenant>>>,
    /// Tenants with sessions that wait for the next round.
    waiting: RefCell<VecDeque<Rc<Tenant>>>,
    /// Somebody makes the rounds.
    turning: Cell<bool>,
}

/// One tenant's work on this core.
#[derive(Default)]
struct Tenant {
    round: Cell<u64>,
    /// In that round.
    spent: Cell<Duration>,
    waiting: RefCell<VecDeque<Waiter>>,
}

struct Waiter {
    waker: Waker,
    waits: Rc<Cell<bool>>,
}

/// A session's place among the others.
pub(super) struct Place {
    core: Rc<Core>,
    tenant: RefCell<Rc<Tenant>>,
    /// It stands in a queue.
    waits: Rc<Cell<bool>>,
}

impl Place {
    /// On this thread's core; whose it is is not known yet.
    pub fn new() -> Place {
        let core = CORE.with(Rc::clone);
        let tenant = RefCell::new(core.tenant(None));
        Place { core, tenant, waits: Rc::default() }
    }

    /// From now on its work is this tenant's.
    pub fn is_of(&self, tenant: Option<&TenantId>) {
        *self.tenant.borrow_mut() = self.core.tenant(tenant);
    }

    /// Carries out `work` in turns with the other tenants' work.
    pub async fn in_turns<T>(&self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        std::future::poll_fn(|cx| {
            ready!(self.poll_turn(cx));
            let began = Instant::now();
            let done = work.as_mut().poll(cx);
            self.tenant.borrow().spend(began.elapsed(), &self.core);
            done
        })
        .await
    }

    fn poll_turn(&self, cx: &mut Context<'_>) -> Poll<()> {
        let tenant = self.tenant.borrow();
        if tenant.spent(&self.core) < SLICE {
            return Poll::Ready(());
        }
        if !self.waits.replace(true) {
            self.core.queue(&tenant, Waiter { waker: cx.waker().clone(), waits: self.waits.clone() });
        }
        Poll::Pending
    }
}

impl Tenant {
    fn spent(&self, core: &Core) -> Duration {
        if self.round.replace(core.round.get()) != core.round.get() {
            self.spent.set(Duration::ZERO);
        }
        self.spent.get()
    }

    fn spend(&self, time: Duration, core: &Core) {
        self.spent.set(self.spent(core) + time);
    }
}

impl Core {
    fn tenant(&self, id: Option<&TenantId>) -> Rc<Tenant> {
        let mut tenants = self.tenants.borrow_mut();
        let id = id.cloned();
        if let Some(tenant) = tenants.get(&id).and_then(Weak::upgrade) {
            return tenant;
        }
        if tenants.len() == tenants.capacity() {
            tenants.retain(|_, tenant| tenant.strong_count() > 0);
        }
        let tenant = Rc::default();
        tenants.insert(id, Rc::downgrade(&tenant));
        tenant
    }

    fn queue(self: &Rc<Core>, tenant: &Rc<Tenant>, waiter: Waiter) {
        let mut waiting = tenant.waiting.borrow_mut();
        if waiting.is_empty() {
            self.waiting.borrow_mut().push_back(tenant.clone());
        }
        waiting.push_back(waiter);
        if !self.turning.replace(true) {
            let core = self.clone();
            tokio::task::spawn_local(async move {
                loop {
                    // To the end of the queue, behind a look at the sockets.
                    tokio::task::yield_now().await;
                    if !core.turn() {
                        return;
                    }
                }
            });
        }
    }

    /// The next round: of each tenant the sessions that waited longest. False when nobody waits any more.
    fn turn(&self) -> bool {
        self.round.set(self.round.get().wrapping_add(1));
        self.waiting.borrow_mut().retain(|tenant| {
            let mut waiting = tenant.waiting.borrow_mut();
            let few = waiting.len().min(AT_ONCE);
            for Waiter { waker, waits } in waiting.drain(..few) {
                waits.set(false);
                waker.wake();
            }
            !waiting.is_empty()
        });
        let goes_on = !self.waiting.borrow().is_empty();
        self.turning.set(goes_on);
        goes_on
    }
}

/// How long a tenant's sessions work in one round: a few steps of theirs.
const SLICE: Duration = Duration::from_micros(200);
/// How many of a tenant's waiting sessions are called up in a round: more would find the time spent.
const AT_ONCE: usize = 8;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::Wake;

    use super::*;

    #[derive(Default)]
    struct Called(AtomicUsize);

    impl Wake for Called {
        fn wake(self: Arc<Called>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    struct Session {
        place: Place,
        called: Arc<Called>,
    }

    impl Session {
        fn of(tenant: &str) -> Session {
            let place = Place::new();
            place.is_of(Some(&TenantId::parse(tenant).unwrap()));
            Session { place, called: Arc::default() }
        }

        /// Works for a whole slice if it may.
        fn works(&self) -> bool {
            let waker = Waker::from(self.called.clone());
            let may = self.place.poll_turn(&mut Context::from_waker(&waker)).is_ready();
            if may {
                self.place.tenant.borrow().spend(SLICE, &self.place.core);
            }
            may
        }

        fn was_called(&self) -> bool {
            self.called.0.load(Ordering::Relaxed) > 0
        }
    }

    fn on_a_core(test: impl Future<Output = ()>) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        tokio::task::LocalSet::new().block_on(&runtime, test);
    }

    #[test]
    fn each_tenant_has_its_slice_of_a_round_and_its_own_queue() {
        on_a_core(slices_and_queues());
    }

    #[test]
    fn everybody_comes_to_an_end_and_nothing_is_kept_of_who_is_gone() {
        on_a_core(many_sessions());
    }

    async fn slices_and_queues() {
        let flood: Vec<Session> = (0..20).map(|_| Session::of("flood")).collect();
        let worked = flood.iter().filter(|session| session.works()).count();
        assert_eq!(worked, 1, "the first spends the slice of all");
        let modest = Session::of("modest");
        assert!(modest.works(), "another tenant has its own");
        assert!(!modest.works());
        let core = modest.place.core.clone();
        assert!(core.turn(), "some wait still");
        let called: Vec<usize> = (0..20).filter(|&number| flood[number].was_called()).collect();
        assert_eq!(called, (1..=AT_ONCE).collect::<Vec<_>>(), "those who waited longest");
        assert!(modest.was_called() && modest.works());
        // Who is called and finds the slice spent stands at the end of the queue.
        assert!(flood[2].works() && !flood[1].works());
        core.turn();
        core.turn();
        assert!(flood.iter().skip(1).all(Session::was_called));
        assert!(!core.turn(), "nobody waits any more");
    }

    async fn many_sessions() {
        let done = Rc::new(Cell::new(0));
        let mut running = tokio::task::JoinSet::new();
        for number in 0..100 {
            let done = done.clone();
            running.spawn_local(async move {
                let Session { place, .. } = Session::of(if number % 10 == 0 { "modest" } else { "flood" });
                let work = async {
                    for _ in 0..5 {
                        place.tenant.borrow().spend(SLICE, &place.core);
                        tokio::task::yield_now().await;
                    }
                };
                place.in_turns(work).await;
                done.set(done.get() + 1);
            });
        }
        running.join_all().await;
        assert_eq!(done.get(), 100);
        let core = Place::new().core;
        assert!(core.tenants.borrow().values().all(|tenant| tenant.strong_count() == 0));
    }
}
