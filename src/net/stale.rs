//! What the name servers said last, for when they say nothing (RFC 8767).
//!
//! A good answer is kept for a day. While the servers are silent it is given at once, and they are asked again only
//! every half minute, so that a message waits for them at most once in that time. Pure: the time comes in.

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::{Duration, Instant};

/// The last good answers, by host.
#[derive(Debug, Default)]
pub(super) struct LastGood {
    answers: HashMap<String, Answer>,
}

#[derive(Debug)]
struct Answer {
    heard: Instant,
    addresses: Vec<IpAddr>,
    /// When a question about it was last left without a good answer.
    silent: Option<Instant>,
}

impl LastGood {
    /// A good answer came.
    pub fn heard(&mut self, host: &str, addresses: Vec<IpAddr>, now: Instant) {
        self.answers.insert(host.to_owned(), Answer { heard: now, addresses, silent: None });
    }

    /// None came, or not in time.
    pub fn silent(&mut self, host: &str, now: Instant) {
        if let Some(answer) = self.answers.get_mut(host) {
            answer.silent = Some(now);
        }
    }

    /// The last good answer, if it may still be used.
    pub fn remembered(&self, host: &str, now: Instant) -> Option<Vec<IpAddr>> {
        self.usable(host, now).map(|answer| answer.addresses.clone())
    }

    /// The same where asking is of no use: the servers were silent a moment ago.
    pub fn while_silent(&self, host: &str, now: Instant) -> Option<Vec<IpAddr>> {
        let answer = self.usable(host, now)?;
        let silent = now.saturating_duration_since(answer.silent?) < ASK_AGAIN;
        silent.then(|| answer.addresses.clone())
    }

    fn usable(&self, host: &str, now: Instant) -> Option<&Answer> {
        self.answers.get(host).filter(|answer| now.saturating_duration_since(answer.heard) < USABLE)
    }
}

/// How long the last good answer is used when no new one is to be had: between the one and three days of RFC 8767
/// section 5 the shortest.
const USABLE: Duration = Duration::from_secs(24 * 3600);
/// "Attempts to refresh from non-responsive or otherwise failing authoritative nameservers are recommended to be done
/// no more frequently than every 30 seconds" (RFC 8767 section 4).
const ASK_AGAIN: Duration = Duration::from_secs(30);

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_old_answer_is_given_without_asking_only_while_the_servers_are_silent() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let addresses: Vec<IpAddr> = vec!["192.0.2.1".parse().unwrap()];
        let mut last = LastGood::default();
        last.silent("a", at(0));
        assert_eq!(last.while_silent("a", at(0)), None, "nothing was ever heard");
        last.heard("a", addresses.clone(), at(0));
        assert_eq!(last.while_silent("a", at(1)), None, "the servers answer");
        assert_eq!(last.remembered("a", at(1)), Some(addresses.clone()));
        last.silent("a", at(10));
        for (second, given) in [(10, true), (39, true), (40, false)] {
            assert_eq!(last.while_silent("a", at(second)).is_some(), given, "{second}");
        }
        last.silent("a", at(41));
        last.heard("a", addresses.clone(), at(42));
        assert_eq!(last.while_silent("a", at(43)), None, "they answer again");
        last.silent("a", at(24 * 3600));
        for (second, given) in [(24 * 3600 + 41, true), (24 * 3600 + 42, false)] {
            assert_eq!(last.remembered("a", at(second)).is_some(), given, "{second}");
        }
        assert_eq!(last.while_silent("a", at(24 * 3600 + 42)), None, "too old");
        assert_eq!(last.remembered("b", at(0)), None);
    }
}
