//! Consent: where an administrator is sent, and what is believed of the answer.
//!
//! The answer comes by a browser and can be forged. It must carry the word that was made for this tenant, which is good
//! once and for an hour, and name the organisation of the tenant file; and then it counts for nothing until Microsoft
//! has given a token that opens that organisation's directory.

use crate::directory::{Application, Consent, DirectoryError};
use crate::store::{Store, StoreError};
use crate::tenant::TenantId;

/// Why an answer changes nothing.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ConsentError {
    /// No such request, an old one, or one that was answered.
    #[error("this is no answer to a request of ours, or it was answered or is older than an hour; ask for a new link")]
    Foreign,
    /// By the administrator, or for want of rights.
    #[error("consent was not given ({0}); it takes an administrator of the organisation")]
    Refused(String),
    /// Of another organisation than the tenant file names.
    #[error("consent was given by another organisation than `microsoft_tenant_id` of the tenant file names")]
    Organisation,
    /// The tenant file names no organisation.
    #[error("the tenant file has no `microsoft_tenant_id`")]
    NoOrganisation,
    /// Microsoft gives no token, or one that opens nothing.
    #[error("{0}")]
    Directory(#[from] DirectoryError),
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// The address to which an administrator of the tenant's organisation goes to consent.
///
/// # Errors
/// See [`ConsentError`].
pub async fn consent_link(store: &Store, application: &Application, tenant: &TenantId) -> Result<String, ConsentError> {
    let organisation = organisation(store, tenant).await?;
    // Before a word is made for nothing.
    application.consent_link(&organisation, "")?;
    let state = store.ask_for_consent(tenant).await?;
    Ok(application.consent_link(&organisation, &state)?)
}

/// Takes the answer for a tenant: the query of the address that the browser came back to. Its directory is read from
/// now on.
///
/// # Errors
/// See [`ConsentError`].
pub async fn take_consent(
    store: &Store,
    application: &Application,
    tenant: &TenantId,
    query: &str,
) -> Result<(), ConsentError> {
    let state = Consent::state(query).ok_or(ConsentError::Foreign)?;
    if !store.take_consent(tenant, &state).await? {
        return Err(ConsentError::Foreign);
    }
    let wanted = organisation(store, tenant).await?;
    match Consent::read(query, &state) {
        Consent::Given { tenant: named } if named.eq_ignore_ascii_case(&wanted) => {}
        Consent::Given { .. } => return Err(ConsentError::Organisation),
        Consent::Refused { code } => return Err(ConsentError::Refused(code)),
        Consent::Foreign => return Err(ConsentError::Foreign),
    }
    application.graph(&wanted)?.check_consent().await?;
    Ok(store.consent_given(tenant).await?)
}

async fn organisation(store: &Store, tenant: &TenantId) -> Result<String, ConsentError> {
    store.organisation(tenant).await?.ok_or(ConsentError::NoOrganisation)
}
