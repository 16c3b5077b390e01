//! The generator: sessions that send, in a closed loop or at a rate, on a thread of their own whose processor time
//! is known. At a rate the latency counts from the moment a message was due, so that a stall is not left out.
//! A session that breaks is counted, and replaced for the next message.

use std::cell::{Cell, RefCell};
use std::io;
use std::rc::Rc;
use std::time::{Duration, Instant};

use crate::client::{Session, Target};
use crate::process;
use crate::template::Template;

/// What to send.
#[derive(Clone)]
pub struct Load {
    pub target: Target,
    pub templates: Vec<Template>,
    pub connections: usize,
    pub messages: u64,
    pub messages_per_second: Option<f64>,
    pub messages_per_connection: Option<u64>,
    pub people: u32,
    /// Number of the first message; numbers are never used twice against one process.
    pub first_id: u64,
}

/// What came of it.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    pub accepted: u64,
    /// Answered by 4xx or 5xx at the end.
    pub refused: u64,
    /// Sessions that failed otherwise; the message under way is counted here and nowhere else.
    pub failed: u64,
    /// The first failure in words.
    pub failure: Option<String>,
    /// One a message accepted, in order of size.
    pub latencies: Vec<Duration>,
    pub took: Duration,
    /// Processor time of the generator's thread.
    pub cost: Duration,
}

impl Outcome {
    /// The latency that so many of a thousand messages did not exceed.
    pub fn per_mille(&self, share: u64) -> Duration {
        let last = self.latencies.len().saturating_sub(1) as u64;
        let at = usize::try_from(last * share / 1_000).unwrap_or_default();
        self.latencies.get(at).copied().unwrap_or_default()
    }
}

/// Sends it all, on a new thread with a runtime of its own.
pub fn run(load: &Load) -> io::Result<Outcome> {
    let load = load.clone();
    let thread = std::thread::Builder::new().name("generator".to_owned()).spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        tokio::task::LocalSet::new().block_on(&runtime, drive(load))
    })?;
    thread.join().map_err(|_| io::Error::other("the generator panicked"))?
}

struct Shared {
    load: Load,
    next: Cell<u64>,
    began: Instant,
    outcome: RefCell<Outcome>,
}

async fn drive(load: Load) -> io::Result<Outcome> {
    let connections = load.connections;
    let mut sessions = Vec::with_capacity(connections);
    let kept = load.messages_per_connection.is_none();
    for _ in 0..connections {
        sessions.push(if kept { Some(Session::connect(&load.target).await?) } else { None });
    }
    let before = process::thread_time();
    let began = Instant::now();
    let shared = Rc::new(Shared { load, next: Cell::new(0), began, outcome: RefCell::default() });
    let work: Vec<_> =
        sessions.into_iter().map(|session| tokio::task::spawn_local(work(shared.clone(), session))).collect();
    for one in work {
        one.await.map_err(io::Error::other)?;
    }
    let mut outcome = shared.outcome.take();
    outcome.took = began.elapsed();
    outcome.cost = process::thread_time().saturating_sub(before);
    outcome.latencies.sort_unstable();
    Ok(outcome)
}

/// One session after the other until all messages are taken.
async fn work(shared: Rc<Shared>, mut session: Option<Session>) {
    let load = &shared.load;
    let mut sent = 0;
    loop {
        let number = shared.next.get();
        if number >= load.messages {
            break;
        }
        shared.next.set(number + 1);
        let due = due(&shared, number).await;
        match send(load, &mut session, number).await {
            Ok(code) => {
                let mut outcome = shared.outcome.borrow_mut();
                if code / 100 == 2 {
                    outcome.accepted += 1;
                    outcome.latencies.push(due.elapsed());
                } else {
                    outcome.refused += 1;
                    outcome.failure.get_or_insert_with(|| format!("answered by {code}"));
                }
            }
            Err(error) => {
                let mut outcome = shared.outcome.borrow_mut();
                outcome.failed += 1;
                outcome.failure.get_or_insert_with(|| error.to_string());
                session = None;
            }
        }
        sent += 1;
        if load.messages_per_connection.is_some_and(|most| sent % most == 0) {
            leave(session.take()).await;
        }
    }
    leave(session).await;
}

/// When the message is due; waits for it.
async fn due(shared: &Shared, number: u64) -> Instant {
    let Some(rate) = shared.load.messages_per_second else { return Instant::now() };
    let due = shared.began + Duration::from_secs_f64(number as f64 / rate);
    tokio::time::sleep_until(due.into()).await;
    due
}

async fn send(load: &Load, session: &mut Option<Session>, number: u64) -> io::Result<u16> {
    let session = match session {
        Some(session) => session,
        None => session.insert(Session::connect(&load.target).await?),
    };
    let template = usize::try_from(number).unwrap_or_default() % load.templates.len().max(1);
    let template = load.templates.get(template).ok_or_else(|| io::Error::other("nothing to send"))?;
    let sender = u32::try_from(number % u64::from(load.people)).unwrap_or_default();
    session.send(&load.target, template, load.first_id + number, sender).await
}

async fn leave(session: Option<Session>) {
    if let Some(mut session) = session {
        // The count is done; a peer that hangs up first is no failure.
        let _ = session.quit().await;
    }
}
