//! What a sync tells: changes of people, groups and memberships, in batches that are kept whole or not at all.
//!
//! A [`Sink`] keeps a batch and its cursor in one transaction. So whatever stops a sync, the next one goes on from
//! the last page that was kept, and a page that comes twice changes nothing.
//!
//! **Rounds.** Every person, group and membership that a batch writes is marked with the batch's round. A full read
//! is a new round, and ends with a sweep that removes what still has an older mark: that is how people go who were
//! removed while nobody looked. What is not of the directory (imported people) is never swept.

use std::collections::BTreeMap;

use super::Cursor;
use crate::tenant::{Attribute, PersonEntry, PersonKind};

/// A person as the directory has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The directory's id; never changes, and is not given again.
    pub id: String,
    /// At least one, in lower case, the primary one first. They may lie outside the tenant's domains.
    pub addresses: Vec<String>,
    /// Only those that have a value.
    pub attributes: BTreeMap<Attribute, String>,
    /// Further facts: `companyName`, `preferredLanguage`, `userPrincipalName` and those of
    /// [`Order::extra`](super::Order::extra). Only those that have a value.
    pub custom: BTreeMap<String, String>,
    /// The account may sign in. Shared mailboxes may not, and send mail all the same.
    pub enabled: bool,
}

impl Person {
    /// As a tenant's file would have it. An account that may not sign in and has mail is a shared mailbox.
    pub fn entry(self) -> PersonEntry {
        let kind = if self.enabled { PersonKind::User } else { PersonKind::Shared };
        let Person { id, addresses, attributes, custom, .. } = self;
        PersonEntry { id, kind, addresses, attributes, custom, ..PersonEntry::default() }
    }
}

/// A group without its members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    pub id: String,
    /// `None`: as it is known, for nothing was said of it.
    pub name: Option<String>,
}

/// Who belongs to a group directly.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Member {
    Person(String),
    Group(String),
}

/// One thing that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// As it is now, whole. An address that another person had is this one's now.
    Person(Person),
    /// Removed, or nobody who writes mail any more. Its memberships may stay: it may come back under the same id.
    PersonGone { id: String },
    /// The person's manager, by id; the person may be unknown.
    Manager { person: String, manager: Option<String> },
    /// As it is now; its members stay what they are.
    Group(Group),
    /// Removed, and its members with it.
    GroupGone { id: String },
    /// Direct members that joined and left. They may be unknown: people outside the scope, or still to come.
    Members { group: String, joined: Vec<Member>, left: Vec<Member> },
    /// Every person of the directory with a mark of an older round than the batch's goes.
    SweepPeople,
    /// Every group and membership of the directory with a mark of an older round than the batch's goes.
    SweepGroups,
}

/// The changes of one page and where to go on after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// The mark of what this batch writes.
    pub round: u64,
    /// In order.
    pub changes: Vec<Change>,
    /// To be saved with the changes.
    pub cursor: Cursor,
}

/// What keeps a tenant's directory.
pub trait Sink {
    /// Keeps changes and cursor in one transaction.
    fn keep(&mut self, batch: Batch) -> impl Future<Output = Result<(), NotKept>> + Send;
}

/// Why a batch was not kept, for the administrator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotKept(pub String);
