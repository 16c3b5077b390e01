//! A look at one of our own TLS ports, as a stranger has it (requirement P32): what certificate is shown and until when,
//! and whether what is old is refused: TLS 1.1, and suites of CBC.
//!
//! Our own client speaks neither, so the old greetings are written by hand; nothing but the kind of the answer is read.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{DigitallySignedStruct, Error, SignatureScheme};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use x509_parser::parse_x509_certificate;

use super::peer::Balancers;
use super::proxy_protocol::OF_NOBODY;
use super::tls::is_for_name;
use crate::config::{TLS_VERSIONS, tls_provider};

/// How TLS begins at a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beginning {
    /// With the first octet.
    AtOnce,
    /// When SMTP's STARTTLS was answered.
    StartTls,
}

/// What was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Who has issued the certificate.
    pub issuer: String,
    /// Unix time in milliseconds.
    pub not_after_ms: i64,
    pub is_for_name: bool,
    /// What is spoken and should not be.
    pub old: Vec<&'static str>,
}

impl Seen {
    /// Nothing is wrong at this time.
    pub fn is_sound(&self, now_ms: i64) -> bool {
        self.is_for_name && self.old.is_empty() && now_ms < self.not_after_ms
    }
}

/// A port of ours, and how one comes to its TLS.
#[derive(Debug, Clone)]
pub struct Door {
    /// As bound.
    pub address: SocketAddr,
    pub beginning: Beginning,
    /// Who must name the sender first; we may be in their network.
    pub balancers: Balancers,
}

/// Looks at a port, whose certificate has to be for this name.
///
/// # Errors
/// There is no TLS, or not in time.
pub async fn look(door: &Door, name: &str) -> io::Result<Seen> {
    let looking = async {
        let certificate = certificate(door, name).await?;
        let (_, parsed) = parse_x509_certificate(&certificate).map_err(io::Error::other)?;
        let mut old = Vec::new();
        for (what, version) in [("TLS 1.1", [3, 2]), ("suites of CBC", [3, 3])] {
            if is_answered(connect(door).await?, version).await {
                old.push(what);
            }
        }
        Ok(Seen {
            issuer: parsed.issuer().to_string(),
            not_after_ms: parsed.validity().not_after.timestamp().saturating_mul(1000),
            is_for_name: is_for_name(&certificate, name),
            old,
        })
    };
    tokio::time::timeout(PATIENCE, looking).await?
}

const PATIENCE: Duration = Duration::from_secs(30);
/// Of the longest answer in front of TLS.
const MOST_GREETING: u64 = 8192;

async fn certificate(door: &Door, name: &str) -> io::Result<CertificateDer<'static>> {
    let config = ClientConfig::builder_with_provider(tls_provider()).with_protocol_versions(TLS_VERSIONS);
    let config = config.map_err(io::Error::other)?.dangerous().with_custom_certificate_verifier(Arc::new(Anybody));
    let name = ServerName::try_from(name.to_owned()).map_err(io::Error::other)?;
    let stream = connect(door).await?;
    let stream = TlsConnector::from(Arc::new(config.with_no_client_auth())).connect(name, stream).await?;
    let chain = stream.get_ref().1.peer_certificates().unwrap_or_default();
    chain.first().cloned().map(CertificateDer::into_owned).ok_or_else(|| io::Error::other("no certificate"))
}

/// Up to where TLS begins.
async fn connect(door: &Door) -> io::Result<TcpStream> {
    let ip = match door.address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    let mut stream = TcpStream::connect((ip, door.address.port())).await?;
    if door.balancers.must_name(stream.local_addr()?.ip()) {
        stream.write_all(OF_NOBODY).await?;
    }
    if door.beginning == Beginning::StartTls {
        answered(&mut stream).await?;
        stream.write_all(b"EHLO localhost\r\n").await?;
        answered(&mut stream).await?;
        stream.write_all(b"STARTTLS\r\n").await?;
        answered(&mut stream).await?;
    }
    Ok(stream)
}

/// Reads one positive reply of SMTP, of as many lines as it has; an octet at a time, so that none of TLS is taken.
async fn answered(stream: &mut TcpStream) -> io::Result<()> {
    let mut read = stream.take(MOST_GREETING);
    loop {
        let mut line = Vec::new();
        while line.last() != Some(&b'\n') {
            line.push(read.read_u8().await?);
        }
        match (line.first(), line.get(3)) {
            (Some(b'2'), Some(b'-')) => {}
            (Some(b'2'), _) => return Ok(()),
            _ => return Err(io::Error::other("the listener refuses")),
        }
    }
}

/// Whether somebody who can do no better gets a handshake (22) and not an alert, or nothing.
async fn is_answered(mut stream: TcpStream, version: [u8; 2]) -> bool {
    stream.write_all(&old_hello(version)).await.is_ok() && stream.read_u8().await.is_ok_and(|kind| kind == HANDSHAKE)
}

const HANDSHAKE: u8 = 22;

/// A ClientHello (RFC 5246, section 7.4.1.2) of this version with suites of CBC alone.
fn old_hello(version: [u8; 2]) -> Vec<u8> {
    const SUITES: [u8; 12] = [0xc0, 0x28, 0xc0, 0x24, 0xc0, 0x14, 0xc0, 0x0a, 0xc0, 0x13, 0x00, 0x35];
    // Curves P-256 and P-384, and RSA and ECDSA by SHA-256.
    const EXTENSIONS: [u8; 22] = [0, 10, 0, 6, 0, 4, 0, 23, 0, 24, 0, 13, 0, 8, 0, 6, 4, 1, 4, 3, 8, 4];
    let sized = |octets: &[u8]| [&u16::try_from(octets.len()).unwrap_or(u16::MAX).to_be_bytes(), octets].concat();
    let body = [&version[..], &[7; 32], &[0], &sized(&SUITES), &[1, 0], &sized(&EXTENSIONS)].concat();
    let message = [&[1, 0][..], &sized(&body)].concat();
    [&[HANDSHAKE, 3, 1][..], &sized(&message)].concat()
}

/// Takes every certificate: it is looked at, and nothing is told to whoever has it.
#[derive(Debug)]
struct Anybody;

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        tls_provider().signature_verification_algorithms.supported_schemes()
    }
}
