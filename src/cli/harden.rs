//! What the process takes from itself before it touches mail or secrets (invariant I9).
//!
//! No core dumps, no other process may read its memory, its files are for its owner alone, and a panic is told by
//! its place only. [`lock_memory`] keeps mail out of the swap space where the system allows it.

use std::panic::PanicHookInfo;

use signet::events::{MemoryMaySwap, Panicked};

/// For every command.
pub(super) fn process() {
    // SAFETY: these calls take and give plain numbers, and the process has one thread so far.
    unsafe {
        let none = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
        libc::setrlimit(libc::RLIMIT_CORE, &raw const none);
        libc::prctl(libc::PR_SET_DUMPABLE, 0, 0, 0, 0);
        libc::umask(0o077);
    }
}

/// As many files and sockets as the system allows at all: each message takes two.
pub(super) fn raise_descriptors() {
    // SAFETY: the pointer is to a value on the stack that outlives both calls.
    unsafe {
        let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
        if libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut limit) == 0 {
            limit.rlim_cur = limit.rlim_max;
            libc::setrlimit(libc::RLIMIT_NOFILE, &raw const limit);
        }
    }
}

/// Draws from the system's randomness once. The first draw of a process measures the processor for some fifty
/// milliseconds of work, which the first mail is not to wait for.
pub(super) fn draw_randomness() {
    let mut octets = [0; 32];
    // Without any, whoever needs it next says so.
    let _ = aws_lc_rs::rand::fill(&mut octets);
}

/// Keeps our memory out of the swap space, or says that it may get there.
///
/// Only where the limit is unlimited: with a finite one, memory that grows past it later could not be had at all.
pub(super) fn lock_memory() {
    // SAFETY: the pointer is to a value on the stack that outlives the call; the flags are plain numbers.
    let locked = unsafe {
        let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
        libc::getrlimit(libc::RLIMIT_MEMLOCK, &raw mut limit) == 0
            && limit.rlim_cur == libc::RLIM_INFINITY
            && libc::mlockall(libc::MCL_CURRENT | libc::MCL_FUTURE | libc::MCL_ONFAULT) == 0
    };
    // One line is the heading.
    let swap = std::fs::read_to_string("/proc/swaps").is_ok_and(|swaps| swaps.lines().count() > 1);
    if swap && !locked {
        MemoryMaySwap.emit();
    }
}

/// A panic's text may quote the message it was working on (a slice of it, say), so it is never printed.
pub(super) fn hide_panics() {
    std::panic::set_hook(Box::new(|panic: &PanicHookInfo<'_>| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        Panicked { place: &place }.emit();
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_core_is_dumped_and_no_other_process_reads_our_memory() {
        process();
        let mut limit = libc::rlimit { rlim_cur: 1, rlim_max: 1 };
        // SAFETY: the pointer is to a value on the stack that outlives the call.
        let dumpable = unsafe {
            libc::getrlimit(libc::RLIMIT_CORE, &raw mut limit);
            libc::prctl(libc::PR_GET_DUMPABLE)
        };
        assert_eq!((limit.rlim_cur, limit.rlim_max, dumpable), (0, 0, 0));
    }

    #[test]
    fn descriptors_are_raised_to_what_is_allowed() {
        raise_descriptors();
        let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 1 };
        // SAFETY: the pointer is to a value on the stack that outlives the call.
        unsafe { libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut limit) };
        assert_eq!(limit.rlim_cur, limit.rlim_max);
    }
}
