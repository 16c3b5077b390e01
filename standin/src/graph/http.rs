//! A small HTTP/1.1 server of our own: one request after another on a connection, bodies by length in and in chunks
//! out, as Graph sends them (RFC 9112). Only what a client of Graph needs; anything else ends the connection.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;

/// Most octets of a head or a body that is taken.
const MOST_BYTES: usize = 1 << 20;

/// What a client asked.
#[derive(Debug, Clone, Default)]
pub struct Request {
    pub method: String,
    /// Path and query as they came.
    pub target: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// What it gets.
#[derive(Debug, Clone)]
pub enum Reply {
    Answer(Answer),
    /// Nothing: the connection ends.
    Cut,
    /// Nothing, and the connection stays.
    Hang,
    /// The head and half of the body; then the connection ends.
    CutInBody(Answer),
}

/// An answer.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// Answers every request.
pub type Service = Arc<dyn Fn(Request) -> Reply + Send + Sync>;

/// Listens until dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    task: JoinHandle<()>,
    most: Arc<AtomicUsize>,
}

impl Request {
    /// The header's value, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// Path without the query.
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// A parameter of the query, decoded.
    pub fn parameter(&self, name: &str) -> Option<String> {
        field(self.target.split_once('?')?.1, name)
    }

    /// A field of the body, which is a form.
    pub fn field(&self, name: &str) -> Option<String> {
        field(std::str::from_utf8(&self.body).ok()?, name)
    }
}

impl Answer {
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Answer {
        Answer { status, headers: Vec::new(), body: body.into() }
    }

    pub fn with(mut self, name: &str, value: impl Into<String>) -> Answer {
        self.headers.push((name.to_owned(), value.into()));
        self
    }
}

impl Server {
    /// On a loopback port the kernel chooses; with TLS if there is an acceptor.
    pub async fn start(tls: Option<TlsAcceptor>, service: impl FnOnce(SocketAddr) -> Service) -> io::Result<Server> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let service = service(address);
        let most = Arc::new(AtomicUsize::new(0));
        let highest = most.clone();
        let task = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((socket, _)) = listener.accept().await {
                while connections.try_join_next().is_some() {}
                highest.fetch_max(connections.len() + 1, Ordering::Relaxed);
                let (tls, service) = (tls.clone(), service.clone());
                connections.spawn(async move {
                    // What a client does to its own connection is its affair.
                    let _ = match tls {
                        Some(tls) => match tls.accept(socket).await {
                            Ok(socket) => serve(socket, &service).await,
                            Err(error) => Err(error),
                        },
                        None => serve(socket, &service).await,
                    };
                });
            }
        });
        Ok(Server { address, task, most })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The most connections that were open at a time.
    pub fn most_connections(&self) -> usize {
        self.most.load(Ordering::Relaxed)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve<S: AsyncRead + AsyncWrite + Unpin>(mut socket: S, service: &Service) -> io::Result<()> {
    let mut held = Vec::new();
    while let Some(request) = read(&mut socket, &mut held).await? {
        let last = request.header("connection").is_some_and(|word| word.eq_ignore_ascii_case("close"));
        match service(request) {
            Reply::Answer(answer) => write(&mut socket, &answer, answer.body.len()).await?,
            Reply::Cut => return Ok(()),
            Reply::Hang => std::future::pending().await,
            Reply::CutInBody(answer) => return write(&mut socket, &answer, answer.body.len() / 2).await,
        }
        if last {
            break;
        }
    }
    socket.shutdown().await
}

/// The next request; `held` keeps what came of the one after it.
async fn read<S: AsyncRead + Unpin>(socket: &mut S, held: &mut Vec<u8>) -> io::Result<Option<Request>> {
    let head_end = loop {
        if let Some(at) = held.windows(4).position(|four| four == b"\r\n\r\n") {
            break at;
        }
        if held.len() > MOST_BYTES || socket.read_buf(held).await? == 0 {
            return Ok(None);
        }
    };
    let head = String::from_utf8_lossy(held.get(..head_end).unwrap_or_default()).into_owned();
    let mut lines = head.split("\r\n");
    let mut first = lines.next().unwrap_or_default().split(' ');
    let mut request = Request {
        method: first.next().unwrap_or_default().to_owned(),
        target: first.next().unwrap_or_default().to_owned(),
        ..Request::default()
    };
    let pairs = lines.filter_map(|line| line.split_once(':'));
    request.headers.extend(pairs.map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned())));
    let length: usize = request.header("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
    held.drain(..head_end + 4);
    while held.len() < length {
        if length > MOST_BYTES || socket.read_buf(held).await? == 0 {
            return Ok(None);
        }
    }
    request.body = held.drain(..length).collect();
    Ok(Some(request))
}

/// Head and the first `octets` of the body; the end of the chunks only when that is all of it.
async fn write<S: AsyncWrite + Unpin>(socket: &mut S, answer: &Answer, octets: usize) -> io::Result<()> {
    let mut out = format!("HTTP/1.1 {} {}\r\nTransfer-Encoding: chunked\r\n", answer.status, reason(answer.status));
    for (name, value) in &answer.headers {
        out.push_str(&format!("{name}: {value}\r\n"));
    }
    out.push_str("\r\n");
    let mut out = out.into_bytes();
    for chunk in answer.body.get(..octets).unwrap_or_default().chunks(8192) {
        out.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        out.extend_from_slice(chunk);
        out.extend_from_slice(b"\r\n");
    }
    if octets == answer.body.len() {
        out.extend_from_slice(b"0\r\n\r\n");
    }
    socket.write_all(&out).await?;
    socket.flush().await
}

fn field(pairs: &str, name: &str) -> Option<String> {
    pairs
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(own, _)| decode(own) == name)
        .map(|(_, v)| decode(v))
}

fn decode(text: &str) -> String {
    let mut out = Vec::new();
    let mut octets = text.bytes();
    while let Some(octet) = octets.next() {
        let hex = |octet: Option<u8>| octet.and_then(|octet| char::from(octet).to_digit(16));
        match octet {
            b'+' => out.push(b' '),
            b'%' => match (hex(octets.next()), hex(octets.next())) {
                (Some(high), Some(low)) => out.extend(u8::try_from(high * 16 + low)),
                _ => out.push(b'%'),
            },
            octet => out.push(octet),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        410 => "Gone",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Other",
    }
}
