//! One inbound session: a control mailbox, and one future that owns the socket.
//!
//! It lives as long as that future. A panic in it closes this session alone; the sender gets no 250 and tries again.

use std::rc::Rc;

use actix::prelude::*;
use tokio::sync::oneshot;

use super::edge::{Closed, Drain, Edge};
use super::permit::Permit;
use super::relay::Pools;
use crate::net::{self, Peer, Pump, Wire};

/// One sender's session.
pub struct Connection {
    number: u64,
    edge: Addr<Edge>,
    session: Option<Session>,
    drain: Option<oneshot::Sender<()>>,
    permit: Option<Permit>,
}

struct Session {
    pump: Box<Pump<Pools>>,
    drained: oneshot::Receiver<()>,
}

impl Connection {
    /// `permit` is the right to exist; it is given back with the actor.
    pub fn new(
        number: u64,
        edge: Addr<Edge>,
        shared: Rc<net::Edge>,
        pools: Pools,
        wire: Wire,
        peer: Peer,
        permit: Permit,
    ) -> Connection {
        let (drain, drained) = oneshot::channel();
        let pump = Box::new(Pump::new(shared, pools, number, wire, peer));
        Connection { number, edge, session: Some(Session { pump, drained }), drain: Some(drain), permit: Some(permit) }
    }
}

impl Actor for Connection {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Context<Self>) {
        let Some(Session { pump, drained }) = self.session.take() else { return };
        let session = async move {
            let drain = async {
                // Dropped without a word means that nobody will ever ask this session to drain.
                if drained.await.is_err() {
                    std::future::pending::<()>().await;
                }
            };
            pump.run(drain).await;
        };
        ctx.spawn(session.into_actor(self).map(|(), _, ctx| ctx.stop()));
    }
}

/// By whatever way the session ended, a panic included: an edge that waited for it would never be drained.
impl Drop for Connection {
    fn drop(&mut self) {
        self.permit = None;
        // A note that may be lost: an edge that is gone counts nothing.
        self.edge.do_send(Closed(self.number));
    }
}

impl Handler<Drain> for Connection {
    type Result = ();

    fn handle(&mut self, _: Drain, _ctx: &mut Context<Self>) {
        if let Some(drain) = self.drain.take() {
            let _ = drain.send(());
        }
    }
}
