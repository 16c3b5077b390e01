//! One tenant's sessions to its next hop, on one core, kept warm with the tenant's own certificate.
//!
//! A lease moves the session, socket and all, into the future of the message and back; who dials is that future, so
//! that a message which ends leaves no dialling behind. A tenant has its own number of sessions in use, which no other
//! tenant can take; at most two idle ones are kept, for a minute; in the whole process a thousand. Nothing of one
//! tenant is ever used for another.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix::prelude::*;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::attribution::Attribution;
use super::settings::{Current, Settings};
use super::tenancy::Tenancy;
use crate::events;
use crate::net::{Leasing, LeasingFurther, OpenedFor, Outbound, Relays};
use crate::smtp::{ClientError, Reply};
use crate::tenant::{MOST_COPIES, Peer, Tenant, TenantId};
use crate::transit::{Health, Refusal, Wanted};

/// One tenant's kept sessions.
pub struct Relay {
    tenant: TenantId,
    pools: Pools,
    idle: Vec<Idle>,
    /// Of the last lease; what was opened for an earlier one is not kept.
    opened_for: Option<OpenedFor>,
    last_used: Instant,
}

/// A session that waits for its next message.
struct Idle {
    outbound: Outbound,
    since: Instant,
    _place: OwnedSemaphorePermit,
}

/// What the pools of a core have in common.
pub struct Shared {
    /// Those in force count for each session that is opened.
    pub settings: Current,
    pub tenancy: Arc<Tenancy>,
    /// Places for idle sessions, in the whole process.
    pub idle: Arc<Semaphore>,
    /// Who is refused by 5.7.64, in the whole process.
    pub attribution: Arc<Attribution>,
}

/// All pools of a core.
#[derive(Clone)]
pub struct Pools {
    shared: Rc<Shared>,
    pools: Rc<RefCell<HashMap<TenantId, Pool>>>,
}

#[derive(Clone)]
struct Pool {
    relay: Addr<Relay>,
    /// Permits for sessions in use.
    sessions: Arc<Semaphore>,
    /// And for those in use by legs after the first: a pool of their own, since whoever wants these holds one of those.
    further: Arc<Semaphore>,
    /// How many there are when none is in use.
    most: usize,
}

/// A kept session is wanted.
#[derive(Message)]
#[rtype(result = "Option<Outbound>")]
struct Kept(OpenedFor);

/// A session is not needed any more.
#[derive(Message)]
#[rtype(result = "()")]
struct GiveBack(Box<Outbound>);

impl Pool {
    fn new(relay: Addr<Relay>, most: usize, before: Option<&Pool>) -> Pool {
        // Sessions in use when the settings change their number do not count for the new one.
        let same = before.filter(|pool| pool.most == most);
        let permits = |count: usize| Arc::new(Semaphore::new(count));
        let further = most.max(FURTHER_LEGS);
        Pool {
            relay,
            sessions: same.map_or_else(|| permits(most), |pool| pool.sessions.clone()),
            further: same.map_or_else(|| permits(further), |pool| pool.further.clone()),
            most,
        }
    }

    fn is_in_use(&self) -> bool {
        let further = self.most.max(FURTHER_LEGS);
        self.sessions.available_permits() < self.most || self.further.available_permits() < further
    }
}

impl Pools {
    pub fn new(shared: Shared) -> Pools {
        Pools { shared: Rc::new(shared), pools: Rc::default() }
    }

    fn pool(&self, tenant: &TenantId) -> Pool {
        let mut pools = self.pools.borrow_mut();
        let most = self.shared.settings.load().config.next_hop.sessions_per_tenant;
        let known = pools.get(tenant);
        let relay = known.map(|pool| &pool.relay).filter(|relay| relay.connected()).cloned();
        // A pool that a panic ended is replaced by an empty one; who has a permit keeps it.
        let relay = relay.unwrap_or_else(|| Relay::new(tenant.clone(), self.clone()).start());
        let pool = Pool::new(relay, most, known);
        pools.insert(tenant.clone(), pool.clone());
        pool
    }
}

impl Relays for Pools {
    /// All of it happens in the future that is given: when the message does not want it any more, and drops it, the
    /// waiting or dialling ends.
    fn lease(&self, tenant: Arc<Tenant>, wanted: Wanted) -> Leasing {
        let (pool, shared) = (self.pool(tenant.id()), self.shared.clone());
        Box::pin(async move { shared.told(&tenant, shared.lease(&pool, &tenant, wanted)).await })
    }

    fn lease_further(&self, tenant: Arc<Tenant>, count: usize) -> LeasingFurther {
        let (pool, shared) = (self.pool(tenant.id()), self.shared.clone());
        Box::pin(async move { shared.told(&tenant, shared.lease_further(&pool, &tenant, count)).await })
    }

    fn give_back(&self, tenant: &TenantId, outbound: Outbound) {
        self.pool(tenant).relay.do_send(GiveBack(Box::new(outbound)));
    }

    fn health(&self, tenant: Arc<Tenant>, health: Health, reply: Reply) {
        let about = match health {
            Health::Attribution => events::AboutUs::Attribution,
            Health::Banned => events::AboutUs::Banned,
            Health::Blocked => events::AboutUs::Blocked,
            _ => events::AboutUs::Greeting,
        };
        let (host, code, enhanced) = (&tenant.next_hop().host, Some(reply.code()), reply.enhanced());
        events::HealthEvent { tenant: tenant.id().as_str(), host, about, code, enhanced }.emit();
        if health == Health::Attribution {
            self.shared.attribution.refused(tenant.id(), Instant::now());
        }
    }

    fn failed(&self, tenant: &Tenant, error: &ClientError) {
        let (fault, code) = match error {
            ClientError::Timeout => (events::NextHopFault::Timeout, None),
            ClientError::Garbled | ClientError::EarlyOctets => (events::NextHopFault::Garbled, None),
            ClientError::Closing(reply) => (events::NextHopFault::Lost, Some(reply.code())),
            _ => (events::NextHopFault::Lost, None),
        };
        tell_failure(tenant, fault, code);
    }

    fn took_a_message(&self, tenant: &TenantId) {
        self.shared.attribution.accepted(tenant);
    }
}

impl Shared {
    /// What comes of a wish in time, and since when the tenant is refused by 5.7.64. A refusal is told to the operator.
    async fn told<T>(
        &self,
        tenant: &Tenant,
        wish: impl Future<Output = Result<T, Refusal>>,
    ) -> Result<(T, Option<Instant>), Refusal> {
        let leased = tokio::time::timeout(LEASE, wish).await.unwrap_or(Err(Refusal::Timeout));
        if let Err(refusal) = &leased {
            tell_refusal(tenant, refusal);
        }
        Ok((leased?, self.attribution.refused_since(tenant.id(), Instant::now())))
    }

    /// A permit first, then a kept session or a new one: a kept one that waited for its permit could go stale.
    async fn lease(&self, pool: &Pool, tenant: &Tenant, wanted: Wanted) -> Result<Outbound, Refusal> {
        let settings = self.settings.load_full();
        let lease_timeout = settings.config.next_hop.lease_timeout;
        let permit = tokio::time::timeout(lease_timeout, pool.sessions.clone().acquire_owned()).await;
        let permit = permit.ok().and_then(Result::ok).ok_or(Refusal::Busy)?;
        let opened_for = OpenedFor { revision: tenant.edition().revision, settings: settings.number };
        let kept = match wanted {
            // A pool that is gone has none.
            Wanted::Any => pool.relay.send(Kept(opened_for)).await.ok().flatten(),
            Wanted::New => None,
        };
        let mut outbound = match kept {
            Some(outbound) => outbound,
            None => self.dial(&settings, tenant).await?,
        };
        outbound.permit = Some(permit);
        outbound.opened_for = Some(opened_for);
        Ok(outbound)
    }

    /// All permits first, together; then the sessions, side by side. New ones: a kept one that turned out dead could not be
    /// replaced without waiting for another permit.
    async fn lease_further(&self, pool: &Pool, tenant: &Tenant, count: usize) -> Result<Vec<Outbound>, Refusal> {
        let settings = self.settings.load_full();
        let many = u32::try_from(count).map_err(|_| Refusal::Busy)?;
        let permits = tokio::time::timeout(FURTHER_PATIENCE, pool.further.clone().acquire_many_owned(many)).await;
        let mut permits = permits.ok().and_then(Result::ok).ok_or(Refusal::Busy)?;
        let opened_for = OpenedFor { revision: tenant.edition().revision, settings: settings.number };
        let dialled = (0..count).map(|_| self.dial(&settings, tenant));
        let mut further = futures_util::future::try_join_all(dialled).await?;
        for outbound in &mut further {
            outbound.permit = permits.split(1);
            outbound.opened_for = Some(opened_for);
        }
        Ok(further)
    }

    async fn dial(&self, settings: &Settings, tenant: &Tenant) -> Result<Outbound, Refusal> {
        if !host_is_allowed(settings, tenant) {
            return Err(Refusal::Address);
        }
        let tls = self.tenancy.tls(tenant.id()).ok_or(Refusal::Tls)?;
        settings.dialer.dial(tenant.next_hop(), tls).await
    }
}

/// A Microsoft tenant's mail goes to Microsoft's own hosts alone.
fn host_is_allowed(settings: &Settings, tenant: &Tenant) -> bool {
    let host = tenant.next_hop().host.trim_end_matches('.').to_ascii_lowercase();
    let under =
        |suffix: &String| host.strip_suffix(suffix.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    !matches!(tenant.peer(), Peer::Microsoft { .. }) || settings.config.next_hop.suffixes.iter().any(under)
}

impl Relay {
    fn new(tenant: TenantId, pools: Pools) -> Relay {
        Relay { tenant, pools, idle: Vec::new(), opened_for: None, last_used: Instant::now() }
    }

    /// A kept session that is still alive.
    fn kept(&mut self) -> Option<Outbound> {
        let idle_timeout = self.pools.shared.settings.load().config.next_hop.idle_timeout;
        while let Some(Idle { mut outbound, since, .. }) = self.idle.pop() {
            if since.elapsed() < idle_timeout && !outbound.is_stale() {
                outbound.reused = true;
                return Some(outbound);
            }
        }
        None
    }

    fn keep(&mut self, mut outbound: Outbound) {
        let shared = &self.pools.shared;
        // The permit counts sessions in use; an idle one has its own bound.
        outbound.permit = None;
        let has_room = self.idle.len() < shared.settings.load().config.next_hop.idle_sessions;
        // Opened for an earlier revision or under earlier settings: next hop, certificate or roots may have been others.
        let is_current = outbound.opened_for == self.opened_for;
        let place = if has_room && is_current { shared.idle.clone().try_acquire_owned().ok() } else { None };
        match place {
            Some(place) => self.idle.push(Idle { outbound, since: Instant::now(), _place: place }),
            None => {
                actix::spawn(outbound.quit());
            }
        }
    }

    fn dismiss(&mut self, which: impl FnMut(&mut Idle) -> bool) {
        for Idle { outbound, .. } in self.idle.extract_if(.., which) {
            actix::spawn(outbound.quit());
        }
    }

    /// Nothing would be forgotten with it.
    fn is_unused(&self) -> bool {
        let pools = self.pools.pools.borrow();
        let in_use = pools.get(&self.tenant).is_some_and(Pool::is_in_use);
        self.idle.is_empty() && !in_use && self.last_used.elapsed() > UNUSED
    }
}

impl Actor for Relay {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Context<Self>) {
        ctx.run_interval(HOUSEKEEPING, |relay, ctx| {
            let idle_timeout = relay.pools.shared.settings.load().config.next_hop.idle_timeout;
            relay.dismiss(|idle| idle.since.elapsed() >= idle_timeout || idle.outbound.is_stale());
            if relay.is_unused() {
                relay.pools.pools.borrow_mut().remove(&relay.tenant);
                ctx.stop();
            }
        });
    }
}

impl Handler<Kept> for Relay {
    type Result = MessageResult<Kept>;

    fn handle(&mut self, Kept(opened_for): Kept, _ctx: &mut Context<Self>) -> Self::Result {
        self.last_used = Instant::now();
        if self.opened_for.replace(opened_for) != Some(opened_for) {
            // Next hop, certificate or roots may have changed.
            self.dismiss(|_| true);
        }
        MessageResult(self.kept())
    }
}

impl Handler<GiveBack> for Relay {
    type Result = ResponseActFuture<Self, ()>;

    fn handle(&mut self, GiveBack(mut outbound): GiveBack, _ctx: &mut Context<Self>) -> Self::Result {
        failpoint!("give_back");
        let tidied = async move { outbound.tidy().await.then_some(outbound) };
        Box::pin(tidied.into_actor(self).map(|tidied, relay, _| {
            if let Some(outbound) = tidied {
                relay.keep(*outbound);
            }
        }))
    }
}

fn tell_refusal(tenant: &Tenant, refusal: &Refusal) {
    let fault = match refusal {
        Refusal::Unresolved => events::NextHopFault::Unresolved,
        Refusal::Address => events::NextHopFault::Address,
        Refusal::Unreachable => events::NextHopFault::Unreachable,
        Refusal::Tls => events::NextHopFault::Tls,
        Refusal::Busy => events::NextHopFault::Busy,
        Refusal::Broken => events::NextHopFault::Lost,
        Refusal::Garbled => events::NextHopFault::Garbled,
        Refusal::Timeout => events::NextHopFault::Timeout,
        _ => events::NextHopFault::Greeting,
    };
    let code = match refusal {
        Refusal::Session(reply) => Some(reply.code()),
        _ => None,
    };
    tell_failure(tenant, fault, code);
}

fn tell_failure(tenant: &Tenant, fault: events::NextHopFault, code: Option<u16>) {
    events::NextHopFailed { tenant: tenant.id().as_str(), host: &tenant.next_hop().host, fault, code }.emit();
}

/// Legs that a message may have after its first.
const FURTHER_LEGS: usize = MOST_COPIES - 1;
/// How long a message waits for the permits of its further legs.
const FURTHER_PATIENCE: Duration = Duration::from_secs(5);
/// Idle sessions in the whole process.
pub const IDLE_IN_PROCESS: usize = 1000;
/// The longest wait for a session, whatever it is spent on: together with the next hop's answers to the envelope it
/// must stay below what a sender waits for an answer to MAIL (RFC 5321 section 4.5.3.2.2: 5 minutes).
const LEASE: Duration = Duration::from_secs(100);
const HOUSEKEEPING: Duration = Duration::from_secs(15);
/// A pool without use for so long ends.
const UNUSED: Duration = Duration::from_secs(600);
