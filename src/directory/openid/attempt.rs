//! One sign-in that a browser has begun. The browser keeps a secret in a cookie; what Microsoft is shown follows from
//! it, so that an answer is known to belong to this browser, and nothing is kept of a sign-in that is never finished.
//!
//! `state` (RFC 6749 section 10.12) also says what the sign-in is for: an answer to one purpose is none to another.
//! `nonce` binds the ID token (OpenID Connect Core section 15.5.2), and the verifier the code (RFC 7636, S256).

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// What a sign-in with Microsoft is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To sign in, or to sign up.
    Enter,
    /// To link the Microsoft account with the account that has signed in.
    Link,
    /// To show once more that it is still the same person.
    Confirm,
}

impl Purpose {
    pub const ALL: [Purpose; 3] = [Purpose::Enter, Purpose::Link, Purpose::Confirm];

    pub fn word(self) -> &'static str {
        match self {
            Purpose::Enter => "enter",
            Purpose::Link => "link",
            Purpose::Confirm => "confirm",
        }
    }

    pub fn parse(word: &str) -> Option<Purpose> {
        Purpose::ALL.into_iter().find(|purpose| purpose.word() == word)
    }
}

/// The secret of one browser. Shows nothing of itself.
pub struct Attempt {
    key: hmac::Key,
    purpose: Purpose,
}

impl Attempt {
    pub fn new(secret: &str, purpose: Purpose) -> Attempt {
        Attempt { key: hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), purpose }
    }

    pub fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// `link.3q2-…`: the pages read by the first word which question was answered.
    pub fn state(&self) -> String {
        format!("{}.{}", self.purpose.word(), self.derived("state"))
    }

    /// Whether an answer with this `state` is one to this attempt.
    pub fn is_answered_by(&self, state: &str) -> bool {
        verify_slices_are_equal(self.state().as_bytes(), state.as_bytes()).is_ok()
    }

    pub(super) fn nonce(&self) -> String {
        self.derived("nonce")
    }

    pub(super) fn verifier(&self) -> String {
        self.derived("verifier")
    }

    pub(super) fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(digest(&SHA256, self.verifier().as_bytes()))
    }

    fn derived(&self, what: &str) -> String {
        let text = format!("{what} {}", self.purpose.word());
        URL_SAFE_NO_PAD.encode(hmac::sign(&self.key, text.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_known_by_browser_and_purpose() {
        let attempt = Attempt::new("one", Purpose::Link);
        assert!(attempt.is_answered_by(&attempt.state()));
        assert_eq!((attempt.verifier().len(), attempt.nonce().len()), (43, 43), "RFC 7636 section 4.1 asks for 43");
        for other in [Attempt::new("two", Purpose::Link), Attempt::new("one", Purpose::Enter)] {
            assert!(!attempt.is_answered_by(&other.state()) && attempt.nonce() != other.nonce());
        }
        let forged = attempt.state().replace("link", "enter");
        assert!(!Attempt::new("one", Purpose::Enter).is_answered_by(&forged));
        assert!(!attempt.is_answered_by(""));
        let shown = [attempt.state(), attempt.nonce(), attempt.challenge()].concat();
        assert!(!shown.contains(&attempt.verifier()), "the verifier is shown to nobody before the code is");
    }
}
