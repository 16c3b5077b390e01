//! The token that Graph wants, asked for when there is none and kept until five minutes before its end.
//!
//! One request is under way at a time; whoever comes meanwhile waits for the same token. A token is never logged and
//! never stored.

use std::time::{Duration, Instant};

use reqwest::header::HeaderValue;
use serde::Deserialize;
use tokio::sync::Mutex;

use super::DirectoryError;

/// How long before its end a token is not used any more.
const MARGIN: Duration = Duration::from_secs(300);

/// A token as the `Authorization` header wants it.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub header: HeaderValue,
    until: Instant,
}

/// The place where the one token is kept.
#[derive(Default)]
pub(super) struct Kept(Mutex<Option<Token>>);

#[derive(Deserialize)]
struct Given {
    access_token: String,
    expires_in: u64,
}

impl Kept {
    /// The token in force, else a fresh one by `ask`.
    pub async fn token(
        &self,
        ask: impl Future<Output = Result<Token, DirectoryError>>,
    ) -> Result<Token, DirectoryError> {
        let mut kept = self.0.lock().await;
        if let Some(token) = kept.as_ref().filter(|token| Instant::now() < token.until) {
            return Ok(token.clone());
        }
        let token = ask.await?;
        *kept = Some(token.clone());
        Ok(token)
    }

    /// Whether there is one.
    pub async fn is_there(&self) -> bool {
        self.0.lock().await.is_some()
    }

    /// Forgets a token that was refused, unless somebody has a fresh one already.
    pub async fn forget(&self, refused: &Token) {
        let mut kept = self.0.lock().await;
        if kept.as_ref() == Some(refused) {
            *kept = None;
        }
    }
}

impl Token {
    /// Reads the token endpoint's answer.
    pub fn read(body: &[u8], now: Instant) -> Result<Token, DirectoryError> {
        let unreadable = |what: &str| DirectoryError::Unreadable(what.to_owned());
        let Given { access_token, expires_in } =
            serde_json::from_slice(body).map_err(|_| unreadable("the token endpoint gave no token"))?;
        let mut header = HeaderValue::try_from(format!("Bearer {access_token}"))
            .map_err(|_| unreadable("the token cannot stand in a header"))?;
        header.set_sensitive(true);
        let life = Duration::from_secs(expires_in.min(86_400)).saturating_sub(MARGIN);
        Ok(Token { header, until: now + life })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;

    #[test]
    fn a_token_ends_five_minutes_early() {
        let now = Instant::now();
        let body = br#"{"token_type":"Bearer","expires_in":3599,"ext_expires_in":3599,"access_token":"ey"}"#;
        let token = Token::read(body, now).unwrap();
        assert_eq!(token.header, "Bearer ey");
        assert_eq!(token.until, now + Duration::from_secs(3299));
        assert!(!format!("{:?}", token.header).contains("ey"));
    }

    #[test]
    fn what_is_no_token_is_refused() {
        let far = format!(r#"{{"access_token":"a","expires_in":{}}}"#, u64::MAX);
        assert!(Token::read(far.as_bytes(), Instant::now()).is_ok());
        for bad in [
            &b"{}"[..],
            b"",
            b"[]",
            br#"{"access_token":"a\nb","expires_in":1}"#,
            br#"{"access_token":7,"expires_in":1}"#,
        ] {
            assert!(matches!(Token::read(bad, Instant::now()), Err(DirectoryError::Unreadable(_))));
        }
    }
}
