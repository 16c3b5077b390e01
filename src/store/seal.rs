//! Seals secrets with AES-256-GCM, and makes keyed hashes.
//!
//! A sealed value is base64 of a nonce and the ciphertext with its tag. What the value is, and whose, goes in as
//! associated data: a value moved to another tenant or another column does not open. Each key is derived for its
//! purpose (HKDF, RFC 5869); key octets are zeroed when dropped.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::{hkdf, hmac};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use super::StoreError;
use crate::config::read_key_ring;

/// Octets of a keyed hash that are kept: enough that two addresses never meet.
const HASH_OCTETS: usize = 16;

/// The keys of the store: the file's last one seals when the store is made or sealed anew, each of them opens.
pub struct SealKey {
    file: PathBuf,
    ring: RwLock<Arc<Ring>>,
}

/// The file's keys as they were read, the newest first.
struct Ring {
    sealers: Vec<Arc<Sealer>>,
    /// The same keys, for copies on this machine.
    copies: Vec<Arc<Sealer>>,
    /// Tells whether the file has changed since.
    digest: Vec<u8>,
}

/// One key: of the store, of its copies, or of the records of one tenant.
pub(super) struct Sealer(RandomizedNonceKey);

impl std::fmt::Debug for SealKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("SealKey")
    }
}

impl SealKey {
    /// The keys in a file, a line each. Blocks.
    pub fn read(file: &Path) -> Result<SealKey, StoreError> {
        Ok(SealKey { file: file.to_owned(), ring: RwLock::new(Arc::new(Ring::read(file)?)) })
    }

    /// The last key of the file.
    pub(super) fn newest(&self) -> Result<Arc<Sealer>, StoreError> {
        self.ring().sealers.first().cloned().ok_or(StoreError::Sealed)
    }

    /// Opens what one of the keys has sealed. A key that came into the file meanwhile is taken up here, where it is
    /// needed first: when the store is sealed anew, a running process follows without a restart.
    pub(super) fn open(&self, what: &str, whose: &str, sealed: &str) -> Result<Vec<u8>, StoreError> {
        self.find(what, whose, sealed).map(|(_, plain)| plain)
    }

    /// The key that sealed this, if `plain` is what was sealed.
    pub(super) fn that_opens(&self, what: &str, whose: &str, sealed: &str, plain: &[u8]) -> Option<Arc<Sealer>> {
        self.find(what, whose, sealed).ok().filter(|(_, opened)| opened == plain).map(|(sealer, _)| sealer)
    }

    /// The last key of the file, for copies. Any of the file's opens them, for whoever has no store to ask has no more.
    pub(super) fn of_new_copies(&self) -> Result<Arc<Sealer>, StoreError> {
        self.ring().copies.first().cloned().ok_or(StoreError::Sealed)
    }

    /// All keys of the file, for copies.
    pub(super) fn of_copies(&self) -> Vec<Arc<Sealer>> {
        self.ring().copies.clone()
    }

    fn find(&self, what: &str, whose: &str, sealed: &str) -> Result<(Arc<Sealer>, Vec<u8>), StoreError> {
        let ring = self.ring();
        ring.find(what, whose, sealed)
            .or_else(|| self.again(&ring)?.find(what, whose, sealed))
            .ok_or(StoreError::Sealed)
    }

    fn ring(&self) -> Arc<Ring> {
        self.ring.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The file, if it is another than it was. A short file of this machine, read when something does not open.
    fn again(&self, before: &Ring) -> Option<Arc<Ring>> {
        let ring = Ring::read(&self.file).ok().filter(|ring| ring.digest != before.digest).map(Arc::new)?;
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = ring.clone();
        Some(ring)
    }
}

impl Ring {
    fn read(file: &Path) -> Result<Ring, StoreError> {
        let mut keys = read_key_ring(file).map_err(StoreError::Key)?;
        let digest = digest(&SHA256, keys.as_flattened()).as_ref().to_vec();
        let sealer = |key: &[u8; 32]| Sealer::derive(key, b"signet store secrets 1").map(Arc::new);
        let sealers: Result<Vec<_>, StoreError> = keys.iter().rev().map(sealer).collect();
        let sealer = |key: &[u8; 32]| Sealer::derive(key, b"signet sealed copies 1").map(Arc::new);
        let copies: Result<Vec<_>, StoreError> = keys.iter().rev().map(sealer).collect();
        keys.as_flattened_mut().fill(0);
        std::hint::black_box(&keys);
        Ok(Ring { sealers: sealers?, copies: copies?, digest })
    }

    fn find(&self, what: &str, whose: &str, sealed: &str) -> Option<(Arc<Sealer>, Vec<u8>)> {
        self.sealers.iter().find_map(|key| key.open(what, whose, sealed).ok().map(|plain| (key.clone(), plain)))
    }
}

impl Sealer {
    /// The key for the decision records of the tenant with this trace key.
    pub fn of_records(trace_key: &[u8; 32]) -> Result<Sealer, StoreError> {
        Sealer::derive(trace_key, b"signet decision records 1")
    }

    fn derive(octets: &[u8; 32], purpose: &[u8]) -> Result<Sealer, StoreError> {
        let mut key = derive(octets, purpose)?;
        let sealing = RandomizedNonceKey::new(&AES_256_GCM, &key).map_err(|_| StoreError::Sealed);
        key.fill(0);
        std::hint::black_box(&key);
        sealing.map(Sealer)
    }

    /// Seals octets in their place and puts nonce and tag around them; `bound` must be the same to open them again.
    pub fn seal_octets(&self, bound: &[u8], mut octets: Vec<u8>) -> Result<Vec<u8>, StoreError> {
        let nonce = self.0.seal_in_place_append_tag(Aad::from(bound), &mut octets).map_err(|_| StoreError::Sealed)?;
        Ok([&nonce.as_ref()[..], &octets[..]].concat())
    }

    /// Opens what [`seal_octets`](Self::seal_octets) sealed.
    pub fn open_octets(&self, bound: &[u8], sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
        let (nonce, rest) = sealed.split_at_checked(NONCE_LEN).ok_or(StoreError::Sealed)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| StoreError::Sealed)?;
        let mut rest = rest.to_vec();
        let length = self.0.open_in_place(nonce, Aad::from(bound), &mut rest).map_err(|_| StoreError::Sealed)?.len();
        rest.truncate(length);
        Ok(rest)
    }

    /// Seals; `what` and `whose` must be the same to open it again.
    pub fn seal(&self, what: &str, whose: &str, plain: impl Into<Vec<u8>>) -> Result<String, StoreError> {
        let mut sealed = plain.into();
        let nonce = self
            .0
            .seal_in_place_append_tag(Aad::from(bound(what, whose)), &mut sealed)
            .map_err(|_| StoreError::Sealed)?;
        // As many octets as base64 needs no padding for, so the two can be encoded one after the other.
        const { assert!(NONCE_LEN.is_multiple_of(3)) };
        let mut text = STANDARD.encode(nonce.as_ref());
        STANDARD.encode_string(&sealed, &mut text);
        Ok(text)
    }

    /// Opens what [`seal`](Self::seal) sealed.
    pub fn open(&self, what: &str, whose: &str, sealed: &str) -> Result<Vec<u8>, StoreError> {
        let whole = STANDARD.decode(sealed).map_err(|_| StoreError::Sealed)?;
        let (nonce, rest) = whole.split_at_checked(NONCE_LEN).ok_or(StoreError::Sealed)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| StoreError::Sealed)?;
        let mut rest = rest.to_vec();
        let plain = self
            .0
            .open_in_place(nonce, Aad::from(bound(what, whose)), &mut rest)
            .map_err(|_| StoreError::Sealed)?
            .to_vec();
        rest.fill(0);
        std::hint::black_box(&rest);
        Ok(plain)
    }
}

/// Finds sealed things again: the same text gives the same hash, but only to who has the tenant's trace key.
pub(super) struct Hasher(hmac::Key);

impl Hasher {
    pub fn new(trace_key: &[u8; 32]) -> Result<Hasher, StoreError> {
        let key = derive(trace_key, b"signet decision hashes 1")?;
        Ok(Hasher(hmac::Key::new(hmac::HMAC_SHA256, &key)))
    }

    /// Of an address (without case) or a Message-ID; `what` keeps the two apart.
    pub fn hash(&self, what: &str, text: &str) -> String {
        let tag = hmac::sign(&self.0, &bound(what, text));
        URL_SAFE_NO_PAD.encode(tag.as_ref().get(..HASH_OCTETS).unwrap_or_default())
    }
}

fn bound(what: &str, whose: &str) -> Vec<u8> {
    [what.as_bytes(), &[0], whose.as_bytes()].concat()
}

fn derive(octets: &[u8; 32], purpose: &[u8]) -> Result<[u8; 32], StoreError> {
    let mut key = [0; 32];
    hkdf::Salt::new(hkdf::HKDF_SHA256, b"")
        .extract(octets)
        .expand(&[purpose], hkdf::HKDF_SHA256)
        .and_then(|derived| derived.fill(&mut key))
        .map_err(|_| StoreError::Sealed)?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_sealed_value_opens_only_where_it_was_sealed() {
        let key = Sealer::derive(&[1; 32], b"test").unwrap();
        let sealed = key.seal("secret", "a", b"plain").unwrap();
        assert_eq!(key.open("secret", "a", &sealed).unwrap(), b"plain");
        assert_ne!(key.seal("secret", "a", b"plain").unwrap(), sealed, "a nonce came twice");
        assert_eq!(key.open("secret", "b", &sealed), Err(StoreError::Sealed));
        assert_eq!(key.open("certificate", "a", &sealed), Err(StoreError::Sealed));
        let other = Sealer::derive(&[2; 32], b"test").unwrap();
        assert_eq!(other.open("secret", "a", &sealed), Err(StoreError::Sealed));
        let purpose = Sealer::derive(&[1; 32], b"other").unwrap();
        assert_eq!(purpose.open("secret", "a", &sealed), Err(StoreError::Sealed));
        let mut changed = STANDARD.decode(&sealed).unwrap();
        for octet in 0..changed.len() {
            changed[octet] ^= 1;
            assert_eq!(key.open("secret", "a", &STANDARD.encode(&changed)), Err(StoreError::Sealed), "{octet}");
            changed[octet] ^= 1;
        }
        for short in ["", "AAAA", "%", &STANDARD.encode([0; NONCE_LEN])] {
            assert_eq!(key.open("secret", "a", short), Err(StoreError::Sealed));
        }
    }

    #[test]
    fn hashes_differ_by_tenant_and_by_what_they_are_of() {
        let (one, two) = (Hasher::new(&[1; 32]).unwrap(), Hasher::new(&[2; 32]).unwrap());
        assert_eq!(one.hash("address", "a@b.example"), one.hash("address", "a@b.example"));
        assert_ne!(one.hash("address", "a@b.example"), two.hash("address", "a@b.example"));
        assert_ne!(one.hash("address", "a@b.example"), one.hash("message_id", "a@b.example"));
    }
}
