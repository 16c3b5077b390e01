//! One tenant at work: what its users submit goes through the rules, to Signet where they say so, comes back by the
//! receiver, goes through the rules again, and is delivered.
//! What Signet refuses on the way is not delivered; the reports of `submit` say so.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::AbortHandle;

use super::rules::Organisation;
use super::{Message, Plan, Route};
use crate::exchange::{ExchangeHeaders, Outgoing, Receiver, Record, Report, Schedule, Sender, SenderConfig};

/// A tenant to be run.
#[derive(Clone)]
pub struct Tenant365Config {
    /// GUID.
    pub id: String,
    /// The tenant's name at the receiver's connector.
    pub connector: String,
    /// Accepted domains, the default one first.
    pub domains: Vec<String>,
    /// Members by the group's address.
    pub groups: HashMap<String, Vec<String>>,
    pub plan: Plan,
    /// Where the smart hosts of the plan are.
    pub smart_hosts: Vec<SocketAddr>,
    pub sender: SenderConfig,
    pub schedule: Schedule,
    /// For [`Tenant365::wait_for`].
    pub deadline: Duration,
}

/// A running tenant; dropping it stops what comes back from being delivered.
pub struct Tenant365 {
    config: Arc<Tenant365Config>,
    delivered: Arc<watch::Sender<Vec<Delivered>>>,
    returns: AbortHandle,
}

/// A message at its recipients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivered {
    pub message: Message,
    /// How often it had been handed to a connector and come back.
    pub trips: usize,
}

impl Organisation for Tenant365Config {
    fn is_inside(&self, address: &str) -> bool {
        let domain = address.rsplit_once('@').map(|(_, domain)| domain);
        domain.is_some_and(|domain| self.domains.iter().any(|known| known.eq_ignore_ascii_case(domain)))
    }

    fn is_member(&self, address: &str, group: &str) -> bool {
        self.groups.get(group).is_some_and(|members| members.iter().any(|member| member.eq_ignore_ascii_case(address)))
    }
}

impl Tenant365 {
    /// Delivers from now on what comes back to `receiver` for this tenant.
    pub fn start(config: Tenant365Config, receiver: &Receiver) -> Tenant365 {
        let config = Arc::new(config);
        let delivered = Arc::new(watch::Sender::default());
        let task = take_returns(config.clone(), delivered.clone(), receiver.watch());
        Tenant365 { config, delivered, returns: tokio::spawn(task).abort_handle() }
    }

    /// A user sends a message. Internal and external recipients go separately, as Exchange does it; the reports are
    /// those of what went to a connector.
    pub async fn submit(&self, message: Message) -> io::Result<Vec<Report>> {
        let (inside, outside): (Vec<String>, Vec<String>) =
            message.recipients.iter().cloned().partition(|address| self.config.is_inside(address));
        let mut reports = Vec::new();
        for recipients in [inside, outside] {
            if !recipients.is_empty() {
                let part = Message { recipients, ..message.clone() };
                reports.extend(route(&self.config, &self.delivered, part, 0).await?);
            }
        }
        Ok(reports)
    }

    /// What was delivered up to now.
    pub fn delivered(&self) -> Vec<Delivered> {
        self.delivered.borrow().clone()
    }

    /// Waits until at least `count` messages were delivered.
    pub async fn wait_for(&self, count: usize) -> io::Result<Vec<Delivered>> {
        let mut delivered = self.delivered.subscribe();
        let wait = delivered.wait_for(|delivered| delivered.len() >= count);
        match tokio::time::timeout(self.config.deadline, wait).await {
            Ok(Ok(delivered)) => Ok(delivered.clone()),
            _ => {
                Err(io::Error::new(io::ErrorKind::TimedOut, format!("{} of {count} delivered", self.delivered().len())))
            }
        }
    }
}

impl Drop for Tenant365 {
    fn drop(&mut self) {
        self.returns.abort();
    }
}

/// Applies the rules and sends the message where they say.
async fn route(
    config: &Tenant365Config,
    delivered: &watch::Sender<Vec<Delivered>>,
    mut message: Message,
    trips: usize,
) -> io::Result<Option<Report>> {
    match config.plan.apply(&mut message, config)? {
        Route::Out => {
            delivered.send_modify(|all| all.push(Delivered { message, trips }));
            Ok(None)
        }
        Route::Connector(_) => {
            let organization = config.domains.first().map(String::as_str).unwrap_or_default();
            let content = ExchangeHeaders::new(&config.id, organization).around(&message.content);
            let recipients: Vec<&str> = message.recipients.iter().map(String::as_str).collect();
            let outgoing = Outgoing::new(&message.sender, &recipients, content).organization(organization);
            Ok(Some(Sender::deliver(&config.smart_hosts, &config.sender, &outgoing, &config.schedule).await))
        }
    }
}

/// Takes up what the receiver accepts for this tenant, one by one.
async fn take_returns(
    config: Arc<Tenant365Config>,
    delivered: Arc<watch::Sender<Vec<Delivered>>>,
    mut record: watch::Receiver<Record>,
) {
    let mut seen = 0;
    loop {
        let Ok(accepted) =
            record.wait_for(|record| record.accepted.len() > seen).await.map(|record| record.accepted.clone())
        else {
            return;
        };
        for taken in accepted.iter().skip(seen).filter(|taken| taken.tenant.as_ref() == Some(&config.connector)) {
            let mut message = Message::new(&taken.sender, &taken.addresses(), taken.content.clone());
            let trips = 1 + message.headers(TRIP).len();
            message.enter(&taken.hello);
            message.content = [format!("{TRIP}: {trips}\r\n").as_bytes(), &message.content].concat().into();
            // What Signet refuses now, or no rule can be applied to, is not delivered: a test that waits sees it.
            let _ = route(&config, &delivered, message, trips).await;
        }
        seen = accepted.len();
    }
}

/// Our own count of the way, one field a trip.
const TRIP: &str = "X-Stand-In-Trip";
