//! A map of which a changed copy costs as much as the change: what did not change is shared with the map before.
//!
//! A tree of sixteen ways by the hash of the key; an entry lies at most sixteen steps below the root. Readers hold a
//! whole map for as long as they like and wait for nobody; the writer clones it, which is one reference more, changes
//! its clone and publishes that. Keys and values are cloned with their neighbours, so they should be references. The
//! hash is keyed: nobody outside can choose keys that meet.

use std::borrow::Borrow;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hash};
use std::sync::Arc;

/// A map that shares what did not change with its copies. Empty by default.
#[derive(Clone)]
pub struct SharedMap<K, V> {
    root: Arc<Node<K, V>>,
    len: usize,
    hasher: RandomState,
}

#[derive(Clone)]
enum Node<K, V> {
    Leaf(Vec<Entry<K, V>>),
    Branch([Arc<Node<K, V>>; WAYS]),
}

#[derive(Clone)]
struct Entry<K, V> {
    hash: u64,
    key: K,
    value: V,
}

const WAYS: usize = 16;
/// Bits of the hash that choose a way.
const BITS: u32 = 4;
/// More entries than this divide a leaf.
const FULL: usize = 12;

impl<K, V> Default for SharedMap<K, V> {
    fn default() -> SharedMap<K, V> {
        SharedMap { root: Arc::new(Node::Leaf(Vec::new())), len: 0, hasher: RandomState::new() }
    }
}

impl<K, V> SharedMap<K, V> {
    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// All values, in no order.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        let (mut nodes, mut entries) = (vec![&self.root], [].iter());
        std::iter::from_fn(move || {
            loop {
                if let Some(Entry { value, .. }) = entries.next() {
                    return Some(value);
                }
                match nodes.pop()?.as_ref() {
                    Node::Leaf(leaf) => entries = leaf.iter(),
                    Node::Branch(below) => nodes.extend(below),
                }
            }
        })
    }

    pub fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        let hash = self.hasher.hash_one(key);
        let mut node = &self.root;
        let mut shift = 0;
        while let Node::Branch(below) = node.as_ref() {
            node = below.get(way(hash, shift))?;
            shift += BITS;
        }
        let Node::Leaf(entries) = node.as_ref() else { return None };
        entries.iter().find(|entry| entry.hash == hash && entry.key.borrow() == key).map(|entry| &entry.value)
    }
}

impl<K: Clone + Hash + Eq, V: Clone> SharedMap<K, V> {
    /// Gives back what was there.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        let hash = self.hasher.hash_one(&key);
        let before = insert(&mut self.root, 0, Entry { hash, key, value });
        self.len += usize::from(before.is_none());
        before
    }

    /// Gives back what was there.
    pub fn remove<Q: Hash + Eq + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        // Nothing is copied for a key that is not there.
        self.get(key)?;
        let hash = self.hasher.hash_one(key);
        let mut node = &mut self.root;
        let mut shift = 0;
        loop {
            match Arc::make_mut(node) {
                Node::Branch(below) => node = below.get_mut(way(hash, shift))?,
                Node::Leaf(entries) => {
                    let at = entries.iter().position(|entry| entry.hash == hash && entry.key.borrow() == key)?;
                    self.len -= 1;
                    return Some(entries.swap_remove(at).value);
                }
            }
            shift += BITS;
        }
    }
}

impl<K, V> std::fmt::Debug for SharedMap<K, V> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "SharedMap({} entries)", self.len)
    }
}

fn insert<K: Clone + Eq, V: Clone>(node: &mut Arc<Node<K, V>>, shift: u32, new: Entry<K, V>) -> Option<V> {
    let node = Arc::make_mut(node);
    match node {
        Node::Branch(below) => insert(below.get_mut(way(new.hash, shift))?, shift + BITS, new),
        Node::Leaf(entries) => {
            if let Some(entry) = entries.iter_mut().find(|entry| entry.hash == new.hash && entry.key == new.key) {
                return Some(std::mem::replace(&mut entry.value, new.value));
            }
            entries.push(new);
            // Below the last bit there is nothing that could tell entries apart.
            if entries.len() > FULL && shift < u64::BITS {
                *node = divided(std::mem::take(entries), shift);
            }
            None
        }
    }
}

fn divided<K, V>(entries: Vec<Entry<K, V>>, shift: u32) -> Node<K, V> {
    let mut leaves: [Vec<Entry<K, V>>; WAYS] = std::array::from_fn(|_| Vec::new());
    for entry in entries {
        if let Some(leaf) = leaves.get_mut(way(entry.hash, shift)) {
            leaf.push(entry);
        }
    }
    Node::Branch(leaves.map(|leaf| Arc::new(Node::Leaf(leaf))))
}

fn way(hash: u64, shift: u32) -> usize {
    usize::try_from(hash.checked_shr(shift).unwrap_or_default() & (WAYS as u64 - 1)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_holds_what_a_map_holds_and_copies_keep_what_they_held(
            steps in prop::collection::vec((0_u16..400, prop::option::weighted(0.7, 0_u32..9)), 0..1_500)
        ) {
            let (mut shared, mut plain) = (SharedMap::<u16, u32>::default(), HashMap::new());
            let mut kept = Vec::new();
            for (number, (key, value)) in steps.into_iter().enumerate() {
                match value {
                    Some(value) => prop_assert_eq!(shared.insert(key, value), plain.insert(key, value)),
                    None => prop_assert_eq!(shared.remove(&key), plain.remove(&key)),
                }
                prop_assert_eq!(shared.len(), plain.len());
                if number % 200 == 0 {
                    kept.push((shared.clone(), plain.clone()));
                }
            }
            kept.push((shared, plain));
            for (shared, plain) in kept {
                for key in 0..400 {
                    prop_assert_eq!(shared.get(&key), plain.get(&key));
                }
                let (mut values, mut expected): (Vec<u32>, Vec<u32>) =
                    (shared.values().copied().collect(), plain.into_values().collect());
                values.sort_unstable();
                expected.sort_unstable();
                prop_assert_eq!(values, expected);
            }
        }
    }

    /// Nodes that are not those of another map, by their place in the tree.
    fn own_nodes(one: &Arc<Node<u32, u32>>, other: Option<&Arc<Node<u32, u32>>>) -> usize {
        if other.is_some_and(|other| Arc::ptr_eq(one, other)) {
            return 0;
        }
        let Node::Branch(below) = one.as_ref() else { return 1 };
        let opposite = match other.map(Arc::as_ref) {
            Some(Node::Branch(opposite)) => Some(opposite),
            _ => None,
        };
        let nodes = below.iter().enumerate();
        1 + nodes.map(|(at, node)| own_nodes(node, opposite.and_then(|nodes| nodes.get(at)))).sum::<usize>()
    }

    #[test]
    fn a_change_copies_its_own_path_only() {
        let mut map = SharedMap::default();
        for number in 0..100_000 {
            map.insert(number, number);
        }
        for number in (0..100_000).step_by(9_973) {
            let mut changed = map.clone();
            changed.insert(number, 0);
            assert!(own_nodes(&changed.root, Some(&map.root)) <= 8, "more than a path was copied");
            changed.remove(&number);
            assert_eq!((changed.get(&number), changed.len()), (None, map.len() - 1));
            assert_eq!(map.get(&number), Some(&number));
        }
    }
}
