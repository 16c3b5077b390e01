//! A tenant's secrets: made at its first import from the system's randomness, kept sealed, never exported.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::seal::Sealer;
use super::{SealKey, StoreError};
use crate::imprint::StampKey;
use crate::tenant::Secrets;

pub(super) const WHAT: &str = "secret";

/// Letters that survive being read aloud and typed (RFC 4648 base32, lower case).
const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// Secrets as text, never but sealed.
#[derive(Serialize, Deserialize)]
pub(super) struct Plain {
    stamp_keys: Vec<PlainKey>,
    loop_word: String,
    trace_key: String,
}

#[derive(Serialize, Deserialize)]
struct PlainKey {
    id: String,
    secret: String,
}

/// New secrets. The loop word is the text that the exception of the tenant's mail flow rule looks for.
pub(super) fn make() -> Result<Secrets, StoreError> {
    let key = StampKey { id: word::<6>()?, secret: random()? };
    Ok(Secrets { stamp_keys: vec![key], loop_word: word::<20>()?, trace_key: random()? })
}

pub(super) fn seal(key: &Sealer, tenant: &str, secrets: &Secrets) -> Result<String, StoreError> {
    let json = serde_json::to_vec(&Plain::of(secrets)).map_err(|_| StoreError::Sealed)?;
    key.seal(WHAT, tenant, json.as_slice())
}

pub(super) fn open(key: &SealKey, tenant: &str, sealed: &str) -> Result<Secrets, StoreError> {
    let json = key.open(WHAT, tenant, sealed)?;
    let plain: Plain = serde_json::from_slice(&json).map_err(|_| corrupt())?;
    plain.read()
}

impl Plain {
    pub fn of(secrets: &Secrets) -> Plain {
        let key = |key: &StampKey| PlainKey { id: key.id.clone(), secret: STANDARD.encode(key.secret) };
        Plain {
            stamp_keys: secrets.stamp_keys.iter().map(key).collect(),
            loop_word: secrets.loop_word.clone(),
            trace_key: STANDARD.encode(secrets.trace_key),
        }
    }

    pub fn read(self) -> Result<Secrets, StoreError> {
        let stamp_keys = self
            .stamp_keys
            .into_iter()
            .map(|key| Ok(StampKey { id: key.id, secret: octets(&key.secret)? }))
            .collect::<Result<Vec<_>, StoreError>>()?;
        Ok(Secrets { stamp_keys, loop_word: self.loop_word, trace_key: octets(&self.trace_key)? })
    }
}

fn octets(text: &str) -> Result<[u8; 32], StoreError> {
    STANDARD.decode(text).ok().and_then(|octets| octets.try_into().ok()).ok_or_else(corrupt)
}

fn corrupt() -> StoreError {
    StoreError::Corrupt("a tenant's secrets".to_owned())
}

pub(super) fn random<const LENGTH: usize>() -> Result<[u8; LENGTH], StoreError> {
    let mut octets = [0; LENGTH];
    aws_lc_rs::rand::fill(&mut octets)
        .map_err(|_| StoreError::Unavailable("the system gave no random octets".to_owned()))?;
    Ok(octets)
}

pub(super) fn word<const LENGTH: usize>() -> Result<String, StoreError> {
    let letter = |octet: u8| ALPHABET.get(usize::from(octet % 32)).map(|letter| char::from(*letter));
    Ok(random::<LENGTH>()?.into_iter().filter_map(letter).collect())
}
