//! A real DNS server for zones of ours, on loopback and a free port, that can be ended.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use hickory_server::Server;
use hickory_server::proto::rr::rdata::{A, AAAA, MX, SOA, TXT};
use hickory_server::proto::rr::{LowerName, Name, RData, Record};
use hickory_server::store::in_memory::InMemoryZoneHandler;
use hickory_server::zone_handler::{AxfrPolicy, Catalog, ZoneType};
use tokio::net::{TcpListener, UdpSocket};

/// The zone that next hops lie in; one of the suffixes that the appliance allows in tests.
pub const NEXT_HOPS: &str = "outlook.example.";

/// The server.
pub struct Names {
    pub address: SocketAddr,
    server: Server<Catalog>,
    zones: Vec<(Name, Arc<InMemoryZoneHandler>)>,
}

impl std::fmt::Debug for Names {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Names({})", self.address)
    }
}

impl Names {
    /// Serves these addresses under these names of the zone of next hops. Nobody may remember an answer.
    pub async fn serve(records: &[(&str, IpAddr)]) -> io::Result<Names> {
        let names = Names::of_zones(&[NEXT_HOPS]).await?;
        for (name, address) in records {
            names.put_address(&format!("{name}.{NEXT_HOPS}"), *address).await?;
        }
        Ok(names)
    }

    /// Serves these zones, empty yet; of no others it says anything.
    pub async fn of_zones(zones: &[&str]) -> io::Result<Names> {
        let mut catalog = Catalog::new();
        let mut served = Vec::new();
        for zone in zones {
            let origin = Name::from_ascii(zone).map_err(io::Error::other)?;
            let zone: Arc<InMemoryZoneHandler> =
                Arc::new(InMemoryZoneHandler::empty(origin.clone(), ZoneType::Primary, AxfrPolicy::Deny));
            let soa = SOA::new(origin.clone(), origin.clone(), 1, 60, 60, 60, 0);
            zone.upsert(Record::from_rdata(origin.clone(), 0, RData::SOA(soa)), 1).await;
            catalog.upsert(LowerName::from(&origin), vec![zone.clone()]);
            served.push((origin, zone));
        }
        let mut server = Server::new(catalog);
        let (socket, listener) = one_port().await?;
        let address = socket.local_addr()?;
        server.register_socket(socket);
        server.register_listener(listener, Duration::from_secs(5), 4096);
        Ok(Names { address, server, zones: served })
    }

    pub async fn put_address(&self, name: &str, address: IpAddr) -> io::Result<()> {
        let data = match address {
            IpAddr::V4(address) => RData::A(A(address)),
            IpAddr::V6(address) => RData::AAAA(AAAA(address)),
        };
        self.put(name, data).await
    }

    /// Mail for the domain goes to this host.
    pub async fn put_mail_host(&self, domain: &str, host: &str) -> io::Result<()> {
        let host = Name::from_ascii(host).map_err(io::Error::other)?;
        self.put(domain, RData::MX(MX::new(0, host))).await
    }

    pub async fn put_text(&self, name: &str, text: &str) -> io::Result<()> {
        self.put(name, RData::TXT(TXT::new(vec![text.to_owned()]))).await
    }

    /// Puts a record into the zone that its name lies in.
    async fn put(&self, name: &str, data: RData) -> io::Result<()> {
        let name = Name::from_ascii(name).map_err(io::Error::other)?;
        let zone = self.zones.iter().find(|(origin, _)| origin.zone_of(&name));
        let (_, zone) = zone.ok_or_else(|| io::Error::other(format!("{name} lies in no zone of ours")))?;
        zone.upsert(Record::from_rdata(name, 0, data), 1).await;
        Ok(())
    }

    /// Takes questions and answers none, as long as what is given is kept.
    pub async fn fall_silent(self) -> io::Result<(UdpSocket, TcpListener)> {
        let address = self.address;
        self.stop().await?;
        Ok((UdpSocket::bind(address).await?, TcpListener::bind(address).await?))
    }

    /// Ends it: nobody answers on its port any more.
    pub async fn stop(mut self) -> io::Result<()> {
        self.server.shutdown_gracefully().await.map_err(io::Error::other)
    }
}

/// The same port for both protocols: what is free for one may be taken for the other.
async fn one_port() -> io::Result<(UdpSocket, TcpListener)> {
    loop {
        let socket = UdpSocket::bind("127.0.0.1:0").await?;
        if let Ok(listener) = TcpListener::bind(socket.local_addr()?).await {
            return Ok((socket, listener));
        }
    }
}
