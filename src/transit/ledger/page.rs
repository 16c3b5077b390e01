//! One session's page of the ledger: the entries that wait for its sender.
//!
//! It carries out what [`Transit`](crate::transit::Transit) notes, and ends the wait: what the sender says after our
//! answer was written shows that it has it. What was there before shows nothing, for commands may be pipelined behind
//! the content (RFC 2920 section 3.1). A session that ends without such a word, for whatever reason, a panic too,
//! leaves its entries in doubt. Each step holds the lock for one look-up.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Fingerprint, Known, Ledger, Parcel, Taken, Ticket};
use crate::smtp::Reply;
use crate::transit::Now;

/// The ledger of the process.
pub type SharedLedger = Arc<Mutex<Ledger>>;

/// What a message writes into the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// The last octet is about to go out on a leg, or will be when the first leg has its success.
    HandedOver(usize, Parcel),
    /// The next hop's 2xx was read on a leg.
    Taken(usize, Taken),
    /// Its refusal was read, or nothing can be known any more, or it was not committed.
    NotTaken(usize),
    /// Our answer says what became of the message on every leg: a success, or that trying again is of no use.
    Told,
    /// Our answer is to try again, though the next hop has the message for some.
    Untold,
    /// Our answer says what these entries say.
    Repeated(Vec<Ticket>),
    /// Another message than the one that these entries are of.
    Disproved(Vec<Ticket>),
}

impl Note {
    /// Of the next hop's answer to the whole message on a leg; `None`: it cannot be known any more.
    pub fn of(leg: usize, reply: Option<&Reply>) -> Note {
        reply.and_then(Taken::of).map_or(Note::NotTaken(leg), |taken| Note::Taken(leg, taken))
    }
}

/// One session's dealings with the ledger.
#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
pub struct Page {
    ledger: SharedLedger,
    /// By leg of the message in hand.
    handed_over: Vec<(usize, Ticket)>,
    /// Of the message in hand: the next hop has it for these, and our answer is to come.
    taken: Vec<Ticket>,
    told: Vec<Ticket>,
    /// What the sender says next it says after all those answers.
    answered: bool,
}

impl Page {
    pub fn new(ledger: SharedLedger) -> Page {
        Page { ledger, handed_over: Vec::new(), taken: Vec::new(), told: Vec::new(), answered: false }
    }

    pub fn ledger(&self) -> SharedLedger {
        self.ledger.clone()
    }

    /// Another ledger with the same entries takes its place.
    #[cfg(test)]
    pub(crate) fn write_to(&mut self, ledger: SharedLedger) {
        self.ledger = ledger;
    }

    /// What is known of a message.
    pub fn recall(&self, fingerprint: Fingerprint, now: Now) -> Vec<Known> {
        lock(&self.ledger).recall(fingerprint, now.instant)
    }

    pub fn note(&mut self, note: Note, now: Now) {
        let mut ledger = lock(&self.ledger);
        match note {
            Note::HandedOver(leg, parcel) => {
                debug_assert!(!self.handed_over.iter().any(|(other, _)| *other == leg), "two messages on one leg");
                self.handed_over.push((leg, ledger.hand_over(parcel, now)));
            }
            Note::Taken(leg, taken) => {
                if let Some(ticket) = take(&mut self.handed_over, leg) {
                    ledger.taken(ticket, taken, now);
                    self.taken.push(ticket);
                }
            }
            Note::NotTaken(leg) => {
                if let Some(ticket) = take(&mut self.handed_over, leg) {
                    ledger.forget(ticket);
                }
            }
            Note::Told => {
                self.told.append(&mut self.taken);
                self.answered = false;
            }
            Note::Untold => self.taken.drain(..).for_each(|ticket| ledger.doubt(ticket)),
            Note::Repeated(tickets) => {
                self.told.extend(tickets);
                self.answered = false;
            }
            Note::Disproved(tickets) => tickets.into_iter().for_each(|ticket| ledger.forget(ticket)),
        }
    }

    /// The sender is not yet seen to have our answers to all of its messages.
    pub fn awaits_word(&self) -> bool {
        !self.told.is_empty()
    }

    /// Our answers are written, and there is nothing that the sender said before and that has no answer.
    pub fn answers_written(&mut self) {
        self.answered = self.awaits_word();
    }

    /// Octets of the sender were read. After our answers they show that it has them.
    pub fn sender_spoke(&mut self) {
        if std::mem::take(&mut self.answered) {
            let mut ledger = lock(&self.ledger);
            self.told.drain(..).for_each(|ticket| ledger.forget(ticket));
        }
    }

    /// For an answer that is awaited on a leg when the session waits no more: it is noted in the page that is given back, of
    /// the same leg.
    pub fn split_off(&mut self, leg: usize) -> Option<Page> {
        let ticket = take(&mut self.handed_over, leg)?;
        let mut page = Page::new(self.ledger.clone());
        page.handed_over.push((leg, ticket));
        Some(page)
    }

    /// What came of the message that is awaited on every leg of a page that was split off.
    pub fn note_late(&mut self, reply: Option<&Reply>, now: Now) {
        let legs: Vec<usize> = self.handed_over.iter().map(|(leg, _)| *leg).collect();
        legs.into_iter().for_each(|leg| self.note(Note::of(leg, reply), now));
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        if self.handed_over.is_empty() && self.taken.is_empty() && self.told.is_empty() {
            return;
        }
        let mut ledger = lock(&self.ledger);
        self.told.drain(..).chain(self.taken.drain(..)).for_each(|ticket| ledger.doubt(ticket));
        self.handed_over.drain(..).for_each(|(_, ticket)| ledger.forget(ticket));
    }
}

fn take(handed_over: &mut Vec<(usize, Ticket)>, leg: usize) -> Option<Ticket> {
    let place = handed_over.iter().position(|(other, _)| *other == leg)?;
    Some(handed_over.swap_remove(place).1)
}

/// A panic elsewhere leaves the ledger whole: each of its steps ends before the next begins.
fn lock(ledger: &SharedLedger) -> MutexGuard<'_, Ledger> {
    ledger.lock().unwrap_or_else(PoisonError::into_inner)
}
