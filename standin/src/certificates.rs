//! Certificates for one test run: an authority that nobody trusts but who is given it, and what it issues.
//!
//! Keys are made in memory; [`Identity::write`] puts PEM files where a configuration wants to name them. Bad
//! certificates are made as carefully as good ones: expired, for another name, with one usage only, self-signed,
//! or sent without the intermediate that Exchange Online insists on (a missing chain is answered by 5.7.64).

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose, RsaKeySize, date_time_ymd,
};
use rustls::RootCertStore;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// What signs: a root, or an intermediate below one.
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    /// The intermediates to send after a leaf, this authority's own certificate first; empty for a root.
    intermediates: Vec<Printed>,
    root: Printed,
}

/// A certificate with its chain and its key.
#[derive(Clone)]
pub struct Identity {
    certificates: Vec<Printed>,
    key_der: Vec<u8>,
    key_pem: String,
}

/// Where [`Identity::write`] put the files.
#[derive(Debug, Clone)]
pub struct Files {
    /// Leaf and intermediates, PEM.
    pub chain: PathBuf,
    /// Private key, PEM.
    pub key: PathBuf,
}

/// What is asked of an authority.
#[derive(Debug, Clone)]
pub struct Request {
    names: Vec<String>,
    key: Key,
    usages: Vec<ExtendedKeyUsagePurpose>,
    validity: Validity,
}

/// The kind of key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    P256,
    Rsa2048,
}

#[derive(Debug, Clone, Copy)]
enum Validity {
    Now,
    Over,
    NotYet,
}

#[derive(Clone)]
struct Printed {
    der: CertificateDer<'static>,
    pem: String,
}

impl Request {
    /// For a server of this name (an IP address is written as such); both usages, as most certificates have.
    pub fn server(name: &str) -> Request {
        Request::new(name, vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth])
    }

    /// For a client of this name; both usages.
    pub fn client(name: &str) -> Request {
        Request::server(name)
    }

    fn new(name: &str, usages: Vec<ExtendedKeyUsagePurpose>) -> Request {
        Request { names: vec![name.to_owned()], key: Key::P256, usages, validity: Validity::Now }
    }

    /// One more name in the SAN; the first stays the common name.
    pub fn also(mut self, name: &str) -> Request {
        self.names.push(name.to_owned());
        self
    }

    /// RSA 2048 in place of P-256.
    pub fn rsa(mut self) -> Request {
        self.key = Key::Rsa2048;
        self
    }

    /// The serverAuth usage alone, which is all that public authorities will issue.
    pub fn server_usage_only(mut self) -> Request {
        self.usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        self
    }

    /// The clientAuth usage alone.
    pub fn client_usage_only(mut self) -> Request {
        self.usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        self
    }

    /// A usage that fits neither end of a connection.
    pub fn code_signing_only(mut self) -> Request {
        self.usages = vec![ExtendedKeyUsagePurpose::CodeSigning];
        self
    }

    /// Ended in 2021.
    pub fn expired(mut self) -> Request {
        self.validity = Validity::Over;
        self
    }

    /// Begins in 2090.
    pub fn not_yet_valid(mut self) -> Request {
        self.validity = Validity::NotYet;
        self
    }

    fn params(&self) -> io::Result<CertificateParams> {
        let mut params = CertificateParams::new(self.names.clone()).map_err(io::Error::other)?;
        params.distinguished_name = DistinguishedName::new();
        if let Some(first) = self.names.first() {
            params.distinguished_name.push(DnType::CommonName, first.as_str());
        }
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = self.usages.clone();
        params.use_authority_key_identifier_extension = true;
        (params.not_before, params.not_after) = match self.validity {
            Validity::Now => (date_time_ymd(2020, 1, 1), date_time_ymd(2090, 1, 1)),
            Validity::Over => (date_time_ymd(2020, 1, 1), date_time_ymd(2021, 1, 1)),
            Validity::NotYet => (date_time_ymd(2090, 1, 1), date_time_ymd(2091, 1, 1)),
        };
        Ok(params)
    }

    fn key_pair(&self) -> io::Result<KeyPair> {
        match self.key {
            Key::P256 => KeyPair::generate(),
            Key::Rsa2048 => KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, RsaKeySize::_2048),
        }
        .map_err(io::Error::other)
    }
}

impl Authority {
    /// A new root of this common name.
    pub fn new(name: &str) -> io::Result<Authority> {
        let key = KeyPair::generate().map_err(io::Error::other)?;
        let issuer = CertifiedIssuer::self_signed(authority_params(name)?, key).map_err(io::Error::other)?;
        let root = Printed::of(issuer.as_ref());
        Ok(Authority { issuer, intermediates: Vec::new(), root })
    }

    /// An authority below this one; what it issues is sent with the intermediate.
    pub fn intermediate(&self, name: &str) -> io::Result<Authority> {
        let key = KeyPair::generate().map_err(io::Error::other)?;
        let issuer =
            CertifiedIssuer::signed_by(authority_params(name)?, key, &self.issuer).map_err(io::Error::other)?;
        let mut intermediates = vec![Printed::of(issuer.as_ref())];
        intermediates.extend(self.intermediates.iter().cloned());
        Ok(Authority { issuer, intermediates, root: self.root.clone() })
    }

    /// A certificate signed by this authority.
    pub fn issue(&self, request: Request) -> io::Result<Identity> {
        let key = request.key_pair()?;
        let leaf = request.params()?.signed_by(&key, &self.issuer).map_err(io::Error::other)?;
        let mut certificates = vec![Printed::of(&leaf)];
        certificates.extend(self.intermediates.iter().cloned());
        Ok(Identity { certificates, key_der: key.serialize_der(), key_pem: key.serialize_pem() })
    }

    /// The root's certificate, for a `roots` or `client_roots` file.
    pub fn root_pem(&self) -> &str {
        &self.root.pem
    }

    /// Writes the root's certificate as `<dir>/<stem>.pem`.
    pub fn write_root(&self, dir: &Path, stem: &str) -> io::Result<PathBuf> {
        let path = dir.join(format!("{stem}.pem"));
        std::fs::write(&path, &self.root.pem)?;
        Ok(path)
    }

    /// A store that trusts this authority's root alone.
    pub fn roots(&self) -> io::Result<Arc<RootCertStore>> {
        let mut roots = RootCertStore::empty();
        roots.add(self.root.der.clone()).map_err(io::Error::other)?;
        Ok(Arc::new(roots))
    }
}

impl Identity {
    /// Signed by its own key: no authority stands behind it.
    pub fn self_signed(request: Request) -> io::Result<Identity> {
        let key = request.key_pair()?;
        let certificate = request.params()?.self_signed(&key).map_err(io::Error::other)?;
        let certificates = vec![Printed::of(&certificate)];
        Ok(Identity { certificates, key_der: key.serialize_der(), key_pem: key.serialize_pem() })
    }

    /// The same leaf, sent without its intermediates.
    pub fn without_chain(mut self) -> Identity {
        self.certificates.truncate(1);
        self
    }

    /// Leaf and intermediates, PEM.
    pub fn chain_pem(&self) -> String {
        self.certificates.iter().map(|certificate| certificate.pem.as_str()).collect()
    }

    /// The private key, PEM (PKCS 8).
    pub fn key_pem(&self) -> &str {
        &self.key_pem
    }

    /// Leaf and intermediates for rustls.
    pub fn chain(&self) -> Vec<CertificateDer<'static>> {
        self.certificates.iter().map(|certificate| certificate.der.clone()).collect()
    }

    /// The private key for rustls.
    pub fn key(&self) -> PrivateKeyDer<'static> {
        PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(self.key_der.clone()))
    }

    /// Writes `<dir>/<stem>.pem` and `<dir>/<stem>.key`.
    pub fn write(&self, dir: &Path, stem: &str) -> io::Result<Files> {
        let files = Files { chain: dir.join(format!("{stem}.pem")), key: dir.join(format!("{stem}.key")) };
        std::fs::write(&files.chain, self.chain_pem())?;
        std::fs::write(&files.key, &self.key_pem)?;
        Ok(files)
    }
}

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authority").field("intermediates", &self.intermediates.len()).finish_non_exhaustive()
    }
}

/// Without the key.
impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("certificates", &self.certificates.len()).finish_non_exhaustive()
    }
}

impl Printed {
    fn of(certificate: &rcgen::Certificate) -> Printed {
        Printed { der: certificate.der().clone(), pem: certificate.pem() }
    }
}

fn authority_params(name: &str) -> io::Result<CertificateParams> {
    let mut params = CertificateParams::new(Vec::new()).map_err(io::Error::other)?;
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign, KeyUsagePurpose::DigitalSignature];
    (params.not_before, params.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2090, 1, 1));
    Ok(params)
}
