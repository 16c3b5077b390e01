//! DNS records that tell who a domain belongs to and how it sends, asked anew each time: somebody has just set them and
//! looks whether they are there. Mail never waits for this.

use std::net::SocketAddr;

use hickory_resolver::TokioResolver;
use hickory_resolver::proto::rr::{RData, RecordType};

use super::resolver::{ResolverError, builder};

/// Asks name servers, and remembers nothing.
#[derive(Clone)]
pub struct Records(TokioResolver);

/// No name server said whether there is such a record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no name server answered for {0}; try again")]
pub struct Silent(pub String);

impl Records {
    /// `name_servers`: those to ask; the system's when empty.
    ///
    /// # Errors
    /// [`ResolverError::Setup`].
    pub fn new(name_servers: &[SocketAddr]) -> Result<Records, ResolverError> {
        let mut builder = builder(name_servers)?;
        builder.options_mut().cache_size = 0;
        builder.build().map(Records).map_err(|error| ResolverError::Setup(error.to_string()))
    }

    /// TXT records of a name, the parts of each put together; none when there is no such name.
    ///
    /// # Errors
    /// [`Silent`].
    pub async fn texts(&self, name: &str) -> Result<Vec<String>, Silent> {
        let found = self.ask(name, RecordType::TXT).await?;
        let text = |data: RData| match data {
            RData::TXT(text) => Some(String::from_utf8_lossy(&text.txt_data.concat()).into_owned()),
            _ => None,
        };
        Ok(found.into_iter().filter_map(text).collect())
    }

    /// The hosts that take mail for a domain, the preferred one first.
    ///
    /// # Errors
    /// [`Silent`].
    pub async fn mail_hosts(&self, domain: &str) -> Result<Vec<String>, Silent> {
        let found = self.ask(domain, RecordType::MX).await?;
        let host = |data: RData| match data {
            RData::MX(mx) => Some((mx.preference, plain(&mx.exchange.to_ascii()))),
            _ => None,
        };
        let mut hosts: Vec<(u16, String)> = found.into_iter().filter_map(host).collect();
        hosts.sort();
        Ok(hosts.into_iter().map(|(_, host)| host).collect())
    }

    /// Whether the name has an address.
    ///
    /// # Errors
    /// [`Silent`].
    pub async fn has_address(&self, host: &str) -> Result<bool, Silent> {
        for kind in [RecordType::A, RecordType::AAAA] {
            if self.ask(host, kind).await?.iter().any(|data| matches!(data, RData::A(_) | RData::AAAA(_))) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn ask(&self, name: &str, kind: RecordType) -> Result<Vec<RData>, Silent> {
        // The final dot keeps the system's search list out of it.
        let absolute = format!("{}.", name.trim_end_matches('.'));
        match self.0.lookup(absolute, kind).await {
            Ok(found) => Ok(found.answers().iter().map(|record| record.data.clone()).collect()),
            Err(error) if error.is_no_records_found() => Ok(Vec::new()),
            Err(_) => Err(Silent(name.to_owned())),
        }
    }
}

fn plain(name: &str) -> String {
    name.trim_end_matches('.').to_ascii_lowercase()
}
