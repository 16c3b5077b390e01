//! The operator's switch for the whole region: while it is on, every message is relayed unsigned, whoever's it is.
//!
//! It lies beside the tenants and not among them: it must work when they are the trouble. One number, read at every
//! message; whoever follows the store sets it.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;

/// Shared by all sessions of the process.
#[derive(Debug, Default)]
pub struct RegionBypass {
    /// Unix time in milliseconds at which it ends; 0 while it is off.
    until_ms: AtomicI64,
}

impl RegionBypass {
    /// Off, or on until an instant (unix time in milliseconds; `i64::MAX` for good). Gives what it was.
    pub fn set(&self, until_ms: Option<i64>) -> Option<i64> {
        let before = self.until_ms.swap(until_ms.unwrap_or(0), Ordering::Relaxed);
        (before != 0).then_some(before)
    }

    pub fn is_on(&self, now: Timestamp) -> bool {
        now.as_millisecond() < self.until_ms.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_on_until_its_end() {
        let (bypass, now) = (RegionBypass::default(), Timestamp::UNIX_EPOCH);
        assert!(!bypass.is_on(now));
        assert_eq!(bypass.set(Some(5)), None);
        assert!(bypass.is_on(now));
        assert!(!bypass.is_on(Timestamp::from_millisecond(5).unwrap_or(Timestamp::MAX)));
        assert_eq!(bypass.set(None), Some(5));
        assert!(!bypass.is_on(now));
    }
}
