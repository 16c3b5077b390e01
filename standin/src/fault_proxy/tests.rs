//! Each fault at the octet it was asked for, however the octets are cut into writes.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::exchange::Gate;

const DEADLINE: Duration = Duration::from_secs(20);

/// A client and a server with the proxy in between.
async fn pair(faults: Vec<Fault>) -> (FaultProxy, TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxy = FaultProxy::start(listener.local_addr().unwrap()).await.unwrap();
    faults.into_iter().for_each(|fault| proxy.fault(fault));
    let client = TcpStream::connect(proxy.address()).await.unwrap();
    client.set_nodelay(true).unwrap();
    let (server, _) = listener.accept().await.unwrap();
    (proxy, client, server)
}

/// What the server gets of `octets`, written in pieces of so many, up to the end of the stream or an error.
async fn through(fault: Fault, octets: &[u8], piece: usize) -> (Vec<u8>, bool, Vec<Struck>) {
    let (proxy, mut client, mut server) = pair(vec![fault]).await;
    let mut got = Vec::new();
    let write = async {
        for piece in octets.chunks(piece) {
            if client.write_all(piece).await.is_err() {
                break;
            }
        }
        let _ = client.shutdown().await;
        client
    };
    let read = async { tokio::time::timeout(DEADLINE, server.read_to_end(&mut got)).await.unwrap().is_ok() };
    let (_client, in_order) = tokio::join!(write, read);
    (got, in_order, proxy.struck())
}

fn to_server(point: Point, act: Act) -> Fault {
    Fault::new(Way::ToServer, point, act)
}

#[tokio::test]
async fn a_fault_strikes_at_its_octet_at_every_split() {
    let octets = b"ab\r\n250 ok\r\n250 done\r\n";
    let cases: Vec<(Point, Act, &[u8])> = vec![
        (Point::After(0), Act::HalfClose, b""),
        (Point::After(5), Act::HalfClose, b"ab\r\n2"),
        (Point::After(22), Act::HalfClose, octets),
        (Point::Next(4), Act::HalfClose, b"ab\r\n"),
        (Point::behind(b"250 "), Act::HalfClose, b"ab\r\n250 "),
        (Point::inside(b"250 done", 2), Act::HalfClose, b"ab\r\n250 ok\r\n25"),
        (Point::In { pattern: b"250".to_vec(), octets: 1, nth: 2 }, Act::HalfClose, b"ab\r\n250 ok\r\n2"),
        (Point::behind(b"nowhere"), Act::HalfClose, octets),
        (Point::behind(b"250 "), Act::Cut, b"ab\r\n250 "),
        (Point::After(3), Act::Insert(b"XY".to_vec()), b"ab\rXY\n250 ok\r\n250 done\r\n"),
        (Point::behind(b"250 "), Act::Replace(b"\0\0".to_vec()), b"ab\r\n250 \0\0\r\n250 done\r\n"),
        (Point::After(20), Act::Replace(b"XYZ".to_vec()), b"ab\r\n250 ok\r\n250 doneXY"),
        (Point::After(1), Act::Split, octets),
        (Point::After(1), Act::Delay(Duration::from_millis(1)), octets),
    ];
    for (point, act, expected) in cases {
        for piece in [1, 2, 3, 7, usize::MAX] {
            let (got, in_order, struck) = through(to_server(point.clone(), act.clone()), octets, piece).await;
            assert_eq!((&got[..], in_order), (expected, true), "{point:?} {act:?} by {piece}");
            assert_eq!(struck.len(), usize::from(point != Point::behind(b"nowhere")), "{point:?}");
        }
    }
}

#[tokio::test]
async fn a_reset_is_one_and_reaches_both() {
    let (proxy, mut client, mut server) = pair(vec![to_server(Point::After(2), Act::Reset)]).await;
    client.write_all(b"abcd").await.unwrap();
    for stream in [&mut client, &mut server] {
        let ended = tokio::time::timeout(DEADLINE, stream.read_to_end(&mut Vec::new())).await.unwrap();
        assert_eq!(ended.unwrap_err().kind(), io::ErrorKind::ConnectionReset);
    }
    let struck = proxy.struck();
    assert_eq!((struck[0].forwarded, struck[0].connection, struck[0].way), (2, 1, Way::ToServer));
}

#[tokio::test]
async fn half_closed_or_swallowed_one_way_the_other_goes_on() {
    for act in [Act::HalfClose, Act::Swallow, Act::StopReading] {
        let (_proxy, mut client, mut server) = pair(vec![to_server(Point::After(1), act.clone())]).await;
        client.write_all(b"abc").await.unwrap();
        let mut got = [0; 1];
        server.read_exact(&mut got).await.unwrap();
        server.write_all(b"answer").await.unwrap();
        let mut answer = [0; 6];
        client.read_exact(&mut answer).await.unwrap();
        assert_eq!((&got, &answer), (b"a", b"answer"), "{act:?}");
    }
}

#[tokio::test]
async fn a_window_that_is_closed_holds_the_writer() {
    let (_proxy, mut client, _server) = pair(vec![to_server(Point::After(0), Act::StopReading)]).await;
    let endless = vec![b'x'; 64 << 20];
    assert!(tokio::time::timeout(Duration::from_millis(300), client.write_all(&endless)).await.is_err());
}

#[tokio::test]
async fn a_gate_holds_what_comes_until_it_is_opened() {
    let gate = Gate::new();
    let (_proxy, mut client, mut server) = pair(vec![to_server(Point::After(1), Act::Wait(gate.clone()))]).await;
    client.write_all(b"abc").await.unwrap();
    assert!(gate.reached(1, DEADLINE).await);
    gate.open();
    let mut got = [0; 3];
    server.read_exact(&mut got).await.unwrap();
    assert_eq!(&got, b"abc");
}

#[tokio::test]
async fn faults_are_narrowed_spent_and_taken_away() {
    let cut = || to_server(Point::After(1), Act::Cut);
    for (name, fault, hit) in [
        ("every", cut(), [true, true, false]),
        ("the second", cut().connection(2), [false, true, false]),
        ("once", cut().times(1), [true, false, false]),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let proxy = FaultProxy::start(listener.local_addr().unwrap()).await.unwrap();
        proxy.fault(fault);
        for (index, expected) in hit.into_iter().enumerate() {
            if index == 2 {
                proxy.behave();
            }
            let mut client = TcpStream::connect(proxy.address()).await.unwrap();
            let (mut server, _) = listener.accept().await.unwrap();
            client.write_all(b"ab").await.unwrap();
            client.shutdown().await.unwrap();
            let mut got = Vec::new();
            tokio::time::timeout(DEADLINE, server.read_to_end(&mut got)).await.unwrap().unwrap();
            assert_eq!(got.len() == 1, expected, "{name}, connection {}", index + 1);
        }
        assert_eq!(proxy.connections(), 3);
    }
}

#[tokio::test]
async fn a_target_that_is_gone_is_a_reset_and_another_may_take_its_place() {
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxy = FaultProxy::start(gone.local_addr().unwrap()).await.unwrap();
    drop(gone);
    let mut client = TcpStream::connect(proxy.address()).await.unwrap();
    let ended = tokio::time::timeout(DEADLINE, client.read_to_end(&mut Vec::new())).await.unwrap();
    assert_eq!(ended.unwrap_err().kind(), io::ErrorKind::ConnectionReset);
    let other = TcpListener::bind("127.0.0.1:0").await.unwrap();
    proxy.forward_to(other.local_addr().unwrap());
    let _client = TcpStream::connect(proxy.address()).await.unwrap();
    tokio::time::timeout(DEADLINE, other.accept()).await.unwrap().unwrap();
}

#[tokio::test]
async fn the_next_octets_are_those_after_the_wish() {
    let (proxy, mut client, mut server) = pair(vec![]).await;
    let mut got = [0; 2];
    client.write_all(b"ab").await.unwrap();
    server.read_exact(&mut got).await.unwrap();
    proxy.fault(to_server(Point::Next(1), Act::HalfClose));
    client.write_all(b"cd").await.unwrap();
    let mut rest = Vec::new();
    tokio::time::timeout(DEADLINE, server.read_to_end(&mut rest)).await.unwrap().unwrap();
    assert_eq!((&got, &rest[..]), (b"ab", &b"c"[..]));
}

#[tokio::test]
async fn a_port_is_closed_swallows_and_comes_back() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxy = FaultProxy::start(listener.local_addr().unwrap()).await.unwrap();
    let mut client = TcpStream::connect(proxy.address()).await.unwrap();
    proxy.close().await.unwrap();
    // What lived is cut; whoever comes is refused.
    let _ = tokio::time::timeout(DEADLINE, client.read_to_end(&mut Vec::new())).await.unwrap();
    assert!(TcpStream::connect(proxy.address()).await.is_err());
    let hole = proxy.black_hole().await.unwrap();
    let connecting = TcpStream::connect(proxy.address());
    assert!(tokio::time::timeout(Duration::from_millis(300), connecting).await.is_err());
    drop(hole);
    proxy.open().await.unwrap();
    let _client = TcpStream::connect(proxy.address()).await.unwrap();
    tokio::time::timeout(DEADLINE, listener.accept()).await.unwrap().unwrap();
}
