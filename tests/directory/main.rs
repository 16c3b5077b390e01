//! The directory against Microsoft's services as the stand-in plays them: real HTTP, a page at a time.
//!
//! [`memory::Memory`] keeps what a sync tells as a store would; [`world::World`] joins the two, and says what the
//! directory should look like by reading the stand-in's own data, by code that shares nothing with the product's.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod album;
mod between;
mod consent;
mod csv;
mod gone;
mod hostile;
mod kept;
mod kill;
mod memory;
mod overrides;
mod photos;
mod place;
mod program;
mod reading;
mod scale;
mod trouble;
mod world;
