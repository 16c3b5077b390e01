//! Conditions on recipients: on which side of the border they are, and whether they are listed; for each recipient, or
//! for all of a message together.

use std::cell::OnceCell;

use super::{Finding, Hit, Miss, together};
use crate::tenant::Address;
use crate::tenant::applies::{Audience, Judged, Listed};
use crate::tenant::crowd::Crowd;
use crate::tenant::identity::domain_of;
use crate::tenant::pattern::Pattern;
use crate::tenant::people::{People, Person};
use crate::tenant::roster::Roster;

/// One recipient of the envelope.
pub(in crate::tenant) struct Recipient<'a> {
    /// As addresses are compared.
    address: String,
    internal: bool,
    people: &'a People,
    /// Looked up when the first condition asks for it.
    person: OnceCell<Option<&'a Person>>,
}

#[derive(Debug)]
pub(super) struct RecipientTest {
    audience: Audience,
    unlisted: bool,
    crowd: Crowd,
    addresses: Vec<Pattern>,
    domains: Vec<Pattern>,
    judged: Judged,
}

impl<'a> Recipient<'a> {
    pub(in crate::tenant) fn new(address: &str, internal: bool, people: &'a People) -> Recipient<'a> {
        Recipient { address: Address::normal(address).into_owned(), internal, people, person: OnceCell::new() }
    }

    fn person(&self) -> Option<&'a Person> {
        *self.person.get_or_init(|| self.people.of_address(&self.address).map(AsRef::as_ref))
    }
}

impl RecipientTest {
    pub(super) fn compile(listed: &Listed, roster: &Roster<'_>) -> RecipientTest {
        let patterns = |texts: &[String]| texts.iter().map(|text| Pattern::new(text)).collect();
        let Listed { audience, addresses, domains, people: ids, groups, judged } = listed;
        RecipientTest {
            audience: *audience,
            unlisted: addresses.is_empty() && domains.is_empty() && ids.is_empty() && groups.is_empty(),
            crowd: Crowd::new(ids, groups, roster),
            addresses: patterns(addresses),
            domains: patterns(domains),
            judged: *judged,
        }
    }

    /// What holds for the message, where recipients are judged together.
    pub(super) fn look_over(&self, recipients: &[Recipient<'_>]) -> Option<bool> {
        let such = |recipient: &Recipient<'_>| self.holds(recipient).is_ok();
        together(self.judged).then(|| match self.judged {
            Judged::Each | Judged::Any => recipients.iter().any(such),
            Judged::All => recipients.iter().all(such),
        })
    }

    /// `overall` is what [`RecipientTest::look_over`] said.
    pub(super) fn ask(&self, recipient: &Recipient<'_>, overall: Option<bool>) -> Finding<'_> {
        match overall {
            None => self.holds(recipient),
            Some(true) => Ok(Hit::Together(self.judged)),
            Some(false) => Err(Miss::Together(self.judged)),
        }
    }

    fn holds(&self, recipient: &Recipient<'_>) -> Finding<'_> {
        match self.audience {
            Audience::Internal if !recipient.internal => return Err(Miss::External),
            Audience::External if recipient.internal => return Err(Miss::Internal),
            Audience::Any | Audience::Internal | Audience::External => {}
        }
        if self.unlisted {
            return Ok(match self.audience {
                Audience::Any => Hit::Anybody,
                Audience::Internal => Hit::Internal,
                Audience::External => Hit::External,
            });
        }
        let named = || {
            let person = (!self.crowd.is_empty()).then(|| recipient.person()).flatten()?;
            self.crowd.find(person).map(Hit::from)
        };
        let matching = |patterns: &[Pattern], text: &str| patterns.iter().position(|pattern| pattern.matches(text));
        let address = || self.addresses.get(matching(&self.addresses, &recipient.address)?).map(Hit::Address);
        let domain = || self.domains.get(matching(&self.domains, domain_of(&recipient.address))?).map(Hit::Domain);
        address().or_else(domain).or_else(named).ok_or(Miss::RecipientNotListed)
    }
}
