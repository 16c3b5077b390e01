//! The sender that loses nothing: it keeps a session while it is good, tries what is temporary again in a new one,
//! and lets go of a message only when every recipient is delivered, refused or given up.
//!
//! The pause between two tries is a condition of the caller's, not a time: 15 minutes of Exchange Online's are as
//! long as it takes until the fault is over.

use std::net::SocketAddr;
use std::time::Instant;

use super::{Book, Try};
use crate::exchange::{Delivery, Fate, Outgoing, Sender, SenderConfig};

/// One sender, with one session at a time.
pub struct Mailer {
    /// Tried in this order for each new session.
    pub addresses: Vec<SocketAddr>,
    pub config: SenderConfig,
    /// Tries of a message before it is given up.
    pub tries: usize,
    book: Book,
    session: Option<Sender>,
}

impl Mailer {
    /// Six tries.
    pub fn new(book: &Book, addresses: &[SocketAddr], config: SenderConfig) -> Mailer {
        Mailer { addresses: addresses.to_vec(), config, tries: 6, book: book.clone(), session: None }
    }

    /// Hands a message over, as often as it takes. `between` is awaited before each further try, with the one that
    /// went before. The first try of every message is entered into the book.
    ///
    /// # Panics
    ///
    /// When the Message-ID is in the book already: nothing could be told apart any more.
    pub async fn deliver(&mut self, message: &Outgoing, mut between: impl AsyncFnMut(&Try)) -> Vec<Fate> {
        assert!(self.book.enter(message), "a Message-ID is sent twice");
        for count in 1.. {
            let open: Vec<bool> =
                self.book.fates(message).iter().map(|fate| matches!(fate, Fate::Deferred(_))).collect();
            let one = self.attempt(&message.only(&open)).await;
            self.book.note(message, one.clone());
            let settled = self.book.fates(message).iter().all(|fate| !matches!(fate, Fate::Deferred(_)));
            if settled || count >= self.tries {
                break;
            }
            between(&one).await;
        }
        self.book.fates(message)
    }

    /// Ends the session in order, where there is one.
    pub async fn quit(&mut self) {
        if let Some(session) = self.session.take() {
            // Whether the other end still answers changes nothing.
            let _ = session.quit().await;
        }
    }

    async fn attempt(&mut self, message: &Outgoing) -> Try {
        let mut message = message.clone();
        message.last_octet_apart = true;
        let recipients: Vec<String> = message.recipients.iter().map(|known| known.address.clone()).collect();
        let delivery = match self.session().await {
            Ok(mut session) => {
                let delivery = session.send(&message).await;
                if is_usable(&delivery) {
                    self.session = Some(session);
                }
                delivery
            }
            Err(error) => Delivery { lost: Some(error), ..Delivery::default() },
        };
        let fates = delivery.fates(recipients.len());
        Try { recipients, fates, written: delivery.written, ended: Instant::now(), delivery }
    }

    async fn session(&mut self) -> Result<Sender, String> {
        if let Some(session) = self.session.take() {
            return Ok(session);
        }
        let mut errors = Vec::new();
        for address in &self.addresses {
            match Sender::connect(*address, &self.config).await {
                Ok(session) => return Ok(session),
                Err(error) => errors.push(format!("{address}: {error}")),
            }
        }
        Err(errors.join("; "))
    }
}

/// Nothing broke, and nobody said 421.
fn is_usable(delivery: &Delivery) -> bool {
    let replies = delivery.mail.iter().chain(&delivery.recipients).chain(&delivery.data);
    let mut replies = replies.chain(&delivery.chunks).chain(&delivery.end);
    delivery.lost.is_none() && !replies.any(|reply| reply.code == 421)
}
