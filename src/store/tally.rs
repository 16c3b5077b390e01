//! What a change of a tenant was, for the audit trail: of settings what they were and are, of signatures their versions,
//! of all other rows how many came, changed and went.

use serde_json::{Map, Value, json};

use super::rows::Difference;

#[derive(Debug, Default)]
pub(super) struct Tally {
    before: Map<String, Value>,
    after: Map<String, Value>,
    /// There was no such tenant before.
    pub is_new: bool,
}

/// A signature's newest version before and after; `None`: it was not there, or is not any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Versions {
    pub id: String,
    pub before: Option<i64>,
    pub after: Option<i64>,
}

impl Tally {
    /// Settings as JSON objects; what is the same in both is left out.
    pub fn settings(&mut self, before: Option<&Value>, after: &Value) {
        self.is_new = before.is_none();
        let nothing = Map::new();
        let of = |value: Option<&Value>| value.and_then(Value::as_object).cloned();
        let (before, after) = (of(before).unwrap_or_else(|| nothing.clone()), of(Some(after)).unwrap_or(nothing));
        for (name, value) in &before {
            if after.get(name) != Some(value) {
                self.before.insert(name.clone(), value.clone());
            }
        }
        for (name, value) in after {
            if before.get(&name) != Some(&value) {
                self.after.insert(name, value);
            }
        }
    }

    pub fn rows(&mut self, name: &str, difference: &Difference) {
        let came = difference.written.iter().filter(|one| !one.existed).count();
        let changed = difference.written.iter().filter(|one| one.existed && one.changed).count();
        let moved = difference.written.iter().filter(|one| one.existed && !one.changed).count();
        let counts = [("came", came), ("changed", changed), ("moved", moved), ("went", difference.removed.len())];
        let counts: Map<String, Value> = counts
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|(word, count)| (word.to_owned(), json!(count)))
            .collect();
        if !counts.is_empty() {
            self.after.insert(name.to_owned(), Value::Object(counts));
        }
    }

    pub fn versions(&mut self, versions: &[Versions]) {
        let side = |of: fn(&Versions) -> Option<i64>| -> Map<String, Value> {
            versions.iter().filter_map(|one| Some((one.id.clone(), json!(of(one)?)))).collect()
        };
        for (target, side) in [(&mut self.before, side(|one| one.before)), (&mut self.after, side(|one| one.after))] {
            if !side.is_empty() {
                target.insert("signature_versions".to_owned(), Value::Object(side));
            }
        }
    }

    /// Before and after, as they are written down.
    pub fn sides(self) -> (Option<Value>, Option<Value>) {
        let side = |side: Map<String, Value>| (!side.is_empty()).then_some(Value::Object(side));
        (side(self.before), side(self.after))
    }
}
