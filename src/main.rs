//! The program `signet`: chooses the allocator and hands over to the command line.

mod cli;

use std::process::ExitCode;

/// Many small and some large buffers, made on one thread and freed on another: what this allocator is made for.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::main()
}
