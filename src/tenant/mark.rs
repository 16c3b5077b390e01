//! The words that mark signatures in HTML: `signet-` and 13 digits of base32, seven for the sender and six for the
//! signature. Keyed, so that nobody outside can write one or tell from it who the person is.

use hmac::Mac;

use super::Signature;
use super::hash_keys::keyed;
use super::people::Person;
use super::snapshot::Snapshot;

const SENDER_DIGITS: usize = 7;
const SIGNATURE_DIGITS: usize = 6;

impl Snapshot {
    /// The class of this signature of this person.
    pub(super) fn mark(&self, person: &Person, signature: &Signature) -> String {
        self.mark_of_sender(person) + &self.mark_of_signature(signature)
    }

    /// How all marks of this person begin.
    pub(super) fn mark_of_sender(&self, person: &Person) -> String {
        format!("signet-{}", self.digits(&[person.id()], SENDER_DIGITS))
    }

    /// How the marks of this signature end, whoever sends it.
    pub(super) fn mark_of_signature(&self, signature: &Signature) -> String {
        self.digits(&["signature", signature.id()], SIGNATURE_DIGITS)
    }

    /// Every part goes in with its length: no two lists run into one another.
    fn digits(&self, of: &[&str], count: usize) -> String {
        let mut mac = keyed(self.trace_key());
        for part in ["mark", self.id().as_str()].iter().chain(of) {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        let bits =
            mac.finalize().into_bytes().iter().take(16).fold(0u128, |bits, octet| bits << 8 | u128::from(*octet));
        let digit = |at: usize| {
            let value = (bits >> (128 - 5 * (at + 1))) & 31;
            BASE32.chars().nth(usize::try_from(value).unwrap_or_default())
        };
        (0..count).filter_map(digit).collect()
    }
}

/// Whether the word begins with the mark of a sender.
pub(super) fn is_of_sender(word: &str, mark: &str) -> bool {
    word.get(..mark.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(mark))
}

/// Whether the word ends with the mark of a signature.
pub(super) fn is_of_signature(word: &str, mark: &str) -> bool {
    word.len().checked_sub(mark.len()).and_then(|at| word.get(at..)).is_some_and(|end| end.eq_ignore_ascii_case(mark))
}

/// RFC 4648 section 6, in lower case.
const BASE32: &str = "abcdefghijklmnopqrstuvwxyz234567";
