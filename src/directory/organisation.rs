//! Which organisation a domain belongs to, and which domains belong to an organisation, as Microsoft says.
//!
//! The first is public: the discovery document of OpenID Connect, asked for by the domain, names its issuer by the
//! organisation's id. The second is for those who have consented (Graph `domain` resource, `Domain.Read.All`).

use serde::Deserialize;
use serde_json::Value;

use super::page::{Next, Page, text};
use super::{Application, DirectoryError, Graph};

/// A domain that an organisation has proven to Microsoft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedDomain {
    pub name: String,
    /// The one that Microsoft gave, under which mail for the organisation is taken.
    pub is_initial: bool,
    pub is_default: bool,
    /// Mail is sent and received with it.
    pub takes_mail: bool,
}

/// Pages of domains that are read; an organisation has at most 5000.
const MOST_PAGES: usize = 60;

#[derive(Deserialize)]
struct Discovery {
    issuer: String,
}

impl Application {
    /// The id of the organisation that has proven a domain to Microsoft; `None`: no organisation has.
    ///
    /// # Errors
    /// Microsoft does not answer, or not as it says it does.
    pub async fn organisation_of(&self, domain: &str) -> Result<Option<String>, DirectoryError> {
        let body = match self.discovery(domain).await {
            Ok(body) => body,
            Err(DirectoryError::UnknownTenant(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        let unreadable = || DirectoryError::Unreadable("no discovery document".to_owned());
        let Discovery { issuer } = serde_json::from_slice(&body).map_err(|_| unreadable())?;
        let id = issuer.split('/').find(|part| is_guid(part)).ok_or_else(unreadable)?;
        Ok(Some(id.to_ascii_lowercase()))
    }
}

impl Graph {
    /// The domains that the organisation has proven.
    ///
    /// # Errors
    /// [`DirectoryError::ConsentRevoked`] without consent to reading domains; others as for every request.
    pub async fn domains(&self) -> Result<Vec<VerifiedDomain>, DirectoryError> {
        let select = "$select=id,isVerified,isInitial,isDefault,supportedServices";
        let mut link = self.endpoints().graph(&format!("domains?{select}"));
        let mut found = Vec::new();
        for _ in 0..MOST_PAGES {
            let page = Page::read(&self.get(&link, &|_| {}).await?)?;
            found.extend(page.items.iter().filter_map(verified));
            let Next::Page(next) = page.next else { break };
            link = next;
        }
        Ok(found)
    }
}

fn verified(object: &Value) -> Option<VerifiedDomain> {
    let is = |name: &str| object.get(name).and_then(Value::as_bool).unwrap_or_default();
    let services = object.get("supportedServices").and_then(Value::as_array).cloned().unwrap_or_default();
    is("isVerified").then_some(())?;
    Some(VerifiedDomain {
        name: text(object, "id")?.to_ascii_lowercase(),
        is_initial: is("isInitial"),
        is_default: is("isDefault"),
        takes_mail: services.iter().any(|service| service.as_str() == Some("Email")),
    })
}

fn is_guid(text: &str) -> bool {
    uuid::Uuid::try_parse(text).is_ok() && text.len() == 36
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_verified_domains_count() {
        let domain = |verified: bool| {
            json!({"id": "Contoso.example", "isVerified": verified, "isInitial": false,
            "isDefault": true, "supportedServices": ["Email", "OfficeCommunicationsOnline"]})
        };
        let read = verified(&domain(true));
        let Some(read) = read else { panic!("it is verified") };
        let VerifiedDomain { name, is_initial, is_default, takes_mail } = read;
        assert_eq!((name.as_str(), is_initial, is_default, takes_mail), ("contoso.example", false, true, true));
        assert_eq!(verified(&domain(false)), None);
        assert_eq!(verified(&json!({"isVerified": true})), None);
        assert_eq!(verified(&json!({"id": "a.example"})), None);
    }
}
