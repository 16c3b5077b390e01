//! Benchmarks of the pure layers: framing, header reading, the search for the place, the imprinter.
//!
//! `make bench` runs them. The sizes are those the targets are given for: 5 kB, 75 kB and 5 MB. A figure is worth
//! something only with machine, date, command and the figure before beside it.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod framing;
mod headers;
mod imprinter;
mod mail;
mod markers;

use criterion::{criterion_group, criterion_main};

criterion_group!(core, framing::bench, headers::bench, markers::bench, imprinter::bench);
criterion_main!(core);
