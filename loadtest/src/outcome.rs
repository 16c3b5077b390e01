//! What came of a load: every accepted message with its latency, and the counts of all others.

use std::time::Duration;

/// An accepted message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample {
    pub id: u64,
    /// When it was accepted, since the beginning.
    pub at: Duration,
    /// From MAIL, or from when it was due, to the answer to its end.
    pub latency: Duration,
}

/// All of it.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    pub samples: Vec<Sample>,
    /// Answered by 4xx or 5xx at the end.
    pub refused: u64,
    /// Sessions that failed otherwise; the message under way is counted here and nowhere else.
    pub failed: u64,
    /// The first failure in words.
    pub failure: Option<String>,
    pub took: Duration,
    /// Processor time of the generator's thread.
    pub cost: Duration,
}

/// Latencies that so many messages did not exceed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Percentiles {
    pub p50: Duration,
    pub p99: Duration,
    pub p999: Duration,
}

impl Outcome {
    pub fn accepted(&self) -> u64 {
        self.samples.len() as u64
    }

    pub fn answered(&self) -> u64 {
        self.accepted() + self.refused + self.failed
    }

    pub fn percentiles(&self) -> Percentiles {
        let mut latencies: Vec<Duration> = self.samples.iter().map(|sample| sample.latency).collect();
        latencies.sort_unstable();
        Percentiles {
            p50: per_mille(&latencies, 500),
            p99: per_mille(&latencies, 990),
            p999: per_mille(&latencies, 999),
        }
    }

    /// Messages accepted a second between two moments.
    pub fn rate_between(&self, from: Duration, to: Duration) -> f64 {
        let count = self.samples.iter().filter(|sample| (from..to).contains(&sample.at)).count();
        count as f64 / to.saturating_sub(from).as_secs_f64().max(1e-9)
    }

    /// Ids of the accepted, in order.
    pub fn ids(&self) -> Vec<u64> {
        let mut ids: Vec<u64> = self.samples.iter().map(|sample| sample.id).collect();
        ids.sort_unstable();
        ids
    }
}

/// The smallest latency that at least so many of a thousand messages did not exceed (nearest rank).
fn per_mille(sorted: &[Duration], share: u64) -> Duration {
    let rank = (sorted.len() as u64 * share).div_ceil(1_000);
    let at = usize::try_from(rank.saturating_sub(1)).unwrap_or_default();
    sorted.get(at).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(latencies: impl IntoIterator<Item = u64>) -> Outcome {
        let sample = |(id, milliseconds): (usize, u64)| Sample {
            id: id as u64,
            at: Duration::from_millis(id as u64 * 10),
            latency: Duration::from_millis(milliseconds),
        };
        Outcome { samples: latencies.into_iter().enumerate().map(sample).collect(), ..Outcome::default() }
    }

    #[test]
    fn percentiles_are_those_of_the_nearest_rank_in_any_order() {
        let of = |latencies: Vec<u64>| {
            let found = outcome(latencies).percentiles();
            [found.p50, found.p99, found.p999].map(|time| time.as_millis())
        };
        assert_eq!(of((1..=1000).rev().collect()), [500, 990, 999]);
        assert_eq!(of((1..=100).collect()), [50, 99, 100]);
        assert_eq!(of(vec![7]), [7, 7, 7]);
        assert_eq!(of(vec![3, 1]), [1, 3, 3]);
        assert_eq!(of(Vec::new()), [0, 0, 0]);
    }

    #[test]
    fn the_rate_counts_what_was_accepted_in_the_window_only() {
        let load = outcome((0..100).map(|_| 1));
        // One every 10 ms: 50 of them in the half second from 200 ms on.
        let rate = load.rate_between(Duration::from_millis(200), Duration::from_millis(700));
        assert!((rate - 100.0).abs() < 1e-9, "{rate}");
        assert_eq!(load.rate_between(Duration::from_secs(5), Duration::from_secs(6)), 0.0);
    }
}
