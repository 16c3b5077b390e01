//! A real DNS server for one zone, on loopback and a free port, that can be ended.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use hickory_server::Server;
use hickory_server::proto::rr::rdata::{A, AAAA, SOA};
use hickory_server::proto::rr::{LowerName, Name, RData, Record};
use hickory_server::store::in_memory::InMemoryZoneHandler;
use hickory_server::zone_handler::{AxfrPolicy, Catalog, ZoneType};
use tokio::net::{TcpListener, UdpSocket};

/// The zone, one of the suffixes the appliance allows.
const ZONE: &str = "outlook.example.";

/// The server.
pub struct Names {
    pub address: SocketAddr,
    server: Server<Catalog>,
}

impl Names {
    /// Serves these addresses under these names of the zone. Nobody may remember an answer.
    pub async fn serve(records: &[(&str, IpAddr)]) -> Names {
        let origin = Name::from_ascii(ZONE).unwrap();
        let zone: InMemoryZoneHandler = InMemoryZoneHandler::empty(origin.clone(), ZoneType::Primary, AxfrPolicy::Deny);
        let soa = SOA::new(origin.clone(), origin.clone(), 1, 60, 60, 60, 0);
        zone.upsert(Record::from_rdata(origin.clone(), 0, RData::SOA(soa)), 1).await;
        for (name, address) in records {
            let data = match address {
                IpAddr::V4(address) => RData::A(A(*address)),
                IpAddr::V6(address) => RData::AAAA(AAAA(*address)),
            };
            let name = Name::from_ascii(format!("{name}.{ZONE}")).unwrap();
            zone.upsert(Record::from_rdata(name, 0, data), 1).await;
        }
        let mut catalog = Catalog::new();
        catalog.upsert(LowerName::from(&origin), vec![Arc::new(zone)]);
        let mut server = Server::new(catalog);
        let (socket, listener) = one_port().await;
        let address = socket.local_addr().unwrap();
        server.register_socket(socket);
        server.register_listener(listener, Duration::from_secs(5), 4096);
        Names { address, server }
    }

    /// Takes questions and answers none, as long as what is given is kept.
    pub async fn fall_silent(self) -> (UdpSocket, TcpListener) {
        let address = self.address;
        self.stop().await;
        (UdpSocket::bind(address).await.unwrap(), TcpListener::bind(address).await.unwrap())
    }

    /// Ends it: nobody answers on its port any more.
    pub async fn stop(mut self) {
        self.server.shutdown_gracefully().await.unwrap();
    }
}

/// The same port for both protocols: what is free for one may be taken for the other.
async fn one_port() -> (UdpSocket, TcpListener) {
    loop {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        if let Ok(listener) = TcpListener::bind(socket.local_addr().unwrap()).await {
            return (socket, listener);
        }
    }
}
