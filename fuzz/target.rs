//! One program for each target, by its own name.

#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| signet::imprint::fuzz::run(env!("CARGO_BIN_NAME"), octets));
