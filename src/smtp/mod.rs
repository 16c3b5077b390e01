//! SMTP (RFC 5321 and its extensions) as pure state machines: [`Server`] towards the sender, [`Client`] towards
//! the next hop. Bytes and the time go in, actions come out; nothing here waits, writes or logs.

mod extensions;

pub use extensions::Extensions;
