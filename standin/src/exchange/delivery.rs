//! What came of a message: the replies of one session, the fate of each recipient, and the tries until all are
//! settled, on a schedule like Exchange Online's.
//! A recipient is delivered only by a 2xx to RCPT and to the end of the message; no answer means to try again.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use super::outgoing::Outgoing;
use super::sender::{Sender, SenderConfig};
use crate::wire::Reply;

/// What came of one message in one session.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Delivery {
    pub mail: Option<Reply>,
    /// By recipient, in order; shorter where the session broke off.
    pub recipients: Vec<Reply>,
    /// The answer to DATA.
    pub data: Option<Reply>,
    /// Answers to BDAT without LAST.
    pub chunks: Vec<Reply>,
    /// The answer to the end of the message.
    pub end: Option<Reply>,
    /// Why the session broke off, if it did.
    pub lost: Option<String>,
    /// When the last octet of the message was about to be written; only where [`Outgoing::last_octet_apart`].
    pub written: Option<Instant>,
}

/// What became of one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// 2xx to RCPT and to the end of the message.
    Delivered,
    /// 5xx: the user gets a report.
    Refused(Reply),
    /// 4xx, or no answer: to be tried again.
    Deferred(Option<Reply>),
}

/// Pauses between tries; when they are used up the user gets a report.
#[derive(Debug, Clone)]
pub struct Schedule {
    pub pauses: Vec<Duration>,
}

/// One try of [`Sender::deliver`].
#[derive(Debug, Clone)]
pub struct Attempt {
    pub address: SocketAddr,
    /// The error of a session that was not ready for mail.
    pub delivery: Result<Delivery, String>,
}

/// What came of a message over all tries.
#[derive(Debug, Clone)]
pub struct Report {
    pub attempts: Vec<Attempt>,
    /// By recipient, in order; `Deferred` means expired.
    pub fates: Vec<Fate>,
}

impl Delivery {
    /// The fate of each of so many recipients.
    pub fn fates(&self, count: usize) -> Vec<Fate> {
        (0..count).map(|index| self.fate(index)).collect()
    }

    /// The fate of the recipient at this place.
    pub fn fate(&self, index: usize) -> Fate {
        let opened = self.data.as_ref().filter(|reply| reply.code != 354);
        let chunk = self.chunks.iter().find(|reply| !reply.is_success());
        let steps = [self.mail.as_ref(), self.recipients.get(index), opened, chunk, self.end.as_ref()];
        match steps.into_iter().flatten().find(|reply| !reply.is_success()) {
            Some(reply) if reply.is_permanent() => Fate::Refused(reply.clone()),
            Some(reply) => Fate::Deferred(Some(reply.clone())),
            None if self.end.is_some() => Fate::Delivered,
            None => Fate::Deferred(None),
        }
    }

    /// Whether the end of the message was answered by 2xx.
    pub fn is_accepted(&self) -> bool {
        self.end.as_ref().is_some_and(Reply::is_success)
    }
}

impl Schedule {
    /// One try.
    pub fn once() -> Schedule {
        Schedule { pauses: Vec::new() }
    }

    /// Exchange Online's: 15 minutes, growing to an hour, for a day; `minute` is how long a minute takes here.
    pub fn exchange_online(minute: Duration) -> Schedule {
        let minutes = [15, 15, 30, 30].into_iter().chain(std::iter::repeat_n(60, 22));
        Schedule { pauses: minutes.map(|count| minute * count).collect() }
    }
}

impl Sender {
    /// Tries until every recipient is settled or the schedule is used up: each try is a new session, to the first
    /// of the addresses that takes one.
    pub async fn deliver(
        addresses: &[SocketAddr],
        config: &SenderConfig,
        message: &Outgoing,
        schedule: &Schedule,
    ) -> Report {
        let mut report = Report { attempts: Vec::new(), fates: vec![Fate::Deferred(None); message.recipients.len()] };
        let mut pauses = schedule.pauses.iter();
        loop {
            let open: Vec<bool> = report.fates.iter().map(|fate| matches!(fate, Fate::Deferred(_))).collect();
            let some = message.only(&open);
            for address in addresses {
                let delivery = match Sender::connect(*address, config).await {
                    Ok(mut sender) => Ok(sender.send(&some).await),
                    Err(error) => Err(error.to_string()),
                };
                let ready = delivery.is_ok();
                if let Ok(delivery) = &delivery {
                    let deferred = report.fates.iter_mut().filter(|fate| matches!(fate, Fate::Deferred(_)));
                    deferred.zip(delivery.fates(some.recipients.len())).for_each(|(fate, new)| *fate = new);
                }
                report.attempts.push(Attempt { address: *address, delivery });
                if ready {
                    break;
                }
            }
            if !report.fates.iter().any(|fate| matches!(fate, Fate::Deferred(_))) {
                return report;
            }
            let Some(pause) = pauses.next() else { return report };
            tokio::time::sleep(*pause).await;
        }
    }
}
