//! A wire on loopback: order, and memory.

#![allow(clippy::unwrap_used)]

use std::future::poll_fn;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;

use super::*;

/// A wire and its peer.
async fn pair() -> (Wire, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let peer = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    (Wire::new(listener.accept().await.unwrap().0), peer)
}

#[tokio::test]
async fn slices_of_all_sizes_arrive_in_order() {
    let (mut wire, mut peer) = pair().await;
    let mut expected = Vec::new();
    for number in 0..2_000_usize {
        // Single octets, short slices and long ones, more than the socket takes at once.
        let slice = vec![u8::try_from(number % 251).unwrap(); [1, 3, 700, 5_000][number % 4]];
        expected.extend_from_slice(&slice);
        wire.queue(slice.into());
    }
    assert_eq!(wire.queued(), expected.len());
    let mut arrived = vec![0; expected.len()];
    let (written, read) = tokio::join!(poll_fn(|cx| wire.poll_write(cx)), peer.read_exact(&mut arrived));
    written.unwrap();
    read.unwrap();
    assert!(arrived == expected && wire.is_flushed());
}

#[tokio::test]
async fn a_session_with_nothing_to_read_keeps_no_buffer() {
    let (mut wire, mut peer) = pair().await;
    let waits = |wire: &mut Wire| {
        let mut cx = Context::from_waker(std::task::Waker::noop());
        assert!(wire.poll_read(&mut cx).is_pending());
    };
    waits(&mut wire);
    assert_eq!(wire.input.capacity(), 0);
    peer.write_all(b"a line\r\n").await.unwrap();
    assert_eq!(poll_fn(|cx| wire.poll_read(cx)).await.unwrap(), 8);
    let line = wire.input.split().freeze();
    waits(&mut wire);
    assert!(wire.input.capacity() > 0, "the rest of a buffer that is in use serves the next octets");
    drop(line);
    waits(&mut wire);
    assert_eq!(wire.input.capacity(), 0);
}

#[tokio::test]
async fn octets_that_nobody_has_taken_are_seen_wherever_they_are() {
    let (mut wire, mut peer) = pair().await;
    assert!(!wire.has_unread());
    peer.write_all(b"a line\r\n").await.unwrap();
    // Loopback has delivered them when the write comes back; the runtime has not looked yet.
    assert!(wire.has_unread(), "with the kernel");
    assert_eq!(poll_fn(|cx| wire.poll_read(cx)).await.unwrap(), 8);
    assert!(wire.has_unread(), "read");
    wire.input.clear();
    assert!(!wire.has_unread());
    drop(peer);
    assert_eq!(poll_fn(|cx| wire.poll_read(cx)).await.unwrap(), 0);
    assert!(!wire.has_unread(), "the end is no octet");
}
