//! What was made once and can be made again, kept within a bound of octets.
//!
//! Two generations: what is used moves to the young one; when that is full it becomes the old one and the old one is
//! forgotten. So a look-up costs one or two hashes and nothing is ever scanned.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

/// What is kept costs memory.
pub(super) trait Costs {
    /// Bound of one generation, in octets.
    const GENERATION_BYTES: usize;

    /// Octets, the key and the place in the table included.
    fn cost(&self) -> usize;
}

/// Values by their keys.
#[derive(Debug)]
pub(super) struct Kept<Key, Value>(Mutex<Generations<Key, Value>>);

#[derive(Debug)]
struct Generations<Key, Value> {
    young: HashMap<Key, Arc<Value>>,
    young_bytes: usize,
    old: HashMap<Key, Arc<Value>>,
    old_bytes: usize,
}

impl<Key: Eq + Hash, Value: Costs> Kept<Key, Value> {
    /// The one of that key; made now if none is kept. Two that ask at once may both make it.
    pub(super) fn get(&self, key: Key, made: impl FnOnce(&Key) -> Value) -> Arc<Value> {
        if let Some(kept) = self.find(&key) {
            return kept;
        }
        let value = Arc::new(made(&key));
        self.with(|generations| generations.put(key, Arc::clone(&value)));
        value
    }

    /// Octets of memory that are kept now.
    pub(super) fn bytes(&self) -> usize {
        self.with(|generations| generations.young_bytes + generations.old_bytes)
    }

    fn find(&self, key: &Key) -> Option<Arc<Value>> {
        self.with(|generations| {
            if let Some(value) = generations.young.get(key) {
                return Some(Arc::clone(value));
            }
            let (key, value) = generations.old.remove_entry(key)?;
            generations.put(key, Arc::clone(&value));
            Some(value)
        })
    }

    /// A panic elsewhere cannot leave the maps broken: every change is one insertion or one exchange.
    fn with<T>(&self, ask: impl FnOnce(&mut Generations<Key, Value>) -> T) -> T {
        ask(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<Key: Eq + Hash, Value: Costs> Generations<Key, Value> {
    fn put(&mut self, key: Key, value: Arc<Value>) {
        let bytes = value.cost();
        if self.young_bytes + bytes > Value::GENERATION_BYTES {
            self.old = std::mem::take(&mut self.young);
            self.old_bytes = std::mem::take(&mut self.young_bytes);
        }
        if bytes <= Value::GENERATION_BYTES {
            self.young_bytes += bytes;
            self.young.insert(key, value);
        }
    }
}

impl<Key, Value> Default for Kept<Key, Value> {
    fn default() -> Kept<Key, Value> {
        Kept(Mutex::default())
    }
}

impl<Key, Value> Default for Generations<Key, Value> {
    fn default() -> Generations<Key, Value> {
        Generations { young: HashMap::new(), young_bytes: 0, old: HashMap::new(), old_bytes: 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Costs for usize {
        const GENERATION_BYTES: usize = 100;

        fn cost(&self) -> usize {
            *self
        }
    }

    #[test]
    fn what_is_used_stays_and_the_rest_is_forgotten_in_time() {
        let kept = Kept::default();
        let made = |key, value| {
            let mut made = false;
            let got = kept.get(key, |_| {
                made = true;
                value
            });
            assert_eq!(*got, value, "{key}");
            assert!(kept.bytes() <= 200);
            made
        };
        assert!(made("used", 40) && made("unused", 40));
        for round in 0..50 {
            let other = format!("{round}").leak();
            assert!(made(other, 40), "{round}");
            assert!(!made("used", 40), "{round}");
        }
        assert!(made("unused", 40), "it was forgotten");
        assert!(made("large", 101) && made("large", 101), "what is larger than a generation is not kept");
    }
}
