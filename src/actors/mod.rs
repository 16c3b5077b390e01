//! Lifetimes: what has an identity and a death is an actor.
//!
//! [`Edge`] is one core's share of a listener, [`Connection`] one inbound session, [`Relay`] one tenant's sessions to
//! its next hop on one core, [`Tenants`] the single writer of the index of tenants, [`TenantCache`] the loader of one
//! tenant's rules and people, [`DirectorySync`] the reader of directories. Octets never travel in messages: a
//! connection's one future owns both sockets (`net::pump`). Mailboxes bound nothing, permits do.

mod attribution;
mod bypass;
mod cache;
mod clients;
mod connection;
mod copier;
mod courier;
mod directory;
mod edge;
mod expiry;
mod ledger;
mod look;
mod own_tls;
mod permit;
mod process;
mod records;
mod relay;
mod reload;
mod run;
mod settings;
mod setup;
mod tenancy;
mod tenant_cache;
mod tenants;

pub use connection::Connection;
pub use courier::Courier;
pub use directory::{ConsentError, DirectorySync, consent_link, take_consent};
pub use edge::Edge;
pub use own_tls::{TlsPort, watch_own_tls};
pub use relay::Relay;
pub use run::{Beside, Start, StartError, run};
pub use setup::{CertificateSeen, Finding, Known, ProofError, Setup, see_certificate};
pub use tenancy::Tenancy;
pub use tenant_cache::TenantCache;
pub use tenants::Tenants;
