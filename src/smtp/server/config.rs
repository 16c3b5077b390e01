//! What a server is told once: its name, its offer, its limits and times. The defaults are those of the fault table.

use std::time::Duration;

use crate::smtp::Extensions;

/// Whether TLS is done, on either side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// No envelope goes over plaintext (RFC 3207).
    Required,
    /// No TLS at all: loopback only.
    Off,
}

/// The settings of all sessions of a listener.
#[derive(Debug, Clone)]
pub struct ServerConfig {
    /// The name in greeting and EHLO.
    pub host_name: String,
    /// What EHLO offers. STARTTLS and XOORG come and go with TLS; `offer.size` is also the limit of a message.
    pub offer: Extensions,
    /// Whether TLS is done.
    pub tls: Tls,
    /// Bounds on what a peer may do.
    pub limits: Limits,
    /// Bounds on how long it may take.
    pub timeouts: Timeouts,
}

impl ServerConfig {
    /// A server with the default limits.
    pub fn new(host_name: impl Into<String>, offer: Extensions, tls: Tls) -> ServerConfig {
        let host_name = host_name.into();
        ServerConfig { host_name, offer, tls, limits: Limits::default(), timeouts: Timeouts::default() }
    }

    /// The largest message in octets, if there is a limit.
    pub fn max_message_octets(&self) -> Option<u64> {
        self.offer.size.flatten()
    }
}

/// Bounds on what a peer may do in one session.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Recipients of one transaction; the next gets 452 4.5.3.
    pub max_recipients: usize,
    /// A command line, CRLF included. RFC 5321 and its extensions add up to less than 2,048.
    pub command_line_bytes: usize,
    /// Commands refused for their form before 421 4.7.0; counted anew after each message taken.
    pub errors: u32,
    /// Commands that bring no message nearer (NOOP, RSET, EHLO, VRFY, MAIL itself) before 421 4.7.0; counted anew after
    /// each message that came whole.
    pub idle_commands: u32,
    /// Recipients that may wait for their answers together.
    pub pipelined: usize,
    /// Octets of one refused message or chunk that are read and thrown away; beyond that the session is closed.
    pub swallowed_octets: u64,
    /// The slowest sender of content that is borne, in octets per second.
    pub octets_per_second: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            max_recipients: 1_000,
            command_line_bytes: 4_096,
            errors: 20,
            idle_commands: 100,
            pipelined: 100,
            swallowed_octets: 1 << 30,
            octets_per_second: 500,
        }
    }
}

/// Bounds on how long a peer may take.
#[derive(Debug, Clone)]
pub struct Timeouts {
    /// Between two commands: at least 5 minutes (RFC 5321 section 4.5.3.2.7).
    pub idle: Duration,
    /// From STARTTLS to the end of the handshake.
    pub handshake: Duration,
    /// From the connection to the end of the handshake, where TLS is required: who has proven nothing yet is not
    /// borne for long.
    pub before_tls: Duration,
    /// Without any octet of content.
    pub stall: Duration,
}

impl Default for Timeouts {
    fn default() -> Timeouts {
        Timeouts {
            idle: Duration::from_secs(300),
            handshake: Duration::from_secs(30),
            before_tls: Duration::from_secs(60),
            stall: Duration::from_secs(60),
        }
    }
}
