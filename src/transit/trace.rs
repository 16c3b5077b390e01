//! The `Received` field this edge puts on top of every message (RFC 5321 section 4.4).
//!
//! It speaks of the connection this edge has, whatever XFORWARD says of the one before: the peer's own field, right below,
//! tells of that. It has no `for` clause: that would show a blind copy. Nothing in it comes from the message, and what the peer
//! said of itself in EHLO is cut down to the characters of a host name.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Sender;

/// Longest name of a peer that is repeated.
const HELLO_LENGTH: usize = 255;

/// The field, folded, CRLF ended. `id` names the message in our own log.
pub(super) fn received(sender: &Sender, host_name: &str, site: &str, utf8: bool, id: &str, wall: Timestamp) -> String {
    let hello: String = sender
        .hello
        .chars()
        .filter(|octet| octet.is_ascii_alphanumeric() || matches!(octet, '.' | '-' | '_' | ':' | '[' | ']'))
        .take(HELLO_LENGTH)
        .collect();
    let hello = if hello.is_empty() { "unknown".to_owned() } else { hello };
    // RFC 3848 and RFC 6531 section 4.3 name the protocol.
    let protocol = match (utf8, sender.tls.is_some()) {
        (false, false) => "ESMTP",
        (false, true) => "ESMTPS",
        (true, false) => "UTF8SMTP",
        (true, true) => "UTF8SMTPS",
    };
    let tls = sender.tls.as_deref().map(|tls| format!(" ({tls})")).unwrap_or_default();
    let address = sender.address;
    let date = rfc2822(wall);
    format!(
        "Received: from {hello} ([{address}])\r\n by {host_name} (Signet {site}) with {protocol}{tls}\r\n id {id};\r\n {date}\r\n"
    )
}

/// Date and time in UTC as RFC 5322 section 3.3 writes it.
fn rfc2822(wall: Timestamp) -> String {
    wall.to_zoned(TimeZone::UTC).strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transit::Proof;

    #[test]
    fn what_the_peer_said_cannot_add_a_line() {
        let sender = Sender {
            proof: Proof::Microsoft,
            hello: "evil\r\nX-Injected: 1 (".to_owned(),
            address: std::net::Ipv4Addr::LOCALHOST.into(),
            tls: Some("TLSv1.3, TLS_AES_256_GCM_SHA384".to_owned()),
        };
        let field = received(
            &sender,
            "eu-a.signet.example",
            "eu-a",
            false,
            "0123",
            Timestamp::from_second(1_800_000_000).unwrap_or_default(),
        );
        assert_eq!(
            field,
            "Received: from evilX-Injected:1 ([127.0.0.1])\r\n by eu-a.signet.example (Signet eu-a) with ESMTPS (TLSv1.3, TLS_AES_256_GCM_SHA384)\r\n id 0123;\r\n Fri, 15 Jan 2027 08:00:00 +0000\r\n"
        );
    }
}
