//! Whether a signature has something to show in one message: one that has not is passed over, and the next is asked.
//!
//! Asked only when its turn comes, and once for a message, whoever its recipients are.

use std::cell::RefCell;
use std::collections::HashMap;

use super::Signature;
use super::people::Person;
use super::render::{self, Undrawn};
use super::snapshot::Snapshot;
use crate::imprint::BodyFacts;

/// What is known so far about one message.
#[derive(Debug)]
pub(super) struct Showing<'a> {
    snapshot: &'a Snapshot,
    person: &'a Person,
    body: &'a BodyFacts,
    /// By the place of the signature.
    known: RefCell<HashMap<usize, Result<(), Undrawn>>>,
}

impl<'a> Showing<'a> {
    pub(super) fn new(snapshot: &'a Snapshot, person: &'a Person, body: &'a BodyFacts) -> Showing<'a> {
        Showing { snapshot, person, body, known: RefCell::default() }
    }

    /// # Errors
    /// Why nothing of it would be seen.
    pub(super) fn ask(&self, signature: &Signature) -> Result<(), Undrawn> {
        let mut known = self.known.borrow_mut();
        let asked = || render::shows(self.snapshot, signature, self.person, self.body);
        *known.entry(signature.place_in_order()).or_insert_with(asked)
    }
}
