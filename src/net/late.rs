//! An answer that comes after ours: the sender has been told to try later, or is gone, and the next hop has the whole
//! message. What it says still goes into the ledger, so that the retry is known again (fault 47). The session keeps its
//! permit meanwhile, so that these waits are as few as the sessions that a tenant may have.

use std::time::Instant;

use jiff::Timestamp;

use super::outbound::Outbound;
use crate::smtp::{Asked, Event};
use crate::transit::{Now, Page};

/// Waits for the answer as long as the session allows.
pub(super) async fn note_answer(mut outbound: Outbound, mut page: Page) {
    let reply = loop {
        match outbound.next_event().await {
            Event::Reply(Asked::EndOfMessage, reply) => break Some(reply),
            Event::Failed(_) => break None,
            Event::Reply(..) | Event::Late | Event::UpgradeTls | Event::Ready => {}
        }
    };
    page.note_late(reply.as_ref(), Now { instant: Instant::now(), wall: Timestamp::now() });
    // In doubt from here on: nobody tells the sender.
    drop(page);
    outbound.quit().await;
}
