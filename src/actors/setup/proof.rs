//! Whether a domain is somebody's own: by a TXT record with a word that only this tenant was told, or because Microsoft
//! says that it belongs to the organisation that has let us in and whose first domain was proven so.
//!
//! The record is what everything rests on. Who has consented to something at Microsoft proves nothing to us: the answer
//! comes by a browser, and an organisation that consented once lets in whoever names it.

use crate::directory::DirectoryError;
use crate::net::Silent;
use crate::store::{Proven, Store, StoreError};
use crate::tenant::{Domain, NextHop, TenantId};

use super::{PATIENCE, Setup};

/// The label below a domain at which the record is looked for.
const LABEL: &str = "_signet";

/// Why a domain was not taken.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ProofError {
    /// Microsoft says nothing of the domain, and no record has the word.
    #[error(
        "there is no TXT record {name} with {wanted} yet{}; set it where the DNS of the domain is kept and try again, \
         which may take an hour after a change", there_is(.found)
    )]
    NoRecord { name: String, wanted: String, found: Vec<String> },
    #[error("{0} is no domain that is verified in Microsoft 365; add it there first (Settings, Domains)")]
    NotAtMicrosoft(String),
    /// No host under one of the suffixes.
    #[error(
        "where Microsoft 365 takes mail for {0} could not be found out; say the host yourself, as the DNS page of the \
         domain in the Microsoft 365 admin centre names it for MX"
    )]
    NoNextHop(String),
    #[error("{host} is not where Microsoft 365 takes mail; that lies under {}", .suffixes.join(" or "))]
    ForeignNextHop { host: String, suffixes: Vec<String> },
    #[error("the operator has configured no application by which Microsoft is asked (directory.client_id)")]
    NoApplication,
    #[error("{0}")]
    Silent(#[from] Silent),
    #[error("{0}")]
    Directory(#[from] DirectoryError),
    #[error("{0}")]
    Store(#[from] StoreError),
}

fn there_is(found: &[String]) -> String {
    match found {
        [] => String::new(),
        found => format!(" (there is {})", found.join(" and ")),
    }
}

impl Setup {
    /// Name and text of the TXT record by which a tenant proves a domain.
    pub async fn record(store: &Store, tenant: &TenantId, domain: &Domain) -> Result<(String, String), StoreError> {
        let word = store.domain_word(tenant, domain).await?;
        Ok((format!("{LABEL}.{}", domain.as_str()), format!("signet-domain={word}")))
    }

    /// Believes that a domain is the tenant's own, or tells why not. `host`: where Microsoft 365 takes mail for it, if
    /// somebody has said so.
    ///
    /// # Errors
    /// See [`ProofError`].
    pub async fn prove(
        &self,
        store: &Store,
        tenant: &TenantId,
        domain: &Domain,
        host: Option<&str>,
    ) -> Result<Proven, ProofError> {
        let settings = store.settings(tenant).await?;
        let named = match &settings.microsoft_tenant_id {
            Some(organisation) => self.is_of(organisation, domain).await.unwrap_or(false),
            None => false,
        };
        if !named {
            self.has_record(store, tenant, domain).await?;
        }
        let application = self.application.as_ref().ok_or(ProofError::NoApplication)?;
        let organisation = application.organisation_of(domain.as_str()).await?;
        let organisation = organisation.ok_or_else(|| ProofError::NotAtMicrosoft(domain.as_str().to_owned()))?;
        let next_hop = match settings.peer {
            Some(peer) => peer.next_hop().clone(),
            None => self.next_hop(domain, host).await?,
        };
        Ok(Proven { domain: domain.clone(), organisation, next_hop })
    }

    async fn has_record(&self, store: &Store, tenant: &TenantId, domain: &Domain) -> Result<(), ProofError> {
        let (name, wanted) = Setup::record(store, tenant, domain).await?;
        let mut found = self.records.texts(&name).await?;
        if found.iter().any(|text| text.trim() == wanted) {
            return Ok(());
        }
        for text in &mut found {
            *text = text.chars().filter(|c| !c.is_control()).take(80).collect();
        }
        found.truncate(3);
        Err(ProofError::NoRecord { name, wanted, found })
    }

    /// Whether the organisation, which has let us in, has proven the domain to Microsoft.
    async fn is_of(&self, organisation: &str, domain: &Domain) -> Result<bool, ProofError> {
        let domains = self.domains(organisation).await?;
        Ok(domains.iter().any(|own| Domain::normal(&own.name) == domain.as_str()))
    }

    /// The domains that the organisation has proven to Microsoft.
    ///
    /// # Errors
    /// [`ProofError::NoApplication`], [`ProofError::Directory`].
    pub async fn domains(&self, organisation: &str) -> Result<Vec<crate::directory::VerifiedDomain>, ProofError> {
        let application = self.application.as_ref().ok_or(ProofError::NoApplication)?;
        Ok(application.graph(organisation, PATIENCE)?.domains().await?)
    }

    /// Where Microsoft 365 takes mail for a domain: where its MX records say, or where Microsoft puts every domain.
    async fn next_hop(&self, domain: &Domain, host: Option<&str>) -> Result<NextHop, ProofError> {
        let suffixes = &self.next_hop.suffixes;
        if let Some(host) = host {
            let host = host.trim().to_ascii_lowercase();
            return match Domain::parse(&host).is_some() && is_below(&host, suffixes) {
                true => Ok(self.at(host)),
                false => Err(ProofError::ForeignNextHop { host, suffixes: suffixes.clone() }),
            };
        }
        let mut candidates = self.records.mail_hosts(domain.as_str()).await?;
        candidates.retain(|host| is_below(host, suffixes));
        let label = domain.as_str().replace('.', "-");
        candidates.extend(suffixes.first().map(|suffix| format!("{label}.{suffix}")));
        for host in candidates {
            if self.records.has_address(&host).await? {
                return Ok(self.at(host));
            }
        }
        Err(ProofError::NoNextHop(domain.as_str().to_owned()))
    }

    fn at(&self, host: String) -> NextHop {
        let name = certificate_name(&host).map(str::to_owned);
        NextHop { host, port: self.next_hop.port, name, plaintext: false }
    }
}

/// The name that the certificate of Exchange Online carries whatever the organisation's host; elsewhere it is the host.
fn certificate_name(host: &str) -> Option<&'static str> {
    const NAME: &str = "mail.protection.outlook.com";
    host.strip_suffix(NAME).is_some_and(|label| label.ends_with('.')).then_some(NAME)
}

fn is_below(host: &str, suffixes: &[String]) -> bool {
    suffixes.iter().any(|suffix| host.strip_suffix(suffix).is_some_and(|label| label.ends_with('.') && label.len() > 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_next_hop_lies_below_a_suffix() {
        let suffixes = ["mail.protection.outlook.com".to_owned(), "mx.microsoft".to_owned()];
        let cases = [
            ("contoso-com.mail.protection.outlook.com", true, Some("mail.protection.outlook.com")),
            ("contoso-com.h-v1.mx.microsoft", true, None),
            ("mail.protection.outlook.com", false, None),
            (".mx.microsoft", false, None),
            ("evilmail.protection.outlook.com", false, None),
            ("mail.protection.outlook.com.evil.example", false, None),
        ];
        for (host, is_taken, name) in cases {
            assert_eq!(is_below(host, &suffixes), is_taken, "{host}");
            assert_eq!(certificate_name(host), name, "{host}");
        }
    }
}
