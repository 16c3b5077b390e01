//! HTTP towards operators: probes and metrics, on a port of their own.

mod ops;

pub use ops::{Ops, start};
