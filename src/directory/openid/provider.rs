//! What is known of Microsoft's sign-in: its issuer and its keys, read when they are first needed and kept.
//!
//! Keys are changed at any time and without notice, so a token by a key that is not known has them read again, but not
//! more often than once a minute. Both documents come from the one host that is configured.

use std::time::{Duration, Instant};

use reqwest::Url;
use serde::Deserialize;
use tokio::sync::Mutex;

use super::claims::{self, ANY_ORGANISATION, Expected};
use super::keys::{self, Key};
use super::{ANY, Identity, OpenIdError, Untrue};
use crate::directory::{Application, DirectoryError};

/// How long the keys are used without another look.
const KEPT: Duration = Duration::from_secs(24 * 3600);
/// How often they are looked at for a key that is not known.
const AGAIN: Duration = Duration::from_secs(60);

/// Issuer and keys; shared by all who sign in.
#[derive(Debug, Default)]
pub struct Provider(Mutex<Option<Known>>);

#[derive(Debug, Clone)]
struct Known {
    issuer: String,
    keys: Vec<Key>,
    read: Instant,
    /// When they were last read for the sake of an unknown key.
    again: Option<Instant>,
}

#[derive(Deserialize)]
struct Discovery {
    issuer: String,
    jwks_uri: String,
}

impl Provider {
    /// Whom a token is about.
    pub(super) async fn identity(
        &self,
        application: &Application,
        token: &str,
        expected: &Expected<'_>,
    ) -> Result<Identity, OpenIdError> {
        // One at a time: whoever comes meanwhile finds the keys there.
        let mut kept = self.0.lock().await;
        let known = match kept.take().filter(|known| known.read.elapsed() < KEPT) {
            Some(known) => kept.insert(known),
            None => kept.insert(read(application).await?),
        };
        let told = claims::identity(token, &known.keys, &known.issuer, expected);
        if told != Err(Untrue::Key) || known.again.is_some_and(|again| again.elapsed() < AGAIN) {
            return Ok(told?);
        }
        let again = Some(Instant::now());
        *known = Known { again, ..read(application).await? };
        Ok(claims::identity(token, &known.keys, &known.issuer, expected)?)
    }
}

async fn read(application: &Application) -> Result<Known, DirectoryError> {
    let unreadable = |what: &str| DirectoryError::Unreadable(what.to_owned());
    let document = application.discovery(ANY).await?;
    let Discovery { issuer, jwks_uri } =
        serde_json::from_slice(&document).map_err(|_| unreadable("no discovery document"))?;
    let address = Url::parse(&jwks_uri).map_err(|_| unreadable("the keys have no address"))?;
    let is_own = |url: &Url| application.endpoints.is_login(url);
    // An issuer that is one organisation's would be everybody's.
    let names_any = issuer.contains(ANY_ORGANISATION) && Url::parse(&issuer).is_ok_and(|url| is_own(&url));
    if !names_any || !is_own(&address) {
        return Err(unreadable("the discovery document leads elsewhere"));
    }
    let keys = keys::read(&application.http.document(address).await?).ok_or_else(|| unreadable("no keys"))?;
    Ok(Known { issuer, keys, read: Instant::now(), again: None })
}
