//! Follows the operator's bypass of the region in the store, for every core of the process.
//!
//! By itself, beside the tenants: it works also when they are many, or cannot be read. While the store is gone the last
//! state stays, and ends when it was to end.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;

use crate::events::{self, health::Health};
use crate::store::{Bypass, Store};
use crate::transit::RegionBypass;

/// Ends when it is dropped.
pub struct Follower {
    pub bypass: Arc<RegionBypass>,
    task: JoinHandle<()>,
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Looks once, and from then on whenever something changed and every moment.
pub async fn follow(store: Store, health: Arc<Health>) -> Follower {
    let bypass = Arc::new(RegionBypass::default());
    let mut hints = store.hints();
    look(&store, &bypass, &health).await;
    let followed = bypass.clone();
    let task = tokio::spawn(async move {
        loop {
            let _ = tokio::time::timeout(POLL, hints.hint()).await;
            look(&store, &followed, &health).await;
        }
    });
    Follower { bypass, task }
}

async fn look(store: &Store, bypass: &RegionBypass, health: &Health) {
    // That the store is gone is told by those who ask it for tenants.
    let Ok(found) = store.bypass().await else { return };
    let until = found.as_ref().map(|found| found.until_ms.unwrap_or(i64::MAX));
    if bypass.set(until) != until {
        events::RegionBypassed { is_on: until.is_some() }.emit();
        health.warning("bypass", found.as_ref().map(told));
    }
}

fn told(bypass: &Bypass) -> String {
    let reason = bypass.reason.as_deref().map(|reason| format!(": {reason}")).unwrap_or_default();
    format!("nothing is signed in the whole region, by {}{reason}", bypass.author)
}

/// Longest without a look: a hint may be lost.
const POLL: Duration = Duration::from_millis(500);
