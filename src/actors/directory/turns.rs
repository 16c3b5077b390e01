//! Whose turn it is of those that are due: all but whose run could not be begun a moment ago.
//!
//! A tenant that cannot be begun stays due, and would be the first again at each look: a few of them would take the
//! places of all others. Each comes again after a while, for what is wrong with it may be put right at any time. Other
//! processes of the region judge for themselves: what one cannot read a newer one may have written.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crate::tenant::TenantId;

/// How long a tenant waits whose run could not be begun.
const WAIT: Duration = Duration::from_secs(60);

/// Those that wait.
#[derive(Debug, Default)]
pub struct Turns {
    put_off: HashMap<TenantId, Instant>,
}

impl Turns {
    /// The run of this one could not be begun.
    pub fn put_off(&mut self, tenant: TenantId, now: Instant) {
        self.put_off.insert(tenant, now + WAIT);
    }

    /// How many are to be asked for such that so many others are among them, if there are as many.
    pub fn asked_for(&mut self, room: usize, now: Instant) -> usize {
        self.put_off.retain(|_, until| *until > now);
        room + self.put_off.len()
    }

    /// Of those that are due, in their order, at most so many that do not wait.
    pub fn of(&self, due: Vec<TenantId>, room: usize) -> Vec<TenantId> {
        due.into_iter().filter(|tenant| !self.put_off.contains_key(tenant)).take(room).collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn who_cannot_be_begun_keeps_nobody_from_its_turn_and_comes_again() {
        let (mut turns, now) = (Turns::default(), Instant::now());
        let tenant = |number: usize| TenantId::parse(&format!("t{number}")).unwrap();
        let due = |most: usize| (0..10).map(tenant).take(most).collect::<Vec<_>>();
        let most = turns.asked_for(2, now);
        assert_eq!(turns.of(due(most), 2), [tenant(0), tenant(1)]);
        turns.put_off(tenant(0), now);
        turns.put_off(tenant(1), now);
        let most = turns.asked_for(2, now);
        assert_eq!(turns.of(due(most), 2), [tenant(2), tenant(3)]);
        let most = turns.asked_for(2, now + WAIT);
        assert_eq!(turns.of(due(most), 2), [tenant(0), tenant(1)]);
    }
}
