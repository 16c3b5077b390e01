//! Matches the entries of two lists: the same with the same, and between those what is alike by its kind.

use serde_json::Value;

use super::words::kind;

/// Entries of both lists by their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pair {
    /// The same, or what one became.
    Both(usize, usize),
    Gone(usize),
    Come(usize),
}

/// Largest product of two lengths that is matched exactly; longer lists are matched by their places.
const MOST: usize = 250_000;

/// In the order of both lists.
pub fn align(old: &[Value], new: &[Value]) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let (mut from_old, mut from_new) = (0, 0);
    for (at_old, at_new) in same(old, new).into_iter().chain([(old.len(), new.len())]) {
        between(old, new, from_old..at_old, from_new..at_new, &mut pairs);
        if at_old < old.len() {
            pairs.push(Pair::Both(at_old, at_new));
        }
        (from_old, from_new) = (at_old + 1, at_new + 1);
    }
    pairs
}

/// A longest list of entries that are the same in both and in the same order.
fn same(old: &[Value], new: &[Value]) -> Vec<(usize, usize)> {
    if old.len().saturating_mul(new.len()) > MOST {
        return (0..old.len().min(new.len())).filter(|at| old.get(*at) == new.get(*at)).map(|at| (at, at)).collect();
    }
    // From the end: how long the longest is from here on.
    let width = new.len() + 1;
    let mut longest = vec![0_u32; (old.len() + 1) * width];
    let at = |longest: &[u32], one: usize, other: usize| longest.get(one * width + other).copied().unwrap_or_default();
    for one in (0..old.len()).rev() {
        for other in (0..new.len()).rev() {
            let best = match old.get(one) == new.get(other) {
                true => at(&longest, one + 1, other + 1) + 1,
                false => at(&longest, one + 1, other).max(at(&longest, one, other + 1)),
            };
            if let Some(slot) = longest.get_mut(one * width + other) {
                *slot = best;
            }
        }
    }
    let (mut one, mut other, mut found) = (0, 0, Vec::new());
    while one < old.len() && other < new.len() {
        if old.get(one) == new.get(other) {
            found.push((one, other));
            (one, other) = (one + 1, other + 1);
        } else if at(&longest, one + 1, other) >= at(&longest, one, other + 1) {
            one += 1;
        } else {
            other += 1;
        }
    }
    found
}

/// Of a stretch in which nothing is the same: what is of one kind is taken for changed, in order.
fn between(
    old: &[Value],
    new: &[Value],
    gone: std::ops::Range<usize>,
    mut come: std::ops::Range<usize>,
    pairs: &mut Vec<Pair>,
) {
    for before in gone {
        let alike = come.clone().find(|after| {
            let (before, after) = (old.get(before), new.get(*after));
            before.zip(after).is_some_and(|(before, after)| !is_plain(before) && kind(before) == kind(after))
        });
        match alike {
            Some(after) => {
                pairs.extend((come.start..after).map(Pair::Come));
                pairs.push(Pair::Both(before, after));
                come.start = after + 1;
            }
            None => pairs.push(Pair::Gone(before)),
        }
    }
    pairs.extend(come.map(Pair::Come));
}

/// One name is no other name.
fn is_plain(value: &Value) -> bool {
    !value.is_object() && !value.is_array()
}
