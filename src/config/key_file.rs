//! The key that seals the store: 32 octets in base64 in a file of their own.
//!
//! It is made by a command (`signet key`), never in passing: a node that started with a fresh key beside an old
//! store would lose every secret in it without a word.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use base64::{Engine, engine::general_purpose::STANDARD};

/// Why there is no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyFileError {
    /// Not there.
    #[error("{0} does not exist; make it with `signet key`, or put back the copy that belongs to this store")]
    Missing(String),
    /// There, but may not be read or written.
    #[error("{0}: {1}")]
    Unreadable(String, String),
    /// Not 32 octets in base64.
    #[error("{0} does not hold 32 octets in base64; put back the copy that belongs to this store")]
    Malformed(String),
    /// Never overwritten: the store would be lost.
    #[error("{0} exists already and is kept: what it sealed could not be read any more")]
    Exists(String),
    /// The system gave no random octets.
    #[error("the system gave no random octets")]
    Random,
}

/// Reads the key. Blocks.
pub fn read_key_file(file: &Path) -> Result<[u8; 32], KeyFileError> {
    let name = file.display().to_string();
    let text = std::fs::read_to_string(file).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => KeyFileError::Missing(name.clone()),
        _ => KeyFileError::Unreadable(name.clone(), error.to_string()),
    })?;
    let octets = STANDARD.decode(text.trim()).map_err(|_| KeyFileError::Malformed(name.clone()))?;
    octets.try_into().map_err(|_| KeyFileError::Malformed(name))
}

/// Makes a new key that only the owner may read. Refuses to touch a file that is there. Blocks.
pub fn create_key_file(file: &Path) -> Result<(), KeyFileError> {
    let name = file.display().to_string();
    let mut octets = [0; 32];
    aws_lc_rs::rand::fill(&mut octets).map_err(|_| KeyFileError::Random)?;
    let mut text = STANDARD.encode(octets);
    text.push('\n');
    let written = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)
        .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()));
    written.map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => KeyFileError::Exists(name),
        _ => KeyFileError::Unreadable(name, error.to_string()),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_key_is_made_once_for_the_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("signet.key");
        assert!(matches!(read_key_file(&file), Err(KeyFileError::Missing(_))));
        create_key_file(&file).unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        let key = read_key_file(&file).unwrap();
        assert_ne!(key, [0; 32]);
        assert!(matches!(create_key_file(&file), Err(KeyFileError::Exists(_))));
        assert_eq!(read_key_file(&file).unwrap(), key);
        for bad in ["", "AAAA", "not base64!", &STANDARD.encode([1; 33])] {
            std::fs::write(&file, bad).unwrap();
            assert!(matches!(read_key_file(&file), Err(KeyFileError::Malformed(_))), "{bad}");
        }
    }
}
