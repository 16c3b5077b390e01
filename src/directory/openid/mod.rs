//! Sign-in with a Microsoft account: OpenID Connect with Entra, authorization code flow with PKCE.
//!
//! The application is the one by which directories are read, proven by the same certificate; no secret is shared. An
//! account of any organisation will do, and none that is personal. What is believed is an ID token that came straight
//! from Microsoft for a code of this browser's, and was checked all the same ([`claims`], [`keys`]). No access token is
//! kept or used.

mod attempt;
mod claims;
mod keys;
mod provider;
#[cfg(test)]
mod tests;

use serde::Deserialize;

use super::application::Application;
use super::{Credentials, DirectoryError};
use crate::config::Pair;

pub use attempt::{Attempt, Purpose};
use claims::Expected;
pub use provider::Provider;

/// An account of any organisation, and no personal one.
const ANY: &str = "organizations";

/// Whom Microsoft says somebody is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The organisation's id.
    pub organisation: String,
    /// The person's id there.
    pub person: String,
    /// What the organisation writes of the person, to fill in a form. It proves nothing.
    pub first_name: String,
    pub last_name: String,
    pub email: String,
}

/// Why a token is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Untrue {
    #[error("it is no ID token")]
    Unreadable,
    #[error("it is signed in a way that is not taken")]
    Algorithm,
    #[error("no key of Microsoft's has signed it")]
    Key,
    #[error("its signature is wrong")]
    Signature,
    #[error("it is not of an organisation")]
    Organisation,
    #[error("somebody else has issued it")]
    Issuer,
    #[error("it is for another application")]
    Audience,
    #[error("it is too old or too new; the clock of this server may be wrong")]
    Time,
    #[error("it is for another sign-in")]
    Nonce,
    #[error("it names no person")]
    Person,
    /// Entra writes when somebody signed in only where the application asks for it.
    #[error(
        "it does not say that you have signed in just now; the application needs the optional claim auth_time in its ID \
         tokens"
    )]
    Stale,
}

/// Why nobody is signed in by an answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OpenIdError {
    /// The `state` is of another browser, another purpose, or old.
    #[error("this is no answer to a sign-in that this browser has begun; begin again")]
    Foreign,
    /// Used already, too old, or of another sign-in.
    #[error("Microsoft does not take this sign-in any more; begin again")]
    Code,
    #[error("what Microsoft has sent is not believed: {0}")]
    Untrue(#[from] Untrue),
    #[error("{0}")]
    Directory(#[from] DirectoryError),
}

/// The answer to a code.
#[derive(Deserialize)]
struct Given {
    id_token: String,
}

impl Application {
    /// Where to send the browser. `back`: where Microsoft is to lead it afterwards, as the application has it registered.
    ///
    /// # Errors
    /// None that is known; the type is that of all addresses.
    pub fn sign_in_link(&self, back: &str, attempt: &Attempt) -> Result<String, DirectoryError> {
        let mut url = self.endpoints.login_url(&format!("{ANY}/oauth2/v2.0/authorize"))?;
        url.query_pairs_mut()
            .append_pair("client_id", &self.client)
            .append_pair("response_type", "code")
            .append_pair("response_mode", "query")
            .append_pair("redirect_uri", back)
            .append_pair("scope", "openid profile email")
            .append_pair("state", &attempt.state())
            .append_pair("nonce", &attempt.nonce())
            .append_pair("code_challenge", &attempt.challenge())
            .append_pair("code_challenge_method", "S256");
        match attempt.purpose() {
            Purpose::Confirm => url.query_pairs_mut().append_pair("prompt", "login").append_pair("max_age", "0"),
            Purpose::Enter | Purpose::Link => url.query_pairs_mut().append_pair("prompt", "select_account"),
        };
        Ok(url.into())
    }

    /// Where a browser signs out at Microsoft as well.
    ///
    /// # Errors
    /// As [`sign_in_link`](Self::sign_in_link).
    pub fn sign_out_link(&self, organisation: &str, back: &str) -> Result<String, DirectoryError> {
        let mut url = self.endpoints.login_url(&format!("{organisation}/oauth2/v2.0/logout"))?;
        url.query_pairs_mut().append_pair("post_logout_redirect_uri", back);
        Ok(url.into())
    }

    /// Takes the answer that a browser came back with: whom Microsoft says it is.
    ///
    /// # Errors
    /// See [`OpenIdError`].
    pub async fn signed_in(
        &self,
        provider: &Provider,
        back: &str,
        (code, state): (&str, &str),
        attempt: &Attempt,
        now: i64,
    ) -> Result<Identity, OpenIdError> {
        if !attempt.is_answered_by(state) || code.is_empty() {
            return Err(OpenIdError::Foreign);
        }
        let address = self.endpoints.token(ANY);
        let credentials = Credentials::new(ANY, &self.client, Pair::clone(&self.pair))?;
        let assertion = credentials.assertion(&address, now)?;
        let form = [
            ("client_id", self.client.as_str()),
            ("scope", "openid profile email"),
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", back),
            ("code_verifier", &attempt.verifier()),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", &assertion),
        ];
        let answer = self.http.token(&address, &form).await.map_err(|error| match error {
            DirectoryError::Refused { code, .. } if code == "invalid_grant" => OpenIdError::Code,
            error => OpenIdError::Directory(error),
        })?;
        let Given { id_token } = serde_json::from_slice(&answer).map_err(|_| Untrue::Unreadable)?;
        let expected = Expected { client: &self.client, attempt, now };
        provider.identity(self, &id_token, &expected).await
    }
}
