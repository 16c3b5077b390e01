//! Who we are for Microsoft Entra: an application, proven by a certificate that is registered with it.
//!
//! There is no shared secret. Each token is asked for with an assertion, a JWT that is signed by the certificate's
//! key (PS256, RFC 7518 section 3.5; client authentication by RFC 7523 section 2.2), valid for ten minutes and used
//! once. An RSA key is needed: Entra takes no other.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rustls::SignatureScheme;
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::DirectoryError;
use crate::config::Pair;

/// How long an assertion is good for, in seconds. Microsoft asks for five to ten minutes.
const LIFE_SECONDS: i64 = 600;

/// One application in one organisation.
#[derive(Clone)]
pub struct Credentials {
    /// Id of the organisation (a GUID) or one of its domains.
    tenant: String,
    /// Id of the application (a GUID).
    client: String,
    /// Digest of the certificate by which Entra finds the key (`x5t#S256`, RFC 7515 section 4.1.8).
    thumbprint: String,
    pair: Pair,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Credentials({} in {})", self.client, self.tenant)
    }
}

impl Credentials {
    /// # Errors
    /// [`DirectoryError::Credentials`] when an id is none, or the key is not RSA.
    pub fn new(tenant: &str, client: &str, pair: Pair) -> Result<Credentials, DirectoryError> {
        let unfit = |what: &str| DirectoryError::Credentials(what.to_owned());
        let plain = |id: &str| {
            (1..=253).contains(&id.len()) && id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.'))
        };
        if !plain(tenant) {
            return Err(unfit("the tenant id is neither a GUID nor a domain"));
        }
        if !plain(client) {
            return Err(unfit("the client id is not a GUID"));
        }
        if pair.certified.key.choose_scheme(&[SignatureScheme::RSA_PSS_SHA256]).is_none() {
            return Err(unfit("Microsoft Entra takes certificates with an RSA key only"));
        }
        let leaf = pair.certified.cert.first().ok_or_else(|| unfit("there is no certificate"))?;
        let thumbprint = URL_SAFE_NO_PAD.encode(Sha256::digest(leaf));
        Ok(Credentials { tenant: tenant.to_owned(), client: client.to_owned(), thumbprint, pair })
    }

    /// The organisation.
    pub fn tenant(&self) -> &str {
        &self.tenant
    }

    /// The application.
    pub fn client(&self) -> &str {
        &self.client
    }

    /// A signed assertion for one request to `audience` at `now`, in unix seconds.
    pub(super) fn assertion(&self, audience: &str, now: i64) -> Result<String, DirectoryError> {
        let header = json!({"alg": "PS256", "typ": "JWT", "x5t#S256": self.thumbprint});
        let claims = json!({
            "aud": audience, "iss": self.client, "sub": self.client, "jti": Uuid::now_v7().to_string(),
            "nbf": now, "iat": now, "exp": now + LIFE_SECONDS,
        });
        let part = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let mut token = format!("{}.{}", part(header), part(claims));
        let signer = self.pair.certified.key.choose_scheme(&[SignatureScheme::RSA_PSS_SHA256]);
        let signature = signer.and_then(|signer| signer.sign(token.as_bytes()).ok());
        let signature = signature.ok_or_else(|| DirectoryError::Credentials("the key does not sign".into()))?;
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        Ok(token)
    }
}
