//! Rows 1 to 11: from the connection to a MAIL that is refused.

use standin::exchange::{Sender, SenderConfig};
use standin::fault_proxy::{Act, Fault, Point, Way};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

use crate::bench::CONTOSO;
use crate::sweep::case::{Case, Depth, Shape};
use crate::sweep::row::{End, Kind, Row, Told, row};

pub fn rows() -> Vec<Row> {
    vec![
        row(1, "nobody listens").told(Told::Nothing).beside(|stage, scene| {
            Box::pin(async move {
                stage.sender.close().await.unwrap();
                scene.allow(1);
                scene.tried(1).await;
                stage.sender.open().await.unwrap();
            })
        }),
        row(2, "one connection too many").on(Kind::FewConnections).told(Told::Nothing).beside(|stage, scene| {
            Box::pin(async move {
                let mut others = Vec::new();
                for _ in 0..4 {
                    let mut other = TcpStream::connect(stage.bench.appliance.listeners[0]).await.unwrap();
                    other.read_exact(&mut [0; 4]).await.unwrap();
                    others.push(other);
                }
                let mut said = String::new();
                let mut refused = TcpStream::connect(stage.bench.appliance.listeners[0]).await.unwrap();
                refused.read_to_string(&mut said).await.unwrap();
                assert!(said.starts_with("421 4.3.2 "), "{said}");
                scene.allow(1);
                scene.tried(1).await;
                drop(others);
                stage.quiet().await;
            })
        }),
        row(3, "the sender closes before MAIL").on(Kind::Plain).told(Told::Nothing).sender(|case| {
            let octets = if case.depth == Depth::One { vec![0, 7] } else { (0..20).collect() };
            let acts = [Act::Reset, Act::Cut].into_iter().cycle();
            octets.into_iter().zip(acts).map(|(at, act)| once(Way::ToServer, Point::After(at), act)).collect()
        }),
        row(4, "EHLO, then nothing").on(Kind::HastyWithSenders).beside(|stage, _| {
            Box::pin(async move {
                let config = stage.bench.sender_config();
                let mut idle = Sender::connect(stage.bench.appliance.listeners[0], &config).await.unwrap();
                let farewell = idle.reply().await.unwrap();
                assert!(farewell.code == 421 && farewell.text().starts_with("4.4.2 "), "{farewell}");
            })
        }),
        row(6, "the handshake is broken off or garbled").told(Told::Nothing).sender(broken_handshakes),
        row(6, "the handshake stands still")
            .only(|shape| shape == Shape::OneChunk)
            .on(Kind::HastyWithSenders)
            .told(Told::Nothing)
            .sender(|_| vec![once(Way::ToServer, Point::behind(b"STARTTLS\r\n"), Act::Swallow)]),
        row(7, "MAIL without TLS")
            .connects(|_, _| SenderConfig::plain())
            .told(Told::Refusal(530, "5.7.0"))
            .end(End::Refused),
        row(8, "no client certificate")
            .connects(|stage, _| {
                let roots = stage.bench.setup.authority.roots().unwrap();
                SenderConfig::exchange_online(standin::appliance::HOST_NAME, roots, None).unwrap()
            })
            .told(Told::Refusal(550, "5.7.1"))
            .end(End::Refused),
        row(8, "a client certificate of another name")
            .connects(|stage, _| {
                let authority = &stage.bench.setup.authority;
                let other = standin::certificates::Request::client("mail.other.example");
                let identity = authority.issue(other).unwrap();
                let roots = authority.roots().unwrap();
                SenderConfig::exchange_online(standin::appliance::HOST_NAME, roots, Some(&identity)).unwrap()
            })
            .told(Told::Refusal(550, "5.7.1"))
            .end(End::Refused),
        row(9, "an unknown tenant")
            .message(|message| {
                let text = String::from_utf8(message.content.to_vec()).unwrap();
                let other = "11111111-2222-3333-4444-555555555555";
                message.content = text.replace(CONTOSO, other).replace("contoso.example", "stranger.example").into();
                message.sender = "eve@stranger.example".to_owned();
                message.organization = None;
            })
            .told(Told::Refusal(550, "5.7.1"))
            .end(End::Refused),
        row(10, "a tenant that is passed by").on(Kind::Bypassed),
        row(11, "SIZE is over the limit")
            .on(Kind::SmallMessages)
            .octets(150_000)
            .told(Told::Refusal(552, "5.3.4"))
            .end(End::Refused),
    ]
}

fn broken_handshakes(case: &Case) -> Vec<Fault> {
    let hello = || Point::behind(b"STARTTLS\r\n");
    let mut faults = vec![
        once(Way::ToServer, hello(), Act::Reset),
        once(Way::ToServer, hello(), Act::Replace(b"GET / HTTP/1.1\r\n\r\n".to_vec())),
        once(Way::ToServer, hello(), Act::Insert(vec![0x16, 0x03, 0x01, 0xff, 0xff])),
        once(Way::ToServer, Point::In { pattern: b"STARTTLS\r\n".to_vec(), octets: 10, nth: 1 }, Act::Insert(vec![0])),
    ];
    if case.depth == Depth::Whole {
        let within = [60, 100, 200, 300, 1_800].map(|at| once(Way::ToServer, Point::After(at), Act::Reset));
        faults.extend(within);
        let answers = [100, 500, 1_000, 1_500].map(|at| once(Way::ToClient, Point::After(at), Act::Cut));
        faults.extend(answers);
    }
    faults
}

/// A fault that is spent when it has struck.
pub fn once(way: Way, point: Point, act: Act) -> Fault {
    Fault::new(way, point, act).times(1)
}
