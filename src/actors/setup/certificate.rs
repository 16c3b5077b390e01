//! A client certificate as it will look to Microsoft 365.

use x509_parser::certificate::X509Certificate;

use crate::config::Pair;
use crate::tenant::Domain;

/// This long before its end a certificate should be replaced.
const SOON_MS: i64 = 30 * 24 * 3_600_000;

/// What there is to know of a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateSeen {
    /// DNS names it is for.
    pub names: Vec<String>,
    /// Who has issued it, as it says.
    pub issuer: String,
    /// End of its life, unix time in milliseconds.
    pub not_after_ms: i64,
    /// Certificates sent, it included.
    pub chain: usize,
    /// The name by which Microsoft 365 knows the tenant: it lies in one of its domains.
    pub accepted_name: Option<String>,
    /// What will not work, in sentences that say what to do.
    pub remarks: Vec<String>,
}

/// Looks at a certificate for a tenant with these domains.
pub fn see_certificate(pair: &Pair, domains: &[String], now_ms: i64) -> CertificateSeen {
    let chain = &pair.certified.cert;
    let parsed: Vec<X509Certificate<'_>> =
        chain.iter().filter_map(|one| x509_parser::parse_x509_certificate(one).ok()).map(|(_, one)| one).collect();
    let issuer = parsed.first().map(|first| first.issuer().to_string()).unwrap_or_default();
    let accepted_name = accepted(&pair.names, domains).map(str::to_owned);
    let mut remarks = Vec::new();
    if accepted_name.is_none() {
        remarks.push(
            "It carries no name in one of your domains, so Microsoft 365 could not tell whose mail it is; get one for a \
             name such as signet.<your domain>, and add that name as an accepted domain."
                .to_owned(),
        );
    }
    if pair.not_after_ms <= now_ms {
        remarks.push("It has expired; put in a new one.".to_owned());
    } else if pair.not_after_ms - now_ms < SOON_MS {
        remarks.push("It ends within thirty days; put in its successor in time.".to_owned());
    }
    if pair.not_before_ms > now_ms {
        remarks.push("Its life has not begun yet.".to_owned());
    }
    remarks.extend(chain_remark(&parsed).map(str::to_owned));
    CertificateSeen {
        names: pair.names.clone(),
        issuer,
        not_after_ms: pair.not_after_ms,
        chain: chain.len(),
        accepted_name,
        remarks,
    }
}

/// The first name that is a domain of the tenant or lies below one; no wildcard, for Microsoft 365 compares it whole.
fn accepted<'a>(names: &'a [String], domains: &[String]) -> Option<&'a str> {
    let below =
        |name: &str, domain: &str| name.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    let fits = |name: &str| domains.iter().any(|domain| below(&Domain::normal(name), &Domain::normal(domain)));
    names.iter().map(String::as_str).filter(|name| !name.starts_with("*.")).find(|name| fits(name))
}

/// Microsoft 365 wants the whole chain, up to a root that everybody knows.
fn chain_remark(chain: &[X509Certificate<'_>]) -> Option<&'static str> {
    let gap =
        chain.windows(2).any(|pair| matches!(pair, [one, next] if one.issuer().as_raw() != next.subject().as_raw()));
    if gap {
        return Some("Its chain is out of order: each certificate must be followed by the one of its issuer.");
    }
    let last = chain.last()?;
    let is_root =
        |root: &rustls::pki_types::TrustAnchor<'_>| content(last.issuer().as_raw()) == Some(root.subject.as_ref());
    match webpki_roots::TLS_SERVER_ROOTS.iter().any(is_root) {
        true => None,
        false if chain.len() == 1 && last.issuer().as_raw() == last.subject().as_raw() => {
            Some("It is signed by itself; Microsoft 365 takes certificates of public authorities only.")
        }
        false => Some(
            "Its chain does not end at a public authority: add the intermediate certificates of the issuer, or get one \
             from a public authority.",
        ),
    }
}

/// What stands in a DER sequence; trust anchors are kept without its head.
fn content(der: &[u8]) -> Option<&[u8]> {
    match der {
        [0x30, length, content @ ..] if *length < 0x80 => Some(content),
        [0x30, 0x81, _, content @ ..] | [0x30, 0x82, _, _, content @ ..] => Some(content),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use rcgen::{CertificateParams, KeyPair};

    use super::*;

    const YEAR_MS: i64 = 365 * 24 * 3_600_000;

    /// Signed by itself.
    fn pair(names: &[&str]) -> Pair {
        let key = KeyPair::generate().unwrap();
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let certificate = CertificateParams::new(names).unwrap().self_signed(&key).unwrap();
        Pair::parse(certificate.pem().as_bytes(), key.serialize_pem().as_bytes()).unwrap()
    }

    #[test]
    fn the_name_must_lie_in_a_domain_of_the_tenant() {
        let names =
            ["a.example", "evilcontoso.example", "signet.contoso.example", "contoso.example"].map(str::to_owned);
        assert_eq!(accepted(&names, &["Contoso.example".to_owned()]), Some("signet.contoso.example"));
        assert_eq!(accepted(&names[..2], &["contoso.example".to_owned()]), None);
        assert_eq!(accepted(&names[3..], &["contoso.example".to_owned()]), Some("contoso.example"));
        assert_eq!(accepted(&["*.contoso.example".to_owned()], &["contoso.example".to_owned()]), None);
    }

    #[test]
    fn what_microsoft_would_not_take_is_told() {
        let pair = pair(&["signet.contoso.example"]);
        let domains = ["contoso.example".to_owned()];
        let remarks = |now_ms: i64, domains: &[String]| see_certificate(&pair, domains, now_ms).remarks.join(" ");
        let now = pair.not_after_ms - YEAR_MS;
        assert!(remarks(now, &domains).starts_with("It is signed by itself"), "{}", remarks(now, &domains));
        assert!(remarks(now, &[]).contains("no name in one of your domains"));
        assert!(remarks(pair.not_after_ms - SOON_MS + 1, &domains).contains("within thirty days"));
        assert!(remarks(pair.not_after_ms, &domains).contains("has expired"));
        assert!(remarks(pair.not_before_ms - 1, &domains).contains("not begun"));
        let seen = see_certificate(&pair, &domains, now);
        assert_eq!((seen.chain, seen.accepted_name.as_deref()), (1, Some("signet.contoso.example")));
    }

    #[test]
    fn what_stands_in_a_sequence_is_found() {
        assert_eq!(content(&[0x30, 2, 7, 8]), Some(&[7, 8][..]));
        assert_eq!(content(&[0x30, 0x81, 2, 7, 8]), Some(&[7, 8][..]));
        assert_eq!(content(&[0x30, 0x82, 0, 2, 7, 8]), Some(&[7, 8][..]));
        assert_eq!(content(&[0x31, 2, 7, 8]), None);
        assert_eq!(content(&[]), None);
    }
}
