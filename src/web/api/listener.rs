//! The listener of the API: its threads, its bounds, and the head of every answer.
//!
//! It has threads and connections to the store of its own, so that no request delays a mail. TLS, or loopback only.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use actix_web::body::MessageBody;
use actix_web::dev::{Server, ServerHandle, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::middleware::{DefaultHeaders, from_fn};
use actix_web::{App, Error, HttpRequest, HttpResponse, HttpServer, ResponseError, web};
use utoipa_actix_web::scope;

use super::bearer::authenticate;
use super::document::{self, Routes};
use super::problem::{Kind, Refusal};
use super::state::State;
use super::tls::Followed;
use crate::actors::{Courier, TlsPort, watch_own_tls};
use crate::config::{self, Console};
use crate::store::Store;
use crate::web::{console, https};

/// Threads that answer.
const WORKERS: usize = 2;
/// Connections of each.
const CONNECTIONS: usize = 256;
/// Longest wait for a request's head.
const HEAD: Duration = Duration::from_secs(10);
const HANDSHAKE: Duration = Duration::from_secs(10);
const KEEP_ALIVE: Duration = Duration::from_secs(30);
/// How long requests under way may take when the process ends.
const LAST_REQUESTS: u64 = 3;

/// Two years, and whatever lies below the console's name as well.
const HSTS: &str = "max-age=63072000; includeSubDomains";

/// What the API begins with.
#[derive(Debug, Clone)]
pub struct Start {
    pub console: Console,
    pub store: config::Store,
    /// By which application directories are read.
    pub directory: Option<config::Directory>,
    /// Where readers find hosted images; `None`: they are embedded.
    pub image_base: Option<String>,
    /// By which relay the console sends mail.
    pub mail: Option<config::Mail>,
    pub next_hop: config::NextHop,
    /// What Microsoft 365 of every tenant has to be told of this edge.
    pub edge: OfEdge,
}

/// What is the same in all tenants' connectors.
#[derive(Debug, Clone)]
pub struct OfEdge {
    /// The DNS name at which the region takes mail, and in its certificate.
    pub host_name: String,
    /// Octets of the largest message.
    pub max_message_bytes: u64,
}

/// The running listener; it ends when this is dropped, after the requests under way.
#[derive(Debug)]
pub struct Api {
    address: SocketAddr,
    /// Of plain HTTP.
    http_address: Option<SocketAddr>,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
}

impl Api {
    /// Where it listens: the port is the real one when 0 was asked for.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where whoever comes by `http://` is sent on, if anywhere.
    pub fn http_address(&self) -> Option<SocketAddr> {
        self.http_address
    }
}

impl Drop for Api {
    fn drop(&mut self) {
        // The command is sent when the call is made; only its answer is awaited by the future.
        drop(self.handle.stop(true));
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

/// Begins to answer. `edge`: the store whose followers are to hear of changes at once.
///
/// # Errors
/// The address cannot be bound, the certificate not be used, or no thread be started.
pub fn start(start: Start, edge: Option<Store>) -> io::Result<Api> {
    let (tell, told) = sync_channel(1);
    let thread = std::thread::Builder::new().name("api".to_owned()).spawn(move || serve(start, edge, &tell))?;
    let bound = told.recv().unwrap_or_else(|_| Err(io::Error::other("the API ended")))?;
    let Bound { address, http_address, handle } = bound;
    Ok(Api { address, http_address, handle, thread: Some(thread) })
}

/// Where it is served, with real ports, and by what it is ended.
struct Bound {
    address: SocketAddr,
    http_address: Option<SocketAddr>,
    handle: ServerHandle,
}

fn serve(start: Start, edge: Option<Store>, tell: &SyncSender<io::Result<Bound>>) {
    actix_rt::System::new().block_on(async move {
        let courier = start.mail.as_ref().map(Courier::start).transpose();
        let courier = match courier {
            Ok(courier) => courier,
            Err(error) => return drop(tell.send(Err(io::Error::other(error)))),
        };
        let state = web::Data::new(State::new(start.clone(), edge, courier));
        let plain = plain_http(&start.console).transpose();
        let bound = plain.and_then(|plain| Ok((plain, bind(&start.console, state.clone())?)));
        match bound {
            Ok((plain, (address, server, followed))) => {
                let http_address = plain.as_ref().map(|(address, _)| *address);
                drop(tell.send(Ok(Bound { address, http_address, handle: server.handle() })));
                // It has nothing to finish, and ends with the thread.
                let _plain = plain.map(|(_, server)| actix_rt::spawn(server));
                let watch = followed.is_some().then(|| actix_rt::spawn(watch_own_tls(vec![tls_port(&start, address)])));
                let follow = followed.map(|followed| actix_rt::spawn(followed.follow()));
                drop(server.await);
                [watch, follow].into_iter().flatten().for_each(|task| task.abort());
            }
            Err(error) => drop(tell.send(Err(error))),
        }
        state.close().await;
    });
}

fn bind(console: &Console, state: web::Data<State>) -> io::Result<(SocketAddr, Server, Option<Arc<Followed>>)> {
    let followed = console.pair.clone().map(Followed::read).transpose().map_err(io::Error::other)?;
    let is_secure = state.is_secure;
    let routes = Arc::new(Routes::read());
    let server = HttpServer::new(move || application(state.clone(), routes.clone(), is_secure))
        .workers(WORKERS)
        .max_connections(CONNECTIONS)
        .client_request_timeout(HEAD)
        .keep_alive(KEEP_ALIVE)
        .tls_handshake_timeout(HANDSHAKE)
        .shutdown_timeout(LAST_REQUESTS)
        .disable_signals();
    let server = match &followed {
        Some(followed) => {
            let config = followed.config().map_err(io::Error::other)?;
            server.bind_rustls_0_23(console.address, config)?
        }
        None => server.bind(console.address)?,
    };
    let address = server.addrs().first().copied().unwrap_or(console.address);
    Ok((address, server.run(), followed))
}

/// As browsers reach it.
fn tls_port(start: &Start, address: SocketAddr) -> TlsPort {
    let url = start.console.url.as_deref().and_then(|url| url.split_once("://"));
    let host = url.map_or(start.edge.host_name.as_str(), |(_, host)| host.split(':').next().unwrap_or(host));
    TlsPort::of_console(address, host)
}

/// Sends whoever comes by `http://` to the console's address, where one is configured.
fn plain_http(console: &Console) -> Option<io::Result<(SocketAddr, Server)>> {
    let (address, url) = (console.http_address?, console.url.as_deref()?);
    Some(https::bind(address, url))
}

fn application(
    state: web::Data<State>,
    routes: Arc<Routes>,
    is_secure: bool,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = Error,
        InitError = (),
    >,
> {
    let app = App::new().app_data(state).app_data(web::Data::from(routes)).wrap(head(is_secure));
    let api = scope::scope(document::ROOT).configure(super::routes).wrap(from_fn(authenticate));
    let app: App<_> = utoipa_actix_web::UtoipaApp::from(app).service(api).into_app();
    app.default_service(web::to(nothing_there))
}

/// Of every answer: it is for the one who asked, and for no browser to make anything of.
fn head(is_secure: bool) -> DefaultHeaders {
    let head = DefaultHeaders::new()
        .add(("Cache-Control", "no-store"))
        .add(("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"))
        .add(("Cross-Origin-Resource-Policy", "same-origin"))
        .add(("Referrer-Policy", "no-referrer"))
        .add(("X-Content-Type-Options", "nosniff"));
    match is_secure {
        true => head.add(("Strict-Transport-Security", HSTS)),
        false => head,
    }
}

/// A path without a route, or a route that is asked otherwise than it can be.
async fn nothing_there(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let methods = request.app_data::<web::Data<Routes>>().map(|routes| routes.methods(request.path()));
    match methods.unwrap_or_default() {
        methods if methods.is_empty() => {
            let is_page =
                !request.path().starts_with("/api/") && matches!(*request.method(), Method::GET | Method::HEAD);
            let page = if is_page { console::answer(&request) } else { None };
            page.ok_or_else(|| Refusal::not_found("such path"))
        }
        methods => {
            let allowed = methods.join(", ");
            let why = format!("{} cannot be done with this path, but {allowed}", request.method());
            let mut answer = Refusal::new(Kind::MethodNotAllowed, why).error_response();
            if let Ok(allowed) = HeaderValue::from_str(&allowed) {
                answer.headers_mut().insert(ALLOW, allowed);
            }
            Ok(answer)
        }
    }
}
