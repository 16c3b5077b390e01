//! `/livez`, `/readyz`, `/healthz` and `/metrics`, on their own port and their own thread.
//!
//! Alive says the process answers, whatever state it is in. Ready and healthy say 200 while the node is up, else 503.
//! Nothing here waits for anything: a database that is gone or mail that stands still cannot make a probe fail.
//! There is no other path, no log of requests, and nothing that changes anything.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{App, HttpResponse, HttpServer, web};
use serde::Serialize;

use crate::events::health::{Health, Report, State};
use crate::metrics::metrics;

/// Scrapers and probes at the same time.
const CONNECTIONS: usize = 256;

/// Longest wait for a request's head.
const REQUEST: Duration = Duration::from_secs(5);

/// The running listener; it ends when this is dropped.
#[derive(Debug)]
pub struct Ops {
    address: SocketAddr,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
}

impl Ops {
    /// Where it listens: the port is the real one when 0 was asked for.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Ops {
    fn drop(&mut self) {
        // The command is sent when the call is made; only its answer is awaited by the future.
        drop(self.handle.stop(false));
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

/// Begins to answer. Port 0 takes any free one.
///
/// # Errors
/// The address cannot be bound, or no thread be started.
pub fn start(address: SocketAddr, health: Arc<Health>) -> io::Result<Ops> {
    let (tell, told) = sync_channel(1);
    let thread = std::thread::Builder::new().name("ops".to_owned()).spawn(move || serve(address, health, &tell))?;
    let (address, handle) = told.recv().unwrap_or_else(|_| Err(io::Error::other("the ops listener ended")))?;
    Ok(Ops { address, handle, thread: Some(thread) })
}

/// The thread: a runtime of its own, so that a busy or blocked core of the mail path delays no probe.
fn serve(address: SocketAddr, health: Arc<Health>, tell: &SyncSender<io::Result<(SocketAddr, ServerHandle)>>) {
    actix_rt::System::new().block_on(async move {
        match bind(address, health) {
            Ok((address, server)) => {
                drop(tell.send(Ok((address, server.handle()))));
                drop(server.await);
            }
            Err(error) => drop(tell.send(Err(error))),
        }
    });
}

fn bind(address: SocketAddr, health: Arc<Health>) -> io::Result<(SocketAddr, Server)> {
    let health = web::Data::from(health);
    let server = HttpServer::new(move || {
        App::new()
            .app_data(health.clone())
            .route("/livez", web::get().to(alive))
            .route("/readyz", web::get().to(ready))
            .route("/healthz", web::get().to(healthy))
            .route("/metrics", web::get().to(numbers))
    })
    .workers(1)
    .max_connections(CONNECTIONS)
    .client_request_timeout(REQUEST)
    .disable_signals()
    .bind(address)?;
    let address = server.addrs().first().copied().unwrap_or(address);
    Ok((address, server.run()))
}

async fn alive() -> HttpResponse {
    HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).content_type("text/plain").body("alive\n")
}

async fn ready(health: web::Data<Health>) -> HttpResponse {
    let report = health.report();
    answer(report.state).content_type("text/plain").body(format!("{}\n", report.state.word()))
}

async fn healthy(health: web::Data<Health>) -> HttpResponse {
    let report = health.report();
    answer(report.state).json(Body::from(report))
}

async fn numbers() -> HttpResponse {
    // The type that Prometheus asks for.
    let kind = (CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8");
    HttpResponse::Ok().insert_header(kind).body(metrics().render())
}

fn answer(state: State) -> actix_web::HttpResponseBuilder {
    let mut answer = match state {
        State::Up => HttpResponse::Ok(),
        State::Draining | State::Down => HttpResponse::ServiceUnavailable(),
    };
    answer.insert_header((CACHE_CONTROL, "no-store"));
    answer
}

/// `/healthz`.
#[derive(Serialize)]
struct Body {
    state: &'static str,
    reasons: Vec<String>,
    warnings: Vec<String>,
    /// Of the process, for `signet drain`.
    pid: u32,
    site: String,
    version: &'static str,
    tenants: usize,
    snapshot_age_seconds: Option<u64>,
    certificate_days: BTreeMap<usize, i64>,
}

impl From<Report> for Body {
    fn from(report: Report) -> Body {
        Body {
            state: report.state.word(),
            reasons: report.reasons,
            warnings: report.warnings,
            pid: std::process::id(),
            site: report.site,
            version: env!("CARGO_PKG_VERSION"),
            tenants: report.tenants,
            snapshot_age_seconds: report.snapshot_age_seconds,
            certificate_days: report.certificate_days,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::io::{Read, Write};
    use std::net::TcpStream;

    use super::*;

    fn ask(ops: &Ops, path: &str) -> (String, String) {
        let mut stream = TcpStream::connect(ops.address()).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        (head.lines().next().unwrap().to_owned(), body.to_owned())
    }

    #[test]
    fn probes_follow_the_state_and_alive_does_not() {
        let health = Arc::new(Health::new("eu-a"));
        let ops = start(SocketAddr::from(([127, 0, 0, 1], 0)), Arc::clone(&health)).unwrap();
        let check = |alive: &str, state: &str, word: &str| {
            assert!(ask(&ops, "/livez").0.contains(alive));
            assert_eq!(ask(&ops, "/readyz"), (state.to_owned(), format!("{word}\n")));
            let (status, body) = ask(&ops, "/healthz");
            let body: serde_json::Value = serde_json::from_str(&body).unwrap();
            assert_eq!(
                (status.as_str(), body["state"].as_str(), body["site"].as_str()),
                (state, Some(word), Some("eu-a"))
            );
            body
        };
        assert_eq!(check("200", "HTTP/1.1 503 Service Unavailable", "down")["reasons"][0], "starting");
        health.started();
        health.snapshot_checked(2);
        health.certificates([(0, i64::MAX)]);
        let body = check("200", "HTTP/1.1 200 OK", "up");
        assert_eq!((&body["tenants"], &body["snapshot_age_seconds"].is_u64()), (&serde_json::json!(2), &true));
        health.drain();
        check("200", "HTTP/1.1 503 Service Unavailable", "draining");
        assert!(ask(&ops, "/metrics").1.contains("signet_message_left_total{reason=\"no_signature\"} 0"));
        assert!(ask(&ops, "/").0.contains("404"));
    }

    #[test]
    fn a_taken_port_is_an_error_and_a_dropped_listener_frees_its_own() {
        let health = Arc::new(Health::new("eu-a"));
        let ops = start(SocketAddr::from(([127, 0, 0, 1], 0)), Arc::clone(&health)).unwrap();
        let address = ops.address();
        assert_eq!(start(address, Arc::clone(&health)).unwrap_err().kind(), io::ErrorKind::AddrInUse);
        drop(ops);
        assert_eq!(start(address, health).unwrap().address(), address);
    }
}
