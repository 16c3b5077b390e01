//! Microsoft 365, played on loopback for Signet's tests and its demo; never part of the product.
//!
//! - [`appliance`]: the real binary as a child process, with everything it needs.
//! - [`certificates`]: a throw-away authority and whatever good and bad certificates a test asks of it.
//! - [`conservation`]: whether everything that was sent arrived, once, or was refused.
//! - [`demo`]: what `signet-demo` shows.
//! - [`exchange`]: Exchange Online as the next hop ([`exchange::Receiver`]) and as the sender ([`exchange::Sender`]).
//! - [`fault_proxy`]: a TCP proxy that cuts, stalls and garbles where a test wants it.
//! - [`graph`]: Microsoft Entra and Graph, from which a directory is read.
//! - [`names`]: a real DNS server.
//! - [`newcomer`]: an organisation that nobody has connected yet.
//! - [`postgres`]: a real PostgreSQL, for as long as a test runs.
//! - [`routing`]: a whole tenant: its transport rules carried out, so that the loop user, Exchange, Signet,
//!   Exchange, recipient can be run.
//! - [`mails`]: realistic mails, all text our own.
//!
//! It speaks SMTP by the small codec in [`wire`], never by `signet::smtp`: a tester must not share the fault it
//! looks for. Nothing here depends on time but what a test asks for; every wait has a deadline.

pub mod appliance;
pub mod certificates;
pub mod conservation;
pub mod demo;
pub mod exchange;
pub mod fault_proxy;
pub mod graph;
pub mod mails;
pub mod names;
pub mod newcomer;
pub mod postgres;
pub mod routing;
pub mod tls;
pub mod wire;
