//! The keys of one tenant's hashes in the ledger, derived from its trace key.
//!
//! What is hashed (an address, a Message-ID) cannot be told from its hash without the key, and the same text has
//! different hashes with two tenants. The key schedule of the HMAC (RFC 2104) is made once.

use hmac::{Hmac, Mac};
use sha2::Sha256;

/// Keys for HMAC-SHA256, cut to 16 octets, and for XXH3.
pub struct HashKeys {
    mac: Hmac<Sha256>,
    secret: [u8; SECRET_OCTETS],
}

impl HashKeys {
    pub(super) fn derive(trace_key: &[u8; 32]) -> HashKeys {
        let mut keys = HashKeys { mac: keyed(trace_key), secret: [0; SECRET_OCTETS] };
        for (number, piece) in (0u8..).zip(keys.secret.chunks_mut(32)) {
            let mut mac = keys.mac.clone();
            mac.update(b"signet ledger secret 1");
            mac.update(&[number]);
            piece.copy_from_slice(&mac.finalize().into_bytes());
        }
        let mut mac = keys.mac.clone();
        mac.update(b"signet ledger hashes 1");
        keys.mac = keyed(&mac.finalize().into_bytes().into());
        keys
    }

    /// The hash of `parts`, each with its length: no two lists run into one another. `what` keeps purposes apart.
    pub fn hash<'a>(&self, what: &'a str, parts: impl IntoIterator<Item = &'a [u8]>) -> [u8; 16] {
        let mut mac = self.mac.clone();
        for part in std::iter::once(what.as_bytes()).chain(parts) {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        let mut hash = [0; 16];
        hash.iter_mut().zip(mac.finalize().into_bytes()).for_each(|(octet, made)| *octet = made);
        hash
    }

    /// The secret of XXH3 (its "custom secret").
    pub fn secret(&self) -> &[u8; SECRET_OCTETS] {
        &self.secret
    }
}

impl Drop for HashKeys {
    fn drop(&mut self) {
        self.secret.fill(0);
        std::hint::black_box(&self.secret);
    }
}

impl std::fmt::Debug for HashKeys {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("HashKeys")
    }
}

/// HMAC-SHA256 under the key.
pub(super) fn keyed(key: &[u8; 32]) -> Hmac<Sha256> {
    let mut block = hmac::digest::Key::<Hmac<Sha256>>::default();
    block.iter_mut().zip(key).for_each(|(octet, secret)| *octet = *secret);
    <Hmac<Sha256> as Mac>::new(&block)
}

/// Of XXH3's default secret.
const SECRET_OCTETS: usize = 192;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_differ_by_tenant_by_purpose_and_by_where_a_part_ends() {
        let (one, two) = (HashKeys::derive(&[1; 32]), HashKeys::derive(&[2; 32]));
        let of =
            |keys: &HashKeys, what: &'static str, parts: [&'static str; 2]| keys.hash(what, parts.map(str::as_bytes));
        let first = of(&one, "a", ["bc", "d"]);
        assert_eq!(first, of(&HashKeys::derive(&[1; 32]), "a", ["bc", "d"]));
        for other in [of(&two, "a", ["bc", "d"]), of(&one, "b", ["bc", "d"]), of(&one, "a", ["b", "cd"])] {
            assert_ne!(first, other);
        }
        assert_ne!(one.secret(), two.secret());
        assert!(one.secret().chunks(32).all(|piece| piece != [0; 32]));
    }
}
