//! Admin consent: where an administrator of an organisation is sent to let us read its directory, and what comes back.
//!
//! The way back is an address with parameters that anybody can forge. So the answer counts only with the `state` that
//! was given to this very session, and the organisation it names is a claim: who acts on it has to see a token for
//! that organisation first, which Microsoft gives after real consent alone.

use reqwest::Url;

use super::{DirectoryError, Endpoints};

/// What the administrator's browser came back with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Consent {
    /// Given for the organisation of this id, as the browser says.
    Given { tenant: String },
    /// Refused, or the administrator is none.
    Refused { code: String },
    /// Not an answer to what this session has asked.
    Foreign,
}

impl Endpoints {
    /// Where to send the administrator. `tenant`: the organisation, or `organizations` when it is not known yet.
    /// `state`: what cannot be guessed, bound to the session.
    ///
    /// # Errors
    /// [`DirectoryError::Name`] when tenant or client is no id.
    pub fn consent(&self, tenant: &str, client: &str, back: &str, state: &str) -> Result<String, DirectoryError> {
        for id in [tenant, client] {
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
            if id.is_empty() || !id.chars().all(plain) {
                return Err(DirectoryError::Name(id.to_owned()));
            }
        }
        let mut url = self.login_url(&format!("{tenant}/v2.0/adminconsent"))?;
        url.query_pairs_mut()
            .append_pair("client_id", client)
            .append_pair("scope", &self.scope())
            .append_pair("redirect_uri", back)
            .append_pair("state", state);
        Ok(url.into())
    }
}

impl Consent {
    /// The word that an answer carries; whose it is has to be looked up before the answer is [`read`](Self::read).
    pub fn state(query: &str) -> Option<String> {
        let url = Url::parse(&format!("https://signet.invalid/?{query}")).ok()?;
        let state = url.query_pairs().find(|(name, _)| name == "state").map(|(_, value)| value.into_owned());
        state.filter(|state| (1..=128).contains(&state.len()))
    }

    /// Reads the query of the address the browser came back to.
    pub fn read(query: &str, state: &str) -> Consent {
        // Only the query is read; the address before it is a place to hang it on.
        let Ok(url) = Url::parse(&format!("https://signet.invalid/?{query}")) else { return Consent::Foreign };
        let find = |name: &str| {
            let mut found = url.query_pairs().filter(|(own, _)| own == name).map(|(_, value)| value.into_owned());
            // A parameter that stands twice is read by some as the first and by others as the last.
            found.next().filter(|_| found.next().is_none())
        };
        if state.is_empty() || find("state").is_none_or(|own| own != state) {
            return Consent::Foreign;
        }
        if let Some(error) = find("error") {
            let plain = error.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
            return Consent::Refused { code: plain.take(64).collect() };
        }
        let agreed = find("admin_consent").is_some_and(|word| word.eq_ignore_ascii_case("true"));
        match find("tenant").filter(|tenant| agreed && is_guid(tenant)) {
            Some(tenant) => Consent::Given { tenant },
            None => Consent::Foreign,
        }
    }
}

fn is_guid(text: &str) -> bool {
    let lengths = [8, 4, 4, 4, 12];
    let mut parts = text.split('-');
    let fits = |length: &usize| {
        parts.next().is_some_and(|part| part.len() == *length && part.chars().all(|c| c.is_ascii_hexdigit()))
    };
    lengths.iter().all(fits) && text.len() == 36
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;

    const TENANT: &str = "bf24ff3e-1111-4000-8000-000000000001";

    #[test]
    fn the_address_asks_for_the_permissions_of_the_registration() {
        let endpoints = Endpoints::worldwide().unwrap();
        let address = endpoints.consent("organizations", "c11e", "https://s.example/back?a=b&c", "s/t").unwrap();
        assert_eq!(
            address,
            "https://login.microsoftonline.com/organizations/v2.0/adminconsent?client_id=c11e\
             &scope=https%3A%2F%2Fgraph.microsoft.com%2F.default\
             &redirect_uri=https%3A%2F%2Fs.example%2Fback%3Fa%3Db%26c&state=s%2Ft"
        );
        assert!(endpoints.consent("a/b", "c11e", "", "s").is_err());
        assert!(endpoints.consent("a", "", "", "s").is_err());
    }

    #[test]
    fn only_an_answer_to_this_session_counts() {
        let given = format!("tenant={TENANT}&state=s%2Ft&admin_consent=True&scope=x");
        assert_eq!(Consent::read(&given, "s/t"), Consent::Given { tenant: TENANT.into() });
        let refused = "error=permission_denied&error_description=The+admin+canceled+the+request&state=s%2Ft";
        assert_eq!(Consent::read(refused, "s/t"), Consent::Refused { code: "permission_denied".into() });
        let foreign = [
            String::new(),
            format!("tenant={TENANT}&state=other&admin_consent=True"),
            format!("tenant={TENANT}&admin_consent=True"),
            format!("tenant={TENANT}&state=s/t&state=other&admin_consent=True"),
            format!("tenant={TENANT}&state=s/t&admin_consent=False"),
            format!("tenant={TENANT}&state=s/t"),
            "tenant=../x&state=s/t&admin_consent=True".to_owned(),
        ];
        for query in foreign {
            assert_eq!(Consent::read(&query, "s/t"), Consent::Foreign, "{query}");
        }
        assert_eq!(Consent::read(&format!("tenant={TENANT}&state=&admin_consent=True"), ""), Consent::Foreign);
    }
}
