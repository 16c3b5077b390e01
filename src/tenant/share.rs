//! What each group of recipients gets of a message, as its record tells it.

use std::sync::Arc;

use super::candidates::{Choice, Signed};
use super::copies::Copies;
use crate::imprint::Reason;

/// Recipients that get the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    pub got: Got,
    /// By place among the recipients of the message, in order.
    pub recipients: Vec<usize>,
}

/// What they get.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Got {
    /// Ids of signatures, in order.
    Signed(Vec<String>),
    /// The message as it came.
    Left {
        reason: Reason,
        /// Ids of the signatures that the rules found, where only the mode or the number of copies is against them.
        would_be: Vec<String>,
    },
    /// Nothing: they had it already, by the ledger.
    Repeated,
}

impl Got {
    /// The message as it came, with nothing found by the rules.
    pub fn left(reason: Reason) -> Got {
        Got::Left { reason, would_be: Vec::new() }
    }

    /// `found` by the rules, `choice` under the mode; whether a copy is made of it.
    fn of(found: &Choice, choice: &Choice, is_made: bool) -> Got {
        let ids =
            || found.signed().map(|signed| signed.signature_ids().map(str::to_owned).collect()).unwrap_or_default();
        match choice.reason() {
            Some(reason) => Got::Left { reason, would_be: ids() },
            None if is_made => Got::Signed(ids()),
            None => Got::Left { reason: Reason::RecipientsDiffer, would_be: ids() },
        }
    }
}

impl Share {
    /// For each recipient its place, what the rules `found` for it, what of that the mode allows, and its copy.
    pub fn of(places: &[usize], found: &[Choice], choices: &[Choice], copies: &Copies<Arc<Signed>>) -> Vec<Share> {
        let mut kinds: Vec<(&Choice, &Choice, bool)> = Vec::new();
        let mut shares: Vec<Share> = Vec::new();
        for (((place, found), choice), copy) in places.iter().zip(found).zip(choices).zip(&copies.of) {
            let is_made = copies.made_by.get(*copy).is_some_and(Option::is_some);
            let kind = (found, choice, is_made);
            let known = kinds.iter().position(|known| *known == kind);
            match known.and_then(|known| shares.get_mut(known)) {
                Some(share) => share.recipients.push(*place),
                None => {
                    kinds.push(kind);
                    shares.push(Share { got: Got::of(found, choice, is_made), recipients: vec![*place] });
                }
            }
        }
        shares
    }
}
