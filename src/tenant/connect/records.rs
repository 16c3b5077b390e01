//! What the DNS records of a sending domain say, as far as mail that leaves by Microsoft 365 needs them.

/// The include by which a domain lets Exchange Online send for it.
pub const EXCHANGE_ONLINE: &str = "spf.protection.outlook.com";

/// Terms that cost a look-up, of one record with all it includes (RFC 7208 section 4.6.4).
pub const MOST_LOOKUPS: usize = 10;

/// A record of who may send (RFC 7208).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spf {
    terms: Vec<String>,
}

/// Why a domain has no such record that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoSpf {
    Missing,
    /// More than one: none counts then (RFC 7208 section 4.5).
    Several,
}

impl Spf {
    /// Among the TXT records of a domain.
    pub fn among(texts: &[String]) -> Result<Spf, NoSpf> {
        let mut found = texts.iter().filter_map(|text| {
            let (version, terms) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
            version.eq_ignore_ascii_case("v=spf1").then_some(terms)
        });
        let terms = found.next().ok_or(NoSpf::Missing)?;
        match found.next() {
            None => Ok(Spf { terms: terms.split_ascii_whitespace().map(str::to_ascii_lowercase).collect() }),
            Some(_) => Err(NoSpf::Several),
        }
    }

    /// Other domains whose records count too.
    pub fn others(&self) -> impl Iterator<Item = &str> {
        self.terms.iter().filter_map(|term| {
            let bare = mechanism(term);
            bare.strip_prefix("include:").or_else(|| bare.strip_prefix("redirect="))
        })
    }

    /// Terms that cost a look-up, without those of other domains.
    pub fn lookups(&self) -> usize {
        let costs = |term: &&String| {
            let bare = mechanism(term);
            let name = bare.split([':', '/', '=']).next().unwrap_or_default();
            matches!(name, "include" | "a" | "mx" | "ptr" | "exists" | "redirect")
        };
        self.terms.iter().filter(costs).count()
    }

    /// Whether others than those named may send as well (`+all` or `?all`), or nothing is said of them.
    pub fn is_open(&self) -> bool {
        let all = self.terms.iter().find(|term| mechanism(term) == "all");
        match all {
            Some(term) => !term.starts_with(['-', '~']),
            None => !self.terms.iter().any(|term| term.starts_with("redirect=")),
        }
    }
}

/// Without the qualifier.
fn mechanism(term: &str) -> &str {
    term.strip_prefix(['+', '-', '~', '?']).unwrap_or(term)
}

/// What receivers are asked to do with mail that is not proven (RFC 7489), among the TXT records below `_dmarc`.
pub fn dmarc_policy(texts: &[String]) -> Option<String> {
    let record = texts.iter().find(|text| {
        let version = text.split(';').next().unwrap_or_default();
        version.split_once('=').is_some_and(|(name, value)| {
            name.trim().eq_ignore_ascii_case("v") && value.trim().eq_ignore_ascii_case("DMARC1")
        })
    })?;
    let tags = record.split(';').filter_map(|tag| tag.split_once('='));
    let policy = tags.map(|(name, value)| (name.trim(), value.trim())).find(|(name, _)| name.eq_ignore_ascii_case("p"));
    policy.map(|(_, value)| value.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spf(texts: &[&str]) -> Result<Spf, NoSpf> {
        Spf::among(&texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn one_record_alone_counts() {
        assert_eq!(spf(&["MS=ms1", "google-site-verification=x"]), Err(NoSpf::Missing));
        assert_eq!(spf(&["v=spf10 -all"]), Err(NoSpf::Missing));
        assert_eq!(spf(&["v=spf1 -all", "V=SPF1 include:a.example"]), Err(NoSpf::Several));
        assert!(spf(&["v=spf1"]).is_ok());
    }

    #[test]
    fn terms_are_told_apart() {
        let cases: &[(&str, &[&str], usize, bool)] = &[
            ("v=spf1 include:spf.protection.outlook.com -all", &["spf.protection.outlook.com"], 1, false),
            ("v=spf1 +a mx/24 a:x.example ip4:192.0.2.0/24 ip6:2001:db8::/32 ~all", &[], 3, false),
            ("v=spf1 ?include:A.example ptr exists:%{i}.x.example ?all", &["a.example"], 3, true),
            ("v=spf1 ip4:192.0.2.1", &[], 0, true),
            ("v=spf1 redirect=_spf.x.example", &["_spf.x.example"], 1, false),
            ("v=spf1 all", &[], 0, true),
        ];
        for (text, others, lookups, is_open) in cases {
            let read = spf(&[text]);
            let Ok(read) = read else { panic!("{text}") };
            assert_eq!(read.others().collect::<Vec<_>>(), *others, "{text}");
            assert_eq!((read.lookups(), read.is_open()), (*lookups, *is_open), "{text}");
        }
    }

    #[test]
    fn the_policy_is_found() {
        let cases = [
            ("v=DMARC1; p=reject; rua=mailto:a@b.example", Some("reject")),
            ("V = dmarc1 ;sp=none; P = Quarantine", Some("quarantine")),
            ("v=DMARC1", None),
            ("v=spf1 -all", None),
            ("p=reject; v=DMARC1", None),
        ];
        for (text, policy) in cases {
            assert_eq!(dmarc_policy(&[text.to_owned()]).as_deref(), policy, "{text}");
        }
    }
}
