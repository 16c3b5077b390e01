//! The keys by which Microsoft signs ID tokens (RFC 7517), and the check of a signature (RFC 7515).
//!
//! Which algorithm fits is said by the kind of the key and never by the token alone: a token signed by HMAC with a
//! public key, or by nothing, finds no key of its kind.

use aws_lc_rs::rsa::PublicKeyComponents;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, UnparsedPublicKey,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

use super::Untrue;

/// Keys of a document that are looked at.
const MOST_KEYS: usize = 50;

/// One key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    id: String,
    public: Public,
    /// Whose tokens it may sign; `{tenantid}` stands for any organisation's.
    pub issuer: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Public {
    Rsa {
        modulus: Vec<u8>,
        exponent: Vec<u8>,
    },
    /// A point of P-256, not compressed.
    P256(Vec<u8>),
}

/// The head of a token, as far as it is read.
#[derive(Deserialize)]
struct Head {
    alg: String,
    kid: String,
    /// What must be understood to believe it (RFC 7515 section 4.1.11): nothing is.
    crit: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct Document {
    keys: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Written {
    kty: String,
    kid: String,
    #[serde(default, rename = "use")]
    usage: Option<String>,
    n: Option<String>,
    e: Option<String>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
    issuer: Option<String>,
}

/// The keys of a document; those of a kind that is not used here are passed over.
pub(super) fn read(document: &[u8]) -> Option<Vec<Key>> {
    let Document { keys } = serde_json::from_slice(document).ok()?;
    let key = |value| serde_json::from_value::<Written>(value).ok().and_then(Written::key);
    Some(keys.into_iter().take(MOST_KEYS).filter_map(key).collect())
}

impl Written {
    fn key(self) -> Option<Key> {
        let octets = |text: &Option<String>| URL_SAFE_NO_PAD.decode(text.as_deref()?.trim_end_matches('=')).ok();
        if self.usage.as_deref().is_some_and(|usage| usage != "sig") {
            return None;
        }
        let public = match self.kty.as_str() {
            "RSA" => Public::Rsa { modulus: octets(&self.n)?, exponent: octets(&self.e)? },
            "EC" if self.crv.as_deref() == Some("P-256") => {
                let (x, y) = (octets(&self.x)?, octets(&self.y)?);
                (x.len() == 32 && y.len() == 32).then(|| Public::P256([&[4], x.as_slice(), &y].concat()))?
            }
            _ => return None,
        };
        Some(Key { id: self.kid, public, issuer: self.issuer })
    }
}

impl Key {
    fn verifies(&self, algorithm: &str, signed: &[u8], signature: &[u8]) -> Result<(), Untrue> {
        let checked = match (&self.public, algorithm) {
            (Public::Rsa { modulus, exponent }, "RS256" | "PS256") => {
                let key = PublicKeyComponents { n: modulus, e: exponent };
                match algorithm {
                    "RS256" => key.verify(&RSA_PKCS1_2048_8192_SHA256, signed, signature),
                    _ => key.verify(&RSA_PSS_2048_8192_SHA256, signed, signature),
                }
            }
            (Public::P256(point), "ES256") => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(signed, signature)
            }
            _ => return Err(Untrue::Algorithm),
        };
        checked.map_err(|_| Untrue::Signature)
    }
}

/// The claims of a token that one of the keys has signed, and which key.
pub(super) fn opened<'a>(token: &str, keys: &'a [Key]) -> Result<(Vec<u8>, &'a Key), Untrue> {
    let (signed, signature) = token.rsplit_once('.').ok_or(Untrue::Unreadable)?;
    let (head, claims) = signed.split_once('.').ok_or(Untrue::Unreadable)?;
    let decoded = |text: &str| URL_SAFE_NO_PAD.decode(text).map_err(|_| Untrue::Unreadable);
    let Head { alg, kid, crit } = serde_json::from_slice(&decoded(head)?).map_err(|_| Untrue::Unreadable)?;
    if crit.is_some() {
        return Err(Untrue::Unreadable);
    }
    if !matches!(alg.as_str(), "RS256" | "PS256" | "ES256") {
        return Err(Untrue::Algorithm);
    }
    let key = keys.iter().find(|key| key.id == kid).ok_or(Untrue::Key)?;
    key.verifies(&alg, signed.as_bytes(), &decoded(signature)?)?;
    Ok((decoded(claims)?, key))
}
