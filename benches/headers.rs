//! Reading a header block of the size that Exchange Online sends, and asking it what the choice of a signature asks.

use std::hint::black_box;

use bytes::Bytes;
use criterion::{Criterion, Throughput};
use signet::imprint::HeaderBlock;

use crate::mail;

pub fn bench(criterion: &mut Criterion) {
    let header = Bytes::from(format!("{}\r\n", mail::header("text/plain; charset=utf-8")));
    let mut group = criterion.benchmark_group("headers");
    group.throughput(Throughput::Bytes(header.len() as u64));
    group.bench_function("parse", |bench| bench.iter(|| HeaderBlock::parse(black_box(header.clone()))));
    let block = HeaderBlock::parse(header);
    group.bench_function("questions", |bench| {
        bench.iter(|| {
            let block = black_box(&block);
            (block.only("X-OriginatorOrg").is_some(), block.addresses("From"), block.text("Subject"))
        });
    });
    group.finish();
}
