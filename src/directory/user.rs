//! A user of Graph turned into a person: which property is which attribute, and which of its addresses count.
//!
//! A user becomes nobody, and whoever it was before goes, when it is removed, is a guest, or has no mail address.
//! Switched-off accounts stay: a shared mailbox is one. A value that is no text, or is longer than an attribute may
//! be, is as if it were not there; line breaks are kept in the street alone.

use std::collections::BTreeMap;

use serde_json::Value;

use super::change::{Change, Person};
use super::page::{id, is_removed, text};
use crate::tenant::{Address, Attribute};

/// What is asked for of each user, in this order.
pub(super) const SELECT: &str = "id,userPrincipalName,mail,proxyAddresses,accountEnabled,userType,displayName,givenName,\
                                 surname,jobTitle,department,companyName,officeLocation,streetAddress,city,state,\
                                 postalCode,country,businessPhones,mobilePhone,faxNumber,preferredLanguage,\
                                 onPremisesExtensionAttributes";

/// The properties that are texts, with the attribute each becomes.
const TEXTS: &[(&str, Attribute)] = &[
    ("city", Attribute::City),
    ("country", Attribute::Country),
    ("department", Attribute::Department),
    ("displayName", Attribute::DisplayName),
    ("faxNumber", Attribute::FaxNumber),
    ("givenName", Attribute::FirstName),
    ("surname", Attribute::LastName),
    ("mobilePhone", Attribute::MobileNumber),
    ("officeLocation", Attribute::Office),
    ("state", Attribute::State),
    ("streetAddress", Attribute::StreetAddress),
    ("jobTitle", Attribute::JobTitle),
    ("postalCode", Attribute::PostalCode),
];

/// The free attributes, by their names in `onPremisesExtensionAttributes`.
const EXTENSIONS: &[(&str, Attribute)] = &[
    ("extensionAttribute1", Attribute::Extension1),
    ("extensionAttribute2", Attribute::Extension2),
    ("extensionAttribute3", Attribute::Extension3),
    ("extensionAttribute4", Attribute::Extension4),
    ("extensionAttribute5", Attribute::Extension5),
    ("extensionAttribute6", Attribute::Extension6),
    ("extensionAttribute7", Attribute::Extension7),
    ("extensionAttribute8", Attribute::Extension8),
    ("extensionAttribute9", Attribute::Extension9),
    ("extensionAttribute10", Attribute::Extension10),
    ("extensionAttribute11", Attribute::Extension11),
    ("extensionAttribute12", Attribute::Extension12),
    ("extensionAttribute13", Attribute::Extension13),
    ("extensionAttribute14", Attribute::Extension14),
    ("extensionAttribute15", Attribute::Extension15),
];

/// Properties without an attribute of their own that come along.
const CUSTOM: &[&str] = &["companyName", "preferredLanguage", "userPrincipalName"];

/// Most characters of a value, as the tenant file has it.
const VALUE_CHARS: usize = 4096;

/// Most addresses of one person; Exchange allows 400.
const ADDRESSES: usize = 500;

/// What a user's object means; `None` when it has no id that could be used. `extra`: further properties asked for, and
/// what each is called here.
pub(super) fn change(user: &Value, extra: &BTreeMap<String, String>) -> Option<Change> {
    let id = id(user)?.to_owned();
    let guest = text(user, "userType").is_some_and(|kind| kind.eq_ignore_ascii_case("guest"));
    let addresses = addresses(user);
    if is_removed(user) || guest || addresses.is_empty() {
        return Some(Change::PersonGone { id });
    }
    let attributes = attributes(user, addresses.first());
    let custom = CUSTOM
        .iter()
        .map(|name| (*name, *name))
        .chain(extra.iter().map(|(property, name)| (property.as_str(), name.as_str())))
        .filter_map(|(property, name)| Some((name.to_owned(), value(user, property)?)))
        .collect();
    let enabled = user.get("accountEnabled").and_then(Value::as_bool).unwrap_or(true);
    Some(Change::Person(Person { id, addresses, attributes, custom, enabled }))
}

/// The manager, where the object says something about it: `Some(None)` when there is none any more.
pub(super) fn manager(user: &Value) -> Option<Option<String>> {
    let entries = user.get("manager@delta")?.as_array()?;
    let now = entries.iter().find(|entry| !is_removed(entry)).and_then(id);
    Some(now.map(str::to_owned))
}

fn attributes(user: &Value, primary: Option<&String>) -> BTreeMap<Attribute, String> {
    let mut attributes: BTreeMap<Attribute, String> =
        TEXTS.iter().filter_map(|(name, attribute)| Some((*attribute, value(user, name)?))).collect();
    if let Some(phone) = user.get("businessPhones").and_then(|phones| phones.get(0)).and_then(Value::as_str) {
        attributes.extend(fitting(phone).map(|phone| (Attribute::TelephoneNumber, phone)));
    }
    if let Some(free) = user.get("onPremisesExtensionAttributes") {
        let free = EXTENSIONS.iter().filter_map(|(name, attribute)| Some((*attribute, value(free, name)?)));
        attributes.extend(free);
    }
    // As it is spelled in the directory; the addresses that mail is matched by are in lower case.
    let mail = value(user, "mail").or_else(|| primary.cloned());
    attributes.extend(mail.map(|mail| (Attribute::EmailAddress, mail)));
    attributes
}

/// Every mail address, the primary one first: of `proxyAddresses` what is marked as SMTP (in capitals: primary), and
/// `mail`. Of other systems' addresses (X.500, SIP) nothing is taken.
fn addresses(user: &Value) -> Vec<String> {
    let proxies = user.get("proxyAddresses").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let smtp = |text: &'_ str, mark: &str| text.strip_prefix(mark).map(str::to_owned);
    let texts = proxies.iter().filter_map(Value::as_str);
    let primary = texts.clone().filter_map(|text| smtp(text, "SMTP:"));
    let aliases = texts.filter_map(|text| smtp(text, "smtp:"));
    let all = primary.chain(text(user, "mail").map(str::to_owned)).chain(aliases);
    let mut seen = std::collections::HashSet::new();
    all.filter_map(|text| Address::parse(text.trim()))
        .map(|address| address.as_str().to_owned())
        .filter(|address| seen.insert(address.clone()))
        .take(ADDRESSES)
        .collect()
}

fn value(object: &Value, name: &str) -> Option<String> {
    fitting(text(object, name)?)
}

fn fitting(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty() && text.chars().nth(VALUE_CHARS).is_none()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use serde_json::json;

    use super::*;

    fn person(user: Value) -> Person {
        match change(&user, &BTreeMap::from([("extension_0a_costCentre".into(), "costCentre".into())])) {
            Some(Change::Person(person)) => person,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn each_of_the_fifteen_attributes_has_its_property() {
        let user = json!({
            "id": "u1", "city": "Utrecht", "country": "NL", "department": "R&D", "displayName": "Ada Vance",
            "mail": "Ada.Vance@Contoso.example", "faxNumber": "1", "givenName": "Ada", "surname": "Vance",
            "mobilePhone": "2", "officeLocation": "4.01", "state": "UT", "streetAddress": "Laan 1\r\n2nd floor",
            "businessPhones": ["3", "4"], "jobTitle": "Engineer", "postalCode": "3511",
            "companyName": "Contoso", "preferredLanguage": "nl-NL", "userPrincipalName": "ada@contoso.example",
            "extension_0a_costCentre": "77",
            "onPremisesExtensionAttributes": {"extensionAttribute1": "one", "extensionAttribute15": "fifteen",
                "extensionAttribute2": null},
        });
        let person = person(user);
        let shown: Vec<String> =
            person.attributes.iter().map(|(attribute, value)| format!("{}={value}", attribute.word())).collect();
        let expected = [
            "city=Utrecht",
            "country=NL",
            "department=R&D",
            "displayName=Ada Vance",
            "emailAddress=Ada.Vance@Contoso.example",
            "faxNumber=1",
            "firstName=Ada",
            "lastName=Vance",
            "mobileNumber=2",
            "office=4.01",
            "state=UT",
            "streetAddress=Laan 1\r\n2nd floor",
            "telephoneNumber=3",
            "jobTitle=Engineer",
            "postalCode=3511",
            "extension1=one",
            "extension15=fifteen",
        ];
        assert_eq!(shown, expected);
        let custom: Vec<_> = person.custom.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(custom[1], ("costCentre", "77"));
        assert_eq!(custom.len(), 4);
        assert_eq!(person.addresses, ["ada.vance@contoso.example"]);
    }

    #[test]
    fn the_primary_address_comes_first_and_other_systems_do_not_count() {
        let user = json!({"id": "u", "mail": "b@c.example", "proxyAddresses": [
            "smtp:alias@c.example", "x500:/o=c/cn=b", "SIP:b@c.example", "SMTP:B@c.example", "smtp:B@C.example",
            "smtp:not an address", 7]});
        assert_eq!(person(user).addresses, ["b@c.example", "alias@c.example"]);
    }

    #[test]
    fn who_writes_no_mail_is_gone_and_a_shared_mailbox_stays() {
        let gone = Some(Change::PersonGone { id: "u".into() });
        let table = [
            json!({"id": "u", "@removed": {"reason": "changed"}, "mail": "a@b.example"}),
            json!({"id": "u", "userType": "Guest", "mail": "a@b.example"}),
            json!({"id": "u", "mail": null, "proxyAddresses": []}),
            json!({"id": "u", "mail": "nonsense"}),
        ];
        for user in table {
            assert_eq!(change(&user, &BTreeMap::new()), gone, "{user}");
        }
        assert!(!person(json!({"id": "u", "mail": "info@b.example", "accountEnabled": false})).enabled);
        assert_eq!(change(&json!({"mail": "a@b.example"}), &BTreeMap::new()), None);
    }

    #[test]
    fn values_of_the_wrong_kind_are_as_if_absent() {
        let long = "x".repeat(VALUE_CHARS + 1);
        let user = json!({"id": "u", "mail": "a@b.example", "city": 7, "country": {"a": []}, "state": "  ",
            "department": long, "businessPhones": "1", "onPremisesExtensionAttributes": [1], "accountEnabled": "no"});
        let person = person(user);
        assert_eq!(person.attributes.keys().copied().collect::<Vec<_>>(), [Attribute::EmailAddress]);
        assert!(person.enabled);
    }

    #[test]
    fn a_manager_is_told_only_where_it_changed() {
        let of = |entries: Value| manager(&json!({"id": "u", "manager@delta": entries}));
        assert_eq!(manager(&json!({"id": "u"})), None);
        assert_eq!(of(json!([{"@odata.type": "#microsoft.graph.user", "id": "m"}])), Some(Some("m".into())));
        assert_eq!(of(json!([{"id": "m", "@removed": {"reason": "deleted"}}])), Some(None));
        assert_eq!(of(json!([{"id": "m", "@removed": {"reason": "deleted"}}, {"id": "n"}])), Some(Some("n".into())));
    }
}
