//! The API's certificate, followed while the process runs: a renewed one is put in place of the old one, and that is
//! all. One that cannot be used leaves the one before in force.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use rustls::ServerConfig;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use crate::config::{Pair, PairError, PairFiles};

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
        let pair = ArcSwap::new(Pair::read(&files)?.certified);
        Ok(Arc::new(Followed { files, pair }))
    }

    /// TLS 1.3 and 1.2 with this certificate.
    pub fn config(self: &Arc<Followed>) -> Result<ServerConfig, rustls::Error> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let versions = &[&rustls::version::TLS13, &rustls::version::TLS12];
        let builder = ServerConfig::builder_with_provider(provider).with_protocol_versions(versions)?;
        Ok(builder.with_no_client_auth().with_cert_resolver(self.clone()))
    }

    /// Looks at the files again and again, for ever.
    pub async fn follow(self: Arc<Followed>) {
        loop {
            tokio::time::sleep(LOOK).await;
            let files = self.files.clone();
            // Half of a pair is no pair: it is seen whole at a later look.
            if let Ok(Ok(pair)) = tokio::task::spawn_blocking(move || Pair::read(&files)).await {
                self.pair.store(pair.certified);
            }
        }
    }
}

impl ResolvesServerCert for Followed {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.pair.load_full())
    }
}
