//! Entra's sign-in of people: the page on which one chooses who to be, codes that are good once, ID tokens, and the keys
//! that sign them. What Entra refuses is refused here, with its numbers.

use std::collections::HashMap;
use std::time::{SystemTime, UNIX_EPOCH};

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair, RSA_PKCS1_SHA256};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::entra::{Refused, encode, json_answer, refusal};
use super::http::{Answer, Request};
use super::organisation::Organisation;
use super::people::user_id;
use super::{CLIENT, Number};

/// Changes head and claims of an ID token before it is signed.
pub type Forge = fn(&mut Value, &mut Value);

/// What is remembered of people who sign in.
#[derive(Debug, Default)]
pub(super) struct OpenId {
    /// Where the application may have people led back to.
    pub redirects: Vec<String>,
    /// The newest last; made when the first is needed.
    keys: Vec<(String, RsaKeyPair)>,
    codes: HashMap<String, Chosen>,
    given: u64,
    pub forge: Option<Forge>,
}

/// Somebody who was chosen, and what for.
#[derive(Debug)]
struct Chosen {
    claims: Value,
    redirect: String,
    challenge: String,
    used: bool,
}

impl OpenId {
    /// Signs by another key from now on; the one before is still published, or not.
    pub fn roll_key(&mut self, is_kept: bool) {
        if !is_kept {
            self.keys.clear();
        }
        self.given += 1;
        if let Ok(key) = RsaKeyPair::generate(KeySize::Rsa2048) {
            self.keys.push((format!("key-{}", self.given), key));
        }
    }

    /// The discovery document of whoever is of any organisation.
    pub fn discovery(&self, base: &str) -> Answer {
        json_answer(&json!({
            "issuer": format!("{base}/{{tenantid}}/v2.0"),
            "authorization_endpoint": format!("{base}/organizations/oauth2/v2.0/authorize"),
            "token_endpoint": format!("{base}/organizations/oauth2/v2.0/token"),
            "jwks_uri": format!("{base}/organizations/discovery/v2.0/keys"),
            "response_types_supported": ["code", "id_token"], "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }))
    }

    pub fn keys(&mut self, base: &str) -> Answer {
        self.ready();
        let key = |(id, key): &(String, RsaKeyPair)| {
            // RFC 8017, appendix A.1.1: a sequence of the modulus of 256 octets and the exponent of three.
            let written = key.public_key().as_ref();
            let part = |range| URL_SAFE_NO_PAD.encode(written.get::<std::ops::Range<usize>>(range).unwrap_or_default());
            json!({
                "kty": "RSA", "use": "sig", "kid": id, "n": part(9..265), "e": part(267..270),
                "issuer": format!("{base}/{{tenantid}}/v2.0"),
            })
        };
        json_answer(&json!({"keys": self.keys.iter().map(key).collect::<Vec<_>>()}))
    }

    /// The page on which a browser's owner chooses who to be; with `person` it is chosen, and the browser led back.
    pub fn authorize(&mut self, base: &str, organisations: &[&Organisation], request: &Request) -> Answer {
        let parameter = |name: &str| request.parameter(name).unwrap_or_default();
        if parameter("client_id") != CLIENT {
            return refusal(400, "unauthorized_client", 700_016, "Application was not found in the directory.");
        }
        let redirect = parameter("redirect_uri");
        if !self.redirects.contains(&redirect) {
            let why = "The redirect URI specified in the request does not match those of the application.";
            return refusal(400, "invalid_request", 50_011, why);
        }
        let is_whole = parameter("response_type") == "code"
            && parameter("code_challenge_method") == "S256"
            && parameter("code_challenge").len() == 43
            && parameter("scope").split(' ').any(|scope| scope == "openid");
        if !is_whole {
            return refusal(400, "invalid_request", 900_144, "The request lacks a parameter.");
        }
        let Some(person) = request.parameter("person") else { return page(organisations, &request.target) };
        let back = |answer: String| {
            let address = format!("{redirect}?{answer}&state={}&session_state=0", encode(&parameter("state")));
            Answer::new(302, "").with("Location", address)
        };
        let chosen = organisations.iter().find_map(|one| {
            let number = person.strip_prefix(&format!("{}/", one.entra.tenant))?.parse::<Number>().ok()?;
            Some((one, number, one.directory.user(number)?))
        });
        let Some((organisation, number, user)) = chosen else {
            return back("error=access_denied&error_description=AADSTS65004%3A+User+declined".to_owned());
        };
        let now = now();
        let address = user.get("mail").cloned().unwrap_or_default();
        // Who is asked to sign in anew has done so now; others have some days ago.
        let signed_in = if parameter("prompt") == "login" { now } else { now - 3 * 86_400 };
        let claims = json!({
            "ver": "2.0", "iss": format!("{base}/{}/v2.0", organisation.entra.tenant), "aud": CLIENT,
            "iat": now, "nbf": now, "exp": now + 3600, "auth_time": signed_in, "tid": organisation.entra.tenant,
            "oid": user_id(number), "sub": format!("pairwise-{number}"), "nonce": parameter("nonce"),
            "name": user.get("displayName").cloned().unwrap_or_default(), "preferred_username": address,
        });
        self.given += 1;
        let code = format!("1.AXk-{:08x}", self.given);
        let challenge = parameter("code_challenge");
        self.codes.insert(code.clone(), Chosen { claims, redirect: redirect.clone(), challenge, used: false });
        back(format!("code={code}"))
    }

    /// Gives an ID token for a code, once, to the application that was authenticated.
    pub fn token(&mut self, request: &Request) -> Result<Answer, Refused> {
        let field = |name: &str| request.field(name).unwrap_or_default();
        let unknown = (400, "invalid_grant", 70_000, "The code is not valid.");
        let chosen = self.codes.get_mut(&field("code")).ok_or(unknown)?;
        if chosen.used {
            return Err((400, "invalid_grant", 54_005, "The code was already redeemed."));
        }
        if field("redirect_uri") != chosen.redirect {
            return Err((400, "invalid_grant", 500_112, "The reply address is not that of the authorization request."));
        }
        if URL_SAFE_NO_PAD.encode(digest(&SHA256, field("code_verifier").as_bytes())) != chosen.challenge {
            return Err((400, "invalid_grant", 501_481, "The code verifier does not match the code challenge."));
        }
        chosen.used = true;
        let claims = chosen.claims.clone();
        let token = self.signed(claims);
        Ok(json_answer(&json!({"token_type": "Bearer", "scope": "openid profile email", "expires_in": 3600,
            "access_token": "opaque", "id_token": token})))
    }

    fn signed(&mut self, mut claims: Value) -> String {
        self.ready();
        let Some((id, key)) = self.keys.last() else { return String::new() };
        let mut head = json!({"typ": "JWT", "alg": "RS256", "kid": id});
        if let Some(forge) = self.forge.take() {
            forge(&mut head, &mut claims);
        }
        let text = [head, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string())).join(".");
        let mut signature = vec![0; key.public_modulus_len()];
        let signed = key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature);
        signed.map_or_else(|_| String::new(), |()| format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    fn ready(&mut self) {
        if self.keys.is_empty() {
            self.roll_key(false);
        }
    }
}

/// Everybody who can be chosen, by organisation.
fn page(organisations: &[&Organisation], target: &str) -> Answer {
    let target = target.replace('&', "&amp;").replace('"', "&quot;");
    let mut list = String::new();
    for one in organisations {
        let name = one.domains.last().map_or(one.entra.tenant.as_str(), String::as_str);
        list.push_str(&format!("<h2>{name}</h2><ul>"));
        for number in 0..one.directory.user_count().min(20) {
            let Some(user) = one.directory.user(number) else { continue };
            let text = |name: &str| user.get(name).and_then(Value::as_str).unwrap_or_default().replace('<', "&lt;");
            let (shown, mail) = (text("displayName"), text("mail"));
            list.push_str(&format!(
                "<li><a href=\"{target}&amp;person={}/{number}\">{shown}</a> <span>{mail}</span></li>",
                one.entra.tenant
            ));
        }
        list.push_str("</ul>");
    }
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>Pick an account</title><style>body{{font:16px/1.6 'Segoe UI',system-ui,sans-serif;margin:8vh auto;\
         max-width:440px;padding:0 16px}}ul{{list-style:none;padding:0}}li{{padding:8px 0;border-top:1px solid #ddd}}\
         span{{color:#666;font-size:13px;display:block}}</style><h1>Pick an account</h1>\
         <p>This is a played Microsoft: be whoever you like.</p>{list}</html>"
    );
    Answer::new(200, page).with("Content-Type", "text/html; charset=utf-8")
}

fn now() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    i64::try_from(now).unwrap_or_default()
}
