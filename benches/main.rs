//! Benchmarks of the pure layers by wall time: framing, header reading, the search for the place, the imprinter with its
//! MIME walk, rendering, people among half a million, a whole message through a session, and one signed beside copying
//! and rebuilding it.
//!
//! `make bench` runs them after the count of instructions (`instructions.rs`), which is the steadier figure. The sizes
//! are those the targets are given for: 5 kB, 75 kB and 5 MB. A figure is worth something only with machine, date,
//! command and the figure before beside it.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod case;
mod company;
mod framing;
mod headers;
mod imprinter;
mod mail;
mod markers;
mod people;
mod relay;
mod render;
mod whole;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};

fn core(criterion: &mut Criterion) {
    for case in case::all() {
        let (group, name) = case.name.split_once('/').expect("a group");
        let mut group = criterion.benchmark_group(group);
        // Made at the first iteration, so that a filter spares what it leaves out.
        let mut run = None;
        if let Some(octets) = mail::octets_in(name) {
            group.throughput(Throughput::Bytes(octets as u64));
        }
        group.bench_function(name, |bench| {
            let run = run.get_or_insert_with(|| case.make());
            bench.iter(run);
        });
        group.finish();
    }
}

criterion_group!(benches, core);
criterion_main!(benches);
