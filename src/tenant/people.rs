//! The people and groups of a tenant: who owns an address, who belongs to a group.
//!
//! They are the large part of a tenant and change on their own, so snapshots share them: a signature that is saved makes
//! nothing here anew. Groups are kept as they are written (`groups.rs`); those that rules name are resolved with the rules
//! (`roster.rs`).

use std::collections::{BTreeMap, HashMap};
use std::mem::size_of;
use std::sync::{Arc, OnceLock};

use super::groups::{Groups, index};
use super::{Address, Attribute, Edition, FactName, GroupEntry, PersonEntry, PersonKind};

/// A person of the tenant. Shows itself by its id alone, for logs.
#[derive(PartialEq, Eq)]
pub struct Person {
    id: Box<str>,
    kind: PersonKind,
    addresses: Box<[Address]>,
    /// Sorted by attribute; empty values are not kept.
    attributes: Box<[(Attribute, Box<str>)]>,
    /// The organisation's own, sorted by name; most people have none.
    custom: Box<[(Box<str>, Box<str>)]>,
    photo: Option<Box<str>>,
    /// Position among the people.
    manager: Option<u32>,
    /// Position among the people.
    pub(super) number: u32,
}

impl Person {
    /// What is overridden is told from what the directory gives no longer: conditions and fields see one value.
    pub(super) fn new(mut entry: PersonEntry, number: u32, manager: Option<u32>) -> Person {
        for (fact, value) in entry.overrides {
            match fact.name {
                FactName::Attribute(attribute) => entry.attributes.insert(attribute, value),
                FactName::Custom(name) => entry.custom.insert(name.into(), value),
            };
        }
        let given = |value: &String| !value.trim().is_empty();
        let custom = entry.custom.into_iter().filter(|(_, value)| given(value));
        let attributes = entry.attributes.into_iter().filter(|(_, value)| given(value));
        Person {
            id: entry.id.into(),
            kind: entry.kind,
            addresses: entry.addresses.iter().filter_map(|address| Address::parse(address)).collect(),
            attributes: attributes.map(|(name, value)| (name, value.into())).collect(),
            custom: custom.map(|(name, value)| (name.into(), value.into())).collect(),
            photo: entry.photo.map(Into::into),
            manager,
            number,
        }
    }

    pub fn id(&self) -> &str {
        &self.id
    }

    pub fn kind(&self) -> PersonKind {
        self.kind
    }

    /// Every address; the first is the primary one.
    pub fn addresses(&self) -> &[Address] {
        &self.addresses
    }

    /// The value, `None` when it is empty.
    pub fn attribute(&self, attribute: Attribute) -> Option<&str> {
        let at = self.attributes.binary_search_by_key(&attribute, |(name, _)| *name).ok()?;
        self.attributes.get(at).map(|(_, value)| &**value)
    }

    /// The value of one of the organisation's own facts, `None` when it is empty.
    pub fn custom(&self, name: &str) -> Option<&str> {
        let at = self.custom.binary_search_by(|(own, _)| (**own).cmp(name)).ok()?;
        self.custom.get(at).map(|(_, value)| &**value)
    }

    /// The person's own fact, `None` when it is empty; whose it is, is not looked at.
    pub(super) fn own(&self, name: &FactName) -> Option<&str> {
        match name {
            FactName::Attribute(attribute) => self.attribute(*attribute),
            FactName::Custom(name) => self.custom(name),
        }
    }

    /// Every fact of the person's own that has a value.
    pub(super) fn facts(&self) -> impl Iterator<Item = (FactName, &str)> {
        let attributes = self.attributes.iter().map(|(name, value)| (FactName::Attribute(*name), &**value));
        attributes.chain(self.custom.iter().map(|(name, value)| (FactName::Custom(name.clone()), &**value)))
    }

    pub(super) fn photo(&self) -> Option<&str> {
        self.photo.as_deref()
    }

    /// With its share of the indices; what the allocator adds is counted by the value.
    fn memory_bytes(&self) -> usize {
        let texts = |texts: usize, octets: usize| texts * TEXT_BYTES + octets;
        let addresses: usize = self.addresses.iter().map(|address| address.as_str().len()).sum();
        let attributes: usize = self.attributes.iter().map(|(_, value)| value.len()).sum();
        let custom: usize = self.custom.iter().map(|(name, value)| name.len() + value.len()).sum();
        size_of::<Person>()
            + PERSON_BYTES
            + texts(2, 2 * self.id.len() + self.photo.as_ref().map_or(0, |photo| photo.len()))
            + texts(2 * self.addresses.len(), addresses)
            + texts(self.attributes.len(), attributes)
            + texts(2 * self.custom.len(), custom)
    }

    /// Whether the address, in lower case, is one of the person's.
    pub(super) fn owns(&self, address: &str) -> bool {
        self.addresses.iter().any(|own| own.as_str() == address)
    }
}

impl std::fmt::Debug for Person {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Person({})", self.id)
    }
}

/// Everybody of a tenant, found by address, by id and by group.
pub struct People {
    edition: Edition,
    list: Vec<Arc<Person>>,
    /// By the person itself, not the number: whoever asks has one place less in memory to wait for.
    by_address: HashMap<Address, Arc<Person>>,
    by_id: HashMap<Box<str>, u32>,
    groups: Arc<Groups>,
    bytes: usize,
    /// Asked for by each snapshot, and the same for all of them.
    heaviest: OnceLock<BTreeMap<FactName, usize>>,
}

impl People {
    /// Makes the indices. Who is named and is nobody is passed over.
    pub fn compile(people: Vec<PersonEntry>, groups: &[GroupEntry], edition: Edition) -> People {
        let by_id: HashMap<Box<str>, u32> = people.iter().map(|entry| entry.id.as_str().into()).zip(0u32..).collect();
        let manager_of = |entry: &PersonEntry| by_id.get(entry.manager.as_deref()?).copied();
        let list: Vec<Arc<Person>> = (0u32..)
            .zip(people)
            .map(|(number, entry)| {
                let manager = manager_of(&entry);
                Arc::new(Person::new(entry, number, manager))
            })
            .collect();
        let by_address =
            list.iter().flat_map(|person| person.addresses.iter().map(|a| (a.clone(), person.clone()))).collect();
        let groups = Arc::new(Groups::new(groups, list.len(), |id| by_id.get(id).copied()));
        let bytes = list.iter().map(|person| person.memory_bytes()).sum::<usize>() + groups.memory_bytes();
        People { edition, list, by_address, by_id, groups, bytes, heaviest: OnceLock::new() }
    }

    /// The change that made them what they are.
    pub fn edition(&self) -> Edition {
        self.edition
    }

    /// About how many octets of memory they take.
    pub fn memory_bytes(&self) -> usize {
        size_of::<People>() + self.bytes
    }

    /// For each fact the weight of its heaviest value.
    pub(super) fn heaviest(&self, weight: fn(&str) -> usize) -> &BTreeMap<FactName, usize> {
        self.heaviest.get_or_init(|| {
            let mut heaviest: BTreeMap<FactName, usize> = BTreeMap::new();
            for (name, value) in self.list.iter().flat_map(|person| person.facts()) {
                let most = heaviest.entry(name).or_default();
                *most = (*most).max(weight(value));
            }
            heaviest
        })
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Arc<Person>> {
        self.list.iter()
    }

    /// The person of an address, however it is spelled.
    pub(super) fn of_address(&self, address: &str) -> Option<&Arc<Person>> {
        // Only addresses are there to be found, so whether it is one need not be asked.
        self.by_address.get(&*Address::normal(address))
    }

    /// `None` also for a manager who is nobody of the tenant.
    pub(super) fn manager(&self, person: &Person) -> Option<&Person> {
        self.number(person.manager?).map(Arc::as_ref)
    }

    /// The sorted numbers of people named by id.
    pub(super) fn numbers(&self, ids: &[String]) -> Box<[u32]> {
        let mut numbers: Vec<u32> = ids.iter().filter_map(|id| self.by_id.get(id.as_str()).copied()).collect();
        numbers.sort_unstable();
        numbers.into()
    }

    pub(super) fn groups(&self) -> &Arc<Groups> {
        &self.groups
    }

    fn number(&self, number: u32) -> Option<&Arc<Person>> {
        self.list.get(index(number))
    }
}

/// What a text costs beside its octets: where it is noted, and what is rounded up.
const TEXT_BYTES: usize = 32;
/// What a person costs beside itself: its counts, its place in the list and in the index of ids.
const PERSON_BYTES: usize = 80;
