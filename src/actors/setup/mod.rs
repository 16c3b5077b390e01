//! What an organisation has to do to be connected, and whether it has: seen from outside, by DNS and by Microsoft.
//!
//! [`Setup::prove`] believes a domain to be somebody's own, [`Setup::findings`] looks at everything on which the way of
//! the mail depends, [`see_certificate`] at a certificate. Nothing here changes anything, and no mail waits for it.

mod certificate;
mod findings;
mod proof;
mod sending;

use std::time::Duration;

use crate::config;
use crate::directory::{Application, Patience};
use crate::net::{Records, ResolverError};

pub use certificate::{CertificateSeen, see_certificate};
pub use findings::{Finding, Known};
pub use proof::ProofError;

/// Longest wait for Microsoft while somebody waits for us.
const PATIENCE: Patience = Patience {
    attempts: 2,
    first: Duration::from_secs(1),
    longest: Duration::from_secs(3),
    deadline: Duration::from_secs(5),
};

/// Asks the outside about organisations.
#[derive(Clone)]
pub struct Setup {
    records: Records,
    next_hop: config::NextHop,
    application: Option<Application>,
}

impl Setup {
    /// `application`: by which Microsoft is asked, if there is one.
    ///
    /// # Errors
    /// There is no resolver to be had.
    pub fn new(next_hop: &config::NextHop, application: Option<Application>) -> Result<Setup, ResolverError> {
        Ok(Setup { records: Records::new(&next_hop.resolver)?, next_hop: next_hop.clone(), application })
    }
}
