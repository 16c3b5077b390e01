//! The API's certificate, followed while the process runs: a renewed one is put in place of the old one, and that is
//! all. One that cannot be used leaves the one before in force.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use rustls::ServerConfig;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use crate::config::{Pair, PairError, PairFiles, TLS_VERSIONS, tls_provider};
use crate::metrics::metrics;

/// Between two looks at the files.
const LOOK: Duration = Duration::from_secs(30);

/// The pair in force.
#[derive(Debug)]
pub struct Followed {
    files: PairFiles,
    pair: ArcSwap<CertifiedKey>,
}

impl Followed {
    /// Reads the files. Blocks.
    ///
    /// # Errors
    /// They make no pair.
    pub fn read(files: PairFiles) -> Result<Arc<Followed>, PairError> {
        let pair = Pair::read(&files)?;
        tell_end(&pair);
        let pair = ArcSwap::new(pair.certified);
        Ok(Arc::new(Followed { files, pair }))
    }

    /// TLS with this certificate.
    pub fn config(self: &Arc<Followed>) -> Result<ServerConfig, rustls::Error> {
        let builder = ServerConfig::builder_with_provider(tls_provider()).with_protocol_versions(TLS_VERSIONS)?;
        Ok(builder.with_no_client_auth().with_cert_resolver(self.clone()))
    }

    /// Looks at the files again and again, for ever.
    pub async fn follow(self: Arc<Followed>) {
        loop {
            tokio::time::sleep(LOOK).await;
            let followed = self.clone();
            // A panic, which was told of when it happened, ends no following.
            let _ = tokio::task::spawn_blocking(move || followed.look()).await;
        }
    }

    fn look(&self) {
        // Half of a pair is no pair: it is seen whole at a later look.
        if let Ok(pair) = Pair::read(&self.files) {
            tell_end(&pair);
            self.pair.store(pair.certified);
        }
    }
}

/// Alerts come of it before its end.
fn tell_end(pair: &Pair) {
    metrics().certificate_expires_timestamp_seconds.with_label_values(&["console"]).set(pair.not_after_ms / 1000);
}

impl ResolvesServerCert for Followed {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.pair.load_full())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::io::{Read, Write};
    use std::net::TcpStream;

    use rustls::pki_types::CertificateDer;
    use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

    use super::*;
    use crate::config::{self, create_key_file};
    use crate::web::api::start;
    use crate::web::api::tests::beginning;

    fn renew(files: &PairFiles) -> CertificateDer<'static> {
        let key = rcgen::KeyPair::generate().unwrap();
        let parameters = rcgen::CertificateParams::new(vec!["console.example".to_owned()]).unwrap();
        let certificate = parameters.self_signed(&key).unwrap();
        std::fs::write(&files.certificate, certificate.pem()).unwrap();
        std::fs::write(&files.key, key.serialize_pem()).unwrap();
        certificate.der().clone()
    }

    #[test]
    fn a_renewed_certificate_is_shown_and_a_broken_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let files = PairFiles { certificate: path("a.pem"), key: path("a.key") };
        let first = renew(&files);
        let followed = Followed::read(files.clone()).unwrap();
        let shown = || followed.pair.load().cert.first().unwrap().clone();
        assert_eq!(shown(), first);
        let second = renew(&files);
        followed.look();
        assert_eq!(shown(), second);
        std::fs::write(&files.key, "half").unwrap();
        followed.look();
        assert_eq!(shown(), second);
    }

    #[test]
    fn the_api_speaks_tls_and_tells_browsers_so() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let pair = PairFiles { certificate: path("a.pem"), key: path("a.key") };
        let mut roots = RootCertStore::empty();
        roots.add(renew(&pair)).unwrap();
        create_key_file(&path("signet.key")).unwrap();
        let store = config::Store { url: format!("sqlite:{}", path("a.db").display()), key_file: path("signet.key") };
        let api = start(beginning(Some(pair), 1 << 20, store), None).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let config = Arc::new(config.with_root_certificates(roots).with_no_client_auth());
        let client = ClientConnection::new(config, "console.example".try_into().unwrap()).unwrap();
        let mut stream = StreamOwned::new(client, TcpStream::connect(api.address()).unwrap());
        stream.write_all(b"GET /api/v1/tenants HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = Vec::new();
        // What it has said is what counts, however the connection ends.
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8(answer).unwrap().to_lowercase();
        assert!(
            answer.starts_with("http/1.1 401") && answer.contains("strict-transport-security: max-age="),
            "{answer}"
        );
        // Without TLS nothing is said that could be read.
        let mut plain = TcpStream::connect(api.address()).unwrap();
        plain.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
        let mut answer = Vec::new();
        let _ = plain.read_to_end(&mut answer);
        assert!(!answer.starts_with(b"HTTP"));
    }
}
