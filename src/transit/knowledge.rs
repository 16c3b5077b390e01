//! What a message knows of its tenant's rules and people. They are asked for as soon as MAIL names the tenant, so that they are
//! there when the header ends; whoever carries them out answers in time, one way or the other.
//!
//! Until then nothing of the content goes out that the rules could change, and no more of it is taken than the headers.
//! Rules that do not come in time cost the signature, never the mail. A tenant of which nothing is signed asks nothing.

use std::sync::Arc;

use super::dialogue::Output;
use super::message::{Now, Transit};
use crate::tenant::{Snapshot, Tenant};

/// What is known of a tenant's rules and people.
#[cfg_attr(test, derive(Clone))]
pub(super) enum Knowledge {
    /// There is no tenant, or nothing of it is signed.
    NotAsked,
    Awaited,
    There(Arc<Snapshot>),
    /// It could not be had in time.
    Missing,
}

impl Knowledge {
    pub fn snapshot(&self) -> Option<&Arc<Snapshot>> {
        match self {
            Knowledge::There(snapshot) => Some(snapshot),
            _ => None,
        }
    }

    /// All that tells one from another.
    #[cfg(test)]
    pub fn word(&self) -> &'static str {
        match self {
            Knowledge::NotAsked => "not asked",
            Knowledge::Awaited => "awaited",
            Knowledge::There(_) => "there",
            Knowledge::Missing => "missing",
        }
    }
}

impl Transit {
    /// Asks for the rules and people of the tenant, unless they are not needed. What was asked before is forgotten.
    pub(super) fn want_snapshot(&mut self, tenant: &Arc<Tenant>, now: Now) {
        self.known = Knowledge::NotAsked;
        if !self.suspect && !self.context.bypass.is_on(now.wall) && !tenant.bypasses(now.wall) {
            self.known = Knowledge::Awaited;
            self.push(Output::Snapshot(tenant.clone()));
        }
    }

    /// What is said of another tenant than the one that was asked about counts for nothing.
    pub(super) fn snapshot_came(&mut self, snapshot: Option<Arc<Snapshot>>) {
        if !matches!(self.known, Knowledge::Awaited) {
            return;
        }
        let of = snapshot.as_ref().map(|snapshot| snapshot.id());
        if of.is_some() && of != self.tenant.as_ref().map(|tenant| tenant.id()) {
            return;
        }
        self.known = snapshot.map_or(Knowledge::Missing, Knowledge::There);
    }

    /// The decision has to wait for them.
    pub(super) fn awaits_snapshot(&self) -> bool {
        matches!(self.known, Knowledge::Awaited) && self.verdict.is_none() && self.content.awaits_decision()
    }
}
