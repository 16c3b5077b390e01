//! The ledger: which recipients already have a message whose sender may not know it (RFC 1047).
//!
//! It holds hashes, times and reply codes; no address, no header, no octet of a message can be told from it. A
//! [`Fingerprint`] finds a message by its headers, a [`Proof`] over the body shows that it is the same one, and an
//! entry counts by recipient, because senders regroup and rules change between two tries.
//!
//! An entry is *handed over* from just before the commit point, *told* from the next hop's 2xx, and gone when octets
//! read after our answer show that the sender has it. A session that breaks before that leaves it *in doubt*, for 25
//! hours. Both number of entries and of hashes are bounded: the oldest that is not in doubt goes first, counted.
//! What is in doubt is also a [`Change`] for whoever keeps it beyond the process; the ledger itself never waits.

mod hash;
mod page;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::Now;
use crate::smtp::Reply;
use crate::tenant::TenantId;

pub use hash::{Fingerprint, Proof, RecipientHash};
pub(super) use hash::{Prover, recipient_hash};
pub use page::{Note, Page, SharedLedger};

/// Longer than any sender tries (24 hours by default at Exchange Online).
pub const DOUBT: Duration = Duration::from_secs(25 * 3600);

/// How long an answer of the next hop may be awaited: beyond it whoever waited is gone.
const AWAITED: Duration = Duration::from_secs(15 * 60);

/// Changes that wait for whoever keeps them.
const CHANGES: usize = 16_384;

/// Who has had what, by hashes.
#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
pub struct Ledger {
    bounds: Bounds,
    next: u64,
    entries: BTreeMap<Ticket, Entry>,
    by_fingerprint: BTreeSet<(Fingerprint, Ticket)>,
    /// Those that are not in doubt: the first to go.
    certain: BTreeSet<Ticket>,
    recipients: usize,
    changes: VecDeque<Change>,
    tally: Tally,
}

/// How much is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    pub entries: usize,
    /// Hashes of recipients, 16 octets each, in all entries together.
    pub recipients: usize,
}

/// One entry, as its session knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket(u64);

/// A message that is about to be the next hop's, or is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parcel {
    pub tenant: TenantId,
    pub fingerprint: Fingerprint,
    pub proof: Proof,
    /// In order, each once.
    pub recipients: Arc<[RecipientHash]>,
}

impl Parcel {
    pub fn new(tenant: TenantId, fingerprint: Fingerprint, proof: Proof, mut recipients: Vec<RecipientHash>) -> Parcel {
        recipients.sort_unstable();
        recipients.dedup();
        Parcel { tenant, fingerprint, proof, recipients: recipients.into() }
    }
}

impl Known {
    /// Whether the entry is of this recipient.
    pub fn has(&self, recipient: RecipientHash) -> bool {
        self.recipients.binary_search(&recipient).is_ok()
    }

    pub(super) fn has_any(&self, recipients: &[RecipientHash]) -> bool {
        recipients.iter().any(|recipient| self.has(*recipient))
    }
}

/// The next hop's 2xx: its codes. The text is not kept, because it quotes the Message-ID.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    code: u16,
    enhanced: Option<(u8, u16, u16)>,
}

/// What the ledger knows of a fingerprint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    pub ticket: Ticket,
    pub proof: Proof,
    pub recipients: Arc<[RecipientHash]>,
    /// `None`: the next hop's answer is still awaited.
    pub taken: Option<Taken>,
}

/// An entry in doubt, as it can be kept beyond the process and be known to other nodes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    pub parcel: Parcel,
    pub taken: Taken,
    /// When the next hop took it.
    pub since: Timestamp,
}

/// What whoever keeps the entries in doubt has to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    Keep(Doubt),
    Remove(Parcel),
}

/// What happened since it was last asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Entries that came in doubt.
    pub doubted: u64,
    /// Entries, or changes of them, that were lost because there was no room.
    pub dropped: u64,
}

#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
struct Entry {
    parcel: Parcel,
    state: State,
    since: Timestamp,
    until: Instant,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    HandedOver,
    Told(Taken),
    InDoubt(Taken),
}

impl Taken {
    /// `None` when the reply is no success.
    pub fn of(reply: &Reply) -> Option<Taken> {
        reply.is_success().then(|| Taken { code: reply.code(), enhanced: reply.enhanced() })
    }

    /// As it is kept: `250` and `2.6.0`, the latter perhaps empty.
    pub fn from_codes(code: u16, enhanced: &str) -> Option<Taken> {
        Taken::of(&Reply::new(code, enhanced, "kept"))
    }

    pub fn code(&self) -> u16 {
        self.code
    }

    /// Enhanced code (RFC 3463), empty where there was none.
    pub fn enhanced(&self) -> String {
        self.enhanced.map(|(class, subject, detail)| format!("{class}.{subject}.{detail}")).unwrap_or_default()
    }

    pub(super) fn reply(&self) -> Reply {
        Reply::new(self.code, &self.enhanced(), "Already taken by the next hop")
    }
}

impl Default for Bounds {
    /// 24 MB at the most.
    fn default() -> Bounds {
        Bounds { entries: 32_768, recipients: 524_288 }
    }
}

impl Ledger {
    pub fn new(bounds: Bounds) -> Ledger {
        Ledger {
            bounds,
            next: 0,
            entries: BTreeMap::new(),
            by_fingerprint: BTreeSet::new(),
            certain: BTreeSet::new(),
            recipients: 0,
            changes: VecDeque::new(),
            tally: Tally::default(),
        }
    }

    /// Everything known of a fingerprint, oldest first.
    pub fn recall(&self, fingerprint: Fingerprint, now: Instant) -> Vec<Known> {
        let found = self.by_fingerprint.range((fingerprint, Ticket(0))..=(fingerprint, Ticket(u64::MAX)));
        let entries = found.filter_map(|(_, ticket)| Some((*ticket, self.entries.get(ticket)?)));
        let living = entries.filter(|(_, entry)| now < entry.until);
        living
            .map(|(ticket, entry)| Known {
                ticket,
                proof: entry.parcel.proof,
                recipients: entry.parcel.recipients.clone(),
                taken: match entry.state {
                    State::HandedOver => None,
                    State::Told(taken) | State::InDoubt(taken) => Some(taken),
                },
            })
            .collect()
    }

    /// The last octet of a message is about to go out. Whoever holds the ticket says what came of it.
    pub fn hand_over(&mut self, parcel: Parcel, now: Now) -> Ticket {
        self.add(Entry { parcel, state: State::HandedOver, since: now.wall, until: now.instant + AWAITED })
    }

    /// The next hop has it.
    pub fn taken(&mut self, ticket: Ticket, taken: Taken, now: Now) {
        if let Some(entry) = self.entries.get_mut(&ticket).filter(|entry| entry.state == State::HandedOver) {
            entry.state = State::Told(taken);
            entry.since = now.wall;
            entry.until = now.instant + DOUBT;
        }
    }

    /// The sender may not know it: the entry stays until it has tried again, or given up.
    pub fn doubt(&mut self, ticket: Ticket) {
        let Some(entry) = self.entries.get_mut(&ticket) else { return };
        let State::Told(taken) = entry.state else { return };
        entry.state = State::InDoubt(taken);
        let doubt = Doubt { parcel: entry.parcel.clone(), taken, since: entry.since };
        self.certain.remove(&ticket);
        self.tally.doubted += 1;
        self.change(Change::Keep(doubt));
    }

    /// The entry goes: the sender has it, the next hop has not, or it was shown to be of another message.
    pub fn forget(&mut self, ticket: Ticket) {
        if let Some(Entry { parcel, state: State::InDoubt(_), .. }) = self.remove(ticket) {
            self.change(Change::Remove(parcel));
        }
    }

    /// Takes back what was kept beyond the process.
    pub fn restore(&mut self, doubt: Doubt, now: Now) {
        let age = Duration::try_from(now.wall.duration_since(doubt.since)).unwrap_or_default();
        let Some(left) = DOUBT.checked_sub(age).filter(|left| !left.is_zero()) else { return };
        let Doubt { parcel, taken, since } = doubt;
        self.add(Entry { parcel, state: State::InDoubt(taken), since, until: now.instant + left });
    }

    /// Drops what has had its time. Whoever keeps the entries in doubt does the same by their time.
    pub fn expire(&mut self, now: Instant) {
        let old: Vec<Ticket> =
            self.entries.iter().filter(|(_, entry)| entry.until <= now).map(|(ticket, _)| *ticket).collect();
        for ticket in old {
            self.remove(ticket);
        }
    }

    /// The oldest changes, at most `most`, for whoever keeps them.
    pub fn take_changes(&mut self, most: usize) -> Vec<Change> {
        self.changes.drain(..most.min(self.changes.len())).collect()
    }

    /// What happened since this was last asked.
    pub fn take_tally(&mut self) -> Tally {
        std::mem::take(&mut self.tally)
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn add(&mut self, entry: Entry) -> Ticket {
        let ticket = Ticket(self.next);
        self.next += 1;
        self.by_fingerprint.insert((entry.parcel.fingerprint, ticket));
        self.recipients += entry.parcel.recipients.len();
        if !matches!(entry.state, State::InDoubt(_)) {
            self.certain.insert(ticket);
        }
        self.entries.insert(ticket, entry);
        while self.entries.len() > self.bounds.entries || self.recipients > self.bounds.recipients {
            let certain = self.certain.first().filter(|&&oldest| oldest != ticket);
            let Some(&oldest) = certain.or_else(|| self.entries.keys().next()) else { break };
            self.tally.dropped += 1;
            self.forget(oldest);
        }
        ticket
    }

    fn remove(&mut self, ticket: Ticket) -> Option<Entry> {
        let entry = self.entries.remove(&ticket)?;
        self.by_fingerprint.remove(&(entry.parcel.fingerprint, ticket));
        self.certain.remove(&ticket);
        self.recipients -= entry.parcel.recipients.len();
        Some(entry)
    }

    fn change(&mut self, change: Change) {
        if self.changes.len() < CHANGES {
            self.changes.push_back(change);
        } else {
            self.tally.dropped += 1;
        }
    }
}
