//! People named one by one or by group, in the form in which somebody is looked for among them.

use super::people::Person;
use super::roster::{Membership, Roster};

/// Some people of the tenant.
#[derive(Debug)]
pub(super) struct Crowd {
    /// Sorted numbers.
    people: Box<[u32]>,
    /// Each with its id, for those who ask why.
    groups: Box<[(Box<str>, Membership)]>,
    /// All groups together: most people are in none of them.
    any_group: Vec<Membership>,
}

/// By what somebody is one of a crowd.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named<'a> {
    ByItself,
    /// The id.
    ByGroup(&'a str),
}

impl Crowd {
    /// Who is named and is not there is nobody.
    pub(super) fn new(ids: &[String], groups: &[String], roster: &Roster<'_>) -> Crowd {
        let membership = |id: &String| Some((id.as_str().into(), roster.group(id)?));
        let groups: Box<[(Box<str>, Membership)]> = groups.iter().filter_map(membership).collect();
        let any_group = Membership::join(groups.iter().map(|(_, membership)| membership));
        Crowd { people: roster.people().numbers(ids), groups, any_group }
    }

    /// Whether nobody is in it.
    pub(super) fn is_empty(&self) -> bool {
        self.people.is_empty() && self.groups.is_empty()
    }

    pub(super) fn find(&self, person: &Person) -> Option<Named<'_>> {
        if self.people.binary_search(&person.number).is_ok() {
            return Some(Named::ByItself);
        }
        self.any_group.iter().find(|groups| groups.holds_for(person))?;
        let (id, _) = self.groups.iter().find(|(_, group)| group.holds_for(person))?;
        Some(Named::ByGroup(id))
    }
}
