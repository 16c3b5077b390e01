//! Accounts of the console: signing up and in, and what their owners see and change of them.
//!
//! Whoever does not sign in learns nothing here: an unknown address is answered in the same words and the same time as a
//! known one. Sessions are cookies that scripts cannot read and other sites cannot send ([`cookie`], [`origin`]).

mod authenticator;
mod browser;
pub(super) mod cookie;
mod invited;
mod microsoft;
pub(super) mod origin;
mod own;
mod password;
mod patience;
mod session;
mod sign_in;
mod sign_up;

pub use patience::Patience;
pub use session::Signed;

use std::time::Duration;

use utoipa_actix_web::service_config::ServiceConfig;

/// Routes for whoever is not signed in; a test holds them against the document.
pub const OPEN: [&str; 13] = [
    "/sign-up",
    "/sign-up/verify",
    "/sign-in",
    "/sign-in/code",
    "/sign-in/code/again",
    "/sign-in/microsoft",
    "/sign-in/microsoft/answer",
    "/sign-out",
    "/password/forgot",
    "/password/reset",
    "/password/judge",
    "/invitations/look",
    "/invitations/accept",
];

/// Durations as the store counts them.
pub(super) fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    for routes in [
        sign_up::routes,
        sign_in::routes,
        microsoft::routes,
        invited::routes,
        password::routes,
        session::routes,
        own::routes,
        authenticator::routes,
    ] {
        config.configure(routes);
    }
}
