//! What the end of a run means: the words for the administrator, and when the next one begins.
//!
//! A directory that was read is read again after a day less a little chance, so that the tenants of a region spread over
//! the day. After a failure the wait doubles, from five minutes up to that day. A time that Microsoft names is kept in
//! full, and written down, so that neither a restart nor somebody who asks makes us come earlier.

use std::time::Duration;

use crate::directory::{DirectoryError, Summary};
use crate::events::Synced;
use crate::store::{SyncEnd, SyncEnded, SyncResult};

/// The wait after a first failure.
const FIRST: Duration = Duration::from_secs(300);

/// So many failures in a row, and everything is read from the beginning, if that may help.
const STUCK: u64 = 3;

/// How a run ended.
#[derive(Debug)]
pub enum Outcome {
    Read {
        photos: Looked,
    },
    Failed(DirectoryError),
    /// The time of a run is over.
    Limit,
    /// The process ends.
    Leaving,
    /// A fault of ours, told in the log.
    Panicked,
}

/// How far the photos came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Looked {
    /// Came or went.
    pub changed: u64,
    /// People who were not looked at any more: a run has no more than its share of time for photos.
    pub left: u64,
    /// Some of them never were.
    pub some_never: bool,
}

/// What is known of a run beside its outcome.
#[derive(Debug)]
pub struct Run {
    pub began_ms: i64,
    pub ended_ms: i64,
    pub done: Summary,
    /// Failures before this run, in a row.
    pub failures: u64,
    pub granted: bool,
}

impl Outcome {
    /// What is kept of it. `chance`: anything between 0 and 255.
    pub fn end(&self, run: Run, every: Duration, chance: u8) -> SyncEnd {
        let failed = self.is_failure();
        let failures = if failed { run.failures.saturating_add(1) } else { 0 };
        let wait = match self {
            Outcome::Read { photos } if photos.some_never => FIRST,
            Outcome::Read { .. } => every - every / 12 / 256 * u32::from(chance),
            Outcome::Leaving => Duration::ZERO,
            Outcome::Limit => FIRST,
            Outcome::Failed(_) | Outcome::Panicked => {
                let doubled = FIRST.saturating_mul(1 << run.failures.min(12)).min(every);
                doubled / 2 + doubled / 512 * u32::from(chance)
            }
        };
        let at = |wait: Duration| run.ended_ms.saturating_add(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX));
        let not_before_ms = self.asked_to_wait().map_or(0, |named| at(named + FIRST / 256 * u32::from(chance)));
        let photos = if let Outcome::Read { photos } = self { photos.changed } else { 0 };
        let (ended, text) = (self.ended(), self.text(&run.done));
        SyncEnd {
            due_ms: at(wait).max(not_before_ms),
            not_before_ms,
            failures,
            anew: failures >= STUCK && self.may_be_stuck(),
            granted: run.granted,
            result: SyncResult { began_ms: run.began_ms, ended_ms: run.ended_ms, ended, text, done: run.done, photos },
        }
    }

    /// The word of the metric.
    pub fn word(&self) -> Synced {
        match self.ended() {
            SyncEnded::Done => Synced::Done,
            SyncEnded::NotAuthorised => Synced::NotAuthorised,
            SyncEnded::Throttled => Synced::Throttled,
            SyncEnded::Unreachable => Synced::Unreachable,
            SyncEnded::Stopped => Synced::Stopped,
            SyncEnded::Failed => Synced::Failed,
        }
    }

    fn is_failure(&self) -> bool {
        matches!(self, Outcome::Failed(_) | Outcome::Panicked)
    }

    /// Whether what we ask for, where we are, may be to blame; not the organisation, this server or the way between.
    fn may_be_stuck(&self) -> bool {
        matches!(
            self,
            Outcome::Failed(
                DirectoryError::Refused { .. } | DirectoryError::Unreadable(_) | DirectoryError::TooLarge { .. }
            )
        )
    }

    fn asked_to_wait(&self) -> Option<Duration> {
        match self {
            Outcome::Failed(DirectoryError::Throttled { after } | DirectoryError::Temporary { after, .. }) => {
                // A year is a broken clock of somebody's.
                after.map(|after| after.min(Duration::from_secs(86_400)))
            }
            _ => None,
        }
    }

    fn ended(&self) -> SyncEnded {
        match self {
            Outcome::Read { .. } => SyncEnded::Done,
            Outcome::Limit | Outcome::Leaving => SyncEnded::Stopped,
            Outcome::Panicked => SyncEnded::Failed,
            Outcome::Failed(error) => match error {
                DirectoryError::ConsentRevoked(_) | DirectoryError::Unauthorized => SyncEnded::NotAuthorised,
                DirectoryError::Throttled { .. } => SyncEnded::Throttled,
                DirectoryError::Temporary { .. } | DirectoryError::Unreachable(_) => SyncEnded::Unreachable,
                _ => SyncEnded::Failed,
            },
        }
    }

    fn text(&self, done: &Summary) -> String {
        match self {
            Outcome::Read { photos } => {
                let how = if done.full > 0 { "read in full" } else { "changes read" };
                let odd = match done.odd {
                    0 => String::new(),
                    odd => format!("; {odd} entries could not be understood and were left out"),
                };
                let left = match photos.left {
                    0 => String::new(),
                    left => format!("; the next run goes on with the photos of {left} people"),
                };
                let Summary { people, gone, groups, memberships, .. } = done;
                format!("{how}: {people} people, {gone} gone, {groups} groups, {memberships} memberships{odd}{left}")
            }
            Outcome::Failed(error) => error.to_string(),
            Outcome::Limit => "the time for one run was over; the next one goes on from where it is".to_owned(),
            Outcome::Leaving => {
                "the process that read it was stopped; the next one goes on from where it is".to_owned()
            }
            Outcome::Panicked => "a fault of the program, which its log tells of; report it".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_secs(86_400);
    const MINUTE_MS: i64 = 60_000;

    fn end(outcome: &Outcome, failures: u64, chance: u8) -> SyncEnd {
        let run = Run { began_ms: 0, ended_ms: 0, done: Summary::default(), failures, granted: true };
        outcome.end(run, DAY, chance)
    }

    #[test]
    fn a_day_is_never_more_and_a_little_less_by_chance() {
        let read = Outcome::Read { photos: Looked::default() };
        let due = |chance| end(&read, 3, chance).due_ms / MINUTE_MS;
        assert_eq!((due(0), due(255)), (24 * 60, 22 * 60));
        assert_eq!(end(&read, 3, 0).failures, 0);
    }

    #[test]
    fn photos_that_nobody_looked_at_yet_come_soon_and_others_with_the_next_run() {
        let read = |left, some_never| end(&Outcome::Read { photos: Looked { changed: 3, left, some_never } }, 0, 0);
        let (soon, later) = (read(7, true), read(7, false));
        assert_eq!((soon.due_ms, later.due_ms), (5 * MINUTE_MS, 24 * 60 * MINUTE_MS));
        assert!(later.result.text.contains("photos of 7 people") && later.result.photos == 3, "{later:?}");
        assert_eq!(soon.result.ended, SyncEnded::Done);
    }

    #[test]
    fn the_wait_doubles_with_each_failure_up_to_a_day() {
        let failed = Outcome::Failed(DirectoryError::Unreachable("x".into()));
        let minutes: Vec<i64> = (0..11).map(|before| end(&failed, before, 0).due_ms * 2 / MINUTE_MS).collect();
        assert_eq!(minutes, [5, 10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440]);
        assert_eq!(end(&failed, 4, 255).failures, 5);
        assert!(end(&failed, 0, 255).due_ms <= 5 * MINUTE_MS);
        assert_eq!(end(&failed, u64::MAX, 0).failures, u64::MAX);
    }

    #[test]
    fn a_time_that_microsoft_names_is_kept_whoever_asks() {
        let hour = Duration::from_secs(3600);
        let throttled = end(&Outcome::Failed(DirectoryError::Throttled { after: Some(hour) }), 0, 7);
        assert!(throttled.not_before_ms >= 60 * MINUTE_MS && throttled.due_ms == throttled.not_before_ms);
        let endless = end(&Outcome::Failed(DirectoryError::Throttled { after: Some(Duration::MAX) }), 0, 255);
        assert!(endless.not_before_ms <= 25 * 60 * MINUTE_MS);
        assert_eq!(end(&Outcome::Failed(DirectoryError::Throttled { after: None }), 0, 7).not_before_ms, 0);
    }

    #[test]
    fn only_what_may_be_stuck_where_it_is_begins_anew_after_three_failures() {
        let anew = |error: DirectoryError, before| end(&Outcome::Failed(error), before, 0).anew;
        let stuck = || DirectoryError::Unreadable("x".into());
        assert_eq!((anew(stuck(), 1), anew(stuck(), 2), anew(stuck(), 9)), (false, true, true));
        let ours = [
            DirectoryError::Clock("x".into()),
            DirectoryError::CertificateUnknown("x".into()),
            DirectoryError::UnknownTenant("x".into()),
            DirectoryError::ScopeGone,
            DirectoryError::NotKept("x".into()),
            DirectoryError::Unreachable("x".into()),
        ];
        for error in ours {
            assert!(!anew(error.clone(), 9), "{error}");
        }
        assert!(!end(&Outcome::Leaving, 9, 0).anew && !end(&Outcome::Read { photos: Looked::default() }, 9, 0).anew);
    }

    #[test]
    fn a_stop_is_no_failure_and_goes_on() {
        let left = end(&Outcome::Leaving, 2, 9);
        assert_eq!((left.due_ms, left.failures, left.result.ended), (0, 0, SyncEnded::Stopped));
        let refused = end(&Outcome::Failed(DirectoryError::ConsentRevoked("AADSTS65001".into())), 0, 0);
        assert_eq!(refused.result.ended, SyncEnded::NotAuthorised);
        assert!(refused.result.text.contains("administrator") && refused.result.text.contains("consent"));
    }
}
