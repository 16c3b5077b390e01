//! What the pump works with: what the sessions of a listener share on one core, the pools of sessions to next hops as
//! it sees them, and the budget of memory for messages in flight.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::LocalBoxFuture;

use super::outbound::Outbound;
use super::peer::Balancers;
use super::poison::Poison;
use super::share::{Bound, Held, Shares};
use super::tls::Listener;
use crate::smtp::{ClientError, Reply, ServerConfig};
use crate::tenant::{Region, Snapshot, Tenant, TenantId};
use crate::transit::{Context, Health, Index, Record, Refusal, Unproven, Wanted};

/// What a listener's sessions share on one core.
pub struct Edge {
    pub context: Arc<Context>,
    pub server: Arc<ServerConfig>,
    /// `None` on a plaintext listener.
    pub tls: Option<Arc<Listener>>,
    pub proof: ListenerProof,
    pub balancers: Balancers,
    pub budget: Budget,
    /// Keeps what is worked on over the death of the process, where a parent is there to do so.
    pub poison: Option<Poison>,
    /// The tenants as they are now, and how current that is.
    pub region: Box<dyn Fn() -> (Arc<Region>, Index)>,
    /// The rules and people of a tenant, for one message.
    pub rules: RulesOf,
    /// How long our own work on one message may take before it is left.
    pub work_limit: Duration,
    /// What becomes of a message that has its verdict.
    pub finished: Box<dyn Fn(Finished)>,
    /// A message was nobody's; the number is the session's.
    pub unproven: Box<dyn Fn(u64, IpAddr, Unproven)>,
    /// A handshake with a sender failed: its address, and the TLS library's word for it.
    pub tls_failed: TlsFailed,
}

/// Told of a failed handshake.
pub type TlsFailed = Box<dyn Fn(&str, &str)>;

/// How a listener's peers prove themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListenerProof {
    /// By Exchange Online's certificate, which carries this name.
    Microsoft { client_name: String },
    /// By a certificate that carries the name of a tenant's peer.
    Certificate,
    /// By the network they come from.
    Network,
}

/// A session on its way, and since when its next hop answers 5.7.64.
pub type Leasing = LocalBoxFuture<'static, Result<(Outbound, Option<Instant>), Refusal>>;

/// Sessions for the legs after a message's first, on their way.
pub type LeasingFurther = LocalBoxFuture<'static, Result<(Vec<Outbound>, Option<Instant>), Refusal>>;

/// Finds a tenant's rules and people.
pub type RulesOf = Box<dyn Fn(&Arc<Tenant>) -> Rules>;

/// A tenant's rules and people.
pub enum Rules {
    There(Arc<Snapshot>),
    /// They are loaded. Whoever drops the future wants them no more; it ends within the time that a message may wait.
    Come(LocalBoxFuture<'static, Option<Arc<Snapshot>>>),
}

/// The pools of sessions to next hops, as the pump sees them.
pub trait Relays {
    /// A session to the tenant's next hop. Whoever drops the future wants it no more.
    fn lease(&self, tenant: Arc<Tenant>, wanted: Wanted) -> Leasing;
    /// So many sessions more for the same message, each a new one: all at once or none, so that no message waits for
    /// sessions while it holds some that another one waits for. Whoever drops the future wants them no more.
    fn lease_further(&self, tenant: Arc<Tenant>, count: usize) -> LeasingFurther;
    /// A session that is not needed any more, perhaps still with answers to come.
    fn give_back(&self, tenant: &TenantId, outbound: Outbound);
    /// What the next hop said about this edge.
    fn health(&self, tenant: Arc<Tenant>, health: Health, reply: Reply);
    /// The session with the next hop ended in the middle of a message.
    fn failed(&self, tenant: &Tenant, error: &ClientError);
    /// The next hop took a message of this tenant.
    fn took_a_message(&self, tenant: &TenantId);
}

/// A message that has its verdict.
pub struct Finished {
    /// Number of the session, for the log.
    pub session: u64,
    pub record: Box<Record>,
    /// Our own work on it.
    pub work: Duration,
}

/// Memory for messages in flight, in the whole process, shared by the tenants; `None` is whoever is not known yet.
#[derive(Debug, Clone)]
pub struct Budget(Shares<Option<TenantId>>);

/// The memory of one message, given back when dropped.
pub(super) type Memory = Held<Option<TenantId>>;

impl Budget {
    pub fn new(bytes: usize) -> Budget {
        Budget(Shares::new(bytes))
    }

    /// Makes the whole of it larger or smaller; what is in use stays so.
    pub fn resize(&self, bytes: usize) {
        self.0.resize(bytes);
    }

    /// Octets reserved now.
    pub fn in_flight_bytes(&self) -> usize {
        self.0.used()
    }

    /// What a message begins with. Half of what there is stays for those that have begun, so that few who were let in
    /// have to be left unsigned for want of memory.
    pub(super) fn begin(&self) -> Option<Memory> {
        self.0.take(None, MESSAGE_BYTES, Bound::Half).ok()
    }
}

/// What a message takes before any of its content is there: its state, that of a session with the next hop.
pub(super) const MESSAGE_BYTES: usize = 16 * 1024;
