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

    /// Of an account whose owner signs in with Microsoft alone: no password is it.
    pub fn none() -> Hashed {
        Hashed(String::new())
    }

    pub fn is_none(&self) -> bool {
        self.0.is_empty()
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
    #[cfg(test)]
    hashed::note(password);
    let hashed = Argon2::default().hash_password(password.as_bytes());
    hashed.map(|hash| Hashed(hash.to_string())).map_err(|error| StoreError::Unavailable(error.to_string()))
}

/// Whether it is the password of an account. Without an account or a password it takes as long, and is not. Blocks
/// likewise.
pub fn verify_password(password: &str, hashed: Option<&Hashed>) -> bool {
    static NOBODY: LazyLock<Option<Hashed>> = LazyLock::new(|| hash_password("nobody's").ok());
    let hashed = hashed.filter(|hashed| !hashed.is_none());
    let Some(against) = hashed.or(NOBODY.as_ref()) else { return false };
    #[cfg(test)]
    hashed::note(password);
    let read = PasswordHash::new(&against.0);
    let fits = read.is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
    fits && hashed.is_some()
}

/// Which passwords were hashed, so that tests can hold against one another what different requests cost.
#[cfg(test)]
pub mod hashed {
    use std::sync::{Mutex, PoisonError};

    static SEEN: Mutex<Vec<String>> = Mutex::new(Vec::new());

    pub(super) fn note(password: &str) {
        SEEN.lock().unwrap_or_else(PoisonError::into_inner).push(password.to_owned());
    }

    /// How often this one was.
    pub fn times(password: &str) -> usize {
        SEEN.lock().unwrap_or_else(PoisonError::into_inner).iter().filter(|one| *one == password).count()
    }
}
