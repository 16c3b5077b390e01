//! SMTP (RFC 5321 and its extensions) as pure state machines: [`Server`] towards the sender, [`Client`] towards
//! the next hop. Bytes and the time go in, actions come out; nothing here waits, writes or logs.

mod envelope;
mod extensions;
mod reply;

pub use envelope::{Body, Mail, Parameter, Path, Rcpt};
pub use extensions::Extensions;
pub use reply::{Class, Reply};
