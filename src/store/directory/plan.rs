//! A batch of a directory put in order for writing: of each thing its last state.
//!
//! The changes of a page come in an order of Microsoft's. What is written first or last decides who has an address, so
//! that is settled here, among the people of the page; against those who are stored it is settled where they are
//! written (`people.rs`).

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::directory::{Change, Group, Member};
use crate::store::members::{GROUP, PERSON};
use crate::tenant::PersonEntry;

/// What a batch leaves behind.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Plan {
    /// No two with the same address. Managers, photos and what is overridden are not told here.
    pub people: Vec<PersonEntry>,
    /// To be removed before anything is written.
    pub people_gone: BTreeSet<String>,
    /// By person, those that are told.
    pub managers: HashMap<String, Option<String>>,
    /// Names by id; `None` where nothing was said of it.
    pub groups: BTreeMap<String, Option<String>>,
    /// To be removed before anything is written.
    pub groups_gone: BTreeSet<String>,
    pub members: BTreeMap<Membership, Now>,
    pub sweeps: Sweeps,
}

/// What is older than the batch's round, and goes.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sweeps {
    pub people: bool,
    pub groups: bool,
}

/// Somebody in a group.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Membership {
    pub group: String,
    /// `person` or `group`.
    pub kind: &'static str,
    pub member: String,
}

/// What a membership is after the batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Now {
    Joined,
    Left,
}

impl Plan {
    pub fn new(changes: Vec<Change>) -> Plan {
        let mut plan = Plan::default();
        // With the number of the change, which says who comes later.
        let mut people: HashMap<String, (usize, PersonEntry)> = HashMap::new();
        for (number, change) in changes.into_iter().enumerate() {
            match change {
                Change::Person(person) => drop(people.insert(person.id.clone(), (number, person.entry()))),
                Change::PersonGone { id } => {
                    people.remove(&id);
                    plan.managers.remove(&id);
                    plan.people_gone.insert(id);
                }
                Change::Manager { person, manager } => drop(plan.managers.insert(person, manager)),
                Change::Group(Group { id, name }) => {
                    let told = plan.groups.entry(id).or_default();
                    *told = name.or(told.take());
                }
                Change::GroupGone { id } => {
                    plan.groups.remove(&id);
                    plan.members.retain(|membership, _| membership.group != id);
                    plan.groups_gone.insert(id);
                }
                Change::Members { group, joined, left } => {
                    plan.members.extend(joined.into_iter().map(|member| (membership(&group, member), Now::Joined)));
                    plan.members.extend(left.into_iter().map(|member| (membership(&group, member), Now::Left)));
                }
                Change::SweepPeople => plan.sweeps.people = true,
                Change::SweepGroups => plan.sweeps.groups = true,
            }
        }
        let mut people: Vec<_> = people.into_values().collect();
        people.sort_unstable_by_key(|(number, _)| *number);
        let mut taken = HashSet::new();
        for (_, person) in people.iter_mut().rev() {
            person.addresses.retain(|address| taken.insert(address.clone()));
        }
        plan.people = people.into_iter().map(|(_, person)| person).collect();
        plan
    }

    /// About how many rows it touches.
    pub fn rows(&self) -> usize {
        let people = self.people.iter().map(|person| 2 + person.addresses.len()).sum::<usize>();
        let gone = self.people_gone.len() + self.groups_gone.len();
        people + gone + self.managers.len() + self.groups.len() + self.members.len()
    }
}

fn membership(group: &str, member: Member) -> Membership {
    let (kind, member) = match member {
        Member::Person(id) => (PERSON, id),
        Member::Group(id) => (GROUP, id),
    };
    Membership { group: group.to_owned(), kind, member }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::Person;

    fn person(id: &str, addresses: &[&str]) -> Change {
        Change::Person(Person {
            id: id.into(),
            addresses: addresses.iter().map(|address| (*address).to_owned()).collect(),
            attributes: BTreeMap::new(),
            custom: BTreeMap::new(),
            enabled: true,
        })
    }

    #[test]
    fn the_last_word_counts_and_an_address_has_one_person() {
        let members = |joined: &[&str], left: &[&str]| Change::Members {
            group: "g".into(),
            joined: joined.iter().map(|id| Member::Person((*id).into())).collect(),
            left: left.iter().map(|id| Member::Person((*id).into())).collect(),
        };
        let plan = Plan::new(vec![
            person("a", &["one", "two"]),
            person("b", &["two", "three"]),
            person("gone", &["three"]),
            Change::PersonGone { id: "gone".into() },
            members(&["a"], &["b"]),
            members(&["b"], &["a"]),
            members(&["lost"], &[]),
            Change::GroupGone { id: "h".into() },
            Change::Group(Group { id: "h".into(), name: Some("H".into()) }),
            Change::SweepGroups,
        ]);
        let people: Vec<_> = plan.people.iter().map(|one| (one.id.as_str(), one.addresses.join(" "))).collect();
        assert_eq!(people, [("a", "one".to_owned()), ("b", "two three".to_owned())]);
        assert_eq!(plan.people_gone, BTreeSet::from(["gone".to_owned()]));
        let members: Vec<_> = plan.members.iter().map(|(one, now)| (one.member.as_str(), *now)).collect();
        assert_eq!(members, [("a", Now::Left), ("b", Now::Joined), ("lost", Now::Joined)]);
        assert_eq!((plan.groups.len(), plan.groups_gone.len()), (1, 1));
        assert_eq!(plan.sweeps, Sweeps { people: false, groups: true });
        let dissolved = Plan::new(vec![
            Change::Group(Group { id: "g".into(), name: Some("G".into()) }),
            Change::GroupGone { id: "g".into() },
        ]);
        assert!(dissolved.groups.is_empty() && dissolved.groups_gone.contains("g"));
    }
}
