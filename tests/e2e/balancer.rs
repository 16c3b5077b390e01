//! A real HAProxy in front of the edge: it passes octets on, TLS and all, and names the sender by the PROXY protocol. The
//! tenant is proven by the address it names.

use std::fs;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::json;
use standin::appliance::{HOST_NAME, MICROSOFT};
use standin::exchange::{Outgoing, Sender, SenderConfig};
use standin::mails::{Client, Letter};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use crate::bench::{Bench, MARK, Plan, end_code, run, until};
use crate::mta::free_address;

/// Contoso's server, behind the balancer.
const CONTOSO_SERVER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(127, 0, 0, 7));
/// Nobody's.
const STRANGER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(127, 0, 0, 8));
/// Where the balancer connects from.
const BALANCER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(127, 0, 0, 9));

/// A HAProxy of the test's own, ended by its process id.
struct HaProxy {
    process: Child,
    address: SocketAddr,
}

impl HaProxy {
    /// In front of `edge`; `options` are those of the server line.
    fn start(folder: &Path, edge: SocketAddr, options: &str) -> HaProxy {
        let address = free_address();
        let config = format!(
            "global\n    maxconn 100\ndefaults\n    mode tcp\n    timeout connect 10s\n    timeout client 60s\n    timeout server 60s\n\
             frontend mail\n    bind {address}\n    default_backend edges\n\
             backend edges\n    source {BALANCER}\n    option smtpchk EHLO balancer.example\n    server edge {edge} {options}\n"
        );
        let file = folder.join("haproxy.cfg");
        fs::write(&file, config).unwrap();
        let said = fs::File::create(folder.join("haproxy.out")).unwrap();
        let mut command = Command::new("haproxy");
        command.arg("-db").arg("-f").arg(&file).stdin(Stdio::null()).stdout(said.try_clone().unwrap()).stderr(said);
        let process = command.spawn().expect("haproxy is missing: run tools/setup-tests.sh");
        let seen = || fs::read_to_string(folder.join("haproxy.out")).unwrap_or_default();
        until("HAProxy to listen", || std::net::TcpStream::connect(address).ok(), seen);
        HaProxy { process, address }
    }
}

impl Drop for HaProxy {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// An edge whose one listener wants TLS, a network as proof, and headers from the balancer.
async fn bench() -> Bench {
    let listener = format!(
        "[[listener]]\naddress = \"127.0.0.1:0\"\nproof = \"network\"\ncertificate = \"smtp.pem\"\nkey = \"smtp.key\"\n\
         proxy_from = [\"{BALANCER}/32\"]\n"
    );
    let network = |networks: Vec<String>| {
        move |tenant: &mut serde_json::Value| {
            let next_hop = tenant["peer"]["next_hop"].clone();
            tenant["peer"] = json!({"proof": "network", "networks": networks, "next_hop": next_hop});
            assert_eq!(tenant["peer"]["next_hop"]["name"], MICROSOFT);
        }
    };
    // The balancer's own address is in one of the tenant's networks, and must prove nothing all the same.
    let networks = vec![format!("{CONTOSO_SERVER}/32"), format!("{BALANCER}/32")];
    Bench::with(Plan {
        listeners: vec![],
        configuration: listener,
        tenant: Box::new(network(networks)),
        ..Plan::default()
    })
    .await
}

async fn connect(from: IpAddr, to: SocketAddr) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((from, 0).into()).unwrap();
    socket.connect(to).await.unwrap()
}

/// A session with STARTTLS from an address of our choice.
async fn session(bench: &Bench, from: IpAddr, to: SocketAddr) -> Sender {
    let config = SenderConfig::exchange_online(HOST_NAME, bench.setup.authority.roots().unwrap(), None).unwrap();
    Sender::over(connect(from, to).await, &config).await.unwrap()
}

fn message() -> Outgoing {
    let mail = Letter::reply().from("Ada Vance", "ada@contoso.example").written_in(Client::OutlookWeb);
    Outgoing::new("ada@contoso.example", &["bob@example.org"], mail)
}

/// A header of version 2 for a sender over IPv4.
fn header(sender: IpAddr) -> Vec<u8> {
    let IpAddr::V4(sender) = sender else { panic!("{sender}") };
    let mut header = b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c".to_vec();
    header.extend(sender.octets());
    header.extend([127, 0, 0, 1, 0x80, 0, 0, 25]);
    header
}

/// All that the edge says on a connection that begins with these octets, to its end.
async fn said(from: IpAddr, to: SocketAddr, octets: &[u8]) -> String {
    let mut stream = connect(from, to).await;
    stream.write_all(octets).await.unwrap();
    let mut answer = Vec::new();
    // A reset counts as an end, too: octets of ours were not read.
    let _ = tokio::time::timeout(std::time::Duration::from_secs(60), stream.read_to_end(&mut answer)).await.unwrap();
    String::from_utf8(answer).unwrap()
}

#[test]
fn behind_haproxy_the_senders_own_address_is_the_proof() {
    run(|| async {
        let bench = bench().await;
        let options = "send-proxy-v2 proxy-v2-options crc32c check check-send-proxy inter 200 fall 1 rise 1";
        let balancer = HaProxy::start(&bench.setup.folder, bench.appliance.listeners[0], options);

        let mut sender = session(&bench, CONTOSO_SERVER, balancer.address).await;
        let delivery = sender.send(&message()).await;
        assert_eq!(end_code(&delivery), 250, "{delivery:?}");
        let arrived = bench.exchange.accepted();
        let text = arrived.last().unwrap().text();
        assert!(text.contains(MARK), "{text}");
        assert!(text.contains(&format!("([{CONTOSO_SERVER}])")), "Received names the sender: {text}");

        let mut stranger = session(&bench, STRANGER, balancer.address).await;
        let delivery = stranger.send(&message()).await;
        let refused = delivery.mail.as_ref().expect("an answer to MAIL");
        assert!(refused.code == 550 && refused.text().contains("5.7.1"), "{refused:?}");
        let unproven = bench.appliance.wait_for_event("Tenant unproven.").unwrap();
        assert_eq!(unproven["peer"], STRANGER.to_string());

        // HAProxy's health checks say LOCAL: taken as the balancer's own sessions.
        let peers = || bench.appliance.wait_for_events("Connection accepted.", 1).unwrap();
        let checks = || peers().iter().any(|event| event["peer"] == BALANCER.to_string()).then_some(());
        until("a health check", checks, || bench.appliance.log());
        assert_eq!(bench.exchange.accepted().len(), 1);
        assert_eq!(bench.metric("signet_connection_refused_total{cause=\"proxy_header\"}").await, 0.0);
    });
}

#[test]
fn a_header_is_the_balancers_alone() {
    run(|| async {
        let bench = bench().await;
        let edge = bench.appliance.listeners[0];
        // Directly, the sender's own address is the proof, and nobody else can claim it.
        let mut sender = session(&bench, CONTOSO_SERVER, edge).await;
        assert_eq!(end_code(&sender.send(&message()).await), 250);
        let forged = said(STRANGER, edge, &header(CONTOSO_SERVER)).await;
        let last = forged.lines().last().unwrap_or_default();
        assert!(last.starts_with('5') || last.starts_with("421"), "{forged}");
        assert!(!forged.contains("250"), "{forged}");

        // From the balancer nothing else will do; what is no header gets no word.
        let local = b"\r\n\r\n\0\r\nQUIT\n\x20\0\0\0".as_slice();
        for bad in
            [&b"EHLO mx.example\r\n"[..], b"PROXY TCP4 127.0.0.7 127.0.0.1 9 25\r\n", &header(CONTOSO_SERVER)[..12]]
        {
            let mut stream = connect(BALANCER, edge).await;
            stream.write_all(bad).await.unwrap();
            stream.shutdown().await.unwrap();
            let mut answer = Vec::new();
            let _ = stream.read_to_end(&mut answer).await;
            assert!(answer.is_empty(), "{bad:?}: {}", String::from_utf8_lossy(&answer));
        }
        bench.until_metric("signet_connection_refused_total{cause=\"proxy_header\"}", |refused| refused == 3.0).await;

        // A balancer that names nobody proves nothing, whatever networks a tenant claims.
        let mut stream = connect(BALANCER, edge).await;
        stream.write_all(local).await.unwrap();
        let config = SenderConfig::exchange_online(HOST_NAME, bench.setup.authority.roots().unwrap(), None).unwrap();
        let delivery = Sender::over(stream, &config).await.unwrap().send(&message()).await;
        assert_eq!(delivery.mail.as_ref().map(|reply| reply.code), Some(550), "{delivery:?}");
        assert_eq!(bench.exchange.accepted().len(), 1);
    });
}
