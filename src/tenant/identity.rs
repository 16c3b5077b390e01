//! Names that exist only when they are valid: [`TenantId`], [`Domain`], [`Address`], [`Revision`], [`Edition`].
//!
//! A domain and an address are kept in lower case, the local part too: Exchange compares both without case, and a
//! look-up must not depend on how a sender spelled itself (RFC 5321 section 2.4 leaves the local part to its host).
//! Internationalised labels are kept as A-labels (RFC 5890), whichever way they were written (RFC 6531): all that is
//! compared, is compared so. What does not fit is refused, never repaired.

use std::borrow::Cow;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A tenant's name in the store, in commands and in decision records: 1 to 64 letters, digits, `-`, `_` and `.`,
/// the first a letter or digit.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TenantId(String);

/// A DNS name in lower case and A-labels, without a final dot.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Domain(String);

/// A mailbox `local@domain` in lower case, the domain in A-labels, without quoting.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Address(Arc<str>);

/// Counts the changes of one tenant; a later one is greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Revision(pub u64);

/// One state of something of a tenant: the revision that made it, and when. The time tells two states of one revision
/// apart where the store went back to an earlier one and was changed again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Edition {
    pub revision: Revision,
    /// Unix time in milliseconds.
    pub time_ms: i64,
}

impl Edition {
    /// Of a file that no store has taken.
    pub fn of(revision: Revision) -> Edition {
        Edition { revision, time_ms: 0 }
    }
}

impl TenantId {
    pub fn parse(text: &str) -> Option<TenantId> {
        is_id(text).then(|| TenantId(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Domain {
    pub fn parse(text: &str) -> Option<Domain> {
        let name = normal_domain(text);
        let valid = (1..=253).contains(&name.len()) && name.split('.').all(is_label);
        valid.then(|| Domain(name.into_owned()))
    }

    /// What is compared where the text may be no domain: the same as of [`Domain::parse`] where it is one.
    pub fn normal(text: &str) -> Cow<'_, str> {
        normal_domain(text)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Address {
    pub fn parse(text: &str) -> Option<Address> {
        let (local, domain) = text.rsplit_once('@')?;
        let domain = Domain::parse(domain)?;
        let local_fits = (1..=64).contains(&local.len())
            && !local.chars().any(|c| c.is_control() || c.is_whitespace() || "\"(),:;<>@[\\]".contains(c));
        local_fits.then(|| Address(format!("{}@{}", local.to_lowercase(), domain.as_str()).into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What is compared where the text may be no address: the same as of [`Address::parse`] where it is one.
    pub fn normal(text: &str) -> Cow<'_, str> {
        match text.rsplit_once('@') {
            _ if text.is_ascii() => normal_domain(text),
            Some((local, domain)) => format!("{}@{}", local.to_lowercase(), normal_domain(domain)).into(),
            None => text.to_lowercase().into(),
        }
    }

    /// The text with the labels of its domain as they are read.
    pub fn readable(text: &str) -> Cow<'_, str> {
        readable(text)
    }

    /// What stands after the `@`, in lower case and A-labels.
    pub fn domain(&self) -> &str {
        domain_of(&self.0)
    }
}

/// Found by its text, without one being made.
impl std::borrow::Borrow<str> for Address {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// What stands after the last `@`; the whole text if there is none.
pub(super) fn domain_of(address: &str) -> &str {
    address.rsplit_once('@').map_or(address, |(_, domain)| domain)
}

/// Lower case and A-labels. What is no internationalised name stays as it is, but for its case.
fn normal_domain(text: &str) -> Cow<'_, str> {
    let lower = || text.to_lowercase();
    match text.is_ascii() {
        true if !text.bytes().any(|octet| octet.is_ascii_uppercase()) => Cow::Borrowed(text),
        true => Cow::Owned(text.to_ascii_lowercase()),
        false => Cow::Owned(idna::domain_to_ascii(text).unwrap_or_else(|_| lower())),
    }
}

/// The labels as they are read, of an address those of its domain; the rest as it is.
pub(super) fn readable(text: &str) -> Cow<'_, str> {
    let (local, domain) = text.split_at(text.len() - domain_of(text).len());
    match idna::domain_to_unicode(domain) {
        (read, Ok(())) if read != domain => Cow::Owned(format!("{local}{read}")),
        _ => Cow::Borrowed(text),
    }
}

/// The form of ids of tenants, people, groups, images and signatures.
pub(super) fn is_id(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    (1..=64).contains(&text.len())
        && text.chars().all(plain)
        && text.chars().next().is_some_and(|c| c.is_ascii_alphanumeric())
}

/// Of a name in A-labels.
fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
}

impl TryFrom<String> for TenantId {
    type Error = String;

    fn try_from(text: String) -> Result<TenantId, String> {
        TenantId::parse(&text).ok_or_else(|| format!("`{text}` is not 1 to 64 letters, digits, - _ or ."))
    }
}

impl From<TenantId> for String {
    fn from(id: TenantId) -> String {
        id.0
    }
}

macro_rules! shown_as_text {
    ($($name:ident)*) => {$(
        impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(out)
            }
        }
    )*};
}

shown_as_text!(TenantId Domain Address Revision);

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;

    #[test]
    fn names_exist_only_when_they_are_valid() {
        for good in ["a", "0193-ab", "contoso.eu_1"] {
            assert!(TenantId::parse(good).is_some(), "{good}");
        }
        for bad in ["", "-a", ".a", "a b", "a/b", "ä", &"a".repeat(65)] {
            assert!(TenantId::parse(bad).is_none(), "{bad}");
        }
        for good in ["contoso.example", "CONTOSO.example", "localhost", "xn--mnchen-3ya.example", "münchen.example"] {
            assert!(Domain::parse(good).is_some(), "{good}");
        }
        for bad in ["", ".", "a..b", "a.", "-a.b", "a-.b", "a b", "a@b", "*.b", &"a".repeat(64)] {
            assert!(Domain::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn addresses_are_kept_in_lower_case() {
        assert_eq!(Address::parse("Ada.Vance@Contoso.EXAMPLE").unwrap().as_str(), "ada.vance@contoso.example");
        assert_eq!(Address::parse("o'neil+x@b.example").unwrap().domain(), "b.example");
        for bad in ["", "a", "@b", "a@", "a b@c", "\"a\"@b", "a@b@c", "<a@b>", "a\n@b", "a@b c"] {
            assert!(Address::parse(bad).is_none(), "{bad}");
        }
    }
}
