//! What an ID token says (OpenID Connect Core section 3.1.3.7), and whether it may be believed.
//!
//! Who somebody is are two ids: of the organisation (`tid`) and of the person in it (`oid`). Neither ever changes or is
//! given to anybody else. Names and addresses of a token are what an organisation writes there, whoever owns them: they
//! are shown to the person for a form, and nothing is ever found by them.

use serde::Deserialize;

use super::keys::{self, Key};
use super::{Attempt, Identity, Purpose, Untrue};

/// How far the clocks may be apart.
const SKEW_SECONDS: i64 = 60;
/// How old a token may be: it comes straight from Microsoft.
const LONGEST_SECONDS: i64 = 600;
/// How long ago somebody may have shown a password or the like to Microsoft who has to do so again.
const FRESH_SECONDS: i64 = 300;
/// The "organisation" of personal accounts, which belongs to nobody.
const PERSONAL: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";
/// Stands in an issuer for the organisation's id.
pub(super) const ANY_ORGANISATION: &str = "{tenantid}";

/// What a token is held against.
pub(super) struct Expected<'a> {
    pub client: &'a str,
    pub attempt: &'a Attempt,
    /// Unix time in seconds.
    pub now: i64,
}

#[derive(Deserialize)]
struct Claims {
    ver: String,
    iss: String,
    aud: String,
    azp: Option<String>,
    exp: i64,
    nbf: i64,
    iat: i64,
    auth_time: Option<i64>,
    nonce: String,
    tid: String,
    oid: String,
    given_name: Option<String>,
    family_name: Option<String>,
    name: Option<String>,
    email: Option<String>,
    preferred_username: Option<String>,
}

/// Whom a token is about, if it is signed by one of the keys, for us, by and of whom it says, now, and for this browser.
/// `issuer` has [`ANY_ORGANISATION`] in it.
pub(super) fn identity(token: &str, keys: &[Key], issuer: &str, expected: &Expected<'_>) -> Result<Identity, Untrue> {
    let (claims, key) = keys::opened(token, keys)?;
    let claims: Claims = serde_json::from_slice(&claims).map_err(|_| Untrue::Unreadable)?;
    let Expected { client, attempt, now } = *expected;
    if !is_guid(&claims.tid) || claims.tid == PERSONAL {
        return Err(Untrue::Organisation);
    }
    let is_issuer = |template: &str| claims.iss == template.replace(ANY_ORGANISATION, &claims.tid);
    if claims.ver != "2.0" || !is_issuer(issuer) || !key.issuer.as_deref().is_none_or(is_issuer) {
        return Err(Untrue::Issuer);
    }
    if claims.aud != client || claims.azp.as_deref().is_some_and(|party| party != client) {
        return Err(Untrue::Audience);
    }
    let is_now = claims.nbf <= now.saturating_add(SKEW_SECONDS)
        && claims.iat <= now.saturating_add(SKEW_SECONDS)
        && claims.iat >= now.saturating_sub(LONGEST_SECONDS)
        && claims.exp > now.saturating_sub(SKEW_SECONDS);
    if !is_now {
        return Err(Untrue::Time);
    }
    if claims.nonce != attempt.nonce() {
        return Err(Untrue::Nonce);
    }
    if !is_guid(&claims.oid) {
        return Err(Untrue::Person);
    }
    let is_fresh = |time: i64| (now - FRESH_SECONDS..=now + SKEW_SECONDS).contains(&time);
    if attempt.purpose() == Purpose::Confirm && !claims.auth_time.is_some_and(is_fresh) {
        return Err(Untrue::Stale);
    }
    Ok(claims.identity())
}

impl Claims {
    fn identity(self) -> Identity {
        let whole = self.name.unwrap_or_default();
        let (first, last) = whole.rsplit_once(' ').unwrap_or((whole.as_str(), ""));
        Identity {
            first_name: line(self.given_name.as_deref().unwrap_or(first)),
            last_name: line(self.family_name.as_deref().unwrap_or(last)),
            email: line(self.email.or(self.preferred_username).as_deref().unwrap_or_default()),
            organisation: self.tid,
            person: self.oid,
        }
    }
}

/// As Entra writes them, in lower case.
fn is_guid(text: &str) -> bool {
    let is_written = |c: char| c == '-' || c.is_ascii_digit() || ('a'..='f').contains(&c);
    text.len() == 36 && text.chars().all(is_written) && uuid::Uuid::try_parse(text).is_ok_and(|id| !id.is_nil())
}

/// Foreign text for a field of a form.
fn line(text: &str) -> String {
    text.trim().chars().filter(|c| !c.is_control()).take(100).collect()
}
