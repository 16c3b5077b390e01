//! One program for each target, by its own name. A single allocation above eight times the input is a finding, too.

#![no_main]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use signet::imprint::fuzz;

/// Times the octets of the input.
const MOST_TIMES: usize = 8;
/// What is allowed beside it: a stamp, tables of fixed size, the first capacity of a buffer.
const MOST_BESIDE: usize = 64 * 1024;

/// The system's memory, which remembers the largest piece asked for.
struct Largest(AtomicUsize);

#[global_allocator]
static LARGEST: Largest = Largest(AtomicUsize::new(0));

// SAFETY: every call is handed to the system's allocator as it came.
unsafe impl GlobalAlloc for Largest {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        self.0.fetch_max(layout.size(), Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        self.0.fetch_max(layout.size(), Ordering::Relaxed);
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, piece: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        self.0.fetch_max(size, Ordering::Relaxed);
        unsafe { System.realloc(piece, layout, size) }
    }

    unsafe fn dealloc(&self, piece: *mut u8, layout: Layout) {
        unsafe { System.dealloc(piece, layout) }
    }
}

/// The largest piece of memory one run asks for, in octets.
fn largest(octets: &[u8]) -> usize {
    LARGEST.0.store(0, Ordering::Relaxed);
    fuzz::run(env!("CARGO_BIN_NAME"), octets);
    LARGEST.0.load(Ordering::Relaxed)
}

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    let most = octets.len() * MOST_TIMES + MOST_BESIDE;
    // What is built once, such as the tables of words, is not asked for a second time.
    if largest(octets) > most {
        let again = largest(octets);
        assert!(again <= most, "{again} octets in one piece for {} of input", octets.len());
    }
});
