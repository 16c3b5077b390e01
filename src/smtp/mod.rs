//! SMTP (RFC 5321 and its extensions) as pure state machines: [`Server`] towards the sender, [`Client`] towards
//! the next hop. Bytes and the time go in, actions come out; nothing here waits, writes or logs.

mod client;
mod command;
mod data;
mod envelope;
mod extensions;
mod lines;
#[cfg(test)]
mod oracle;
mod own;
#[cfg(test)]
mod pair;
mod path;
mod reply;
#[cfg(test)]
mod seeds;
mod server;
mod xforward;
mod xtext;

pub use client::{Asked, BareLineEnd, Client, ClientConfig, ClientError, Event};
pub use envelope::{Body, Mail, Parameter, Rcpt};
pub use extensions::Extensions;
pub use path::Path;
pub use reply::{Class, Reply};
pub use server::{Action, Cause, Limits, Server, ServerConfig, Timeouts, Tls};
pub use xforward::{ClientAttribute, Forwarded};
