//! What a message is known by: three hashes under the tenant's keys.
//!
//! The fingerprint is of four things that a retry never changes, and known at the headers. The proof is XXH3-128 over
//! the fields that a reader sees and the body as received; the trace fields that each hop adds (RFC 5321 section 4.4)
//! are left out. It is made as octets come in, 50 µs for a megabyte, and copies nothing.

use xxhash_rust::xxh3::Xxh3;

use crate::imprint::HeaderBlock;
use crate::smtp::Path;
use crate::tenant::HashKeys;

/// Finds a message: HMAC over Message-ID, MAIL FROM, Date and From.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(pub [u8; 16]);

/// Shows that it is the same message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Proof(pub [u8; 16]);

/// A recipient of the envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecipientHash(pub [u8; 16]);

impl Fingerprint {
    /// `None` where the message has no Message-ID or no From, or several: too little to tell it from others by.
    /// `passed` is the stamp by which the message shows that it was here before: then it is another message.
    pub fn of(keys: &HashKeys, mail_from: &Path, headers: &HeaderBlock, passed: Option<&[u8]>) -> Option<Fingerprint> {
        let id = headers.only("Message-ID").map(<[u8]>::trim_ascii).filter(|id| !id.is_empty())?;
        let from = headers.only("From")?;
        let date = headers.all("Date").next().unwrap_or_default();
        let parts = [id, mail_from.as_bytes(), date, from, passed.unwrap_or_default()];
        Some(Fingerprint(keys.hash("message", parts)))
    }
}

/// The local part as it was written, the domain without case (RFC 5321 section 2.4).
pub(crate) fn recipient_hash(keys: &HashKeys, path: &Path) -> RecipientHash {
    let octets = path.as_bytes();
    let (local, domain) = octets.split_at(octets.len() - path.domain().map_or(0, str::len));
    RecipientHash(keys.hash("recipient", [local, domain.to_ascii_lowercase().as_slice()]))
}

/// Makes the proof as the message comes in.
#[cfg_attr(test, derive(Clone))]
pub(crate) struct Prover(Box<Xxh3>);

impl Prover {
    /// Begins with the headers.
    pub fn new(keys: &HashKeys, headers: &HeaderBlock) -> Prover {
        let mut hash = Box::new(Xxh3::with_secret(*keys.secret()));
        for field in headers.fields().filter(|field| is_of_the_message(field.name)) {
            for part in [field.name.to_ascii_lowercase().as_slice(), field.value] {
                hash.update(&(part.len() as u64).to_be_bytes());
                hash.update(part);
            }
        }
        // No name is so long: here the headers end.
        hash.update(&u64::MAX.to_be_bytes());
        Prover(hash)
    }

    /// Octets of the body, as received.
    pub fn body(&mut self, octets: &[u8]) {
        self.0.update(octets);
    }

    pub fn proof(&self) -> Proof {
        Proof(self.0.digest128().to_be_bytes())
    }
}

fn is_of_the_message(name: &[u8]) -> bool {
    FIELDS.iter().any(|field| name.eq_ignore_ascii_case(field.as_bytes()))
        || name.get(..CONTENT.len()).is_some_and(|begins| begins.eq_ignore_ascii_case(CONTENT))
}

const FIELDS: [&str; 7] = ["From", "To", "Cc", "Subject", "Date", "Message-ID", "MIME-Version"];
const CONTENT: &[u8] = b"Content-";
