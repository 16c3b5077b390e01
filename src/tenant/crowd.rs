//! People named one by one or by group, in the form in which somebody is looked for among them.

use super::people::{Members, People, Person};

/// Some people of the tenant.
#[derive(Debug, Clone)]
pub(super) struct Crowd {
    people: Members,
    /// Each with its id, for those who ask why.
    groups: Vec<(String, Members)>,
}

/// By what somebody is one of a crowd.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named<'a> {
    ByItself,
    /// The id.
    ByGroup(&'a str),
}

impl Crowd {
    pub(super) fn new(ids: &[String], groups: &[String], people: &People) -> Crowd {
        let members = |id: &String| Some((id.clone(), people.members(id)?));
        Crowd { people: people.numbers(ids), groups: groups.iter().filter_map(members).collect() }
    }

    /// Whether it was written without naming anybody.
    pub(super) fn is_empty(&self) -> bool {
        self.people.is_empty() && self.groups.is_empty()
    }

    pub(super) fn find(&self, person: &Person) -> Option<Named<'_>> {
        if self.people.binary_search(&person.number).is_ok() {
            return Some(Named::ByItself);
        }
        let (id, _) = self.groups.iter().find(|(_, members)| members.binary_search(&person.number).is_ok())?;
        Some(Named::ByGroup(id))
    }
}
