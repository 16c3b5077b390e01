//! Since when a tenant's next hop answers 5.7.64, known to every core of the process.
//!
//! A new connector takes up to an hour to be known everywhere at Microsoft, so for that long the refusal is told to the
//! sender as "try again". One that was not heard again for as long as the grace counts no more: the next begins anew.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::tenant::TenantId;
use crate::transit::ATTRIBUTION_GRACE;

/// One for the process. Holds only tenants that are refused now.
#[derive(Debug, Default)]
pub struct Attribution {
    refused: Mutex<HashMap<TenantId, Refused>>,
}

#[derive(Debug, Clone, Copy)]
struct Refused {
    since: Instant,
    last: Instant,
}

impl Attribution {
    /// The tenant's next hop said 5.7.64.
    pub fn refused(&self, tenant: &TenantId, now: Instant) {
        let mut refused = self.locked();
        refused.retain(|_, one| one.counts(now));
        refused.entry(tenant.clone()).or_insert(Refused { since: now, last: now }).last = now;
    }

    /// It took a message.
    pub fn accepted(&self, tenant: &TenantId) {
        self.locked().remove(tenant);
    }

    /// Since when it refuses.
    pub fn refused_since(&self, tenant: &TenantId, now: Instant) -> Option<Instant> {
        self.locked().get(tenant).filter(|one| one.counts(now)).map(|one| one.since)
    }

    fn locked(&self) -> MutexGuard<'_, HashMap<TenantId, Refused>> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Refused {
    fn counts(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.last) < ATTRIBUTION_GRACE
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_grace_begins_with_the_first_refusal_and_ends_with_a_message_taken_or_a_long_silence() {
        let attribution = Attribution::default();
        let (one, other) = (TenantId::parse("one").unwrap(), TenantId::parse("other").unwrap());
        let start = Instant::now();
        let half = ATTRIBUTION_GRACE / 2;
        assert_eq!(attribution.refused_since(&one, start), None);
        attribution.refused(&one, start);
        attribution.refused(&one, start + half);
        assert_eq!(attribution.refused_since(&one, start + half), Some(start));
        assert_eq!(attribution.refused_since(&other, start + half), None);
        // Heard again in time: the grace is over, but it counts.
        assert_eq!(attribution.refused_since(&one, start + ATTRIBUTION_GRACE), Some(start));
        let silent = start + half + ATTRIBUTION_GRACE;
        assert_eq!(attribution.refused_since(&one, silent), None);
        attribution.refused(&one, silent + Duration::from_secs(1));
        assert_eq!(attribution.refused_since(&one, silent + half), Some(silent + Duration::from_secs(1)));
        attribution.accepted(&one);
        assert_eq!(attribution.refused_since(&one, silent + half), None);
        // Whoever is not heard of any more is not kept.
        attribution.refused(&one, start);
        attribution.refused(&other, start + 2 * ATTRIBUTION_GRACE);
        assert_eq!(attribution.locked().len(), 1);
    }
}
