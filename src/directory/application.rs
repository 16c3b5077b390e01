//! The application by which this region reads directories: its certificate, where Microsoft is, and the connections,
//! shared by all tenants.
//!
//! There is one for the whole region, registered by who operates it; each organisation consents to it by itself. What it
//! may see is what the organisation's token says, so one organisation is never read by the token of another.

use std::sync::Arc;

use bytes::Bytes;
use rustls::RootCertStore;

use super::{Credentials, DirectoryError, Endpoints, Graph, Http, Patience};
use crate::config::{self, Pair};

/// The application, ready to ask.
#[derive(Debug, Clone)]
pub struct Application {
    pub(super) http: Http,
    pub(super) endpoints: Endpoints,
    pub(super) client: String,
    pub(super) pair: Arc<Pair>,
    redirect: Option<String>,
}

impl Application {
    /// Reads the files that the configuration names. Blocks.
    ///
    /// # Errors
    /// [`DirectoryError::Credentials`] and [`DirectoryError::Endpoint`] with what cannot be used.
    pub fn read(config: &config::Directory) -> Result<Application, DirectoryError> {
        let unfit = |error: config::PairError| DirectoryError::Credentials(error.to_string());
        let roots = match &config.roots {
            Some(file) => config::roots(file).map_err(unfit)?,
            None => RootCertStore::from_iter(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        };
        Ok(Application {
            http: Http::new(roots)?,
            endpoints: Endpoints::new(&config.login, &config.graph)?,
            client: config.client_id.clone(),
            pair: Arc::new(Pair::read(&config.pair).map_err(unfit)?),
            redirect: config.redirect.clone(),
        })
    }

    /// Graph for one organisation, by its id, asked with this patience.
    ///
    /// # Errors
    /// [`DirectoryError::Credentials`] when the id is none, or the key is of the wrong kind.
    pub fn graph(&self, organisation: &str, patience: Patience) -> Result<Graph, DirectoryError> {
        let credentials = Credentials::new(organisation, &self.client, Pair::clone(&self.pair))?;
        Ok(Graph::new(self.http.clone(), self.endpoints.clone(), credentials, patience))
    }

    /// The discovery document of OpenID Connect of the organisation that a domain belongs to, or of any; public.
    pub(super) async fn discovery(&self, domain: &str) -> Result<Bytes, DirectoryError> {
        let address = self.endpoints.login_url(&format!("{domain}/v2.0/.well-known/openid-configuration"))?;
        self.http.document(address).await
    }

    /// Where an administrator of the organisation consents. `state`: what the answer has to carry.
    ///
    /// # Errors
    /// [`DirectoryError::Credentials`] without an address to come back to.
    pub fn consent_link(&self, organisation: &str, state: &str) -> Result<String, DirectoryError> {
        let missing = || DirectoryError::Credentials("directory.redirect is not configured".to_owned());
        let back = self.redirect.as_deref().ok_or_else(missing)?;
        self.endpoints.consent(organisation, &self.client, back, state)
    }
}
