//! Microsoft Entra's token endpoint and Microsoft Graph, as far as a directory is read through them.
//!
//! A [`Cloud`] is one application in one organisation, and in more if a test adds them. Tests change its [`Directory`] between two reads, say what
//! goes wrong ([`Cloud::fail`], [`Cloud::consent`], [`Cloud::forget_links`]) and look at what was asked
//! ([`Cloud::seen`]). Shapes, headers and codes are those of Microsoft's documentation.

mod entra;
pub mod http;
mod lists;
mod openid;
mod organisation;
mod people;

use std::io;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use rustls::ServerConfig;
use serde_json::json;
use tokio_rustls::TlsAcceptor;

use crate::certificates::Identity;
pub use entra::Consent;
use http::{Answer, Reply, Request, Server};
pub use lists::Sizes;
pub use openid::Forge;
use openid::OpenId;
use organisation::Organisation;
pub use people::{Directory, Member, Number, Properties, Removed, group_id, user_id};

/// Id of the organisation.
pub const TENANT: &str = "bf24ff3e-1111-4000-8000-000000000001";

/// Id of the application.
pub const CLIENT: &str = "c11e0000-2222-4000-8000-000000000002";

/// Entra and Graph.
#[derive(Debug)]
pub struct Cloud {
    server: Server,
    scheme: &'static str,
    state: Arc<Mutex<State>>,
}

/// What goes wrong.
#[derive(Debug, Clone)]
pub enum Fault {
    /// 429, to come again after so many seconds.
    Throttle { seconds: u64 },
    /// This status with an error body of Graph's.
    Status(u16),
    /// No answer, the connection ends.
    Cut,
    /// No answer, the connection stays.
    Hang,
    /// Half an answer.
    CutInBody,
    /// 200 with this body.
    Body(Vec<u8>),
    /// 302 to this address.
    Redirect(String),
}

/// What was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub method: String,
    pub target: String,
    /// The answer's status; 0 for none.
    pub status: u16,
}

#[derive(Debug)]
struct State {
    base: String,
    /// The one that tests change.
    home: Organisation,
    others: Vec<Organisation>,
    openid: OpenId,
    faults: Vec<Planned>,
    seen: Vec<Seen>,
    throttled_until: Option<Instant>,
    impatient: u64,
}

/// A fault for requests whose target contains a text.
#[derive(Debug)]
struct Planned {
    target: String,
    skip: u64,
    times: u64,
    fault: Fault,
}

impl Cloud {
    /// Starts on loopback, without TLS.
    pub async fn start(directory: Directory) -> io::Result<Cloud> {
        Cloud::serve(directory, None).await
    }

    /// Starts on loopback with TLS.
    pub async fn start_tls(directory: Directory, tls: Arc<ServerConfig>) -> io::Result<Cloud> {
        Cloud::serve(directory, Some(tls.into())).await
    }

    async fn serve(directory: Directory, tls: Option<TlsAcceptor>) -> io::Result<Cloud> {
        let scheme = if tls.is_some() { "https" } else { "http" };
        let domains = ["contoso.onmicrosoft.example", "contoso.example"];
        let state = Arc::new(Mutex::new(State {
            base: String::new(),
            home: Organisation::new(TENANT, &domains, directory),
            others: Vec::new(),
            openid: OpenId::default(),
            faults: Vec::new(),
            seen: Vec::new(),
            throttled_until: None,
            impatient: 0,
        }));
        let server = Server::start(tls, |address| {
            let state = state.clone();
            lock(&state).base = format!("{scheme}://{address}");
            Arc::new(move |request: Request| lock(&state).reply(&request))
        })
        .await?;
        Ok(Cloud { server, scheme, state })
    }

    /// Where both services are.
    pub fn url(&self) -> String {
        format!("{}://{}", self.scheme, self.server.address())
    }

    /// Registers a certificate with the application.
    pub fn register(&self, identity: &Identity) {
        if let Some(certificate) = identity.chain().first() {
            lock(&self.state).all().for_each(|one| one.entra.register(certificate));
        }
    }

    /// Is another organisation than [`TENANT`], by its id.
    pub fn organisation(&self, id: &str) {
        lock(&self.state).home.entra.tenant = id.to_owned();
    }

    /// One more organisation, which has not consented to the application yet.
    pub fn add_organisation(&self, id: &str, domains: &[&str], directory: Directory) {
        let mut state = lock(&self.state);
        let mut added = Organisation::new(id, domains, directory);
        added.entra.consent = Consent::Withdrawn;
        added.entra.certificates = state.home.entra.certificates.clone();
        state.others.push(added);
    }

    /// Changes the directory.
    pub fn edit<T>(&self, change: impl FnOnce(&mut Directory) -> T) -> T {
        change(&mut lock(&self.state).home.directory)
    }

    /// How large pages are from now on.
    pub fn sizes(&self, sizes: Sizes) {
        lock(&self.state).home.sizes = sizes;
    }

    /// Makes requests fail whose target contains `target`: `times` of them, after the next `skip`.
    pub fn fail(&self, target: &str, skip: u64, times: u64, fault: Fault) {
        lock(&self.state).faults.push(Planned { target: target.to_owned(), skip, times, fault });
    }

    /// Drops all faults that have not happened.
    pub fn heal(&self) {
        lock(&self.state).faults.clear();
    }

    pub fn consent(&self, consent: Consent) {
        lock(&self.state).home.entra.consent = consent;
    }

    /// Of an organisation that was added.
    pub fn consent_of(&self, id: &str, consent: Consent) {
        lock(&self.state).of(id, |organisation| organisation.entra.consent = consent);
    }

    /// Which domains an organisation that was added has proven.
    pub fn domains_of(&self, id: &str, domains: &[&str]) {
        let domains = domains.iter().map(|name| (*name).to_owned()).collect();
        lock(&self.state).of(id, |organisation| organisation.domains = domains);
    }

    /// Registers an address to which people may be led back after they have signed in.
    pub fn register_redirect(&self, address: &str) {
        lock(&self.state).openid.redirects.push(address.to_owned());
    }

    /// Signs ID tokens by another key from now on; the one before is still published, or not.
    pub fn roll_key(&self, is_kept: bool) {
        lock(&self.state).openid.roll_key(is_kept);
    }

    /// Changes the next ID token before it is signed.
    pub fn forge(&self, forge: Forge) {
        lock(&self.state).openid.forge = Some(forge);
    }

    /// Takes all tokens back.
    pub fn revoke_tokens(&self) {
        lock(&self.state).home.entra.revoke();
    }

    /// How long tokens live from now on, as they are told to.
    pub fn token_life(&self, life: Duration) {
        lock(&self.state).home.entra.life = life;
    }

    /// Sets our clock ahead of the client's.
    pub fn clock_ahead(&self, seconds: i64) {
        lock(&self.state).home.entra.ahead_seconds = seconds;
    }

    /// How many tokens were given out.
    pub fn tokens_given(&self) -> u64 {
        lock(&self.state).home.entra.given()
    }

    /// Forgets what links stand for: whoever comes with one has to begin anew (410).
    pub fn forget_links(&self) {
        lock(&self.state).home.generation += 1;
    }

    /// Sets or removes a user's photo.
    pub fn photo(&self, user: Number, photo: Option<(&str, &[u8])>) {
        let mut state = lock(&self.state);
        match photo {
            Some((tag, octets)) => drop(state.home.photos.insert(user, (tag.to_owned(), octets.to_owned()))),
            None => drop(state.home.photos.remove(&user)),
        }
    }

    /// Everything that was asked so far, in order.
    pub fn seen(&self) -> Vec<Seen> {
        lock(&self.state).seen.clone()
    }

    /// The most connections that were open at a time: over each goes one request after another.
    pub fn most_connections(&self) -> usize {
        self.server.most_connections()
    }

    /// How many requests came before the time that a 429 had named.
    pub fn impatient(&self) -> u64 {
        lock(&self.state).impatient
    }
}

impl State {
    fn reply(&mut self, request: &Request) -> Reply {
        let reply = self.faulty(request).unwrap_or_else(|| Reply::Answer(self.answer(request)));
        let status = if let Reply::Answer(answer) = &reply { answer.status } else { 0 };
        self.seen.push(Seen { method: request.method.clone(), target: request.target.clone(), status });
        reply
    }

    /// What has been planned for this request.
    fn faulty(&mut self, request: &Request) -> Option<Reply> {
        if self.throttled_until.is_some_and(|until| Instant::now() < until) {
            self.impatient += 1;
            return Some(Reply::Answer(throttled(1)));
        }
        let fitting = self.faults.iter_mut().filter(|planned| request.target.contains(&planned.target));
        let mut now = None;
        for planned in fitting {
            if planned.skip > 0 {
                planned.skip -= 1;
            } else if planned.times > 0 && now.is_none() {
                planned.times -= 1;
                now = Some(planned.fault.clone());
            }
        }
        Some(match now? {
            Fault::Throttle { seconds } => {
                self.throttled_until = Some(Instant::now() + Duration::from_secs(seconds));
                Reply::Answer(throttled(seconds))
            }
            Fault::Status(status) => Reply::Answer(error(status, word(status), "It is a test.")),
            Fault::Cut => Reply::Cut,
            Fault::Hang => Reply::Hang,
            Fault::CutInBody => Reply::CutInBody(self.answer(request)),
            Fault::Body(body) => Reply::Answer(Answer::new(200, body).with("Content-Type", "application/json")),
            Fault::Redirect(to) => Reply::Answer(Answer::new(302, "").with("Location", to)),
        })
    }

    fn of(&mut self, id: &str, change: impl FnOnce(&mut Organisation)) {
        self.all().find(|one| one.entra.tenant == id).map(change);
    }

    fn all(&mut self) -> impl Iterator<Item = &mut Organisation> {
        std::iter::once(&mut self.home).chain(&mut self.others)
    }

    fn answer(&mut self, request: &Request) -> Answer {
        let base = self.base.clone();
        let named = request.path().split('/').nth(1).unwrap_or_default().to_ascii_lowercase();
        if request.method == "GET" && request.path().ends_with("/v2.0/.well-known/openid-configuration") {
            if named == "organizations" {
                return self.openid.discovery(&base);
            }
            let mut all = self.all();
            let found = all.find(|one| one.entra.tenant == named || one.domains.contains(&named));
            return found.map_or_else(entra::not_found, |one| one.entra.discovery(&base));
        }
        if let Some(answer) = self.sign_in(&base, &named, request) {
            return answer;
        }
        let is_token = request.method == "POST" && request.path().ends_with("/oauth2/v2.0/token");
        if is_token || request.method == "GET" && request.path().ends_with("/v2.0/adminconsent") {
            let other = self.others.iter().position(|one| one.entra.tenant == named);
            let organisation = other.and_then(|at| self.others.get_mut(at)).unwrap_or(&mut self.home);
            return match is_token {
                true => organisation.entra.token(&base, request),
                false => organisation.entra.consent_page(request),
            };
        }
        if request.method != "GET" {
            return error(405, "Request_BadRequest", "Nothing is written here.");
        }
        match self.all().find(|one| one.entra.knows(request)) {
            Some(organisation) => organisation.answer(&base, request),
            None => error(401, "InvalidAuthenticationToken", "Access token has expired or is not yet valid."),
        }
    }
}

impl State {
    /// What people sign in by; `None`: it is asked for something else.
    fn sign_in(&mut self, base: &str, named: &str, request: &Request) -> Option<Answer> {
        let (_, rest) = request.path().trim_start_matches('/').split_once('/')?;
        match (request.method.as_str(), rest) {
            ("GET", "oauth2/v2.0/authorize") => {
                let all: Vec<&Organisation> = std::iter::once(&self.home).chain(&self.others).collect();
                Some(self.openid.authorize(base, &all, request))
            }
            ("GET", "discovery/v2.0/keys") => Some(self.openid.keys(base)),
            ("GET", "oauth2/v2.0/logout") => {
                let back = request.parameter("post_logout_redirect_uri").unwrap_or_default();
                Some(Answer::new(302, "").with("Location", back))
            }
            ("POST", "oauth2/v2.0/token") if named == "organizations" => {
                let given = match request.field("grant_type").as_deref() {
                    Some("authorization_code") => {
                        let known = self.home.entra.authenticated(base, request);
                        known.and_then(|()| self.openid.token(request))
                    }
                    _ => Err((400, "unsupported_grant_type", 70_003, "The grant type is not supported.")),
                };
                Some(given.unwrap_or_else(|(status, error, number, why)| entra::refusal(status, error, number, why)))
            }
            _ => None,
        }
    }
}

fn throttled(seconds: u64) -> Answer {
    error(429, "TooManyRequests", "Too many requests.").with("Retry-After", seconds.to_string())
}

fn error(status: u16, code: &str, message: &str) -> Answer {
    let id = "00000000-0000-4000-8000-000000000000";
    let inner = json!({"date": "2026-11-21T16:00:00", "request-id": id, "client-request-id": id});
    let body = json!({"error": {"code": code, "message": message, "innerError": inner}});
    Answer::new(status, body.to_string()).with("Content-Type", "application/json")
}

fn word(status: u16) -> &'static str {
    match status {
        401 => "InvalidAuthenticationToken",
        403 => "Authorization_RequestDenied",
        410 => "resyncRequired",
        500..=599 => "ServiceUnavailable",
        _ => "BadRequest",
    }
}

/// A panic in a test must not hide behind a second one here.
fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
