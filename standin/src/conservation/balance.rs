//! The balance: every recipient of every message is in one of four columns, and what does not belong is a finding.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::AddAssign;

use super::{Book, Entry, Incident, id_of};
use crate::exchange::{Accepted, Fate, split_head};

/// Recipients of messages, by what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Balance {
    pub sent: usize,
    /// Taken by a receiver at least once.
    pub delivered: usize,
    /// Told 5xx; nobody took it.
    pub refused: usize,
    /// Never told anything else than to try again; nobody took it.
    pub deferred: usize,
    /// Told 250; nobody took it.
    pub lost: usize,
    /// Deliveries beyond the first.
    pub duplicates: usize,
    /// Those of them that a fault in the window explains.
    pub attributed: usize,
}

impl AddAssign for Balance {
    fn add_assign(&mut self, other: Balance) {
        self.sent += other.sent;
        self.delivered += other.delivered;
        self.refused += other.refused;
        self.deferred += other.deferred;
        self.lost += other.lost;
        self.duplicates += other.duplicates;
        self.attributed += other.attributed;
    }
}

impl fmt::Display for Balance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Balance { sent, delivered, refused, deferred, lost, duplicates, attributed } = self;
        write!(
            f,
            "sent {sent} = delivered {delivered} + refused {refused} + deferred {deferred}; lost {lost}, \
             duplicates {duplicates} (attributed {attributed})"
        )
    }
}

impl Book {
    /// Holds the book against what the receivers took. All messages must be settled. Without findings nothing was
    /// lost, damaged, bounced in spite of its delivery, or taken twice without a fault that explains it.
    pub fn balance(&self, taken: &[Accepted]) -> (Balance, Vec<String>) {
        let pages = self.pages();
        let mut balance = Balance::default();
        let mut findings = Vec::new();
        let mut deliveries: BTreeMap<(String, &str), usize> = BTreeMap::new();
        for message in taken {
            let id = id_of(&message.content);
            let Some(entry) = pages.letters.get(&id) else {
                findings.push(format!("{id}: nobody sent it"));
                continue;
            };
            if let Some(harm) = harm(&entry.content, &message.content) {
                findings.push(format!("{id}: DAMAGED: {harm}"));
            }
            for recipient in &message.recipients {
                if !entry.recipients.iter().any(|(known, _)| *known == recipient.address) {
                    findings.push(format!("{id}: {} is none of its recipients", recipient.address));
                }
                *deliveries.entry((id.clone(), &recipient.address)).or_default() += 1;
            }
        }
        for (id, entry) in &pages.letters {
            for (address, fate) in &entry.recipients {
                let count = deliveries.get(&(id.clone(), address.as_str())).copied().unwrap_or(0);
                let explained = doubtful_tries(entry, address, &pages.incidents);
                let (one, finding) = weigh(fate, count, explained);
                balance += one;
                let told = |finding| format!("{id} to {address}: {finding}; {:#?}; {:?}", entry.tries, pages.incidents);
                findings.extend(finding.map(told));
            }
        }
        (balance, findings)
    }
}

/// One recipient of one message, taken `count` times, with so many tries that a fault left without an answer.
fn weigh(fate: &Fate, count: usize, explained: usize) -> (Balance, Option<String>) {
    let mut balance = Balance { sent: 1, ..Balance::default() };
    match (fate, count) {
        (_, 1..) => balance.delivered = 1,
        (Fate::Delivered, 0) => balance.lost = 1,
        (Fate::Refused(_), 0) => balance.refused = 1,
        (Fate::Deferred(_), 0) => balance.deferred = 1,
    }
    balance.duplicates = count.saturating_sub(1);
    balance.attributed = balance.duplicates.min(explained);
    let finding = match fate {
        Fate::Delivered if count == 0 => Some("LOST: told 250, and nobody took it".to_owned()),
        Fate::Refused(reply) if count > 0 => Some(format!("bounced ({reply}) though it was taken {count} times")),
        Fate::Delivered if count > 1 + explained => Some(format!("DUPLICATE: taken {count} times")),
        Fate::Deferred(_) if count > explained => Some(format!("DUPLICATE: taken {count} times, and told of none")),
        _ => None,
    };
    (balance, finding)
}

/// Tries for this recipient that had no success and in whose window a fault struck.
fn doubtful_tries(entry: &Entry, address: &str, incidents: &[Incident]) -> usize {
    let tries = entry.tries.iter().filter(|one| {
        let fate = one.recipients.iter().zip(&one.fates).find(|(known, _)| *known == address);
        let unsaid = fate.is_some_and(|(_, fate)| !matches!(fate, Fate::Delivered));
        let struck = |written| incidents.iter().any(|incident| (written..=one.ended).contains(&incident.at));
        unsaid && one.written.is_some_and(struck)
    });
    tries.count()
}

/// What is wrong with a message of one plain part as it arrived: below the fields that the relay puts on top it must be
/// what was sent, with at most one piece put in.
fn harm(sent: &[u8], arrived: &[u8]) -> Option<&'static str> {
    let plain = |content: &[u8]| String::from_utf8_lossy(split_head(content).0).contains("Content-Type: text/plain");
    if !plain(sent) {
        return None;
    }
    // What is on top of the sender's first field; two runs of it are one trip too many, but no harm.
    let first = sent.get(..memchr::memchr(b'\n', sent)?)?;
    let Some(at) = memchr::memmem::find(arrived, first) else { return Some("its first line is not there") };
    let below = arrived.get(at..)?;
    let same_start = sent.iter().zip(below).take_while(|(a, b)| a == b).count();
    let same_end = sent.iter().rev().zip(below.iter().rev()).take_while(|(a, b)| a == b).count();
    (below.len() < sent.len() || same_start + same_end < sent.len()).then_some("octets were changed")
}
