//! What a client is told once. Times are those of the fault table; connecting is its owner's.

use std::time::Duration;

use crate::smtp::Tls;

/// The settings of all sessions to a next hop.
#[derive(Debug, Clone)]
pub struct ClientConfig {
    /// The name in EHLO.
    pub hello_name: String,
    /// Whether TLS is done. There is no "if it is offered".
    pub tls: Tls,
    /// Greeting, EHLO, STARTTLS and the handshake, each.
    pub hello_timeout: Duration,
    /// XFORWARD, MAIL, RCPT and RSET, each.
    pub envelope_timeout: Duration,
    /// The 354 to DATA, and the answer to a BDAT without LAST.
    pub data_timeout: Duration,
    /// All answers of a message before the verdict together; each answer buys a second more, so that a thousand
    /// recipients may be answered slowly, but a few not at the last moment each.
    pub patience: Duration,
    /// The verdict after the last octet of the message: below the 10 minutes that a sender waits (RFC 5321 section
    /// 4.5.3.2.6), because a verdict that comes after it makes a duplicate.
    pub verdict_timeout: Duration,
    /// How long a verdict that is late is still listened for, beyond `verdict_timeout`; zero: not at all.
    pub late_verdict: Duration,
    /// The answer to QUIT.
    pub quit_timeout: Duration,
    /// A line of a reply, CRLF included.
    pub reply_line_bytes: usize,
    /// Lines of a reply.
    pub reply_lines: usize,
}

impl ClientConfig {
    /// A client with the default limits.
    pub fn new(hello_name: impl Into<String>, tls: Tls) -> ClientConfig {
        ClientConfig {
            hello_name: hello_name.into(),
            tls,
            hello_timeout: Duration::from_secs(30),
            envelope_timeout: Duration::from_secs(60),
            data_timeout: Duration::from_secs(60),
            patience: Duration::from_secs(100),
            verdict_timeout: Duration::from_secs(540),
            late_verdict: Duration::ZERO,
            quit_timeout: Duration::from_secs(10),
            reply_line_bytes: 2_048,
            reply_lines: 100,
        }
    }
}
