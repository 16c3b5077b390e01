//! One tenant's sessions to its next hop, on one core, kept warm with the tenant's own certificate.
//!
//! A lease moves the session, socket and all, into the future of the message and back. At most two idle ones are
//! kept, for a minute; in the whole process a thousand. Nothing of one tenant is ever used for another.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use actix::prelude::*;
use tokio::sync::Semaphore;

use super::settings::{Current, Settings};
use super::tenants::Tenancy;
use crate::events;
use crate::net::{Leasing, OpenedFor, Outbound, Relays};
use crate::smtp::Reply;
use crate::tenant::{Peer, Snapshot, TenantId};
use crate::transit::{ATTRIBUTION_GRACE, Health, Refusal};

/// One tenant's pool.
pub struct Relay {
    shared: Rc<Shared>,
    idle: Vec<Outbound>,
    /// Of the last lease; what was opened for an earlier one is not kept.
    opened_for: Option<OpenedFor>,
    sessions: Arc<Semaphore>,
    /// How many those are when none is in use.
    most_sessions: usize,
    /// Since when 5.7.64 is heard, and when last.
    attribution_refused: Option<(Instant, Instant)>,
    last_used: Instant,
}

/// What the pools of a core have in common.
pub struct Shared {
    /// Those in force count for each session that is opened.
    pub settings: Current,
    pub tenancy: Arc<Tenancy>,
    /// Idle sessions in the whole process.
    pub idle: Arc<AtomicUsize>,
}

/// All pools of a core.
#[derive(Clone)]
pub struct Pools {
    shared: Rc<Shared>,
    relays: Rc<RefCell<HashMap<TenantId, Addr<Relay>>>>,
}

/// A session is wanted.
#[derive(Message)]
#[rtype(result = "Result<(Outbound, Option<Instant>), Refusal>")]
struct Lease(Arc<Snapshot>);

/// A session is not needed any more.
#[derive(Message)]
#[rtype(result = "()")]
struct GiveBack(Box<Outbound>);

/// What the next hop thinks of us.
#[derive(Message)]
#[rtype(result = "()")]
enum Note {
    Refused(Health),
    TookAMessage,
}

impl Pools {
    pub fn new(shared: Shared) -> Pools {
        Pools { shared: Rc::new(shared), relays: Rc::default() }
    }

    fn relay(&self, tenant: &TenantId) -> Addr<Relay> {
        let mut relays = self.relays.borrow_mut();
        if let Some(relay) = relays.get(tenant).filter(|relay| relay.connected()) {
            return relay.clone();
        }
        // A pool that stopped, for want of use or by a panic, is replaced by an empty one.
        let relay = Relay::new(self.shared.clone()).start();
        relays.insert(tenant.clone(), relay.clone());
        relay
    }
}

impl Relays for Pools {
    fn lease(&self, tenant: Arc<Snapshot>) -> Leasing {
        let relay = self.relay(tenant.id());
        Box::pin(async move { relay.send(Lease(tenant)).timeout(LEASE).await.unwrap_or(Err(Refusal::Busy)) })
    }

    fn give_back(&self, tenant: &TenantId, outbound: Outbound) {
        self.relay(tenant).do_send(GiveBack(Box::new(outbound)));
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
        self.relay(tenant.id()).do_send(Note::Refused(health));
    }

    fn took_a_message(&self, tenant: &TenantId) {
        self.relay(tenant).do_send(Note::TookAMessage);
    }
}

impl Relay {
    fn new(shared: Rc<Shared>) -> Relay {
        let most_sessions = shared.settings.load().config.next_hop.sessions_per_tenant;
        Relay {
            shared,
            idle: Vec::new(),
            opened_for: None,
            sessions: Arc::new(Semaphore::new(most_sessions)),
            most_sessions,
            attribution_refused: None,
            last_used: Instant::now(),
        }
    }

    /// A warm session that is still alive.
    fn warm(&mut self, settings: &Settings) -> Option<Outbound> {
        let idle_timeout = settings.config.next_hop.idle_timeout;
        while let Some(mut outbound) = self.idle.pop() {
            self.shared.idle.fetch_sub(1, Ordering::Relaxed);
            if outbound.idle_since.elapsed() < idle_timeout && !outbound.is_stale() {
                outbound.reused = true;
                return Some(outbound);
            }
        }
        None
    }

    /// A refusal that was not heard again for as long as the grace is over: the next one begins anew.
    fn attribution_refused_since(&self) -> Option<Instant> {
        self.attribution_refused.filter(|(_, last)| last.elapsed() < ATTRIBUTION_GRACE).map(|(since, _)| since)
    }

    fn keep(&mut self, mut outbound: Outbound) {
        let has_room = self.idle.len() < self.shared.settings.load().config.next_hop.idle_sessions
            && self.shared.idle.load(Ordering::Relaxed) < IDLE_IN_PROCESS;
        // The permit counts sessions in use; an idle one has its own bound.
        outbound.permit = None;
        // Opened for an earlier revision or under earlier settings: next hop, certificate or roots may have been others.
        let is_current = outbound.opened_for == self.opened_for;
        if has_room && is_current {
            outbound.idle_since = Instant::now();
            self.shared.idle.fetch_add(1, Ordering::Relaxed);
            self.idle.push(outbound);
        } else {
            actix::spawn(outbound.quit());
        }
    }

    fn dismiss_idle(&mut self, which: impl Fn(&Outbound) -> bool) {
        let (dismissed, kept) = self.idle.drain(..).partition(which);
        self.idle = kept;
        let dismissed: Vec<Outbound> = dismissed;
        self.shared.idle.fetch_sub(dismissed.len(), Ordering::Relaxed);
        for outbound in dismissed {
            actix::spawn(outbound.quit());
        }
    }

    /// Sessions in use when their number changes do not count for the new one.
    fn follow(&mut self, settings: &Settings) {
        let most_sessions = settings.config.next_hop.sessions_per_tenant;
        if std::mem::replace(&mut self.most_sessions, most_sessions) != most_sessions {
            self.sessions = Arc::new(Semaphore::new(most_sessions));
        }
    }

    /// A Microsoft tenant's mail goes to Microsoft's own hosts alone.
    fn host_is_allowed(settings: &Settings, tenant: &Snapshot) -> bool {
        let host = tenant.next_hop().host.trim_end_matches('.').to_ascii_lowercase();
        let under = |suffix: &String| {
            host.strip_suffix(suffix.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        !matches!(tenant.peer(), Peer::Microsoft { .. }) || settings.config.next_hop.suffixes.iter().any(under)
    }
}

impl Actor for Relay {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Context<Self>) {
        ctx.run_interval(HOUSEKEEPING, |relay, ctx| {
            let idle_timeout = relay.shared.settings.load().config.next_hop.idle_timeout;
            relay.dismiss_idle(|outbound| outbound.idle_since.elapsed() >= idle_timeout);
            let forgets_nothing = relay.attribution_refused_since().is_none() && relay.idle.is_empty();
            if forgets_nothing && relay.last_used.elapsed() > UNUSED {
                ctx.stop();
            }
        });
    }
}

/// Also after a panic: what was counted as idle is gone with its pool.
impl Drop for Relay {
    fn drop(&mut self) {
        self.shared.idle.fetch_sub(self.idle.len(), Ordering::Relaxed);
    }
}

impl Handler<Lease> for Relay {
    type Result = ResponseFuture<Result<(Outbound, Option<Instant>), Refusal>>;

    fn handle(&mut self, Lease(tenant): Lease, _ctx: &mut Context<Self>) -> Self::Result {
        self.last_used = Instant::now();
        let settings = self.shared.settings.load_full();
        let opened_for = Some(OpenedFor { revision: tenant.revision(), settings: settings.number });
        if std::mem::replace(&mut self.opened_for, opened_for) != opened_for {
            // Next hop, certificate or roots may have changed.
            self.dismiss_idle(|_| true);
            self.follow(&settings);
        }
        let since = self.attribution_refused_since();
        let shared = self.shared.clone();
        let sessions = self.sessions.clone();
        let allowed = Relay::host_is_allowed(&settings, &tenant);
        let warm = self.warm(&settings);
        Box::pin(async move {
            let permit = tokio::time::timeout(settings.config.next_hop.lease_timeout, sessions.acquire_owned()).await;
            let permit = permit.ok().and_then(Result::ok).ok_or(Refusal::Busy)?;
            let dialled = match warm {
                Some(outbound) => Ok(outbound),
                None if !allowed => Err(Refusal::Unresolved),
                None => match shared.tenancy.tls(tenant.id()) {
                    Some(tls) => settings.dialer.dial(tenant.next_hop(), tls).await,
                    None => Err(Refusal::Tls),
                },
            };
            match dialled {
                Ok(mut outbound) => {
                    outbound.permit = Some(permit);
                    outbound.opened_for = outbound.opened_for.or(opened_for);
                    Ok((outbound, since))
                }
                Err(refusal) => {
                    tell_failure(&tenant, &refusal);
                    Err(refusal)
                }
            }
        })
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

impl Handler<Note> for Relay {
    type Result = ();

    fn handle(&mut self, note: Note, _ctx: &mut Context<Self>) {
        match note {
            Note::Refused(Health::Attribution) => {
                let now = Instant::now();
                self.attribution_refused = Some((self.attribution_refused_since().unwrap_or(now), now));
            }
            Note::Refused(_) => {}
            Note::TookAMessage => self.attribution_refused = None,
        }
    }
}

fn tell_failure(tenant: &Snapshot, refusal: &Refusal) {
    let fault = match refusal {
        Refusal::Unresolved => events::NextHopFault::Unresolved,
        Refusal::Unreachable => events::NextHopFault::Unreachable,
        Refusal::Tls => events::NextHopFault::Tls,
        Refusal::Busy => events::NextHopFault::Busy,
        _ => events::NextHopFault::Greeting,
    };
    let code = match refusal {
        Refusal::Session(reply) => Some(reply.code()),
        _ => None,
    };
    events::NextHopFailed { tenant: tenant.id().as_str(), host: &tenant.next_hop().host, fault, code }.emit();
}

/// Idle sessions in the whole process.
const IDLE_IN_PROCESS: usize = 1000;
/// Longer than dialling six addresses may take.
const LEASE: Duration = Duration::from_secs(100);
const HOUSEKEEPING: Duration = Duration::from_secs(15);
/// A pool without use for so long ends.
const UNUSED: Duration = Duration::from_secs(600);
