//! From the next hop's reply to ours: the only place in the program that can say 250 to the end of a message.
//!
//! A 2xx is passed on as it came, from a 2xx that was read; a 4xx or 5xx is passed on too. What is about us and not
//! about the message becomes 451 4.7.1, so that a fault of ours never bounces a user's mail. Whatever is not known
//! is 451 4.4.2.

use std::time::{Duration, Instant};

use super::ledger::Taken;
use crate::smtp::Reply;

/// How a message ended, as its sender is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The next hop took it.
    Accepted(Reply),
    /// Try again later.
    Deferred(Reply),
    /// Refused for good.
    Refused(Reply),
}

/// A reply that tells of trouble with this edge, for the operator and the tenant's administrator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Health {
    /// 5.7.64: our certificate matches no inbound connector of the tenant.
    Attribution,
    /// 5.7.606 to 5.7.649: the address of this edge is banned.
    Banned,
    /// 5.7.511 or a block list: it is refused.
    Blocked,
    /// Greeting or EHLO refused with 5xx.
    Session,
}

impl Health {
    /// The word for metrics.
    pub fn word(self) -> &'static str {
        match self {
            Health::Attribution => "attribution",
            Health::Banned => "banned",
            Health::Blocked => "blocked",
            Health::Session => "session",
        }
    }
}

impl Verdict {
    /// **The one function that says 250.** `reply` was read from the next hop after the last octet had been handed
    /// to it.
    pub(super) fn from_next_hop(reply: Reply) -> Verdict {
        if reply.is_success() { Verdict::Accepted(reply) } else { Verdict::from_failure(reply) }
    }

    /// The same success again, for a message that the ledger has proven to be the one that the next hop answered with
    /// `taken`, for every recipient of it. A [`Taken`] is made of a 2xx that was read, and of nothing else.
    pub(super) fn from_ledger(taken: Taken) -> Verdict {
        Verdict::from_next_hop(taken.reply())
    }

    /// An answer that cannot be a success: anything but 4xx and 5xx is not believed.
    pub(super) fn from_failure(reply: Reply) -> Verdict {
        if reply.is_permanent() {
            Verdict::Refused(reply)
        } else if reply.is_temporary() {
            Verdict::Deferred(reply)
        } else {
            Verdict::Deferred(Reply::next_hop_garbled())
        }
    }

    /// The next hop has the message.
    pub fn is_accepted(&self) -> bool {
        matches!(self, Verdict::Accepted(_))
    }

    pub fn reply(&self) -> &Reply {
        match self {
            Verdict::Accepted(reply) | Verdict::Deferred(reply) | Verdict::Refused(reply) => reply,
        }
    }

    /// The word for metrics and decision records.
    pub fn word(&self) -> &'static str {
        match self {
            Verdict::Accepted(_) => "accepted",
            Verdict::Deferred(_) => "deferred",
            Verdict::Refused(_) => "refused",
        }
    }
}

/// How long a 5.7.64 is held as 451: a connector that is being changed takes up to an hour to come into force.
pub const ATTRIBUTION_GRACE: Duration = Duration::from_secs(3600);

/// A refusal of the next hop, or 451 4.7.1 in its place where it is about us. `attribution_refused_since` is when
/// this tenant's next hop first said 5.7.64 without taking a message in between.
pub(super) fn about_us(
    reply: Reply,
    attribution_refused_since: Option<Instant>,
    now: Instant,
) -> (Reply, Option<Health>) {
    if !reply.is_permanent() {
        return (reply, None);
    }
    match (reply.enhanced(), reply.text()) {
        (Some((5, 7, 64)), _) => {
            let young =
                attribution_refused_since.is_none_or(|since| now.saturating_duration_since(since) < ATTRIBUTION_GRACE);
            let reply = if young { Reply::about_us() } else { reply };
            (reply, Some(Health::Attribution))
        }
        (Some((5, 7, 606..=649)), _) => (Reply::about_us(), Some(Health::Banned)),
        (Some((5, 7, 511)), _) => (Reply::about_us(), Some(Health::Blocked)),
        (Some((5, 7, 1)), text) if text.contains("Client host") && text.contains("blocked using") => {
            (Reply::about_us(), Some(Health::Blocked))
        }
        _ => (reply, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_success_becomes_accepted() {
        for (code, word) in
            [(250, "accepted"), (251, "accepted"), (354, "deferred"), (451, "deferred"), (550, "refused")]
        {
            assert_eq!(Verdict::from_next_hop(Reply::new(code, "", "x")).word(), word, "{code}");
        }
        for code in [250, 354] {
            assert_eq!(Verdict::from_failure(Reply::new(code, "", "x")).word(), "deferred", "{code}");
        }
    }

    #[test]
    fn refusals_about_us_are_deferred() {
        let now = Instant::now();
        let later = now + ATTRIBUTION_GRACE;
        let cases = [
            ("5.7.64", "TenantAttribution; Relay Access Denied SMTP", None, 451, Some(Health::Attribution)),
            ("5.7.64", "TenantAttribution; Relay Access Denied SMTP", Some(now), 550, Some(Health::Attribution)),
            ("5.7.606", "Access denied, banned sending IP [192.0.2.1]", None, 451, Some(Health::Banned)),
            ("5.7.649", "banned", None, 451, Some(Health::Banned)),
            ("5.7.650", "other", None, 550, None),
            ("5.7.511", "Access denied", None, 451, Some(Health::Blocked)),
            (
                "5.7.1",
                "Service unavailable, Client host [192.0.2.1] blocked using Spamhaus.",
                None,
                451,
                Some(Health::Blocked),
            ),
            ("5.7.1", "Relay denied", None, 550, None),
            ("5.1.1", "No such user", None, 550, None),
        ];
        for (enhanced, text, since, code, health) in cases {
            let (reply, seen) = about_us(Reply::new(550, enhanced, text), since, later);
            assert_eq!((reply.code(), seen), (code, health), "{enhanced} {text}");
        }
        assert_eq!(about_us(Reply::new(451, "4.7.500", "busy"), None, now).0.code(), 451);
    }
}
