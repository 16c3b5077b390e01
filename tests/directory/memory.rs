//! A sink in memory, as faithful as a store's: a batch is kept whole or not at all, marks and sweeps included.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use signet::directory::{Batch, Change, Cursor, Member, NotKept, Person, Sink};
use tokio::sync::Notify;

/// What a store would hold of a directory.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    people: BTreeMap<String, (u64, Person)>,
    /// The person of each address: who was written last.
    addresses: BTreeMap<String, String>,
    managers: BTreeMap<String, String>,
    groups: BTreeMap<String, (u64, String)>,
    members: BTreeMap<(String, Member), u64>,
    pub cursor: String,
    /// Batches kept.
    pub kept: u64,
    /// Most changes in one batch.
    pub largest: usize,
    pub death: Option<Death>,
    /// Refuses everything, with these words.
    pub refuses: Option<String>,
}

/// The process dies at this batch.
#[derive(Debug, Clone)]
pub struct Death {
    /// Batches kept before it.
    pub after: u64,
    pub when: When,
    /// Told when it happens.
    pub told: Arc<Notify>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    BeforeItIsKept,
    AfterItIsKept,
}

/// What of a directory matters to mail, with everything that is not known any more left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct View {
    pub people: BTreeMap<String, Shown>,
    /// By group: name and direct members.
    pub groups: BTreeMap<String, (String, BTreeSet<String>)>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shown {
    pub addresses: Vec<String>,
    pub attributes: BTreeMap<String, String>,
    pub enabled: bool,
    pub manager: Option<String>,
}

impl Memory {
    pub fn cursor(&self) -> Cursor {
        Cursor::read(&self.cursor)
    }

    pub fn person(&self, id: &str) -> Option<&Person> {
        self.people.get(id).map(|(_, person)| person)
    }

    pub fn owner(&self, address: &str) -> Option<&str> {
        self.addresses.get(address).map(String::as_str)
    }

    pub fn view(&self) -> View {
        let people = self.people.values().map(|(_, person)| {
            let own = |address: &&String| self.owner(address) == Some(&person.id);
            let attributes = person.attributes.iter().map(|(name, value)| (name.word().to_owned(), value.clone()));
            let shown = Shown {
                addresses: person.addresses.iter().filter(own).cloned().collect(),
                attributes: attributes.collect(),
                enabled: person.enabled,
                manager: self.managers.get(&person.id).filter(|id| self.people.contains_key(*id)).cloned(),
            };
            (person.id.clone(), shown)
        });
        let mut groups: BTreeMap<_, _> =
            self.groups.iter().map(|(id, (_, name))| (id.clone(), (name.clone(), BTreeSet::new()))).collect();
        for (group, member) in self.members.keys() {
            let (known, id) = match member {
                Member::Person(id) => (self.people.contains_key(id), id),
                Member::Group(id) => (self.groups.contains_key(id), id),
            };
            if let Some((_, members)) = groups.get_mut(group).filter(|_| known) {
                members.insert(id.clone());
            }
        }
        View { people: people.collect(), groups }
    }

    fn apply(&mut self, batch: Batch) {
        self.kept += 1;
        self.largest = self.largest.max(batch.changes.len());
        for change in batch.changes {
            self.change(batch.round, change);
        }
        self.cursor = batch.cursor.to_json();
    }

    fn change(&mut self, round: u64, change: Change) {
        match change {
            Change::Person(person) => {
                self.drop_addresses(&person.id);
                for address in &person.addresses {
                    self.addresses.insert(address.clone(), person.id.clone());
                }
                self.people.insert(person.id.clone(), (round, person));
            }
            Change::PersonGone { id } => self.drop_person(&id),
            Change::Manager { person, manager: Some(manager) } => drop(self.managers.insert(person, manager)),
            Change::Manager { person, manager: None } => drop(self.managers.remove(&person)),
            Change::Group(group) => {
                let known = self.groups.get(&group.id).map(|(_, name)| name.clone());
                let name = group.name.or(known).unwrap_or_default();
                self.groups.insert(group.id, (round, name));
            }
            Change::GroupGone { id } => {
                self.groups.remove(&id);
                self.members.retain(|(group, _), _| *group != id);
            }
            Change::Members { group, joined, left } => {
                self.members.extend(joined.into_iter().map(|member| ((group.clone(), member), round)));
                for member in left {
                    self.members.remove(&(group.clone(), member));
                }
            }
            Change::SweepPeople => {
                let old = self.people.iter().filter(|(_, (mark, _))| *mark < round).map(|(id, _)| id.clone());
                for id in old.collect::<Vec<_>>() {
                    self.drop_person(&id);
                }
            }
            Change::SweepGroups => {
                self.groups.retain(|_, (mark, _)| *mark >= round);
                self.members.retain(|_, mark| *mark >= round);
            }
        }
    }

    fn drop_person(&mut self, id: &str) {
        self.drop_addresses(id);
        self.people.remove(id);
        self.managers.remove(id);
    }

    fn drop_addresses(&mut self, id: &str) {
        for address in self.people.get(id).map(|(_, person)| person.addresses.as_slice()).unwrap_or_default() {
            if self.addresses.get(address).is_some_and(|owner| owner == id) {
                self.addresses.remove(address);
            }
        }
    }
}

impl Sink for Memory {
    async fn keep(&mut self, batch: Batch) -> Result<(), NotKept> {
        if let Some(why) = &self.refuses {
            return Err(NotKept(why.clone()));
        }
        match self.death.clone().filter(|death| death.after == self.kept) {
            None => self.apply(batch),
            Some(Death { when, told, .. }) => {
                if when == When::AfterItIsKept {
                    self.apply(batch);
                }
                told.notify_one();
                std::future::pending::<()>().await;
            }
        }
        Ok(())
    }
}
