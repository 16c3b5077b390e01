//! Text with `*` for any text, in addresses and domains of conditions.
//!
//! Matching is linear in the subject for each fixed piece, without backtracking: the leftmost place of a piece is
//! always as good as a later one. An internationalised name is matched as A-labels and as it is read: a `*` may stand
//! for a part of a label, which has no form of its own in A-labels.

use std::borrow::Cow;

use memchr::memmem;

use super::Domain;
use super::identity::{domain_of, readable};

/// A pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    /// As it was written, in lower case.
    text: String,
    /// For what is compared as A-labels.
    normal: Pieces,
    /// For the same as it is read.
    read: Pieces,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Pieces {
    first: String,
    /// What follows each `*`; empty when the pattern has none.
    rest: Vec<String>,
}

impl Pattern {
    pub(super) fn new(text: &str) -> Pattern {
        let text = text.to_lowercase();
        let (normal, read) =
            (Pieces::new(&each_label(&text, Domain::normal)), Pieces::new(&each_label(&text, readable)));
        Pattern { text, normal, read }
    }

    /// Whether it matches; `subject` is an address or a domain as they are compared.
    pub(super) fn matches(&self, subject: &str) -> bool {
        let has_two_forms = || !subject.is_ascii() || subject.contains(A_LABEL);
        self.normal.matches(subject) || has_two_forms() && self.read.matches(&readable(subject))
    }
}

/// How an A-label begins (RFC 5890).
const A_LABEL: &str = "xn--";

/// The pattern with another form of every whole label of its domain.
fn each_label(text: &str, form: fn(&str) -> Cow<'_, str>) -> String {
    let (local, domain) = text.split_at(text.len() - domain_of(text).len());
    let labels = domain.split('.').map(|label| if label.contains('*') { Cow::Borrowed(label) } else { form(label) });
    local.to_owned() + &labels.collect::<Vec<_>>().join(".")
}

impl Pieces {
    fn new(pattern: &str) -> Pieces {
        let mut pieces = pattern.split('*').map(str::to_owned);
        Pieces { first: pieces.next().unwrap_or_default(), rest: pieces.collect() }
    }

    fn matches(&self, subject: &str) -> bool {
        let Some((last, between)) = self.rest.split_last() else { return subject == self.first };
        let Some(middle) = subject.strip_prefix(self.first.as_str()) else { return false };
        let Some(middle) = middle.strip_suffix(last.as_str()) else { return false };
        let mut left = middle.as_bytes();
        for piece in between {
            let Some(at) = memmem::find(left, piece.as_bytes()) else { return false };
            left = left.get(at + piece.len()..).unwrap_or_default();
        }
        true
    }
}

impl std::fmt::Display for Pattern {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn stars_stand_for_any_text() {
        let table = [
            ("ada@b.example", "ada@b.example", true),
            ("ADA@b.example", "ada@b.example", true),
            ("ada@b.example", "bada@b.example", false),
            ("*", "", true),
            ("*@b.example", "x@b.example", true),
            ("*@b.example", "x@c.b.example", false),
            ("*.b.example", "a.b.example", true),
            ("*.b.example", "b.example", false),
            ("b.*", "b.example", true),
            ("b.*", "ab.example", false),
            ("*b*", "abc", true),
            ("a*a", "a", false),
            ("a*b*a", "aba", true),
            ("a*b*a", "aa", false),
            ("**", "x", true),
        ];
        for (pattern, subject, expected) in table {
            assert_eq!(Pattern::new(pattern).matches(subject), expected, "{pattern} on {subject}");
            assert_eq!(Pattern::new(pattern).to_string(), pattern.to_lowercase());
        }
    }

    /// The obvious version: by trying every length for every star.
    fn slow(pattern: &[u8], subject: &[u8]) -> bool {
        match pattern.split_first() {
            None => subject.is_empty(),
            Some((b'*', rest)) => (0..=subject.len()).any(|skip| slow(rest, &subject[skip..])),
            Some((octet, rest)) => {
                subject.split_first().is_some_and(|(first, tail)| first == octet && slow(rest, tail))
            }
        }
    }

    proptest! {
        #[test]
        fn agrees_with_trying_everything(pattern in "[ab*]{0,7}", subject in "[ab]{0,9}") {
            prop_assert_eq!(Pattern::new(&pattern).matches(&subject), slow(pattern.as_bytes(), subject.as_bytes()));
        }
    }
}
