//! Guards: tests that read the repository itself and keep its promises.
//!
//! They need none of the appliance's dependencies (`cargo test --no-default-features --test guards`). Each names the
//! file and line at fault and what to do about it.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod asvs;
mod csv;
mod dashboards;
mod files;
mod layers;
mod repository;
mod requirements;
mod rust;
mod standin;
mod tracked;
mod words;
