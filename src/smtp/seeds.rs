//! Random tests that can be played again: a failing seed is printed, and `SIGNET_SEED=n` plays that one alone.

#![allow(clippy::expect_used)]

/// Plays the seeds, or the one that `SIGNET_SEED` names.
pub(super) fn for_seeds(seeds: std::ops::Range<u64>, play: impl Fn(u64)) {
    struct Tell(u64);
    impl Drop for Tell {
        fn drop(&mut self) {
            if std::thread::panicking() {
                eprintln!("replay this with SIGNET_SEED={}", self.0);
            }
        }
    }
    let chosen: Option<u64> =
        std::env::var("SIGNET_SEED").ok().map(|seed| seed.parse().expect("SIGNET_SEED is a number"));
    for seed in chosen.map_or(seeds, |seed| seed..seed + 1) {
        let tell = Tell(seed);
        play(seed);
        drop(tell);
    }
}

/// SplitMix64: small, and the same everywhere.
pub(super) struct Random(pub(super) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    /// Mostly a few, sometimes all.
    pub(super) fn size(&mut self, all: usize) -> usize {
        match self.below(4) {
            0 => all,
            _ => all.min(self.below(12) as usize),
        }
    }

    pub(super) fn words(&mut self, words: &[&str]) -> Vec<u8> {
        let mut text = Vec::new();
        for _ in 0..self.below(30) {
            let word = words[self.below(words.len() as u64) as usize];
            text.extend_from_slice(word.as_bytes());
        }
        text
    }
}
