//! SMTP (RFC 5321 and its extensions) as pure state machines: [`Server`] towards the sender, [`Client`] towards
//! the next hop. Bytes and the time go in, actions come out; nothing here waits, writes or logs.

mod client;
mod command;
mod data;
mod envelope;
mod extensions;
mod lines;
mod reply;
mod server;

pub use client::{Asked, BareLineEnd, Client, ClientConfig, ClientError, Event};
pub use envelope::{Body, Mail, Parameter, Path, Rcpt};
pub use extensions::Extensions;
pub use reply::{Class, Reply};
pub use server::{Action, Cause, Limits, Server, ServerConfig, Timeouts, Tls};
