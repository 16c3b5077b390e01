//! What connects a tenant to its organisation: the domains that were proven to be its own, the organisation they belong
//! to, and where its mail goes on to.
//!
//! Whoever calls this has seen the proof. The claims say the rest: no domain and no organisation is two tenants'.

use serde_json::json;

use super::audit::Act;
use super::backend::{Scope, allow};
use super::change::Touches;
use super::seal::Hasher;
use super::{Store, StoreError, claim, now_ms, patience, put, read, within, within_for};
use crate::tenant::{Domain, NextHop, Peer, Problem, Revision, TenantFile, TenantId};

/// A domain that was proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proven {
    pub domain: Domain,
    /// The id at Microsoft of the organisation that it belongs to.
    pub organisation: String,
    /// Where mail of the organisation goes on to; taken if the tenant has no peer yet.
    pub next_hop: NextHop,
}

impl Store {
    /// The word by which this tenant, and no other, is known to have put it into the DNS of a domain.
    pub async fn domain_word(&self, tenant: &TenantId, domain: &Domain) -> Result<String, StoreError> {
        let secrets = self.secrets(tenant).await?;
        Ok(Hasher::new(&secrets.trace_key)?.hash("domain proof", domain.as_str()))
    }

    /// Takes a domain that was proven; the first one tells the organisation and the next hop too.
    ///
    /// # Errors
    /// [`StoreError::Problems`] at `/domain` when it is there, is another tenant's or of another organisation.
    pub async fn take_domain(&self, tenant: &TenantId, proven: &Proven) -> Result<Revision, StoreError> {
        let id = tenant.as_str();
        within(async {
            let now = now_ms();
            let mut work = self.backend.write(Scope::Tenant(id)).await?;
            // Whose address a person has depends on the domains.
            let revision = self.begin_change(&mut work, id, now, Touches::People).await?;
            let mut file = read::settings(&mut work, tenant).await?;
            let before = Some(told(&file));
            add(&mut file, proven)?;
            let about = ["/domains", "/peer", "/microsoft_tenant_id"];
            let is_about = |problem: &Problem| about.iter().any(|place| problem.place.starts_with(place));
            let problems: Vec<Problem> = file.problems().into_iter().filter(is_about).collect();
            if !problems.is_empty() {
                return Err(StoreError::Problems(problems));
            }
            put::settings(&mut work, &file, now).await?;
            claim::replace(&mut work, &file).await.map_err(of_the_domain)?;
            let (action, after) = ("connection.domain", Some(told(&file)));
            let object = proven.domain.as_str();
            self.witness(&mut work, Act { tenant: Some(id), action, object, before, after, revision: Some(revision) })
                .await?;
            self.finish(work, &[id]).await?;
            Ok(revision)
        })
        .await
    }

    /// Gives a domain up. Mail from it is no mail of this tenant any more.
    ///
    /// # Errors
    /// [`StoreError::Unknown`]; [`StoreError::Problems`] while people or rules have addresses in it, or it is the last.
    pub async fn give_up_domain(&self, tenant: &TenantId, domain: &Domain) -> Result<Revision, StoreError> {
        let id = tenant.as_str();
        let (mut work, revision, rows) = within(async {
            let mut work = self.backend.write(Scope::Tenant(id)).await?;
            let revision = self.begin_change(&mut work, id, now_ms(), Touches::People).await?;
            let rows = read::rows(&mut work, tenant).await?.unwrap_or_default();
            Ok((work, revision, rows))
        })
        .await?;
        within_for(rows, async {
            allow(&mut work, patience(rows)).await?;
            let mut file = read::file(&mut work, tenant).await?;
            let before = Some(told(&file));
            let had = file.domains.len();
            file.domains.retain(|own| Domain::normal(own) != domain.as_str());
            if file.domains.len() == had {
                return Err(StoreError::Unknown { what: "domain", id: domain.as_str().to_owned() });
            }
            let problems = file.problems();
            if !problems.is_empty() {
                return Err(StoreError::Problems(problems));
            }
            put::settings(&mut work, &file, now_ms()).await?;
            claim::replace(&mut work, &file).await?;
            let (action, after) = ("connection.domain", Some(told(&file)));
            let object = domain.as_str();
            self.witness(&mut work, Act { tenant: Some(id), action, object, before, after, revision: Some(revision) })
                .await?;
            self.finish(work, &[id]).await?;
            Ok(revision)
        })
        .await
    }
}

fn add(file: &mut TenantFile, proven: &Proven) -> Result<(), StoreError> {
    let domain = proven.domain.as_str();
    let refused = |message: String| Err(StoreError::Problems(vec![Problem { place: "/domain".to_owned(), message }]));
    if file.domains.iter().any(|own| Domain::normal(own) == domain) {
        return refused(format!("{domain} is one of your domains already"));
    }
    match &file.microsoft_tenant_id {
        Some(own) if !own.eq_ignore_ascii_case(&proven.organisation) => {
            return refused(format!(
                "{domain} belongs to another organisation at Microsoft ({}) than your other domains ({own})",
                proven.organisation
            ));
        }
        _ => file.microsoft_tenant_id = Some(proven.organisation.clone()),
    }
    file.domains.push(domain.to_owned());
    file.peer.get_or_insert_with(|| Peer::Microsoft { next_hop: proven.next_hop.clone() });
    Ok(())
}

/// Of an organisation that another tenant has, the domain is the one that was named.
fn of_the_domain(error: StoreError) -> StoreError {
    match error {
        StoreError::Problems(problems) => {
            let at_domain = |problem: Problem| Problem { place: "/domain".to_owned(), ..problem };
            StoreError::Problems(problems.into_iter().map(at_domain).collect())
        }
        error => error,
    }
}

fn told(file: &TenantFile) -> serde_json::Value {
    json!({"domains": file.domains, "microsoft_tenant_id": file.microsoft_tenant_id, "peer": file.peer})
}
