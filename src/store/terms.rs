//! On what terms a handle changes the store: in whose name and why, from which revision on, and whether for good.
//!
//! A change on trial does all that the change itself does, checks of other tenants' claims included, and is then
//! undone: what would be refused is refused, and nothing else can differ.

use std::net::IpAddr;
use std::sync::Arc;

use sqlx::{Any, AnyConnection, Row, Transaction};

use super::change::Touches;
use super::{Cases, Store, StoreError, change, read};
use crate::tenant::{Revision, TenantId};

/// What goes for all changes by one handle.
#[derive(Debug, Clone)]
pub(super) struct Terms {
    /// Who makes them, for the history and the audit trail.
    pub author: Arc<str>,
    pub reason: Option<Arc<str>>,
    /// Where the request came from, for the audit trail.
    pub ip: Option<Arc<str>>,
    pub expected: Expected,
    /// Nothing stays.
    pub on_trial: bool,
    /// Whether the tenant's test cases must pass when signatures change.
    pub cases: Cases,
}

/// What a tenant must be for a change of it to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Expected {
    #[default]
    Anything,
    /// There is no such tenant yet.
    Absent,
    /// It is at this revision.
    At(Revision),
}

impl Default for Terms {
    fn default() -> Terms {
        Terms {
            author: "signet".into(),
            reason: None,
            ip: None,
            expected: Expected::Anything,
            on_trial: false,
            cases: Cases::NotAsked,
        }
    }
}

impl Store {
    /// The same store; what is changed by this handle is told in the history as this author's.
    pub fn for_author(&self, author: &str) -> Store {
        let terms = Terms { author: line(author, 200), ..self.terms.clone() };
        Store { terms, ..self.clone() }
    }

    /// The same store; what is changed by this handle has this reason in the audit trail.
    pub fn because(&self, reason: &str) -> Store {
        let terms = Terms { reason: Some(line(reason, 500)), ..self.terms.clone() };
        Store { terms, ..self.clone() }
    }

    /// The same store; what is changed by this handle was asked from this address.
    pub fn asked_from(&self, ip: Option<IpAddr>) -> Store {
        let ip = ip.map(|ip| ip.to_canonical().to_string().into());
        Store { terms: Terms { ip, ..self.terms.clone() }, ..self.clone() }
    }

    /// The same store; a tenant is changed by this handle only if it is as expected, else
    /// [`StoreError::Changed`] or [`StoreError::Exists`].
    pub fn expecting(&self, expected: Expected) -> Store {
        Store { terms: Terms { expected, ..self.terms.clone() }, ..self.clone() }
    }

    /// The same store; a change by this handle is made, told as if it were, and undone.
    pub fn on_trial(&self) -> Store {
        Store { terms: Terms { on_trial: true, ..self.terms.clone() }, ..self.clone() }
    }

    /// The same store; signatures are changed by this handle only if the tenant's test cases do as is said, else
    /// [`StoreError::Cases`].
    pub fn with_cases(&self, cases: Cases) -> Store {
        Store { terms: Terms { cases, ..self.terms.clone() }, ..self.clone() }
    }

    /// Begins a change of a tenant: takes its next revision and sees that it is as expected. What it touches decides
    /// what an edge reads again.
    pub(super) async fn begin_change(
        &self,
        work: &mut AnyConnection,
        tenant: &str,
        now_ms: i64,
        touches: Touches,
    ) -> Result<Revision, StoreError> {
        let revision = change::next_revision(work, tenant, now_ms, touches).await?;
        match self.terms.expected {
            Expected::Anything => {}
            Expected::At(expected) if Revision(expected.0 + 1) == revision => {}
            Expected::At(_) => return Err(StoreError::Changed(Revision(revision.0.saturating_sub(1)))),
            Expected::Absent => {
                let there = sqlx::query("SELECT id FROM tenant WHERE id = $1").bind(tenant).fetch_optional(work);
                if there.await?.is_some() {
                    return Err(StoreError::Exists(tenant.to_owned()));
                }
            }
        }
        Ok(revision)
    }

    /// Sees that a tenant is as expected, for a change that raises no revision. Whether it is there at all is for
    /// the change to see.
    pub(super) async fn expect(&self, work: &mut AnyConnection, tenant: &str) -> Result<(), StoreError> {
        if self.terms.expected == Expected::Anything {
            return Ok(());
        }
        let row = sqlx::query("SELECT revision FROM revision WHERE tenant = $1 AND deleted = 0").bind(tenant);
        let Some(row) = row.fetch_optional(work).await? else { return Ok(()) };
        let now = read::revision(row.try_get("revision")?)?;
        match self.terms.expected {
            Expected::At(expected) if expected != now => Err(StoreError::Changed(now)),
            Expected::Absent => Err(StoreError::Exists(tenant.to_owned())),
            _ => Ok(()),
        }
    }

    /// Makes a change lasting that raises no revision; on trial undoes it.
    pub(super) async fn settle(&self, work: Transaction<'static, Any>) -> Result<(), StoreError> {
        match self.terms.on_trial {
            true => Ok(work.rollback().await?),
            false => Ok(work.commit().await?),
        }
    }

    /// The revision of a tenant now.
    pub async fn revision(&self, tenant: &TenantId) -> Result<Option<Revision>, StoreError> {
        Ok(self.listed(tenant).await?.map(|listed| listed.revision))
    }
}

/// A text for one line.
fn line(text: &str, most: usize) -> Arc<str> {
    let text: String = text.chars().filter(|c| !c.is_control()).take(most).collect();
    text.into()
}
