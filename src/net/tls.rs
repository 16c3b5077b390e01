//! TLS both ways: 1.3 and 1.2, ECDHE with AES-256-GCM-SHA384 only.
//!
//! Towards senders a certificate of RSA and one of P-256 may stand side by side, and the sender's own certificate is
//! asked for and verified. Towards next hops chain and name are verified, and the tenant's certificate is shown.
//! A client certificate with the serverAuth usage alone is accepted, since public authorities stop issuing clientAuth.

use std::fmt;
use std::sync::Arc;

use rustls::client::{ResolvesClientCert, verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::server::{ClientHello, ParsedCertificate, ResolvesServerCert, WebPkiClientVerifier};
use rustls::sign::CertifiedKey;
use rustls::{
    ClientConfig, DigitallySignedStruct, DistinguishedName, Error, RootCertStore, ServerConfig, SignatureScheme,
};
use x509_parser::prelude::{FromDer, GeneralName, X509Certificate};

use crate::config::{Pair, TLS_VERSIONS, tls_provider};

/// What makes TLS impossible to set up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TlsError {
    /// A listener without a certificate.
    #[error("no certificate is configured")]
    NoCertificate,
    /// rustls refuses what it is given.
    #[error("{0}")]
    Unusable(String),
}

impl From<Error> for TlsError {
    fn from(error: Error) -> TlsError {
        TlsError::Unusable(error.to_string())
    }
}

/// TLS of one listener.
pub struct Listener {
    pub config: Arc<ServerConfig>,
}

impl Listener {
    /// `pairs`: one or two, offered by what the sender can verify. `client_roots`: whom a sender's certificate may
    /// come from. Senders without a certificate are let in and prove nothing.
    ///
    /// # Errors
    /// See [`TlsError`].
    pub fn new(pairs: Vec<Pair>, client_roots: RootCertStore) -> Result<Listener, TlsError> {
        let provider = tls_provider();
        let keys: Vec<_> = pairs.into_iter().map(|pair| pair.certified).collect();
        if keys.is_empty() {
            return Err(TlsError::NoCertificate);
        }
        let verifier = EitherUsage::new(client_roots, provider.clone())?;
        let config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(TLS_VERSIONS)?
            .with_client_cert_verifier(Arc::new(verifier))
            .with_cert_resolver(Arc::new(SideBySide { keys }));
        Ok(Listener { config: Arc::new(config) })
    }
}

/// TLS towards a next hop, with the tenant's certificate where it has one.
///
/// # Errors
/// See [`TlsError`].
pub fn client_config(roots: Arc<RootCertStore>, tenant: Option<Pair>) -> Result<ClientConfig, TlsError> {
    let builder = ClientConfig::builder_with_provider(tls_provider())
        .with_protocol_versions(TLS_VERSIONS)?
        .with_root_certificates(roots);
    Ok(match tenant {
        Some(pair) => builder.with_client_cert_resolver(Arc::new(OfTenant { key: pair.certified })),
        None => builder.with_no_client_auth(),
    })
}

/// The public roots, for whoever configured none.
pub fn public_roots() -> RootCertStore {
    RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() }
}

/// The certificate is for this host name (RFC 6125: subject alternative names, one wildcard label).
pub fn is_for_name(certificate: &CertificateDer<'_>, name: &str) -> bool {
    let Ok(name) = ServerName::try_from(name.to_owned()) else { return false };
    ParsedCertificate::try_from(certificate).is_ok_and(|parsed| verify_server_name(&parsed, &name).is_ok())
}

/// The host names a certificate was issued for, in lower case.
pub fn names(certificate: &CertificateDer<'_>) -> Vec<String> {
    let Ok((_, parsed)) = X509Certificate::from_der(certificate) else { return Vec::new() };
    let Ok(Some(alternative)) = parsed.subject_alternative_name() else { return Vec::new() };
    let names = alternative.value.general_names.iter();
    names
        .filter_map(|name| match name {
            GeneralName::DNSName(name) => Some(name.to_ascii_lowercase()),
            _ => None,
        })
        .collect()
}

/// Offers the first certificate whose key the sender can verify.
#[derive(Debug)]
struct SideBySide {
    keys: Vec<Arc<CertifiedKey>>,
}

impl ResolvesServerCert for SideBySide {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let fits = |key: &&Arc<CertifiedKey>| key.key.choose_scheme(hello.signature_schemes()).is_some();
        self.keys.iter().find(fits).or(self.keys.first()).cloned()
    }
}

/// Shows the tenant's certificate whatever authorities the next hop names: many name none that fit.
#[derive(Debug)]
struct OfTenant {
    key: Arc<CertifiedKey>,
}

impl ResolvesClientCert for OfTenant {
    fn resolve(&self, _root_hints: &[&[u8]], schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.key.key.choose_scheme(schemes).map(|_| self.key.clone())
    }

    fn has_certs(&self) -> bool {
        true
    }
}

/// Verifies a client certificate by the clientAuth usage and, failing that, by serverAuth.
struct EitherUsage {
    by_client_usage: Arc<dyn ClientCertVerifier>,
    roots: RootCertStore,
    provider: Arc<CryptoProvider>,
}

impl EitherUsage {
    fn new(roots: RootCertStore, provider: Arc<CryptoProvider>) -> Result<EitherUsage, TlsError> {
        let by_client_usage = WebPkiClientVerifier::builder_with_provider(Arc::new(roots.clone()), provider.clone())
            .allow_unauthenticated()
            .build()
            .map_err(|error| TlsError::Unusable(error.to_string()))?;
        Ok(EitherUsage { by_client_usage, roots, provider })
    }
}

impl fmt::Debug for EitherUsage {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "EitherUsage({} roots)", self.roots.len())
    }
}

impl ClientCertVerifier for EitherUsage {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        // A hint of all public roots would make the handshake 15 kB longer; a sender has one certificate to show.
        &[]
    }

    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        self.by_client_usage.verify_client_cert(end_entity, intermediates, now).or_else(|refused| {
            let parsed = ParsedCertificate::try_from(end_entity)?;
            let algorithms = self.provider.signature_verification_algorithms.all;
            verify_server_cert_signed_by_trust_anchor(&parsed, &self.roots, intermediates, now, algorithms)
                .map(|()| ClientCertVerified::assertion())
                .map_err(|_| refused)
        })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, Error> {
        self.by_client_usage.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, Error> {
        self.by_client_usage.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.by_client_usage.supported_verify_schemes()
    }
}
