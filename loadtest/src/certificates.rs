//! Who is who under TLS: one authority for a run, and a certificate for each end.

use std::io;
use std::sync::Arc;

use rustls::{ClientConfig, ServerConfig};
use standin::certificates::{Authority, Identity, Request};
use standin::tls;

use crate::scenario::Proof;

/// All of a run.
pub struct Certificates {
    pub authority: Authority,
    /// Signet's, as a server; the other contenders show it too.
    pub edge: Identity,
    /// The tenants', which Signet shows to the next hop.
    pub tenant: Identity,
    /// The next hop's.
    sink: Identity,
    /// The sender's.
    generator: Identity,
}

/// Signet's name.
pub const EDGE: &str = "smtp.load.example";
/// The next hop's name, and the sender's with proof `microsoft`.
pub const MICROSOFT: &str = "mail.protection.outlook.com";
/// The sender's name with proof `certificate`.
pub const PEER: &str = "mx.load.example";

impl Certificates {
    pub fn make(proof: Proof) -> io::Result<Certificates> {
        let authority = Authority::new("Load test")?;
        let generator = if proof == Proof::Certificate { PEER } else { MICROSOFT };
        Ok(Certificates {
            edge: authority.issue(Request::server(EDGE))?,
            tenant: authority.issue(Request::client("k1.smtp.load.example"))?,
            sink: authority.issue(Request::server(MICROSOFT))?,
            generator: authority.issue(Request::client(generator))?,
            authority,
        })
    }

    /// For the sink.
    pub fn server(&self) -> io::Result<Arc<ServerConfig>> {
        tls::server_config(std::slice::from_ref(&self.sink))
    }

    /// For the generator.
    pub fn client(&self) -> io::Result<Arc<ClientConfig>> {
        tls::client_config(self.authority.roots()?, Some(&self.generator))
    }
}
