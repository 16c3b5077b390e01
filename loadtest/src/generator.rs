//! The generator: sessions that send, in a closed loop or at a rate, on a thread of their own whose processor time
//! is known. At a rate the latency counts from the moment a message was due, so that a stall is not left out.
//! A session that breaks is counted, and replaced for the next message. Nothing waits for ever: what is under way
//! when all time is up is counted as failed.

use std::cell::{Cell, RefCell};
use std::io;
use std::net::Ipv4Addr;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;

use crate::client::{Session, Target};
use crate::machine;
use crate::outcome::{Outcome, Sample};
use crate::process;
use crate::template::{Copy, Template};

/// What to send.
#[derive(Clone)]
pub struct Load {
    pub target: Target,
    pub templates: Arc<[Template]>,
    pub connections: usize,
    /// No more than these.
    pub messages: u64,
    /// No message is begun later than this after the first.
    pub lasts: Duration,
    pub messages_per_second: Option<f64>,
    pub messages_per_connection: Option<u64>,
    pub tenants: Tenants,
    pub people: u32,
    /// Sessions begin to send one after the other, the last after so long.
    pub ramp: Duration,
    /// The generator itself steps back behind all else that runs.
    pub background: bool,
}

/// Whose mail it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tenants {
    pub first: u32,
    pub count: u32,
    pub known_by: KnownBy,
}

/// How the receiver tells the tenants apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KnownBy {
    /// Each connection is one tenant's, and comes from its address.
    Address,
    /// By what is in the message.
    Message,
    /// Each message is the next tenant's, and comes from its address; for sessions of one message.
    Turn,
}

impl Tenants {
    /// One tenant, whoever sends.
    pub fn one(number: u32) -> Tenants {
        Tenants { first: number, count: 1, known_by: KnownBy::Message }
    }

    fn of(self, connection: usize, number: u64) -> u32 {
        let count = u64::from(self.count.max(1));
        let at = if self.known_by == KnownBy::Address { connection as u64 } else { number };
        self.first + u32::try_from(at % count).unwrap_or_default()
    }

    fn address(self, connection: usize, number: u64) -> Option<Ipv4Addr> {
        (self.known_by != KnownBy::Message).then(|| address(self.of(connection, number)))
    }
}

/// Where a tenant's mail comes from when it is known by its address: one of 127.16.0.0/12.
pub fn address(tenant: u32) -> Ipv4Addr {
    Ipv4Addr::from_bits(Ipv4Addr::new(127, 16, 0, 1).to_bits() + tenant)
}

/// Sends it all, on a new thread with a runtime of its own.
pub fn run(load: &Load) -> io::Result<Outcome> {
    start(load, Arc::default())?.join().map_err(|_| io::Error::other("the generator panicked"))?
}

/// The same beside other work; raising `stop` ends it early.
pub fn start(load: &Load, stop: Arc<AtomicBool>) -> io::Result<std::thread::JoinHandle<io::Result<Outcome>>> {
    let load = load.clone();
    std::thread::Builder::new().name("generator".to_owned()).spawn(move || {
        if load.background {
            machine::work_in_background();
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        tokio::task::LocalSet::new().block_on(&runtime, drive(load, stop))
    })
}

struct Shared {
    load: Load,
    taken: Cell<u64>,
    began: Instant,
    stop: Arc<AtomicBool>,
    /// A permit a message that is due; closed loops do not ask.
    due: Arc<Semaphore>,
    outcome: RefCell<Outcome>,
}

async fn drive(load: Load, stop: Arc<AtomicBool>) -> io::Result<Outcome> {
    let mut sessions = Vec::with_capacity(load.connections);
    let kept = load.messages_per_connection.is_none();
    for number in 0..load.connections {
        sessions.push(if kept { Some(connect(&load, number, 0).await?) } else { None });
    }
    let before = process::thread_time();
    let began = Instant::now();
    let due = Arc::new(Semaphore::new(0));
    if let Some(rate) = load.messages_per_second {
        pace(rate, &load, began, &stop, &due)?;
    }
    let (messages, deadline) = (load.messages, load.lasts + PATIENCE);
    let shared = Rc::new(Shared { load, taken: Cell::new(0), began, stop, due, outcome: RefCell::default() });
    let work: Vec<_> = sessions
        .into_iter()
        .enumerate()
        .map(|(number, session)| tokio::task::spawn_local(work(shared.clone(), number, session)))
        .collect();
    let all = async {
        for one in work {
            one.await.map_err(io::Error::other)?;
        }
        Ok::<_, io::Error>(())
    };
    let late = match tokio::time::timeout(deadline, all).await {
        Ok(done) => done.map(|()| false)?,
        Err(_) => true,
    };
    let mut outcome = shared.outcome.take();
    outcome.took = began.elapsed();
    outcome.cost = process::thread_time().saturating_sub(before);
    if late {
        let begun = shared.taken.get().min(messages);
        outcome.failed += begun.saturating_sub(outcome.answered());
        outcome.failure.get_or_insert_with(|| format!("messages without an answer after {deadline:?}"));
    }
    Ok(outcome)
}

/// Adds a permit at each moment a message is due, from a thread that does nothing else: the runtime's timers are too
/// coarse.
fn pace(rate: f64, load: &Load, began: Instant, stop: &Arc<AtomicBool>, due: &Arc<Semaphore>) -> io::Result<()> {
    let (stop, due) = (stop.clone(), due.clone());
    let last = load.messages.min((load.lasts.as_secs_f64() * rate) as u64);
    std::thread::Builder::new().name("pace".to_owned()).spawn(move || {
        for number in 0..last {
            let at = began + Duration::from_secs_f64(number as f64 / rate);
            std::thread::sleep(at.saturating_duration_since(Instant::now()));
            if stop.load(Ordering::Relaxed) {
                break;
            }
            due.add_permits(1);
        }
        // Those who still wait are told that there is no more.
        due.add_permits(ALL_MAY_LOOK);
    })?;
    Ok(())
}

/// One session after the other until all messages are taken or time is up.
async fn work(shared: Rc<Shared>, connection: usize, mut session: Option<Session>) {
    let load = &shared.load;
    if !load.ramp.is_zero() {
        let share = connection as f64 / load.connections.max(1) as f64;
        tokio::time::sleep(load.ramp.mul_f64(share)).await;
    }
    let mut sent = 0;
    while let Some((number, due)) = next(&shared).await {
        let result = send(load, connection, &mut session, number).await;
        if result.is_err() {
            session = None;
        }
        shared.note(due, result);
        sent += 1;
        if load.messages_per_connection.is_some_and(|most| sent % most == 0) {
            leave(session.take()).await;
        }
    }
    leave(session).await;
}

impl Shared {
    /// What became of a message that was due then.
    fn note(&self, due: Instant, result: io::Result<(u64, u16)>) {
        let mut outcome = self.outcome.borrow_mut();
        match result {
            Ok((id, 200..300)) => {
                let at = self.began.elapsed();
                outcome.samples.push(Sample { id, at, latency: due.elapsed() });
            }
            Ok((_, code)) => {
                outcome.refused += 1;
                outcome.failure.get_or_insert_with(|| format!("answered by {code}"));
            }
            Err(error) => {
                outcome.failed += 1;
                outcome.failure.get_or_insert_with(|| error.to_string());
            }
        }
    }
}

/// Number of the next message and when it was due; waits for that moment.
async fn next(shared: &Shared) -> Option<(u64, Instant)> {
    let load = &shared.load;
    if load.messages_per_second.is_some() {
        shared.due.acquire().await.ok()?.forget();
    }
    let number = shared.taken.get();
    let due = match load.messages_per_second {
        Some(rate) => shared.began + Duration::from_secs_f64(number as f64 / rate),
        None => Instant::now(),
    };
    let over = due.saturating_duration_since(shared.began) >= load.lasts;
    if over || number >= load.messages || shared.stop.load(Ordering::Relaxed) {
        return None;
    }
    shared.taken.set(number + 1);
    Some((number, due))
}

async fn send(load: &Load, connection: usize, session: &mut Option<Session>, number: u64) -> io::Result<(u64, u16)> {
    let session = match session {
        Some(session) => session,
        None => session.insert(connect(load, connection, number).await?),
    };
    let template = usize::try_from(number).unwrap_or_default() % load.templates.len().max(1);
    let template = load.templates.get(template).ok_or_else(|| io::Error::other("nothing to send"))?;
    let sender = u32::try_from(number % u64::from(load.people.max(1))).unwrap_or_default();
    let copy = Copy { id: fresh_id(), tenant: load.tenants.of(connection, number), sender };
    Ok((copy.id, session.send(&load.target, template, copy).await?))
}

async fn connect(load: &Load, connection: usize, message: u64) -> io::Result<Session> {
    let connecting = Session::connect(&load.target, load.tenants.address(connection, message));
    tokio::time::timeout(PATIENCE, connecting).await.map_err(|_| io::Error::other("no EHLO in time"))?
}

async fn leave(session: Option<Session>) {
    if let Some(mut session) = session {
        // The count is done; a peer that hangs up first, or never, is no failure.
        let _ = tokio::time::timeout(Duration::from_secs(1), session.quit()).await;
    }
}

/// A number for a message; never the same twice.
pub fn fresh_id() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// What is under way when no more is begun may take so long.
const PATIENCE: Duration = Duration::from_secs(30);
/// More than there are sessions.
const ALL_MAY_LOOK: usize = 1 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tenants_take_turns_by_connection_or_by_message() {
        let tenants = Tenants { first: 10, count: 3, known_by: KnownBy::Address };
        assert_eq!([0, 1, 2, 3].map(|connection| tenants.of(connection, 7)), [10, 11, 12, 10]);
        assert_eq!(tenants.address(1, 7), Some(Ipv4Addr::new(127, 16, 0, 12)));
        let tenants = Tenants { known_by: KnownBy::Message, ..tenants };
        assert_eq!([0, 1, 2, 3].map(|number| tenants.of(5, number)), [10, 11, 12, 10]);
        assert_eq!(tenants.address(1, 0), None);
        let tenants = Tenants { known_by: KnownBy::Turn, ..tenants };
        assert_eq!(tenants.address(5, 1), Some(Ipv4Addr::new(127, 16, 0, 12)));
        assert_eq!(address(100_000), Ipv4Addr::new(127, 17, 134, 161));
    }
}
