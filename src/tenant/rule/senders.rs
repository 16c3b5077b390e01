//! Conditions on the sender: who it is, as what it writes, and what the directory says about it.

use regex::Regex;

use super::{Finding, Hit, Miss};
use crate::tenant::applies::{AttributeTest, Senders, WritesAs};
use crate::tenant::crowd::{Crowd, Named};
use crate::tenant::identity::domain_of;
use crate::tenant::pattern::Pattern;
use crate::tenant::people::{People, Person};
use crate::tenant::{Attribute, PersonKind, expression};

/// The sender as conditions see it.
#[derive(Debug, Clone, Copy)]
pub(in crate::tenant) struct Sender<'a> {
    pub person: &'a Person,
    /// The From address, in lower case.
    pub from: &'a str,
    pub writes_as: WritesAs,
}

#[derive(Debug)]
pub(super) struct SenderTest {
    everybody: bool,
    crowd: Crowd,
    domains: Vec<Pattern>,
    addresses: Vec<Pattern>,
    kinds: Vec<PersonKind>,
    writes_as: Vec<WritesAs>,
    attributes: Vec<Asked>,
}

/// A compiled [`AttributeTest`].
#[derive(Debug)]
pub(in crate::tenant) struct Asked {
    pub field: Attribute,
    pub comparison: Comparison,
}

/// Texts are in lower case.
#[derive(Debug)]
pub(in crate::tenant) enum Comparison {
    Equals(String),
    Contains(String),
    StartsWith(String),
    EndsWith(String),
    Matches(Regex),
    Empty,
    NotEmpty,
}

impl SenderTest {
    pub(super) fn compile(senders: &Senders, people: &People) -> SenderTest {
        let patterns = |texts: &[String]| texts.iter().map(|text| Pattern::new(text)).collect();
        let Senders { people: ids, groups, domains, addresses, kinds, writes_as, attributes } = senders;
        SenderTest {
            everybody: ids.is_empty() && groups.is_empty() && domains.is_empty() && addresses.is_empty(),
            crowd: Crowd::new(ids, groups, people),
            domains: patterns(domains),
            addresses: patterns(addresses),
            kinds: kinds.clone(),
            writes_as: writes_as.clone(),
            attributes: attributes.iter().filter_map(Asked::compile).collect(),
        }
    }

    pub(super) fn ask<'a>(&'a self, sender: Sender<'a>) -> Finding<'a> {
        let hit = self.find(sender).ok_or(Miss::SenderNotNamed)?;
        let person = sender.person;
        if !self.kinds.is_empty() && !self.kinds.contains(&person.kind()) {
            return Err(Miss::PersonKind(person.kind()));
        }
        if !self.writes_as.is_empty() && !self.writes_as.contains(&sender.writes_as) {
            return Err(Miss::WritesAs(sender.writes_as));
        }
        match self.attributes.iter().find(|asked| !asked.holds(person)) {
            Some(asked) => Err(Miss::Attribute(asked, person.attribute(asked.field))),
            None if self.everybody && self.asks_more() => Ok(Hit::SenderAsAsked),
            None => Ok(hit),
        }
    }

    /// Whether it can hold for a message of this person. From which address that comes is not known yet.
    pub(super) fn may_name(&self, person: &Person) -> bool {
        let open = self.everybody || !self.domains.is_empty() || !self.addresses.is_empty();
        (open || self.crowd.find(person).is_some())
            && (self.kinds.is_empty() || self.kinds.contains(&person.kind()))
            && self.attributes.iter().all(|asked| asked.holds(person))
    }

    fn find(&self, sender: Sender<'_>) -> Option<Hit<'_>> {
        let among = |patterns: &'_ [Pattern], text: &str| patterns.iter().position(|pattern| pattern.matches(text));
        if self.everybody {
            return Some(Hit::Everybody);
        }
        if let Some(named) = self.crowd.find(sender.person) {
            return Some(Hit::from(named));
        }
        let domain = || self.domains.get(among(&self.domains, domain_of(sender.from))?).map(Hit::Domain);
        let address = || self.addresses.get(among(&self.addresses, sender.from)?).map(Hit::Address);
        domain().or_else(address)
    }

    fn asks_more(&self) -> bool {
        !(self.kinds.is_empty() && self.writes_as.is_empty() && self.attributes.is_empty())
    }
}

impl Asked {
    /// `None` for an expression that cannot be read; it was refused with the file.
    fn compile(test: &AttributeTest) -> Option<Asked> {
        let comparison = match test {
            AttributeTest::Equals { value, .. } => Comparison::Equals(value.trim().to_lowercase()),
            AttributeTest::Contains { value, .. } => Comparison::Contains(value.to_lowercase()),
            AttributeTest::StartsWith { value, .. } => Comparison::StartsWith(value.to_lowercase()),
            AttributeTest::EndsWith { value, .. } => Comparison::EndsWith(value.to_lowercase()),
            AttributeTest::Matches { value, .. } => Comparison::Matches(expression::compile(value).ok()?),
            AttributeTest::Empty { .. } => Comparison::Empty,
            AttributeTest::NotEmpty { .. } => Comparison::NotEmpty,
        };
        Some(Asked { field: test.field(), comparison })
    }

    fn holds(&self, person: &Person) -> bool {
        let value = person.attribute(self.field);
        let text = || value.unwrap_or_default().trim();
        match &self.comparison {
            Comparison::Equals(wanted) => text().to_lowercase() == *wanted,
            Comparison::Contains(wanted) => text().to_lowercase().contains(wanted),
            Comparison::StartsWith(wanted) => text().to_lowercase().starts_with(wanted),
            Comparison::EndsWith(wanted) => text().to_lowercase().ends_with(wanted),
            Comparison::Matches(expression) => expression::is_match(expression, text()),
            Comparison::Empty => value.is_none(),
            Comparison::NotEmpty => value.is_some(),
        }
    }
}

impl<'a> From<Named<'a>> for Hit<'a> {
    fn from(named: Named<'a>) -> Hit<'a> {
        match named {
            Named::ByItself => Hit::Named,
            Named::ByGroup(id) => Hit::Group(id),
        }
    }
}
