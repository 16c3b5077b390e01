//! What a preview would change: who comes, who goes, and which values of whom become others.

use std::collections::{BTreeSet, HashMap};

use super::Preview;
use crate::tenant::PersonEntry;

/// What a file would change.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Difference {
    /// Ids, in the order of the file.
    pub new: Vec<String>,
    pub changed: Vec<Changed>,
    /// How many stay as they are.
    pub same: usize,
    /// Ids of people the file does not have, in the order of the tenant.
    pub gone: Vec<String>,
}

/// One person who changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    pub id: String,
    /// Names of attributes, and `addresses`.
    pub what: Vec<&'static str>,
}

impl Preview {
    /// Beside the people a file is to replace. What a file has no column for (a photo) is not compared.
    pub fn against(&self, now: &[PersonEntry]) -> Difference {
        let known: HashMap<&str, &PersonEntry> = now.iter().map(|person| (person.id.as_str(), person)).collect();
        let mut difference = Difference::default();
        for person in &self.people {
            match known.get(person.id.as_str()) {
                None => difference.new.push(person.id.clone()),
                Some(before) => match changes(before, person) {
                    what if what.is_empty() => difference.same += 1,
                    what => difference.changed.push(Changed { id: person.id.clone(), what }),
                },
            }
        }
        let kept: BTreeSet<&str> = self.people.iter().map(|person| person.id.as_str()).collect();
        let gone = now.iter().map(|person| &person.id).filter(|id| !kept.contains(id.as_str()));
        difference.gone = gone.cloned().collect();
        difference
    }
}

fn changes(before: &PersonEntry, after: &PersonEntry) -> Vec<&'static str> {
    let names: BTreeSet<_> = before.attributes.keys().chain(after.attributes.keys()).copied().collect();
    let other = names.into_iter().filter(|name| before.attributes.get(name) != after.attributes.get(name));
    let addresses = (before.addresses != after.addresses).then_some("addresses");
    addresses.into_iter().chain(other.map(|name| name.word())).collect()
}
