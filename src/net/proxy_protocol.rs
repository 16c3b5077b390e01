//! The PROXY protocol, version 2 (HAProxy's proxy-protocol.txt, section 2.2): the header by which a load balancer
//! names the sender behind it, before the first octet of SMTP.
//!
//! Nothing beyond the header is read. It must come whole within [`PATIENCE`] and be at most [`MAX_OCTETS`] long; its
//! checksum, where it has one (section 2.2.3), must fit. Other extensions are passed over. Refused are version 1,
//! datagrams, and everything that does not add up: whoever speaks to us thus is no balancer of ours.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

/// Whom a header names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// The sender.
    Sender(SocketAddr),
    /// Nobody: the balancer looks after our health (LOCAL), or knows no address.
    Nobody,
}

/// What stands at the beginning of a connection.
#[derive(Debug, PartialEq, Eq)]
enum Read {
    /// A header may come of it; at least so many octets are missing, none of them beyond the header.
    Partial(usize),
    Whole(Named),
}

/// No header of version 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Malformed;

/// Takes the header from a connection, and not an octet more.
///
/// # Errors
/// The connection ended or broke, the header is none, or it did not come in time.
pub async fn read(stream: &mut TcpStream) -> io::Result<Named> {
    tokio::time::timeout(PATIENCE, async {
        let mut header = Vec::with_capacity(PREFIX_OCTETS);
        loop {
            match parse(&header).map_err(|Malformed| io::ErrorKind::InvalidData)? {
                Read::Whole(named) => return Ok(named),
                Read::Partial(missing) => {
                    let mut rest = (&mut *stream).take(u64::try_from(missing).unwrap_or(u64::MAX));
                    if rest.read_buf(&mut header).await? == 0 {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                }
            }
        }
    })
    .await?
}

/// Reads a header that is there so far.
fn parse(input: &[u8]) -> Result<Read, Malformed> {
    if input.iter().zip(SIGNATURE).any(|(octet, expected)| octet != expected) {
        return Err(Malformed);
    }
    let Some((prefix, rest)) = input.split_first_chunk::<PREFIX_OCTETS>() else {
        return Ok(Read::Partial(PREFIX_OCTETS - input.len()));
    };
    let [.., command, family, high, low] = *prefix;
    let length = usize::from(u16::from_be_bytes([high, low]));
    if command >> 4 != VERSION || command & 15 > PROXY || PREFIX_OCTETS + length > MAX_OCTETS {
        return Err(Malformed);
    }
    if let Some(missing) = length.checked_sub(rest.len()).filter(|missing| *missing > 0) {
        return Ok(Read::Partial(missing));
    }
    // What follows the command of a health check means nothing (section 2.2).
    if command & 15 == LOCAL {
        return Ok(Read::Whole(Named::Nobody));
    }
    let (named, extensions) = addresses(family, rest).ok_or(Malformed)?;
    check(input, extensions).map(|()| Read::Whole(named))
}

/// The source address, and what follows both addresses.
fn addresses(family: u8, rest: &[u8]) -> Option<(Named, &[u8])> {
    match family {
        0x00 => Some((Named::Nobody, rest)),
        0x11 => {
            let (source, rest) = rest.split_first_chunk::<4>()?;
            let (_, rest) = rest.split_first_chunk::<4>()?;
            sender(IpAddr::from(*source), rest)
        }
        0x21 => {
            let (source, rest) = rest.split_first_chunk::<16>()?;
            let (_, rest) = rest.split_first_chunk::<16>()?;
            sender(IpAddr::from(*source), rest)
        }
        // Two paths of Unix sockets.
        0x31 => Some((Named::Nobody, rest.get(216..)?)),
        _ => None,
    }
}

/// The ports stand behind both addresses.
fn sender(address: IpAddr, rest: &[u8]) -> Option<(Named, &[u8])> {
    let (ports, rest) = rest.split_first_chunk::<4>()?;
    let [high, low, ..] = *ports;
    let port = u16::from_be_bytes([high, low]);
    Some((Named::Sender(SocketAddr::new(address.to_canonical(), port)), rest))
}

/// Whether the extensions are whole, and the checksum among them that of the header.
fn check(header: &[u8], extensions: &[u8]) -> Result<(), Malformed> {
    let mut rest = extensions;
    let mut checked = false;
    while let Some((kind, after)) = rest.split_first() {
        let (length, after) = after.split_first_chunk::<2>().ok_or(Malformed)?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (value, after) = after.split_at_checked(length).ok_or(Malformed)?;
        if *kind == CHECKSUM {
            let given = <[u8; 4]>::try_from(value).map(u32::from_be_bytes).map_err(|_| Malformed)?;
            let before = header.len() - after.len() - value.len();
            let (before, _) = header.split_at_checked(before).ok_or(Malformed)?;
            // The sum is taken with noughts in its own place.
            let octets = before.iter().chain(&[0; 4]).chain(after);
            if checked || crc32c(octets) != given {
                return Err(Malformed);
            }
            checked = true;
        }
        rest = after;
    }
    Ok(())
}

/// CRC-32C (RFC 3720 section 12.1), bit by bit: a header is short.
fn crc32c<'a>(octets: impl Iterator<Item = &'a u8>) -> u32 {
    let eight = |sum: u32, _| if sum & 1 == 1 { sum >> 1 ^ 0x82f6_3b78 } else { sum >> 1 };
    !octets.fold(u32::MAX, |sum, octet| (0..8).fold(sum ^ u32::from(*octet), eight))
}

/// How long a header may take to come.
const PATIENCE: Duration = Duration::from_secs(10);
/// The longest header: both Unix paths and room for extensions.
const MAX_OCTETS: usize = 2048;
const SIGNATURE: &[u8] = b"\r\n\r\n\0\r\nQUIT\n";
/// The header of a look after health (LOCAL): it names nobody.
pub const OF_NOBODY: &[u8] = b"\r\n\r\n\0\r\nQUIT\n\x20\0\0\0";
/// Signature, version and command, family and transport, length.
const PREFIX_OCTETS: usize = 16;
const VERSION: u8 = 2;
const LOCAL: u8 = 0;
const PROXY: u8 = 1;
/// PP2_TYPE_CRC32C.
const CHECKSUM: u8 = 0x03;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const V4: &[u8] = &[192, 0, 2, 7, 10, 0, 0, 1, 0xc0, 0x01, 0, 25];

    fn header(command: u8, family: u8, rest: &[&[u8]]) -> Vec<u8> {
        let rest = rest.concat();
        let length = u16::try_from(rest.len()).unwrap().to_be_bytes();
        [SIGNATURE, &[command, family], &length, &rest].concat()
    }

    fn v6(source: &str) -> Vec<u8> {
        let source: std::net::Ipv6Addr = source.parse().unwrap();
        [&source.octets()[..], &[0; 16], &[0, 1, 0, 25]].concat()
    }

    /// A header with its checksum at the end.
    fn summed(family: u8, rest: &[&[u8]]) -> Vec<u8> {
        let mut whole = header(0x21, family, &[&rest.concat(), &[CHECKSUM, 0, 4, 0, 0, 0, 0]]);
        let sum = crc32c(whole.iter()).to_be_bytes();
        let at = whole.len() - 4;
        whole[at..].copy_from_slice(&sum);
        whole
    }

    fn sender(text: &str) -> Result<Named, Malformed> {
        Ok(Named::Sender(text.parse().unwrap()))
    }

    #[test]
    fn headers_whole_and_in_pieces() {
        let nobody = Ok(Named::Nobody);
        let bad = Err(Malformed);
        let noop: &[u8] = &[0x04, 0, 2, 9, 9];
        let mut forged = summed(0x11, &[V4, noop]);
        forged[17] ^= 1;
        for (name, octets, expected) in [
            ("IPv4", header(0x21, 0x11, &[V4]), sender("192.0.2.7:49153")),
            ("IPv6", header(0x21, 0x21, &[&v6("2001:db8::1")]), sender("[2001:db8::1]:1")),
            ("IPv4 in IPv6", header(0x21, 0x21, &[&v6("::ffff:192.0.2.7")]), sender("192.0.2.7:1")),
            ("extensions", header(0x21, 0x11, &[V4, noop, &[0xe0, 0, 0]]), sender("192.0.2.7:49153")),
            ("checksum", summed(0x11, &[V4, noop]), sender("192.0.2.7:49153")),
            ("checksum of IPv6", summed(0x21, &[&v6("2001:db8::1")]), sender("[2001:db8::1]:1")),
            ("health check", header(0x20, 0x00, &[]), nobody),
            ("health check with anything", header(0x20, 0x77, &[b"anything"]), nobody),
            ("no address", header(0x21, 0x00, &[]), nobody),
            ("Unix socket", header(0x21, 0x31, &[&[b'/'; 216]]), nobody),
            ("the longest", header(0x20, 0x00, &[&[0; 2032]]), nobody),
            ("too long", header(0x20, 0x00, &[&[0; 2033]]), bad),
            ("forged", forged, bad),
            ("two checksums", summed(0x11, &[V4, &summed(0x11, &[V4])[28..]]), bad),
            ("short checksum", header(0x21, 0x11, &[V4, &[CHECKSUM, 0, 1, 0]]), bad),
            ("version 1", b"PROXY TCP4 192.0.2.7 10.0.0.1 49153 25\r\n".to_vec(), bad),
            ("version 3", header(0x31, 0x11, &[V4]), bad),
            ("version 1 in binary", header(0x11, 0x11, &[V4]), bad),
            ("unknown command", header(0x22, 0x11, &[V4]), bad),
            ("UDP", header(0x21, 0x12, &[V4]), bad),
            ("Unix datagrams", header(0x21, 0x32, &[&[b'/'; 216]]), bad),
            ("unknown family", header(0x21, 0x41, &[V4]), bad),
            ("too short for IPv4", header(0x21, 0x11, &[&V4[..11]]), bad),
            ("too short for IPv6", header(0x21, 0x21, &[V4]), bad),
            ("too short for Unix", header(0x21, 0x31, &[V4]), bad),
            ("extension cut off", header(0x21, 0x11, &[V4, &[0x04, 0]]), bad),
            ("extension too long", header(0x21, 0x11, &[V4, &[0x04, 0, 9, 1]]), bad),
            ("SMTP", b"EHLO mx.example\r\n".to_vec(), bad),
            ("TLS", vec![0x16, 0x03, 0x01, 0x02, 0x00], bad),
        ] {
            assert_eq!(piecemeal(&octets, usize::MAX), expected, "{name}");
            for most in 1..=octets.len() {
                assert_eq!(piecemeal(&octets, most), expected, "{name} in pieces of at most {most}");
            }
            for cut in (0..octets.len()).filter(|_| expected.is_ok()) {
                assert!(matches!(parse(&octets[..cut]), Ok(Read::Partial(_))), "{name} cut at {cut}");
            }
        }
    }

    /// Gives the parser what it asks for and no more, at most so many octets at a time.
    fn piecemeal(octets: &[u8], most: usize) -> Result<Named, Malformed> {
        let mut end = 0;
        loop {
            match parse(&octets[..end])? {
                Read::Whole(named) => {
                    assert_eq!(end, octets.len(), "nothing behind the header was asked for");
                    return Ok(named);
                }
                Read::Partial(missing) => {
                    assert!(missing > 0 && end < octets.len(), "asked for more than there is");
                    end = octets.len().min(end + missing.min(most));
                }
            }
        }
    }

    #[test]
    fn the_checksum_is_that_of_the_standard() {
        // RFC 3720 appendix B.4.
        assert_eq!(crc32c([0u8; 32].iter()), 0x8a91_36aa);
        assert_eq!(crc32c([0xffu8; 32].iter()), 0x62a8_ab43);
        assert_eq!(crc32c(b"123456789".iter()), 0xe306_9283);
    }
}
