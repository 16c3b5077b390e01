//! One inbound session: one future that owns the socket, and the orders of the edge that it obeys.
//!
//! It lives as long as that future. A panic in it closes this session alone; the sender gets no 250 and tries again.

use actix::prelude::*;
use tokio::sync::watch;

use super::edge::{Closed, Edge};
use super::permit::Permit;
use super::relay::Pools;
use crate::net::{End, Order, Pump};

/// One sender's session.
pub struct Connection {
    number: u64,
    edge: Addr<Edge>,
    session: Option<Session>,
    permit: Option<Permit>,
    end: End,
}

struct Session {
    pump: Box<Pump<Pools>>,
    orders: watch::Receiver<Order>,
}

impl Connection {
    /// `permit` is the right to exist; it is given back with the actor.
    pub(super) fn new(
        number: u64,
        edge: Addr<Edge>,
        pump: Box<Pump<Pools>>,
        permit: Permit,
        orders: watch::Receiver<Order>,
    ) -> Connection {
        Connection { number, edge, session: Some(Session { pump, orders }), permit: Some(permit), end: End::InOrder }
    }
}

impl Actor for Connection {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Context<Self>) {
        let Some(Session { pump, orders }) = self.session.take() else { return };
        let session = pump.run(orders);
        ctx.spawn(session.into_actor(self).map(|end, connection, ctx| {
            connection.end = end;
            ctx.stop();
        }));
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.permit = None;
        // A note that may be lost: an edge that is gone counts nothing.
        self.edge.do_send(Closed { number: self.number, end: self.end });
    }
}
