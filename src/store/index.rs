//! What the index of a region takes of one tenant: settings, secrets and certificate, in the form in which they are stored.
//!
//! A start reads a hundred thousand of them, so they are taken as they lie in the rows, and opened by whoever compiles
//! them.

use std::sync::Arc;

use sqlx::Row;
use sqlx::any::AnyRow;

use super::{ClientCertificate, SealKey, StoreError, certificate, read, secrets};
use crate::tenant::{Secrets, TenantFile, TenantId};

/// A tenant in the index.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The tenant file without people, groups, images and signatures.
    pub settings: TenantFile,
    pub secrets: Secrets,
    pub certificate: Option<ClientCertificate>,
}

/// The texts of its rows.
pub(super) struct Texts {
    settings: String,
    secret: String,
    certificate: Option<certificate::Texts>,
    key: Arc<SealKey>,
}

impl std::fmt::Debug for Texts {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Texts")
    }
}

impl Texts {
    /// From a row with `settings`, `sealed`, `chain`, `sealed_key` and `not_after_ms`.
    pub fn of(row: &AnyRow, key: &Arc<SealKey>) -> Result<Texts, StoreError> {
        let certificate = match row.try_get::<Option<&str>, _>("chain")? {
            Some(_) => Some(certificate::Texts::of(row)?),
            None => None,
        };
        Ok(Texts { settings: row.try_get("settings")?, secret: row.try_get("sealed")?, certificate, key: key.clone() })
    }

    /// By the name of the row's tenant: what was put under another's opens nothing.
    pub fn open(&self, tenant: &TenantId) -> Result<Entry, StoreError> {
        let settings: TenantFile = read::parse(&self.settings)?;
        if settings.id != *tenant {
            return Err(StoreError::Corrupt(format!("tenant {tenant} has the file of another")));
        }
        let secrets = secrets::open(&self.key, tenant.as_str(), &self.secret)?;
        let certificate = self.certificate.as_ref().map(|texts| texts.open(&self.key, tenant)).transpose()?;
        Ok(Entry { settings, secrets, certificate })
    }

    pub fn octets(&self) -> usize {
        self.settings.len() + self.secret.len() + self.certificate.as_ref().map_or(0, certificate::Texts::octets)
    }
}
