//! The key that seals the store: 32 octets in base64 in a file of their own; after a change of keys a line each, the
//! newest last, as long as the older ones are needed.
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
    /// There are as many keys as a file may have.
    #[error("{0} holds {KEYS} keys; take out those that no copy of the store needs any more")]
    Full(String),
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

/// Most keys in a file.
const KEYS: usize = 16;

/// Reads a file with one key. Blocks.
pub fn read_key_file(file: &Path) -> Result<[u8; 32], KeyFileError> {
    match read_key_ring(file)?.as_slice() {
        [key] => Ok(*key),
        _ => Err(KeyFileError::Malformed(file.display().to_string())),
    }
}

/// Reads a file with a key a line, the newest last. Blocks.
pub fn read_key_ring(file: &Path) -> Result<Vec<[u8; 32]>, KeyFileError> {
    let name = file.display().to_string();
    let text = std::fs::read_to_string(file).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => KeyFileError::Missing(name.clone()),
        _ => KeyFileError::Unreadable(name.clone(), error.to_string()),
    })?;
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).take(KEYS + 1).collect();
    if lines.is_empty() || lines.len() > KEYS {
        return Err(KeyFileError::Malformed(name));
    }
    let key = |line: &&str| STANDARD.decode(line).ok().and_then(|octets| octets.try_into().ok());
    lines.iter().map(key).collect::<Option<_>>().ok_or(KeyFileError::Malformed(name))
}

/// Adds a new key as the file's last. The file is replaced as a whole, so that nobody reads half of it. Blocks.
pub fn add_key(file: &Path) -> Result<(), KeyFileError> {
    let name = file.display().to_string();
    let unreadable = |error: std::io::Error| KeyFileError::Unreadable(name.clone(), error.to_string());
    let keys = read_key_ring(file)?;
    if keys.len() == KEYS {
        return Err(KeyFileError::Full(name));
    }
    let text: String = keys.iter().map(|key| STANDARD.encode(key) + "\n").collect();
    let mut next = file.as_os_str().to_owned();
    next.push(".new");
    let next = Path::new(&next);
    let written = owners(next, (text + &new_key()?).as_bytes()).and_then(|()| std::fs::rename(next, file));
    written.map_err(unreadable)
}

/// Makes a new key that only the owner may read. Refuses to touch a file that is there. Blocks.
pub fn create_key_file(file: &Path) -> Result<(), KeyFileError> {
    let name = file.display().to_string();
    owners(file, new_key()?.as_bytes()).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => KeyFileError::Exists(name),
        _ => KeyFileError::Unreadable(name, error.to_string()),
    })
}

/// A line.
fn new_key() -> Result<String, KeyFileError> {
    let mut octets = [0; 32];
    aws_lc_rs::rand::fill(&mut octets).map_err(|_| KeyFileError::Random)?;
    Ok(STANDARD.encode(octets) + "\n")
}

/// A new file that only the owner may read.
fn owners(file: &Path, octets: &[u8]) -> std::io::Result<()> {
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
    file.write_all(octets)?;
    file.sync_all()
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
        add_key(&file).unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        let ring = read_key_ring(&file).unwrap();
        assert!(ring.len() == 2 && ring[0] == key && ring[1] != key, "the newest is the last");
        assert!(matches!(read_key_file(&file), Err(KeyFileError::Malformed(_))));
        for bad in ["", "AAAA", "not base64!", &STANDARD.encode([1; 33])] {
            std::fs::write(&file, bad).unwrap();
            assert!(matches!(read_key_file(&file), Err(KeyFileError::Malformed(_))), "{bad}");
        }
    }
}
