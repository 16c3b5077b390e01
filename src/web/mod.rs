//! HTTP towards operators and administrators: probes and metrics on a port of their own, the API on another.

#[allow(unused_qualifications, reason = "utoipa writes so where parameters are named")]
pub mod api;
mod ops;

pub use ops::{Ops, start};
