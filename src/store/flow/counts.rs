//! What is counted of some messages. Counts are added up, and nothing else is ever done to them.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::events::Verdict;
use crate::imprint::Reason;
use crate::store::Decision;
use crate::tenant::{Got, Share};

/// Messages, each counted in one of the first six.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    #[serde(skip_serializing_if = "is_none")]
    pub signed: u64,
    /// Handed on as they came.
    #[serde(skip_serializing_if = "is_none")]
    pub left: u64,
    /// Everybody had the message already.
    #[serde(skip_serializing_if = "is_none")]
    pub repeated: u64,
    /// The sender was told to try again: 4xx.
    #[serde(skip_serializing_if = "is_none")]
    pub deferred: u64,
    /// 5xx.
    #[serde(skip_serializing_if = "is_none")]
    pub refused: u64,
    /// The sender was gone before it was told.
    #[serde(skip_serializing_if = "is_none")]
    pub lost: u64,
    /// Those left, by the word of the reason.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub reasons: BTreeMap<String, u64>,
    /// Those signed, by the id of each signature they got.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub signatures: BTreeMap<String, u64>,
    #[serde(skip_serializing_if = "is_none")]
    pub octets_in: u64,
    #[serde(skip_serializing_if = "is_none")]
    pub octets_out: u64,
    /// From MAIL to our answer, of those taken.
    #[serde(skip_serializing_if = "Latencies::is_empty")]
    pub total: Latencies,
    /// Our own work alone, of the same.
    #[serde(skip_serializing_if = "Latencies::is_empty")]
    pub work: Latencies,
}

impl Counts {
    pub fn messages(&self) -> u64 {
        self.signed + self.left + self.repeated + self.deferred + self.refused + self.lost
    }

    /// One message more.
    pub fn count(&mut self, decision: &Decision) {
        match decision.verdict {
            Verdict::Accepted => self.count_accepted(decision),
            Verdict::Deferred => self.deferred += 1,
            Verdict::Refused => self.refused += 1,
            Verdict::Lost => self.lost += 1,
        }
        self.octets_in += decision.octets_in;
        self.octets_out += decision.octets_out;
    }

    fn count_accepted(&mut self, decision: &Decision) {
        let mut signatures: Vec<&String> = decision.shares.iter().flat_map(signatures).collect();
        signatures.sort_unstable();
        signatures.dedup();
        let repeated = !decision.shares.is_empty() && decision.shares.iter().all(|share| share.got == Got::Repeated);
        match (signatures.is_empty(), repeated) {
            (false, _) => self.signed += 1,
            (true, true) => self.repeated += 1,
            (true, false) => {
                self.left += 1;
                if let Some(reason) = decision.shares.iter().find_map(reason) {
                    *self.reasons.entry(reason.word().to_owned()).or_default() += 1;
                }
            }
        }
        for signature in signatures {
            *self.signatures.entry(signature.clone()).or_default() += 1;
        }
        self.total.count(decision.stages.total);
        self.work.count(decision.stages.work);
    }

    pub fn add(&mut self, other: &Counts) {
        self.signed += other.signed;
        self.left += other.left;
        self.repeated += other.repeated;
        self.deferred += other.deferred;
        self.refused += other.refused;
        self.lost += other.lost;
        self.octets_in += other.octets_in;
        self.octets_out += other.octets_out;
        for (own, others) in [(&mut self.reasons, &other.reasons), (&mut self.signatures, &other.signatures)] {
            for (word, count) in others {
                *own.entry(word.clone()).or_default() += count;
            }
        }
        self.total.add(&other.total);
        self.work.add(&other.work);
    }
}

fn signatures(share: &Share) -> &[String] {
    match &share.got {
        Got::Signed(ids) => ids,
        Got::Left { .. } | Got::Repeated => &[],
    }
}

fn reason(share: &Share) -> Option<Reason> {
    match share.got {
        Got::Left { reason, .. } => Some(reason),
        Got::Signed(_) | Got::Repeated => None,
    }
}

/// How many took about how long: by quarters of a doubling, of microseconds.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Latencies(BTreeMap<u16, u64>);

/// Pieces of each doubling.
const PIECES: f64 = 4.0;

impl Latencies {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn count(&mut self, time: Duration) {
        *self.0.entry(piece(time)).or_default() += 1;
    }

    pub fn add(&mut self, other: &Latencies) {
        for (piece, count) in &other.0 {
            *self.0.entry(*piece).or_default() += count;
        }
    }

    /// The time within which this share of all was done, a fifth too long at the most; `None` of nothing.
    pub fn within(&self, share: f64) -> Option<Duration> {
        let all: u64 = self.0.values().sum();
        // Of some messages none is lost by rounding; of very many nobody would see it.
        #[allow(clippy::cast_precision_loss)]
        let wanted = all as f64 * share;
        let mut sum = 0;
        for (piece, count) in &self.0 {
            sum += count;
            #[allow(clippy::cast_precision_loss)]
            if sum as f64 >= wanted {
                return Some(end(*piece));
            }
        }
        None
    }
}

fn piece(time: Duration) -> u16 {
    let microseconds = u32::try_from(time.as_micros()).unwrap_or(u32::MAX);
    // At most 128: a logarithm of 32 bits in quarters.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let piece = (f64::from(microseconds.max(1)).log2() * PIECES).floor() as u16;
    piece
}

/// Where a piece ends.
fn end(piece: u16) -> Duration {
    Duration::from_secs_f64(((f64::from(piece) + 1.0) / PIECES).exp2() / 1e6)
}

fn is_none(count: &u64) -> bool {
    *count == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_within_a_time_that_is_a_fifth_too_long_at_the_most() {
        let mut latencies = Latencies::default();
        assert_eq!(latencies.within(0.5), None);
        for number in 1..=1000 {
            latencies.count(Duration::from_micros(number * 137));
        }
        for (share, exact) in [(0.5, 500.0), (0.95, 950.0), (0.99, 990.0), (1.0, 1000.0)] {
            let told = latencies.within(share).unwrap_or_default().as_secs_f64() * 1e6;
            let exact = exact * 137.0;
            assert!((exact..exact * 1.2).contains(&told), "{share}: {told} for {exact}");
        }
        latencies.count(Duration::MAX);
        latencies.count(Duration::ZERO);
        assert!(latencies.within(1.0) > Some(Duration::from_secs(3600)));
    }

    #[test]
    fn counts_come_back_as_they_were_written_and_take_little_room() {
        let mut counts = Counts { signed: 2, ..Counts::default() };
        counts.total.count(Duration::from_millis(12));
        let text = serde_json::to_string(&counts).unwrap_or_default();
        assert_eq!(text, r#"{"signed":2,"total":{"54":1}}"#);
        assert_eq!(serde_json::from_str::<Counts>(&text).ok(), Some(counts));
    }
}
