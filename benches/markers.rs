//! The search for the place above the quoted reply, in decoded text.

use std::hint::black_box;

use criterion::{Criterion, Throughput};
use signet::imprint::place::{html, plain};

use crate::mail;

pub fn bench(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("markers");
    for (name, octets) in [("4kB", 4_000), ("40kB", 40_000), ("1MB", 1_000_000)] {
        let text = mail::html(octets);
        assert!(html::find(&text).unwrap().marker.is_some());
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(format!("html/{name}"), |bench| bench.iter(|| html::find(black_box(&text))));
        let text = mail::plain(octets);
        assert!(plain::find(&text).unwrap().marker.is_some());
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(format!("plain/{name}"), |bench| bench.iter(|| plain::find(black_box(&text))));
    }
    group.finish();
}
