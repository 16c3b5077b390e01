//! How long a peer may take for the octets that wait for it: a steady slow one is borne, one that takes an octet a minute
//! is not.
//!
//! Each octet taken buys the time that it may take at the slowest rate, and nobody has more in store than the time in
//! which nothing at all may move: the deadline scheme of `smtp::Server` for senders, towards the next hop. Pure.

use std::time::{Duration, Instant};

/// One peer's time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    until: Instant,
    stall: Duration,
}

impl Pace {
    /// `stall`: how long nothing may move.
    pub fn new(stall: Duration, now: Instant) -> Pace {
        Pace { until: now + stall, stall }
    }

    /// Octets wait from now on.
    pub fn begin(&mut self, now: Instant) {
        self.until = now + self.stall;
    }

    /// So many were taken, and others wait still.
    pub fn moved(&mut self, octets: usize, now: Instant) {
        let octets = u64::try_from(octets).unwrap_or(u64::MAX);
        let earned = Duration::from_micros(octets.saturating_mul(1_000_000) / OCTETS_PER_SECOND);
        self.until = now + self.until.saturating_duration_since(now).saturating_add(earned).min(self.stall);
    }

    /// When the peer is given up.
    pub fn until(&self) -> Instant {
        self.until
    }
}

/// The slowest next hop that is borne: as slow as the slowest sender.
const OCTETS_PER_SECOND: u64 = 500;

#[cfg(test)]
mod tests {
    use super::*;

    /// After how many seconds a peer that takes `octets` at every `each` seconds is given up, if it ever is.
    fn given_up(octets: usize, each: u64) -> Option<u64> {
        let start = Instant::now();
        let mut pace = Pace::new(Duration::from_secs(60), start);
        for step in 1..1_000 {
            let now = start + Duration::from_secs(step * each);
            if pace.until() <= now {
                return Some((pace.until() - start).as_secs());
            }
            pace.moved(octets, now);
        }
        None
    }

    #[test]
    fn who_is_slow_is_borne_and_who_pretends_is_not() {
        for (octets, each, expected) in [
            (0, 1, Some(60)),
            (1, 1, Some(60)),
            (1, 59, Some(60)),
            (250, 1, Some(119)),
            (500, 1, None),
            (30_000, 59, None),
            (10_000, 59, Some(80)),
            (usize::MAX, 61, Some(60)),
        ] {
            assert_eq!(given_up(octets, each), expected, "{octets} in {each} s");
        }
    }

    #[test]
    fn what_begins_to_wait_has_all_the_time() {
        let start = Instant::now();
        let mut pace = Pace::new(Duration::from_secs(60), start);
        let later = start + Duration::from_secs(3_600);
        pace.begin(later);
        assert_eq!(pace.until(), later + Duration::from_secs(60));
        pace.moved(1 << 40, later);
        assert_eq!(pace.until(), later + Duration::from_secs(60), "nothing is saved up");
    }
}
