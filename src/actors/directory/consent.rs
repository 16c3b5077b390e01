//! Consent: where an administrator is sent, and what is believed of the answer.
//!
//! The answer comes by a browser and can be forged. It must carry the word that was made for this tenant, which is good
//! once and for an hour, and name the organisation of the tenant file; and then it counts for nothing until Microsoft
//! has given a token that opens that organisation's directory. Somebody waits for that, so Microsoft is asked with little
//! patience; whatever it says, the word stays good until it has said yes, and the answer can be given again.

use std::time::Duration;

use crate::directory::{Application, Consent, DirectoryError, Patience};
use crate::store::{Store, StoreError};
use crate::tenant::TenantId;

/// How long Microsoft is asked while somebody waits, all in all.
const LONGEST: Duration = Duration::from_secs(10);

const PATIENCE: Patience = Patience {
    attempts: 2,
    first: Duration::from_secs(1),
    longest: Duration::from_secs(3),
    deadline: Duration::from_secs(5),
};

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
    #[error(
        "Microsoft does not let us read the directory ({0}). A consent takes some minutes to arrive: give the same answer \
         again then, or ask for a new link"
    )]
    Withheld(String),
    /// Microsoft had no time, or could not be reached.
    #[error("Microsoft did not say whether consent was given; give the same answer again in a minute")]
    Later,
    /// The application cannot be used, or Microsoft refuses it.
    #[error("{0}")]
    Directory(DirectoryError),
    #[error("{0}")]
    Store(#[from] StoreError),
}

impl From<DirectoryError> for ConsentError {
    fn from(error: DirectoryError) -> ConsentError {
        match error {
            DirectoryError::ConsentRevoked(code) => ConsentError::Withheld(code),
            error if error.is_temporary() => ConsentError::Later,
            error => ConsentError::Directory(error),
        }
    }
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
    if !store.consent_is_asked(tenant, &state).await? {
        return Err(ConsentError::Foreign);
    }
    let wanted = organisation(store, tenant).await?;
    match Consent::read(query, &state) {
        Consent::Given { tenant: named } if named.eq_ignore_ascii_case(&wanted) => {}
        Consent::Given { .. } => return Err(ConsentError::Organisation),
        Consent::Refused { code } => return Err(ConsentError::Refused(code)),
        Consent::Foreign => return Err(ConsentError::Foreign),
    }
    let graph = application.graph(&wanted, PATIENCE)?;
    let asked = tokio::time::timeout(LONGEST, graph.check_consent()).await;
    asked.unwrap_or_else(|_| Err(DirectoryError::Unreachable("no answer in time".to_owned())))?;
    match store.consent_given(tenant, &state).await? {
        true => Ok(()),
        false => Err(ConsentError::Foreign),
    }
}

async fn organisation(store: &Store, tenant: &TenantId) -> Result<String, ConsentError> {
    store.organisation(tenant).await?.ok_or(ConsentError::NoOrganisation)
}
