//! Keeps those who guess tokens from asking the store again and again: so many failures of one address, and it waits.
//!
//! A token that was good before is asked about all the same, whatever its address: many may stand behind one balancer.
//! What is remembered is bounded.

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

/// Failures of one address within [`WINDOW`]; then it waits until that has passed.
pub const MOST_FAILURES: u32 = 20;
pub const WINDOW: Duration = Duration::from_secs(60);
/// Addresses, and tokens, that are remembered.
const MOST: usize = 4096;

#[derive(Debug, Default)]
pub struct Failures {
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    by_address: HashMap<IpAddr, (Instant, u32)>,
    /// Hashes of tokens that were good.
    good: HashSet<[u8; 32]>,
}

impl Failures {
    /// Whether the store may be asked about this text.
    ///
    /// # Errors
    /// How long to wait.
    pub fn may_ask(&self, address: Option<IpAddr>, text: &str, now: Instant) -> Result<(), Duration> {
        let seen = self.lock();
        let Some((since, count)) = address.and_then(|address| seen.by_address.get(&address)) else { return Ok(()) };
        let passed = now.saturating_duration_since(*since);
        if *count < MOST_FAILURES || passed >= WINDOW || seen.good.contains(&digest(text)) {
            return Ok(());
        }
        Err(WINDOW.saturating_sub(passed))
    }

    pub fn failed(&self, address: Option<IpAddr>, now: Instant) {
        let Some(address) = address else { return };
        let mut seen = self.lock();
        if seen.by_address.len() >= MOST && !seen.by_address.contains_key(&address) {
            seen.by_address.retain(|_, (since, _)| now.saturating_duration_since(*since) < WINDOW);
            if seen.by_address.len() >= MOST {
                // Somebody has thousands of addresses: to forget them costs a look-up each, no more.
                seen.by_address.clear();
            }
        }
        let (since, count) = seen.by_address.entry(address).or_insert((now, 0));
        if now.saturating_duration_since(*since) >= WINDOW {
            (*since, *count) = (now, 0);
        }
        *count = count.saturating_add(1);
    }

    pub fn was_good(&self, text: &str) {
        let mut seen = self.lock();
        if seen.good.len() >= MOST {
            seen.good.clear();
        }
        seen.good.insert(digest(text));
    }

    pub fn is_good_no_more(&self, text: &str) {
        self.lock().good.remove(&digest(text));
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_guesses_waits_and_who_is_known_does_not() {
        let (failures, start) = (Failures::default(), Instant::now());
        let (guesser, other) = (Some(IpAddr::from([192, 0, 2, 1])), Some(IpAddr::from([192, 0, 2, 2])));
        failures.was_good("known");
        for _ in 0..MOST_FAILURES {
            assert_eq!(failures.may_ask(guesser, "guess", start), Ok(()));
            failures.failed(guesser, start);
        }
        let later = start + Duration::from_secs(20);
        assert_eq!(failures.may_ask(guesser, "guess", later), Err(Duration::from_secs(40)));
        assert_eq!(failures.may_ask(other, "guess", later), Ok(()));
        assert_eq!(failures.may_ask(guesser, "known", later), Ok(()));
        failures.is_good_no_more("known");
        assert!(failures.may_ask(guesser, "known", later).is_err());
        assert_eq!(failures.may_ask(guesser, "guess", start + WINDOW), Ok(()));
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let (failures, now) = (Failures::default(), Instant::now());
        for number in 0..u32::try_from(MOST).unwrap_or_default() * 2 + 7 {
            failures.failed(Some(IpAddr::from(number.to_be_bytes())), now);
            failures.was_good(&number.to_string());
        }
        let seen = failures.lock();
        assert!(seen.by_address.len() <= MOST && seen.good.len() <= MOST);
    }
}
