//! A certificate chain and its key, parsed and matched: of our listeners, of tenants, and the roots we trust.
//!
//! A pair exists only if both parse and the key is the certificate's. Expiry is not checked here: a node must still
//! start with an expired certificate and say so (fault 59); who refuses it asks [`Pair::not_after_ms`].

use std::path::Path;
use std::sync::Arc;

use rustls::RootCertStore;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;

use super::PairFiles;

/// Why a chain and a key make no pair.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PairError {
    /// The file is not there or may not be read.
    #[error("{file} cannot be read: {cause}")]
    Unreadable { file: String, cause: String },
    /// No `BEGIN CERTIFICATE`, or not what it says.
    #[error("has no PEM certificate that parses ({0})")]
    Certificate(String),
    /// No `BEGIN PRIVATE KEY`, encrypted, or of a kind that TLS does not use.
    #[error("has no PEM private key that can be used ({0}); an encrypted key must be decrypted first")]
    Key(String),
    /// The key belongs to another certificate.
    #[error("the key does not belong to the certificate; the certificate comes first in its file, the chain after it")]
    Mismatch,
}

/// A certificate chain with its key.
#[derive(Clone)]
pub struct Pair {
    pub certified: Arc<CertifiedKey>,
    /// End of the first certificate's life, unix time in milliseconds.
    pub not_after_ms: i64,
    /// Start of the first certificate's life, unix time in milliseconds.
    pub not_before_ms: i64,
    /// The DNS names the first certificate is for, in lower case (subjectAltName, RFC 6125 section 6.4.4).
    pub names: Vec<String>,
}

impl std::fmt::Debug for Pair {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Pair(until {})", self.not_after_ms)
    }
}

impl Pair {
    /// Reads both files. Blocks.
    pub fn read(files: &PairFiles) -> Result<Pair, PairError> {
        Pair::parse(&read(&files.certificate)?, &read(&files.key)?)
    }

    /// From the text of both files.
    pub fn parse(chain_pem: &[u8], key_pem: &[u8]) -> Result<Pair, PairError> {
        let chain = certificates(chain_pem)?;
        let Some(first) = chain.first() else { return Err(PairError::Certificate("none in it".to_owned())) };
        let (_, parsed) =
            x509_parser::parse_x509_certificate(first).map_err(|error| PairError::Certificate(error.to_string()))?;
        let validity = parsed.validity();
        let (not_before_ms, not_after_ms) =
            (validity.not_before.timestamp().saturating_mul(1000), validity.not_after.timestamp().saturating_mul(1000));
        let names = dns_names(&parsed);
        let key = PrivateKeyDer::from_pem_slice(key_pem).map_err(|error| PairError::Key(error.to_string()))?;
        let provider = rustls::crypto::aws_lc_rs::default_provider();
        let signer = provider.key_provider.load_private_key(key).map_err(|error| PairError::Key(error.to_string()))?;
        let certified = CertifiedKey::new(chain, signer);
        certified.keys_match().map_err(|_| PairError::Mismatch)?;
        Ok(Pair { certified: Arc::new(certified), not_after_ms, not_before_ms, names })
    }

    /// `rsa` or `ecdsa`, to choose by what a peer can verify.
    pub fn algorithm(&self) -> rustls::SignatureAlgorithm {
        self.certified.key.algorithm()
    }
}

/// The trusted roots of a PEM file. Blocks.
pub fn roots(file: &Path) -> Result<RootCertStore, PairError> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(&read(file)?)? {
        roots.add(certificate).map_err(|error| PairError::Certificate(error.to_string()))?;
    }
    match roots.is_empty() {
        true => Err(PairError::Certificate("none in it".to_owned())),
        false => Ok(roots),
    }
}

fn dns_names(certificate: &X509Certificate<'_>) -> Vec<String> {
    let Ok(Some(names)) = certificate.subject_alternative_name() else { return Vec::new() };
    let name = |name: &GeneralName<'_>| match name {
        GeneralName::DNSName(name) => Some(name.to_ascii_lowercase()),
        _ => None,
    };
    names.value.general_names.iter().filter_map(name).collect()
}

fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, PairError> {
    CertificateDer::pem_slice_iter(pem)
        .collect::<Result<_, _>>()
        .map_err(|error| PairError::Certificate(error.to_string()))
}

fn read(file: &Path) -> Result<Vec<u8>, PairError> {
    std::fs::read(file)
        .map_err(|error| PairError::Unreadable { file: file.display().to_string(), cause: error.to_string() })
}
