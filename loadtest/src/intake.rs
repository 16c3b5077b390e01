//! One session of the sink after its greeting: commands answered, content counted, its number found, and kept or
//! digested where that is asked for. Dots are left doubled, which neither counts nor marks mind, but where it is kept.

use std::io;
use std::sync::Arc;

use bytes::{Buf, BytesMut};
use memchr::memmem;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::client::Stream;
use crate::message::{BEGIN, END};
use crate::sink::{Look, Shared};
use crate::template::unstuff;

/// A session ready for mail.
pub struct Connection {
    stream: Box<dyn Stream>,
    input: BytesMut,
    output: Vec<u8>,
    shared: Arc<Shared>,
    content: Content,
}

/// The message coming in.
#[derive(Default)]
struct Content {
    octets: u64,
    look: Look,
    /// Its number once its Message-ID was seen, and the end of what came before that.
    id: Option<u64>,
    head: Vec<u8>,
    paused: bool,
    /// It comes by DATA.
    stuffed: bool,
    kept: Vec<u8>,
    /// Octets that may be the beginning of a mark, and the digest once the first line was seen.
    carried: Vec<u8>,
    digest: Option<Sha256>,
    finished: Option<[u8; 32]>,
}

impl Connection {
    pub(crate) fn new(stream: Box<dyn Stream>, shared: Arc<Shared>) -> Connection {
        let input = BytesMut::with_capacity(READ);
        Connection { stream, input, output: Vec::new(), shared, content: Content::default() }
    }

    /// Until it ends.
    pub async fn converse(mut self) -> io::Result<()> {
        loop {
            while let Some(end) = memchr::memchr(b'\n', &self.input) {
                let line = self.input.split_to(end + 1);
                match line.get(..4).map(<[u8]>::to_ascii_uppercase).as_deref() {
                    Some(b"MAIL") => {
                        self.content = Content { look: self.shared.wanted(), ..Content::default() };
                        self.output.extend_from_slice(b"250 2.1.0 Sender OK\r\n");
                    }
                    Some(b"RCPT") => self.output.extend_from_slice(b"250 2.1.5 Recipient OK\r\n"),
                    Some(b"DATA") => {
                        self.output.extend_from_slice(b"354 Go ahead\r\n");
                        self.write().await?;
                        self.data().await?;
                    }
                    Some(b"BDAT") => self.chunk(&line).await?,
                    Some(b"EHLO" | b"HELO") => self.output.extend_from_slice(offer("").as_bytes()),
                    Some(b"QUIT") => {
                        self.output.extend_from_slice(b"221 2.0.0 Bye\r\n");
                        self.write().await?;
                        return self.stream.shutdown().await;
                    }
                    _ => self.output.extend_from_slice(b"250 2.0.0 OK\r\n"),
                }
            }
            self.write().await?;
            if !self.read().await? {
                return Ok(());
            }
        }
    }

    async fn read(&mut self) -> io::Result<bool> {
        self.input.reserve(READ);
        Ok(self.stream.read_buf(&mut self.input).await? > 0)
    }

    async fn write(&mut self) -> io::Result<()> {
        if !self.output.is_empty() {
            self.stream.write_all(&self.output).await?;
            self.stream.flush().await?;
            self.output.clear();
        }
        Ok(())
    }

    /// Content up to CRLF.CRLF.
    async fn data(&mut self) -> io::Result<()> {
        let mut first = true;
        self.content.stuffed = true;
        loop {
            if first && self.input.starts_with(b".\r\n") {
                self.input.advance(3);
                return self.finish().await;
            }
            if let Some(end) = memmem::find(&self.input, b"\r\n.\r\n") {
                let last = self.input.split_to(end + 2);
                self.input.advance(3);
                self.content.take(&last);
                return self.finish().await;
            }
            // The last four octets may begin the end.
            let ready = self.input.len().saturating_sub(4);
            first &= ready == 0;
            let piece = self.input.split_to(ready);
            self.content.take(&piece);
            self.pause().await;
            if !self.read().await? {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }

    async fn chunk(&mut self, line: &[u8]) -> io::Result<()> {
        let words = String::from_utf8_lossy(line).to_ascii_uppercase();
        let mut words = words.split_whitespace().skip(1);
        let octets: Option<u64> = words.next().and_then(|word| word.parse().ok());
        let mut left = octets.ok_or_else(|| io::Error::other("a BDAT without a count"))?;
        while left > 0 {
            if self.input.is_empty() && !self.read().await? {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let here = usize::try_from(left).unwrap_or(usize::MAX).min(self.input.len());
            let piece = self.input.split_to(here);
            self.content.take(&piece);
            left -= here as u64;
            self.pause().await;
        }
        if words.next() == Some("LAST") {
            return self.finish().await;
        }
        self.output.extend_from_slice(b"250 2.0.0 OK\r\n");
        Ok(())
    }

    async fn pause(&mut self) {
        if self.content.octets > PAUSE_AFTER && !self.content.paused {
            self.content.paused = true;
            let pause = self.shared.pause();
            if !pause.is_zero() {
                tokio::time::sleep(pause).await;
            }
        }
    }

    async fn finish(&mut self) -> io::Result<()> {
        let content = std::mem::take(&mut self.content);
        let message =
            (content.look == Look::Keep).then(|| if content.stuffed { unstuff(&content.kept) } else { content.kept });
        self.shared.take(content.id.unwrap_or_default(), content.octets, message, content.finished);
        let delay = self.shared.delay();
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        self.output.extend_from_slice(b"250 2.6.0 <x@sink.example> Queued mail for delivery\r\n");
        Ok(())
    }
}

impl Content {
    fn take(&mut self, piece: &[u8]) {
        self.octets += piece.len() as u64;
        if self.id.is_none() {
            self.find_id(piece);
        }
        match self.look {
            Look::Count => {}
            Look::Keep => {
                self.kept.extend_from_slice(piece);
                self.digest(piece);
            }
            Look::Digest => self.digest(piece),
        }
    }

    /// The number stands in the Message-ID, which may come in two pieces.
    fn find_id(&mut self, piece: &[u8]) {
        let joined;
        let text = if self.head.is_empty() {
            piece
        } else {
            joined = [&self.head[..], piece].concat();
            &joined
        };
        let digits = memmem::find(text, MESSAGE_ID).and_then(|at| {
            let from = at + MESSAGE_ID.len();
            text.get(from..from + 16)
        });
        match digits {
            Some(digits) => {
                let digits = std::str::from_utf8(digits).ok();
                self.id = Some(digits.and_then(|digits| u64::from_str_radix(digits, 16).ok()).unwrap_or_default());
                self.head = Vec::new();
            }
            None => {
                let from = text.len().saturating_sub(MESSAGE_ID.len() + 16);
                self.head = text.get(from..).unwrap_or_default().to_vec();
            }
        }
    }

    fn digest(&mut self, piece: &[u8]) {
        if self.finished.is_some() {
            return;
        }
        self.carried.extend_from_slice(piece);
        if self.digest.is_none() {
            match memmem::find(&self.carried, BEGIN) {
                Some(at) => {
                    self.carried.drain(..at);
                    self.digest = Some(Sha256::new());
                }
                None => {
                    self.carried.drain(..self.carried.len().saturating_sub(BEGIN.len()));
                }
            }
        }
        let Some(digest) = &mut self.digest else { return };
        let found = memmem::find(&self.carried, END).map(|at| at + END.len());
        // Without the last mark, what may be its beginning is kept for the next piece.
        let ready = found.unwrap_or(self.carried.len().saturating_sub(END.len()));
        digest.update(self.carried.get(..ready).unwrap_or_default());
        self.carried.drain(..ready);
        if found.is_some() {
            self.finished = self.digest.take().map(|digest| digest.finalize().into());
        }
    }
}

/// What the sink offers at EHLO.
pub fn offer(more: &str) -> String {
    format!(
        "250-sink.example\r\n{more}250-PIPELINING\r\n250-SIZE 157286400\r\n250-DSN\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n250-BINARYMIME\r\n250-CHUNKING\r\n250 SMTPUTF8\r\n"
    )
}

const READ: usize = 256 * 1024;
/// After so much of a message the sink pauses, if it is to.
const PAUSE_AFTER: u64 = 64 * 1024;
const MESSAGE_ID: &[u8] = b"Message-ID: <";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_that_of_the_filler_at_every_split() {
        let filler = [BEGIN, b"abc\r\nxyz", END].concat();
        let message = [b"before".as_slice(), &filler, b"after"].concat();
        let expected: [u8; 32] = Sha256::digest(&filler).into();
        for split in 0..=message.len() {
            let (first, second) = message.split_at(split);
            let mut content = Content { look: Look::Digest, ..Content::default() };
            content.take(first);
            content.take(second);
            assert_eq!(content.finished, Some(expected), "{split}");
        }
    }

    #[test]
    fn the_number_is_found_at_every_split() {
        let message = b"From: a\r\nMessage-ID: <00000000000000ff@load.example>\r\n\r\nbody\r\n";
        for split in 0..=message.len() {
            let (first, second) = message.split_at(split);
            let mut content = Content::default();
            content.take(first);
            content.take(second);
            assert_eq!(content.id, Some(255), "{split}");
        }
    }
}
