//! Passwords as they are kept: Argon2id (RFC 9106) with 19 MiB, two passes and a salt of their own, as OWASP asks for.

use std::sync::LazyLock;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

use crate::store::StoreError;

/// A password's hash as a PHC string. Shows nothing of itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Hashed(String);

impl Hashed {
    pub(super) fn of_store(text: String) -> Hashed {
        Hashed(text)
    }

    pub(in crate::store) fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Hashed {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Hashed")
    }
}

/// Hashes a password with a new salt. Blocks for some ten milliseconds and takes 19 MiB meanwhile.
pub fn hash_password(password: &str) -> Result<Hashed, StoreError> {
    let hashed = Argon2::default().hash_password(password.as_bytes());
    hashed.map(|hash| Hashed(hash.to_string())).map_err(|error| StoreError::Unavailable(error.to_string()))
}

/// Whether it is the password of an account. Without an account it takes as long, and is not. Blocks likewise.
pub fn verify_password(password: &str, hashed: Option<&Hashed>) -> bool {
    static NOBODY: LazyLock<Option<Hashed>> = LazyLock::new(|| hash_password("nobody's").ok());
    let Some(against) = hashed.or(NOBODY.as_ref()) else { return false };
    let read = PasswordHash::new(&against.0);
    let fits = read.is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
    fits && hashed.is_some()
}
