//! A whole that is shared: whoever uses much of it may have no more while little is left.
//!
//! One rule and no settings: a claimant may take more only while what it has with it is at most so many times what was
//! free without it (dynamic thresholds, Choudhury and Hahne, 1998). With seven: alone it gets seven eighths, beside
//! another like it seven fifteenths; there is always something free for whoever has little. Nothing is set aside for
//! claimants who are not there.
//! It promises: what is held comes back when [`Held`] is dropped, and nothing is given beyond the whole.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A whole, shared by claimants `K` on all cores. Cheap to clone.
#[derive(Debug)]
pub struct Shares<K> {
    state: Arc<Mutex<State<K>>>,
}

#[derive(Debug)]
struct State<K> {
    whole: usize,
    used: usize,
    /// Only those who hold something.
    held: HashMap<K, usize>,
}

/// What somebody holds, until it is dropped.
#[derive(Debug)]
pub struct Held<K: Eq + Hash + Clone> {
    shares: Shares<K>,
    claimant: K,
    amount: usize,
}

/// How many times what is left free a claimant may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// As much as is free: half of the whole for one alone.
    Half,
    /// Seven times as much: seven eighths.
    SevenEighths,
}

/// Why there is no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spent {
    /// Nobody can have so much.
    Whole,
    /// This claimant has its share.
    Share,
}

impl<K: Eq + Hash + Clone> Shares<K> {
    pub fn new(whole: usize) -> Shares<K> {
        Shares { state: Arc::new(Mutex::new(State { whole, used: 0, held: HashMap::new() })) }
    }

    /// Takes `amount` for `claimant`, until what is given is dropped.
    ///
    /// # Errors
    /// See [`Spent`].
    pub fn take(&self, claimant: K, amount: usize, bound: Bound) -> Result<Held<K>, Spent> {
        self.locked().take(&claimant, amount, bound)?;
        Ok(Held { shares: self.clone(), claimant, amount })
    }

    /// What is held now by all together.
    pub fn used(&self) -> usize {
        self.locked().used
    }

    /// Makes the whole larger or smaller. What is held stays held.
    pub fn resize(&self, whole: usize) {
        self.locked().whole = whole;
    }

    fn locked(&self) -> MutexGuard<'_, State<K>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K> Clone for Shares<K> {
    fn clone(&self) -> Shares<K> {
        Shares { state: self.state.clone() }
    }
}

impl<K: Eq + Hash + Clone> State<K> {
    fn take(&mut self, claimant: &K, amount: usize, bound: Bound) -> Result<(), Spent> {
        let free = self.free();
        if amount > free {
            return Err(Spent::Whole);
        }
        let held = self.held.get(claimant).copied().unwrap_or_default();
        // The first of a claimant is never refused while it is there.
        if held > 0 && held.saturating_add(amount) > free.saturating_mul(bound.times()) {
            return Err(Spent::Share);
        }
        self.used += amount;
        self.add(claimant, amount);
        Ok(())
    }

    fn free(&self) -> usize {
        self.whole.saturating_sub(self.used)
    }

    fn add(&mut self, claimant: &K, amount: usize) {
        if amount > 0 {
            *self.held.entry(claimant.clone()).or_default() += amount;
        }
    }

    fn remove(&mut self, claimant: &K, amount: usize) {
        let Some(held) = self.held.get_mut(claimant) else { return };
        *held = held.saturating_sub(amount);
        if *held == 0 {
            self.held.remove(claimant);
        }
    }
}

impl<K: Eq + Hash + Clone> Held<K> {
    pub fn amount(&self) -> usize {
        self.amount
    }

    /// Takes so much more.
    ///
    /// # Errors
    /// See [`Spent`]; then it is as it was.
    pub fn grow(&mut self, more: usize, bound: Bound) -> Result<(), Spent> {
        self.shares.locked().take(&self.claimant, more, bound)?;
        self.amount += more;
        Ok(())
    }

    /// Gives back what is more than `amount`.
    pub fn shrink_to(&mut self, amount: usize) {
        let back = self.amount.saturating_sub(amount);
        if back > 0 {
            self.give_back(back);
            self.amount = amount;
        }
    }

    /// It turns out to be somebody else's. That cannot fail.
    ///
    /// # Errors
    /// [`Spent::Share`]: with it, its new owner has more than its share.
    pub fn pass_to(&mut self, claimant: K, bound: Bound) -> Result<(), Spent> {
        if claimant == self.claimant {
            return Ok(());
        }
        let mut state = self.shares.locked();
        state.remove(&self.claimant, self.amount);
        let before = state.held.get(&claimant).copied().unwrap_or_default();
        state.add(&claimant, self.amount);
        self.claimant = claimant;
        let within = before == 0 || before + self.amount <= (state.free() + self.amount).saturating_mul(bound.times());
        if within { Ok(()) } else { Err(Spent::Share) }
    }

    fn give_back(&self, amount: usize) {
        let mut state = self.shares.locked();
        state.used = state.used.saturating_sub(amount);
        state.remove(&self.claimant, amount);
    }
}

impl<K: Eq + Hash + Clone> Drop for Held<K> {
    fn drop(&mut self) {
        self.give_back(self.amount);
    }
}

impl Bound {
    fn times(self) -> usize {
        match self {
            Bound::Half => 1,
            Bound::SevenEighths => 7,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// As much as `claimant` gets, one by one.
    fn greedy(shares: &Shares<u8>, claimant: u8, bound: Bound) -> Vec<Held<u8>> {
        std::iter::from_fn(|| shares.take(claimant, 1, bound).ok()).collect()
    }

    #[test]
    fn the_greedy_leave_something_for_the_modest() {
        for (bound, greedy_ones, each, left) in [
            (Bound::SevenEighths, 1, 700, 100),
            (Bound::SevenEighths, 2, 373, 53),
            (Bound::Half, 1, 400, 400),
            (Bound::Half, 3, 200, 200),
        ] {
            let shares = Shares::new(800);
            let mut held: Vec<Vec<Held<u8>>> = (0..greedy_ones).map(|_| Vec::new()).collect();
            // In turns, for the first would take what the second finds missing.
            loop {
                let mut taken = false;
                for (claimant, held) in held.iter_mut().enumerate() {
                    if let Ok(one) = shares.take(u8::try_from(claimant).unwrap(), 1, bound) {
                        held.push(one);
                        taken = true;
                    }
                }
                if !taken {
                    break;
                }
            }
            // One of them may have come to the last one first.
            let lengths: Vec<usize> = held.iter().map(Vec::len).collect();
            assert!(lengths.iter().all(|&length| length == each || length == each + 1), "{bound:?}: {lengths:?}");
            assert_eq!(800 - shares.used(), left, "{bound:?}");
            assert!(shares.take(0, 1, bound).is_err());
            assert!(shares.take(99, left / 2, bound).is_ok(), "a newcomer finds room");
        }
    }

    #[test]
    fn who_came_late_gets_its_share_when_the_first_gives_back() {
        let shares = Shares::new(800);
        let mut first = greedy(&shares, 1, Bound::SevenEighths);
        let late = greedy(&shares, 2, Bound::SevenEighths);
        assert_eq!((first.len(), late.len()), (700, 88));
        assert_eq!(shares.take(1, 1, Bound::SevenEighths).unwrap_err(), Spent::Share);
        first.truncate(350);
        let more = greedy(&shares, 2, Bound::SevenEighths);
        assert_eq!(late.len() + more.len(), 394);
        drop((first, late, more));
        assert_eq!((shares.used(), shares.locked().held.len()), (0, 0));
    }

    #[test]
    fn the_first_of_a_claimant_is_taken_whatever_its_bound() {
        for whole in 1..5 {
            let shares = Shares::new(whole);
            let one = shares.take(1, whole, Bound::Half).unwrap();
            assert_eq!(shares.take(2, 1, Bound::Half).unwrap_err(), Spent::Whole);
            drop(one);
        }
    }

    #[test]
    fn what_passes_to_another_counts_for_it() {
        let shares = Shares::new(100);
        let mut one = shares.take(0, 10, Bound::Half).unwrap();
        assert_eq!(one.pass_to(1, Bound::Half), Ok(()));
        let other = shares.take(2, 40, Bound::Half).unwrap();
        assert_eq!(one.pass_to(2, Bound::Half), Ok(()), "50 of 50");
        let mut third = shares.take(0, 5, Bound::Half).unwrap();
        assert_eq!(third.pass_to(2, Bound::Half), Err(Spent::Share));
        assert_eq!(other.amount() + one.amount() + third.amount(), shares.used());
        assert_eq!(third.grow(1, Bound::SevenEighths), Ok(()));
        assert_eq!(third.grow(46, Bound::SevenEighths), Err(Spent::Whole));
        third.shrink_to(2);
        assert_eq!((third.amount(), shares.used()), (2, 52));
    }

    #[test]
    fn a_smaller_whole_takes_nothing_away() {
        let shares = Shares::new(100);
        let mut one = shares.take(1, 60, Bound::SevenEighths).unwrap();
        shares.resize(50);
        assert_eq!((shares.used(), shares.take(2, 1, Bound::Half).unwrap_err()), (60, Spent::Whole));
        one.shrink_to(40);
        assert!(shares.take(2, 10, Bound::Half).is_ok());
        assert_eq!(one.grow(1, Bound::Half), Err(Spent::Share));
    }

    proptest! {
        /// Whatever is done: what is held together is what is not free, and nothing stays behind.
        #[test]
        fn nothing_is_lost_or_made(steps in proptest::collection::vec((0u8..5, 0u8..3, 0usize..40), 0..200)) {
            let shares = Shares::new(100);
            let mut held: Vec<Held<u8>> = Vec::new();
            for (step, claimant, amount) in steps {
                match step {
                    0 => held.extend(shares.take(claimant, amount, Bound::SevenEighths)),
                    1 => drop(held.pop()),
                    2 => held.iter_mut().take(1).for_each(|one| { let _ = one.grow(amount, Bound::Half); }),
                    3 => held.iter_mut().take(1).for_each(|one| one.shrink_to(amount)),
                    _ => held.iter_mut().take(1).for_each(|one| { let _ = one.pass_to(claimant, Bound::Half); }),
                }
                prop_assert_eq!(held.iter().map(Held::amount).sum::<usize>(), shares.used());
                prop_assert_eq!(shares.locked().held.values().sum::<usize>(), shares.used());
            }
            drop(held);
            prop_assert_eq!((shares.used(), shares.locked().held.len()), (0, 0));
        }
    }
}
