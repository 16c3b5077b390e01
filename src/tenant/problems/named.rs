//! Checks of what names people and groups: modes, permissions and, for `signature.rs`, conditions.
//!
//! Each group that is named costs a bit for each group there is (`roster.rs`), so they are bounded: what they cost
//! together is no more than people and groups do themselves.

use jiff::Timestamp;

use super::Check;
use crate::tenant::Mode;
use crate::tenant::file::{SendAs, SignatureOf, TenantFile};
use crate::tenant::identity::Address;

/// Most groups that all signatures name, that all permissions name, and that a mode names.
const NAMED_GROUPS: usize = 2000;

impl Check<'_> {
    pub(super) fn send_as(&mut self, entries: &[SendAs]) {
        for (at, entry) in entries.iter().enumerate() {
            self.names(&format!("/send_as/{at}"), &entry.people, &entry.groups);
            if entry.people.is_empty() && entry.groups.is_empty() {
                self.say(format!("/send_as/{at}"), "names nobody: give people or groups");
            }
            if entry.addresses.is_empty() {
                self.say(format!("/send_as/{at}/addresses"), "at least one address is needed");
            }
            for (nth, text) in entry.addresses.iter().enumerate() {
                let place = format!("/send_as/{at}/addresses/{nth}");
                let Some(address) = Address::parse(text) else {
                    self.say(place, format!("`{text}` is not an address"));
                    continue;
                };
                if !self.domains.contains(address.domain()) {
                    self.say(place, format!("`{}` is not a domain of this tenant", address.domain()));
                } else if !self.open
                    && entry.signature_of == SignatureOf::From
                    && !self.addresses.contains_key(address.as_str())
                {
                    let message = "nobody has this address, so there is no signature of it: add a person for it or \
                                   set `signature_of` to `sender`";
                    self.say(place, message);
                }
            }
        }
        self.few_groups("/send_as");
    }

    fn mode(&mut self, place: &str, mode: &Mode) {
        let Mode::Pilot { people, groups, marker } = mode else { return };
        let place = format!("{place}/pilot");
        self.takes_part(&place, people, groups, marker);
        self.few_groups(&place);
    }

    pub(super) fn modes(&mut self, file: &TenantFile) {
        self.mode("/mode", &file.mode);
        let Some(ends) = &file.mode_ends else { return };
        if ends.at.parse::<Timestamp>().is_err() {
            self.say("/mode_ends/at".into(), format!("`{}` is not an instant like 2026-12-01T09:00:00Z", ends.at));
        }
        self.mode("/mode_ends/then", &ends.then);
    }

    pub(super) fn takes_part(&mut self, place: &str, people: &[String], groups: &[String], marker: &Option<String>) {
        self.names(place, people, groups);
        if marker.as_ref().is_some_and(|marker| marker.trim() != marker || marker.is_empty()) {
            self.say(format!("{place}/marker"), "must be a word, without blanks around it");
        }
        if people.is_empty() && groups.is_empty() && marker.is_none() {
            self.say(place.to_owned(), "names nobody: give people, groups or a marker");
        }
    }

    /// People and groups for whom something is.
    pub(super) fn names(&mut self, place: &str, people: &[String], groups: &[String]) {
        self.people_exist(&format!("{place}/people"), people);
        self.groups_exist(&format!("{place}/groups"), groups);
        self.named.extend(groups.iter().cloned());
    }

    /// At the end of a part of the file.
    pub(super) fn few_groups(&mut self, place: &str) {
        let named = std::mem::take(&mut self.named).len();
        if named > NAMED_GROUPS {
            let message = format!("{named} groups are named; at most {NAMED_GROUPS} may be, others as groups in them");
            self.say(place.to_owned(), message);
        }
    }

    pub(super) fn people_exist(&mut self, list: &str, ids: &[String]) {
        if self.open {
            return;
        }
        for (at, id) in ids.iter().enumerate().filter(|(_, id)| !self.people.contains(id.as_str())).collect::<Vec<_>>()
        {
            self.say(format!("{list}/{at}"), format!("there is no person `{id}`"));
        }
    }

    pub(super) fn groups_exist(&mut self, list: &str, ids: &[String]) {
        if self.open {
            return;
        }
        for (at, id) in ids.iter().enumerate().filter(|(_, id)| !self.groups.contains(id.as_str())).collect::<Vec<_>>()
        {
            self.say(format!("{list}/{at}"), format!("there is no group `{id}`"));
        }
    }
}
