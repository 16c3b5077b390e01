//! The cookies of the console: who is signed in, which browser is trusted, which sign-in waits for its code, which for
//! Microsoft.
//!
//! Each is random, read by no script (`HttpOnly`), sent by no other site (`SameSite=Strict`) and over no plain line
//! (`Secure`, `__Host-`), but on a loopback address without TLS, where browsers would not keep such a one.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite, time};

/// What a cookie is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Session,
    Device,
    /// A sign-in whose code was mailed.
    Attempt,
    /// A sign-in for which the browser was sent to Microsoft.
    Microsoft,
    /// Whom Microsoft has said its owner is.
    Shown,
}

impl Kind {
    fn name(self, is_secure: bool) -> &'static str {
        match (self, is_secure) {
            (Kind::Session, true) => "__Host-signet",
            (Kind::Device, true) => "__Host-signet-device",
            (Kind::Attempt, true) => "__Host-signet-attempt",
            (Kind::Microsoft, true) => "__Host-signet-microsoft",
            (Kind::Shown, true) => "__Host-signet-shown",
            (Kind::Session, false) => "signet",
            (Kind::Device, false) => "signet-device",
            (Kind::Attempt, false) => "signet-attempt",
            (Kind::Microsoft, false) => "signet-microsoft",
            (Kind::Shown, false) => "signet-shown",
        }
    }

    /// What the browser shows.
    pub fn of(self, request: &HttpRequest, is_secure: bool) -> Option<String> {
        let shown = request.cookie(self.name(is_secure))?.value().to_owned();
        (!shown.is_empty() && shown.len() < 100).then_some(shown)
    }

    /// To be kept for so long, or until the browser is closed.
    pub fn set(self, value: &str, lasts: Option<Duration>, is_secure: bool) -> Cookie<'static> {
        let mut cookie = Cookie::build(self.name(is_secure), value.to_owned())
            .path("/")
            .http_only(true)
            .secure(is_secure)
            .same_site(SameSite::Strict);
        if let Some(lasts) = lasts {
            let seconds = i64::try_from(lasts.as_secs()).unwrap_or(i64::MAX);
            cookie = cookie.max_age(time::Duration::seconds(seconds));
        }
        cookie.finish()
    }

    /// To be forgotten.
    pub fn unset(self, is_secure: bool) -> Cookie<'static> {
        self.set("", Some(Duration::ZERO), is_secure)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn over_tls_a_cookie_is_of_this_host_alone() {
        let set = Kind::Session.set("abc", None, true).to_string();
        assert_eq!(set, "__Host-signet=abc; HttpOnly; SameSite=Strict; Secure; Path=/");
        for kind in [Kind::Session, Kind::Device, Kind::Attempt, Kind::Microsoft, Kind::Shown] {
            let set = kind.set("abc", None, true);
            assert!(set.name().starts_with("__Host-signet") && !kind.name(false).contains("__"), "{kind:?}");
            let kept = (set.http_only(), set.secure(), set.same_site(), set.path(), set.domain());
            assert_eq!(kept, (Some(true), Some(true), Some(SameSite::Strict), Some("/"), None), "{kind:?}");
        }
        let unset = Kind::Device.unset(false).to_string();
        assert!(unset.starts_with("signet-device=;") && unset.contains("Max-Age=0"), "{unset}");
    }
}
