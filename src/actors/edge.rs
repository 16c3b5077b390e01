//! One core's share of a listener: takes connections, gives each a permit and an actor, and drains them.
//!
//! Without a permit a connection gets 421 and is closed; merely not accepting would leave it in a queue of this core
//! while another core idles.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use actix::WeakAddr;
use actix::prelude::*;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};

use super::connection::Connection;
use super::permit::{Claimant, Permit, Permits};
use super::relay::Pools;
use crate::events;
use crate::metrics::metrics;
use crate::net::proxy_protocol::{self, Named};
use crate::net::{self, Peer, Wire};
use crate::smtp::Reply;

/// One core's share of one listener.
pub struct Edge {
    shared: Rc<net::Edge>,
    pools: Pools,
    permits: Permits,
    proof: &'static str,
    listener: Option<TcpListener>,
    connections: HashMap<u64, Addr<Connection>>,
    drained: Vec<tokio::sync::oneshot::Sender<()>>,
    draining: bool,
}

/// Finish what runs, then 421. The answer comes when no session is left.
#[derive(Message, Clone, Copy)]
#[rtype(result = "()")]
pub struct Drain;

/// The same, and tell when the last session has ended.
#[derive(Message)]
#[rtype(result = "()")]
pub struct DrainAndTell(pub tokio::sync::oneshot::Sender<()>);

/// A session has ended.
#[derive(Message)]
#[rtype(result = "()")]
pub(super) struct Closed(pub u64);

/// A sender has connected.
#[derive(Message)]
#[rtype(result = "()")]
struct Arrived(TcpStream, SocketAddr);

impl Edge {
    /// `permits` bound the sessions of the process; `proof` is the listener's, as a word for metrics.
    pub fn new(
        shared: Rc<net::Edge>,
        pools: Pools,
        permits: Permits,
        proof: &'static str,
        listener: TcpListener,
    ) -> Edge {
        Edge {
            shared,
            pools,
            permits,
            proof,
            listener: Some(listener),
            connections: HashMap::new(),
            drained: Vec::new(),
            draining: false,
        }
    }

    fn tell_if_drained(&mut self) {
        if self.draining && self.connections.is_empty() {
            for waiting in self.drained.drain(..) {
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
            return self.refuse(stream, address, events::Refused::Draining, Reply::shutting_down());
        }
        // It counted for the balancer as long as the sender was not named.
        if Claimant::of(&self.shared, address).takes_over(&mut permit).is_err() {
            return self.refuse(stream, address, events::Refused::Share, Reply::too_busy());
        }
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        events::ConnectionAccepted { session: number, proof: self.proof, peer: address }.emit();
        let wire = Wire::new(stream);
        let (edge, shared, pools) = (ctx.address(), self.shared.clone(), self.pools.clone());
        let connection = Connection::new(number, edge, shared, pools, wire, peer, permit).start();
        self.connections.insert(number, connection);
    }

    fn refuse(&self, stream: TcpStream, address: IpAddr, cause: events::Refused, reply: Reply) {
        events::ConnectionRefused { peer: Some(address), cause }.emit();
        actix::spawn(async move {
            let mut stream = stream;
            let farewell = async {
                stream.write_all(&reply.encode()).await?;
                stream.shutdown().await
            };
            // Whether the refused peer hears it is its own affair.
            let _ = tokio::time::timeout(FAREWELL, farewell).await;
        });
    }
}

impl Actor for Edge {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Context<Self>) {
        let Some(listener) = self.listener.take() else { return };
        let edge = ctx.address().downgrade();
        ctx.spawn(accept(listener, edge).into_actor(self));
        ctx.run_interval(GAUGE, |edge, _| {
            let octets = i64::try_from(edge.shared.budget.in_flight_bytes()).unwrap_or(i64::MAX);
            metrics().message_in_flight_bytes.set(octets);
        });
    }
}

impl Handler<Arrived> for Edge {
    type Result = ();

    fn handle(&mut self, Arrived(stream, address): Arrived, ctx: &mut Context<Self>) {
        let address = address.ip();
        if self.draining {
            return self.refuse(stream, address, events::Refused::Draining, Reply::shutting_down());
        }
        let permit = match Claimant::of(&self.shared, address).permit(&self.permits) {
            Ok(permit) => permit,
            Err(cause) => return self.refuse(stream, address, cause, Reply::too_busy()),
        };
        if self.shared.balancers.must_name(address) {
            return self.hear_balancer(stream, address, permit, ctx);
        }
        let peer = self.shared.balancers.direct(address);
        self.take_in(stream, peer, permit, ctx);
    }
}

impl Handler<Closed> for Edge {
    type Result = ();

    fn handle(&mut self, Closed(number): Closed, _ctx: &mut Context<Self>) {
        if self.connections.remove(&number).is_some() {
            events::ConnectionClosed { session: number }.emit();
        }
        self.tell_if_drained();
    }
}

impl Handler<DrainAndTell> for Edge {
    type Result = ();

    fn handle(&mut self, DrainAndTell(tell): DrainAndTell, _ctx: &mut Context<Self>) {
        self.draining = true;
        self.drained.push(tell);
        for connection in self.connections.values() {
            connection.do_send(Drain);
        }
        self.tell_if_drained();
    }
}

/// Accepts until the edge is gone. While it drains, newcomers are accepted and told 421: a closed listener would
/// reset those that wait in its queue.
async fn accept(listener: TcpListener, edge: WeakAddr<Edge>) {
    loop {
        let arrived = listener.accept().await;
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
