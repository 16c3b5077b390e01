//! Places of rows in a list, such that a list that changed a little changes few rows.
//!
//! Rows that keep their order keep their places; those between get places between. Only where no number is left
//! between two are all numbered anew.

/// Distance of neighbours: there is room for twenty rows between two, one after the other at the same spot, and for
/// millions at the end.
const STEP: i64 = 1 << 20;

/// New places, rising, for rows in their new order, of which some had places (each its own).
pub(super) fn positions(old: &[Option<i64>]) -> Vec<i64> {
    between(old, &keep(old)).unwrap_or_else(|| (1..).map(|number| number * STEP).take(old.len()).collect())
}

/// Which rows can keep their places: a longest rising row of them.
fn keep(old: &[Option<i64>]) -> Vec<bool> {
    // By length, the row that ends lowest; and before each, the one it follows.
    let mut ends: Vec<(i64, usize)> = Vec::new();
    let mut before = vec![None; old.len()];
    for (at, place) in old.iter().enumerate() {
        let Some(place) = *place else { continue };
        let length = ends.partition_point(|(end, _)| *end < place);
        if let Some(slot) = before.get_mut(at) {
            *slot = length.checked_sub(1).and_then(|last| ends.get(last)).map(|(_, at)| *at);
        }
        match ends.get_mut(length) {
            Some(end) => *end = (place, at),
            None => ends.push((place, at)),
        }
    }
    let mut keep = vec![false; old.len()];
    let mut next = ends.last().map(|(_, at)| *at);
    while let Some(at) = next {
        if let Some(slot) = keep.get_mut(at) {
            *slot = true;
        }
        next = before.get(at).copied().flatten();
    }
    keep
}

/// Places for the rest; `None` when there is no room.
fn between(old: &[Option<i64>], keep: &[bool]) -> Option<Vec<i64>> {
    let mut places = Vec::with_capacity(old.len());
    let mut last = 0_i64;
    let mut waiting = 0_i64;
    for (place, _) in old.iter().zip(keep).map(|(place, keep)| (place.filter(|_| *keep), keep)) {
        let Some(place) = place else {
            waiting += 1;
            continue;
        };
        let step = place.checked_sub(last)? / (waiting + 1);
        if step == 0 {
            return None;
        }
        places.extend((1..=waiting).map(|number| last + number * step));
        places.push(place);
        (last, waiting) = (place, 0);
    }
    last.checked_add((waiting + 1).checked_mul(STEP)?)?;
    places.extend((1..=waiting).map(|number| last + number * STEP));
    Some(places)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_keeps_its_order_keeps_its_place() {
        let table: &[(&[Option<i64>], usize)] = &[
            (&[], 0),
            (&[None, None], 0),
            (&[Some(10), Some(20), Some(30)], 3),
            (&[Some(10), None, Some(20), None], 2),
            (&[Some(30), Some(10), Some(20)], 2),
            (&[None, Some(1), Some(2)], 0),
            (&[Some(1), None, Some(2)], 0),
        ];
        for (old, kept) in table {
            let new = positions(old);
            assert!(new.is_sorted_by(|one, next| one < next), "{old:?} {new:?}");
            let same = old.iter().zip(&new).filter(|(old, new)| **old == Some(**new)).count();
            assert_eq!(same, *kept, "{old:?} {new:?}");
        }
    }

    proptest! {
        #[test]
        fn places_rise_and_most_stay(
            places in proptest::collection::btree_set(1_i64..1 << 40, 0..60), moved in any::<u64>(), new in 0_usize..20,
        ) {
            let mut old: Vec<Option<i64>> = places.into_iter().map(Some).collect();
            let had = old.len();
            // One goes elsewhere, and some come.
            if had > 1 {
                let from = usize::try_from(moved % had as u64).unwrap_or_default();
                let one = old.remove(from);
                old.insert(usize::try_from(moved / 64 % had as u64).unwrap_or_default(), one);
            }
            for number in 0..new {
                old.insert((number * 7) % (old.len() + 1), None);
            }
            let now = positions(&old);
            prop_assert_eq!(now.len(), old.len());
            prop_assert!(now.is_sorted_by(|one, next| one < next));
            prop_assert!(now.first().is_none_or(|first| *first > 0));
            let anew = now.iter().zip(1..).all(|(place, number)| *place == number * STEP);
            let stayed = old.iter().zip(&now).filter(|(old, now)| **old == Some(**now)).count();
            prop_assert!(anew || stayed + 1 >= had, "{} of {} stayed", stayed, had);
        }
    }
}
