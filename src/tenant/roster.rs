//! The people of a tenant while its rules are compiled. Each group that a rule, a mode or a permission names is noted;
//! when all are known they are resolved together, 64 in one walk over the groups.
//!
//! What is kept of that is a bit for each named group and each group there is, and not a list of people: a question
//! looks at the few groups that a person is in itself. People and groups are shared between snapshots and know nothing
//! of rules; what is made here belongs to one snapshot.

use std::cell::RefCell;
use std::collections::HashMap;
use std::mem::size_of;
use std::sync::{Arc, OnceLock};

use super::groups::{Groups, index};
use super::people::{People, Person};

/// People, and the groups that were asked for.
pub(super) struct Roster<'a> {
    people: &'a People,
    asked: RefCell<Asked>,
}

#[derive(Default)]
struct Asked {
    /// By circle: groups that are in one another have the same members.
    circles: HashMap<u32, Membership>,
    tables: Vec<Arc<Table>>,
}

/// Which of up to 64 groups each circle of groups is in.
struct Table {
    groups: Arc<Groups>,
    /// For each circle; there when the rules are compiled.
    marks: OnceLock<Box<[u64]>>,
}

/// Membership in a group, those groups included that are in it; or, of several [joined](Membership::join), in any.
#[derive(Clone)]
pub(super) struct Membership {
    table: Arc<Table>,
    /// A bit for each group that counts.
    mark: u64,
}

impl<'a> Roster<'a> {
    pub(super) fn new(people: &'a People) -> Roster<'a> {
        Roster { people, asked: RefCell::default() }
    }

    pub(super) fn people(&self) -> &'a People {
        self.people
    }

    /// `None` where there is no such group. It holds for nobody until the groups are [resolved](Roster::resolve).
    pub(super) fn group(&self, id: &str) -> Option<Membership> {
        let groups = self.people.groups();
        let circle = groups.circle(id)?;
        let mut asked = self.asked.borrow_mut();
        let Asked { circles, tables } = &mut *asked;
        if let Some(known) = circles.get(&circle) {
            return Some(known.clone());
        }
        let place = circles.len() % TABLE_GROUPS;
        if place == 0 {
            tables.push(Arc::new(Table { groups: Arc::clone(groups), marks: OnceLock::new() }));
        }
        let membership = Membership { table: Arc::clone(tables.last()?), mark: 1 << place };
        circles.insert(circle, membership.clone());
        Some(membership)
    }

    /// To be called when all rules are compiled. Gives how many octets of memory that takes.
    pub(super) fn resolve(self) -> usize {
        let Asked { circles, tables } = self.asked.into_inner();
        let mut bytes = 0;
        for table in &tables {
            let of_table = circles.iter().filter(|(_, membership)| Arc::ptr_eq(&membership.table, table));
            let marks = table.groups.spread(of_table.map(|(circle, membership)| (*circle, membership.mark)));
            bytes += size_of::<Table>() + marks.len() * size_of::<u64>();
            // Nobody else sets them.
            let _ = table.marks.set(marks);
        }
        bytes
    }
}

impl Membership {
    pub(super) fn holds_for(&self, person: &Person) -> bool {
        let Some(marks) = self.table.marks.get() else { return false };
        let circles = self.table.groups.of_person(person.number);
        circles.iter().any(|circle| marks.get(index(*circle)).is_some_and(|marks| marks & self.mark != 0))
    }

    /// As few as say the same of any of them together as all do.
    pub(super) fn join<'m>(memberships: impl IntoIterator<Item = &'m Membership>) -> Vec<Membership> {
        let mut joined: Vec<Membership> = Vec::new();
        for membership in memberships {
            match joined.iter_mut().find(|other| Arc::ptr_eq(&other.table, &membership.table)) {
                Some(other) => other.mark |= membership.mark,
                None => joined.push(membership.clone()),
            }
        }
        joined
    }
}

impl std::fmt::Debug for Membership {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Membership({:#x})", self.mark)
    }
}

/// Groups that one walk resolves: the bits of a word.
const TABLE_GROUPS: usize = 64;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::tenant::{Edition, GroupEntry, PersonEntry};

    const GROUPS: usize = 100;
    const PEOPLE: usize = 20;

    fn entries(nestings: &[(usize, usize)], members: &[(usize, usize)]) -> Vec<GroupEntry> {
        let names = |pairs: &[(usize, usize)], group: usize, kind: char| {
            let of_group = pairs.iter().filter(|(outer, _)| *outer == group);
            of_group.map(|(_, inner)| format!("{kind}{inner}")).collect()
        };
        let one = |group: usize| GroupEntry {
            id: format!("g{group}"),
            name: String::new(),
            members: names(members, group, 'p'),
            groups: names(nestings, group, 'g'),
        };
        (0..GROUPS).map(one).collect()
    }

    /// Everybody below a group, a step at a time until nothing is new.
    fn below<'e>(entries: &'e [GroupEntry], group: &'e str) -> BTreeSet<&'e str> {
        let mut groups = BTreeSet::from([group]);
        loop {
            let inside = entries.iter().filter(|entry| groups.contains(entry.id.as_str()));
            let more: BTreeSet<&str> = inside.flat_map(|entry| &entry.groups).map(String::as_str).collect();
            if more.is_subset(&groups) {
                break;
            }
            groups.extend(more);
        }
        let found = entries.iter().filter(|entry| groups.contains(entry.id.as_str()));
        found.flat_map(|entry| &entry.members).map(String::as_str).collect()
    }

    proptest! {
        #[test]
        fn who_is_in_a_group_is_who_is_found_below_it_step_by_step(
            // Beyond the last there is nobody.
            nestings in prop::collection::vec((0..GROUPS, 0..GROUPS + 3), 0..160),
            members in prop::collection::vec((0..GROUPS, 0..PEOPLE + 3), 0..60),
            asked in prop::collection::vec(0..GROUPS + 3, 1..150),
        ) {
            let entries = entries(&nestings, &members);
            let person = |number: usize| PersonEntry { id: format!("p{number}"), ..PersonEntry::default() };
            let people = People::compile((0..PEOPLE).map(person).collect(), &entries, Edition::default());
            let roster = Roster::new(&people);
            let asked: Vec<String> = asked.into_iter().map(|group| format!("g{group}")).collect();
            let memberships: Vec<Option<Membership>> = asked.iter().map(|group| roster.group(group)).collect();
            roster.resolve();
            for (group, membership) in asked.iter().zip(&memberships) {
                let holds = |person: &&Arc<Person>| membership.as_ref().is_some_and(|one| one.holds_for(person));
                let found: BTreeSet<&str> = people.iter().filter(holds).map(|person| person.id()).collect();
                let mut expected = below(&entries, group);
                expected.retain(|id| people.iter().any(|person| person.id() == *id));
                prop_assert_eq!(found, expected, "{}", group);
            }
            let joined = Membership::join(memberships.iter().flatten());
            for person in people.iter() {
                let any = memberships.iter().flatten().any(|membership| membership.holds_for(person));
                prop_assert_eq!(joined.iter().any(|membership| membership.holds_for(person)), any);
            }
        }
    }
}
