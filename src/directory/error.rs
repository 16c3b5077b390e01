//! What goes wrong with a directory, from the side of the administrator who reads it: each text says what to do.
//!
//! No answer of Microsoft's is passed on but the code and the message of a refusal that has no name here, and those
//! shortened and in one line. Entra names its reasons by numbers (`AADSTS…`), Graph by words.

use std::time::Duration;

use serde::Deserialize;

/// Why the directory was not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DirectoryError {
    /// Too many requests. With the time after which to come again, if Microsoft gave one.
    #[error("Microsoft asked us to slow down; the sync goes on from where it is at its next run")]
    Throttled { after: Option<Duration> },
    /// A 5xx, or a 408.
    #[error("Microsoft answered {status} again and again; the sync goes on from where it is at its next run")]
    Temporary { status: u16, after: Option<Duration> },
    /// No connection, no answer in time, or the answer broke off.
    #[error("Microsoft could not be reached ({0}); check that this server may connect to it")]
    Unreachable(String),
    /// The place we wanted to go on from is not known any more (410). Where Microsoft offers to begin anew is not
    /// used: we know what we ask for.
    #[error("Microsoft has forgotten where the last sync ended; everything is read anew")]
    Resync,
    /// The token is refused, a fresh one too.
    #[error("Microsoft does not accept the token it has just given out; try again, then consent anew")]
    Unauthorized,
    /// The application is not in the organisation, is switched off, or lacks a permission.
    #[error("not authorised: an administrator of the organisation has to consent to reading the directory ({0})")]
    ConsentRevoked(String),
    /// The certificate is not one the application registration has.
    #[error("the certificate is not registered with the application in Microsoft Entra ({0})")]
    CertificateUnknown(String),
    /// The assertion is too old or too new for Microsoft.
    #[error("the clock of this server is wrong: Microsoft finds our time out of range ({0})")]
    Clock(String),
    /// No organisation of this id.
    #[error("Microsoft knows no organisation with this tenant id ({0})")]
    UnknownTenant(String),
    /// The group that the sync is limited to does not exist.
    #[error("the group the sync is limited to does not exist any more; choose another")]
    ScopeGone,
    /// A refusal that has no name here.
    #[error("Microsoft refused ({status} {code}: {message})")]
    Refused { status: u16, code: String, message: String },
    /// Not what Microsoft documents: no JSON, no page, a foreign link.
    #[error("Microsoft's answer could not be understood: {0}")]
    Unreadable(String),
    /// An answer beyond every bound.
    #[error("Microsoft's answer is larger than {most_bytes} octets")]
    TooLarge { most_bytes: usize },
    /// Certificate or ids cannot be used to ask for a token.
    #[error("the credentials cannot be used: {0}")]
    Credentials(String),
    /// Not `https://host`.
    #[error("`{0}` is not an address of Microsoft's services: https:// and a host, nothing behind it")]
    Endpoint(String),
    /// A property or a group that cannot stand in a request.
    #[error("`{0}` cannot be asked for: names are letters, digits, - and _")]
    Name(String),
    /// The store did not take a page.
    #[error("what was read could not be kept: {0}")]
    NotKept(String),
}

/// What of an answer that is no success decides on what it means.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Refusal<'a> {
    pub status: u16,
    pub retry_after: Option<Duration>,
    pub body: &'a [u8],
}

#[derive(Deserialize)]
struct GraphBody {
    error: GraphFault,
}

#[derive(Deserialize)]
struct GraphFault {
    code: String,
    #[serde(default)]
    message: String,
}

#[derive(Deserialize)]
struct EntraBody {
    error: String,
    #[serde(default)]
    error_description: String,
    #[serde(default)]
    error_codes: Vec<u64>,
}

impl DirectoryError {
    /// A later attempt may succeed without anybody doing anything.
    pub fn is_temporary(&self) -> bool {
        matches!(
            self,
            DirectoryError::Throttled { .. } | DirectoryError::Temporary { .. } | DirectoryError::Unreachable(_)
        )
    }

    /// What Graph means.
    pub(super) fn of_graph(refusal: &Refusal<'_>) -> DirectoryError {
        let Refusal { status, retry_after, body } = *refusal;
        let (code, message) = serde_json::from_slice::<GraphBody>(body)
            .map(|body| (line(&body.error.code), line(&body.error.message)))
            .unwrap_or_default();
        match status {
            401 if code == "Authorization_IdentityNotFound" => DirectoryError::ConsentRevoked(code),
            401 => DirectoryError::Unauthorized,
            403 if CONSENT_WORDS.contains(&code.as_str()) => DirectoryError::ConsentRevoked(code),
            410 => DirectoryError::Resync,
            400 if RESYNC_WORDS.iter().any(|word| word.eq_ignore_ascii_case(&code)) => DirectoryError::Resync,
            429 => DirectoryError::Throttled { after: retry_after },
            408 | 500..=599 => DirectoryError::Temporary { status, after: retry_after },
            _ => DirectoryError::Refused { status, code, message },
        }
    }

    /// What Entra's token endpoint means.
    pub(super) fn of_entra(refusal: &Refusal<'_>) -> DirectoryError {
        let Refusal { status, retry_after, body } = *refusal;
        if status == 429 {
            return DirectoryError::Throttled { after: retry_after };
        }
        if status == 408 || status >= 500 {
            return DirectoryError::Temporary { status, after: retry_after };
        }
        let Ok(EntraBody { error, error_description, error_codes }) = serde_json::from_slice(body) else {
            return DirectoryError::Refused { status, code: String::new(), message: String::new() };
        };
        for number in error_codes {
            let code = format!("AADSTS{number}");
            match number {
                700_016 | 65_001 | 7_000_112 | 500_014 => return DirectoryError::ConsentRevoked(code),
                700_027 | 7_000_215 | 7_000_222 => return DirectoryError::CertificateUnknown(code),
                700_024 => return DirectoryError::Clock(code),
                90_002 | 900_023 => return DirectoryError::UnknownTenant(code),
                50_196 => return DirectoryError::Throttled { after: retry_after },
                _ => {}
            }
        }
        DirectoryError::Refused { status, code: line(&error), message: line(&error_description) }
    }
}

/// Codes of a 403 that mean: no consent for what was asked.
const CONSENT_WORDS: &[&str] = &["Authorization_RequestDenied", "Authorization_IdentityNotFound", "AccessDenied"];

/// Codes of a 400 that mean the same as a 410.
const RESYNC_WORDS: &[&str] = &[
    "resyncRequired",
    "syncStateNotFound",
    "syncStateInvalid",
    "Directory_ResyncRequired",
    "Directory_ExpiredPageToken",
];

/// The first line of foreign text, without control characters and not too long.
fn line(text: &str) -> String {
    text.lines().next().unwrap_or_default().chars().filter(|c| !c.is_control()).take(200).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;

    fn graph(status: u16, code: &str) -> DirectoryError {
        let body = format!(r#"{{"error":{{"code":"{code}","message":"Why.\nAnd more.","innerError":{{}}}}}}"#);
        let retry_after = Some(Duration::from_secs(7));
        DirectoryError::of_graph(&Refusal { status, retry_after, body: body.as_bytes() })
    }

    fn entra(status: u16, code: u64) -> DirectoryError {
        let body = format!(r#"{{"error":"invalid_client","error_description":"Why.","error_codes":[{code}]}}"#);
        DirectoryError::of_entra(&Refusal { status, body: body.as_bytes(), ..Refusal::default() })
    }

    #[test]
    fn graph_is_understood() {
        let after = Some(Duration::from_secs(7));
        let table = [
            (401, "InvalidAuthenticationToken", DirectoryError::Unauthorized),
            (403, "Authorization_RequestDenied", DirectoryError::ConsentRevoked("Authorization_RequestDenied".into())),
            (410, "resyncRequired", DirectoryError::Resync),
            (400, "SyncStateNotFound", DirectoryError::Resync),
            (429, "TooManyRequests", DirectoryError::Throttled { after }),
            (503, "ServiceUnavailable", DirectoryError::Temporary { status: 503, after }),
            (404, "X", DirectoryError::Refused { status: 404, code: "X".into(), message: "Why.".into() }),
            (403, "X", DirectoryError::Refused { status: 403, code: "X".into(), message: "Why.".into() }),
        ];
        for (status, code, expected) in table {
            assert_eq!(graph(status, code), expected, "{status} {code}");
        }
        let garbage = DirectoryError::of_graph(&Refusal { status: 502, body: b"<html>", ..Refusal::default() });
        assert_eq!(garbage, DirectoryError::Temporary { status: 502, after: None });
    }

    #[test]
    fn entra_is_understood() {
        let table = [
            (400, 700_016, DirectoryError::ConsentRevoked("AADSTS700016".into())),
            (400, 65_001, DirectoryError::ConsentRevoked("AADSTS65001".into())),
            (401, 700_027, DirectoryError::CertificateUnknown("AADSTS700027".into())),
            (401, 700_024, DirectoryError::Clock("AADSTS700024".into())),
            (400, 90_002, DirectoryError::UnknownTenant("AADSTS90002".into())),
            (400, 50_196, DirectoryError::Throttled { after: None }),
            (503, 90_033, DirectoryError::Temporary { status: 503, after: None }),
            (400, 1, DirectoryError::Refused { status: 400, code: "invalid_client".into(), message: "Why.".into() }),
        ];
        for (status, code, expected) in table {
            assert_eq!(entra(status, code), expected, "{status} {code}");
        }
    }

    #[test]
    fn foreign_text_stays_short_and_in_one_line() {
        assert_eq!(line("a\u{7}b\r\nc"), "ab");
        assert_eq!(line(&"ä".repeat(5000)).chars().count(), 200);
    }
}
