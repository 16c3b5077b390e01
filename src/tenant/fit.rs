//! Makes one whole of a tenant's file and of what directories and CSV files tell beside it, such that it compiles.
//!
//! A directory knows people of foreign domains, members that are nobody's, and addresses that the file gives to somebody
//! else. Of two who have an address the later in the list has it: the file comes first, then a CSV file, then the
//! directory, which wins. What does not fit is left out here alone, not where it is kept: it may fit tomorrow.

use std::collections::HashSet;

use xxhash_rust::xxh3::xxh3_128;

use super::{Address, Domain, TenantFile};

impl TenantFile {
    /// Leaves out what refers to nothing: addresses outside the domains or of a later person, people without an
    /// address, members that are nobody, photos that are not there. Rules that name one of them stay as they are and
    /// match nobody.
    pub fn fit(&mut self) {
        let domains: HashSet<String> = self.domains.iter().map(|domain| Domain::normal(domain).into_owned()).collect();
        // Digests, for there may be a million.
        let mut taken: HashSet<u128> = HashSet::with_capacity(self.people.len());
        for person in self.people.iter_mut().rev() {
            person.addresses.retain(|address| {
                let address = Address::parse(address).filter(|address| domains.contains(address.domain()));
                address.is_some_and(|address| taken.insert(xxh3_128(address.as_str().as_bytes())))
            });
        }
        self.people.retain(|person| !person.addresses.is_empty());
        let images: HashSet<&str> = self.images.iter().map(|image| image.id.as_str()).collect();
        for person in &mut self.people {
            person.photo.take_if(|photo| !images.contains(photo.as_str()));
        }
        let people: HashSet<&str> = self.people.iter().map(|person| person.id.as_str()).collect();
        let groups: HashSet<String> = self.groups.iter().map(|group| group.id.clone()).collect();
        for group in &mut self.groups {
            group.members.retain(|member| people.contains(member.as_str()));
            group.groups.retain(|member| groups.contains(member));
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use super::*;

    #[test]
    fn what_refers_to_nothing_is_left_out_and_the_later_person_has_the_address() {
        let json = serde_json::json!({
            "signet": 1, "id": "contoso", "name": "Contoso", "domains": ["Contoso.example"],
            "peer": {"proof": "certificate", "name": "mx.contoso.example", "next_hop": {"host": "in.example"}},
            "people": [
                {"id": "file", "addresses": ["Ada@contoso.example", "own@contoso.example"], "photo": "none"},
                {"id": "csv", "addresses": ["ada@contoso.example"]},
                {"id": "abroad", "addresses": ["ada@fabrikam.example"]},
                {"id": "directory", "addresses": ["ada@fabrikam.example", "ada@contoso.example"]},
            ],
            "groups": [{"id": "all", "members": ["file", "csv", "nobody", "directory"], "groups": ["all", "gone"]}],
        });
        let mut file: TenantFile = serde_json::from_value(json).unwrap();
        assert!(!file.problems().is_empty());
        file.fit();
        assert_eq!(file.problems(), []);
        let people: Vec<_> =
            file.people.iter().map(|person| (person.id.as_str(), person.addresses.join(" "))).collect();
        let expected = [("file", "own@contoso.example".to_owned()), ("directory", "ada@contoso.example".to_owned())];
        assert_eq!(people, expected);
        assert_eq!(
            (file.groups[0].members.join(" "), file.groups[0].groups.join(" ")),
            ("file directory".into(), "all".into())
        );
    }
}
