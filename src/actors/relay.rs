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
use super::tenants::Tenancy;
use crate::config;
use crate::events;
use crate::net::{Dialer, Leasing, Outbound, Relays};
use crate::smtp::{ClientError, Reply};
use crate::tenant::{Peer, Revision, Snapshot, TenantId};
use crate::transit::{Health, Refusal, Wanted};

/// One tenant's kept sessions.
pub struct Relay {
    tenant: TenantId,
    pools: Pools,
    idle: Vec<Idle>,
    revision: Option<Revision>,
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
    pub dialer: Arc<Dialer>,
    pub tenancy: Arc<Tenancy>,
    pub limits: config::NextHop,
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
}

/// A kept session is wanted.
#[derive(Message)]
#[rtype(result = "Option<Outbound>")]
struct Kept(Revision);

/// A session is not needed any more.
#[derive(Message)]
#[rtype(result = "()")]
struct GiveBack(Box<Outbound>);

impl Pools {
    pub fn new(shared: Shared) -> Pools {
        Pools { shared: Rc::new(shared), pools: Rc::default() }
    }

    fn pool(&self, tenant: &TenantId) -> Pool {
        let mut pools = self.pools.borrow_mut();
        let known = pools.get(tenant);
        if let Some(pool) = known.filter(|pool| pool.relay.connected()) {
            return pool.clone();
        }
        // One that a panic ended is replaced by an empty one; who has a permit keeps it.
        let sessions = known.map(|pool| pool.sessions.clone());
        let sessions = sessions.unwrap_or_else(|| Arc::new(Semaphore::new(self.shared.limits.sessions_per_tenant)));
        let relay = Relay::new(tenant.clone(), self.clone()).start();
        let pool = Pool { relay, sessions };
        pools.insert(tenant.clone(), pool.clone());
        pool
    }
}

impl Relays for Pools {
    /// All of it happens in the future that is given: when the message does not want it any more, and drops it, the
    /// waiting or dialling ends.
    fn lease(&self, tenant: Arc<Snapshot>, wanted: Wanted) -> Leasing {
        let (pool, shared) = (self.pool(tenant.id()), self.shared.clone());
        Box::pin(async move {
            let leased = tokio::time::timeout(LEASE, shared.lease(&pool, &tenant, wanted)).await;
            let leased = leased.unwrap_or(Err(Refusal::Timeout));
            if let Err(refusal) = &leased {
                tell_refusal(&tenant, refusal);
            }
            Ok((leased?, shared.attribution.refused_since(tenant.id(), Instant::now())))
        })
    }

    fn give_back(&self, tenant: &TenantId, outbound: Outbound) {
        self.pool(tenant).relay.do_send(GiveBack(Box::new(outbound)));
    }

    fn health(&self, tenant: Arc<Snapshot>, health: Health, reply: Reply) {
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

    fn failed(&self, tenant: &Snapshot, error: &ClientError) {
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
    /// A permit first, then a kept session or a new one: a kept one that waited for its permit could go stale.
    async fn lease(&self, pool: &Pool, tenant: &Snapshot, wanted: Wanted) -> Result<Outbound, Refusal> {
        let permit = tokio::time::timeout(self.limits.lease_timeout, pool.sessions.clone().acquire_owned()).await;
        let permit = permit.ok().and_then(Result::ok).ok_or(Refusal::Busy)?;
        let revision = tenant.revision();
        let kept = match wanted {
            // A pool that is gone has none.
            Wanted::Any => pool.relay.send(Kept(revision)).await.ok().flatten(),
            Wanted::New => None,
        };
        let mut outbound = match kept {
            Some(outbound) => outbound,
            None => self.dial(tenant).await?,
        };
        outbound.permit = Some(permit);
        outbound.revision = Some(revision);
        Ok(outbound)
    }

    async fn dial(&self, tenant: &Snapshot) -> Result<Outbound, Refusal> {
        if !self.host_is_allowed(tenant) {
            return Err(Refusal::Address);
        }
        let tls = self.tenancy.tls(tenant.id()).ok_or(Refusal::Tls)?;
        self.dialer.dial(tenant.next_hop(), tls).await
    }

    /// A Microsoft tenant's mail goes to Microsoft's own hosts alone.
    fn host_is_allowed(&self, tenant: &Snapshot) -> bool {
        let host = tenant.next_hop().host.trim_end_matches('.').to_ascii_lowercase();
        let under = |suffix: &String| {
            host.strip_suffix(suffix.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        !matches!(tenant.peer(), Peer::Microsoft { .. }) || self.limits.suffixes.iter().any(under)
    }
}

impl Relay {
    fn new(tenant: TenantId, pools: Pools) -> Relay {
        Relay { tenant, pools, idle: Vec::new(), revision: None, last_used: Instant::now() }
    }

    /// A kept session that is still alive.
    fn kept(&mut self) -> Option<Outbound> {
        let idle_timeout = self.pools.shared.limits.idle_timeout;
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
        let has_room = self.idle.len() < shared.limits.idle_sessions;
        // Opened for an earlier revision: next hop or certificate may have been others.
        let is_current = outbound.revision == self.revision;
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
        let sessions = pools.get(&self.tenant).map_or(0, |pool| pool.sessions.available_permits());
        let in_use = sessions < self.pools.shared.limits.sessions_per_tenant;
        self.idle.is_empty() && !in_use && self.last_used.elapsed() > UNUSED
    }
}

impl Actor for Relay {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Context<Self>) {
        ctx.run_interval(HOUSEKEEPING, |relay, ctx| {
            let idle_timeout = relay.pools.shared.limits.idle_timeout;
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

    fn handle(&mut self, Kept(revision): Kept, _ctx: &mut Context<Self>) -> Self::Result {
        self.last_used = Instant::now();
        if self.revision.replace(revision) != Some(revision) {
            // Next hop or certificate may have changed.
            self.dismiss(|_| true);
        }
        MessageResult(self.kept())
    }
}

impl Handler<GiveBack> for Relay {
    type Result = ResponseActFuture<Self, ()>;

    fn handle(&mut self, GiveBack(mut outbound): GiveBack, _ctx: &mut Context<Self>) -> Self::Result {
        let tidied = async move { outbound.tidy().await.then_some(outbound) };
        Box::pin(tidied.into_actor(self).map(|tidied, relay, _| {
            if let Some(outbound) = tidied {
                relay.keep(*outbound);
            }
        }))
    }
}

fn tell_refusal(tenant: &Snapshot, refusal: &Refusal) {
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

fn tell_failure(tenant: &Snapshot, fault: events::NextHopFault, code: Option<u16>) {
    events::NextHopFailed { tenant: tenant.id().as_str(), host: &tenant.next_hop().host, fault, code }.emit();
}

/// Idle sessions in the whole process.
pub const IDLE_IN_PROCESS: usize = 1000;
/// The longest wait for a session, whatever it is spent on: together with the next hop's answers to the envelope it
/// must stay below what a sender waits for an answer to MAIL (RFC 5321 section 4.5.3.2.2: 5 minutes).
const LEASE: Duration = Duration::from_secs(100);
const HOUSEKEEPING: Duration = Duration::from_secs(15);
/// A pool without use for so long ends.
const UNUSED: Duration = Duration::from_secs(600);
