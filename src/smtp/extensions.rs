//! What a server offers in its answer to EHLO (RFC 5321 section 4.1.1.1 and the extensions named below).

/// The offer of one side. As a server we write it, as a client we read it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extensions {
    /// RFC 2920.
    pub pipelining: bool,
    /// RFC 1870: `None` not offered, `Some(None)` offered without a limit, `Some(Some(n))` a limit of n octets.
    pub size: Option<Option<u64>>,
    /// RFC 3461.
    pub dsn: bool,
    /// RFC 2034.
    pub enhanced_status_codes: bool,
    /// RFC 3207.
    pub starttls: bool,
    /// RFC 6152.
    pub eight_bit_mime: bool,
    /// RFC 3030.
    pub binary_mime: bool,
    /// RFC 3030.
    pub chunking: bool,
    /// RFC 6531.
    pub smtputf8: bool,
    /// Exchange's originator organisation, offered after TLS only.
    pub xoorg: bool,
    /// Postfix XFORWARD: the attribute names offered, empty when it is not.
    pub xforward: Vec<String>,
}

impl Extensions {
    /// What a Microsoft peer is offered: the list of Exchange Online itself, so that nothing is converted down.
    /// `starttls` and `xoorg` are set by the server as TLS goes.
    pub fn for_microsoft(max_message_bytes: u64) -> Extensions {
        Extensions {
            pipelining: true,
            size: Some(Some(max_message_bytes)),
            dsn: true,
            enhanced_status_codes: true,
            starttls: true,
            eight_bit_mime: true,
            binary_mime: true,
            chunking: true,
            smtputf8: true,
            xoorg: true,
            xforward: Vec::new(),
        }
    }
}
