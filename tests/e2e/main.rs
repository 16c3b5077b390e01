//! End to end: the real binary, real sockets, real TLS. One scenario a module.
//!
//! Each test has an appliance, certificates and a store of its own in a temporary folder, and ports the kernel chose.
//! Tests wait for conditions with deadlines; none sleeps.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod api;
mod balancer;
mod bench;
mod binding;
mod bounds;
mod cache;
mod campaign;
mod choices;
mod console;
mod directory;
mod drain;
mod faults;
mod hostile;
mod ledger;
mod legs;
mod lifetime;
mod logo;
mod mta;
mod no_trace;
#[path = "../oracle/mod.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod oracle;
mod postfix;
mod proxy_filter;
mod refusals;
mod reload;
mod resolution;
mod signed;
mod store;
mod sweep;
mod tenants;
mod thread;
mod tls;
mod whole_loop;
mod words;
mod worker;
