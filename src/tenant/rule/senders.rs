//! Conditions on the sender: who it is, as what it writes, and what the directory says about it.

use super::{Finding, Hit, Miss};
use crate::tenant::applies::{Senders, WritesAs};
use crate::tenant::crowd::{Crowd, Named};
use crate::tenant::identity::domain_of;
use crate::tenant::pattern::Pattern;
use crate::tenant::people::Person;
use crate::tenant::roster::Roster;
use crate::tenant::{Fact, FactTest, PersonKind, Whose};

/// The sender as conditions see it.
#[derive(Debug, Clone, Copy)]
pub(in crate::tenant) struct Sender<'a> {
    pub person: &'a Person,
    pub manager: Option<&'a Person>,
    /// The From address, as addresses are compared.
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
    attributes: Vec<FactTest>,
}

impl<'a> Sender<'a> {
    /// `None` when it is empty.
    fn fact(self, fact: &Fact) -> Option<&'a str> {
        match fact.whose {
            Whose::Person => self.person.own(&fact.name),
            Whose::Manager => self.manager?.own(&fact.name),
        }
    }
}

impl SenderTest {
    pub(super) fn compile(senders: &Senders, roster: &Roster<'_>) -> SenderTest {
        let patterns = |texts: &[String]| texts.iter().map(|text| Pattern::new(text)).collect();
        let Senders { people: ids, groups, domains, addresses, kinds, writes_as, attributes } = senders;
        SenderTest {
            everybody: ids.is_empty() && groups.is_empty() && domains.is_empty() && addresses.is_empty(),
            crowd: Crowd::new(ids, groups, roster),
            domains: patterns(domains),
            addresses: patterns(addresses),
            kinds: kinds.clone(),
            writes_as: writes_as.clone(),
            attributes: attributes.clone(),
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
        match self.attributes.iter().find(|test| !test.holds(sender.fact(test.field()))) {
            Some(test) => Err(Miss::Fact(test, sender.fact(test.field()))),
            None if self.everybody && self.asks_more() => Ok(Hit::SenderAsAsked),
            None => Ok(hit),
        }
    }

    /// Whether it can hold for a message of this person. From which address that comes is not known yet.
    pub(super) fn may_name(&self, person: &Person) -> bool {
        let open = self.everybody || !self.domains.is_empty() || !self.addresses.is_empty();
        (open || self.crowd.find(person).is_some())
            && (self.kinds.is_empty() || self.kinds.contains(&person.kind()))
            // Who the manager is may change by tomorrow.
            && self.attributes.iter().all(|test| {
                let fact = test.field();
                fact.whose == Whose::Manager || test.holds(person.own(&fact.name))
            })
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

impl<'a> From<Named<'a>> for Hit<'a> {
    fn from(named: Named<'a>) -> Hit<'a> {
        match named {
            Named::ByItself => Hit::Named,
            Named::ByGroup(id) => Hit::Group(id),
        }
    }
}
