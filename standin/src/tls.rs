//! TLS as Exchange Online does it: as a server it asks for a client certificate and never breaks the handshake
//! over a bad one (it ends in 5.7.64 at the relay check instead); as a client it checks chain and name and shows
//! its own certificate.
//!
//! A certificate with the serverAuth usage alone is taken as a client's too: public authorities stop issuing
//! clientAuth, and whether Exchange Online needs it could not be found out.

use std::io;
use std::sync::Arc;

use rustls::client::danger::HandshakeSignatureValid;
use rustls::client::verify_server_cert_signed_by_trust_anchor;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::server::{ParsedCertificate, ServerConnection, WebPkiClientVerifier};
use rustls::{ClientConfig, DigitallySignedStruct, DistinguishedName, RootCertStore, ServerConfig, SignatureScheme};
use x509_parser::prelude::{FromDer, GeneralName, X509Certificate};

use crate::certificates::Identity;

/// What a finished handshake showed about the peer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFacts {
    /// `TLSv1_3` or `TLSv1_2`.
    pub version: String,
    /// The suite by its IANA name.
    pub cipher: String,
    /// SNI, if the peer sent it.
    pub server_name: Option<String>,
    /// DNS names of the peer's certificate; empty without one.
    pub peer_names: Vec<String>,
    /// `Ok` when the peer's certificate leads to a trusted root, else why not.
    pub peer_trusted: Result<(), String>,
}

impl TlsFacts {
    /// Reads the facts of a handshake we were the server of.
    pub fn of_server(connection: &ServerConnection, roots: &Arc<RootCertStore>) -> TlsFacts {
        let chain = connection.peer_certificates().unwrap_or_default();
        TlsFacts {
            version: connection.protocol_version().map(|version| format!("{version:?}")).unwrap_or_default(),
            cipher: connection
                .negotiated_cipher_suite()
                .map(|suite| format!("{:?}", suite.suite()))
                .unwrap_or_default(),
            server_name: connection.server_name().map(str::to_owned),
            peer_names: chain.first().map(names).unwrap_or_default(),
            peer_trusted: trusted(chain, roots),
        }
    }
}

/// A server that asks for a client certificate and takes any, good or bad, so that the relay check can answer.
pub fn server_config(identities: &[Identity]) -> io::Result<Arc<ServerConfig>> {
    let provider = provider();
    let resolver = Keys { identities: keys(identities, &provider)? };
    let config = ServerConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_client_cert_verifier(Arc::new(AnyClient { provider }))
        .with_cert_resolver(Arc::new(resolver));
    Ok(Arc::new(config))
}

/// A client that checks the server against `roots` and shows `identity`.
pub fn client_config(roots: Arc<RootCertStore>, identity: Option<&Identity>) -> io::Result<Arc<ClientConfig>> {
    let builder = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_root_certificates(roots);
    let config = match identity {
        Some(identity) => builder.with_client_auth_cert(identity.chain(), identity.key()).map_err(io::Error::other)?,
        None => builder.with_no_client_auth(),
    };
    Ok(Arc::new(config))
}

/// The DNS names of a certificate.
pub fn names(certificate: &CertificateDer<'_>) -> Vec<String> {
    let Ok((_, parsed)) = X509Certificate::from_der(certificate) else { return Vec::new() };
    let Ok(Some(extension)) = parsed.subject_alternative_name() else { return Vec::new() };
    let names = extension.value.general_names.iter();
    names.filter_map(|name| if let GeneralName::DNSName(dns) = name { Some((*dns).to_owned()) } else { None }).collect()
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(aws_lc_rs::default_provider())
}

fn trusted(chain: &[CertificateDer<'static>], roots: &Arc<RootCertStore>) -> Result<(), String> {
    let Some((leaf, intermediates)) = chain.split_first() else { return Err("no certificate".to_owned()) };
    let as_client = WebPkiClientVerifier::builder_with_provider(roots.clone(), provider())
        .build()
        .map_err(|error| error.to_string())?
        .verify_client_cert(leaf, intermediates, UnixTime::now());
    if as_client.is_ok() {
        return Ok(());
    }
    let algorithms = provider().signature_verification_algorithms;
    ParsedCertificate::try_from(leaf)
        .and_then(|parsed| {
            verify_server_cert_signed_by_trust_anchor(&parsed, roots, intermediates, UnixTime::now(), algorithms.all)
        })
        .map_err(|error| error.to_string())
}

/// Chooses by what the peer can verify: P-256 where it may, else RSA.
#[derive(Debug)]
struct Keys {
    identities: Vec<Arc<rustls::sign::CertifiedKey>>,
}

fn keys(identities: &[Identity], provider: &CryptoProvider) -> io::Result<Vec<Arc<rustls::sign::CertifiedKey>>> {
    let load = |identity: &Identity| {
        let key = provider.key_provider.load_private_key(identity.key()).map_err(io::Error::other)?;
        Ok(Arc::new(rustls::sign::CertifiedKey::new(identity.chain(), key)))
    };
    identities.iter().map(load).collect()
}

impl rustls::server::ResolvesServerCert for Keys {
    fn resolve(&self, hello: rustls::server::ClientHello<'_>) -> Option<Arc<rustls::sign::CertifiedKey>> {
        let fits = |key: &&Arc<rustls::sign::CertifiedKey>| key.key.choose_scheme(hello.signature_schemes()).is_some();
        self.identities.iter().find(fits).cloned()
    }
}

#[derive(Debug)]
struct AnyClient {
    provider: Arc<CryptoProvider>,
}

impl ClientCertVerifier for AnyClient {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn verify_client_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        // Trust is decided after the handshake, see `TlsFacts::peer_trusted`.
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
