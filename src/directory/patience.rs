//! How long to wait before the same request is made again, and when to give up.
//!
//! Microsoft counts requests made too early against us, so its `Retry-After` is kept to the second or not at all: a
//! wait beyond [`Patience::longest`] ends the run, and the next one goes on from the saved place. Without that header
//! the wait doubles, half of it by chance, so that all tenants of a region do not come back at once.

use std::time::Duration;

use super::DirectoryError;

/// Bounds of waiting for one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// How often a request is made at the most.
    pub attempts: u32,
    /// The first wait where Microsoft names none.
    pub first: Duration,
    /// The longest wait.
    pub longest: Duration,
    /// How long one attempt may take, its answer read to the end.
    pub deadline: Duration,
}

impl Default for Patience {
    fn default() -> Patience {
        Patience {
            attempts: 8,
            first: Duration::from_secs(1),
            longest: Duration::from_secs(300),
            deadline: Duration::from_secs(100),
        }
    }
}

impl Patience {
    /// The wait before the next attempt, `made` having failed; `None` to give up. `chance` is anything between 0 and
    /// 255.
    pub(super) fn wait(&self, made: u32, error: &DirectoryError, chance: u8) -> Option<Duration> {
        if !error.is_temporary() || made >= self.attempts {
            return None;
        }
        let named = match error {
            DirectoryError::Throttled { after } | DirectoryError::Temporary { after, .. } => *after,
            _ => None,
        };
        if let Some(named) = named {
            let wait = named.saturating_add(self.first / 256 * u32::from(chance));
            return (named <= self.longest).then_some(wait);
        }
        let full = self.first.saturating_mul(1 << made.saturating_sub(1).min(16)).min(self.longest);
        Some(full / 2 + full / 512 * u32::from(chance))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn patience() -> Patience {
        Patience { attempts: 4, first: SECOND, longest: 3 * SECOND, ..Patience::default() }
    }

    #[test]
    fn a_time_that_microsoft_names_is_kept_in_full_or_not_waited_for() {
        let throttled = |after| DirectoryError::Throttled { after: Some(after) };
        for chance in [0, 128, 255] {
            let wait = patience().wait(1, &throttled(2 * SECOND), chance);
            assert!(wait.is_some_and(|wait| wait >= 2 * SECOND && wait <= 3 * SECOND), "{wait:?}");
        }
        assert_eq!(patience().wait(1, &throttled(4 * SECOND), 0), None);
    }

    #[test]
    fn without_one_the_wait_doubles_up_to_the_longest() {
        let error = DirectoryError::Temporary { status: 503, after: None };
        let waits = |chance| -> Vec<_> { (1..=4).map(|made| patience().wait(made, &error, chance)).collect() };
        assert_eq!(waits(0), [Some(SECOND / 2), Some(SECOND), Some(SECOND * 3 / 2), None]);
        assert!(waits(255)[0].is_some_and(|wait| wait > SECOND * 9 / 10 && wait <= SECOND));
    }

    #[test]
    fn what_does_not_pass_is_not_waited_for() {
        assert_eq!(patience().wait(1, &DirectoryError::Unauthorized, 0), None);
        assert_eq!(patience().wait(1, &DirectoryError::Unreadable(String::new()), 0), None);
    }
}
