//! A socket under TLS that is read in large pieces: the TLS library asks for 4 kB at a time, which would be a system
//! call for each, twelve hundred for a mail of 5 MB.
//!
//! What was read ahead is handed on before anything else is read. An idle session has no buffer. Writing is the
//! socket's own.

use std::future::Future;
use std::io::{self, IoSlice};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};

use bytes::{Buf, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::wire::waits_in;

/// Under TLS, in place of the socket.
pub(super) struct ReadAhead {
    stream: TcpStream,
    /// Read, and not yet asked for.
    ahead: BytesMut,
}

impl ReadAhead {
    pub fn new(stream: TcpStream) -> ReadAhead {
        ReadAhead { stream, ahead: BytesMut::new() }
    }

    /// Octets are there that nobody has asked for.
    pub fn has_unread(&self) -> bool {
        !self.ahead.is_empty() || waits_in(&self.stream)
    }

    /// Whether a read may bring something.
    pub fn poll_read_ready(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.ahead.is_empty() { self.stream.poll_read_ready(cx) } else { Poll::Ready(Ok(())) }
    }
}

impl AsyncRead for ReadAhead {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.ahead.is_empty() {
            ready!(this.stream.poll_read_ready(cx))?;
            this.ahead.reserve(AHEAD_BYTES);
            let read = pin!(this.stream.read_buf(&mut this.ahead)).poll(cx);
            if this.ahead.is_empty() {
                this.ahead = BytesMut::new();
            }
            ready!(read)?;
        }
        let octets = this.ahead.len().min(buffer.remaining());
        buffer.put_slice(this.ahead.get(..octets).unwrap_or_default());
        this.ahead.advance(octets);
        if this.ahead.is_empty() {
            this.ahead = BytesMut::new();
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for ReadAhead {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, octets: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, octets)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// What one system call may bring.
const AHEAD_BYTES: usize = 32 * 1024;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn everything_comes_once_in_order_and_no_buffer_stays() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut peer = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let mut reader = ReadAhead::new(listener.accept().await.unwrap().0);
        let sent: Vec<u8> = (0..AHEAD_BYTES * 3 + 7).map(|number| u8::try_from(number % 251).unwrap()).collect();
        let (mut arrived, mut piece) = (Vec::new(), [0; 4096]);
        let (written, ()) = tokio::join!(tokio::io::AsyncWriteExt::write_all(&mut peer, &sent), async {
            while arrived.len() < sent.len() {
                let octets = reader.read(&mut piece).await.unwrap();
                assert!(octets > 0);
                arrived.extend_from_slice(&piece[..octets]);
            }
        });
        written.unwrap();
        assert!(arrived == sent);
        assert_eq!(reader.ahead.capacity(), 0);
        drop(peer);
        assert_eq!(reader.read(&mut piece).await.unwrap(), 0, "the end");
    }
}
