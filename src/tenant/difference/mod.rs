//! What differs between two versions of a signature: field by field, block by block, line by line, each with its place
//! and a sentence for people.
//!
//! Blocks, lines and names are matched with those they most likely were: what is put in the middle is told as added, and
//! not as a change of all that follows. Nothing is told twice.

mod align;
mod words;

use serde::Serialize;
use serde_json::Value;

use super::SignatureEntry;
use align::{Pair, align};

/// One difference.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// A JSON pointer into the later version; of what was removed, into the earlier.
    pub place: String,
    pub change: Change,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
    /// All of it in words.
    pub sentence: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    Added,
    Removed,
    Changed,
    /// The same, elsewhere in its list.
    Moved,
}

impl SignatureEntry {
    /// What is to be changed in `self` to have `later`.
    pub fn differences(&self, later: &SignatureEntry) -> Vec<Difference> {
        let json = |entry: &SignatureEntry| serde_json::to_value(entry).unwrap_or_default();
        let mut walk = Walk::default();
        walk.compare(&json(self), &json(later));
        walk.found
    }
}

/// Goes through both at once. Designs are bounded in depth, and so is this.
#[derive(Debug, Default)]
struct Walk {
    /// Keys and numbers from the root; `later` where the two differ in a number.
    path: Vec<String>,
    found: Vec<Difference>,
}

impl Walk {
    fn compare(&mut self, before: &Value, after: &Value) {
        match (before, after) {
            _ if before == after => {}
            (Value::Object(old), Value::Object(new)) if words::kind(before) == words::kind(after) => {
                let mut keys: Vec<&String> = old.keys().chain(new.keys()).collect();
                keys.sort();
                keys.dedup();
                for key in keys {
                    self.path.push(key.clone());
                    match (old.get(key), new.get(key)) {
                        (Some(before), Some(after)) => self.compare(before, after),
                        (before, after) => self.tell(before, after),
                    }
                    self.path.pop();
                }
            }
            (Value::Array(old), Value::Array(new)) => self.compare_lists(old, new),
            _ => self.tell(Some(before), Some(after)),
        }
    }

    fn compare_lists(&mut self, old: &[Value], new: &[Value]) {
        // A line is read as a whole.
        let whole = self.path.last().is_some_and(|key| key == "lines");
        let pairs = align(old, new);
        let moved = moved(&pairs, old, new);
        for pair in pairs {
            if let Pair::Come(at) | Pair::Gone(at) = pair
                && moved.iter().any(|(from, to)| at == if matches!(pair, Pair::Come(_)) { *to } else { *from })
            {
                if let Pair::Come(to) = pair {
                    self.tell_moved(&moved, to, new);
                }
                continue;
            }
            let (before, after) = match pair {
                Pair::Both(before, after) => (old.get(before), new.get(after)),
                Pair::Gone(before) => (old.get(before), None),
                Pair::Come(after) => (None, new.get(after)),
            };
            self.path.push(match pair {
                Pair::Both(_, at) | Pair::Gone(at) | Pair::Come(at) => at.to_string(),
            });
            match (before, after) {
                (Some(before), Some(after)) if !whole => self.compare(before, after),
                (before, after) if before != after => self.tell(before, after),
                _ => {}
            }
            self.path.pop();
        }
    }

    fn tell_moved(&mut self, moved: &[(usize, usize)], to: usize, new: &[Value]) {
        let (Some((from, _)), Some(value)) = (moved.iter().find(|(_, at)| *at == to), new.get(to)) else { return };
        self.path.push(to.to_string());
        let sentence = words::moved(&self.path, value, *from);
        let place = self.place();
        self.path.pop();
        let (before, after) = (Some(value.clone()), Some(value.clone()));
        self.found.push(Difference { place, change: Change::Moved, before, after, sentence });
    }

    fn place(&self) -> String {
        self.path.iter().map(|part| format!("/{}", part.replace('~', "~0").replace('/', "~1"))).collect()
    }

    fn tell(&mut self, before: Option<&Value>, after: Option<&Value>) {
        // A key without a value and no key are the same to a reader.
        let there = |value: Option<&Value>| value.filter(|value| !value.is_null()).cloned();
        let (before, after) = (there(before), there(after));
        let change = match (&before, &after) {
            (None, None) => return,
            (None, Some(_)) => Change::Added,
            (Some(_), None) => Change::Removed,
            (Some(_), Some(_)) => Change::Changed,
        };
        let place = self.place();
        let sentence = words::sentence(&self.path, before.as_ref(), after.as_ref());
        self.found.push(Difference { place, change, before, after, sentence });
    }
}

/// Blocks that went in one place and came in another, as they were: from where, to where.
fn moved(pairs: &[Pair], old: &[Value], new: &[Value]) -> Vec<(usize, usize)> {
    let mut come: Vec<usize> =
        pairs.iter().filter_map(|pair| if let Pair::Come(at) = pair { Some(*at) } else { None }).collect();
    let mut moved = Vec::new();
    for pair in pairs {
        let Pair::Gone(from) = pair else { continue };
        let same = |to: &usize| old.get(*from).is_some_and(|value| value.is_object() && new.get(*to) == Some(value));
        if let Some(at) = come.iter().position(same) {
            moved.push((*from, come.remove(at)));
        }
    }
    moved
}

#[cfg(test)]
mod tests;
