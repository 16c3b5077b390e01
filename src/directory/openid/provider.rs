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
use crate::directory::{Application, DirectoryError, Endpoints};

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
    let document = application.discovery(ANY).await?;
    let (issuer, address) = places(&document, &application.endpoints)?;
    let keys = keys::read(&application.http.document(address).await?).ok_or_else(|| unreadable("no keys"))?;
    Ok(Known { issuer, keys, read: Instant::now(), again: None })
}

/// The issuer, and where its keys are, both at the host of sign-in, as the discovery document says.
fn places(document: &[u8], endpoints: &Endpoints) -> Result<(String, Url), DirectoryError> {
    let Discovery { issuer, jwks_uri } =
        serde_json::from_slice(document).map_err(|_| unreadable("no discovery document"))?;
    let address = Url::parse(&jwks_uri).map_err(|_| unreadable("the keys have no address"))?;
    // An issuer that is one organisation's would be everybody's.
    let names_any = issuer.contains(ANY_ORGANISATION) && Url::parse(&issuer).is_ok_and(|url| endpoints.is_login(&url));
    if !names_any || !endpoints.is_login(&address) {
        return Err(unreadable("the discovery document leads elsewhere"));
    }
    Ok((issuer, address))
}

fn unreadable(what: &str) -> DirectoryError {
    DirectoryError::Unreadable(what.to_owned())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn nobody_else_says_who_issues_and_where_the_keys_are() {
        let endpoints = Endpoints::worldwide().unwrap();
        let told = |issuer: &str, keys: &str| {
            let document = serde_json::json!({"issuer": issuer, "jwks_uri": keys}).to_string();
            places(document.as_bytes(), &endpoints)
        };
        let (issuer, keys) =
            ("https://login.microsoftonline.com/{tenantid}/v2.0", "https://login.microsoftonline.com/common/keys");
        assert_eq!(told(issuer, keys), Ok((issuer.to_owned(), Url::parse(keys).unwrap())));
        for (issuer, keys) in [
            (issuer, "https://evil.example/common/keys"),
            (issuer, "http://169.254.169.254/keys"),
            (issuer, "http://login.microsoftonline.com/common/keys"),
            (issuer, "/common/keys"),
            ("https://evil.example/{tenantid}/v2.0", keys),
            ("https://login.microsoftonline.com/contoso/v2.0", keys),
        ] {
            assert!(told(issuer, keys).is_err(), "{issuer} {keys}");
        }
        assert!(places(b"{}", &endpoints).is_err());
    }
}
