//! The flow of a tenant's mail in numbers: how many messages, what came of them, how long they took.
//!
//! Each process counts in memory, by minute ([`tallies`]), and writes its own rows every few seconds ([`write`]). What
//! has aged is merged into hours and then days ([`merge`]), so that a dashboard of any range reads some thousand rows,
//! however many messages there were. The counts do not depend on decision records, which a tenant may choose not to
//! keep.

mod counts;
mod merge;
mod read;
mod tallies;
mod write;

pub use counts::{Counts, Latencies};
pub use read::Flow;
pub(super) use tallies::Tallies;
#[cfg(test)]
pub(super) use {merge::AGED, read::READ};

/// How long a time the rows are of, in milliseconds.
pub const MINUTE_MS: i64 = 60_000;
pub const HOUR_MS: i64 = 60 * MINUTE_MS;
pub const DAY_MS: i64 = 24 * HOUR_MS;

/// How long minutes stay minutes, hours stay hours, and anything is kept.
pub const MINUTES_KEPT_MS: i64 = 2 * DAY_MS;
pub const HOURS_KEPT_MS: i64 = 100 * DAY_MS;
pub const ALL_KEPT_MS: i64 = 400 * DAY_MS;

/// The beginning of the minute, hour or day.
fn floor(time_ms: i64, span_ms: i64) -> i64 {
    time_ms - time_ms.rem_euclid(span_ms)
}
