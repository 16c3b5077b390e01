//! Keeps those who guess passwords waiting: after some failures for one address each further one doubles the wait.
//!
//! Nobody is locked out for good by a stranger, and a trusted browser never waits. Addresses without an account are
//! counted in the same way, so that the wait tells nothing. What is remembered is bounded.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Failures that cost nothing.
const FREE: u32 = 5;
const LONGEST: Duration = Duration::from_secs(15 * 60);
/// After so long without a failure all is forgotten.
const FORGOTTEN: Duration = Duration::from_secs(3600);
/// Keys that are remembered.
const MOST: usize = 65_536;

/// By a hash of what somebody tries for.
#[derive(Debug, Default)]
pub struct Patience {
    hasher: RandomState,
    seen: Mutex<HashMap<u64, (Instant, u32)>>,
}

impl Patience {
    /// # Errors
    /// How long to wait.
    pub fn may_try(&self, key: &str, now: Instant) -> Result<(), Duration> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((last, count)) = seen.get(&self.hasher.hash_one(key)) else { return Ok(()) };
        let passed = now.saturating_duration_since(*last);
        match wait(*count).checked_sub(passed) {
            Some(left) if !left.is_zero() => Err(left),
            _ => Ok(()),
        }
    }

    pub fn failed(&self, key: &str, now: Instant) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= MOST {
            seen.retain(|_, (last, _)| now.saturating_duration_since(*last) < FORGOTTEN);
            if seen.len() >= MOST {
                // Somebody tries for thousands of addresses, each a few times; the limit by source bounds that.
                seen.clear();
            }
        }
        let (last, count) = seen.entry(self.hasher.hash_one(key)).or_insert((now, 0));
        if now.saturating_duration_since(*last) >= FORGOTTEN {
            *count = 0;
        }
        (*last, *count) = (now, count.saturating_add(1));
    }

    pub fn succeeded(&self, key: &str) {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.hasher.hash_one(key));
    }
}

/// After so many failures.
fn wait(count: u32) -> Duration {
    match count.checked_sub(FREE) {
        None => Duration::ZERO,
        Some(more) => Duration::from_secs(1 << more.min(20)).min(LONGEST),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_and_ends() {
        let (patience, start) = (Patience::default(), Instant::now());
        for _ in 0..FREE {
            assert_eq!(patience.may_try("ada", start), Ok(()));
            patience.failed("ada", start);
        }
        assert_eq!(patience.may_try("ada", start), Err(Duration::from_secs(1)));
        assert_eq!(patience.may_try("grace", start), Ok(()));
        let later = start + Duration::from_secs(1);
        assert_eq!(patience.may_try("ada", later), Ok(()));
        patience.failed("ada", later);
        assert_eq!(patience.may_try("ada", later), Err(Duration::from_secs(2)));
        for _ in 0..40 {
            patience.failed("ada", later);
        }
        assert_eq!(patience.may_try("ada", later), Err(LONGEST));
        assert_eq!(patience.may_try("ada", later + LONGEST), Ok(()));
        patience.failed("ada", later + FORGOTTEN);
        assert_eq!(patience.may_try("ada", later + FORGOTTEN), Ok(()));
        patience.succeeded("ada");
        assert_eq!(patience.may_try("ada", later), Ok(()));
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let (patience, now) = (Patience::default(), Instant::now());
        for number in 0..MOST + 100 {
            patience.failed(&number.to_string(), now);
        }
        assert!(patience.seen.lock().unwrap().len() <= MOST);
    }
}
