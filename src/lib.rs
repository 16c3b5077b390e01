//! Signet stamps e-mail signatures in transit between Microsoft 365 and itself.
//!
//! The layers, from the bottom up; arrows point down only (`tests/guards/layers.rs` reads every `use`):
//!
//! - [`smtp`]: the RFC 5321 family as pure state machines, server and client.
//! - [`imprint`]: one message and one stamp make the same message, signed.
//! - [`tenant`]: people, rules, templates, the snapshot and its rendering.
//! - [`transit`]: one message from MAIL to verdict; the home of the invariants and the only place that can say 250.
//! - `store`: the only place that writes; never a message.
//! - `net`: the only place that opens a mail socket.
//! - `directory`: people and groups of Microsoft Entra; the only place that makes HTTP calls outward.
//! - `actors`: lifetimes.
//! - `web`: probes and metrics over HTTP.
//!
//! The first four are pure: no sockets, files, clocks, randomness or logging. They are all that is built
//! without the feature `appliance`.

#[macro_use]
pub mod failpoint;

pub mod imprint;
pub mod smtp;
pub mod tenant;
pub mod transit;

#[cfg(feature = "appliance")]
pub mod account;
#[cfg(feature = "appliance")]
pub mod actors;
#[cfg(feature = "appliance")]
pub mod config;
#[cfg(feature = "appliance")]
pub mod directory;
#[cfg(feature = "appliance")]
pub mod events;
#[cfg(feature = "appliance")]
pub mod metrics;
#[cfg(feature = "appliance")]
pub mod net;
#[cfg(feature = "appliance")]
pub mod store;
#[cfg(feature = "appliance")]
pub mod web;

/// Says what the rules say, without the engine.
#[cfg(test)]
#[path = "../tests/oracle/mod.rs"]
#[allow(dead_code, clippy::unwrap_used, reason = "a test, of which others use the rest")]
mod oracle;
