//! What a session is told from outside, and how it ended.
//!
//! One value for all sessions of a core, which each of them watches: a session that comes late sees it as well, and
//! those of a core that is gone drain by themselves.

use tokio::sync::watch;

/// What the sessions of an edge are told, and stays so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Order {
    TakeMail,
    /// Finish what runs, then 421.
    Drain,
    /// Finish what the next hop has whole; leave everything else.
    Stop,
}

/// How a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// By the sender, by us with a word, or by a fault.
    InOrder,
    /// We stopped.
    Cut,
}

/// Comes with the order. Under an edge that is gone nothing new is begun, and nothing cut.
pub(super) async fn given(order: Order, mut orders: watch::Receiver<Order>) {
    let is_gone = orders.wait_for(|given| *given >= order).await.is_err();
    if is_gone && order == Order::Stop {
        std::future::pending::<()>().await;
    }
}
