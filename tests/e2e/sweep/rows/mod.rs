//! The rows, in the order of the table. Each file has those of one part of a message's way.

mod content;
mod dial;
mod envelope;
mod failpoints;
mod opening;
mod process;
mod verdict;

use super::row::Row;

/// Every row, and every way to provoke it.
pub fn all() -> Vec<Row> {
    let parts = [opening::rows(), dial::rows(), envelope::rows(), content::rows(), process::rows(), verdict::rows()];
    parts.into_iter().flatten().chain(failpoints::rows()).collect()
}

/// Rows whose proof is another test, and what of the others only that shows.
pub const ELSEWHERE: &[(u8, &str)] = &[
    // A certificate or key that cannot be read never takes the place of a good one, and stops a start.
    (5, "tests/e2e/reload.rs::what_is_wrong_is_told_whole_and_changes_nothing"),
    // What is held as 451 for an hour passes after it.
    (18, "src/transit/verdict.rs::refusals_about_us_are_deferred"),
    // What could kill a process passes it by.
    (33, "tests/e2e/hostile.rs::bombs_are_relayed_untouched_in_bounded_memory"),
    (33, "tests/e2e/worker.rs::the_message_on_which_it_died_passes_unparsed_and_others_are_signed"),
    (55, "tests/e2e/campaign.rs::twenty_drains_fail_nothing"),
    (56, "tests/e2e/campaign.rs::fifty_kills_lose_nothing"),
    (58, "tests/e2e/campaign.rs::fifty_reloads_fail_nothing"),
    (55, "tests/e2e/drain.rs::a_second_signal_cuts_nothing"),
    (55, "tests/e2e/lifetime.rs::a_message_whose_content_is_under_way_is_finished_too"),
    (58, "tests/e2e/reload.rs::a_renewed_certificate_is_shown_to_the_next_sender_and_the_old_session_goes_on"),
    (58, "tests/e2e/reload.rs::limits_names_roots_and_the_log_level_count_for_new_sessions"),
    (34, "tests/e2e/hostile.rs::bombs_are_relayed_untouched_in_bounded_memory"),
];
