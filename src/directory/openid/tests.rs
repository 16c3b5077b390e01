//! Tokens that are to be believed, and the many that are not.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PKCS1_SHA512, RSA_PSS_SHA256,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::claims::{Expected, identity};
use super::{Attempt, Identity, Purpose, Untrue, keys};

const TID: &str = "bf24ff3e-ad0a-4c79-a44a-df7092489e22";
const OID: &str = "0c0ffee0-3333-4000-8000-000000000003";
const CLIENT: &str = "c11e0000-2222-4000-8000-000000000002";
const ISSUER: &str = "https://login.example/{tenantid}/v2.0";
const NOW: i64 = 1_800_000_000;

/// Microsoft's keys, and somebody else's.
struct Keys {
    rsa: RsaKeyPair,
    other: RsaKeyPair,
    ecdsa: EcdsaKeyPair,
    document: Value,
}

fn b64(octets: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(octets)
}

fn keys_made() -> Keys {
    let rsa = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
    let ecdsa = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    // RFC 8017, appendix A.1.1: a sequence of the modulus of 256 octets and the exponent of three.
    let written = rsa.public_key().as_ref();
    let (n, e) = (b64(&written[9..265]), b64(&written[267..270]));
    let point = ecdsa.public_key().as_ref().to_vec();
    let document = json!({"keys": [
        {"kty": "RSA", "use": "sig", "kid": "rsa", "n": n, "e": e, "issuer": ISSUER},
        {"kty": "RSA", "use": "sig", "kid": "elsewhere", "n": n, "e": e, "issuer": "https://login.example/other/v2.0"},
        {"kty": "RSA", "use": "enc", "kid": "sealing", "n": n, "e": e},
        {"kty": "EC", "kid": "ec", "crv": "P-256", "x": b64(&point[1..33]), "y": b64(&point[33..])},
        {"kty": "oct", "kid": "shared", "k": "c2VjcmV0"}, {"kty": "RSA", "kid": "half", "n": n}, 7,
    ]});
    Keys { other: RsaKeyPair::generate(KeySize::Rsa2048).unwrap(), rsa, ecdsa, document }
}

fn rsa(key: &RsaKeyPair, padding: &'static dyn aws_lc_rs::signature::RsaEncoding, text: &str) -> Vec<u8> {
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(padding, &SystemRandom::new(), text.as_bytes(), &mut signature).unwrap();
    signature
}

fn attempt() -> Attempt {
    Attempt::new("secret of a browser", Purpose::Enter)
}

fn claims() -> Value {
    json!({
        "ver": "2.0", "iss": ISSUER.replace("{tenantid}", TID), "aud": CLIENT, "exp": NOW + 3600, "nbf": NOW - 5,
        "iat": NOW - 5, "nonce": attempt().nonce(), "tid": TID, "oid": OID, "sub": "pairwise",
        "name": "Ada de Vance", "preferred_username": "ada@contoso.example",
    })
}

fn text(head: &Value, claims: &Value) -> String {
    format!("{}.{}", b64(head.to_string()), b64(claims.to_string()))
}

fn with(mut value: Value, changes: Value) -> Value {
    for (name, change) in changes.as_object().unwrap() {
        match change {
            Value::Null => drop(value.as_object_mut().unwrap().remove(name)),
            change => value[name] = change.clone(),
        }
    }
    value
}

impl Keys {
    fn told(&self, token: &str, attempt: &Attempt) -> Result<Identity, Untrue> {
        let keys = keys::read(self.document.to_string().as_bytes()).unwrap();
        identity(token, &keys, ISSUER, &Expected { client: CLIENT, attempt, now: NOW })
    }

    fn signed(&self, head: &Value, claims: &Value) -> String {
        let text = text(head, claims);
        let signature = rsa(&self.rsa, &RSA_PKCS1_SHA256, &text);
        format!("{text}.{}", b64(signature))
    }
}

fn head() -> Value {
    json!({"typ": "JWT", "alg": "RS256", "kid": "rsa"})
}

#[test]
fn a_token_of_microsofts_is_believed_whatever_it_is_signed_by() {
    let keys = keys_made();
    let who = Identity {
        organisation: TID.to_owned(),
        person: OID.to_owned(),
        first_name: "Ada de".to_owned(),
        last_name: "Vance".to_owned(),
        email: "ada@contoso.example".to_owned(),
    };
    assert_eq!(keys.told(&keys.signed(&head(), &claims()), &attempt()), Ok(who.clone()));
    let pss = text(&with(head(), json!({"alg": "PS256"})), &claims());
    let signature = rsa(&keys.rsa, &RSA_PSS_SHA256, &pss);
    assert_eq!(keys.told(&format!("{pss}.{}", b64(signature)), &attempt()), Ok(who.clone()));
    let curve = text(&json!({"alg": "ES256", "kid": "ec"}), &claims());
    let signature = keys.ecdsa.sign(&SystemRandom::new(), curve.as_bytes()).unwrap();
    assert_eq!(keys.told(&format!("{curve}.{}", b64(signature)), &attempt()), Ok(who));
    // Names that are written out come before those that are guessed, and no control character comes through.
    let named = with(claims(), json!({"given_name": " Ada\n", "family_name": "de Vance", "email": "a@b.example"}));
    let who = keys.told(&keys.signed(&head(), &named), &attempt()).unwrap();
    assert_eq!(
        (who.first_name.as_str(), who.last_name.as_str(), who.email.as_str()),
        ("Ada", "de Vance", "a@b.example")
    );
}

#[test]
fn a_fresh_sign_in_is_one_that_says_so() {
    let keys = keys_made();
    let confirm = Attempt::new("secret of a browser", Purpose::Confirm);
    for (auth_time, is_fresh) in [
        (json!(NOW - 10), true),
        (json!(NOW - 299), true),
        (json!(NOW - 301), false),
        (json!(NOW + 61), false),
        (Value::Null, false),
    ] {
        let claims = with(claims(), json!({"nonce": confirm.nonce(), "auth_time": auth_time}));
        let told = keys.told(&keys.signed(&head(), &claims), &confirm);
        assert_eq!(told.map(drop), if is_fresh { Ok(()) } else { Err(Untrue::Stale) }, "{auth_time}");
    }
}

#[test]
fn no_other_claims_are_believed() {
    let keys = keys_made();
    let other_tenant = "00000000-1111-4000-8000-000000000009";
    let issuer = |of: &str| ISSUER.replace("{tenantid}", of);
    let personal = "9188040d-6c67-4c5b-b112-36a304b66dad";
    let link = Attempt::new("secret of a browser", Purpose::Link).nonce();
    let other_browser = Attempt::new("another browser", Purpose::Enter).nonce();
    for (what, changes, why) in [
        ("issuer of another organisation", json!({"iss": issuer(other_tenant)}), Untrue::Issuer),
        ("organisation of another issuer", json!({"tid": other_tenant}), Untrue::Issuer),
        ("issuer elsewhere", json!({"iss": format!("https://evil.example/{TID}/v2.0")}), Untrue::Issuer),
        ("issuer with more behind it", json!({"iss": format!("{}/", issuer(TID))}), Untrue::Issuer),
        ("the issuer's template itself", json!({"iss": ISSUER}), Untrue::Issuer),
        ("version 1", json!({"ver": "1.0"}), Untrue::Issuer),
        ("no issuer", json!({"iss": null}), Untrue::Unreadable),
        ("another application", json!({"aud": "c11e0000-2222-4000-8000-00000000000f"}), Untrue::Audience),
        ("several applications", json!({"aud": [CLIENT, "other"]}), Untrue::Unreadable),
        ("asked for by another application", json!({"azp": "other"}), Untrue::Audience),
        ("no application", json!({"aud": null}), Untrue::Unreadable),
        ("too old", json!({"exp": NOW - 61}), Untrue::Time),
        ("not yet", json!({"nbf": NOW + 61}), Untrue::Time),
        ("issued tomorrow", json!({"iat": NOW + 86_400}), Untrue::Time),
        ("issued long ago", json!({"iat": NOW - 601}), Untrue::Time),
        ("no end", json!({"exp": null}), Untrue::Unreadable),
        ("an end in words", json!({"exp": "never"}), Untrue::Unreadable),
        ("an end of too many digits", json!({"exp": 1e300}), Untrue::Unreadable),
        ("of another browser", json!({"nonce": other_browser}), Untrue::Nonce),
        ("of another purpose", json!({"nonce": link}), Untrue::Nonce),
        ("no nonce", json!({"nonce": null}), Untrue::Unreadable),
        ("an empty nonce", json!({"nonce": ""}), Untrue::Nonce),
        ("a personal account", json!({"tid": personal, "iss": issuer(personal)}), Untrue::Organisation),
        ("no organisation", json!({"tid": null}), Untrue::Unreadable),
        ("an organisation with a path in it", json!({"tid": "../x", "iss": issuer("../x")}), Untrue::Organisation),
        (
            "capital letters",
            json!({"tid": TID.to_uppercase(), "iss": issuer(&TID.to_uppercase())}),
            Untrue::Organisation,
        ),
        ("no person", json!({"oid": null}), Untrue::Unreadable),
        ("a person by address", json!({"oid": "ada@contoso.example"}), Untrue::Person),
        ("nobody", json!({"oid": "00000000-0000-0000-0000-000000000000"}), Untrue::Person),
    ] {
        let token = keys.signed(&head(), &with(claims(), changes));
        assert_eq!(keys.told(&token, &attempt()), Err(why), "{what}");
    }
}

#[test]
fn no_other_signature_is_believed() {
    let keys = keys_made();
    let good = keys.signed(&head(), &claims());
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let by = |head: Value, sign: &dyn Fn(&str) -> Vec<u8>| {
        let text = text(&head, &claims());
        let signature = b64(sign(&text));
        format!("{text}.{signature}")
    };
    let public = keys.rsa.public_key().as_ref().to_vec();
    let modulus = keys.document["keys"][0]["n"].as_str().unwrap().to_owned();
    let mac = |secret: Vec<u8>| {
        move |text: &str| hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &secret), text.as_bytes()).as_ref().to_vec()
    };
    let of = |changes: Value| with(head(), changes);
    let same = |text: &str| rsa(&keys.rsa, &RSA_PKCS1_SHA256, text);
    let changed = format!("{}.{signature}", text(&head(), &with(claims(), json!({"oid": TID}))));
    for (what, token, why) in [
        ("signed by nobody", format!("{}.", text(&of(json!({"alg": "none"})), &claims())), Untrue::Algorithm),
        ("nobody in capitals", by(of(json!({"alg": "NONE"})), &same), Untrue::Algorithm),
        ("HMAC with the public key", by(of(json!({"alg": "HS256"})), &mac(public)), Untrue::Algorithm),
        ("HMAC with the modulus", by(of(json!({"alg": "HS256"})), &mac(modulus.into_bytes())), Untrue::Algorithm),
        ("HMAC called RS256", by(head(), &mac(b"secret".to_vec())), Untrue::Signature),
        ("RS512", by(of(json!({"alg": "RS512"})), &|text| rsa(&keys.rsa, &RSA_PKCS1_SHA512, text)), Untrue::Algorithm),
        ("one padding for the other", by(of(json!({"alg": "PS256"})), &same), Untrue::Signature),
        ("a key of another kind", by(of(json!({"alg": "ES256"})), &same), Untrue::Algorithm),
        ("another's key", by(head(), &|text| rsa(&keys.other, &RSA_PKCS1_SHA256, text)), Untrue::Signature),
        ("an unknown key", by(of(json!({"kid": "new"})), &same), Untrue::Key),
        ("a key that is not named", by(of(json!({"kid": null})), &same), Untrue::Unreadable),
        ("a key that seals", by(of(json!({"kid": "sealing"})), &same), Untrue::Key),
        ("a key that is shared", by(of(json!({"kid": "shared", "alg": "HS256"})), &same), Untrue::Algorithm),
        ("a key of another issuer", by(of(json!({"kid": "elsewhere"})), &same), Untrue::Issuer),
        ("something to be understood", by(of(json!({"crit": ["b64"], "b64": false})), &same), Untrue::Unreadable),
        (
            "a key of its own in the head",
            by(of(json!({"kid": "own", "jwk": keys.document["keys"][0]})), &same),
            Untrue::Key,
        ),
        ("claims changed afterwards", changed, Untrue::Signature),
        ("no signature", format!("{signed}."), Untrue::Signature),
        ("no dot", "token".to_owned(), Untrue::Unreadable),
        ("five parts", format!("{good}.x.y"), Untrue::Unreadable),
        ("nothing", String::new(), Untrue::Unreadable),
    ] {
        assert_eq!(keys.told(&token, &attempt()), Err(why), "{what}");
    }
}

#[test]
fn what_is_no_list_of_keys_has_none() {
    for bad in [&b""[..], b"[]", b"{}", br#"{"keys": 7}"#] {
        assert_eq!(keys::read(bad), None);
    }
    let many = json!({"keys": vec![keys_made().document["keys"][0].clone(); 60]});
    assert_eq!(keys::read(many.to_string().as_bytes()).unwrap().len(), 50);
}
