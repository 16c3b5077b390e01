//! When the sealed copies of this machine are written anew and tidied: soon after something changed, and with no more than
//! a tenth of a core.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::clients::Clients;
use crate::events;
use crate::store::{Copies, StoreError};
use crate::tenant::{Region, Tenant, TenantId};

/// What there is to copy.
#[derive(Default)]
pub struct Copier {
    changed: bool,
    /// A tenant is gone, and so must be its copies.
    gone: bool,
    running: bool,
    next: Option<Instant>,
}

impl Copier {
    /// The index that is in force is not the one that was copied.
    pub fn index_changed(&mut self, gone: bool) {
        self.changed = true;
        self.gone |= gone;
    }

    /// Whether to begin now. `wrote`: whether copies of tenants were written since it was asked last.
    pub fn is_due(&mut self, wrote: impl FnOnce() -> bool, now: Instant) -> bool {
        self.changed |= wrote();
        let due = (self.changed || self.gone) && !self.running && self.next.is_none_or(|next| next <= now);
        if due {
            (self.changed, self.gone, self.running) = (false, false, true);
        }
        due
    }

    pub fn done(&mut self, took: Duration) {
        self.running = false;
        self.next = Some(Instant::now() + took * DUTY);
    }
}

/// Copies the index and tidies the copies. Blocks.
pub fn copy(copies: &Copies, region: &Arc<Region>, clients: &Clients) {
    let entry = |tenant: &'_ Arc<Tenant>| (tenant.clone(), clients.certificate(tenant.id()).cloned());
    let done = copies.write_index(region.tenants().map(entry)).and_then(|_| {
        events::CopyWritten { part: events::CopyPart::Index }.emit();
        copies.tidy(|id| TenantId::parse(id).is_some_and(|id| region.get(&id).is_some()))
    });
    match done {
        Ok((bytes, left)) => events::CopiesTidied { bytes, left }.emit(),
        Err(error) => failed(&error),
    }
}

pub fn failed(error: &StoreError) {
    events::CopyFailed { cause: error }.emit();
}

/// Of the time of each round this many parts are waited for each that is worked.
const DUTY: u32 = 9;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_copies_after_a_change_one_at_a_time_and_rests_nine_times_as_long() {
        let mut copier = Copier::default();
        let now = Instant::now();
        assert!(!copier.is_due(|| false, now));
        assert!(copier.is_due(|| true, now), "a tenant was copied");
        copier.index_changed(false);
        assert!(!copier.is_due(|| true, now), "two at a time");
        copier.done(Duration::from_secs(10));
        assert!(!copier.is_due(|| false, now + Duration::from_secs(80)));
        assert!(copier.is_due(|| false, now + Duration::from_secs(100)));
        copier.done(Duration::ZERO);
        assert!(!copier.is_due(|| false, now + Duration::from_secs(200)), "nothing has changed since");
        copier.index_changed(true);
        assert!(copier.is_due(|| false, now + Duration::from_secs(200)));
    }
}
