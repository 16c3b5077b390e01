//! One core's share of a listener: takes connections, gives each a permit and an actor, and drains them.
//!
//! Without a permit a connection gets 421 and is closed; merely not accepting would leave it in a queue of this core
//! while another core idles.

use std::collections::HashSet;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use actix::WeakAddr;
use actix::prelude::*;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{oneshot, watch};

use super::connection::Connection;
use super::permit::{Claimant, Permit};
use super::process::Process;
use super::relay::Pools;
use super::settings::Settings;
use crate::events;
use crate::metrics::metrics;
use crate::net::proxy_protocol::{self, Named};
use crate::net::{self, Order, Peer, Pump, Wire};
use crate::smtp::Reply;

/// One core's share of one listener.
pub struct Edge {
    process: Process,
    /// Of the listener, in the configuration.
    number: usize,
    /// Made from the settings in force when the last connection came.
    current: InForce,
    pools: Pools,
    /// The socket and the word to close it, until the actor has begun.
    listener: Option<(TcpListener, oneshot::Receiver<()>)>,
    close: Option<oneshot::Sender<()>>,
    connections: HashSet<u64>,
    orders: watch::Sender<Order>,
    /// Newcomers who are being told 421.
    farewells: usize,
    drained: Vec<oneshot::Sender<()>>,
    closed: Vec<oneshot::Sender<()>>,
    draining: bool,
    /// And the listener closed.
    queue_is_empty: bool,
}

/// What new sessions get.
struct InForce {
    /// Of the settings it was made from.
    number: u64,
    shared: Rc<net::Edge>,
    proof: &'static str,
}

/// Has every session drain, and tells when the last one has ended.
#[derive(Message)]
#[rtype(result = "()")]
pub struct DrainAndTell(pub oneshot::Sender<()>);

/// Has every session stop, and tells when the last one has ended.
#[derive(Message)]
#[rtype(result = "()")]
pub struct StopAndTell(pub oneshot::Sender<()>);

/// Close the listener once its queue is empty, and tell when every newcomer has had its answer.
#[derive(Message)]
#[rtype(result = "()")]
pub struct CloseAndTell(pub oneshot::Sender<()>);

/// A session has ended.
#[derive(Message)]
#[rtype(result = "()")]
pub(super) struct Closed {
    pub number: u64,
    pub end: net::End,
}

/// The listener is closed, and nobody was in its queue.
#[derive(Message)]
#[rtype(result = "()")]
struct QueueEmpty;

/// A sender has connected.
#[derive(Message)]
#[rtype(result = "()")]
struct Arrived(TcpStream, SocketAddr);

impl Edge {
    /// One core's share of the listener `number`; `None` when `settings` have no such listener.
    pub fn new(
        process: Process,
        settings: &Settings,
        number: usize,
        pools: Pools,
        listener: TcpListener,
    ) -> Option<Edge> {
        let (close, closing) = oneshot::channel();
        Some(Edge {
            current: InForce::new(&process, settings, number)?,
            process,
            number,
            pools,
            listener: Some((listener, closing)),
            close: Some(close),
            connections: HashSet::new(),
            orders: watch::Sender::new(Order::TakeMail),
            farewells: 0,
            drained: Vec::new(),
            closed: Vec::new(),
            draining: false,
            queue_is_empty: false,
        })
    }

    /// Takes up the settings in force where they have changed.
    fn follow(&mut self) {
        let settings = self.process.settings.load();
        if settings.number != self.current.number
            && let Some(current) = InForce::new(&self.process, &settings, self.number)
        {
            self.current = current;
        }
    }

    fn leave(&mut self, order: Order, tell: oneshot::Sender<()>) {
        self.draining = true;
        self.drained.push(tell);
        self.orders.send_replace(order);
        self.tell_if_drained();
    }

    fn tell_if_drained(&mut self) {
        if self.draining && self.connections.is_empty() {
            for waiting in self.drained.drain(..) {
                let _ = waiting.send(());
            }
        }
    }

    fn tell_if_closed(&mut self) {
        if self.farewells == 0 && self.queue_is_empty {
            for waiting in self.closed.drain(..) {
                let _ = waiting.send(());
            }
        }
    }

    /// Waits for the balancer to name the sender, then takes it in.
    fn hear_balancer(&self, stream: TcpStream, balancer: IpAddr, permit: Permit, ctx: &mut Context<Self>) {
        let naming = async move {
            let mut stream = stream;
            proxy_protocol::read(&mut stream).await.map(|named| (stream, named))
        };
        ctx.spawn(naming.into_actor(self).map(move |named, edge, ctx| match named {
            Ok((stream, Named::Sender(sender))) => edge.take_in(stream, Peer::Sender(sender.ip()), permit, ctx),
            Ok((stream, Named::Nobody)) => edge.take_in(stream, Peer::Balancer(balancer), permit, ctx),
            Err(_) => {
                let cause = events::Refused::ProxyHeader;
                events::ConnectionRefused { peer: Some(balancer), cause }.emit();
            }
        }));
    }

    fn take_in(&mut self, stream: TcpStream, peer: Peer, mut permit: Permit, ctx: &mut Context<Self>) {
        let address = peer.address();
        // The drain may have begun while the balancer was heard.
        if self.draining {
            return self.refuse(stream, address, events::Refused::Draining, Reply::shutting_down(), ctx);
        }
        // It counted for the balancer as long as the sender was not named.
        if Claimant::of(&self.current.shared, address).takes_over(&mut permit).is_err() {
            return self.refuse(stream, address, events::Refused::Share, Reply::too_busy(), ctx);
        }
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        events::ConnectionAccepted { session: number, proof: self.current.proof, peer: address }.emit();
        let wire = Wire::new(stream);
        let pump = Box::new(Pump::new(self.current.shared.clone(), self.pools.clone(), number, wire, peer));
        Connection::new(number, ctx.address(), pump, permit, self.orders.subscribe()).start();
        self.connections.insert(number);
    }

    fn refuse(
        &mut self,
        stream: TcpStream,
        address: IpAddr,
        cause: events::Refused,
        reply: Reply,
        ctx: &mut Context<Edge>,
    ) {
        events::ConnectionRefused { peer: Some(address), cause }.emit();
        let farewell = async move {
            let mut stream = stream;
            let farewell = async {
                stream.write_all(&reply.encode()).await?;
                stream.shutdown().await
            };
            // Whether the refused peer hears it is its own affair.
            let _ = tokio::time::timeout(FAREWELL, farewell).await;
        };
        self.farewells += 1;
        ctx.spawn(farewell.into_actor(self).map(|(), edge, _| {
            edge.farewells -= 1;
            edge.tell_if_closed();
        }));
    }
}

impl Actor for Edge {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Context<Self>) {
        let Some((listener, closing)) = self.listener.take() else { return };
        let edge = ctx.address().downgrade();
        ctx.spawn(accept(listener, edge, closing).into_actor(self));
        ctx.run_interval(GAUGE, |edge, _| {
            let octets = i64::try_from(edge.process.budget.in_flight_bytes()).unwrap_or(i64::MAX);
            metrics().message_in_flight_bytes.set(octets);
        });
    }
}

impl Handler<Arrived> for Edge {
    type Result = ();

    fn handle(&mut self, Arrived(stream, address): Arrived, ctx: &mut Context<Self>) {
        failpoint!("accepted", return);
        let address = address.ip();
        if self.draining {
            return self.refuse(stream, address, events::Refused::Draining, Reply::shutting_down(), ctx);
        }
        let permit = match Claimant::of(&self.current.shared, address).permit(&self.process.permits) {
            Ok(permit) => permit,
            Err(cause) => return self.refuse(stream, address, cause, Reply::too_busy(), ctx),
        };
        self.follow();
        let balancers = &self.current.shared.balancers;
        if balancers.must_name(address) {
            return self.hear_balancer(stream, address, permit, ctx);
        }
        let peer = balancers.direct(address);
        self.take_in(stream, peer, permit, ctx);
    }
}

impl Handler<Closed> for Edge {
    type Result = ();

    fn handle(&mut self, Closed { number, end }: Closed, _ctx: &mut Context<Self>) {
        if end == net::End::Cut {
            self.process.cut.fetch_add(1, Ordering::Relaxed);
        }
        if self.connections.remove(&number) {
            events::ConnectionClosed { session: number }.emit();
        }
        self.tell_if_drained();
    }
}

impl Handler<DrainAndTell> for Edge {
    type Result = ();

    fn handle(&mut self, DrainAndTell(tell): DrainAndTell, _ctx: &mut Context<Self>) {
        self.leave(Order::Drain, tell);
    }
}

impl Handler<StopAndTell> for Edge {
    type Result = ();

    fn handle(&mut self, StopAndTell(tell): StopAndTell, _ctx: &mut Context<Self>) {
        self.leave(Order::Stop, tell);
    }
}

impl Handler<CloseAndTell> for Edge {
    type Result = ();

    fn handle(&mut self, CloseAndTell(tell): CloseAndTell, _ctx: &mut Context<Self>) {
        self.closed.push(tell);
        // The accepting future says when the queue is empty.
        if let Some(close) = self.close.take() {
            let _ = close.send(());
        }
    }
}

impl Handler<QueueEmpty> for Edge {
    type Result = ();

    fn handle(&mut self, _: QueueEmpty, _ctx: &mut Context<Self>) {
        self.queue_is_empty = true;
        self.tell_if_closed();
    }
}

impl InForce {
    fn new(process: &Process, settings: &Settings, number: usize) -> Option<InForce> {
        let shared = Rc::new(process.shared(settings, number)?);
        let proof = settings.listeners.get(number)?.word;
        Some(InForce { number: settings.number, shared, proof })
    }
}

/// Accepts until it is told to close. While the edge drains, newcomers are accepted and told 421: a closed listener
/// would reset those that wait in its queue. For the same reason the queue is emptied before the listener is closed.
async fn accept(listener: TcpListener, edge: WeakAddr<Edge>, mut closing: oneshot::Receiver<()>) {
    loop {
        let arrived = tokio::select! {
            biased;
            arrived = listener.accept() => arrived,
            // Dropped without a word means that nobody will ever close this listener.
            Ok(()) = &mut closing => break,
        };
        let Some(edge) = edge.upgrade() else { return };
        match arrived {
            // The mailbox holds no more than the kernel has handed us one by one.
            Ok((stream, address)) => edge.do_send(Arrived(stream, address)),
            Err(error) if is_of_the_peer(&error) => {}
            Err(_) => {
                // No descriptor is left: wait for one rather than spin.
                events::ConnectionRefused { peer: None, cause: events::Refused::Descriptors }.emit();
                tokio::time::sleep(NO_DESCRIPTORS).await;
            }
        }
    }
    drop(listener);
    if let Some(edge) = edge.upgrade() {
        // Behind the last newcomer in the mailbox.
        edge.do_send(QueueEmpty);
    }
}

fn is_of_the_peer(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset | io::ErrorKind::Interrupted
    )
}

/// Numbers sessions in the whole process.
static NUMBER: AtomicU64 = AtomicU64::new(1);
/// How often the memory in flight is shown.
const GAUGE: Duration = Duration::from_secs(1);
const FAREWELL: Duration = Duration::from_secs(2);
const NO_DESCRIPTORS: Duration = Duration::from_millis(100);
