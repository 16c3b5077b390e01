//! Whether mail is conserved: sent = delivered + refused + deferred, by the receiver's own record.
//!
//! A [`Mailer`] hands messages over as Exchange Online does and tries again until each is settled; a [`Book`] keeps
//! what was tried, what the sender was told and which faults were provoked when. [`Book::balance`] holds that against
//! what the receivers took. Told 250 and not taken is a loss. Taken once too often is a duplicate, and needs a try
//! whose answer never came while a fault struck between its last octet and its end: the window in which no relay that
//! stores nothing can help it. Anything else is a finding.

mod balance;
mod mailer;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use bytes::Bytes;

use crate::exchange::{Delivery, Fate, Outgoing, header_values};

pub use balance::Balance;
pub use mailer::Mailer;

/// Every message sent, every try, every fault. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Book {
    pages: Arc<Mutex<Pages>>,
}

#[derive(Debug, Default)]
struct Pages {
    /// By Message-ID.
    letters: BTreeMap<String, Entry>,
    incidents: Vec<Incident>,
}

/// One message and what came of it so far.
#[derive(Debug, Clone)]
struct Entry {
    content: Bytes,
    /// Address and fate by now; `Deferred` while it is open, and in the end when it was given up.
    recipients: Vec<(String, Fate)>,
    tries: Vec<Try>,
}

/// One try of one message.
#[derive(Debug, Clone)]
pub struct Try {
    /// Whom it was for.
    pub recipients: Vec<String>,
    /// What each of them was told.
    pub fates: Vec<Fate>,
    /// When the last octet of the content was about to be written; `None`: it did not come so far, and nothing can
    /// have been committed.
    pub written: Option<Instant>,
    /// When the sender knew, or gave the session up.
    pub ended: Instant,
    /// Every reply; of a session that could not be had only why.
    pub delivery: Delivery,
}

/// A fault that was provoked.
#[derive(Debug, Clone)]
pub struct Incident {
    /// For the messages of failed tests.
    pub name: String,
    pub at: Instant,
}

impl Book {
    pub fn new() -> Book {
        Book::default()
    }

    /// Notes a fault that strikes now. Every message that is between its last octet and its answer may be taken twice
    /// for it.
    pub fn incident(&self, name: &str) {
        self.incident_at(name, Instant::now());
    }

    /// The same for one whose time is on another record, as that of [`crate::fault_proxy::Struck`].
    pub fn incident_at(&self, name: &str, at: Instant) {
        self.pages().incidents.push(Incident { name: name.to_owned(), at });
    }

    /// Tries of a message, oldest first.
    pub fn tries(&self, message: &Outgoing) -> Vec<Try> {
        self.pages().letters.get(&id_of(&message.content)).map(|entry| entry.tries.clone()).unwrap_or_default()
    }

    /// What each recipient of a message was told in the end.
    pub fn fates(&self, message: &Outgoing) -> Vec<Fate> {
        let pages = self.pages();
        let entry = pages.letters.get(&id_of(&message.content));
        entry.map(|entry| entry.recipients.iter().map(|(_, fate)| fate.clone()).collect()).unwrap_or_default()
    }

    /// Enters a message that will be sent. Its Message-ID is what it is known by; `false`: it is entered already.
    fn enter(&self, message: &Outgoing) -> bool {
        let recipients = message.recipients.iter();
        let recipients = recipients.map(|known| (known.address.clone(), Fate::Deferred(None))).collect();
        let entry = Entry { content: message.content.clone(), recipients, tries: Vec::new() };
        self.pages().letters.insert(id_of(&message.content), entry).is_none()
    }

    fn note(&self, message: &Outgoing, one: Try) {
        if let Some(entry) = self.pages().letters.get_mut(&id_of(&message.content)) {
            for (address, fate) in one.recipients.iter().zip(&one.fates) {
                let known = entry.recipients.iter_mut().filter(|(known, _)| known == address);
                known.for_each(|(_, now)| *now = fate.clone());
            }
            entry.tries.push(one);
        }
    }

    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a message is known by.
fn id_of(content: &[u8]) -> String {
    header_values(content, "Message-ID").into_iter().next().unwrap_or_default()
}

/// A mail of about so many octets in one part of plain text, so that it is seen whether anything but one signature was
/// put in. `id` makes it unique.
pub fn plain_mail(id: &str, from: &str, octets: usize) -> Vec<u8> {
    let mut mail = format!(
        "From: <{from}>\r\nTo: undisclosed\r\nSubject: {id}\r\nDate: Wed, 17 Feb 2021 13:11:20 +0000\r\n\
         Message-ID: <{id}@conservation.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n"
    );
    let mut line = 0;
    while mail.len() < octets {
        line += 1;
        mail.push_str(&format!("Line {line} of {id}, which must arrive as it was sent.\r\n"));
    }
    mail.into_bytes()
}
