//! Whose message it is: the person by whose signature it would be signed, and as what that person writes.
//!
//! The sender is the person of MAIL FROM by any address, else (null sender, SRS, nobody's) the person of From. It is
//! the author only when From is its own or a permitted one.

use std::sync::Arc;

use super::file::SignatureOf;
use super::people::{People, Person};
use super::rule::Sender;
use super::snapshot::{Permission, Snapshot};
use super::{Address, WritesAs};
use crate::imprint::{HeaderBlock, Reason};

/// The author of a message.
#[derive(Debug)]
pub(super) struct Author {
    pub person: Arc<Person>,
    /// The From address, as addresses are compared.
    from: String,
    writes_as: WritesAs,
}

impl Author {
    pub(super) fn as_sender<'a>(&'a self, people: &'a People) -> Sender<'a> {
        let manager = people.manager(&self.person);
        Sender { person: &self.person, manager, from: &self.from, writes_as: self.writes_as }
    }
}

impl Snapshot {
    /// # Errors
    /// [`Reason::UnknownSender`], [`Reason::ForeignFrom`].
    pub(super) fn author(&self, mail_from: Option<&str>, headers: &HeaderBlock) -> Result<Author, Reason> {
        let written: Vec<String> =
            headers.addresses("From").iter().map(|address| Address::normal(address).into_owned()).collect();
        let of_from = written.first().and_then(|address| self.people().of_address(address));
        let sender = mail_from.and_then(|address| self.people().of_address(address)).or(of_from);
        let sender = sender.ok_or(Reason::UnknownSender)?;
        // One From field with one address: readers disagree about any other shape, so nobody is the author.
        let (Some(from), 1, 1) = (written.first(), written.len(), headers.count("From")) else {
            return Err(Reason::ForeignFrom);
        };
        let named = headers.addresses("Sender");
        let named = if let [named] = named.as_slice() { Some(named.as_str()) } else { None };
        let person = if sender.owns(from) {
            named.and_then(|named| self.delegate(sender, from, named)).unwrap_or(sender)
        } else {
            match (self.permission(sender, from), of_from) {
                (Some(SignatureOf::Sender), _) => sender,
                (Some(SignatureOf::From), Some(person)) => person,
                _ => return Err(Reason::ForeignFrom),
            }
        };
        let writes_as = writes_as(sender, of_from.map(AsRef::as_ref), from, named);
        Ok(Author { person: Arc::clone(person), from: from.clone(), writes_as })
    }

    /// The person of the Sender field, when it writes on behalf of `owner` and is to sign with its own name.
    fn delegate(&self, owner: &Person, from: &str, named: &str) -> Option<&Arc<Person>> {
        let person = self.people().of_address(named)?;
        let signs = person.number != owner.number && self.permission(person, from) == Some(SignatureOf::Sender);
        signs.then_some(person)
    }

    /// The first permission for the person to write from the address.
    fn permission(&self, person: &Person, from: &str) -> Option<SignatureOf> {
        self.permissions(from).find(|permission| permission.names(person)).map(Permission::signature_of)
    }
}

/// `owner` is the person whose address stands in From, `named` the one address of the Sender field.
fn writes_as(sender: &Person, owner: Option<&Person>, from: &str, named: Option<&str>) -> WritesAs {
    let owns = |address: &str| match owner {
        Some(owner) => owner.owns(address),
        None => address == from,
    };
    if named.is_some_and(|named| !owns(&Address::normal(named))) {
        return WritesAs::OnBehalf;
    }
    match owner {
        Some(owner) if owner.number == sender.number => {
            let primary = sender.addresses().first().is_some_and(|first| first.as_str() == from);
            if primary { WritesAs::Primary } else { WritesAs::Alias }
        }
        _ => WritesAs::SendAs,
    }
}
