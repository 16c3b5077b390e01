//! `X-Signet-Stamp`, the proof that a message has been here before.
//!
//! `v=1; t=<unix>; k=<key id>; w=<loop word>; h=<base64url, 16 octets>` with h = HMAC-SHA256 over the version, the
//! time, Message-ID, Date and the From address. Valid for 48 hours. A field that does not prove itself is forged
//! or foreign and is taken out; comparison takes the same time whatever differs.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::HeaderBlock;

/// Name of the header field.
pub const NAME: &str = "X-Signet-Stamp";

/// How long a stamp proves anything, in seconds.
pub const LIFETIME_SECONDS: i64 = 48 * 3600;

/// How far a stamp may lie in the future, for clocks that differ between sites.
const SKEW_SECONDS: i64 = 300;

const PROOF_OCTETS: usize = 16;

/// A tenant's key. The secret is never shown and is zeroed when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct StampKey {
    /// Short, ASCII letters and digits; stands in the field.
    pub id: String,
    pub secret: [u8; 32],
}

impl std::fmt::Debug for StampKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "StampKey({})", self.id)
    }
}

impl Drop for StampKey {
    fn drop(&mut self) {
        self.secret.fill(0);
        std::hint::black_box(&self.secret);
    }
}

/// What the stamps in a header block are worth.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stamps {
    /// Index of the first field that proves itself.
    pub valid: Option<usize>,
    /// Indices of all others.
    pub forged: Vec<usize>,
}

/// The whole field, CRLF included.
pub fn make(key: &StampKey, loop_word: &str, unix_seconds: i64, headers: &HeaderBlock) -> String {
    let proof = URL_SAFE_NO_PAD.encode(&proof(key, unix_seconds, headers).finalize().into_bytes()[..PROOF_OCTETS]);
    format!("{NAME}: v=1; t={unix_seconds}; k={}; w={loop_word}; h={proof}\r\n", key.id)
}

/// Finds the stamps of a message and checks each against the tenant's keys.
pub fn check(keys: &[StampKey], unix_seconds: i64, headers: &HeaderBlock) -> Stamps {
    let mut stamps = Stamps::default();
    for field in headers.fields().filter(|field| field.name.eq_ignore_ascii_case(NAME.as_bytes())) {
        if stamps.valid.is_none() && proves_itself(keys, unix_seconds, headers, field.value) {
            stamps.valid = Some(field.index);
        } else {
            stamps.forged.push(field.index);
        }
    }
    stamps
}

fn proves_itself(keys: &[StampKey], now: i64, headers: &HeaderBlock, value: &[u8]) -> bool {
    let value = super::headers::unfold(value);
    let part = |name: &str| {
        value.split(';').find_map(|part| part.trim().strip_prefix(name).and_then(|rest| rest.strip_prefix('=')))
    };
    let (Some("1"), Some(made), Some(id), Some(given)) = (part("v"), part("t"), part("k"), part("h")) else {
        return false;
    };
    let (Ok(made), Ok(given)) = (made.parse::<i64>(), URL_SAFE_NO_PAD.decode(given)) else { return false };
    let in_time = made.checked_sub(now).is_some_and(|ahead| (-LIFETIME_SECONDS..=SKEW_SECONDS).contains(&ahead));
    let Some(key) = keys.iter().find(|key| key.id == id) else { return false };
    in_time && given.len() == PROOF_OCTETS && proof(key, made, headers).verify_truncated_left(&given).is_ok()
}

fn proof(key: &StampKey, unix_seconds: i64, headers: &HeaderBlock) -> Hmac<Sha256> {
    // `new_from_slice` takes a key of any length; the constructor for a fixed one cannot fail either.
    let mut mac = <Hmac<Sha256> as Mac>::new(&hmac_key(&key.secret));
    let mut part = |bytes: &[u8]| {
        mac.update(&(bytes.len() as u64).to_be_bytes());
        mac.update(bytes);
    };
    part(b"1");
    part(unix_seconds.to_string().as_bytes());
    for name in ["Message-ID", "Date"] {
        part(headers.unfolded(name).unwrap_or_default().as_bytes());
    }
    part(headers.addresses("From").join(",").as_bytes());
    mac
}

/// HMAC-SHA256 takes a block of 64 octets as its key; a shorter one is padded with zeros (RFC 2104 section 2).
fn hmac_key(secret: &[u8; 32]) -> hmac::digest::Key<Hmac<Sha256>> {
    let mut block = hmac::digest::Key::<Hmac<Sha256>>::default();
    block[..secret.len()].copy_from_slice(secret);
    block
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn key(id: &str, octet: u8) -> StampKey {
        StampKey { id: id.to_owned(), secret: [octet; 32] }
    }

    fn message(stamp: &str) -> HeaderBlock {
        let head = "From: Ada <ada@contoso.example>\r\nMessage-ID: <1@contoso.example>\r\nDate: now\r\n\r\n";
        HeaderBlock::parse(Bytes::from(format!("{stamp}{head}")))
    }

    #[test]
    fn a_stamp_proves_itself_for_48_hours_and_only_under_its_own_key() {
        let made = 1_800_000_000;
        let keys = [key("b", 2), key("a", 1)];
        let stamp = make(&keys[1], "word", made, &message(""));
        assert!(stamp.contains("; w=word; "));
        let stamped = message(&stamp);
        assert_eq!(check(&keys, made + LIFETIME_SECONDS, &stamped).valid, Some(0));
        let refused = Stamps { valid: None, forged: vec![0] };
        assert_eq!(check(&keys, made + LIFETIME_SECONDS + 1, &stamped), refused);
        assert_eq!(check(&keys, made - SKEW_SECONDS - 1, &stamped), refused);
        assert_eq!(check(&keys[..1], made, &stamped), refused);
        assert_eq!(check(&[key("a", 9)], made, &stamped), refused);
    }

    #[test]
    fn a_stamp_of_another_message_or_a_second_one_is_forged() {
        let keys = [key("a", 1)];
        let stamp = make(&keys[0], "w", 1_800_000_000, &message(""));
        let twice = message(&format!("{stamp}{stamp}"));
        assert_eq!(check(&keys, 1_800_000_000, &twice), Stamps { valid: Some(0), forged: vec![1] });
        let other = HeaderBlock::parse(Bytes::from(format!("{stamp}From: eve@contoso.example\r\n\r\n")));
        assert_eq!(check(&keys, 1_800_000_000, &other).valid, None);
        for junk in
            ["true", "v=1", "v=1; t=x; k=a; h=AAAA", "v=1; t=9223372036854775807; k=a; h=AAAAAAAAAAAAAAAAAAAAAA", ""]
        {
            assert_eq!(check(&keys, 1_800_000_000, &message(&format!("{NAME}: {junk}\r\n"))).valid, None, "{junk}");
        }
    }
}
