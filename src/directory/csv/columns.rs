//! What a column means, by its heading: our own names, LDAP's, Graph's and those that people write.
//!
//! Headings are compared without case, blanks and signs, so that `E-mail address`, `EmailAddress` and `email_address`
//! are one. What no heading says, the administrator does.

use std::collections::BTreeMap;

use crate::tenant::Attribute;

/// A column and what it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// As it stands in the file.
    pub heading: String,
    /// `None` when the column is left out.
    pub field: Option<Field>,
}

/// What a column means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// The person's id.
    Id,
    /// The primary mail address; also the attribute `emailAddress`.
    Address,
    /// Further addresses, separated by `;`, `,` or blanks.
    Aliases,
    Attribute(Attribute),
}

impl Field {
    /// The name in the tenant file, or `id`, `address` or `aliases`.
    pub fn word(self) -> &'static str {
        match self {
            Field::Id => "id",
            Field::Address => "address",
            Field::Aliases => "aliases",
            Field::Attribute(attribute) => attribute.word(),
        }
    }

    /// `None` when the word is none of these.
    pub fn parse(word: &str) -> Option<Field> {
        let attributes = Attribute::ALL.iter().copied().map(Field::Attribute);
        let all = [Field::Id, Field::Address, Field::Aliases].into_iter().chain(attributes);
        all.into_iter().find(|field| field.word() == word)
    }
}

impl Column {
    pub(super) fn of(heading: &str, chosen: &BTreeMap<String, Option<Field>>) -> Column {
        let field = chosen.get(heading).copied().unwrap_or_else(|| meaning(heading));
        Column { heading: heading.to_owned(), field }
    }
}

fn meaning(heading: &str) -> Option<Field> {
    let plain =
        |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase() };
    let heading = plain(heading);
    let named = |names: &[&str]| names.contains(&heading.as_str());
    if let Some((field, _)) = FIELDS.iter().find(|(_, names)| named(names)) {
        return Some(*field);
    }
    let own = Attribute::ALL.iter().copied().filter(|attribute| *attribute != Attribute::EmailAddress);
    let mut own = own.map(|attribute| (attribute, plain(attribute.word())));
    let numbered = ["extensionattribute", "customattribute"].iter().find_map(|name| heading.strip_prefix(name));
    let wanted = numbered.map_or(heading.clone(), |number| format!("extension{number}"));
    own.find(|(_, word)| *word == wanted).map(|(attribute, _)| Field::Attribute(attribute))
}

/// Further names, without case, blanks and signs.
const FIELDS: &[(Field, &[&str])] = &[
    (Field::Id, &["id", "personid", "objectid"]),
    (Field::Address, &["email", "mail", "emailaddress", "mailaddress", "primarysmtpaddress", "smtpaddress"]),
    (Field::Aliases, &["aliases", "alias", "proxyaddresses", "emailaddresses", "otheraddresses"]),
    (Field::Attribute(Attribute::City), &["l", "town", "locality"]),
    (Field::Attribute(Attribute::Country), &["co", "countryregion", "countryorregion"]),
    (Field::Attribute(Attribute::Department), &["dept"]),
    (Field::Attribute(Attribute::DisplayName), &["name", "fullname"]),
    (Field::Attribute(Attribute::FaxNumber), &["facsimiletelephonenumber", "fax"]),
    (Field::Attribute(Attribute::FirstName), &["givenname", "forename"]),
    (Field::Attribute(Attribute::LastName), &["sn", "surname", "familyname"]),
    (Field::Attribute(Attribute::MobileNumber), &["mobile", "mobilephone", "mobilephonenumber", "cell"]),
    (Field::Attribute(Attribute::Office), &["physicaldeliveryofficename", "officelocation", "officename"]),
    (Field::Attribute(Attribute::State), &["st", "stateprovince", "stateorprovince", "province"]),
    (Field::Attribute(Attribute::StreetAddress), &["street", "address"]),
    (
        Field::Attribute(Attribute::TelephoneNumber),
        &["phone", "telephone", "businessphone", "businessphones", "phonenumber"],
    ),
    (Field::Attribute(Attribute::JobTitle), &["title", "position"]),
    (Field::Attribute(Attribute::PostalCode), &["zip", "zipcode", "postcode", "ziporpostalcode"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_understood_however_they_are_written() {
        let table = [
            ("E-Mail Address", Some(Field::Address)),
            ("emailAddress", Some(Field::Address)),
            ("physicalDeliveryOfficeName", Some(Field::Attribute(Attribute::Office))),
            ("First name", Some(Field::Attribute(Attribute::FirstName))),
            ("givenName", Some(Field::Attribute(Attribute::FirstName))),
            ("extension7", Some(Field::Attribute(Attribute::Extension7))),
            ("CustomAttribute15", Some(Field::Attribute(Attribute::Extension15))),
            ("extensionAttribute16", None),
            ("Shoe size", None),
            ("", None),
        ];
        for (heading, expected) in table {
            assert_eq!(meaning(heading), expected, "{heading}");
        }
        let missing: Vec<_> = Attribute::ALL.iter().filter(|attribute| meaning(attribute.word()).is_none()).collect();
        assert_eq!(missing, <[&Attribute; 0]>::default());
    }
}
