//! What a tenant is said to weigh beside what it takes of the process: the budget `cache.memory_bytes` is worth as much
//! as that figure. Each case runs in a process of its own.
//! The allocator is the system's; with another one, `LD_PRELOAD=libmimalloc.so cargo bench --no-default-features --bench weight`.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[allow(dead_code, reason = "the other benchmarks use the rest")]
mod company;

use std::process::Command;

use signet::tenant::Snapshot;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let ["--case", people, named] = arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        return weigh(people.parse().unwrap(), named.parse().unwrap());
    }
    println!("{:>9} {:>9} {:>12} {:>12} {:>6}", "people", "rules", "counted kB", "resident kB", "ratio");
    for (people, named) in [("100000", "0"), ("100000", "2000"), ("500000", "100"), ("1000", "10")] {
        let me = std::env::current_exe().unwrap();
        assert!(Command::new(me).args(["--case", people, named]).status().unwrap().success());
    }
}

/// As much as one more of them takes: what only the making of one needs is there from the first on.
fn weigh(people: usize, named: usize) {
    let copies = (100_000 / people).max(2);
    let mut kept: Vec<Snapshot> = Vec::with_capacity(copies + 1);
    let mut make = |times: usize| {
        kept.extend((0..times).map(|_| company::snapshot(company::compiled(people), named)));
        (resident(), kept.iter().map(Snapshot::memory_bytes).sum::<usize>())
    };
    let (before, after) = (make(1), make(copies));
    let (resident, counted) = (after.0 - before.0, after.1 - before.1);
    println!(
        "{people:>9} {named:>9} {:>12} {:>12} {:>6.2}",
        counted / 1024 / copies,
        resident / 1024 / copies,
        resident as f64 / counted as f64
    );
}

/// Octets of memory that are really there.
fn resident() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    statm.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() * 4096
}
