//! The program `signet` with failpoints, for `make faults`: under a name of its own, so that it never lies where the one
//! that ships does. Otherwise as `main.rs`.

mod cli;

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::main()
}
