//! HTTP towards operators and administrators: probes and metrics on a port of their own, the API and the console on another.

#[allow(unused_qualifications, reason = "utoipa writes so where parameters are named")]
pub mod api;
mod console;
mod https;
mod ops;

pub use ops::{Ops, start};
