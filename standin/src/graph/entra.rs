//! Entra's token endpoint for applications with a certificate: what it checks of the assertion and how it refuses.
//!
//! The signature is verified by the certificate that was registered, PSS padding and all, so that an assertion which
//! Entra would refuse is refused here.

use std::collections::HashSet;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use aws_lc_rs::signature::{RSA_PSS_2048_8192_SHA256, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rustls::pki_types::CertificateDer;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use x509_parser::prelude::{FromDer, X509Certificate};

use super::http::{Answer, Request};

/// Whether an administrator has consented.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Consent {
    #[default]
    Given,
    /// The application was removed from the organisation: no tokens.
    Withdrawn,
    /// The application is there without its permissions: tokens that are good for nothing.
    Insufficient,
}

/// An application in an organisation, and the tokens given to it.
#[derive(Debug)]
pub(super) struct Entra {
    pub tenant: String,
    pub client: String,
    /// DER.
    pub certificates: Vec<Vec<u8>>,
    pub consent: Consent,
    /// What is told as the life of a token.
    pub life: Duration,
    /// How far our clock is ahead of the client's.
    pub ahead_seconds: i64,
    tokens: Vec<(String, Instant)>,
    given: u64,
    seen: HashSet<String>,
}

impl Entra {
    pub fn new(tenant: &str, client: &str) -> Entra {
        Entra {
            tenant: tenant.to_owned(),
            client: client.to_owned(),
            certificates: Vec::new(),
            consent: Consent::Given,
            life: Duration::from_secs(3599),
            ahead_seconds: 0,
            tokens: Vec::new(),
            given: 0,
            seen: HashSet::new(),
        }
    }

    /// How many tokens were given.
    pub fn given(&self) -> u64 {
        self.given
    }

    /// Takes all tokens back.
    pub fn revoke(&mut self) {
        self.tokens.clear();
    }

    /// Whether a request carries a token in force.
    pub fn knows(&self, request: &Request) -> bool {
        let token = request.header("authorization").and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
        self.tokens.iter().any(|(own, until)| own == token && Instant::now() < *until)
    }

    /// Answers an administrator's browser: back to where it came from, at once, as if the page had been clicked.
    pub fn consent_page(&self, request: &Request) -> Answer {
        let parameter = |name: &str| request.parameter(name).unwrap_or_default();
        if parameter("client_id") != self.client {
            return refusal(400, "unauthorized_client", 700_016, "Application was not found in the directory.");
        }
        let state = encode(&parameter("state"));
        let answer = match self.consent {
            Consent::Given => {
                format!("admin_consent=True&tenant={}&state={state}&scope={}", self.tenant, encode(&parameter("scope")))
            }
            _ => format!("error=permission_denied&error_description=The+admin+canceled+the+request&state={state}"),
        };
        let back = parameter("redirect_uri");
        let joint = if back.contains('?') { '&' } else { '?' };
        Answer::new(302, "").with("Location", format!("{back}{joint}{answer}"))
    }

    /// The discovery document of OpenID Connect, for everybody.
    pub fn discovery(&self, base: &str) -> Answer {
        let organisation = format!("{base}/{}", self.tenant);
        let body = json!({
            "issuer": format!("{organisation}/v2.0"), "token_endpoint": format!("{organisation}/oauth2/v2.0/token"),
            "authorization_endpoint": format!("{organisation}/oauth2/v2.0/authorize"),
            "jwks_uri": format!("{organisation}/discovery/v2.0/keys"), "response_types_supported": ["code", "id_token"],
            "subject_types_supported": ["pairwise"], "id_token_signing_alg_values_supported": ["RS256"],
            "tenant_region_scope": "EU", "cloud_instance_name": "microsoftonline.com",
        });
        Answer::new(200, body.to_string()).with("Content-Type", "application/json; charset=utf-8")
    }

    /// Answers a request for a token; `base` is where the endpoint is.
    pub fn token(&mut self, base: &str, request: &Request) -> Answer {
        match self.checked(base, request) {
            Ok(()) => {
                self.given += 1;
                let token = format!("eyJ0eXAiOiJKV1Qi.{:032x}.{}{}", self.given, self.tenant, "x".repeat(864));
                self.tokens.push((token.clone(), Instant::now() + self.life));
                let life = self.life.as_secs();
                let body =
                    json!({"token_type": "Bearer", "expires_in": life, "ext_expires_in": life, "access_token": token});
                Answer::new(200, body.to_string()).with("Content-Type", "application/json; charset=utf-8")
            }
            Err((status, error, number, why)) => refusal(status, error, number, why),
        }
    }

    fn checked(&mut self, base: &str, request: &Request) -> Result<(), Refused> {
        let field = |name: &str| request.field(name).unwrap_or_default();
        if request.path() != format!("/{}/oauth2/v2.0/token", self.tenant) {
            return Err((400, "invalid_request", 90_002, "Tenant not found."));
        }
        if self.consent == Consent::Withdrawn || field("client_id") != self.client {
            return Err((400, "unauthorized_client", 700_016, "Application was not found in the directory."));
        }
        if field("grant_type") != "client_credentials" {
            return Err((400, "unsupported_grant_type", 70_003, "The grant type is not supported."));
        }
        if field("scope") != format!("{base}/.default") {
            return Err((400, "invalid_scope", 70_011, "The scope is not valid."));
        }
        self.authenticated(base, request)
    }

    /// Whether it is the application that asks: what it has signed is for this endpoint, in time and new.
    pub fn authenticated(&mut self, base: &str, request: &Request) -> Result<(), Refused> {
        let field = |name: &str| request.field(name).unwrap_or_default();
        if field("client_id") != self.client {
            return Err((400, "unauthorized_client", 700_016, "Application was not found in the directory."));
        }
        if field("client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" {
            return Err((401, "invalid_client", 7_000_218, "The request must contain a client assertion."));
        }
        let claims = self.signed(&field("client_assertion"))?;
        let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
        if text("aud") != format!("{base}{}", request.path())
            || text("iss") != self.client
            || text("sub") != self.client
        {
            return Err((401, "invalid_client", 700_021, "The assertion's audience or issuer is wrong."));
        }
        self.in_time(&claims)?;
        let id = text("jti");
        if id.is_empty() || !self.seen.insert(id.to_owned()) {
            return Err((401, "invalid_client", 50_013, "The assertion was used before."));
        }
        Ok(())
    }

    /// The claims, if a registered certificate signed them.
    fn signed(&self, assertion: &str) -> Result<Value, Refused> {
        let unreadable: Refused = (401, "invalid_client", 50_027, "The assertion is not a JWT.");
        let (signed, signature) = assertion.rsplit_once('.').ok_or(unreadable)?;
        let (header, claims) = signed.split_once('.').ok_or(unreadable)?;
        let part = |text: &str| -> Result<Value, Refused> {
            let octets = URL_SAFE_NO_PAD.decode(text).map_err(|_| unreadable)?;
            serde_json::from_slice(&octets).map_err(|_| unreadable)
        };
        let (header, claims) = (part(header)?, part(claims)?);
        if header.get("alg") != Some(&"PS256".into()) || header.get("typ") != Some(&"JWT".into()) {
            return Err((401, "invalid_client", 50_026, "The assertion's algorithm is not supported."));
        }
        let named =
            |der: &&Vec<u8>| header.get("x5t#S256") == Some(&URL_SAFE_NO_PAD.encode(Sha256::digest(der)).into());
        let unknown: Refused =
            (401, "invalid_client", 700_027, "The certificate used to sign the client assertion is not registered.");
        let der = self.certificates.iter().find(named).ok_or(unknown)?;
        let (_, certificate) = X509Certificate::from_der(der).map_err(|_| unknown)?;
        let key = UnparsedPublicKey::new(&RSA_PSS_2048_8192_SHA256, &certificate.public_key().subject_public_key.data);
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| unreadable)?;
        key.verify(signed.as_bytes(), &signature)
            .map_err(|_| (401, "invalid_client", 700_027, "The signature of the client assertion is wrong."))?;
        Ok(claims)
    }

    fn in_time(&self, claims: &Value) -> Result<(), Refused> {
        let seconds = |name: &str| claims.get(name).and_then(Value::as_i64).unwrap_or_default();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let now = i64::try_from(now).unwrap_or_default() + self.ahead_seconds;
        let (from, until) = (seconds("nbf"), seconds("exp"));
        if from - 300 <= now && now <= until + 300 && until - from <= 600 {
            Ok(())
        } else {
            Err((401, "invalid_client", 700_024, "The assertion is not within its valid time range."))
        }
    }

    pub fn register(&mut self, certificate: &CertificateDer<'_>) {
        self.certificates.push(certificate.to_vec());
    }
}

pub(super) fn encode(text: &str) -> String {
    text.bytes()
        .map(|octet| if octet.is_ascii_alphanumeric() { char::from(octet).into() } else { format!("%{octet:02X}") })
        .collect()
}

/// Status, OAuth's word, Entra's number, and why.
pub(super) type Refused = (u16, &'static str, u64, &'static str);

/// There is no organisation of this id or domain.
pub(super) fn not_found() -> Answer {
    refusal(400, "invalid_tenant", 90_002, "Tenant not found.")
}

pub(super) fn json_answer(body: &Value) -> Answer {
    Answer::new(200, body.to_string()).with("Content-Type", "application/json; charset=utf-8")
}

pub(super) fn refusal(status: u16, error: &str, number: u64, why: &str) -> Answer {
    let body = json!({
        "error": error, "error_description": format!("AADSTS{number}: {why} Trace ID: 0 Correlation ID: 0"),
        "error_codes": [number], "timestamp": "2026-11-21 16:00:00Z", "trace_id": "00000000-0000-4000-8000-000000000000",
        "correlation_id": "00000000-0000-4000-8000-000000000000",
        "error_uri": format!("https://login.microsoftonline.com/error?code={number}"),
    });
    Answer::new(status, body.to_string()).with("Content-Type", "application/json; charset=utf-8")
}
